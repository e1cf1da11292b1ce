//! Theme String: `String` and `Num`, the ways from and to text.

use super::clock::{civil_offset, local_offset};
use super::format::pattern::Moment;
use super::format::{date as date_format, number as number_format, pattern};
use super::parameters::{Real, VariableOrValue};
use crate::value::{Date, ErrorCode, Fault, Result, Text, Time, Value, convert, text_to_number};
use crate::vm::Process;

commands! {
    /// Gives a value as a text, by a format or in a base.
    10 "String" (expression; format; addTime) thread_safe => string;
    /// Gives the number a text holds, or a Boolean or number as a number.
    11 "Num" (expression; separator) thread_safe => num;
}

fn wrong_format(format: &Value) -> Fault {
    let shown = convert::to_text(format).unwrap_or_default();
    Fault::new(ErrorCode::ArgumentType, format!("`String` has no format {shown} for this type of value"))
}

/// Source: commands/string
fn string(
    process: &mut Process,
    expression: VariableOrValue,
    format: Option<Value>,
    add_time: Option<Time>,
) -> Result<Value> {
    let value = expression.0;
    let Some(format) = format else {
        return match (&value, add_time) {
            (Value::Text(_), _) => Ok(value),
            (Value::Date(date), Some(time)) => date_text(process, *date, Some(time), &Value::Integer(1)),
            _ => convert::to_text(&value).map(Value::Text),
        };
    };
    match value {
        Value::Integer(number) => number_text(number.into(), &format),
        Value::Real(number) => number_text(number, &format),
        Value::Date(date) => date_text(process, date, add_time, &format),
        Value::Time(time) => time_text(process, time, &format),
        Value::Text(_) => Ok(value),
        other => convert::to_text(&other).map(Value::Text),
    }
}

fn number_text(number: f64, format: &Value) -> Result<Value> {
    let text = match format {
        Value::Text(format) if format.is_empty() => {
            return convert::to_text(&Value::Real(number)).map(Value::Text);
        }
        Value::Text(style) => number_format::with_format(number, style).ok_or_else(|| {
            let message = format!("`String` cannot use the style \"{style}\": fourd has no custom styles");
            Fault::new(ErrorCode::NotProvided, message)
        })?,
        Value::Undefined | Value::Null => return convert::to_text(&Value::Real(number)).map(Value::Text),
        base => match convert::as_integer(base) {
            Some(0) => number_format::to_base(number, 10),
            Some(base @ 2..=36) => number_format::to_base(number, base.cast_unsigned()),
            _ => return Err(wrong_format(base)),
        },
    };
    Ok(Value::Text(Text::from(text)))
}

fn date_text(process: &mut Process, date: Date, time: Option<Time>, format: &Value) -> Result<Value> {
    let offset = civil_offset(process, date, time.unwrap_or_default());
    let text = match format {
        Value::Text(format) => {
            pattern::format(Moment { date, time: time.unwrap_or_default(), offset }, format)
        }
        number => convert::as_integer(number)
            .and_then(|format| date_format::date(date, time, format, offset))
            .ok_or_else(|| wrong_format(format))?,
    };
    Ok(Value::Text(Text::from(text)))
}

fn time_text(process: &mut Process, time: Time, format: &Value) -> Result<Value> {
    let text = match format {
        Value::Text(format) => {
            let offset = local_offset(process);
            pattern::format(Moment { date: Date::NULL, time, offset }, format)
        }
        number => convert::as_integer(number)
            .and_then(|format| date_format::time(time, format))
            .ok_or_else(|| wrong_format(format))?,
    };
    Ok(Value::Text(Text::from(text)))
}

/// Source: commands/num
fn num(expression: VariableOrValue, separator: Option<Value>) -> Result<Value> {
    let value = expression.0;
    match (&value, separator) {
        (Value::Text(text), None) => Ok(whole(text_to_number(text))),
        (Value::Text(text), Some(Value::Text(separator))) => {
            Ok(whole(crate::value::text_to_number_with(text, &separator)))
        }
        (Value::Text(text), Some(base)) => match convert::as_integer(&base) {
            Some(base @ (0 | 2..=36)) => Ok(whole(number_format::from_base(text, base.cast_unsigned()))),
            _ => {
                let message = "Argument 2 of `Num` (`base`) must be a number between 2 and 36, or 0";
                Err(Fault::new(ErrorCode::ArgumentType, message))
            }
        },
        (Value::Boolean(truth), _) => Ok(Value::Integer((*truth).into())),
        (Value::Undefined | Value::Null, _) => Ok(Value::Integer(0)),
        (Value::Integer(_) | Value::Real(_), _) => Ok(value),
        (Value::Time(time), _) => Ok(convert::whole(time.seconds)),
        (other, _) => convert::as_real(other).map(Value::Real).ok_or_else(|| {
            let found = super::bind::in_words(other);
            let message = format!(
                "Argument 1 of `Num` (`expression`) must be a text, a Boolean or a number, not {found}"
            );
            Fault::new(ErrorCode::ArgumentType, message)
        }),
    }
}

/// A whole number as an Integer where it fits.
fn whole(number: Real) -> Value {
    let short = number as i32;
    if f64::from(short) == number { Value::Integer(short) } else { Value::Real(number) }
}
