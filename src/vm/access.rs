//! What code and natives reach: members, indexes, elements, variables, references, pointers,
//! iteration. The common cases are inline in `run`; here is everything else.

use super::call::{class_of, find_function};
use super::class_object::ClassObject;
use super::function::FunctionObject;
use super::process::{Arguments, NativeMember, Process, Variable};
use crate::code::op::Binary;
use crate::code::program::{Constant, MemberSite};
use crate::value::ops::{self, Rules};
use crate::value::{
    Array, Blob, BlobObject, Class, Collection, ErrorCode, Fault, Function, Pointer, Result, SharedValue,
    Special, Target, Text, Type, Value, convert,
};

/// What a member site remembers beside a shape.
pub(super) struct Cached;

impl Cached {
    /// The rest is the number of a program function to call.
    pub(super) const CALL: u32 = 1 << 31;
    /// The rest is the number of a native function to call.
    pub(super) const NATIVE: u32 = 1 << 30;
    /// In place of a shape: the receiver is a collection, private or shared. No shape has this number.
    pub(super) const COLLECTION: u32 = u32::MAX;
}

impl Process {
    // ---- arguments of natives

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

    fn with_target_element(
        &mut self,
        base: &Target,
        indexes: &[i64],
        change: &mut dyn FnMut(&mut Value),
    ) -> Result<()> {
        let base = Value::Pointer(Pointer::new(base.clone()));
        let mut done = Ok(());
        let work: &mut dyn FnMut(&mut Value) = &mut |array| done = with_element(array, indexes, &mut *change);
        self.with_variable(&base, work)?;
        done
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

    // ---- process and interprocess variables

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

    // ---- pointers

    pub(super) fn make_pointer(&mut self, to: &Value) -> Result<Value> {
        Ok(Value::Pointer(match to {
            Value::Cell(cell) => Pointer::new(Target::Local(cell.clone())),
            Value::Special(Special::Process(n)) => Pointer::new(Target::Process(*n)),
            Value::Special(Special::Interprocess(n)) => Pointer::new(Target::Interprocess(*n)),
            Value::Pointer(pointer) => pointer.clone(),
            _ => return Err(Fault::new(ErrorCode::IncompatibleTypes, "Only variables can be pointed to")),
        }))
    }

    pub(super) fn make_element_pointer(&mut self, to: &Value, index: &Value) -> Result<Value> {
        let index = index_number(index)?;
        if let Value::Array(array) = to {
            // an array that no pointer refers to: only its value can be passed
            if array.is_two_dimensional() {
                return Ok(Value::Array(Box::new(array.row(index)?.clone())));
            }
            return array.get(index);
        }
        let Value::Pointer(pointer) = self.make_pointer(to)? else { return Ok(Value::Undefined) };
        let target = match pointer.target() {
            Target::Element(base, indexes) => {
                let mut indexes = indexes.clone();
                indexes.push(index);
                Target::Element(base.clone(), indexes)
            }
            other => Target::Element(Box::new(other.clone()), vec![index]),
        };
        Ok(Value::Pointer(Pointer::new(target)))
    }

    /// An element of the array in a register, or of the one that the register refers to, for a command.
    pub(super) fn refer_element(&mut self, at: u32, index: &Value, written: bool) -> Result<Value> {
        let number = index_number(index)?;
        let Some(array) = self.stack.get(at as usize) else { return Err(no_variable()) };
        if let Value::Array(array) = array {
            if !written && !array.is_two_dimensional() {
                return array.get(number);
            }
            check_element(array, number)?;
            return Ok(Value::Special(Special::Element(at, i32::try_from(number).unwrap_or(-1))));
        }
        let array = array.clone();
        let referred = matches!(array, Value::Special(_) | Value::Pointer(_) | Value::Cell(_));
        if !referred {
            return self.get_element(&array, index);
        }
        let found = self.with_variable(&array, |value| match value {
            Value::Array(array) if written || array.is_two_dimensional() => {
                check_element(array, number).map(|()| None)
            }
            Value::Array(array) => array.get(number).map(Some),
            Value::Collection(items) if !written => Ok(Some(items.get(number))),
            other => Err(no_array(other)),
        })??;
        found.map_or_else(|| self.make_element_pointer(&array, index), Ok)
    }

    /// What `$p->` passes to a command that wants the variable itself.
    pub(super) fn pointee_reference(&mut self, pointer: Value) -> Result<Value> {
        let Value::Pointer(pointer) = &pointer else { return self.dereference(&pointer) };
        Ok(match pointer.target() {
            Target::Nil => return Err(nil()),
            Target::Local(cell) => Value::Cell(cell.clone()),
            Target::Process(n) => Value::Special(Special::Process(*n)),
            Target::Interprocess(n) => Value::Special(Special::Interprocess(*n)),
            _ => Value::Pointer(pointer.clone()),
        })
    }

    pub(super) fn dereference(&mut self, pointer: &Value) -> Result<Value> {
        match pointer {
            Value::Pointer(pointer) => self.read_target(&pointer.target().clone()),
            Value::Cell(cell) => self.dereference(&cell.get()),
            Value::Undefined | Value::Null => Err(nil()),
            other => Err(Fault::new(
                ErrorCode::IncompatibleTypes,
                format!("`->` needs a pointer, not {}", other.type_name()),
            )),
        }
    }

    pub(super) fn store_dereference(&mut self, pointer: &Value, value: Value) -> Result<()> {
        match pointer {
            Value::Pointer(pointer) => self.write_target(pointer.target(), value),
            Value::Cell(cell) => self.store_dereference(&cell.get(), value),
            Value::Undefined | Value::Null => Err(nil()),
            other => Err(Fault::new(
                ErrorCode::IncompatibleTypes,
                format!("`->` needs a pointer, not {}", other.type_name()),
            )),
        }
    }

    fn read_target(&mut self, target: &Target) -> Result<Value> {
        Ok(match target {
            Target::Nil => return Err(nil()),
            Target::Local(cell) => cell.get(),
            Target::Process(n) => self.load_process_variable(*n),
            Target::Interprocess(n) => self.load_interprocess_variable(*n),
            Target::Element(base, indexes) => {
                let base = Value::Pointer(Pointer::new((**base).clone()));
                self.with_variable(&base, |array| element(array, indexes))??
            }
            _ => return Err(Fault::new(ErrorCode::Headless, "Fields need 4D's database engine")),
        })
    }

    fn write_target(&mut self, target: &Target, value: Value) -> Result<()> {
        match target {
            Target::Nil => Err(nil()),
            Target::Local(cell) => {
                let value = cell.with_mut(|old| same_type(old, value))?;
                cell.with_mut(|old| select_or_store(old, value));
                Ok(())
            }
            Target::Process(n) => self.store_process_variable(*n, value),
            Target::Interprocess(n) => self.store_interprocess_variable(*n, value),
            Target::Element(base, indexes) => {
                let mut value = Some(value);
                self.with_target_element(base, indexes, &mut |slot| *slot = value.take().unwrap_or_default())
            }
            _ => Err(Fault::new(ErrorCode::Headless, "Fields need 4D's database engine")),
        }
    }

    // ---- parameters by number

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

    // ---- members

    /// The built-in class whose functions a value has.
    pub(super) fn builtin_class_name(value: &Value) -> Option<&'static str> {
        Some(match value {
            Value::Collection(_) | Value::SharedCollection(_) => "Collection",
            Value::Blob(_) => "Blob",
            Value::Object(_) | Value::SharedObject(_) => "Object",
            _ => return None,
        })
    }

