//! Calls and chains of `.member`, `[index]`, `->`: arguments go to consecutive registers at the top
//! of the frame, where the callee finds them as its own first registers.

use super::super::op::{Op, Reg};
use super::super::program::{Code, CodeKind, Constant};
use super::super::scope::{Scope, command, is_array_declaration, root};
use super::expression::literal;
use super::place::Place;
use super::{Builder, Known, Operand};
use crate::catalog::{CommandId, Direction};
use crate::syntax::ast::{Argument, BinaryOp, Expr, ExprKind, Step, StepKind};
use crate::text::Name;
use crate::value::{ErrorCode, Text, Type};
use std::sync::Arc;

impl Builder<'_> {
    /// Ends a call: the result lies in `base`.
    fn result(&mut self, base: Reg, hint: Option<Reg>, known: Known) -> Operand {
        self.release(base + 1);
        match hint {
            Some(dst) if dst != base => {
                self.emit(Op::Take { dst, src: base });
                if dst + 1 == base {
                    self.release(base);
                }
                Operand { reg: dst, known }
            }
            _ => Operand { reg: base, known },
        }
    }

    /// Where a call's arguments begin: on top, or in the hinted register if it is the topmost, so that the
    /// result need not be moved.
    fn call_base(&mut self, hint: Option<Reg>) -> Reg {
        let top = self.mark();
        match hint {
            Some(reg) if reg + 1 == top && reg >= self.locals_end => {
                self.release(reg);
                reg
            }
            _ => top,
        }
    }

    fn count(&mut self, arguments: &[Argument]) -> u8 {
        u8::try_from(arguments.len()).unwrap_or_else(|_| {
            self.overflow = Some("a call has more than 255 arguments");
            255
        })
    }

    /// Values of arguments in consecutive new registers.
    fn values(&mut self, arguments: &[Argument]) {
        for argument in arguments {
            let reg = self.fresh();
            let mark = self.mark();
            self.argument_value(argument, reg);
            self.release(mark);
        }
    }

    fn argument_value(&mut self, argument: &Argument, reg: Reg) {
        match argument {
            Argument::Value(e) => self.expr_to(e, reg),
            other => {
                let special = match other {
                    Argument::Star => 0,
                    Argument::Greater => 1,
                    Argument::Less => 2,
                    Argument::Operator(BinaryOp::And) => 4,
                    Argument::Operator(BinaryOp::Or) => 5,
                    Argument::Operator(_) => 6,
                    _ => 3,
                };
                self.emit(Op::LoadSpecial { dst: reg, special });
            }
        }
    }

    pub(super) fn call_method(
        &mut self,
        function: u32,
        arguments: &[Argument],
        hint: Option<Reg>,
    ) -> Operand {
        let count = self.count(arguments);
        if self.in_formula {
            // the method sees the object that the formula runs on. `Source: commands/this (Formula object)`
            let base = self.fresh();
            self.load_this(base);
            self.values(arguments);
            self.emit(Op::CallMethodThis { count, base, function });
            return self.result(base, hint, Known::Any);
        }
        let base = self.call_base(hint);
        if arguments.is_empty() {
            self.fresh();
        }
        self.values(arguments);
        self.emit(Op::CallMethod { count, base, function });
        self.result(base, hint, Known::Any)
    }

    /// `name(arguments)` where the name is no command.
    pub(super) fn call_name(&mut self, name: &Name, arguments: &[Argument], hint: Option<Reg>) -> Operand {
        if let Some(function) = self.names.method(name) {
            return self.call_method(function, arguments, hint);
        }
        let base = self.mark();
        self.fresh();
        self.values(arguments);
        self.error_at(ErrorCode::NoSuchMethod, &format!("There is no method or command named `{name}`"));
        self.result(base, hint, Known::Any)
    }

    pub(super) fn command(
        &mut self,
        id: CommandId,
        arguments: Option<&[Argument]>,
        hint: Option<Reg>,
    ) -> Operand {
        let given = arguments.unwrap_or_default();
        match id {
            command::THIS if given.is_empty() => return self.this_operand(hint),
            command::ASSERT | command::ASSERTED => return self.assertion(id, given, hint),
            command::FORMULA => return self.formula(given, hint),
            command::DEFER => return self.defer(given),
            command::SUPER_CALL | command::SUPER => return self.super_call("", given, hint),
            command::COUNT_PARAMETERS => {
                let dst = self.target(hint);
                self.emit(Op::CountParameters { dst });
                return Operand { reg: dst, known: Known::Integer };
            }
            command::NOT => {
                if let [Argument::Value(e)] = given {
                    let a = self.expr(e, hint).reg;
                    let dst = self.target(hint);
                    self.emit(Op::Not { dst, a });
                    return Operand { reg: dst, known: Known::Boolean };
                }
            }
            command::CHARACTER_CODE => {
                if let [Argument::Value(e)] = given
                    && let Some(done) = self.character_code(e, hint)
                {
                    return done;
                }
            }
            command::LENGTH => {
                if let [Argument::Value(e)] = given {
                    let a = self.expr(e, hint).reg;
                    let dst = self.target(hint);
                    self.emit(Op::Length { dst, a });
                    return Operand { reg: dst, known: Known::Integer };
                }
            }
            _ => {}
        }
        if arguments.is_some() && given.is_empty() && wants_variable(id) {
            let message =
                format!("`{}()`: a variable is expected in the parentheses; leave them away", id.info().name);
            self.error_at(ErrorCode::VariableExpected, &message);
            return Operand { reg: self.target(hint), known: Known::Any };
        }
        self.native(id, given, hint)
    }

    /// `ASSERT(…)` is not evaluated while assertions are off; without a message of its own its error
    /// shows the expression. `Source: commands/assert, commands/set-assert-enabled`
    fn assertion(&mut self, id: CommandId, given: &[Argument], hint: Option<Reg>) -> Operand {
        let with_text;
        let arguments = match given {
            [Argument::Value(e)] => {
                let text = ExprKind::Text(self.span_text(e.span).into());
                with_text = [given[0].clone(), Argument::Value(Expr { kind: text, span: e.span })];
                &with_text[..]
            }
            _ => given,
        };
        if id == command::ASSERTED {
            return self.native(id, arguments, hint);
        }
        let mark = self.mark();
        let enabled = self.native(command::GET_ASSERT_ENABLED, &[], None).reg;
        let skip = self.emit(Op::JumpUnless { a: enabled, to: 0 });
        self.release(mark);
        self.native(id, arguments, None);
        self.release(mark);
        self.land(skip);
        let dst = self.target(hint);
        self.emit(Op::LoadUndefined { dst });
        Operand { reg: dst, known: Known::Any }
    }

    fn this_operand(&mut self, hint: Option<Reg>) -> Operand {
        if self.before_super {
            // the native knows whether the parent has been constructed
            return self.native(command::THIS, &[], hint);
        }
        match self.this {
            Some(reg) => Operand { reg, known: Known::Any },
            None => {
                let dst = self.target(hint);
                self.emit(Op::LoadThis { dst });
                Operand { reg: dst, known: Known::Any }
            }
        }
    }

    fn load_this(&mut self, dst: Reg) {
        self.emit(match self.this {
            Some(src) => Op::Move { dst, src },
            None => Op::LoadThis { dst },
        });
    }

    /// `Character code($t[[$i]])` without making the one-character text.
    fn character_code(&mut self, e: &Expr, hint: Option<Reg>) -> Option<Operand> {
        let ExprKind::Postfix { base, steps } = &e.kind else { return None };
        let (Step { kind: StepKind::Character(index), .. }, before) = steps.split_last()? else {
            return None;
        };
        let mark = self.mark();
        let text = self.postfix(base, before, None).reg;
        let index = self.expr(index, None).reg;
        self.release(mark);
        let dst = self.target(hint);
        self.emit(Op::CharacterCodeAt { dst, text, index });
        Some(Operand { reg: dst, known: Known::Integer })
    }

    /// What `Type` gives for a local that may hold nothing at all: the type it was declared with.
    fn declared_type_number(&self, e: &Expr) -> Option<i32> {
        let ExprKind::Local(name) = &e.kind else { return None };
        let slot = self.scope.find(name).and_then(|at| self.slots.get(at)).filter(|slot| !slot.array)?;
        match slot.ty {
            Type::Object => Some(38),
            Type::Collection => Some(42),
            Type::Pointer => Some(23),
            Type::Picture => Some(3),
            _ => None,
        }
    }

    /// A command through the table of natives.
    fn native(&mut self, id: CommandId, arguments: &[Argument], hint: Option<Reg>) -> Operand {
        if id == command::TYPE
            && let [Argument::Value(e)] = arguments
            && let Some(number) = self.declared_type_number(e)
        {
            let dst = self.target(hint);
            self.load(Constant::Integer(number), dst);
            return Operand { reg: dst, known: Known::Integer };
        }
        let count = self.count(arguments);
        let base = self.call_base(hint);
        if arguments.is_empty() {
            self.fresh();
        }
        let mut back: Vec<(Place, Reg)> = Vec::new();
        let info = id.info();
        for _ in arguments {
            self.fresh();
        }
        for (position, argument) in arguments.iter().enumerate() {
            let reg = base + position as Reg;
            let mark = self.mark();
            let Argument::Value(e) = argument else {
                self.argument_value(argument, reg);
                continue;
            };
            let parameter = info.parameter(position, arguments.len());
            let written = parameter.is_some_and(|p| p.direction != Direction::In);
            let written = written || position == 0 && makes_its_object(id) && !is_property(e);
            let variable = written
                || is_array_declaration(id)
                || parameter.is_some_and(|p| {
                    p.types.iter().any(|t| matches!(*t, "Array" | "Variable" | "Field" | "any"))
                });
            if !written
                && reaches_other_processes(id)
                && parameter.is_some_and(|p| p.types.contains(&"Variable"))
                && is_element_of_global(e)
            {
                // another process's array: it need not be one here
                self.address_of(e, Some(reg));
                self.release(mark);
                continue;
            }
            if variable && self.refer(e, reg, written, &mut back) {
                // places whose copy is written back keep the registers they hang on
                if back.is_empty() {
                    self.release(mark);
                }
                continue;
            }
            self.expr_to(e, reg);
            if back.is_empty() {
                self.release(mark);
            }
        }
        self.emit(Op::CallCommand { count, base, command: id.0 });
        if back.is_empty() {
            return self.result(base, hint, returned(id));
        }
        let keep = self.fresh();
        self.emit(Op::Take { dst: keep, src: base });
        for (place, reg) in back {
            self.store_place(&place, Operand { reg, known: Known::Any });
        }
        self.emit(Op::Take { dst: base, src: keep });
        self.result(base, hint, Known::Any)
    }

    /// Passes a variable itself. `written` says that the command gives something back in it: what is no
    /// variable (a property, an element) is then passed as a register whose content is stored afterwards.
    fn refer(&mut self, e: &Expr, reg: Reg, written: bool, back: &mut Vec<(Place, Reg)>) -> bool {
        match &e.kind {
            ExprKind::Group(inner) => self.refer(inner, reg, written, back),
            ExprKind::Local(name) => {
                match self.local_place(name) {
                    Place::Local(local) => {
                        // a declared scalar is passed as a value where it is only read
                        if !written && local.ty != Type::Variant {
                            return false;
                        }
                        self.emit(Op::ReferRegister { dst: reg, src: local.reg });
                    }
                    Place::Cell(local) => {
                        self.emit(Op::MakePointer { dst: reg, src: local.reg });
                    }
                    _ => return false,
                }
                true
            }
            ExprKind::Name(name) if self.names.method(name).is_none() => {
                let variable = self.names.process_variable(name);
                self.emit(Op::ReferProcess { dst: reg, variable });
                true
            }
            ExprKind::Interprocess(name) => {
                let variable = self.names.interprocess_variable(name);
                self.emit(Op::ReferInterprocess { dst: reg, variable });
                true
            }
            ExprKind::Postfix { base, steps } => {
                if let Some((Step { kind: StepKind::Dereference, .. }, before)) = steps.split_last() {
                    let value = self.postfix(base, before, Some(reg));
                    self.move_to(value, reg);
                    // `$p->` stands for what it points to; a plain `$p` would be the pointer itself
                    self.emit(Op::PassPointee { dst: reg });
                    return true;
                }
                if let Some((Step { kind: StepKind::Element(index), .. }, before)) = steps.split_last()
                    && matches!(
                        root(base).kind,
                        ExprKind::Local(_) | ExprKind::Name(_) | ExprKind::Interprocess(_)
                    )
                    && let Some(src) = self.array_reference(base, before)
                {
                    // perhaps a row of an array with two dimensions
                    let index = self.expr(index, None).reg;
                    self.emit(Op::ReferElement { written, dst: reg, src, index });
                    return true;
                }
                if !written {
                    return false;
                }
                let place = self.place(e);
                if matches!(place, Place::Nowhere) {
                    return false;
                }
                let copy = self.fresh();
                let value = self.load_place(&place, Some(copy));
                self.move_to(value, copy);
                self.emit(Op::ReferRegister { dst: reg, src: copy });
                back.push((place, copy));
                true
            }
            ExprKind::ParameterAt(_) if written => {
                let place = self.place(e);
                let copy = self.fresh();
                let value = self.load_place(&place, Some(copy));
                self.move_to(value, copy);
                self.emit(Op::ReferRegister { dst: reg, src: copy });
                back.push((place, copy));
                true
            }
            _ => false,
        }
    }

    /// The register of the array that `$array{…}` or `$pointer->{…}` begins with.
    fn array_reference(&mut self, base: &Expr, before: &[Step]) -> Option<Reg> {
        match before.split_last() {
            None => Some(self.reference(base)),
            Some((Step { kind: StepKind::Dereference, .. }, before)) => {
                Some(self.postfix(base, before, None).reg)
            }
            Some(_) => None,
        }
    }

    /// `Formula(expression)`: code of its own, with the locals it mentions copied when it is made.
    fn formula(&mut self, arguments: &[Argument], hint: Option<Reg>) -> Operand {
        let [Argument::Value(e)] = arguments else {
            self.error_at(ErrorCode::Arity, "Formula takes one expression");
            return Operand { reg: self.target(hint), known: Known::Any };
        };
        let scope = Scope::of_expression(e);
        let outer: Vec<(Reg, usize)> = scope
            .locals
            .iter()
            .enumerate()
            .filter(|(_, l)| l.name.parse::<u16>().is_err())
            .filter_map(|(at, l)| self.scope.find(&l.name).map(|o| (self.slots[o].reg, at)))
            .collect();
        let mut inner =
            Builder::new(Name::new("Formula"), CodeKind::Formula, scope, self.source, self.names, true);
        inner.in_formula = true;
        let captures = inner.formula_body(e, &outer);
        let text = Text::from(self.span_text(e.span));
        inner.constant(Constant::Text(text.clone()));
        let parameters = inner.formula_parameters();
        let forwards = self.single_method(e);
        let code = match inner.finish(parameters, false, false, false) {
            Ok(code) => Code { captures: captures.into(), text: Some(text), forwards, ..code },
            Err(why) => {
                self.overflow = Some(why);
                return Operand { reg: self.target(hint), known: Known::Any };
            }
        };
        let dst = self.target(hint);
        let code_index = self.nested.len() as u16;
        self.nested.push(Arc::new(code));
        self.emit(Op::MakeFormula { dst, code: code_index });
        Operand { reg: dst, known: Known::Any }
    }

    /// A formula that is one project method and nothing else hands its parameters on.
    /// `Source: API/FormulaClass (Parameters to a single method)`
    pub(super) fn single_method(&self, e: &Expr) -> Option<u32> {
        match &e.kind {
            ExprKind::Group(inner) => self.single_method(inner),
            ExprKind::Name(name) => self.names.method(name),
            ExprKind::Call { name, arguments } if arguments.is_empty() => self.names.method(name),
            _ => None,
        }
    }

    fn defer(&mut self, arguments: &[Argument]) -> Operand {
        if self.in_formula {
            self.error_at(
                ErrorCode::IncompatibleTypes,
                "defer cannot be used inside a deferred expression or formula",
            );
        }
        let formula = self.formula(arguments, None).reg;
        self.emit(Op::Defer { formula });
        Operand { reg: formula, known: Known::Any }
    }

    /// `Super(…)`, which has no name, and `Super.name(…)`.
    fn super_call(&mut self, name: &str, arguments: &[Argument], hint: Option<Reg>) -> Operand {
        let count = self.count(arguments);
        let site = self.site(name);
        let base = self.fresh();
        self.load_this(base);
        self.values(arguments);
        self.emit(Op::CallSuper { count, base, site });
        if name.is_empty() {
            self.before_super = false;
        }
        self.result(base, hint, Known::Any)
    }

    /// `base.member[index](…)->…`
    pub(super) fn postfix(&mut self, base: &Expr, steps: &[Step], hint: Option<Reg>) -> Operand {
        if steps.is_empty() {
            return self.expr(base, hint);
        }
        let mut rest = steps;
        let mut value = match (&base.kind, steps) {
            (
                ExprKind::Command { id: command::SUPER | command::SUPER_CALL, arguments: None },
                [Step { kind: StepKind::Method(name, arguments), .. }, after @ ..],
            ) => {
                rest = after;
                self.super_call(name, arguments, None)
            }
            (
                ExprKind::Command { id: command::SUPER | command::SUPER_CALL, arguments: None },
                [Step { kind: StepKind::Member(name), .. }, after @ ..],
            ) => {
                rest = after;
                let dst = self.fresh();
                let site = self.site(name);
                self.emit(Op::GetSuper { dst, site });
                Operand { reg: dst, known: Known::Any }
            }
            (
                ExprKind::Command { id, arguments: None },
                [Step { kind: StepKind::Member(name), .. }, after @ ..],
            ) if *id == command::CS => {
                rest = after;
                let dst = if after.is_empty() { self.target(hint) } else { self.fresh() };
                let site = self.site(name);
                self.emit(Op::LoadClass { dst, site });
                Operand { reg: dst, known: Known::Any }
            }
            (_, [Step { kind: StepKind::Element(_), .. }, ..]) => {
                let (value, after) = self.elements(base, steps);
                rest = after;
                value
            }
            _ => self.expr(base, None),
        };
        let first = self.sites.len();
        let of_object_variable =
            matches!(steps, [Step { kind: StepKind::Member(_), .. }, ..]) && self.is_object_variable(base);
        while let Some((step, after)) = rest.split_first() {
            let last = after.is_empty();
            let to = if last { hint } else { None };
            // `$p->{i}`: the pointer stands for the array
            if let (StepKind::Dereference, Some(Step { kind: StepKind::Element(_), .. })) =
                (&step.kind, after.first())
            {
                let (element, after) = self.element_steps(value.reg, after);
                value = element;
                rest = after;
                continue;
            }
            // `$o["name"](…)` runs on `$o`
            if let (StepKind::Index(index), Some(Step { kind: StepKind::Call(arguments), .. })) =
                (&step.kind, after.first())
            {
                value = self.call_indexed(value.reg, index, arguments, to);
                rest = after.get(1..).unwrap_or_default();
                continue;
            }
            // `$c[$i][$j]`, without a copy of the inner collection
            if let (StepKind::Index(row), Some(Step { kind: StepKind::Index(index), .. })) =
                (&step.kind, after.first())
                && (matches!(index.kind, ExprKind::Local(_)) || literal(index).is_some())
            {
                let row = self.expr(row, None).reg;
                let index = self.expr(index, None).reg;
                let dst = if after.len() == 1 { self.target(hint) } else { self.fresh() };
                self.emit(Op::GetIndexes { dst, base: value.reg, index: row });
                self.emit(Op::Operand { reg: index });
                value = Operand { reg: dst, known: Known::Any };
                rest = after.get(1..).unwrap_or_default();
                continue;
            }
            value = self.step(value, step, to);
            rest = after;
        }
        if of_object_variable && let Some(site) = self.sites.get_mut(first) {
            site.of_object_variable = true;
        }
        value
    }

    /// Whether an expression is `This` or a local variable declared as Object.
    fn is_object_variable(&self, e: &Expr) -> bool {
        if matches!(e.kind, ExprKind::Command { id: command::THIS, .. }) {
            return true;
        }
        let ExprKind::Local(name) = &e.kind else { return false };
        let slot = self.scope.find(name).and_then(|at| self.slots.get(at));
        slot.is_some_and(|slot| slot.ty == Type::Object && !slot.array)
    }

    /// `base[index](arguments)`: what `function.call(base; arguments)` does.
    fn call_indexed(
        &mut self,
        from: Reg,
        index: &Expr,
        arguments: &[Argument],
        hint: Option<Reg>,
    ) -> Operand {
        let count = self.count(arguments).saturating_add(1);
        let site = self.site(&Name::new("call"));
        let base = self.fresh();
        let mark = self.mark();
        let at = self.expr(index, None).reg;
        self.emit(Op::GetIndex { dst: base, base: from, index: at });
        self.release(mark);
        let this = self.fresh();
        self.emit(Op::Move { dst: this, src: from });
        self.values(arguments);
        self.emit(Op::CallMember { count, base, site });
        self.result(base, hint, Known::Any)
    }

    fn elements<'s>(&mut self, base: &Expr, steps: &'s [Step]) -> (Operand, &'s [Step]) {
        let array = self.reference(base);
        self.element_steps(array, steps)
    }

    fn element_steps<'s>(&mut self, array: Reg, steps: &'s [Step]) -> (Operand, &'s [Step]) {
        let dst = self.fresh();
        match steps {
            [
                Step { kind: StepKind::Element(first), .. },
                Step { kind: StepKind::Element(second), .. },
                after @ ..,
            ] => {
                let index = self.fresh();
                let other = self.fresh();
                self.expr_to(first, index);
                self.expr_to(second, other);
                self.emit(Op::GetElement2 { dst, array, index });
                self.release(dst + 1);
                (Operand { reg: dst, known: Known::Any }, after)
            }
            [Step { kind: StepKind::Element(index), .. }, after @ ..] => {
                let index = self.expr(index, None).reg;
                self.emit(Op::GetElement { dst, array, index });
                self.release(dst + 1);
                (Operand { reg: dst, known: Known::Any }, after)
            }
            _ => (Operand { reg: dst, known: Known::Any }, steps),
        }
    }

    fn step(&mut self, base: Operand, step: &Step, hint: Option<Reg>) -> Operand {
        let from = base.reg;
        match &step.kind {
            StepKind::Member(name) => {
                let dst = self.target(hint);
                let site = self.site(name);
                let op = if &**name == "length" {
                    Op::GetLength { dst, base: from, site }
                } else {
                    Op::GetMember { dst, base: from, site }
                };
                self.emit(op);
                Operand { reg: dst, known: Known::Any }
            }
            StepKind::Method(name, arguments) => {
                let count = self.count(arguments);
                let site = self.site(name);
                // the receiver may lie just where the call wants it
                let at_top = from + 1 == self.mark() && from >= self.locals_end;
                let base = if at_top { from } else { self.fresh() };
                if !at_top {
                    self.emit(Op::Move { dst: base, src: from });
                }
                self.values(arguments);
                self.emit(Op::CallMember { count, base, site });
                self.result(base, hint, Known::Any)
            }
            StepKind::Call(arguments) => {
                let count = self.count(arguments);
                let base = self.fresh();
                self.emit(Op::Move { dst: base, src: from });
                self.values(arguments);
                self.emit(Op::CallValue { count, base });
                self.result(base, hint, Known::Any)
            }
            StepKind::Index(index) => {
                let index = self.expr(index, None).reg;
                let dst = self.target(hint);
                self.emit(Op::GetIndex { dst, base: from, index });
                Operand { reg: dst, known: Known::Any }
            }
            StepKind::Element(index) => {
                let index = self.expr(index, None).reg;
                let dst = self.target(hint);
                self.emit(Op::GetElement { dst, array: from, index });
                Operand { reg: dst, known: Known::Any }
            }
            StepKind::Character(index) => {
                let index = self.expr(index, None).reg;
                let dst = self.target(hint);
                self.emit(Op::GetCharacter { dst, text: from, index });
                Operand { reg: dst, known: Known::Text }
            }
            StepKind::Dereference => {
                let dst = self.target(hint);
                self.emit(Op::Dereference { dst, pointer: from });
                Operand { reg: dst, known: Known::Any }
            }
        }
    }
}

