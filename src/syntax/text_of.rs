//! From the place of a token to what it says: names without their marks, texts without escapes.

use crate::text::{Name, Span};

fn cut(source: &str, span: Span) -> &str {
    source.get(span.range()).unwrap_or_default()
}

/// A token suffix (`:C16`, `:K8:3`, `:5`) says what a name means and is not part of it.
fn without_suffix(text: &str) -> &str {
    // Suffixes end with a digit, and few names do.
    if !text.as_bytes().last().is_some_and(u8::is_ascii_digit) {
        return text;
    }
    match text.find(':') {
        // Where there is no name, the number is all that tells one from another.
        None | Some(0) => text,
        Some(colon) => text[..colon].trim_end(),
    }
}

/// A name as written, without a token suffix.
pub(super) fn name(source: &str, span: Span) -> Name {
    Name::new(without_suffix(cut(source, span)))
}

/// A name without its first `skip` bytes (`$`, `<>`).
pub(super) fn after(source: &str, span: Span, skip: usize) -> Name {
    Name::new(cut(source, span).get(skip..).unwrap_or_default())
}

/// The parts of `[Table]` or `[Table]Field`.
pub(super) fn field(source: &str, span: Span) -> (Name, Name) {
    let text = cut(source, span);
    let text = text.strip_prefix('[').unwrap_or(text);
    let (table, field) = text.split_once(']').unwrap_or((text, ""));
    (Name::new(without_suffix(table).trim_start()), Name::new(without_suffix(field).trim_start()))
}

/// The content of `"…"`, escapes resolved. A backslash before any other character stays
/// (`Source: Concepts/string`).
pub(super) fn literal(source: &str, span: Span) -> Box<str> {
    let text = cut(source, span);
    let text = text.strip_prefix('"').unwrap_or(text);
    let text = text.strip_suffix('"').unwrap_or(text);
    if !text.contains('\\') {
        return text.into();
    }
    let mut out = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(c) = rest.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match rest.next() {
            Some('n' | 'N') => out.push('\n'),
            Some('r' | 'R') => out.push('\r'),
            Some('t' | 'T') => out.push('\t'),
            Some(c @ ('\\' | '"')) => out.push(c),
            Some(c) => {
                out.push('\\');
                out.push(c);
            }
            None => out.push('\\'),
        }
    }
    out.into()
}