    /// A member of a built-in class that a value has.
    pub(super) fn native_member(&self, receiver: &Value, name: &str) -> Option<NativeMember> {
        let mut class = class_of(receiver);
        while let Some(next) = class {
            if next.store.as_str() == "4D"
                && let Some(member) = (self.shared.natives.member)(&next.name, name)
            {
                return Some(member);
            }
            class = next.parent.clone();
        }
        (self.shared.natives.member)(Self::builtin_class_name(receiver)?, name)
    }

    /// `receiver.name`
    pub(super) fn get_member(&mut self, receiver: &Value, site: &MemberSite) -> Result<Value> {
        match receiver {
            Value::Object(object) => {
                let shape = object.shape();
                if !shape.is_dictionary() {
                    if let Some(slot) = shape.find(&site.name) {
                        site.remember(shape.id(), slot);
                        return Ok(object.get_slot(slot as usize));
                    }
                } else if object.has(&site.name) {
                    return Ok(object.get(&site.name));
                }
                if shape.class().is_none() {
                    return Ok(Value::Undefined);
                }
                if let Some(function) = class_of(receiver).as_ref().and_then(|c| find_getter(c, &site.name))
                    && let Function::Code(index) = function
                    && !shape.is_dictionary()
                {
                    site.remember(shape.id(), index | Cached::CALL);
                }
            }
            Value::SharedObject(object) => {
                if let Some((value, place)) = object.find(&site.name) {
                    if let Some((shape, slot)) = place {
                        site.remember(shape, slot);
                    }
                    return Ok(value.into());
                }
            }
            Value::Cell(cell) => return self.get_member(&cell.get(), site),
            Value::Null if site.of_object_variable => return Ok(Value::Undefined),
            _ => {}
        }
        self.get_member_named(receiver, &site.name)
    }

