//! Who waits for which group, to find processes that wait for each other. Only waits that have
//! lasted a while are entered, so the common ones cost nothing here.

use super::group::{Caller, Group, ProcessId};
use crate::value::{ErrorCode, Fault, Result};
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::sync::Arc;
use std::sync::OnceLock;

struct Wait {
    group: Arc<Group>,
    chain: String,
}

/// One table for all engines: process ids are unique among them.
fn waits() -> &'static Mutex<FxHashMap<ProcessId, Wait>> {
    static WAITS: OnceLock<Mutex<FxHashMap<ProcessId, Wait>>> = OnceLock::new();
    WAITS.get_or_init(Mutex::default)
}

/// A process that waits; gone from the table when dropped.
pub(super) struct Entry {
    process: ProcessId,
}

impl Entry {
    pub(super) fn new(group: &Arc<Group>, caller: Caller) -> Self {
        let chain = caller.chain.map_or_else(String::new, |chain| chain());
        let group = Arc::clone(group);
        waits().lock().insert(caller.process, Wait { group, chain });
        Self { process: caller.process }
    }

    /// An error if this process waits for one that, by way of any number of others, waits for it.
    /// The process is taken off the table at once then, so that only one of them gets the error.
    pub(super) fn check(&self) -> Result<()> {
        let mut waits = waits().lock();
        let mut path = vec![self.process];
        let mut process = self.process;
        while let Some(wait) = waits.get(&process) {
            // A group that was joined to another is left by its waiters by themselves.
            let Some(owner) = wait.group.owner() else {
                return Ok(());
            };
            if owner == self.process {
                let message = describe(&path, &waits);
                waits.remove(&self.process);
                return Err(Fault::new(ErrorCode::Deadlock, message));
            }
            if path.contains(&owner) {
                return Ok(());
            }
            path.push(owner);
            process = owner;
        }
        Ok(())
    }
}

impl Drop for Entry {
    fn drop(&mut self) {
        waits().lock().remove(&self.process);
    }
}

fn describe(path: &[ProcessId], waits: &FxHashMap<ProcessId, Wait>) -> String {
    let mut message = String::from("These processes wait for each other's shared objects:");
    for process in path {
        let chain = waits.get(process).map_or("", |wait| wait.chain.as_str());
        message.push_str(&format!(" process {}", process.0));
        if !chain.is_empty() {
            message.push_str(&format!(" in {chain}"));
        }
        message.push(';');
    }
    message.pop();
    message
}
