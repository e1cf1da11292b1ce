//! `Text`: UTF-8 behind one counted pointer, addressed by UTF-16 code units as 4D does.
//!
//! A text is immutable as long as it is shared; the owner of the only reference appends in place.
//! The heap block is a [`Header`] followed by the bytes. The empty text is a static header and is
//! never counted, so it costs nothing. `Source: Concepts/string`

mod block;
mod units;

use super::{ErrorCode, Fault, Result};
use block::{Block, MAX_BYTES};
use rustc_hash::FxHasher;
use std::cmp::Ordering;
use std::fmt;
use std::hash::{Hash, Hasher};
use std::ops::Deref;

/// A text value; cloning counts a reference.
#[derive(Clone)]
pub struct Text(Block);

const _: () = assert!(size_of::<Option<Text>>() == 8);

impl Text {
    /// The empty text.
    #[must_use]
    pub const fn new() -> Self {
        Self(Block::EMPTY)
    }

    /// An empty text with room for `capacity` bytes, to be filled by [`Text::push_str`].
    #[must_use]
    pub fn with_capacity(capacity: usize) -> Self {
        if capacity == 0 {
            return Self::new();
        }
        Self(Block::filled(&[], capacity.min(MAX_BYTES)))
    }

    #[inline]
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_str()
    }

    #[inline]
    #[must_use]
    pub fn is_ascii(&self) -> bool {
        self.0.is_ascii()
    }

    /// The length as 4D's `Length` counts: UTF-16 code units. `Source: commands/length`
    #[inline]
    #[must_use]
    pub fn len_utf16(&self) -> usize {
        if self.is_ascii() {
            return self.len();
        }
        units::length(&self.0)
    }

    /// Both texts in one. What goes beyond the limit of 2 GB is cut off; [`Text::try_concat`] refuses.
    #[must_use]
    pub fn concat(left: &Self, right: &Self) -> Self {
        if left.is_empty() {
            return right.clone();
        }
        if right.is_empty() {
            return left.clone();
        }
        let right_part = fitting(right, left.len());
        let mut block = Block::filled(left.as_bytes(), left.len() + right_part.len());
        block.append(right_part);
        Self(block)
    }

    /// Both texts in one, or an error if that exceeds the limit of 2 GB.
    pub fn try_concat(left: &Self, right: &Self) -> Result<Self> {
        check_size(left.len().saturating_add(right.len()))?;
        Ok(Self::concat(left, right))
    }

    /// Appends; in place when nobody else holds the text. Cuts off beyond 2 GB, see [`Text::try_push_str`].
    #[inline]
    pub fn push_str(&mut self, tail: &str) {
        self.0.append(fitting(tail, self.len()));
    }

    /// Appends, or says that the text would exceed 2 GB.
    #[inline]
    pub fn try_push_str(&mut self, tail: &str) -> Result<()> {
        check_size(self.len().saturating_add(tail.len()))?;
        self.0.append(tail);
        Ok(())
    }

    /// Appends another text; takes it over whole if this one is empty.
    #[inline]
    pub fn push_text(&mut self, tail: &Self) {
        if self.is_empty() && self.0.capacity() == 0 {
            *self = tail.clone();
        } else {
            self.push_str(tail.as_str());
        }
    }

    /// As [`Text::push_text`], or says that the text would exceed 2 GB.
    pub fn try_push_text(&mut self, tail: &Self) -> Result<()> {
        check_size(self.len().saturating_add(tail.len()))?;
        self.push_text(tail);
        Ok(())
    }

    /// The text `count` times in a row. `Source: Concepts/string`
    pub fn repeat(&self, count: usize) -> Result<Self> {
        let size = check_size(self.len().saturating_mul(count))?;
        let mut block = Block::filled(&[], size);
        if size > 0 {
            for _ in 0..count {
                block.append(self.as_str());
            }
        }
        Ok(Self(block))
    }

    /// The UTF-16 code unit at an index counted from 0.
    #[inline]
    #[must_use]
    pub fn code_unit_at(&self, index: usize) -> Option<u16> {
        if self.is_ascii() {
            return self.as_bytes().get(index).map(|&byte| u16::from(byte));
        }
        units::code_unit_at(&self.0, index)
    }

    /// `length` code units from `start`, counted from 0; as much of it as there is. A surrogate
    /// pair cut in two leaves U+FFFD.
    #[must_use]
    pub fn substring(&self, start: usize, length: usize) -> Self {
        if self.is_ascii() {
            let start = start.min(self.len());
            let end = start.saturating_add(length).min(self.len());
            if start == 0 && end == self.len() {
                return self.clone();
            }
            return Self::from(self.as_str().get(start..end).unwrap_or_default());
        }
        units::substring(&self.0, start, length)
    }

    /// The byte at which a code unit starts; for the second half of a pair, where the pair does.
    #[must_use]
    pub fn utf16_to_byte(&self, index: usize) -> usize {
        if self.is_ascii() {
            return index.min(self.len());
        }
        units::seek(&self.0, index).byte
    }

    /// How many code units lie before a byte.
    #[must_use]
    pub fn byte_to_utf16(&self, byte: usize) -> usize {
        if self.is_ascii() {
            return byte.min(self.len());
        }
        units::before(self.as_str(), byte)
    }

    /// Replaces one code unit; `false` if there is none at that index. `Source: Concepts/string`
    pub fn set_code_unit(&mut self, index: usize, unit: u16) -> bool {
        if self.is_ascii() && unit < 0x80 {
            #[allow(clippy::cast_possible_truncation)]
            return self.0.set_ascii(index, unit as u8);
        }
        if index >= self.len_utf16() {
            return false;
        }
        let head = self.substring(0, index);
        let tail = self.substring(index + 1, usize::MAX);
        let unit = char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER);
        let mut whole = Self::with_capacity(head.len() + tail.len() + unit.len_utf8());
        whole.push_str(&head);
        whole.push_str(unit.encode_utf8(&mut [0; 4]));
        whole.push_str(&tail);
        *self = whole;
        true
    }

    /// The code units; surrogates in pairs.
    pub fn utf16(&self) -> impl Iterator<Item = u16> + '_ {
        self.as_str().encode_utf16()
    }

    /// A text of UTF-16 code units; lone surrogates become U+FFFD.
    #[must_use]
    pub fn from_utf16(units: &[u16]) -> Self {
        Self::from(String::from_utf16_lossy(units))
    }

    /// Whether both are the same block of memory (or both empty).
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.0.same(&other.0)
    }

    fn hash_code(&self) -> u64 {
        self.0.hash_or(|text| {
            let mut hasher = FxHasher::default();
            hasher.write(text.as_bytes());
            hasher.finish()
        })
    }
}

