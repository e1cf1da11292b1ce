//! What the processes of one engine share: the session registry and the catalog `Storage`. Nothing
//! here runs code, makes threads or reads a clock: times come from the caller.

mod interprocess;
mod memory;
mod session;
mod session_object;
mod singletons;

pub use interprocess::Interprocess;
pub use memory::MemoryRegistry;
pub use session::{Moment, Registry, Session, SessionKind, SessionState, parse_id, write_id};
pub use session_object::SessionObject;
pub use singletons::Singletons;

use crate::value::SharedObject;
use crate::value::shared::Sort;
use parking_lot::RwLock;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// The state that belongs to an engine as a whole.
pub struct Runtime {
    sessions: Box<dyn Registry>,
    storage: SharedObject,
    next_process: AtomicU32,
    pub interprocess: Interprocess,
    pub singletons: Singletons,
    /// The method that `ON ERR CALL(…; ek global)` installed.
    global_error_method: RwLock<Option<String>>,
}

impl Default for Runtime {
    fn default() -> Self {
        Self::new(Box::new(MemoryRegistry::default()))
    }
}

impl Runtime {
    #[must_use]
    pub fn new(sessions: Box<dyn Registry>) -> Self {
        Self {
            sessions,
            storage: SharedObject::of_sort(Sort::Catalog),
            next_process: AtomicU32::new(1),
            interprocess: Interprocess::default(),
            singletons: Singletons::default(),
            global_error_method: RwLock::default(),
        }
    }

    /// The error method for processes without one of their own. `Source: commands/on-err-call`
    #[must_use]
    pub fn global_error_method(&self) -> Option<String> {
        self.global_error_method.read().clone()
    }

    pub fn set_global_error_method(&self, method: Option<String>) {
        *self.global_error_method.write() = method;
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
