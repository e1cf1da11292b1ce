//! Operators for operands that are not the common case, kept out of the loop: the smaller the loop, the better its
//! registers are used (measured: `mandelbrot` takes half as long again with them inlined).

use super::process::Process;
use crate::code::op::Binary;
use crate::code::program::Constant;
use crate::value::ops::{self, Rules};
use crate::value::{Result, Type, Value, convert};

macro_rules! apart {
    ($($name:ident -> $result:ty),* $(,)?) => {$(
        #[inline(never)]
        pub(super) fn $name(a: &Value, b: &Value, rules: &Rules) -> Result<$result> {
            ops::$name(a, b, rules)
        }
    )*};
}

apart! {
    add -> Value,
    subtract -> Value,
    multiply -> Value,
    divide -> Value,
    integer_divide -> Value,
    modulo -> Value,
    equal -> bool,
    less -> bool,
    less_or_equal -> bool,
    greater -> bool,
    greater_or_equal -> bool,
}

#[inline(never)]
pub(super) fn negate(a: &Value) -> Result<Value> {
    ops::negate(a)
}

#[inline(never)]
pub(super) fn assign(value: Value, to: Type) -> Result<Value> {
    convert::assign(value, to)
}

impl Process {
    pub(super) fn rare_operator(&self, operator: Binary, a: &Value, b: &Value) -> Result<Value> {
        match operator {
            Binary::Power => ops::power(a, b, &self.rules),
            Binary::And => ops::and(a, b),
            Binary::Or => ops::or(a, b),
            Binary::ExclusiveOr => ops::exclusive_or(a, b),
            Binary::ShiftLeft => ops::shift_left(a, b),
            Binary::ShiftRight => ops::shift_right(a, b),
            Binary::BitSet => ops::bit_set(a, b),
            Binary::BitClear => ops::bit_clear(a, b),
            Binary::BitTest => ops::bit_test(a, b),
        }
    }

    pub(super) fn compare_constant(
        &self,
        a: &Value,
        k: &Constant,
        compare: fn(&Value, &Value, &Rules) -> Result<bool>,
    ) -> Result<bool> {
        compare(a, &k.to_value(), &self.rules)
    }
}
