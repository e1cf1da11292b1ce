//! The class 4D.MailAttachment. `Source: API/MailAttachmentClass`

use crate::command::bind::{Parameter, Reader};
use crate::command::blob::blob_object;
use crate::command::mail::{Attachment, new_attachment};
use crate::value::{Result, Text, Value};
use crate::vm::Process;

members! {
    "4D.MailAttachment" {
        /// The same as the command `MAIL New attachment`.
        new "new" (file; name; cid; type; disposition) => |process: &mut Process, _class: Value, source: Value, name: Option<Text>, cid: Option<Text>, kind: Option<Text>, disposition: Option<Text>| {
            new_attachment(process, source, name, cid, kind, disposition)
        };
        /// Its identity in the HTML of the message; empty if it has none.
        get "cid" () => |attachment: Attachment| attachment.cid;
        /// `attachment` or `inline`.
        get "disposition" () => |attachment: Attachment| attachment.disposition;
        /// The name, with the extension.
        get "name" () => |attachment: Attachment| attachment.name;
        /// The POSIX path of the file it was made of; empty if there is none.
        get "path" () => |attachment: Attachment| attachment.path.map_or_else(String::new, |place| place.posix());
        /// The path of the file it was made of, as the operating system takes it.
        get "platformPath" () => |attachment: Attachment| attachment.path.map_or_else(String::new, |place| place.platform());
        /// What the message says of its size; else how many bytes it has.
        get "size" () => |attachment: Attachment| attachment.size.map_or(attachment.content.len() as i64, i64::from);
        /// What it is: `image/png` …
        get "type" () => |attachment: Attachment| attachment.kind;
        /// All bytes.
        function "getContent" () => |process: &mut Process, attachment: Attachment| blob_object(process, attachment.content);
    }
}

/// What a member is called on.
impl Parameter for Attachment {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        Self::of_value(&value).ok_or_else(|| reader.mismatch("an attachment", &value))
    }
}
