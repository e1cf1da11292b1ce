//! Theme Boolean. The compiler takes `True` and `False` as constants; the rows serve `Command name`
//! and help.

use super::parameters::Boolean;
use crate::value::Value;

commands! {
    /// Gives the opposite of a Boolean.
    34 "Not" (boolean) thread_safe => not;
    /// The Boolean True.
    214 "True" () thread_safe => || true;
    /// The Boolean False.
    215 "False" () thread_safe => || false;
    /// Gives an expression as a Boolean: False for nothing, 0 and what is neither Boolean nor number.
    1537 "Bool" (expression) thread_safe => bool;
}

fn not(boolean: Boolean) -> Boolean {
    !boolean
}

/// Source: commands/bool
fn bool(expression: Value) -> Boolean {
    match expression {
        Value::Boolean(truth) => truth,
        Value::Integer(number) => number != 0,
        Value::Real(number) => number != 0.0,
        Value::Time(time) => time.seconds != 0,
        _ => false,
    }
}
