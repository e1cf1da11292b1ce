//! Operators for operands that are not the common case, kept out of the loop: the smaller the loop, the better its
//! registers are used (measured: `mandelbrot` takes half as long again with them inlined).

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
