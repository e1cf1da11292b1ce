//! UTF-7: what is not plain ASCII stands as UTF-16 in Base64 between `+` and `-`.

use base64::Engine;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Without padding, and not particular about the last bits.
const WORDS: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_encode_padding(false)
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || " '(),-./:?\t\r\n!\"#$%&*;<=>@[]^_`{|}".contains(c)
}

pub(super) fn encode(text: &str) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut waiting = Vec::new();
    for c in text.chars() {
        if !is_plain(c) && c != '+' {
            waiting.extend(c.encode_utf16(&mut [0; 2]).iter().flat_map(|unit| unit.to_be_bytes()));
            continue;
        }
        flush(&mut waiting, &mut out);
        out.push(c as u8);
        if c == '+' {
            out.push(b'-');
        }
    }
    flush(&mut waiting, &mut out);
    out
}

fn flush(waiting: &mut Vec<u8>, out: &mut Vec<u8>) {
    if waiting.is_empty() {
        return;
    }
    out.push(b'+');
    out.extend_from_slice(WORDS.encode(&*waiting).as_bytes());
    out.push(b'-');
    waiting.clear();
}

pub(super) fn decode(bytes: &[u8]) -> String {
    let mut out = String::with_capacity(bytes.len());
    let mut rest = bytes;
    while let Some((&first, after)) = rest.split_first() {
        rest = after;
        if first != b'+' {
            out.push(if first.is_ascii() { char::from(first) } else { char::REPLACEMENT_CHARACTER });
            continue;
        }
        let is_word = |b: &u8| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/');
        let end = rest.iter().position(|b| !is_word(b)).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after.strip_prefix(b"-").unwrap_or(after);
        if word.is_empty() {
            out.push('+');
            continue;
        }
        let units = WORDS.decode(word).unwrap_or_default();
        let units =
            units.chunks_exact(2).map(|pair| pair.iter().fold(0, |unit, &b| unit << 8 | u16::from(b)));
        out.extend(char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)));
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn there_and_back() {
        assert_eq!(encode("A+é"), b"A+-+AOk-");
        for text in ["", "Hi Mom -\u{263a}-!", "1+1=2", "日本語 😀", "plain"] {
            assert_eq!(decode(&encode(text)), text);
        }
        assert_eq!(decode(b"+AOk"), "é");
    }
}
