//! What the processes of one engine share: the session registry and the catalog `Storage`. Nothing
//! here runs code, makes threads or reads a clock: times come from the caller.

mod memory;
mod session;

pub use memory::MemoryRegistry;
pub use session::{Moment, Registry, Session, SessionKind, SessionState, parse_id, write_id};

use crate::value::SharedObject;
use crate::value::shared::Sort;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The state that belongs to an engine as a whole.
pub struct Runtime {
    sessions: Box<dyn Registry>,
    storage: SharedObject,
    next_process: AtomicU32,
}

impl Default for Runtime {
    fn default() -> Self {
        Self::new(Box::new(MemoryRegistry::default()))
    }
}

impl Runtime {
    #[must_use]
    pub fn new(sessions: Box<dyn Registry>) -> Self {
        Self { sessions, storage: SharedObject::of_sort(Sort::Catalog), next_process: AtomicU32::new(1) }
    }

    #[must_use]
    pub fn sessions(&self) -> &dyn Registry {
        &*self.sessions
    }

    /// What `Storage` returns. `Source: commands/storage`
    #[must_use]
    pub fn storage(&self) -> &SharedObject {
        &self.storage
    }

    /// The number that 4D code knows the next process by, from 1 on.
    pub fn next_process_number(&self) -> u32 {
        self.next_process.fetch_add(1, Ordering::Relaxed)
    }

    /// Opens a session, e.g. the one of the application itself or of a user.
    pub fn open_session(&self, kind: SessionKind, user: &str, now: Moment) -> Arc<Session> {
        let session = Arc::new(Session::new(kind, user, now));
        self.sessions.open(Arc::clone(&session));
        session
    }

    /// What `Session storage` returns for an id. `Source: commands/session-storage`
    #[must_use]
    pub fn session_storage(&self, id: &str, now: Moment) -> Option<SharedObject> {
        let session = self.sessions.find(parse_id(id)?, now)?;
        Some(session.storage.clone())
    }
}
