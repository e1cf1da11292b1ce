//! Brackets: which are open, and what `[`, `[[` and `]]` mean where they stand.

use super::Joiner;
use crate::syntax::token::{Raw, TokenKind};
use crate::text::Span;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Bracket {
    /// `(`
    Paren,
    /// `[`
    Square,
    /// `[[`
    Character,
    /// `{` of an array's element and `${`
    Brace,
    /// `{` of an object literal
    Object,
}

/// The brackets that are open in the line.
#[derive(Debug, Default)]
pub(super) struct Brackets(Vec<Bracket>);

impl Brackets {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn clear(&mut self) {
        self.0.clear();
    }

    pub(super) fn in_object(&self) -> bool {
        self.0.last() == Some(&Bracket::Object)
    }

    /// Opens what `raw` opens after an `operand` or where a value begins.
    pub(super) fn open(&mut self, raw: Raw, operand: bool) {
        self.0.push(match raw {
            Raw::OpenBrace if !operand => Bracket::Object,
            Raw::OpenBrace | Raw::ParameterAt => Bracket::Brace,
            Raw::OpenBracket => Bracket::Square,
            _ => Bracket::Paren,
        });
    }

    /// Closes the nearest bracket of the kind, and what was left open in it.
    pub(super) fn close(&mut self, raw: Raw) {
        let fits = |bracket: &Bracket| match raw {
            Raw::CloseBrace => matches!(bracket, Bracket::Brace | Bracket::Object),
            Raw::CloseBracket => matches!(bracket, Bracket::Square | Bracket::Character),
            _ => *bracket == Bracket::Paren,
        };
        // Looking a little way down is enough for what people leave open, and never slow.
        let near = self.0.len().saturating_sub(16);
        if let Some(place) = self.0[near..].iter().rposition(fits) {
            self.0.truncate(near + place);
        }
    }
}

impl Joiner<'_> {
    pub(super) fn open_bracket(&mut self, span: Span) {
        if !self.operand {
            if let Some((count, kind, end)) = self.table() {
                return self.take(count, kind, Span::new(span.start, end));
            }
        } else if let Some(&(Raw::OpenBracket, second)) = self.words.get(self.at + 1)
            && second.start == span.end
        {
            self.brackets.0.push(Bracket::Character);
            return self.take(2, TokenKind::OpenCharacter, span.to(second));
        }
        self.brackets.open(Raw::OpenBracket, self.operand);
        self.take(1, TokenKind::OpenBracket, span);
    }

    pub(super) fn close_bracket(&mut self, span: Span) {
        let character = self.brackets.0.last() == Some(&Bracket::Character);
        self.brackets.close(Raw::CloseBracket);
        if character
            && let Some(&(Raw::CloseBracket, second)) = self.words.get(self.at + 1)
            && second.start == span.end
        {
            return self.take(2, TokenKind::CloseCharacter, span.to(second));
        }
        self.take(1, TokenKind::CloseBracket, span);
    }

    /// `[Table]` or `[Table]Field` that begins here: its words, what it is, and where it ends.
    fn table(&self) -> Option<(usize, TokenKind, u32)> {
        // `[(Menu)]Title`: names had brackets in old structures.
        let bracketed = self.raw(self.at + 1) == Some(Raw::OpenParen);
        let first = self.at + 1 + usize::from(bracketed);
        if !matches!(self.raw(first), Some(Raw::Word | Raw::Integer)) {
            return None;
        }
        let mut at = first + 1;
        while self.joined(at) {
            at += 1;
        }
        if bracketed {
            if self.raw(at) != Some(Raw::CloseParen) {
                return None;
            }
            at += 1;
        }
        let name = self.text(self.words[self.at + 1].1.to(self.words[at - 1].1));
        let number = self.number_suffix(at);
        at += if number.is_some() { 2 } else { 0 };
        let &(Raw::CloseBracket, close) = self.words.get(at)? else {
            return None;
        };
        let numbered = number.is_some();
        if let Some(&(Raw::Word, field)) = self.words.get(at + 1)
            && field.start == close.end
        {
            let (mut next, mut end) = self.field(name, at + 1, numbered);
            if let Some((after, whole)) = self.subfield(next, end) {
                (next, end) = (after, whole);
            }
            return Some((next - self.at, TokenKind::Field, end));
        }
        // `[Name:1]:13`: the field has a number and no name any more.
        if numbered
            && self.words.get(at + 1).is_some_and(|word| word.1.start == close.end)
            && let Some(end) = self.number_suffix(at + 1)
        {
            return Some((at + 3 - self.at, TokenKind::Field, end));
        }
        let is_table = numbered || self.known.is_table(name) == Some(true);
        is_table.then_some((at + 1 - self.at, TokenKind::Table, close.end))
    }

    /// The field whose first word is at `at`: the first word behind it, and where it ends. No value
    /// follows another, so that words belong to the name as far as they reach.
    fn field(&self, table: &str, mut at: usize, numbered: bool) -> (usize, u32) {
        let start = self.words[at].1.start;
        let rest = self.source.get(start as usize..).unwrap_or_default();
        let known = self.known.longest_field(table, rest).map(|length| start + length as u32);
        loop {
            let end = self.words[at].1.end;
            at += 1;
            if numbered && let Some(end) = self.number_suffix(at) {
                return (at + 2, end);
            }
            if known.is_some_and(|known| end >= known) || !self.joined(at) {
                return (at, end);
            }
        }
    }

    /// `'Name` right behind a field: what is left of a subtable in databases that are older than those.
    fn subfield(&self, at: usize, end: u32) -> Option<(usize, u32)> {
        let &(Raw::Unknown, quote) = self.words.get(at)? else {
            return None;
        };
        let adjoins = quote.start == end && self.text(quote) == "'";
        match self.words.get(at + 1) {
            Some(&(Raw::Word, name)) if adjoins && name.start == quote.end => {
                Some(self.field("", at + 1, true))
            }
            _ => None,
        }
    }

    /// The end of `:5` that adjoins the word before `at`.
    fn number_suffix(&self, at: usize) -> Option<u32> {
        let [(_, name), (Raw::Colon, colon), (Raw::Integer, number), ..] = self.words.get(at - 1..)? else {
            return None;
        };
        (name.end == colon.start && colon.end == number.start).then_some(number.end)
    }
}
