//! Sessions as a process sees them: the time they count by, and how they are described.

use super::process::{Process, Promotion};
use crate::code::program::CodeKind;
use crate::runtime::{Moment, Session, SessionKind, SessionObject, parse_id};
use crate::value::{Object, Text, Value};
use std::sync::Arc;
use std::time::SystemTime;

impl Process {
    /// Now, as sessions and processes count time.
    #[must_use]
    pub fn moment(&self) -> Moment {
        self.shared.moment()
    }

    /// The session with the id. The one that was asked for last is remembered: programs ask for the same
    /// again and again, and neither a table nor, mostly, a clock is needed then.
    pub fn find_session(&mut self, id: &Text) -> Option<&Arc<Session>> {
        let known = |one: &Arc<Session>| one.id_text() == id && !one.is_over() && !one.kind.expires();
        if !self.found_session.as_ref().is_some_and(known) {
            let now = self.moment();
            self.found_session = self.shared.runtime.sessions().find(parse_id(id)?, now);
        }
        self.found_session.as_ref()
    }

    /// A session as an object of the class 4D.Session.
    #[must_use]
    pub fn session_object(&mut self, session: &Arc<Session>) -> Object {
        if let Some(object) = &self.session_value
            && object.native::<SessionObject>().is_some_and(|held| Arc::ptr_eq(&held.0, session))
        {
            return object.clone();
        }
        let root = self.shared.program.builtin_class("Session").root;
        let object = Object::new_native(root, Box::new(SessionObject(Arc::clone(session))));
        self.session_value = Some(object.clone());
        object
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
        // a user whose program has gone keeps the session, which waits
        let waits = session.kind == SessionKind::Remote && session.restored;
        set("state", Value::from(if waits { "sleeping" } else { "active" }));
        set("ID", Value::from(session.id_text().as_str()));
        if session.kind == SessionKind::Remote {
            set("persistentID", Value::from(session.id_text().as_str()));
        }
        info
    }

    /// Goes on in another session.
    pub fn enter_session(&mut self, session: Arc<Session>) {
        self.handle.set_session(Some(session.id));
        self.session = Some(session);
    }

    /// Gives the running function a privilege, until it ends. `Source: API/SessionClass (.promote())`
    pub fn promote(&mut self, privilege: String) -> i32 {
        let Some(frame) = self.frames.last() else { return 0 };
        self.last_promotion = self.last_promotion.wrapping_add(1).max(1);
        let (id, depth, code) = (self.last_promotion, self.frames.len(), frame.code);
        self.promotions.push(Promotion { id, privilege, depth, code });
        id
    }

    /// The promotions whose functions are running; others are forgotten.
    pub fn active_promotions(&mut self) -> Vec<Promotion> {
        let frames = &self.frames;
        let runs = |one: &Promotion| frames.get(one.depth - 1).is_some_and(|frame| frame.code == one.code);
        self.promotions.retain(runs);
        self.promotions.clone()
    }

    /// Whether `roles.json` gives a privilege to one of the functions that are running.
    #[must_use]
    pub fn is_promoted_by_function(&self, privilege: &str) -> bool {
        let roles = &self.shared.runtime.roles;
        if !roles.promotes() {
            return false;
        }
        let functions = self
            .frames
            .iter()
            .map(Self::code_of)
            .filter(|code| matches!(code.kind, CodeKind::Function { .. } | CodeKind::Constructor { .. }));
        functions.into_iter().any(|code| roles.promoted(&code.name, privilege))
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
