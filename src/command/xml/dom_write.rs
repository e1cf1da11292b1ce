//! Theme XML DOM: making trees, changing elements, attributes and values, writing documents; options of
//! trees, of theme XML.

use super::super::blob::fill_blob;
use super::super::parameters::{ArrayRef, Integer, Out, Rest, Star, VariableOrValue, VariableRef};
use super::super::paths::{of_document, write_bytes};
use super::convert::dates;
use super::dom_read::{AnyReference, is_named, no_attribute};
use super::sax::stream;
use super::tree::{Content, DOCUMENT, NodeId, Settings, Tree};
use super::{convert, keep, located, on_tree, reference, write, xpath, xpath_fault};
use crate::value::{Blob, ErrorCode, Fault, Result, Text, Time, Value};
use crate::vm::Process;

commands! {
    /// Makes a tree with a root element and its name spaces.
    861 "DOM Create XML Ref" (root; nameSpace; nameSpaceName) thread_safe => create_ref;
    /// Makes an element at a path, with attributes.
    865 "DOM Create XML element" (elementRef; xPath; attribName) thread_safe => create_element;
    /// Makes an element at a path, with attributes from arrays.
    1097 "DOM Create XML element arrays" (elementRef; xPath; attribNamesArray) thread_safe => create_element_arrays;
    /// Sets attributes of an element.
    866 "DOM SET XML ATTRIBUTE" (elementRef; attribName; attrValue; attribName2) thread_safe => set_attribute;
    /// Renames an element.
    867 "DOM SET XML ELEMENT NAME" (elementRef; elementName) thread_safe => set_name;
    /// Sets the value of an element, with `*` as CDATA.
    868 "DOM SET XML ELEMENT VALUE" (elementRef; xPath; elementValue; *) thread_safe => set_value;
    /// Removes an element.
    869 "DOM REMOVE XML ELEMENT" (elementRef) thread_safe => remove_element;
    /// Removes an attribute.
    1084 "DOM REMOVE XML ATTRIBUTE" (elementRef; attribName) thread_safe => remove_attribute;
    /// Adds a text, comment, instruction or other node to an element.
    1080 "DOM Append XML child node" (elementRef; childType; childValue) thread_safe => append_child;
    /// Copies an element to the end of another.
    1082 "DOM Append XML element" (targetElementRef; sourceElementRef) thread_safe => append_element;
    /// Copies an element to a place in another.
    1083 "DOM Insert XML element" (targetElementRef; sourceElementRef; childIndex) thread_safe => insert_element;
    /// Sets the encoding of a document, and whether it stands alone.
    859 "DOM SET XML DECLARATION" (elementRef; encoding; standalone; indentation) thread_safe => set_declaration;
    /// Writes a tree to a file.
    862 "DOM EXPORT TO FILE" (elementRef; filePath) thread_safe => export_to_file;
    /// Writes a tree to a text or a BLOB.
    863 "DOM EXPORT TO VAR" (elementRef; vXmlVar) thread_safe => export_to_var;
    /// Sets options of a tree.
    1090 "XML SET OPTIONS" (ref; selector; value; selector2) thread_safe => set_options;
    /// Reads options of a tree.
    1096 "XML GET OPTIONS" (ref; selector; value; selector2) thread_safe => get_options;
}

/// How many elements a path may make at once.
const MOST_ELEMENTS: i64 = 10_000;

fn bad_name(name: &str) -> Fault {
    Fault::new(ErrorCode::ArgumentType, format!("`{name}` is no name that XML allows"))
}

/// Whether XML takes a name; a prefix may stand before it.
pub(super) fn checked(name: &str) -> Result<&str> {
    let begins = name.starts_with(|c: char| c.is_alphabetic() || c == '_');
    let goes_on = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ':' | '·'));
    if begins && goes_on && !name.ends_with(':') { Ok(name) } else { Err(bad_name(name)) }
}

