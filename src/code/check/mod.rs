//! Advice on code that can be read: what probably was not meant. Tree in, findings out. Nothing here
//! is needed to run a program, and none of it knows types beyond those that a declaration names.
//!
//! Each kind of advice has a code that never changes its meaning; those who do not want one switch it off.

mod flow;
mod locals;
mod tree;
mod types;
mod values;

pub use types::conflicts;

use crate::syntax::ast::{Block, File, FileBody, MemberKind, Signature};
use crate::text::{Diagnostic, Severity, Source, Span};

/// A local variable is declared and not used.
pub const UNUSED_LOCAL: &str = "L0001";
/// What is assigned to a local variable is never read.
pub const NEVER_READ: &str = "L0002";
/// A local variable is not declared, in a body that declares others.
pub const UNDECLARED: &str = "L0003";
/// Code after `return`, `break` or `continue`.
pub const UNREACHABLE: &str = "L0004";
/// A case that can never run.
pub const DEAD_CASE: &str = "L0005";
/// A scalar is compared with `Null`.
pub const SCALAR_NULL: &str = "L0006";
/// A shared object or collection is written outside any `Use`.
pub const SHARED_WRITE: &str = "L0007";
/// A `;` at the end of a statement.
pub const NEEDLESS_SEMICOLON: &str = "L0008";

/// All codes of advice, each with its meaning.
pub const CODES: &[(&str, &str)] = &[
    (UNUSED_LOCAL, "a local variable is never used"),
    (NEVER_READ, "the value of a local variable is never read"),
    (UNDECLARED, "a local variable is not declared, though others are"),
    (UNREACHABLE, "code after a return, break or continue"),
    (DEAD_CASE, "a case that can never run"),
    (SCALAR_NULL, "a scalar compared with Null"),
    (SHARED_WRITE, "a shared object written outside Use"),
    (NEEDLESS_SEMICOLON, "a semicolon at the end of a statement"),
];

/// All advice on a file without errors, in order of place.
#[must_use]
pub fn advice(source: &Source, file: &File) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    match &file.body {
        FileBody::Method(block) => body(source, None, block, &mut found),
        FileBody::Class(class) => {
            for member in &class.members {
                if let MemberKind::Function(function) | MemberKind::Constructor(function) = &member.kind {
                    body(source, Some(&function.signature), &function.body, &mut found);
                }
            }
        }
    }
    found.sort_by_key(|finding: &Diagnostic| (finding.span.start, finding.code));
    found
}

fn body(source: &Source, signature: Option<&Signature>, block: &Block, found: &mut Vec<Diagnostic>) {
    locals::check(signature, block, found);
    flow::check(source, block, found);
    values::check(signature, block, found);
}

fn warning(code: &'static str, span: Span, message: impl Into<String>) -> Diagnostic {
    Diagnostic { severity: Severity::Warning, ..Diagnostic::error(code, span, message) }
}
