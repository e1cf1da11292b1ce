//! Theme XML DOM: parsing documents, walking and finding, reading names, values and attributes.

use super::super::bind::Plain;
use super::super::blob::TextOrBlob;
use super::super::parameters::{ArrayRef, Integer, Out, VariableRef, fill};
use super::super::paths::{failed, of_document};
use super::tree::{Content, DOCUMENT, NodeId, Tree};
use super::xpath_eval::{Found, find};
use super::{Documents, NOTHING, convert, keep, on_tree, read, reference, xpath, xpath_fault};
use crate::value::{Array, ArrayKind, ErrorCode, Fault, Result, Text, Value};
use crate::vm::Process;

commands! {
    /// Parses a document of a file and gives the reference of its root element.
    719 "DOM Parse XML source" (document; validation; dtd) thread_safe => parse_source;
    /// Parses a document in a text or BLOB and gives the reference of its root element.
    720 "DOM Parse XML variable" (variable; validation; dtd) thread_safe => parse_variable;
    /// Tells the version, encoding or document type of a document.
    721 "DOM Get XML information" (elementRef; xmlInfo) thread_safe => information;
    /// Frees a tree.
    722 "DOM CLOSE XML" (elementRef) thread_safe => close;
    /// Gives the first child element, its name and value.
    723 "DOM Get first child XML element" (elementRef; childElemName; childElemValue) thread_safe => |p: &mut Process, e, n, v| step(p, e, n, v, |tree, node| tree.elements(node).next());
    /// Gives the last child element, its name and value.
    925 "DOM Get last child XML element" (elementRef; childElemName; childElemValue) thread_safe => |p: &mut Process, e, n, v| step(p, e, n, v, |tree, node| tree.elements(node).next_back());
    /// Gives the next sibling element, its name and value.
    724 "DOM Get next sibling XML element" (elementRef; siblingElemName; siblingElemValue) thread_safe => |p: &mut Process, e, n, v| step(p, e, n, v, |tree, node| sibling(tree, node, true));
    /// Gives the previous sibling element, its name and value.
    924 "DOM Get previous sibling XML element" (elementRef; siblingElemName; siblingElemValue) thread_safe => |p: &mut Process, e, n, v| step(p, e, n, v, |tree, node| sibling(tree, node, false));
    /// Gives the parent, its name and value; of the root element that is the document.
    923 "DOM Get parent XML element" (elementRef; parentElemName; parentElemValue) thread_safe => |p: &mut Process, e, n, v| step(p, e, n, v, |tree, node| tree.parent(node));
    /// Gives the child element of a name and number, its value and attributes.
    725 "DOM Get XML element" (elementRef; elementName; index; elementValue; attrNames; attrValues) thread_safe => element;
    /// Counts the child elements of a name.
    726 "DOM Count XML elements" (elementRef; elementName) thread_safe => count_elements;
    /// Counts the attributes of an element.
    727 "DOM Count XML attributes" (elementRef) thread_safe => count_attributes;
    /// Reads an attribute by its name.
    728 "DOM GET XML ATTRIBUTE BY NAME" (elementRef; attribName; attribValue) thread_safe => attribute_by_name;
    /// Reads an attribute by its number in alphabetical order.
    729 "DOM GET XML ATTRIBUTE BY INDEX" (elementRef; attribIndex; attribName; attribValue) thread_safe => attribute_by_index;
    /// Reads the name of an element.
    730 "DOM GET XML ELEMENT NAME" (elementRef; elementName) thread_safe => element_name;
    /// Reads the value of an element, and its CDATA.
    731 "DOM GET XML ELEMENT VALUE" (elementRef; elementValue; cDATA) thread_safe => element_value;
    /// Finds elements by XPath.
    864 "DOM Find XML element" (elementRef; xPath; arrElementRefs) thread_safe => find_element;
    /// Finds the element whose attribute `id` has a value.
    1010 "DOM Find XML element by ID" (elementRef; id) thread_safe => find_by_id;
    /// Gives the root element of an element's document.
    1053 "DOM Get root XML element" (elementRef) thread_safe => root;
    /// Gives the node above the root element.
    1088 "DOM Get XML document ref" (elementRef) thread_safe => document_ref;
    /// Lists the children of an element, elements and others.
    1081 "DOM GET XML CHILD NODES" (elementRef; childTypesArr; nodeRefsArr) thread_safe => child_nodes;
    /// Tells what was wrong with the last document parsed.
    732 "XML GET ERROR" (elementRef; errorText; row; column) thread_safe => last_error;
    /// Converts an XML value to the type of a variable.
    1091 "XML DECODE" (xmlValue; 4Dvar) thread_safe => decode;
}

