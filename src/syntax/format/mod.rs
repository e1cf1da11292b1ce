//! Source text → the same text as 4D's editor writes it. Only white space between tokens and the
//! spelling of known names change; comments and the lines of SQL stay as they are.
//!
//! Two forms are known: today's (`a; b`), and that of files saved by versions before it (`a;b`), which
//! are told by their token suffixes and the lack of any `; `. Each file keeps its form.

mod depth;
mod gap;
mod spacing;
mod spelling;
#[cfg(test)]
mod tests;

use super::token::{Keyword, Token, TokenKind as T};
use super::{KnownNames, tokenize};
use depth::Depth;
use gap::{Piece, pieces};

/// What becomes of the suffixes `:C16` and `:K8:3`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Suffixes {
    #[default]
    Keep,
    /// Removed where the name says the same without.
    Strip,
    /// Added to all commands and constants that have one.
    Add,
}

/// Formats a text without errors; one with errors keeps its meaning or lack of it, but may look odd.
#[must_use]
pub fn format(source: &str, known: &dyn KnownNames, suffixes: Suffixes) -> String {
    let tokens = tokenize(source, known, &mut Vec::new());
    let mut formatter = Formatter {
        // Without suffixes nothing would tell it the next time.
        older: suffixes != Suffixes::Strip && spacing::is_older_form(source, &tokens),
        out: String::with_capacity(source.len() + source.len() / 8),
        depth: Depth::default(),
        brackets: Vec::new(),
        line: 0,
    };
    let mut end = 0;
    let mut before: Option<usize> = None;
    for (at, token) in tokens.iter().enumerate() {
        if token.kind == T::LineEnd {
            continue;
        }
        let start = token.span.start as usize;
        let logical_start = at == 0
            || token.kind == T::Keyword(Keyword::EndSql)
            || tokens.get(at - 1).is_some_and(|t| t.kind == T::LineEnd);
        let gap = source.get(end..start).unwrap_or_default();
        if token.kind == T::SqlText {
            formatter.out.push_str(gap);
        } else {
            formatter.gap(&tokens, before, Some((at, logical_start)), gap);
        }
        let text = source.get(token.span.range()).unwrap_or_default();
        spelling::write(&mut formatter.out, token, text, known, suffixes);
        formatter.brackets(token.kind);
        end = token.span.end as usize;
        before = Some(at);
    }
    formatter.gap(&tokens, before, None, source.get(end..).unwrap_or_default());
    formatter.out
}

struct Formatter {
    older: bool,
    out: String,
    depth: Depth,
    /// The open brackets of the logical line.
    brackets: Vec<T>,
    /// The depth of the logical line that is being written.
    line: usize,
}

impl Formatter {
    fn brackets(&mut self, kind: T) {
        match kind {
            T::OpenParen | T::OpenBracket | T::OpenBrace | T::OpenCharacter | T::ParameterAt => {
                self.brackets.push(kind);
            }
            T::CloseParen | T::CloseBracket | T::CloseBrace | T::CloseCharacter => {
                self.brackets.pop();
            }
            _ => {}
        }
    }

    /// What stands between two tokens. `next` is the place of the token behind, and whether a logical
    /// line begins with it.
    fn gap(&mut self, tokens: &[Token], before: Option<usize>, next: Option<(usize, bool)>, gap: &str) {
        let begins = next.is_none_or(|(_, begins)| begins);
        if begins {
            self.brackets.clear();
        }
        let breaks = gap.contains(['\n', '\r']) || before.is_none() || next.is_none();
        if !breaks && let (Some(before), Some((next, _))) = (before, next) {
            if gap.trim().is_empty() {
                let context = spacing::Context { tokens, before, next, brackets: &self.brackets };
                match context.gap(self.older) {
                    Some(blank) => self.out.push_str(blank),
                    None => self.out.push_str(gap),
                }
            } else {
                self.out.push_str(gap);
            }
            return;
        }
        let last = before.and_then(|at| tokens.get(at)).map(|token| token.kind);
        let inner = if begins { self.depth.inside } else { self.line + 1 };
        let filled = self.broken_gap(last, inner, gap, next.is_none());
        if let Some((next, true)) = next {
            self.line = self.depth.line(tokens.get(next..).unwrap_or_default());
        }
        if next.is_some() && !filled {
            self.indent(if begins { self.line } else { self.line + 1 });
        }
    }

    /// Comments and line ends after `last`; lines without a token are `inner` deep. The blanks before
    /// the next token are left to the caller, unless something stands before it on its line already:
    /// that is told.
    fn broken_gap(&mut self, last: Option<T>, inner: usize, gap: &str, ends: bool) -> bool {
        // A token that nothing follows yet on its line.
        let mut pending = last;
        let mut filled = last.is_some();
        let mut blank = "";
        for piece in pieces(gap) {
            match piece {
                Piece::Blank(found) => {
                    blank = found;
                    continue;
                }
                Piece::LineEnd(end) => {
                    match pending {
                        Some(kind) => self.out.push_str(spacing::at_line_end(kind)),
                        None if !filled => self.indent(inner),
                        None => {}
                    }
                    self.out.push_str(end);
                }
                Piece::LineComment(comment) => {
                    self.before_comment(pending, filled, inner, blank);
                    self.out.push_str(comment);
                }
                Piece::BlockComment(text) | Piece::Other(text) => {
                    if filled {
                        self.out.push_str(blank);
                    } else {
                        self.indent(inner);
                    }
                    self.out.push_str(text);
                }
                Piece::Continuation => {
                    match pending {
                        Some(kind) if spacing::goes_on(kind, self.older) => self.out.push(' '),
                        None if !filled => self.indent(inner),
                        _ => {}
                    }
                    self.out.push('\\');
                }
            }
            (pending, blank) = (None, "");
            filled = !matches!(piece, Piece::LineEnd(_));
        }
        match pending {
            // 4D leaves out the last line's end, and may have what belongs before it.
            Some(kind) if ends && !blank.is_empty() => self.out.push_str(spacing::at_line_end(kind)),
            None if ends && !blank.is_empty() && !filled => self.indent(inner),
            None if !ends && filled => self.out.push_str(blank),
            _ => {}
        }
        filled
    }

    /// Two blanks before a comment behind code; its line's depth before one that stands alone.
    fn before_comment(&mut self, pending: Option<T>, filled: bool, inner: usize, blank: &str) {
        match pending {
            Some(kind) => {
                self.out.push_str(spacing::at_line_end(kind));
                self.out.push_str("  ");
            }
            None if filled => self.out.push_str(blank),
            None => {
                self.indent(inner);
                // The older form has two blanks before a comment everywhere.
                if blank.trim_start_matches('\t') == "  " {
                    self.out.push_str("  ");
                }
            }
        }
    }

    fn indent(&mut self, depth: usize) {
        for _ in 0..depth {
            self.out.push('\t');
        }
    }
}

/// Whether a token is this keyword.
fn is(token: Option<&Token>, keyword: Keyword) -> bool {
    token.is_some_and(|token| token.kind == T::Keyword(keyword))
}
