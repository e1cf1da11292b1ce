//! Theme XML SAX: reading an open document, one event after the other.

use super::super::bind::Output;
use super::super::blob::fill_blob;
use super::super::digest::decode;
use super::super::parameters::{ArrayRef, Out, VariableRef};
use super::sax::{Event, next, stream};
use crate::value::{Array, ArrayKind, Blob, ErrorCode, Fault, Result, Text, Time, Value};
use crate::vm::Process;

commands! {
    /// Goes to the next event of an open document and gives its number: `XML Start Element` and so on.
    860 "SAX Get XML node" (document) thread_safe => |process: &mut Process, document: Time| next(process, document);
    /// Tells what the XML declaration says, at the event `XML Start Document`.
    873 "SAX GET XML DOCUMENT VALUES" (document; encoding; version; standalone) thread_safe => document_values;
    /// Gives a comment, at the event `XML Comment`.
    874 "SAX GET XML COMMENT" (document; comment) thread_safe => comment;
    /// Gives a processing instruction, at the event `XML Processing Instruction`.
    875 "SAX GET XML PROCESSING INSTRUCTION" (document; name; value) thread_safe => instruction;
    /// Gives the name, prefix and attributes of an element, at the events `XML Start Element` and `XML End Element`.
    876 "SAX GET XML ELEMENT" (document; name; prefix; attrNames; attrValues) thread_safe => element;
    /// Gives text of an element, at the event `XML DATA`; into a BLOB what it says in base64.
    877 "SAX GET XML ELEMENT VALUE" (document; value) thread_safe => element_value;
    /// Gives a CDATA section, at the event `XML CDATA`.
    878 "SAX GET XML CDATA" (document; value) thread_safe => cdata;
    /// Gives the name and text of an entity that the document declares, at the event `XML Entity`.
    879 "SAX GET XML ENTITY" (document; name; value) thread_safe => entity;
}

/// What the current event tells, if it is of the right kind; else the variable OK is 0 and there is an error.
fn told<R>(
    process: &mut Process,
    document: Time,
    what: &str,
    tell: impl FnOnce(&Event) -> Option<R>,
) -> Result<R> {
    let current = stream(process, document)?.reading.as_ref().map(|reading| &reading.current);
    let told = current.and_then(tell);
    process.set_ok(told.is_some());
    told.ok_or_else(|| {
        Fault::new(
            ErrorCode::ArgumentType,
            format!("The document's current SAX event is not {what}; see `SAX Get XML node`"),
        )
    })
}

fn fill<T: Output>(process: &mut Process, out: &Out<T>, value: T) -> Result<()> {
    out.set(process, value)
}

/// Source: commands/sax-get-xml-document-values
fn document_values(
    process: &mut Process,
    document: Time,
    encoding: Out<Text>,
    version: Out<Text>,
    standalone: Out<bool>,
) -> Result<()> {
    let settings = told(process, document, "the start of the document", |event| match event {
        Event::StartDocument(settings) => Some(settings.clone()),
        _ => None,
    })?;
    fill(process, &encoding, Text::from(settings.encoding))?;
    fill(process, &version, Text::from(settings.version))?;
    fill(process, &standalone, settings.standalone == Some(true))
}

/// Source: commands/sax-get-xml-comment
fn comment(process: &mut Process, document: Time, comment: Out<Text>) -> Result<()> {
    let text = told(process, document, "a comment", |event| match event {
        Event::Comment(text) => Some(Text::from(text.as_str())),
        _ => None,
    })?;
    fill(process, &comment, text)
}

/// Source: commands/sax-get-xml-processing-instruction
fn instruction(process: &mut Process, document: Time, name: Out<Text>, value: Out<Text>) -> Result<()> {
    let (target, rest) = told(process, document, "a processing instruction", |event| match event {
        Event::Instruction(text) => {
            let (target, rest) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
            Some((Text::from(target), Text::from(rest.trim_start())))
        }
        _ => None,
    })?;
    fill(process, &name, target)?;
    fill(process, &value, rest)
}

/// Source: commands/sax-get-xml-element
fn element(
    process: &mut Process,
    document: Time,
    name: Out<Text>,
    prefix: Out<Text>,
    names: ArrayRef,
    values: ArrayRef,
) -> Result<()> {
    let (whole, attributes) = told(process, document, "an element", |event| match event {
        Event::Start { name, attributes } => Some((name.clone(), attributes.clone())),
        Event::End { name } => Some((name.clone(), Vec::new())),
        _ => None,
    })?;
    let (space, local) = whole.split_once(':').unwrap_or(("", &whole));
    fill(process, &name, Text::from(local))?;
    fill(process, &prefix, Text::from(space))?;
    let mut lists = (Array::new(ArrayKind::Text, 0)?, Array::new(ArrayKind::Text, 0)?);
    for (key, value) in attributes {
        lists.0.append(Value::from(key.as_str()))?;
        lists.1.append(Value::from(value.as_str()))?;
    }
    names.replace(process, lists.0)?;
    values.replace(process, lists.1)
}

/// Source: commands/sax-get-xml-element-value
fn element_value(process: &mut Process, document: Time, value: VariableRef) -> Result<()> {
    let text = told(process, document, "text", |event| match event {
        Event::Data(text) => Some(text.clone()),
        _ => None,
    })?;
    if matches!(value.get(process)?, Value::Blob(_)) {
        let decoded = decode(text.as_bytes(), false);
        let bytes = decoded.unwrap_or_else(|| text.into_bytes());
        return fill_blob(process, &Out::of(value), Blob::new(bytes));
    }
    value.set(process, Value::from(text.as_str()))
}

/// Source: commands/sax-get-xml-cdata
fn cdata(process: &mut Process, document: Time, value: VariableRef) -> Result<()> {
    let text = told(process, document, "CDATA", |event| match event {
        Event::CData(text) => Some(text.clone()),
        _ => None,
    })?;
    if matches!(value.get(process)?, Value::Blob(_)) {
        return fill_blob(process, &Out::of(value), Blob::new(text.into_bytes()));
    }
    value.set(process, Value::from(text.as_str()))
}

/// Source: commands/sax-get-xml-entity
fn entity(process: &mut Process, document: Time, name: Out<Text>, value: Out<Text>) -> Result<()> {
    let (key, text) = told(process, document, "an entity", |event| match event {
        Event::Entity { name, value } => Some((Text::from(name.as_str()), Text::from(value.as_str()))),
        _ => None,
    })?;
    fill(process, &name, key)?;
    fill(process, &value, text)
}
