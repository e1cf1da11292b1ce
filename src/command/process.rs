//! Theme Processes: starting, finding, pausing and ending processes.

use super::parameters::{Integer, Real, Rest, Star, VariableRef};
use crate::runtime::{Origin, Session, SessionKind, State};
use crate::text::Name;
use crate::value::{Array, ArrayKind, ErrorCode, Fault, Portable, Result, Text, Value};
use crate::vm::Process;
use crate::vm::spawn::{Start, start_method};
use std::sync::Arc;
use std::time::Duration;

commands! {
    /// Starts a process that runs a method; gives its number.
    317 "New process" (method; stack; name; param; *) thread_safe => new_process;
    /// Suspends a process until it is resumed.
    319 "PAUSE PROCESS" (process) thread_safe => pause_process;
    /// Resumes a process that is paused or delayed.
    320 "RESUME PROCESS" (process) thread_safe => resume_process;
    /// Gives the number of the process that runs.
    322 "Current process" () thread_safe => |process: &mut Process| i64::from(process.number);
    /// Delays a process for a number of ticks (60 a second).
    323 "DELAY PROCESS" (process; duration) thread_safe => delay_process;
    /// Lets others do something.
    311 "IDLE" () thread_safe => idle;
    /// Gives the state of a process.
    330 "Process state" (process) => process_state;
    /// Gives the highest number of a process that lives.
    335 "Count tasks" () thread_safe => |process: &mut Process| i64::from(process.shared.runtime.processes.highest());
    /// Gives the number of users: 1, and on a server one for each remote session.
    342 "Count users" () thread_safe => count_users;
    /// Gives the number of processes that live.
    343 "Count user processes" () thread_safe => |process: &mut Process| {
        process.shared.runtime.processes.all().len() as i64
    };
    /// Gives the number of the process with the name; 0 if there is none.
    372 "Process number" (name; *) thread_safe => process_number;
    /// Starts a process that runs a method as a stored procedure; gives its number.
    373 "Execute on server" (procedure; stack; name; param; *) => execute_on_server;
    /// Makes this machine known to others: it is the only one, so that has no effect.
    648 "REGISTER CLIENT" (clientName; *) => |_name: Option<Text>, _local: Option<Star>| {};
    /// Takes that back: there is nothing to be taken back.
    649 "UNREGISTER CLIENT" () => |process: &mut Process| process.set_ok(false);
    /// Lists the machines that are known: none.
    650 "GET REGISTERED CLIENTS" (clientList; methods) => registered_clients;
    /// Whether the process is about to be ended from outside.
    672 "Process aborted" () thread_safe => |process: &mut Process| process.handle().is_killed();
    /// Gives the name of the process that runs.
    1392 "Current process name" () thread_safe => |process: &mut Process| process.handle().name.clone();
    /// Ends a process of the server.
    1634 "ABORT PROCESS BY ID" (uniqueID) thread_safe => abort_process_by_id;
}

/// Events from outside are dealt with meanwhile. Source: Develop/async
fn idle(process: &mut Process) -> Result<()> {
    std::thread::yield_now();
    process.hear()
}

/// Source: commands/new-process
fn new_process(
    process: &mut Process,
    method: Text,
    stack: Integer,
    name: Option<Text>,
    parameters: Rest<Value>,
    unique: Option<Star>,
) -> Result<i64> {
    let session = process.session.clone();
    start(process, Origin::NewProcess, session, &method, stack, name, &parameters.0, unique.is_some())
}

/// All stored procedures share one session. Source: commands/execute-on-server, Desktop sessions
fn execute_on_server(
    process: &mut Process,
    method: Text,
    stack: Integer,
    name: Option<Text>,
    parameters: Rest<Value>,
    unique: Option<Star>,
) -> Result<i64> {
    let session = if process.shared.runtime.server { stored_procedures(process) } else { None };
    let session = session.or_else(|| process.session.clone());
    start(process, Origin::ExecuteOnServer, session, &method, stack, name, &parameters.0, unique.is_some())
}

