//! Theme XML SAX: writing to an open document, one part after the other.

use super::super::bind::Plain;
use super::super::blob::TextOrBlob;
use super::super::parameters::{AsPassed, Rest, Star, VariableOrValue, VariableRef};
use super::dom_write::checked;
use super::sax::{Open, Stream, send, stream};
use super::tree::Settings;
use super::{convert, write};
use crate::value::{ErrorCode, Fault, Result, Text, Time, Value};
use crate::vm::Process;

commands! {
    /// Sets the character set of the document and whether it stands alone, before anything is written.
    858 "SAX SET XML DECLARATION" (document; encoding; standalone; indentation) thread_safe => set_declaration;
    /// Writes the document's type.
    851 "SAX ADD XML DOCTYPE" (document; docType) thread_safe => |p: &mut Process, document: Time, text: Text| {
        add(p, document, &format!("<!DOCTYPE {text}>"))
    };
    /// Writes a comment.
    852 "SAX ADD XML COMMENT" (document; comment) thread_safe => |p: &mut Process, document: Time, text: Text| {
        add(p, document, &format!("<!--{}-->", text.replace("--", "- -")))
    };
    /// Writes a processing instruction.
    857 "SAX ADD PROCESSING INSTRUCTION" (document; statement) thread_safe => |p: &mut Process, document: Time, text: Text| {
        add(p, document, &format!("<?{}?>", text.replace("?>", "? >")))
    };
    /// Begins an element, with attributes.
    853 "SAX OPEN XML ELEMENT" (document; tag; attribName) thread_safe => open_element;
    /// Begins an element, with attributes from arrays.
    921 "SAX OPEN XML ELEMENT ARRAYS" (document; tag; attribNamesArray) thread_safe => open_element_arrays;
    /// Ends the element that was begun last.
    854 "SAX CLOSE XML ELEMENT" (document) thread_safe => close_element;
    /// Writes text into the open element.
    855 "SAX ADD XML ELEMENT VALUE" (document; data; *) thread_safe => add_value;
    /// Writes a CDATA section into the open element.
    856 "SAX ADD XML CDATA" (document; data) thread_safe => add_cdata;
}

fn refused<T>(process: &mut Process, message: &str) -> Result<T> {
    process.set_ok(false);
    Err(Fault::new(ErrorCode::ArgumentType, message))
}

/// Source: commands/sax-set-xml-declaration
fn set_declaration(
    process: &mut Process,
    document: Time,
    encoding: Text,
    standalone: Option<bool>,
    indentation: Option<bool>,
) -> Result<()> {
    let stream = stream(process, document)?;
    if stream.begun {
        return refused(process, "The declaration of an XML document comes before all that is written to it");
    }
    let known = super::super::charset::Charset::by_name(&encoding).is_some();
    stream.settings.encoding = if known { encoding.to_string() } else { "UTF-8".to_owned() };
    stream.settings.standalone = standalone;
    stream.settings.indent = indentation.unwrap_or(stream.settings.indent);
    let mut out = String::new();
    stream.begin(&mut out);
    send(process, document, &out)
}

/// Writes something that is neither an element nor text.
fn add(process: &mut Process, document: Time, text: &str) -> Result<()> {
    let mut out = String::new();
    stream(process, document)?.enter(false, &mut out);
    out.push_str(text);
    send(process, document, &out)
}

/// Begins an element.
fn open(process: &mut Process, document: Time, tag: &str, attributes: &[(Text, String)]) -> Result<()> {
    let names = std::iter::once(tag).chain(attributes.iter().map(|(name, _)| name.as_str()));
    for name in names {
        if let Err(fault) = checked(name) {
            process.set_ok(false);
            return Err(fault);
        }
    }
    let stream = stream(process, document)?;
    let mut out = String::new();
    stream.enter(false, &mut out);
    out.push('<');
    out.push_str(tag);
    for (name, value) in attributes {
        out.push_str(&format!(" {name}=\"{}\"", write::escape(value, true)));
    }
    stream.open.push(Open { name: tag.to_owned(), has_text: false, has_lines: false });
    stream.unfinished = true;
    send(process, document, &out)
}

