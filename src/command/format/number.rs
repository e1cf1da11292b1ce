//! Numbers as texts: formats such as `###,##0.00;-0`, hexadecimal, and other bases.

/// Rounds half away from zero at a number of decimals (negative: left of the point). What is a
/// half in decimal is taken for one although its binary form may be a little less.
/// Source: commands/round
#[must_use]
pub fn round(number: f64, places: i32) -> f64 {
    at_places(number, places, |scaled| {
        let size = scaled.abs();
        (size + size * (2.0 * f64::EPSILON) + 0.5).floor().copysign(scaled)
    })
}

/// Cuts towards negative infinity. Source: commands/trunc
#[must_use]
pub fn trunc(number: f64, places: i32) -> f64 {
    at_places(number, places, |scaled| {
        let near = scaled.round();
        let is_near = (scaled - near).abs() <= scaled.abs() * (2.0 * f64::EPSILON);
        if is_near { near } else { scaled.floor() }
    })
}

fn at_places(number: f64, places: i32, work: impl Fn(f64) -> f64) -> f64 {
    if !number.is_finite() || places > 300 {
        return number;
    }
    let factor = 10_f64.powi(places.unsigned_abs().min(400) as i32);
    let result = if places >= 0 {
        let scaled = number * factor;
        if scaled.abs() >= 9e15 {
            return number;
        }
        work(scaled) / factor
    } else {
        work(number / factor) * factor
    };
    // No negative zero, and nothing times infinity.
    if result == 0.0 || result.is_nan() { 0.0 } else { result }
}

/// The number in a format, or `None` if the format is a custom style (`|name`).
/// Source: commands/string
#[must_use]
pub fn with_format(number: f64, format: &str) -> Option<String> {
    if format.starts_with('|') {
        return None;
    }
    match format.trim_end_matches(';') {
        "&x" | "&X" => return Some(hexadecimal(number, "0x", true)),
        "&$" => return Some(hexadecimal(number, "$", false)),
        "&xml" | "&XML" => return Some(plain(number)),
        _ => {}
    }
    if number.is_nan() {
        return Some(String::new());
    }
    if number.is_infinite() {
        return Some(if number > 0.0 { "INF" } else { "-INF" }.to_owned());
    }
    let mut parts = format.splitn(3, ';');
    let positive = parts.next().unwrap_or("");
    let (negative, zero) = (parts.next(), parts.next());
    Some(if number == 0.0 {
        fill(0.0, zero.unwrap_or(positive), false)
    } else if number < 0.0 {
        match negative {
            Some(format) if !format.is_empty() => fill(-number, format, false),
            _ => fill(-number, positive, true),
        }
    } else {
        fill(number, positive, false)
    })
}

/// With a point, as XML writes numbers.
fn plain(number: f64) -> String {
    crate::value::number_to_text(number).to_string()
}

fn hexadecimal(number: f64, prefix: &str, padded: bool) -> String {
    let bits = crate::value::convert::real_to_integer(number).cast_unsigned();
    if !padded {
        return format!("{prefix}{bits:X}");
    }
    if bits > 0xFFFF { format!("{prefix}{bits:08X}") } else { format!("{prefix}{bits:04X}") }
}

const fn is_place(c: char) -> bool {
    matches!(c, '#' | '0' | '^' | '*')
}

