//! Theme Language, what looks at the program: methods and variables by name, the class stores, what is
//! running. And `CLEAR VARIABLE`.

use super::parameters::{Integer, Out, Rest, StarOr, VariableRef};
use crate::code::program::CodeKind;
use crate::text::Name;
use crate::value::{
    Collection, ErrorCode, Fault, Object, Pointer, Result, Target, Text, Type, Value, convert,
};
use crate::vm::Process;
use std::path::Path;

commands! {
    /// Gives a variable the empty value of its type.
    89 "CLEAR VARIABLE" (variable) thread_safe => clear_variable;
    /// Gives a pointer to a process or interprocess variable by its name.
    304 "Get pointer" (varName) thread_safe => get_pointer;
    /// Tells what a pointer points to: the name of a variable, or numbers.
    394 "RESOLVE POINTER" (aPointer; varName; tableNum; fieldNum) thread_safe => resolve_pointer;
    /// Runs a project method by its name.
    1007 "EXECUTE METHOD" (methodName; result; param) thread_safe => execute_method;
    /// The object that the running code belongs to.
    1470 "This" () thread_safe => |process: &mut Process| process.checked_this();
    /// Gives the methods that are running, innermost first.
    1662 "Call chain" () thread_safe => call_chain;
    /// The classes of 4D.
    1709 "4D" () thread_safe => |process: &mut Process| process.class_store(false);
    /// The classes of the project.
    1710 "cs" () thread_safe => |process: &mut Process| process.class_store(true);
    /// Gives the parameters that the running method was given.
    1790 "Copy parameters" (startFrom) thread_safe => |process: &mut Process, first: Option<Integer>| {
        Collection::from_values(process.parameters(first.map_or(1, |n| usize::try_from(n).unwrap_or(1))))
    };
}

/// Source: commands/clear-variable
fn clear_variable(process: &mut Process, variable: VariableRef) -> Result<()> {
    let empty = match variable.get(process)? {
        Value::Array(array) => {
            let empty = crate::value::Array::new(array.kind(), 0)?;
            return variable.with(process, |place| *place = Value::from(empty));
        }
        Value::Boolean(_) => Type::Boolean,
        Value::Integer(_) => Type::Integer,
        Value::Real(_) => Type::Real,
        Value::Text(_) => Type::Text,
        Value::Date(_) => Type::Date,
        Value::Time(_) => Type::Time,
        Value::Blob(_) => Type::Blob,
        Value::Pointer(_) => Type::Pointer,
        Value::Object(_) | Value::SharedObject(_) => Type::Object,
        Value::Collection(_) | Value::SharedCollection(_) => Type::Collection,
        _ => Type::Variant,
    };
    variable.set(process, convert::default_value(empty))
}

/// Names of variables: `name`, `<>name`, with `{1}` or `{1}{2}` behind. `Source: commands/get-pointer`
fn get_pointer(process: &mut Process, text: Text) -> Result<Pointer> {
    let whole = text.as_str().trim();
    let no_variable =
        || Fault::new(ErrorCode::ArgumentType, format!("`{whole}` is not the name of a variable"));
    let (name, indexes) = whole.split_once('{').map_or((whole, None), |(name, rest)| (name, Some(rest)));
    let (name, interprocess) =
        name.trim().strip_prefix("<>").map_or((name.trim(), false), |name| (name, true));
    let good = name.chars().next().is_some_and(|c| c.is_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == ' ');
    if !good {
        return Err(no_variable());
    }
    let program = &process.shared.program;
    let base = if interprocess {
        Target::Interprocess(program.interprocess_variable(&Name::new(name)))
    } else {
        Target::Process(program.process_variable(&Name::new(name)))
    };
    let Some(indexes) = indexes else { return Ok(Pointer::new(base)) };
    let indexes = indexes.trim_end().strip_suffix('}').ok_or_else(no_variable)?;
    let numbers: Option<Vec<i64>> = indexes.split("}{").map(|n| n.trim().parse().ok()).collect();
    match numbers {
        Some(numbers) if numbers.len() <= 2 => Ok(Pointer::new(Target::Element(Box::new(base), numbers))),
        _ => Err(no_variable()),
    }
}

/// Source: commands/resolve-pointer
fn resolve_pointer(
    process: &mut Process,
    pointer: Pointer,
    name: Out<Text>,
    table: Out<Integer>,
    field: Out<Integer>,
) -> Result<()> {
    let number = |n: i64| i32::try_from(n).unwrap_or(i32::MAX);
    let (text, first, second) = match pointer.target() {
        Target::Nil => (String::new(), 0, 0),
        Target::Table(table) => (String::new(), i32::from(*table), 0),
        Target::Field { table, field } => (String::new(), i32::from(*table), i32::from(*field)),
        Target::Element(base, indexes) => (
            name_of(process, base),
            indexes.first().map_or(-1, |n| number(*n)),
            indexes.get(1).map_or(-1, |n| number(*n)),
        ),
        variable => (name_of(process, variable), -1, -1),
    };
    name.set(process, Text::from(text.as_str()))?;
    table.set(process, first)?;
    field.set(process, second)
}

fn name_of(process: &Process, variable: &Target) -> String {
    let program = &process.shared.program;
    let named = |names: Vec<Name>, n: u32| names.get(n as usize).map_or_else(String::new, Name::to_string);
    match variable {
        Target::Process(n) => named(program.process_variable_names(), *n),
        Target::Interprocess(n) => format!("<>{}", named(program.interprocess_variable_names(), *n)),
        Target::Local(cell) => cell.name().map_or_else(String::new, Name::to_string),
        Target::Element(base, _) => name_of(process, base),
        _ => String::new(),
    }
}

/// Source: commands/execute-method
fn execute_method(
    process: &mut Process,
    method: Text,
    result: Option<StarOr<VariableRef>>,
    parameters: Rest<Value>,
) -> Result<()> {
    process.set_ok(false);
    let value = process.call(&Value::Text(method), Value::Null, &parameters.0)?;
    if let Some(StarOr::Value(variable)) = result {
        variable.set(process, value)?;
    }
    process.set_ok(true);
    Ok(())
}

/// Source: commands/call-chain
fn call_chain(process: &mut Process) -> Collection {
    let links = process.call_chain().into_iter().map(|link| {
        let kind = match link.kind {
            CodeKind::Method => "projectMethod",
            CodeKind::Function { .. } | CodeKind::Constructor { .. } => "classFunction",
            CodeKind::Formula => "executeFormula",
        };
        let object = Object::new();
        object.set(&Text::from("type"), Value::from(kind));
        object.set(&Text::from("name"), Value::from(link.name.as_str()));
        object.set(&Text::from("line"), Value::from(i64::from(link.line)));
        object.set(&Text::from("database"), Value::from(database_of(&link.path)));
        object.set(&Text::from("formula"), Value::from(link.formula.as_str()));
        Value::Object(object)
    });
    Collection::from_values(links.collect())
}

/// The name of the project that a source belongs to: the folder around `Project`, or that of a script.
fn database_of(path: &Path) -> String {
    let project = path.ancestors().find(|folder| folder.file_name().is_some_and(|name| name == "Project"));
    let folder = match project {
        Some(project) => project.parent(),
        None => path.parent(),
    };
    folder.and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned()).unwrap_or_default()
}
