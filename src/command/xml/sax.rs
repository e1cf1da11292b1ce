//! What SAX commands keep of an open document: what was written to it so far, or the events that are
//! read from it. The commands are in `sax_read` and `sax_write`.

use super::super::charset::Charset;
use super::tree::{Content, DOCUMENT, NodeId, Settings, Tree};
use super::{read, write};
use crate::value::{ErrorCode, Fault, Result, Time};
use crate::vm::Process;
use rustc_hash::FxHashMap;
use std::io::{Read, Write};

/// The documents that this process reads or writes with SAX commands, by reference number.
#[derive(Default)]
pub(super) struct Streams(FxHashMap<i64, Stream>);

/// One document.
#[derive(Default)]
pub(super) struct Stream {
    pub settings: Settings,
    /// Whether anything was written.
    pub begun: bool,
    /// Elements that are open, outermost first.
    pub open: Vec<Open>,
    /// Whether the `>` of the last open element is still to be written.
    pub unfinished: bool,
    /// What is read; made at the first event.
    pub reading: Option<Reading>,
}

/// An element that is being written.
pub(super) struct Open {
    pub name: String,
    pub has_text: bool,
    pub has_lines: bool,
}

/// The events of a document that is read, and the current one.
pub(super) struct Reading {
    pub events: std::vec::IntoIter<Event>,
    pub current: Event,
}

/// `Source: commands/sax-get-xml-node`
pub(super) enum Event {
    StartDocument(Settings),
    Comment(String),
    Instruction(String),
    Start { name: String, attributes: Vec<(String, String)> },
    End { name: String },
    Data(String),
    CData(String),
    Entity { name: String, value: String },
    EndDocument,
}

impl Event {
    pub const fn number(&self) -> i32 {
        match self {
            Self::StartDocument(_) => 1,
            Self::Comment(_) => 2,
            Self::Instruction(_) => 3,
            Self::Start { .. } => 4,
            Self::End { .. } => 5,
            Self::Data(_) => 6,
            Self::CData(_) => 7,
            Self::Entity { .. } => 8,
            Self::EndDocument => 9,
        }
    }
}

fn not_open(document: Time) -> Fault {
    let message = format!("No document with the reference {} is open", document.seconds);
    Fault::with_number(super::super::paths::number::NOT_OPEN, message)
}

/// What is known of a document that is open; OK tells whether one is.
pub(super) fn stream(process: &mut Process, document: Time) -> Result<&mut Stream> {
    let open = process.shared.runtime.documents.with(document.seconds, |_| ()).is_some();
    process.set_ok(open);
    if !open {
        return Err(not_open(document));
    }
    Ok(process.attachment::<Streams>().0.entry(document.seconds).or_default())
}

/// Writes text to a document in its character set.
pub(super) fn send(process: &mut Process, document: Time, text: &str) -> Result<()> {
    let stream = stream(process, document)?;
    let charset = Charset::by_name(&stream.settings.encoding).unwrap_or(Charset::Utf8);
    let text = if stream.settings.line_ending == "\n" {
        text.to_owned()
    } else {
        text.replace('\n', stream.settings.line_ending)
    };
    let bytes = charset.encode(&text);
    let done = process.shared.runtime.documents.with(document.seconds, |open| {
        if !open.writable {
            return Err(Fault::with_number(
                -54,
                format!("{}: the document is open for reading", open.path.display()),
            ));
        }
        open.file.write_all(&bytes).map_err(|error| super::super::paths::failed(&error, &open.path))
    });
    let done = done.unwrap_or_else(|| Err(not_open(document)));
    process.set_ok(done.is_ok());
    done
}

/// Called when a document is closed: what is open in it is ended. `Source: commands/sax-close-xml-element`
pub(crate) fn finish(process: &mut Process, document: Time) -> Result<()> {
    if !process.attachment::<Streams>().0.contains_key(&document.seconds) {
        return Ok(());
    }
    let mut out = String::new();
    if let Ok(stream) = stream(process, document) {
        while !stream.open.is_empty() {
            stream.end_element(&mut out);
        }
    }
    let done = if out.is_empty() { Ok(()) } else { send(process, document, &out) };
    process.attachment::<Streams>().0.remove(&document.seconds);
    done
}

