//! Between the shared objects of sessions and the session file: collects changes and writes them
//! together. Who waits for a change to be safe and finds nobody writing writes all that has been
//! collected, for everybody: many processes share one `fsync`, and no thread is needed.
//!
//! When writing fails (a full disk), everybody whose changes were in it gets an error at `End use`. The
//! state in memory stays as the program made it; the file keeps the last state that was written as a
//! whole. The changes stay collected and go with the next attempt, so that the file never holds a part
//! of them.

use super::session::Session;
use super::session_file::{Changes, Key, SessionFile};
use crate::value::shared::{Keeper, Record};
use crate::value::{ErrorCode, Fault, Result};
use parking_lot::{Condvar, Mutex};
use rustc_hash::FxHashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Weak};

pub(super) struct Writer {
    state: Mutex<State>,
    /// Rung after each attempt.
    written: Condvar,
    file: Mutex<SessionFile>,
    next_node: AtomicU64,
    /// Sessions that are not in the file until there is something to keep, by their storage's number.
    unwritten: Mutex<FxHashMap<u64, Weak<Session>>>,
}

#[derive(Default)]
struct State {
    collected: Changes,
    /// Counts what was collected.
    last: u64,
    /// Up to here everything is safe.
    safe: u64,
    /// Up to here the last attempt that failed would have come, and why it did.
    failed: Option<(u64, String)>,
    writing: bool,
}

impl Writer {
    pub(super) fn new(file: SessionFile, next_node: u64) -> Self {
        Self {
            state: Mutex::default(),
            written: Condvar::new(),
            file: Mutex::new(file),
            next_node: AtomicU64::new(next_node),
            unwritten: Mutex::default(),
        }
    }

    /// Collects changes that belong together.
    pub(super) fn collect(&self, changes: impl IntoIterator<Item = (Key, Option<Vec<u8>>)>) -> u64 {
        let mut state = self.state.lock();
        state.collected.extend(changes);
        state.last += 1;
        state.last
    }

    /// Keeps a session out of the file until its storage changes.
    pub(super) fn put_off(&self, storage: u64, session: &Arc<Session>) {
        let mut unwritten = self.unwritten.lock();
        unwritten.retain(|_, session| session.strong_count() > 0);
        unwritten.insert(storage, Arc::downgrade(session));
    }

    /// The session goes into the file now.
    pub(super) fn is_due(&self, storage: u64) {
        self.unwritten.lock().remove(&storage);
    }

    /// Writes what has been collected up to `wanted`, or has another do it.
    pub(super) fn write(&self, wanted: u64) -> Result<()> {
        let mut state = self.state.lock();
        loop {
            if state.safe >= wanted {
                return Ok(());
            }
            if let Some((up_to, why)) = &state.failed
                && *up_to >= wanted
            {
                let message = format!("Changes under Use could not be written to the session file: {why}");
                return Err(Fault::new(ErrorCode::NotKept, message));
            }
            if state.writing {
                self.written.wait(&mut state);
                continue;
            }
            state.writing = true;
            let (changes, last) = (std::mem::take(&mut state.collected), state.last);
            drop(state);
            let done = self.file.lock().write(&changes);
            state = self.state.lock();
            state.writing = false;
            match done {
                Ok(()) => state.safe = last,
                Err(error) => {
                    for (key, content) in changes {
                        state.collected.entry(key).or_insert(content);
                    }
                    state.failed = Some((last, error.to_string()));
                }
            }
            self.written.notify_all();
        }
    }

    /// Writes all that is left and lets go of the file, when the program ends. Objects that lead to each
    /// other in circles may live on, and this with them.
    pub(super) fn finish(&self) {
        let state = self.state.lock();
        let (left, last) = (!state.collected.is_empty(), state.last);
        drop(state);
        if left {
            drop(self.write(last));
        }
        self.file.lock().close();
    }
}

impl Keeper for Writer {
    fn new_number(&self) -> u64 {
        self.next_node.fetch_add(1, Ordering::Relaxed)
    }

    fn keep(&self, records: Vec<Record>) -> u64 {
        let mut unwritten = self.unwritten.lock();
        let due = records.iter().filter_map(|record| unwritten.remove(&record.number)?.upgrade());
        let sessions: Vec<_> = due.map(|session| session.entry()).collect();
        drop(unwritten);
        let nodes = records.into_iter().map(|record| (Key::Node(record.number), Some(record.content)));
        self.collect(sessions.into_iter().chain(nodes))
    }

    fn wait(&self, kept: u64) -> Result<()> {
        self.write(kept)
    }

    fn forget(&self, number: u64) {
        self.collect([(Key::Node(number), None)]);
    }
}
