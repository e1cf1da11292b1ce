//! Code as text, for `fourd dump --code`: each statement's line, then its operations.

use super::program::Code;
use std::fmt::Write;

/// Lists a code and the formulas in it.
#[must_use]
pub fn listing(code: &Code) -> String {
    let mut out = String::new();
    list(code, &mut out);
    out
}

fn list(code: &Code, out: &mut String) {
    let _ =
        writeln!(out, "{} ({} registers, {} parameters)", code.name, code.registers, code.parameters.len());
    for (name, reg) in &code.locals {
        let _ = writeln!(out, "  R[{reg}] = ${name}");
    }
    for (at, constant) in code.constants.iter().enumerate() {
        let _ = writeln!(out, "  K[{at}] = {constant:?}");
    }
    for (at, site) in code.sites.iter().enumerate() {
        let _ = writeln!(out, "  S[{at}] = .{}", site.name);
    }
    let mut statements = code.statements.iter().peekable();
    for (pc, op) in code.ops.iter().enumerate() {
        while let Some(statement) = statements.next_if(|s| s.pc as usize <= pc) {
            let text = code.source.line(statement.line).trim();
            let _ = writeln!(out, "{:>5}: {text}", statement.line);
        }
        let _ = writeln!(out, "        {pc:>4} {op:?}");
    }
    for nested in &code.nested {
        list(nested, out);
    }
}