impl Stream {
    /// What stands before everything else, once.
    pub fn begin(&mut self, out: &mut String) {
        if self.begun {
            return;
        }
        self.begun = true;
        let settings = &self.settings;
        let charset = Charset::by_name(&settings.encoding).unwrap_or(Charset::Utf8);
        if settings.mark && matches!(charset, Charset::Utf8 | Charset::Utf16 | Charset::Utf16Be) {
            out.push('\u{FEFF}');
        }
        out.push_str(&write::declaration(&settings.version, &settings.encoding, settings.standalone));
    }

    /// Makes ready for something in the open element: on a line of its own, unless text is there.
    pub fn enter(&mut self, is_text: bool, out: &mut String) {
        self.begin(out);
        if std::mem::take(&mut self.unfinished) {
            out.push('>');
        }
        let depth = self.open.len();
        let Some(open) = self.open.last_mut() else {
            out.push('\n');
            return;
        };
        open.has_text |= is_text;
        if self.settings.indent && !open.has_text {
            open.has_lines = true;
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", depth));
        }
    }

    /// Ends the innermost element.
    pub fn end_element(&mut self, out: &mut String) {
        let Some(open) = self.open.pop() else { return };
        if std::mem::take(&mut self.unfinished) {
            out.push_str("/>");
            return;
        }
        if open.has_lines && !open.has_text {
            out.push('\n');
            out.extend(std::iter::repeat_n("  ", self.open.len()));
        }
        out.push_str("</");
        out.push_str(&open.name);
        out.push('>');
    }
}

/// Moves to the next event of a document; the first call reads and parses it.
pub(super) fn next(process: &mut Process, document: Time) -> Result<i32> {
    if stream(process, document)?.reading.is_none() {
        let reading = parse(process, document);
        process.set_ok(reading.is_ok());
        let reading = reading?;
        stream(process, document)?.reading = Some(reading);
    }
    let Some(reading) = &mut stream(process, document)?.reading else { return Ok(0) };
    reading.current = reading.events.next().unwrap_or(Event::EndDocument);
    Ok(reading.current.number())
}

/// Reads a document from where it stands to its end.
fn parse(process: &mut Process, document: Time) -> Result<Reading> {
    let bytes = process.shared.runtime.documents.with(document.seconds, |open| {
        let mut bytes = Vec::new();
        let read = open.file.read_to_end(&mut bytes);
        read.map(|_| bytes).map_err(|error| super::super::paths::failed(&error, &open.path))
    });
    let bytes = bytes.unwrap_or_else(|| Err(not_open(document)))?;
    let tree = read::parse(&read::decode(&bytes)).map_err(|mistake| {
        let message = format!("The XML is not understood in line {}: {}", mistake.line, mistake.message);
        process.attachment::<super::Documents>().mistake = Some(mistake);
        Fault::new(ErrorCode::Source, message)
    })?;
    Ok(Reading { events: events(&tree).into_iter(), current: Event::EndDocument })
}

fn events(tree: &Tree) -> Vec<Event> {
    let mut out = vec![Event::StartDocument(tree.settings.clone())];
    // nodes to enter, and elements to leave
    let mut work: Vec<(NodeId, bool)> = tree.children(DOCUMENT).iter().rev().map(|id| (*id, false)).collect();
    while let Some((id, leave)) = work.pop() {
        if leave {
            out.push(Event::End { name: tree.name(id).to_owned() });
            continue;
        }
        match tree.content(id) {
            Content::Document => {}
            Content::Text(text) => out.push(Event::Data(text.clone())),
            Content::CData(text) => out.push(Event::CData(text.clone())),
            Content::Comment(text) => out.push(Event::Comment(text.clone())),
            Content::Instruction(text) => out.push(Event::Instruction(text.clone())),
            Content::Doctype(text) => {
                let entities = read::declared_entities(text).into_iter();
                out.extend(entities.map(|(name, value)| Event::Entity { name, value }));
            }
            Content::Element { name, attributes } => {
                out.push(Event::Start { name: name.clone(), attributes: attributes.clone() });
                work.push((id, true));
                work.extend(tree.children(id).iter().rev().map(|child| (*child, false)));
            }
        }
    }
    out.push(Event::EndDocument);
    out
}