    /// `receiver.name` without a cache.
    ///
    /// # Errors
    /// A receiver without properties; what a computed property raises.
    pub fn get_member_named(&mut self, receiver: &Value, name: &Text) -> Result<Value> {
        match receiver {
            Value::Undefined => return Ok(Value::Undefined),
            Value::Null => {
                return Err(Fault::new(
                    ErrorCode::NoSuchMember,
                    format!("Cannot read `{name}` of a Null value"),
                ));
            }
            Value::Object(object) if object.has(name) => return Ok(object.get(name)),
            Value::SharedObject(object) if object.has(name) => return Ok(from_shared(object.get(name))),
            _ => {}
        }
        if let Some(value) = self.class_store_member(receiver, name)? {
            return Ok(value);
        }
        if let Some(class) = class_of(receiver) {
            if let Some(getter) = find_getter(&class, name) {
                return self.call_member_function(getter, receiver.clone(), &[]);
            }
            if let Some(Function::Code(index)) = find_function(&class, name) {
                return Ok(FunctionObject::of_program(self, index, self.function_source(index)));
            }
        }
        match self.native_member(receiver, name) {
            Some(NativeMember::Getter(index)) => self.call_native(index, receiver.clone(), &[]),
            Some(NativeMember::Function(index)) => Ok(FunctionObject::of_native(self, index, name.clone())),
            None if Self::builtin_class_name(receiver).is_some() => Ok(Value::Undefined),
            None => Err(Fault::new(
                ErrorCode::NoSuchMember,
                format!("Cannot read `{name}` of a value of type {}", receiver.type_name()),
            )),
        }
    }

    fn call_member_function(
        &mut self,
        function: Function,
        this: Value,
        arguments: &[Value],
    ) -> Result<Value> {
        match function {
            Function::Code(index) => self.call_index(index, this, arguments),
            Function::Native(index) => self.call_native(index, this, arguments),
        }
    }

    /// `receiver.name := value`
    pub(super) fn set_member(&mut self, receiver: &Value, site: &MemberSite, value: Value) -> Result<()> {
        if let Value::Object(object) = receiver
            && !object.shape().is_dictionary()
            && let Some(slot) = object.shape().find(&site.name)
        {
            site.remember(object.shape().id(), slot);
        }
        if let Value::SharedObject(object) = receiver
            && let Some((_, Some((shape, slot)))) = object.find(&site.name)
        {
            site.remember(shape, slot);
        }
        self.set_member_named(receiver, &site.name, value)
    }