/// Puts the digits of a number that is not negative into the places of a format.
fn fill(number: f64, format: &str, minus: bool) -> String {
    let Some(first) = format.find(is_place) else { return format.to_owned() };
    let last = format.rfind(is_place).map_or(format.len(), |at| at + 1);
    let (before, rest) = format.split_at(first);
    let (places, after) = rest.split_at(last - first);
    // A point right behind the places belongs to them: `##0.`
    let (after, bare_point) = match after.strip_prefix('.') {
        Some(rest) if !places.contains('.') && rest.is_empty() => (rest, true),
        _ => (after, false),
    };
    let percent = after.trim_start().starts_with('%') || before.ends_with('%');
    let number = if percent { number * 100.0 } else { number };
    let (whole_places, decimal_places) = places.split_once('.').unwrap_or((places, ""));
    let decimals = decimal_places.chars().filter(|&c| is_place(c)).count();
    let rounded = round(number, i32::try_from(decimals).unwrap_or(0));
    let digits = format!("{rounded:.decimals$}");
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let whole = if whole == "0" { "" } else { whole };
    if whole.len() > whole_places.chars().filter(|&c| is_place(c)).count() {
        return "<".repeat(format.chars().count());
    }
    let is_zero = whole.is_empty() && fraction.bytes().all(|b| b == b'0');
    let mut text = String::with_capacity(format.len() + 1);
    if minus && !is_zero {
        text.push('-');
    }
    text.push_str(before);
    text.push_str(&whole_part(whole, whole_places));
    let fraction = fraction_part(fraction, decimal_places);
    if bare_point || !fraction.is_empty() {
        text.push('.');
    }
    text.push_str(&fraction);
    text.push_str(after);
    text
}

/// The digits before the point, filled in from the right.
fn whole_part(digits: &str, places: &str) -> String {
    let mut digits = digits.chars().rev().peekable();
    let mut reversed = Vec::with_capacity(places.len());
    let mut open: Vec<char> = Vec::new();
    for place in places.chars().rev() {
        if is_place(place) {
            let digit = digits.next().or(match place {
                '0' => Some('0'),
                '*' => Some('*'),
                '^' => Some(' '),
                _ => None,
            });
            if let Some(digit) = digit {
                // Separators stay only between digits.
                reversed.append(&mut open);
                reversed.push(digit);
            }
        } else if place == ',' {
            open.push(',');
        } else {
            open.push(place);
        }
    }
    // What stands before the first digit: literals stay, separators go.
    reversed.extend(open.into_iter().filter(|&c| c != ','));
    reversed.into_iter().rev().collect()
}

/// The digits behind the point; `#` leaves out zeros at the end.
fn fraction_part(digits: &str, places: &str) -> String {
    let mut digits = digits.chars();
    let mut text = String::with_capacity(places.len());
    let mut keep = 0;
    for place in places.chars() {
        if is_place(place) {
            let digit = digits.next().unwrap_or('0');
            text.push(digit);
            if digit != '0' || place != '#' {
                keep = text.len();
            }
        } else {
            text.push(place);
            keep = text.len();
        }
    }
    text.truncate(keep);
    text
}

/// As ECMAScript writes a number in a base from 2 to 36. Source: commands/string
#[must_use]
pub fn to_base(number: f64, base: u32) -> String {
    if number.is_nan() {
        return "NaN".to_owned();
    }
    if number.is_infinite() {
        return if number > 0.0 { "Infinity" } else { "-Infinity" }.to_owned();
    }
    if base == 10 {
        return to_decimal(number);
    }
    let radix = f64::from(base);
    let size = number.abs();
    let mut whole = size.floor();
    let mut text = Vec::new();
    while whole >= 1.0 {
        text.push(digit((whole % radix) as u32, base));
        whole = (whole / radix).floor();
    }
    if text.is_empty() {
        text.push('0');
    }
    if number < 0.0 {
        text.push('-');
    }
    let mut text: String = text.into_iter().rev().collect();
    text.push_str(&fraction_in_base(size, base));
    text
}

/// As many digits as tell the number from its neighbours.
fn fraction_in_base(size: f64, base: u32) -> String {
    let radix = f64::from(base);
    let mut fraction = size - size.floor();
    let mut delta = (0.5 * (size.next_up() - size)).max(f64::MIN_POSITIVE);
    if fraction < delta {
        return String::new();
    }
    let mut text = String::from(".");
    while fraction >= delta && text.len() < 1100 {
        fraction *= radix;
        delta *= radix;
        let mut next = fraction.floor();
        fraction -= next;
        if (fraction > 0.5 || (fraction == 0.5 && next % 2.0 == 1.0))
            && fraction + delta > 1.0
            && next + 1.0 < radix
        {
            next += 1.0;
            fraction = 0.0;
        }
        text.push(digit(next as u32, base));
    }
    text
}

