//! `HTTP Parse message`: a request or an answer, often of several parts, as an object.
//! `Source: commands/http-parse-message`

use super::body::{charset_of, is_json, is_text};
use crate::command::blob::{TextOrBlob, blob_object};
use crate::command::charset::Charset;
use crate::value::{Blob, Collection, Object, Text, Value};
use crate::vm::Process;

/// Parts that lie in parts are left as they are.
pub(super) fn http_parse_message(process: &mut Process, data: TextOrBlob) -> Value {
    let bytes = data.bytes();
    let (line, rest) = split_line(bytes);
    let first = String::from_utf8_lossy(line).into_owned();
    let message = Object::new();
    let name = if first.starts_with("HTTP/") {
        Some("statusLine")
    } else if first.ends_with("HTTP/1.1") || first.ends_with("HTTP/1.0") || first.contains(" HTTP/") {
        Some("requestLine")
    } else {
        None
    };
    let (headers, body) = split_head(if name.is_some() { rest } else { bytes });
    message.set(&Text::from("headers"), Value::Object(header_object(&headers)));
    let content_type = find(&headers, "content-type").unwrap_or_default();
    let parts = match boundary(content_type) {
        Some(boundary) => split_parts(body, &boundary).into_iter().map(|part| {
            let (headers, body) = split_head(part);
            part_object(process, &headers, body)
        }).collect(),
        None if body.is_empty() => Vec::new(),
        None => vec![part_object(process, &headers, body)],
    };
    message.set(&Text::from("parts"), Value::Collection(Collection::from_values(parts)));
    if let Some(name) = name {
        message.set(&Text::from(name), Value::from(first));
    }
    Value::Object(message)
}

type Headers = Vec<(String, String)>;

/// A line without its end, and what follows.
fn split_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(bytes.len());
    let (line, rest) = bytes.split_at(end);
    let rest = rest.strip_prefix(b"\r\n").or_else(|| rest.get(1..)).unwrap_or_default();
    (line, rest)
}

/// Headers up to an empty line, and what follows. Lines that begin with a space go on with a header.
fn split_head(bytes: &[u8]) -> (Headers, &[u8]) {
    let mut headers = Headers::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let (line, after) = split_line(rest);
        if line.is_empty() {
            return (headers, after);
        }
        let text = String::from_utf8_lossy(line).into_owned();
        match (text.split_once(':'), headers.last_mut()) {
            (_, Some((_, value))) if text.starts_with([' ', '\t']) => {
                value.push(' ');
                value.push_str(text.trim());
            }
            (Some((name, value)), _) if !name.contains(' ') && !name.is_empty() => {
                headers.push((name.to_owned(), value.trim().to_owned()));
            }
            // what is no header begins the body
            _ => return (headers, rest),
        }
        rest = after;
    }
    (headers, rest)
}

fn find<'a>(headers: &'a Headers, name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

fn header_object(headers: &Headers) -> Object {
    let object = Object::new();
    for (name, value) in headers {
        super::add_header(&object, name, value);
    }
    object
}

/// A parameter of a header's value: `boundary="x"`.
fn parameter(value: &str, name: &str) -> Option<String> {
    let mut all = value.split(';').skip(1).filter_map(|one| one.split_once('='));
    let (_, found) = all.find(|(known, _)| known.trim().eq_ignore_ascii_case(name))?;
    Some(found.trim().trim_matches('"').to_owned())
}

fn boundary(content_type: &str) -> Option<String> {
    let multipart = content_type.get(..10).is_some_and(|start| start.eq_ignore_ascii_case("multipart/"));
    parameter(content_type, "boundary").filter(|boundary| multipart && !boundary.is_empty())
}

/// What lies between the lines that begin with the boundary.
fn split_parts<'a>(body: &'a [u8], boundary: &str) -> Vec<&'a [u8]> {
    let mark = format!("--{boundary}");
    let mut parts = Vec::new();
    let mut begun: Option<usize> = None;
    let mut rest = body;
    while !rest.is_empty() {
        let at = body.len() - rest.len();
        let (line, after) = split_line(rest);
        if let Some(end) = line.strip_prefix(mark.as_bytes())
            && (end.trim_ascii().is_empty() || end.starts_with(b"--"))
        {
            if let Some(start) = begun {
                let part = body.get(start..at).unwrap_or_default();
                // the line end before a boundary belongs to it
                let part = part.strip_suffix(b"\r\n").or_else(|| part.strip_suffix(b"\n")).unwrap_or(part);
                parts.push(part);
            }
            if end.starts_with(b"--") {
                return parts;
            }
            begun = Some(body.len() - after.len());
        }
        rest = after;
    }
    // the end is missing: what is there counts
    parts.extend(begun.and_then(|start| body.get(start..)).filter(|part| !part.is_empty()));
    parts
}

fn part_object(process: &Process, headers: &Headers, body: &[u8]) -> Value {
    let part = Object::new();
    let set = |name: &str, value: Value| part.set(&Text::from(name), value);
    let content_type = find(headers, "content-type").unwrap_or("text/plain");
    let media = content_type.split(';').next().unwrap_or("").trim().to_owned();
    let lower = media.to_ascii_lowercase();
    set("contentType", Value::from(media));
    if let Some(charset) = parameter(content_type, "charset") {
        set("charset", Value::from(charset));
    }
    if let Some(id) = find(headers, "content-id") {
        set("contentID", Value::from(id.trim_start_matches('<').trim_end_matches('>')));
    }
    if let Some(disposition) = find(headers, "content-disposition") {
        for (parameter_name, name) in [("name", "name"), ("filename", "fileName")] {
            if let Some(value) = parameter(disposition, parameter_name) {
                set(name, Value::from(value));
            }
        }
    }
    set("headers", Value::Object(header_object(headers)));
    let textual = is_text(&lower) || is_json(&lower) || lower.starts_with("multipart/");
    let content = if textual {
        Value::from(charset_of(content_type).unwrap_or(Charset::Utf8).decode(body))
    } else {
        blob_object(process, Blob::new(body.to_vec()))
    };
    set("content", content);
    Value::Object(part)
}
