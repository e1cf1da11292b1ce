//! Which line closes which block. In sound code this is a matter of counting; where the count does
//! not come out, indentation tells which head lacks its end, so that one mistake gives one error.

use super::ast::{ExprKind, StatementKind};
use super::codes;
use super::explain;
use super::lines::{BlockKind, Line, ParsedLine};
use super::token::Keyword;
use crate::text::{Diagnostic, Severity, Span};
use rustc_hash::FxHashMap;

/// More than can be nested; what is deeper is only counted.
const DEEPEST: usize = 600;
/// Each finding costs a look at other lines, so that hopeless files get only so many.
const MOST: usize = 100;

/// What a line does to the blocks around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Role {
    Open(BlockKind),
    Middle(Middle),
    Close(BlockKind),
    Plain,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Middle {
    Else,
    Catch,
    Branch,
}

/// How to read code whose blocks do not come out even.
#[derive(Default)]
pub(super) struct Repair {
    /// Before this line, so many blocks end that nothing closes.
    pub ends_before: FxHashMap<usize, usize>,
    /// Lines that are to be read differently from what they say.
    pub instead: FxHashMap<usize, Role>,
}

pub(super) fn role(line: &Line) -> Role {
    match line {
        Line::Open(opener) => Role::Open(opener.kind()),
        Line::Else => Role::Middle(Middle::Else),
        Line::Catch => Role::Middle(Middle::Catch),
        Line::Branch(_) => Role::Middle(Middle::Branch),
        Line::Close(kind, _) => Role::Close(*kind),
        Line::Plain(_) | Line::Class(_) => Role::Plain,
    }
}

/// An open block.
#[derive(Clone, Copy)]
struct Open {
    kind: BlockKind,
    line: usize,
    indent: u32,
    /// The place of its `Else` or `Catch`.
    second: Option<Span>,
}

fn accepts(open: &Open, middle: Middle) -> bool {
    match middle {
        Middle::Else => matches!(open.kind, BlockKind::If | BlockKind::Case),
        Middle::Catch => open.kind == BlockKind::Try,
        Middle::Branch => open.kind == BlockKind::Case,
    }
}

/// Whether every block is closed, and by its own end.
fn is_sound(lines: &[ParsedLine]) -> bool {
    let mut stack: Vec<(BlockKind, bool)> = Vec::new();
    for line in lines {
        match role(&line.line) {
            Role::Plain => {}
            Role::Open(kind) => stack.push((kind, false)),
            Role::Close(kind) => {
                if stack.pop().is_none_or(|(open, _)| open != kind) {
                    return false;
                }
            }
            Role::Middle(middle) => {
                let Some((kind, second)) = stack.last_mut() else {
                    return false;
                };
                let open = Open { kind: *kind, line: 0, indent: 0, second: None };
                if *second || !accepts(&open, middle) {
                    return false;
                }
                *second = middle != Middle::Branch;
            }
        }
    }
    stack.is_empty()
}

/// `None` if the blocks come out even; otherwise how to read them, having said what is wrong.
/// `end` is the place right after the code.
pub(super) fn check(
    source: &str,
    lines: &[ParsedLine],
    end: Span,
    diagnostics: &mut Vec<Diagnostic>,
) -> Option<Repair> {
    if is_sound(lines) {
        return None;
    }
    let mut mender = Mender {
        source,
        lines,
        end,
        diagnostics,
        stack: Vec::new(),
        beyond: 0,
        found: 0,
        repair: Repair::default(),
    };
    mender.run();
    Some(mender.repair)
}

struct Mender<'a> {
    source: &'a str,
    lines: &'a [ParsedLine],
    end: Span,
    diagnostics: &'a mut Vec<Diagnostic>,
    stack: Vec<Open>,
    /// Open blocks beyond the deepest that are followed.
    beyond: usize,
    found: usize,
    repair: Repair,
}

