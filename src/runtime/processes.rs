//! The table of processes: handles and message boxes, never a process.
//!
//! The program goes on as long as there is work: a process of `New process` that has not ended, or a
//! message to a worker that has not been handled. Workers that wait for messages keep nothing alive.

use super::handle::{Handle, Origin};
use super::session::Moment;
use super::worker::Workers;
use parking_lot::{Condvar, Mutex, RwLock};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::Duration;

/// All processes of an engine.
#[derive(Default)]
pub struct Processes {
    table: RwLock<BTreeMap<u32, Arc<Handle>>>,
    last: AtomicU32,
    /// Held from looking for a name to entering it, for processes that are unique.
    starting: Mutex<()>,
    /// Processes and messages that keep the program alive.
    work: Mutex<usize>,
    /// Rung when a process has ended.
    ended: Condvar,
    quitting: AtomicBool,
    failed: AtomicBool,
    pub workers: Workers,
}

impl Processes {
    /// Enters a process that begins.
    pub fn begin(&self, name: &str, origin: Origin, created: Moment, started: Duration) -> Arc<Handle> {
        let number = self.last.fetch_add(1, Ordering::Relaxed) + 1;
        let handle = Arc::new(Handle::new(number, name, origin, created, started));
        self.table.write().insert(number, Arc::clone(&handle));
        if self.is_quitting() {
            handle.kill();
        }
        handle
    }

    /// Takes out a process that has ended.
    pub fn end(&self, handle: &Handle) {
        for request in handle.end() {
            request.reply(None);
        }
        self.table.write().remove(&handle.number);
        let work = self.work.lock();
        self.ended.notify_all();
        drop(work);
    }

    /// A process that lives.
    #[must_use]
    pub fn find(&self, number: i64) -> Option<Arc<Handle>> {
        self.table.read().get(&u32::try_from(number).ok()?).cloned()
    }

    /// The first process with the name. `Source: commands/process-number`
    #[must_use]
    pub fn named(&self, name: &str) -> Option<Arc<Handle>> {
        self.table.read().values().find(|handle| handle.name == name && !handle.is_killed()).cloned()
    }

    /// All that live, in order of their numbers.
    #[must_use]
    pub fn all(&self) -> Vec<Arc<Handle>> {
        self.table.read().values().cloned().collect()
    }

    /// The highest number of a process that lives. `Source: commands/count-tasks`
    #[must_use]
    pub fn highest(&self) -> u32 {
        self.table.read().last_key_value().map_or(0, |(number, _)| *number)
    }

    /// Keeps others from starting a process between a look for a name and a start.
    pub fn starting(&self) -> parking_lot::MutexGuard<'_, ()> {
        self.starting.lock()
    }

    // ---- the end of the program

    /// Something to do that keeps the program alive.
    pub fn add_work(&self) {
        *self.work.lock() += 1;
    }

    /// So much of it is done.
    pub fn finish_work(&self, count: usize) {
        let mut work = self.work.lock();
        *work = work.saturating_sub(count);
        if *work == 0 {
            self.ended.notify_all();
            drop(work);
            // the main process waits for this, or for messages
            if let Some(main) = self.find(1) {
                main.wake();
            }
        }
    }

    #[must_use]
    pub fn has_work(&self) -> bool {
        *self.work.lock() > 0
    }

    /// Aborts all processes; none begins any more. `Source: commands/quit-4d`
    pub fn stop_all(&self) {
        self.quitting.store(true, Ordering::SeqCst);
        for handle in self.all() {
            handle.kill();
        }
    }

    #[must_use]
    pub fn is_quitting(&self) -> bool {
        self.quitting.load(Ordering::SeqCst)
    }

    /// Waits until all processes but the one given have ended, for at most `limit`.
    pub fn wait_for_others(&self, own: u32, limit: Duration) {
        let mut work = self.work.lock();
        while self.table.read().keys().any(|number| *number != own) {
            if self.ended.wait_for(&mut work, limit).timed_out() {
                return;
            }
        }
    }

    /// Notes that an error ended a process that is not the main one.
    pub fn note_failure(&self) {
        self.failed.store(true, Ordering::Relaxed);
    }

    #[must_use]
    pub fn has_failed(&self) -> bool {
        self.failed.load(Ordering::Relaxed)
    }
}