/// Source: commands/dom-create-xml-ref
fn create_ref(
    process: &mut Process,
    root: Text,
    name_space: Option<Text>,
    more: Rest<(Text, Text)>,
) -> Result<Text> {
    process.set_ok(false);
    let mut tree = Tree::default();
    let id = tree.append_element(DOCUMENT, checked(&root)?);
    if let Some(space) = name_space.filter(|space| !space.is_empty()) {
        let key =
            root.split_once(':').map_or_else(|| "xmlns".to_owned(), |(prefix, _)| format!("xmlns:{prefix}"));
        tree.set_attribute(id, &key, space.to_string());
    }
    for (name, value) in more.0 {
        let key = if name.starts_with("xmlns") || name.contains(':') {
            name.to_string()
        } else {
            format!("xmlns:{name}")
        };
        tree.set_attribute(id, checked(&key)?, value.to_string());
    }
    let number = keep(process, tree);
    process.set_ok(true);
    Ok(reference(number, id))
}

/// Source: commands/dom-create-xml-element
fn create_element(
    process: &mut Process,
    element: Text,
    path: Text,
    attributes: Rest<(Text, VariableOrValue)>,
) -> Result<Text> {
    let settings = settings_of(process, &element)?;
    let mut texts = Vec::new();
    for (name, value) in attributes.0 {
        texts.push((name, convert::to_xml(process, &value.0, &settings, dates::ISO)?));
    }
    create(process, &element, &path, texts)
}

fn settings_of(process: &mut Process, element: &Text) -> Result<Settings> {
    Ok(on_tree(process, element, |tree, _| Ok(tree.settings.clone()))?.1)
}

fn create(
    process: &mut Process,
    element: &Text,
    path: &Text,
    attributes: Vec<(Text, String)>,
) -> Result<Text> {
    let (number, made) = on_tree(process, element, |tree, node| {
        let made = make_path(tree, node, path)?;
        for (name, value) in attributes {
            tree.set_attribute(made, checked(&name)?, value);
        }
        Ok(made)
    })?;
    Ok(reference(number, made))
}

/// Source: commands/dom-create-xml-element-arrays
fn create_element_arrays(
    process: &mut Process,
    element: Text,
    path: Text,
    arrays: Rest<(ArrayRef, ArrayRef)>,
) -> Result<Text> {
    let settings = settings_of(process, &element)?;
    let mut texts = Vec::new();
    for (names, values) in arrays.0 {
        let (names, values) = (names.copy(process)?, values.copy(process)?);
        for at in 1..=names.len().min(values.len()) as i64 {
            let (Value::Text(name), value) = (names.get(at)?, values.get(at)?) else {
                return Err(Fault::new(ErrorCode::ArgumentType, "Names of attributes are texts"));
            };
            texts.push((name, convert::to_xml(process, &value, &settings, dates::DATETIME_UTC)?));
        }
    }
    create(process, &element, &path, texts)
}

/// Where a path of names begins, and the names after that. An absolute one begins with the root element.
fn begin(tree: &Tree, node: NodeId, path: &str) -> Result<(NodeId, Vec<(String, i64)>)> {
    let (absolute, mut steps) = xpath::plain_steps(path).map_err(|why| xpath_fault(path, &why))?;
    if !absolute {
        return Ok((node, steps));
    }
    let root = tree.root().unwrap_or(DOCUMENT);
    if steps.is_empty() {
        return Ok((root, steps));
    }
    let (first, _) = steps.remove(0);
    if !is_named(tree, root, &first) {
        return Err(xpath_fault(path, "the root element has another name"));
    }
    Ok((root, steps))
}

/// The element that a path makes: those on its way are made if they are not there, the last always.
fn make_path(tree: &mut Tree, node: NodeId, path: &str) -> Result<NodeId> {
    let (mut here, steps) = begin(tree, node, path)?;
    let last = steps.len().checked_sub(1).ok_or_else(|| xpath_fault(path, "a name is missing"))?;
    for (at, (name, number)) in steps.iter().enumerate() {
        checked(name)?;
        if here == DOCUMENT {
            return Err(xpath_fault(path, "a document has one root element"));
        }
        let found: Vec<NodeId> = tree.elements(here).filter(|child| is_named(tree, *child, name)).collect();
        let wanted = match number {
            -1 => found.last().copied(),
            0 => found.first().copied(),
            n => usize::try_from(n - 1).ok().and_then(|at| found.get(at).copied()),
        };
        here = match wanted {
            Some(found) if at < last => found,
            _ => {
                let missing = number.saturating_sub(found.len() as i64).clamp(1, MOST_ELEMENTS);
                let mut made = here;
                for _ in 0..missing {
                    made = tree.append_element(here, name);
                }
                made
            }
        };
    }
    Ok(here)
}