/// Source: commands/dom-parse-xml-source
fn parse_source(
    process: &mut Process,
    path: Text,
    validation: Option<bool>,
    schema: Option<Text>,
) -> Result<Text> {
    let file = of_document(process, &path);
    let bytes = process.shared.host.files().read(&file).map_err(|error| {
        process.set_ok(false);
        failed(&error, &file)
    })?;
    process.set_document(Text::from(&*file.to_string_lossy()));
    parsed(process, &read::decode(&bytes), validation, schema)
}

/// Source: commands/dom-parse-xml-variable
fn parse_variable(
    process: &mut Process,
    source: TextOrBlob,
    validation: Option<bool>,
    schema: Option<Text>,
) -> Result<Text> {
    let text = match source {
        TextOrBlob::Text(text) => text.to_string(),
        TextOrBlob::Blob(blob) => read::decode(&blob),
    };
    parsed(process, &text, validation, schema)
}

fn parsed(process: &mut Process, text: &str, validation: Option<bool>, schema: Option<Text>) -> Result<Text> {
    if validation == Some(true) {
        process.set_ok(false);
        let schema = schema.unwrap_or_default();
        let message = format!("XML is not validated against DTDs and schemas yet (`{schema}`)");
        return Err(Fault::new(ErrorCode::NotProvided, message));
    }
    match read::parse(text) {
        Ok(tree) => {
            let root = tree.root().unwrap_or(DOCUMENT);
            let number = keep(process, tree);
            process.attachment::<Documents>().mistake = None;
            process.set_ok(true);
            Ok(reference(number, root))
        }
        Err(mistake) => {
            let message = format!("The XML is not understood in line {}: {}", mistake.line, mistake.message);
            process.attachment::<Documents>().mistake = Some(mistake);
            process.set_ok(false);
            Err(Fault::new(ErrorCode::Source, message))
        }
    }
}

/// Source: commands/xml-get-error
fn last_error(
    process: &mut Process,
    _element: Text,
    text: Out<Text>,
    row: Option<Out<Integer>>,
    column: Option<Out<Integer>>,
) -> Result<()> {
    let mistake = process.attachment::<Documents>().mistake.clone();
    let (message, line, place) = mistake.map_or((String::new(), 0, 0), |m| (m.message, m.line, m.column));
    text.set(process, Text::from(message))?;
    fill(process, row.as_ref(), Integer::try_from(line).unwrap_or(Integer::MAX))?;
    fill(process, column.as_ref(), Integer::try_from(place).unwrap_or(Integer::MAX))?;
    process.set_ok(true);
    Ok(())
}

/// Source: commands/dom-get-xml-information
fn information(process: &mut Process, element: Text, what: Integer) -> Result<Text> {
    let (_, text) = on_tree(process, &element, |tree, _| {
        let doctype = tree.children(DOCUMENT).iter().find_map(|child| match tree.content(*child) {
            Content::Doctype(text) => Some(text.as_str()),
            _ => None,
        });
        let words = doctype.map(doctype_parts).unwrap_or_default();
        Ok(match what {
            1 => words.public,
            2 | 6 => words.system,
            3 => words.name,
            4 => tree.settings.encoding.clone(),
            5 => tree.settings.version.clone(),
            other => {
                return Err(Fault::new(ErrorCode::ArgumentType, format!("{other} is no information on XML")));
            }
        })
    })?;
    Ok(Text::from(text))
}

