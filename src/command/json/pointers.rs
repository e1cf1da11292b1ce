//! `JSON Resolve pointers`: objects of the form `{"$ref": "file#/path"}` are replaced by what they refer to.
//! `Source: commands/json-resolve-pointers`

use super::parse;
use crate::command::bind::{Parameter, Reader};
use crate::command::parameters::AnyObject;
use crate::value::{Collection, Object, Result, Text, Value, convert, deep_copy};
use crate::vm::Process;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::{Path, PathBuf};

const REF: &str = "$ref";
/// References may lead to references; this many in a row is a circle.
const MOST: usize = 1000;

/// The object, or the variable that holds it and gets another one if the whole is replaced.
pub(super) struct Place(Value);

impl Parameter for Place {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        reader.take().map(Self)
    }
}

struct Resolver {
    merge: bool,
    root: PathBuf,
    /// Documents read, by path; the object itself has the empty path.
    documents: FxHashMap<PathBuf, Value>,
    errors: Vec<Value>,
    seen: FxHashSet<usize>,
}

/// Source: commands/json-resolve-pointers
pub(super) fn resolve_pointers(
    process: &mut Process,
    place: Place,
    options: Option<AnyObject>,
) -> Result<Object> {
    let object = process.read_variable(&place.0)?;
    let option = |name: &str| match &options {
        Some(AnyObject::Private(options)) => options.get(name),
        Some(AnyObject::Shared(options)) => options.get(name).map_or(Value::Undefined, Value::from),
        None => Value::Undefined,
    };
    let merge = convert::as_boolean(&option("merge")).unwrap_or(false);
    let root = convert::as_text(&option("rootFolder"))
        .map_or_else(PathBuf::new, |path| PathBuf::from(path.as_str()));
    let mut resolver = Resolver {
        merge,
        root,
        documents: FxHashMap::default(),
        errors: Vec::new(),
        seen: FxHashSet::default(),
    };
    resolver.documents.insert(PathBuf::new(), object.clone());
    let value = resolver.resolved(process, object.clone(), Path::new(""));
    resolver.inside(process, &value, Path::new(""));
    let same = match (&value, &object) {
        (Value::Object(a), Value::Object(b)) => a.ptr_eq(b),
        _ => false,
    };
    if !same
        && matches!(value, Value::Object(_))
        && matches!(place.0, Value::Special(_) | Value::Cell(_) | Value::Pointer(_))
    {
        process.write_variable(&place.0, value.clone())?;
    }
    let result = Object::new();
    result.set(&Text::from("success"), Value::Boolean(resolver.errors.is_empty()));
    result.set(&Text::from("value"), value);
    if !resolver.errors.is_empty() {
        result.set(&Text::from("errors"), Value::Collection(Collection::from_values(resolver.errors)));
    }
    Ok(result)
}

impl Resolver {
    /// Resolves all references inside a value of the document at `document`.
    fn inside(&mut self, process: &mut Process, value: &Value, document: &Path) {
        let mut open = vec![(value.clone(), document.to_path_buf())];
        while let Some((value, document)) = open.pop() {
            match &value {
                Value::Object(object) if self.seen.insert(object.address()) => {
                    for (name, member) in object.entries() {
                        let (member, from) = self.followed(process, member, &document);
                        if let Some(from) = from {
                            object.set(&name, member.clone());
                            open.push((member, from));
                        } else {
                            open.push((member, document.clone()));
                        }
                    }
                }
                Value::Collection(items) if self.seen.insert(items.address()) => {
                    for (at, item) in (0i64..).zip(items.to_vec()) {
                        let (item, from) = self.followed(process, item, &document);
                        if from.is_some() {
                            drop(items.set(at, item.clone()));
                        }
                        open.push((item, from.unwrap_or_else(|| document.clone())));
                    }
                }
                _ => {}
            }
        }
    }

    fn resolved(&mut self, process: &mut Process, value: Value, document: &Path) -> Value {
        self.followed(process, value, document).0
    }

