//! Theme Interruptions: errors thrown, trapped and looked at, assertions, exit formulas.

use super::parameters::{ArrayRef, Boolean, Integer, Star, StarOr};
use crate::value::{Array, ArrayKind, Collection, ErrorCode, Fault, Object, Result, Text, Value, convert};
use crate::vm::Process;

commands! {
    /// Installs the method that is called on errors: for the process, for all, or for components.
    155 "ON ERR CALL" (errorMethod; scope) thread_safe => on_err_call;
    /// Ends the process, as an error method does that cannot repair an error.
    156 "ABORT" () thread_safe => abort;
    /// Gives the name of the method that is called on errors.
    704 "Method called on error" (scope) thread_safe => method_called_on_error;
    /// Fills arrays with the numbers, components and messages of the current errors.
    1015 "_O_GET LAST ERROR STACK" (codesArray; intCompArray; textArray) thread_safe => last_error_stack;
    /// Raises error -10518 unless the expression is True.
    1129 "ASSERT" (boolExpression; messageText) thread_safe => assert;
    /// Whether assertions are looked at in this process.
    1130 "Get assert enabled" () thread_safe => |process: &mut Process| process.asserts();
    /// Switches assertions on or off: for all processes, or with `*` for this one.
    1131 "SET ASSERT ENABLED" (assertions; *) thread_safe => set_assert_enabled;
    /// Raises error -10518 unless the expression is True; gives the expression.
    1132 "Asserted" (boolExpression; messageText) thread_safe => asserted;
    /// Gives the current errors, or Null if there is none.
    1799 "Last errors" () thread_safe => last_errors;
    /// Raises an error; without an argument, the current errors once more.
    1805 "throw" (errorCode; description) => throw;
    /// Raises an error that an object describes; today that is `throw`.
    1520 "_4D THROW ERROR" (error) => |process: &mut Process, error: Object| throw_object(process, &error);
    /// Gives the exit formulas of the running method, last one first.
    1861 "Deferred formulas" () thread_safe => deferred_formulas;
}

/// `ek global`
const EK_GLOBAL: Integer = 1;
/// `ek errors from components`
const EK_COMPONENTS: Integer = 2;

/// Source: commands/on-err-call
fn on_err_call(process: &mut Process, method: Text, scope: Option<Integer>) -> Result<()> {
    let name = (!method.is_empty()).then(|| method.as_str().to_owned());
    match scope.unwrap_or(0) {
        0 => process.set_error_method(name.as_deref()),
        EK_GLOBAL => process.shared.runtime.set_global_error_method(name),
        EK_COMPONENTS => process.shared.runtime.set_component_error_method(name),
        other => return Err(no_scope("ON ERR CALL", 2, other)),
    }
    Ok(())
}

fn no_scope(command: &str, place: u8, found: Integer) -> Fault {
    let message = format!("Argument {place} of `{command}` (`scope`) must be 0, 1 or 2, not {found}");
    Fault::new(ErrorCode::ArgumentType, message)
}

/// Source: commands/method-called-on-error
fn method_called_on_error(process: &mut Process, scope: Option<Integer>) -> Result<Text> {
    let name = match scope.unwrap_or(0) {
        0 => process.handler.as_ref().map(|handler| handler.method.to_string()),
        EK_GLOBAL => process.shared.runtime.global_error_method(),
        EK_COMPONENTS => process.shared.runtime.component_error_method(),
        other => return Err(no_scope("Method called on error", 1, other)),
    };
    Ok(name.map_or_else(Text::new, |name| Text::from(name.as_str())))
}

/// Source: commands/abort
fn abort() -> Result<()> {
    let mut fault = Fault::new(ErrorCode::Internal, "The process was aborted");
    fault.kill = true;
    Err(fault)
}

/// The compiler passes the text of the expression where the program gives no message, and leaves the
/// call out while assertions are off. `Source: commands/assert`
fn assert(process: &mut Process, holds: Boolean, message: Option<Text>) -> Result<()> {
    asserted(process, holds, message).map(|_| ())
}

/// Source: commands/asserted
fn asserted(process: &mut Process, holds: Boolean, message: Option<Text>) -> Result<Boolean> {
    if holds || !process.asserts() {
        return Ok(holds);
    }
    let message = message.unwrap_or_default();
    Err(Fault::new(ErrorCode::AssertFailed, format!("Assert failed: {}", message.as_str())))
}

/// Source: commands/set-assert-enabled
fn set_assert_enabled(process: &mut Process, enabled: Boolean, this_process: Option<Star>) {
    if this_process.is_some() {
        process.asserts = Some(enabled);
    } else {
        process.asserts = None;
        process.shared.runtime.set_asserts(enabled);
    }
}

/// Source: commands/last-errors
fn last_errors(process: &mut Process) -> Value {
    if process.errors.is_empty() {
        return Value::Null;
    }
    Value::Collection(Collection::from_values(process.errors.iter().map(error_object).collect()))
}

