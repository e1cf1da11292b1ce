//! 4D code that native code calls again and again: looked up once, then called without copying what
//! the function object holds.

use super::function::{Callable, FunctionObject};
use super::process::Process;
use crate::code::program::Code;
use crate::value::{ErrorCode, Fault, Result, Value};
use std::sync::Arc;

/// A function object or the name of a method, ready to be called.
pub struct Callback {
    target: Target,
    captured: Vec<Value>,
}

enum Target {
    /// Held here, so that frames need not hold it.
    Formula(Arc<Code>),
    Program(u32),
    Native(u32),
}

impl Process {
    /// Makes a function object or a method's name ready to be called.
    ///
    /// # Errors
    /// A value that is neither, a method that does not exist.
    pub fn callback(&self, function: &Value) -> Result<Callback> {
        if let Value::Text(name) = function {
            let found = self.shared.program.method(&crate::text::Name::new(name.as_str()));
            let number = found.ok_or_else(|| {
                Fault::new(ErrorCode::NoSuchMethod, format!("There is no method named `{name}`"))
            })?;
            return Ok(Callback { target: Target::Program(number), captured: Vec::new() });
        }
        let Some(function) = FunctionObject::of(function) else {
            return Err(Fault::new(
                ErrorCode::ArgumentType,
                format!("A formula or the name of a method is needed here, not {}", function.type_name()),
            ));
        };
        Ok(match function.callable() {
            Callable::Formula { code, captured } => {
                if let Some(number) = code.forwards {
                    return Ok(Callback { target: Target::Program(number), captured: Vec::new() });
                }
                Callback { target: Target::Formula(Arc::clone(code)), captured: captured.clone() }
            }
            Callable::Program(number) => Callback { target: Target::Program(*number), captured: Vec::new() },
            Callable::Native(number) => Callback { target: Target::Native(*number), captured: Vec::new() },
            Callable::Broken(why) => return Err(super::call::broken(why)),
        })
    }

    /// Runs a callback to its end.
    ///
    /// # Errors
    /// What the callback raises and does not take itself.
    #[inline]
    pub fn call_back(&mut self, callback: &Callback, this: Value, arguments: &[Value]) -> Result<Value> {
        match &callback.target {
            Target::Formula(code) => {
                self.call_code_with(Arc::as_ptr(code), None, this, arguments, &callback.captured, false)
            }
            Target::Program(number) => self.call_index(*number, this, arguments),
            Target::Native(number) => self.call_native(*number, this, arguments),
        }
    }
}
