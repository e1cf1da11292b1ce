//! Words → tokens: joins words to names, longest first, and settles what depends on the context
//! (a key or a command, an index or a table, a type or a constant).
//!
//! Words side by side that no table knows are joined as well: they are methods of components.
//!
//! Choices where 4D asks the structure: `[Name]Field` is always a field. `[Name]` where a value may
//! begin is a table if it carries a number (`[Name:1]`) or if the project has such a table; else it is
//! left as brackets around a name, which is what a collection literal looks like.

mod brackets;
mod keyword;
mod known;
mod line;
#[cfg(test)]
mod tests;
mod unknown;

pub use known::{KnownNames, NoNames, ProjectNames};

use super::token::{Keyword, Raw, Token, TokenKind, words};
use super::{codes, literal};
use crate::catalog::{self, CommandId, Found, Walk};
use crate::text::{Diagnostic, Severity, Span};
use brackets::Brackets;
use line::Line;

/// Cuts a source text into tokens. Never fails; blanks and comments lie between the spans. Each
/// logical line that is not empty ends with a `LineEnd`, also the last one.
///
/// A suffix (`:C16`, `:K8:3`) is part of the token's span. `Begin SQL`, the text and `End SQL`
/// follow each other without a `LineEnd`.
#[must_use]
pub fn tokenize(source: &str, known: &dyn KnownNames, diagnostics: &mut Vec<Diagnostic>) -> Vec<Token> {
    let words = words(source, diagnostics);
    let mut joiner = Joiner {
        source,
        out: Vec::with_capacity(words.len()),
        words,
        at: 0,
        known,
        diagnostics,
        brackets: Brackets::default(),
        line: Line::default(),
        operand: false,
        told: false,
    };
    while joiner.at < joiner.words.len() {
        joiner.next();
    }
    joiner.end_line(Span::new(source.len() as u32, source.len() as u32));
    joiner.out
}

/// More words than any name has.
const LONGEST_NAME: usize = 12;

struct Joiner<'a> {
    source: &'a str,
    words: Vec<(Raw, Span)>,
    /// The next word.
    at: usize,
    known: &'a dyn KnownNames,
    diagnostics: &'a mut Vec<Diagnostic>,
    out: Vec<Token>,
    brackets: Brackets,
    line: Line,
    /// Whether the last token ends a value, so that `[`, `{` and `[[` go into it.
    operand: bool,
    /// Whether a comma has been reported in this line.
    told: bool,
}

impl<'a> Joiner<'a> {
    /// Takes one or more words to one token.
    fn next(&mut self) {
        let (raw, span) = self.words[self.at];
        match raw {
            Raw::Word => self.word(span),
            Raw::Integer => self.integer(span),
            Raw::LineEnd => {
                self.at += 1;
                if self.raw(self.at) != Some(Raw::SqlText) {
                    self.end_line(span);
                }
            }
            Raw::Continuation => {
                self.at += 1;
                self.continue_line();
            }
            Raw::Backslash if self.ends_line() => {
                self.at += 2;
                self.continue_line();
            }
            Raw::Local | Raw::Dollar => self.local(raw, span),
            Raw::OpenBracket => self.open_bracket(span),
            Raw::CloseBracket => self.close_bracket(span),
            Raw::Dot => self.dot(span),
            Raw::LessInterprocess => {
                let middle = span.start + 1;
                self.push(TokenKind::Less, Span::new(span.start, middle));
                self.take(1, TokenKind::Interprocess, Span::new(middle, span.end));
            }
            Raw::Hash if self.declares(span) => {
                self.line = Line::declaration();
                let span = span.to(self.words[self.at + 1].1);
                self.take(2, TokenKind::Keyword(Keyword::Declare), span);
            }
            Raw::Colon if self.begins_nameless(span) => self.nameless(span),
            Raw::Interprocess => self.variable(TokenKind::Interprocess, span),
            Raw::Unknown => self.unknown(span),
            _ => self.plain(raw, span),
        }
    }

