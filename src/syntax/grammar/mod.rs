//! The grammar of one logical line. This is the only folder that names chumsky.
//!
//! 4D is structured by lines: a statement, the head of a block or its end is one logical line. So
//! chumsky sees one line at a time, and `blocks` joins the lines. A line is first parsed without
//! any bookkeeping of errors; only one that fails is parsed again to learn how far it made sense.

mod class;
mod declaration;
mod expression;
mod failure;
mod statement;

pub(super) use class::FunctionTail;
pub(super) use statement::{ForEachHead, ForHead, without_brackets};

use super::ast::{Expr, Member, Signature, StatementKind, TypeRef, VarGroup};
use super::token::Token;
use crate::text::Span;
use chumsky::error::{EmptyErr, Error, LabelError};
use chumsky::inspector::SimpleState;
use chumsky::prelude::*;
pub(super) use failure::Failure;
use std::cell::OnceCell;

/// What chumsky reads: the tokens of one line.
type Tokens<'a> = &'a [Token];
/// The state is the source text, from which names are cut.
type Extra<'a, R> = extra::Full<R, SimpleState<&'a str>, ()>;
type Rule<'a, T, R> = Boxed<'a, 'a, Tokens<'a>, T, Extra<'a, R>>;

/// What an error type must offer to be used in the grammar.
trait Report<'a>: Error<'a, Tokens<'a>> + LabelError<'a, Tokens<'a>, &'static str> + 'a {}
impl<'a, R> Report<'a> for R where R: Error<'a, Tokens<'a>> + LabelError<'a, Tokens<'a>, &'static str> + 'a {}

/// A token without content: gives its place.
macro_rules! tok {
    ($($kind:ident)|+ $(, $label:literal)?) => {
        chumsky::select! { $(crate::syntax::token::Token { kind: crate::syntax::token::TokenKind::$kind, span } => span),+ }
            $(.labelled($label))?
    };
}
use tok;

/// The rules, for one type of error.
struct Rules<'a, R: Report<'a>> {
    expression: Rule<'a, Expr, R>,
    statement: Rule<'a, StatementKind, R>,
    for_head: Rule<'a, ForHead, R>,
    for_each_head: Rule<'a, ForEachHead, R>,
    variables: Rule<'a, Vec<VarGroup>, R>,
    declare: Rule<'a, Signature, R>,
    function: Rule<'a, FunctionTail, R>,
    property: Rule<'a, Vec<Member>, R>,
    alias: Rule<'a, Member, R>,
    type_path: Rule<'a, TypeRef, R>,
}

impl<'a, R: Report<'a>> Rules<'a, R> {
    fn new() -> Self {
        let expression = expression::expression();
        Self {
            statement: statement::statement(expression.clone()),
            for_head: statement::for_head(expression.clone()),
            for_each_head: statement::for_each_head(expression.clone()),
            variables: declaration::variables(expression.clone()),
            declare: declaration::signature().boxed(),
            function: class::function(),
            property: class::property(expression.clone()),
            alias: class::alias(),
            type_path: declaration::type_ref().boxed(),
            expression,
        }
    }
}

/// The grammar, ready to parse the lines of one file.
pub(super) struct Grammar<'a> {
    source: &'a str,
    fast: Rules<'a, EmptyErr>,
    /// Built when the first line fails.
    thorough: OnceCell<Rules<'a, Failure>>,
}

macro_rules! entry {
    ($(#[$doc:meta])* $name:ident -> $out:ty) => {
        $(#[$doc])*
        pub(in crate::syntax) fn $name(&self, tokens: &'a [Token]) -> Result<$out, Failure> {
            let mut state = SimpleState(self.source);
            if let Some(tree) = self.fast.$name.parse_with_state(tokens, &mut state).into_output() {
                return Ok(tree);
            }
            let rules = self.thorough.get_or_init(Rules::new);
            let result = rules.$name.parse_with_state(tokens, &mut state).into_result();
            result.map_err(|errors| errors.into_iter().next().unwrap_or_default())
        }
    };
}

impl<'a> Grammar<'a> {
    #[must_use]
    pub(super) fn new(source: &'a str) -> Self {
        Self { source, fast: Rules::new(), thorough: OnceCell::new() }
    }

    entry!(
        /// An expression, nothing after it.
        expression -> Expr);
    entry!(
        /// An expression standing alone, or an assignment.
        statement -> StatementKind);
    entry!(
        /// What follows `For`.
        for_head -> ForHead);
    entry!(
        /// What follows `For each`.
        for_each_head -> ForEachHead);
    entry!(
        /// What follows `var`.
        variables -> Vec<VarGroup>);
    entry!(
        /// What follows `#DECLARE` and `Class constructor`.
        declare -> Signature);
    entry!(
        /// What follows `Function`.
        function -> FunctionTail);
    entry!(
        /// What follows `property`.
        property -> Vec<Member>);
    entry!(
        /// What follows `Alias`.
        alias -> Member);
    entry!(
        /// What follows `Class extends`.
        type_path -> TypeRef);
}

/// One token, made into something with the help of the source text.
fn pick<'a, R: Report<'a>, T: 'a>(
    make: impl Fn(Token, &'a str) -> Option<T> + Clone + 'a,
) -> impl Parser<'a, Tokens<'a>, T, Extra<'a, R>> + Clone {
    chumsky::primitive::select(
        move |token: Token, e: &mut chumsky::input::MapExtra<'a, '_, Tokens<'a>, Extra<'a, R>>| {
            make(token, e.state().0)
        },
    )
}

/// The place of a run of tokens.
fn span_of(tokens: &[Token]) -> Span {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::default(),
    }
}
