//! Functions that move elements without looking into them.

use super::list::{change, collect, from_end, like, locked, place, replace_all};
use crate::command::parameters::{AnyCollection, Integer, Rest};
use crate::value::{
    Collection, ErrorCode, Fault, Items, Result, SharedValue, Text, Value, convert, deep_copy, element,
    to_shared,
};
use crate::vm::Process;
use rustc_hash::FxHashSet;

pub(super) fn at(items: AnyCollection, index: Integer) -> Value {
    usize::try_from(place(index, items.len())).map_or(Value::Undefined, |index| items.get(index))
}

pub(super) fn first(items: AnyCollection) -> Value {
    items.get(0)
}

pub(super) fn last(items: AnyCollection) -> Value {
    items.len().checked_sub(1).map_or(Value::Undefined, |index| items.get(index))
}

pub(super) fn push(
    process: &mut Process,
    items: AnyCollection,
    first: Value,
    others: Rest<Value>,
) -> Result<AnyCollection> {
    let values = std::iter::once(first).chain(others.0);
    match &items {
        AnyCollection::Private(items) => {
            for value in values {
                items.push(element(value))?;
            }
        }
        AnyCollection::Shared(_) => splice(process, &items, |length| length, values.collect())?,
    }
    Ok(items)
}

pub(super) fn pop(process: &mut Process, items: AnyCollection) -> Result<Value> {
    change(
        process,
        &items,
        |items| Ok(items.pop()),
        |items, caller| Ok(items.pop(caller)?.map_or(Value::Undefined, Value::from)),
    )
}

pub(super) fn shift(process: &mut Process, items: AnyCollection) -> Result<Value> {
    change(
        process,
        &items,
        |items| Ok(items.remove(0, 1).get(0)),
        |items, caller| {
            Ok(items.remove(0, 1, caller)?.into_iter().next().map_or(Value::Undefined, Value::from))
        },
    )
}

pub(super) fn unshift(
    process: &mut Process,
    items: AnyCollection,
    first: Value,
    others: Rest<Value>,
) -> Result<AnyCollection> {
    let values = std::iter::once(first).chain(others.0).collect();
    splice(process, &items, |_| 0, values)?;
    Ok(items)
}

pub(super) fn insert(
    process: &mut Process,
    items: AnyCollection,
    index: Integer,
    value: Value,
) -> Result<AnyCollection> {
    splice(process, &items, |length| from_end(index, length), vec![value])?;
    Ok(items)
}

pub(super) fn combine(
    process: &mut Process,
    items: AnyCollection,
    others: AnyCollection,
    index: Option<Integer>,
) -> Result<AnyCollection> {
    let place = |length| index.map_or(length, |index| from_end(index, length));
    splice(process, &items, place, others.values())?;
    Ok(items)
}

/// Inserts values before the index that `place` gives for the length, or at the end where that is
/// beyond it.
fn splice(
    process: &mut Process,
    items: &AnyCollection,
    place: impl FnOnce(usize) -> usize,
    values: Vec<Value>,
) -> Result<()> {
    locked(process, items, |process| {
        let length = items.len();
        let index = place(length).min(length);
        match items {
            AnyCollection::Private(private) if index == length => {
                values.into_iter().try_for_each(|value| private.push(element(value)))
            }
            AnyCollection::Private(private) if values.len() == 1 => {
                values.into_iter().try_for_each(|value| private.insert(index, element(value)))
            }
            AnyCollection::Shared(shared) if values.len() == 1 => process.with_caller(|caller| {
                let mut values = values.iter().map(SharedValue::try_from);
                values.try_for_each(|value| shared.insert(index, value?, caller))
            }),
            _ => {
                let mut all = items.values();
                all.splice(index..index, values.into_iter().map(element));
                replace_all(process, items, all)
            }
        }
    })
}

pub(super) fn remove(
    process: &mut Process,
    items: AnyCollection,
    index: Integer,
    count: Option<Integer>,
) -> Result<AnyCollection> {
    let place = |length| from_end(index, length);
    let count = usize::try_from(count.unwrap_or(1)).unwrap_or(0);
    // What was removed is dropped when the collection is whole again.
    change(
        process,
        &items,
        |items| {
            drop(items.remove(place(items.len()), count));
            Ok(())
        },
        |items, caller| items.remove(place(items.len()), count, caller).map(drop),
    )?;
    Ok(items)
}