fn stored_procedures(process: &Process) -> Option<Arc<Session>> {
    let all = process.shared.runtime.live_sessions(process.moment());
    all.into_iter().find(|session| session.kind == SessionKind::StoredProcedure)
}

#[allow(clippy::too_many_arguments)] // as many as the commands have
fn start(
    process: &Process,
    origin: Origin,
    session: Option<Arc<Session>>,
    method: &Text,
    stack: Integer,
    name: Option<Text>,
    parameters: &[Value],
    unique: bool,
) -> Result<i64> {
    let shared = Arc::clone(&process.shared);
    if shared.program.method(&Name::new(method)).is_none() {
        let message = format!("There is no method named `{method}` to run in a process");
        return Err(Fault::new(ErrorCode::NoSuchMethod, message));
    }
    let arguments = parameters.iter().map(Portable::pack).collect::<Result<Vec<_>>>()?;
    let name = name.unwrap_or_default();
    let starting = unique.then(|| shared.runtime.processes.starting());
    if unique && let Some(running) = shared.runtime.processes.named(&name) {
        return Ok(running.number.into());
    }
    let stack = usize::try_from(stack).unwrap_or(0);
    let start = Start { name: name.to_string(), origin, session, stack };
    let handle = start_method(&shared, start, Value::Text(method.clone()), arguments)?;
    drop(starting);
    Ok(handle.number.into())
}

/// The main process cannot be paused. Source: commands/pause-process
fn pause_process(process: &mut Process, number: i64) {
    if let Some(other) = process.shared.runtime.processes.find(number)
        && other.origin != Origin::Main
    {
        other.pause();
    }
}

/// Source: commands/resume-process
fn resume_process(process: &mut Process, number: i64) {
    if let Some(other) = process.shared.runtime.processes.find(number) {
        other.resume();
    }
}

/// A delay takes the place of an earlier one. Source: commands/delay-process
fn delay_process(process: &mut Process, number: i64, ticks: Real) -> Result<()> {
    if let Some(other) = process.shared.runtime.processes.find(number) {
        let time = Duration::try_from_secs_f64(ticks / 60.0).unwrap_or_default();
        let until = process.shared.host.clock().elapsed().saturating_add(time);
        other.delay((!time.is_zero()).then_some(until));
        if other.number == process.number {
            process.rest()?;
        }
    }
    Ok(())
}

const DOES_NOT_EXIST: Integer = -100;

/// A number that a process had which has ended is `Aborted`. Source: commands/process-state
fn process_state(process: &mut Process, number: i64) -> Integer {
    let processes = &process.shared.runtime.processes;
    match processes.find(number) {
        Some(other) => other.state() as Integer,
        None if number >= 1 && number <= i64::from(processes.highest()) => State::Aborted as Integer,
        None => DOES_NOT_EXIST,
    }
}

/// Source: commands/count-users
fn count_users(process: &mut Process) -> i64 {
    if !process.shared.runtime.server {
        return 1;
    }
    let all = process.shared.runtime.live_sessions(process.moment());
    all.iter().filter(|session| session.kind == SessionKind::Remote).count() as i64
}

/// Source: commands/get-registered-clients
fn registered_clients(process: &mut Process, clients: VariableRef, methods: VariableRef) -> Result<()> {
    for (variable, kind) in [(clients, ArrayKind::Text), (methods, ArrayKind::Longint)] {
        variable.set(process, Value::Array(Box::new(Array::new(kind, 0)?)))?;
    }
    process.set_ok(true);
    Ok(())
}

/// A name, or an id as a text. Source: commands/process-number
fn process_number(process: &mut Process, name: Text, _on_server: Option<Star>) -> i64 {
    let processes = &process.shared.runtime.processes;
    let found = processes.named(&name).or_else(|| processes.find(name.parse().ok()?));
    found.map_or(0, |other| other.number.into())
}

/// Does nothing but on a server. Source: commands/abort-process-by-id
fn abort_process_by_id(process: &mut Process, id: i64) {
    if process.shared.runtime.server
        && let Some(other) = process.shared.runtime.processes.find(id)
    {
        other.kill();
    }
}
