//! One logical line at a time: which kind of line it is, and what it holds. The first token decides
//! which rule of the grammar reads the rest, so nothing is tried twice.

use super::ast::{Expr, ExprKind, FunctionRole, Member, Modifiers, Signature, StatementKind, TypeRef};
use super::braces::Braces;
use super::explain::{self, Trouble};
use super::grammar::{Failure, ForEachHead, ForHead, Grammar, without_brackets};
use super::token::{Keyword, Token, TokenKind as T};
use super::{KnownNames, codes, nesting};
use crate::text::{Diagnostic, Name, Severity, Span};

/// The kinds of block.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum BlockKind {
    If,
    Case,
    While,
    Repeat,
    For,
    ForEach,
    Use,
    Try,
}

/// What a block's head says.
pub(super) enum Opener {
    If(Expr),
    Case,
    While(Expr),
    Repeat,
    For(Box<ForHead>),
    ForEach(Box<ForEachHead>),
    Use(Expr),
    Try,
}

impl Opener {
    pub(super) fn kind(&self) -> BlockKind {
        match self {
            Self::If(_) => BlockKind::If,
            Self::Case => BlockKind::Case,
            Self::While(_) => BlockKind::While,
            Self::Repeat => BlockKind::Repeat,
            Self::For(_) => BlockKind::For,
            Self::ForEach(_) => BlockKind::ForEach,
            Self::Use(_) => BlockKind::Use,
            Self::Try => BlockKind::Try,
        }
    }

    /// A head whose content is not known.
    pub(super) fn unknown(kind: BlockKind, span: Span) -> Self {
        let invalid = || Expr { kind: ExprKind::Invalid, span };
        match kind {
            BlockKind::If => Self::If(invalid()),
            BlockKind::Case => Self::Case,
            BlockKind::While => Self::While(invalid()),
            BlockKind::Repeat => Self::Repeat,
            BlockKind::For => Self::For(Box::new(ForHead {
                counter: invalid(),
                from: invalid(),
                to: invalid(),
                step: None,
            })),
            BlockKind::ForEach => Self::ForEach(Box::new(ForEachHead {
                item: invalid(),
                over: invalid(),
                begin: None,
                end: None,
                condition: None,
            })),
            BlockKind::Use => Self::Use(invalid()),
            BlockKind::Try => Self::Try,
        }
    }
}

/// Lines that stand alone in a class.
pub(super) enum ClassLine {
    Extends(TypeRef),
    Properties(Vec<Member>),
    Alias(Member),
    Constructor(Modifiers, Signature),
    Function { modifiers: Modifiers, role: FunctionRole, name: Name, signature: Signature },
}

pub(super) enum Line {
    Plain(StatementKind),
    Open(Opener),
    Else,
    Catch,
    /// `: (condition)`
    Branch(Expr),
    /// The end of a block; `Until` has a condition.
    Close(BlockKind, Option<Expr>),
    Class(Box<ClassLine>),
}

/// A line and its place, without comment and line end.
pub(super) struct ParsedLine {
    pub line: Line,
    pub span: Span,
}

/// Reads lines, and collects what is wrong with them.
pub(super) struct LineParser<'a> {
    pub(super) source: &'a str,
    grammar: Grammar<'a>,
    known: &'a dyn KnownNames,
    pub diagnostics: Vec<Diagnostic>,
    /// How many of the diagnostics are the lexer's; a line with one of them needs no second.
    lexical: usize,
    next_lexical: usize,
    french: bool,
    /// What follows the line that is being read.
    pub rest: &'a [Token],
    /// Lines before this place have been told with an earlier one.
    told_until: u32,
    pub(super) braces: Braces,
}

type Parsed<T> = Result<T, Failure>;

impl<'a> LineParser<'a> {
    pub(super) fn new(source: &'a str, known: &'a dyn KnownNames, mut diagnostics: Vec<Diagnostic>) -> Self {
        diagnostics.sort_by_key(|d| d.span.start);
        let lexical = diagnostics.len();
        let grammar = Grammar::new(source);
        Self {
            source,
            grammar,
            known,
            diagnostics,
            lexical,
            next_lexical: 0,
            french: false,
            rest: &[],
            told_until: 0,
            braces: Braces::default(),
        }
    }