/// Functions whose parentheses open with a variable that they fill: left empty, 4D takes that for an error,
/// while `Current date()` is fine.
fn wants_variable(id: CommandId) -> bool {
    id.info().parameter(0, 1).is_some_and(|p| p.optional && p.direction == Direction::Out)
}

/// Commands that make the object they work on, where the variable holds none. `Source: commands/ob-set`
fn makes_its_object(id: CommandId) -> bool {
    matches!(id, command::OB_SET | command::OB_SET_ARRAY | command::OB_SET_NULL)
}

fn is_property(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Group(inner) => is_property(inner),
        ExprKind::Postfix { steps, .. } => {
            matches!(
                steps.last().map(|s| &s.kind),
                Some(StepKind::Member(_) | StepKind::Index(_) | StepKind::Method(..))
            )
        }
        _ => false,
    }
}

/// What is known of a command's result.
fn returned(id: CommandId) -> Known {
    // only what the natives are known to give with one tag may be claimed here
    match id.0 {
        539 | 17 | 18 | 19 | 20 => Known::Real,
        _ => Known::Any,
    }
}

/// The commands that take variables of other processes: `SET`, `GET PROCESS VARIABLE`, `VARIABLE TO VARIABLE`.
fn reaches_other_processes(id: CommandId) -> bool {
    matches!(id.0, 370 | 371 | 635)
}

/// `name{index}`
fn is_element_of_global(e: &Expr) -> bool {
    match &e.kind {
        ExprKind::Group(inner) => is_element_of_global(inner),
        ExprKind::Postfix { base, steps } => {
            matches!(base.kind, ExprKind::Name(_) | ExprKind::Interprocess(_))
                && matches!(&**steps, [Step { kind: StepKind::Element(_), .. }])
        }
        _ => false,
    }
}
