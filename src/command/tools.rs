//! Theme Tools: what belongs to no other theme.

use super::parameters::Rest;
use crate::value::{ErrorCode, Fault, Result, Type, Value, convert};

commands! {
    /// Gives one of several values: by a Boolean, or by a number counted from 0.
    955 "Choose" (criterion; value; value2) thread_safe => choose;
}

/// Source: commands/choose
fn choose(criterion: Value, first: Value, others: Rest<Value>) -> Result<Value> {
    let others = others.0;
    match criterion {
        Value::Boolean(true) => Ok(first),
        Value::Boolean(false) | Value::Undefined | Value::Null if others.len() <= 1 => {
            others.into_iter().next().ok_or_else(|| {
                Fault::new(ErrorCode::Arity, "`Choose` needs two values when its criterion is a Boolean")
            })
        }
        other => {
            let Some(index) = convert::as_integer(&other) else {
                let found = super::bind::in_words(&other);
                let message = format!(
                    "Argument 1 of `Choose` (`criterion`) must be a Boolean or a number, not {found}"
                );
                return Err(Fault::new(ErrorCode::ArgumentType, message));
            };
            Ok(match usize::try_from(index) {
                Ok(0) => first,
                Ok(index) => others.into_iter().nth(index - 1).unwrap_or_else(|| empty_like(&first)),
                Err(_) => empty_like(&first),
            })
        }
    }
}

/// The empty value of a value's type.
fn empty_like(value: &Value) -> Value {
    convert::default_value(match value {
        Value::Text(_) => Type::Text,
        Value::Integer(_) => Type::Integer,
        Value::Real(_) => Type::Real,
        Value::Boolean(_) => Type::Boolean,
        Value::Date(_) => Type::Date,
        Value::Time(_) => Type::Time,
        Value::Blob(_) => Type::Blob,
        Value::Pointer(_) => Type::Pointer,
        Value::Object(_) | Value::SharedObject(_) => Type::Object,
        Value::Collection(_) | Value::SharedCollection(_) => Type::Collection,
        _ => Type::Variant,
    })
}
