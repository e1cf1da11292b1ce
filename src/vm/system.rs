//! What natives tell the process and ask of it: system variables, the running method.

use super::process::Process;
use crate::code::program::CodeKind;
use crate::text::Name;
use crate::value::{Text, Value};

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

    /// What `This` is in the running code.
    #[must_use]
    pub fn this(&self) -> Value {
        self.frames.last().map_or(Value::Null, |frame| frame.this.clone())
    }
}