    /// Parses the tokens of a line, of which there is at least one.
    pub(super) fn parse(&mut self, tokens: &'a [Token]) -> ParsedLine {
        let span = place(tokens);
        if nesting::too_deep(tokens) {
            self.report(span, || {
                Diagnostic::error(codes::TOO_DEEP, span, "this line is nested too deeply")
                    .label("more than 256 levels of brackets, signs and ternaries")
                    .help("compute parts of it in variables of their own")
            });
            return ParsedLine { line: Line::Plain(StatementKind::Invalid), span };
        }
        if span.start < self.told_until {
            return ParsedLine { line: Line::Plain(StatementKind::Invalid), span };
        }
        let line = self.braced(tokens).unwrap_or_else(|| self.line(tokens));
        ParsedLine { line, span }
    }

    pub(super) fn line(&mut self, tokens: &'a [Token]) -> Line {
        match tokens[0].kind {
            T::Keyword(Keyword::BeginSql) => self.sql(Keyword::BeginSql, tokens),
            T::Keyword(_) if explain::is_block_in_line(tokens) => {
                self.fail(tokens, 1);
                Line::Plain(StatementKind::Invalid)
            }
            T::Keyword(keyword) => self.keyword(keyword, tokens),
            T::Colon => {
                let result = self.grammar.expression(&tokens[1..]);
                let condition = self.settle(result, tokens, 1);
                Line::Branch(condition.map_or_else(|| invalid(place(tokens)), without_brackets))
            }
            T::Name | T::Command(_) => self.named(tokens),
            _ => self.statement(tokens),
        }
    }

    /// Says what is wrong, unless the lexer has done so for this line.
    pub(super) fn report(&mut self, span: Span, make: impl FnOnce() -> Diagnostic) {
        while self.next_lexical < self.lexical && self.diagnostics[self.next_lexical].span.end < span.start {
            self.next_lexical += 1;
        }
        let known = self.diagnostics[self.next_lexical..self.lexical]
            .iter()
            .take_while(|d| d.span.start <= span.end)
            .any(|d| d.severity == Severity::Error);
        if !known {
            self.diagnostics.push(make());
        }
    }

    /// Takes a result, or explains why there is none. `skipped` tokens stood before the parsed ones.
    fn settle<V>(&mut self, result: Parsed<V>, tokens: &'a [Token], skipped: usize) -> Option<V> {
        match result {
            Ok(value) => Some(value),
            Err(failure) => {
                let trouble = Trouble {
                    source: self.source,
                    tokens,
                    at: (failure.at + skipped).min(tokens.len()),
                    expected: &failure.expected,
                };
                let mut diagnostic = explain::explain(&trouble);
                if diagnostic.code == codes::UNCLOSED_BRACKET
                    && let Some(end) = self.goes_on(tokens)
                {
                    self.told_until = end;
                    diagnostic.help =
                        Some("a statement goes on in the next line if this one ends with `\\`".into());
                }
                if diagnostic.code == codes::FRENCH && std::mem::replace(&mut self.french, true) {
                    return None;
                }
                self.report(place(tokens), || diagnostic);
                None
            }
        }
    }

