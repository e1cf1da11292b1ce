//! Assignments whose value can be seen to be of another type than the variable was declared with.
//! Only what a literal or a command says of itself counts. `Source: API/MethodClass (.checkSyntax())`

use super::tree;
use crate::code::scope::{declaration_type, inferred, type_of};
use crate::syntax::ast::{
    Argument, AssignOp, Block, Expr, ExprKind, File, FileBody, MemberKind, Signature, Statement,
    StatementKind as S,
};
use crate::text::{Diagnostic, Name};
use crate::value::Type;
use rustc_hash::FxHashMap;

/// What a variable is declared as and what it is given cannot be the same.
const CONFLICT: &str = "E0090";

/// All assignments in a file that its declarations contradict.
#[must_use]
pub fn conflicts(file: &File) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    match &file.body {
        FileBody::Method(block) => body(None, block, &mut found),
        FileBody::Class(class) => {
            for member in &class.members {
                if let MemberKind::Function(function) | MemberKind::Constructor(function) = &member.kind {
                    body(Some(&function.signature), &function.body, &mut found);
                }
            }
        }
    }
    found
}

fn body(signature: Option<&Signature>, block: &Block, found: &mut Vec<Diagnostic>) {
    let mut declared = Declared::default();
    signature.into_iter().for_each(|signature| declared.signature(signature));
    declared.learn(block);
    declared.judge(block, found);
}

/// Declared types by folded name.
#[derive(Default)]
struct Declared(FxHashMap<Name, Type>);

impl Declared {
    /// What is declared twice, with two types, says nothing here.
    fn declare(&mut self, name: &Name, ty: Type) {
        let known = self.0.entry(name.folded()).or_insert(ty);
        if *known != ty {
            *known = Type::Variant;
        }
    }

    fn signature(&mut self, signature: &Signature) {
        for parameter in &signature.parameters {
            self.declare(&parameter.name, type_of(parameter.ty.as_ref()).0);
        }
    }

    fn learn(&mut self, block: &Block) {
        for statement in block {
            match &statement.kind {
                S::Declare(signature) => self.signature(signature),
                S::Var(groups) => {
                    for group in groups {
                        let ty = match (&group.ty, &group.value) {
                            (None, Some(value)) => inferred(value),
                            (ty, _) => type_of(ty.as_ref()).0,
                        };
                        group.variables.iter().for_each(|variable| self.declare(&variable.name, ty));
                    }
                }
                S::Expression(Expr {
                    kind: ExprKind::Command { id, arguments: Some(arguments) }, ..
                }) => {
                    let Some(ty) = declaration_type(*id) else { continue };
                    for argument in arguments {
                        if let Argument::Value(Expr { kind: ExprKind::Local(name), .. }) = argument {
                            self.declare(name, ty);
                        }
                    }
                }
                _ => {}
            }
            tree::blocks(statement).into_iter().for_each(|block| self.learn(block));
        }
    }

    fn judge(&self, block: &Block, found: &mut Vec<Diagnostic>) {
        for statement in block {
            self.assignment(statement, found);
            tree::blocks(statement).into_iter().for_each(|block| self.judge(block, found));
        }
    }

    fn assignment(&self, statement: &Statement, found: &mut Vec<Diagnostic>) {
        let S::Assign { target, operator: AssignOp::Set, value } = &statement.kind else { return };
        let ExprKind::Local(name) = &target.kind else { return };
        let Some(ty) = self.0.get(&name.folded()) else { return };
        let given = given(value);
        if fits(*ty, given) {
            return;
        }
        let message = format!("`${name}` is declared {} and is assigned {}", ty.name(), given.name());
        found.push(Diagnostic::error(CONFLICT, value.span, message));
    }
}

/// The type that a value says of itself; Variant where it says nothing.
fn given(value: &Expr) -> Type {
    match &tree::bare(value).kind {
        ExprKind::Command { id, .. } => match id.info().returns {
            ["Text"] => Type::Text,
            ["Integer"] => Type::Integer,
            ["Real"] => Type::Real,
            ["Boolean"] => Type::Boolean,
            ["Date"] => Type::Date,
            ["Time"] => Type::Time,
            ["Collection"] => Type::Collection,
            ["Object"] => Type::Object,
            _ => Type::Variant,
        },
        _ => inferred(value),
    }
}

/// Numbers and times go together; everything else only with its own kind.
fn fits(declared: Type, given: Type) -> bool {
    let number = |ty| matches!(ty, Type::Integer | Type::Real | Type::Time);
    let open = |ty| matches!(ty, Type::Variant | Type::Pointer | Type::Picture | Type::Blob);
    declared == given || open(declared) || open(given) || number(declared) && number(given)
}
