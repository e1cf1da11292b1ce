//! Types, `var`, and the parameters and results of methods and functions.
//!
//! Source: Concepts/variables, Concepts/parameters

use super::expression::word;
use super::{Extra, Report, Rule, Tokens, pick, span_of, tok};
use crate::syntax::ast::{
    Expr, Parameter, ResultDeclaration, Signature, TypeRef, VarGroup, Variable, VariableScope,
};
use crate::syntax::text_of;
use crate::syntax::token::{Token, TokenKind as T};
use crate::text::{Name, Span};
use chumsky::prelude::*;

/// `Text`, `4D.File`, `cs.Component.Person`
pub(super) fn type_ref<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, TypeRef, Extra<'a, R>> + Clone {
    word()
        .separated_by(tok!(Dot))
        .at_least(1)
        .collect()
        .map_with(|path, e| TypeRef { path, span: span_of(e.slice()) })
        .labelled("a type")
}

fn typed<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, TypeRef, Extra<'a, R>> + Clone {
    tok!(Colon, "`:`").ignore_then(type_ref())
}

/// `a; b : Type := value` and more such groups.
pub(super) fn variables<'a, R: Report<'a>>(expression: Rule<'a, Expr, R>) -> Rule<'a, Vec<VarGroup>, R> {
    let value = tok!(Assign, "`:=`").ignore_then(expression);
    // `a; b : Type; c` is two groups: a group ends with its type or value.
    let variable = choice((variable(), numbered())).then(typed().or_not()).then(value.or_not());
    variable
        .separated_by(tok!(Semicolon, "`;`"))
        .at_least(1)
        .allow_trailing()
        .collect::<Vec<_>>()
        .map(|list| {
            let list = list.into_iter().map(|((variable, ty), value)| (variable, ty, value));
            let groups = group(list).into_iter();
            groups.map(|(variables, ty, value)| VarGroup { variables, ty, value }).collect()
        })
        .boxed()
}

/// Names, their type, and what they begin with.
pub(super) type Group<N> = (Vec<N>, Option<TypeRef>, Option<Expr>);

/// Joins each item to the following ones up to the first that says a type or a value.
pub(super) fn group<N>(list: impl Iterator<Item = (N, Option<TypeRef>, Option<Expr>)>) -> Vec<Group<N>> {
    let mut groups = Vec::new();
    let mut open = Vec::new();
    for (name, ty, value) in list {
        open.push(name);
        if ty.is_some() || value.is_some() {
            groups.push((std::mem::take(&mut open), ty, value));
        }
    }
    if !open.is_empty() {
        groups.push((open, None, None));
    }
    groups
}

fn variable<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, Variable, Extra<'a, R>> + Clone {
    let make = |scope, name, span| Variable { scope, name, span };
    pick(move |token, source| match token {
        Token { kind: T::Local, span } => {
            Some(make(VariableScope::Local, text_of::after(source, span, 1), span))
        }
        Token { kind: T::Interprocess, span } => {
            Some(make(VariableScope::Interprocess, text_of::after(source, span, 2), span))
        }
        Token { kind: T::Name | T::Command(_) | T::Constant(_) | T::Keyword(_), span } => {
            Some(make(VariableScope::Process, text_of::name(source, span), span))
        }

        _ => None,
    })
    .labelled("a variable")
}

/// `${2}`: the parameters from the second on. The name is as written.
fn numbered<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, Variable, Extra<'a, R>> + Clone {
    let number = select! { Token { kind: T::Integer(_), .. } => () };
    number.delimited_by(tok!(ParameterAt), tok!(CloseBrace, "`}`")).map_with(|(), e: &mut chumsky::input::MapExtra<'a, '_, Tokens<'a>, Extra<'a, R>>| {
        let span = span_of(e.slice());
        Variable { scope: VariableScope::Local, name: text_of::after(e.state().0, span, 1), span }
    })
}

/// `$name` or, as some write it, `name`.
fn parameter_name<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, (Name, Span), Extra<'a, R>> + Clone {
    pick(move |token, source| match token {
        Token { kind: T::Local, span } => Some((text_of::after(source, span, 1), span)),
        Token { kind: T::Name | T::Command(_) | T::Constant(_) | T::Keyword(_), span } => {
            Some((text_of::name(source, span), span))
        }

        _ => None,
    })
    .labelled("a parameter")
}

/// `(a : Type; …) -> result : Type`; every part may be left out.
pub(super) fn signature<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, Signature, Extra<'a, R>> + Clone {
    let parameter = parameter_name()
        .then(typed().or_not())
        .map_with(|((name, _), ty), e| Item::Parameter(Parameter { name, ty, span: span_of(e.slice()) }));
    let variadic = tok!(Ellipsis).ignore_then(typed().or_not()).map(Item::Variadic);
    let item = choice((parameter, variadic));
    let list = item
        .separated_by(tok!(Semicolon, "`;`"))
        .allow_trailing()
        .collect::<Vec<_>>()
        .delimited_by(tok!(OpenParen, "`(`"), tok!(CloseParen, "`)`"));
    list.or_not().then(result().or_not()).try_map(|(items, result), span| {
        let mut signature = Signature { result, ..Signature::default() };
        for item in items.unwrap_or_default() {
            if signature.variadic.is_some() {
                // `...` is the last parameter.
                return Err(<R as chumsky::error::LabelError<'a, Tokens<'a>, &'static str>>::expected_found(
                    ["`...` at the end of the list"],
                    None,
                    span,
                ));
            }
            match item {
                Item::Parameter(parameter) => signature.parameters.push(parameter),
                Item::Variadic(ty) => signature.variadic = Some(ty),
            }
        }
        Ok(signature)
    })
}

#[derive(Clone)]
enum Item {
    Parameter(Parameter),
    Variadic(Option<TypeRef>),
}

/// `-> $name : Type` or `: Type`
fn result<'a, R: Report<'a>>() -> impl Parser<'a, Tokens<'a>, ResultDeclaration, Extra<'a, R>> + Clone {
    let named = tok!(Arrow, "`->`").ignore_then(parameter_name()).then(typed().or_not());
    let named = named.map(|((name, _), ty)| (Some(name), ty));
    let unnamed = typed().map(|ty| (None, Some(ty)));
    choice((named, unnamed)).map_with(|(name, ty), e| ResultDeclaration {
        name,
        ty,
        span: span_of(e.slice()),
    })
}
