//! From an Email object to MIME. `Source: commands/mail-convert-to-mime, API/EmailObjectClass`

use super::charset::Charset;
use super::digest::encode;
use super::mail::Attachment;
use super::parameters::AnyCollection;
use crate::value::{ErrorCode, Fault, Object, Result, Value, convert};
use crate::vm::Process;
use std::fmt::Write;

/// How texts are written: the constants `mail mode …`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Utf8,
    Utf8Base64,
    Latin1,
    Japanese,
}

impl Mode {
    fn of(options: Option<&Object>, name: &str) -> Result<Self> {
        match options.map_or(Value::Null, |options| options.get(name)) {
            Value::Null | Value::Undefined => Ok(Self::Utf8),
            Value::Text(text) => match text.as_str() {
                "" | "US-ASCII_UTF8_QP" => Ok(Self::Utf8),
                "US-ASCII_UTF8_B64" => Ok(Self::Utf8Base64),
                "ISO-8859-1" => Ok(Self::Latin1),
                "US-ASCII_ISO-2022-JP_UTF8_QP" => Ok(Self::Japanese),
                other => Err(refused(format!("There is no mode {other:?} for mails"))),
            },
            _ => Err(refused(format!("`{name}` is a text"))),
        }
    }

    /// The name of a character set that takes the whole text, and its bytes.
    fn encode(self, text: &str) -> (&'static str, Vec<u8>) {
        let fits = |name: &'static str| {
            let charset = Charset::by_name(name)?;
            let bytes = charset.encode(text);
            (charset.decode(&bytes) == text).then_some((name, bytes))
        };
        let found = match self {
            Self::Latin1 => fits("ISO-8859-1"),
            Self::Japanese => fits("ISO-2022-JP"),
            Self::Utf8 | Self::Utf8Base64 => None,
        };
        found.unwrap_or_else(|| ("UTF-8", text.as_bytes().to_vec()))
    }
}

fn refused(message: impl Into<String>) -> Fault {
    Fault::new(ErrorCode::ArgumentType, message)
}

/// Source: commands/mail-convert-to-mime
pub(super) fn convert_to_mime(
    process: &mut Process,
    mail: Object,
    options: Option<Object>,
) -> Result<String> {
    let (head, body) =
        (Mode::of(options.as_ref(), "headerCharset")?, Mode::of(options.as_ref(), "bodyCharset")?);
    let mut writer = Writer { process, head, body, out: String::new() };
    writer.headers(&mail)?;
    let part = writer.message(&mail)?;
    writer.part(&part);
    Ok(writer.out)
}

/// A part of the message.
enum Part {
    Text { kind: String, text: String, headers: Vec<(String, String)> },
    Attachment(Attachment),
    Multi { kind: String, parts: Vec<Part> },
}

struct Writer<'a> {
    process: &'a mut Process,
    head: Mode,
    body: Mode,
    out: String,
}

/// The header fields that properties of the mail stand for; `headers` does not give them again.
const KNOWN: &[&str] = &[
    "mime-version",
    "date",
    "message-id",
    "sender",
    "from",
    "to",
    "cc",
    "bcc",
    "reply-to",
    "in-reply-to",
    "references",
    "subject",
    "comments",
    "keywords",
    "content-type",
    "content-transfer-encoding",
    "content-disposition",
];

/// A value for a header field: line ends would begin another field.
fn one_line(text: &str) -> String {
    text.split(['\r', '\n', '\0'])
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect::<Vec<_>>()
        .join(" ")
}

fn text_of(mail: &Object, name: &str) -> Result<String> {
    match mail.get(name) {
        Value::Null | Value::Undefined => Ok(String::new()),
        value => convert::to_text(&value).map(|text| text.to_string()),
    }
}

fn bracketed(id: &str) -> String {
    let id = one_line(id);
    let ids =
        id.split_whitespace().map(|id| if id.starts_with('<') { id.to_owned() } else { format!("<{id}>") });
    ids.collect::<Vec<_>>().join(" ")
}

