//! Expressions → operations. An expression's value comes back in a register: a local's own if it is
//! one, the hinted one or a new one otherwise. Operators apply strictly from left to right.

use super::super::op::{Op, Reg};
use super::super::program::{Constant, ShapeSite};
use super::super::scope::command;
use super::{Builder, Known, Operand, binary_of};
use crate::catalog::{ConstantId, ConstantValue};
use crate::syntax::ast::{BinaryOp, Expr, ExprKind, Step, StepKind, UnaryOp};
use crate::text::Name;
use crate::value::{Date, ErrorCode, Text, Time};
use std::sync::OnceLock;

impl Builder<'_> {
    /// Evaluates into any register.
    pub(super) fn expr(&mut self, e: &Expr, hint: Option<Reg>) -> Operand {
        self.expr_wanting(e, hint, Known::Any)
    }

    /// Evaluates into `dst`.
    pub(super) fn expr_to(&mut self, e: &Expr, dst: Reg) {
        let value = self.expr(e, Some(dst));
        self.move_to(value, dst);
    }

    /// Evaluates into a register that nothing else uses.
    pub(super) fn expr_to_fresh(&mut self, e: &Expr) -> Reg {
        let dst = self.fresh();
        self.expr_to(e, dst);
        dst
    }

    /// Evaluates; `wanted` is the type of the declared local that the value is going to be stored in, which
    /// lets arithmetic produce it directly.
    pub(super) fn expr_wanting(&mut self, e: &Expr, hint: Option<Reg>, wanted: Known) -> Operand {
        if let Some(constant) = literal(e) {
            return self.constant_operand(constant, hint, wanted);
        }
        match &e.kind {
            ExprKind::Group(inner) => self.expr_wanting(inner, hint, wanted),
            ExprKind::Chain { first, rest } => self.chain(first, rest, hint, wanted),
            _ if wanted != Known::Any => self.plain(e, None),
            _ => self.plain(e, hint),
        }
    }

    /// Evaluates what is neither literal nor chain; may leave anything in the hinted register.
    fn plain(&mut self, e: &Expr, hint: Option<Reg>) -> Operand {
        match &e.kind {
            ExprKind::Local(name) => {
                let place = self.local_place(name);
                self.load_place(&place, hint)
            }
            ExprKind::Interprocess(_) | ExprKind::ParameterAt(_) => {
                let place = self.place(e);
                self.load_place(&place, hint)
            }
            ExprKind::Name(name) => match self.names.method(name) {
                Some(function) => self.call_method(function, &[], hint),
                None => match self.names.constant(name) {
                    Some(constant) => self.constant_operand(constant, hint, Known::Any),
                    None => {
                        let place = self.place(e);
                        self.load_place(&place, hint)
                    }
                },
            },
            ExprKind::Call { name, arguments } => self.call_name(name, arguments, hint),
            ExprKind::Command { id, arguments } => self.command(*id, arguments.as_deref(), hint),
            ExprKind::Unary { operator, operand } => self.unary(*operator, operand, hint),
            ExprKind::Object(members) => self.object(members, hint),
            ExprKind::Collection(items) => self.collection(items, hint),
            ExprKind::AddressOf(operand) => self.address_of(operand, hint),
            ExprKind::Postfix { base, steps } => self.postfix(base, steps, hint),
            ExprKind::Ternary { condition, then, otherwise } => self.ternary(condition, then, otherwise),
            ExprKind::Try(inner) => self.try_expression(inner),
            ExprKind::Assign { target, operator, value } => {
                if !self.in_formula {
                    return self.failing(hint, "a value can only be assigned in a statement or a formula");
                }
                self.assign(target, *operator, value);
                let dst = self.target(hint);
                self.emit(Op::LoadUndefined { dst });
                Operand { reg: dst, known: Known::Any }
            }
            ExprKind::Table(_) | ExprKind::Field { .. } => {
                self.failing(hint, "tables and fields need 4D's database engine, which fourd does not have")
            }
            _ => self.failing(hint, "this expression could not be parsed"),
        }
    }

    fn failing(&mut self, hint: Option<Reg>, message: &str) -> Operand {
        self.error_at(ErrorCode::Headless, message);
        Operand { reg: self.target(hint), known: Known::Any }
    }

    fn constant_operand(&mut self, constant: Constant, hint: Option<Reg>, wanted: Known) -> Operand {
        let constant = match constant {
            Constant::Integer(i) if wanted == Known::Real => Constant::Real(f64::from(i)),
            other => other,
        };
        let known = match &constant {
            Constant::Integer(_) => Known::Integer,
            Constant::Real(_) => Known::Real,
            Constant::Boolean(_) => Known::Boolean,
            Constant::Text(_) => Known::Text,
            _ => Known::Any,
        };
        let dst = self.choose(hint, wanted, known);
        self.load(constant, dst);
        Operand { reg: dst, known }
    }

    /// The hinted register if a value of this kind may lie there, else a new one.
    fn choose(&mut self, hint: Option<Reg>, wanted: Known, known: Known) -> Reg {
        match hint {
            Some(reg) if wanted == Known::Any || wanted == known => reg,
            _ => self.fresh(),
        }
    }

    fn ternary(&mut self, condition: &Expr, then: &Expr, otherwise: &Expr) -> Operand {
        // a local that the branches read must not be overwritten half-way: use a register of our own
        let dst = self.fresh();
        let mark = self.mark();
        let test = self.expr(condition, None).reg;
        let to_else = self.emit(Op::JumpIfFalsy { a: test, to: 0 });
        self.release(mark);
        self.expr_to(then, dst);
        self.release(mark);
        let to_end = self.emit(Op::Jump { to: 0 });
        self.land(to_else);
        self.expr_to(otherwise, dst);
        self.release(mark);
        self.land(to_end);
        Operand { reg: dst, known: Known::Any }
    }

    fn try_expression(&mut self, inner: &Expr) -> Operand {
        let dst = self.fresh();
        let enter = self.emit(Op::EnterTryExpression { dst, to: 0 });
        self.expr_to(inner, dst);
        self.emit(Op::LeaveTry);
        self.land(enter);
        Operand { reg: dst, known: Known::Any }
    }

    fn unary(&mut self, operator: UnaryOp, operand: &Expr, hint: Option<Reg>) -> Operand {
        let mark = self.mark();
        let a = self.expr(operand, None);
        if operator == UnaryOp::Plus {
            return a;
        }
        self.release(mark);
        let dst = self.target(hint);
        self.emit(Op::Negate { dst, a: a.reg });
        let known = match a.known {
            Known::Real => Known::Real,
            known if known.is_number() => Known::Number,
            _ => Known::Any,
        };
        Operand { reg: dst, known }
    }

    /// `a op b op c`
    fn chain(
        &mut self,
        first: &Expr,
        rest: &[(BinaryOp, Expr)],
        hint: Option<Reg>,
        wanted: Known,
    ) -> Operand {
        let own = self.fresh();
        let mark = self.mark();
        let swapped = self.constant_first(first, rest, own, hint, wanted);
        let (mut left, done) = match swapped {
            Some(left) => (left, 1),
            None => (self.expr(first, Some(own)), 0),
        };
        for (i, (operator, right)) in rest.iter().enumerate().skip(done) {
            let last = i + 1 == rest.len();
            if matches!(operator, BinaryOp::AndThen | BinaryOp::OrElse) {
                left = self.short_circuit(*operator, left, right, own);
            } else {
                let (hint, wanted) =
                    if last { (hint.or(Some(own)), wanted) } else { (Some(own), Known::Any) };
                let result = self.binary(*operator, left, right, hint, wanted);
                // what did not fit the hinted register lies above: bring it down to ours
                left = result;
                if left.reg >= mark {
                    self.settle(left, own);
                    left.reg = own;
                }
            }
            self.release(mark);
        }
        left
    }

    /// `2*$x`, `1+$x` with a number on the right: the form with a constant, which is the same the other way round.
    fn constant_first(
        &mut self,
        first: &Expr,
        rest: &[(BinaryOp, Expr)],
        own: Reg,
        hint: Option<Reg>,
        wanted: Known,
    ) -> Option<Operand> {
        let (operator, right) = rest.first()?;
        let constant = literal(first).filter(|c| matches!(c, Constant::Integer(_) | Constant::Real(_)))?;
        if !matches!(operator, BinaryOp::Add | BinaryOp::Multiply) || literal(right).is_some() {
            return None;
        }
        let last = rest.len() == 1;
        let right = self.expr(right, Some(own));
        let (hint, wanted) = if last { (hint.or(Some(own)), wanted) } else { (Some(own), Known::Any) };
        let mut result = None;
        if right.known.is_number() {
            result = self.binary_constant(*operator, right, constant.clone(), hint, wanted);
        }
        let mut result = result.unwrap_or_else(|| {
            let a = self.fresh();
            let known = if matches!(constant, Constant::Integer(_)) { Known::Integer } else { Known::Real };
            self.load(constant, a);
            self.binary_registers(*operator, Operand { reg: a, known }, right, hint, wanted)
        });
        if result.reg > own {
            self.settle(result, own);
            result.reg = own;
        }
        self.release(own + 1);
        Some(result)
    }

    /// Brings the result of the operator just emitted into `own`: the operation writes there at once.
    fn settle(&mut self, result: Operand, own: Reg) {
        match self.ops.last_mut() {
            Some(
                Op::Add { dst, .. }
                | Op::Subtract { dst, .. }
                | Op::Multiply { dst, .. }
                | Op::Divide { dst, .. }
                | Op::IntegerDivide { dst, .. }
                | Op::Modulo { dst, .. }
                | Op::AddK { dst, .. }
                | Op::SubtractK { dst, .. }
                | Op::MultiplyK { dst, .. }
                | Op::DivideK { dst, .. }
                | Op::IntegerDivideK { dst, .. }
                | Op::ModuloK { dst, .. }
                | Op::Binary { dst, .. },
            ) if *dst == result.reg => *dst = own,
            _ => self.move_to(result, own),
        }
    }

    /// The sum of several operands.
    pub(super) fn chain_of(&mut self, operands: &[&Expr]) -> Operand {
        let Some((first, rest)) = operands.split_first() else {
            let dst = self.fresh();
            self.emit(Op::LoadUndefined { dst });
            return Operand { reg: dst, known: Known::Any };
        };
        if rest.is_empty() {
            return self.expr(first, None);
        }
        let own = self.fresh();
        let mark = self.mark();
        let mut left = self.expr(first, Some(own));
        for right in rest {
            left = self.binary(BinaryOp::Add, left, right, Some(own), Known::Any);
            self.release(mark);
        }
        left
    }

    /// `a && b`, `a || b`: the result is one of the operands. `Source: Concepts/operators`
    fn short_circuit(&mut self, operator: BinaryOp, left: Operand, right: &Expr, own: Reg) -> Operand {
        self.move_to(left, own);
        let skip = if operator == BinaryOp::AndThen {
            self.emit(Op::JumpIfFalsy { a: own, to: 0 })
        } else {
            self.emit(Op::JumpIfTruthy { a: own, to: 0 })
        };
        let right = self.expr(right, Some(own));
        self.move_to(right, own);
        self.land(skip);
        let known = if left.known == right.known { left.known } else { Known::Any };
        Operand { reg: own, known }
    }

    /// One operator with an evaluated left side.
    pub(super) fn binary(
        &mut self,
        operator: BinaryOp,
        left: Operand,
        right: &Expr,
        hint: Option<Reg>,
        wanted: Known,
    ) -> Operand {
        if let Some(constant) = literal(right)
            && let Some(done) = self.binary_constant(operator, left, constant, hint, wanted)
        {
            return done;
        }
        let right = self.expr(right, None);
        self.binary_registers(operator, left, right, hint, wanted)
    }

    fn binary_registers(
        &mut self,
        operator: BinaryOp,
        left: Operand,
        right: Operand,
        hint: Option<Reg>,
        wanted: Known,
    ) -> Operand {
        let (a, b) = (left.reg, right.reg);
        let numbers = left.known.is_number() && right.known.is_number();
        let real = numbers && (left.known == Known::Real || right.known == Known::Real);
        if real || hint.is_some() && wanted == Known::Real {
            let dst = self.choose(hint, wanted, Known::Real);
            let op = match operator {
                BinaryOp::Add => Some(Op::AddReal { dst, a, b }),
                BinaryOp::Subtract => Some(Op::SubtractReal { dst, a, b }),
                BinaryOp::Multiply => Some(Op::MultiplyReal { dst, a, b }),
                BinaryOp::Divide => Some(Op::DivideReal { dst, a, b }),
                _ => None,
            };
            if let Some(op) = op {
                self.emit(op);
                return Operand { reg: dst, known: Known::Real };
            }
        }
        if let Some(dst) = hint
            && wanted == Known::Integer
        {
            let op = match operator {
                BinaryOp::Add => Some(Op::AddInteger { dst, a, b }),
                BinaryOp::Subtract => Some(Op::SubtractInteger { dst, a, b }),
                BinaryOp::Multiply => Some(Op::MultiplyInteger { dst, a, b }),
                _ => None,
            };
            if let Some(op) = op {
                self.emit(op);
                return Operand { reg: dst, known: Known::Integer };
            }
        }
        let known = result_of(operator, left.known, right.known, numbers, false);
        let dst = self.choose(hint, wanted, known);
        let op = match operator {
            BinaryOp::Add => Op::Add { dst, a, b },
            BinaryOp::Subtract => Op::Subtract { dst, a, b },
            BinaryOp::Multiply => Op::Multiply { dst, a, b },
            BinaryOp::Divide => Op::Divide { dst, a, b },
            BinaryOp::IntegerDivide => Op::IntegerDivide { dst, a, b },
            BinaryOp::Modulo => Op::Modulo { dst, a, b },
            BinaryOp::Equal => Op::Equal { dst, a, b },
            BinaryOp::NotEqual => Op::NotEqual { dst, a, b },
            BinaryOp::Less => Op::Less { dst, a, b },
            BinaryOp::LessOrEqual => Op::LessOrEqual { dst, a, b },
            BinaryOp::Greater => Op::Greater { dst, a, b },
            BinaryOp::GreaterOrEqual => Op::GreaterOrEqual { dst, a, b },
            other => match binary_of(other) {
                Some(operator) => Op::Binary { operator, dst, a, b },
                None => Op::LoadUndefined { dst },
            },
        };
        self.emit(op);
        Operand { reg: dst, known }
    }

    fn binary_constant(
        &mut self,
        operator: BinaryOp,
        left: Operand,
        constant: Constant,
        hint: Option<Reg>,
        wanted: Known,
    ) -> Option<Operand> {
        let right_known = match &constant {
            Constant::Integer(_) => Known::Integer,
            Constant::Real(_) => Known::Real,
            _ => return None,
        };
        // beside a Real the constant is one too, so that the operation needs one test
        let constant = match constant {
            Constant::Integer(i) if left.known == Known::Real => Constant::Real(f64::from(i)),
            other => other,
        };
        let divides =
            !matches!(constant, Constant::Integer(0 | -1)) && matches!(constant, Constant::Integer(_));
        let a = left.reg;
        if wanted == Known::Integer
            && let (Some(dst), Constant::Integer(i)) = (hint, &constant)
            && let Some(k) = match operator {
                BinaryOp::Add => Some(*i),
                BinaryOp::Subtract => i.checked_neg(),
                _ => None,
            }
        {
            let k = self.constant(Constant::Integer(k));
            self.emit(Op::AddIntegerK { dst, a, k });
            return Some(Operand { reg: dst, known: Known::Integer });
        }
        let k = self.constant(constant);
        let known = result_of(operator, left.known, right_known, left.known.is_number(), divides);
        let dst = self.choose(hint, wanted, known);
        let op = match operator {
            BinaryOp::Add => Op::AddK { dst, a, k },
            BinaryOp::Subtract => Op::SubtractK { dst, a, k },
            BinaryOp::Multiply => Op::MultiplyK { dst, a, k },
            BinaryOp::Divide => Op::DivideK { dst, a, k },
            BinaryOp::IntegerDivide => Op::IntegerDivideK { dst, a, k },
            BinaryOp::Modulo => Op::ModuloK { dst, a, k },
            _ => return self.binary_small(operator, left, k, hint, wanted),
        };
        self.emit(op);
        Some(Operand { reg: dst, known })
    }

    /// Operators without a form of their own for constants: the constant gets a register.
    fn binary_small(
        &mut self,
        operator: BinaryOp,
        left: Operand,
        k: u16,
        hint: Option<Reg>,
        wanted: Known,
    ) -> Option<Operand> {
        let b = self.fresh();
        let constant = self.constants.get(usize::from(k))?.clone();
        let known = if matches!(constant, Constant::Integer(_)) { Known::Integer } else { Known::Real };
        self.load(constant, b);
        Some(self.binary_registers(operator, left, Operand { reg: b, known }, hint, wanted))
    }

    fn object(&mut self, members: &[(Name, Expr)], hint: Option<Reg>) -> Operand {
        let dst = self.target(hint);
        let mark = self.mark();
        let mut keys: Vec<Text> = Vec::with_capacity(members.len());
        for (name, _) in members {
            keys.push(Text::from(name.as_str()));
        }
        let unique = keys.iter().collect::<rustc_hash::FxHashSet<_>>().len() == keys.len();
        if unique && members.len() <= 60 {
            let first = self.mark();
            for (_, value) in members {
                let reg = self.fresh();
                let inner = self.mark();
                self.expr_to(value, reg);
                self.release(inner);
            }
            let shape = self.shapes.len() as u16;
            self.shapes.push(ShapeSite { keys: keys.into(), shape: OnceLock::new() });
            self.emit(Op::NewObject { dst, shape, first });
        } else {
            let base = self.fresh();
            let shape = self.shapes.len() as u16;
            self.shapes.push(ShapeSite { keys: Box::default(), shape: OnceLock::new() });
            self.emit(Op::NewObject { dst: base, shape, first: base });
            for (name, value) in members {
                let inner = self.mark();
                let src = self.expr_to_fresh(value);
                let site = self.site(name);
                self.emit(Op::SetMember { base, src, site });
                self.release(inner);
            }
            self.emit(Op::Take { dst, src: base });
        }
        if self.shapes.len() >= usize::from(u16::MAX) {
            self.overflow = Some("too many object literals");
        }
        self.release(mark);
        Operand { reg: dst, known: Known::Any }
    }

    fn collection(&mut self, items: &[Expr], hint: Option<Reg>) -> Operand {
        let dst = self.target(hint);
        let mark = self.mark();
        if items.len() <= 200 {
            let first = self.mark();
            for item in items {
                let reg = self.fresh();
                let inner = self.mark();
                self.expr_to(item, reg);
                self.release(inner);
            }
            self.emit(Op::NewCollection { dst, first, count: items.len() as u16 });
        } else {
            // long literals are filled element by element, so that registers suffice
            let base = self.fresh();
            self.emit(Op::NewCollection { dst: base, first: base, count: 0 });
            for (i, item) in items.iter().enumerate() {
                let inner = self.mark();
                let src = self.expr_to_fresh(item);
                let index = self.fresh();
                self.load(Constant::Integer(i as i32), index);
                self.emit(Op::SetIndex { base, index, src });
                self.release(inner);
            }
            self.emit(Op::Take { dst, src: base });
        }
        self.release(mark);
        Operand { reg: dst, known: Known::Any }
    }

    pub(super) fn address_of(&mut self, operand: &Expr, hint: Option<Reg>) -> Operand {
        let mark = self.mark();
        let dst = self.target(hint);
        if let ExprKind::Postfix { base, steps } = &operand.kind
            && let Some((Step { kind: StepKind::Element(index), .. }, before)) = steps.split_last()
        {
            let src = if before.is_empty() {
                self.reference(base)
            } else if let Some((Step { kind: StepKind::Element(row), .. }, outer)) = before.split_last() {
                let array = self.array(base, outer);
                let index = self.expr(row, None).reg;
                let pointer = self.fresh();
                self.emit(Op::MakeElementPointer { dst: pointer, src: array, index });
                pointer
            } else {
                self.array(base, before)
            };
            let index = self.expr(index, None).reg;
            self.emit(Op::MakeElementPointer { dst, src, index });
        } else if let ExprKind::Postfix { base, steps } = &operand.kind
            && let Some((Step { kind: StepKind::Dereference, .. }, before)) = steps.split_last()
        {
            // `->$p->` is `$p` again
            let value = self.postfix(base, before, None);
            self.move_to(value, dst);
        } else if matches!(operand.kind, ExprKind::Table(_) | ExprKind::Field { .. }) {
            return self.failing(
                Some(dst),
                "pointers to tables and fields need 4D's database engine, which fourd does not have",
            );
        } else {
            let src = self.reference(operand);
            self.emit(Op::MakePointer { dst, src });
        }
        if hint.is_some() {
            self.release(mark);
        }
        Operand { reg: dst, known: Known::Any }
    }

    /// Jumps taken when the condition does not hold.
    pub(super) fn jump_unless(&mut self, condition: &Expr) -> Vec<usize> {
        match &condition.kind {
            ExprKind::Group(inner) => return self.jump_unless(inner),
            ExprKind::Chain { first, rest } if rest.iter().all(|(op, _)| *op == BinaryOp::AndThen) => {
                let mut jumps = self.jump_unless_truthy(first);
                for (_, operand) in rest {
                    jumps.extend(self.jump_unless_truthy(operand));
                }
                return jumps;
            }
            ExprKind::Chain { first, rest } if rest.iter().all(|(op, _)| *op == BinaryOp::OrElse) => {
                return self.jump_unless_any(first, rest);
            }
            ExprKind::Chain { first, rest } if rest.len() == 1 && !self.wide => {
                if let Some(jump) = self.compare_and_jump(first, rest[0].0, &rest[0].1) {
                    return vec![jump];
                }
            }
            ExprKind::Command { id: command::NOT, arguments: Some(arguments) } => {
                if let [crate::syntax::ast::Argument::Value(e)] = arguments.as_slice() {
                    let mark = self.mark();
                    let a = self.expr(e, None).reg;
                    self.release(mark);
                    return vec![self.emit(Op::JumpIf { a, to: 0 })];
                }
            }
            _ => {}
        }
        let mark = self.mark();
        let a = self.expr(condition, None).reg;
        self.release(mark);
        vec![self.emit(Op::JumpUnless { a, to: 0 })]
    }

    /// `a || b` as a condition: the first that holds leads on at once.
    fn jump_unless_any(&mut self, first: &Expr, rest: &[(BinaryOp, Expr)]) -> Vec<usize> {
        let mut unless = self.jump_unless_truthy(first);
        let mut holds = Vec::new();
        for (_, operand) in rest {
            holds.push(self.emit(Op::Jump { to: 0 }));
            self.land_all(unless);
            unless = self.jump_unless_truthy(operand);
        }
        self.land_all(holds);
        unless
    }

    /// The same for an operand of `&&` or `||`, which may be of any type.
    fn jump_unless_truthy(&mut self, e: &Expr) -> Vec<usize> {
        match &e.kind {
            ExprKind::Group(inner) => return self.jump_unless_truthy(inner),
            ExprKind::Chain { rest, .. } if rest.len() == 1 && is_comparison(rest[0].0) => {
                return self.jump_unless(e);
            }
            ExprKind::Chain { rest, .. }
                if rest.iter().all(|(op, _)| *op == BinaryOp::OrElse)
                    || rest.iter().all(|(op, _)| *op == BinaryOp::AndThen) =>
            {
                return self.jump_unless(e);
            }
            _ => {}
        }
        let mark = self.mark();
        let a = self.expr(e, None).reg;
        self.release(mark);
        vec![self.emit(Op::JumpIfFalsy { a, to: 0 })]
    }

    fn compare_and_jump(&mut self, first: &Expr, operator: BinaryOp, right: &Expr) -> Option<usize> {
        if !is_comparison(operator) {
            return None;
        }
        let mark = self.mark();
        let left = self.expr(first, None);
        let a = left.reg;
        let constant = match literal(right) {
            Some(Constant::Integer(i)) if left.known == Known::Real => Some(Constant::Real(f64::from(i))),
            other => other,
        };
        let op = match constant {
            Some(Constant::Null) if operator == BinaryOp::Equal => Op::JumpUnlessNull { a, to: 0 },
            Some(Constant::Null) if operator == BinaryOp::NotEqual => Op::JumpIfNull { a, to: 0 },
            Some(constant @ (Constant::Integer(_) | Constant::Real(_) | Constant::Text(_))) => {
                let k = self.constant(constant);
                match operator {
                    BinaryOp::Equal => Op::JumpUnlessEqualK { a, k, to: 0 },
                    BinaryOp::NotEqual => Op::JumpUnlessNotEqualK { a, k, to: 0 },
                    BinaryOp::Less => Op::JumpUnlessLessK { a, k, to: 0 },
                    BinaryOp::LessOrEqual => Op::JumpUnlessLessOrEqualK { a, k, to: 0 },
                    BinaryOp::Greater => Op::JumpUnlessGreaterK { a, k, to: 0 },
                    _ => Op::JumpUnlessGreaterOrEqualK { a, k, to: 0 },
                }
            }
            _ => {
                let b = self.expr(right, None).reg;
                match operator {
                    BinaryOp::Equal => Op::JumpUnlessEqual { a, b, to: 0 },
                    BinaryOp::NotEqual => Op::JumpUnlessNotEqual { a, b, to: 0 },
                    BinaryOp::Less => Op::JumpUnlessLess { a, b, to: 0 },
                    BinaryOp::LessOrEqual => Op::JumpUnlessLessOrEqual { a, b, to: 0 },
                    BinaryOp::Greater => Op::JumpUnlessGreater { a, b, to: 0 },
                    _ => Op::JumpUnlessGreaterOrEqual { a, b, to: 0 },
                }
            }
        };
        self.release(mark);
        Some(self.emit(op))
    }

    /// Whether the expression reads the local in `reg`.
    pub(super) fn mentions(&self, e: &Expr, reg: Reg) -> bool {
        let mut scope = super::super::scope::Scope::of_expression(e);
        scope.locals.drain(..).any(|l| self.scope.find(&l.name).is_some_and(|at| self.slots[at].reg == reg))
    }

    /// Whether the expression can only give a text: then `a+(b+c)` is `(a+b)+c`.
    pub(super) fn is_texty(&self, e: &Expr) -> bool {
        match &e.kind {
            ExprKind::Text(_) => true,
            ExprKind::Group(inner) => self.is_texty(inner),
            ExprKind::Local(name) => {
                self.scope.find(name).is_some_and(|at| Known::of(self.slots[at].ty) == Known::Text)
            }
            ExprKind::Command { id, .. } => {
                let info = id.info();
                info.returns.len() == 1 && info.returns[0].eq_ignore_ascii_case("text")
            }
            ExprKind::Constant(id) => matches!(constant_value(*id), Some(Constant::Text(_))),
            ExprKind::Chain { first, rest } => {
                self.is_texty(first) && rest.iter().all(|(op, e)| *op == BinaryOp::Add && self.is_texty(e))
            }
            ExprKind::Postfix { steps, .. } => {
                steps.last().is_some_and(|s| matches!(s.kind, StepKind::Character(_)))
            }
            // an element or member may be anything; but a single one is appended as it is
            _ => false,
        }
    }
}

