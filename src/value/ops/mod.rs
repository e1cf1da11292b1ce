//! The operators of the language, each a table over pairs of values. Numbers come first and are
//! inlined into the callers; everything else is out of line.

mod bits;
mod collate;
mod compare;

pub use bits::{and, bit_clear, bit_set, bit_test, exclusive_or, or, shift_left, shift_right};
pub use collate::{
    Sensitivity, compare_codes, compare_text, compare_text_with, contains_keyword, equal_text, find_text,
    keywords, matches_text, sort_prefix,
};
pub use compare::{equal, greater, greater_or_equal, less, less_or_equal};

use super::convert::{as_real, real_to_integer, whole};
use super::{ErrorCode, Fault, Result, Text, Time, Value};

/// What a process can set about operators.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rules {
    /// Reals that differ by no more than this are equal. `Source: commands/set-real-comparison-level`
    pub epsilon: f64,
}

impl Default for Rules {
    fn default() -> Self {
        Self { epsilon: 1e-6 }
    }
}

/// The fault of an operator between types it does not know.
#[cold]
fn incompatible(operator: &str, a: &Value, b: &Value) -> Fault {
    Fault::new(
        ErrorCode::IncompatibleTypes,
        format!("The operator {operator} cannot be applied to {} and {}", a.type_name(), b.type_name()),
    )
}

/// What an array or a boxed variable is as an operand; `None` for all other values.
fn plain(value: &Value) -> Option<Value> {
    match value {
        Value::Array(array) => Some(Value::Integer(array.current())),
        Value::Cell(cell) => Some(cell.get()),
        _ => None,
    }
}

type Operator = fn(&Value, &Value, &Rules) -> Result<Value>;

/// Tries once more with the values behind arrays and cells, or reports the pair.
#[cold]
fn retry(symbol: &str, operator: Operator, a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    match (plain(a), plain(b)) {
        (None, None) => Err(incompatible(symbol, a, b)),
        (x, y) => operator(x.as_ref().unwrap_or(a), y.as_ref().unwrap_or(b), rules),
    }
}

/// Seconds as a number: what a time is beside a number.
const fn is_number(value: &Value) -> bool {
    matches!(value, Value::Integer(_) | Value::Real(_))
}

#[allow(clippy::cast_possible_truncation)]
fn days(value: &Value) -> i64 {
    as_real(value).unwrap_or(0.0) as i64
}

/// A time beside a number or another time, both as numbers; the result whole where it can be.
fn with_seconds(
    a: &Value,
    b: &Value,
    whole_numbers: fn(i64, i64) -> Option<i64>,
    reals: fn(f64, f64) -> f64,
) -> Option<Value> {
    let as_whole = |value: &Value| match value {
        Value::Time(time) => Some(time.seconds),
        Value::Integer(number) => Some((*number).into()),
        _ => None,
    };
    if !matches!(a, Value::Time(_)) && !matches!(b, Value::Time(_)) {
        return None;
    }
    if let (Some(x), Some(y)) = (as_whole(a), as_whole(b))
        && let Some(result) = whole_numbers(x, y)
    {
        return Some(whole(result));
    }
    Some(Value::Real(reals(as_real(a)?, as_real(b)?)))
}

/// `a + b` `Source: Concepts/number, Concepts/string, Concepts/date, Concepts/time`
#[inline]
pub fn add(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    Ok(match (a, b) {
        (Value::Integer(x), Value::Integer(y)) => match x.checked_add(*y) {
            Some(sum) => Value::Integer(sum),
            None => Value::Real(f64::from(*x) + f64::from(*y)),
        },
        (Value::Real(x), Value::Real(y)) => Value::Real(x + y),
        (Value::Integer(x), Value::Real(y)) => Value::Real(f64::from(*x) + y),
        (Value::Real(x), Value::Integer(y)) => Value::Real(x + f64::from(*y)),
        (Value::Text(x), Value::Text(y)) => Value::Text(Text::try_concat(x, y)?),
        _ => return add_other(a, b, rules),
    })
}

