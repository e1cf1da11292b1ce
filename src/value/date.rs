//! `Date`: a day of the calendar, or the null date `!00-00-00!`. Packed so that dates compare as
//! numbers; the null date is before all others. `Source: Concepts/date`

use std::fmt;

/// A date from year 1 to 32767, or the null date.
#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date(u32);

impl Date {
    /// `!00-00-00!`
    pub const NULL: Self = Self(0);
    pub const MAX_YEAR: i32 = 32767;

    /// The date, if the calendar has it.
    #[must_use]
    pub fn new(year: i32, month: u32, day: u32) -> Option<Self> {
        let year_fits = (1..=Self::MAX_YEAR).contains(&year);
        if !year_fits || day == 0 || day > days_in_month(year, month) {
            return None;
        }
        Some(Self(year.unsigned_abs() << 9 | month << 5 | day))
    }

    #[inline]
    #[must_use]
    pub const fn is_null(self) -> bool {
        self.0 == 0
    }

    /// 0 for the null date.
    #[must_use]
    pub const fn year(self) -> i32 {
        (self.0 >> 9).cast_signed()
    }

    /// 1 to 12; 0 for the null date.
    #[must_use]
    pub const fn month(self) -> u32 {
        self.0 >> 5 & 15
    }

    /// 1 to 31; 0 for the null date.
    #[must_use]
    pub const fn day(self) -> u32 {
        self.0 & 31
    }

    /// The date that many days later (or earlier); the null date when there is none.
    #[must_use]
    pub fn add_days(self, days: i64) -> Self {
        if days == 0 {
            return self;
        }
        Self::from_day_number(self.day_number().saturating_add(days))
    }

    /// How many days `self` is after `earlier`.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> i64 {
        self.day_number() - earlier.day_number()
    }

    /// How many days `to` is after `from`.
    #[must_use]
    pub fn days_between(from: Self, to: Self) -> i64 {
        to.days_since(from)
    }

    /// 1 for Sunday to 7 for Saturday, as `Day number` counts; 0 for the null date.
    /// `Source: commands/day-number`
    #[must_use]
    pub fn weekday(self) -> u32 {
        if self.is_null() {
            return 0;
        }
        // Day 1, 0001-01-01, was a Monday.
        u32::try_from(self.day_number().rem_euclid(7)).unwrap_or(0) + 1
    }

    /// Days counted from 0001-01-01, which is 1; the null date is 0.
    #[must_use]
    pub fn day_number(self) -> i64 {
        if self.is_null() {
            return 0;
        }
        let months_from_march = i64::from((self.month() + 9) % 12);
        let year = i64::from(self.year()) - i64::from(self.month() < 3);
        let day_of_year = (153 * months_from_march + 2) / 5 + i64::from(self.day());
        year * 365 + year.div_euclid(4) - year.div_euclid(100) + year.div_euclid(400) + day_of_year - 306
    }

    /// The date with that day number; the null date when out of range.
    #[must_use]
    pub fn from_day_number(number: i64) -> Self {
        if !(1..=12_000_000).contains(&number) {
            return Self::NULL;
        }
        // Counted from 0000-03-01, in cycles of 400 years.
        let days = number + 305;
        let (era, day_of_era) = (days / 146_097, days % 146_097);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era * 400 + year_of_era + i64::from(month < 3);
        let (Ok(year), Ok(month), Ok(day)) = (year.try_into(), month.try_into(), day.try_into()) else {
            return Self::NULL;
        };
        Self::new(year, month, day).unwrap_or(Self::NULL)
    }
}

/// How many days a month has; 0 if there is no such month.
#[must_use]
pub fn days_in_month(year: i32, month: u32) -> u32 {
    match month {
        2 if year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => 0,
    }
}

impl fmt::Debug for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "!{self}!")
    }
}

impl fmt::Display for Date {
    /// As in a literal: `2024-05-06`, `00-00-00` for the null date.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_null() {
            return f.write_str("00-00-00");
        }
        write!(f, "{:04}-{:02}-{:02}", self.year(), self.month(), self.day())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn date(year: i32, month: u32, day: u32) -> Date {
        Date::new(year, month, day).unwrap()
    }

    #[test]
    fn calendar() {
        assert_eq!(Date::new(2023, 2, 29), None);
        assert_eq!(Date::new(2024, 13, 1), None);
        assert_eq!(Date::new(2024, 1, 0), None);
        assert_eq!(date(2024, 2, 29).add_days(1), date(2024, 3, 1));
        assert_eq!(date(1900, 2, 28).add_days(1), date(1900, 3, 1));
        assert_eq!(date(2023, 12, 25).add_days(10), date(2024, 1, 4));
        assert_eq!(date(2023, 3, 15).add_days(-15), date(2023, 2, 28));
        assert_eq!(Date::days_between(date(2017, 1, 1), date(2017, 1, 20)), 19);
        assert!(Date::NULL < date(1, 1, 1) && date(2017, 1, 31) < date(2017, 2, 1));
        assert_eq!(date(32767, 12, 31).add_days(1), Date::NULL);
        assert_eq!(Date::NULL.add_days(i64::MIN), Date::NULL);
    }

    #[test]
    fn weekdays() {
        assert_eq!(date(2026, 11, 22).weekday(), 1);
        assert_eq!(date(2024, 1, 1).weekday(), 2);
        assert_eq!(date(2000, 1, 1).weekday(), 7);
        assert_eq!(Date::NULL.weekday(), 0);
    }

    #[test]
    fn every_day_number_is_its_own() {
        assert_eq!(date(1, 1, 1).day_number(), 1);
        let mut before = Date::NULL;
        for number in 1..800_000 {
            let day = Date::from_day_number(number);
            assert_eq!(day.day_number(), number);
            assert!(day > before);
            before = day;
        }
    }
}
