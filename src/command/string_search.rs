//! Theme String: finding, replacing and comparing, with case and diacritical marks as asked for.

use super::parameters::{ArrayRef, Integer, Out, Star, StarOr, fill};
use super::string::integer;
use crate::value::ops::{self, Sensitivity};
use crate::value::{Array, ArrayKind, Result, Text, Value};
use crate::vm::Process;
use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use std::cmp::Ordering;
use std::ops::Range;

commands! {
    /// Gives where a text first occurs in another, counted from 1; 0 if it does not.
    15 "Position" (find; aString; start; lengthFound; *) thread_safe => position;
    /// Replaces the occurrences of a text by another, all or the first ones.
    233 "Replace string" (source; oldString; newString; howMany; *) thread_safe => replace_string;
    /// Fills an array with the words of a text; with `*`, each one once.
    1141 "GET TEXT KEYWORDS" (text; arrKeywords; *) thread_safe => get_text_keywords;
    /// Compares two texts: negative, 0 or positive.
    1756 "Compare strings" (aString; bString; options) thread_safe => compare_strings;
}

/// `sk …`, theme Strings.
const CHAR_CODES: Integer = 1;
const CASE_INSENSITIVE: Integer = 2;
const DIACRITIC_INSENSITIVE: Integer = 4;
const WHOLE_WORD: Integer = 32;

/// How texts are held against one another.
#[derive(Clone, Copy)]
enum Way {
    /// As `=` does.
    Letters,
    Codes,
    /// By codes, but `a` to `z` are `A` to `Z`.
    CodesAnyCase,
    Strict(Sensitivity),
}

impl Way {
    fn of_options(options: Integer) -> Self {
        let any_case = options & CASE_INSENSITIVE != 0;
        match (options & CHAR_CODES != 0, any_case) {
            (true, false) => Self::Codes,
            (true, true) => Self::CodesAnyCase,
            _ => {
                let diacritics = options & DIACRITIC_INSENSITIVE == 0;
                match (any_case, diacritics) {
                    (true, false) => Self::Letters,
                    _ => Self::Strict(Sensitivity { case: !any_case, diacritics }),
                }
            }
        }
    }

    fn of_star(star: Option<Star>) -> Self {
        if star.is_some() { Self::Codes } else { Self::Letters }
    }
}

/// Source: commands/position
fn position(
    process: &mut Process,
    find: Text,
    string: Text,
    start: Option<Integer>,
    length_found: Option<Out<Integer>>,
    compare: Option<StarOr<Integer>>,
) -> Result<Integer> {
    let (way, whole_word) = match compare {
        None => (Way::Letters, false),
        Some(StarOr::Star) => (Way::Codes, false),
        Some(StarOr::Value(options)) => (Way::of_options(options), options & WHOLE_WORD != 0),
    };
    let start = usize::try_from(i64::from(start.unwrap_or(1)) - 1).unwrap_or(0);
    let found = (start < string.len_utf16())
        .then(|| find_from(&string, &find, string.utf16_to_byte(start), way, whole_word))
        .flatten();
    let place = found.as_ref().map(|range| {
        let before = string.byte_to_utf16(range.start);
        (before + 1, string.byte_to_utf16(range.end) - before)
    });
    let (place, length) = place.unwrap_or((0, 0));
    fill(process, length_found.as_ref(), integer(length))?;
    Ok(integer(place))
}

/// The parts of a text between the places where `Position` finds a separator.
pub(super) fn split<'a>(text: &'a str, separator: &'a str) -> impl Iterator<Item = &'a str> {
    let mut from = Some(0);
    std::iter::from_fn(move || {
        let start = from?;
        let found = find_any(text, separator, start, Way::Letters).filter(|found| !found.is_empty());
        from = found.as_ref().map(|found| found.end);
        text.get(start..found.map_or(text.len(), |found| found.start))
    })
}

fn find_from(text: &str, find: &str, mut from: usize, way: Way, whole_word: bool) -> Option<Range<usize>> {
    loop {
        let found = find_any(text, find, from, way)?;
        if !whole_word || is_word(text, &found) {
            return Some(found);
        }
        from = found.start + text.get(found.start..)?.chars().next()?.len_utf8();
    }
}

fn is_word(text: &str, range: &Range<usize>) -> bool {
    let before = text.get(..range.start).and_then(|t| t.chars().next_back());
    let after = text.get(range.end..).and_then(|t| t.chars().next());
    !before.into_iter().chain(after).any(char::is_alphanumeric)
}

fn find_any(text: &str, find: &str, from: usize, way: Way) -> Option<Range<usize>> {
    let tail = text.get(from..).filter(|_| !find.is_empty())?;
    match way {
        Way::Letters => ops::find_text(text, find, from),
        Way::Codes => {
            memchr::memmem::find(tail.as_bytes(), find.as_bytes()).map(|at| from + at..from + at + find.len())
        }
        Way::CodesAnyCase => {
            let find = find.to_ascii_lowercase();
            memchr::memmem::find(tail.to_ascii_lowercase().as_bytes(), find.as_bytes())
                .map(|at| from + at..from + at + find.len())
        }
        Way::Strict(sensitivity) => {
            find_keys(tail, find, sensitivity).map(|range| from + range.start..from + range.end)
        }
    }
}

/// A text as the characters that count, each with the byte its character starts at.
fn keys(text: &str, sensitivity: Sensitivity) -> Vec<(char, usize)> {
    let normalizer = DecomposingNormalizerBorrowed::new_nfd();
    let mut keys = Vec::with_capacity(text.len());
    for (at, character) in text.char_indices() {
        for part in normalizer.normalize_iter(std::iter::once(character)) {
            if !sensitivity.diacritics && is_mark(part) {
                continue;
            }
            if sensitivity.case {
                keys.push((part, at));
            } else {
                keys.extend(part.to_lowercase().map(|part| (part, at)));
            }
        }
    }
    keys
}

