//! The whole way from a source text to its tree.

use super::ast::{self, FileBody};
use super::classes::ClassBuilder;
use super::lines::{Line, LineParser, place};
use super::token::{Keyword, Token, TokenKind as T};
use super::{KnownNames, blocks, codes, tokenize};
use crate::text::{Diagnostic, Source, Span};

/// A file's tree, and all that was wrong with its text, in order of place.
#[derive(Debug)]
pub struct Parsed {
    pub file: ast::File,
    pub diagnostics: Vec<Diagnostic>,
}

/// Parses a source text. `known` are the names that only its project knows.
#[must_use]
pub fn parse(source: &Source, known: &dyn KnownNames) -> Parsed {
    let mut diagnostics = Vec::new();
    let tokens = tokenize(source.text(), known, &mut diagnostics);
    parse_tokens(source, &tokens, known, diagnostics)
}

/// Joins tokens to a tree. `diagnostics` is what the lexer found.
pub fn parse_tokens(
    source: &Source,
    tokens: &[Token],
    known: &dyn KnownNames,
    diagnostics: Vec<Diagnostic>,
) -> Parsed {
    let text = source.text();
    let mut parser = LineParser::new(text, known, diagnostics);
    let mut lines = Lines { tokens };
    let end = Span::new(text.len() as u32, text.len() as u32);
    let class = is_class(source, tokens);
    let body = if class {
        let mut builder = ClassBuilder::new(text);
        while let Some(line) = lines.next() {
            parser.rest = lines.tokens;
            builder.line(parser.parse(line));
        }
        let (class, found) = builder.finish(end);
        parser.diagnostics.extend(found);
        FileBody::Class(class)
    } else {
        let mut parsed = Vec::new();
        while let Some(line) = lines.next() {
            parser.rest = lines.tokens;
            parsed.push(parser.parse(line));
        }
        let class_line = parsed.iter().position(|line| matches!(line.line, Line::Class(_)));
        if let Some(first) = class_line {
            parser.diagnostics.push(
                Diagnostic::error(codes::CLASS_LINE_IN_METHOD, parsed[first].span, "this line belongs in a class")
                    .label("this file is a method")
                    .help("put the class in a file of its own in the folder `Classes`; a method declares its parameters with `#DECLARE`"),
            );
            // What follows was written for a class; its blocks are not judged a second time.
            parsed.truncate(first);
        }
        let end = class_line
            .map_or(end, |_| parsed.last().map_or(end, |line| Span::new(line.span.end, line.span.end)));
        FileBody::Method(blocks::build(text, parsed, end, &mut parser.diagnostics))
    };
    let mut diagnostics = parser.diagnostics;
    diagnostics.sort_by_key(|d| (d.span.start, d.span.end));
    Parsed { file: ast::File { attributes: attributes(text), body }, diagnostics }
}

/// The JSON text of a first line `//%attributes = {…}`.
fn attributes(text: &str) -> Option<String> {
    let line = text.trim_start_matches('\u{feff}').split(['\n', '\r']).next()?;
    let rest = line.trim_start().strip_prefix("//%attributes")?;
    Some(rest.trim_start().strip_prefix('=')?.trim().to_owned())
}

/// A class lies in a folder `Classes`, or begins with a line that only classes have.
fn is_class(source: &Source, tokens: &[Token]) -> bool {
    let folder = source.path().parent().and_then(std::path::Path::file_name);
    if folder.is_some_and(|folder| folder == "Classes") {
        return true;
    }
    let Some(line) = (Lines { tokens }).next() else {
        return false;
    };
    let words = line.iter().take_while(|t| matches!(t.kind, T::Name | T::Command(_))).count();
    match line.get(words).map(|t| t.kind) {
        Some(T::Keyword(Keyword::Function | Keyword::ClassConstructor | Keyword::Alias)) => true,
        Some(T::Keyword(Keyword::ClassExtends)) => words == 0,
        // `property:=1` is an assignment.
        Some(T::Keyword(Keyword::Property)) => words == 0 && line.get(1).is_some_and(|t| t.kind == T::Name),
        _ => false,
    }
}

/// The logical lines that hold something. A run of SQL is one line.
struct Lines<'a> {
    tokens: &'a [Token],
}

impl<'a> Iterator for Lines<'a> {
    type Item = &'a [Token];

    fn next(&mut self) -> Option<&'a [Token]> {
        let start = self.tokens.iter().position(|t| t.kind != T::LineEnd)?;
        let rest = &self.tokens[start..];
        let length = if rest[0].kind == T::Keyword(Keyword::BeginSql) {
            sql_length(rest)
        } else {
            rest.iter().position(|t| t.kind == T::LineEnd).unwrap_or(rest.len())
        };
        let (line, rest) = rest.split_at(length);
        self.tokens = rest;
        debug_assert!(place(line).start <= place(line).end);
        Some(line)
    }
}

fn sql_length(tokens: &[Token]) -> usize {
    let inside = tokens[1..].iter().take_while(|t| matches!(t.kind, T::SqlText | T::LineEnd)).count() + 1;
    match tokens.get(inside).map(|t| t.kind) {
        Some(T::Keyword(Keyword::EndSql)) => inside + 1,
        _ => tokens[..inside].iter().rposition(|t| t.kind != T::LineEnd).map_or(1, |last| last + 1),
    }
}
