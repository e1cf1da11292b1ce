//! Comparing texts as the language does: without regard to case and diacritical marks, by the
//! root collation of ICU, with `@` as wildcard and with keywords. `Source: Concepts/string`

use icu_casemap::CaseMapper;
use icu_collator::options::{CaseLevel, CollatorOptions, Strength};
use icu_collator::{CollatorBorrowed, CollatorPreferences};
use icu_normalizer::DecomposingNormalizerBorrowed;
use icu_properties::CodePointMapData;
use icu_properties::props::GeneralCategory;
use icu_segmenter::options::WordBreakInvariantOptions;
use icu_segmenter::{WordSegmenter, WordSegmenterBorrowed};
use std::cmp::Ordering;
use std::ops::Range;
use std::sync::LazyLock;

/// What makes two texts differ, besides their letters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Sensitivity {
    pub case: bool,
    pub diacritics: bool,
}

impl Sensitivity {
    /// `a`, `A` and `á` are all different.
    pub const STRICT: Self = Self { case: true, diacritics: true };
}

type Collator = LazyLock<Option<CollatorBorrowed<'static>>>;

fn collator(strength: Strength, case: CaseLevel) -> Option<CollatorBorrowed<'static>> {
    let mut options = CollatorOptions::default();
    options.strength = Some(strength);
    options.case_level = Some(case);
    CollatorBorrowed::try_new(CollatorPreferences::default(), options).ok()
}

static LETTERS: Collator = LazyLock::new(|| collator(Strength::Primary, CaseLevel::Off));
static LETTERS_AND_CASE: Collator = LazyLock::new(|| collator(Strength::Primary, CaseLevel::On));
static LETTERS_AND_MARKS: Collator = LazyLock::new(|| collator(Strength::Secondary, CaseLevel::Off));
static EVERYTHING: Collator = LazyLock::new(|| collator(Strength::Tertiary, CaseLevel::Off));

static WORDS: LazyLock<WordSegmenterBorrowed<'static>> =
    LazyLock::new(|| WordSegmenter::new_for_non_complex_scripts(WordBreakInvariantOptions::default()));

/// The primary weights of ASCII in the root collation; 0 for characters it ignores.
static RANKS: [u8; 128] = ranks();

const fn ranks() -> [u8; 128] {
    let marks = b"\t\n\x0B\x0C\r _-,;:!?.'\"()[]{}@*/\\&#%`^+<=>|~$0123456789";
    let mut table = [0; 128];
    let mut rank = 0;
    while rank < marks.len() {
        #[allow(clippy::cast_possible_truncation)]
        {
            table[marks[rank] as usize] = rank as u8 + 1;
        }
        rank += 1;
    }
    let mut letter = 0;
    while letter < 26 {
        table[b'a' as usize + letter] = 100 + letter as u8;
        table[b'A' as usize + letter] = 100 + letter as u8;
        letter += 1;
    }
    table
}

fn rank(byte: u8) -> u8 {
    RANKS.get(usize::from(byte)).copied().unwrap_or(0)
}

/// The order of two texts, without regard to case and diacritical marks.
#[inline]
#[must_use]
pub fn compare_text(a: &str, b: &str) -> Ordering {
    for (at, (&x, &y)) in a.as_bytes().iter().zip(b.as_bytes()).enumerate() {
        let (x, y) = (rank(x), rank(y));
        if x == 0 || y == 0 {
            return compare_whole(a, b);
        }
        if x != y {
            // What comes later cannot change that, unless it is outside ASCII and joins on.
            let joined = |text: &str| text.as_bytes().get(at + 1).is_some_and(|next| !next.is_ascii());
            return if joined(a) || joined(b) { compare_whole(a, b) } else { x.cmp(&y) };
        }
    }
    let (shorter, longer) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let tail = longer.as_bytes().get(shorter.len()..).unwrap_or_default();
    if tail.iter().all(|&byte| rank(byte) != 0) {
        return a.len().cmp(&b.len());
    }
    compare_whole(a, b)
}

/// The beginning of what [`compare_text`] compares by, as a number with the same order: of two texts
/// whose numbers differ, the one with the lower number comes first. `None` for texts that have none:
/// those that are not ASCII, or hold characters that do not count. Never 0 but for the empty text.
#[must_use]
pub fn sort_prefix(text: &str) -> Option<u64> {
    let bytes = text.as_bytes();
    if !bytes.iter().all(|&byte| rank(byte) != 0) {
        return None;
    }
    let mut prefix = [0; 8];
    for (to, &byte) in prefix.iter_mut().zip(bytes) {
        *to = rank(byte);
    }
    Some(u64::from_be_bytes(prefix))
}