/// Source: commands/dom-set-xml-attribute
fn set_attribute(
    process: &mut Process,
    element: Text,
    name: Text,
    value: VariableOrValue,
    more: Rest<(Text, VariableOrValue)>,
) -> Result<()> {
    let settings = settings_of(process, &element)?;
    let mut texts = Vec::new();
    for (name, value) in std::iter::once((name, value)).chain(more.0) {
        texts.push((name, convert::to_xml(process, &value.0, &settings, dates::DATETIME_UTC)?));
    }
    on_tree(process, &element, |tree, node| {
        needs_element(tree, node)?;
        for (name, value) in texts {
            tree.set_attribute(node, checked(&name)?, value);
        }
        Ok(())
    })?;
    Ok(())
}

fn needs_element(tree: &Tree, node: NodeId) -> Result<()> {
    if tree.is_element(node) {
        return Ok(());
    }
    Err(Fault::new(ErrorCode::ArgumentType, "The reference of an element is needed here"))
}

/// Source: commands/dom-set-xml-element-name
fn set_name(process: &mut Process, element: Text, new: Text) -> Result<()> {
    on_tree(process, &element, |tree, node| {
        let new = checked(&new)?.to_owned();
        needs_element(tree, node)?;
        if let Some(Content::Element { name, .. }) = tree.content_mut(node) {
            *name = new;
        }
        Ok(())
    })?;
    Ok(())
}

/// Source: commands/dom-set-xml-element-value
fn set_value(
    process: &mut Process,
    element: Text,
    first: VariableOrValue,
    second: Option<VariableOrValue>,
    cdata: Option<Star>,
) -> Result<()> {
    // the path is left out more often than not, though it stands before the value
    let (path, value) = match second {
        Some(value) => (Some(first.0), value.0),
        None => (None, first.0),
    };
    let settings = settings_of(process, &element)?;
    let text = convert::to_xml(process, &value, &settings, dates::ISO)?;
    on_tree(process, &element, |tree, node| {
        let target = match path {
            None => node,
            Some(Value::Text(path)) => existing(tree, node, &path)?,
            Some(_) => return Err(Fault::new(ErrorCode::ArgumentType, "An XPath is a text")),
        };
        let content =
            if cdata.is_some() || settings.raw_text { Content::CData(text) } else { Content::Text(text) };
        if target == DOCUMENT {
            return needs_element(tree, target);
        }
        tree.set_value(target, content);
        Ok(())
    })?;
    Ok(())
}

/// The element at a path; it is made if it is not there.
fn existing(tree: &mut Tree, node: NodeId, path: &str) -> Result<NodeId> {
    let expr = xpath::parse(path).map_err(|why| xpath_fault(path, &why))?;
    let found = super::xpath_eval::find(tree, node, &expr).map_err(|why| xpath_fault(path, &why))?;
    match found.first() {
        Some(super::xpath_eval::Found::Node(id)) => Ok(*id),
        _ => make_path(tree, node, path),
    }
}

/// Source: commands/dom-remove-xml-element
fn remove_element(process: &mut Process, element: Text) -> Result<()> {
    on_tree(process, &element, |tree, node| {
        if node == DOCUMENT || tree.root() == Some(node) {
            return Err(Fault::new(
                ErrorCode::ArgumentType,
                "The root element cannot be removed; see DOM CLOSE XML",
            ));
        }
        tree.remove(node);
        Ok(())
    })?;
    Ok(())
}

/// Source: commands/dom-remove-xml-attribute
fn remove_attribute(process: &mut Process, element: Text, name: Text) -> Result<()> {
    on_tree(process, &element, |tree, node| {
        let Some(Content::Element { attributes, .. }) = tree.content_mut(node) else {
            return Err(no_attribute(&name));
        };
        let at = attributes
            .iter()
            .position(|(key, _)| *key == *name.as_str())
            .ok_or_else(|| no_attribute(&name))?;
        attributes.remove(at);
        Ok(())
    })?;
    Ok(())
}