    fn keyword(&mut self, keyword: Keyword, tokens: &'a [Token]) -> Line {
        use BlockKind as B;
        use Keyword as K;
        match keyword {
            K::If => Line::Open(Opener::If(self.condition(tokens))),
            K::While => Line::Open(Opener::While(self.condition(tokens))),
            K::Use => Line::Open(Opener::Use(self.condition(tokens))),
            K::Until => Line::Close(B::Repeat, Some(self.condition(tokens))),
            K::For => {
                let result = self.grammar.for_head(&tokens[1..]);
                let head = self.settle(result, tokens, 1);
                let unknown = || Opener::unknown(B::For, place(tokens));
                Line::Open(head.map_or_else(unknown, |head| Opener::For(Box::new(head))))
            }
            K::ForEach => {
                let result = self.grammar.for_each_head(&tokens[1..]);
                let head = self.settle(result, tokens, 1);
                let unknown = || Opener::unknown(B::ForEach, place(tokens));
                Line::Open(head.map_or_else(unknown, |head| Opener::ForEach(Box::new(head))))
            }
            K::Try if is_open_paren(tokens.get(1)) => self.statement(tokens),
            K::Else if matches!(tokens.get(1).map(|t| t.kind), Some(T::Keyword(K::If))) => {
                self.fail(tokens, 1);
                Line::Plain(StatementKind::Invalid)
            }
            K::Try => self.alone(Line::Open(Opener::Try), tokens),
            K::CaseOf => self.alone(Line::Open(Opener::Case), tokens),
            K::Repeat => self.alone(Line::Open(Opener::Repeat), tokens),
            K::Else => self.alone(Line::Else, tokens),
            K::Catch => self.alone(Line::Catch, tokens),
            K::EndIf => self.alone(Line::Close(B::If, None), tokens),
            K::EndCase => self.alone(Line::Close(B::Case, None), tokens),
            K::EndWhile => self.alone(Line::Close(B::While, None), tokens),
            K::EndFor => self.alone(Line::Close(B::For, None), tokens),
            K::EndForEach => self.alone(Line::Close(B::ForEach, None), tokens),
            K::EndUse => self.alone(Line::Close(B::Use, None), tokens),
            K::EndTry => self.alone(Line::Close(B::Try, None), tokens),
            K::Break => self.alone(Line::Plain(StatementKind::Break), tokens),
            K::Continue => self.alone(Line::Plain(StatementKind::Continue), tokens),
            K::BeginSql | K::EndSql => self.sql(keyword, tokens),
            K::Return if tokens.len() == 1 => Line::Plain(StatementKind::Return(None)),
            K::Return => {
                let result = self.grammar.expression(&tokens[1..]);
                self.plain(result, tokens, 1, |value| StatementKind::Return(Some(value)))
            }
            K::Var => {
                let result = self.grammar.variables(&tokens[1..]);
                let line = self.plain(result, tokens, 1, StatementKind::Var);
                if let Line::Plain(StatementKind::Var(groups)) = &line
                    && let Some(found) = explain::variables(groups)
                {
                    self.report(place(tokens), || found);
                }
                line
            }
            K::Declare => {
                let result = self.grammar.declare(&tokens[1..]);
                let line =
                    self.plain(result, tokens, 1, |signature| StatementKind::Declare(Box::new(signature)));
                if let Line::Plain(StatementKind::Declare(signature)) = &line {
                    self.look_at(signature, tokens);
                }
                line
            }
            K::Property | K::Alias if !is_word(tokens.get(1)) => self.statement(tokens),
            K::Property | K::Alias | K::Function | K::ClassConstructor | K::ClassExtends => {
                self.class_line(tokens, 0)
            }
        }
    }

    /// Reports what a signature says and cannot mean.
    fn look_at(&mut self, signature: &Signature, tokens: &'a [Token]) {
        if let Some(found) = explain::signature(self.source, signature) {
            self.report(place(tokens), || found);
        }
    }

    fn plain<V>(
        &mut self,
        result: Parsed<V>,
        tokens: &'a [Token],
        skipped: usize,
        make: impl FnOnce(V) -> StatementKind,
    ) -> Line {
        Line::Plain(self.settle(result, tokens, skipped).map_or(StatementKind::Invalid, make))
    }

    /// Explains a line that cannot be, from the token `at` on.
    fn fail(&mut self, tokens: &'a [Token], at: usize) {
        let failure = Failure { at, ..Failure::default() };
        self.settle::<()>(Err(failure), tokens, 0);
    }

    /// A keyword after which nothing may follow.
    fn alone(&mut self, line: Line, tokens: &'a [Token]) -> Line {
        if tokens.len() > 1 {
            self.fail(tokens, 1);
        }
        line
    }

    /// `(condition)` after a keyword. Several bracketed parts joined by operators pass too.
    fn condition(&mut self, tokens: &'a [Token]) -> Expr {
        if !is_open_paren(tokens.get(1)) {
            self.fail(tokens, 1);
            return invalid(place(tokens));
        }
        let result = self.grammar.expression(&tokens[1..]);
        self.settle(result, tokens, 1).map_or_else(|| invalid(place(tokens)), without_brackets)
    }