#[inline(never)]
fn compare_whole(a: &str, b: &str) -> Ordering {
    LETTERS.as_ref().map_or_else(|| a.cmp(b), |collator| collator.compare(a, b))
}

/// The order of two texts where case or marks count.
#[must_use]
pub fn compare_text_with(a: &str, b: &str, sensitivity: Sensitivity) -> Ordering {
    let collator = match (sensitivity.case, sensitivity.diacritics) {
        (false, false) => return compare_text(a, b),
        (true, false) => &LETTERS_AND_CASE,
        (false, true) => &LETTERS_AND_MARKS,
        (true, true) => &EVERYTHING,
    };
    collator.as_ref().map_or_else(|| a.cmp(b), |collator| collator.compare(a, b))
}

/// The order of the character codes, as UTF-16.
#[must_use]
pub fn compare_codes(a: &str, b: &str) -> Ordering {
    a.encode_utf16().cmp(b.encode_utf16())
}

/// Whether two texts are equal but for case and diacritical marks; `@` is a character.
#[inline]
#[must_use]
pub fn equal_text(a: &str, b: &str) -> bool {
    compare_text(a, b) == Ordering::Equal
}

/// `text = pattern`: as [`equal_text`], but an `@` in the pattern stands for any characters; two
/// in a row for none at all.
#[inline]
#[must_use]
pub fn matches_text(text: &str, pattern: &str) -> bool {
    if memchr::memchr(b'@', pattern.as_bytes()).is_none() {
        return equal_text(text, pattern);
    }
    matches_wildcards(text, pattern)
}

#[inline(never)]
fn matches_wildcards(text: &str, pattern: &str) -> bool {
    if pattern.contains("@@") {
        return false;
    }
    let folded = Folded::new(text);
    let mut parts = pattern.split('@').map(Folded::new);
    let (Some(first), Some(last)) = (parts.next(), parts.next_back()) else {
        return false;
    };
    let Some(middle) = folded.keys.strip_prefix(&*first.keys).and_then(|rest| rest.strip_suffix(&*last.keys))
    else {
        return false;
    };
    let mut rest = middle;
    parts.all(|part| match position(rest, &part.keys) {
        Some(at) => {
            rest = rest.get(at + part.keys.len()..).unwrap_or_default();
            true
        }
        None => false,
    })
}

/// The order that `<` and `>` see: equal if the right text ends with an `@` and the left one
/// starts with what is before it.
pub(super) fn compare_with_wildcard(a: &str, b: &str) -> Ordering {
    match b.strip_suffix('@') {
        Some(start) if !start.contains('@') => {
            if matches_text(a, b) {
                Ordering::Equal
            } else {
                compare_text(a, start)
            }
        }
        _ => compare_text(a, b),
    }
}

/// `text % keyword`: whether the keyword is a word of the text; it may hold an `@`.
#[must_use]
pub fn contains_keyword(text: &str, keyword: &str) -> bool {
    !keyword.is_empty() && keywords(text).any(|word| matches_text(word, keyword))
}

/// The words of a text, by the word boundaries of Unicode. An apostrophe before a vowel or an `h` ends a
/// word too, and belongs to it. `Source: commands/get-text-keywords`
pub fn keywords(text: &str) -> impl Iterator<Item = &str> {
    let mut start = 0;
    let words = WORDS.segment_str(text).iter_with_word_type().filter_map(move |(end, kind)| {
        let word = text.get(start..end);
        start = end;
        word.filter(|_| kind.is_word_like())
    });
    words.flat_map(elisions)
}

/// `l'arbre` as `l'` and `arbre`.
fn elisions(word: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(word);
    std::iter::from_fn(move || {
        let word = rest.take()?;
        let end = word.match_indices(['\'', '\u{2019}']).map(|(at, mark)| at + mark.len()).find(|end| {
            let next = word.get(*end..).and_then(|after| after.chars().next());
            next.is_some_and(|c| {
                "aeiouhàâäáéèêëíìîïóòôöúùûüœæ".contains(c.to_lowercase().next().unwrap_or(c))
            })
        });
        match end.and_then(|end| word.split_at_checked(end)) {
            Some((first, after)) => {
                rest = Some(after);
                Some(first)
            }
            None => Some(word),
        }
    })
}