/// Source: commands/dom-append-xml-child-node
fn append_child(process: &mut Process, element: Text, kind: Integer, value: VariableOrValue) -> Result<Text> {
    let settings = settings_of(process, &element)?;
    let text = match &value.0 {
        Value::Blob(blob) => String::from_utf8_lossy(blob).into_owned(),
        other => convert::to_xml(process, other, &settings, dates::ISO)?,
    };
    let (number, made) = on_tree(process, &element, |tree, node| {
        let content = match kind {
            2 => Content::Comment(text),
            3 => Content::Instruction(text),
            6 => Content::Text(text),
            7 => Content::CData(text),
            10 => Content::Doctype(text),
            11 => Content::Element { name: checked(&text)?.to_owned(), attributes: Vec::new() },
            other => {
                return Err(Fault::new(ErrorCode::ArgumentType, format!("{other} is no kind of XML node")));
            }
        };
        add_child(tree, node, content)
    })?;
    Ok(reference(number, made))
}

/// Above the root element, documents take a document type first, then comments and instructions.
fn add_child(tree: &mut Tree, node: NodeId, content: Content) -> Result<NodeId> {
    let is_doctype = matches!(content, Content::Doctype(_));
    let above =
        is_doctype || (matches!(content, Content::Comment(_) | Content::Instruction(_)) && node == DOCUMENT);
    if !above {
        needs_element(tree, node)?;
        return Ok(tree.append(node, content));
    }
    let old =
        tree.children(DOCUMENT).iter().copied().find(|c| matches!(tree.content(*c), Content::Doctype(_)));
    if is_doctype {
        if let Some(old) = old {
            tree.remove(old);
        }
        return Ok(tree.insert(DOCUMENT, 0, content));
    }
    let root = tree.children(DOCUMENT).iter().position(|child| tree.is_element(*child)).unwrap_or(0);
    Ok(tree.insert(DOCUMENT, root, content))
}

/// A copy of the tree that holds an element: what is put in may be a part of where it goes.
fn source_of(process: &mut Process, element: &Text) -> Result<(Tree, NodeId)> {
    on_tree(process, element, |tree, node| {
        needs_element(tree, node)?;
        Ok((tree.clone(), node))
    })
    .map(|done| done.1)
}

/// Source: commands/dom-append-xml-element
fn append_element(process: &mut Process, target: Text, source: Text) -> Result<Text> {
    let (from, id) = source_of(process, &source)?;
    let (number, made) = on_tree(process, &target, |tree, node| {
        needs_element(tree, node)?;
        Ok(tree.graft(node, usize::MAX, &from, id))
    })?;
    Ok(reference(number, made))
}

/// Source: commands/dom-insert-xml-element
fn insert_element(process: &mut Process, target: Text, source: Text, index: Integer) -> Result<Text> {
    let (from, id) = source_of(process, &source)?;
    let (number, made) = on_tree(process, &target, |tree, node| {
        needs_element(tree, node)?;
        let at = usize::try_from(index).ok().and_then(|index| index.checked_sub(1));
        let before = at.and_then(|at| tree.elements(node).nth(at)).or_else(|| tree.elements(node).next());
        let place = before.and_then(|before| tree.children(node).iter().position(|child| *child == before));
        Ok(tree.graft(node, place.unwrap_or(0), &from, id))
    })?;
    Ok(reference(number, made))
}

/// Source: commands/dom-set-xml-declaration
fn set_declaration(
    process: &mut Process,
    element: Text,
    encoding: Text,
    standalone: Option<bool>,
    indentation: Option<bool>,
) -> Result<()> {
    on_tree(process, &element, |tree, _| {
        let known = super::super::charset::Charset::by_name(&encoding).is_some();
        tree.settings.encoding = if known { encoding.to_string() } else { "UTF-8".to_owned() };
        tree.settings.standalone = standalone;
        if let Some(indent) = indentation {
            tree.settings.indent = indent;
        }
        Ok(())
    })?;
    Ok(())
}

/// Source: commands/dom-export-to-file
fn export_to_file(process: &mut Process, element: Text, path: Text) -> Result<()> {
    let (_, bytes) = on_tree(process, &element, |tree, _| Ok(write::bytes(tree)))?;
    let file = of_document(process, &path);
    if let Err(fault) = write_bytes(process, &file, &bytes) {
        process.set_ok(false);
        return Err(fault);
    }
    process.set_document(Text::from(&*file.to_string_lossy()));
    Ok(())
}

