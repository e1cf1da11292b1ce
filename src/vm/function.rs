//! Functions as values: formulas, methods and class functions that programs hold, pass and call.
//! `Source: API/FunctionClass, API/FormulaClass`

use super::process::Process;
use crate::code::program::Code;
use crate::text::{Name, Source};
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
    /// A method from a text that has errors: what is wrong with it.
    Broken(Arc<str>),
}

/// The content of a 4D.Function object.
#[derive(Clone)]
pub struct FunctionObject {
    callable: Callable,
    /// What `.source` gives.
    pub source: Text,
    /// What a 4D.Method was named.
    pub name: Option<Text>,
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
            Callable::Broken(why) => (Way::Broken(Arc::clone(why)), &[][..]),
        };
        // What cannot travel, such as a pointer to a local variable, is undefined over there.
        let captured = captured.iter().map(|value| Portable::pack(value).ok()).collect();
        Some(Box::new(Travelling { way, captured, source: self.source.clone(), name: self.name.clone() }))
    }
}

/// A function on its way to another process.
struct Travelling {
    way: Way,
    captured: Vec<Option<Portable>>,
    source: Text,
    name: Option<Text>,
}

enum Way {
    Formula(Arc<Code>),
    Program(u32),
    Native(u32),
    Broken(Arc<str>),
}

impl PortableNative for Travelling {
    fn arrive(self: Box<Self>) -> Box<dyn Native> {
        let captured = self.captured.into_iter().map(|one| one.map_or(Value::Undefined, Portable::unpack));
        let callable = match self.way {
            Way::Formula(code) => Callable::Formula { code, captured: captured.collect() },
            Way::Program(index) => Callable::Program(index),
            Way::Native(index) => Callable::Native(index),
            Way::Broken(why) => Callable::Broken(why),
        };
        Box::new(FunctionObject { callable, source: self.source, name: self.name })
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
        Self { callable: Callable::Formula { code, captured }, source, name: None }
            .into_object(process, "Formula")
    }

    /// A method or class function as an object.
    #[must_use]
    pub fn of_program(process: &Process, index: u32, source: Text) -> Value {
        Self { callable: Callable::Program(index), source, name: None }.into_object(process, "Function")
    }

    /// A member of a built-in class as an object.
    #[must_use]
    pub fn of_native(process: &Process, index: u32, source: Text) -> Value {
        Self { callable: Callable::Native(index), source, name: None }.into_object(process, "Function")
    }

    /// A method made from a text. `Source: API/MethodClass`
    #[must_use]
    pub fn method(process: &Process, source: Text, name: Option<Text>) -> Value {
        let title = name.as_ref().map_or("anonymous", |name| name.as_str());
        let text = Arc::new(Source::new(title, source.as_str().to_owned()));
        let callable = match process.shared.program.compile_source(&Name::new(title), &text) {
            Ok(code) => Callable::Formula { code, captured: Vec::new() },
            Err(error) => Callable::Broken(error.message.into()),
        };
        Self { callable, source, name }.into_object(process, "Method")
    }

    fn into_object(self, process: &Process, class: &str) -> Value {
        let class = process.shared.program.builtin_class(class);
        Value::Object(Object::new_native(class.root, Box::new(self)))
    }
}