/// Where a text first occurs at or behind a byte, without regard to case and marks: the bytes it
/// takes there, which may be more or fewer than its own. `Source: commands/position`
#[must_use]
pub fn find_text(text: &str, find: &str, from: usize) -> Option<Range<usize>> {
    let tail = text.get(from..).filter(|_| !find.is_empty())?;
    if tail.is_ascii() && find.is_ascii() {
        return find_ascii(tail, find).map(|at| from + at..from + at + find.len());
    }
    let (tail, find) = (Folded::new(tail), Folded::new(find));
    if find.keys.is_empty() {
        return None;
    }
    let mut start = 0;
    loop {
        let at = start + position(tail.keys.get(start..)?, &find.keys)?;
        if let Some(range) = tail.source(at, find.keys.len()) {
            return Some(from + range.start..from + range.end);
        }
        start = at + 1;
    }
}

fn find_ascii(text: &str, find: &str) -> Option<usize> {
    let (text, find) = (text.as_bytes(), find.as_bytes());
    let first = find.first()?;
    let last_start = text.len().checked_sub(find.len())?;
    let starts = text.get(..=last_start)?;
    memchr::memchr2_iter(first.to_ascii_lowercase(), first.to_ascii_uppercase(), starts)
        .find(|&at| text.get(at..at + find.len()).is_some_and(|part| part.eq_ignore_ascii_case(find)))
}

fn position(keys: &[char], part: &[char]) -> Option<usize> {
    if part.is_empty() {
        return Some(0);
    }
    keys.windows(part.len()).position(|window| window == part)
}

/// A text reduced to what counts when case and diacritical marks do not.
struct Folded {
    keys: Vec<char>,
    /// For each key the byte of the character it came from; empty for ASCII, where they are the same.
    places: Vec<usize>,
    length: usize,
}

impl Folded {
    fn new(text: &str) -> Self {
        let mut folded =
            Self { keys: Vec::with_capacity(text.len()), places: Vec::new(), length: text.len() };
        if text.is_ascii() {
            folded.keys.extend(text.chars().map(|c| c.to_ascii_lowercase()));
            return folded;
        }
        let categories = CodePointMapData::<GeneralCategory>::new();
        let normalizer = DecomposingNormalizerBorrowed::new_nfkd();
        let cases = CaseMapper::new();
        for (at, character) in text.char_indices() {
            if character.is_ascii() {
                folded.push(character.to_ascii_lowercase(), at);
                continue;
            }
            for part in normalizer.normalize_iter(std::iter::once(character)) {
                if categories.get(part) == GeneralCategory::NonspacingMark {
                    continue;
                }
                match letters(cases.simple_fold(part)) {
                    (first, Some(second)) => {
                        folded.push(first, at);
                        folded.push(second, at);
                    }
                    (only, None) => folded.push(only, at),
                }
            }
        }
        folded
    }

    fn push(&mut self, key: char, place: usize) {
        self.keys.push(key);
        self.places.push(place);
    }

    /// The bytes that keys came from, if they are whole characters.
    fn source(&self, at: usize, count: usize) -> Option<Range<usize>> {
        if self.places.is_empty() {
            return Some(at..at + count);
        }
        let place = |index: usize| self.places.get(index).copied();
        let start = place(at)?;
        let end = place(at + count).unwrap_or(self.length);
        let starts_inside = at > 0 && place(at - 1) == Some(start);
        let ends_inside = place(at + count - 1) == Some(end);
        (!starts_inside && !ends_inside).then_some(start..end)
    }
}

