//! The order of values of any type, and sorting by it or by 4D code. `Source: Concepts/ordering`

use crate::value::convert::as_real;
use crate::value::ops::{compare_text, sort_prefix};
use crate::value::{Items, Result, Text, Value};
use std::cmp::Ordering;

/// The place of a value's type: null, Booleans, texts, numbers, objects, collections, dates.
const fn rank(value: &Value) -> u8 {
    match value {
        Value::Undefined | Value::Null | Value::Special(_) | Value::Cell(_) => 0,
        Value::Boolean(_) => 1,
        Value::Text(_) => 2,
        Value::Integer(_) | Value::Real(_) | Value::Time(_) | Value::Array(_) => 3,
        Value::Object(_) | Value::SharedObject(_) | Value::Blob(_) | Value::Pointer(_) => 4,
        Value::Collection(_) | Value::SharedCollection(_) => 5,
        Value::Date(_) => 6,
    }
}

/// What is not a number comes before all that are.
pub(super) fn compare_reals(a: f64, b: f64) -> Ordering {
    a.partial_cmp(&b).unwrap_or_else(|| b.is_nan().cmp(&a.is_nan()))
}

/// The order of two values. Objects among themselves are equal, and so are collections.
pub(crate) fn compare_any(a: &Value, b: &Value) -> Ordering {
    match (a, b) {
        (Value::Integer(a), Value::Integer(b)) => a.cmp(b),
        (Value::Text(a), Value::Text(b)) => compare_text(a, b),
        (Value::Boolean(a), Value::Boolean(b)) => a.cmp(b),
        (Value::Date(a), Value::Date(b)) => a.cmp(b),
        (Value::Pointer(p), _) if p.is_nil() && !matches!(b, Value::Pointer(q) if q.is_nil()) => {
            compare_any(&Value::Null, b)
        }
        (_, Value::Pointer(p)) if p.is_nil() && !matches!(a, Value::Pointer(_)) => {
            compare_any(a, &Value::Null)
        }
        _ => rank(a).cmp(&rank(b)).then_with(|| match (as_real(a), as_real(b)) {
            (Some(a), Some(b)) => compare_reals(a, b),
            _ => Ordering::Equal,
        }),
    }
}

/// The values to sort by, packed where all are of one kind.
pub(super) enum Keys {
    Numbers(Vec<f64>),
    /// With the beginning of what the text is compared by, 0 where there is none.
    Texts(Vec<(u64, Text)>),
    Values(Vec<Value>),
}

impl Keys {
    pub(super) fn new(values: Vec<Value>) -> Self {
        if values.iter().all(|v| matches!(v, Value::Integer(_) | Value::Real(_))) {
            return Self::Numbers(values.iter().map(|v| as_real(v).unwrap_or(0.0)).collect());
        }
        if !values.iter().all(|v| matches!(v, Value::Text(_))) {
            return Self::Values(values);
        }
        let texts = values.into_iter().map(|value| match value {
            Value::Text(text) => (sort_prefix(&text).unwrap_or(0), text),
            _ => (0, Text::new()),
        });
        Self::Texts(texts.collect())
    }

    fn compare(&self, a: u32, b: u32) -> Ordering {
        let (a, b) = (a as usize, b as usize);
        match self {
            Self::Numbers(all) => match (all.get(a), all.get(b)) {
                (Some(a), Some(b)) => compare_reals(*a, *b),
                _ => Ordering::Equal,
            },
            Self::Texts(all) => match (all.get(a), all.get(b)) {
                (Some(a), Some(b)) => compare_prefixed(a, b),
                _ => Ordering::Equal,
            },
            Self::Values(all) => match (all.get(a), all.get(b)) {
                (Some(a), Some(b)) => compare_any(a, b),
                _ => Ordering::Equal,
            },
        }
    }
}

/// Prefixes decide where both are there (0 is none) and differ, or are all there is of the texts.
fn compare_prefixed(a: &(u64, Text), b: &(u64, Text)) -> Ordering {
    if a.0 != 0 && b.0 != 0 {
        if a.0 != b.0 {
            return a.0.cmp(&b.0);
        }
        if a.0 & 0xFF == 0 {
            return Ordering::Equal;
        }
    }
    compare_text(&a.1, &b.1)
}

