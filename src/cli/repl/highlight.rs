//! Source text in colours.

use fourd::syntax::token::TokenKind as T;
use fourd::syntax::{KnownNames, tokenize};

const END: &str = "\x1b[0m";

pub(super) fn highlighted(text: &str, known: &dyn KnownNames) -> String {
    let mut out = String::with_capacity(text.len() * 2);
    let mut end = 0;
    for token in tokenize(text, known, &mut Vec::new()) {
        if token.kind == T::LineEnd {
            continue;
        }
        let start = token.span.start as usize;
        gap(&mut out, text.get(end..start).unwrap_or_default());
        let piece = text.get(token.span.range()).unwrap_or_default();
        match colour(token.kind) {
            Some(colour) => out.extend([colour, piece, END]),
            None => out.push_str(piece),
        }
        end = token.span.end as usize;
    }
    gap(&mut out, text.get(end..).unwrap_or_default());
    out
}

/// Between tokens lie blanks and comments.
fn gap(out: &mut String, text: &str) {
    if text.contains('/') {
        out.extend(["\x1b[90m", text, END]);
    } else {
        out.push_str(text);
    }
}

fn colour(kind: T) -> Option<&'static str> {
    Some(match kind {
        T::Keyword(_) => "\x1b[1;35m",
        T::Command(_) => "\x1b[32m",
        T::Constant(_) => "\x1b[36m",
        T::Text => "\x1b[33m",
        T::Integer(_) | T::Real(_) | T::Date { .. } | T::Time(_) => "\x1b[34m",
        T::Unknown => "\x1b[31m",
        _ => return None,
    })
}
