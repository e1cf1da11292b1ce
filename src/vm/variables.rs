//! Variables as operations and natives reach them: arguments of natives, locals and what refers to them, process and
//! interprocess variables, parameters by number.

use super::elements::index_number;
use super::pointers::{element, nil, with_element};
use super::process::{Arguments, Process, Variable};
use crate::value::{ErrorCode, Fault, Result, Special, Target, Type, Value, convert};

impl Process {
    /// An argument as it was passed.
    #[must_use]
    pub fn argument(&self, arguments: Arguments, index: usize) -> &Value {
        if index >= usize::from(arguments.count) {
            return undefined();
        }
        self.stack.get(arguments.base as usize + index).unwrap_or(undefined())
    }

    /// An argument, moved out of its register.
    #[inline]
    pub fn take_argument(&mut self, arguments: Arguments, index: usize) -> Value {
        if index >= usize::from(arguments.count) {
            return Value::Undefined;
        }
        self.stack.get_mut(arguments.base as usize + index).map(std::mem::take).unwrap_or_default()
    }

    /// The value of the variable that a reference stands for; anything else is its own value.
    ///
    /// # Errors
    /// A pointer to nothing.
    pub fn read_variable(&mut self, reference: &Value) -> Result<Value> {
        Ok(match reference {
            Value::Special(Special::Register(at)) => match self.stack.get(*at as usize) {
                Some(Value::Cell(cell)) => cell.get(),
                Some(value) => value.clone(),
                None => Value::Undefined,
            },
            Value::Special(Special::Process(n)) => self.load_process_variable(*n),
            Value::Special(Special::Interprocess(n)) => self.load_interprocess_variable(*n),
            Value::Special(Special::Element(at, index)) => match self.stack.get(*at as usize) {
                Some(array) => element(array, &[i64::from(*index)])?,
                None => Value::Undefined,
            },
            Value::Cell(cell) => cell.get(),
            Value::Pointer(pointer) => self.read_target(pointer.target())?,
            other => other.clone(),
        })
    }

    /// Stores into the variable that a reference stands for, converted to its type.
    ///
    /// # Errors
    /// A value of another type; something that is no variable.
    pub fn write_variable(&mut self, reference: &Value, value: Value) -> Result<()> {
        match reference {
            Value::Special(Special::Register(at)) => {
                let ty = self.register_type(*at);
                let value = convert::assign(value, ty)?;
                match self.stack.get_mut(*at as usize) {
                    Some(Value::Cell(cell)) => cell.set(value),
                    Some(slot) => *slot = value,
                    None => {}
                }
                Ok(())
            }
            Value::Special(Special::Process(n)) => self.store_process_variable(*n, value),
            Value::Special(Special::Interprocess(n)) => self.store_interprocess_variable(*n, value),
            Value::Special(Special::Element(..)) => self.with_variable(reference, |slot| *slot = value),
            Value::Cell(cell) => {
                cell.set(value);
                Ok(())
            }
            Value::Pointer(pointer) => self.write_target(pointer.target(), value),
            _ => Err(Fault::new(ErrorCode::ArgumentType, "A variable is needed here")),
        }
    }

    /// Looks at or changes a variable in place: arrays, texts, blobs.
    ///
    /// # Errors
    /// Something that is no variable.
    pub fn with_variable<R>(&mut self, reference: &Value, change: impl FnOnce(&mut Value) -> R) -> Result<R> {
        match reference {
            Value::Special(Special::Register(at)) => match self.stack.get_mut(*at as usize) {
                Some(Value::Cell(cell)) => Ok(cell.clone().with_mut(change)),
                Some(slot) => Ok(change(slot)),
                None => Err(no_variable()),
            },
            Value::Special(Special::Process(n)) => Ok(change(&mut self.process_variable(*n).value)),
            Value::Special(Special::Interprocess(n)) => {
                let mut value = self.load_interprocess_variable(*n);
                let result = change(&mut value);
                self.store_interprocess_variable(*n, value)?;
                Ok(result)
            }
            Value::Special(Special::Element(at, index)) => match self.stack.get_mut(*at as usize) {
                Some(array) => with_element(array, &[i64::from(*index)], change),
                None => Err(no_variable()),
            },
            Value::Cell(cell) => Ok(cell.with_mut(change)),
            Value::Pointer(pointer) => match pointer.target() {
                Target::Local(cell) => Ok(cell.with_mut(change)),
                Target::Process(n) => Ok(change(&mut self.process_variable(*n).value)),
                Target::Nil => Err(nil()),
                Target::Element(base, indexes) => {
                    let (mut change, mut result) = (Some(change), None);
                    self.with_target_element(base, indexes, &mut |slot| {
                        result = change.take().map(|change| change(slot));
                    })?;
                    result.ok_or_else(no_variable)
                }
                target => {
                    let mut value = self.read_target(target)?;
                    let result = change(&mut value);
                    self.write_target(target, value)?;
                    Ok(result)
                }
            },
            _ => Err(no_variable()),
        }
    }

