//! The registry that keeps sessions on disk. All of them are in memory, as in [`MemoryRegistry`], which
//! answers every look-up; what changes goes through [`Writer`] to the file.
//!
//! - A storage's state is on disk when the outermost `End use` that changed it returns; only states
//!   that an `End use` completed are ever there. What is reachable from a storage is kept with it:
//!   shared objects and collections in any arrangement, with texts, numbers, dates, times, Booleans and
//!   blobs. Objects of shared classes come back as such if the program still has the class. Signals and
//!   other objects of built-in classes, and the catalog `Storage`, belong to one run.
//! - Attributes (user, privileges, timeout) and one-time tokens are kept when the function returns.
//! - Sessions of users are kept from the beginning; those of the application itself (standalone, stored
//!   procedures) when there is something in them to keep, so that runs which store nothing leave nothing.
//! - Expired sessions go from the file when they go from memory, and when it is opened.

use super::memory::MemoryRegistry;
use super::session::{Moment, Registry, Session, millis};
use super::session_file::{Content, Key, SessionFile, SessionFileError};
use super::session_writer::Writer;
use crate::host::Files;
use crate::value::shared::{Keeper, ReadNode, Sort, Surroundings, rebuild};
use crate::value::{Result, SharedObject};
use parking_lot::Mutex;
use rustc_hash::{FxHashMap, FxHashSet};
use std::path::Path;
use std::sync::Arc;
use uuid::Uuid;

/// Sessions in memory and in a file.
pub struct DurableRegistry {
    memory: MemoryRegistry,
    writer: Arc<Writer>,
    /// What the file held, until the program is there that it belongs to.
    found: Mutex<Option<Content>>,
}

impl DurableRegistry {
    /// Opens a session file, or makes it.
    ///
    /// # Errors
    /// The file is of another kind, damaged, or in use.
    pub fn open(path: &Path, files: &dyn Files) -> std::result::Result<Self, SessionFileError> {
        let (file, content) = SessionFile::open(path, files)?;
        let named = content.sessions.iter().filter_map(|(id, bytes)| Some(Session::read(*id, bytes)?.1));
        let last = content.nodes.keys().copied().chain(named).max();
        if content.sessions.iter().any(|(id, bytes)| Session::read(*id, bytes).is_none()) {
            return Err(SessionFileError::Damaged("a session cannot be read".to_owned()));
        }
        let writer = Arc::new(Writer::new(file, last.map_or(1, |last| last.saturating_add(1))));
        Ok(Self { memory: MemoryRegistry::default(), writer, found: Mutex::new(Some(content)) })
    }

    fn keeper(&self) -> Arc<dyn Keeper> {
        Arc::clone(&self.writer) as Arc<dyn Keeper>
    }

    fn collect(&self, session: &Session) -> u64 {
        if let Some(number) = session.storage.kept_number() {
            self.writer.is_due(number);
        }
        self.writer.collect([session.entry()])
    }

    fn forget(&self, id: Uuid) {
        self.writer.collect([(Key::Session(id.as_u128()), None)]);
    }
}

impl Registry for DurableRegistry {
    fn open(&self, session: Arc<Session>) {
        if session.storage.kept_number().is_none() {
            let number = self.writer.new_number();
            session.storage.set_keeper(number, self.keeper());
            self.writer.put_off(number, &session);
        }
        if !session.kind.is_own() {
            let kept = self.collect(&session);
            // What could not be written now goes with the first `End use`, which reports it.
            drop(self.writer.write(kept));
        }
        self.memory.open(session);
    }

    fn find(&self, id: Uuid, now: Moment) -> Option<Arc<Session>> {
        self.memory.find(id, now)
    }

    fn close(&self, id: Uuid) -> Option<Arc<Session>> {
        let closed = self.memory.close(id)?;
        self.forget(id);
        Some(closed)
    }

    fn all(&self, now: Moment) -> Vec<Arc<Session>> {
        self.memory.all(now)
    }

    fn sweep(&self, now: Moment) -> Vec<Uuid> {
        let gone = self.memory.sweep(now);
        gone.iter().for_each(|id| self.forget(*id));
        gone
    }

    fn save(&self, session: &Session) -> Result<()> {
        if session.storage.kept_number().is_none() || self.memory.get(session.id).is_none() {
            return Ok(());
        }
        self.writer.write(self.collect(session))
    }

    fn save_token(&self, token: Uuid, session: Option<(Uuid, Moment)>) -> Result<()> {
        let content = session.map(|(session, end)| {
            let mut content = session.as_bytes().to_vec();
            content.extend_from_slice(&millis(end).to_le_bytes());
            content
        });
        let session = session.and_then(|(session, _)| self.memory.get(session));
        let entries = session.iter().map(|session| session.entry());
        let own = session.as_ref().and_then(|session| session.storage.kept_number());
        own.into_iter().for_each(|number| self.writer.is_due(number));
        self.writer.write(self.writer.collect(entries.chain([(Key::Token(token.as_u128()), content)])))
    }

    fn finish(&self) {
        self.writer.finish();
    }

    fn restore(
        &self,
        now: Moment,
        catalog: &SharedObject,
        class: &dyn Fn(&str, &str) -> Option<&'static crate::value::Shape>,
    ) -> Vec<(Uuid, Uuid, Moment)> {
        let Some(mut content) = self.found.lock().take() else { return Vec::new() };
        let read = content.sessions.iter().filter_map(|(id, bytes)| Session::read(*id, bytes));
        let (expired, alive): (Vec<_>, Vec<_>) = read.partition(|(session, _)| session.is_expired(now));
        expired.iter().for_each(|(session, _)| self.forget(session.id));
        self.drop_unreachable(&mut content.nodes, alive.iter().map(|(_, number)| *number));
        let mut storages = rebuild(&content.nodes, &Surroundings { keeper: self.keeper(), catalog, class });
        for (mut session, number) in alive {
            session.storage = storages.remove(&number).unwrap_or_else(|| {
                // attributes were changed, but never the storage
                let storage = SharedObject::of_sort(Sort::SessionStorage);
                storage.set_keeper(number, self.keeper());
                storage
            });
            self.memory.open(Arc::new(session));
        }
        let tokens = content.tokens.iter().filter_map(|(token, content)| {
            let (session, end) = content.split_first_chunk::<16>()?;
            let end = Moment::from_millis(u64::from_le_bytes(end.try_into().ok()?));
            let session = Uuid::from_bytes(*session);
            let good = end > now && self.memory.get(session).is_some();
            if !good {
                self.writer.collect([(Key::Token(*token), None)]);
            }
            good.then_some((Uuid::from_u128(*token), session, end))
        });
        tokens.collect()
    }
}

impl DurableRegistry {
    /// What no session leads to any more: it was let go of shortly before the program ended.
    fn drop_unreachable(&self, nodes: &mut FxHashMap<u64, ReadNode>, roots: impl Iterator<Item = u64>) {
        let (mut open, mut reached) = (roots.collect::<Vec<_>>(), FxHashSet::default());
        while let Some(number) = open.pop() {
            if reached.insert(number)
                && let Some(node) = nodes.get(&number)
            {
                open.extend(node.links());
            }
        }
        nodes.retain(|number, _| {
            let kept = reached.contains(number);
            if !kept {
                self.writer.forget(*number);
            }
            kept
        });
    }
}

impl Drop for DurableRegistry {
    fn drop(&mut self) {
        self.writer.finish();
    }
}
