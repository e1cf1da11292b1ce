//! Bitwise operators on long integers, and `&` and `|` on Booleans.
//! `Source: Concepts/number, Concepts/boolean`

use super::{incompatible, plain};
use crate::value::convert::real_to_integer;
use crate::value::{Result, Value};

/// Both operands as longs.
#[inline]
fn longs(symbol: &str, a: &Value, b: &Value) -> Result<(i32, i32)> {
    match (a, b) {
        (Value::Integer(x), Value::Integer(y)) => Ok((*x, *y)),
        _ => match (long(a), long(b)) {
            (Some(x), Some(y)) => Ok((x, y)),
            _ => Err(incompatible(symbol, a, b)),
        },
    }
}

fn long(value: &Value) -> Option<i32> {
    match value {
        Value::Integer(number) => Some(*number),
        Value::Real(number) => Some(real_to_integer(*number)),
        other => plain(other).and_then(|value| long(&value)),
    }
}

fn boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Boolean(truth) => Some(*truth),
        Value::Cell(cell) => cell.with_mut(|value| boolean(value)),
        _ => None,
    }
}

/// `a & b`
#[inline]
pub fn and(a: &Value, b: &Value) -> Result<Value> {
    if let (Some(x), Some(y)) = (boolean(a), boolean(b)) {
        return Ok(Value::Boolean(x & y));
    }
    longs("&", a, b).map(|(x, y)| Value::Integer(x & y))
}

/// `a | b`
#[inline]
pub fn or(a: &Value, b: &Value) -> Result<Value> {
    if let (Some(x), Some(y)) = (boolean(a), boolean(b)) {
        return Ok(Value::Boolean(x | y));
    }
    longs("|", a, b).map(|(x, y)| Value::Integer(x | y))
}

/// `a ^| b`
pub fn exclusive_or(a: &Value, b: &Value) -> Result<Value> {
    longs("^|", a, b).map(|(x, y)| Value::Integer(x ^ y))
}

/// `a << b`; all bits are lost beyond 31 positions.
pub fn shift_left(a: &Value, b: &Value) -> Result<Value> {
    let (x, by) = longs("<<", a, b)?;
    Ok(Value::Integer(distance(by).and_then(|by| x.checked_shl(by)).unwrap_or(0)))
}

/// `a >> b`; zeros come in from the left.
pub fn shift_right(a: &Value, b: &Value) -> Result<Value> {
    let (x, by) = longs(">>", a, b)?;
    let shifted = distance(by).and_then(|by| x.cast_unsigned().checked_shr(by));
    Ok(Value::Integer(shifted.unwrap_or(0).cast_signed()))
}

fn distance(by: i32) -> Option<u32> {
    u32::try_from(by).ok()
}

/// The mask of a bit; none for bits that do not exist.
fn mask(bit: i32) -> i32 {
    distance(bit).and_then(|bit| 1_i32.checked_shl(bit)).unwrap_or(0)
}

/// `a ?+ b`
pub fn bit_set(a: &Value, b: &Value) -> Result<Value> {
    longs("?+", a, b).map(|(x, bit)| Value::Integer(x | mask(bit)))
}

/// `a ?- b`
pub fn bit_clear(a: &Value, b: &Value) -> Result<Value> {
    longs("?-", a, b).map(|(x, bit)| Value::Integer(x & !mask(bit)))
}

/// `a ?? b`
pub fn bit_test(a: &Value, b: &Value) -> Result<Value> {
    longs("??", a, b).map(|(x, bit)| Value::Boolean(x & mask(bit) != 0))
}