#[derive(Default)]
struct Doctype {
    name: String,
    public: String,
    system: String,
}

/// `html PUBLIC "…" "…" […]`
fn doctype_parts(text: &str) -> Doctype {
    let outside = text.split('[').next().unwrap_or_default();
    let (head, _) = outside.split_at(outside.find(['"', '\'']).unwrap_or(outside.len()));
    let mut words = head.split_whitespace();
    let name = words.next().unwrap_or_default().to_owned();
    let is_public = words.next() == Some("PUBLIC");
    let mut quoted = Vec::new();
    let mut rest = outside;
    while let Some(at) = rest.find(['"', '\'']) {
        let quote = rest.get(at..).and_then(|from| from.chars().next()).unwrap_or('"');
        let inside = rest.get(at + 1..).unwrap_or_default();
        let Some(end) = inside.find(quote) else { break };
        quoted.push(inside.get(..end).unwrap_or_default().to_owned());
        rest = inside.get(end + 1..).unwrap_or_default();
    }
    let mut quoted = quoted.into_iter();
    let public = if is_public { quoted.next().unwrap_or_default() } else { String::new() };
    Doctype { name, public, system: quoted.next().unwrap_or_default() }
}

/// Source: commands/dom-close-xml
fn close(process: &mut Process, element: Text) -> Result<()> {
    let (number, ()) = on_tree(process, &element, |tree, node| {
        if node == DOCUMENT || tree.root() == Some(node) {
            return Ok(());
        }
        Err(Fault::new(ErrorCode::ArgumentType, "DOM CLOSE XML needs the reference of a root element"))
    })
    .inspect_err(|_| process.set_ok(false))?;
    process.attachment::<Documents>().trees.remove(&number);
    Ok(())
}

/// An element found on the way, with its name and value. Nothing found is no error, but OK is 0.
fn step(
    process: &mut Process,
    element: Text,
    name: Option<Out<Text>>,
    value: Option<VariableRef>,
    find: fn(&Tree, NodeId) -> Option<NodeId>,
) -> Result<Text> {
    let (number, found) = on_tree(process, &element, |tree, node| {
        Ok(find(tree, node).map(|found| (found, tree.name(found).to_owned(), tree.value(found))))
    })?;
    let Some((found, own_name, own_value)) = found else {
        process.set_ok(false);
        return Ok(Text::from(NOTHING));
    };
    fill(process, name.as_ref(), Text::from(own_name))?;
    if let Some(value) = value {
        convert::fill(process, &value, &own_value)?;
    }
    process.set_ok(true);
    Ok(reference(number, found))
}

fn sibling(tree: &Tree, node: NodeId, forward: bool) -> Option<NodeId> {
    let all = tree.children(tree.parent(node)?);
    let at = all.iter().position(|child| *child == node)?;
    if forward {
        all.iter().skip(at + 1).copied().find(|child| tree.is_element(*child))
    } else {
        all.iter().take(at).rev().copied().find(|child| tree.is_element(*child))
    }
}

/// Whether an element has a name; options may let case not count.
pub(super) fn is_named(tree: &Tree, node: NodeId, name: &str) -> bool {
    let own = tree.name(node);
    own == name || (tree.settings.ignore_case && own.to_lowercase() == name.to_lowercase())
}

