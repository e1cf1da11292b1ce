//! The loop: fetches operations and runs them until the frame it began with ends. One arm an
//! operation; what is not a common case is a call to a function elsewhere in this folder.
//!
//! Registers are reached through a raw pointer to the running frame's first one. It is taken anew
//! (`reload!`) after everything that can move the stack or change the frame: calls, natives, faults.

#![allow(unsafe_code)]
#![allow(unused_unsafe)] // the macros for registers are used inside unsafe blocks too

use super::access::Cached;
use super::call::{Left, fits};
use super::operands::{
    append, character, condition, content, first_code, for_done, for_next, is_null, length_of, new_object,
    next_item, not_equal, not_operand, reference_of, set_character, set_local_element, set_local_element2,
    settled, special_of, truthy,
};
use super::process::{Arguments, MAX_FRAMES, Process};
use super::slow;
use crate::code::op::{Binary, Op};
use crate::code::program::{Code, Constant};
use crate::value::convert;
use crate::value::{
    Collection, Fault, Result, Special, TAG_CELL, TAG_NULL, TAG_SPECIAL, TAG_UNDEFINED, Type, Value, element,
};

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
        // writes a scalar without looking at more than the old tag
        macro_rules! put {
            ($dst:expr, $value:expr) => {{
                let value = $value;
                let slot: *mut Value = reg!($dst);
                unsafe {
                    if (*slot).is_heap() {
                        drop_slow(slot);
                    }
                    slot.write(value);
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
                        *reg!($dst) = check!(result);
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
                        *reg!($dst) = check!(result);
                    }
                }
            }};
        }
        macro_rules! real_arithmetic {
            ($dst:expr, $a:expr, $b:expr, $sign:tt) => {{
                let z = unsafe { real(get!($a)) $sign real(get!($b)) };
                put_real!($dst, z);
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
                        *reg!($dst) = check!(slow::assign(value, Type::Integer));
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
                Op::Load { dst, k } => *reg!(dst) = constant!(k).to_value(),
                Op::LoadInteger { dst, value } => put_integer!(dst, value),
                Op::LoadBoolean { dst, value } => put_boolean!(dst, value),
                Op::LoadNull { dst } => put!(dst, Value::Null),
                Op::LoadUndefined { dst } => put!(dst, Value::Undefined),
                Op::LoadSpecial { dst, special } => put!(dst, Value::Special(special_of(special))),
                Op::Move { dst, src } => {
                    let source = reg!(src);
                    if source.is_heap() {
                        let copy = source.clone();
                        *reg!(dst) = copy;
                    } else {
                        let from: *const Value = source;
                        let to: *mut Value = reg!(dst);
                        // SAFETY: a scalar may be copied bit by bit
                        unsafe {
                            if (*to).is_heap() {
                                drop_slow(to);
                            }
                            Value::copy_words(to, from);
                        }
                    }
                }
                Op::Take { dst, src } => {
                    let from: *mut Value = reg!(src);
                    let to: *mut Value = reg!(dst);
                    // SAFETY: the value moves; what stays behind is made Undefined without being dropped
                    unsafe {
                        if (*to).is_heap() {
                            drop_slow(to);
                        }
                        Value::copy_words(to, from);
                        from.cast::<u64>().write(u64::from(TAG_UNDEFINED));
                    }
                }
                // SAFETY: both are scalars
                Op::MoveScalar { dst, src } => unsafe { Value::copy_words(reg!(dst), reg!(src)) },
                Op::Convert { dst, src, ty } => {
                    let value = self.taken(base, code, src);
                    let stored = check!(slow::assign(value, Type::from_tag(ty)));
                    *reg!(dst) = stored;
                }
                Op::ConvertInteger { dst, src } => match reg!(src) {
                    Value::Integer(x) => {
                        let x = *x;
                        put_integer!(dst, x);
                    }
                    _ => {
                        let value = self.taken(base, code, src);
                        *reg!(dst) = check!(slow::assign(value, Type::Integer));
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
                        *reg!(dst) = check!(slow::assign(value, Type::Real));
                    }
                },
                Op::LoadThis { dst } => {
                    let this = self.frames.last().map_or(Value::Null, |f| f.this.clone());
                    *reg!(dst) = this;
                }
                Op::LoadParameter { dst, n } => {
                    let value = self.load_parameter(reg!(n));
                    *reg!(dst) = check!(value);
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
                    *reg!(dst) = value;
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
                    *reg!(dst) = value;
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
                    *reg!(dst) = value;
                }
                Op::StoreCell { cell, src } => {
                    let value = self.taken(base, code, src);
                    if let Value::Cell(cell) = reg!(cell) {
                        cell.with_mut(|old| super::access::select_or_store(old, value));
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
                    *reg!(dst) = value;
                }
                Op::MakeElementPointer { dst, src, index } => {
                    let value = check!(self.make_element_pointer(get!(src), get!(index)));
                    *reg!(dst) = value;
                }
                Op::ReferElement { written, dst, src, index } => {
                    let absolute = unsafe { base.offset_from(self.stack.as_ptr()) } as u32 + u32::from(src);
                    let value = check!(self.refer_element(absolute, get!(index), written));
                    *reg!(dst) = value;
                }
                Op::PassPointee { dst } => {
                    let value = std::mem::take(reg!(dst));
                    let reference = check!(self.pointee_reference(value));
                    *reg!(dst) = reference;
                }
                Op::Dereference { dst, pointer } => {
                    let value = check!(self.dereference(reg!(pointer)));
                    *reg!(dst) = value;
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
                        *reg!(dst) = check!(result);
                    }
                },
                Op::Subtract { dst, a, b } => arithmetic!(dst, a, b, checked_sub, -, slow::subtract),
                Op::Multiply { dst, a, b } => arithmetic!(dst, a, b, checked_mul, *, slow::multiply),
                Op::Divide { dst, a, b } => {
                    let result = slow::divide(get!(a), get!(b), &self.rules);
                    *reg!(dst) = check!(result);
                }
                Op::IntegerDivide { dst, a, b } => {
                    let result = slow::integer_divide(get!(a), get!(b), &self.rules);
                    *reg!(dst) = check!(result);
                }
                Op::Modulo { dst, a, b } => {
                    let result = slow::modulo(get!(a), get!(b), &self.rules);
                    *reg!(dst) = check!(result);
                }
                Op::AddK { dst, a, k } => arithmetic_k!(dst, a, k, checked_add, +, slow::add),
                Op::SubtractK { dst, a, k } => arithmetic_k!(dst, a, k, checked_sub, -, slow::subtract),
                Op::MultiplyK { dst, a, k } => arithmetic_k!(dst, a, k, checked_mul, *, slow::multiply),
                Op::DivideK { dst, a, k } => match (get!(a), constant!(k)) {
                    (Value::Real(x), Constant::Real(y)) => put_real!(dst, *x / *y),
                    (x, y) => {
                        let result = slow::divide(x, &y.to_value(), &self.rules);
                        *reg!(dst) = check!(result);
                    }
                },
                Op::IntegerDivideK { dst, a, k } => match (get!(a), constant!(k)) {
                    (Value::Integer(x), Constant::Integer(y)) if *y > 0 => {
                        put_integer!(dst, x.div_euclid(*y))
                    }
                    (x, y) => {
                        let result = slow::integer_divide(x, &y.to_value(), &self.rules);
                        *reg!(dst) = check!(result);
                    }
                },
                Op::ModuloK { dst, a, k } => match (get!(a), constant!(k)) {
                    (Value::Integer(x), Constant::Integer(y)) if *y > 0 => put_integer!(dst, x % y),
                    (x, y) => {
                        let result = slow::modulo(x, &y.to_value(), &self.rules);
                        *reg!(dst) = check!(result);
                    }
                },
                Op::Binary { operator: Binary::And, dst, a, b }
                    if let (Value::Integer(x), Value::Integer(y)) = (get!(a), get!(b)) =>
                {
                    put_integer!(dst, x & y);
                }
                Op::Binary { operator, dst, a, b } => {
                    let result = self.rare_operator(operator, get!(a), get!(b));
                    *reg!(dst) = check!(result);
                }
                Op::Negate { dst, a } => {
                    let result = slow::negate(reg!(a));
                    *reg!(dst) = check!(result);
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
                        *reg!(dst) = check!(slow::assign(value, Type::Integer));
                    }
                },
                Op::AddReal { dst, a, b } => real_arithmetic!(dst, a, b, +),
                Op::SubtractReal { dst, a, b } => real_arithmetic!(dst, a, b, -),
                Op::MultiplyReal { dst, a, b } => real_arithmetic!(dst, a, b, *),
                Op::DivideReal { dst, a, b } => real_arithmetic!(dst, a, b, /),

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
                    *reg!(state) = over;
                    put_integer!(state + 1, first);
                    put_integer!(state + 2, end);
                }
                Op::ForEachNext { dst, state, to } => {
                    let (over, at, end) = (reg!(state), reg!(state + 1), reg!(state + 2));
                    let next = match (over, at, end) {
                        (Value::Collection(items), Value::Integer(at), Value::Integer(end)) => {
                            let index = *at;
                            if index < *end && (index as usize) < items.len() {
                                *at = index + 1;
                                Some(items.get_fast(index as usize))
                            } else {
                                None
                            }
                        }
                        (over, Value::Integer(at), Value::Integer(end)) => next_item(over, at, *end),
                        _ => None,
                    };
                    match next {
                        Some(value) => *reg!(dst) = value,
                        None => jump!(to),
                    }
                }

                // ---- objects, collections, arrays, texts
                Op::NewObject { dst, shape, first } => {
                    let object = unsafe { new_object(&*code, shape, base.add(first as usize)) };
                    *reg!(dst) = object;
                }
                Op::NewCollection { dst, first, count } => {
                    let values = (0..count).map(|i| std::mem::take(reg!(first + i))).map(element).collect();
                    *reg!(dst) = Value::Collection(Collection::from_values(values));
                }
                Op::GetMember { dst, base: from, site } => {
                    let site = site!(site);
                    if let Value::Object(object) = reg!(from) {
                        let (shape, found) = site.cached();
                        if shape == object.shape().id() {
                            if found & Cached::CALL == 0 {
                                let value = object.get_slot(found as usize);
                                *reg!(dst) = value;
                                continue;
                            }
                            let this = Value::Object(object.clone());
                            save!();
                            check!(self.call_getter(found & !Cached::CALL, this, dst));
                            reload!();
                            continue;
                        }
                    }
                    if let Value::SharedObject(object) = reg!(from) {
                        let (shape, found) = site.cached();
                        if let Some(value) = object.get_slot(shape, found) {
                            *reg!(dst) = value.into();
                            continue;
                        }
                    }
                    save!();
                    let receiver = reg!(from).clone();
                    let value = check!(self.get_member(&receiver, site));
                    reload!();
                    *reg!(dst) = value;
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
                        *reg!(dst) = value;
                    }
                },
                Op::GetSuper { dst, site } => {
                    save!();
                    let value = check!(self.get_super(site!(site)));
                    reload!();
                    *reg!(dst) = value;
                }
                Op::SetMember { base: to, src, site } => {
                    let site = site!(site);
                    let value = self.taken(base, code, src);
                    if let Value::Object(object) = reg!(to) {
                        let (shape, found) = site.cached();
                        if shape == object.shape().id() && found & Cached::CALL == 0 && value.keeps() {
                            object.set_slot(found as usize, value);
                            continue;
                        }
                    }
                    if let Value::SharedObject(object) = reg!(to) {
                        let (shape, found) = site.cached();
                        if object.set_slot(self.lock_id, shape, found, &value) {
                            continue;
                        }
                    }
                    save!();
                    let receiver = reg!(to).clone();
                    check!(self.set_member(&receiver, site, value));
                    reload!();
                }
                Op::GetIndex { dst, base: from, index }
                    if dst != from
                        && let (Value::Collection(items), Value::Integer(i)) = (get!(from), get!(index))
                        && *i >= 0 =>
                {
                    let (slot, index): (*mut Value, _) = (reg!(dst), *i as usize);
                    // SAFETY: the slot is cleared first
                    unsafe {
                        if (*slot).is_heap() {
                            drop_slow(slot);
                            slot.write(Value::Undefined);
                        }
                        if !items.load_to(index, slot) {
                            slot.write(Value::Undefined);
                        }
                    }
                }
                Op::GetIndex { dst, base: from, index } => {
                    let value = match (get!(from), get!(index)) {
                        (Value::Collection(items), Value::Integer(i)) => items.get(i64::from(*i)),
                        (from, index) => {
                            let (from, index) = (from.clone(), index.clone());
                            save!();
                            let value = check!(self.get_index(&from, &index));
                            reload!();
                            value
                        }
                    };
                    *reg!(dst) = value;
                }
                Op::SetIndex { base: to, index, src }
                    if let (Value::Collection(items), Value::Integer(i)) = (get!(to), get!(index))
                        && items.store_scalar(*i as usize, get!(src)) => {}
                Op::SetIndex { base: to, index, src } => {
                    let value = self.taken(base, code, src);
                    match (get!(to), get!(index)) {
                        (Value::Collection(items), Value::Integer(i)) if value.keeps() && *i >= 0 => {
                            check!(items.set(i64::from(*i), value));
                        }
                        (to, index) => {
                            let (to, index) = (to.clone(), index.clone());
                            save!();
                            check!(self.set_index(&to, &index, value));
                            reload!();
                        }
                    }
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
                    *reg!(dst) = check!(value);
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
                    *reg!(dst) = check!(value);
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
                    *reg!(dst) = check!(value);
                }
                Op::SetCharacter { text, index, src } => {
                    let value = reg!(src).clone();
                    let index = reg!(index).clone();
                    check!(set_character(reg!(text), &index, &value));
                }
                Op::SetCurrent { array, src } => {
                    let value = self.taken(base, code, src);
                    super::access::select_or_store(reg!(array), value);
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
                    if !pointer.is_null() && unsafe { self.enter_plain(&*pointer, first, count) } {
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
                    check!(self.call_function(function, at, count));
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
                    *reg!(at) = value;
                    if self.is_called() {
                        check!(self.attend());
                    }
                }
                Op::CallMember { count, base: at, site } => {
                    let site = site!(site);
                    save!();
                    if let Value::Object(object) = reg!(at) {
                        let (shape, found) = site.cached();
                        if shape == object.shape().id() && found & Cached::CALL != 0 {
                            check!(self.call_function(found & !Cached::CALL, at, count));
                            reload!();
                            continue;
                        }
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
                    check!(self.call_super(site, at, count));
                    reload!();
                }
                Op::MakeFormula { dst, code: nested } => {
                    let formula = self.make_formula(unsafe { &*code }, nested, base);
                    *reg!(dst) = formula;
                }
                Op::Return { src } => {
                    let from: *mut Value = reg!(src);
                    if unsafe { self.leave_plain(from, base, &*code, floor) } {
                        reload!();
                        continue;
                    }
                    let value = settled(std::mem::take(reg!(src)));
                    save!();
                    leave!(value);
                }
                Op::ReturnNothing => {
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

    /// Makes a frame for a call that needs nothing but its parameters in place; `false` if it needs more.
    ///
    /// # Safety
    /// `first` points to the register that holds the first argument.
    #[inline(always)]
    unsafe fn enter_plain(&mut self, callee: &Code, first: *mut Value, count: u8) -> bool {
        let declared = callee.parameters.len();
        // SAFETY: `first` lies in the stack
        let start = unsafe { first.offset_from(self.stack.as_ptr()) } as usize;
        if !callee.plain
            || usize::from(count) != declared
            || start + usize::from(callee.registers) > self.stack.len()
            || self.frames.len() >= MAX_FRAMES
        {
            return false;
        }
        for (i, parameter) in callee.parameters.iter().enumerate() {
            // SAFETY: the frame's registers lie within the stack, as just checked
            if !fits(unsafe { &*first.add(i) }, parameter.ty) {
                return false;
            }
        }
        for i in declared..usize::from(callee.locals_end) {
            // SAFETY: as above
            unsafe {
                let slot = first.add(i);
                if (*slot).is_heap() {
                    drop_slow(slot);
                }
                slot.cast::<u64>().write(u64::from(TAG_UNDEFINED));
            }
        }
        for (reg, ty) in &callee.defaults {
            // SAFETY: as above; the slot holds a scalar now
            unsafe { first.add(usize::from(*reg)).write(convert::default_value(*ty)) };
        }
        if self.frames.len() == self.frames.capacity() {
            self.frames.reserve(64);
        }
        let number = self.frames.len();
        // SAFETY: there is room; every field is written. Field by field, since a frame made elsewhere and
        // copied here would wait for the processor's store buffer.
        unsafe {
            let frame = self.frames.as_mut_ptr().add(number);
            (&raw mut (*frame).code).write(callee);
            (&raw mut (*frame).keep).write(None);
            (&raw mut (*frame).pc).write(0);
            (&raw mut (*frame).base).write(start as u32);
            (&raw mut (*frame).result_at).write(start as u32);
            (&raw mut (*frame).count).write(u16::from(count));
            (&raw mut (*frame).slow).write(false);
            (&raw mut (*frame).gives_this).write(false);
            (&raw mut (*frame).is_constructor).write(false);
            (&raw mut (*frame).called_super).write(false);
            (&raw mut (*frame).uses_this).write(false);
            (&raw mut (*frame).this).cast::<u64>().write(u64::from(TAG_NULL));
            (&raw mut (*frame).rare).write(None);
            self.frames.set_len(number + 1);
        }
        true
    }

    /// Ends a frame that needs nothing but its value handed over; `false` if it needs more.
    ///
    /// # Safety
    /// `base` points to the running frame's first register, `from` to the one that holds the value.
    #[inline(always)]
    unsafe fn leave_plain(&mut self, from: *mut Value, base: *mut Value, code: &Code, floor: usize) -> bool {
        let Some(frame) = self.frames.last() else { return false };
        // SAFETY: by contract
        let tag = unsafe { (*from).tag() };
        if frame.slow || self.frames.len() == floor + 1 || tag == TAG_CELL || tag == TAG_SPECIAL {
            return false;
        }
        let result_at = frame.result_at as usize;
        // SAFETY: all slots lie within the stack; the value is moved, its register made Undefined
        unsafe {
            let mut value = std::mem::MaybeUninit::<Value>::uninit();
            Value::copy_words(value.as_mut_ptr(), from);
            from.cast::<u64>().write(u64::from(TAG_UNDEFINED));
            for i in 0..usize::from(code.registers) {
                let slot = base.add(i);
                if (*slot).is_heap() {
                    drop_slow(slot);
                    slot.cast::<u64>().write(u64::from(TAG_UNDEFINED));
                }
            }
            let to = self.stack.as_mut_ptr().add(result_at);
            if (*to).is_heap() {
                drop_slow(to);
            }
            Value::copy_words(to, value.as_ptr());
        }
        let number = self.frames.len() - 1;
        // SAFETY: the frame is the last one; it is not used again
        unsafe {
            let frame = self.frames.as_mut_ptr().add(number);
            self.frames.set_len(number);
            if (*frame).this.is_heap() || (*frame).keep.is_some() {
                std::ptr::drop_in_place(frame);
            }
        }
        true
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

#[cold]
#[inline(never)]
unsafe fn drop_slow(slot: *mut Value) {
    // SAFETY: the caller overwrites the slot without reading it again
    unsafe { std::ptr::drop_in_place(slot) };
}

/// # Safety
/// The value is a Real.
#[inline(always)]
unsafe fn real(value: &Value) -> f64 {
    match value {
        Value::Real(x) => *x,
        // SAFETY: by contract
        _ => unsafe { std::hint::unreachable_unchecked() },
    }
}
