//! Theme Process (Communications): workers, signals, semaphores, variables of other processes.

use super::parameters::{Integer, Rest, VariableRef};
use crate::runtime::{Answer, Handle, Message, Origin, Request, Signal, State};
use crate::text::Name;
use crate::value::{
    ErrorCode, Fault, Pointer, Portable, Result, SharedObject, SharedValue, Special, Target, Text, Value,
    convert,
};
use crate::vm::{FunctionObject, Process, spawn};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

commands! {
    /// Sets a semaphore; False if it was free, True if another process has it.
    143 "Semaphore" (semaphore; tickCount) thread_safe => semaphore;
    /// Clears a semaphore that the process has set.
    144 "CLEAR SEMAPHORE" (semaphore) thread_safe => |process: &mut Process, name: Text| {
        process.shared.runtime.semaphores.clear(&name, process.number);
    };
    /// Whether a semaphore is set.
    652 "Test semaphore" (semaphore) thread_safe => |process: &mut Process, name: Text| {
        process.shared.runtime.semaphores.exists(&name)
    };
    /// Writes variables of another process.
    370 "SET PROCESS VARIABLE" (process; dstVar) => set_process_variable;
    /// Reads variables of another process.
    371 "GET PROCESS VARIABLE" (process; srcVar) => get_process_variable;
    /// Writes variables of another process, arrays too.
    635 "VARIABLE TO VARIABLE" (process; dstVar) => variable_to_variable;
    /// Has a worker run a method or formula; starts it if need be.
    1389 "CALL WORKER" (process; formula; param) thread_safe => call_worker;
    /// Has a worker forget its messages and end when it is done with what it does.
    1390 "KILL WORKER" (process) thread_safe => kill_worker;
    /// Makes a signal.
    1641 "New signal" (description) thread_safe => new_signal;
}

/// Source: commands/semaphore
fn semaphore(process: &mut Process, name: Text, ticks: Option<Integer>) -> Result<bool> {
    let limit = Duration::from_secs_f64(f64::from(ticks.unwrap_or(0).max(0)) / 60.0);
    let shared = Arc::clone(&process.shared);
    let mine = process.wait_with(Some(limit), |handle, left, clock| {
        shared.runtime.semaphores.set(&name, handle, left.unwrap_or_default(), clock)
    })?;
    Ok(!mine)
}

/// Source: commands/new-signal
fn new_signal(process: &mut Process, description: Option<Text>) -> Result<SharedObject> {
    let root = process.shared.program.builtin_class("Signal").root;
    let signal = SharedObject::new_native(root, Box::new(Signal::default()));
    let description = SharedValue::Text(description.unwrap_or_default());
    process.with_caller(|caller| {
        let _used = signal.use_enter(caller)?;
        signal.set(&"description".into(), description, caller)
    })?;
    Ok(signal)
}

// ---- workers

/// The name of the worker meant: by its name or its process's number; None if that is no worker.
fn worker_name(process: &Process, worker: &Value) -> Result<Option<String>> {
    if let Value::Text(name) = worker {
        return Ok(Some(name.to_string()));
    }
    let number = convert::as_integer(worker).ok_or_else(|| {
        Fault::new(ErrorCode::ArgumentType, "A worker is named by a text or a process's number")
    })?;
    let found = process.shared.runtime.processes.find(number.into());
    Ok(found.filter(|handle| is_worker(handle)).map(|handle| handle.name.clone()))
}

fn is_worker(handle: &Handle) -> bool {
    matches!(handle.origin, Origin::Worker | Origin::Main)
}