/// Source: commands/dom-get-xml-element
fn element(
    process: &mut Process,
    parent: Text,
    name: Text,
    index: Integer,
    value: Option<VariableRef>,
    names: Option<ArrayRef>,
    values: Option<ArrayRef>,
) -> Result<Text> {
    let (number, found) = on_tree(process, &parent, |tree, node| {
        let at = usize::try_from(index).ok().and_then(|index| index.checked_sub(1));
        let found =
            at.and_then(|at| tree.elements(node).filter(|child| is_named(tree, *child, &name)).nth(at));
        Ok(found.map(|found| (found, tree.value(found), tree.attributes(found).to_vec())))
    })?;
    let Some((found, text, attributes)) = found else {
        process.set_ok(false);
        return Ok(Text::from(NOTHING));
    };
    if let Some(value) = value {
        convert::fill(process, &value, &text)?;
    }
    let (keys, contents): (Vec<String>, Vec<String>) = attributes.into_iter().unzip();
    fill_texts(process, names.as_ref(), keys)?;
    fill_texts(process, values.as_ref(), contents)?;
    process.set_ok(true);
    Ok(reference(number, found))
}

/// Makes a variable a text array.
pub(super) fn fill_texts(process: &mut Process, target: Option<&ArrayRef>, texts: Vec<String>) -> Result<()> {
    let Some(target) = target else { return Ok(()) };
    let mut array = Array::new(ArrayKind::Text, 0)?;
    for text in texts {
        array.append(Value::from(text))?;
    }
    target.replace(process, array)
}

/// Source: commands/dom-count-xml-elements
fn count_elements(process: &mut Process, parent: Text, name: Text) -> Result<i64> {
    let count =
        |tree: &mut Tree, node| tree.elements(node).filter(|child| is_named(tree, *child, &name)).count();
    on_tree(process, &parent, |tree, node| Ok(count(tree, node) as i64)).map(|done| done.1)
}

/// Source: commands/dom-count-xml-attributes
fn count_attributes(process: &mut Process, element: Text) -> Result<i64> {
    on_tree(process, &element, |tree, node| Ok(tree.attributes(node).len() as i64)).map(|done| done.1)
}

pub(super) fn no_attribute(name: &str) -> Fault {
    Fault::new(ErrorCode::ArgumentType, format!("The element has no attribute `{name}`"))
}

/// Source: commands/dom-get-xml-attribute-by-name
fn attribute_by_name(process: &mut Process, element: Text, name: Text, value: VariableRef) -> Result<()> {
    let (_, text) = on_tree(process, &element, |tree, node| {
        tree.attribute(node, &name).map(str::to_owned).ok_or_else(|| no_attribute(&name))
    })?;
    convert::fill(process, &value, &text)
}

/// Source: commands/dom-get-xml-attribute-by-index
fn attribute_by_index(
    process: &mut Process,
    element: Text,
    index: Integer,
    name: Out<Text>,
    value: VariableRef,
) -> Result<()> {
    let (_, (key, text)) = on_tree(process, &element, |tree, node| {
        let mut all: Vec<&(String, String)> = tree.attributes(node).iter().collect();
        all.sort_by(|a, b| a.0.cmp(&b.0));
        let at = usize::try_from(index).ok().and_then(|index| index.checked_sub(1));
        at.and_then(|at| all.get(at).copied().cloned()).ok_or_else(|| no_attribute(&index.to_string()))
    })?;
    name.set(process, Text::from(key))?;
    convert::fill(process, &value, &text)
}

/// Source: commands/dom-get-xml-element-name
fn element_name(process: &mut Process, element: Text, name: Out<Text>) -> Result<()> {
    let (_, own) = on_tree(process, &element, |tree, node| Ok(tree.name(node).to_owned()))?;
    name.set(process, Text::from(own))
}

/// Source: commands/dom-get-xml-element-value
fn element_value(
    process: &mut Process,
    element: Text,
    value: VariableRef,
    cdata: Option<VariableRef>,
) -> Result<()> {
    let (_, (text, raw)) = on_tree(process, &element, |tree, node| Ok((tree.value(node), tree.cdata(node))))?;
    convert::fill(process, &value, &text)?;
    cdata.map_or(Ok(()), |cdata| convert::fill(process, &cdata, &raw))
}

