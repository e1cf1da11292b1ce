//! Which blanks 4D's editor puts between tokens of a line.

use super::is;
use crate::syntax::token::{Keyword as K, Token, TokenKind as T};

/// Where two tokens stand that have only blanks between them.
pub(super) struct Context<'a> {
    pub(super) tokens: &'a [Token],
    pub(super) before: usize,
    pub(super) next: usize,
    pub(super) brackets: &'a [T],
}

impl Context<'_> {
    /// The blanks between the two tokens; none if they are to stay as they are.
    pub(super) fn gap(&self, older: bool) -> Option<&'static str> {
        let (before, next) = (self.tokens.get(self.before)?.kind, self.tokens.get(self.next)?.kind);
        if [before, next].iter().any(|kind| matches!(kind, T::Unknown | T::Ellipsis | T::SqlText)) {
            return None;
        }
        if older && before == T::Name {
            // `method ("a")` and `method ;` for project methods, `variable;`.
            return None;
        }
        let blank = match (before, next) {
            (T::Semicolon, _) => !older,
            (
                T::OpenParen | T::OpenBracket | T::OpenBrace | T::OpenCharacter | T::ParameterAt | T::Dot,
                _,
            )
            | (
                _,
                T::CloseParen | T::CloseBracket | T::CloseBrace | T::CloseCharacter | T::Semicolon | T::Dot,
            ) => false,
            (T::Keyword(K::Declare | K::ClassConstructor), _) => !matches!(next, T::OpenParen | T::Arrow),
            (T::Keyword(K::Try), T::OpenParen) => false,
            (_, T::Colon) => !self.is_key_before(),
            _ => is_loose(before) || is_loose(next) || (is_wordy(before) && is_wordy(next)),
        };
        Some(if blank { " " } else { "" })
    }

    /// Whether the colon here ends the key of an object literal.
    fn is_key_before(&self) -> bool {
        let in_braces = self.brackets.last() == Some(&T::OpenBrace);
        let behind = self.before.checked_sub(1).and_then(|at| self.tokens.get(at));
        in_braces && behind.is_some_and(|token| matches!(token.kind, T::OpenBrace | T::Semicolon))
    }
}

/// Whether a blank stands between the token and the `\` that ends its line.
pub(super) fn goes_on(kind: T, older: bool) -> bool {
    if kind == T::Semicolon { !older } else { is_loose(kind) }
}

/// Tokens that stand alone, with blanks on both sides.
fn is_loose(kind: T) -> bool {
    matches!(
        kind,
        T::Ampersand
            | T::Bar
            | T::CaretBar
            | T::AndThen
            | T::OrElse
            | T::ShiftLeft
            | T::ShiftRight
            | T::BitSet
            | T::BitClear
            | T::BitTest
            | T::Question
            | T::Colon
            | T::Keyword(_)
    )
}

/// Tokens that would run together.
fn is_wordy(kind: T) -> bool {
    matches!(
        kind,
        T::Name | T::Command(_) | T::Constant(_) | T::Local | T::Interprocess | T::Integer(_) | T::Real(_)
    )
}

/// What 4D writes after the last token of a line.
pub(super) fn at_line_end(kind: T) -> &'static str {
    match kind {
        T::Keyword(
            K::Else
            | K::EndIf
            | K::CaseOf
            | K::EndCase
            | K::EndWhile
            | K::Repeat
            | K::EndFor
            | K::EndForEach
            | K::EndUse
            | K::Return,
        ) => " ",
        _ => "",
    }
}

/// Whether an older version of 4D wrote the text: it has token suffixes, and no blank after any `;`.
pub(super) fn is_older_form(source: &str, tokens: &[Token]) -> bool {
    let mut tight = 0;
    for pair in tokens.windows(2) {
        let [before, next] = pair else { continue };
        let between = source.get(before.span.end as usize..next.span.start as usize).unwrap_or_default();
        if before.kind == T::Semicolon && !is(Some(next), K::EndSql) && !between.contains(['\n', '\r']) {
            if between.is_empty() {
                tight += 1;
            } else {
                return false;
            }
        }
    }
    let suffixed = |token: &Token| {
        let text = source.get(token.span.range()).unwrap_or_default();
        matches!(token.kind, T::Command(_)) && text.contains(":C")
    };
    tight > 0 && tokens.iter().any(suffixed)
}
