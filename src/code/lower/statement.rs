//! Statements → operations.

use super::super::op::{Op, Reg};
use super::super::program::Constant;
use super::super::scope::{declaration_type, type_of};
use super::place::Place;
use super::{Builder, Known, Loop, Open, Operand};
use crate::syntax::ast::{
    AssignOp, BinaryOp, Block, CaseBranch, Expr, ExprKind, For, ForEach, Statement, StatementKind, VarGroup,
    VariableScope,
};
use crate::value::{ErrorCode, Type};

impl Builder<'_> {
    pub(super) fn block(&mut self, block: &Block) {
        for statement in block {
            self.statement(statement);
        }
    }

    fn statement(&mut self, statement: &Statement) {
        let mark = self.mark();
        let at = self.begin_statement(statement.span);
        if !matches!(statement.kind, StatementKind::Declare(_)) {
            self.count_statement(at);
        }
        match &statement.kind {
            StatementKind::Declare(_) => {}
            StatementKind::Var(groups) => groups.iter().for_each(|g| self.var(g)),
            StatementKind::Assign { target, operator, value } => self.assign(target, *operator, value),
            StatementKind::Expression(e) => self.expression_statement(e),
            StatementKind::If { condition, then, otherwise } => {
                return self.if_statement(at, condition, then, otherwise.as_ref());
            }
            StatementKind::Case { branches, otherwise } => return self.case(branches, otherwise.as_ref()),
            StatementKind::While { condition, body } => return self.while_loop(at, condition, body),
            StatementKind::Repeat { body, until } => return self.repeat(body, until),
            StatementKind::For(f) => self.for_loop(at, f),
            StatementKind::ForEach(f) => self.for_each(at, f),
            StatementKind::Use { object, body } => self.use_block(at, object, body),
            StatementKind::Try { body, catch } => self.try_block(body, catch.as_ref()),
            StatementKind::Return(value) => self.return_statement(value.as_ref()),
            StatementKind::Break => self.leave_loop(true),
            StatementKind::Continue => self.leave_loop(false),
            StatementKind::Sql(_) => {
                self.error_at(
                    ErrorCode::Headless,
                    "Begin SQL needs 4D's database engine, which fourd does not have",
                );
            }
            StatementKind::Invalid => self.error_at(ErrorCode::Internal, "this line could not be parsed"),
        }
        self.release(mark);
        self.end_statement(at);
    }

    fn var(&mut self, group: &VarGroup) {
        let (ty, _) = type_of(group.ty.as_ref());
        for variable in &group.variables {
            match variable.scope {
                VariableScope::Local => {}
                VariableScope::Process => {
                    let variable = self.names.process_variable(&variable.name);
                    self.emit(Op::DeclareProcess { ty: ty as u8, variable });
                }
                VariableScope::Interprocess => {
                    let variable = self.names.interprocess_variable(&variable.name);
                    self.emit(Op::DeclareInterprocess { ty: ty as u8, variable });
                }
            }
        }
        let Some(value) = &group.value else { return };
        for variable in &group.variables {
            let kind = match variable.scope {
                VariableScope::Local => ExprKind::Local(variable.name.clone()),
                VariableScope::Process => ExprKind::Name(variable.name.clone()),
                VariableScope::Interprocess => ExprKind::Interprocess(variable.name.clone()),
            };
            let target = Expr { kind, span: variable.span };
            self.assign(&target, AssignOp::Set, value);
        }
    }

    pub(super) fn assign(&mut self, target: &Expr, operator: AssignOp, value: &Expr) {
        let place = self.place(target);
        if operator == AssignOp::Set {
            return self.assign_value(&place, value);
        }
        let operator = match operator {
            AssignOp::Add => BinaryOp::Add,
            AssignOp::Subtract => BinaryOp::Subtract,
            AssignOp::Multiply => BinaryOp::Multiply,
            _ => BinaryOp::Divide,
        };
        if let Place::Local(local) = place
            && operator == BinaryOp::Add
            && local.ty == Type::Text
        {
            let src = self.expr(value, None).reg;
            self.emit(Op::Append { dst: local.reg, src });
            return;
        }
        let old = self.load_place(&place, None);
        let place = self.for_storing(place);
        let (hint, known) = place.wants();
        let result = self.binary(operator, old, value, hint, known);
        self.store_place(&place, result);
    }

    fn assign_value(&mut self, place: &Place, value: &Expr) {
        if let Place::Local(local) = place
            && local.ty == Type::Text
            && let Some(rest) = self.appended(local.reg, value)
        {
            let src = self.chain_of(&rest).reg;
            self.emit(Op::Append { dst: local.reg, src });
            return;
        }
        let (hint, known) = place.wants();
        let result = self.expr_wanting(value, hint, known);
        self.store_place(place, result);
    }

    /// For `$t:=$t+a+b` with `$t` occurring nowhere else on the right: the operands `a`, `b`.
    fn appended<'e>(&self, reg: Reg, value: &'e Expr) -> Option<Vec<&'e Expr>> {
        let ExprKind::Chain { first, rest } = &value.kind else { return None };
        let ExprKind::Local(name) = &first.kind else { return None };
        let same = self.scope.find(name).is_some_and(|at| self.slots[at].reg == reg && !self.slots[at].cell);
        let plain =
            rest.iter().all(|(op, e)| *op == BinaryOp::Add && !self.mentions(e, reg) && self.is_texty(e));
        (same && plain).then(|| rest.iter().map(|(_, e)| e).collect())
    }

    fn expression_statement(&mut self, e: &Expr) {
        if let ExprKind::Command { id, arguments: Some(arguments) } = &e.kind
            && let Some(ty) = declaration_type(*id)
        {
            return self.declare_variables(ty, arguments);
        }
        self.expr(e, None);
    }

    /// `C_TEXT(name; <>other)`; locals were declared before.
    fn declare_variables(&mut self, ty: Type, arguments: &[crate::syntax::ast::Argument]) {
        for argument in arguments {
            let crate::syntax::ast::Argument::Value(e) = argument else { continue };
            match &e.kind {
                ExprKind::Name(name) if self.names.method(name).is_none() => {
                    let variable = self.names.process_variable(name);
                    self.emit(Op::DeclareProcess { ty: ty as u8, variable });
                }
                ExprKind::Interprocess(name) => {
                    let variable = self.names.interprocess_variable(name);
                    self.emit(Op::DeclareInterprocess { ty: ty as u8, variable });
                }
                _ => {}
            }
        }
    }

    fn if_statement(&mut self, at: usize, condition: &Expr, then: &Block, otherwise: Option<&Block>) {
        let mark = self.mark();
        let to_else = self.jump_unless(condition);
        self.release(mark);
        // after an error in the condition the next line is the first of the block
        self.end_statement(at);
        self.block(then);
        match otherwise {
            None => self.land_all(to_else),
            Some(otherwise) => {
                let to_end = self.emit(Op::Jump { to: 0 });
                self.land_all(to_else);
                self.block(otherwise);
                self.land(to_end);
            }
        }
    }

    fn case(&mut self, branches: &[CaseBranch], otherwise: Option<&Block>) {
        let mut to_end = Vec::new();
        for branch in branches {
            let mark = self.mark();
            let at = self.begin_statement(branch.span);
            self.count_statement(at);
            let to_next = self.jump_unless(&branch.condition);
            self.release(mark);
            self.end_statement(at);
            self.block(&branch.body);
            to_end.push(self.emit(Op::Jump { to: 0 }));
            self.land_all(to_next);
        }
        if let Some(otherwise) = otherwise {
            self.block(otherwise);
        }
        self.land_all(to_end);
    }

    fn enter_loop(&mut self) {
        self.loops.push(Loop { breaks: Vec::new(), continues: Vec::new(), open: self.open.len() });
    }

    fn while_loop(&mut self, at: usize, condition: &Expr, body: &Block) {
        self.enter_loop();
        let start = self.here();
        let mark = self.mark();
        let to_end = self.jump_unless(condition);
        self.release(mark);
        self.block(body);
        let at_end = self.continue_statement(at);
        let finished = self.loops.pop().unwrap_or(Loop { breaks: vec![], continues: vec![], open: 0 });
        for jump in finished.continues {
            self.land_at(jump, start);
        }
        let back = self.emit(Op::Loop { to: 0 });
        self.land_at(back, start);
        self.land_all(to_end);
        self.land_all(finished.breaks);
        // an error in the condition ends the loop: the next line could not be told from the next turn
        self.end_statement(at);
        self.end_statement(at_end);
    }

    fn repeat(&mut self, body: &Block, until: &Expr) {
        self.enter_loop();
        let start = self.here();
        self.block(body);
        let finished = self.loops.pop().unwrap_or(Loop { breaks: vec![], continues: vec![], open: 0 });
        let at = self.begin_statement(until.span);
        self.count_statement(at);
        self.land_all(finished.continues);
        let mark = self.mark();
        let again = self.jump_unless(until);
        self.release(mark);
        let done = self.emit(Op::Jump { to: 0 });
        self.land_all(again);
        let back = self.emit(Op::Loop { to: 0 });
        self.land_at(back, start);
        self.land(done);
        self.land_all(finished.breaks);
        self.end_statement(at);
    }

    fn for_loop(&mut self, at: usize, f: &For) {
        let counter_place = self.place(&f.counter);
        let state = self.fresh();
        let step = self.fresh();
        // a counter in a register of its own is counted in place, any other through a copy
        let direct = match &counter_place {
            Place::Local(local) if matches!(local.ty, Type::Integer | Type::Variant) => Some(local.reg),
            _ => None,
        };
        let counter = direct.unwrap_or_else(|| self.fresh());
        let (_, known) = counter_place.wants();
        let start = self.expr_wanting(&f.from, direct, known);
        if direct.is_some() {
            self.store_place(&counter_place, start);
        } else {
            self.move_to(start, counter);
        }
        self.expr_to(&f.to, state);
        match &f.step {
            Some(e) => self.expr_to(e, step),
            None => self.load(Constant::Integer(1), step),
        }
        let test = self.emit(Op::ForTest { counter, state, to: 0 });
        let top = self.here();
        if direct.is_none() {
            self.store_place(&counter_place, Operand { reg: counter, known: Known::Number });
        }
        self.enter_loop();
        self.block(&f.body);
        let finished = self.loops.pop().unwrap_or(Loop { breaks: vec![], continues: vec![], open: 0 });
        self.land_all(finished.continues);
        let at_end = self.continue_statement(at);
        if direct.is_none() {
            // the body may have changed the counter
            let now = self.load_place(&counter_place, Some(counter));
            self.move_to(now, counter);
        }
        let next = self.emit(Op::ForNext { counter, state, to: 0 });
        self.land_at(next, top);
        self.land(test);
        if direct.is_none() {
            self.store_place(&counter_place, Operand { reg: counter, known: Known::Number });
        }
        self.land_all(finished.breaks);
        self.end_statement(at_end);
    }

    fn for_each(&mut self, at: usize, f: &ForEach) {
        let item = self.place(&f.item);
        let state = self.fresh();
        let (_index, end) = (self.fresh(), self.fresh());
        let bounds = f.begin.is_some();
        self.expr_to(&f.over, state);
        if let Some(begin) = &f.begin {
            self.expr_to(begin, state + 1);
            match &f.end {
                Some(e) => self.expr_to(e, end),
                None => {
                    self.emit(Op::LoadUndefined { dst: end });
                }
            }
        }
        self.emit(Op::ForEachStart { state, bounds });
        self.enter_loop();
        let start = self.here();
        let mut leave = Vec::new();
        if let Some((true, condition)) = &f.condition {
            let mark = self.mark();
            leave.extend(self.jump_unless(condition));
            self.release(mark);
        }
        let (direct, known) = item.wants();
        let direct = direct.filter(|_| known == Known::Any);
        let dst = direct.unwrap_or_else(|| self.fresh());
        let next = self.emit(Op::ForEachNext { dst, state, to: 0 });
        self.store_place(&item, Operand { reg: dst, known: Known::Any });
        self.block(&f.body);
        let finished = self.loops.pop().unwrap_or(Loop { breaks: vec![], continues: vec![], open: 0 });
        let at_end = self.continue_statement(at);
        if let Some((false, condition)) = &f.condition {
            // tested behind each turn. `Source: Concepts/flow-control`
            self.land_all(finished.continues);
            let mark = self.mark();
            let unless = self.jump_unless(condition);
            leave.push(self.emit(Op::Jump { to: 0 }));
            self.land_all(unless);
            self.release(mark);
        } else {
            for jump in finished.continues {
                self.land_at(jump, start);
            }
        }
        let back = self.emit(Op::Loop { to: 0 });
        self.land_at(back, start);
        self.land(next);
        self.land_all(leave);
        self.land_all(finished.breaks);
        self.end_statement(at_end);
    }

    fn use_block(&mut self, at: usize, object: &Expr, body: &Block) {
        let mark = self.mark();
        let object = self.expr(object, None).reg;
        self.emit(Op::EnterUse { object });
        self.release(mark);
        self.open.push(Open::Use);
        self.block(body);
        self.open.pop();
        let at_end = self.continue_statement(at);
        self.emit(Op::LeaveUse);
        // an error in `Use(…)` itself passes over the whole block
        self.end_statement(at_end);
    }

    fn try_block(&mut self, body: &Block, catch: Option<&Block>) {
        let enter = self.emit(Op::EnterTry { to: 0 });
        self.open.push(Open::Try);
        self.block(body);
        self.open.pop();
        self.emit(Op::LeaveTry);
        let to_end = self.emit(Op::Jump { to: 0 });
        self.land(enter);
        if let Some(catch) = catch {
            self.block(catch);
        }
        self.land(to_end);
    }

    fn return_statement(&mut self, value: Option<&Expr>) {
        let Some(value) = value else {
            self.emit(Op::ReturnNothing);
            return;
        };
        let known = Known::of(self.result_type);
        let hint = matches!(known, Known::Integer | Known::Real).then(|| self.fresh());
        let Operand { reg: src, known } = self.expr_wanting(value, hint, known);
        let fits = known != Known::Any && known == Known::of(self.result_type);
        self.emit(match self.result_type {
            Type::Variant => Op::Return { src },
            _ if fits => Op::Return { src },
            ty => Op::ReturnAs { src, ty: ty as u8 },
        });
    }

    /// `break` and `continue`, closing what was opened inside the loop.
    fn leave_loop(&mut self, is_break: bool) {
        let Some(open) = self.loops.last().map(|l| l.open) else {
            let word = if is_break { "break" } else { "continue" };
            return self.error_at(ErrorCode::Internal, &format!("`{word}` stands outside of any loop"));
        };
        for at in (open..self.open.len()).rev() {
            match self.open[at] {
                Open::Use => self.emit(Op::LeaveUse),
                Open::Try => self.emit(Op::LeaveTry),
            };
        }
        let jump = self.emit(Op::Loop { to: 0 });
        if let Some(inner) = self.loops.last_mut() {
            if is_break { inner.breaks.push(jump) } else { inner.continues.push(jump) }
        }
    }
}