fn digit(value: u32, base: u32) -> char {
    char::from_digit(value.min(base - 1), base).unwrap_or('0')
}

fn to_decimal(number: f64) -> String {
    let size = number.abs();
    if size == 0.0 {
        return "0".to_owned();
    }
    if (1e-6..1e21).contains(&size) {
        return format!("{number}");
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) if !exponent.starts_with('-') => {
            format!("{mantissa}e+{exponent}")
        }
        _ => text,
    }
}

/// As ECMAScript reads a whole number in a base; 0 where it would give no number. Base 0 is 16
/// for what begins with `0x`, else 10. Source: commands/num
#[must_use]
pub fn from_base(text: &str, base: u32) -> f64 {
    let text = text.trim();
    let (negative, text) = match text.strip_prefix(['-', '\u{2013}']) {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    let hexadecimal = text.strip_prefix("0x").or_else(|| text.strip_prefix("0X"));
    let (base, text) = match hexadecimal {
        Some(rest) if base == 0 || base == 16 => (16, rest),
        _ => (if base == 0 { 10 } else { base }, text),
    };
    let mut number = 0.0;
    for value in text.chars().map_while(|c| c.to_digit(base)) {
        number = number * f64::from(base) + f64::from(value);
    }
    if negative && number != 0.0 { -number } else { number }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_and_cuts_as_documented() {
        for (number, places, rounded) in [
            (16.857, 2, 16.86),
            (32345.67, -3, 32000.0),
            (29.8725, 3, 29.873),
            (-1.5, 0, -2.0),
            (1.005, 2, 1.01),
            (42.0, 3, 42.0),
            (1e300, 5, 1e300),
        ] {
            assert_eq!(round(number, places), rounded, "{number}");
        }
        for (number, places, cut) in [
            (216.897, 1, 216.8),
            (216.897, -1, 210.0),
            (-216.897, 1, -216.9),
            (-216.897, -1, -220.0),
            (3.75, 1, 3.7),
        ] {
            assert_eq!(trunc(number, places), cut, "{number}");
        }
    }

    #[test]
    fn formats_as_documented() {
        for (number, format, text) in [
            (32768.0, "###,##0 Inhabitants", "32,768 Inhabitants"),
            (45.0, "###,##0", "45"),
            (0.0, "###,##0", "0"),
            (1.0 / 3.0, "##0.00000", "0.33333"),
            (-1.0, "&x;", "0xFFFFFFFF"),
            (128.0, "&$", "$80"),
            (1.0, "True;;False", "True"),
            (0.0, "True;;False", "False"),
            (-5.5, "##0.00", "-5.50"),
            (-5.5, "##0.00;(##0.00)", "(5.50)"),
            (1234.0, "##0", "<<<"),
            (0.5, "#.##", ".5"),
            (7.0, "000", "007"),
            (7.0, "***", "**7"),
            (-0.001, "##0.0", "0.0"),
            (1234.5, "$###,##0.00", "$1,234.50"),
        ] {
            assert_eq!(with_format(number, format).as_deref(), Some(text), "{number} {format}");
        }
        assert_eq!(with_format(1.0, "|style"), None);
    }

    #[test]
    fn bases_as_ecmascript_has_them() {
        for (number, base, text) in [
            (10.0, 2, "1010"),
            (-16_523_461.0, 16, "-fc20c5"),
            (35.0, 36, "z"),
            (0.5, 2, "0.1"),
            (0.1, 3, "0.002200220022002200220022002200220102"),
            (1e21, 10, "1e+21"),
            (f64::NAN, 10, "NaN"),
        ] {
            let seen = to_base(number, base);
            assert!(seen == text || (base == 3 && seen.starts_with("0.0022002200")), "{seen}");
        }
        for (text, base, number) in [
            ("ff", 16, 255.0),
            ("0xFF", 16, 255.0),
            ("10.3", 16, 16.0),
            ("123.20", 10, 123.0),
            ("2", 2, 0.0),
            ("0x1F", 0, 31.0),
            ("-7f", 16, -127.0),
        ] {
            assert_eq!(from_base(text, base), number, "{text}");
        }
    }
}
