//! Members of objects and of values of built-in classes: own properties, computed ones, functions as values.

use super::call::{class_of, find_function};
use super::class_object::ClassObject;
use super::function::FunctionObject;
use super::process::{NativeMember, Process};
use crate::code::program::MemberSite;
use crate::value::{Class, ErrorCode, Fault, Function, Result, SharedValue, Text, Type, Value, convert};

/// What a member site remembers beside a shape.
pub(super) struct Cached;

impl Cached {
    /// Smaller numbers are slots.
    pub(super) const SLOTS: u32 = 1 << 16;
    /// The rest is the number of a program function to call: a function or the reader of a computed property.
    pub(super) const CALL: u32 = 1 << 31;
    /// The rest is the number of the function that writes a computed property.
    pub(super) const SETTER: u32 = 1 << 28;
    /// Storing adds the property; the rest is the number of the shape that the object has then.
    pub(super) const ADD: u32 = 1 << 29;
    /// The rest is the number of a native function to call.
    pub(super) const NATIVE: u32 = 1 << 30;
    /// In place of a shape: the receiver is a collection, private or shared. No shape has this number.
    pub(super) const COLLECTION: u32 = u32::MAX;
    /// In place of a shape: a class of the program, by number.
    pub(super) const CLASS: u32 = u32::MAX - 2;
    /// In place of a shape: the class above the one that the code is written in.
    pub(super) const PARENT: u32 = u32::MAX - 1;
}

impl Process {
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

    pub(super) fn call_member_function(
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
        if let Value::SharedObject(object) = receiver
            && let Some((_, Some((shape, slot)))) = object.find(&site.name)
        {
            site.remember(shape, slot);
        }
        let Value::Object(object) = receiver else {
            return self.set_member_named(receiver, &site.name, value);
        };
        let shape = object.shape();
        // what is put into a class goes elsewhere
        if shape.is_dictionary() || object.any_native().is_some() {
            return self.set_member_named(receiver, &site.name, value);
        }
        if let Some(slot) = shape.find(&site.name) {
            site.remember(shape.id(), slot);
        } else if let Some(Function::Code(index)) = shape.class().and_then(|c| find_setter(c, &site.name)) {
            site.remember(shape.id(), index | Cached::SETTER);
        }
        self.set_member_named(receiver, &site.name, value)?;
        let now = object.shape();
        if now.parent().is_some_and(|parent| std::ptr::eq(parent, shape))
            && now.keys().last().is_some_and(|key| *key == site.name)
        {
            site.remember(shape.id(), now.id() | Cached::ADD);
        }
        Ok(())
    }

    /// Stores a property, through the class's setter if there is one.
    ///
    /// # Errors
    /// A read-only property, a receiver without properties, a shared object outside of `Use`.
    pub fn set_member_named(&mut self, receiver: &Value, name: &Text, value: Value) -> Result<()> {
        match receiver {
            Value::Object(object) => {
                if let Some(of) = object.native::<ClassObject>()
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
}

/// An element or property of a shared thing; nothing is Undefined.
pub(super) fn from_shared(value: Option<SharedValue>) -> Value {
    value.map_or(Value::Undefined, Value::from)
}

/// What a register may hold but an object may not.
pub(super) fn stored(value: Value) -> Value {
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
pub(super) fn cleared(old: &Value) -> Value {
    match old {
        Value::Boolean(_) => Value::Boolean(false),
        Value::Text(_) => Value::Text(Text::new()),
        Value::Integer(_) | Value::Real(_) => Value::Integer(0),
        Value::Date(_) => convert::default_value(Type::Date),
        Value::Time(_) => convert::default_value(Type::Time),
        _ => Value::Null,
    }
}

pub(super) fn find_getter(class: &Class, name: &str) -> Option<Function> {
    class.lineage().find_map(|class| class.getters.get(name).copied())
}

fn find_setter(class: &Class, name: &str) -> Option<Function> {
    class.lineage().find_map(|class| class.setters.get(name).copied())
}
