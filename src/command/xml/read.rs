//! XML text → tree, through quick-xml. Only what DTDs say of entities inside the document is used;
//! nothing outside is ever fetched.

use super::super::charset::Charset;
use super::tree::{Content, DOCUMENT, NodeId, Tree};
use quick_xml::escape::resolve_predefined_entity;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Reader, XmlVersion};
use std::collections::HashMap;

/// Elements nested deeper are an error.
const DEEPEST: usize = 2000;
/// What entities may expand to in all.
const LONGEST_EXPANSION: usize = 10 << 20;

/// What is wrong with a text, and where: line and column, counted from 1.
#[derive(Clone, Debug)]
pub(super) struct Mistake {
    pub message: String,
    pub line: usize,
    pub column: usize,
}

/// The text of a document, decoded as it says itself.
pub(super) fn decode(bytes: &[u8]) -> String {
    let head = bytes.get(..bytes.len().min(200)).unwrap_or_default();
    let charset = match head {
        [0, b'<', ..] => Some(Charset::Utf16Be),
        [b'<', 0, ..] => Some(Charset::Utf16),
        _ => {
            let head = String::from_utf8_lossy(head);
            let declared = head.split_once("encoding=").map(|(_, tail)| tail.trim_start_matches(['"', '\'']));
            declared.and_then(|tail| Charset::by_name(tail.split(['"', '\'', '?']).next()?))
        }
    };
    charset.unwrap_or(Charset::Utf8).decode(bytes)
}

pub(super) fn parse(text: &str) -> Result<Tree, Mistake> {
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut reader = Reader::from_str(text);
    let mut parser =
        Parser { tree: Tree::default(), open: vec![DOCUMENT], entities: HashMap::new(), expanded: 0 };
    loop {
        let event =
            reader.read_event().map_err(|error| mistake(text, reader.error_position(), error.to_string()))?;
        let at = reader.buffer_position();
        if matches!(event, Event::Eof) {
            break;
        }
        parser.event(event).map_err(|message| mistake(text, at, message))?;
    }
    if parser.open.len() > 1 {
        let name = parser.tree.name(parser.here()).to_owned();
        return Err(mistake(text, text.len() as u64, format!("the element `{name}` is not closed")));
    }
    if parser.tree.root().is_none() {
        return Err(mistake(text, text.len() as u64, "there is no element".to_owned()));
    }
    Ok(parser.tree)
}