fn is_comparison(operator: BinaryOp) -> bool {
    matches!(
        operator,
        BinaryOp::Equal
            | BinaryOp::NotEqual
            | BinaryOp::Less
            | BinaryOp::LessOrEqual
            | BinaryOp::Greater
            | BinaryOp::GreaterOrEqual
    )
}

/// What an operator gives for operands of known kinds.
fn result_of(operator: BinaryOp, left: Known, right: Known, numbers: bool, divides: bool) -> Known {
    if is_comparison(operator) {
        return Known::Boolean;
    }
    if !numbers {
        let texts = left == Known::Text && right == Known::Text && operator == BinaryOp::Add;
        return if texts { Known::Text } else { Known::Any };
    }
    match operator {
        BinaryOp::Divide => Known::Real,
        BinaryOp::Add | BinaryOp::Subtract | BinaryOp::Multiply => {
            if left == Known::Real || right == Known::Real { Known::Real } else { Known::Number }
        }
        BinaryOp::Modulo | BinaryOp::IntegerDivide if divides && left == Known::Integer => Known::Integer,
        BinaryOp::Modulo if divides => Known::Integer,
        BinaryOp::Power => Known::Number,
        _ => Known::Number,
    }
}

/// The value of an expression that is a literal, a constant or a negated number.
pub(super) fn literal(e: &Expr) -> Option<Constant> {
    Some(match &e.kind {
        ExprKind::Integer(i) => Constant::Integer(*i),
        ExprKind::Real(r) => Constant::Real(*r),
        ExprKind::Text(t) => Constant::Text(Text::from(&**t)),
        ExprKind::Date { year, month, day } => {
            Constant::Date(Date::new(*year, u32::from(*month), u32::from(*day)).unwrap_or(Date::NULL))
        }
        ExprKind::Time(seconds) => Constant::Time(Time::new(*seconds)),
        ExprKind::Constant(id) => constant_value(*id)?,
        ExprKind::Command { id: command::TRUE, .. } => Constant::Boolean(true),
        ExprKind::Command { id: command::FALSE, .. } => Constant::Boolean(false),
        ExprKind::Command { id: command::NULL, .. } => Constant::Null,
        ExprKind::Group(inner) => literal(inner)?,
        ExprKind::Unary { operator: UnaryOp::Minus, operand } => match literal(operand)? {
            Constant::Integer(i) => i.checked_neg().map_or(Constant::Real(-f64::from(i)), Constant::Integer),
            Constant::Real(r) => Constant::Real(-r),
            _ => return None,
        },
        _ => return None,
    })
}

fn constant_value(id: ConstantId) -> Option<Constant> {
    Some(match id.info().value {
        ConstantValue::Longint(i) => Constant::Integer(i),
        ConstantValue::Real(r) => Constant::Real(r),
        ConstantValue::Text(t) => Constant::Text(Text::from(t)),
        ConstantValue::Unknown => return None,
    })
}
