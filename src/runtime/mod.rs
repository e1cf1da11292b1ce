//! What the processes of one engine share: the session registry, the catalog `Storage`, the table of
//! processes, workers' messages, signals and semaphores. Nothing here runs code, makes threads or
//! reads a clock: times come from the caller.

mod documents;
mod handle;
mod interprocess;
mod memory;
mod places;
mod processes;
mod roles;
mod semaphore;
mod session;
mod session_durable;
mod session_file;
mod session_object;
mod session_writer;
mod signal;
mod singletons;
mod tokens;
mod worker;

pub use documents::{Document, Documents};
pub use handle::{Answer, Handle, Origin, Request, State, Woken};
pub use interprocess::Interprocess;
pub use memory::MemoryRegistry;
pub use places::Places;
pub use processes::Processes;
pub use roles::{Roles, same as same_name};
pub use semaphore::Semaphores;
pub use session::{Moment, Registry, Session, SessionKind, SessionState, parse_id, write_id};
pub use session_durable::DurableRegistry;
pub use session_file::SessionFileError;
pub use session_object::SessionObject;
pub use signal::Signal;
pub use singletons::Singletons;
pub use tokens::Tokens;
pub use worker::{Message, Posted, Workers};

use crate::value::shared::Sort;
use crate::value::{Result, Shape, SharedObject, SharedValue};
use parking_lot::RwLock;
use std::any::{Any, TypeId};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use uuid::Uuid;

/// The state that belongs to an engine as a whole.
pub struct Runtime {
    sessions: Box<dyn Registry>,
    storage: SharedObject,
    pub processes: Processes,
    pub semaphores: Semaphores,
    pub tokens: Tokens,
    pub roles: Roles,
    /// Runs programs as 4D Server would.
    pub server: bool,
    pub interprocess: Interprocess,
    /// Set by the engine.
    pub places: Places,
    pub documents: Documents,
    /// What `SET DATABASE PARAMETER` set, by selector.
    pub parameters: parking_lot::Mutex<rustc_hash::FxHashMap<i32, SharedValue>>,
    pub singletons: Singletons,
    /// What themes of commands keep for all processes, by type.
    parts: parking_lot::Mutex<rustc_hash::FxHashMap<TypeId, Arc<dyn Any + Send + Sync>>>,
    /// The language that `SET DATABASE LOCALIZATION` set.
    language: RwLock<Option<String>>,
    /// What programs have put into class objects, by the class's name.
    pub class_contents: RwLock<rustc_hash::FxHashMap<String, SharedObject>>,
    /// The method that `ON ERR CALL(…; ek global)` installed.
    global_error_method: RwLock<Option<String>>,
    /// The method that `ON ERR CALL(…; ek errors from components)` installed.
    component_error_method: RwLock<Option<String>>,
    /// Whether assertions are looked at in processes that do not say otherwise.
    asserts: AtomicBool,
    /// When expired sessions were looked for, in seconds.
    swept: AtomicU64,
}

