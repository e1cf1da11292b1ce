//! The lines that only classes have: functions, properties, aliases.
//!
//! Source: Concepts/classes, ORDA/ordaClasses, ORDA/orda-events

use super::declaration::{group, signature, type_ref};
use super::expression::word;
use super::{Report, Rule, span_of, tok};
use crate::syntax::ast::{Expr, FunctionRole, Member, MemberKind, Signature};
use crate::text::Name;
use chumsky::prelude::*;

/// What follows `Function`.
pub(crate) struct FunctionTail {
    pub role: FunctionRole,
    pub name: Name,
    pub signature: Signature,
}

/// `get name(…) -> …`, `event touched name(…)`, `name(…)`
pub(super) fn function<'a, R: Report<'a>>() -> Rule<'a, FunctionTail, R> {
    let words = word().repeated().at_least(1).at_most(3).collect::<Vec<_>>();
    words
        .try_map(|words, span| {
            named(&words).ok_or_else(|| {
                <R as chumsky::error::LabelError<'a, super::Tokens<'a>, &'static str>>::expected_found(
                    ["a function name"],
                    None,
                    span,
                )
            })
        })
        .then(signature())
        .map(|((role, name), signature)| FunctionTail { role, name, signature })
        .boxed()
}

/// Words may have been joined because they are also a command's name (`Function get pointer`).
fn named(words: &[Name]) -> Option<(FunctionRole, Name)> {
    let words: Vec<&str> = words.iter().flat_map(|word| word.split_whitespace()).collect();
    let (&first, rest) = words.split_first()?;
    let role = match () {
        () if rest.is_empty() => return Some((FunctionRole::Plain, Name::new(first))),
        () if first.eq_ignore_ascii_case("get") => FunctionRole::Get,
        () if first.eq_ignore_ascii_case("set") => FunctionRole::Set,
        () if first.eq_ignore_ascii_case("query") => FunctionRole::Query,
        () if first.eq_ignore_ascii_case("orderBy") => FunctionRole::OrderBy,
        () if first.eq_ignore_ascii_case("event") => FunctionRole::Event,
        () => return None,
    };
    let most = if role == FunctionRole::Event { 2 } else { 1 };
    (rest.len() <= most).then(|| (role, Name::new(&rest.join(" "))))
}

/// `a; b : Type := value`
pub(super) fn property<'a, R: Report<'a>>(expression: Rule<'a, Expr, R>) -> Rule<'a, Vec<Member>, R> {
    let ty = tok!(Colon, "`:`").ignore_then(type_ref());
    let value = tok!(Assign, "`:=`").ignore_then(expression);
    let name = word().map_with(|name, e| (name, span_of(e.slice())));
    name.then(ty.or_not())
        .then(value.or_not())
        .separated_by(tok!(Semicolon, "`;`"))
        .at_least(1)
        .allow_trailing()
        .collect::<Vec<_>>()
        .map_with(|list, e| {
            let span = span_of(e.slice());
            let groups = group(list.into_iter().map(|((name, ty), value)| (name, ty, value)));
            let members = groups
                .into_iter()
                .map(|(names, ty, value)| Member { kind: MemberKind::Property { names, ty, value }, span });
            members.collect()
        })
        .boxed()
}

/// `name path.to.attribute`
pub(super) fn alias<'a, R: Report<'a>>() -> Rule<'a, Member, R> {
    let path = word().separated_by(tok!(Dot, "`.`")).at_least(1).collect::<Vec<_>>();
    word()
        .then(path)
        .map_with(|(name, path), e| Member {
            kind: MemberKind::Alias { exposed: false, name, path },
            span: span_of(e.slice()),
        })
        .boxed()
}