    /// Stores a property, through the class's setter if there is one.
    ///
    /// # Errors
    /// A read-only property, a receiver without properties, a shared object outside of `Use`.
    pub fn set_member_named(&mut self, receiver: &Value, name: &Text, value: Value) -> Result<()> {
        match receiver {
            Value::Object(object) => {
                if let Some(of) = object.native::<super::ClassObject>()
                    && let Some(fault) = of.refuses(name)
                {
                    return Err(fault);
                }
                if object.any_native().is_some()
                    && let Some(contents) = self.class_contents(receiver)
                {
                    return self.set_class_member(object, &contents, name, value);
                }
                if !object.has(name)
                    && let Some(class) = object.class()
                    && let Some(done) = self.set_through_class(&class, receiver, name, &value)
                {
                    return done;
                }
                match value {
                    Value::Undefined if object.has(name) => {
                        object.set(name, cleared(&object.get(name)));
                    }
                    Value::Undefined => {}
                    value => object.set(name, stored(value)),
                }
                Ok(())
            }
            Value::SharedObject(object) => {
                if !object.has(name)
                    && let Some(class) = object.class()
                    && let Some(done) = self.set_through_class(&class, receiver, name, &value)
                {
                    return done;
                }
                let value = match value {
                    Value::Undefined if object.has(name) => cleared(&from_shared(object.get(name))),
                    Value::Undefined => return Ok(()),
                    value => value,
                };
                self.set_shared(object, name, value)
            }
            Value::Cell(cell) => self.set_member_named(&cell.get(), name, value),
            Value::Null | Value::Undefined => Err(Fault::new(
                ErrorCode::NoSuchMember,
                format!("Cannot set `{name}` of a value that is {}", receiver.type_name()),
            )),
            other => Err(Fault::new(
                ErrorCode::NoSuchMember,
                format!("Cannot set `{name}` of a value of type {}", other.type_name()),
            )),
        }
    }

    /// A computed property: `None` if the class has none of that name.
    fn set_through_class(
        &mut self,
        class: &Class,
        receiver: &Value,
        name: &Text,
        value: &Value,
    ) -> Option<Result<()>> {
        if let Some(setter) = find_setter(class, name) {
            return Some(
                self.call_member_function(setter, receiver.clone(), std::slice::from_ref(value)).map(|_| ()),
            );
        }
        if find_getter(class, name).is_some() {
            return Some(Err(Fault::new(
                ErrorCode::ReadOnly,
                format!("The property `{name}` of class {} is read-only", class.name),
            )));
        }
        if class.store.as_str() == "4D" {
            if let Some(index) = (self.shared.natives.setter)(&class.name, name) {
                return Some(
                    self.call_native(index, receiver.clone(), std::slice::from_ref(value)).map(|_| ()),
                );
            }
            if (self.shared.natives.member)(&class.name, name).is_some() {
                return Some(Err(Fault::new(
                    ErrorCode::ReadOnly,
                    format!("The property `{name}` of class {} is read-only", class.name),
                )));
            }
        }
        None
    }

    /// `Super.name`
    pub(super) fn get_super(&mut self, site: &MemberSite) -> Result<Value> {
        let Some(frame) = self.frames.last() else { return Err(self.lost()) };
        let this = frame.this.clone();
        let kind = Self::code_of(frame).kind;
        let class = match kind {
            crate::code::program::CodeKind::Function { of }
            | crate::code::program::CodeKind::Constructor { of } => {
                self.shared.program.class_at(of).and_then(|c| c.parent.clone())
            }
            _ => None,
        };
        if let Some(class) = class {
            if let Some(getter) = find_getter(&class, &site.name) {
                return self.call_member_function(getter, this, &[]);
            }
            if let Some(Function::Code(index)) = find_function(&class, &site.name) {
                return Ok(FunctionObject::of_program(self, index, self.function_source(index)));
            }
        }
        self.get_member_named(&this, &site.name)
    }

    // ---- indexes and elements

    pub(super) fn get_index(&mut self, base: &Value, index: &Value) -> Result<Value> {
        match (base, index) {
            (Value::Cell(cell), _) => self.get_index(&cell.get(), index),
            (Value::Collection(items), Value::Integer(_) | Value::Real(_)) => {
                Ok(items.get(i64::from(convert::as_integer(index).unwrap_or(-1))))
            }
            (Value::SharedCollection(items), Value::Integer(_) | Value::Real(_)) => {
                Ok(from_shared(items.get(i64::from(convert::as_integer(index).unwrap_or(-1)))))
            }
            (Value::Object(_) | Value::SharedObject(_), Value::Text(name)) => {
                self.get_member_named(base, name)
            }
            (
                Value::Object(_) | Value::SharedObject(_) | Value::Collection(_),
                Value::Undefined | Value::Null,
            ) => Ok(Value::Undefined),
            (Value::Object(object), Value::Integer(_) | Value::Real(_)) => {
                if let Some(bytes) = object.native::<BlobObject>() {
                    return byte_at(&bytes.0, index_number(index)?);
                }
                let name = convert::to_text(index)?;
                self.get_member_named(base, &name)
            }
            (Value::SharedObject(object), Value::Integer(_) | Value::Real(_)) => {
                Ok(from_shared(object.element(i64::from(convert::as_integer(index).unwrap_or(-1)))))
            }
            // an object variable that holds none, as in `This[""]=Null`
            (Value::Null, Value::Text(_)) | (Value::Undefined, _) => Ok(Value::Undefined),
            _ => Err(Fault::new(
                ErrorCode::IncompatibleTypes,
                format!("`[…]` of {} cannot take {} as an index", base.type_name(), index.type_name()),
            )),
        }
    }