/// As much of `tail` as fits behind `before` bytes.
fn fitting(tail: &str, before: usize) -> &str {
    let room = MAX_BYTES.saturating_sub(before);
    if tail.len() <= room {
        return tail;
    }
    tail.get(..tail.floor_char_boundary(room)).unwrap_or_default()
}

fn check_size(bytes: usize) -> Result<usize> {
    if bytes <= MAX_BYTES {
        return Ok(bytes);
    }
    Err(Fault::new(ErrorCode::IndexOutOfRange, "A text cannot hold more than 2 GB"))
}

impl Default for Text {
    fn default() -> Self {
        Self::new()
    }
}

impl Deref for Text {
    type Target = str;
    #[inline]
    fn deref(&self) -> &str {
        self.as_str()
    }
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        let text = fitting(text, 0);
        Self(Block::filled(text.as_bytes(), text.len()))
    }
}

impl From<String> for Text {
    fn from(text: String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<&String> for Text {
    fn from(text: &String) -> Self {
        Self::from(text.as_str())
    }
}

impl From<char> for Text {
    fn from(character: char) -> Self {
        Self::from(&*character.encode_utf8(&mut [0; 4]))
    }
}

impl AsRef<str> for Text {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl PartialEq for Text {
    #[inline]
    fn eq(&self, other: &Self) -> bool {
        self.0.same(&other.0) || self.as_bytes() == other.as_bytes()
    }
}

impl Eq for Text {}

impl PartialEq<str> for Text {
    fn eq(&self, other: &str) -> bool {
        self.as_str() == other
    }
}

impl PartialEq<&str> for Text {
    fn eq(&self, other: &&str) -> bool {
        self.as_str() == *other
    }
}

impl PartialOrd for Text {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Text {
    /// By bytes; the order of the language is [`super::ops::compare_text`].
    fn cmp(&self, other: &Self) -> Ordering {
        self.as_bytes().cmp(other.as_bytes())
    }
}

impl Hash for Text {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.hash_code());
    }
}

impl fmt::Debug for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.as_str(), f)
    }
}

impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

#[cfg(test)]
mod tests;
