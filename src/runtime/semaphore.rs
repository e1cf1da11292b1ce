//! Semaphores: flags with names that one process sets and it alone clears. One runtime stands for one
//! machine, so local (`$`) and global ones differ in their names only. `Source: commands/semaphore`

use super::handle::{Handle, State, Woken};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::time::Duration;

struct Semaphore {
    owner: u32,
    waiting: Vec<Arc<Handle>>,
}

/// All semaphores that are set, by name; case counts.
#[derive(Default)]
pub struct Semaphores {
    set: Mutex<FxHashMap<String, Semaphore>>,
}

/// Longer names are cut.
fn key(name: &str) -> String {
    name.chars().take(255).collect()
}

impl Semaphores {
    /// Sets a semaphore, waiting for it if need be. Ready: it belongs to the process now.
    pub fn set(
        &self,
        name: &str,
        handle: &Arc<Handle>,
        limit: Duration,
        clock: impl Fn() -> Duration,
    ) -> Woken {
        let name = key(name);
        if self.try_set(&name, handle, false) {
            return Woken::Ready;
        }
        if limit.is_zero() {
            return Woken::TimedOut;
        }
        let woken =
            handle.wait(State::WaitingForFlag, Some(limit), clock, || self.try_set(&name, handle, true));
        if let Some(semaphore) = self.set.lock().get_mut(&name) {
            semaphore.waiting.retain(|one| !Arc::ptr_eq(one, handle));
        }
        woken
    }

    fn try_set(&self, name: &str, handle: &Arc<Handle>, wait: bool) -> bool {
        let mut set = self.set.lock();
        match set.get_mut(name) {
            None => {
                set.insert(name.to_owned(), Semaphore { owner: handle.number, waiting: Vec::new() });
                true
            }
            Some(semaphore) if semaphore.owner == handle.number => true,
            Some(semaphore) => {
                if wait && !semaphore.waiting.iter().any(|one| Arc::ptr_eq(one, handle)) {
                    semaphore.waiting.push(Arc::clone(handle));
                }
                false
            }
        }
    }

    /// Clears a semaphore of the process; does nothing to those of others.
    pub fn clear(&self, name: &str, process: u32) {
        let name = key(name);
        let mut set = self.set.lock();
        let removed = match set.get(&name) {
            Some(semaphore) if semaphore.owner == process => set.remove(&name),
            _ => None,
        };
        drop(set);
        wake(removed);
    }

    #[must_use]
    pub fn exists(&self, name: &str) -> bool {
        self.set.lock().contains_key(&key(name))
    }

    /// Clears all that a process has left.
    pub fn clear_all(&self, process: u32) {
        let mut removed = Vec::new();
        let mut set = self.set.lock();
        let names: Vec<String> =
            set.iter().filter(|(_, one)| one.owner == process).map(|(name, _)| name.clone()).collect();
        removed.extend(names.iter().filter_map(|name| set.remove(name)));
        drop(set);
        wake(removed);
    }
}

fn wake(removed: impl IntoIterator<Item = Semaphore>) {
    for process in removed.into_iter().flat_map(|semaphore| semaphore.waiting) {
        process.wake();
    }
}
