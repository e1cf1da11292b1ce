//! The singletons that all processes, or all processes of a session, have in common.
//! `Source: Concepts/classes`

use crate::value::SharedObject;
use parking_lot::RwLock;
use rustc_hash::FxHashMap;

/// Shared and session singletons by class and, for the latter, session.
#[derive(Default)]
pub struct Singletons {
    made: RwLock<FxHashMap<String, SharedObject>>,
}

impl Singletons {
    #[must_use]
    pub fn get(&self, key: &str) -> Option<SharedObject> {
        self.made.read().get(key).cloned()
    }

    /// The singleton, and whether it is the one given here.
    pub fn insert_if_absent(&self, key: &str, object: &SharedObject) -> (SharedObject, bool) {
        let mut made = self.made.write();
        if let Some(there) = made.get(key) {
            return (there.clone(), false);
        }
        made.insert(key.to_owned(), object.clone());
        (object.clone(), true)
    }

    pub fn remove(&self, key: &str) {
        self.made.write().remove(key);
    }
}
