//! Theme String: taking texts apart and putting them together. Positions count UTF-16 code units
//! from 1. Searching is in `string_search`, `String` and `Num` in `string_convert`.

use super::parameters::{Integer, Star};
use crate::value::{Collection, Result, Text, Value};
use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;

commands! {
    /// Gives a part of a text: from a character on, to the end or as many as asked for.
    12 "Substring" (source; firstChar; numChars) thread_safe => substring;
    /// Gives a text in capitals; without `*`, diacritical marks go.
    13 "Uppercase" (aString; *) thread_safe => uppercase;
    /// Gives a text in small letters; without `*`, diacritical marks go.
    14 "Lowercase" (aString; *) thread_safe => lowercase;
    /// Gives the number of characters of a text.
    16 "Length" (string) thread_safe => length;
    /// Gives the character of a UTF-16 code.
    90 "Char" (charCode) thread_safe => char_of;
    /// Gives the UTF-16 code of a text's first character.
    91 "Character code" (character) thread_safe => character_code;
    /// Inserts a text before a position of another.
    231 "Insert string" (source; what; where) thread_safe => insert_string;
    /// Removes characters from a position on.
    232 "Delete string" (source; where; numChars) thread_safe => delete_string;
    /// Overwrites characters from a position on.
    234 "Change string" (source; newChars; where) thread_safe => change_string;
    /// Splits a text at a separator into a collection.
    1554 "Split string" (stringToSplit; separator; options) thread_safe => split_string;
    /// Takes white space off both ends.
    1853 "Trim" (aString) thread_safe => trim;
    /// Takes white space off the start.
    1854 "Trim start" (aString) thread_safe => trim_start;
    /// Takes white space off the end.
    1855 "Trim end" (aString) thread_safe => trim_end;
}

/// Source: commands/substring
fn substring(source: Text, first: Integer, count: Option<Integer>) -> Text {
    let length = source.len_utf16();
    let Ok(start) = usize::try_from(i64::from(first.max(1)) - 1) else { return Text::new() };
    let count = match count {
        Some(count) => usize::try_from(count).unwrap_or(0),
        None => length,
    };
    if start == 0 && count >= length {
        return source;
    }
    source.substring(start, count)
}

fn length(string: Text) -> Integer {
    integer(string.len_utf16())
}

/// A count as the language has it.
pub(super) fn integer(count: usize) -> Integer {
    Integer::try_from(count).unwrap_or(Integer::MAX)
}

/// Source: commands/uppercase
fn uppercase(string: Text, keep_marks: Option<Star>) -> Text {
    if string.is_ascii() {
        return Text::from(string.as_str().to_ascii_uppercase());
    }
    let text = if keep_marks.is_some() { string } else { without_marks(&string) };
    Text::from(text.as_str().to_uppercase())
}

/// Source: commands/lowercase
fn lowercase(string: Text, keep_marks: Option<Star>) -> Text {
    if string.is_ascii() {
        return Text::from(string.as_str().to_ascii_lowercase());
    }
    let text = if keep_marks.is_some() { string } else { without_marks(&string) };
    Text::from(text.as_str().to_lowercase())
}

/// The text with letters in place of letters with marks.
fn without_marks(text: &str) -> Text {
    let normalizer = DecomposingNormalizerBorrowed::new_nfd();
    let categories = CodePointMapData::<GeneralCategory>::new();
    let is_mark = |c: char| categories.get(c) == GeneralCategory::NonspacingMark;
    let mut plain = String::with_capacity(text.len());
    for character in text.chars() {
        let mut parts = normalizer.normalize_iter(std::iter::once(character));
        match parts.next() {
            Some(mark) if mark != character || !is_mark(mark) => {
                // What decomposes into more than marks, as Hangul does, stays whole.
                let only_marks = parts.all(is_mark);
                plain.push(if only_marks { mark } else { character });
            }
            _ => {}
        }
    }
    Text::from(plain)
}

/// Source: commands/char
fn char_of(code: Integer) -> Text {
    match u16::try_from(code) {
        Ok(unit) => Text::from_utf16(&[unit]),
        Err(_) => u32::try_from(code).ok().and_then(char::from_u32).map_or_else(Text::new, Text::from),
    }
}

/// Source: commands/character-code
fn character_code(character: Text) -> Integer {
    character.code_unit_at(0).map_or(0, Integer::from)
}

/// A position of the language as a number of code units before it, within the text.
fn before(place: Integer, length: usize) -> usize {
    usize::try_from(i64::from(place) - 1).unwrap_or(0).min(length)
}

