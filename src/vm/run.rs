//! The loop: fetches operations and runs them until the frame it began with ends. One arm an
//! operation; what is not a common case is a call to a function elsewhere in this folder.
//!
//! Registers are reached through a raw pointer to the running frame's first one. It is taken anew
//! (`reload!`) after everything that can move the stack or change the frame: calls, natives, faults.
//!
//! One function, and so a long one: the compiler keeps `pc`, `base` and `constants` in machine registers
//! only as long as no arm gives them away. Arms that were made functions of their own, and macros that
//! joined alike arms, were measured to slow the whole loop down.

#![allow(unsafe_code)]
#![allow(unused_unsafe)] // the macros for registers are used inside unsafe blocks too

use super::call::Left;
use super::frame::drop_slow;
use super::members::Cached;
use super::operands::{
    append, character, condition, content, first_code, for_done, for_next, is_null, length_of, new_object,
    next_item, not_equal, not_operand, reference_of, set_character, set_local_element, set_local_element2,
    settled, special_of, truthy,
};
use super::process::{Arguments, Process};
use super::slow;
use crate::code::op::{Binary, Op};
use crate::code::program::{Code, Constant};
use crate::value::shared::Scalar;
use crate::value::{Collection, Fault, Result, Special, Type, Value, Words, accepted, element};