/// How often they are.
const SWEEP_SECONDS: u64 = 60;

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
            processes: Processes::default(),
            semaphores: Semaphores::default(),
            tokens: Tokens::default(),
            roles: Roles::default(),
            server: false,
            interprocess: Interprocess::default(),
            places: Places::default(),
            documents: Documents::default(),
            parameters: parking_lot::Mutex::default(),
            singletons: Singletons::default(),
            parts: parking_lot::Mutex::default(),
            language: RwLock::default(),
            class_contents: RwLock::default(),
            global_error_method: RwLock::default(),
            component_error_method: RwLock::default(),
            asserts: AtomicBool::new(true),
            swept: AtomicU64::new(0),
        }
    }

    /// What a theme of commands keeps for all processes. One of each type, made when first asked for.
    #[must_use]
    pub fn part<T: Any + Send + Sync + Default>(&self) -> Arc<T> {
        let mut parts = self.parts.lock();
        let part = parts.entry(TypeId::of::<T>()).or_insert_with(|| Arc::<T>::default());
        Arc::clone(part).downcast().unwrap_or_default()
    }

    /// The error method for processes without one of their own. `Source: commands/on-err-call`
    #[must_use]
    pub fn global_error_method(&self) -> Option<String> {
        self.global_error_method.read().clone()
    }

    pub fn set_global_error_method(&self, method: Option<String>) {
        *self.global_error_method.write() = method;
    }

    /// The current language, if it was set. `Source: commands/set-database-localization`
    #[must_use]
    pub fn language(&self) -> Option<String> {
        self.language.read().clone()
    }

    pub fn set_language(&self, code: String) {
        *self.language.write() = Some(code);
    }

    /// The method for errors in components. `Source: commands/on-err-call`
    #[must_use]
    pub fn component_error_method(&self) -> Option<String> {
        self.component_error_method.read().clone()
    }

    pub fn set_component_error_method(&self, method: Option<String>) {
        *self.component_error_method.write() = method;
    }

    /// Whether assertions are enabled. `Source: commands/set-assert-enabled`
    #[must_use]
    pub fn asserts(&self) -> bool {
        self.asserts.load(Ordering::Relaxed)
    }

    pub fn set_asserts(&self, enabled: bool) {
        self.asserts.store(enabled, Ordering::Relaxed);
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

    /// Opens a session, e.g. the one of the application itself or of a user. If sessions are kept in a file,
    /// it is there when this returns.
    ///
    /// ```
    /// use fourd::engine::{Engine, Outcome};
    /// use fourd::host::{Host, memory::MemoryHost};
    /// use fourd::project;
    /// use fourd::runtime::SessionKind;
    /// use fourd::value::{SharedObject, Value};
    /// use std::sync::Arc;
    ///
    /// let greet = "#DECLARE($id : Text)\nALERT(\"Hello \"+Session storage by ID($id).user.name)\n";
    /// let host = Arc::new(MemoryHost::new().with_file("/p/main.4dm", greet));
    /// let project = project::discover("/p/main.4dm".as_ref(), host.files())?;
    /// let engine = Engine::new(Arc::clone(&host) as Arc<dyn Host>, project);
    ///
    /// let shared = engine.shared();
    /// let session = shared.runtime.open_session(SessionKind::Remote, "Ann", shared.moment());
    /// // The host writes to the storage as a process does, under `Use`.
    /// let mut process = engine.main_process();
    /// let user = SharedObject::new();
    /// for (object, name, value) in [
    ///     (&user, "name", Value::from("Ann")),
    ///     (&session.storage, "user", Value::SharedObject(user.clone())),
    /// ] {
    ///     let used = Value::SharedObject(object.clone());
    ///     process
    ///         .using(&used, |process| process.set_shared(object, &name.into(), value))
    ///         .map_err(|fault| fault.to_string())?;
    /// }
    /// drop(process);
    ///
    /// let id = session.id_text().to_string();
    /// assert!(matches!(engine.run("main", vec![id]), Outcome::Completed));
    /// assert_eq!(host.output(), "Hello Ann\n");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn open_session(&self, kind: SessionKind, user: &str, now: Moment) -> Arc<Session> {
        self.sweep(now);
        let session = Arc::new(Session::new(kind, user, now));
        self.sessions.open(Arc::clone(&session));
        session
    }

    /// The sessions that a server has now, the oldest first: those of earlier runs of the application itself
    /// can be found by their ids, but are over.
    #[must_use]
    pub fn live_sessions(&self, now: Moment) -> Vec<Arc<Session>> {
        self.sweep(now);
        let mut all = self.sessions.all(now);
        all.retain(|session| !session.restored || !session.kind.is_own());
        all
    }

    /// Ends a session. Processes that have it keep it, but nobody finds it any more.
    pub fn close_session(&self, id: Uuid) -> Option<Arc<Session>> {
        let closed = self.sessions.close(id)?;
        self.forget_sessions(&[id]);
        Some(closed)
    }

    /// Changes a session's attributes; when this returns, they are where the registry keeps sessions.
    ///
    /// # Errors
    /// They could not be written.
    pub fn change_session<R>(
        &self,
        session: &Session,
        change: impl FnOnce(&mut SessionState) -> R,
    ) -> Result<R> {
        let result = session.change(change);
        self.sessions.save(session)?;
        Ok(result)
    }

    /// A new one-time token for a session.
    ///
    /// # Errors
    /// It could not be written.
    pub fn make_token(&self, session: Uuid, now: Moment, end: Moment) -> Result<Uuid> {
        let token = self.tokens.make(session, now, end);
        self.sessions.save_token(token, Some((session, end)))?;
        Ok(token)
    }

    /// The session of a token, which is used up by that.
    ///
    /// # Errors
    /// That could not be written.
    pub fn redeem_token(&self, token: Uuid, now: Moment) -> Result<Option<Arc<Session>>> {
        let Some(session) = self.tokens.redeem(token, now) else { return Ok(None) };
        self.sessions.save_token(token, None)?;
        Ok(self.sessions.find(session, now))
    }

    /// Brings back the sessions of earlier runs; `class` gives the root shape of a class of the program by
    /// store and name.
    pub fn restore_sessions(&self, now: Moment, class: &dyn Fn(&str, &str) -> Option<&'static Shape>) {
        for (token, session, end) in self.sessions.restore(now, &self.storage, class) {
            self.tokens.restore(token, session, end);
        }
    }

    /// Lets go of expired sessions, now and then.
    fn sweep(&self, now: Moment) {
        let (seconds, last) = (now.as_secs(), self.swept.load(Ordering::Relaxed));
        if seconds.abs_diff(last) >= SWEEP_SECONDS {
            self.swept.store(seconds, Ordering::Relaxed);
            self.forget_sessions(&self.sessions.sweep(now));
        }
    }

    fn forget_sessions(&self, gone: &[Uuid]) {
        if !gone.is_empty() {
            self.tokens.forget_sessions(gone);
            self.singletons.forget_sessions(&gone.iter().map(|id| write_id(*id)).collect::<Vec<_>>());
        }
    }

    /// What `Session storage` returns for an id. `Source: commands/session-storage`
    #[must_use]
    pub fn session_storage(&self, id: &str, now: Moment) -> Option<SharedObject> {
        let session = self.sessions.find(parse_id(id)?, now)?;
        Some(session.storage.clone())
    }
}
