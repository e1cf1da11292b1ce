//! Expressions. Operators have no precedence: a chain is read, and evaluated, from left to right.
//!
//! Source: Concepts/operators, Concepts/quick-tour

use super::{Extra, Report, Rule, Tokens, pick, span_of, tok};
use crate::syntax::ast::{Argument, BinaryOp, Expr, ExprKind, Step, StepKind, UnaryOp};
use crate::syntax::text_of;
use crate::syntax::token::{Keyword, Token, TokenKind as T};
use crate::text::{Name, Span};
use chumsky::prelude::*;

/// Any expression.
pub(super) fn expression<'a, R: Report<'a>>() -> Rule<'a, Expr, R> {
    recursive(|expression| {
        let chain = operand(expression.clone())
            .then(operator().then(operand(expression.clone())).repeated().collect::<Vec<_>>())
            .map(|(first, rest)| join_chain(first, rest));
        let branches =
            tok!(Question).ignore_then(expression.clone()).then_ignore(tok!(Colon, "`:`")).then(expression);
        chain.then(branches.or_not()).map(|(condition, branches)| match branches {
            None => condition,
            Some((then, otherwise)) => {
                let span = condition.span.to(otherwise.span);
                let kind = ExprKind::Ternary {
                    condition: Box::new(condition),
                    then: Box::new(then),
                    otherwise: Box::new(otherwise),
                };
                Expr { kind, span }
            }
        })
    })
    .boxed()
}

fn join_chain(first: Expr, rest: Vec<(BinaryOp, Expr)>) -> Expr {
    let Some((_, last)) = rest.last() else {
        return first;
    };
    let span = first.span.to(last.span);
    Expr { kind: ExprKind::Chain { first: Box::new(first), rest }, span }
}

/// What stands before an operand.
#[derive(Clone, Copy)]
enum Prefix {
    Sign(UnaryOp),
    Address,
}

/// An operand with its prefixes (`-`, `+`, `->`) and its postfix steps.
fn operand<'a, R, E>(expression: E) -> Rule<'a, Expr, R>
where
    R: Report<'a>,
    E: Parser<'a, Tokens<'a>, Expr, Extra<'a, R>> + Clone + 'a,
{
    let prefix = select! {
        Token { kind: T::Minus, span } => (Prefix::Sign(UnaryOp::Minus), span),
        Token { kind: T::Plus, span } => (Prefix::Sign(UnaryOp::Plus), span),
        Token { kind: T::Arrow, span } => (Prefix::Address, span),
    };
    prefix
        .repeated()
        .collect::<Vec<_>>()
        .then(postfix(expression))
        .map(|(prefixes, operand)| prefixes.into_iter().rev().fold(operand, apply_prefix))
        .boxed()
}

fn apply_prefix(operand: Expr, (prefix, place): (Prefix, Span)) -> Expr {
    let span = place.to(operand.span);
    let operand = Box::new(operand);
    let kind = match prefix {
        Prefix::Sign(operator) => ExprKind::Unary { operator, operand },
        Prefix::Address => ExprKind::AddressOf(operand),
    };
    Expr { kind, span }
}

fn postfix<'a, R, E>(expression: E) -> impl Parser<'a, Tokens<'a>, Expr, Extra<'a, R>> + Clone
where
    R: Report<'a>,
    E: Parser<'a, Tokens<'a>, Expr, Extra<'a, R>> + Clone + 'a,
{
    let arguments = arguments(expression.clone());
    let step = step(expression.clone(), arguments.clone());
    atom(expression, arguments).then(step.repeated().collect::<Vec<_>>()).map(|(base, steps)| {
        let Some(last) = steps.last() else {
            return base;
        };
        let span = base.span.to(last.span);
        Expr { kind: ExprKind::Postfix { base: Box::new(base), steps }, span }
    })
}