#[inline(never)]
fn add_other(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    match (a, b) {
        (Value::Date(date), number) if is_number(number) => Ok(Value::Date(date.add_days(days(number)))),
        (Value::Time(x), Value::Time(y)) => Ok(Value::Time(Time::new(x.seconds.saturating_add(y.seconds)))),
        _ => match with_seconds(a, b, i64::checked_add, |x, y| x + y) {
            Some(sum) => Ok(sum),
            None => retry("+", add, a, b, rules),
        },
    }
}

/// `a - b` `Source: Concepts/number, Concepts/date, Concepts/time`
#[inline]
pub fn subtract(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    Ok(match (a, b) {
        (Value::Integer(x), Value::Integer(y)) => match x.checked_sub(*y) {
            Some(difference) => Value::Integer(difference),
            None => Value::Real(f64::from(*x) - f64::from(*y)),
        },
        (Value::Real(x), Value::Real(y)) => Value::Real(x - y),
        (Value::Integer(x), Value::Real(y)) => Value::Real(f64::from(*x) - y),
        (Value::Real(x), Value::Integer(y)) => Value::Real(x - f64::from(*y)),
        _ => return subtract_other(a, b, rules),
    })
}

#[inline(never)]
fn subtract_other(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    match (a, b) {
        (Value::Date(x), Value::Date(y)) => Ok(whole(x.days_since(*y))),
        (Value::Date(date), number) if is_number(number) => {
            Ok(Value::Date(date.add_days(days(number).saturating_neg())))
        }
        (Value::Time(x), Value::Time(y)) => Ok(Value::Time(Time::new(x.seconds.saturating_sub(y.seconds)))),
        _ => match with_seconds(a, b, i64::checked_sub, |x, y| x - y) {
            Some(difference) => Ok(difference),
            None => retry("-", subtract, a, b, rules),
        },
    }
}

/// `a * b`; a text times a number is repeated. `Source: Concepts/number, Concepts/string, Concepts/time`
#[inline]
pub fn multiply(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    Ok(match (a, b) {
        (Value::Integer(x), Value::Integer(y)) => match x.checked_mul(*y) {
            Some(product) => Value::Integer(product),
            None => Value::Real(f64::from(*x) * f64::from(*y)),
        },
        (Value::Real(x), Value::Real(y)) => Value::Real(x * y),
        (Value::Integer(x), Value::Real(y)) => Value::Real(f64::from(*x) * y),
        (Value::Real(x), Value::Integer(y)) => Value::Real(x * f64::from(*y)),
        _ => return multiply_other(a, b, rules),
    })
}

#[inline(never)]
fn multiply_other(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    // the number may stand before the text too, though the documentation shows it behind
    let repeated = match (a, b) {
        (Value::Text(text), times) | (times, Value::Text(text)) if is_number(times) => Some((text, times)),
        _ => None,
    };
    if let Some((text, times)) = repeated {
        let count = usize::try_from(days(times)).unwrap_or(0);
        return text.repeat(count).map(Value::Text);
    }
    match with_seconds(a, b, i64::checked_mul, |x, y| x * y) {
        Some(product) => Ok(product),
        None => retry("*", multiply, a, b, rules),
    }
}

/// `a / b`, always with decimals; by zero it is infinite or not a number.
/// `Source: Concepts/number, commands/string (INF)`
#[inline]
pub fn divide(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    Ok(match (a, b) {
        (Value::Integer(x), Value::Integer(y)) => Value::Real(f64::from(*x) / f64::from(*y)),
        (Value::Real(x), Value::Real(y)) => Value::Real(x / y),
        (Value::Integer(x), Value::Real(y)) => Value::Real(f64::from(*x) / y),
        (Value::Real(x), Value::Integer(y)) => Value::Real(x / f64::from(*y)),
        _ => {
            return match with_seconds(a, b, exact_quotient, |x, y| x / y) {
                Some(quotient) => Ok(quotient),
                None => retry("/", divide, a, b, rules),
            };
        }
    })
}

