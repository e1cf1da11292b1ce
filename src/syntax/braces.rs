//! Code that has braces around its blocks, and calls and literals spread over lines without `\`: read as
//! what is meant, so that either gives one finding and not one a line.

use super::ast::StatementKind;
use super::codes;
use super::lines::{BlockKind, Line, LineParser, place};
use super::token::{Keyword, Token, TokenKind as T};
use crate::text::Diagnostic;

/// Tokens behind a line that are looked at for the bracket it leaves open.
const FAR: usize = 4096;

/// What is known of braces so far.
#[derive(Default)]
pub(super) struct Braces {
    told: bool,
    /// The blocks that a brace opened; `None` for a function.
    open: Vec<Option<BlockKind>>,
}

/// The block that a keyword opens.
fn opened(keyword: Keyword) -> Option<BlockKind> {
    Some(match keyword {
        Keyword::If => BlockKind::If,
        Keyword::CaseOf => BlockKind::Case,
        Keyword::While => BlockKind::While,
        Keyword::Repeat => BlockKind::Repeat,
        Keyword::For => BlockKind::For,
        Keyword::ForEach => BlockKind::ForEach,
        Keyword::Use => BlockKind::Use,
        Keyword::Try => BlockKind::Try,
        _ => return None,
    })
}

fn continues(token: Option<&Token>) -> bool {
    matches!(token.map(|t| t.kind), Some(T::Keyword(Keyword::Else | Keyword::Catch | Keyword::Until)))
}

impl<'a> LineParser<'a> {
    /// A line with a brace around a block, if it is one.
    pub(super) fn braced(&mut self, tokens: &'a [Token]) -> Option<Line> {
        let (first, last) = (tokens.first()?, tokens.last()?);
        if first.kind != T::CloseBrace && (last.kind != T::OpenBrace || tokens.len() < 2) {
            return None;
        }
        match first.kind {
            T::CloseBrace if tokens.len() == 1 => {
                self.tell_braces(tokens);
                let next = self.rest.iter().find(|token| token.kind != T::LineEnd);
                if continues(next) {
                    return Some(Line::Plain(StatementKind::Invalid));
                }
                let kind = self.braces.open.pop().flatten();
                Some(kind.map_or(Line::Plain(StatementKind::Invalid), |kind| Line::Close(kind, None)))
            }
            T::CloseBrace if continues(tokens.get(1)) => {
                self.tell_braces(&tokens[..1]);
                let without = if last.kind == T::OpenBrace { tokens.len() - 1 } else { tokens.len() };
                Some(self.line(&tokens[1..without]))
            }
            T::Keyword(keyword) => {
                let kind = opened(keyword);
                let is_function = matches!(keyword, Keyword::Function | Keyword::ClassConstructor);
                if kind.is_none() && !is_function && !continues(Some(first)) {
                    return None;
                }
                self.tell_braces(&tokens[tokens.len() - 1..]);
                if kind.is_some() || is_function {
                    self.braces.open.push(kind);
                }
                Some(self.line(&tokens[..tokens.len() - 1]))
            }
            _ => None,
        }
    }

    /// Said once in a file.
    fn tell_braces(&mut self, brace: &[Token]) {
        if std::mem::replace(&mut self.braces.told, true) {
            return;
        }
        let span = place(brace);
        self.report(span, || {
            Diagnostic::error(codes::BRACES, span, "4D has no braces around blocks")
                .label("remove this")
                .help("a block begins with its head, as `If (…)`, and ends with a line as `End if`")
        });
    }

    /// Where the brackets that a line leaves open are closed in the lines behind it, if the line ends as if
    /// it meant that.
    pub(super) fn goes_on(&self, tokens: &[Token]) -> Option<u32> {
        let last = tokens.last()?;
        if !last.kind.opens() && last.kind != T::Semicolon {
            return None;
        }
        let opened = tokens.iter().filter(|token| token.kind.opens()).count();
        let mut depth = opened.checked_sub(tokens.iter().filter(|token| token.kind.closes()).count())?;
        let mut begins = true;
        let mut rest = self.rest.iter().take(FAR);
        while depth > 0 {
            let token = rest.next()?;
            if begins && matches!(token.kind, T::Keyword(_)) {
                return None;
            }
            begins = token.kind == T::LineEnd;
            depth =
                (depth + usize::from(token.kind.opens())).saturating_sub(usize::from(token.kind.closes()));
        }
        rest.find(|token| token.kind == T::LineEnd).map(|end| end.span.start)
    }
}