impl Mender<'_> {
    fn run(&mut self) {
        for (index, parsed) in self.lines.iter().enumerate() {
            match role(&parsed.line) {
                Role::Plain | Role::Middle(_) if self.beyond > 0 => {}
                Role::Close(_) if self.beyond > 0 => self.beyond -= 1,
                Role::Open(_) if self.stack.len() >= DEEPEST => self.beyond += 1,
                Role::Plain => self.plain(index),
                Role::Open(kind) => self.open(index, kind),
                Role::Middle(middle) => self.middle(index, middle),
                Role::Close(kind) => self.close(index, kind),
            }
        }
        while let Some(open) = self.stack.pop() {
            self.unclosed(open, None);
        }
    }

    fn open(&mut self, index: usize, kind: BlockKind) {
        let indent = self.indent(index);
        self.stack.push(Open { kind, line: index, indent, second: None });
    }

    /// The spaces before a line; a tab counts as four.
    fn indent(&self, index: usize) -> u32 {
        let start = self.lines[index].span.start as usize;
        let before = self.source.get(..start).unwrap_or_default();
        let line = before.rfind(['\n', '\r']).map_or(before, |at| &before[at + 1..]);
        line.chars().map(|c| if c == '\t' { 4 } else { 1 }).sum()
    }

    /// The block a line belongs to: the innermost that fits and stands as far to the right, or
    /// the innermost that fits.
    fn find(&self, index: usize, fits: impl Fn(&Open) -> bool) -> Option<usize> {
        let indent = self.indent(index);
        let aligned = self.stack.iter().rposition(|open| fits(open) && open.indent == indent);
        let inner = self.stack.iter().rposition(&fits)?;
        match aligned {
            // What is nested deeper is left open.
            Some(aligned) if self.stack[inner].indent > indent => Some(aligned),
            _ => Some(inner),
        }
    }

    /// Ends all blocks inside the one at `depth`, before line `index`.
    fn end_inner(&mut self, depth: usize, index: usize) {
        while self.stack.len() > depth + 1 {
            let Some(open) = self.stack.pop() else { return };
            *self.repair.ends_before.entry(index).or_default() += 1;
            self.unclosed(open, Some(index));
        }
    }

    fn close(&mut self, index: usize, kind: BlockKind) {
        if let Some(depth) = self.find(index, |open| open.kind == kind) {
            self.end_inner(depth, index);
            self.stack.pop();
            return;
        }
        let place = self.lines[index].span;
        if let Some(open) = self.stack.last().copied()
            && open.indent == self.indent(index)
        {
            self.stack.pop();
            self.repair.instead.insert(index, Role::Close(open.kind));
            let (head, wanted) = (head(open.kind), closer(open.kind));
            let message = format!("this `{head}` is closed by `{}`", closer(kind));
            self.diagnostics.push(
                Diagnostic::error(codes::WRONG_CLOSER, place, message)
                    .label(format!("should be `{wanted}`"))
                    .also(self.lines[open.line].span, "opened here")
                    .help(format!("write `{wanted}` here")),
            );
            return;
        }
        self.repair.instead.insert(index, Role::Plain);
        if !self.count() || self.told(index, &[]) {
            return;
        }
        if self.misspelt_head(index, kind) {
            return;
        }
        let message = format!("this `{}` closes nothing", closer(kind));
        self.diagnostics.push(
            Diagnostic::error(codes::STRAY_CLOSER, place, message)
                .label(format!("there is no open `{}` before it", head(kind)))
                .help(format!("remove it, or write the `{}` that it was meant to close", head(kind))),
        );
    }

    /// Whether a line has an error already, which may be why it does not fit.
    fn told(&self, index: usize, codes: &[&str]) -> bool {
        let span = self.lines[index].span;
        self.diagnostics.iter().any(|found| {
            found.severity == Severity::Error
                && span.start <= found.span.start
                && found.span.end <= span.end
                && (codes.is_empty() || codes.contains(&found.code))
        })
    }

    /// Counts a finding; false if there have been enough.
    fn count(&mut self) -> bool {
        self.found += 1;
        self.found <= MOST
    }

    /// Whether an earlier line looks like the head that an end is missing: `Wihle ($a)`.
    fn misspelt_head(&mut self, index: usize, kind: BlockKind) -> bool {
        let wanted = head(kind);
        let found = self.lines[..index].iter().rev().find(|parsed| {
            let Line::Plain(StatementKind::Expression(value)) = &parsed.line else {
                return false;
            };
            let name = match &value.kind {
                ExprKind::Call { name, .. } | ExprKind::Name(name) => name,
                _ => return false,
            };
            explain::is_slip(name, wanted)
        });
        let Some(parsed) = found else { return false };
        self.diagnostics.push(explain::misspelt_keyword(parsed.span, wanted));
        true
    }

    fn middle(&mut self, index: usize, middle: Middle) {
        let place = self.lines[index].span;
        let free = |open: &Open| accepts(open, middle) && open.second.is_none();
        let word = match middle {
            Middle::Else => "Else",
            Middle::Catch => "Catch",
            Middle::Branch => ":",
        };
        if let Some(depth) = self.find(index, free) {
            self.end_inner(depth, index);
            if let Some(open) = self.stack.last_mut()
                && middle != Middle::Branch
            {
                open.second = Some(place);
            }
            return;
        }
        self.repair.instead.insert(index, Role::Plain);
        if !self.count() || self.told(index, &[]) {
            return;
        }
        let taken = self.stack.iter().rfind(|open| accepts(open, middle));
        let diagnostic = match taken {
            Some(open) => {
                let first = open.second.unwrap_or_default();
                let head = head(open.kind);
                let message = if middle == Middle::Branch {
                    "this case comes after `Else`".to_owned()
                } else {
                    format!("this `{head}` has a second `{word}`")
                };
                Diagnostic::error(codes::SECOND_ELSE, place, message)
                    .label("cannot be reached")
                    .also(first, "the branch for all else is here")
                    .also(self.lines[open.line].span, format!("the `{head}` is here"))
                    .help("join the two, or close the block before this line")
            }
            None => {
                let heads = match middle {
                    Middle::Else => "`If` or `Case of`",
                    Middle::Catch => "`Try`",
                    Middle::Branch => "`Case of`",
                };
                Diagnostic::error(codes::STRAY_MIDDLE, place, format!("this `{word}` is outside any {heads}"))
                    .label(format!("no open {heads} before it"))
                    .help(format!("remove it, or write the {heads} that it belongs to"))
            }
        };
        self.diagnostics.push(diagnostic);
    }

    /// A lone name that looks like the end that an open block waits for: `Endif`.
    fn plain(&mut self, index: usize) {
        let Line::Plain(StatementKind::Expression(value)) = &self.lines[index].line else {
            return;
        };
        let ExprKind::Name(name) = &value.kind else {
            return;
        };
        let Some(open) = self.stack.last().copied() else {
            return;
        };
        let place = self.lines[index].span;
        let wanted = closer(open.kind);
        if explain::is_slip(name, wanted) {
            self.stack.pop();
            self.repair.instead.insert(index, Role::Close(open.kind));
            self.diagnostics.push(explain::misspelt_keyword(place, wanted));
        } else if explain::is_foreign_closer(name) && self.indent(index) <= open.indent {
            self.stack.pop();
            self.repair.instead.insert(index, Role::Close(open.kind));
            let message = format!("`{name}` does not close a `{}`", head(open.kind));
            self.diagnostics.push(
                Diagnostic::error(codes::WRONG_CLOSER, place, message)
                    .label(format!("should be `{wanted}`"))
                    .also(self.lines[open.line].span, "opened here")
                    .help(format!("write `{wanted}` here")),
            );
        } else if accepts(&open, Middle::Else) && open.second.is_none() && explain::is_slip(name, "Else") {
            if let Some(open) = self.stack.last_mut() {
                open.second = Some(place);
            }
            self.repair.instead.insert(index, Role::Middle(Middle::Else));
            self.diagnostics.push(explain::misspelt_keyword(place, "Else"));
        }
    }

    /// Says that a block has no end, which had to come before line `before`, or by the end.
    fn unclosed(&mut self, open: Open, before: Option<usize>) {
        // A head with something behind it was meant to be a block of one line.
        if !self.count() || self.told(open.line, &[codes::ONE_LINE, codes::KEYWORD_INSIDE, codes::BRACES]) {
            return;
        }
        let place = self.lines[open.line].span;
        let (head, wanted) = (head(open.kind), closer(open.kind));
        // A line further to the left than what the block holds is where its end was forgotten.
        let limit = before.unwrap_or(self.lines.len());
        let outside = (open.line + 1..limit).find(|&index| {
            self.indent(index) <= open.indent && matches!(role(&self.lines[index].line), Role::Plain)
        });
        let by = match outside.or(before) {
            Some(index) => self.lines[index].span,
            None => self.end,
        };
        self.diagnostics.push(
            Diagnostic::error(codes::UNCLOSED_BLOCK, place, format!("this `{head}` has no `{wanted}`"))
                .label("opened here")
                .also(by, format!("`{wanted}` is missing before this"))
                .help(format!("write `{wanted}` where the block ends")),
        );
    }
}

pub(super) fn head(kind: BlockKind) -> &'static str {
    explain::spelling(match kind {
        BlockKind::If => Keyword::If,
        BlockKind::Case => Keyword::CaseOf,
        BlockKind::While => Keyword::While,
        BlockKind::Repeat => Keyword::Repeat,
        BlockKind::For => Keyword::For,
        BlockKind::ForEach => Keyword::ForEach,
        BlockKind::Use => Keyword::Use,
        BlockKind::Try => Keyword::Try,
    })
}

fn closer(kind: BlockKind) -> &'static str {
    explain::spelling(match kind {
        BlockKind::If => Keyword::EndIf,
        BlockKind::Case => Keyword::EndCase,
        BlockKind::While => Keyword::EndWhile,
        BlockKind::Repeat => Keyword::Until,
        BlockKind::For => Keyword::EndFor,
        BlockKind::ForEach => Keyword::EndForEach,
        BlockKind::Use => Keyword::EndUse,
        BlockKind::Try => Keyword::EndTry,
    })
}