    /// A word whose kind follows from itself.
    fn plain(&mut self, raw: Raw, span: Span) {
        let kind = match raw {
            Raw::Hexadecimal => literal::hexadecimal(self.text(span)),
            Raw::Real => self.real(span),
            Raw::Date => self.date(span),
            Raw::Time => TokenKind::Time(literal::time(self.text(span))),
            Raw::OpenBrace | Raw::OpenParen | Raw::ParameterAt => {
                self.brackets.open(raw, self.operand);
                fixed(raw)
            }
            Raw::CloseBrace | Raw::CloseParen => {
                self.brackets.close(raw);
                fixed(raw)
            }
            _ => fixed(raw),
        };
        self.line.punctuation(raw, self.brackets.is_empty());
        self.take(1, kind, span);
    }

    fn text(&self, span: Span) -> &'a str {
        self.source.get(span.range()).unwrap_or_default()
    }

    fn push(&mut self, kind: TokenKind, span: Span) {
        self.operand = match kind {
            // `p->` has a value, `->v` begins one.
            TokenKind::Arrow => self.operand,
            kind => kind.ends_operand(),
        };
        self.out.push(Token { kind, span });
    }

    /// Takes `count` words as one token.
    fn take(&mut self, count: usize, kind: TokenKind, span: Span) {
        self.at += count;
        self.push(kind, span);
    }

    fn last_is(&self, kind: TokenKind) -> bool {
        self.out.last().is_some_and(|token| token.kind == kind)
    }

    fn raw(&self, at: usize) -> Option<Raw> {
        self.words.get(at).map(|&(raw, _)| raw)
    }

    fn at_line_start(&self) -> bool {
        self.out.last().is_none_or(|token| token.kind == TokenKind::LineEnd)
    }

    fn end_line(&mut self, span: Span) {
        self.brackets.clear();
        self.line = Line::default();
        self.operand = false;
        self.told = false;
        // Lines without a token have no end either.
        if !self.at_line_start() {
            self.push(TokenKind::LineEnd, span);
        }
    }

    /// Whether nothing but a comment follows the `\` here on its line.
    fn ends_line(&self) -> bool {
        matches!(self.raw(self.at + 1), None | Some(Raw::LineEnd))
    }

    /// After `\` and its line end: an unfinished statement also goes on behind blank lines.
    fn continue_line(&mut self) {
        let ended = match self.out.last().map(|token| token.kind) {
            Some(TokenKind::Keyword(keyword)) => keyword.stands_alone(),
            _ => self.operand,
        };
        let unfinished = !self.brackets.is_empty() || !ended;
        while unfinished && self.raw(self.at) == Some(Raw::LineEnd) {
            self.at += 1;
        }
    }

    /// Whether the `#` at `span` begins `#DECLARE`.
    fn declares(&self, span: Span) -> bool {
        self.at_line_start()
            && self.words.get(self.at + 1).is_some_and(|&(raw, word)| {
                raw == Raw::Word && word.start == span.end && self.text(word).eq_ignore_ascii_case("declare")
            })
    }

    fn word(&mut self, span: Span) {
        if self.last_is(TokenKind::Dot) || self.is_key() || self.follows_pointer() {
            return self.member(span);
        }
        if self.line.takes_plain_names(self.last_is(TokenKind::Colon) && !self.brackets.in_object()) {
            return match self.suffix_of(self.at) {
                Some(suffix) => self.suffixed(span, 1, suffix),
                None => self.take(1, TokenKind::Name, span),
            };
        }
        if self.is_modifier(span) {
            self.line.modifier();
            return self.take(1, TokenKind::Name, span);
        }
        let keyword = self.keyword(span);
        let known = self.longest(span);
        if let Some((keyword, count)) = keyword.filter(|&(_, count)| count >= known.map_or(0, |k| k.1)) {
            self.line.keyword(keyword);
            let end = self.words[self.at + count - 1].1;
            self.take(count, TokenKind::Keyword(keyword), span.to(end));
            return;
        }
        if let Some((count, suffix)) = self.nearest_suffix() {
            return self.suffixed(span, count, suffix);
        }
        let (kind, count) = known.unwrap_or((TokenKind::Name, 1));
        let run = self.run(count);
        self.named(if run > count { TokenKind::Name } else { kind }, run, span);
    }

    /// The words from here that can only be one name, at least `count`: as no value follows another,
    /// words side by side are a method of a component or a plug-in, whose names nobody told us.
    fn run(&self, mut count: usize) -> usize {
        while count < LONGEST_NAME
            && let Some(word) = self.following(count)
            && keyword::keyword(word, |n| self.following(count + n)).is_none_or(|(k, _)| k.declares())
        {
            count += 1;
        }
        count
    }

    /// Whether the word here is a member of what a pointer leads to: `$pointer->name`.
    fn follows_pointer(&self) -> bool {
        self.operand && self.last_is(TokenKind::Arrow) && self.line.is_code()
    }

    /// Whether the word is one that may stand before `Function`, `Class constructor` or `Alias`, and does.
    fn is_modifier(&self, span: Span) -> bool {
        let class_word = |word: &str| {
            ["function", "class", "alias"].iter().any(|w| word.eq_ignore_ascii_case(w))
                || keyword::is_modifier(word)
        };
        (self.at_line_start() || self.line.only_modifiers())
            && keyword::is_modifier(self.text(span))
            && self.following(1).is_some_and(class_word)
    }

    /// A name of `count` words; `Super` with arguments is the call of the parent's constructor.
    fn named(&mut self, kind: TokenKind, count: usize, span: Span) {
        let end = self.words.get(self.at + count - 1).map_or(span, |w| w.1);
        let called = self.raw(self.at + count) == Some(Raw::OpenParen);
        let kind = match kind {
            TokenKind::Command(CommandId(1706)) if called => TokenKind::Command(CommandId(1705)),
            kind => kind,
        };
        self.take(count, kind, span.to(end));
    }

    /// The name of a member or a key: all that adjoins, as `$` may be part of it.
    fn member(&mut self, span: Span) {
        let count = self.member_length(self.at);
        let end = self.words[self.at + count - 1].1;
        self.take(count, TokenKind::Name, span.to(end));
    }

    fn member_length(&self, at: usize) -> usize {
        let part = |raw| matches!(raw, Raw::Word | Raw::Local | Raw::Dollar);
        let adjoins = |pair: &&[(Raw, Span)]| part(pair[1].0) && pair[0].1.end == pair[1].1.start;
        1 + self.words[at..].windows(2).take_while(adjoins).count()
    }

    /// Whether the word here is the key of an object literal.
    fn is_key(&self) -> bool {
        self.brackets.in_object()
            && (self.last_is(TokenKind::OpenBrace) || self.last_is(TokenKind::Semicolon))
            && self.raw(self.at + self.member_length(self.at)) == Some(Raw::Colon)
    }

    /// The word at `at + n`, if only blanks stand between it and the one before.
    fn following(&self, n: usize) -> Option<&'a str> {
        self.joined(self.at + n).then(|| self.text(self.words[self.at + n].1))
    }

    /// Whether the word at `at` goes on with the name that the word before it is part of.
    fn joined(&self, at: usize) -> bool {
        let (Some(&(_, before)), Some(&(raw, word))) =
            (self.words.get(at.wrapping_sub(1)), self.words.get(at))
        else {
            return false;
        };
        // What lies between words is blanks and comments.
        matches!(raw, Raw::Word | Raw::Integer)
            && before.end < word.start
            && !self.text(Span::new(before.end, word.start)).contains('/')
    }

    /// The keyword here, if its place allows it.
    fn keyword(&self, span: Span) -> Option<(Keyword, usize)> {
        let (keyword, count) = keyword::keyword(self.text(span), |n| self.following(n))?;
        let mut after = self.at + count;
        while self.raw(after) == Some(Raw::Continuation) {
            after += 1;
        }
        let fits = match keyword {
            Keyword::Var => {
                let begins = matches!(
                    self.raw(after),
                    Some(Raw::Word | Raw::Local | Raw::Interprocess | Raw::ParameterAt)
                );
                self.at_line_start() && begins
            }
            Keyword::Property => {
                self.at_line_start() && matches!(self.raw(after), Some(Raw::Word | Raw::Local | Raw::Dollar))
            }
            // Variables had this name before the keyword came.
            Keyword::Try => {
                let begins = self.at_line_start() && self.raw(after) != Some(Raw::Assign);
                begins || self.raw(after) == Some(Raw::OpenParen)
            }
            Keyword::Function => {
                let begins =
                    matches!(self.raw(after), Some(Raw::Word | Raw::Semicolon | Raw::LineEnd) | None);
                (self.at_line_start() || self.line.only_modifiers()) && begins
            }
            Keyword::Alias => {
                let begins = self.raw(after) == Some(Raw::Word);
                (self.at_line_start() || self.line.only_modifiers()) && begins
            }
            Keyword::ClassConstructor | Keyword::ClassExtends => {
                self.at_line_start() || self.line.only_modifiers()
            }
            // A variable of that name, from before the keyword came.
            _ => self.raw(after) != Some(Raw::Assign),
        };
        fits.then_some((keyword, count))
    }

    /// The longest command, constant or method here, and of how many words it is.
    fn longest(&self, span: Span) -> Option<(TokenKind, usize)> {
        let mut best = None;
        if let Some(mut walk) = Walk::begin(self.text(span)) {
            best = walk.found().map(|found| (kind_of(found), 1));
            let mut count = 1;
            while walk.goes_on() {
                let Some(next) = self.following(count).and_then(|word| walk.step(word)) else {
                    break;
                };
                walk = next;
                count += 1;
                best = walk.found().map(|found| (kind_of(found), count)).or(best);
            }
            if walk.goes_on() {
                best = self.odd_name(span).or(best);
            }
        }
        if self.joined(self.at + 1) {
            let rest = self.source.get(span.start as usize..).unwrap_or_default();
            if let Some(length) = self.known.longest_method(rest) {
                let count = self.words_until(span.start + length as u32);
                if best.is_none_or(|(_, words)| words < count) {
                    best = Some((TokenKind::Name, count));
                }
            }
        }
        best
    }

    /// How many words from here end at or before `end`.
    fn words_until(&self, end: u32) -> usize {
        self.words[self.at..].iter().take_while(|(_, span)| span.end <= end).count().max(1)
    }

    /// A constant whose name holds other characters than names do.
    fn odd_name(&self, span: Span) -> Option<(TokenKind, usize)> {
        let rest = self.source.as_bytes().get(span.start as usize..)?;
        let begins = |name: &&&str| {
            rest.get(..name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        };
        let name = catalog::odd_names().iter().find(begins)?;
        let id = catalog::constant_by_name(name)?;
        Some((TokenKind::Constant(id), self.words_until(span.start + name.len() as u32)))
    }

    /// The first suffix among the words that could be one name, and how many words stand before it.
    fn nearest_suffix(&self) -> Option<(usize, Suffix)> {
        let mut count = 1;
        loop {
            if let Some(suffix) = self.suffix_of(self.at + count - 1) {
                return Some((count, suffix));
            }
            if count == LONGEST_NAME || !self.joined(self.at + count) {
                return None;
            }
            count += 1;
        }
    }

    /// The suffix right behind the word at `at`: `:C16`, `:K8:3`, `:P1:2`.
    fn suffix_of(&self, at: usize) -> Option<Suffix> {
        self.suffix(at, self.words.get(at)?.1.end)
    }

    /// The suffix behind the word at `at`, if it begins at `start`.
    fn suffix(&self, at: usize, start: u32) -> Option<Suffix> {
        let [_, (Raw::Colon, colon), (Raw::Word, mark), rest @ ..] = self.words.get(at..)? else {
            return None;
        };
        if colon.start != start || mark.start != colon.end {
            return None;
        }
        let mark_text = self.text(*mark);
        let number = mark_text.get(1..)?.parse().ok()?;
        match (mark_text.as_bytes().first()?, rest) {
            (b'C', _) => Some(Suffix { kind: SuffixKind::Command(number), words: 2, end: mark.end }),
            (letter @ (b'K' | b'P'), [(Raw::Colon, colon), (Raw::Integer, second), ..])
                if colon.start == mark.end && second.start == colon.end =>
            {
                let second_number = self.text(*second).parse().ok()?;
                let kind = match letter {
                    b'K' => SuffixKind::Constant(number, second_number),
                    _ => SuffixKind::Plugin,
                };
                Some(Suffix { kind, words: 4, end: second.end })
            }
            _ => None,
        }
    }

    /// A name of `count` words with a suffix, which says what is meant.
    fn suffixed(&mut self, span: Span, count: usize, suffix: Suffix) {
        let spelled = || self.longest(span).filter(|&(_, words)| words == count).map(|(kind, _)| kind);
        let whole = Span::new(span.start, suffix.end);
        let kind = match suffix.kind {
            SuffixKind::Command(number) => CommandId::known(number).map(TokenKind::Command),
            SuffixKind::Constant(theme, number) => match spelled() {
                // Some tokens have two names.
                Some(kind @ TokenKind::Constant(id)) if id.info().is_token(theme, number) => Some(kind),
                _ => catalog::constant_by_token(theme, number).map(TokenKind::Constant),
            },
            SuffixKind::Plugin => Some(TokenKind::Name),
        };
        let kind = kind.or_else(spelled).unwrap_or_else(|| {
            if let SuffixKind::Command(number) = suffix.kind {
                let message = format!("4D's command number {number} is not known");
                let mut warning = Diagnostic::error(codes::UNKNOWN_COMMAND_NUMBER, whole, message)
                    .label("taken for a method or a variable")
                    .help("it may belong to a newer version of 4D");
                warning.severity = Severity::Warning;
                self.diagnostics.push(warning);
            }
            TokenKind::Name
        });
        self.take(count + suffix.words, kind, whole);
    }

    /// Whether a suffix without a name stands here, where a value is wanted: 4D writes `:C1776` for a
    /// command whose name it has forgotten.
    fn begins_nameless(&self, span: Span) -> bool {
        !self.operand
            && self.line.is_code()
            && !self.at_line_start()
            && self.suffix(self.at - 1, span.start).is_some()
    }

    fn nameless(&mut self, span: Span) {
        if let Some(suffix) = self.suffix(self.at - 1, span.start) {
            self.at -= 1;
            self.suffixed(span, 1, suffix);
        }
    }

    /// Digits: a number, or the first word of a name such as `64 bit version`.
    fn integer(&mut self, span: Span) {
        if self.joined(self.at + 1)
            && let Some((kind, count)) = self.longest(span).filter(|&(_, count)| count > 1)
        {
            return match self.suffix_of(self.at + count - 1) {
                Some(suffix) => self.suffixed(span, count, suffix),
                None => self.named(kind, count, span),
            };
        }
        let kind = literal::integer(self.text(span));
        self.check_number(kind, span);
        self.take(1, kind, span);
    }

    fn real(&mut self, span: Span) -> TokenKind {
        let kind = TokenKind::Real(self.text(span).parse().unwrap_or(f64::INFINITY));
        self.check_number(kind, span);
        kind
    }

    fn check_number(&mut self, kind: TokenKind, span: Span) {
        if matches!(kind, TokenKind::Real(value) if value.is_infinite()) {
            let found = Diagnostic::error(codes::BAD_NUMBER, span, "this number is too large")
                .label("numbers end at about 1.8e308")
                .help("write a smaller number; a code or an id with many digits is a text: \"…\"");
            self.diagnostics.push(found);
        }
    }

    fn date(&mut self, span: Span) -> TokenKind {
        let (year, month, day) = literal::date(self.text(span)).unwrap_or_else(|| {
            let found = Diagnostic::error(codes::IMPOSSIBLE_DATE, span, "there is no such day")
                .label("not in the calendar")
                .help("a date is written year, month, day: `!2024-01-31!`; the null date is `!00-00-00!`");
            self.diagnostics.push(found);
            (0, 0, 0)
        });
        TokenKind::Date { year, month, day }
    }

    /// `.`, or a number that begins with it.
    fn dot(&mut self, span: Span) {
        if !self.operand
            && let Some(&(Raw::Integer | Raw::Real, digits)) = self.words.get(self.at + 1)
            && digits.start == span.end
        {
            let span = span.to(digits);
            let kind = TokenKind::Real(self.text(span).parse().unwrap_or(0.0));
            return self.take(2, kind, span);
        }
        self.take(1, TokenKind::Dot, span);
    }

    fn local(&mut self, raw: Raw, span: Span) {
        if self.last_is(TokenKind::Dot) || self.is_key() || self.line.is_names() {
            self.member(span);
        } else if raw == Raw::Local {
            self.variable(TokenKind::Local, span);
        } else {
            self.unknown(span);
        }
    }

    /// A variable. Its name may hold spaces (`Source: Concepts/identifiers`); as no value follows another,
    /// the words behind it belong to it, unless they are something by themselves.
    fn variable(&mut self, kind: TokenKind, span: Span) {
        let mut count = 1;
        while count < LONGEST_NAME
            && let Some(word) = self.following(count)
            && self.extends_variable(count, word)
        {
            count += 1;
        }
        let end = self.words[self.at + count - 1].1;
        self.take(count, kind, span.to(end));
    }

    /// Whether the word `count` words on is part of a variable's name: no command, no keyword, and no
    /// operator of other languages.
    fn extends_variable(&self, count: usize, word: &str) -> bool {
        const FOREIGN: &[&str] = &["and", "or", "xor", "mod", "div", "then", "not"];
        !matches!(self.raw(self.at + count + 1), Some(Raw::OpenParen))
            && self.suffix_of(self.at + count).is_none()
            && keyword::keyword(word, |n| self.following(count + n)).is_none()
            && !FOREIGN.iter().any(|foreign| word.eq_ignore_ascii_case(foreign))
            && Walk::begin(word).is_none_or(|walk| walk.found().is_none())
    }
}