pub(super) fn resize(
    process: &mut Process,
    items: AnyCollection,
    size: Integer,
    fill: Option<Value>,
) -> Result<AnyCollection> {
    let size = usize::try_from(size).unwrap_or(0);
    let fill = element(fill.unwrap_or(Value::Null));
    change(
        process,
        &items,
        |items| items.resize(size, &fill),
        |items, caller| items.resize(size, SharedValue::try_from(&fill)?, caller),
    )?;
    Ok(items)
}

pub(super) fn fill(
    process: &mut Process,
    items: AnyCollection,
    value: Value,
    start: Option<Integer>,
    end: Option<Integer>,
) -> Result<AnyCollection> {
    let value = element(value);
    locked(process, &items, |process| {
        let length = items.len();
        let start = from_end(start.unwrap_or(0), length);
        let end = end.map_or(length, |end| from_end(end, length)).min(length);
        if (start, end) == (0, length) {
            return replace_all(process, &items, vec![value; length]);
        }
        change(
            process,
            &items,
            |items| (start..end).try_for_each(|index| items.set(number(index), value.clone())),
            |items, caller| {
                let value = SharedValue::try_from(&value)?;
                (start..end).try_for_each(|index| items.set(number(index), value.clone(), caller))
            },
        )
    })?;
    Ok(items)
}

fn number(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(i64::MAX)
}

pub(super) fn clear(process: &mut Process, items: AnyCollection) -> Result<AnyCollection> {
    replace_all(process, &items, Vec::new())?;
    Ok(items)
}

pub(super) fn concat(items: AnyCollection, first: Value, others: Rest<Value>) -> Result<Collection> {
    let all = match &items {
        AnyCollection::Private(items) => items.shallow_copy(),
        AnyCollection::Shared(_) => collect(items.values()),
    };
    for value in std::iter::once(first).chain(others.0) {
        match AnyCollection::of(&value) {
            Some(nested) => nested.values().into_iter().try_for_each(|value| all.push(value))?,
            None => all.push(element(value))?,
        }
    }
    Ok(all)
}

pub(super) fn slice(
    process: &mut Process,
    items: AnyCollection,
    start: Integer,
    end: Option<Integer>,
) -> Result<AnyCollection> {
    let length = items.len();
    let start = from_end(start, length);
    let end = end.map_or(length, |end| from_end(end, length)).min(length);
    if let AnyCollection::Private(items) = &items {
        let range = start..end.max(start);
        let part = items.with_items(|items| match items {
            Items::Booleans(all) => Items::Booleans(all.get(range).unwrap_or_default().to_vec()),
            Items::Integers(all) => Items::Integers(all.get(range).unwrap_or_default().to_vec()),
            Items::Reals(all) => Items::Reals(all.get(range).unwrap_or_default().to_vec()),
            Items::Values(all) => Items::Values(all.get(range).unwrap_or_default().to_vec()),
        });
        return Ok(AnyCollection::Private(Collection::from(part)));
    }
    let values = (start..end).map(|index| items.get(index)).collect();
    like(process, &items, values)
}

pub(super) fn reverse(process: &mut Process, items: AnyCollection) -> Result<AnyCollection> {
    if let AnyCollection::Private(items) = &items {
        let copy = items.shallow_copy();
        copy.with_items(|items| match items {
            Items::Booleans(all) => all.reverse(),
            Items::Integers(all) => all.reverse(),
            Items::Reals(all) => all.reverse(),
            Items::Values(all) => all.reverse(),
        });
        return Ok(AnyCollection::Private(copy));
    }
    let mut values = items.values();
    values.reverse();
    like(process, &items, values)
}

pub(super) fn flat(items: AnyCollection, depth: Option<Integer>) -> Result<Collection> {
    flatten(items, depth.unwrap_or(1)).map(collect)
}

/// How often a collection that holds itself may be put into its own place.
const MOST_ROUNDS: Integer = 8;

