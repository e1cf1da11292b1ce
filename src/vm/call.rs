//! Calls: frames are made here, for methods, functions, formulas and what natives call back.

use super::function::{Callable, FunctionObject};
use super::process::{Frame, MAX_FRAMES, Process, Rare, too_deep};
use crate::code::op::Reg;
use crate::code::program::{Code, CodeKind};
use crate::value::{Class, ErrorCode, Fault, Function, Object, Result, Type, Value, convert};
use std::sync::Arc;

/// What became of a frame that ended.
pub(super) enum Left {
    /// Its caller goes on.
    Caller,
    /// It was called from native code, which gets the value.
    Native(Value),
    /// Deferred errors take effect.
    Fault(Fault),
}

/// What a new frame needs besides its arguments.
pub(super) struct Entry {
    pub code: *const Code,
    pub keep: Option<Arc<Code>>,
    pub base: usize,
    pub count: usize,
    pub result_at: usize,
    pub this: Value,
    pub gives_this: bool,
}

impl Process {
    /// The compiled code of a method or function.
    #[inline(always)]
    pub(super) fn code_pointer(&mut self, function: u32) -> Result<*const Code> {
        match self.codes.get(function as usize) {
            Some(code) if !code.is_null() => Ok(*code),
            _ => self.load_code(function),
        }
    }

    #[cold]
    fn load_code(&mut self, function: u32) -> Result<*const Code> {
        let code = self.shared.program.code(function).map_err(|e| e.fault())?;
        let index = function as usize;
        if self.codes.len() <= index {
            self.codes.resize(index + 1, std::ptr::null());
        }
        // the program keeps its codes; the pointer stays good as long as `self.shared`
        let pointer = Arc::as_ptr(&code);
        self.codes[index] = pointer;
        Ok(pointer)
    }

    pub(super) fn base(&self) -> usize {
        self.frames.last().map_or(0, |f| f.base as usize)
    }

    /// `CallMethod`
    #[inline]
    pub(super) fn call_code(&mut self, function: u32, at: Reg, count: u8) -> Result<()> {
        let code = self.code_pointer(function)?;
        let base = self.base() + usize::from(at);
        self.enter(Entry {
            code,
            keep: None,
            base,
            count: usize::from(count),
            result_at: base,
            this: Value::Null,
            gives_this: false,
        })
    }

    /// Calls a function of a class whose receiver lies at `at` (absolute).
    pub(super) fn call_function(&mut self, function: u32, at: usize, count: u8) -> Result<()> {
        let code = self.code_pointer(function)?;
        let this = self.stack.get_mut(at).map(std::mem::take).unwrap_or_default();
        let count = usize::from(count);
        self.enter(Entry { code, keep: None, base: at + 1, count, result_at: at, this, gives_this: false })
    }

    /// Makes a frame: arguments lie in the stack from `base` on.
    #[inline]
    pub(super) fn enter(&mut self, entry: Entry) -> Result<()> {
        #[allow(unsafe_code)]
        // SAFETY: the caller holds the code, or the program does
        let code = unsafe { &*entry.code };
        if self.frames.len() >= MAX_FRAMES {
            return Err(too_deep());
        }
        let (base, count) = (entry.base, entry.count);
        self.reserve(base + usize::from(code.registers).max(count))?;
        let declared = code.parameters.len();
        let rare = if count > declared { self.extra_arguments(code, base, count)? } else { None };
        let Some(slots) = self.stack.get_mut(base..base + usize::from(code.registers)) else {
            return Err(too_deep());
        };
        for (i, parameter) in code.parameters.iter().enumerate() {
            let slot = &mut slots[i];
            if i >= count {
                *slot = convert::default_value(parameter.ty);
            } else if !fits(slot, parameter.ty) {
                *slot = parameter_value(code, i, std::mem::take(slot))?;
            }
        }
        for slot in &mut slots[declared..usize::from(code.locals_end).max(declared)] {
            *slot = Value::Undefined;
        }
        for (reg, ty) in &code.defaults {
            slots[usize::from(*reg)] = convert::default_value(*ty);
        }
        let mut this = entry.this;
        if let Some(reg) = code.this {
            slots[usize::from(reg)] = std::mem::replace(&mut this, Value::Null);
        }
        let is_constructor = matches!(code.kind, CodeKind::Constructor { .. });
        self.frames.push(Frame {
            slow: rare.is_some() || is_constructor || entry.gives_this,
            code: entry.code,
            keep: entry.keep,
            pc: 0,
            base: base as u32,
            result_at: entry.result_at as u32,
            count: count as u16,
            gives_this: entry.gives_this,
            is_constructor,
            called_super: false,
            uses_this: false,
            this,
            rare,
        });
        if code.shared {
            return self.use_this();
        }
        Ok(())
    }

    #[cold]
    fn extra_arguments(&mut self, code: &Code, base: usize, count: usize) -> Result<Option<Box<Rare>>> {
        let declared = code.parameters.len();
        let slots = self.stack.get_mut(base + declared..base + count).unwrap_or_default();
        let mut extra: Vec<Value> = slots.iter_mut().map(std::mem::take).collect();
        if code.variadic != Type::Variant {
            for (i, value) in extra.iter_mut().enumerate() {
                *value = parameter_value(code, declared + i, std::mem::take(value))?;
            }
        }
        Ok(Some(Box::new(Rare { extra, ..Rare::default() })))
    }