/// Source: commands/last-errors (the arrays of earlier versions)
fn last_error_stack(process: &mut Process, codes: ArrayRef, components: ArrayRef, texts: ArrayRef) -> Result<()> {
    let mut numbers = Array::new(ArrayKind::Longint, 0)?;
    let mut names = Array::new(ArrayKind::Text, 0)?;
    let mut messages = Array::new(ArrayKind::Text, 0)?;
    for fault in &process.errors {
        numbers.append(Value::Integer(fault.code))?;
        names.append(Value::from(fault.component))?;
        messages.append(Value::from(fault.message.as_str()))?;
    }
    codes.replace(process, numbers)?;
    components.replace(process, names)?;
    texts.replace(process, messages)
}

/// An error as `Last errors` gives it: with everything that `throw` was given.
fn error_object(fault: &Fault) -> Value {
    let object = Object::new();
    object.set(&Text::from("errCode"), Value::Integer(fault.code));
    object.set(&Text::from("message"), Value::from(fault.message.as_str()));
    object.set(&Text::from("componentSignature"), Value::from(fault.component));
    if let Some(details) = &fault.details {
        for (name, value) in details.entries() {
            object.set(&name, value);
        }
    }
    Value::Object(object)
}

/// Source: commands/throw
fn throw(process: &mut Process, error: Option<StarOr<Value>>, description: Option<Text>) -> Result<()> {
    match error {
        None => {
            process.defer_current_errors();
            Ok(())
        }
        Some(StarOr::Value(Value::Integer(code))) => Err(thrown(code, description)),
        Some(StarOr::Value(number @ (Value::Real(_) | Value::Undefined))) => {
            Err(thrown(convert::as_integer(&number).unwrap_or(0), description))
        }
        Some(StarOr::Value(Value::Object(object))) => throw_object(process, &object),
        Some(StarOr::Value(shared @ Value::SharedObject(_))) => match crate::value::deep_copy(&shared) {
            Value::Object(object) => throw_object(process, &object),
            _ => Err(thrown(-1, None)),
        },
        Some(StarOr::Value(Value::Null)) => Err(thrown(-1, description)),
        Some(StarOr::Value(other)) => {
            let found = super::bind::in_words(&other);
            let message =
                format!("Argument 1 of `throw` (`errorCode`) must be a number or an object, not {found}");
            Err(Fault::new(ErrorCode::ArgumentType, message))
        }
        Some(StarOr::Star) => Err(Fault::new(ErrorCode::ArgumentType, "`throw` takes no `*`")),
    }
}

/// The signature of errors that programs throw.
const HOST: &str = "host";

fn thrown(code: Integer, description: Option<Text>) -> Fault {
    let message = match description {
        Some(description) => description.as_str().to_owned(),
        None => without_message(code, HOST),
    };
    let mut fault = Fault::with_number(code, message);
    fault.component = HOST;
    fault
}

fn without_message(code: Integer, signature: &str) -> String {
    format!("Error code: {code} ({signature})")
}

fn throw_object(process: &mut Process, object: &Object) -> Result<()> {
    let text = |name: &str| convert::as_text(&object.get(name)).filter(|text| !text.is_empty());
    let code = convert::as_integer(&object.get("errCode")).unwrap_or(-1);
    let signature = text("componentSignature").unwrap_or_else(|| Text::from(HOST));
    let message = match text("message") {
        Some(message) => filled(message.as_str(), object),
        None => without_message(code, signature.as_str()),
    };
    let details = Object::new();
    details.set(&Text::from("errCode"), Value::Integer(code));
    details.set(&Text::from("message"), Value::from(message.as_str()));
    details.set(&Text::from("componentSignature"), Value::Text(signature));
    for (name, value) in object.entries() {
        if !details.has(name.as_str()) {
            details.set(&name, value);
        }
    }
    let mut fault = Fault::with_number(code, message);
    fault.component = HOST;
    fault.details = Some(details);
    if convert::as_boolean(&object.get("deferred")) == Some(true) {
        fault.deferred = true;
        process.defer_fault(fault);
        return Ok(());
    }
    Err(fault)
}

/// Puts properties in the place of `{name}`; what is no property stays. `Source: commands/throw`
fn filled(message: &str, object: &Object) -> String {
    let mut out = String::with_capacity(message.len());
    let mut rest = message;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let Some((name, tail)) = after.split_once('}') else {
            out.push('{');
            rest = after;
            continue;
        };
        let value = object.get(name);
        match convert::to_text(&value) {
            Ok(text) if object.has(name) => {
                out.push_str(text.as_str());
                rest = tail;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out.push_str(rest);
    out
}

/// Source: commands/deferred-formulas
fn deferred_formulas(process: &mut Process) -> Collection {
    Collection::from_values(process.exit_formulas())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_are_filled_and_others_stay() {
        let object = Object::new();
        object.set(&Text::from("name"), Value::from("a.txt"));
        object.set(&Text::from("n"), Value::Integer(3));
        assert_eq!(filled("File {name} not found {n} {x} {", &object), "File a.txt not found 3 {x} {");
    }
}
