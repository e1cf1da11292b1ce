//! Why a line cannot be read, in the reader's words. The grammar knows only where it stopped; the
//! usual mistakes are recognised here from the tokens around that place.

mod brackets;
mod declarations;
mod doubtful;
mod heads;
mod lines;
mod operators;
mod words;

pub(super) use declarations::{class_line, signature, variables};
pub(super) use doubtful::doubtful;
pub(super) use heads::{is_case, is_default, is_switch};
pub(super) use lines::is_block_in_line;
pub(super) use words::{is_foreign_closer, is_slip, misspelt, misspelt_keyword, spelling};

use super::codes;
use super::token::{Token, TokenKind as T};
use crate::text::{Diagnostic, Span};

/// A line that could not be read.
pub(super) struct Trouble<'a> {
    pub source: &'a str,
    pub tokens: &'a [Token],
    /// The token that fits nowhere; the number of tokens at the end of the line.
    pub at: usize,
    pub expected: &'a [&'static str],
}

impl Trouble<'_> {
    fn kind(&self, at: usize) -> Option<T> {
        self.tokens.get(at).map(|t| t.kind)
    }

    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(|t| self.source.get(t.span.range())).unwrap_or_default()
    }

    fn span(&self, at: usize) -> Span {
        match self.tokens.get(at) {
            Some(token) => token.span,
            None => self.end(),
        }
    }

    /// Right after the last token: where something is missing at the end.
    fn end(&self) -> Span {
        let end = self.tokens.last().map_or(0, |t| t.span.end);
        Span::new(end, end)
    }

    /// Whether two tokens touch.
    fn joined(&self, at: usize) -> bool {
        at + 1 < self.tokens.len() && self.tokens[at].span.end == self.tokens[at + 1].span.start
    }

    /// The innermost bracket open before `at`.
    fn open_bracket(&self, at: usize) -> Option<&Token> {
        let mut open = Vec::new();
        for token in &self.tokens[..at.min(self.tokens.len())] {
            if token.kind.opens() {
                open.push(token);
            } else if token.kind.closes() {
                open.pop();
            }
        }
        open.pop()
    }
}

type Rule = fn(&Trouble) -> Option<Diagnostic>;

/// The most telling come first.
const RULES: &[Rule] = &[
    words::french_words,
    words::misspelt_line,
    lines::whole_block_in_line,
    lines::else_if,
    heads::case_of_value,
    operators::name_after_dot,
    operators::comparisons,
    operators::foreign_signs,
    operators::words_for_operators,
    words::foreign_declaration,
    declarations::class_head,
    heads::loop_head,
    operators::steps_by_one,
    heads::one_line,
    heads::colon_at_end,
    declarations::type_missing,
    declarations::declaration,
    operators::equals_in_declaration,
    operators::broken_assignment,
    operators::assignment_inside,
    lines::end_of_statement,
    brackets::braces_for_blocks,
    lines::keyword_inside,
    brackets::condition_without_brackets,
    brackets::brackets,
    lines::after_keyword,
    operators::ternary,
    operators::object_pair,
    operators::call_without_brackets,
    operators::operand_missing,
    operators::operator_missing,
    lines::leading_operator,
];

/// What is wrong with a line.
pub(super) fn explain(trouble: &Trouble) -> Diagnostic {
    RULES.iter().find_map(|rule| rule(trouble)).unwrap_or_else(|| general(trouble))
}

fn general(t: &Trouble) -> Diagnostic {
    let wanted = expectation(t.expected);
    let span = t.span(t.at);
    let (message, label) = match t.kind(t.at) {
        Some(_) => (format!("`{}` does not fit here", t.text(t.at)), format!("expected {wanted}")),
        None => ("this line is not complete".to_owned(), format!("expected {wanted} here")),
    };
    let help = match t.kind(t.at) {
        Some(_) => format!("write {wanted} before it, or remove it"),
        None => format!("write {wanted} at the end, or remove what is left of it"),
    };
    Diagnostic::error(codes::UNEXPECTED, span, message).label(label).help(help)
}

fn expectation(expected: &[&'static str]) -> String {
    match expected {
        [] => "something else".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}