/// The places of elements in the order of their keys: the first column decides, the next where the
/// first says nothing, and so on; elements that are equal in all stay as they are.
pub(super) fn order(length: usize, columns: &[(Keys, bool)]) -> Vec<u32> {
    let length = u32::try_from(length).unwrap_or(u32::MAX);
    if let [(Keys::Numbers(all), descending)] = columns {
        let mut pairs: Vec<(f64, u32)> = all.iter().copied().zip(0..).collect();
        if *descending {
            pairs.sort_unstable_by(|a, b| compare_reals(b.0, a.0).then(a.1.cmp(&b.1)));
        } else {
            pairs.sort_unstable_by(|a, b| compare_reals(a.0, b.0).then(a.1.cmp(&b.1)));
        }
        return pairs.into_iter().map(|pair| pair.1).collect();
    }
    let mut places: Vec<u32> = (0..length).collect();
    places.sort_by(|&a, &b| {
        for (keys, descending) in columns {
            let order = keys.compare(a, b);
            if order != Ordering::Equal {
                return if *descending { order.reverse() } else { order };
            }
        }
        Ordering::Equal
    });
    places
}

/// Elements in another order.
pub(super) fn arranged(values: &[Value], places: &[u32]) -> Vec<Value> {
    places.iter().map(|place| values.get(*place as usize).cloned().unwrap_or_default()).collect()
}

/// Sorts elements by the order of values.
pub(super) fn sort_items(items: &mut Items, descending: bool) {
    match items {
        Items::Booleans(all) => all.sort_unstable(),
        Items::Integers(all) => all.sort_unstable(),
        Items::Reals(all) => all.sort_unstable_by(|a, b| compare_reals(*a, *b)),
        Items::Values(all) => {
            let values = std::mem::take(all);
            *all = sort_values(values, descending);
            return;
        }
    }
    if descending {
        match items {
            Items::Booleans(all) => all.reverse(),
            Items::Integers(all) => all.reverse(),
            Items::Reals(all) => all.reverse(),
            Items::Values(_) => {}
        }
    }
}

pub(super) fn sort_values(mut values: Vec<Value>, descending: bool) -> Vec<Value> {
    if !values.iter().all(|v| matches!(v, Value::Text(_))) {
        if descending {
            values.sort_by(|a, b| compare_any(b, a));
        } else {
            values.sort_by(compare_any);
        }
        return values;
    }
    let Keys::Texts(mut texts) = Keys::new(values) else { return Vec::new() };
    if descending {
        texts.sort_by(|a, b| compare_prefixed(b, a));
    } else {
        texts.sort_by(compare_prefixed);
    }
    texts.into_iter().map(|(_, text)| Value::Text(text)).collect()
}

/// How long the runs are that insertion makes before they are merged.
const RUN: usize = 6;

/// Merge sort of places by a question that may fail and need not be consistent: whether the element
/// at the first place comes before the one at the second. Stable.
pub(super) fn sort_by(length: usize, mut before: impl FnMut(u32, u32) -> Result<bool>) -> Result<Vec<u32>> {
    let mut places: Vec<u32> = (0..u32::try_from(length).unwrap_or(u32::MAX)).collect();
    for run in places.chunks_mut(RUN) {
        for i in 1..run.len() {
            let mut at = i;
            while at > 0 && before(run[at], run[at - 1])? {
                run.swap(at, at - 1);
                at -= 1;
            }
        }
    }
    let mut merged = Vec::with_capacity(places.len());
    let mut width = RUN;
    while width < places.len() {
        merged.clear();
        for pair in places.chunks(width * 2) {
            let (mut left, mut right) = pair.split_at(width.min(pair.len()));
            while let (Some(&a), Some(&b)) = (left.first(), right.first()) {
                if before(b, a)? {
                    merged.push(b);
                    right = &right[1..];
                } else {
                    merged.push(a);
                    left = &left[1..];
                }
            }
            merged.extend_from_slice(left);
            merged.extend_from_slice(right);
        }
        std::mem::swap(&mut places, &mut merged);
        width *= 2;
    }
    Ok(places)
}

#[cfg(test)]
#[path = "sorting_tests.rs"]
mod tests;
