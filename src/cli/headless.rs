//! What a source text asks for that fourd does not have: a screen, the record engine, plug-ins.

use fourd::catalog::Needs;
use fourd::command;
use fourd::syntax::codes;
use fourd::syntax::token::{Token, TokenKind};
use fourd::text::{Diagnostic, Severity};

/// A finding for each such command and field.
pub(super) fn findings(source: &str, tokens: &[Token], severity: Severity) -> Vec<Diagnostic> {
    let found = tokens.iter().filter_map(|token| {
        let written = source.get(token.span.range()).unwrap_or_default();
        let (what, why) = match token.kind {
            TokenKind::Command(id) if command::describe(id.0).is_none() => (id.info().name, id.info().needs),
            TokenKind::Field => (written, Needs::Db),
            _ => return None,
        };
        let lack = match why {
            Needs::Core => return None,
            Needs::Ui => "a screen",
            Needs::Db => "the classic record engine",
            Needs::Plugin => "a plug-in",
        };
        let message = format!("`{what}` needs {lack}: it raises error 1 when it is reached");
        let finding = Diagnostic::error(codes::HEADLESS, token.span, message).label(format!("needs {lack}"));
        Some(Diagnostic { severity, ..finding })
    });
    found.collect()
}
