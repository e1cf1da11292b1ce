//! Values of 4D as XML has them, both ways. `Source: commands/dom-set-xml-attribute, commands/xml-decode`

use super::super::digest::{decode, encode};
use super::super::parameters::VariableRef;
use super::tree::Settings;
use crate::value::{Blob, Date, ErrorCode, Fault, Result, Text, Time, Type, Value, convert, text_to_number};
use crate::vm::Process;

/// `XML ISO` and its siblings, by their numbers.
pub(super) mod dates {
    pub(crate) const ISO: i32 = 1;
    pub(crate) const LOCAL: i32 = 2;
    pub(crate) const DATETIME_LOCAL: i32 = 3;
    pub(crate) const UTC: i32 = 4;
    pub(crate) const DATETIME_UTC: i32 = 5;
    pub(crate) const DATETIME_LOCAL_ABSOLUTE: i32 = 6;
    pub(crate) const DURATION: i32 = 8;
}

/// How a value is written. `plain_date` is what dates look like if no option says otherwise.
pub(super) fn to_xml(
    process: &Process,
    value: &Value,
    settings: &Settings,
    plain_date: i32,
) -> Result<String> {
    Ok(match value {
        Value::Text(text) => text.to_string(),
        Value::Boolean(truth) => truth.to_string(),
        Value::Undefined | Value::Null => String::new(),
        Value::Date(date) => {
            let day = format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day());
            let offset = || zone(process, *date);
            match if settings.date == 0 { plain_date } else { settings.date } {
                dates::LOCAL => format!("{day} {}", offset()),
                dates::DATETIME_LOCAL => format!("{day}T00:00:00 {}", offset()),
                dates::UTC => format!("{day}Z"),
                dates::DATETIME_UTC => format!("{day}T00:00:00Z"),
                _ => day,
            }
        }
        Value::Time(time) => {
            let clock = format!("{:02}:{:02}:{:02}", time.hours(), time.minutes(), time.second());
            match settings.time {
                dates::DATETIME_UTC => format!("0000-00-00T{clock}Z"),
                dates::DATETIME_LOCAL => format!("0000-00-00T{clock}{}", zone(process, Date::NULL)),
                dates::DATETIME_LOCAL_ABSOLUTE => format!("0000-00-00T{clock}"),
                dates::DURATION => format!("PT{}H{}M{}S", time.hours(), time.minutes(), time.second()),
                _ => time.seconds.to_string(),
            }
        }
        Value::Blob(blob) => {
            let head = if settings.data_uri { "data:;base64," } else { "" };
            format!("{head}{}", encode(blob, false))
        }
        Value::Integer(_) | Value::Real(_) => convert::to_text(value)?.to_string(),
        Value::Cell(cell) => return to_xml(process, &cell.get(), settings, plain_date),
        other => {
            return Err(Fault::new(
                ErrorCode::ArgumentType,
                format!("A value of type {} cannot be written as XML", other.type_name()),
            ));
        }
    })
}

/// The distance from universal time on a day, as `+01:00`.
fn zone(process: &Process, date: Date) -> String {
    let clock = process.shared.host.clock();
    let day = i16::try_from(date.year())
        .ok()
        .zip(i8::try_from(date.month()).ok().zip(i8::try_from(date.day()).ok()));
    let day = day.and_then(|(year, (month, day))| jiff::civil::Date::new(year, month, day).ok());
    let moment = day.and_then(|day| day.to_zoned(clock.time_zone()).ok());
    let seconds = moment.map_or(0, |moment| moment.offset().seconds());
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    format!("{sign}{:02}:{:02}", minutes / 60, minutes % 60)
}

/// Fills a variable with an XML value, converted to the type that the variable has.
pub(super) fn fill(process: &mut Process, variable: &VariableRef, text: &str) -> Result<()> {
    let declared = process.declared_type(variable.reference()).filter(|ty| *ty != Type::Variant);
    let ty = match declared {
        Some(ty) => ty,
        None => match variable.get(process)? {
            Value::Integer(_) => Type::Integer,
            Value::Real(_) => Type::Real,
            Value::Boolean(_) => Type::Boolean,
            Value::Date(_) => Type::Date,
            Value::Time(_) => Type::Time,
            Value::Blob(_) => Type::Blob,
            _ => Type::Text,
        },
    };
    let value = from_xml(text, ty);
    variable.set(process, value)
}

pub(super) fn from_xml(text: &str, ty: Type) -> Value {
    let trimmed = text.trim();
    match ty {
        Type::Integer | Type::Real => Value::Real(text_to_number(&trimmed.replace(',', "."))),
        Type::Boolean => Value::Boolean(trimmed == "1" || trimmed.eq_ignore_ascii_case("true")),
        Type::Date => Value::Date(date(trimmed).unwrap_or(Date::NULL)),
        Type::Time => Value::Time(time(trimmed)),
        Type::Blob => {
            let code = trimmed
                .split_once(";base64,")
                .filter(|_| trimmed.starts_with("data:"))
                .map_or(trimmed, |p| p.1);
            let bytes = decode(code.as_bytes(), false).unwrap_or_else(|| text.as_bytes().to_vec());
            Value::Blob(Blob::new(bytes))
        }
        _ => Value::Text(Text::from(text)),
    }
}

fn date(text: &str) -> Option<Date> {
    let mut parts = text.get(..10)?.split('-');
    let year = parts.next()?.parse().ok()?;
    let month = parts.next()?.parse().ok()?;
    Date::new(year, month, parts.next()?.parse().ok()?)
}

/// `hh:mm:ss` alone or after a `T`, or a number of seconds.
fn time(text: &str) -> Time {
    if let Ok(seconds) = text.parse::<i64>() {
        return Time::new(seconds);
    }
    let clock = text.split_once('T').map_or(text, |(_, clock)| clock);
    let number = |at: usize| clock.get(at..at + 2).and_then(|part| part.parse().ok()).unwrap_or(0);
    Time::from_parts(number(0), number(3), number(6))
}
