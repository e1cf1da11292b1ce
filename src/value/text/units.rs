//! UTF-16 positions in texts that are not ASCII: found by walking from the start or from the place
//! found last, so that going through a text unit by unit stays linear.

use super::Text;
use super::block::Block;

/// A place at the start of a character.
#[derive(Clone, Copy)]
pub(super) struct Place {
    pub byte: usize,
    /// Its UTF-16 index: as asked for, or one less if that was the second half of a pair.
    pub utf16: usize,
}

pub(super) fn length(block: &Block) -> usize {
    block.utf16_or(|text| text.chars().map(char::len_utf16).sum())
}

/// The character that holds the code unit, or the end of the text.
pub(super) fn seek(block: &Block, index: usize) -> Place {
    let text = block.as_str();
    let (utf16, byte) = block.crumb();
    let mut place = match text.get(byte..) {
        Some(_) if utf16 <= index => Place { byte, utf16 },
        _ => Place { byte: 0, utf16: 0 },
    };
    for character in text.get(place.byte..).unwrap_or_default().chars() {
        let next = place.utf16 + character.len_utf16();
        if next > index {
            break;
        }
        place.utf16 = next;
        place.byte += character.len_utf8();
    }
    block.set_crumb(place.utf16, place.byte);
    place
}

pub(super) fn code_unit_at(block: &Block, index: usize) -> Option<u16> {
    let place = seek(block, index);
    let character = block.as_str().get(place.byte..)?.chars().next()?;
    let mut units = [0; 2];
    let units = character.encode_utf16(&mut units);
    units.get(index.checked_sub(place.utf16)?).copied()
}

pub(super) fn substring(block: &Block, start: usize, length: usize) -> Text {
    let text = block.as_str();
    let first = seek(block, start);
    let end = start.saturating_add(length);
    let last = seek(block, end);
    let cut_start = first.utf16 < start && first.byte < text.len();
    let cut_end = last.utf16 < end && last.byte < text.len();
    if length == 0 || (cut_start && first.byte == last.byte) {
        return Text::new();
    }
    let from = if cut_start {
        first.byte + text.get(first.byte..).and_then(|rest| rest.chars().next()).map_or(0, char::len_utf8)
    } else {
        first.byte
    };
    if from == 0 && last.byte == text.len() && !cut_start {
        return Text(block.clone());
    }
    let middle = text.get(from..last.byte).unwrap_or_default();
    if !cut_start && !cut_end {
        return Text::from(middle);
    }
    let mut result = Text::with_capacity(middle.len() + 6);
    if cut_start {
        result.push_str("\u{FFFD}");
    }
    result.push_str(middle);
    if cut_end {
        result.push_str("\u{FFFD}");
    }
    result
}

pub(super) fn before(text: &str, byte: usize) -> usize {
    let end = text.floor_char_boundary(byte.min(text.len()));
    text.get(..end).unwrap_or_default().chars().map(char::len_utf16).sum()
}
