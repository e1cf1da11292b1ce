//! Bodies of requests and answers: from values and to values. `Source: API/HTTPRequestClass (body,
//! dataType), commands/http-request`

use super::client::Head;
use crate::command::blob::{AnyBlob, blob_object};
use crate::command::bind::Plain;
use crate::command::charset::Charset;
use crate::command::json::{parsed, stringified};
use crate::command::trouble::{Trouble, number};
use crate::value::{Blob, Result, Value};
use crate::vm::Process;

/// A body to send, and what it is said to be.
pub type Outgoing = (Vec<u8>, String);

/// What a request sends of a value; `Err` gives back a value that cannot be sent.
pub fn outgoing(
    process: &mut Process,
    value: Value,
    charset: (Charset, &str),
    of_blob: &str,
) -> Result<std::result::Result<Outgoing, Value>> {
    Ok(match value {
        Value::Text(text) => Ok((charset.0.encode(&text), format!("text/plain; charset={}", charset.1))),
        Value::Collection(_) | Value::SharedCollection(_) | Value::SharedObject(_) => json(process, &value).map(Ok)?,
        Value::Object(_) => match AnyBlob::from_value(value) {
            Ok(blob) => Ok((blob.0.to_vec(), of_blob.to_owned())),
            Err(value @ Value::Object(_)) if is_plain(&value) => Ok(json(process, &value)?),
            Err(value) => Err(value),
        },
        Value::Blob(blob) => Ok((blob.to_vec(), of_blob.to_owned())),
        other => Err(other),
    })
}

/// Not a file, a signal or the like.
fn is_plain(value: &Value) -> bool {
    matches!(value, Value::Object(object) if object.any_native().is_none())
}

fn json(process: &mut Process, value: &Value) -> Result<Outgoing> {
    let text = stringified(process, value, false)?;
    Ok((text.as_bytes().to_vec(), "application/json".to_owned()))
}

/// What the body of an answer becomes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum DataType {
    #[default]
    Auto,
    Text,
    Blob,
    Object,
}

impl DataType {
    #[must_use]
    pub fn of(name: &str) -> Option<Self> {
        Some(match name.to_ascii_lowercase().as_str() {
            "auto" | "" => Self::Auto,
            "text" => Self::Text,
            "blob" => Self::Blob,
            "object" => Self::Object,
            _ => return None,
        })
    }
}

/// The kind of content that a header names, without its parameters.
#[must_use]
pub fn media_type(head: &Head) -> String {
    let whole = head.get("content-type").unwrap_or("");
    whole.split(';').next().unwrap_or("").trim().to_ascii_lowercase()
}

#[must_use]
pub fn is_json(media: &str) -> bool {
    media == "application/json" || media == "text/json" || media.ends_with("+json")
}

/// Source: API/HTTPRequestClass (dataType "auto")
#[must_use]
pub fn is_text(media: &str) -> bool {
    media.starts_with("text/")
        || media.starts_with("message/")
        || media.ends_with("+xml")
        || matches!(
            media,
            "application/xml"
                | "application/javascript"
                | "application/x-javascript"
                | "application/ecmascript"
                | "application/http"
                | "application/x-www-form-urlencoded"
                | "application/x-ndjson"
        )
}

/// The character set that a `Content-Type` names.
#[must_use]
pub fn charset_of(content_type: &str) -> Option<Charset> {
    let mut parameters = content_type.split(';').skip(1).filter_map(|one| one.split_once('='));
    let (_, name) = parameters.find(|(name, _)| name.trim().eq_ignore_ascii_case("charset"))?;
    Charset::by_name(name.trim().trim_matches('"'))
}

/// The body as a text, in the character set that the head names, else in UTF-8.
#[must_use]
pub fn text(bytes: &[u8], head: &Head) -> String {
    head.get("content-type").and_then(charset_of).unwrap_or(Charset::Utf8).decode(bytes)
}

/// The body of an answer as a value; Undefined where there is none.
///
/// # Errors
/// It should be an object, and is none.
pub fn incoming(
    process: &Process,
    bytes: Vec<u8>,
    head: &Head,
    kind: DataType,
) -> std::result::Result<Value, Trouble> {
    let media = media_type(head);
    let kind = match kind {
        DataType::Auto if bytes.is_empty() => return Ok(Value::Undefined),
        DataType::Auto if is_json(&media) => {
            let text = text(&bytes, head);
            return Ok(parsed(&text).unwrap_or_else(|_| Value::from(text)));
        }
        DataType::Auto if is_text(&media) => DataType::Text,
        DataType::Auto => DataType::Blob,
        kind => kind,
    };
    match kind {
        DataType::Text => Ok(Value::from(text(&bytes, head))),
        DataType::Object if bytes.is_empty() => Ok(Value::Undefined),
        DataType::Object => parsed(&text(&bytes, head)).map_err(|fault| {
            Trouble::new(number::BAD_ANSWER, format!("The answer is no object: {}", fault.message))
        }),
        _ => Ok(blob_object(process, Blob::new(bytes))),
    }
}

/// The text of an answer as the older commands find it: by the header, by a mark at its beginning, by
/// what an HTML or XML text says of itself, else as the system's own. `Source: commands/http-request`
#[must_use]
pub fn text_by_looking(bytes: &[u8], head: &Head) -> String {
    let named = head.get("content-type").and_then(charset_of);
    let marked = || match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some(Charset::Utf8),
        [0xFF, 0xFE, ..] => Some(Charset::Utf16),
        [0xFE, 0xFF, ..] => Some(Charset::Utf16Be),
        _ => None,
    };
    let said = || {
        let start = String::from_utf8_lossy(bytes.get(..1024.min(bytes.len())).unwrap_or_default()).to_lowercase();
        let name = if start.trim_start().starts_with("<?xml") { "encoding=" } else { "charset=" };
        let rest = start.split_once(name)?.1.trim_start_matches(['"', '\'']);
        Charset::by_name(rest.split(['"', '\'', ' ', ';', '>', '/', '?']).next()?)
    };
    let json = || is_json(&media_type(head)).then_some(Charset::Utf8);
    let found = named.or_else(marked).or_else(said).or_else(json);
    found.or_else(|| Charset::by_name("windows-1252")).unwrap_or(Charset::Utf8).decode(bytes)
}
