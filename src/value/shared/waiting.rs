//! Who waits for which group, to find processes that wait for each other. Only waits that have
//! lasted a while are entered, so the common ones cost nothing here.
//!
//! Whoever enters looks for a circle once. That is enough: the process that closes a circle is the last
//! of it to enter, and finds the others there, each waiting for a group that another of them uses.

use super::group::{Caller, Group, ProcessId};
use super::sleeper::Sleeper;
use super::sync::waits;
use crate::value::{ErrorCode, Fault, Result};
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// One process that waits.
pub(super) struct Wait {
    group: Arc<Group>,
    sleeper: Arc<Sleeper>,
    chain: String,
}

/// A process that waits; gone from the table when dropped.
pub(super) struct Entry {
    process: ProcessId,
}

impl Entry {
    pub(super) fn new(group: &Arc<Group>, sleeper: &Arc<Sleeper>, caller: Caller) -> Self {
        let chain = caller.chain.map_or_else(String::new, |chain| chain());
        let wait = Wait { group: Arc::clone(group), sleeper: Arc::clone(sleeper), chain };
        waits().lock().insert(caller.process, wait);
        Self { process: caller.process }
    }

    /// An error if this process waits for one that, by way of any number of others, waits for it.
    /// The process is taken off the table at once then, so that only one of them gets the error.
    pub(super) fn check(&self) -> Result<()> {
        let mut waits = waits().lock();
        let mut path = vec![self.process];
        let mut process = self.process;
        while let Some(wait) = waits.get(&process) {
            // A group that was joined to another is left by its waiters by themselves; a process that
            // is to end lets go of what it uses.
            let Some(owner) = wait.group.owner().filter(|_| !wait.sleeper.is_cancelled()) else {
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
        match waits.get(process).map_or("", |wait| wait.chain.as_str()) {
            "" => message.push_str(&format!(" process {};", process.0)),
            chain => message.push_str(&format!(" {chain};")),
        }
    }
    message.pop();
    message
}