/// One of `.member`, `.member(…)`, `[index]`, `{element}`, `[[character]]`, `->`, `(…)`.
fn step<'a, R, E>(expression: E, arguments: Rule<'a, Vec<Argument>, R>) -> Rule<'a, Step, R>
where
    R: Report<'a>,
    E: Parser<'a, Tokens<'a>, Expr, Extra<'a, R>> + Clone + 'a,
{
    let member =
        tok!(Dot).ignore_then(word()).then(arguments.clone().or_not()).map(
            |(name, arguments)| match arguments {
                None => StepKind::Member(name),
                Some(arguments) => StepKind::Method(name, arguments),
            },
        );
    let index =
        expression.clone().delimited_by(tok!(OpenBracket), tok!(CloseBracket, "`]`")).map(StepKind::Index);
    let element =
        expression.clone().delimited_by(tok!(OpenBrace), tok!(CloseBrace, "`}`")).map(StepKind::Element);
    let character =
        expression.delimited_by(tok!(OpenCharacter), tok!(CloseCharacter, "`]]`")).map(StepKind::Character);
    let dereference = tok!(Arrow).to(StepKind::Dereference);
    let call = not_after_literal().ignore_then(arguments.clone()).map(StepKind::Call);
    // Most operands have no step: one look saves seven attempts.
    let starts = select! {
        Token { kind: T::Dot | T::Arrow | T::OpenParen | T::OpenBrace | T::OpenBracket | T::OpenCharacter | T::Name, .. } => (),
    };
    let any = choice((member, dereference, call, element, index, character, member_after_arrow()));
    starts.rewind().ignore_then(any).map_with(|kind, e| Step { kind, span: span_of(e.slice()) }).boxed()
}

/// `$pointer->name` says the same as `$pointer->.name`.
fn member_after_arrow<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, StepKind, Extra<'a, R>> + Clone {
    custom::<_, Tokens<'a>, _, Extra<'a, R>>(|input| {
        let at = *input.cursor().inner();
        let tokens = input.full_slice();
        let after_arrow = at.checked_sub(1).is_some_and(|at| tokens[at].kind == T::Arrow);
        match tokens.get(at) {
            Some(token) if after_arrow && matches!(token.kind, T::Name) => {
                input.skip();
                let span = token.span;
                Ok(StepKind::Member(text_of::name(input.state().0, span)))
            }
            _ => {
                let before = input.cursor();
                Err(nothing(input.span_since(&before), "a step"))
            }
        }
    })
}

/// No literal gives a function: `5(3)`, `"a"(3)`.
fn not_after_literal<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, (), Extra<'a, R>> + Clone {
    custom::<_, Tokens<'a>, _, Extra<'a, R>>(|input| {
        let at = *input.cursor().inner();
        let before = at.checked_sub(1).map(|at| input.full_slice()[at].kind);
        match before {
            Some(T::Integer(_) | T::Real(_) | T::Text | T::Date { .. } | T::Time(_) | T::Constant(_)) => {
                let before = input.cursor();
                Err(nothing(input.span_since(&before), "an operator"))
            }
            _ => Ok(()),
        }
    })
}

/// The error of a rule that does not apply at a place.
fn nothing<'a, R: Report<'a>>(span: SimpleSpan<usize>, wanted: &'static str) -> R {
    <R as chumsky::error::LabelError<'a, Tokens<'a>, &'static str>>::expected_found([wanted], None, span)
}

/// An operand without steps.
fn atom<'a, R, E>(
    expression: E,
    arguments: Rule<'a, Vec<Argument>, R>,
) -> impl Parser<'a, Tokens<'a>, Expr, Extra<'a, R>> + Clone
where
    R: Report<'a>,
    E: Parser<'a, Tokens<'a>, Expr, Extra<'a, R>> + Clone + 'a,
{
    let named = select! {
        token @ Token { kind: T::Name, .. } => token,
        token @ Token { kind: T::Keyword(Keyword::Property | Keyword::Alias | Keyword::Function), .. } => token,
    };
    let called = named.then(arguments.clone().or_not()).map_with(|(token, arguments), e| {
        let name = text_of::name(e.state().0, token.span);
        match arguments {
            None => Expr { kind: ExprKind::Name(name), span: token.span },
            Some(arguments) => Expr { kind: ExprKind::Call { name, arguments }, span: span_of(e.slice()) },
        }
    });
    let command = select! { Token { kind: T::Command(id), .. } => id };
    let command = command.then(arguments.or_not()).map_with(|(id, arguments), e| Expr {
        kind: ExprKind::Command { id, arguments },
        span: span_of(e.slice()),
    });
    choice((literal(), called, command, bracketed(expression))).labelled("a value")
}

