//! Theme Date and Time. The local time zone comes from the host.

use super::format::date::shifted;
use super::parameters::{Integer, Star, VariableOrValue};
use crate::value::{Date, ErrorCode, Fault, Result, Time, Value, convert};
use crate::vm::Process;
use jiff::Timestamp;

/// What years of two digits mean. Source: commands/set-default-century
#[derive(Clone, Copy)]
struct Century {
    century: Integer,
    /// Years below it belong to the next century.
    pivot: Integer,
}

impl Default for Century {
    fn default() -> Self {
        Self { century: 19, pivot: 30 }
    }
}

impl Century {
    fn year(self, digits: Integer) -> Integer {
        let century = if digits < self.pivot { self.century.saturating_add(1) } else { self.century };
        century.saturating_mul(100).saturating_add(digits)
    }
}

commands! {
    /// Gives the day of the month.
    23 "Day of" (date) thread_safe => |date: Date| Integer::try_from(date.day()).unwrap_or(0);
    /// Gives the number of the month.
    24 "Month of" (aDate) thread_safe => |date: Date| Integer::try_from(date.month()).unwrap_or(0);
    /// Gives the year.
    25 "Year of" (date) thread_safe => |date: Date| date.year();
    /// Gives today's date.
    33 "Current date" (*) thread_safe => current_date;
    /// Gives a text as a date: ISO, or month, day and year.
    102 "Date" (expression) thread_safe => date;
    /// Gives the number of the weekday, Sunday being 1.
    114 "Day number" (aDate) thread_safe => day_number;
    /// Gives the time of day.
    178 "Current time" (*) thread_safe => current_time;
    /// Gives a text or a number of seconds as a time.
    179 "Time" (timeValue) thread_safe => time;
    /// Gives a time as HH:MM:SS.
    180 "Time string" (seconds) thread_safe => |time: Time| {
        format!("{:02}:{:02}:{:02}", time.hours(), time.minutes(), time.second())
    };
    /// Sets the century of years of two digits, and from which year on it counts.
    392 "SET DEFAULT CENTURY" (century; pivotYear) thread_safe => |process: &mut Process, century: Integer, pivot: Option<Integer>| {
        *process.attachment() = Century { century, pivot: pivot.unwrap_or(0) };
    };
    /// Adds years, months and days to a date.
    393 "Add to date" (date; years; months; days) thread_safe => add_to_date;
    /// Gives the ticks (60 a second) since the start.
    458 "Tickcount" () thread_safe => tickcount;
    /// Gives the milliseconds since the start.
    459 "Milliseconds" () thread_safe => milliseconds;
    /// Gives the current moment in ISO form, in universal time, with milliseconds.
    1445 "Timestamp" () thread_safe => timestamp;
}

fn now(process: &Process) -> Timestamp {
    Timestamp::try_from(process.shared.host.clock().now()).unwrap_or(Timestamp::UNIX_EPOCH)
}

/// How far local time is east of Greenwich now, in seconds.
pub(super) fn local_offset(process: &Process) -> i64 {
    let zone = process.shared.host.clock().time_zone();
    zone.to_offset(now(process)).seconds().into()
}

/// How far local time is east of Greenwich at a local date and time, in seconds.
pub(super) fn civil_offset(process: &Process, date: Date, time: Time) -> i64 {
    let (date, time) = shifted(date, time.seconds);
    let field = |number: u64| i8::try_from(number).unwrap_or(0);
    let civil = i16::try_from(date.year()).ok().and_then(|year| {
        let (month, day) = (field(date.month().into()), field(date.day().into()));
        let date = jiff::civil::Date::new(year, month, day).ok()?;
        Some(date.at(field(time.hours()), field(time.minutes()), field(time.second()), 0))
    });
    civil
        .and_then(|civil| civil.to_zoned(process.shared.host.clock().time_zone()).ok())
        .map_or(0, |zoned| zoned.offset().seconds().into())
}

fn local_now(process: &Process) -> (Date, Time) {
    let here = now(process).to_zoned(process.shared.host.clock().time_zone());
    let field = |number: i8| u32::try_from(number).unwrap_or(0);
    let date = Date::new(here.year().into(), field(here.month()), field(here.day())).unwrap_or(Date::NULL);
    let time = Time::from_parts(here.hour().into(), here.minute().into(), here.second().into());
    (date, time)
}

/// The server's date is this machine's. Source: commands/current-date
fn current_date(process: &mut Process, _server: Option<Star>) -> Date {
    local_now(process).0
}

fn current_time(process: &mut Process, _server: Option<Star>) -> Time {
    local_now(process).1
}

fn elapsed_milliseconds(process: &Process) -> u128 {
    process.shared.host.clock().elapsed().as_millis()
}

/// What exceeds 32 bits begins again, as the counter of the machine does.
#[allow(clippy::cast_possible_truncation)]
fn tickcount(process: &mut Process) -> Integer {
    (elapsed_milliseconds(process) * 60 / 1000) as u32 as Integer & Integer::MAX
}

#[allow(clippy::cast_possible_truncation)]
fn milliseconds(process: &mut Process) -> Integer {
    elapsed_milliseconds(process) as u32 as Integer & Integer::MAX
}

fn timestamp(process: &mut Process) -> String {
    now(process).strftime("%Y-%m-%dT%H:%M:%S.%3fZ").to_string()
}