fn settings(process: &mut Process, document: Time) -> Result<Settings> {
    stream(process, document).map(|stream| stream.settings.clone())
}

/// Source: commands/sax-open-xml-element
fn open_element(
    process: &mut Process,
    document: Time,
    tag: Text,
    attributes: Rest<(Text, VariableOrValue)>,
) -> Result<()> {
    let settings = settings(process, document)?;
    let mut texts = Vec::new();
    for (name, value) in attributes.0 {
        texts.push((name, convert::to_xml(process, &value.0, &settings, convert::dates::ISO)?));
    }
    open(process, document, &tag, &texts)
}

/// Pairs of arrays, or of a name and a value. Source: commands/sax-open-xml-element-arrays
fn open_element_arrays(
    process: &mut Process,
    document: Time,
    tag: Text,
    pairs: Rest<(AsPassed, AsPassed)>,
) -> Result<()> {
    let settings = settings(process, document)?;
    let mut texts = Vec::new();
    for (names, values) in pairs.0 {
        let (names, values) = (content(process, names.0)?, content(process, values.0)?);
        let found = match (names, values) {
            (Value::Array(names), Value::Array(values)) => {
                let count = names.len().min(values.len()) as i64;
                (1..=count).map(|at| Ok((names.get(at)?, values.get(at)?))).collect::<Result<Vec<_>>>()?
            }
            pair => vec![pair],
        };
        for (name, value) in found {
            let Value::Text(name) = name else { return refused(process, "Names of attributes are texts") };
            texts.push((name, convert::to_xml(process, &value, &settings, convert::dates::ISO)?));
        }
    }
    open(process, document, &tag, &texts)
}

/// What a variable or pointer holds, or the value itself.
fn content(process: &mut Process, passed: Value) -> Result<Value> {
    match VariableRef::from_value(passed) {
        Ok(variable) => variable.get(process),
        Err(value) => Ok(value),
    }
}

/// Source: commands/sax-close-xml-element
fn close_element(process: &mut Process, document: Time) -> Result<()> {
    let mut out = String::new();
    let stream = stream(process, document)?;
    if stream.open.is_empty() {
        return refused(process, "There is no open XML element to be closed");
    }
    stream.end_element(&mut out);
    send(process, document, &out)
}

/// Texts belong into an element.
fn inside(process: &mut Process, document: Time) -> Result<&mut Stream> {
    if stream(process, document)?.open.is_empty() {
        return refused(process, "There is no open XML element to write into");
    }
    stream(process, document)
}

/// Source: commands/sax-add-xml-element-value
fn add_value(
    process: &mut Process,
    document: Time,
    data: VariableOrValue,
    encode: Option<Star>,
) -> Result<()> {
    let settings = inside(process, document)?.settings.clone();
    let text = match &data.0 {
        // bytes are put in as they are; who wants them encoded uses BASE64 ENCODE
        Value::Blob(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        other => convert::to_xml(process, other, &settings, convert::dates::ISO)?,
    };
    let mut out = String::new();
    inside(process, document)?.enter(true, &mut out);
    if settings.raw_text && encode.is_none() {
        out.push_str(&text);
    } else {
        out.push_str(&write::escape(&text, false));
    }
    send(process, document, &out)
}

/// Source: commands/sax-add-xml-cdata
fn add_cdata(process: &mut Process, document: Time, data: TextOrBlob) -> Result<()> {
    let text = String::from_utf8_lossy(data.bytes()).replace("]]>", "]]]]><![CDATA[>");
    let mut out = String::new();
    inside(process, document)?.enter(true, &mut out);
    send(process, document, &format!("{out}<![CDATA[{text}]]>"))
}
