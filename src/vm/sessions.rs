//! Sessions as a process sees them: the time they count by, and how they are described.

use super::process::Process;
use crate::runtime::{Moment, Session, SessionKind, SessionObject};
use crate::value::{Object, Value};
use std::sync::Arc;
use std::time::SystemTime;

impl Process {
    /// Now, as sessions and processes count time.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.shared.moment()
    }

    /// A session as an object of the class 4D.Session.
    #[must_use]
    pub fn session_object(&self, session: &Arc<Session>) -> Object {
        let root = self.shared.program.builtin_class("Session").root;
        Object::new_native(root, Box::new(SessionObject(Arc::clone(session))))
    }

    /// What `Session.info` and `Session info` give. `Source: commands/session-info`
    #[must_use]
    pub fn session_info(&self, session: &Session) -> Object {
        let state = session.state();
        let info = Object::new();
        let set = |name: &str, value: Value| info.set(&name.into(), value);
        let machine = self.machine_name();
        let user = self.system_user();
        let host = match session.kind {
            SessionKind::Web | SessionKind::Rest => "browser",
            _ if cfg!(windows) => "windows",
            _ if cfg!(target_os = "macos") => "mac",
            _ => "linux",
        };
        set("type", Value::from(session.kind.as_str()));
        set("userName", Value::from(state.user.as_str()));
        set("machineName", Value::from(machine.as_str()));
        set("systemUserName", Value::from(user.as_str()));
        set("IPAddress", Value::from("localhost"));
        set("hostType", Value::from(host));
        set("creationDateTime", Value::from(iso(session.created).as_str()));
        set("state", Value::from("active"));
        set("ID", Value::from(session.id_text().as_str()));
        if session.kind == SessionKind::Remote {
            set("persistentID", Value::from(session.id_text().as_str()));
        }
        info
    }

    fn machine_name(&self) -> String {
        let host = &self.shared.host;
        let kept = || {
            let bytes = host.files().read("/etc/hostname".as_ref()).ok()?;
            Some(String::from_utf8_lossy(&bytes).trim().to_owned())
        };
        let named = host.machine().variable("HOSTNAME").or_else(|| host.machine().variable("COMPUTERNAME"));
        named.or_else(kept).filter(|name| !name.is_empty()).unwrap_or_else(|| "localhost".to_owned())
    }

    fn system_user(&self) -> String {
        let machine = self.shared.host.machine();
        machine.variable("USER").or_else(|| machine.variable("USERNAME")).unwrap_or_default()
    }
}

impl super::process::Shared {
    /// Now, as sessions and processes count time.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.host.clock().now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default()
    }
}

/// A point in time as `YYYY-MM-DDTHH:MM:SS.mmmZ`.
#[must_use]
pub fn iso(moment: Moment) -> String {
    let millis = i64::try_from(moment.as_millis()).unwrap_or(0);
    let time = jiff::Timestamp::from_millisecond(millis).unwrap_or_default();
    format!("{time:.3}")
}