/// Literals, variables, fields, tables and constants: all that is one token.
fn literal<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, Expr, Extra<'a, R>> + Clone {
    pick(move |token, source| match token {
        Token { kind: T::Local, span } => {
            Some(Expr { kind: ExprKind::Local(text_of::after(source, span, 1)), span })
        }
        Token { kind: T::Integer(n), span } => Some(Expr { kind: ExprKind::Integer(n), span }),
        Token { kind: T::Text, span } => {
            Some(Expr { kind: ExprKind::Text(text_of::literal(source, span)), span })
        }
        Token { kind: T::Constant(id), span } => Some(Expr { kind: ExprKind::Constant(id), span }),
        Token { kind: T::Field, span } => {
            let (table, field) = text_of::field(source, span);
            Some(Expr { kind: ExprKind::Field { table, field }, span })
        }
        Token { kind: T::Table, span } => {
            Some(Expr { kind: ExprKind::Table(text_of::field(source, span).0), span })
        }
        Token { kind: T::Interprocess, span } => {
            Some(Expr { kind: ExprKind::Interprocess(text_of::after(source, span, 2)), span })
        }
        Token { kind: T::Real(n), span } => Some(Expr { kind: ExprKind::Real(n), span }),
        Token { kind: T::Date { year, month, day }, span } => {
            Some(Expr { kind: ExprKind::Date { year, month, day }, span })
        }
        Token { kind: T::Time(seconds), span } => Some(Expr { kind: ExprKind::Time(seconds), span }),

        _ => None,
    })
}

/// `(…)`, `Try(…)`, `${…}`, and the literals of objects and collections.
fn bracketed<'a, R, E>(expression: E) -> Rule<'a, Expr, R>
where
    R: Report<'a>,
    E: Parser<'a, Tokens<'a>, Expr, Extra<'a, R>> + Clone + 'a,
{
    let round = expression.clone().map(Box::new).delimited_by(tok!(OpenParen), tok!(CloseParen, "`)`"));
    let group = round.clone().map(ExprKind::Group);
    let keyword = select! { Token { kind: T::Keyword(Keyword::Try), .. } => () };
    let attempt = keyword.ignore_then(round).map(ExprKind::Try);
    let parameter = expression
        .clone()
        .map(Box::new)
        .delimited_by(tok!(ParameterAt), tok!(CloseBrace, "`}`"))
        .map(ExprKind::ParameterAt);
    let pair = key().then_ignore(tok!(Colon, "`:`")).then(expression.clone());
    let object = pair
        .separated_by(tok!(Semicolon))
        .allow_trailing()
        .collect()
        .delimited_by(tok!(OpenBrace), tok!(CloseBrace, "`}`"))
        .map(ExprKind::Object);
    let collection = expression
        .separated_by(tok!(Semicolon))
        .allow_trailing()
        .collect()
        .delimited_by(tok!(OpenBracket), tok!(CloseBracket, "`]`"))
        .map(ExprKind::Collection);
    choice((group, object, collection, parameter, attempt))
        .map_with(|kind, e| Expr { kind, span: span_of(e.slice()) })
        .boxed()
}

/// A word of any kind, where only a name can stand: after a dot, as a type, as a property.
pub(super) fn word<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, Name, Extra<'a, R>> + Clone {
    pick(move |token, source| match token {
        Token { kind: T::Name | T::Command(_) | T::Constant(_) | T::Keyword(_), span } => {
            Some(text_of::name(source, span))
        }
        // A name as `$` or `$4DZ` is also one of a property.
        Token { kind: T::Local, span } => Some(text_of::after(source, span, 0)),
        Token { kind: T::Integer(_), span } => Some(text_of::after(source, span, 0)),

        _ => None,
    })
    .labelled("a name")
}

fn key<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, Name, Extra<'a, R>> + Clone {
    let text = pick(move |token, source| match token {
        Token { kind: T::Text, span } => Some(Name::new(&text_of::literal(source, span))),

        _ => None,
    });
    word().or(text).labelled("a property name")
}