fn exact_quotient(a: i64, b: i64) -> Option<i64> {
    if a.checked_rem(b)? == 0 { a.checked_div(b) } else { None }
}

/// `a \ b`, the same as `Int(a/b)`: the next whole number below. `Source: Concepts/number`
#[inline]
pub fn integer_divide(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    match (a, b) {
        (Value::Integer(x), Value::Integer(y)) if *y > 0 => Ok(Value::Integer(x.div_euclid(*y))),
        _ => integer_divide_other(a, b, rules),
    }
}

#[inline(never)]
fn integer_divide_other(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    let fits = |value: &Value| is_number(value) || matches!(value, Value::Time(_));
    match (as_real(a), as_real(b)) {
        (Some(x), Some(y)) if fits(a) && fits(b) => Ok(whole_real((x / y).floor())),
        _ => retry("\\", integer_divide, a, b, rules),
    }
}

/// A real without decimals as an Integer if it fits.
#[allow(clippy::cast_possible_truncation, clippy::float_cmp)]
fn whole_real(number: f64) -> Value {
    let cut = number as i32;
    if f64::from(cut) == number { Value::Integer(cut) } else { Value::Real(number) }
}

/// `a % b`: the remainder of whole numbers or of times; between texts, whether `b` is a word of
/// `a`. `Source: Concepts/number, Concepts/time, Concepts/string`
#[inline]
pub fn modulo(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    match (a, b) {
        (Value::Integer(x), Value::Integer(y)) if *y > 0 => Ok(Value::Integer(x % y)),
        _ => modulo_other(a, b, rules),
    }
}

#[inline(never)]
fn modulo_other(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    match (a, b) {
        (Value::Text(text), Value::Text(keyword)) => Ok(Value::Boolean(contains_keyword(text, keyword))),
        (Value::Time(x), Value::Time(y)) => {
            Ok(Value::Time(Time::new(x.seconds.checked_rem(y.seconds).unwrap_or(0))))
        }
        (
            Value::Integer(_) | Value::Real(_) | Value::Time(_),
            Value::Integer(_) | Value::Real(_) | Value::Time(_),
        ) => {
            let (x, y) = (as_real(a).unwrap_or(0.0), as_real(b).unwrap_or(0.0));
            let (x, y) = (real_to_integer(x), real_to_integer(y));
            // The remainder of a division by zero is not a number.
            Ok(if y == 0 { Value::Real(f64::NAN) } else { Value::Integer(x.wrapping_rem(y)) })
        }
        _ => retry("%", modulo, a, b, rules),
    }
}

/// `a ^ b` `Source: Concepts/number`
pub fn power(a: &Value, b: &Value, rules: &Rules) -> Result<Value> {
    match (a, b) {
        (Value::Integer(x), Value::Integer(y)) => {
            let whole_power = u32::try_from(*y).ok().and_then(|y| x.checked_pow(y));
            Ok(whole_power.map_or_else(|| Value::Real(f64::from(*x).powi(*y)), Value::Integer))
        }
        (
            Value::Integer(_) | Value::Real(_) | Value::Time(_),
            Value::Integer(_) | Value::Real(_) | Value::Time(_),
        ) => Ok(Value::Real(as_real(a).unwrap_or(0.0).powf(as_real(b).unwrap_or(0.0)))),
        _ => retry("^", power, a, b, rules),
    }
}

/// `-a` `Source: Concepts/number`
#[inline]
pub fn negate(a: &Value) -> Result<Value> {
    match a {
        Value::Integer(x) => Ok(x.checked_neg().map_or(Value::Real(-f64::from(*x)), Value::Integer)),
        Value::Real(x) => Ok(Value::Real(-x)),
        Value::Time(time) => Ok(whole(time.seconds.saturating_neg())),
        _ => match plain(a) {
            Some(value) => negate(&value),
            None => Err(Fault::new(
                ErrorCode::IncompatibleTypes,
                format!("The operator - cannot be applied to {}", a.type_name()),
            )),
        },
    }
}

#[cfg(test)]
mod tests;
