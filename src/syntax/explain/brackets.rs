//! Brackets that are missing, stray or of the wrong kind, and braces around blocks.

use super::Trouble;
use super::operators::operator_missing;
use super::words::spelling;
use crate::syntax::codes;
use crate::syntax::lines::place;
use crate::syntax::token::{Keyword, Token, TokenKind as T};
use crate::text::{Diagnostic, Span};

/// `If (…) {` and the `}` of it.
pub(in crate::syntax) fn braces_for_blocks(t: &Trouble) -> Option<Diagnostic> {
    let alone = t.tokens.len() == 1 && t.kind(0) == Some(T::CloseBrace);
    let head = matches!(t.kind(0), Some(T::Keyword(_)))
        && t.at == t.tokens.len()
        && t.tokens.last().is_some_and(|t| t.kind == T::OpenBrace);
    (alone || head).then(|| {
        let span = t.tokens.last().map_or(Span::default(), |t| t.span);
        Diagnostic::error(codes::BRACES, span, "4D has no braces around blocks")
            .label("remove this")
            .help("a block begins with its head, as `If (…)`, and ends with a line as `End if`")
    })
}

/// `If $a=1`
pub(in crate::syntax) fn condition_without_brackets(t: &Trouble) -> Option<Diagnostic> {
    let Some(T::Keyword(keyword)) = t.kind(0) else {
        return None;
    };
    let wants = matches!(
        keyword,
        Keyword::If | Keyword::While | Keyword::Until | Keyword::Use | Keyword::For | Keyword::ForEach
    );
    if !wants || t.kind(1) == Some(T::OpenParen) {
        return None;
    }
    let word = spelling(keyword);
    let rest = place(t.tokens.get(1..).unwrap_or_default());
    let text = t.source.get(rest.range()).unwrap_or_default();
    let span = if t.tokens.len() > 1 { rest } else { t.end() };
    let diagnostic =
        Diagnostic::error(codes::CONDITION_BRACKETS, span, format!("`{word}` wants brackets after it"));
    Some(if text.is_empty() {
        diagnostic.label("nothing follows").help(format!("write `{word} (…)`"))
    } else {
        diagnostic.label("not in brackets").help(format!("write `{word} ({text})`"))
    })
}

/// Brackets that are not closed, not opened, or closed by another kind.
pub(in crate::syntax) fn brackets(t: &Trouble) -> Option<Diagnostic> {
    let mut open: Vec<&Token> = Vec::new();
    for token in t.tokens {
        if token.kind.opens() {
            open.push(token);
        }
        if token.kind.closes() {
            let written = bracket(token.kind);
            let Some(opener) = open.pop() else {
                return Some(
                    Diagnostic::error(
                        codes::STRAY_BRACKET,
                        token.span,
                        format!("this `{written}` closes nothing"),
                    )
                    .label("no open bracket before it")
                    .help("remove it, or write the bracket that it was meant to close"),
                );
            };
            if opener.kind.closed_by() != Some(token.kind) {
                let wanted = opener.kind.closed_by().map_or("", bracket);
                return Some(
                    Diagnostic::error(
                        codes::WRONG_BRACKET,
                        token.span,
                        format!("`{}` is closed by `{written}`", bracket(opener.kind)),
                    )
                    .label(format!("expected `{wanted}`"))
                    .also(opener.span, "opened here")
                    .help(format!("write `{wanted}` before this, or correct one of the two")),
                );
            }
        }
    }
    let opener = open.pop()?;
    let wanted = opener.kind.closed_by().map_or("", bracket);
    // The place where it went wrong may be before the end of the line.
    let span = t.end();
    (t.at >= t.tokens.len() || operator_missing(t).is_none()).then(|| {
        Diagnostic::error(
            codes::UNCLOSED_BRACKET,
            opener.span,
            format!("this `{}` is not closed", bracket(opener.kind)),
        )
        .label("opened here")
        .also(span, format!("`{wanted}` is missing"))
        .help(format!("write `{wanted}` where the bracket ends"))
    })
}

pub(in crate::syntax) fn bracket(kind: T) -> &'static str {
    match kind {
        T::OpenParen => "(",
        T::CloseParen => ")",
        T::OpenBracket => "[",
        T::CloseBracket => "]",
        T::OpenBrace => "{",
        T::CloseBrace => "}",
        T::OpenCharacter => "[[",
        T::CloseCharacter => "]]",
        T::ParameterAt => "${",
        _ => "",
    }
}
