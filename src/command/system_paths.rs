//! Theme System Documents: commands that take paths apart and put them together, without looking
//! whether anything is there.

use super::parameters::{AnyObject, Integer, Star};
use crate::value::{ErrorCode, Fault, Object, Result, Text, Value, convert};
use crate::vm::Process;

commands! {
    /// Takes a path apart: `parentFolder`, `name`, `extension`, `isFolder`.
    1547 "Path to object" (path; pathType) thread_safe => path_to_object;
    /// Puts a path together from what `Path to object` gives.
    1548 "Object to path" (pathObject) thread_safe => object_to_path;
    /// Turns a path of the system into a POSIX path: here they are the same.
    1106 "Convert path system to POSIX" (systemPath; *) thread_safe => |path: Text, encode: Option<Star>| {
        if encode.is_some() { encoded(&path) } else { path.as_str().to_owned() }
    };
    /// Turns a POSIX path into a path of the system: here they are the same.
    1107 "Convert path POSIX to system" (posixPath; *) thread_safe => |path: Text, decode: Option<Star>| {
        if decode.is_some() { decoded(&path) } else { path.as_str().to_owned() }
    };
}

/// Source: commands/path-to-object
fn path_to_object(path: Text, _kind: Option<Integer>) -> Object {
    let whole = path.as_str();
    let is_folder = whole.ends_with('/');
    let trimmed = whole.strip_suffix('/').unwrap_or(whole);
    let (parent, full) = match trimmed.rfind('/') {
        Some(at) => trimmed.split_at(at + 1),
        None => ("", trimmed),
    };
    let (name, extension) = super::paths::split_name(full);
    let object = Object::new();
    object.set(&Text::from("parentFolder"), Value::from(parent));
    object.set(&Text::from("name"), Value::from(name));
    object.set(&Text::from("extension"), Value::from(extension));
    object.set(&Text::from("isFolder"), Value::Boolean(is_folder));
    object
}

/// Source: commands/object-to-path
fn object_to_path(process: &mut Process, object: AnyObject) -> Result<String> {
    let object = Value::from(object);
    let mut part = |name: &str| process.get_member_named(&object, &Text::from(name));
    let (parent, name, extension) = (part("parentFolder")?, part("name")?, part("extension")?);
    let is_folder = matches!(part("isFolder")?, Value::Boolean(true));
    let text = |value: &Value| match value {
        Value::Undefined | Value::Null => Ok(Text::default()),
        value => convert::to_text(value),
    };
    let (parent, name, extension) = (text(&parent)?, text(&name)?, text(&extension)?);
    if name.is_empty() {
        return Err(Fault::new(ErrorCode::ArgumentType, "`Object to path` needs an object with a `name`"));
    }
    let mut path = parent.as_str().to_owned();
    if !path.is_empty() && !path.ends_with('/') {
        path.push('/');
    }
    path.push_str(&name);
    if !extension.is_empty() && !extension.as_str().starts_with('.') {
        path.push('.');
    }
    path.push_str(&extension);
    if is_folder {
        path.push('/');
    }
    Ok(path)
}

/// A path as it stands in URLs: what is not plain is `%` and two digits. Source: commands/convert-path-system-to-posix
fn encoded(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"/-_.~:".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

pub(super) fn decoded(path: &str) -> String {
    let bytes = path.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        let digits = path.get(at + 1..at + 3).filter(|_| *byte == b'%');
        if let Some(decoded) = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            out.push(decoded);
            at += 3;
        } else {
            out.push(*byte);
            at += 1;
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}
