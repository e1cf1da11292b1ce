//! `distinct`: each value once, in the order of values.

use super::extract::Path;
use super::list::integer;
use super::search::DIACRITICAL;
use super::sorting::{compare_any, compare_reals};
use crate::command::parameters::{AnyCollection, Integer};
use crate::value::convert::as_real;
use crate::value::ops::{Sensitivity, compare_text_with};
use crate::value::{Collection, ErrorCode, Fault, Object, Result, Text, Value};
use crate::vm::Process;
use rustc_hash::FxHashMap;
use std::cmp::Ordering;

/// `ck count values`
const COUNT_VALUES: Integer = 32;

/// What certainly is the same value, whatever the rules of comparison are.
#[derive(PartialEq, Eq, Hash)]
enum Exact {
    Text(Text),
    Number(u64),
    Boolean(bool),
    Date(crate::value::Date),
    Reference(usize),
}

fn exact(value: &Value) -> Option<Exact> {
    Some(match value {
        Value::Text(text) => Exact::Text(text.clone()),
        Value::Boolean(truth) => Exact::Boolean(*truth),
        Value::Date(date) => Exact::Date(*date),
        Value::Object(object) => Exact::Reference(object.address()),
        Value::SharedObject(object) => Exact::Reference(object.address()),
        Value::Collection(items) => Exact::Reference(items.address()),
        Value::SharedCollection(items) => Exact::Reference(items.address()),
        // 0 and -0 are one number
        other => Exact::Number((as_real(other)? + 0.0).to_bits()),
    })
}

pub(super) fn distinct(
    process: &mut Process,
    items: AnyCollection,
    path: Option<Value>,
    options: Option<Integer>,
) -> Result<Collection> {
    let (path, options) = match path {
        None => (None, options.unwrap_or(0)),
        Some(Value::Text(path)) => (Some(Path::parse(&path)), options.unwrap_or(0)),
        Some(number @ (Value::Integer(_) | Value::Real(_))) => {
            (None, crate::value::convert::as_integer(&number).unwrap_or(0))
        }
        Some(other) => {
            let message = format!(
                "Argument 1 of `Collection.distinct` must be a property path or options, not {}",
                other.type_name()
            );
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
    };
    let mut found: Vec<(Value, usize)> = Vec::new();
    let mut places: FxHashMap<Exact, usize> = FxHashMap::default();
    for index in 0..items.len() {
        let item = items.get(index);
        let value = match &path {
            None => item,
            Some(path) => path.read(process, &item)?,
        };
        if matches!(value, Value::Null | Value::Undefined) {
            continue;
        }
        let place = exact(&value).map(|key| *places.entry(key).or_insert(found.len()));
        match place.and_then(|place| found.get_mut(place)) {
            Some((_, count)) => *count += 1,
            None => found.push((value, 1)),
        }
    }
    let found = merge(found, options & DIACRITICAL != 0);
    if options & COUNT_VALUES == 0 {
        return Ok(Collection::from_values(found.into_iter().map(|(value, _)| value).collect()));
    }
    let (value_key, count_key) = (Text::from("value"), Text::from("count"));
    let objects = found.into_iter().map(|(value, count)| {
        let object = Object::new();
        object.set(&value_key, value);
        object.set(&count_key, Value::Integer(integer(count)));
        Value::Object(object)
    });
    Ok(Collection::from_values(objects.collect()))
}

/// Sorts, and makes one of those that are equal by the rules of texts: the first one stays.
fn merge(mut found: Vec<(Value, usize)>, strict: bool) -> Vec<(Value, usize)> {
    let compare = |a: &Value, b: &Value| match (a, b) {
        (Value::Text(a), Value::Text(b)) if strict => compare_text_with(a, b, Sensitivity::STRICT),
        (Value::Real(a), Value::Real(b)) => compare_reals(*a, *b),
        _ => compare_any(a, b),
    };
    found.sort_by(|a, b| compare(&a.0, &b.0));
    let mut result: Vec<(Value, usize)> = Vec::with_capacity(found.len());
    for (value, count) in found {
        match result.last_mut() {
            Some((last, counted))
                if matches!(value, Value::Text(_)) && compare(last, &value) == Ordering::Equal =>
            {
                *counted += count;
            }
            _ => result.push((value, count)),
        }
    }
    result
}