/// What stands behind a name to say what it is.
#[derive(Clone, Copy)]
struct Suffix {
    kind: SuffixKind,
    /// How many words it is of.
    words: usize,
    end: u32,
}

#[derive(Clone, Copy)]
enum SuffixKind {
    Command(u32),
    Constant(u32, u32),
    /// `:P1:2`, a plug-in's command.
    Plugin,
}

fn kind_of(found: Found) -> TokenKind {
    match found {
        Found::Command(id) => TokenKind::Command(id),
        Found::Constant(id) => TokenKind::Constant(id),
    }
}

/// The tokens that are what they look like.
fn fixed(raw: Raw) -> TokenKind {
    match raw {
        Raw::Text => TokenKind::Text,
        Raw::SqlText => TokenKind::SqlText,
        Raw::OpenParen => TokenKind::OpenParen,
        Raw::CloseParen => TokenKind::CloseParen,
        Raw::OpenBrace => TokenKind::OpenBrace,
        Raw::CloseBrace => TokenKind::CloseBrace,
        Raw::ParameterAt => TokenKind::ParameterAt,
        Raw::Semicolon => TokenKind::Semicolon,
        Raw::Colon => TokenKind::Colon,
        Raw::Ellipsis => TokenKind::Ellipsis,
        Raw::Assign => TokenKind::Assign,
        Raw::AddAssign => TokenKind::AddAssign,
        Raw::SubtractAssign => TokenKind::SubtractAssign,
        Raw::MultiplyAssign => TokenKind::MultiplyAssign,
        Raw::DivideAssign => TokenKind::DivideAssign,
        Raw::Plus => TokenKind::Plus,
        Raw::Minus => TokenKind::Minus,
        Raw::Star => TokenKind::Star,
        Raw::Slash => TokenKind::Slash,
        Raw::Backslash => TokenKind::Backslash,
        Raw::Percent => TokenKind::Percent,
        Raw::Caret => TokenKind::Caret,
        Raw::Equal => TokenKind::Equal,
        Raw::Hash => TokenKind::Hash,
        Raw::Less => TokenKind::Less,
        Raw::LessOrEqual => TokenKind::LessOrEqual,
        Raw::Greater => TokenKind::Greater,
        Raw::GreaterOrEqual => TokenKind::GreaterOrEqual,
        Raw::Ampersand => TokenKind::Ampersand,
        Raw::Bar => TokenKind::Bar,
        Raw::CaretBar => TokenKind::CaretBar,
        Raw::ShiftLeft => TokenKind::ShiftLeft,
        Raw::ShiftRight => TokenKind::ShiftRight,
        Raw::BitSet => TokenKind::BitSet,
        Raw::BitClear => TokenKind::BitClear,
        Raw::BitTest => TokenKind::BitTest,
        Raw::AndThen => TokenKind::AndThen,
        Raw::OrElse => TokenKind::OrElse,
        Raw::Question => TokenKind::Question,
        Raw::Arrow => TokenKind::Arrow,
        _ => TokenKind::Unknown,
    }
}
