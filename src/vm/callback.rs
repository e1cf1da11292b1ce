//! 4D code that native code calls: by value or name, by number, or again and again through a [`Callback`], which is
//! looked up once and called without copying what the function object holds.

use super::call::{Entry, broken};
use super::function::{Callable, FunctionObject};
use super::process::{Arguments, MAX_DEPTH, Process, too_deep};
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
    /// Runs a callback to its end: a function object, or the name of a method.
    ///
    /// # Errors
    /// What the callback raises and does not take itself.
    pub fn call(&mut self, function: &Value, this: Value, arguments: &[Value]) -> Result<Value> {
        match function {
            Value::Text(name) => {
                let name = crate::text::Name::new(name.as_str());
                match self.shared.program.method(&name) {
                    Some(index) => self.call_index(index, this, arguments),
                    None => {
                        Err(Fault::new(ErrorCode::NoSuchMethod, format!("There is no method named `{name}`")))
                    }
                }
            }
            other => match FunctionObject::of(other) {
                Some(function) => self.call_function_object(&function, this, arguments),
                None => Err(Fault::new(
                    ErrorCode::IncompatibleTypes,
                    format!("A formula or method name is needed here, not {}", other.type_name()),
                )),
            },
        }
    }

    pub(super) fn call_function_object(
        &mut self,
        function: &FunctionObject,
        this: Value,
        arguments: &[Value],
    ) -> Result<Value> {
        match function.callable() {
            Callable::Formula { code, .. } if code.forwards.is_some() => {
                self.call_index(code.forwards.unwrap_or_default(), this, arguments)
            }
            Callable::Formula { code, captured } => {
                let (code, captured) = (Arc::clone(code), captured.clone());
                self.call_code_with(Arc::as_ptr(&code), Some(code), this, arguments, &captured, false)
            }
            Callable::Program(index) => {
                let index = *index;
                self.call_index(index, this, arguments)
            }
            Callable::Native(index) => {
                let index = *index;
                self.call_native(index, this, arguments)
            }
            Callable::Broken(why) => Err(broken(why)),
        }
    }

    pub(super) fn call_index(&mut self, function: u32, this: Value, arguments: &[Value]) -> Result<Value> {
        let code = self.code_pointer(function)?;
        self.call_code_with(code, None, this, arguments, &[], false)
    }

    /// Runs a code in a loop of its own.
    pub(super) fn call_code_with(
        &mut self,
        code: *const Code,
        keep: Option<Arc<Code>>,
        this: Value,
        arguments: &[Value],
        captured: &[Value],
        gives_this: bool,
    ) -> Result<Value> {
        if self.depth >= MAX_DEPTH {
            return Err(too_deep());
        }
        let floor = self.frames.len();
        let base = self.top();
        self.reserve(base + arguments.len())?;
        for (slot, value) in self.stack.iter_mut().skip(base).zip(arguments) {
            *slot = value.clone();
        }
        self.enter(Entry { code, keep, base, count: arguments.len(), result_at: base, this, gives_this })?;
        if !captured.is_empty() {
            self.place_captured(code, base, captured);
        }
        self.depth += 1;
        let result = self.run(floor);
        self.depth -= 1;
        result
    }

    pub(super) fn place_captured(&mut self, code: *const Code, base: usize, captured: &[Value]) {
        #[allow(unsafe_code)]
        // SAFETY: the frame just made holds the code
        let code = unsafe { &*code };
        for ((_, to), value) in code.captures.iter().zip(captured) {
            if let Some(slot) = self.stack.get_mut(base + usize::from(*to)) {
                *slot = value.clone();
            }
        }
    }

    /// Calls a native member function from native code.
    pub(super) fn call_native(&mut self, index: u32, this: Value, arguments: &[Value]) -> Result<Value> {
        let Some(native) = self.shared.natives.functions.get(index as usize).copied() else {
            return Err(Fault::new(ErrorCode::Internal, "there is no such native function"));
        };
        if self.depth >= MAX_DEPTH {
            return Err(too_deep());
        }
        // beyond the running frame's registers, and beyond those of natives further out
        let base = self.top();
        self.reserve(base + arguments.len() + 1)?;
        self.stack[base] = this;
        for (slot, value) in self.stack[base + 1..].iter_mut().zip(arguments) {
            *slot = value.clone();
        }
        self.depth += 1;
        let result =
            native(self, Arguments { base: base as u32, count: (arguments.len() + 1).min(255) as u8 });
        self.depth -= 1;
        result
    }

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
            Callable::Broken(why) => return Err(broken(why)),
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
