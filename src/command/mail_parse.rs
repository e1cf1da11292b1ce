//! From MIME to an Email object. `Source: commands/mail-convert-from-mime, API/EmailObjectClass`

use super::blob::TextOrBlob;
use super::mail::Attachment;
use crate::value::{Blob, Collection, ErrorCode, Fault, Object, Result, Text, Value};
use crate::vm::Process;
use mail_parser::{
    Header, HeaderName, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType,
};

/// Messages in messages and parts in parts deeper than this are left out.
const DEEPEST: usize = 100;

fn set(object: &Object, name: &str, value: Value) {
    object.set(&Text::from(name), value);
}

fn list(values: Vec<Value>) -> Value {
    Value::Collection(Collection::from_values(values))
}

pub(super) fn convert_from_mime(process: &mut Process, mime: TextOrBlob) -> Result<Object> {
    let message = MessageParser::default().parse(mime.bytes());
    let message = message.filter(|message| !message.parts.is_empty());
    let message = message.ok_or_else(|| Fault::new(ErrorCode::ArgumentType, "This is no MIME document"))?;
    let mail = Object::new();
    head(&mail, &message);
    let mut body = Body { message: &message, values: Object::new(), attachments: Vec::new(), count: 0 };
    let structure = body.part(process, 0, 0);
    let (values, attachments) = (body.values, body.attachments);
    set(&mail, "attachments", list(attachments));
    if let Some(structure) = structure {
        set(&mail, "bodyStructure", Value::Object(structure));
        set(&mail, "bodyValues", Value::Object(values));
    }
    Ok(mail)
}

/// What the headers say.
fn head(mail: &Object, message: &Message<'_>) {
    for (name, header) in [
        ("subject", HeaderName::Subject),
        ("comments", HeaderName::Comments),
        ("messageId", HeaderName::MessageId),
        ("inReplyTo", HeaderName::InReplyTo),
    ] {
        if let Some(text) = message.header(header).and_then(texts).map(|texts| texts.join(" ")) {
            set(mail, name, Value::from(text.as_str()));
        }
    }
    for (name, header) in [
        ("from", HeaderName::From),
        ("sender", HeaderName::Sender),
        ("replyTo", HeaderName::ReplyTo),
        ("to", HeaderName::To),
        ("cc", HeaderName::Cc),
        ("bcc", HeaderName::Bcc),
    ] {
        // a header may come again: its addresses are added
        let found: Vec<Value> = message
            .headers()
            .iter()
            .filter(|found| found.name == header)
            .filter_map(|found| found.value.as_address())
            .flat_map(|addresses| addresses.iter())
            .map(|address| {
                let object = Object::new();
                set(&object, "name", address.name.as_deref().map_or(Value::Null, Value::from));
                set(&object, "email", Value::from(address.address.as_deref().unwrap_or_default()));
                Value::Object(object)
            })
            .collect();
        if !found.is_empty() {
            set(mail, name, list(found));
        }
    }
    if let Some(ids) = message.header(HeaderName::References).and_then(texts) {
        set(mail, "references", list(ids.iter().map(|id| Value::from(id.as_str())).collect()));
    }
    if let Some(words) = message.header(HeaderName::Keywords).and_then(texts) {
        let keywords = Object::new();
        for word in
            words.iter().flat_map(|words| words.split(',')).map(str::trim).filter(|word| !word.is_empty())
        {
            set(&keywords, word, Value::Boolean(true));
        }
        set(mail, "keywords", Value::Object(keywords));
    }
    let sent = message.date().and_then(|date| jiff::Timestamp::from_second(date.to_timestamp()).ok());
    if let Some(sent) = sent {
        set(mail, "sendAt", Value::from(sent.strftime("%Y-%m-%dT%H:%M:%SZ").to_string().as_str()));
    }
    set(mail, "headers", headers(message, message.headers()));
}

fn texts(value: &HeaderValue<'_>) -> Option<Vec<String>> {
    match value {
        HeaderValue::Text(text) => Some(vec![text.to_string()]),
        HeaderValue::TextList(texts) => Some(texts.iter().map(ToString::to_string).collect()),
        _ => None,
    }
}