impl Process {
    /// Runs until only `floor` frames are left; gives what the last one returned.
    ///
    /// # Errors
    /// A fault that no handler in the frames above `floor` took; those frames are gone then.
    pub(super) fn run(&mut self, floor: usize) -> Result<Value> {
        let mut code: *const Code;
        let mut ops: *const Op;
        let mut constants: *const Constant;
        let mut base: *mut Value;
        let mut pc: *const Op;

        // SAFETY (all of this function): `code` is alive while its frame is (`Frame::keep`, or the
        // program); every register, constant, site and jump in it was numbered by the compiler
        // below `code.registers`, the tables' lengths and `ops.len()`; `enter` made sure that the stack reaches
        // beyond the frame's last register; registers are only reached from this thread.
        macro_rules! reload {
            () => {{
                let Some(frame) = self.frames.last() else { return Err(self.lost()) };
                code = frame.code;
                let running = unsafe { &*code };
                ops = running.ops.as_ptr();
                constants = running.constants.as_ptr();
                pc = unsafe { ops.add(frame.pc as usize) };
                base = unsafe { self.stack.as_mut_ptr().add(frame.base as usize) };
            }};
        }
        macro_rules! save {
            () => {{
                let at = unsafe { pc.offset_from(ops) } as u32;
                if let Some(frame) = self.frames.last_mut() {
                    frame.pc = at;
                }
            }};
        }
        macro_rules! reg {
            ($r:expr) => {
                unsafe { &mut *base.add($r as usize) }
            };
        }
        // read only: two operands may be the same register
        macro_rules! get {
            ($r:expr) => {
                unsafe { &*base.add($r as usize).cast_const() }
            };
        }
        macro_rules! constant {
            ($k:expr) => {
                unsafe { &*constants.add($k as usize) }
            };
        }
        macro_rules! site {
            ($s:expr) => {
                unsafe { (&(*code).sites).get_unchecked($s as usize) }
            };
        }
        macro_rules! jump {
            ($to:expr) => {
                pc = unsafe { pc.offset($to as isize) }
            };
        }
        // writes a value of any kind
        macro_rules! put {
            ($dst:expr, $value:expr) => {{
                let value = $value;
                let slot: *mut Value = reg!($dst);
                unsafe {
                    if (*slot).is_heap() {
                        drop_slow(slot);
                    }
                    Value::put(slot, value);
                }
            }};
        }
        macro_rules! put_words {
            ($dst:expr, $words:expr) => {{
                let words: Words = $words;
                let slot: *mut Value = reg!($dst);
                unsafe {
                    if (*slot).is_heap() {
                        drop_slow(slot);
                    }
                    words.write(slot);
                }
            }};
        }
        macro_rules! put_integer {
            ($dst:expr, $value:expr) => {{
                let value = $value;
                let slot: *mut Value = reg!($dst);
                unsafe {
                    if (*slot).is_heap() {
                        drop_slow(slot);
                    }
                    Value::put_integer(slot, value);
                }
            }};
        }
        macro_rules! put_real {
            ($dst:expr, $value:expr) => {{
                let value = $value;
                let slot: *mut Value = reg!($dst);
                unsafe {
                    if (*slot).is_heap() {
                        drop_slow(slot);
                    }
                    Value::put_real(slot, value);
                }
            }};
        }
        macro_rules! put_boolean {
            ($dst:expr, $value:expr) => {{
                let value = $value;
                let slot: *mut Value = reg!($dst);
                unsafe {
                    if (*slot).is_heap() {
                        drop_slow(slot);
                    }
                    Value::put_boolean(slot, value);
                }
            }};
        }
        macro_rules! fault {
            ($fault:expr) => {{
                let fault = $fault;
                save!();
                match self.handle_fault(fault, floor) {
                    Ok(()) => {
                        reload!();
                        continue;
                    }
                    Err(fault) => return Err(fault),
                }
            }};
        }
        macro_rules! check {
            ($result:expr) => {
                match $result {
                    Ok(value) => value,
                    Err(fault) => fault!(fault),
                }
            };
        }
        macro_rules! arithmetic {
            ($dst:expr, $a:expr, $b:expr, $checked:ident, $sign:tt, $slow:path) => {{
                match (get!($a), get!($b)) {
                    (Value::Integer(x), Value::Integer(y)) => match x.$checked(*y) {
                        Some(z) => put_integer!($dst, z),
                        None => put_real!($dst, f64::from(*x) $sign f64::from(*y)),
                    },
                    (Value::Real(x), Value::Real(y)) => put_real!($dst, *x $sign *y),
                    (x, y) => {
                        let result = $slow(x, y, &self.rules);
                        put!($dst, check!(result));
                    }
                }
            }};
        }
        macro_rules! arithmetic_k {
            ($dst:expr, $a:expr, $k:expr, $checked:ident, $sign:tt, $slow:path) => {{
                match (get!($a), constant!($k)) {
                    (Value::Integer(x), Constant::Integer(y)) => match x.$checked(*y) {
                        Some(z) => put_integer!($dst, z),
                        None => put_real!($dst, f64::from(*x) $sign f64::from(*y)),
                    },
                    (Value::Real(x), Constant::Real(y)) => put_real!($dst, *x $sign *y),
                    (x, y) => {
                        let result = $slow(x, &y.to_value(), &self.rules);
                        put!($dst, check!(result));
                    }
                }
            }};
        }
        macro_rules! real_arithmetic {
            ($dst:expr, $a:expr, $b:expr, $sign:tt, $slow:path) => {{
                match (get!($a), get!($b)) {
                    (Value::Real(x), Value::Real(y)) => put_real!($dst, *x $sign *y),
                    (x, y) => match (float(x), float(y)) {
                        (Some(x), Some(y)) => put_real!($dst, x $sign y),
                        _ => {
                            let result = $slow(x, y, &self.rules);
                            let value = check!(result);
                            put!($dst, check!(slow::assign(value, Type::Real)));
                        }
                    },
                }
            }};
        }
        macro_rules! integer_arithmetic {
            ($dst:expr, $a:expr, $b:expr, $checked:ident, $slow:path) => {{
                match (get!($a), get!($b)) {
                    (Value::Integer(x), Value::Integer(y)) if let Some(z) = x.$checked(*y) => {
                        put_integer!($dst, z);
                    }
                    (x, y) => {
                        let result = $slow(x, y, &self.rules);
                        let value = check!(result);
                        put!($dst, check!(slow::assign(value, Type::Integer)));
                    }
                }
            }};
        }
        // reals that differ by no more than epsilon are equal. `Source: commands/set-real-comparison-level`
        macro_rules! reals {
            ($x:expr, $y:expr, <) => {
                $x < $y
            };
            ($x:expr, $y:expr, >) => {
                $x > $y
            };
            ($x:expr, $y:expr, <=) => {
                $x <= $y || ($x - $y).abs() <= self.rules.epsilon
            };
            ($x:expr, $y:expr, >=) => {
                $x >= $y || ($x - $y).abs() <= self.rules.epsilon
            };
            ($x:expr, $y:expr, ==) => {
                $x == $y || ($x - $y).abs() <= self.rules.epsilon
            };
            ($x:expr, $y:expr, !=) => {
                !($x == $y || ($x - $y).abs() <= self.rules.epsilon)
            };
        }
        macro_rules! compare {
            ($dst:expr, $a:expr, $b:expr, $sign:tt, $slow:path) => {{
                let holds = match (get!($a), get!($b)) {
                    (Value::Integer(x), Value::Integer(y)) => *x $sign *y,
                    (Value::Real(x), Value::Real(y)) => reals!(*x, *y, $sign),
                    (x, y) => check!($slow(x, y, &self.rules)),
                };
                put_boolean!($dst, holds);
            }};
        }
        macro_rules! jump_unless {
            ($a:expr, $b:expr, $to:expr, $sign:tt, $slow:path) => {{
                let holds = match (get!($a), get!($b)) {
                    (Value::Integer(x), Value::Integer(y)) => *x $sign *y,
                    (Value::Real(x), Value::Real(y)) => reals!(*x, *y, $sign),
                    (x, y) => check!($slow(x, y, &self.rules)),
                };
                if !holds {
                    jump!($to);
                }
            }};
        }
        macro_rules! jump_unless_k {
            ($a:expr, $k:expr, $to:expr, $sign:tt, $slow:path) => {{
                let holds = match (get!($a), constant!($k)) {
                    (Value::Integer(x), Constant::Integer(y)) => *x $sign *y,
                    (Value::Real(x), Constant::Real(y)) => reals!(*x, *y, $sign),
                    (x, y) => check!(self.compare_constant(x, y, $slow)),
                };
                if !holds {
                    jump!($to);
                }
            }};
        }

        macro_rules! leave {
            ($value:expr) => {
                match self.leave($value, floor) {
                    Left::Caller => reload!(),
                    Left::Native(value) => return Ok(value),
                    Left::Fault(fault) => match self.handle_fault(fault, floor) {
                        Ok(()) => reload!(),
                        Err(fault) => return Err(fault),
                    },
                }
            };
        }

        reload!();
        loop {
            let op = unsafe { *pc };
            pc = unsafe { pc.add(1) };
            match op {
                // ---- loading and moving
                Op::Load { dst, k } => put!(dst, constant!(k).to_value()),
                Op::LoadInteger { dst, value } => put_integer!(dst, value),
                Op::LoadBoolean { dst, value } => put_boolean!(dst, value),
                Op::LoadNull { dst } => put!(dst, Value::Null),
                Op::LoadUndefined { dst } => put!(dst, Value::Undefined),
                Op::LoadSpecial { dst, special } => put!(dst, Value::Special(special_of(special))),
                Op::Move { dst, src } => put_words!(dst, Words::of(get!(src))),
                Op::Take { dst, src } => {
                    let words = unsafe { Value::take_words(reg!(src)) };
                    put_words!(dst, words);
                }
                Op::Convert { dst, src, ty } => {
                    if accepted(Type::from_tag(ty)) >> get!(src).tag() & 1 != 0 {
                        let words = unsafe { self.taken_words(base, code, src) };
                        put_words!(dst, words);
                    } else {
                        let value = self.taken(base, code, src);
                        put!(dst, check!(slow::assign(value, Type::from_tag(ty))));
                    }
                }
                Op::ConvertInteger { dst, src } => match reg!(src) {
                    Value::Integer(x) => {
                        let x = *x;
                        put_integer!(dst, x);
                    }
                    _ => {
                        let value = self.taken(base, code, src);
                        put!(dst, check!(slow::assign(value, Type::Integer)));
                    }
                },
                Op::ConvertReal { dst, src } => match reg!(src) {
                    Value::Real(x) => {
                        let x = *x;
                        put_real!(dst, x);
                    }
                    Value::Integer(x) => {
                        let x = f64::from(*x);
                        put_real!(dst, x);
                    }
                    _ => {
                        let value = self.taken(base, code, src);
                        put!(dst, check!(slow::assign(value, Type::Real)));
                    }
                },
                Op::LoadThis { dst } => {
                    put!(dst, self.this());
                }
                Op::LoadParameter { dst, n } => {
                    let value = self.load_parameter(reg!(n));
                    put!(dst, check!(value));
                }
                Op::StoreParameter { n, src } => {
                    let value = reg!(src).clone();
                    let n = reg!(n).clone();
                    check!(self.store_parameter(&n, value));
                }
                Op::CountStatement { counter } => {
                    // SAFETY: as above
                    unsafe { &*code }.counters[counter as usize].increment();
                }
                Op::CountParameters { dst } => {
                    let count = self.frames.last().map_or(0, |f| i32::from(f.count));
                    put_integer!(dst, count);
                }

                // ---- variables outside registers
                Op::LoadProcess { dst, variable } => {
                    let value = self.load_process_variable(variable);
                    put!(dst, value);
                }
                Op::StoreProcess { src, variable } => {
                    let value = self.taken(base, code, src);
                    check!(self.store_process_variable(variable, value));
                }
                Op::DeclareProcess { ty, variable } => {
                    check!(self.declare_process_variable(variable, Type::from_tag(ty)));
                }
                Op::LoadInterprocess { dst, variable } => {
                    let value = self.load_interprocess_variable(variable);
                    put!(dst, value);
                }
                Op::StoreInterprocess { src, variable } => {
                    let value = self.taken(base, code, src);
                    check!(self.store_interprocess_variable(variable, value));
                }
                Op::DeclareInterprocess { ty, variable } => {
                    check!(self.declare_interprocess_variable(variable, Type::from_tag(ty)));
                }
                Op::MakeCell { dst } => {
                    let slot = reg!(dst);
                    let name = unsafe { &*code }.local_name(dst);
                    // a line of text run in another method is given that method's cells
                    if !matches!(slot, Value::Cell(_)) {
                        let value = std::mem::take(slot);
                        *slot = Value::Cell(crate::value::Cell::named(value, name));
                    }
                }
                Op::LoadCell { dst, cell } => {
                    let value = content(reg!(cell));
                    put!(dst, value);
                }
                Op::StoreCell { cell, src } => {
                    let value = self.taken(base, code, src);
                    if let Value::Cell(cell) = reg!(cell) {
                        cell.with_mut(|old| super::variables::select_or_store(old, value));
                    }
                }

                // ---- references and pointers
                Op::ReferRegister { dst, src } => {
                    let absolute = unsafe { base.offset_from(self.stack.as_ptr()) } as u32 + u32::from(src);
                    put!(dst, Value::Special(Special::Register(absolute)));
                }
                Op::ReferProcess { dst, variable } => put!(dst, Value::Special(Special::Process(variable))),
                Op::ReferInterprocess { dst, variable } => {
                    put!(dst, Value::Special(Special::Interprocess(variable)))
                }
                Op::MakePointer { dst, src } => {
                    let value = check!(self.make_pointer(reg!(src)));
                    put!(dst, value);
                }
                Op::MakeElementPointer { dst, src, index } => {
                    let value = check!(self.make_element_pointer(get!(src), get!(index)));
                    put!(dst, value);
                }
                Op::ReferElement { written, dst, src, index } => {
                    let absolute = unsafe { base.offset_from(self.stack.as_ptr()) } as u32 + u32::from(src);
                    let value = check!(self.refer_element(absolute, get!(index), written));
                    put!(dst, value);
                }
                Op::PassPointee { dst } => {
                    let value = std::mem::take(reg!(dst));
                    let reference = check!(self.pointee_reference(value));
                    put!(dst, reference);
                }
                Op::Dereference { dst, pointer } => {
                    let value = check!(self.dereference(reg!(pointer)));
                    put!(dst, value);
                }
                Op::StoreDereference { pointer, src } => {
                    let value = reg!(src).clone();
                    let pointer = reg!(pointer).clone();
                    check!(self.store_dereference(&pointer, value));
                }

                // ---- arithmetic
                Op::Add { dst, a, b } => match (get!(a), get!(b)) {
                    (Value::Integer(x), Value::Integer(y)) => match x.checked_add(*y) {
                        Some(z) => put_integer!(dst, z),
                        None => put_real!(dst, f64::from(*x) + f64::from(*y)),
                    },
                    (Value::Real(x), Value::Real(y)) => put_real!(dst, *x + *y),
                    (Value::Text(_), Value::Text(y)) if dst == a => {
                        // a chain's intermediate text grows in place
                        let y = y.clone();
                        if let Value::Text(x) = reg!(a) {
                            check!(x.try_push_text(&y));
                        }
                    }
                    (x, y) => {
                        let result = slow::add(x, y, &self.rules);
                        put!(dst, check!(result));
                    }
                },
                Op::Subtract { dst, a, b } => arithmetic!(dst, a, b, checked_sub, -, slow::subtract),
                Op::Multiply { dst, a, b } => arithmetic!(dst, a, b, checked_mul, *, slow::multiply),
                Op::Divide { dst, a, b } => match (float(get!(a)), float(get!(b))) {
                    (Some(x), Some(y)) => put_real!(dst, x / y),
                    _ => {
                        let result = slow::divide(get!(a), get!(b), &self.rules);
                        put!(dst, check!(result));
                    }
                },
                Op::IntegerDivide { dst, a, b } => {
                    let result = slow::integer_divide(get!(a), get!(b), &self.rules);
                    put!(dst, check!(result));
                }
                Op::Modulo { dst, a, b } => match (get!(a), get!(b)) {
                    (Value::Integer(x), Value::Integer(y)) if *y > 0 => put_integer!(dst, x % y),
                    (x, y) => {
                        let result = slow::modulo(x, y, &self.rules);
                        put!(dst, check!(result));
                    }
                },
                Op::AddK { dst, a, k } => arithmetic_k!(dst, a, k, checked_add, +, slow::add),
                Op::SubtractK { dst, a, k } => arithmetic_k!(dst, a, k, checked_sub, -, slow::subtract),
                Op::MultiplyK { dst, a, k } => arithmetic_k!(dst, a, k, checked_mul, *, slow::multiply),
                Op::DivideK { dst, a, k } => match (get!(a), constant!(k)) {
                    (Value::Real(x), Constant::Real(y)) => put_real!(dst, *x / *y),
                    (Value::Integer(x), Constant::Integer(y)) => {
                        put_real!(dst, f64::from(*x) / f64::from(*y))
                    }
                    (x, y) => {
                        let result = slow::divide(x, &y.to_value(), &self.rules);
                        put!(dst, check!(result));
                    }
                },
                Op::IntegerDivideK { dst, a, k } => match (get!(a), constant!(k)) {
                    (Value::Integer(x), Constant::Integer(y)) if *y > 0 => {
                        put_integer!(dst, x.div_euclid(*y))
                    }
                    (x, y) => {
                        let result = slow::integer_divide(x, &y.to_value(), &self.rules);
                        put!(dst, check!(result));
                    }
                },
                Op::ModuloK { dst, a, k } => match (get!(a), constant!(k)) {
                    (Value::Integer(x), Constant::Integer(y)) if *y > 0 => put_integer!(dst, x % y),
                    (x, y) => {
                        let result = slow::modulo(x, &y.to_value(), &self.rules);
                        put!(dst, check!(result));
                    }
                },
                Op::Binary { operator: Binary::And, dst, a, b }
                    if let (Value::Integer(x), Value::Integer(y)) = (get!(a), get!(b)) =>
                {
                    put_integer!(dst, x & y);
                }
                Op::Binary { operator, dst, a, b } => {
                    let result = self.rare_operator(operator, get!(a), get!(b));
                    put!(dst, check!(result));
                }
                Op::Negate { dst, a } => {
                    let result = slow::negate(reg!(a));
                    put!(dst, check!(result));
                }
                Op::Not { dst, a } => {
                    let holds = match reg!(a) {
                        Value::Boolean(b) => *b,
                        other => check!(not_operand(other)),
                    };
                    put_boolean!(dst, !holds);
                }
                Op::Append { dst, src } => {
                    let more = get!(src).clone();
                    let done = append(reg!(dst), &more, &self.rules);
                    check!(done);
                }
                Op::AddInteger { dst, a, b } => integer_arithmetic!(dst, a, b, checked_add, slow::add),
                Op::SubtractInteger { dst, a, b } => {
                    integer_arithmetic!(dst, a, b, checked_sub, slow::subtract)
                }
                Op::MultiplyInteger { dst, a, b } => {
                    integer_arithmetic!(dst, a, b, checked_mul, slow::multiply)
                }
                Op::AddIntegerK { dst, a, k } => match (get!(a), constant!(k)) {
                    (Value::Integer(x), Constant::Integer(y)) if let Some(z) = x.checked_add(*y) => {
                        put_integer!(dst, z);
                    }
                    (x, y) => {
                        let result = slow::add(x, &y.to_value(), &self.rules);
                        let value = check!(result);
                        put!(dst, check!(slow::assign(value, Type::Integer)));
                    }
                },
                Op::AddReal { dst, a, b } => real_arithmetic!(dst, a, b, +, slow::add),
                Op::SubtractReal { dst, a, b } => real_arithmetic!(dst, a, b, -, slow::subtract),
                Op::MultiplyReal { dst, a, b } => real_arithmetic!(dst, a, b, *, slow::multiply),
                Op::DivideReal { dst, a, b } => real_arithmetic!(dst, a, b, /, slow::divide),

                // ---- comparisons
                Op::Equal { dst, a, b } => compare!(dst, a, b, ==, slow::equal),
                Op::NotEqual { dst, a, b } => compare!(dst, a, b, !=, not_equal),
                Op::Less { dst, a, b } => compare!(dst, a, b, <, slow::less),
                Op::LessOrEqual { dst, a, b } => compare!(dst, a, b, <=, slow::less_or_equal),
                Op::Greater { dst, a, b } => compare!(dst, a, b, >, slow::greater),
                Op::GreaterOrEqual { dst, a, b } => compare!(dst, a, b, >=, slow::greater_or_equal),

                // ---- jumps
                Op::Jump { to } => jump!(to),
                Op::Loop { to } => {
                    jump!(to);
                    if self.is_called() {
                        check!(self.attend());
                    }
                }
                Op::JumpIf { a, to } => {
                    if check!(condition(reg!(a))) {
                        jump!(to);
                    }
                }
                Op::JumpUnless { a, to } => {
                    if !check!(condition(reg!(a))) {
                        jump!(to);
                    }
                }
                Op::JumpIfTruthy { a, to } => {
                    if truthy(reg!(a)) {
                        jump!(to);
                    }
                }
                Op::JumpIfFalsy { a, to } => {
                    if !truthy(reg!(a)) {
                        jump!(to);
                    }
                }
                Op::JumpUnlessEqual { a, b, to } => jump_unless!(a, b, to, ==, slow::equal),
                Op::JumpUnlessNotEqual { a, b, to } => jump_unless!(a, b, to, !=, not_equal),
                Op::JumpUnlessLess { a, b, to } => jump_unless!(a, b, to, <, slow::less),
                Op::JumpUnlessLessOrEqual { a, b, to } => jump_unless!(a, b, to, <=, slow::less_or_equal),
                Op::JumpUnlessGreater { a, b, to } => jump_unless!(a, b, to, >, slow::greater),
                Op::JumpUnlessGreaterOrEqual { a, b, to } => {
                    jump_unless!(a, b, to, >=, slow::greater_or_equal)
                }
                Op::JumpUnlessEqualK { a, k, to } => jump_unless_k!(a, k, to, ==, slow::equal),
                Op::JumpUnlessNotEqualK { a, k, to } => jump_unless_k!(a, k, to, !=, not_equal),
                Op::JumpUnlessLessK { a, k, to } => jump_unless_k!(a, k, to, <, slow::less),
                Op::JumpUnlessLessOrEqualK { a, k, to } => jump_unless_k!(a, k, to, <=, slow::less_or_equal),
                Op::JumpUnlessGreaterK { a, k, to } => jump_unless_k!(a, k, to, >, slow::greater),
                Op::JumpUnlessGreaterOrEqualK { a, k, to } => {
                    jump_unless_k!(a, k, to, >=, slow::greater_or_equal)
                }
                Op::JumpUnlessNull { a, to } => {
                    if !is_null(reg!(a)) {
                        jump!(to);
                    }
                }
                Op::JumpIfNull { a, to } => {
                    if is_null(reg!(a)) {
                        jump!(to);
                    }
                }

                // ---- loops
                Op::ForTest { counter, state, to } => {
                    let done = match (reg!(counter), reg!(state), reg!(state + 1)) {
                        (Value::Integer(i), Value::Integer(end), Value::Integer(step)) => {
                            if *step >= 0 {
                                *i > *end
                            } else {
                                *i < *end
                            }
                        }
                        (i, end, step) => check!(for_done(i, end, step)),
                    };
                    if done {
                        jump!(to);
                    }
                }
                Op::ForNext { counter, state, to } => {
                    let done = match (reg!(counter), reg!(state), reg!(state + 1)) {
                        (Value::Integer(i), Value::Integer(end), Value::Integer(step))
                            if let Some(next) = i.checked_add(*step) =>
                        {
                            *i = next;
                            if *step >= 0 { next > *end } else { next < *end }
                        }
                        (i, end, step) => check!(for_next(i, end, step, &self.rules)),
                    };
                    if !done {
                        jump!(to);
                        if self.is_called() {
                            check!(self.attend());
                        }
                    }
                }
                Op::ForEachStart { state, bounds } => {
                    let over = std::mem::take(reg!(state));
                    let first = std::mem::take(reg!(state + 1));
                    let end = std::mem::take(reg!(state + 2));
                    let (over, first, end) = check!(self.start_iteration(over, &first, &end, bounds));
                    put!(state, over);
                    put_integer!(state + 1, first);
                    put_integer!(state + 2, end);
                }
                Op::ForEachNext { dst, state, to } => {
                    let next =
                        match (get!(state), get!(state + 1), get!(state + 2)) {
                            (Value::Collection(items), Value::Integer(at), Value::Integer(end)) => {
                                if at < end { items.load(*at as usize) } else { None }
                            }
                            (over, Value::Integer(at), Value::Integer(end)) => next_item(over, *at, *end),
                            _ => None,
                        };
                    match next {
                        Some(words) => {
                            if let Value::Integer(at) = reg!(state + 1) {
                                *at += 1;
                            }
                            put_words!(dst, words);
                        }
                        None => jump!(to),
                    }
                }

                // ---- objects, collections, arrays, texts
                Op::NewObject { dst, shape, first } => {
                    let object = unsafe { new_object(&*code, shape, base.add(first as usize)) };
                    put!(dst, object);
                }
                Op::NewCollection { dst, first, count } => {
                    let values = (0..count).map(|i| std::mem::take(reg!(first + i))).map(element).collect();
                    put!(dst, Value::Collection(Collection::from_values(values)));
                }
                Op::GetMember { dst, base: from, site } => {
                    let site = site!(site);
                    if let Value::Object(object) = get!(from)
                        && let Some(found) = site.find(object.shape().id())
                    {
                        if found < Cached::SLOTS {
                            let words = Words::of(unsafe { &*object.slot_ptr(found as usize) });
                            put_words!(dst, words);
                            continue;
                        }
                        if found & Cached::CALL != 0 {
                            save!();
                            check!(unsafe { self.call_getter(found & !Cached::CALL, get!(from), dst) });
                            reload!();
                            continue;
                        }
                    }
                    if let Value::SharedObject(object) = reg!(from) {
                        match object.get_scalar(|shape| site.find(shape)) {
                            Some(Scalar::Integer(value)) => {
                                put_integer!(dst, value);
                                continue;
                            }
                            Some(Scalar::Real(value)) => {
                                put_real!(dst, value);
                                continue;
                            }
                            Some(Scalar::Boolean(value)) => {
                                put_boolean!(dst, value);
                                continue;
                            }
                            None => {}
                        }
                        if let Some(value) = object.get_slot(|shape| site.find(shape)) {
                            put!(dst, value.into());
                            continue;
                        }
                    }
                    save!();
                    let receiver = reg!(from).clone();
                    let value = check!(self.get_member(&receiver, site));
                    reload!();
                    put!(dst, value);
                }
                Op::GetLength { dst, base: from, site } => match reg!(from) {
                    Value::Collection(items) => {
                        let length = items.len() as i32;
                        put_integer!(dst, length);
                    }
                    // a collection that is not there has no elements. `Source: Concepts/collection (Undefined)`
                    Value::Null | Value::Undefined => put_integer!(dst, 0),
                    _ => {
                        save!();
                        let receiver = reg!(from).clone();
                        let value = check!(self.get_member(&receiver, site!(site)));
                        reload!();
                        put!(dst, value);
                    }
                },
                Op::GetSuper { dst, site } => {
                    save!();
                    let value = check!(self.get_super(site!(site)));
                    reload!();
                    put!(dst, value);
                }
                Op::SetMember { base: to, src, site } => {
                    let site = site!(site);
                    if let Value::Object(object) = get!(to)
                        && get!(src).keeps()
                        && let Some(found) = site.find(object.shape().id())
                    {
                        if found < Cached::SLOTS {
                            let words = unsafe { self.taken_words(base, code, src) };
                            object.set_words(found as usize, words);
                            continue;
                        }
                        if found & Cached::ADD != 0
                            && let Some(next) = object.shape().step(found & !Cached::ADD)
                        {
                            let words = unsafe { self.taken_words(base, code, src) };
                            object.push_words(next, words);
                            continue;
                        }
                        if found & Cached::SETTER != 0 {
                            save!();
                            let value = self.taken(base, code, src);
                            check!(unsafe { self.call_setter(found & !Cached::SETTER, get!(to), value) });
                            reload!();
                            continue;
                        }
                    }
                    if let Value::SharedObject(object) = reg!(to) {
                        let value = match get!(src) {
                            Value::Integer(value) => Some(Scalar::Integer(*value)),
                            Value::Real(value) => Some(Scalar::Real(*value)),
                            Value::Boolean(value) => Some(Scalar::Boolean(*value)),
                            _ => None,
                        };
                        if let Some(value) = value
                            && object.set_scalar(self.lock_id, |shape| site.find(shape), value)
                        {
                            continue;
                        }
                        if object.set_slot(self.lock_id, |shape| site.find(shape), get!(src)) {
                            continue;
                        }
                    }
                    save!();
                    let value = self.taken(base, code, src);
                    let receiver = reg!(to).clone();
                    check!(self.set_member(&receiver, site, value));
                    reload!();
                }
                Op::GetIndex { dst, base: from, index } => {
                    let words = match (get!(from), get!(index)) {
                        (Value::Collection(items), Value::Integer(i)) => {
                            usize::try_from(*i).ok().and_then(|i| items.load(i)).unwrap_or(Words::UNDEFINED)
                        }
                        (Value::Object(object), Value::Text(name)) if let Some(value) = object.find(name) => {
                            put!(dst, value);
                            continue;
                        }
                        (from, index) => {
                            let (from, index) = (from.clone(), index.clone());
                            save!();
                            let value = check!(self.get_index(&from, &index));
                            reload!();
                            put!(dst, value);
                            continue;
                        }
                    };
                    put_words!(dst, words);
                }
                Op::GetIndexes { dst, base: from, index } => {
                    let Op::Operand { reg: second } = (unsafe { *pc }) else { return Err(self.lost()) };
                    pc = unsafe { pc.add(1) };
                    if let (Value::Collection(items), Value::Integer(i), Value::Integer(j)) =
                        (get!(from), get!(index), get!(second))
                        && let (Ok(i), Ok(j)) = (usize::try_from(*i), usize::try_from(*j))
                        && let Some(words) = items.load_nested(i, j)
                    {
                        put_words!(dst, words);
                        continue;
                    }
                    let (from, row, index) = (get!(from).clone(), get!(index).clone(), get!(second).clone());
                    save!();
                    let inner = check!(self.get_index(&from, &row));
                    let value = check!(self.get_index(&inner, &index));
                    reload!();
                    put!(dst, value);
                }
                Op::Operand { .. } => {}
                Op::SetIndex { base: to, index, src }
                    if let (Value::Collection(items), Value::Integer(i)) = (get!(to), get!(index))
                        && items.store_scalar(*i as usize, get!(src)) => {}
                Op::SetIndex { base: to, index, src } => {
                    let mut value = self.taken(base, code, src);
                    if value.keeps() {
                        match (get!(to), get!(index)) {
                            (Value::Collection(items), Value::Integer(i)) if *i >= 0 => {
                                check!(items.set(i64::from(*i), value));
                                continue;
                            }
                            (Value::Object(object), Value::Text(name)) => match object.overwrite(name, value)
                            {
                                Ok(()) => continue,
                                Err(back) => value = back,
                            },
                            _ => {}
                        }
                    }
                    let (to, index) = (get!(to).clone(), get!(index).clone());
                    save!();
                    check!(self.set_index(&to, &index, value));
                    reload!();
                }
                Op::GetElement { dst, array, index }
                    if dst != array
                        && !get!(dst).is_heap()
                        && let (Value::Array(list), Value::Integer(i)) = (get!(array), get!(index))
                        && unsafe { list.load_to(*i, reg!(dst)) } => {}
                Op::GetElement { dst, array, index } => {
                    let value = match (get!(array), get!(index)) {
                        (Value::Array(array), Value::Integer(i)) => array.get(i64::from(*i)),
                        (array, index) => self.get_element(array, index),
                    };
                    put!(dst, check!(value));
                }
                Op::SetElement { array, index, src }
                    if array != src
                        && let (Value::Array(list), Value::Integer(i)) = (reg!(array), get!(index))
                        && list.store_scalar(*i, get!(src)) => {}
                Op::SetElement { array, index, src } => {
                    let value = self.taken(base, code, src);
                    let done = match (reg!(array), reg!(index)) {
                        (Value::Array(array), Value::Integer(i)) => array.set(i64::from(*i), value),
                        (array, index) => {
                            let (reference, index) = (reference_of(array), index.clone());
                            match reference {
                                Some(reference) => self.set_element(&reference, &index, value),
                                None => set_local_element(array, &index, value),
                            }
                        }
                    };
                    check!(done);
                }
                Op::GetElement2 { dst, array, index } => {
                    let value = self.get_element2(get!(array), get!(index), get!(index + 1));
                    put!(dst, check!(value));
                }
                Op::SetElement2 { array, index, src } => {
                    let value = self.taken(base, code, src);
                    let (row, column) = (reg!(index).clone(), reg!(index + 1).clone());
                    let target = reg!(array);
                    let done = match reference_of(target) {
                        Some(reference) => self.set_element2(&reference, &row, &column, value),
                        None => set_local_element2(target, &row, &column, value),
                    };
                    check!(done);
                }
                Op::GetCharacter { dst, text, index } => {
                    let value = character(get!(text), get!(index));
                    put!(dst, check!(value));
                }
                Op::SetCharacter { text, index, src } => {
                    let value = reg!(src).clone();
                    let index = reg!(index).clone();
                    check!(set_character(reg!(text), &index, &value));
                }
                Op::SetCurrent { array, src } => {
                    let value = self.taken(base, code, src);
                    super::variables::select_or_store(reg!(array), value);
                }
                Op::CharacterCodeAt { dst, text, index } => {
                    let unit = match (get!(text), get!(index)) {
                        (Value::Text(text), Value::Integer(i)) if *i > 0 => {
                            text.code_unit_at(*i as usize - 1)
                        }
                        _ => None,
                    };
                    match unit {
                        Some(unit) => put_integer!(dst, i32::from(unit)),
                        None => {
                            let one = check!(character(get!(text), get!(index)));
                            put_integer!(dst, first_code(&one));
                        }
                    }
                }
                Op::Length { dst, a } => {
                    let length = match reg!(a) {
                        Value::Text(text) => text.len_utf16() as i32,
                        other => check!(length_of(other)),
                    };
                    put_integer!(dst, length);
                }

                // ---- calls
                Op::CallMethod { count, base: at, function } => {
                    save!();
                    let first = unsafe { base.add(usize::from(at)) };
                    let pointer = self.codes.get(function as usize).copied().unwrap_or(std::ptr::null());
                    // the common call: everything fits, so the frame can be made here
                    if !pointer.is_null()
                        && unsafe { self.enter_plain(&*pointer, first, count, first, Words::NULL) }
                    {
                        code = pointer;
                        let callee = unsafe { &*pointer };
                        ops = callee.ops.as_ptr();
                        constants = callee.constants.as_ptr();
                        pc = ops;
                        base = first;
                        continue;
                    }
                    check!(self.call_code(function, at, count));
                    reload!();
                }
                Op::CallMethodThis { count, base: at, function } => {
                    save!();
                    check!(unsafe { self.call_function_at(function, reg!(at), count) });
                    reload!();
                }
                Op::CallCommand { count, base: at, command } => {
                    save!();
                    let absolute = unsafe { base.offset_from(self.stack.as_ptr()) } as u32 + u32::from(at);
                    let native = self.shared.natives.commands.get(usize::from(command)).copied().flatten();
                    let arguments = Arguments { base: absolute, count };
                    let result = match native {
                        Some(native) => native(self, arguments),
                        None => Err(self.missing_command(command)),
                    };
                    let value = check!(result);
                    base = unsafe { self.stack.as_mut_ptr().add(absolute as usize - usize::from(at)) };
                    put!(at, value);
                    if self.is_called() {
                        check!(self.attend());
                    }
                }
                Op::CallMember { count, base: at, site } => {
                    let site = site!(site);
                    save!();
                    match get!(at) {
                        Value::Object(object) => {
                            if let Some(found) = site.find(object.shape().id())
                                && found & Cached::CALL != 0
                            {
                                let receiver: *mut Value = reg!(at);
                                check!(unsafe {
                                    self.call_function_at(found & !Cached::CALL, receiver, count)
                                });
                                reload!();
                                continue;
                            }
                        }
                        Value::Collection(_) => {
                            if let Some(found) = site.find(Cached::COLLECTION) {
                                let absolute = unsafe { base.offset_from(self.stack.as_ptr()) } as usize;
                                let at = absolute + usize::from(at);
                                check!(self.run_native(found & !Cached::NATIVE, at, count));
                                // what the native called may have moved the stack, never this frame
                                base = unsafe { self.stack.as_mut_ptr().add(absolute) };
                                continue;
                            }
                        }
                        _ => {}
                    }
                    check!(self.call_member(site, at, count));
                    reload!();
                }
                Op::CallValue { count, base: at } => {
                    save!();
                    check!(self.call_value_at(at, count));
                    reload!();
                }
                Op::CallSuper { count, base: at, site } => {
                    save!();
                    let site = site!(site);
                    let at: *mut Value = reg!(at);
                    check!(match site.find(Cached::PARENT) {
                        Some(found) => unsafe { self.call_function_at(found, at, count) },
                        None => unsafe { self.call_super(site, at, count) },
                    });
                    reload!();
                }
                Op::LoadClass { dst, site } => {
                    save!();
                    let class = check!(self.load_class(site!(site)));
                    put!(dst, class);
                }
                Op::MakeFormula { dst, code: nested } => {
                    let formula = self.make_formula(unsafe { &*code }, nested, base);
                    put!(dst, formula);
                }
                Op::Return { src } => {
                    let from: *mut Value = reg!(src);
                    if unsafe { self.leave_plain(from, base, &*code, floor) } {
                        reload!();
                        continue;
                    }
                    let value = settled(self.taken(base, code, src));
                    save!();
                    leave!(value);
                }
                Op::ReturnAs { src, ty } => {
                    let from: *mut Value = reg!(src);
                    let ty = Type::from_tag(ty);
                    if accepted(ty) >> get!(src).tag() & 1 != 0
                        && unsafe { self.leave_plain(from, base, &*code, floor) }
                    {
                        reload!();
                        continue;
                    }
                    let value = settled(self.taken(base, code, src));
                    save!();
                    let value = check!(slow::assign(value, ty));
                    leave!(value);
                }
                Op::ReturnNothing => {
                    if unsafe { (*code).result.is_none() && (*code).result_type == Type::Variant } {
                        let mut nothing = Value::Undefined;
                        if unsafe { self.leave_plain(&raw mut nothing, base, &*code, floor) } {
                            reload!();
                            continue;
                        }
                    }
                    save!();
                    let value = self.implicit_result();
                    leave!(value);
                }

                // ---- errors, locks, exit formulas
                Op::EnterTry { to } => {
                    let at = unsafe { pc.offset_from(ops) } + to as isize;
                    self.enter_try(at as u32, None);
                }
                Op::EnterTryExpression { dst, to } => {
                    let at = unsafe { pc.offset_from(ops) } + to as isize;
                    self.enter_try(at as u32, Some(dst));
                }
                Op::LeaveTry => self.leave_try(),
                Op::EnterUse { object } => {
                    let object: *const Value = reg!(object);
                    save!();
                    // SAFETY: no 4D code runs and no register moves while the process waits
                    check!(self.enter_use(unsafe { &*object }));
                }
                Op::LeaveUse => {
                    save!();
                    check!(self.leave_use());
                }
                Op::Defer { formula } => {
                    let formula = std::mem::take(reg!(formula));
                    if let Some(frame) = self.frames.last_mut() {
                        frame.slow = true;
                        frame.rare.get_or_insert_default().deferred.push(formula);
                    }
                }
                Op::Raise { k, code: number } => {
                    let message = match constant!(k) {
                        Constant::Text(text) => text.to_string(),
                        _ => String::new(),
                    };
                    fault!(Fault::with_number(number, message));
                }
            }
        }
    }

    /// The same as words, for a value that is no cell.
    ///
    /// # Safety
    /// As in `run`.
    #[inline(always)]
    unsafe fn taken_words(&self, base: *mut Value, code: *const Code, src: u16) -> Words {
        // SAFETY: by contract
        unsafe {
            let slot = base.add(usize::from(src));
            if (*slot).is_heap() && src >= (*code).locals_end {
                Value::take_words(slot)
            } else {
                Words::of(&*slot)
            }
        }
    }

    /// The value of a register: moved out of a temporary one, copied from a variable's.
    #[inline(always)]
    fn taken(&self, base: *mut Value, code: *const Code, src: u16) -> Value {
        // SAFETY: as in `run`
        unsafe {
            let slot = &mut *base.add(usize::from(src));
            if src >= (*code).locals_end {
                std::mem::take(slot)
            } else if let Value::Cell(cell) = slot {
                cell.get()
            } else {
                slot.clone()
            }
        }
    }
}

/// A number as a real.
#[inline(always)]
fn float(value: &Value) -> Option<f64> {
    match value {
        Value::Real(x) => Some(*x),
        Value::Integer(x) => Some(f64::from(*x)),
        _ => None,
    }
}