    pub(super) fn set_index(&mut self, base: &Value, index: &Value, value: Value) -> Result<()> {
        match (base, index) {
            (Value::Cell(cell), _) => self.set_index(&cell.get(), index, value),
            (Value::Collection(items), Value::Integer(_) | Value::Real(_)) => {
                let at = i64::from(convert::as_integer(index).unwrap_or(-1));
                let value = match value {
                    Value::Undefined => cleared(&items.get(at)),
                    value => stored(value),
                };
                items.set(at, value)
            }
            (Value::SharedCollection(items), Value::Integer(_) | Value::Real(_)) => {
                let at = i64::from(convert::as_integer(index).unwrap_or(-1));
                let value = match value {
                    Value::Undefined => cleared(&from_shared(items.get(at))),
                    value => value,
                };
                self.set_shared_item(items, at, value)
            }
            (Value::Object(_) | Value::SharedObject(_), Value::Text(name)) => {
                self.set_member_named(base, name, value)
            }
            (Value::Object(_), Value::Integer(_) | Value::Real(_)) => {
                let name = convert::to_text(index)?;
                self.set_member_named(base, &name, value)
            }
            _ => Err(Fault::new(
                ErrorCode::IncompatibleTypes,
                format!("`[…]` of {} cannot take {} as an index", base.type_name(), index.type_name()),
            )),
        }
    }

    pub(super) fn get_element(&mut self, array: &Value, index: &Value) -> Result<Value> {
        let at = index_number(index)?;
        match array {
            Value::Array(array) => array.get(at),
            Value::Special(_) | Value::Pointer(_) | Value::Cell(_) => {
                let array = array.clone();
                self.with_variable(&array, |value| match value {
                    Value::Array(array) => array.get(at),
                    Value::Blob(blob) => byte_at(blob, at),
                    Value::Collection(items) => Ok(items.get(at)),
                    other => Err(no_array(other)),
                })?
            }
            Value::Blob(blob) => byte_at(blob, at),
            other => Err(no_array(other)),
        }
    }

    pub(super) fn set_element(&mut self, array: &Value, index: &Value, value: Value) -> Result<()> {
        let at = index_number(index)?;
        self.with_variable(array, |target| match target {
            Value::Array(array) => array.set(at, value),
            Value::Blob(blob) => set_byte(blob, at, &value),
            other => Err(no_array(other)),
        })?
    }

    pub(super) fn get_element2(&mut self, array: &Value, row: &Value, column: &Value) -> Result<Value> {
        let (row, column) = (index_number(row)?, index_number(column)?);
        match array {
            Value::Array(array) => array.row(row)?.get(column),
            Value::Special(_) | Value::Pointer(_) | Value::Cell(_) => {
                let array = array.clone();
                self.with_variable(&array, |value| match value {
                    Value::Array(array) => array.row(row)?.get(column),
                    other => Err(no_array(other)),
                })?
            }
            other => Err(no_array(other)),
        }
    }

    pub(super) fn set_element2(
        &mut self,
        array: &Value,
        row: &Value,
        column: &Value,
        value: Value,
    ) -> Result<()> {
        let (row, column) = (index_number(row)?, index_number(column)?);
        self.with_variable(array, |target| match target {
            Value::Array(array) => array.row_mut(row)?.set(column, value),
            other => Err(no_array(other)),
        })?
    }

    // ---- the rest

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

