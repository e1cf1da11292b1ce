//! Statements of one line, and the heads of loops.
//!
//! Source: Concepts/control-flow, Concepts/operators (assignment)

use super::{Extra, Report, Rule, Tokens, tok};
use crate::syntax::ast::{AssignOp, Expr, ExprKind, StatementKind};
use crate::syntax::token::{Keyword, Token, TokenKind as T};
use chumsky::prelude::*;

/// `(counter; from; to; step)`
pub(crate) struct ForHead {
    pub counter: Expr,
    pub from: Expr,
    pub to: Expr,
    pub step: Option<Expr>,
}

/// `(item; collection; begin; end) While|Until(condition)`
pub(crate) struct ForEachHead {
    pub item: Expr,
    pub over: Expr,
    pub begin: Option<Expr>,
    pub end: Option<Expr>,
    pub condition: Option<(bool, Expr)>,
}

/// `:=` and the compound forms.
pub(super) fn assign_operator<'a, R: Report<'a>>()
-> impl Parser<'a, Tokens<'a>, AssignOp, Extra<'a, R>> + Clone {
    select! {
        Token { kind: T::Assign, .. } => AssignOp::Set,
        Token { kind: T::AddAssign, .. } => AssignOp::Add,
        Token { kind: T::SubtractAssign, .. } => AssignOp::Subtract,
        Token { kind: T::MultiplyAssign, .. } => AssignOp::Multiply,
        Token { kind: T::DivideAssign, .. } => AssignOp::Divide,
    }
}

/// An assignment, or an expression standing alone. A `;` at its end says nothing.
pub(super) fn statement<'a, R: Report<'a>>(expression: Rule<'a, Expr, R>) -> Rule<'a, StatementKind, R> {
    expression
        .clone()
        .then(assign_operator().then(expression).or_not())
        .then_ignore(tok!(Semicolon).or_not())
        .map(|(target, assigned)| match assigned {
            None => StatementKind::Expression(target),
            Some((operator, value)) => StatementKind::Assign { target, operator, value },
        })
        .boxed()
}

pub(super) fn for_head<'a, R: Report<'a>>(expression: Rule<'a, Expr, R>) -> Rule<'a, ForHead, R> {
    let next = tok!(Semicolon, "`;`").ignore_then(expression.clone());
    expression
        .then(next.clone())
        .then(next.clone())
        .then(next.or_not())
        .delimited_by(tok!(OpenParen, "`(`"), tok!(CloseParen, "`)`"))
        .map(|(((counter, from), to), step)| ForHead { counter, from, to, step })
        .boxed()
}

pub(super) fn for_each_head<'a, R: Report<'a>>(expression: Rule<'a, Expr, R>) -> Rule<'a, ForEachHead, R> {
    let next = tok!(Semicolon, "`;`").ignore_then(expression.clone());
    let keyword = select! {
        Token { kind: T::Keyword(Keyword::While), .. } => true,
        Token { kind: T::Keyword(Keyword::Until), .. } => false,
    };
    // The brackets may be left out here.
    let condition = keyword.then(expression.clone());
    expression
        .then(next.clone())
        .then(next.clone().then(next.or_not()).or_not())
        .delimited_by(tok!(OpenParen, "`(`"), tok!(CloseParen, "`)`"))
        .then(condition.or_not())
        .map(|(((item, over), bounds), condition)| {
            let (begin, end) = bounds.map_or((None, None), |(begin, end)| (Some(begin), end));
            let condition = condition.map(|(keeps, condition)| (keeps, without_brackets(condition)));
            ForEachHead { item, over, begin, end, condition }
        })
        .boxed()
}

/// The brackets around a whole condition belong to its keyword.
pub(crate) fn without_brackets(condition: Expr) -> Expr {
    match condition.kind {
        ExprKind::Group(inner) => *inner,
        _ => condition,
    }
}
