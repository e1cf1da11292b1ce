//! What all functions do with a collection, whether it is private or shared.

use crate::command::parameters::{AnyCollection, Integer};
use crate::value::shared::Caller;
use crate::value::{Collection, Result, SharedCollection, SharedValue, Value, element};
use crate::vm::Process;

pub(super) fn length(items: AnyCollection) -> Integer {
    integer(items.len())
}

pub(super) fn integer(number: usize) -> Integer {
    Integer::try_from(number).unwrap_or(Integer::MAX)
}

/// A private collection of values made by callbacks and the like.
pub(super) fn collect(values: Vec<Value>) -> Collection {
    let values = match values.iter().all(is_plain) {
        true => values,
        false => values.into_iter().map(element).collect(),
    };
    Collection::from_values(values)
}

const fn is_plain(value: &Value) -> bool {
    !matches!(value, Value::Undefined | Value::Special(_) | Value::Cell(_) | Value::Array(_) | Value::Time(_))
}

/// A new collection of the same kind: what comes from a shared collection is shared, and in its
/// group where it holds members of it.
pub(super) fn like(
    process: &mut Process,
    original: &AnyCollection,
    values: Vec<Value>,
) -> Result<AnyCollection> {
    let AnyCollection::Shared(original) = original else {
        return Ok(AnyCollection::Private(collect(values)));
    };
    let values = values.iter().map(SharedValue::try_from).collect::<Result<Vec<_>>>()?;
    let new = SharedCollection::new();
    let grouped = values.iter().any(|v| matches!(v, SharedValue::Object(_) | SharedValue::Collection(_)));
    if grouped {
        process.with_caller(|caller| new.group_with(&SharedValue::Collection(original.clone()), caller))?;
    }
    let new = AnyCollection::Shared(new);
    change(process, &new, |_| Ok(()), |items, caller| items.replace_all(values, caller))?;
    Ok(new)
}

/// Changes a collection; a shared one under `Use`.
pub(super) fn change<R>(
    process: &mut Process,
    items: &AnyCollection,
    private: impl FnOnce(&Collection) -> Result<R>,
    shared: impl FnOnce(&SharedCollection, Caller<'_>) -> Result<R>,
) -> Result<R> {
    match items {
        AnyCollection::Private(items) => private(items),
        AnyCollection::Shared(items) => {
            let used = Value::SharedCollection(items.clone());
            process.using(&used, |process| process.with_caller(|caller| shared(items, caller)))
        }
    }
}

/// Does several things with a collection that belong together; with a shared one under `Use`.
#[inline]
pub(super) fn locked<R>(
    process: &mut Process,
    items: &AnyCollection,
    act: impl FnOnce(&mut Process) -> Result<R>,
) -> Result<R> {
    match items {
        AnyCollection::Private(_) => act(process),
        AnyCollection::Shared(shared) => process.using(&Value::SharedCollection(shared.clone()), act),
    }
}

/// Puts other elements in place of all.
pub(super) fn replace_all(process: &mut Process, items: &AnyCollection, values: Vec<Value>) -> Result<()> {
    match items {
        AnyCollection::Private(items) => {
            items.replace_all(values);
            Ok(())
        }
        AnyCollection::Shared(_) => {
            let values = values.iter().map(SharedValue::try_from).collect::<Result<Vec<_>>>()?;
            change(process, items, |_| Ok(()), |items, caller| items.replace_all(values, caller))
        }
    }
}

/// An index that counts from the end where it is negative, not before the beginning.
pub(super) fn from_end(index: Integer, length: usize) -> usize {
    place(index, length).max(0).unsigned_abs().try_into().unwrap_or(usize::MAX)
}

/// The same, but maybe before the beginning.
pub(super) fn place(index: Integer, length: usize) -> i64 {
    let index = i64::from(index);
    if index < 0 { index + i64::try_from(length).unwrap_or(i64::MAX) } else { index }
}
