//! Theme Processes, sessions: thin views of the session registry.

use crate::value::{Object, SharedObject, Text};
use crate::vm::Process;

commands! {
    /// Gives the session that the process belongs to.
    1714 "Session" () thread_safe => session;
    /// Gives the storage of the session with the id; Null if there is no such session.
    1839 "Session storage" (id) thread_safe => session_storage;
    /// Describes the session with the id; Null if there is no such session.
    1844 "Session info" (sessionId) thread_safe => session_info;
}

/// Source: commands/session
fn session(process: &mut Process) -> Option<Object> {
    let session = process.session.clone()?;
    Some(process.session_object(&session))
}

/// Source: commands/session-storage
fn session_storage(process: &mut Process, id: Text) -> Option<SharedObject> {
    process.find_session(&id).map(|session| session.storage.clone())
}

/// Source: commands/session-info
fn session_info(process: &mut Process, id: Text) -> Option<Object> {
    let session = process.find_session(&id)?.clone();
    Some(process.session_info(&session))
}
