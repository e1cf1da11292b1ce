//! `receiver.name(…)` where the place in code does not know yet what that leads to: functions of classes,
//! natives, functions in properties, `function.call(…)`.

use super::call::{class_of, find_function};
use super::function::FunctionObject;
use super::members::{Cached, from_shared};
use super::process::{Arguments, NativeMember, Process};
use crate::code::op::Reg;
use crate::code::program::MemberSite;
use crate::value::{ErrorCode, Fault, Function, Result, Value};

impl Process {
    /// Receiver in register `at`, arguments behind it.
    pub(super) fn call_member(&mut self, site: &MemberSite, at: Reg, count: u8) -> Result<()> {
        let base = self.base() + usize::from(at);
        let known = match &self.stack[base] {
            Value::Collection(_) | Value::SharedCollection(_) => site.find(Cached::COLLECTION),
            Value::Object(object) => {
                site.find(object.shape().id()).filter(|found| found & Cached::NATIVE != 0)
            }
            _ => None,
        };
        if let Some(found) = known {
            return self.run_native(found & !Cached::NATIVE, base, count);
        }
        let receiver = self.stack[base].clone();
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
            Value::Object(_) | Value::SharedObject(_) => self.call_of_object(receiver, site, base, count),
            Value::Null => Err(null_receiver(site)),
            Value::Undefined => Err(undefined_receiver(site)),
            _ => match self.native_member(&receiver, &site.name) {
                Some(NativeMember::Function(index)) => {
                    if let Value::Collection(_) | Value::SharedCollection(_) = &receiver {
                        site.remember(Cached::COLLECTION, index | Cached::NATIVE);
                    }
                    drop(receiver);
                    self.run_native(index, base, count)
                }
                _ => Err(no_function(&receiver, site)),
            },
        }
    }

    /// A function of an object, which lies at `base` (absolute) too.
    fn call_of_object(&mut self, receiver: Value, site: &MemberSite, base: usize, count: u8) -> Result<()> {
        // an own property that holds a function goes before the class's functions
        let own = match &receiver {
            Value::Object(object) => object.get(&site.name),
            Value::SharedObject(object) => from_shared(object.get(&site.name)),
            _ => Value::Undefined,
        };
        if let Some(function) = FunctionObject::of(&own) {
            return self.enter_function(&function, receiver, base + 1, base, count);
        }
        // the shape of objects that have no such property of their own: what is found holds for all of them
        let shape = match &receiver {
            Value::Object(object) => Some(object.shape()),
            _ => None,
        };
        let shape = shape.filter(|shape| !shape.is_dictionary() && shape.find(&site.name).is_none());
        let remember = |found| {
            if let Some(shape) = shape {
                site.remember(shape.id(), found);
            }
        };
        let found = class_of(&receiver).and_then(|class| find_function(&class, &site.name));
        if let Some(Function::Code(index)) = found {
            remember(index | Cached::CALL);
            drop(receiver);
            return self.call_function(index, base, count);
        }
        if let Some(NativeMember::Function(index)) = self.native_member(&receiver, &site.name) {
            remember(index | Cached::NATIVE);
            return self.run_native(index, base, count);
        }
        // a getter or a native property may give a function
        let value = self.get_member_named(&receiver, &site.name)?;
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

    #[cold]
    pub(super) fn missing_command(&self, command: u16) -> Fault {
        (self.shared.natives.missing)(command)
    }
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