/// The letters that the root collation takes some others for, where Unicode does not decompose them.
const fn letters(character: char) -> (char, Option<char>) {
    match character {
        'æ' => ('a', Some('e')),
        'œ' => ('o', Some('e')),
        'ß' | 'ẞ' => ('s', Some('s')),
        'ø' => ('o', None),
        'đ' => ('d', None),
        'ł' => ('l', None),
        'ħ' => ('h', None),
        other => (other, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ascii_order_is_the_collations() {
        for a in 1..128_u8 {
            for b in 1..128_u8 {
                let (x, y) = (char::from(a).to_string(), char::from(b).to_string());
                assert_eq!(compare_text(&x, &y), compare_whole(&x, &y), "{x:?} {y:?}");
                let (x, y) = (format!("m{x}z"), format!("M{y}a"));
                assert_eq!(compare_text(&x, &y), compare_whole(&x, &y), "{x:?} {y:?}");
            }
        }
    }

    proptest::proptest! {
        #[test]
        fn fast_path_agrees(a in "[aAbB @\\x01éæ\u{301}]{0,5}", b in "[aAbB @\\x01éæ\u{301}]{0,5}") {
            proptest::prop_assert_eq!(compare_text(&a, &b), compare_whole(&a, &b));
            proptest::prop_assert_eq!(equal_text(&a, &b), compare_whole(&a, &b) == Ordering::Equal);
        }

        #[test]
        fn nothing_panics(a in "\\PC{0,8}", b in "\\PC{0,4}") {
            let _ = (matches_text(&a, &b), contains_keyword(&a, &b), compare_with_wildcard(&a, &b));
            if let Some(range) = find_text(&a, &b, 0) {
                proptest::prop_assert!(a.get(range).is_some());
            }
        }
    }

    #[test]
    fn equality_ignores_case_and_marks() {
        for (a, b, same) in [
            ("abc", "ABC", true),
            ("n", "ñ", true),
            ("n", "Ñ", true),
            ("A", "å", true),
            ("résumé", "RESUME", true),
            ("æ", "ae", true),
            ("abc", "abd", false),
            ("", " ", false),
            // Control characters are ignored. `Source: commands/length`
            ("\u{1}", "", true),
        ] {
            assert_eq!(equal_text(a, b), same, "{a:?} {b:?}");
            assert_eq!(equal_text(b, a), same, "{b:?} {a:?}");
        }
    }

    #[test]
    fn wildcards_of_the_right_operand() {
        for (text, pattern, same) in [
            ("abcdefghij", "abc@", true),
            ("abc@", "abcdefghij", false),
            ("abcdefghij", "abcdefghij@", true),
            ("abcdefghij", "@abcdefghij", true),
            ("abcdefghij", "abcd@efghij", true),
            ("abcdefghij", "@abcdefghij@", true),
            ("abcdefghij", "@abcde@fghij@", true),
            ("abcdefghij", "abc@@fg", false),
            ("workbench", "@or@ben@", true),
            ("workbench", "WO@CH", true),
            ("workbench", "work@shop", false),
            ("workbench", "@work", false),
            ("aba", "ab@ba", false),
            ("", "@", true),
            ("Élève", "ele@", true),
            ("œuvre", "OEU@", true),
        ] {
            assert_eq!(matches_text(text, pattern), same, "{text} {pattern}");
        }
        assert_eq!(compare_with_wildcard("abcd", "abc@"), Ordering::Equal);
        assert_eq!(compare_with_wildcard("abb", "abc@"), Ordering::Less);
    }

    #[test]
    fn keywords_are_whole_words() {
        for (text, keyword, found) in [
            ("Alpha Bravo", "Bravo", true),
            ("Alpha Bravo", "ravo", false),
            ("Alpha Bravo Charlie", "Alpha Bravo", false),
            ("Alpha,Bravo,Charlie", "alpha", true),
            ("Software and Computers", "comput@", true),
            ("Today's news", "news", true),
            ("costs 3.14 each", "3.14", true),
            ("x-ray", "ray", true),
            ("", "a", false),
            ("a", "", false),
        ] {
            assert_eq!(contains_keyword(text, keyword), found, "{text} % {keyword}");
        }
    }

    #[test]
    fn finding() {
        assert_eq!(find_text("Hello World", "WORLD", 0), Some(6..11));
        assert_eq!(find_text("aXbx", "x", 2), Some(3..4));
        assert_eq!(find_text("père", "ERE", 0), Some(1..5));
        assert_eq!(find_text("pe\u{300}re", "e", 0), Some(1..4));
        assert_eq!(find_text("cæsar", "aes", 0), Some(1..4));
        assert_eq!(find_text("cæsar", "es", 0), None);
        assert_eq!(find_text("abc", "abcd", 0), None);
        assert_eq!(find_text("abc", "", 0), None);
    }

    #[test]
    fn sensitivity() {
        let order = |a, b, case, diacritics| compare_text_with(a, b, Sensitivity { case, diacritics });
        assert_eq!(order("été", "ÉTÉ", false, true), Ordering::Equal);
        assert_ne!(order("ete", "été", false, true), Ordering::Equal);
        assert_eq!(order("ete", "été", true, false), Ordering::Equal);
        assert_ne!(order("abc", "ABC", true, false), Ordering::Equal);
        assert_ne!(order("abc", "ABC", true, true), Ordering::Equal);
        assert_eq!(compare_codes("alpha", "Alpha"), Ordering::Greater);
    }
}
