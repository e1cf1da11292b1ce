//! `Time`: a number of seconds, shown as hours, minutes and seconds; may exceed a day.
//! `Source: Concepts/time`

use std::fmt;

#[derive(Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Time {
    pub seconds: i64,
}

impl Time {
    #[must_use]
    pub const fn new(seconds: i64) -> Self {
        Self { seconds }
    }

    #[must_use]
    pub const fn from_parts(hours: i64, minutes: i64, seconds: i64) -> Self {
        Self::new(
            hours.saturating_mul(3600).saturating_add(minutes.saturating_mul(60)).saturating_add(seconds),
        )
    }

    /// Whole hours, without regard to the sign.
    #[must_use]
    pub const fn hours(self) -> u64 {
        self.seconds.unsigned_abs() / 3600
    }

    #[must_use]
    pub const fn minutes(self) -> u64 {
        self.seconds.unsigned_abs() / 60 % 60
    }

    #[must_use]
    pub const fn second(self) -> u64 {
        self.seconds.unsigned_abs() % 60
    }
}

impl fmt::Display for Time {
    /// `HH:MM:SS`
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.seconds < 0 { "-" } else { "" };
        write!(f, "{sign}{:02}:{:02}:{:02}", self.hours(), self.minutes(), self.second())
    }
}

impl fmt::Debug for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "?{self}?")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shows_parts() {
        assert_eq!(Time::from_parts(13, 1, 59).to_string(), "13:01:59");
        assert_eq!(Time::new(25 * 3600).to_string(), "25:00:00");
        assert_eq!(Time::new(-61).to_string(), "-00:01:01");
        assert_eq!(Time::new(i64::MIN).second(), 8);
    }
}