/// The elements of a collection, with those of nested collections in their place down to a depth.
pub(super) fn flatten(items: AnyCollection, depth: Integer) -> Result<Vec<Value>> {
    let mut result = Vec::with_capacity(items.len());
    // The collections that lie around the place the walk has come to: one that holds itself would
    // never end.
    let mut around = FxHashSet::default();
    around.insert(items.address());
    let mut open = vec![(items.address(), items.values().into_iter())];
    while let Some((address, rest)) = open.last_mut() {
        let address = *address;
        let Some(value) = rest.next() else {
            around.remove(&address);
            open.pop();
            continue;
        };
        match AnyCollection::of(&value) {
            Some(nested) if open.len() <= usize::try_from(depth).unwrap_or(0) => {
                if !around.insert(nested.address()) && depth > MOST_ROUNDS {
                    let message = "A collection that holds itself cannot be flattened";
                    return Err(Fault::new(ErrorCode::ArgumentType, message));
                }
                open.push((nested.address(), nested.values().into_iter()));
            }
            _ => result.push(value),
        }
    }
    Ok(result)
}

/// `ck resolve pointers`
const RESOLVE_POINTERS: Integer = 1;
/// `ck shared`
const SHARED: Integer = 2;

pub(super) fn copy(
    process: &mut Process,
    items: AnyCollection,
    option: Option<Integer>,
    group_with: Option<Value>,
) -> Result<Value> {
    let option = option.unwrap_or(0);
    let mut source = Value::from(items);
    if option & RESOLVE_POINTERS != 0 {
        source = deep_copy(&source);
        resolve_pointers(process, &source)?;
    }
    if option & SHARED == 0 {
        return Ok(if option & RESOLVE_POINTERS != 0 { source } else { deep_copy(&source) });
    }
    let group = match &group_with {
        None => None,
        Some(Value::SharedObject(object)) => Some(SharedValue::Object(object.clone())),
        Some(Value::SharedCollection(items)) => Some(SharedValue::Collection(items.clone())),
        Some(other) => {
            let message = format!(
                "Argument 2 of `Collection.copy` (`groupWith`) must be a shared object or collection, not {}",
                other.type_name()
            );
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
    };
    process.with_caller(|caller| to_shared(&source, group.as_ref(), caller)).map(Value::from)
}

/// Puts what they point to in place of pointers, all through a copy.
fn resolve_pointers(process: &mut Process, copy: &Value) -> Result<()> {
    let mut seen = FxHashSet::default();
    let mut open = vec![copy.clone()];
    while let Some(next) = open.pop() {
        match &next {
            Value::Object(object) if seen.insert(object.address()) => {
                for (key, value) in object.entries() {
                    if let Some(value) = resolved(process, &value)? {
                        object.set(&key, value);
                    }
                    open.push(object.get(&key));
                }
            }
            Value::Collection(items) if seen.insert(items.address()) => {
                for index in 0..items.len() {
                    if let Some(value) = resolved(process, &items.get_fast(index))? {
                        items.set(number(index), value)?;
                    }
                    open.push(items.get_fast(index));
                }
            }
            _ => {}
        }
    }
    Ok(())
}

fn resolved(process: &mut Process, value: &Value) -> Result<Option<Value>> {
    match value {
        Value::Pointer(pointer) if pointer.is_nil() => Ok(Some(Value::Null)),
        Value::Pointer(_) => Ok(Some(element(deep_copy(&process.read_variable(value)?)))),
        _ => Ok(None),
    }
}

/// `ck ignore null or empty`
const IGNORE_NULL_OR_EMPTY: Integer = 1;

pub(super) fn join(items: AnyCollection, delimiter: Option<Text>, option: Option<Integer>) -> Result<Text> {
    // the page demands a delimiter; programs leave it out and mean none
    let delimiter = delimiter.unwrap_or_default();
    let ignore = option.unwrap_or(0) & IGNORE_NULL_OR_EMPTY != 0;
    let mut result = Text::new();
    let mut begun = false;
    for value in items.values() {
        let text = in_text(&value);
        if ignore && (text.is_empty() || matches!(value, Value::Null | Value::Undefined)) {
            continue;
        }
        if begun {
            result.try_push_text(&delimiter)?;
        }
        result.try_push_text(&text)?;
        begun = true;
    }
    Ok(result)
}

/// An element as `join` writes it.
fn in_text(value: &Value) -> Text {
    match value {
        Value::Undefined | Value::Null => Text::from("null"),
        Value::Object(_) | Value::SharedObject(_) => Text::from("[object Object]"),
        Value::Collection(_) | Value::SharedCollection(_) => Text::from("[object Collection]"),
        other => convert::to_text(other).unwrap_or_default(),
    }
}