/// Null dates give 2. Source: commands/day-number
fn day_number(date: Date) -> Integer {
    if date.is_null() { 2 } else { Integer::try_from(date.weekday()).unwrap_or(2) }
}

/// A day the month does not have becomes its last one; then the days are added.
/// Source: commands/add-to-date
fn add_to_date(date: Date, years: Integer, months: Integer, days: Integer) -> Date {
    let start = i64::from(date.year()) * 12 + i64::from(date.month()) - 1;
    let month = start + i64::from(years) * 12 + i64::from(months);
    let Ok(year) = i32::try_from(month.div_euclid(12)) else { return Date::NULL };
    let month = u32::try_from(month.rem_euclid(12) + 1).unwrap_or(1);
    let Some(first) = Date::new(year, month, 1) else { return Date::NULL };
    let next = if month == 12 { Date::new(year + 1, 1, 1) } else { Date::new(year, month + 1, 1) };
    let last = next.map_or(28, |next| Date::days_between(first, next));
    first.add_days(i64::from(date.day()).min(last) - 1 + i64::from(days))
}

/// Source: commands/date
fn date(process: &mut Process, expression: VariableOrValue) -> Result<Date> {
    match expression.0 {
        Value::Date(date) => Ok(date),
        Value::Undefined | Value::Null => Ok(Date::NULL),
        Value::Text(text) => {
            let century = *process.attachment();
            Ok(iso_date(process, &text).or_else(|| short_date(&text, century)).unwrap_or(Date::NULL))
        }
        other => Err(not_fitting("Date", "a text or a date", &other)),
    }
}

fn not_fitting(command: &str, expected: &str, found: &Value) -> Fault {
    let found = super::bind::in_words(found);
    Fault::new(ErrorCode::ArgumentType, format!("Argument 1 of `{command}` must be {expected}, not {found}"))
}

/// `2013-11-20T10:20:00`, with decimals of the second, and `Z` for universal time.
fn iso_date(process: &Process, text: &str) -> Option<Date> {
    let text = text.trim();
    let (day, clock) = text.split_once('T')?;
    let numbers: Vec<&str> = day.split('-').collect();
    let &[year, month, day] = numbers.as_slice() else { return None };
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let date = Date::new(year.parse().ok()?, month.parse().ok()?, day.parse().ok()?)?;
    let Some(clock) = clock.strip_suffix('Z') else { return Some(date) };
    let utc = clock_time(clock)?;
    // The offset of universal time taken for local time is right but for the hours of a change.
    let offset = civil_offset(process, date, utc);
    Some(shifted(date, utc.seconds + offset).0)
}

/// The first three numbers as month, day and year; a year of four digits may come first.
fn short_date(text: &str, century: Century) -> Option<Date> {
    let mut numbers = text.split(|c: char| !c.is_ascii_digit()).filter(|part| !part.is_empty());
    let (a, b, c) = (numbers.next()?, numbers.next()?, numbers.next()?);
    let (year, month, day) = if a.len() == 4 { (a, b, c) } else { (c, a, b) };
    let number: i32 = year.parse().ok()?;
    let number = if year.len() <= 2 { century.year(number) } else { number };
    Date::new(number, month.parse().ok()?, day.parse().ok()?)
}

/// Source: commands/time
fn time(expression: VariableOrValue) -> Result<Time> {
    match expression.0 {
        Value::Text(text) => Ok(clock_time(&text).unwrap_or_default()),
        Value::Undefined | Value::Null => Ok(Time::default()),
        other => convert::as_time(&other).ok_or_else(|| not_fitting("Time", "a text or a number", &other)),
    }
}

/// Hours, minutes and seconds; AM and PM; the time of an ISO date.
fn clock_time(text: &str) -> Option<Time> {
    let clock = match text.split_once('T') {
        Some((day, clock)) if day.contains('-') => clock,
        _ => text,
    };
    let clock = clock.split('.').next()?;
    let mut numbers = clock
        .split(|c: char| !c.is_ascii_digit())
        .filter(|part| !part.is_empty())
        .map(|part| part.parse::<i64>().unwrap_or(0));
    let mut hours = numbers.next()?;
    let (minutes, seconds) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    let lower = clock.to_ascii_lowercase();
    if lower.ends_with("pm") && hours < 12 {
        hours += 12;
    } else if lower.ends_with("am") && hours == 12 {
        hours = 0;
    }
    Some(Time::from_parts(hours, minutes, seconds))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_from_texts() {
        let day = |y, m, d| Date::new(y, m, d);
        let short_date = |text| short_date(text, Century::default());
        assert_eq!(short_date("12/25/94"), day(1994, 12, 25));
        assert_eq!(short_date("40/40/94"), None);
        assert_eq!(short_date("It was the 6/30, we were in 2016"), day(2016, 6, 30));
        assert_eq!(short_date("2024-05-06"), day(2024, 5, 6));
        assert_eq!(short_date("aa/12/94"), None);
    }

    #[test]
    fn times_from_texts() {
        let seconds = |text| clock_time(text).map(|time| time.seconds);
        assert_eq!(seconds("13:05:09"), Some(47109));
        assert_eq!(seconds("1:02 PM"), Some(46920));
        assert_eq!(seconds("0000-00-00T01:02:03"), Some(3723));
        assert_eq!(seconds("none"), None);
    }
}
