//! What natives tell the process and ask of it: system variables, the running method.

use super::process::Process;
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

    /// The name of the method that runs.
    #[must_use]
    pub fn current_method_name(&self) -> &str {
        self.frames.last().map_or("", |frame| Self::code_of(frame).name.as_str())
    }
}
