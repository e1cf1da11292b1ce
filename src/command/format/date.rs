//! Dates and times in the numbered formats of `String`. Source: commands/string
//!
//! The system formats are those of an English (US) system: fourd has no regional settings.

use crate::value::{Date, Time};

pub const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
/// Sunday first, as `Day number` counts.
pub const DAYS: [&str; 7] = ["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"];

/// To be added to a format: an empty value gives an empty text.
const BLANK_IF_NULL: i32 = 100;

#[must_use]
pub fn month_name(date: Date) -> &'static str {
    let at = (date.month() as usize).wrapping_sub(1);
    MONTHS.get(at).copied().unwrap_or("")
}

#[must_use]
pub fn day_name(date: Date) -> &'static str {
    let at = (date.weekday() as usize).wrapping_sub(1);
    DAYS.get(at).copied().unwrap_or("")
}

/// The first three letters.
#[must_use]
pub fn short(name: &str) -> &str {
    name.get(..3).unwrap_or(name)
}

/// A date, with a time where the format has one. `offset` is the local time zone's at that time,
/// in seconds east of Greenwich. `None`: there is no such format.
#[must_use]
pub fn date(date: Date, time: Option<Time>, format: i32, offset: i64) -> Option<String> {
    let blank = format >= BLANK_IF_NULL;
    if blank && date.is_null() {
        return Some(String::new());
    }
    let format = if blank { format - BLANK_IF_NULL } else { format };
    let (year, month, day) = (date.year(), date.month(), date.day());
    let seconds = time.unwrap_or_default();
    let text = match format {
        0 | 1 | 7 => format!("{month:02}/{day:02}/{year:02}"),
        2 | 3 | 5 | 6 if date.is_null() => "00/00/00".to_owned(),
        2 => format!("{}, {} {day}, {year}", short(day_name(date)), short(month_name(date))),
        3 => format!("{}, {} {day}, {year}", day_name(date), month_name(date)),
        4 if (1930..2030).contains(&year) => format!("{month:02}/{day:02}/{:02}", year % 100),
        4 => format!("{month:02}/{day:02}/{year:02}"),
        5 => format!("{} {day}, {year}", month_name(date)),
        6 => format!("{} {day}, {year}", short(month_name(date))),
        8 => format!("{year:04}-{month:02}-{day:02}T{}", clock(seconds)),
        9 | 10 => return Some(greenwich(date, seconds, format, offset)),
        _ => return None,
    };
    // Only the standard formats hold a time; it follows the others.
    Some(match time {
        Some(time) if format != 8 => format!("{text} {}", clock(time)),
        _ => text,
    })
}

fn greenwich(date: Date, time: Time, format: i32, offset: i64) -> String {
    let (date, time) = if date.is_null() { (date, time) } else { shifted(date, time.seconds - offset) };
    let (year, month, day) = (date.year(), date.month(), date.day());
    if format == 9 {
        return format!("{year:04}-{month:02}-{day:02}T{}Z", clock(time));
    }
    let (weekday, name) = (short(day_name(date)), short(month_name(date)));
    format!("{weekday}, {day:02} {name} {year:04} {} GMT", clock(time))
}

/// The day and time that lie so many seconds after a day's beginning.
#[must_use]
pub fn shifted(date: Date, seconds: i64) -> (Date, Time) {
    let day = 86_400;
    (date.add_days(seconds.div_euclid(day)), Time::new(seconds.rem_euclid(day)))
}

fn clock(time: Time) -> String {
    format!("{:02}:{:02}:{:02}", time.hours(), time.minutes(), time.second())
}

/// A time. `None`: there is no such format.
#[must_use]
pub fn time(time: Time, format: i32) -> Option<String> {
    let blank = format >= BLANK_IF_NULL;
    if blank && time.seconds == 0 {
        return Some(String::new());
    }
    let format = if blank { format - BLANK_IF_NULL } else { format };
    let sign = if time.seconds < 0 { "-" } else { "" };
    let (hours, minutes, seconds) = (time.hours(), time.minutes(), time.second());
    let all_minutes = hours * 60 + minutes;
    let (half, hour) = twelve(hours);
    let text = match format {
        0 | 1 | 9 => format!("{hours:02}:{minutes:02}:{seconds:02}"),
        2 => format!("{hours:02}:{minutes:02}"),
        3 => words(&[(hours, "hour"), (minutes, "minute"), (seconds, "second")]),
        4 => words(&[(hours, "hour"), (minutes, "minute")]),
        5 => format!("{hour}:{minutes:02} {half}"),
        6 => format!("{all_minutes:02}:{seconds:02}"),
        7 => words(&[(all_minutes, "minute"), (seconds, "second")]),
        8 => format!("0000-00-00T{hours:02}:{minutes:02}:{seconds:02}"),
        10 => format!("{hour}\u{2022}{minutes:02}\u{2022}{seconds:02} {half}"),
        11 => format!("{hour}:{minutes:02}:{seconds:02} {half}"),
        _ => return None,
    };
    Some(format!("{sign}{text}"))
}

/// The half of the day and the hour in it.
#[must_use]
pub fn twelve(hours: u64) -> (&'static str, u64) {
    let half = if hours % 24 < 12 { "AM" } else { "PM" };
    (half, (hours + 11) % 12 + 1)
}

fn words(parts: &[(u64, &str)]) -> String {
    let words: Vec<String> = parts
        .iter()
        .map(|(count, unit)| format!("{count} {unit}{}", if *count == 1 { "" } else { "s" }))
        .collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_documented() {
        let day = Date::new(2006, 12, 29).unwrap();
        for (format, text) in [
            (1, "12/29/2006"),
            (2, "Fri, Dec 29, 2006"),
            (3, "Friday, December 29, 2006"),
            (4, "12/29/06"),
            (5, "December 29, 2006"),
            (6, "Dec 29, 2006"),
            (8, "2006-12-29T00:00:00"),
            (9, "2006-12-28T23:00:00Z"),
            (10, "Thu, 28 Dec 2006 23:00:00 GMT"),
        ] {
            assert_eq!(date(day, None, format, 3600).as_deref(), Some(text));
        }
        assert_eq!(date(Date::NULL, None, 108, 0).as_deref(), Some(""));
        assert_eq!(date(day, None, 50, 0), None);
    }

    #[test]
    fn times_as_documented() {
        let one = Time::new(3723);
        for (format, text) in [
            (1, "01:02:03"),
            (2, "01:02"),
            (3, "1 hour 2 minutes 3 seconds"),
            (5, "1:02 AM"),
            (6, "62:03"),
            (7, "62 minutes 3 seconds"),
        ] {
            assert_eq!(time(one, format).as_deref(), Some(text));
        }
        assert_eq!(time(Time::new(0), 5).as_deref(), Some("12:00 AM"));
    }
}
