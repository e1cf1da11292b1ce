//! The registry that keeps sessions in memory, in several tables with a lock each.

use super::session::{Moment, Registry, Session};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use uuid::Uuid;

/// Tables; a look-up locks one of them, for reading.
const SHARDS: usize = 16;

#[derive(Default)]
pub struct MemoryRegistry {
    shards: [RwLock<FxHashMap<Uuid, Arc<Session>>>; SHARDS],
}

impl MemoryRegistry {
    fn shard(&self, id: Uuid) -> &RwLock<FxHashMap<Uuid, Arc<Session>>> {
        // Ids are random but for a few bits in the middle.
        &self.shards[id.as_u128() as usize % SHARDS]
    }

    /// The session with the id, expired or not.
    pub(super) fn get(&self, id: Uuid) -> Option<Arc<Session>> {
        self.shard(id).read().get(&id).cloned()
    }
}

impl Registry for MemoryRegistry {
    fn open(&self, session: Arc<Session>) {
        let replaced = self.shard(session.id).write().insert(session.id, session);
        replaced.inspect(|session| session.end());
    }

    fn find(&self, id: Uuid, now: Moment) -> Option<Arc<Session>> {
        let session = self.get(id)?;
        (!session.is_expired(now)).then_some(session)
    }

    fn close(&self, id: Uuid) -> Option<Arc<Session>> {
        self.shard(id).write().remove(&id).inspect(|session| session.end())
    }

    fn all(&self, now: Moment) -> Vec<Arc<Session>> {
        let mut all: Vec<_> = self
            .shards
            .iter()
            .flat_map(|shard| shard.read().values().cloned().collect::<Vec<_>>())
            .filter(|session| !session.is_expired(now))
            .collect();
        all.sort_by_key(|session| (session.created, session.id));
        all
    }

    fn sweep(&self, now: Moment) -> Vec<Uuid> {
        let mut expired = Vec::new();
        for shard in &self.shards {
            let mut sessions = shard.write();
            sessions.retain(|_, session| {
                let gone = session.is_expired(now);
                if gone {
                    expired.push(Arc::clone(session));
                }
                !gone
            });
        }
        // Their storages are freed here, when no table is locked.
        expired.iter().for_each(|session| session.end());
        expired.iter().map(|session| session.id).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Runtime, SessionKind, write_id};
    use super::*;
    use crate::value::{Caller, ProcessId, SharedValue, Text};
    use std::time::Duration;

    #[test]
    fn storages_are_found_by_id() {
        let runtime = Runtime::default();
        let now = Moment::from_secs(5);
        let session = runtime.open_session(SessionKind::Standalone, "designer", now);
        let storage = runtime.session_storage(session.id_text(), now).unwrap();
        assert!(storage.ptr_eq(&session.storage));
        assert!(runtime.session_storage(&write_id(Uuid::new_v4()), now).is_none());
        assert!(runtime.session_storage("not an id", now).is_none());
        let me = Caller::new(ProcessId::unique());
        let _used = storage.use_enter(me).unwrap();
        let key = Text::from("n");
        storage.set(&key, SharedValue::Integer(1), me).unwrap();
        assert!(session.storage.has("n"));
        assert!(runtime.sessions().close(session.id).is_some());
        assert!(runtime.session_storage(session.id_text(), now).is_none());
    }

    #[test]
    fn expired_sessions_are_not_found() {
        let runtime = Runtime::default();
        let now = Moment::from_secs(5);
        let first = runtime.open_session(SessionKind::Remote, "ann", now);
        let web = runtime.open_session(SessionKind::Web, "", now + Duration::from_secs(1));
        let ids: Vec<_> = runtime.sessions().all(now).iter().map(|one| one.id).collect();
        assert_eq!(ids, [first.id, web.id]);
        let later = now + Duration::from_secs(4000);
        assert!(runtime.sessions().find(web.id, later).is_none());
        assert_eq!(runtime.sessions().sweep(later), [web.id]);
        assert!(runtime.sessions().find(first.id, later).is_some());
    }
}