    /// The declared type of a register of a running frame.
    pub(super) fn register_type(&self, at: u32) -> Type {
        for frame in self.frames.iter().rev() {
            if frame.base <= at {
                let code = Self::code_of(frame);
                let reg = at - frame.base;
                if let Some(parameter) = code.parameters.get(reg as usize) {
                    return parameter.ty;
                }
                return code.defaults.iter().find(|d| u32::from(d.0) == reg).map_or(Type::Variant, |d| d.1);
            }
        }
        Type::Variant
    }

    pub(super) fn process_variable(&mut self, number: u32) -> &mut Variable {
        let at = number as usize;
        if self.variables.len() <= at {
            self.variables.resize_with(at + 1, Variable::default);
        }
        &mut self.variables[at]
    }

    pub(super) fn load_process_variable(&mut self, number: u32) -> Value {
        self.variables.get(number as usize).map(|v| v.value.clone()).unwrap_or_default()
    }

    pub(super) fn store_process_variable(&mut self, number: u32, value: Value) -> Result<()> {
        let variable = self.process_variable(number);
        if let (Value::Array(array), false) = (&mut variable.value, matches!(value, Value::Array(_))) {
            // an array's name used as a variable is its selected element
            array.set_current(convert::as_integer(&value).unwrap_or(0));
            return Ok(());
        }
        variable.value = convert::assign(value, variable.ty)?;
        Ok(())
    }

    pub(super) fn declare_process_variable(&mut self, number: u32, ty: Type) -> Result<()> {
        let variable = self.process_variable(number);
        if variable.ty == ty {
            return Ok(());
        }
        variable.ty = ty;
        let old = std::mem::take(&mut variable.value);
        variable.value = convert::assign(old, ty).unwrap_or_else(|_| convert::default_value(ty));
        Ok(())
    }

    pub(super) fn load_interprocess_variable(&mut self, number: u32) -> Value {
        self.interprocess_load(number)
    }

    pub(super) fn store_interprocess_variable(&mut self, number: u32, value: Value) -> Result<()> {
        self.interprocess_store(number, value)
    }

    pub(super) fn declare_interprocess_variable(&mut self, number: u32, ty: Type) -> Result<()> {
        if matches!(self.interprocess_load(number), Value::Undefined) {
            self.interprocess_store(number, convert::default_value(ty))?;
        }
        Ok(())
    }

    pub(super) fn load_parameter(&self, n: &Value) -> Result<Value> {
        let at = parameter_number(n)?;
        let Some(frame) = self.frames.last() else { return Err(self.lost()) };
        let code = Self::code_of(frame);
        if at == 0 {
            let reg = code.result.unwrap_or(u16::MAX);
            return Ok(self.plain_register(frame.base, reg));
        }
        if at <= code.parameters.len() {
            return Ok(self.plain_register(frame.base, (at - 1) as u16));
        }
        let extra = frame.rare.as_ref().and_then(|r| r.extra.get(at - code.parameters.len() - 1));
        Ok(extra.cloned().unwrap_or_default())
    }

    fn plain_register(&self, base: u32, reg: u16) -> Value {
        match self.stack.get(base as usize + usize::from(reg)) {
            Some(Value::Cell(cell)) => cell.get(),
            Some(value) if reg != u16::MAX => value.clone(),
            _ => Value::Undefined,
        }
    }

    pub(super) fn store_parameter(&mut self, n: &Value, value: Value) -> Result<()> {
        let at = parameter_number(n)?;
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let declared = Self::code_of(frame).parameters.len();
        let base = frame.base;
        if at >= 1 && at <= declared {
            let reference = Value::Special(Special::Register(base + at as u32 - 1));
            return self.write_variable(&reference, value);
        }
        if at > declared
            && let Some(slot) = frame.rare.as_mut().and_then(|r| r.extra.get_mut(at - declared - 1))
        {
            *slot = value;
        }
        Ok(())
    }
}

#[allow(clippy::declare_interior_mutable_const)]
fn undefined() -> &'static Value {
    const UNDEFINED: &Value = &Value::Undefined;
    UNDEFINED
}

fn parameter_number(n: &Value) -> Result<usize> {
    usize::try_from(index_number(n)?)
        .map_err(|_| Fault::new(ErrorCode::IndexOutOfRange, "`${…}` needs the number of a parameter"))
}

/// An array's name used as a variable is the number of its selected element. `Source: Concepts/arrays`
pub(super) fn select_or_store(old: &mut Value, value: Value) {
    match (old, value) {
        (Value::Array(array), value) if !matches!(value, Value::Array(_)) => {
            array.set_current(convert::as_integer(&value).unwrap_or(0));
        }
        (old, value) => *old = value,
    }
}

pub(super) fn no_variable() -> Fault {
    Fault::new(ErrorCode::ArgumentType, "A variable is needed here")
}
