//! Comparisons with `Null` that are never true, and shared objects that are written without a lock.

use super::{SCALAR_NULL, SHARED_WRITE, tree, warning};
use crate::catalog::CommandId;
use crate::code::scope::{command, declaration_type, type_of};
use crate::syntax::ast::{
    Argument, BinaryOp, Block, Expr, ExprKind, Signature, Statement, StatementKind as S, StepKind,
};
use crate::text::{Diagnostic, Name};
use crate::value::Type;
use rustc_hash::FxHashMap;

const NEW_SHARED_OBJECT: CommandId = CommandId(1526);
const NEW_SHARED_COLLECTION: CommandId = CommandId(1527);

#[derive(Default)]
struct Known {
    /// Declared types, by folded name; `None` if two declarations differ.
    types: FxHashMap<Name, Option<Type>>,
    /// Whether all that is assigned to a local is a new shared object or collection.
    shared: FxHashMap<Name, bool>,
}

pub(super) fn check(signature: Option<&Signature>, block: &Block, found: &mut Vec<Diagnostic>) {
    let mut known = Known::default();
    signature.into_iter().for_each(|signature| known.signature(signature));
    known.learn(block);
    known.judge(block, false, found);
}

impl Known {
    fn declare(&mut self, name: &Name, ty: Type) {
        let known = self.types.entry(name.folded()).or_insert(Some(ty));
        if *known != Some(ty) {
            *known = None;
        }
    }

    fn signature(&mut self, signature: &Signature) {
        for parameter in &signature.parameters {
            self.declare(&parameter.name, type_of(parameter.ty.as_ref()).0);
            self.assigned(&parameter.name, None);
        }
    }

    fn assigned(&mut self, name: &Name, value: Option<&Expr>) {
        let shared = value.is_some_and(|value| {
            let new = [NEW_SHARED_OBJECT, NEW_SHARED_COLLECTION];
            matches!(&tree::bare(value).kind, ExprKind::Command { id, .. } if new.contains(id))
        });
        let known = self.shared.entry(name.folded()).or_insert(shared);
        *known &= shared;
    }

    fn learn(&mut self, block: &Block) {
        for statement in block {
            match &statement.kind {
                S::Declare(signature) => self.signature(signature),
                S::Var(groups) => {
                    for group in groups {
                        let ty = type_of(group.ty.as_ref()).0;
                        for variable in &group.variables {
                            self.declare(&variable.name, ty);
                            if group.value.is_some() {
                                self.assigned(&variable.name, group.value.as_ref());
                            }
                        }
                    }
                }
                S::Assign { target, value, .. } => {
                    if let ExprKind::Local(name) = &tree::bare(target).kind {
                        self.assigned(name, Some(value));
                    }
                }
                S::ForEach(of) => {
                    if let ExprKind::Local(name) = &of.item.kind {
                        self.assigned(name, None);
                    }
                }
                S::Expression(Expr {
                    kind: ExprKind::Command { id, arguments: Some(arguments) }, ..
                }) => {
                    self.command(*id, arguments);
                }
                _ => {}
            }
            tree::blocks(statement).into_iter().for_each(|block| self.learn(block));
        }
    }

    /// `C_TEXT($a)` declares; any other command may put something else into a variable.
    fn command(&mut self, id: CommandId, arguments: &[Argument]) {
        let ty = declaration_type(id);
        for argument in arguments {
            let Argument::Value(Expr { kind: ExprKind::Local(name), .. }) = argument else { continue };
            match ty {
                Some(ty) => self.declare(name, ty),
                None => self.assigned(name, None),
            }
        }
    }

    fn judge(&self, block: &Block, locked: bool, found: &mut Vec<Diagnostic>) {
        for statement in block {
            tree::expressions(statement).into_iter().for_each(|e| self.comparisons(e, found));
            if !locked {
                self.shared_write(statement, found);
            }
            let locked = locked || matches!(statement.kind, S::Use { .. });
            tree::blocks(statement).into_iter().for_each(|block| self.judge(block, locked, found));
        }
    }

    fn shared_write(&self, statement: &Statement, found: &mut Vec<Diagnostic>) {
        let S::Assign { target, .. } = &statement.kind else { return };
        let ExprKind::Postfix { base, steps } = &target.kind else { return };
        let ExprKind::Local(name) = &base.kind else { return };
        // What lies deeper belongs to the same group, but may have come from elsewhere.
        let direct = steps.len() == 1 && matches!(steps[0].kind, StepKind::Member(_) | StepKind::Index(_));
        if direct && self.shared.get(&name.folded()) == Some(&true) {
            found.push(
                warning(
                    SHARED_WRITE,
                    target.span,
                    format!("`${name}` is shared and is written outside `Use`"),
                )
                .label("not locked here")
                .help(format!("write it between `Use (${name})` and `End use`")),
            );
        }
    }

    fn comparisons(&self, e: &Expr, found: &mut Vec<Diagnostic>) {
        if let ExprKind::Chain { first, rest } = &e.kind
            && let Some((BinaryOp::Equal | BinaryOp::NotEqual, second)) = rest.first()
        {
            let scalar = match (is_null(first), is_null(second)) {
                (true, false) => self.scalar(second),
                (false, true) => self.scalar(first),
                _ => None,
            };
            if let Some((what, ty)) = scalar {
                let span = first.span.to(second.span);
                found.push(
                    warning(SCALAR_NULL, span, format!("{what} is never `Null`"))
                        .label(format!("compares {ty} with `Null`"))
                        .help("compare it with its empty value, as `\"\"`, `0` or `!00-00-00!`"),
                );
            }
        }
        tree::children(e).into_iter().for_each(|e| self.comparisons(e, found));
    }

    fn scalar(&self, e: &Expr) -> Option<(String, &'static str)> {
        let e = tree::bare(e);
        match &e.kind {
            ExprKind::Text(_) => Some(("a text".to_owned(), "a text")),
            ExprKind::Integer(_) | ExprKind::Real(_) => Some(("a number".to_owned(), "a number")),
            ExprKind::Local(name) => {
                let ty = match (*self.types.get(&name.folded())?)? {
                    Type::Text => "a text",
                    Type::Integer | Type::Real => "a number",
                    Type::Boolean => "a Boolean",
                    Type::Date => "a date",
                    Type::Time => "a time",
                    _ => return None,
                };
                Some((format!("`${name}`"), ty))
            }
            _ => None,
        }
    }
}

fn is_null(e: &Expr) -> bool {
    matches!(tree::bare(e).kind, ExprKind::Command { id: command::NULL, .. })
}
