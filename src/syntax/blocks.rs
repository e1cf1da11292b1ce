//! Lines → blocks. The open blocks are on a stack of our own, so that no nesting of blocks can
//! exhaust the machine's.

use super::ast::{Block, CaseBranch, Expr, ExprKind, For, ForEach, Statement, StatementKind};
use super::codes;
use super::lines::{BlockKind, Line, Opener, ParsedLine};
use super::structure::{self, Middle, Repair, Role};
use crate::text::{Diagnostic, Span};

/// 4D's own limit (`Source: Concepts/control-flow`).
const DEEPEST: usize = 512;

/// Joins the lines of a method or function. `end` is the place right after them.
pub(super) fn build(
    source: &str,
    lines: Vec<ParsedLine>,
    end: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Block {
    let repair = structure::check(source, &lines, end, diagnostics);
    let mut builder = Builder { body: Vec::new(), frames: Vec::new(), too_deep: 0, told: false, diagnostics };
    for (index, parsed) in lines.into_iter().enumerate() {
        builder.line(index, parsed, repair.as_ref());
    }
    builder.too_deep = 0;
    while !builder.frames.is_empty() {
        builder.close(None);
    }
    builder.body
}

/// A block that is still open.
struct Frame {
    opener: Opener,
    span: Span,
    /// What stood before the block, to go on with after it.
    outer: Block,
    /// What stood before `Else` or `Catch`.
    first: Option<Block>,
    branches: Vec<CaseBranch>,
    branch: Option<(Expr, Span)>,
}

struct Builder<'a> {
    body: Block,
    frames: Vec<Frame>,
    /// How many blocks are open beyond the limit.
    too_deep: usize,
    told: bool,
    diagnostics: &'a mut Vec<Diagnostic>,
}

impl Builder<'_> {
    fn line(&mut self, index: usize, parsed: ParsedLine, repair: Option<&Repair>) {
        let mut role = structure::role(&parsed.line);
        if let Some(repair) = repair {
            for _ in 0..repair.ends_before.get(&index).copied().unwrap_or(0) {
                self.close(None);
            }
            role = repair.instead.get(&index).copied().unwrap_or(role);
        }
        if self.too_deep > 0 {
            match role {
                Role::Open(_) => self.too_deep += 1,
                Role::Close(_) => self.too_deep -= 1,
                Role::Middle(_) | Role::Plain => {}
            }
            return;
        }
        let span = parsed.span;
        match (role, parsed.line) {
            (Role::Plain, Line::Plain(kind)) => self.push(Statement { kind, span }),
            (Role::Plain, _) => self.push(Statement { kind: StatementKind::Invalid, span }),
            (Role::Open(_), Line::Open(opener)) => self.open(opener, span),
            (Role::Open(kind), _) => self.open(Opener::unknown(kind, span), span),
            (Role::Close(_), Line::Close(_, until)) => self.close(until),
            (Role::Close(_), _) => self.close(None),
            (Role::Middle(Middle::Branch), Line::Branch(condition)) => self.branch(condition, span),
            (Role::Middle(_), _) => self.second(),
        }
    }

    fn push(&mut self, statement: Statement) {
        if let Some(frame) = self.frames.last()
            && frame.opener.kind() == BlockKind::Case
            && frame.branch.is_none()
            && frame.first.is_none()
        {
            // Said once for each `Case of`: the body is not empty afterwards.
            if self.body.is_empty() && statement.kind != StatementKind::Invalid {
                let help = match &statement.kind {
                    StatementKind::Expression(Expr { kind: ExprKind::Group(_), .. }) => {
                        "a case begins with a colon: write `:` before it"
                    }
                    _ => "write a case, as in `: ($x=1)`, before it, or move it before `Case of`",
                };
                self.diagnostics.push(
                    Diagnostic::error(
                        codes::BEFORE_FIRST_CASE,
                        statement.span,
                        "this line stands before the first case",
                    )
                    .label("would never run")
                    .also(frame.span, "the `Case of` is here")
                    .help(help),
                );
            }
        }
        self.body.push(statement);
    }

    fn open(&mut self, opener: Opener, span: Span) {
        if self.frames.len() >= DEEPEST {
            self.too_deep += 1;
            if !std::mem::replace(&mut self.told, true) {
                self.diagnostics.push(
                    Diagnostic::error(codes::TOO_DEEP, span, "blocks are nested too deeply")
                        .label(format!("more than {DEEPEST} levels"))
                        .help("move the inner blocks to a method of their own"),
                );
            }
            return;
        }
        let outer = std::mem::take(&mut self.body);
        self.frames.push(Frame { opener, span, outer, first: None, branches: Vec::new(), branch: None });
    }

    fn branch(&mut self, condition: Expr, span: Span) {
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        end_branch(frame, &mut self.body);
        frame.branch = Some((condition, span));
    }

    /// `Else` or `Catch`.
    fn second(&mut self) {
        let Some(frame) = self.frames.last_mut() else {
            return;
        };
        end_branch(frame, &mut self.body);
        frame.first = Some(std::mem::take(&mut self.body));
    }

    fn close(&mut self, until: Option<Expr>) {
        let Some(mut frame) = self.frames.pop() else {
            return;
        };
        if frame.first.is_none() {
            end_branch(&mut frame, &mut self.body);
        }
        let body = std::mem::replace(&mut self.body, frame.outer);
        let (first, second) = match frame.first {
            Some(first) => (first, Some(body)),
            None => (body, None),
        };
        let span = frame.span;
        let kind = match frame.opener {
            Opener::If(condition) => StatementKind::If { condition, then: first, otherwise: second },
            Opener::Case => StatementKind::Case { branches: frame.branches, otherwise: second },
            Opener::While(condition) => StatementKind::While { condition, body: first },
            Opener::Repeat => {
                let until = until.unwrap_or(Expr { kind: ExprKind::Invalid, span });
                StatementKind::Repeat { body: first, until }
            }
            Opener::For(head) => {
                let head = *head;
                StatementKind::For(Box::new(For {
                    counter: head.counter,
                    from: head.from,
                    to: head.to,
                    step: head.step,
                    body: first,
                }))
            }
            Opener::ForEach(head) => {
                let head = *head;
                StatementKind::ForEach(Box::new(ForEach {
                    item: head.item,
                    over: head.over,
                    begin: head.begin,
                    end: head.end,
                    condition: head.condition,
                    body: first,
                }))
            }
            Opener::Use(object) => StatementKind::Use { object, body: first },
            Opener::Try => StatementKind::Try { body: first, catch: second },
        };
        self.push(Statement { kind, span });
    }
}

fn end_branch(frame: &mut Frame, body: &mut Block) {
    if let Some((condition, span)) = frame.branch.take() {
        frame.branches.push(CaseBranch { condition, body: std::mem::take(body), span });
    } else if matches!(frame.opener, Opener::Case) {
        // What stood before the first case has been reported.
        body.clear();
    }
}