    /// What `For each` runs over: the thing itself or, for an object, its property names; first and end index.
    pub(super) fn start_iteration(
        &mut self,
        over: Value,
        first: &Value,
        end: &Value,
        bounds: bool,
    ) -> Result<(Value, i32, i32)> {
        let over = match over {
            Value::Cell(cell) => cell.get(),
            other => other,
        };
        let (over, length) = match over {
            Value::Collection(items) => {
                let length = items.len();
                (Value::Collection(items), length)
            }
            Value::SharedCollection(items) => {
                let length = items.len();
                (Value::SharedCollection(items), length)
            }
            Value::Object(_) | Value::SharedObject(_) => {
                let names: Vec<Value> = self.property_names(&over).into_iter().map(Value::Text).collect();
                let length = names.len();
                (Value::Collection(Collection::from_values(names)), length)
            }
            Value::Null | Value::Undefined => (Value::Collection(Collection::new()), 0),
            other => {
                return Err(Fault::new(
                    ErrorCode::IncompatibleTypes,
                    format!("For each runs over collections and objects, not over {}", other.type_name()),
                ));
            }
        };
        let length = i32::try_from(length).unwrap_or(i32::MAX);
        if !bounds {
            return Ok((over, 0, i32::MAX));
        }
        let from_end = |n: i32| if n < 0 { n.saturating_add(length).max(0) } else { n };
        let first = from_end(convert::as_integer(first).unwrap_or(0));
        let end = convert::as_integer(end).map_or(length, from_end).min(length);
        Ok((over, first, end))
    }

    /// The names of an object's properties in order; of a class store, its classes.
    #[must_use]
    pub fn property_names(&self, object: &Value) -> Vec<Text> {
        match object {
            Value::Object(o) => match o.native::<ClassObject>() {
                Some(class) => class.member_names(self),
                None => o.keys(),
            },
            Value::SharedObject(o) => o.keys(),
            _ => Vec::new(),
        }
    }

    #[cold]
    pub(super) fn missing_command(&self, command: u16) -> Fault {
        (self.shared.natives.missing)(command)
    }
}

#[allow(clippy::declare_interior_mutable_const)]
fn undefined() -> &'static Value {
    const UNDEFINED: &Value = &Value::Undefined;
    UNDEFINED
}

/// An element or property of a shared thing; nothing is Undefined.
pub(super) fn from_shared(value: Option<SharedValue>) -> Value {
    value.map_or(Value::Undefined, Value::from)
}

/// An element of an array, which may be a row of it, by one index or two.
fn element(array: &Value, indexes: &[i64]) -> Result<Value> {
    match (array, indexes) {
        (Value::Array(array), [i]) if array.is_two_dimensional() => {
            Ok(Value::Array(Box::new(array.row(*i)?.clone())))
        }
        (Value::Array(array), [i]) => array.get(*i),
        (Value::Array(array), [i, j]) => array.row(*i)?.get(*j),
        (other, _) => Err(no_array(other)),
    }
}

/// Looks at or changes an element of an array, a row where it lies.
fn with_element<R>(array: &mut Value, indexes: &[i64], change: impl FnOnce(&mut Value) -> R) -> Result<R> {
    let (array, at) = match (array, indexes) {
        (Value::Array(array), [i]) if array.is_two_dimensional() => {
            let kind = array.kind();
            let row = array.row_mut(*i)?;
            let mut value = Value::Array(Box::new(std::mem::replace(row, Array::new(kind, 0)?)));
            let result = change(&mut value);
            return match value {
                Value::Array(changed) if changed.kind() == kind && !changed.is_two_dimensional() => {
                    *row = *changed;
                    Ok(result)
                }
                _ => Err(Fault::new(
                    ErrorCode::IncompatibleTypes,
                    "A row of a two-dimensional array can only become a row of the same kind",
                )),
            };
        }
        (Value::Array(array), [i]) => (&mut **array, *i),
        (Value::Array(array), [i, j]) => (array.row_mut(*i)?, *j),
        (other, _) => return Err(no_array(other)),
    };
    let mut value = array.get(at)?;
    let result = change(&mut value);
    array.set(at, value)?;
    Ok(result)
}

fn check_element(array: &Array, index: i64) -> Result<()> {
    if array.is_two_dimensional() { array.row(index).map(drop) } else { array.get(index).map(drop) }
}

