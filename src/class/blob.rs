//! 4D.Blob: bytes as an object, never altered. `Source: API/BlobClass`

use crate::command::blob::{AnyBlob, blob_object};
use crate::value::{Blob, Value};
use crate::vm::Process;

members! {
    "4D.Blob" {
        /// Makes an object of a copy of another BLOB's bytes, or an empty one.
        new "new" (blob) => |process: &mut Process, _class: Value, blob: Option<AnyBlob>| {
            blob_object(process, blob.unwrap_or_default().0)
        };
        /// How many bytes there are.
        get "size" () => |blob: AnyBlob| blob.0.len() as i64;
        /// A part of the bytes as a new object; negative places count from the end.
        function "slice" (start; end) => slice;
    }
}

fn slice(process: &mut Process, blob: AnyBlob, start: Option<i64>, end: Option<i64>) -> Value {
    let size = blob.0.len();
    let place = |at: i64| {
        let length = i64::try_from(size).unwrap_or(i64::MAX);
        let at = if at < 0 { at.saturating_add(length) } else { at };
        usize::try_from(at).unwrap_or(0).min(size)
    };
    let (start, end) = (start.map_or(0, place), end.map_or(size, place));
    if (start, end) == (0, size) {
        return blob_object(process, blob.0);
    }
    let part = blob.0.get(start..end).unwrap_or_default().to_vec();
    blob_object(process, Blob::new(part))
}