    /// `Begin SQL`, its text, `End SQL`: one run of tokens.
    fn sql(&mut self, keyword: Keyword, tokens: &'a [Token]) -> Line {
        let span = place(tokens);
        let closed = tokens.last().is_some_and(|t| t.kind == T::Keyword(Keyword::EndSql));
        if keyword == Keyword::EndSql {
            self.report(span, || {
                Diagnostic::error(codes::STRAY_CLOSER, span, "this `End SQL` closes nothing")
                    .label("there is no open `Begin SQL` before it")
                    .help("remove it, or write the `Begin SQL` that it was meant to close")
            });
            return Line::Plain(StatementKind::Invalid);
        }
        if !closed {
            self.report(span, || {
                Diagnostic::error(codes::UNCLOSED_BLOCK, tokens[0].span, "this `Begin SQL` has no `End SQL`")
                    .label("opened here")
                    .help("write `End SQL` on a line of its own after the SQL text")
            });
            return Line::Plain(StatementKind::Invalid);
        }
        let text = tokens.iter().filter(|t| t.kind == T::SqlText);
        let text: String = text.filter_map(|t| self.source.get(t.span.range())).collect();
        // The line ends around the text belong to the keywords.
        let text = text.trim_start_matches(['\r', '\n']).trim_end();
        Line::Plain(StatementKind::Sql(text.to_owned()))
    }

    /// A line that begins with a name: a statement, or a class line with modifiers before it.
    fn named(&mut self, tokens: &'a [Token]) -> Line {
        let words = tokens.iter().take_while(|t| matches!(t.kind, T::Name | T::Command(_))).count();
        let next = tokens.get(words).map(|t| t.kind);
        if let Some(T::Keyword(Keyword::Function | Keyword::ClassConstructor | Keyword::Alias)) = next {
            return self.class_line(tokens, words);
        }
        self.statement(tokens)
    }

    fn statement(&mut self, tokens: &'a [Token]) -> Line {
        let result = self.grammar.statement(tokens);
        let failed = result.is_err();
        let parsed = self.settle(result, tokens, 0);
        if failed {
            // A block head or end with a slip of the pen still opens or closes its block.
            return match explain::misspelt(self.source, tokens) {
                Some((_, keyword)) => skeleton(keyword, place(tokens)),
                None if explain::is_default(self.source, tokens) => Line::Else,
                None if explain::is_case(self.source, tokens) => Line::Branch(invalid(place(tokens))),
                None => Line::Plain(StatementKind::Invalid),
            };
        }
        let Some(kind) = parsed else {
            return Line::Plain(StatementKind::Invalid);
        };
        if let Some(diagnostic) = explain::doubtful(self.source, self.known, tokens, &kind) {
            let again = diagnostic.code == codes::FRENCH && std::mem::replace(&mut self.french, true);
            if !again {
                self.report(place(tokens), || diagnostic);
            }
            // As above: the block is there all the same.
            if explain::is_switch(self.source, tokens) {
                return Line::Open(Opener::Case);
            }
            return match explain::misspelt(self.source, tokens) {
                Some((_, keyword)) => skeleton(keyword, place(tokens)),
                None => Line::Plain(StatementKind::Invalid),
            };
        }
        Line::Plain(kind)
    }

    fn class_line(&mut self, tokens: &'a [Token], words: usize) -> Line {
        let modifiers = self.modifiers(&tokens[..words]);
        let Some(modifiers) = modifiers else {
            self.fail(tokens, 0);
            return Line::Plain(StatementKind::Invalid);
        };
        let rest = &tokens[words + 1..];
        let skipped = words + 1;
        let line = match tokens[words].kind {
            // A function that someone began to write; nothing comes after it.
            T::Keyword(Keyword::Function)
                if rest.iter().all(|token| token.kind == T::Semicolon) && self.is_last(tokens) =>
            {
                self.report(place(tokens), || {
                    let mut found = Diagnostic::error(
                        codes::NAMELESS_FUNCTION,
                        place(tokens),
                        "this function has no name",
                    )
                    .label("left out")
                    .help("write its name and its code, or remove the line");
                    found.severity = Severity::Warning;
                    found
                });
                // It ends the function before it, which so never reaches it.
                let (role, name) = (FunctionRole::Plain, Name::default());
                let signature = Signature::default();
                Some(ClassLine::Function { modifiers, role, name, signature })
            }
            T::Keyword(Keyword::Function) => {
                let result = self.grammar.function(rest);
                let tail = self.settle(result, tokens, skipped);
                if let Some(tail) = &tail {
                    self.look_at(&tail.signature, tokens);
                }
                tail.map(|tail| ClassLine::Function {
                    modifiers,
                    role: tail.role,
                    name: tail.name,
                    signature: tail.signature,
                })
                .or_else(|| {
                    // The function is there, though its head is not understood.
                    let (role, name) = (FunctionRole::Plain, Name::default());
                    let signature = Signature::default();
                    Some(ClassLine::Function { modifiers, role, name, signature })
                })
            }
            T::Keyword(Keyword::ClassConstructor) => {
                let result = self.grammar.declare(rest);
                let signature = self.settle(result, tokens, skipped).unwrap_or_default();
                Some(ClassLine::Constructor(modifiers, signature))
            }
            T::Keyword(Keyword::ClassExtends) => {
                let result = self.grammar.type_path(rest);
                self.settle(result, tokens, skipped).map(ClassLine::Extends)
            }
            T::Keyword(Keyword::Alias) => {
                let result = self.grammar.alias(rest);
                self.settle(result, tokens, skipped).map(|mut member| {
                    if let super::ast::MemberKind::Alias { exposed, .. } = &mut member.kind {
                        *exposed = modifiers.exposed;
                    }
                    ClassLine::Alias(member)
                })
            }
            _ => {
                let result = self.grammar.property(rest);
                self.settle(result, tokens, skipped).map(ClassLine::Properties)
            }
        };
        line.map_or(Line::Plain(StatementKind::Invalid), |line| Line::Class(Box::new(line)))
    }

