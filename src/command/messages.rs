//! Theme Messages and what else speaks to a person: there is no screen, so messages are lines of
//! standard output and questions are asked on a terminal, or take the default answer.

use super::parameters::{Integer, VariableOrValue};
use crate::value::{ErrorCode, Fault, Result, Text, Value, convert};
use crate::vm::Process;

commands! {
    /// Shows a message: a line on standard output.
    41 "ALERT" (message; okButtonTitle) thread_safe => alert;
    /// Shows a message: a line on standard output.
    88 "MESSAGE" (message) => message;
    /// Makes a sound on a screen; here, nothing.
    151 "BEEP" () thread_safe => || ();
    /// Opens a debugger where there is one; here, nothing.
    157 "TRACE" () thread_safe => || ();
    /// Asks for yes or no; without a terminal the answer is yes. Sets OK.
    162 "CONFIRM" (message; okButtonTitle; cancelButtonTitle) thread_safe => confirm;
    /// Asks for a text; without a terminal the answer is the default. Sets OK.
    163 "Request" (message; defaultResponse; OKButtonTitle; CancelButtonTitle) thread_safe => request;
    /// Writes a message to a log or to the standard outputs.
    667 "LOG EVENT" (outputType; message; importance) thread_safe => log_event;
}

/// Writes a line. Once the reader has gone there is nothing left to run for.
fn print(process: &Process, line: &str) -> Result<()> {
    let mut text = String::with_capacity(line.len() + 1);
    text.push_str(line);
    text.push('\n');
    process.shared.host.console().print(&text).map_err(|_| {
        let mut fault = Fault::new(ErrorCode::Internal, "The reader of the output has gone");
        fault.kill = true;
        fault
    })
}

/// Source: commands/alert
fn alert(process: &mut Process, message: VariableOrValue, _button: Option<Text>) -> Result<()> {
    let message = convert::to_text(&message.0)?;
    print(process, &message)
}

fn message(process: &mut Process, message: VariableOrValue) -> Result<()> {
    let message = convert::to_text(&message.0)?;
    print(process, &message)
}

/// What a person answers on a terminal; none if nobody is there.
fn ask(process: &Process, question: &str) -> Result<Option<String>> {
    let console = process.shared.host.console();
    if !console.is_interactive() {
        return Ok(None);
    }
    print(process, question)?;
    console
        .read_line()
        .map_err(|error| Fault::new(ErrorCode::Internal, format!("The answer could not be read: {error}")))
}

/// Source: commands/confirm
fn confirm(process: &mut Process, message: Text, ok: Option<Text>, cancel: Option<Text>) -> Result<()> {
    let ok = ok.filter(|title| !title.is_empty()).unwrap_or_else(|| Text::from("OK"));
    let cancel = cancel.filter(|title| !title.is_empty()).unwrap_or_else(|| Text::from("Cancel"));
    let answer = ask(process, &format!("{message} [{ok}/{cancel}]"))?;
    let refused = answer.is_some_and(|answer| {
        let answer = answer.trim().to_lowercase();
        !answer.is_empty() && (cancel.as_str().to_lowercase().starts_with(&answer) || answer == "n")
    });
    process.set_ok(!refused);
    Ok(())
}

/// Source: commands/request
fn request(
    process: &mut Process,
    message: Text,
    default: Option<Text>,
    _ok: Option<Text>,
    _cancel: Option<Text>,
) -> Result<Text> {
    let default = default.unwrap_or_default();
    let question = if default.is_empty() { message.to_string() } else { format!("{message} [{default}]") };
    let answer = ask(process, &question)?;
    process.set_ok(true);
    Ok(match answer {
        Some(answer) if !answer.is_empty() => Text::from(answer),
        _ => default,
    })
}

/// `Into system standard outputs`
const STANDARD_OUTPUTS: Integer = 6;
/// `Error message`
const ERROR: Integer = 2;

/// Logs that exist only on other systems are the error stream here. The kind of output may be left
/// out. Source: commands/log-event
fn log_event(
    process: &mut Process,
    first: VariableOrValue,
    second: Option<VariableOrValue>,
    third: Option<Integer>,
) -> Result<()> {
    let (output, message, importance) = match (first.0, second) {
        (message @ Value::Text(_), importance) => {
            (None, message, importance.and_then(|value| convert::as_integer(&value.0)))
        }
        (output, Some(message)) => (convert::as_integer(&output), message.0, third),
        (message, None) => (None, message, third),
    };
    let message = convert::to_text(&message)?;
    if output == Some(STANDARD_OUTPUTS) && importance != Some(ERROR) {
        return print(process, &message);
    }
    process.shared.host.console().error(&format!("{message}\n"));
    Ok(())
}
