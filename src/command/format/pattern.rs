//! Dates and times by patterns of letters: `EEEE d MMMM y 'at' HH:mm`. Names are English.
//! Source: Project/date-time-formats

use super::date::{DAYS, day_name, month_name, short, twelve};
use crate::value::{Date, Time};

/// A date and a time of day, and how far local time is east of Greenwich, in seconds.
#[derive(Clone, Copy)]
pub struct Moment {
    pub date: Date,
    pub time: Time,
    pub offset: i64,
}

/// Writes a moment by a pattern. Spaces around the pattern go, quoted ones stay.
#[must_use]
pub fn format(moment: Moment, pattern: &str) -> String {
    let mut text = String::with_capacity(pattern.len() * 2);
    let mut rest = pattern.trim_matches(' ').chars().peekable();
    while let Some(c) = rest.next() {
        match c {
            '\'' if rest.peek() == Some(&'\'') => {
                rest.next();
                text.push('\'');
            }
            '\'' => {
                while let Some(c) = rest.next() {
                    if c != '\'' {
                        text.push(c);
                    } else if rest.peek() == Some(&'\'') {
                        rest.next();
                        text.push('\'');
                    } else {
                        break;
                    }
                }
            }
            letter if letter.is_ascii_alphabetic() => {
                let mut count = 1;
                while rest.next_if_eq(&letter).is_some() {
                    count += 1;
                }
                text.push_str(&field(moment, letter, count));
            }
            other => text.push(other),
        }
    }
    text
}

fn padded(number: i64, width: usize) -> String {
    format!("{number:0width$}", width = width.min(20))
}

fn field(moment: Moment, letter: char, count: usize) -> String {
    let Moment { date, time, offset } = moment;
    let (year, month) = (i64::from(date.year()), i64::from(date.month()));
    let hours = time.hours();
    let hour = i64::try_from(hours % 24).unwrap_or(0);
    match letter {
        'G' => match count {
            1..=3 => "AD".to_owned(),
            4 => "Anno Domini".to_owned(),
            _ => "A".to_owned(),
        },
        'y' if count == 2 => padded(year % 100, 2),
        'y' | 'u' => padded(year, count),
        'Y' if count == 2 => padded(week(date).0 % 100, 2),
        'Y' => padded(week(date).0, count),
        'Q' | 'q' => quarter((month + 2) / 3, count),
        'M' | 'L' => name_or_number(month_name(date), month, count),
        'w' => padded(week(date).1, count),
        'd' => padded(date.day().into(), count),
        'D' => padded(day_of_year(date), count),
        'E' => weekday_name(date, count.max(3)),
        'e' | 'c' if count <= 2 => padded(date.weekday().into(), if letter == 'c' { 1 } else { count }),
        'e' | 'c' => weekday_name(date, count),
        'a' => {
            if count == 5 {
                twelve(hours).0[..1].to_lowercase()
            } else {
                twelve(hours).0.into()
            }
        }
        'b' => noon(time, count),
        'B' => day_period(hour).to_owned(),
        'h' => padded(i64::try_from(twelve(hours).1).unwrap_or(12), count),
        'H' => padded(i64::try_from(hours).unwrap_or(0), count),
        'K' => padded(hour % 12, count),
        'k' => padded(if hour == 0 { 24 } else { hour }, count),
        'm' => padded(i64::try_from(time.minutes()).unwrap_or(0), count),
        's' => padded(i64::try_from(time.second()).unwrap_or(0), count),
        'S' => "0".repeat(count),
        'X' | 'x' | 'O' | 'z' | 'Z' => zone(offset, letter, count),
        other => std::iter::repeat_n(other, count).collect(),
    }
}

fn name_or_number(name: &str, number: i64, count: usize) -> String {
    match count {
        1 | 2 => padded(number, count),
        3 => short(name).to_owned(),
        4 => name.to_owned(),
        _ => name.chars().take(1).collect(),
    }
}

fn weekday_name(date: Date, count: usize) -> String {
    let name = day_name(date);
    match count {
        6 => name.chars().take(2).collect(),
        other => name_or_number(name, 0, other),
    }
}

fn quarter(number: i64, count: usize) -> String {
    let ending = match number {
        1 => "st",
        2 => "nd",
        3 => "rd",
        _ => "th",
    };
    match count {
        1 | 2 => padded(number, count),
        3 => format!("Q{number}"),
        4 => format!("{number}{ending} quarter"),
        _ => number.to_string(),
    }
}

