//! Calls: frames are made here, for methods, functions, formulas and what natives call back.

use super::access::Cached;
use super::function::{Callable, FunctionObject};
use super::process::{Arguments, Frame, MAX_DEPTH, MAX_FRAMES, NativeMember, Process, Rare, too_deep};
use crate::code::op::{Reg, Site};
use crate::code::program::{Code, CodeKind, MemberSite};
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

    fn base(&self) -> usize {
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

    /// Calls a function of a class whose receiver lies in register `at`.
    #[inline]
    pub(super) fn call_function(&mut self, function: u32, at: Reg, count: u8) -> Result<()> {
        let code = self.code_pointer(function)?;
        let result_at = self.base() + usize::from(at);
        let this = self.stack.get_mut(result_at).map(std::mem::take).unwrap_or_default();
        self.enter(Entry {
            code,
            keep: None,
            base: result_at + 1,
            count: usize::from(count),
            result_at,
            this,
            gives_this: false,
        })
    }

    pub(super) fn call_getter(&mut self, function: u32, this: Value, dst: Reg) -> Result<()> {
        let code = self.code_pointer(function)?;
        let result_at = self.base() + usize::from(dst);
        let base = self.top();
        self.enter(Entry { code, keep: None, base, count: 0, result_at, this, gives_this: false })
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
            this: entry.this,
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
        let Some(frame) = self.frames.last_mut() else { return Ok(()) };
        let this = frame.this.clone();
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

    fn place_captured(&mut self, code: *const Code, base: usize, captured: &[Value]) {
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

    // ---- calls in code

    /// Receiver in register `at`, arguments behind it.
    pub(super) fn call_member(&mut self, site: &MemberSite, at: Reg, count: u8) -> Result<()> {
        let base = self.base() + usize::from(at);
        if let Value::Collection(_) | Value::SharedCollection(_) = &self.stack[base] {
            let (kind, found) = site.cached();
            if kind == Cached::COLLECTION {
                return self.run_native(found & !Cached::NATIVE, base, count);
            }
        }
        let receiver = self.stack[base].clone();
        if let Value::Object(object) = &receiver {
            let (shape, found) = site.cached();
            if shape == object.shape().id() && found & Cached::NATIVE != 0 {
                drop(receiver);
                return self.run_native(found & !Cached::NATIVE, base, count);
            }
        }
        if let Some(result) = self.class_member_call(&receiver, site, base, count) {
            return result;
        }
        if let Value::Object(object) = &receiver
            && let Some(function) = object.native::<FunctionObject>()
            && let Some(done) = self.apply_function(&function.clone(), &site.name, base, count)
        {
            return done;
        }
        match &receiver {
            Value::Object(_) | Value::SharedObject(_) => {}
            Value::Null => return Err(null_receiver(site)),
            Value::Undefined => return Err(undefined_receiver(site)),
            _ => {
                return match self.native_member(&receiver, &site.name) {
                    Some(NativeMember::Function(index)) => {
                        if let Value::Collection(_) | Value::SharedCollection(_) = &receiver {
                            site.remember(Cached::COLLECTION, index | Cached::NATIVE);
                        }
                        drop(receiver);
                        self.run_native(index, base, count)
                    }
                    _ => Err(no_function(&receiver, site)),
                };
            }
        }
        // an own property that holds a function goes before the class's functions
        let own = match &receiver {
            Value::Object(object) => object.get(&site.name),
            Value::SharedObject(object) => super::access::from_shared(object.get(&site.name)),
            _ => Value::Undefined,
        };
        if let Some(function) = FunctionObject::of(&own) {
            return self.enter_function(&function, receiver, base + 1, base, count);
        }
        let class = class_of(&receiver);
        let found = class.as_ref().and_then(|c| find_function(c, &site.name));
        if let Some(Function::Code(index)) = found {
            if let Value::Object(object) = &receiver
                && !object.shape().is_dictionary()
            {
                site.remember(object.shape().id(), index | Cached::CALL);
            }
            drop(receiver);
            return self.call_function(index, at, count);
        }
        if let Some(NativeMember::Function(index)) = self.native_member(&receiver, &site.name) {
            if let Value::Object(object) = &receiver
                && !object.shape().is_dictionary()
            {
                site.remember(object.shape().id(), index | Cached::NATIVE);
            }
            return self.run_native(index, base, count);
        }
        // a getter or a native property may give a function
        let value = self.get_member(&receiver, site)?;
        if let Some(function) = FunctionObject::of(&value) {
            return self.enter_function(&function, receiver, base + 1, base, count);
        }
        Err(no_function(&receiver, site))
    }

    /// `function.call(this; …)` and `function.apply(this; [ … ])` as calls of the function itself, so that
    /// they nest as deep as others. `Source: API/FunctionClass`
    fn apply_function(
        &mut self,
        function: &FunctionObject,
        name: &str,
        base: usize,
        count: u8,
    ) -> Option<Result<()>> {
        let this = match count {
            0 => Value::Null,
            _ => std::mem::take(&mut self.stack[base + 1]),
        };
        match name {
            "call" => Some(self.enter_function(function, this, base + 2, base, count.saturating_sub(1))),
            "apply" => {
                let arguments = match self.stack.get_mut(base + 2).filter(|_| count > 1).map(std::mem::take) {
                    Some(Value::Collection(items)) => items.to_vec(),
                    Some(Value::SharedCollection(items)) => {
                        items.to_vec().into_iter().map(Value::from).collect()
                    }
                    None | Some(Value::Null | Value::Undefined) => Vec::new(),
                    Some(other) => {
                        return Some(Err(Fault::new(
                            ErrorCode::ArgumentType,
                            format!("`apply` needs a collection of parameters, not {}", other.type_name()),
                        )));
                    }
                };
                if let Err(fault) = self.reserve(base + 2 + arguments.len()) {
                    return Some(Err(fault));
                }
                let given = arguments.len().min(255) as u8;
                for (slot, value) in self.stack.iter_mut().skip(base + 2).zip(arguments) {
                    *slot = value;
                }
                Some(self.enter_function(function, this, base + 2, base, given))
            }
            _ => {
                if count > 0 {
                    self.stack[base + 1] = this;
                }
                None
            }
        }
    }

    /// Runs a native on `count` arguments behind the receiver at `base` (absolute).
    pub(super) fn run_native(&mut self, index: u32, base: usize, count: u8) -> Result<()> {
        let Some(native) = self.shared.natives.functions.get(index as usize).copied() else {
            return Err(Fault::new(ErrorCode::Internal, "there is no such native function"));
        };
        let value = native(self, Arguments { base: base as u32, count: count.saturating_add(1) })?;
        self.stack[base] = value;
        if self.is_called() {
            self.attend()?;
        }
        Ok(())
    }

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

    /// `Super(…)` and `Super.name(…)`: looked up above the class that the running function is written in.
    pub(super) fn call_super(&mut self, site: Site, at: Reg, count: u8) -> Result<()> {
        let Some(frame) = self.frames.last() else { return Err(self.lost()) };
        let code = Self::code_of(frame);
        let name = code.sites.get(usize::from(site)).map(|s| s.name.clone());
        let class = match code.kind {
            CodeKind::Function { of } | CodeKind::Constructor { of } => self.shared.program.class_at(of),
            _ => None,
        };
        let Some(class) = class else {
            return Err(Fault::new(ErrorCode::SuperCalledTwice, "Super can only be used in a class's code"));
        };
        let parent = class.parent.clone();
        let result_at = self.base() + usize::from(at);
        match name {
            None => {
                let Some(frame) = self.frames.last_mut() else { return Err(self.lost()) };
                if !frame.is_constructor || frame.called_super {
                    return Err(Fault::new(
                        ErrorCode::SuperCalledTwice,
                        format!(
                            "The constructor above {} has already been called for this object",
                            class.name
                        ),
                    ));
                }
                frame.called_super = true;
                let constructor = parent.as_ref().and_then(find_constructor);
                match constructor {
                    Some(index) => self.call_function(index, at, count),
                    None => {
                        self.stack[result_at] = Value::Undefined;
                        Ok(())
                    }
                }
            }
            Some(name) => {
                let found = parent.as_ref().and_then(|p| find_function(p, &name));
                match found {
                    Some(Function::Code(index)) => self.call_function(index, at, count),
                    _ => Err(Fault::new(
                        ErrorCode::NoSuchMember,
                        format!("The parent class of {} has no function named `{name}`", class.name),
                    )),
                }
            }
        }
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
    let mut next = Some(class.clone());
    while let Some(class) = next {
        if let Some(function) = class.functions.get(name) {
            return Some(*function);
        }
        next = class.parent.clone();
    }
    None
}

/// The nearest constructor, the class's own or an inherited one.
pub(super) fn find_constructor(class: &Class) -> Option<u32> {
    let mut next = Some(class.clone());
    while let Some(class) = next {
        if let Some(Function::Code(index)) = class.constructor {
            return Some(index);
        }
        next = class.parent.clone();
    }
    None
}

fn null_receiver(site: &MemberSite) -> Fault {
    Fault::new(ErrorCode::NoSuchMember, format!("Cannot call `{}` of a Null value", site.name))
}

fn undefined_receiver(site: &MemberSite) -> Fault {
    Fault::new(ErrorCode::NoSuchMember, format!("Cannot call `{}` of an undefined value", site.name))
}

fn no_function(receiver: &Value, site: &MemberSite) -> Fault {
    let what = match class_of(receiver) {
        Some(class) => format!("an object of class {}", class.name),
        None => format!("a value of type {}", receiver.type_name()),
    };
    Fault::new(ErrorCode::NoSuchMember, format!("`{}` is not a function of {what}", site.name))
}

/// An instance of a class without properties.
pub(super) fn bare_instance(class: &Class) -> Object {
    Object::of_root(class.root)
}
