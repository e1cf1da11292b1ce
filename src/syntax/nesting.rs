//! How deep a line is nested, found out before it is parsed: the parser follows nesting with the
//! machine's stack, and so does whoever walks the tree.

use super::token::{Token, TokenKind as T};

const LIMIT: usize = 256;

/// Whether brackets, signs before operands and ternaries are nested more than 256 deep.
pub(super) fn too_deep(tokens: &[Token]) -> bool {
    // Each level needs a token of its own.
    tokens.len() > LIMIT && depth(tokens) > LIMIT
}

fn depth(tokens: &[Token]) -> usize {
    // For each open bracket, the depth outside it.
    let mut open = Vec::new();
    let (mut base, mut now, mut deepest) = (0_usize, 0_usize, 0_usize);
    let mut after_operand = false;
    for token in tokens {
        match token.kind {
            kind if kind.opens() => {
                open.push((base, now));
                now += 1;
                base = now;
                after_operand = false;
            }
            kind if kind.closes() => {
                (base, now) = open.pop().unwrap_or((0, 0));
                after_operand = true;
            }
            T::Minus | T::Plus if !after_operand => now += 1,
            T::Arrow if !after_operand => now += 1,
            T::Arrow => {}
            // A ternary reaches to the end of what holds it.
            T::Question => {
                base += 1;
                now = base;
                after_operand = false;
            }
            kind if kind.is_value() || matches!(kind, T::Keyword(_)) => after_operand = true,
            T::Semicolon => {
                base = open.last().map_or(0, |&(_, outer)| outer + 1);
                now = base;
                after_operand = false;
            }
            _ => {
                now = base;
                after_operand = false;
            }
        }
        deepest = deepest.max(now);
    }
    deepest
}
