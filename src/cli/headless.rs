//! What a source text asks for that fourd does not have: a screen, the record engine, plug-ins.

use fourd::catalog::Needs;
use fourd::command;
use fourd::syntax::codes;
use fourd::syntax::token::{Token, TokenKind};
use fourd::text::{Diagnostic, Severity};
use std::collections::HashMap;

/// A finding for each such command and table. As notes they are told once in a file, with their number.
pub(super) fn findings(source: &str, tokens: &[Token], severity: Severity) -> Vec<Diagnostic> {
    let mut found: Vec<Diagnostic> = Vec::new();
    let mut known: HashMap<&str, (usize, usize)> = HashMap::new();
    for token in tokens {
        let Some((what, needs)) = needed(source, token) else { continue };
        let lack = match needs {
            Needs::Core => continue,
            Needs::Ui => "a screen",
            Needs::Db => "the classic record engine",
            Needs::Plugin => "a plug-in",
        };
        if severity == Severity::Note
            && let Some((first, times)) = known.get_mut(what)
        {
            *times += 1;
            found[*first].label = format!("needs {lack}, here and {times} times more in this file");
            continue;
        }
        known.insert(what, (found.len(), 0));
        let message = format!("`{what}` needs {lack}: it raises error 1 when it is reached");
        let finding = Diagnostic::error(codes::HEADLESS, token.span, message).label(format!("needs {lack}"));
        found.push(Diagnostic { severity, ..finding });
    }
    found
}

/// What a token names and what that cannot do without.
fn needed<'a>(source: &'a str, token: &Token) -> Option<(&'a str, Needs)> {
    match token.kind {
        TokenKind::Command(id) if command::describe(id.0).is_none() => {
            Some((id.info().name, id.info().needs))
        }
        TokenKind::Field => {
            let written = source.get(token.span.range()).unwrap_or_default();
            Some((written.find(']').map_or(written, |end| &written[..=end]), Needs::Db))
        }
        _ => None,
    }
}