/// Source: commands/call-worker
fn call_worker(process: &mut Process, worker: Value, formula: Value, parameters: Rest<Value>) -> Result<()> {
    let Some(name) = worker_name(process, &worker)? else { return Ok(()) };
    let method = match &formula {
        Value::Text(method) => {
            if !method.is_empty() && process.shared.program.method(&Name::new(method)).is_none() {
                let message = format!("There is no method named `{method}` for a worker to run");
                return Err(Fault::new(ErrorCode::NoSuchMethod, message));
            }
            Some(method.as_str())
        }
        other if FunctionObject::of(other).is_some() => None,
        other => {
            let found = super::bind::in_words(other);
            let message = format!(
                "Argument 2 of `CALL WORKER` (`formula`) must be a formula or a method's name, not {found}"
            );
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
    };
    let code = if method == Some("") { None } else { Some(Portable::pack(&formula)?) };
    let arguments = parameters.0.iter().map(Portable::pack).collect::<Result<Vec<_>>>()?;
    let shared = Arc::clone(&process.shared);
    spawn::call_worker(&shared, &name, process, method, Message { code, arguments })
}

/// Source: commands/kill-worker
fn kill_worker(process: &mut Process, worker: Option<Value>) -> Result<()> {
    let worker = worker.unwrap_or(Value::Integer(process.number.cast_signed()));
    let Some(name) = worker_name(process, &worker)? else { return Ok(()) };
    let processes = &process.shared.runtime.processes;
    let main = processes.named(&name).is_some_and(|handle| handle.origin == Origin::Main);
    processes.finish_work(processes.workers.kill(&name, main));
    Ok(())
}

// ---- variables of other processes

/// The number of a process variable; interprocess variables are the same for all.
enum Which {
    Process(u32),
    /// An element of an array.
    Element(u32, Vec<i64>),
    Interprocess,
}

impl Which {
    /// What to ask another process for; None for what this process reaches by itself.
    fn elsewhere(self, other: &Handle, process: &Process) -> Option<(u32, Vec<i64>)> {
        match self {
            _ if other.number == process.number => None,
            Self::Process(number) => Some((number, Vec::new())),
            Self::Element(number, indexes) => Some((number, indexes)),
            Self::Interprocess => None,
        }
    }
}

fn which(variable: &VariableRef, command: &str) -> Result<Which> {
    match variable.reference() {
        Value::Special(Special::Process(number)) => Ok(Which::Process(*number)),
        Value::Special(Special::Interprocess(_)) => Ok(Which::Interprocess),
        Value::Pointer(pointer) => of_pointer(pointer, command),
        _ => Err(only_process_variables(command)),
    }
}

fn of_pointer(pointer: &Pointer, command: &str) -> Result<Which> {
    match pointer.target() {
        Target::Process(number) => Ok(Which::Process(*number)),
        Target::Interprocess(_) => Ok(Which::Interprocess),
        Target::Element(array, indexes) => match &**array {
            Target::Process(number) => Ok(Which::Element(*number, indexes.clone())),
            Target::Interprocess(_) => Ok(Which::Interprocess),
            _ => Err(only_process_variables(command)),
        },
        _ => Err(only_process_variables(command)),
    }
}

fn only_process_variables(command: &str) -> Fault {
    Fault::new(
        ErrorCode::ArgumentType,
        format!("`{command}` reaches process and interprocess variables, and no others"),
    )
}

/// How long a process is given to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// Asks another process, and answers questions of others meanwhile.
fn ask(
    process: &mut Process,
    other: &Arc<Handle>,
    (variable, element): (u32, Vec<i64>),
    value: Option<Portable>,
) -> Result<Value> {
    let answer = Arc::new(Answer::default());
    let asker = Arc::clone(process.handle());
    if !other.ask(Request { variable, element, value, answer: Arc::clone(&answer), asker }) {
        return Ok(Value::Undefined);
    }
    let waited = Arc::clone(&answer);
    let answered = process
        .wait_until(State::WaitingForFlag, Some(PATIENCE), move || waited.done.load(Ordering::Acquire))?;
    if !answered {
        let message = format!("The process {:?} does not answer: it is busy outside of its code", other.name);
        return Err(Fault::new(ErrorCode::NoProcess, message));
    }
    let value = answer.value.lock().take();
    value.map(Portable::unpack).ok_or_else(|| {
        Fault::new(ErrorCode::ArgumentType, "The variable's value cannot be passed to another process")
    })
}

/// Source: commands/get-process-variable
fn get_process_variable(
    process: &mut Process,
    number: i64,
    pairs: Rest<(VariableRef, VariableRef)>,
) -> Result<()> {
    let Some(other) = process.shared.runtime.processes.find(number) else { return Ok(()) };
    for (source, destination) in pairs.0 {
        let value = match which(&source, "GET PROCESS VARIABLE")?.elsewhere(&other, process) {
            Some(asked) => ask(process, &other, asked, None)?,
            None => source.get(process)?,
        };
        destination.set(process, value)?;
    }
    Ok(())
}

/// Source: commands/set-process-variable
fn set_process_variable(process: &mut Process, number: i64, pairs: Rest<(VariableRef, Value)>) -> Result<()> {
    for (destination, value) in pairs.0 {
        if matches!(value, Value::Array(_) | Value::Pointer(_)) {
            let message = "`SET PROCESS VARIABLE` writes neither arrays nor pointers: see `VARIABLE TO VARIABLE`";
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
        write(process, number, &destination, value, "SET PROCESS VARIABLE")?;
    }
    Ok(())
}

/// Source: commands/variable-to-variable
fn variable_to_variable(
    process: &mut Process,
    number: i64,
    pairs: Rest<(VariableRef, VariableRef)>,
) -> Result<()> {
    for (destination, source) in pairs.0 {
        let value = source.get(process)?;
        write(process, number, &destination, value, "VARIABLE TO VARIABLE")?;
    }
    Ok(())
}

fn write(
    process: &mut Process,
    number: i64,
    destination: &VariableRef,
    value: Value,
    command: &str,
) -> Result<()> {
    let Some(other) = process.shared.runtime.processes.find(number) else {
        let message = format!("`{command}`: there is no process {number}");
        return Err(Fault::new(ErrorCode::NoProcess, message));
    };
    match which(destination, command)?.elsewhere(&other, process) {
        Some(asked) => {
            let value = Portable::pack_variable(&value)?;
            ask(process, &other, asked, Some(value)).map(drop)
        }
        None => destination.set(process, value),
    }
}
