//! The small change of a [`Builder`]: registers, constants, jumps, the statement table.

use super::super::op::{Const, Op, Reg, Site};
use super::super::program::{Constant, Counter, MemberSite, StatementInfo};
use super::{Builder, ConstantKey};
use crate::text::Span;
use crate::value::Text;

impl Builder<'_> {
    pub(super) fn emit(&mut self, op: Op) -> usize {
        self.ops.push(op);
        self.ops.len() - 1
    }

    /// The number of the next operation.
    pub(super) fn here(&self) -> usize {
        self.ops.len()
    }

    /// A new register above all in use.
    pub(super) fn fresh(&mut self) -> Reg {
        let reg = self.next;
        if self.next >= 32_000 {
            self.overflow = Some("too many values are in use at once");
        } else {
            self.next += 1;
        }
        self.highest = self.highest.max(self.next);
        reg
    }

    /// The hinted register or a new one.
    pub(super) fn target(&mut self, hint: Option<Reg>) -> Reg {
        hint.unwrap_or_else(|| self.fresh())
    }

    pub(super) fn mark(&self) -> Reg {
        self.next
    }

    /// Gives back the registers taken since `mark`.
    pub(super) fn release(&mut self, mark: Reg) {
        self.next = mark;
    }

    pub(super) fn constant(&mut self, constant: Constant) -> Const {
        let key = match &constant {
            Constant::Null => ConstantKey::Other(0, 0),
            Constant::Boolean(b) => ConstantKey::Other(1, i64::from(*b)),
            Constant::Integer(i) => ConstantKey::Integer(*i),
            Constant::Real(r) => ConstantKey::Real(r.to_bits()),
            Constant::Text(t) => ConstantKey::Text(t.clone()),
            Constant::Date(d) => ConstantKey::Other(
                2,
                i64::from(d.year()) * 512 + i64::from(d.month()) * 32 + i64::from(d.day()),
            ),
            Constant::Time(t) => ConstantKey::Other(3, t.seconds),
        };
        if let Some(&at) = self.constant_index.get(&key) {
            return at;
        }
        let at = self.constants.len();
        if at > usize::from(u16::MAX) {
            self.overflow = Some("too many constants");
            return 0;
        }
        self.constants.push(constant);
        self.constant_index.insert(key, at as u16);
        at as u16
    }

    pub(super) fn site(&mut self, name: &str) -> Site {
        let at = self.sites.len();
        if at >= usize::from(u16::MAX) {
            self.overflow = Some("too many member accesses");
            return 0;
        }
        self.sites.push(MemberSite::new(Text::from(name)));
        at as Site
    }

    /// Loads a constant.
    pub(super) fn load(&mut self, constant: Constant, dst: Reg) {
        match constant {
            Constant::Null => self.emit(Op::LoadNull { dst }),
            Constant::Boolean(value) => self.emit(Op::LoadBoolean { dst, value }),
            Constant::Integer(value) => self.emit(Op::LoadInteger { dst, value }),
            other => {
                let k = self.constant(other);
                self.emit(Op::Load { dst, k })
            }
        };
    }

    /// Makes the jump at `from` lead to the next operation.
    pub(super) fn land(&mut self, from: usize) {
        self.land_at(from, self.here());
    }

    pub(super) fn land_all(&mut self, from: Vec<usize>) {
        for jump in from {
            self.land(jump);
        }
    }

    /// Makes the jump at `from` lead to operation number `to`.
    pub(super) fn land_at(&mut self, from: usize, to: usize) {
        let distance = to as i64 - from as i64 - 1;
        let (short, long) = (i16::try_from(distance), distance as i32);
        match &mut self.ops[from] {
            Op::Jump { to }
            | Op::Loop { to }
            | Op::JumpIf { to, .. }
            | Op::JumpUnless { to, .. }
            | Op::JumpIfTruthy { to, .. }
            | Op::JumpIfFalsy { to, .. }
            | Op::JumpUnlessNull { to, .. }
            | Op::JumpIfNull { to, .. }
            | Op::EnterTry { to }
            | Op::EnterTryExpression { to, .. } => *to = long,
            Op::JumpUnlessEqual { to, .. }
            | Op::JumpUnlessNotEqual { to, .. }
            | Op::JumpUnlessLess { to, .. }
            | Op::JumpUnlessLessOrEqual { to, .. }
            | Op::JumpUnlessGreater { to, .. }
            | Op::JumpUnlessGreaterOrEqual { to, .. }
            | Op::JumpUnlessEqualK { to, .. }
            | Op::JumpUnlessNotEqualK { to, .. }
            | Op::JumpUnlessLessK { to, .. }
            | Op::JumpUnlessLessOrEqualK { to, .. }
            | Op::JumpUnlessGreaterK { to, .. }
            | Op::JumpUnlessGreaterOrEqualK { to, .. }
            | Op::ForTest { to, .. }
            | Op::ForNext { to, .. }
            | Op::ForEachNext { to, .. } => match short {
                Ok(short) => *to = short,
                Err(_) => self.overflow = Some("a block is too long"),
            },
            other => debug_assert!(false, "{other:?} is no jump"),
        }
    }

    /// Notes that a statement's code begins here. `usize::MAX` for the resume address means "set at its end".
    pub(super) fn begin_statement(&mut self, span: Span) -> usize {
        let pc = self.here() as u32;
        let line = self.source.place(span.start).line;
        self.statements.push(StatementInfo { pc, line, resume: u32::MAX });
        self.statements.len() - 1
    }

    /// Has the statement that begins here counted, in a program that does so.
    pub(super) fn count_statement(&mut self, statement: usize) {
        if let Some(info) = self.statements.get(statement)
            && self.names.counts_statements()
        {
            let counter = self.counters.len() as u32;
            self.counters.push(Counter::new(info.line));
            self.emit(Op::CountStatement { counter });
        }
    }

    /// A process that meets an error in the statement goes on here.
    pub(super) fn end_statement(&mut self, statement: usize) {
        let here = self.here() as u32;
        if let Some(info) = self.statements.get_mut(statement) {
            info.resume = here;
        }
    }

    /// A block statement's end is code of its header again (loop tests): it continues the header's entry.
    pub(super) fn continue_statement(&mut self, statement: usize) -> usize {
        let pc = self.here() as u32;
        let line = self.statements.get(statement).map_or(0, |s| s.line);
        self.statements.push(StatementInfo { pc, line, resume: u32::MAX });
        self.statements.len() - 1
    }

    /// Statements of no code would hide those that follow at the same place.
    pub(super) fn fix_resume(&mut self) {
        let end = self.ops.len() as u32 - 1;
        for statement in &mut self.statements {
            if statement.resume == u32::MAX {
                statement.resume = end;
            }
        }
    }
}
