//! The heads of blocks: loops without their parts, what follows a head on its line, colons behind it.

use super::Trouble;
use super::words::spelling;
use crate::syntax::codes;
use crate::syntax::lines::place;
use crate::syntax::token::{Keyword as K, Token, TokenKind as T};
use crate::text::Diagnostic;

/// The place of the bracket that closes the one at `open`.
fn closing(tokens: &[Token], open: usize) -> Option<usize> {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        if token.kind.opens() {
            depth += 1;
        } else if token.kind.closes() {
            depth = depth.saturating_sub(1);
            if depth == 0 {
                return Some(at);
            }
        }
    }
    None
}

/// `If ($a) ALERT("x")`, `If ($a) continue`
pub(in crate::syntax) fn one_line(t: &Trouble) -> Option<Diagnostic> {
    let Some(T::Keyword(keyword @ (K::If | K::While | K::For | K::ForEach | K::Use))) = t.kind(0) else {
        return None;
    };
    if t.kind(1) != Some(T::OpenParen) || closing(t.tokens, 1)? + 1 != t.at {
        return None;
    }
    let found = t.kind(t.at)?;
    let begins = found.begins_operand() && found != T::OpenParen || matches!(found, T::Keyword(_));
    let (head, end) = match keyword {
        K::If => ("If", "End if"),
        K::While => ("While", "End while"),
        K::For => ("For", "End for"),
        K::ForEach => ("For each", "End for each"),
        _ => ("Use", "End use"),
    };
    begins.then(|| {
        Diagnostic::error(
            codes::ONE_LINE,
            place(&t.tokens[t.at..]),
            format!("`{head} (…)` stands alone on its line"),
        )
        .label("belongs on the next line")
        .help(format!("write this on the next line, and `{end}` on the one after it"))
    })
}

/// `For ($i; 10)`, `For ($i = 0; $i < 10; $i++)`, `For each ($x in $c)`
pub(in crate::syntax) fn loop_head(t: &Trouble) -> Option<Diagnostic> {
    let Some(T::Keyword(keyword @ (K::For | K::ForEach))) = t.kind(0) else {
        return None;
    };
    let close = closing(t.tokens, 1)?;
    if t.kind(1) != Some(T::OpenParen) || t.at > close {
        return None;
    }
    let mut depth = 0_usize;
    let mut parts = 1;
    for token in &t.tokens[1..=close] {
        depth = (depth + usize::from(token.kind.opens())).saturating_sub(usize::from(token.kind.closes()));
        parts += usize::from(depth == 1 && token.kind == T::Semicolon);
    }
    let (most, message, help) = match keyword {
        K::For => {
            (2..5, "`For` wants a counter, its first and its last value", "write as in `For ($i; 1; 10)`")
        }
        _ => (
            1..5,
            "`For each` wants an item and what it goes through",
            "write as in `For each ($item; $list)`",
        ),
    };
    let counts = t.tokens[..t.at].windows(2).any(|pair| {
        pair[0].kind == pair[1].kind
            && matches!(pair[0].kind, T::Plus | T::Minus)
            && pair[0].span.end == pair[1].span.start
    });
    let last_word = t.text(t.at - 1).rsplit(' ').next().unwrap_or_default();
    let joined = keyword == K::ForEach && matches!(last_word.to_ascii_lowercase().as_str(), "in" | "of");
    (parts <= most.start || parts >= most.end || counts || joined).then(|| {
        let inside = place(&t.tokens[2..close]);
        let span = if close > 2 { inside } else { place(&t.tokens[1..=close]) };
        Diagnostic::error(codes::LOOP_HEAD, span, message).label("not these").help(help)
    })
}

/// `If ($a=1):`, `($a=1):`, `case 1:`, `default:`
pub(in crate::syntax) fn colon_at_end(t: &Trouble) -> Option<Diagnostic> {
    if t.tokens.len() < 2 || t.at + 1 != t.tokens.len() || t.kind(t.at) != Some(T::Colon) {
        return None;
    }
    let found = |message: &str| Diagnostic::error(codes::COLON_AT_END, t.span(t.at), message);
    if let Some(T::Keyword(keyword)) = t.kind(0) {
        let word = spelling(keyword);
        let found = found("no `:` stands behind the head of a block");
        return Some(found.label("remove this").help(format!("the line with `{word}` ends without a sign")));
    }
    let (first, case) = (t.text(0).to_ascii_lowercase(), place(&t.tokens[..t.at]));
    let case = t.source.get(case.range()).unwrap_or_default();
    match first.split(' ').next().unwrap_or_default() {
        "default" => Some(found("4D has no `default`").label("not a statement of 4D").help("write `Else`")),
        "case" => Some(
            found("a case is written with `:` before its condition")
                .label("the `:` comes first")
                .help("write `: ($value=1)`, below a line `Case of`"),
        ),
        _ if t.kind(0) == Some(T::OpenParen) => Some(
            found("the `:` of a case stands before its condition")
                .label("the `:` comes first")
                .help(format!("write `: {case}`")),
        ),
        _ => None,
    }
}

fn first_word<'a>(source: &'a str, tokens: &[Token]) -> &'a str {
    let text = tokens.first().and_then(|token| source.get(token.span.range())).unwrap_or_default();
    text.split(' ').next().unwrap_or_default()
}

fn ends_with_colon(tokens: &[Token]) -> bool {
    tokens.len() > 1 && tokens.last().is_some_and(|token| token.kind == T::Colon)
}

/// Whether a line is a case with its colon behind it.
pub(in crate::syntax) fn is_case(source: &str, tokens: &[Token]) -> bool {
    let begins = tokens.first().is_some_and(|token| token.kind == T::OpenParen)
        || first_word(source, tokens).eq_ignore_ascii_case("case");
    begins && ends_with_colon(tokens)
}

/// `default:`
pub(in crate::syntax) fn is_default(source: &str, tokens: &[Token]) -> bool {
    first_word(source, tokens).eq_ignore_ascii_case("default") && ends_with_colon(tokens)
}

/// `switch (…)`
pub(in crate::syntax) fn is_switch(source: &str, tokens: &[Token]) -> bool {
    first_word(source, tokens).eq_ignore_ascii_case("switch")
        && tokens.get(1).is_some_and(|token| token.kind == T::OpenParen)
}

/// `Case of $a`
pub(in crate::syntax) fn case_of_value(t: &Trouble) -> Option<Diagnostic> {
    let value = t.kind(0) == Some(T::Keyword(K::CaseOf)) && t.at == 1 && t.tokens.len() > 1;
    value.then(|| {
        Diagnostic::error(
            codes::AFTER_KEYWORD,
            place(&t.tokens[1..]),
            "nothing may follow `Case of` on its line",
        )
        .label("cannot stand here")
        .help("each case has a whole condition of its own: `: ($value=1)`")
    })
}