/// Source: commands/insert-string
fn insert_string(source: Text, what: Text, place: Integer) -> Result<Text> {
    let at = source.utf16_to_byte(before(place, source.len_utf16()));
    join(&[source.get(..at), Some(&what), source.get(at..)])
}

/// Source: commands/delete-string
fn delete_string(source: Text, place: Integer, count: Integer) -> Result<Text> {
    let length = source.len_utf16();
    let Ok(count) = usize::try_from(count) else { return Ok(source) };
    if count == 0 || usize::try_from(place).is_ok_and(|place| place > length) {
        return Ok(source);
    }
    let start = before(place, length);
    let end = start.saturating_add(count).min(length);
    let (start, end) = (source.utf16_to_byte(start), source.utf16_to_byte(end));
    join(&[source.get(..start), source.get(end..)])
}

/// The length stays: characters that would pass the end are left out.
/// Source: commands/change-string
fn change_string(source: Text, new: Text, place: Integer) -> Result<Text> {
    let length = source.len_utf16();
    let Ok(start) = usize::try_from(i64::from(place) - 1) else { return Ok(source) };
    if start >= length || new.is_empty() {
        return Ok(source);
    }
    let new = new.substring(0, length - start);
    let end = start + new.len_utf16();
    let (start, end) = (source.utf16_to_byte(start), source.utf16_to_byte(end));
    join(&[source.get(..start), Some(&new), source.get(end..)])
}

fn join(parts: &[Option<&str>]) -> Result<Text> {
    let size = parts.iter().flatten().map(|part| part.len()).sum();
    let mut joined = Text::with_capacity(size);
    for part in parts.iter().flatten() {
        joined.try_push_str(part)?;
    }
    Ok(joined)
}

/// Options of `Split string`.
const IGNORE_EMPTY: Integer = 1;
const TRIM: Integer = 2;

/// Source: commands/split-string
fn split_string(source: Text, separator: Text, options: Option<Integer>) -> Collection {
    let options = options.unwrap_or(0);
    let mut parts = Vec::new();
    let mut add = |part: &str| {
        let part = if options & TRIM != 0 { part.trim_matches(' ') } else { part };
        if !(part.is_empty() && options & IGNORE_EMPTY != 0) {
            parts.push(Value::Text(Text::from(part)));
        }
    };
    if separator.is_empty() {
        let mut buffer = [0; 4];
        source.chars().for_each(|c| add(c.encode_utf8(&mut buffer)));
    } else if separator.chars().any(|c| c.is_alphabetic() || !c.is_ascii()) {
        // Letters are found as `Position` finds them, in either case.
        super::string_search::split(&source, &separator).for_each(add);
    } else {
        source.as_str().split(separator.as_str()).for_each(add);
    }
    Collection::from_values(parts)
}

/// White space and line ends as ECMAScript has them.
fn is_white(c: char) -> bool {
    (c.is_whitespace() && c != '\u{85}') || c == '\u{feff}'
}

/// Source: commands/trim
fn trim(string: Text) -> Text {
    cut(&string, string.as_str().trim_matches(is_white))
}

fn trim_start(string: Text) -> Text {
    cut(&string, string.as_str().trim_start_matches(is_white))
}

fn trim_end(string: Text) -> Text {
    cut(&string, string.as_str().trim_end_matches(is_white))
}

fn cut(whole: &Text, part: &str) -> Text {
    if part.len() == whole.len() { whole.clone() } else { Text::from(part) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_and_joined() {
        let text = |s: &str| Text::from(s);
        assert_eq!(substring(text("Kingfisher"), 5, Some(4)).as_str(), "fish");
        assert_eq!(substring(text("héllo"), 2, None).as_str(), "éllo");
        assert_eq!(substring(text("abc"), 9, Some(2)).as_str(), "");
        assert_eq!(change_string(text("Acme"), text("CME"), 2).unwrap().as_str(), "ACME");
        assert_eq!(change_string(text("November"), text("Dec"), 1).unwrap().as_str(), "December");
        assert_eq!(delete_string(text("abc"), 0, 50).unwrap().as_str(), "");
        assert_eq!(uppercase(text("célèbre"), None).as_str(), "CELEBRE");
        assert_eq!(uppercase(text("célèbre"), Some(Star)).as_str(), "CÉLÈBRE");
        assert_eq!(uppercase(text("한글"), None).as_str(), "한글");
    }
}
