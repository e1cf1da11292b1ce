//! How known names are written.

use super::Suffixes;
use crate::catalog::{CommandId, ConstantId};
use crate::syntax::token::{Keyword as K, Token, TokenKind as T};
use crate::syntax::{KnownNames, tokenize};

/// Writes a token: keywords, commands and constants in their own spelling, all else as it stands.
pub(super) fn write(out: &mut String, token: &Token, text: &str, known: &dyn KnownNames, suffixes: Suffixes) {
    match token.kind {
        T::Keyword(keyword) => out.push_str(spelled(keyword)),
        T::Command(id) => command(out, id, text, known, suffixes),
        T::Constant(id) => constant(out, id, text, known, suffixes),
        _ => out.push_str(text),
    }
}

fn spelled(keyword: K) -> &'static str {
    match keyword {
        K::If => "If",
        K::Else => "Else",
        K::EndIf => "End if",
        K::CaseOf => "Case of",
        K::EndCase => "End case",
        K::While => "While",
        K::EndWhile => "End while",
        K::Repeat => "Repeat",
        K::Until => "Until",
        K::For => "For",
        K::EndFor => "End for",
        K::ForEach => "For each",
        K::EndForEach => "End for each",
        K::Use => "Use",
        K::EndUse => "End use",
        K::Try => "Try",
        K::Catch => "Catch",
        K::EndTry => "End try",
        K::Return => "return",
        K::Break => "break",
        K::Continue => "continue",
        K::BeginSql => "Begin SQL",
        K::EndSql => "End SQL",
        K::Var => "var",
        K::Declare => "#DECLARE",
        K::Property => "property",
        K::Function => "Function",
        K::ClassConstructor => "Class constructor",
        K::ClassExtends => "Class extends",
        K::Alias => "Alias",
    }
}

/// Name and suffix of a token's text.
fn parts(text: &str) -> (&str, &str) {
    text.find(':').map_or((text, ""), |at| text.split_at(at))
}

fn command(out: &mut String, id: CommandId, text: &str, known: &dyn KnownNames, suffixes: Suffixes) {
    let info = id.info();
    let (written, suffix) = parts(text);
    let mut names = std::iter::once(info.name).chain(info.aliases.iter().copied());
    // An older name stays; what the table does not know is left to its number.
    let name = names.find(|name| same(name, written)).unwrap_or(written);
    out.push_str(name);
    match suffixes {
        Suffixes::Keep => out.push_str(suffix),
        Suffixes::Strip if suffix.is_empty() => {}
        Suffixes::Strip => {
            if alone(name, known) == Some(T::Command(id)) {
                return;
            }
            if alone(info.name, known) == Some(T::Command(id)) {
                out.truncate(out.len() - name.len());
                out.push_str(info.name);
            } else {
                out.push_str(suffix);
            }
        }
        Suffixes::Add if suffix.is_empty() => out.push_str(&format!(":C{}", id.0)),
        Suffixes::Add => out.push_str(suffix),
    }
}

fn constant(out: &mut String, id: ConstantId, text: &str, known: &dyn KnownNames, suffixes: Suffixes) {
    let info = id.info();
    let (written, suffix) = parts(text);
    let name = if same(info.name, written) { info.name } else { written };
    out.push_str(name);
    match (suffixes, info.token) {
        (Suffixes::Strip, _) if !suffix.is_empty() && alone(name, known) == Some(T::Constant(id)) => {}
        (Suffixes::Add, Some((theme, number))) if suffix.is_empty() => {
            out.push_str(&format!(":K{theme}:{number}"));
        }
        _ => out.push_str(suffix),
    }
}

/// Whether they are the same but for case and the width of blanks.
fn same(name: &str, written: &str) -> bool {
    let mut words = (name.split(' '), written.split_whitespace());
    loop {
        match (words.0.next(), words.1.next()) {
            (None, None) => return true,
            (Some(one), Some(two)) if one.eq_ignore_ascii_case(two) => {}
            _ => return false,
        }
    }
}

/// What a name is read as by itself.
fn alone(name: &str, known: &dyn KnownNames) -> Option<T> {
    let tokens = tokenize(name, known, &mut Vec::new());
    match tokens.as_slice() {
        [token, end] if end.kind == T::LineEnd && catalog_name(token.kind) => Some(token.kind),
        _ => None,
    }
}

fn catalog_name(kind: T) -> bool {
    matches!(kind, T::Command(_) | T::Constant(_))
}
