//! The text of a literal → its value, for the literals whose token carries one.

use super::codes;
use super::token::TokenKind;
use crate::text::{Diagnostic, Span};

/// A decimal number without fraction: `Integer` if it fits 32 bits.
pub(super) fn integer(text: &str) -> TokenKind {
    text.parse().map_or_else(|_| TokenKind::Real(text.parse().unwrap_or(f64::INFINITY)), TokenKind::Integer)
}

/// `0x…`: up to 32 bits are a bit pattern, so that `0xFFFFFFFF` is -1 (`Source: Concepts/number`).
pub(super) fn hexadecimal(text: &str) -> TokenKind {
    let digits = text.get(2..).unwrap_or_default();
    match u32::from_str_radix(digits, 16) {
        Ok(bits) => TokenKind::Integer(bits as i32),
        Err(_) => {
            let value = digits.chars().filter_map(|c| c.to_digit(16));
            TokenKind::Real(value.fold(0.0, |sum, digit| sum * 16.0 + f64::from(digit)))
        }
    }
}

/// `!2024-01-31!` and the older ways to write a date.
///
/// `Source: Concepts/date`. With `-`, the year comes first. With `/` or `.` it comes last, unless the
/// first part has more than two digits; `/` puts the month before the day and `.` behind it, and
/// a month above 12 is taken for a day. Two-digit years below 30 belong to this century.
pub(super) fn date(text: &str) -> Option<(i32, u8, u8)> {
    let inner = text.trim_matches('!');
    let mut parts = inner.split(['-', '/', '.', ' ']).map(|p| (p.len(), p.parse::<u32>().ok()));
    let ((first_len, a), (_, b), (last_len, c)) = (parts.next()?, parts.next()?, parts.next()?);
    let (a, b, c) = (a?, b?, c?);
    let year_first = first_len > 2 || (inner.contains('-') && last_len <= 2);
    let (year, year_len, mut month, mut day) = match () {
        () if year_first => (a, first_len, b, c),
        () if inner.contains('.') => (c, last_len, b, a),
        () => (c, last_len, a, b),
    };
    if (year, month, day) == (0, 0, 0) {
        return Some((0, 0, 0));
    }
    if !year_first && month > 12 && day <= 12 {
        std::mem::swap(&mut month, &mut day);
    }
    let year = match year {
        0..30 if year_len <= 2 => year + 2000,
        30..100 if year_len <= 2 => year + 1900,
        _ => year,
    };
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let days = match month {
        2 => 28 + u32::from(leap),
        4 | 6 | 9 | 11 => 30,
        1..=12 => 31,
        _ => return None,
    };
    if !(1..=days).contains(&day) || !(1..=32_767).contains(&year) {
        return None;
    }
    Some((year as i32, month as u8, day as u8))
}

/// `?12:30:00?` in seconds.
pub(super) fn time(text: &str) -> i64 {
    let parts = text.trim_matches('?').split(':');
    parts.fold(0_i64, |sum, part| {
        let part = part.parse().unwrap_or(i64::from(i32::MAX));
        sum.saturating_mul(60).saturating_add(part)
    })
}

/// What is wrong with a text that no token begins with.
pub(super) fn unknown(text: &str, span: Span) -> Diagnostic {
    let first = text.chars().next().unwrap_or('?');
    match first {
        '!' => Diagnostic::error(codes::BAD_DATE, span, "this is not a date")
            .label("a date was expected from this `!` on")
            .help(
                "write a date as `!2024-01-31!`; \"not equal\" is `#`, and the Boolean \"not\" is `Not(…)`",
            ),
        '“' | '”' | '„' | '‘' | '’' | '\'' | '«' | '»' => {
            Diagnostic::error(codes::UNKNOWN_CHARACTER, span, format!("`{first}` does not quote a text"))
                .label("this is no quote in 4D")
                .help("use the straight double quote `\"`")
        }
        '$' => Diagnostic::error(codes::MISSING_NAME, span, "there is no name after this `$`")
            .label("a name was expected right behind it")
            .help("a local variable is written `$name`"),
        _ => {
            let escaped = first.escape_debug();
            Diagnostic::error(codes::UNKNOWN_CHARACTER, span, format!("`{escaped}` means nothing in 4D"))
                .label("this character begins nothing")
                .help("remove it, or put it into a text or a comment")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_in_every_way_to_write_them() {
        let cases = [
            ("!2024-01-31!", Some((2024, 1, 31))),
            ("!00-00-00!", Some((0, 0, 0))),
            ("!0000-00-00!", Some((0, 0, 0))),
            ("!00/00/00!", Some((0, 0, 0))),
            ("!2018/01/21!", Some((2018, 1, 21))),
            ("!12/04/98!", Some((1998, 12, 4))),
            ("!31/12/2020!", Some((2020, 12, 31))),
            ("!31.12.29!", Some((2029, 12, 31))),
            ("!99-01-31!", Some((1999, 1, 31))),
            ("!2023-02-29!", None),
            ("!2024-02-29!", Some((2024, 2, 29))),
            ("!2024-13-01!", None),
            ("!99999999999-13-01!", None),
        ];
        for (text, expected) in cases {
            assert_eq!(date(text), expected, "{text}");
        }
    }

    #[test]
    fn times_and_numbers() {
        assert_eq!(time("?01:02:03?"), 3723);
        assert_eq!(time("?596000:00:00?"), 596_000 * 3600);
        assert_eq!(integer("2147483647"), TokenKind::Integer(i32::MAX));
        assert_eq!(integer("2147483648"), TokenKind::Real(2_147_483_648.0));
        assert_eq!(hexadecimal("0xFFFFFFFF"), TokenKind::Integer(-1));
        assert_eq!(hexadecimal("0x100000000"), TokenKind::Real(4_294_967_296.0));
    }
}