/// Source: commands/dom-export-to-var
fn export_to_var(process: &mut Process, element: Text, target: VariableRef) -> Result<()> {
    let (_, (text, bytes)) =
        on_tree(process, &element, |tree, _| Ok((write::document(tree), write::bytes(tree))))?;
    if matches!(target.get(process)?, Value::Blob(_)) {
        return fill_blob(process, &Out::of(target), Blob::new(bytes));
    }
    target.set(process, Value::from(text))
}

const UNKNOWN: &str = "is no option of XML";

/// Source: commands/xml-set-options
fn set_options(
    process: &mut Process,
    target: AnyReference,
    selector: Integer,
    value: Integer,
    more: Rest<(Integer, Integer)>,
) -> Result<()> {
    let reference = options_of(process, &target)?;
    for (selector, value) in std::iter::once((selector, value)).chain(more.0) {
        if selector == 7 {
            // external entities: nothing outside of a document is ever read
            if value == 1 {
                return Err(Fault::new(ErrorCode::NotProvided, "External entities of XML are not read"));
            }
            continue;
        }
        match &reference {
            OptionsOf::Tree(reference) => {
                on_tree(process, reference, |tree, _| set_option(&mut tree.settings, selector, value))?;
            }
            OptionsOf::Stream(document) => {
                set_option(&mut stream(process, *document)?.settings, selector, value)?;
            }
        }
    }
    process.set_ok(true);
    Ok(())
}

/// What has options: a tree, or an open document that SAX commands work on.
enum OptionsOf {
    Tree(Text),
    Stream(Time),
}

fn options_of(process: &mut Process, target: &AnyReference) -> Result<OptionsOf> {
    if let Value::Text(text) = &target.0 {
        if !text.is_empty() {
            located(process, text)?;
        }
        return Ok(OptionsOf::Tree(text.clone()));
    }
    let document = match &target.0 {
        Value::Time(time) => *time,
        other => Time::new(i64::from(crate::value::convert::as_integer(other).unwrap_or(0))),
    };
    stream(process, document)?;
    Ok(OptionsOf::Stream(document))
}

fn set_option(settings: &mut Settings, selector: Integer, value: Integer) -> Result<()> {
    match selector {
        1 => settings.raw_text = value == 2,
        2 => settings.date = value,
        3 => settings.time = value,
        4 => settings.indent = value != 2,
        5 => settings.data_uri = value == 2,
        6 => {} // pictures are not provided
        8 => settings.ignore_case = value == 2,
        9 => settings.mark = value == 1,
        10 => {
            settings.line_ending = match value {
                3 => "\r",
                4 => "\r\n",
                _ => "\n",
            };
        }
        other => return Err(Fault::new(ErrorCode::ArgumentType, format!("{other} {UNKNOWN}"))),
    }
    Ok(())
}

/// Source: commands/xml-get-options
fn get_options(
    process: &mut Process,
    target: AnyReference,
    selector: Integer,
    value: Out<Integer>,
    more: Rest<(Integer, Out<Integer>)>,
) -> Result<()> {
    let reference = options_of(process, &target)?;
    for (selector, value) in std::iter::once((selector, value)).chain(more.0) {
        if selector == 7 {
            value.set(process, 0)?;
            continue;
        }
        let settings = match &reference {
            OptionsOf::Tree(reference) => settings_of(process, reference)?,
            OptionsOf::Stream(document) => stream(process, *document)?.settings.clone(),
        };
        let two = |second: bool| if second { 2 } else { 1 };
        let now = match selector {
            1 => two(settings.raw_text),
            2 => settings.date.max(1),
            3 => settings.time,
            4 => two(!settings.indent),
            5 => two(settings.data_uri),
            6 => 1,
            8 => two(settings.ignore_case),
            9 => Integer::from(settings.mark),
            10 => match settings.line_ending {
                "\r" => 3,
                "\r\n" => 4,
                _ => 2,
            },
            other => return Err(Fault::new(ErrorCode::ArgumentType, format!("{other} {UNKNOWN}"))),
        };
        value.set(process, now)?;
    }
    process.set_ok(true);
    Ok(())
}