/// What a register may hold but an object may not.
fn stored(value: Value) -> Value {
    match value {
        Value::Cell(cell) => cell.get(),
        Value::Special(_) => Value::Null,
        // `Source: commands/set-database-parameter (Times inside objects)`
        Value::Time(time) => convert::whole(time.seconds),
        // `Source: Concepts/blob (Automatic conversion of blob type)`
        Value::Blob(blob) => blob.boxed(),
        other => other,
    }
}

/// What assigning an undefined value leaves of an existing property. `Source: Concepts/null-undefined`
fn cleared(old: &Value) -> Value {
    match old {
        Value::Boolean(_) => Value::Boolean(false),
        Value::Text(_) => Value::Text(Text::new()),
        Value::Integer(_) | Value::Real(_) => Value::Integer(0),
        Value::Date(_) => convert::default_value(Type::Date),
        Value::Time(_) => convert::default_value(Type::Time),
        _ => Value::Null,
    }
}

/// A variable written through a pointer keeps its type.
fn same_type(old: &Value, new: Value) -> Result<Value> {
    let ty = match (old, &new) {
        (Value::Text(_), Value::Text(_)) => return Ok(new),
        (Value::Integer(_), Value::Real(_)) => return Ok(new),
        (Value::Real(_), Value::Integer(_)) => Type::Real,
        (Value::Text(_), Value::Undefined) => Type::Text,
        (Value::Integer(_), Value::Undefined) => Type::Integer,
        (Value::Real(_), Value::Undefined) => Type::Real,
        (Value::Boolean(_), Value::Undefined) => Type::Boolean,
        _ => return Ok(new),
    };
    convert::assign(new, ty)
}

pub(super) fn find_getter(class: &Class, name: &str) -> Option<Function> {
    let mut next = Some(class.clone());
    while let Some(class) = next {
        if let Some(function) = class.getters.get(name) {
            return Some(*function);
        }
        next = class.parent.clone();
    }
    None
}

fn find_setter(class: &Class, name: &str) -> Option<Function> {
    let mut next = Some(class.clone());
    while let Some(class) = next {
        if let Some(function) = class.setters.get(name) {
            return Some(*function);
        }
        next = class.parent.clone();
    }
    None
}

fn parameter_number(n: &Value) -> Result<usize> {
    usize::try_from(index_number(n)?)
        .map_err(|_| Fault::new(ErrorCode::IndexOutOfRange, "`${…}` needs the number of a parameter"))
}

fn index_number(index: &Value) -> Result<i64> {
    convert::as_integer(index).map(i64::from).ok_or_else(|| {
        Fault::new(
            ErrorCode::IncompatibleTypes,
            format!("An index must be a number, not {}", index.type_name()),
        )
    })
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

/// A byte of a BLOB, counted from 0. `Source: Concepts/blob`
fn byte_at(blob: &Blob, at: i64) -> Result<Value> {
    let byte = usize::try_from(at).ok().and_then(|at| blob.get(at));
    byte.map(|byte| Value::Integer((*byte).into())).ok_or_else(|| outside_blob(blob, at))
}

/// Only the lowest eight bits of a number go into a byte.
pub(super) fn set_byte(blob: &mut Blob, at: i64, value: &Value) -> Result<()> {
    let number = index_number(value)?;
    match usize::try_from(at).ok().and_then(|at| blob.make_mut().get_mut(at)) {
        Some(byte) => {
            *byte = (number & 0xFF) as u8;
            Ok(())
        }
        None => Err(outside_blob(blob, at)),
    }
}

#[cold]
fn outside_blob(blob: &Blob, at: i64) -> Fault {
    Fault::new(ErrorCode::IndexOutOfRange, format!("Byte {at} is outside a BLOB of {} bytes", blob.len()))
}

fn no_array(value: &Value) -> Fault {
    Fault::new(ErrorCode::IncompatibleTypes, format!("`{{…}}` needs an array, not {}", value.type_name()))
}

fn no_variable() -> Fault {
    Fault::new(ErrorCode::ArgumentType, "A variable is needed here")
}

fn nil() -> Fault {
    Fault::new(ErrorCode::NilPointer, "The pointer points to nothing")
}