/// All header fields as they stand in the message, each on one line.
fn headers(message: &Message<'_>, headers: &[Header<'_>]) -> Value {
    let place = |at: u32| usize::try_from(at).unwrap_or(usize::MAX);
    let all = headers.iter().map(|header| {
        let raw =
            message.raw_message.get(place(header.offset_start)..place(header.offset_end)).unwrap_or_default();
        let value = String::from_utf8_lossy(raw).replace(['\r', '\n'], "");
        let object = Object::new();
        set(&object, "name", Value::from(header.name.as_str()));
        set(&object, "value", Value::from(value.trim()));
        Value::Object(object)
    });
    list(all.collect())
}

struct Body<'a, 'x> {
    message: &'a Message<'x>,
    values: Object,
    attachments: Vec<Value>,
    count: usize,
}

impl Body<'_, '_> {
    /// The structure of a part; none of attachments, which are collected.
    fn part(&mut self, process: &Process, number: u32, depth: usize) -> Option<Object> {
        let message = self.message;
        let part = message.parts.get(usize::try_from(number).ok()?)?;
        let object = Object::new();
        match &part.body {
            PartType::Multipart(children) => {
                set(&object, "type", Value::from(media_type(part, "multipart/mixed").as_str()));
                let below = if depth < DEEPEST { children.as_slice() } else { &[] };
                let parts = below.iter().filter_map(|child| self.part(process, *child, depth + 1));
                let parts: Vec<Value> = parts.map(Value::Object).collect();
                // what only held one text and attachments is that text
                if parts.is_empty() && number != 0 {
                    return None;
                }
                set(&object, "subParts", list(parts));
            }
            PartType::Text(text) | PartType::Html(text) if !is_attachment(part) => {
                self.count += 1;
                let id = format!("p{:04}", self.count);
                let plain = if matches!(part.body, PartType::Html(_)) { "text/html" } else { "text/plain" };
                set(&object, "partId", Value::from(id.as_str()));
                set(&object, "type", Value::from(media_type(part, plain).as_str()));
                if let Some(charset) = part.content_type().and_then(|kind| kind.attribute("charset")) {
                    set(&object, "charset", Value::from(charset));
                }
                let value = Object::new();
                set(&value, "value", Value::from(text.as_ref()));
                if part.is_encoding_problem {
                    set(&value, "isEncodingProblem", Value::Boolean(true));
                    if let Some(encoding) = part.content_transfer_encoding() {
                        set(&object, "encoding", Value::from(encoding));
                    }
                }
                set(&self.values, &id, Value::Object(value));
            }
            _ => {
                self.attachments.push(attachment(process, part));
                return None;
            }
        }
        if let Some(disposition) = part.content_disposition() {
            set(&object, "disposition", Value::from(disposition.ctype()));
        }
        if let Some(location) = part.content_location() {
            set(&object, "location", Value::from(location));
        }
        if let Some(languages) = texts(part.content_language()) {
            set(&object, "language", list(languages.iter().map(|text| Value::from(text.as_str())).collect()));
        }
        if number != 0 {
            set(&object, "headers", headers(message, part.headers()));
        }
        Some(object)
    }
}

fn is_attachment(part: &MessagePart<'_>) -> bool {
    part.content_disposition().is_some_and(mail_parser::ContentType::is_attachment)
}

fn media_type(part: &MessagePart<'_>, plain: &str) -> String {
    part.content_type().map_or_else(
        || plain.to_owned(),
        |kind| match kind.subtype() {
            Some(sub) => format!("{}/{sub}", kind.ctype()).to_lowercase(),
            None => kind.ctype().to_lowercase(),
        },
    )
}

fn attachment(process: &Process, part: &MessagePart<'_>) -> Value {
    let bytes = part.contents().to_vec();
    let disposition = part.content_disposition();
    let cid = part.content_id().unwrap_or_default().to_owned();
    let default = if cid.is_empty() { "attachment" } else { "inline" };
    let plain = if part.is_message() { "message/rfc822" } else { "application/octet-stream" };
    Attachment {
        name: part.attachment_name().unwrap_or_default().to_owned(),
        cid,
        kind: media_type(part, plain),
        disposition: disposition.map_or(default, |told| told.ctype()).to_owned(),
        path: None,
        size: disposition.and_then(|told| told.attribute("size")?.parse().ok()),
        content: Blob::new(bytes),
    }
    .object(process)
}