fn is_mark(character: char) -> bool {
    !character.is_ascii()
        && CodePointMapData::<GeneralCategory>::new().get(character) == GeneralCategory::NonspacingMark
}

fn find_keys(text: &str, find: &str, sensitivity: Sensitivity) -> Option<Range<usize>> {
    let (text_keys, find) = (keys(text, sensitivity), keys(find, sensitivity));
    if find.is_empty() {
        return None;
    }
    let is_same = |window: &[(char, usize)]| window.iter().zip(&find).all(|(a, b)| a.0 == b.0);
    text_keys.windows(find.len()).enumerate().find_map(|(at, window)| {
        if !is_same(window) {
            return None;
        }
        let start = window.first()?.1;
        let last = window.last()?.1;
        let starts_inside = at > 0 && text_keys.get(at - 1).is_some_and(|key| key.1 == start);
        let next = text_keys.get(at + find.len());
        let ends_inside = next.is_some_and(|&(key, place)| place == last || is_mark(key));
        let end = next.map_or(text.len(), |next| next.1);
        (!starts_inside && !ends_inside).then_some(start..end)
    })
}

/// Source: commands/replace-string
fn replace_string(
    source: Text,
    old: Text,
    new: Text,
    count: Option<Integer>,
    by_codes: Option<Star>,
) -> Result<Text> {
    let way = Way::of_star(by_codes);
    let most = count.map_or(usize::MAX, |count| usize::try_from(count).unwrap_or(0));
    let mut replaced = Text::new();
    let (mut done, mut copied) = (0, 0);
    while done < most
        && let Some(found) = find_near(&source, &old, copied, way)
    {
        if done == 0 {
            replaced = Text::with_capacity(source.len());
        }
        replaced.try_push_str(source.get(copied..found.start).unwrap_or_default())?;
        replaced.try_push_str(&new)?;
        copied = found.end;
        done += 1;
    }
    if done == 0 {
        return Ok(source);
    }
    replaced.try_push_str(source.get(copied..).unwrap_or_default())?;
    Ok(replaced)
}

/// As `find_any`, but looks at a long text piece by piece: folding all that is left for every
/// occurrence would take time in the square of the length.
fn find_near(text: &Text, find: &str, from: usize, way: Way) -> Option<Range<usize>> {
    let mut window = 256_usize.max(find.len().saturating_mul(8));
    if !matches!(way, Way::Letters) || text.is_ascii() || text.len() - from <= window {
        return find_any(text, find, from, way);
    }
    loop {
        let mut end = from.saturating_add(window).min(text.len());
        while !text.is_char_boundary(end) {
            end += 1;
        }
        let found = find_any(text.get(..end)?, find, from, way);
        // What touches the end of the piece might go on behind it.
        match found {
            Some(range) if end == text.len() || range.end + 8 < end => return Some(range),
            other if end == text.len() => return other,
            _ => window = window.saturating_mul(4),
        }
    }
}

/// Source: commands/compare-strings
fn compare_strings(a: Text, b: Text, options: Option<Integer>) -> Integer {
    let order = match options.map_or(Way::Letters, Way::of_options) {
        Way::Letters => ops::compare_text(&a, &b),
        Way::Codes => ops::compare_codes(&a, &b),
        Way::CodesAnyCase => {
            ops::compare_codes(&a.as_str().to_ascii_lowercase(), &b.as_str().to_ascii_lowercase())
        }
        Way::Strict(sensitivity) => ops::compare_text_with(&a, &b, sensitivity),
    };
    match order {
        Ordering::Less => -1,
        Ordering::Equal => 0,
        Ordering::Greater => 1,
    }
}

/// Source: commands/get-text-keywords
fn get_text_keywords(process: &mut Process, text: Text, words: ArrayRef, once: Option<Star>) -> Result<()> {
    let mut array = Array::new(ArrayKind::Text, 0)?;
    let mut seen: Vec<&str> = Vec::new();
    for word in ops::keywords(&text) {
        if once.is_some() {
            match seen.binary_search_by(|known| ops::compare_text(known, word)) {
                Ok(_) => continue,
                Err(at) => seen.insert(at, word),
            }
        }
        array.append(Value::Text(Text::from(word)))?;
    }
    words.replace(process, array)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn replace(source: &str, old: &str, new: &str) -> String {
        let text = |s: &str| Text::from(s);
        replace_string(text(source), text(old), text(new), None, None).unwrap().to_string()
    }

    #[test]
    fn replacing_knows_no_marks() {
        assert_eq!(replace("Crème brûlée", "Brulee", "caramel"), "Crème caramel");
        assert_eq!(replace("a-b", "", "x"), "a-b");
        let long = "é-".repeat(2000);
        assert_eq!(replace(&long, "E", "a"), "a-".repeat(2000));
    }

    #[test]
    fn options_choose_what_counts() {
        let find = |find: &str, options| {
            find_from("un élève", find, 0, Way::of_options(options), false).map(|r| r.start)
        };
        assert_eq!(find("eleve", DIACRITIC_INSENSITIVE), Some(3));
        assert_eq!(find("eleve", CASE_INSENSITIVE), None);
        assert_eq!(find("ÉLÈVE", CASE_INSENSITIVE), Some(3));
        assert_eq!(find("ELEVE", CASE_INSENSITIVE + DIACRITIC_INSENSITIVE), Some(3));
    }
}
