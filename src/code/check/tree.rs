//! The ways through a tree that the checks share.

use crate::syntax::ast::{Argument, Block, Expr, ExprKind, Statement, StatementKind as S, Step, StepKind};

/// The blocks inside a statement.
pub(super) fn blocks(statement: &Statement) -> Vec<&Block> {
    match &statement.kind {
        S::If { then, otherwise, .. } => [then].into_iter().chain(otherwise).collect(),
        S::Case { branches, otherwise } => branches.iter().map(|b| &b.body).chain(otherwise).collect(),
        S::While { body, .. } | S::Repeat { body, .. } | S::Use { body, .. } => vec![body],
        S::Try { body, catch } => [body].into_iter().chain(catch).collect(),
        S::For(of) => vec![&of.body],
        S::ForEach(of) => vec![&of.body],
        _ => Vec::new(),
    }
}

/// The expressions of a statement itself, not of the blocks inside it.
pub(super) fn expressions(statement: &Statement) -> Vec<&Expr> {
    match &statement.kind {
        S::Var(groups) => groups.iter().filter_map(|group| group.value.as_ref()).collect(),
        S::Assign { target, value, .. } => vec![target, value],
        S::Expression(e) => vec![e],
        S::If { condition, .. } | S::While { condition, .. } => vec![condition],
        S::Case { branches, .. } => branches.iter().map(|branch| &branch.condition).collect(),
        S::Repeat { until, .. } => vec![until],
        S::For(of) => [&of.counter, &of.from, &of.to].into_iter().chain(&of.step).collect(),
        S::ForEach(of) => {
            let bounds = of.begin.iter().chain(&of.end);
            [&of.item, &of.over]
                .into_iter()
                .chain(bounds)
                .chain(of.condition.iter().map(|(_, e)| e))
                .collect()
        }
        S::Use { object, .. } => vec![object],
        S::Return(value) => value.iter().collect(),
        _ => Vec::new(),
    }
}

/// The expressions right inside an expression.
pub(super) fn children(e: &Expr) -> Vec<&Expr> {
    match &e.kind {
        ExprKind::Call { arguments, .. } => values(arguments).collect(),
        ExprKind::Command { arguments, .. } => values(arguments.as_deref().unwrap_or_default()).collect(),
        ExprKind::ParameterAt(e) | ExprKind::Group(e) | ExprKind::Try(e) | ExprKind::AddressOf(e) => vec![e],
        ExprKind::Unary { operand, .. } => vec![operand],
        ExprKind::Object(members) => members.iter().map(|(_, e)| e).collect(),
        ExprKind::Collection(items) => items.iter().collect(),
        ExprKind::Chain { first, rest } => {
            [&**first].into_iter().chain(rest.iter().map(|(_, e)| e)).collect()
        }
        ExprKind::Postfix { base, steps } => {
            [&**base].into_iter().chain(steps.iter().flat_map(inside)).collect()
        }
        ExprKind::Assign { target, value, .. } => vec![target, value],
        ExprKind::Ternary { condition, then, otherwise } => vec![condition, then, otherwise],
        _ => Vec::new(),
    }
}

fn inside(step: &Step) -> Vec<&Expr> {
    match &step.kind {
        StepKind::Method(_, arguments) | StepKind::Call(arguments) => values(arguments).collect(),
        StepKind::Index(e) | StepKind::Element(e) | StepKind::Character(e) => vec![e],
        StepKind::Member(_) | StepKind::Dereference => Vec::new(),
    }
}

fn values(arguments: &[Argument]) -> impl Iterator<Item = &Expr> {
    arguments.iter().filter_map(|argument| match argument {
        Argument::Value(e) => Some(e),
        _ => None,
    })
}

/// Whether an expression holds a call: of a method, of a function, of a command.
pub(super) fn calls(e: &Expr) -> bool {
    let itself = match &e.kind {
        // A bare name may be a method.
        ExprKind::Call { .. } | ExprKind::Command { .. } | ExprKind::Name(_) | ExprKind::Try(_) => true,
        ExprKind::Postfix { steps, .. } => steps
            .iter()
            .any(|step| matches!(step.kind, StepKind::Method(..) | StepKind::Call(_) | StepKind::Member(_))),
        _ => false,
    };
    itself || children(e).into_iter().any(calls)
}

/// The expression without brackets around it.
pub(super) fn bare(e: &Expr) -> &Expr {
    match &e.kind {
        ExprKind::Group(inner) => bare(inner),
        _ => e,
    }
}
