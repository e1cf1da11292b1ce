//! Functions that look for equal values.

use super::extract::Path;
use super::list::{from_end, integer, place};
use crate::command::parameters::{AnyCollection, Integer};
use crate::value::convert::as_real;
use crate::value::ops::{Sensitivity, compare_text_with, equal_text, matches_text};
use crate::value::{Result, Text, Value};
use crate::vm::Process;
use rustc_hash::FxHashSet;
use std::cmp::Ordering;

/// Whether an element equals a value as `=` has it, with an `@` in the value as wildcard; values of
/// types that cannot be compared are different.
pub(super) fn is_equal(item: &Value, value: &Value, epsilon: f64) -> bool {
    match (item, value) {
        (Value::Integer(a), Value::Integer(b)) => a == b,
        (Value::Text(a), Value::Text(b)) => matches_text(a, b),
        (Value::Boolean(a), Value::Boolean(b)) => a == b,
        (Value::Date(a), Value::Date(b)) => a == b,
        (Value::Null | Value::Undefined, Value::Null | Value::Undefined) => true,
        (Value::Object(a), Value::Object(b)) => a.ptr_eq(b),
        (Value::Collection(a), Value::Collection(b)) => a.ptr_eq(b),
        (Value::SharedObject(a), Value::SharedObject(b)) => a.ptr_eq(b),
        (Value::SharedCollection(a), Value::SharedCollection(b)) => a.ptr_eq(b),
        (Value::Pointer(a), Value::Pointer(b)) => a == b,
        (Value::Cell(_), _) | (_, Value::Cell(_)) => false,
        _ => match (as_real(item), as_real(value)) {
            (Some(a), Some(b)) => same(a, b, epsilon),
            _ => false,
        },
    }
}

#[allow(clippy::float_cmp)] // infinities are equal to themselves
fn same(a: f64, b: f64, epsilon: f64) -> bool {
    a == b || (a - b).abs() <= epsilon
}

fn first_index(
    process: &Process,
    items: &AnyCollection,
    value: &Value,
    start: Option<Integer>,
) -> Option<usize> {
    let epsilon = process.rules.epsilon;
    let length = items.len();
    let start = from_end(start.unwrap_or(0), length);
    (start..length).find(|index| is_equal(&items.get(*index), value, epsilon))
}

pub(super) fn index_of(
    process: &mut Process,
    items: AnyCollection,
    value: Value,
    start: Option<Integer>,
) -> Integer {
    first_index(process, &items, &value, start).map_or(-1, integer)
}

pub(super) fn includes(
    process: &mut Process,
    items: AnyCollection,
    value: Value,
    start: Option<Integer>,
) -> bool {
    first_index(process, &items, &value, start).is_some()
}

/// From 0 on there is nothing to search, says the documentation.
pub(super) fn last_index_of(
    process: &mut Process,
    items: AnyCollection,
    value: Value,
    start: Option<Integer>,
) -> Integer {
    let epsilon = process.rules.epsilon;
    let length = items.len();
    let end = match start {
        None => length,
        Some(0) => 0,
        Some(start) => usize::try_from(place(start, length) + 1).unwrap_or(0).min(length),
    };
    (0..end).rev().find(|index| is_equal(&items.get(*index), &value, epsilon)).map_or(-1, integer)
}

pub(super) fn count(process: &mut Process, items: AnyCollection, path: Option<Text>) -> Result<Integer> {
    let path = path.map(|path| Path::parse(&path));
    let mut count = 0;
    for index in 0..items.len() {
        let item = items.get(index);
        let counts = match &path {
            None => !matches!(item, Value::Null | Value::Undefined),
            Some(path) => !matches!(path.read(process, &item)?, Value::Undefined | Value::Null),
        };
        count += usize::from(counts);
    }
    Ok(integer(count))
}

pub(super) fn count_values(
    process: &mut Process,
    items: AnyCollection,
    value: Value,
    path: Option<Text>,
) -> Result<Integer> {
    let epsilon = process.rules.epsilon;
    let path = path.map(|path| Path::parse(&path));
    let mut count = 0;
    for index in 0..items.len() {
        let item = items.get(index);
        let found = match &path {
            None => item,
            Some(path) => path.read(process, &item)?,
        };
        let counts = match (&found, &value) {
            // what is missing is no value
            (Value::Undefined, _) => false,
            _ => is_equal(&found, &value, epsilon),
        };
        count += usize::from(counts);
    }
    Ok(integer(count))
}

/// `ck diacritical`
pub(super) const DIACRITICAL: Integer = 8;

pub(super) fn equal(items: AnyCollection, others: AnyCollection, option: Option<Integer>) -> bool {
    let strict = option.unwrap_or(0) & DIACRITICAL != 0;
    // Pairs still to be looked at; those seen before are equal if the rest is.
    let mut open = vec![(Value::from(items), Value::from(others))];
    let mut seen = FxHashSet::default();
    while let Some((a, b)) = open.pop() {
        if let (Some(a), Some(b)) = (AnyCollection::of(&a), AnyCollection::of(&b)) {
            if !seen.insert((a.address(), b.address())) {
                continue;
            }
            if a.len() != b.len() {
                return false;
            }
            open.extend(a.values().into_iter().zip(b.values()));
            continue;
        }
        if let (Some((at_a, a)), Some((at_b, b))) = (properties(&a), properties(&b)) {
            if !seen.insert((at_a, at_b)) {
                continue;
            }
            if a.len() != b.len() {
                return false;
            }
            for ((name_a, value_a), (name_b, value_b)) in a.into_iter().zip(b) {
                if name_a != name_b {
                    return false;
                }
                open.push((value_a, value_b));
            }
            continue;
        }
        if !same_scalar(&a, &b, strict) {
            return false;
        }
    }
    true
}

/// The properties of an object in the order of their names.
fn properties(value: &Value) -> Option<(usize, Vec<(Text, Value)>)> {
    let (address, mut all) = match value {
        Value::Object(object) => (object.address(), object.entries()),
        Value::SharedObject(object) => {
            let entries = object.entries().into_iter().map(|(name, value)| (name, Value::from(value)));
            (object.address(), entries.collect())
        }
        _ => return None,
    };
    all.sort_by(|a, b| a.0.as_str().cmp(b.0.as_str()));
    Some((address, all))
}

fn same_scalar(a: &Value, b: &Value, strict: bool) -> bool {
    match (a, b) {
        (Value::Text(a), Value::Text(b)) if strict => {
            compare_text_with(a, b, Sensitivity::STRICT) == Ordering::Equal
        }
        (Value::Text(a), Value::Text(b)) => equal_text(a, b),
        (Value::Undefined, Value::Undefined) | (Value::Null, Value::Null) => true,
        (Value::Undefined | Value::Null, _) | (_, Value::Undefined | Value::Null) => false,
        (Value::Blob(a), Value::Blob(b)) => a.as_slice() == b.as_slice(),
        _ => is_equal(a, b, 0.0),
    }
}
