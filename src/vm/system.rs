//! What natives tell the process and ask of it: system variables, the running method.

use super::process::Process;
use crate::code::program::CodeKind;
use crate::text::Name;
use crate::value::{Special, Target, Text, Type, Value};

impl Process {
    /// Sets the system variable `OK` to 1 or 0.
    pub fn set_ok(&mut self, done: bool) {
        self.set_system_variable("OK", Value::Integer(done.into()));
    }

    /// Sets the system variable `Document`: the path a command worked on.
    pub fn set_document(&mut self, path: Text) {
        self.set_system_variable("Document", Value::Text(path));
    }

    fn set_system_variable(&mut self, name: &str, value: Value) {
        let number = self.shared.program.process_variable(&Name::new(name));
        // A program that declared the variable with another type keeps its value.
        drop(self.store_process_variable(number, value));
    }

    /// The value of a process variable.
    #[must_use]
    pub fn variable(&self, name: &str) -> Value {
        let number = self.shared.program.process_variable(&Name::new(name));
        self.variables.get(number as usize).map(|variable| variable.value.clone()).unwrap_or_default()
    }

    /// Gives a process variable a value and forgets what type it was declared with.
    pub fn reset_variable(&mut self, name: &str, value: Value) {
        let number = self.shared.program.process_variable(&Name::new(name));
        let variable = self.process_variable(number);
        (variable.value, variable.ty) = (value, Type::Variant);
    }

    /// The type that the variable a reference stands for was declared with; none for what is no
    /// local or process variable.
    #[must_use]
    pub fn declared_type(&self, reference: &Value) -> Option<Type> {
        let process_variable = |n: u32| self.variables.get(n as usize).map(|variable| variable.ty);
        match reference {
            Value::Special(Special::Register(at)) => Some(self.register_type(*at)),
            Value::Special(Special::Process(n)) => process_variable(*n),
            Value::Pointer(pointer) => match pointer.target() {
                Target::Process(n) => process_variable(*n),
                _ => None,
            },
            _ => None,
        }
    }

    /// How many parameters were passed to the method that runs.
    #[must_use]
    pub fn count_parameters(&self) -> usize {
        self.frames.last().map_or(0, |frame| frame.count.into())
    }

    /// The method or function that runs, as `Call chain` names it; formulas are passed over.
    #[must_use]
    pub fn current_method_name(&self) -> &str {
        let mut codes = self.frames.iter().rev().map(Self::code_of);
        codes.find(|code| code.kind != CodeKind::Formula).map_or("", |code| code.name.as_str())
    }
}
