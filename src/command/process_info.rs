//! Theme Processes: what is known of processes and, on a server, of sessions.

use super::parameters::{Integer, Out, fill};
use crate::runtime::{Handle, Session, parse_id};
use crate::value::{Collection, ErrorCode, Fault, Object, Result, Text, Value, convert};
use crate::vm::{Process, iso};
use std::sync::Arc;

commands! {
    /// Lists the processes that run and, on a server, the sessions.
    1495 "Process activity" (options; options) => process_activity;
    /// Describes a process; Null if there is none with the number.
    1843 "Process info" (processNumber) => process_info;
    /// Describes a process, in variables: its name, state, time, mode, identity and origin.
    336 "_O_PROCESS PROPERTIES" (process; procName; procState; procTime; procMode; uniqueID; origin) => process_properties;
}

/// Source: commands/process-info
fn process_info(process: &mut Process, number: i64) -> Option<Object> {
    let handle = process.shared.runtime.processes.find(number)?;
    Some(describe(process, &handle))
}

fn describe(process: &Process, handle: &Handle) -> Object {
    let host = &process.shared.host;
    let info = Object::new();
    let set = |name: &str, value: Value| info.set(&name.into(), value);
    let used = host.machine().thread_time(handle.thread());
    let lived = host.clock().elapsed().saturating_sub(handle.started);
    let usage = if lived.is_zero() { 0.0 } else { used.as_secs_f64() / lived.as_secs_f64() };
    let session = handle.session().map(crate::runtime::write_id).unwrap_or_default();
    set("number", Value::Integer(handle.number.cast_signed()));
    set("name", Value::from(handle.name.as_str()));
    set("sessionID", Value::from(session.as_str()));
    set("ID", Value::Integer(handle.number.cast_signed()));
    set("visible", Value::Boolean(false));
    set("type", Value::Integer(handle.origin as i32));
    set("state", Value::Integer(handle.state() as i32));
    set("creationDateTime", Value::from(iso(handle.created).as_str()));
    set("preemptive", Value::Boolean(true));
    set("systemID", Value::from(handle.thread().to_string().as_str()));
    set("cpuUsage", Value::Real(usage.clamp(0.0, 1.0)));
    set("cpuTime", Value::Real(used.as_secs_f64()));
    info
}

/// What `options` asks for.
const PROCESSES_ONLY: Integer = 1;
const SESSIONS_ONLY: Integer = 2;

/// The parameters count on a server only. Source: commands/process-activity
fn process_activity(process: &mut Process, first: Option<Value>, second: Option<Integer>) -> Result<Value> {
    let server = process.shared.runtime.server;
    let mut options = second.unwrap_or(0);
    let mut of: Option<Arc<Session>> = None;
    match first {
        Some(Value::Text(id)) if server => {
            let registry = process.shared.runtime.sessions();
            of = parse_id(&id).and_then(|id| registry.find(id, process.moment()));
            if of.is_none() {
                return Ok(Value::Null);
            }
        }
        Some(Value::Text(_)) | None => {}
        Some(other) => {
            options = convert::as_integer(&other).ok_or_else(|| {
                Fault::new(
                    ErrorCode::ArgumentType,
                    "Argument 1 of `Process activity` must be a session's id or a number",
                )
            })?;
        }
    }
    let activity = Object::new();
    if !server || options != SESSIONS_ONLY {
        let all = list_processes(process, of.as_deref(), server && options != PROCESSES_ONLY);
        activity.set(&"processes".into(), Value::Collection(all));
    }
    if server && options != PROCESSES_ONLY {
        let all = of.map_or_else(|| process.shared.runtime.live_sessions(process.moment()), |one| vec![one]);
        let all = all.iter().map(|session| Value::Object(process.session_info(session))).collect();
        activity.set(&"sessions".into(), Value::Collection(Collection::from_values(all)));
    }
    Ok(Value::Object(activity))
}

fn list_processes(process: &Process, of: Option<&Session>, with_session: bool) -> Collection {
    let registry = process.shared.runtime.sessions();
    let now = process.moment();
    let handles = process.shared.runtime.processes.all();
    let wanted = handles.iter().filter(|handle| of.is_none_or(|one| handle.session() == Some(one.id)));
    let described = wanted.map(|handle| {
        let info = describe(process, handle);
        if with_session && let Some(session) = handle.session().and_then(|id| registry.find(id, now)) {
            info.set(&"session".into(), Value::Object(process.session_info(&session)));
        }
        Value::Object(info)
    });
    Collection::from_values(described.collect())
}

/// `Source: commands-legacy/process-properties`; a process that is not there has neither name nor state.
#[allow(clippy::too_many_arguments)] // as many as the command has
fn process_properties(
    process: &mut Process,
    number: i64,
    name: Out<Text>,
    state: Out<Integer>,
    time: Out<Integer>,
    mode: Option<Out<Integer>>,
    identity: Option<Out<Integer>>,
    origin: Option<Out<Integer>>,
) -> Result<()> {
    let handle = process.shared.runtime.processes.find(number);
    let used = handle.as_ref().map(|handle| process.shared.host.machine().thread_time(handle.thread()));
    let ticks = used.map_or(0.0, |used| used.as_secs_f64() * 60.0);
    // "does not exist" is a state of its own
    let (called, status, kind) = handle.as_ref().map_or((Text::default(), -100, 0), |handle| {
        (Text::from(handle.name.as_str()), handle.state() as i32, handle.origin as i32)
    });
    let known = handle.as_ref().map_or(0, |handle| handle.number.cast_signed());
    name.set(process, called)?;
    state.set(process, status)?;
    time.set(process, ticks as Integer)?;
    // bit 1: preemptive, as all processes are
    fill(process, mode.as_ref(), if handle.is_some() { 2 } else { 0 })?;
    fill(process, identity.as_ref(), known)?;
    fill(process, origin.as_ref(), kind)
}