/// `(…)` after a name, with the places that hold something else than a value.
fn arguments<'a, R, E>(expression: E) -> Rule<'a, Vec<Argument>, R>
where
    R: Report<'a>,
    E: Parser<'a, Tokens<'a>, Expr, Extra<'a, R>> + Clone + 'a,
{
    let alone = select! {
        Token { kind: T::Star, .. } => Argument::Star,
        Token { kind: T::Greater, .. } => Argument::Greater,
        Token { kind: T::Less, .. } => Argument::Less,
        Token { kind: T::Equal, .. } => Argument::Operator(BinaryOp::Equal),
        Token { kind: T::LessOrEqual, .. } => Argument::Operator(BinaryOp::LessOrEqual),
        Token { kind: T::GreaterOrEqual, .. } => Argument::Operator(BinaryOp::GreaterOrEqual),
        Token { kind: T::Percent, .. } => Argument::Operator(BinaryOp::Modulo),
    };
    // `QUERY([T];&[T]F=1)`: the operator needs no semicolon after it.
    let joining = select! {
        Token { kind: T::Ampersand, .. } => Argument::Operator(BinaryOp::And),
        Token { kind: T::Bar, .. } => Argument::Operator(BinaryOp::Or),
        Token { kind: T::Hash, .. } => Argument::Operator(BinaryOp::NotEqual),
    };
    // `Formula(return …)` says the same as without `return`.
    let returned = select! { Token { kind: T::Keyword(Keyword::Return), .. } => () };
    let assigned = super::statement::assign_operator().then(expression.clone());
    let value = returned.or_not().ignore_then(expression).then(assigned.or_not());
    let value = value.map(|(target, assigned)| {
        let Some((operator, value)) = assigned else {
            return Argument::Value(target);
        };
        let span = target.span.to(value.span);
        let (target, value) = (Box::new(target), Box::new(value));
        Argument::Value(Expr { kind: ExprKind::Assign { target, operator, value }, span })
    });
    let argument = choice((
        value.clone().map(|value| (value, None)),
        alone.map(|argument| (argument, None)),
        joining.then(value.or_not()),
        empty().map(|()| (Argument::Omitted, None)),
    ));
    argument
        .separated_by(tok!(Semicolon, "`;`"))
        .collect::<Vec<_>>()
        .delimited_by(tok!(OpenParen), tok!(CloseParen, "`)`"))
        .map(flatten_arguments)
        .boxed()
}

/// A semicolon at the end of the list adds no argument.
fn flatten_arguments(pairs: Vec<(Argument, Option<Argument>)>) -> Vec<Argument> {
    let mut arguments = Vec::with_capacity(pairs.len());
    for (first, second) in pairs {
        arguments.push(first);
        arguments.extend(second);
    }
    if arguments.last() == Some(&Argument::Omitted) {
        arguments.pop();
    }
    arguments
}

fn operator<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, BinaryOp, Extra<'a, R>> + Clone {
    any::<Tokens<'a>, Extra<'a, R>>().try_map(|token: Token, span| {
        binary(token.kind).ok_or_else(|| {
            <R as chumsky::error::LabelError<'a, Tokens<'a>, &'static str>>::expected_found(
                ["an operator"],
                None,
                span,
            )
        })
    })
}

/// The operator a token stands for between two operands.
fn binary(kind: T) -> Option<BinaryOp> {
    Some(match kind {
        T::Plus => BinaryOp::Add,
        T::Minus => BinaryOp::Subtract,
        T::Star => BinaryOp::Multiply,
        T::Slash => BinaryOp::Divide,
        T::Backslash => BinaryOp::IntegerDivide,
        T::Percent => BinaryOp::Modulo,
        T::Caret => BinaryOp::Power,
        T::Equal => BinaryOp::Equal,
        T::Hash => BinaryOp::NotEqual,
        T::Less => BinaryOp::Less,
        T::LessOrEqual => BinaryOp::LessOrEqual,
        T::Greater => BinaryOp::Greater,
        T::GreaterOrEqual => BinaryOp::GreaterOrEqual,
        T::Ampersand => BinaryOp::And,
        T::Bar => BinaryOp::Or,
        T::CaretBar => BinaryOp::ExclusiveOr,
        T::ShiftLeft => BinaryOp::ShiftLeft,
        T::ShiftRight => BinaryOp::ShiftRight,
        T::BitSet => BinaryOp::BitSet,
        T::BitClear => BinaryOp::BitClear,
        T::BitTest => BinaryOp::BitTest,
        T::AndThen => BinaryOp::AndThen,
        T::OrElse => BinaryOp::OrElse,
        _ => return None,
    })
}
