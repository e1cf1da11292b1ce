//! Sessions and what a registry of them has to do. `Source: API/SessionClass`

use super::session_file::Key;
use crate::value::shared::Sort;
use crate::value::{Result, Shape, SharedObject, Text};
use parking_lot::RwLock;
use serde_json::{Value as Json, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// A point in time: since 1970-01-01T00:00:00Z. Given by the caller, who has a clock.
pub type Moment = Duration;

/// Web sessions end after an hour without use unless told otherwise.
const IDLE_MINUTES: u32 = 60;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SessionKind {
    Standalone,
    StoredProcedure,
    Web,
    Rest,
    Remote,
}

impl SessionKind {
    /// As `Session.info.type` gives it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Standalone => "standalone",
            Self::StoredProcedure => "storedProcedure",
            Self::Web => "web",
            Self::Rest => "rest",
            Self::Remote => "remote",
        }
    }

    fn from_name(name: &str) -> Option<Self> {
        let all = [Self::Standalone, Self::StoredProcedure, Self::Web, Self::Rest, Self::Remote];
        all.into_iter().find(|kind| kind.as_str() == name)
    }

    /// Whether the application makes such sessions for itself, each time it runs.
    #[must_use]
    pub const fn is_own(self) -> bool {
        matches!(self, Self::Standalone | Self::StoredProcedure)
    }

    /// Whether sessions of the kind end by themselves when they are not used.
    #[must_use]
    pub const fn expires(self) -> bool {
        matches!(self, Self::Web | Self::Rest)
    }
}

/// One session; all processes that have it share it.
pub struct Session {
    pub id: Uuid,
    text: Text,
    pub kind: SessionKind,
    pub created: Moment,
    /// A shared object that joins no group.
    pub storage: SharedObject,
    /// Begun in an earlier run of the program.
    pub restored: bool,
    state: RwLock<SessionState>,
    /// The registry does not have it any more.
    over: AtomicBool,
}

/// What changes in a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionState {
    pub user: String,
    /// As set by `setPrivileges`, in that order.
    pub privileges: Vec<String>,
    /// Until `setPrivileges` is called in a web session.
    pub guest: bool,
    pub idle_minutes: u32,
    /// When the session ends unless it is used before; None: never.
    pub expires: Option<Moment>,
}

impl Session {
    #[must_use]
    pub fn new(kind: SessionKind, user: &str, now: Moment) -> Self {
        Self::with_id(Uuid::new_v4(), kind, user, now)
    }

    /// A session that had its id before, e.g. one read from disk.
    #[must_use]
    pub fn with_id(id: Uuid, kind: SessionKind, user: &str, now: Moment) -> Self {
        let state = SessionState {
            user: user.to_owned(),
            privileges: Vec::new(),
            guest: kind.expires(),
            idle_minutes: IDLE_MINUTES,
            expires: kind.expires().then(|| after(now, IDLE_MINUTES)),
        };
        Self {
            id,
            text: Text::from(write_id(id).as_str()),
            kind,
            created: now,
            storage: SharedObject::of_sort(Sort::SessionStorage),
            restored: false,
            state: RwLock::new(state),
            over: AtomicBool::new(false),
        }
    }

    /// What the session file says of the session, but for what its storage holds.
    pub(super) fn entry(&self) -> (Key, Option<Vec<u8>>) {
        let state = self.state.read();
        let attributes = json!({
            "kind": self.kind.as_str(),
            "created": millis(self.created),
            "user": state.user,
            "privileges": state.privileges,
            "guest": state.guest,
            "idleMinutes": state.idle_minutes,
            "expires": state.expires.map(millis),
            "storage": self.storage.kept_number(),
        });
        (Key::Session(self.id.as_u128()), Some(attributes.to_string().into_bytes()))
    }

    /// Reads that again; gives the session, with an empty storage, and the storage's number.
    pub(super) fn read(id: u128, attributes: &[u8]) -> Option<(Self, u64)> {
        let from: Json = serde_json::from_slice(attributes).ok()?;
        let kind = SessionKind::from_name(from["kind"].as_str()?)?;
        let created = Moment::from_millis(from["created"].as_u64()?);
        let mut session = Self::with_id(Uuid::from_u128(id), kind, from["user"].as_str()?, created);
        session.restored = true;
        let privileges = from["privileges"].as_array()?.iter();
        let privileges = privileges.map(|name| Some(name.as_str()?.to_owned())).collect::<Option<_>>()?;
        let state = session.state.get_mut();
        state.privileges = privileges;
        state.guest = from["guest"].as_bool()?;
        state.idle_minutes = u32::try_from(from["idleMinutes"].as_u64()?).ok()?;
        state.expires = from["expires"].as_u64().map(Moment::from_millis);
        Some((session, from["storage"].as_u64()?))
    }

    /// As `Session.id` gives it.
    #[must_use]
    pub fn id_text(&self) -> &Text {
        &self.text
    }

    #[must_use]
    pub fn state(&self) -> SessionState {
        self.state.read().clone()
    }

    /// Changes the state as a whole: nobody sees it half changed.
    pub fn change<R>(&self, change: impl FnOnce(&mut SessionState) -> R) -> R {
        change(&mut self.state.write())
    }