/// Source: commands/dom-find-xml-element
fn find_element(process: &mut Process, element: Text, path: Text, all: Option<ArrayRef>) -> Result<Text> {
    let (number, found) = on_tree(process, &element, |tree, node| {
        let found = xpath::parse(&path).and_then(|expr| find(tree, node, &expr));
        found.map_err(|why| xpath_fault(&path, &why))
    })?;
    let mut references: Vec<Text> = found
        .into_iter()
        .map(|found| match found {
            Found::Node(id) | Found::Attribute(id, _) => reference(number, id),
        })
        .collect();
    references.dedup();
    let texts = references.iter().map(|text| text.to_string()).collect();
    fill_texts(process, all.as_ref(), texts)?;
    process.set_ok(!references.is_empty());
    Ok(references.into_iter().next().unwrap_or_else(|| Text::from(NOTHING)))
}

/// Source: commands/dom-find-xml-element-by-id
fn find_by_id(process: &mut Process, element: Text, id: Text) -> Result<Text> {
    let (number, found) = on_tree(process, &element, |tree, _| {
        let mut work = vec![DOCUMENT];
        while let Some(at) = work.pop() {
            if ["id", "xml:id", "ID"].iter().any(|key| tree.attribute(at, key) == Some(id.as_str())) {
                return Ok(Some(at));
            }
            work.extend(tree.children(at).iter().rev());
        }
        Ok(None)
    })?;
    process.set_ok(found.is_some());
    Ok(found.map_or_else(|| Text::from(NOTHING), |found| reference(number, found)))
}

/// Source: commands/dom-get-root-xml-element
fn root(process: &mut Process, element: Text) -> Result<Text> {
    let (number, root) = on_tree(process, &element, |tree, _| Ok(tree.root().unwrap_or(DOCUMENT)))?;
    Ok(reference(number, root))
}

/// Source: commands/dom-get-xml-document-ref
fn document_ref(process: &mut Process, element: Text) -> Result<Text> {
    let (number, ()) = on_tree(process, &element, |_, _| Ok(()))?;
    Ok(reference(number, DOCUMENT))
}

/// Source: commands/dom-get-xml-child-nodes
fn child_nodes(process: &mut Process, element: Text, types: ArrayRef, contents: ArrayRef) -> Result<()> {
    let (number, children) = on_tree(process, &element, |tree, node| {
        let shown = |child: &NodeId| match tree.content(*child) {
            Content::Comment(text) => (2, Ok(text.clone())),
            Content::Instruction(text) => (3, Ok(text.clone())),
            Content::CData(text) => (7, Ok(text.clone())),
            Content::Doctype(text) => (10, Ok(text.clone())),
            Content::Element { .. } | Content::Document => (11, Err(*child)),
            Content::Text(text) => (6, Ok(text.clone())),
        };
        Ok(tree.children(node).iter().map(shown).collect::<Vec<_>>())
    })?;
    let mut kinds = Array::new(ArrayKind::Longint, 0)?;
    let mut texts = Array::new(ArrayKind::Text, 0)?;
    for (kind, content) in children {
        kinds.append(Value::Integer(kind))?;
        texts.append(match content {
            Ok(text) => Value::from(text),
            Err(node) => Value::Text(reference(number, node)),
        })?;
    }
    types.replace(process, kinds)?;
    contents.replace(process, texts)
}

/// Source: commands/xml-decode
fn decode(process: &mut Process, text: Text, variable: VariableRef) -> Result<()> {
    convert::fill(process, &variable, &text)
}

/// A reference or a SAX document: what XML SET OPTIONS takes.
pub(super) struct AnyReference(pub Value);

impl Plain for AnyReference {
    const EXPECTED: &'static str = "an XML reference";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        match value {
            Value::Text(_) | Value::Time(_) | Value::Integer(_) | Value::Real(_) => Ok(Self(value)),
            other => Err(other),
        }
    }
}