    /// What a reference leads to, and the document that was found in; other values as they are.
    fn followed(&mut self, process: &mut Process, value: Value, document: &Path) -> (Value, Option<PathBuf>) {
        let mut value = value;
        let mut from: Option<PathBuf> = None;
        for _ in 0..MOST {
            let Value::Object(object) = &value else { return (value, from) };
            let Value::Text(uri) = object.get(REF) else { return (value, from) };
            let here = from.as_deref().unwrap_or(document).to_path_buf();
            match self.target(process, uri.as_str(), &here) {
                Ok((target, path)) => {
                    let target = if self.merge { merged(&target, object) } else { target };
                    value = target;
                    from = Some(path);
                }
                Err((message, path)) => {
                    self.error(uri.as_str(), message, &path);
                    return (value, from);
                }
            }
        }
        if let Value::Object(object) = &value
            && let Value::Text(uri) = object.get(REF)
        {
            self.error(uri.as_str(), "The reference leads to itself".to_owned(), document);
        }
        (value, None)
    }

    fn error(&mut self, uri: &str, message: String, path: &Path) {
        let error = Object::new();
        error.set(&Text::from("code"), Value::Integer(crate::value::ErrorCode::Json as i32));
        error.set(&Text::from("message"), Value::from(message));
        error.set(&Text::from("pointerURI"), Value::from(uri));
        error.set(&Text::from("referredPath"), Value::from(path.display().to_string()));
        self.errors.push(Value::Object(error));
    }

    fn target(
        &mut self,
        process: &mut Process,
        uri: &str,
        here: &Path,
    ) -> std::result::Result<(Value, PathBuf), (String, PathBuf)> {
        let (file, pointer) = uri.split_once('#').unwrap_or((uri, ""));
        if file.starts_with("http:") || file.starts_with("https:") {
            return Err(("References over the network are not supported".to_owned(), PathBuf::from(file)));
        }
        let path = if file.is_empty() { here.to_path_buf() } else { self.path(file, here) };
        if !self.documents.contains_key(&path) {
            let read = process.shared.host.files().read(&path);
            let bytes =
                read.map_err(|error| (format!("The document cannot be read: {error}"), path.clone()))?;
            let text = String::from_utf8_lossy(&bytes);
            let value = parse::parse(&text).map_err(|fault| (fault.message.clone(), path.clone()))?;
            self.documents.insert(path.clone(), value);
        }
        let Some(document) = self.documents.get(&path) else { return Err((String::new(), path)) };
        match find(document, pointer) {
            Some(value) => Ok((value, path)),
            None => Err((format!("There is nothing at `{pointer}`"), path)),
        }
    }

    /// Relative to the document with the reference, or else to the root folder.
    fn path(&self, file: &str, here: &Path) -> PathBuf {
        match here.parent() {
            _ if file.starts_with('/') => PathBuf::from(file),
            Some(folder) if !here.as_os_str().is_empty() => folder.join(file),
            _ => self.root.join(file),
        }
    }
}

/// The properties of the target, with those beside `$ref` put over them. `Source: option merge`
fn merged(target: &Value, reference: &Object) -> Value {
    let (Value::Object(_), copy) = (target, deep_copy(target)) else { return target.clone() };
    if let Value::Object(copy) = &copy {
        for (name, value) in reference.entries() {
            if name.as_str() != REF {
                copy.set(&name, value);
            }
        }
    }
    copy
}

/// Follows a JSON pointer (RFC 6901); names are case sensitive.
fn find(document: &Value, pointer: &str) -> Option<Value> {
    let mut value = document.clone();
    for part in pointer.split('/').skip(1) {
        let name = part.replace("~1", "/").replace("~0", "~");
        value = match &value {
            Value::Object(object) => object.has(&name).then(|| object.get(&name))?,
            Value::Collection(items) => {
                let at = name.parse::<usize>().ok().filter(|at| *at < items.len())?;
                items.get_fast(at)
            }
            _ => return None,
        };
    }
    Some(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pointers_are_followed() {
        let Ok(document) = parse::parse(r#"{"a":{"b/c":[10,{"~":20}]}}"#) else { panic!("no JSON") };
        assert!(matches!(find(&document, "/a/b~1c/0"), Some(Value::Integer(10))));
        assert!(matches!(find(&document, "/a/b~1c/1/~0"), Some(Value::Integer(20))));
        assert!(find(&document, "/a/x").is_none());
        assert!(find(&document, "/a/b~1c/-").is_none());
        assert!(matches!(find(&document, ""), Some(Value::Object(_))));
    }
}
