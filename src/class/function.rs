//! The classes 4D.Function, 4D.Formula and 4D.Method: code as objects.
//! `Source: API/FunctionClass, API/FormulaClass, API/MethodClass`

use crate::code::program::CodeKind;
use crate::command::bind::{Parameter, Reader};
use crate::command::parameters::{AnyCollection, Rest};
use crate::text::Severity;
use crate::value::{Collection, Object, Result, Text, Value};
use crate::syntax::format::Suffixes;
use crate::vm::{Callable, FunctionObject, Process};

members! {
    "4D.Function" {
        /// Runs the function on an object, with parameters.
        function "call" (thisObj; params) => call;
        /// Runs the function on an object, with a collection of parameters.
        function "apply" (thisObj; params) => apply;
        /// The function's source text.
        get "source" () => source;
    }
    "4D.Method" {
        /// Makes a function from the text of a method.
        new "new" (source; name) => new;
        /// Looks for errors in the text.
        function "checkSyntax" () => check_syntax;
        /// What the method was named; undefined if it was not.
        get "name" () => |method: This| method.function.name.map_or(Value::Undefined, Value::Text);
    }
}

/// The function that a member is called on.
struct This {
    value: Value,
    function: FunctionObject,
}

impl Parameter for This {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        match FunctionObject::of(&value) {
            Some(function) => Ok(Self { value, function }),
            None => Err(reader.mismatch("a function", &value)),
        }
    }
}

/// Calls in 4D code do not come here, but those through a function object do.
fn call(
    process: &mut Process,
    function: This,
    this: Option<Value>,
    parameters: Rest<Value>,
) -> Result<Value> {
    process.call(&function.value, this.unwrap_or(Value::Null), &parameters.0)
}

fn apply(
    process: &mut Process,
    function: This,
    this: Option<Value>,
    parameters: Option<AnyCollection>,
) -> Result<Value> {
    let parameters = match parameters {
        None => Vec::new(),
        Some(AnyCollection::Private(items)) => items.to_vec(),
        Some(AnyCollection::Shared(items)) => items.to_vec().into_iter().map(Value::from).collect(),
    };
    process.call(&function.value, this.unwrap_or(Value::Null), &parameters)
}

/// Source: API/FunctionClass (.source)
fn source(process: &mut Process, this: This) -> Text {
    let function = this.function;
    match function.callable() {
        Callable::Formula { code, .. } if code.kind == CodeKind::Method => {
            let formatted = process.shared.program.formatted(function.source.as_str(), Suffixes::Strip);
            Text::from(formatted.replace('\n', "\r"))
        }
        Callable::Formula { .. } => {
            Text::from(process.shared.program.formatted(function.source.as_str(), Suffixes::Keep))
        }
        Callable::Broken(_) | Callable::Program(_) | Callable::Native(_) => function.source,
    }
}

fn new(process: &mut Process, _class: Value, source: Text, name: Option<Text>) -> Value {
    FunctionObject::method(process, source, name.filter(|name| !name.is_empty()))
}

/// Source: API/MethodClass (.checkSyntax())
fn check_syntax(process: &mut Process, method: This) -> Object {
    let (source, diagnostics) = process.shared.program.check_text(method.function.source.as_str());
    let errors: Vec<Value> = diagnostics
        .iter()
        .map(|diagnostic| {
            let error = Object::new();
            error.set(&Text::from("isError"), Value::Boolean(diagnostic.severity == Severity::Error));
            error.set(&Text::from("message"), Value::from(diagnostic.message.as_str()));
            let line = source.place(diagnostic.span.start).line;
            error.set(&Text::from("lineNumber"), Value::from(i64::from(line)));
            Value::Object(error)
        })
        .collect();
    let result = Object::new();
    let success = diagnostics.iter().all(|diagnostic| diagnostic.severity != Severity::Error);
    result.set(&Text::from("success"), Value::Boolean(success));
    if !errors.is_empty() {
        result.set(&Text::from("errors"), Value::Collection(Collection::from_values(errors)));
    }
    result
}