fn mistake(text: &str, at: u64, message: String) -> Mistake {
    let at = usize::try_from(at).unwrap_or(usize::MAX).min(text.len());
    let before = text.get(..text.floor_char_boundary(at)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    Mistake { message, line, column }
}

struct Parser {
    tree: Tree,
    /// Elements that are open, the document first.
    open: Vec<NodeId>,
    /// Texts of the entities that the document declares.
    entities: HashMap<String, String>,
    expanded: usize,
}

impl Parser {
    fn here(&self) -> NodeId {
        self.open.last().copied().unwrap_or(DOCUMENT)
    }

    fn event(&mut self, event: Event<'_>) -> Result<(), String> {
        match event {
            Event::Start(start) => {
                let id = self.element(&start)?;
                if self.open.len() > DEEPEST {
                    return Err("elements are nested too deeply".to_owned());
                }
                self.open.push(id);
            }
            Event::Empty(start) => {
                self.element(&start)?;
            }
            Event::End(_) => {
                self.open.pop();
            }
            Event::Text(text) => {
                let text = text.xml10_content();
                return self.text(&text);
            }
            Event::GeneralRef(reference) => {
                let name = reference.borrow().into_inner().into_owned();
                let text = match reference.resolve_char_ref().map_err(|error| error.to_string())? {
                    Some(character) => character.to_string(),
                    None => self.entity(&name)?,
                };
                return self.text(&text);
            }
            Event::CData(data) => {
                let here = self.here();
                if here == DOCUMENT {
                    return Err("text stands outside of the root element".to_owned());
                }
                self.tree.append(here, Content::CData(data.xml10_content().into_owned()));
            }
            Event::Comment(text) => {
                let here = self.here();
                self.tree.append(here, Content::Comment(text.xml10_content().into_owned()));
            }
            Event::PI(instruction) => {
                let here = self.here();
                self.tree.append(here, Content::Instruction(instruction.into_inner().into_owned()));
            }
            Event::DocType(text) => {
                let text = text.into_inner().trim().to_owned();
                self.declare_entities(&text);
                self.tree.append(DOCUMENT, Content::Doctype(text));
            }
            Event::Decl(declaration) => {
                let settings = &mut self.tree.settings;
                if let Ok(version) = declaration.version() {
                    settings.version = version.into_owned();
                }
                if let Some(Ok(encoding)) = declaration.encoding() {
                    settings.encoding = encoding.into_owned();
                }
                if let Some(Ok(standalone)) = declaration.standalone() {
                    settings.standalone = Some(&*standalone == "yes");
                }
            }
            Event::Eof => {}
        }
        Ok(())
    }

    fn element(&mut self, start: &BytesStart<'_>) -> Result<NodeId, String> {
        let here = self.here();
        if here == DOCUMENT && self.tree.root().is_some() {
            return Err("there is a second root element".to_owned());
        }
        let mut attributes = Vec::new();
        for attribute in start.attributes() {
            let attribute = attribute.map_err(|error| error.to_string())?;
            let known = |name: &str| {
                resolve_predefined_entity(name).or_else(|| self.entities.get(name).map(String::as_str))
            };
            let value = attribute
                .normalized_value_with(XmlVersion::Implicit1_0, 16, known)
                .map_err(|error| error.to_string())?;
            attributes.push((attribute.key.as_ref().to_owned(), value.into_owned()));
        }
        let name = start.name().as_ref().to_owned();
        Ok(self.tree.append(here, Content::Element { name, attributes }))
    }

    fn text(&mut self, text: &str) -> Result<(), String> {
        let here = self.here();
        if here == DOCUMENT {
            if text.chars().all(char::is_whitespace) {
                return Ok(());
            }
            return Err("text stands outside of the root element".to_owned());
        }
        // a text and the entities in it are one
        let last = self.tree.children(here).last().copied();
        if let Some(Content::Text(before)) = last.and_then(|last| self.tree.content_mut(last)) {
            before.push_str(text);
        } else if !text.is_empty() {
            self.tree.append(here, Content::Text(text.to_owned()));
        }
        Ok(())
    }

    fn entity(&mut self, name: &str) -> Result<String, String> {
        if let Some(known) = resolve_predefined_entity(name) {
            return Ok(known.to_owned());
        }
        let text =
            self.entities.get(name).cloned().ok_or_else(|| format!("the entity `{name}` is not declared"))?;
        self.expanded += text.len();
        if self.expanded > LONGEST_EXPANSION {
            return Err("entities make the document too large".to_owned());
        }
        Ok(text)
    }

    /// `<!ENTITY name "text">` inside of the document type; texts that refer to others are left as they are.
    fn declare_entities(&mut self, doctype: &str) {
        self.entities.extend(declared_entities(doctype));
    }
}

/// The entities that a document type declares, with their texts.
pub(super) fn declared_entities(doctype: &str) -> Vec<(String, String)> {
    let mut entities = Vec::new();
    for part in doctype.split("<!ENTITY").skip(1) {
        let part = part.trim_start();
        let Some((name, rest)) = part.split_once(char::is_whitespace) else { continue };
        let rest = rest.trim_start();
        let Some(quote) = rest.chars().next().filter(|c| matches!(c, '"' | '\'')) else { continue };
        if let Some(text) = rest.get(1..).and_then(|rest| rest.split(quote).next()) {
            let text =
                quick_xml::escape::unescape(text).map_or_else(|_| text.to_owned(), |text| text.into_owned());
            entities.push((name.to_owned(), text));
        }
    }
    entities
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_document() {
        let tree = parse("<?xml version='1.0' encoding='UTF-8' standalone='yes'?><!DOCTYPE a [<!ENTITY e \"x\">]><!--c--><a k='1 &lt; 2'>t&amp;&e;&#65;<b/><![CDATA[<]]></a>").unwrap();
        let root = tree.root().unwrap();
        assert_eq!(tree.value(root), "t&xA");
        assert_eq!(tree.cdata(root), "<");
        assert_eq!(tree.attribute(root, "k"), Some("1 < 2"));
        assert_eq!(tree.settings.standalone, Some(true));
        assert_eq!(tree.children(DOCUMENT).len(), 3);
    }

    #[test]
    fn mistakes() {
        for bad in [
            "",
            "x",
            "<a>",
            "<a></b>",
            "<a/><b/>",
            "<a k='1' k='2'/>",
            "<a>&nope;</a>",
            "<a",
            "<a/>x",
            "&#0;",
        ] {
            assert!(parse(bad).is_err(), "{bad}");
        }
        let found = parse("<a>\n  <b></c></a>").unwrap_err();
        assert_eq!(found.line, 2, "{found:?}");
    }

    #[test]
    fn decoding() {
        let latin = decode(b"<?xml version=\"1.0\" encoding=\"ISO-8859-1\"?><a>\xE9</a>");
        assert!(latin.ends_with("<a>é</a>"), "{latin}");
        assert_eq!(decode(&Charset::Utf16.encode("<a>é</a>")), "<a>é</a>");
    }
}