    /// A shared function runs under `Use(This)`. `Source: Concepts/classes`
    #[cold]
    fn use_this(&mut self) -> Result<()> {
        let this = self.this();
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        if matches!(this, Value::SharedObject(_) | Value::SharedCollection(_)) {
            frame.uses_this = true;
            frame.slow = true;
            if let Err(fault) = self.enter_use(&this) {
                self.frames.pop();
                return Err(fault);
            }
        }
        Ok(())
    }

    // ---- calls from native code

    // ---- calls in code

    /// A frame for a function object; arguments lie at `base`, the result goes to `result_at`.
    pub(super) fn enter_function(
        &mut self,
        function: &FunctionObject,
        this: Value,
        base: usize,
        result_at: usize,
        count: u8,
    ) -> Result<()> {
        match function.callable() {
            Callable::Formula { code, .. } if code.forwards.is_some() => {
                let code = self.code_pointer(code.forwards.unwrap_or_default())?;
                let count = usize::from(count);
                self.enter(Entry { code, keep: None, base, count, result_at, this, gives_this: false })
            }
            Callable::Formula { code, captured } => {
                let pointer = Arc::as_ptr(code);
                self.enter(Entry {
                    code: pointer,
                    keep: Some(Arc::clone(code)),
                    base,
                    count: usize::from(count),
                    result_at,
                    this,
                    gives_this: false,
                })?;
                let captured = captured.clone();
                self.place_captured(pointer, base, &captured);
                Ok(())
            }
            Callable::Program(index) => {
                let code = self.code_pointer(*index)?;
                self.enter(Entry {
                    code,
                    keep: None,
                    base,
                    count: usize::from(count),
                    result_at,
                    this,
                    gives_this: false,
                })
            }
            Callable::Native(index) => {
                self.stack[result_at] = this;
                let arguments: Vec<Value> =
                    self.stack[base..base + usize::from(count)].iter_mut().map(std::mem::take).collect();
                let this = std::mem::take(&mut self.stack[result_at]);
                let value = self.call_native(*index, this, &arguments)?;
                self.stack[result_at] = value;
                Ok(())
            }
            Callable::Broken(why) => Err(broken(why)),
        }
    }

    /// `CallValue`: the function object lies in register `at`.
    pub(super) fn call_value_at(&mut self, at: Reg, count: u8) -> Result<()> {
        let base = self.base() + usize::from(at);
        let callee = self.stack[base].clone();
        let Some(function) = FunctionObject::of(&callee) else {
            return Err(Fault::new(
                ErrorCode::IncompatibleTypes,
                format!("Only a function can be called, not {}", callee.type_name()),
            ));
        };
        self.enter_function(&function, Value::Null, base + 1, base, count)
    }

    /// `Formula(…)`: the locals that the code names are copied now. `Source: commands/formula`
    pub(super) fn make_formula(&self, code: &Code, nested: u16, base: *const Value) -> Value {
        let Some(inner) = code.nested.get(usize::from(nested)) else { return Value::Null };
        #[allow(unsafe_code)]
        let captured = inner
            .captures
            .iter()
            // SAFETY: the compiler numbered registers of the running frame
            .map(|(from, _)| match unsafe { &*base.add(usize::from(*from)) } {
                Value::Cell(cell) => cell.get(),
                value => value.clone(),
            })
            .collect();
        FunctionObject::formula(self, Arc::clone(inner), captured)
    }
}

#[inline(always)]
pub(super) fn fits(value: &Value, ty: Type) -> bool {
    match ty {
        Type::Variant => !matches!(value, Value::Special(_) | Value::Cell(_)),
        Type::Integer => matches!(value, Value::Integer(_)),
        Type::Real => matches!(value, Value::Real(_)),
        Type::Text => matches!(value, Value::Text(_)),
        Type::Boolean => matches!(value, Value::Boolean(_)),
        Type::Object => matches!(value, Value::Object(_) | Value::SharedObject(_) | Value::Null),
        Type::Collection => matches!(value, Value::Collection(_) | Value::SharedCollection(_) | Value::Null),
        _ => false,
    }
}

pub(super) fn broken(why: &str) -> Fault {
    Fault::new(ErrorCode::Source, why)
}

/// An argument as its parameter receives it. `Source: Concepts/parameters (Wrong parameter type)`
#[cold]
fn parameter_value(code: &Code, at: usize, value: Value) -> Result<Value> {
    let ty = code.parameters.get(at).map_or(code.variadic, |p| p.ty);
    let value = match value {
        Value::Cell(cell) => cell.get(),
        Value::Special(_) => Value::Undefined,
        other => other,
    };
    let found = value.type_name();
    match convert::to_parameter(value, ty) {
        Ok(value) => Ok(value),
        Err(_) if !code.strict => Ok(convert::default_value(ty)),
        Err(_) => Err(Fault::new(
            ErrorCode::IncompatibleTypes,
            format!("Parameter {} of {} must be {}, not {found}", at + 1, code.name, ty.name()),
        )),
    }
}

/// The class of an object, private or shared.
pub(super) fn class_of(value: &Value) -> Option<Class> {
    match value {
        Value::Object(object) => object.class(),
        Value::SharedObject(object) => object.class(),
        _ => None,
    }
}

/// A function by name, in the class or those above it.
pub(super) fn find_function(class: &Class, name: &str) -> Option<Function> {
    class.lineage().find_map(|class| class.functions.get(name).copied())
}

/// The nearest constructor, the class's own or an inherited one.
pub(super) fn find_constructor(class: &Class) -> Option<u32> {
    class.lineage().find_map(|class| match class.constructor {
        Some(Function::Code(index)) => Some(index),
        _ => None,
    })
}

/// An instance of a class without properties.
pub(super) fn bare_instance(class: &Class) -> Object {
    Object::of_root(class.root)
}
