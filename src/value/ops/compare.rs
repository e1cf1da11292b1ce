//! `=`, `<`, `<=`, `>` and `>=` between values of any type.
//! `Source: Concepts/null-undefined, and the operators of each page of Concepts/data-types`

use super::collate::{compare_with_wildcard, matches_text};
use super::{Rules, incompatible, plain};
use crate::value::convert::as_real;
use crate::value::{Result, Value};
use std::cmp::Ordering;

/// `a = b`; an `@` in the right text stands for any characters.
#[inline]
pub fn equal(a: &Value, b: &Value, rules: &Rules) -> Result<bool> {
    Ok(match (a, b) {
        (Value::Integer(x), Value::Integer(y)) if rules.epsilon < 1.0 => x == y,
        (Value::Real(x), Value::Real(y)) => same(*x, *y, rules),
        (Value::Text(x), Value::Text(y)) => matches_text(x, y),
        (Value::Boolean(x), Value::Boolean(y)) => x == y,
        _ => return equal_other(a, b, rules),
    })
}

#[allow(clippy::float_cmp)] // infinities are equal to themselves, though their difference is not a number
fn same(x: f64, y: f64, rules: &Rules) -> bool {
    x == y || (x - y).abs() <= rules.epsilon
}

/// Whether a value is a number or can be treated as one.
const fn numeric(value: &Value) -> bool {
    matches!(value, Value::Integer(_) | Value::Real(_) | Value::Time(_))
}

const fn is_reference(value: &Value) -> bool {
    matches!(
        value,
        Value::Object(_) | Value::SharedObject(_) | Value::Collection(_) | Value::SharedCollection(_)
    )
}

#[inline(never)]
fn equal_other(a: &Value, b: &Value, rules: &Rules) -> Result<bool> {
    use Value as V;
    Ok(match (a, b) {
        (V::Cell(_) | V::Array(_), _) | (_, V::Cell(_) | V::Array(_)) => {
            let (x, y) = (plain(a), plain(b));
            return equal(x.as_ref().unwrap_or(a), y.as_ref().unwrap_or(b), rules);
        }
        (V::Null | V::Undefined, V::Null | V::Undefined) => true,
        (V::Null | V::Undefined, V::Pointer(pointer)) | (V::Pointer(pointer), V::Null | V::Undefined) => {
            pointer.is_nil()
        }
        (V::Null | V::Undefined, _) | (_, V::Null | V::Undefined) => false,
        (V::Date(x), V::Date(y)) => x == y,
        (V::Time(x), V::Time(y)) => x == y,
        (V::Pointer(x), V::Pointer(y)) => x == y,
        (V::Object(x), V::Object(y)) => x.ptr_eq(y),
        (V::Collection(x), V::Collection(y)) => x.ptr_eq(y),
        (V::SharedObject(x), V::SharedObject(y)) => x.ptr_eq(y),
        (V::SharedCollection(x), V::SharedCollection(y)) => x.ptr_eq(y),
        _ if is_reference(a) && is_reference(b) => false,
        _ if numeric(a) && numeric(b) => same(as_real(a).unwrap_or(0.0), as_real(b).unwrap_or(0.0), rules),
        _ => return Err(incompatible("=", a, b)),
    })
}

/// The order of two values; `None` if every ordering operator is to be False.
#[inline(never)]
fn order(symbol: &str, a: &Value, b: &Value) -> Result<Option<Ordering>> {
    use Value as V;
    Ok(match (a, b) {
        (V::Cell(_) | V::Array(_), _) | (_, V::Cell(_) | V::Array(_)) => {
            let (x, y) = (plain(a), plain(b));
            return order(symbol, x.as_ref().unwrap_or(a), y.as_ref().unwrap_or(b));
        }
        (V::Undefined, V::Text(_) | V::Date(_)) | (V::Text(_) | V::Date(_), V::Undefined) => None,
        (V::Undefined, other) | (other, V::Undefined) if numeric(other) => None,
        (V::Text(x), V::Text(y)) => Some(compare_with_wildcard(x, y)),
        (V::Date(x), V::Date(y)) => Some(x.cmp(y)),
        (V::Time(x), V::Time(y)) => Some(x.cmp(y)),
        (V::Boolean(x), V::Boolean(y)) => Some(x.cmp(y)),
        _ if numeric(a) && numeric(b) => as_real(a).unwrap_or(0.0).partial_cmp(&as_real(b).unwrap_or(0.0)),
        _ => return Err(incompatible(symbol, a, b)),
    })
}

/// `<=` and `>=` are True as well where `=` is, so they take epsilon into account.
fn same_numbers(a: &Value, b: &Value, rules: &Rules) -> bool {
    numeric(a) && numeric(b) && same(as_real(a).unwrap_or(0.0), as_real(b).unwrap_or(0.0), rules)
}

/// `a < b`
#[inline]
pub fn less(a: &Value, b: &Value, _rules: &Rules) -> Result<bool> {
    match (a, b) {
        (Value::Integer(x), Value::Integer(y)) => Ok(x < y),
        (Value::Real(x), Value::Real(y)) => Ok(x < y),
        _ => Ok(order("<", a, b)? == Some(Ordering::Less)),
    }
}

/// `a > b`
#[inline]
pub fn greater(a: &Value, b: &Value, _rules: &Rules) -> Result<bool> {
    match (a, b) {
        (Value::Integer(x), Value::Integer(y)) => Ok(x > y),
        (Value::Real(x), Value::Real(y)) => Ok(x > y),
        _ => Ok(order(">", a, b)? == Some(Ordering::Greater)),
    }
}

/// `a <= b`
#[inline]
pub fn less_or_equal(a: &Value, b: &Value, rules: &Rules) -> Result<bool> {
    match (a, b) {
        (Value::Integer(x), Value::Integer(y)) if x <= y => Ok(true),
        (Value::Real(x), Value::Real(y)) if x <= y => Ok(true),
        _ => Ok(order("<=", a, b)?.is_some_and(Ordering::is_le) || same_numbers(a, b, rules)),
    }
}

/// `a >= b`
#[inline]
pub fn greater_or_equal(a: &Value, b: &Value, rules: &Rules) -> Result<bool> {
    match (a, b) {
        (Value::Integer(x), Value::Integer(y)) if x >= y => Ok(true),
        (Value::Real(x), Value::Real(y)) if x >= y => Ok(true),
        _ => Ok(order(">=", a, b)?.is_some_and(Ordering::is_ge) || same_numbers(a, b, rules)),
    }
}
