//! Theme Mail: Email objects from and to MIME, and their attachments. Nothing here reaches a server.

use super::blob::{AnyBlob, TextOrBlob};
use super::paths::{Place, of_document, read_bytes};
use super::zip_archive::Zipped;
use super::{bind::Plain, mail_build, mail_parse};
use crate::value::{Blob, ErrorCode, Fault, Native, Object, PortableNative, Result, Text, Value};
use crate::vm::Process;

commands! {
    /// Makes an Email object of a MIME document.
    1681 "MAIL Convert from MIME" (mime) thread_safe => |process: &mut Process, mime: TextOrBlob| {
        mail_parse::convert_from_mime(process, mime)
    };
    /// Writes an Email object as a MIME document.
    1604 "MAIL Convert to MIME" (mail; options) thread_safe => mail_build::convert_to_mime;
    /// Makes an attachment for an Email object of a file, of a file in a ZIP archive, of a path or of bytes.
    1644 "MAIL New attachment" (file; name; cid; type; disposition) thread_safe => new_attachment;
}

/// The content of a 4D.MailAttachment object. `Source: API/MailAttachmentClass`
#[derive(Clone, Debug)]
pub(crate) struct Attachment {
    pub name: String,
    pub cid: String,
    /// `image/png` …
    pub kind: String,
    pub disposition: String,
    /// The file it was made of.
    pub path: Option<Place>,
    /// What the message said of its size.
    pub size: Option<i32>,
    pub content: Blob,
}

impl Native for Attachment {
    fn copy(&self) -> Option<Box<dyn Native>> {
        Some(Box::new(self.clone()))
    }

    fn portable(&self) -> Option<Box<dyn PortableNative>> {
        Some(Box::new(self.clone()))
    }
}

impl PortableNative for Attachment {
    fn arrive(self: Box<Self>) -> Box<dyn Native> {
        self
    }
}

impl Attachment {
    /// The object that stands for it.
    pub(crate) fn object(self, process: &Process) -> Value {
        let shape = process.shared.program.builtin_class("MailAttachment").root;
        Value::Object(Object::new_native(shape, Box::new(self)))
    }

    /// What a MailAttachment object holds.
    pub(crate) fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::Object(object) => object.native::<Self>().cloned(),
            _ => None,
        }
    }
}

/// Source: commands/mail-new-attachment
pub(crate) fn new_attachment(
    process: &mut Process,
    source: Value,
    name: Option<Text>,
    cid: Option<Text>,
    kind: Option<Text>,
    disposition: Option<Text>,
) -> Result<Value> {
    let (content, own_name, path) = content(process, source)?;
    let told = |text: Option<Text>| text.map(|text| text.to_string()).filter(|text| !text.is_empty());
    let name = told(name).unwrap_or(own_name);
    let cid = told(cid).map(|cid| cid.trim().to_owned()).unwrap_or_default();
    let default = if cid.is_empty() { "attachment" } else { "inline" };
    let kind = told(kind).unwrap_or_else(|| media_type(&name).to_owned());
    let disposition = told(disposition).unwrap_or_else(|| default.to_owned());
    Ok(Attachment { name, cid, kind, disposition, path, size: None, content }.object(process))
}

/// The bytes, a name, and the file if it is one.
fn content(process: &Process, source: Value) -> Result<(Blob, String, Option<Place>)> {
    let place = match &source {
        Value::Text(path) => Some(Place::file(of_document(process, path))),
        other => Place::of_value(other),
    };
    if let Some(place) = place {
        let bytes = read_bytes(process, &place.path)?;
        return Ok((bytes, place.full_name(), Some(place)));
    }
    if let Some(file) = Zipped::of_value(&source).filter(|file| !file.is_folder()) {
        return Ok((Blob::new(file.content()?), file.full_name(), None));
    }
    match AnyBlob::from_value(source) {
        Ok(blob) => {
            let mut number = [0; 16];
            process.shared.host.random().fill(&mut number);
            Ok((blob.0, uuid::Builder::from_random_bytes(number).into_uuid().simple().to_string(), None))
        }
        Err(other) => Err(Fault::new(
            ErrorCode::ArgumentType,
            format!("An attachment is made of a file, a path or a BLOB, not of {}", super::bind::in_words(&other)),
        )),
    }
}

/// What files with an extension are. `Source: commands/mail-new-attachment`
fn media_type(name: &str) -> &'static str {
    let extension = super::paths::split_name(name).1.to_lowercase();
    match extension.trim_start_matches('.') {
        "jpg" | "jpeg" => "image/jpeg",
        "png" => "image/png",
        "gif" => "image/gif",
        "pdf" => "application/pdf",
        "doc" => "application/msword",
        "xls" => "application/vnd.ms-excel",
        "ppt" => "application/vnd.ms-powerpoint",
        "zip" => "application/zip",
        "gz" => "application/gzip",
        "json" => "application/json",
        "js" => "application/javascript",
        "ps" => "application/postscript",
        "xml" => "application/xml",
        "htm" | "html" => "text/html",
        "mp3" => "audio/mpeg",
        _ => "application/octet-stream",
    }
}
