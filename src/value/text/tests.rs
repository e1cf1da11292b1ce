use super::*;
use proptest::prelude::*;

fn model(text: &str) -> Vec<u16> {
    text.encode_utf16().collect()
}

#[test]
fn empty_text_needs_no_memory() {
    let text = Text::new();
    assert!(text.ptr_eq(&Text::from("")));
    assert!(text.ptr_eq(&Text::default().clone()));
    assert_eq!((text.len(), text.len_utf16(), text.is_ascii()), (0, 0, true));
}

#[test]
fn appends_in_place_only_when_alone() {
    let mut text = Text::from("ab");
    let other = text.clone();
    text.push_str("cd");
    assert_eq!((text.as_str(), other.as_str()), ("abcd", "ab"));
    let own = text.clone();
    text.push_text(&own);
    assert_eq!(text.as_str(), "abcdabcd");
    let mut empty = Text::new();
    empty.push_text(&text);
    assert!(empty.ptr_eq(&text));
}

#[test]
fn caches_follow_changes() {
    use std::collections::HashSet;
    let mut text = Text::from("aé");
    let mut set = HashSet::new();
    set.insert(text.clone());
    assert!(set.contains(&Text::from("aé")));
    assert_eq!(text.len_utf16(), 2);
    text.push_str("😀");
    assert_eq!(text.len_utf16(), 4);
    assert!(!set.contains(&text));
    assert_eq!(text.code_unit_at(3), Some(0xDE00));
}

#[test]
fn half_a_pair_becomes_a_replacement() {
    let text = Text::from("a😀b");
    assert_eq!(text.substring(0, 2).as_str(), "a\u{FFFD}");
    assert_eq!(text.substring(2, 2).as_str(), "\u{FFFD}b");
    assert_eq!(text.substring(1, 2).as_str(), "😀");
    let mut changed = text.clone();
    assert!(changed.set_code_unit(1, u16::from(b'x')));
    assert_eq!(changed.as_str(), "ax\u{FFFD}b");
}

#[test]
fn can_cross_threads() {
    let text = Text::from("shared é");
    let threads: Vec<_> = (0..4)
        .map(|_| {
            let text = text.clone();
            std::thread::spawn(move || (0..50).map(|_| text.clone().len_utf16()).sum::<usize>())
        })
        .collect();
    for thread in threads {
        assert_eq!(thread.join().ok(), Some(400));
    }
}

#[test]
fn too_long_is_an_error() {
    assert!(Text::from("abcdefgh").repeat(1 << 30).is_err());
    assert_eq!(Text::from("ab").repeat(3).unwrap().as_str(), "ababab");
    assert_eq!(Text::from("ab").repeat(0).unwrap().as_str(), "");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 8 } else { 256 }, ..ProptestConfig::default() })]

    #[test]
    fn agrees_with_code_units(parts in prop::collection::vec("[a-c]{0,4}|[é😀\u{fffd}x]{0,3}", 0..8), start in 0..12usize, length in 0..12usize) {
        let mut text = Text::new();
        let mut joined = String::new();
        for part in &parts {
            text.push_str(part);
            joined.push_str(part);
        }
        let units = model(&joined);
        prop_assert_eq!(text.as_str(), joined.as_str());
        prop_assert_eq!(text.len_utf16(), units.len());
        for index in 0..=units.len() {
            prop_assert_eq!(text.code_unit_at(index), units.get(index).copied());
        }
        let from = start.min(units.len());
        let to = (start + length).min(units.len());
        let expected = String::from_utf16_lossy(&units[from..to]);
        prop_assert_eq!(text.substring(start, length).to_string(), expected);
        for (byte, _) in joined.char_indices() {
            prop_assert_eq!(text.utf16_to_byte(text.byte_to_utf16(byte)), byte);
        }
    }

    #[test]
    fn setting_a_unit_agrees(text in "[ab]{0,5}|[é😀a]{0,5}", index in 0..8usize, unit in prop_oneof![Just(0x41u16), Just(0xE9), Just(0xD83D)]) {
        let mut changed = Text::from(text.as_str());
        let kept = changed.clone();
        let mut units = model(&text);
        let done = changed.set_code_unit(index, unit);
        prop_assert_eq!(done, index < units.len());
        if done {
            // Halves of pairs cannot stay alone, nor join with a new half.
            let head = String::from_utf16_lossy(&units[..index]);
            let tail = String::from_utf16_lossy(&units[index + 1..]);
            units = model(&head);
            units.push(if unit == 0xD83D { 0xFFFD } else { unit });
            units.extend(model(&tail));
        }
        prop_assert_eq!(model(&changed), units);
        prop_assert_eq!(kept.as_str(), text.as_str());
    }

    #[test]
    fn concat_is_append(a in "\\PC{0,6}", b in "\\PC{0,6}") {
        let whole = Text::concat(&Text::from(a.as_str()), &Text::from(b.as_str()));
        prop_assert_eq!(whole.to_string(), format!("{a}{b}"));
        prop_assert_eq!(whole.is_ascii(), a.is_ascii() && b.is_ascii());
    }
}
