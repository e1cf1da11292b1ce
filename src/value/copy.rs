//! Deep copies: private, and shared. Neither recurses, so nothing is too deep; what refers to itself
//! refers to its copy in the copy. `Source: commands/ob-copy`

use super::shared::{Caller, SharedCollection, SharedObject, SharedValue};
use super::{Collection, Object, Result, Value};
use rustc_hash::FxHashMap;

/// The copies made so far by address, and those that are still empty.
struct Copies<T> {
    made: FxHashMap<usize, T>,
    open: Vec<(Value, T)>,
}

impl<T: Clone> Copies<T> {
    fn new() -> Self {
        Self { made: FxHashMap::default(), open: Vec::new() }
    }

    /// The copy of `source`: the one already made, or a new one to be filled later.
    fn of(&mut self, source: &Value, address: usize, make: impl FnOnce() -> Option<T>) -> Option<T> {
        if let Some(copy) = self.made.get(&address) {
            return Some(copy.clone());
        }
        let copy = make()?;
        self.made.insert(address, copy.clone());
        self.open.push((source.clone(), copy.clone()));
        Some(copy)
    }
}

/// A copy that is private all through, of private or shared values. An object of a built-in class
/// that cannot be copied gives Null.
#[must_use]
pub fn deep_copy(value: &Value) -> Value {
    let mut copies = Copies::new();
    let result = private(value, &mut copies);
    while let Some((source, copy)) = copies.open.pop() {
        match (source, copy) {
            (Value::Object(source), Value::Object(copy)) => {
                for (key, value) in source.entries() {
                    copy.set(&key, private(&value, &mut copies));
                }
            }
            (Value::SharedObject(source), Value::Object(copy)) => {
                for (key, value) in source.entries() {
                    copy.set(&key, private(&value.into(), &mut copies));
                }
            }
            (Value::Collection(source), Value::Collection(copy)) => {
                let items = source.to_vec();
                copy.replace_all(items.iter().map(|item| private(item, &mut copies)).collect());
            }
            (Value::SharedCollection(source), Value::Collection(copy)) => {
                let items = source.to_vec().into_iter();
                copy.replace_all(items.map(|item| private(&item.into(), &mut copies)).collect());
            }
            _ => {}
        }
    }
    result
}

fn private(value: &Value, copies: &mut Copies<Value>) -> Value {
    let copy = match value {
        Value::Object(object) => copies.of(value, object.address(), || {
            let origin = object.shape().origin();
            Some(Value::Object(match object.any_native() {
                Some(native) => Object::new_native(origin, native.copy()?),
                None => Object::of_root(origin),
            }))
        }),
        Value::SharedObject(object) => {
            copies.of(value, object.address(), || Some(Value::Object(Object::of_root(object.origin()))))
        }
        Value::Collection(collection) => {
            copies.of(value, collection.address(), || Some(Value::Collection(Collection::new())))
        }
        Value::SharedCollection(collection) => {
            copies.of(value, collection.address(), || Some(Value::Collection(Collection::new())))
        }
        Value::Cell(cell) => return private(&cell.get(), copies),
        scalar => return scalar.clone(),
    };
    copy.unwrap_or(Value::Null)
}

/// A copy that is shared all through, in the group of `group_with` or in one of its own. Fails where a
/// value is met that cannot be shared.
pub fn to_shared(value: &Value, group_with: Option<&SharedValue>, caller: Caller) -> Result<SharedValue> {
    let mut copies = Copies::new();
    let result = shared(value, &mut copies)?;
    if let Some(group) = group_with {
        match &result {
            SharedValue::Object(object) => object.group_with(group, caller)?,
            SharedValue::Collection(collection) => collection.group_with(group, caller)?,
            _ => {}
        }
    }
    // One group for all, used while it is filled; nobody else can reach the new members yet.
    let used = match &result {
        SharedValue::Object(object) => Some(object.use_enter(caller)?),
        SharedValue::Collection(collection) => Some(collection.use_enter(caller)?),
        _ => None,
    };
    while let Some((source, copy)) = copies.open.pop() {
        let mut properties = Vec::new();
        let mut items = Vec::new();
        match source {
            Value::Object(object) => properties = object.entries(),
            Value::SharedObject(object) => {
                let entries = object.entries().into_iter();
                properties = entries.map(|(key, value)| (key, value.into())).collect();
            }
            Value::Collection(collection) => items = collection.to_vec(),
            Value::SharedCollection(collection) => {
                items = collection.to_vec().into_iter().map(Value::from).collect();
            }
            _ => {}
        }
        match copy {
            SharedValue::Object(copy) => {
                for (key, value) in properties {
                    copy.set(&key, shared(&value, &mut copies)?, caller)?;
                }
            }
            SharedValue::Collection(copy) => {
                let items = items.iter().map(|item| shared(item, &mut copies));
                copy.replace_all(items.collect::<Result<_>>()?, caller)?;
            }
            _ => {}
        }
    }
    if let Some(used) = used {
        used.end()?;
    }
    Ok(result)
}

fn shared(value: &Value, copies: &mut Copies<SharedValue>) -> Result<SharedValue> {
    let copy =
        match value {
            Value::Object(object) => copies.of(value, object.address(), || {
                let plain = object.any_native().is_none();
                let origin = object.shape().origin();
                plain.then(|| SharedValue::Object(SharedObject::of_root(origin)))
            }),
            Value::SharedObject(object) => copies.of(value, object.address(), || {
                Some(SharedValue::Object(SharedObject::of_root(object.origin())))
            }),
            Value::Collection(collection) => copies
                .of(value, collection.address(), || Some(SharedValue::Collection(SharedCollection::new()))),
            Value::SharedCollection(collection) => copies
                .of(value, collection.address(), || Some(SharedValue::Collection(SharedCollection::new()))),
            Value::Cell(cell) => return shared(&cell.get(), copies),
            scalar => return SharedValue::try_from(scalar),
        };
    copy.ok_or_else(super::shared::not_sharable)
}