impl Writer<'_> {
    fn field(&mut self, name: &str, value: &str) {
        let _ = write!(self.out, "{name}: {value}\r\n");
    }

    fn random(&self) -> String {
        let mut bytes = [0; 16];
        self.process.shared.host.random().fill(&mut bytes);
        bytes.iter().fold(String::new(), |mut out, byte| {
            let _ = write!(out, "{byte:02X}");
            out
        })
    }

    fn headers(&mut self, mail: &Object) -> Result<()> {
        self.field("MIME-Version", "1.0");
        let date = self.date(&text_of(mail, "sendAt")?)?;
        self.field("Date", &date);
        let id = text_of(mail, "messageId")?;
        let id = if id.is_empty() { format!("<{}>", self.random()) } else { bracketed(&id) };
        self.field("Message-ID", &id);
        let from = self.addresses(&mail.get("from"))?;
        let sender = self.addresses(&mail.get("sender"))?;
        if let Some(sender) = sender.first().or_else(|| from.first()) {
            self.field("Sender", &sender.clone());
        }
        for (name, list) in [
            ("From", from),
            ("To", self.addresses(&mail.get("to"))?),
            ("Cc", self.addresses(&mail.get("cc"))?),
            ("Bcc", self.addresses(&mail.get("bcc"))?),
            ("Reply-To", self.addresses(&mail.get("replyTo"))?),
        ] {
            for address in list {
                self.field(name, &address);
            }
        }
        let replied = text_of(mail, "inReplyTo")?;
        if !replied.is_empty() {
            self.field("In-Reply-To", &bracketed(&replied));
        }
        if let Some(ids) = AnyCollection::of(&mail.get("references")).filter(|ids| !ids.is_empty()) {
            let ids: Vec<String> =
                ids.values().iter().filter_map(plain_text).map(|id| bracketed(&id)).collect();
            self.field("References", &ids.join("\r\n "));
        }
        let comments = text_of(mail, "comments")?;
        if !comments.is_empty() {
            let comments = self.words(&comments, "Comments".len() + 2);
            self.field("Comments", &comments);
        }
        if let Value::Object(keywords) = mail.get("keywords") {
            let set = keywords.entries().into_iter().filter(|(_, value)| convert::truthy(value));
            let names: Vec<String> = set.map(|(name, _)| one_line(&name)).collect();
            if !names.is_empty() {
                self.field("Keywords", &names.join(", "));
            }
        }
        self.own_headers(mail)?;
        let subject = self.words(&text_of(mail, "subject")?, "Subject".len() + 2);
        self.field("Subject", &subject);
        Ok(())
    }

    /// Header fields that the mail brings itself.
    fn own_headers(&mut self, mail: &Object) -> Result<()> {
        let Some(headers) = AnyCollection::of(&mail.get("headers")) else { return Ok(()) };
        for header in headers.values() {
            let Value::Object(header) = header else { continue };
            let name = text_of(&header, "name")?;
            let good = name.chars().all(|c| c.is_ascii_graphic() && c != ':');
            if name.is_empty() || !good || KNOWN.contains(&name.to_lowercase().as_str()) {
                continue;
            }
            let value = self.words(&text_of(&header, "value")?, name.len() + 2);
            self.field(&name, &value);
        }
        Ok(())
    }

    /// `Thu, 11 Oct 2018 15:42:25 GMT`
    fn date(&self, told: &str) -> Result<String> {
        let moment = if told.is_empty() {
            jiff::Timestamp::try_from(self.process.shared.host.clock().now()).unwrap_or_default()
        } else {
            told.parse().map_err(|_| {
                refused(format!("`sendAt` is a moment like 2020-09-13T16:11:53Z, not {told:?}"))
            })?
        };
        Ok(moment.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string())
    }

    /// Addresses as they stand in headers, one each. They are a text, an object, or a collection of these.
    fn addresses(&self, value: &Value) -> Result<Vec<String>> {
        Ok(match value {
            Value::Null | Value::Undefined => Vec::new(),
            Value::Text(text) => {
                split_addresses(text).iter().filter_map(|one| self.address_text(one)).collect()
            }
            Value::Object(object) => {
                let (name, email) = (text_of(object, "name")?, text_of(object, "email")?);
                if email.is_empty() { Vec::new() } else { vec![self.address(&name, &email)] }
            }
            other => {
                let Some(list) = AnyCollection::of(other) else {
                    return Err(refused("Addresses of mails are texts, objects or collections"));
                };
                let mut found = Vec::new();
                for value in list.values() {
                    if AnyCollection::of(&value).is_some() {
                        return Err(refused("A collection of addresses holds texts and objects"));
                    }
                    found.extend(self.addresses(&value)?);
                }
                found
            }
        })
    }

    /// `somebody@domain.com`, `Somebody somebody@domain.com` or `Somebody <somebody@domain.com>`
    fn address_text(&self, text: &str) -> Option<String> {
        let text = text.trim();
        if let Some((name, rest)) = text.split_once('<') {
            return Some(self.address(name.trim().trim_matches('"'), rest.trim_end_matches('>')));
        }
        match text.rsplit_once(char::is_whitespace) {
            Some((name, email)) if email.contains('@') => {
                Some(self.address(name.trim().trim_matches('"'), email))
            }
            _ if text.is_empty() => None,
            _ => Some(self.address("", text)),
        }
    }

    fn address(&self, name: &str, email: &str) -> String {
        let email = one_line(email).replace(['<', '>'], "");
        let name = one_line(name);
        if name.is_empty() {
            return email;
        }
        if !name.is_ascii() {
            return format!("{} <{email}>", self.words(&name, 10));
        }
        let plain = name.chars().all(|c| c.is_ascii_alphanumeric() || " !#$%&'*+-/=?^_`{|}~".contains(c));
        if plain {
            format!("{name} <{email}>")
        } else {
            format!("\"{}\" <{email}>", name.replace('\\', "\\\\").replace('"', "\\\""))
        }
    }

    /// A text in a header: as it is, or in encoded words of at most 75 characters (RFC 2047).
    fn words(&self, text: &str, indent: usize) -> String {
        let text = one_line(text);
        if text.is_ascii() {
            return text;
        }
        let base64 = self.head == Mode::Utf8Base64;
        let (charset, _) = self.head.encode(&text);
        let set = Charset::by_name(charset).unwrap_or(Charset::Utf8);
        let room = 75 - "=?".len() - charset.len() - "?Q??=".len();
        let encoded = |part: &str| {
            let bytes = set.encode(part);
            if base64 { encode(&bytes, false) } else { q_word(&bytes) }
        };
        let mut words: Vec<String> = Vec::new();
        let mut part = String::new();
        for character in text.chars() {
            let room = if words.is_empty() { room.saturating_sub(indent) } else { room };
            let mut longer = part.clone();
            longer.push(character);
            if !part.is_empty() && encoded(&longer).len() > room {
                words.push(encoded(&part));
                part = character.to_string();
            } else {
                part = longer;
            }
        }
        words.push(encoded(&part));
        let letter = if base64 { 'B' } else { 'Q' };
        let words = words.iter().map(|word| format!("=?{charset}?{letter}?{word}?="));
        words.collect::<Vec<_>>().join("\r\n ")
    }

    /// What the message is made of.
    fn message(&mut self, mail: &Object) -> Result<Part> {
        let mut body = match (mail.get("bodyStructure"), mail.get("bodyValues")) {
            (Value::Object(structure), Value::Object(values)) => structured(&structure, &values, 0)?,
            _ => None,
        };
        if body.is_none() {
            let (text, html) = (text_of(mail, "textBody")?, text_of(mail, "htmlBody")?);
            let part =
                |kind: &str, text: String| Part::Text { kind: kind.to_owned(), text, headers: Vec::new() };
            body = Some(match (text.is_empty(), html.is_empty()) {
                (false, false) => Part::Multi {
                    kind: "multipart/alternative".to_owned(),
                    parts: vec![part("text/plain", text), part("text/html", html)],
                },
                (true, false) => part("text/html", html),
                _ => part("text/plain", text),
            });
        }
        let Some(mut body) = body else { return Err(refused("The mail has no body")) };
        let attachments = attachments(mail)?;
        let (inline, plain): (Vec<_>, Vec<_>) = attachments
            .into_iter()
            .partition(|attachment| attachment.disposition.eq_ignore_ascii_case("inline"));
        for (kind, attachments) in [("multipart/related", inline), ("multipart/mixed", plain)] {
            if attachments.is_empty() {
                continue;
            }
            let mut parts = match body {
                Part::Multi { kind: own, parts } if own == kind => parts,
                other => vec![other],
            };
            parts.extend(attachments.into_iter().map(Part::Attachment));
            body = Part::Multi { kind: kind.to_owned(), parts };
        }
        Ok(body)
    }

    /// Writes a part: its headers, an empty line, its content.
    fn part(&mut self, part: &Part) {
        match part {
            Part::Text { kind, text, headers } => self.text_part(kind, text, headers),
            Part::Attachment(attachment) => self.attachment(attachment),
            Part::Multi { kind, parts } => {
                let boundary = self.random();
                self.field("Content-Type", &format!("{kind}; boundary=\"{boundary}\""));
                self.out.push_str("\r\n");
                for part in parts {
                    let _ = write!(self.out, "--{boundary}\r\n");
                    self.part(part);
                    if !self.out.ends_with("\r\n") {
                        self.out.push_str("\r\n");
                    }
                }
                let _ = write!(self.out, "--{boundary}--\r\n");
            }
        }
    }

    fn text_part(&mut self, kind: &str, text: &str, headers: &[(String, String)]) {
        let (charset, bytes) = self.body.encode(text);
        let encoding = match (self.body, charset) {
            (Mode::Latin1, "ISO-8859-1") => "8bit",
            (Mode::Japanese, "ISO-2022-JP") => "7bit",
            (Mode::Utf8Base64, _) => "base64",
            _ => "quoted-printable",
        };
        self.field("Content-Type", &format!("{kind}; charset=\"{charset}\""));
        self.field("Content-Transfer-Encoding", encoding);
        for (name, value) in headers {
            self.field(name, &one_line(value));
        }
        self.out.push_str("\r\n");
        match encoding {
            "base64" => self.base64(&bytes),
            "quoted-printable" => quoted_printable(&lines(text), &mut self.out),
            // the MIME is a text itself: its bytes are those of the character set
            "7bit" => self.out.push_str(&lines(&String::from_utf8_lossy(&bytes))),
            _ => self.out.push_str(&lines(text)),
        }
    }

    fn base64(&mut self, bytes: &[u8]) {
        let text = encode(bytes, false);
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (line, tail) = rest.split_at(rest.len().min(76));
            let _ = write!(self.out, "{line}\r\n");
            rest = tail;
        }
    }

    fn attachment(&mut self, attachment: &Attachment) {
        let name = self.words(&attachment.name, 20).replace('"', "'");
        let kind = one_line(&attachment.kind);
        let disposition = one_line(&attachment.disposition);
        self.field("Content-Type", &format!("{kind}; name=\"{name}\""));
        self.field("Content-Transfer-Encoding", "base64");
        let size = attachment.content.len();
        self.field("Content-Disposition", &format!("{disposition}; filename=\"{name}\"; size={size}"));
        if !attachment.cid.is_empty() {
            self.field("Content-ID", &format!("<{}>", one_line(&attachment.cid)));
        }
        self.out.push_str("\r\n");
        self.base64(&attachment.content);
    }
}

fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        _ => None,
    }
}

/// Commas part addresses, but not in quotes.
fn split_addresses(text: &str) -> Vec<String> {
    let mut found = vec![String::new()];
    let mut quoted = false;
    for character in text.chars() {
        quoted ^= character == '"';
        match found.last_mut() {
            Some(last) if character != ',' || quoted => last.push(character),
            _ => found.push(String::new()),
        }
    }
    found
}

/// The part that an `EmailBodyPart` object tells of, with its values.
fn structured(structure: &Object, values: &Object, depth: usize) -> Result<Option<Part>> {
    let kind = text_of(structure, "type")?;
    let kind = if kind.is_empty() { "text/plain".to_owned() } else { one_line(&kind) };
    if let Some(children) = AnyCollection::of(&structure.get("subParts")) {
        let mut parts = Vec::new();
        for child in children.values() {
            if let (Value::Object(child), true) = (child, depth < 100) {
                parts.extend(structured(&child, values, depth + 1)?);
            }
        }
        return Ok(Some(Part::Multi { kind, parts }));
    }
    let id = match text_of(structure, "partId")? {
        id if id.is_empty() => text_of(structure, "partID")?,
        id => id,
    };
    let Value::Object(value) = values.get(&id) else { return Ok(None) };
    let mut headers = Vec::new();
    for (name, property) in [("Content-Disposition", "disposition"), ("Content-Location", "location")] {
        let told = text_of(structure, property)?;
        if !told.is_empty() {
            headers.push((name.to_owned(), told));
        }
    }
    Ok(Some(Part::Text { kind, text: text_of(&value, "value")?, headers }))
}