    /// Whether the registry would find it, as long as it has not expired: for those who know it by its id.
    #[must_use]
    pub fn is_over(&self) -> bool {
        self.over.load(Ordering::Relaxed)
    }

    pub(super) fn end(&self) {
        self.over.store(true, Ordering::Relaxed);
    }

    /// Sets `idleTimeout`, at least 60 minutes, and with it the expiration.
    pub fn set_idle_timeout(&self, minutes: u32, now: Moment) {
        self.change(|state| {
            state.idle_minutes = minutes.max(IDLE_MINUTES);
            if state.expires.is_some() {
                state.expires = Some(after(now, state.idle_minutes));
            }
        });
    }

    /// Notes that the session is used, which puts its end off.
    pub fn touch(&self, now: Moment) {
        if self.kind.expires() {
            self.change(|state| state.expires = Some(after(now, state.idle_minutes)));
        }
    }

    #[must_use]
    pub fn is_expired(&self, now: Moment) -> bool {
        self.kind.expires() && self.state.read().expires.is_some_and(|end| end <= now)
    }
}

pub(super) fn millis(moment: Moment) -> u64 {
    u64::try_from(moment.as_millis()).unwrap_or(u64::MAX)
}

fn after(now: Moment, minutes: u32) -> Moment {
    now.saturating_add(Duration::from_secs(u64::from(minutes) * 60))
}

/// Where sessions are kept. Look-ups come from all processes at once and must not wait for one another.
pub trait Registry: Send + Sync {
    /// Adds a session, or puts it in place of the one with its id.
    fn open(&self, session: Arc<Session>);

    /// The session with the id, unless it has expired.
    fn find(&self, id: Uuid, now: Moment) -> Option<Arc<Session>>;

    /// Takes a session out; processes that have it keep it.
    fn close(&self, id: Uuid) -> Option<Arc<Session>>;

    /// All sessions that have not expired, the oldest first.
    fn all(&self, now: Moment) -> Vec<Arc<Session>>;

    /// Takes out the sessions that have expired; returns which.
    fn sweep(&self, now: Moment) -> Vec<Uuid>;

    /// Keeps what was changed in a session's state, if sessions outlive the program.
    ///
    /// # Errors
    /// It could not be written.
    fn save(&self, _session: &Session) -> Result<()> {
        Ok(())
    }

    /// The same for a one-time token: the session that it leads to and until when; None if it is used up.
    ///
    /// # Errors
    /// It could not be written.
    fn save_token(&self, _token: Uuid, _session: Option<(Uuid, Moment)>) -> Result<()> {
        Ok(())
    }

    /// Called when no process runs any more: everything is put where it is kept, and that is let go of.
    fn finish(&self) {}

    /// Brings the sessions of earlier runs back; returns their tokens. `catalog` is what `Storage` returns,
    /// `class` gives the root shape of a class by store and name.
    fn restore(
        &self,
        _now: Moment,
        _catalog: &SharedObject,
        _class: &dyn Fn(&str, &str) -> Option<&'static Shape>,
    ) -> Vec<(Uuid, Uuid, Moment)> {
        Vec::new()
    }
}

/// Reads an id: 32 hexadecimal digits, or the form with hyphens, in either case.
#[must_use]
pub fn parse_id(text: &str) -> Option<Uuid> {
    let bytes = text.as_bytes();
    let plain = bytes.len() == 32;
    let hyphens = bytes.len() == 36 && [8, 13, 18, 23].iter().all(|at| bytes[*at] == b'-');
    // The library reads more forms than 4D does.
    (plain || hyphens).then(|| Uuid::try_parse(text).ok())?
}

/// Writes an id as 4D does: 32 hexadecimal digits, upper case.
#[must_use]
pub fn write_id(id: Uuid) -> String {
    let mut digits = Uuid::encode_buffer();
    id.simple().encode_upper(&mut digits).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_read_in_both_forms() {
        let id = Uuid::new_v4();
        assert_eq!(parse_id(&write_id(id)), Some(id));
        assert_eq!(parse_id(&write_id(id).to_lowercase()), Some(id));
        assert_eq!(parse_id(&id.hyphenated().to_string()), Some(id));
        let braced = format!("{{{id}}}");
        let urn = format!("urn:uuid:{id}");
        for wrong in ["", "not an id", &braced, &urn, "é".repeat(16).as_str()] {
            assert_eq!(parse_id(wrong), None, "{wrong}");
        }
        assert_eq!(write_id(id).len(), 32);
    }

    #[test]
    fn only_web_sessions_expire() {
        let start = Moment::from_secs(1000);
        let later = start + Duration::from_secs(3600);
        assert!(!Session::new(SessionKind::Standalone, "designer", start).is_expired(later));
        let web = Session::new(SessionKind::Web, "", start);
        assert!(!web.is_expired(start));
        assert!(web.is_expired(later));
        web.set_idle_timeout(5, start);
        assert_eq!(web.state().idle_minutes, 60);
        web.set_idle_timeout(90, start);
        assert!(!web.is_expired(later));
    }
}