    /// Whether nothing but blanks follows a line.
    fn is_last(&self, tokens: &[Token]) -> bool {
        self.source.get(place(tokens).end as usize..).is_some_and(|rest| rest.trim().is_empty())
    }

    /// The words before `Function`; `None` if one of them is no modifier.
    fn modifiers(&self, tokens: &[Token]) -> Option<Modifiers> {
        let mut modifiers = Modifiers::default();
        for token in tokens {
            for word in self.source.get(token.span.range())?.split_whitespace() {
                let place = match word.to_ascii_lowercase().as_str() {
                    "shared" => &mut modifiers.shared,
                    "session" => &mut modifiers.session,
                    "singleton" => &mut modifiers.singleton,
                    "exposed" => &mut modifiers.exposed,
                    "local" => &mut modifiers.local,
                    "server" => &mut modifiers.server,
                    "onhttpget" => &mut modifiers.on_http_get,
                    _ => return None,
                };
                *place = true;
            }
        }
        Some(modifiers)
    }
}

/// What a keyword does to blocks when nothing more of its line is known.
fn skeleton(keyword: Keyword, span: Span) -> Line {
    use BlockKind as B;
    use Keyword as K;
    let open = |kind| Line::Open(Opener::unknown(kind, span));
    match keyword {
        K::If => open(B::If),
        K::CaseOf => open(B::Case),
        K::While => open(B::While),
        K::Repeat => open(B::Repeat),
        K::For => open(B::For),
        K::ForEach => open(B::ForEach),
        K::Use => open(B::Use),
        K::Try => open(B::Try),
        K::Else => Line::Else,
        K::Catch => Line::Catch,
        K::EndIf => Line::Close(B::If, None),
        K::EndCase => Line::Close(B::Case, None),
        K::EndWhile => Line::Close(B::While, None),
        K::EndFor => Line::Close(B::For, None),
        K::EndForEach => Line::Close(B::ForEach, None),
        K::EndUse => Line::Close(B::Use, None),
        K::EndTry => Line::Close(B::Try, None),
        K::Until => Line::Close(B::Repeat, Some(invalid(span))),
        _ => Line::Plain(StatementKind::Invalid),
    }
}

fn invalid(span: Span) -> Expr {
    Expr { kind: ExprKind::Invalid, span }
}

fn is_open_paren(token: Option<&Token>) -> bool {
    token.is_some_and(|t| t.kind == T::OpenParen)
}

fn is_word(token: Option<&Token>) -> bool {
    token.is_some_and(|t| {
        matches!(t.kind, T::Name | T::Command(_) | T::Constant(_) | T::Keyword(_) | T::Integer(_) | T::Local)
    })
}

/// From the first token to the last.
pub(super) fn place(tokens: &[Token]) -> Span {
    match (tokens.first(), tokens.last()) {
        (Some(first), Some(last)) => first.span.to(last.span),
        _ => Span::default(),
    }
}
