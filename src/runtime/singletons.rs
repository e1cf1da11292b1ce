//! The singletons that all processes, or all processes of a session, have in common.
//! `Source: Concepts/classes`

use crate::value::SharedObject;
use parking_lot::RwLock;
use rustc_hash::FxHashMap;

/// Shared and session singletons by class and, for the latter, session.
#[derive(Default)]
pub struct Singletons {
    made: RwLock<FxHashMap<String, Made>>,
}

struct Made {
    object: SharedObject,
    /// Its constructor has ended; until then the process that runs it uses the object.
    ready: bool,
}

impl Singletons {
    /// The singleton, and whether its constructor has ended.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<(SharedObject, bool)> {
        self.made.read().get(key).map(|made| (made.object.clone(), made.ready))
    }

    /// Enters an object that its maker uses; false if there is one already.
    #[must_use]
    pub fn begin(&self, key: &str, object: &SharedObject) -> bool {
        let mut made = self.made.write();
        if made.contains_key(key) {
            return false;
        }
        made.insert(key.to_owned(), Made { object: object.clone(), ready: false });
        true
    }

    /// Forgets the singletons of sessions that are gone, given by their ids as 4D writes them.
    pub fn forget_sessions(&self, gone: &[String]) {
        let of_gone =
            |key: &str| key.rsplit_once('@').is_some_and(|(_, id)| gone.iter().any(|one| one == id));
        self.made.write().retain(|key, _| !of_gone(key));
    }

    /// The constructor has ended, well or not.
    pub fn end(&self, key: &str, well: bool) {
        let mut made = self.made.write();
        if !well {
            made.remove(key);
        } else if let Some(one) = made.get_mut(key) {
            one.ready = true;
        }
    }
}
