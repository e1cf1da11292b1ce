//! Local variables: unused, never read, not declared.

use super::{NEVER_READ, UNDECLARED, UNUSED_LOCAL, tree, warning};
use crate::code::scope::{declaration_type, is_array_declaration};
use crate::syntax::ast::{
    Argument, Block, Expr, ExprKind, Signature, Statement, StatementKind, VariableScope,
};
use crate::text::{Diagnostic, Name, Severity, Span};
use rustc_hash::FxHashMap;

/// What became of one local variable.
#[derive(Default)]
struct Local {
    name: Name,
    declared: Option<Span>,
    /// Parameters and results are there for the caller.
    foreign: bool,
    /// The first place where it is used and not declared.
    first: Option<Span>,
    reads: usize,
    writes: usize,
    /// The first assignment of something that is not called for its effect.
    wasted: Option<Span>,
}

#[derive(Default)]
struct Locals {
    found: Vec<Local>,
    index: FxHashMap<Name, usize>,
    /// Texts that may name variables, as formulas and SQL do.
    texts: Vec<String>,
    declares: bool,
}

/// Looks at the locals of one body.
pub(super) fn check(signature: Option<&Signature>, block: &Block, found: &mut Vec<Diagnostic>) {
    let mut locals = Locals::default();
    signature.into_iter().for_each(|signature| locals.signature(signature));
    locals.block(block);
    let Locals { found: all, texts, declares, .. } = locals;
    for local in all {
        let numbered = local.name.parse::<u16>().is_ok() || local.name.starts_with('{');
        if !numbered && !local.foreign {
            let in_text = || {
                let name = local.name.to_lowercase();
                texts.iter().any(|text| text.contains(&name))
            };
            found.extend(judge(&local, declares, in_text));
        }
    }
}

fn judge(local: &Local, declares: bool, in_text: impl Fn() -> bool) -> Option<Diagnostic> {
    let name = &local.name;
    match (local.declared, local.first) {
        (Some(place), None) if !in_text() => Some(
            warning(UNUSED_LOCAL, place, format!("`${name}` is never used"))
                .label("declared here")
                .help("remove it from the declaration"),
        ),
        (None, Some(place)) if declares => {
            let found = warning(UNDECLARED, place, format!("`${name}` is not declared"))
                .label("first used here")
                .help(format!("declare it with `var ${name} : …`; the other variables here are declared"));
            Some(Diagnostic { severity: Severity::Note, ..found })
        }
        _ if local.reads == 0 && local.writes > 0 => {
            let place = local.wasted.filter(|_| !in_text())?;
            Some(
                warning(NEVER_READ, place, format!("the value of `${name}` is never read"))
                    .label("assigned here")
                    .help("use it, or remove the assignment"),
            )
        }
        _ => None,
    }
}

impl Locals {
    fn local(&mut self, name: &Name) -> &mut Local {
        let next = self.found.len();
        let at = *self.index.entry(name.folded()).or_insert(next);
        if at == next {
            self.found.push(Local { name: name.clone(), ..Local::default() });
        }
        &mut self.found[at]
    }

    fn declare(&mut self, name: &Name, span: Span) {
        self.declares = true;
        self.local(name).declared.get_or_insert(span);
    }

    fn signature(&mut self, signature: &Signature) {
        let result = signature.result.iter().filter_map(|r| Some((r.name.as_ref()?, r.span)));
        for (name, span) in signature.parameters.iter().map(|p| (&p.name, p.span)).chain(result) {
            self.declare(name, span);
            self.local(name).foreign = true;
        }
    }

    fn block(&mut self, block: &Block) {
        for statement in block {
            self.statement(statement);
            tree::blocks(statement).into_iter().for_each(|block| self.block(block));
        }
    }

    fn statement(&mut self, statement: &Statement) {
        match &statement.kind {
            StatementKind::Declare(signature) => self.signature(signature),
            StatementKind::Var(groups) => {
                for group in groups {
                    for variable in group.variables.iter().filter(|v| v.scope == VariableScope::Local) {
                        self.declare(&variable.name, variable.span);
                        if let Some(value) = &group.value {
                            self.write(&variable.name, variable.span, value);
                        }
                    }
                    group.value.iter().for_each(|value| self.read(value));
                }
            }
            StatementKind::Assign { target, value, .. } => {
                match &tree::bare(target).kind {
                    ExprKind::Local(name) => self.write(name, target.span, value),
                    _ => self.read(target),
                }
                self.read(value);
            }
            StatementKind::Expression(e) => self.alone(e),
            StatementKind::Sql(text) => self.texts.push(text.to_lowercase()),
            _ => tree::expressions(statement).into_iter().for_each(|e| self.read(e)),
        }
    }

    fn write(&mut self, name: &Name, span: Span, value: &Expr) {
        let wasted = !tree::calls(value);
        let local = self.local(name);
        local.writes += 1;
        local.first.get_or_insert(span);
        if wasted {
            local.wasted.get_or_insert(span);
        }
    }

    /// An expression as a statement: `C_TEXT($a)` and `ARRAY TEXT($a; 0)` declare.
    fn alone(&mut self, e: &Expr) {
        let ExprKind::Command { id, arguments: Some(arguments) } = &e.kind else { return self.read(e) };
        let array = is_array_declaration(*id);
        if declaration_type(*id).is_none() && !array {
            return self.read(e);
        }
        for (at, argument) in arguments.iter().enumerate() {
            let Argument::Value(value) = argument else { continue };
            match &value.kind {
                ExprKind::Local(name) if !array => self.declare(name, value.span),
                // An array is declared anew to be emptied; that is a use too.
                ExprKind::Local(name) if at == 0 => {
                    let local = self.local(name);
                    let first = local.declared.is_none();
                    local.declared.get_or_insert(value.span);
                    if !first {
                        local.first.get_or_insert(value.span);
                        local.reads += 1;
                    }
                }
                _ => self.read(value),
            }
        }
    }

    fn read(&mut self, e: &Expr) {
        match &e.kind {
            ExprKind::Local(name) => {
                let local = self.local(name);
                local.reads += 1;
                local.first.get_or_insert(e.span);
            }
            ExprKind::Text(text) if text.len() > 1 => self.texts.push(text.to_lowercase()),
            _ => tree::children(e).into_iter().for_each(|e| self.read(e)),
        }
    }
}
