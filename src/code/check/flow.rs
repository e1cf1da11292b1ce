//! Code that is never reached, and lines that end with `;`.

use super::{DEAD_CASE, NEEDLESS_SEMICOLON, UNREACHABLE, tree, warning};
use crate::code::scope::command;
use crate::syntax::ast::{Block, CaseBranch, Expr, ExprKind, Statement, StatementKind as S};
use crate::text::{Diagnostic, Source, Span};

pub(super) fn check(source: &Source, block: &Block, found: &mut Vec<Diagnostic>) {
    let mut left: Option<&Statement> = None;
    for statement in block {
        if let Some(leaving) = left.take() {
            found.push(
                warning(UNREACHABLE, statement.span, "this line is never reached")
                    .label("never runs")
                    .also(leaving.span, "execution leaves here")
                    .help("remove what follows, or put a condition around what leaves"),
            );
            break;
        }
        if leaves(statement) {
            left = Some(statement);
        }
        if let S::Case { branches, .. } = &statement.kind {
            cases(source, branches, found);
        }
        if let S::Expression(_) | S::Assign { .. } = &statement.kind {
            semicolon(source, statement, found);
        }
    }
    for inner in block.iter().flat_map(tree::blocks) {
        check(source, inner, found);
    }
}

/// Whether nothing that follows in the same block can run.
fn leaves(statement: &Statement) -> bool {
    let ends = |block: &Block| block.last().is_some_and(leaves);
    match &statement.kind {
        S::Return(_) | S::Break | S::Continue => true,
        S::If { then, otherwise: Some(otherwise), .. } => ends(then) && ends(otherwise),
        S::Case { branches, otherwise: Some(otherwise) } => {
            branches.iter().all(|branch| ends(&branch.body)) && ends(otherwise)
        }
        _ => false,
    }
}

fn cases(source: &Source, branches: &[CaseBranch], found: &mut Vec<Diagnostic>) {
    let text = |e: &Expr| source.text().get(e.span.range()).unwrap_or_default();
    for (at, branch) in branches.iter().enumerate() {
        let before = &branches[..at];
        let always = before.iter().find(|b| is_true(&b.condition));
        let same = || {
            let mut before = before.iter();
            before.find(|b| !tree::calls(&b.condition) && text(&b.condition) == text(&branch.condition))
        };
        let Some(taken) = always.or_else(same) else { continue };
        let why = if always.is_some() { "this is always true" } else { "the same condition" };
        found.push(
            warning(DEAD_CASE, branch.condition.span, "this case can never run")
                .label("never looked at, or never true")
                .also(taken.condition.span, why)
                .help("only the first case that is true runs"),
        );
        if always.is_some() {
            break;
        }
    }
}

fn is_true(condition: &Expr) -> bool {
    matches!(&tree::bare(condition).kind, ExprKind::Command { id: command::TRUE, .. })
}

fn semicolon(source: &Source, statement: &Statement, found: &mut Vec<Diagnostic>) {
    if source.text().get(statement.span.range()).is_some_and(|text| text.ends_with(';')) {
        let end = statement.span.end;
        found.push(
            warning(NEEDLESS_SEMICOLON, Span::new(end - 1, end), "this `;` says nothing")
                .label("remove this")
                .help("`;` stands between arguments; the end of the line ends the statement"),
        );
    }
}
