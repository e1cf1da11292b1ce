//! Sum, mean, smallest and greatest.

use super::extract::Path;
use super::sorting::compare_any;
use crate::command::parameters::AnyCollection;
use crate::value::convert::{as_real, real_to_integer};
use crate::value::{Items, Result, Text, Value};
use crate::vm::Process;
use std::cmp::Ordering;

/// The sum of the numbers among the elements, or of a property, and how many they are.
fn total(process: &mut Process, items: &AnyCollection, path: Option<Text>) -> Result<(f64, usize)> {
    let path = path.map(|path| Path::parse(&path));
    if let (None, AnyCollection::Private(items)) = (&path, items) {
        let packed = items.with_items(|items| match items {
            Items::Integers(all) => Some((all.iter().map(|item| f64::from(*item)).sum(), all.len())),
            Items::Reals(all) => Some((all.iter().sum(), all.len())),
            _ => None,
        });
        if let Some(packed) = packed {
            return Ok(packed);
        }
    }
    let (mut sum, mut count) = (0.0, 0);
    for index in 0..items.len() {
        let item = items.get(index);
        let value = match &path {
            None => item,
            Some(path) => path.read(process, &item)?,
        };
        let number = match value {
            Value::Integer(number) => f64::from(number),
            Value::Real(number) => number,
            Value::Time(_) => as_real(&value).unwrap_or(0.0),
            _ => continue,
        };
        sum += number;
        count += 1;
    }
    Ok((sum, count))
}

#[allow(clippy::float_cmp)] // exact on purpose
fn number(sum: f64) -> Value {
    let whole = real_to_integer(sum);
    if f64::from(whole) == sum { Value::Integer(whole) } else { Value::Real(sum) }
}

pub(super) fn sum(process: &mut Process, items: AnyCollection, path: Option<Text>) -> Result<Value> {
    Ok(number(total(process, &items, path)?.0))
}

pub(super) fn average(process: &mut Process, items: AnyCollection, path: Option<Text>) -> Result<Value> {
    let (sum, count) = total(process, &items, path)?;
    Ok(if count == 0 { Value::Undefined } else { number(sum / count as f64) })
}

pub(super) fn max(process: &mut Process, items: AnyCollection, path: Option<Text>) -> Result<Value> {
    // The last one of the greatest, as sorting would have it.
    extreme(process, &items, path, |order| order != Ordering::Less)
}

pub(super) fn min(process: &mut Process, items: AnyCollection, path: Option<Text>) -> Result<Value> {
    extreme(process, &items, path, |order| order == Ordering::Less)
}

fn extreme(
    process: &mut Process,
    items: &AnyCollection,
    path: Option<Text>,
    replaces: fn(Ordering) -> bool,
) -> Result<Value> {
    let path = path.map(|path| Path::parse(&path));
    let mut best: Option<Value> = None;
    for index in 0..items.len() {
        let item = items.get(index);
        let value = match &path {
            None => item,
            Some(path) => match path.read(process, &item)? {
                // elements without the property are not taken into account
                Value::Undefined => continue,
                value => value,
            },
        };
        if best.as_ref().is_none_or(|best| replaces(compare_any(&value, best))) {
            best = Some(value);
        }
    }
    Ok(best.unwrap_or_default())
}
