//! Theme String: `Match regex`. Patterns are ICU's, translated (`pattern`, `set`) for an engine that
//! gives up on patterns that would never end. Positions count UTF-16 code units from 1.

mod pattern;
mod set;

use self::pattern::{Lines, Refusal, number};
use super::parameters::{Boolean, Integer, Star, VariableRef};
use super::string::integer;
use crate::value::{Array, ArrayKind, Fault, Result, Text, Value};
use crate::vm::Process;
use fancy_regex::{Error, Regex, RegexBuilder, RegexInput, RuntimeError};
use rustc_hash::FxHashMap;
use std::ops::Range;
use std::rc::Rc;

commands! {
    /// Whether a text matches a pattern as a whole, or where a pattern is first found in it.
    1019 "Match regex" (pattern; aString; start; pos_found; length_found; *) thread_safe => match_regex;
}

/// The error of a pattern that cannot be used, whatever is wrong with it: 4D tells no more in `ERROR`.
const REFUSED: i32 = -1;
/// Patterns that a process keeps compiled.
const KEPT: usize = 100;
/// Steps back that a search may take before it is given up.
const PATIENCE: usize = 2_000_000;
/// Bytes that a compiled pattern may take.
const SIZE: usize = 8 << 20;
/// Texts up to this length are looked through for line ends before they are searched.
const SHORT: usize = 2048;

#[derive(Clone, PartialEq, Eq, Hash)]
struct Key {
    pattern: Text,
    whole: bool,
    lines: Lines,
}

/// The compiled patterns of a process, each with when it was last used.
#[derive(Default)]
struct Compiled {
    patterns: FxHashMap<Key, (Rc<Regex>, u64)>,
    now: u64,
}

impl Compiled {
    fn get(&mut self, key: Key) -> Result<Rc<Regex>> {
        self.now += 1;
        if let Some((regex, used)) = self.patterns.get_mut(&key) {
            *used = self.now;
            return Ok(Rc::clone(regex));
        }
        let regex = Rc::new(compile(&key)?);
        if self.patterns.len() >= KEPT {
            let oldest = self.patterns.iter().min_by_key(|(_, (_, used))| *used).map(|(key, _)| key.clone());
            oldest.and_then(|key| self.patterns.remove(&key));
        }
        self.patterns.insert(key, (Rc::clone(&regex), self.now));
        Ok(regex)
    }
}

fn compile(key: &Key) -> Result<Regex> {
    let refused = |refusal: Refusal| fault(refusal.number, &key.pattern, &refusal.message);
    let translated = pattern::translate(&key.pattern, key.lines).map_err(refused)?;
    let translated = if key.whole { format!(r"\A(?:{translated})\z") } else { translated };
    RegexBuilder::new(&translated)
        .backtrack_limit(PATIENCE)
        .delegate_size_limit(SIZE)
        .max_prog_size(SIZE / 64)
        .build()
        .map_err(|error| engine_fault(&key.pattern, &error))
}

#[cold]
fn fault(number: i32, pattern: &str, why: &str) -> Fault {
    let shown: String = pattern.chars().take(200).collect();
    Fault::with_number(REFUSED, format!("The pattern `{shown}` cannot be used: {why} (ICU error {number})"))
}

#[cold]
fn engine_fault(pattern: &str, error: &Error) -> Fault {
    let number = match error {
        Error::RuntimeError(RuntimeError::StackOverflow) => {
            return fault(number::STACK, pattern, "it remembers too many ways to match");
        }
        Error::RuntimeError(_) => {
            return fault(number::TIME, pattern, "it tries too many ways to match this text");
        }
        Error::ParseError(..) => number::SYNTAX,
        _ => number::INTERNAL,
    };
    let text = error.to_string();
    let line = text.lines().last().unwrap_or_default().trim();
    fault(number, pattern, line.strip_prefix("error: ").unwrap_or(line))
}

/// Source: commands/match-regex
fn match_regex(
    process: &mut Process,
    pattern: Text,
    string: Text,
    start: Option<Integer>,
    position: Option<VariableRef>,
    length: Option<VariableRef>,
    only_there: Option<Star>,
) -> Result<Boolean> {
    let whole = start.is_none();
    let lines = lines_of(&string);
    let regex = process.attachment::<Compiled>().get(Key { pattern: pattern.clone(), whole, lines })?;
    let Ok(start) = usize::try_from(i64::from(start.unwrap_or(1)) - 1) else { return Ok(false) };
    if start > string.len_utf16() {
        return Ok(false);
    }
    let from = string.utf16_to_byte(start);
    let input = RegexInput::new(string.as_str()).from_pos(from).anchored(whole || only_there.is_some());
    let failed = |error| engine_fault(&pattern, &error);
    if position.is_none() && length.is_none() && only_there.is_none() {
        return regex.is_match_input(input).map_err(failed);
    }
    let Some(found) = regex.captures_input(input).map_err(failed)? else { return Ok(false) };
    let group = |number| found.get(number).map(|group| units(&string, group.range(), from, start));
    let groups: Vec<Option<(usize, usize)>> = (0..found.len()).map(group).collect();
    // A group that took no part has neither place nor length.
    let positions = groups.iter().map(|group| group.map_or(0, |(at, _)| integer(at + 1)));
    let lengths = groups.iter().map(|group| group.map_or(0, |(_, length)| integer(length)));
    if let Some(variable) = position {
        give(process, &variable, positions)?;
    }
    if let Some(variable) = length {
        give(process, &variable, lengths)?;
    }
    Ok(true)
}

fn lines_of(text: &str) -> Lines {
    let is_end = |c: char| matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}');
    if text.ends_with(is_end) {
        Lines::Ended
    } else if text.len() <= SHORT && !text.contains(is_end) {
        Lines::One
    } else {
        Lines::Unended
    }
}

/// A range of bytes as place and length in code units; the place of one byte is known.
fn units(text: &Text, range: Range<usize>, byte: usize, unit: usize) -> (usize, usize) {
    let count = |range: Range<usize>| {
        let part = text.get(range).unwrap_or_default();
        if part.is_ascii() { part.len() } else { part.chars().map(char::len_utf16).sum() }
    };
    let at = if range.start >= byte { unit + count(byte..range.start) } else { text.byte_to_utf16(range.start) };
    (at, count(range))
}

/// The match to a variable; to an array, the match as element zero and the groups behind it.
fn give(process: &mut Process, variable: &VariableRef, numbers: impl Iterator<Item = Integer>) -> Result<()> {
    let numbers: Vec<Integer> = numbers.collect();
    let kind = variable.with(process, |value| match value {
        Value::Array(array) => Some(array.kind()),
        _ => None,
    })?;
    let Some(kind) = kind else {
        return variable.set(process, numbers.first().copied().unwrap_or(0));
    };
    let kind = match kind {
        ArrayKind::Integer | ArrayKind::Real => kind,
        _ => ArrayKind::Longint,
    };
    let mut array = Array::new(kind, numbers.len().saturating_sub(1))?;
    for (at, number) in (0..).zip(numbers) {
        array.set(at, Value::Integer(number))?;
    }
    variable.with(process, |value| *value = Value::Array(Box::new(array)))
}

#[cfg(test)]
mod tests;
