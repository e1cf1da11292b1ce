//! Functions as values: formulas, methods and class functions that programs hold, pass and call.
//! `Source: API/FunctionClass, API/FormulaClass`

use super::process::Process;
use crate::code::program::Code;
use crate::value::{Native, Object, Portable, PortableNative, Text, Value};
use std::sync::Arc;

/// What a 4D.Function object runs.
#[derive(Clone)]
pub enum Callable {
    /// An expression with the locals it captured.
    Formula { code: Arc<Code>, captured: Vec<Value> },
    /// A method or class function of the program.
    Program(u32),
    /// A native member function.
    Native(u32),
}

/// The content of a 4D.Function object.
#[derive(Clone)]
pub struct FunctionObject {
    callable: Callable,
    /// What `.source` gives.
    pub source: Text,
}

impl Native for FunctionObject {
    fn copy(&self) -> Option<Box<dyn Native>> {
        Some(Box::new(self.clone()))
    }

    fn portable(&self) -> Option<Box<dyn PortableNative>> {
        let (way, captured) = match &self.callable {
            Callable::Formula { code, captured } => (Way::Formula(Arc::clone(code)), captured.as_slice()),
            Callable::Program(index) => (Way::Program(*index), &[][..]),
            Callable::Native(index) => (Way::Native(*index), &[][..]),
        };
        // What cannot travel, such as a pointer to a local variable, is undefined over there.
        let captured = captured.iter().map(|value| Portable::pack(value).ok()).collect();
        Some(Box::new(Travelling { way, captured, source: self.source.clone() }))
    }
}

/// A function on its way to another process.
struct Travelling {
    way: Way,
    captured: Vec<Option<Portable>>,
    source: Text,
}

enum Way {
    Formula(Arc<Code>),
    Program(u32),
    Native(u32),
}

impl PortableNative for Travelling {
    fn arrive(self: Box<Self>) -> Box<dyn Native> {
        let captured = self.captured.into_iter().map(|one| one.map_or(Value::Undefined, Portable::unpack));
        let callable = match self.way {
            Way::Formula(code) => Callable::Formula { code, captured: captured.collect() },
            Way::Program(index) => Callable::Program(index),
            Way::Native(index) => Callable::Native(index),
        };
        Box::new(FunctionObject { callable, source: self.source })
    }
}

impl FunctionObject {
    /// The function that a value holds.
    #[must_use]
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Object(object) => object.native::<Self>().cloned(),
            _ => None,
        }
    }

    #[must_use]
    pub fn callable(&self) -> &Callable {
        &self.callable
    }

    /// A formula object.
    #[must_use]
    pub fn formula(process: &Process, code: Arc<Code>, captured: Vec<Value>) -> Value {
        let source = code.text.clone().unwrap_or_default();
        Self { callable: Callable::Formula { code, captured }, source }.into_object(process)
    }

    /// A method or class function as an object.
    #[must_use]
    pub fn of_program(process: &Process, index: u32, source: Text) -> Value {
        Self { callable: Callable::Program(index), source }.into_object(process)
    }

    /// A member of a built-in class as an object.
    #[must_use]
    pub fn of_native(process: &Process, index: u32, source: Text) -> Value {
        Self { callable: Callable::Native(index), source }.into_object(process)
    }

    fn into_object(self, process: &Process) -> Value {
        let class = process.shared.program.builtin_class("Function");
        Value::Object(Object::new_native(class.root, Box::new(self)))
    }
}