fn attachments(mail: &Object) -> Result<Vec<Attachment>> {
    let all = match mail.get("attachments") {
        Value::Null | Value::Undefined => return Ok(Vec::new()),
        value => AnyCollection::of(&value).ok_or_else(|| refused("`attachments` is a collection"))?,
    };
    let found = all.values().iter().map(Attachment::of_value).collect::<Option<Vec<_>>>();
    found.ok_or_else(|| refused("`attachments` holds what `MAIL New attachment` makes"))
}

/// A text with the line ends of mails.
fn lines(text: &str) -> String {
    super::paths::Break::CrLf.apply(text)
}

/// Quoted-printable for encoded words: spaces are `_`.
fn q_word(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        match byte {
            b' ' => out.push('_'),
            byte if byte.is_ascii_alphanumeric() || b"!*+-/".contains(byte) => out.push(char::from(*byte)),
            byte => {
                let _ = write!(out, "={byte:02X}");
            }
        }
        out
    })
}

/// Lines of at most 76 characters (RFC 2045).
fn quoted_printable(text: &str, out: &mut String) {
    for (number, line) in text.split("\r\n").enumerate() {
        if number > 0 {
            out.push_str("\r\n");
        }
        let mut width = 0;
        let bytes = line.as_bytes();
        for (at, byte) in bytes.iter().enumerate() {
            let last = at + 1 == bytes.len();
            let plain = matches!(byte, b'!'..=b'<' | b'>'..=b'~') || (matches!(byte, b' ' | b'\t') && !last);
            let needed = if plain { 1 } else { 3 };
            if width + needed > 75 {
                out.push_str("=\r\n");
                width = 0;
            }
            if plain {
                out.push(char::from(*byte));
            } else {
                let _ = write!(out, "={byte:02X}");
            }
            width += needed;
        }
    }
}
