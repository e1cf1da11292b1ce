//! Numbers as text and texts as numbers, as `String` and `Num` convert them without a format.

use super::Text;

/// How many digits `String` shows of a real. `Source: commands/string`
const DIGITS: usize = 13;

/// The number as `String(number)` gives it; empty for what is not a number.
/// `Source: commands/string`
#[must_use]
pub fn number_to_text(number: f64) -> Text {
    if number.is_nan() {
        return Text::new();
    }
    if number.is_infinite() {
        return Text::from(if number > 0.0 { "INF" } else { "-INF" });
    }
    // Whole numbers that a real holds without doubt are shown whole.
    if number.abs() < 1e15 && number.trunc() == number {
        #[allow(clippy::cast_possible_truncation)]
        return integer_to_text(number as i64);
    }
    let scientific = format!("{:.*e}", DIGITS - 1, number.abs());
    let (mantissa, exponent) = scientific.split_once('e').unwrap_or((&scientific, "0"));
    let exponent: i32 = exponent.parse().unwrap_or(0);
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    let digits = digits.trim_end_matches('0');
    let sign = if number < 0.0 { "-" } else { "" };
    Text::from(format!("{sign}{}", place_point(digits, exponent)))
}

/// Digits with the point `exponent` places behind the first one; with an exponent where that
/// would be mostly zeros.
fn place_point(digits: &str, exponent: i32) -> String {
    let (first, rest) = digits.split_at_checked(1).unwrap_or(("0", ""));
    if !(-7..21).contains(&exponent) {
        let point = if rest.is_empty() { "" } else { "." };
        return format!("{first}{point}{rest}e{exponent:+}");
    }
    let Ok(places) = usize::try_from(exponent) else {
        let zeros = usize::try_from(-1 - exponent).unwrap_or(0);
        return format!("0.{}{digits}", "0".repeat(zeros));
    };
    match digits.split_at_checked(places + 1) {
        Some((whole, "")) => whole.to_owned(),
        Some((whole, part)) => format!("{whole}.{part}"),
        None => format!("{digits}{}", "0".repeat(places + 1 - digits.len())),
    }
}

/// A whole number in decimal digits.
#[must_use]
pub fn integer_to_text(number: i64) -> Text {
    let mut digits = [0u8; 20];
    let mut at = digits.len();
    let mut rest = number.unsigned_abs();
    while let Some(slot) = at.checked_sub(1).and_then(|next| digits.get_mut(next)) {
        at -= 1;
        *slot = b'0' + u8::try_from(rest % 10).unwrap_or(0);
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0
        && let Some(slot) = at.checked_sub(1).and_then(|next| digits.get_mut(next))
    {
        at -= 1;
        *slot = b'-';
    }
    let shown = digits.get(at..).unwrap_or_default();
    Text::from(std::str::from_utf8(shown).unwrap_or_default())
}

/// The number a text holds, as `Num(text)` reads it with a decimal point. `Source: commands/num`
#[must_use]
pub fn text_to_number(text: &str) -> f64 {
    text_to_number_with(text, ".")
}

/// As [`text_to_number`] with another decimal separator.
///
/// Digits count wherever they are; letters are passed over. A hyphen before the first digit (or
/// right after the `e`) makes negative, one between digits ends the number. An `e` behind a digit
/// starts the exponent.
#[must_use]
pub fn text_to_number_with(text: &str, separator: &str) -> f64 {
    let mut number = String::with_capacity(text.len() + 1);
    let (mut digits, mut point, mut exponent) = (false, false, false);
    let mut negative = false;
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        if !separator.is_empty() && rest.starts_with(separator) {
            if !point && !exponent {
                number.push('.');
                point = true;
            }
            rest = rest.get(separator.len()..).unwrap_or_default();
            continue;
        }
        match character {
            '0'..='9' => {
                number.push(character);
                digits = true;
            }
            // The documentation's own examples write an en dash.
            '-' | '\u{2013}' | '\u{2212}' => {
                if number.ends_with('e') {
                    number.push('-');
                } else if digits {
                    break;
                } else {
                    negative = true;
                }
            }
            'e' | 'E' if digits && !exponent => {
                number.push('e');
                exponent = true;
            }
            _ => {}
        }
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
    }
    if number.ends_with("e-") || number.ends_with('e') {
        number.truncate(number.rfind('e').unwrap_or(0));
    }
    let value: f64 = if digits { number.parse().unwrap_or(0.0) } else { 0.0 };
    if negative { -value } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_string_shows_them() {
        let table = [
            (0.0, "0"),
            (-0.0, "0"),
            (42.0, "42"),
            (-19.0, "-19"),
            (32768.0, "32768"),
            (1.0 / 3.0, "0.3333333333333"),
            (std::f64::consts::PI, "3.14159265359"),
            (0.1 + 0.2, "0.3"),
            (0.0625, "0.0625"),
            (-2.5, "-2.5"),
            (1234.5678, "1234.5678"),
            (0.00001, "0.00001"),
            (1e-9, "1e-9"),
            (1e20, "100000000000000000000"),
            (1.5e300, "1.5e+300"),
            (1e15, "1000000000000000"),
            (f64::INFINITY, "INF"),
            (f64::NEG_INFINITY, "-INF"),
            (f64::NAN, ""),
            (9.999_999_999_999_9, "10"),
        ];
        for (number, text) in table {
            assert_eq!(number_to_text(number).as_str(), text);
        }
        assert_eq!(integer_to_text(i64::MIN).as_str(), "-9223372036854775808");
    }

    #[test]
    fn texts_as_num_reads_them() {
        let table = [
            ("ABCD", 0.0),
            ("A1B2C3", 123.0),
            ("123.4", 123.4),
            ("–123", -123.0),
            ("–123e2", -12300.0),
            ("123-456", 123.0),
            ("-9", -9.0),
            ("007", 7.0),
            ("123e-2", 1.23),
            ("0xFF", 0.0),
            ("hello1", 1.0),
            ("1e", 1.0),
            ("12e-", 12.0),
            ("$ 1,234.50", 1234.5),
            ("", 0.0),
            (".5", 0.5),
            ("e5", 5.0),
        ];
        for (text, number) in table {
            assert!((text_to_number(text) - number).abs() < 1e-9, "{text}");
        }
        assert!((text_to_number_with("33.333,33", ",") - 33333.33).abs() < 1e-9);
    }
}
