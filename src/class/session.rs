//! The class 4D.Session. `Source: API/SessionClass`

use crate::command::bind::{Parameter, Reader};
use crate::runtime::{Session, SessionObject};
use crate::value::{Object, Result, SharedObject, Value};
use crate::vm::Process;
use std::sync::Arc;

members! {
    "4D.Session" {
        /// The session's UUID: 32 hexadecimal digits.
        get "id" () => |session: This| session.0.id_text();
        /// The shared object that all processes of the session have in common.
        get "storage" () => |session: This| -> SharedObject { session.0.storage.clone() };
        /// The name of the user.
        get "userName" () => |session: This| session.0.state().user;
        /// Describes the session.
        get "info" () => |process: &mut Process, session: This| -> Object { process.session_info(&session.0) };
        /// Whether privileges were never given to a web session.
        function "isGuest" () => |session: This| session.0.state().guest;
    }
}

/// The session that a member is called on.
struct This(Arc<Session>);

impl Parameter for This {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        let found = match &value {
            Value::Object(object) => object.native::<SessionObject>().map(|held| Self(Arc::clone(&held.0))),
            _ => None,
        };
        found.ok_or_else(|| reader.mismatch("a session", &value))
    }
}