fn day_of_year(date: Date) -> i64 {
    let first = Date::new(date.year(), 1, 1).unwrap_or(date);
    Date::days_between(first, date) + 1
}

/// Year and week of a date; weeks begin on Sunday, and the first one holds January 1st.
fn week(date: Date) -> (i64, i64) {
    let year = i64::from(date.year());
    if date.is_null() {
        return (year, 0);
    }
    let to_saturday = i64::try_from(DAYS.len()).unwrap_or(7) - i64::from(date.weekday());
    let saturday = date.add_days(to_saturday);
    if saturday.year() != date.year() {
        return (year + 1, 1);
    }
    (year, (day_of_year(saturday) - 1) / 7 + 1)
}

fn noon(time: Time, count: usize) -> String {
    let exact = time.minutes() == 0 && time.second() == 0;
    let (short, long, letter) = match time.hours() % 24 {
        0 if exact => ("mid.", "midnight", "md"),
        12 if exact => ("noon", "noon", "n"),
        hour if hour < 12 => ("AM", "AM", "a"),
        _ => ("PM", "PM", "p"),
    };
    match count {
        1..=3 => short,
        4 => long,
        _ => letter,
    }
    .to_owned()
}

const fn day_period(hour: i64) -> &'static str {
    match hour {
        6..=11 => "in the morning",
        12..=17 => "in the afternoon",
        18..=20 => "in the evening",
        _ => "at night",
    }
}

fn zone(offset: i64, letter: char, count: usize) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let size = offset.abs();
    let (hours, minutes, seconds) = (size / 3600, size / 60 % 60, size % 60);
    let basic = format!("{sign}{hours:02}{minutes:02}");
    let extended = format!("{sign}{hours:02}:{minutes:02}");
    let greenwich = |long: bool| match (offset, long) {
        (0, _) => "GMT".to_owned(),
        (_, true) => format!("GMT{extended}"),
        _ if minutes == 0 => format!("GMT{sign}{hours}"),
        _ => format!("GMT{sign}{hours}:{minutes:02}"),
    };
    match (letter, count) {
        ('X', _) | ('z' | 'Z', 5) if offset == 0 => "Z".to_owned(),
        ('X' | 'x', 1) if minutes == 0 => format!("{sign}{hours:02}"),
        ('X' | 'x', 1 | 2) | ('z' | 'Z', 1..=3) => basic,
        ('X' | 'x', 4) if seconds == 0 => basic,
        ('X' | 'x', 4) => format!("{basic}{seconds:02}"),
        ('X' | 'x', 3) => extended,
        ('X' | 'x', _) | ('z' | 'Z', 5) if seconds == 0 => extended,
        ('X' | 'x', _) | ('z' | 'Z', 5) => format!("{extended}:{seconds:02}"),
        ('O', 1) => greenwich(false),
        _ => greenwich(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_as_documented() {
        let at = |year, month, day, seconds| Moment {
            date: Date::new(year, month, day).unwrap(),
            time: Time::new(seconds),
            offset: 3600,
        };
        for (moment, pattern, text) in [
            (at(2023, 11, 27, 0), "EEEE d MMMM y GGGG", "Monday 27 November 2023 Anno Domini"),
            (at(2023, 11, 27, 0), "E dd/MM/yyyy zzzz", "Mon 27/11/2023 GMT+01:00"),
            (at(2023, 11, 27, 40500), "E dd/MM/yyyy 'at' hh:mm aa O", "Mon 27/11/2023 at 11:15 AM GMT+1"),
            (at(2000, 6, 15, 0), "QQQQ", "2nd quarter"),
            (at(2001, 3, 17, 0), "D", "76"),
            (at(1954, 3, 17, 0), "w", "12"),
            (at(1954, 3, 17, 0), "eeee", "Wednesday"),
            (at(1996, 1, 1, 0), "yyyyyy", "001996"),
            (at(2000, 1, 1, 64800), "K a", "6 PM"),
            (at(2000, 1, 1, 0), "' 'HH : mm : ss' '", " 00 : 00 : 00 "),
            (at(2000, 1, 1, 0), "''", "'"),
        ] {
            assert_eq!(format(moment, pattern), text, "{pattern}");
        }
    }
}
