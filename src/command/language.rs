//! Theme Language: types, pointers, names of commands and methods.

use super::parameters::{AsPassed, Boolean, Integer, Out, VariableOrValue, fill};
use crate::catalog::CommandId;
use crate::value::{ErrorCode, Fault, Pointer, Result, Special, Target, Text, Type, Value, convert};
use crate::vm::Process;

commands! {
    /// Whether an expression has no value at all.
    82 "Undefined" (expression) thread_safe => |expression: VariableOrValue| {
        matches!(expression.0, Value::Undefined)
    };
    /// Whether a pointer points to a variable.
    294 "Is a variable" (aPointer) thread_safe => is_a_variable;
    /// Gives the number of the type of a variable.
    295 "Type" (fieldVar) thread_safe => type_of;
    /// Whether a pointer points to nothing.
    315 "Is nil pointer" (aPointer) thread_safe => |pointer: Pointer| pointer.is_nil();
    /// Gives how many parameters were passed to the method that runs.
    259 "Count parameters" () thread_safe => count_parameters;
    /// Gives the name of a command by its number, its properties and its theme.
    538 "Command name" (command; info; theme) thread_safe => command_name;
    /// Gives the name of the method that runs.
    684 "Current method name" () thread_safe => current_method_name;
    /// Gives the number of the type of a value.
    1509 "Value type" (expression) thread_safe => value_type;
}

/// Source: commands/is-a-variable
fn is_a_variable(pointer: Pointer) -> Boolean {
    !matches!(pointer.target(), Target::Nil)
}

/// `Is longint`, which only variables are: values are reals.
const IS_LONGINT: Integer = 9;
/// `Is variant`
const IS_VARIANT: Integer = 12;

/// The type a variable was declared with; that of its value where that is an array or nothing.
/// Source: commands/type
fn type_of(process: &mut Process, variable: AsPassed) -> Result<Integer> {
    let declared = process.declared_type(&variable.0);
    let value = process.read_variable(&variable.0)?;
    Ok(match (declared, &value) {
        (Some(Type::Variant), Value::Undefined) if matches!(variable.0, Value::Special(Special::Register(_))) => {
            IS_VARIANT
        }
        (_, Value::Array(_) | Value::Undefined) => convert::value_type(&value),
        (Some(Type::Variant), _) => IS_VARIANT,
        (Some(Type::Object), Value::Null) => 38,     // `Is object`
        (Some(Type::Collection), Value::Null) => 42, // `Is collection`
        (Some(Type::Pointer), Value::Null) => 23,    // `Is pointer`
        (Some(Type::Picture), Value::Null) => 3,     // `Is picture`
        (_, Value::Integer(_)) => IS_LONGINT,
        _ => convert::value_type(&value),
    })
}

/// An array gives the type of the number of its current element. Source: commands/value-type
fn value_type(expression: VariableOrValue) -> Integer {
    match &expression.0 {
        Value::Array(_) => convert::value_type(&Value::Integer(0)),
        other => convert::value_type(other),
    }
}

fn count_parameters(process: &mut Process) -> i64 {
    process.count_parameters() as i64
}

fn current_method_name(process: &mut Process) -> Text {
    Text::from(process.current_method_name())
}

/// Bit 0 of the properties: may be called by preemptive processes; bit 1: deprecated.
/// Source: commands/command-name
fn command_name(
    process: &mut Process,
    number: Integer,
    info: Option<Out<Integer>>,
    theme: Option<Out<Text>>,
) -> Result<Text> {
    if number < 1 {
        let message = format!("Argument 1 of `Command name` (`command`) must be at least 1, not {number}");
        return Err(Fault::new(ErrorCode::ArgumentType, message));
    }
    let known = CommandId::known(number.cast_unsigned());
    // Numbers between known ones are commands that were switched off: they exist, without a name.
    let exists = number <= super::last_number();
    process.set_ok(exists);
    let found = known.map(CommandId::info);
    let bits = found.map_or(0, |command| {
        Integer::from(command.thread_safe == Some(true)) | Integer::from(command.deprecated) << 1
    });
    fill(process, info.as_ref(), bits)?;
    fill(process, theme.as_ref(), Text::from(found.map_or("", |command| command.theme)))?;
    Ok(Text::from(found.map_or("", |command| command.name)))
}
