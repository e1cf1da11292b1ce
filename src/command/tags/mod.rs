//! Theme Tools: `PROCESS 4D TAGS`. `Source: Tags/transformation-tags`
//!
//! A template is cut into pieces (`template`), and the pieces become one 4D method (`method`), which is
//! compiled and run as any other. So all of a template's tags share their locals, parameters are
//! `$1`, `$2` …, and conditions and loops are those of the language. The method collects numbered pieces
//! and values; here they are joined. What a 4DHTML, 4DEVAL or 4DSCRIPT tag gave is processed again.

mod method;
mod template;

use super::blob::TextOrBlob;
use super::parameters::{Out, Rest};
use crate::text::{Name, Source};
use crate::value::{Collection, ErrorCode, Fault, Result, Text, Value, convert};
use crate::vm::Process;
use std::path::PathBuf;
use std::sync::Arc;

commands! {
    /// Runs the 4D code in the tags of a template and gives the text that comes of it.
    816 "PROCESS 4D TAGS" (inputTemplate; outputResult; param) thread_safe => process_4d_tags;
}

/// How often results are processed again.
const DEEPEST: u32 = 16;

/// What the generated method notes of a piece; followed by its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Note {
    /// The number of a plain text.
    Plain = 0,
    /// A value whose special HTML characters are escaped.
    Escaped = 1,
    /// A value as it is, processed again.
    Raw = 2,
    /// A value as it is, never processed again.
    Final = 3,
    /// The result of a method: escaped, unless it begins with the character 1.
    Script = 4,
    /// The number of the text of a tag that failed.
    Failed = 5,
}

impl Note {
    fn of(value: &Value) -> Option<Self> {
        [Self::Plain, Self::Escaped, Self::Raw, Self::Final, Self::Script, Self::Failed]
            .into_iter()
            .find(|note| convert::as_integer(value) == Some(*note as i32))
    }
}

/// Source: commands/process-4d-tags
fn process_4d_tags(
    process: &mut Process,
    template: TextOrBlob,
    result: Out<Value>,
    parameters: Rest<Value>,
) -> Result<()> {
    let text = match &template {
        TextOrBlob::Text(text) => text.clone(),
        TextOrBlob::Blob(blob) => Text::from(String::from_utf8_lossy(blob).into_owned()),
    };
    let done = expand(process, &text, &parameters.0, true, 0)?;
    match result.set(process, Value::from(done.as_str())) {
        Ok(()) => Ok(()),
        Err(_) => super::blob::fill_blob(process, &result, done.into_bytes().into()),
    }
}

/// The text that comes of a template. In results that are processed again `$4DTEXT(…)` is plain text.
fn expand(
    process: &mut Process,
    text: &str,
    parameters: &[Value],
    dollar: bool,
    depth: u32,
) -> Result<String> {
    if depth > DEEPEST || !(text.contains(template::OPEN) || (dollar && text.contains('$'))) {
        return Ok(text.to_owned());
    }
    let pieces = template::cut(text, dollar);
    let base = PathBuf::new(); // relative paths stand for the database folder
    let made = method::make(process, &pieces, &base);
    let source = Arc::new(Source::new("4D tags", made.source));
    let program = Arc::clone(&process.shared.program);
    let code = program.compile_source(&Name::new("PROCESS 4D TAGS"), &source).map_err(|error| {
        Fault::new(ErrorCode::Source, format!("A 4D tag is not understood: {}", error.message))
    })?;
    match process.run_code(&code, parameters)? {
        Value::Collection(notes) => join(process, &notes, &made.texts, parameters, depth),
        // a `return` in 4DCODE ends the template
        _ => Ok(String::new()),
    }
}

fn join(
    process: &mut Process,
    notes: &Collection,
    texts: &[String],
    parameters: &[Value],
    depth: u32,
) -> Result<String> {
    let mut out = String::new();
    let notes = notes.to_vec();
    for pair in notes.chunks(2) {
        let [note, value] = pair else { continue };
        let numbered = || convert::as_integer(value).and_then(|at| texts.get(usize::try_from(at).ok()?));
        match Note::of(note) {
            Some(Note::Plain) => out.push_str(numbered().map_or("", String::as_str)),
            Some(Note::Failed) => out.push_str(numbered().map_or("", String::as_str)),
            Some(Note::Escaped) => escape(&in_text(value), &mut out),
            Some(Note::Final) => out.push_str(&in_text(value)),
            Some(Note::Raw) => out.push_str(&again(process, &in_text(value), parameters, depth)?),
            Some(Note::Script) => {
                let text = in_text(value);
                match text.strip_prefix('\u{1}') {
                    Some(html) => out.push_str(&again(process, html, parameters, depth)?),
                    None => escape(&text, &mut out),
                }
            }
            None => {}
        }
    }
    Ok(out)
}

fn again(process: &mut Process, text: &str, parameters: &[Value], depth: u32) -> Result<String> {
    expand(process, text, parameters, false, depth + 1)
}

/// A value as tags insert it: numbers with a point, BLOBs as texts, nothing for what has no text.
fn in_text(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::Blob(blob) => String::from_utf8_lossy(blob).into_owned(),
        other => convert::to_text(other).map(|text| text.to_string()).unwrap_or_default(),
    }
}

fn escape(text: &str, out: &mut String) {
    for character in text.chars() {
        match character {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            other => out.push(other),
        }
    }
}
