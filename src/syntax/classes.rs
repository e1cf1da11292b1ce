//! Lines → a class: which lines belong to which function, and what may stand between them.
//!
//! Source: Concepts/classes

use super::ast::{
    Class, FunctionDeclaration, FunctionRole, Member, MemberKind, Modifiers, Signature, StatementKind,
};
use super::lines::{ClassLine, Line, ParsedLine};
use super::{blocks, codes, explain};
use crate::text::{Diagnostic, Name, Span};

/// The head of a function whose lines are being collected.
struct Head {
    constructor: bool,
    declaration: FunctionDeclaration,
    span: Span,
}

/// Puts a class together. Lines are handed over one by one.
pub(super) struct ClassBuilder<'a> {
    source: &'a str,
    class: Class,
    head: Option<Head>,
    body: Vec<ParsedLine>,
    constructor: Option<Span>,
    extends: Option<Span>,
    /// Whether the current run of lines outside any function has been reported.
    outside: bool,
    pub diagnostics: Vec<Diagnostic>,
}

impl<'a> ClassBuilder<'a> {
    pub(super) fn new(source: &'a str) -> Self {
        Self {
            source,
            class: Class::default(),
            head: None,
            body: Vec::new(),
            constructor: None,
            extends: None,
            outside: false,
            diagnostics: Vec::new(),
        }
    }

    pub(super) fn line(&mut self, parsed: ParsedLine) {
        let span = parsed.span;
        match parsed.line {
            Line::Class(line) => self.class_line(*line, span),
            _ if self.head.is_some() => self.body.push(parsed),
            // What was not understood may have been the head of a function.
            Line::Plain(StatementKind::Invalid) => self.outside = true,
            _ => {
                if !std::mem::replace(&mut self.outside, true) {
                    self.diagnostics.push(explain::class_line(self.source, span).unwrap_or_else(|| {
                        Diagnostic::error(
                            codes::OUTSIDE_FUNCTION,
                            span,
                            "this line is outside any function of the class",
                        )
                        .label("would never run")
                        .help("write it below a `Function` or `Class constructor` line")
                    }));
                }
            }
        }
    }

    pub(super) fn finish(mut self, end: Span) -> (Class, Vec<Diagnostic>) {
        self.end_function(end);
        (self.class, self.diagnostics)
    }

    fn class_line(&mut self, line: ClassLine, span: Span) {
        match line {
            ClassLine::Function { modifiers, role, name, signature } => {
                self.begin(false, declaration(name, role, modifiers, signature), span);
            }
            ClassLine::Constructor(modifiers, signature) => {
                if let Some(first) = self.constructor {
                    self.diagnostics.push(
                        Diagnostic::error(
                            codes::SECOND_CONSTRUCTOR,
                            span,
                            "this class has a second constructor",
                        )
                        .label("a class has one at most")
                        .also(first, "the first is here")
                        .help("join the two, or make one of them a function"),
                    );
                }
                self.constructor.get_or_insert(span);
                let name = Name::default();
                self.begin(true, declaration(name, FunctionRole::Plain, modifiers, signature), span);
            }
            ClassLine::Properties(members) => {
                self.end_function(span);
                self.class.members.extend(members.into_iter().map(|member| Member { span, ..member }));
            }
            ClassLine::Alias(member) => {
                self.end_function(span);
                self.class.members.push(Member { span, ..member });
            }
            ClassLine::Extends(parent) => {
                if let Some(first) = self.extends.replace(span) {
                    self.diagnostics.push(
                        Diagnostic::error(codes::SECOND_EXTENDS, span, "this class extends a second class")
                            .label("a class extends one at most")
                            .also(first, "the first is here")
                            .help("remove one of the two lines"),
                    );
                }
                self.end_function(span);
                self.class.extends.get_or_insert(parent);
            }
        }
    }

    fn begin(&mut self, constructor: bool, declaration: FunctionDeclaration, span: Span) {
        self.end_function(span);
        self.head = Some(Head { constructor, declaration, span });
    }

    fn end_function(&mut self, end: Span) {
        self.outside = false;
        let Some(Head { constructor, mut declaration, span }) = self.head.take() else {
            return;
        };
        let lines = std::mem::take(&mut self.body);
        declaration.body = blocks::build(self.source, lines, end, &mut self.diagnostics);
        let declaration = Box::new(declaration);
        let kind = if constructor {
            MemberKind::Constructor(declaration)
        } else {
            MemberKind::Function(declaration)
        };
        self.class.members.push(Member { kind, span });
    }
}

fn declaration(
    name: Name,
    role: FunctionRole,
    modifiers: Modifiers,
    signature: Signature,
) -> FunctionDeclaration {
    FunctionDeclaration { name, role, modifiers, signature, body: Vec::new() }
}
