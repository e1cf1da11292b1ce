//! What happens outside while a process goes on: an answer from the network, the output of another
//! program. It reaches the process as an event, and is dealt with when the process listens: in a
//! `.wait()`, in `IDLE` and `DELAY PROCESS`, or as a worker between two messages.
//! `Source: Develop/async`

use super::process::{Process, Shared};
use crate::runtime::{Handle, Origin, State, Woken};
use crate::value::Result;
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// What is to be done in the process when it listens.
pub type Event = Box<dyn FnOnce(&mut Process) -> Result<()> + Send>;

/// Where the events of a process wait for it. Other threads hold it, and may outlive the process.
pub struct Mailbox {
    handle: Arc<Handle>,
    letters: Mutex<Letters>,
    last_source: AtomicU64,
}

#[derive(Default)]
struct Letters {
    queue: VecDeque<(u64, Event)>,
    /// The process has ended: nobody will listen.
    closed: bool,
}

impl Mailbox {
    pub(super) fn new(handle: Arc<Handle>) -> Arc<Self> {
        Arc::new(Self { handle, letters: Mutex::default(), last_source: AtomicU64::new(0) })
    }

    /// A number for one more source of events.
    #[must_use]
    pub fn new_source(&self) -> u64 {
        self.last_source.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Leaves an event for the process; dropped if the process has ended.
    pub fn post(&self, source: u64, event: Event) {
        let mut letters = self.letters.lock();
        if letters.closed {
            drop(letters);
            return;
        }
        letters.queue.push_back((source, event));
        // A process that waits looks in here while it holds its own lock: no lock is held here.
        drop(letters);
        self.handle.wake();
    }

    /// Whether an event waits.
    #[must_use]
    pub fn has_any(&self) -> bool {
        !self.letters.lock().queue.is_empty()
    }

    /// Whether the process was told to end, rather than having come to its end.
    #[must_use]
    pub fn is_cut_off(&self) -> bool {
        self.handle.is_killed()
    }

    fn next(&self) -> Option<Event> {
        self.letters.lock().queue.pop_front().map(|(_, event)| event)
    }

    fn next_of(&self, source: u64) -> Option<Event> {
        let mut letters = self.letters.lock();
        let at = letters.queue.iter().position(|(from, _)| *from == source)?;
        letters.queue.remove(at).map(|(_, event)| event)
    }

    pub(super) fn close(&self) {
        let mut letters = self.letters.lock();
        letters.closed = true;
        let left = std::mem::take(&mut letters.queue);
        drop(letters);
        drop(left);
    }
}

/// Something under way that keeps the program alive until this is dropped.
pub struct Work(Arc<Shared>);

impl Work {
    #[must_use]
    pub fn begin(shared: &Arc<Shared>) -> Self {
        shared.runtime.processes.add_work();
        Self(Arc::clone(shared))
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        self.0.runtime.processes.finish_work(1);
    }
}

impl Process {
    /// Where events for this process are left.
    #[must_use]
    pub fn mailbox(&self) -> &Arc<Mailbox> {
        &self.mailbox
    }

    /// Deals with the events that are there.
    ///
    /// # Errors
    /// What a callback raises; later events stay.
    pub fn hear(&mut self) -> Result<()> {
        let mailbox = Arc::clone(&self.mailbox);
        while let Some(event) = mailbox.next() {
            event(self)?;
        }
        Ok(())
    }

    /// Deals with the events of one source that are there.
    ///
    /// # Errors
    /// What a callback raises.
    pub fn hear_from(&mut self, source: u64) -> Result<()> {
        let mailbox = Arc::clone(&self.mailbox);
        while let Some(event) = mailbox.next_of(source) {
            event(self)?;
        }
        Ok(())
    }

    /// The same, as a worker does it: errors are told on the error stream.
    pub(super) fn hear_all(&mut self) {
        let mailbox = Arc::clone(&self.mailbox);
        while let Some(event) = mailbox.next() {
            self.report_of(|process| event(process));
            if self.handle.is_killed() {
                return;
            }
        }
    }

    /// Listens until `ready`, for at most `limit`. A worker handles its messages meanwhile.
    /// `false`: the time is over. `Source: API/HTTPRequestClass (.wait())`
    ///
    /// # Errors
    /// The process is to end; what a callback raises.
    pub fn listen_until(
        &mut self,
        limit: Option<Duration>,
        mut ready: impl FnMut(&mut Self) -> bool,
    ) -> Result<bool> {
        let shared = Arc::clone(&self.shared);
        let mailbox = Arc::clone(&self.mailbox);
        let clock = || shared.host.clock().elapsed();
        let end = limit.map(|limit| clock().saturating_add(limit));
        let name = self.handle.name.clone();
        let workers = &shared.runtime.processes.workers;
        let has_box = matches!(self.handle.origin, Origin::Worker | Origin::Main);
        let called = || has_box && !workers.is_dying(&name) && workers.calls(&name);
        loop {
            if ready(self) {
                return Ok(true);
            }
            if let Some(event) = mailbox.next() {
                event(self)?;
                continue;
            }
            if called()
                && let Some(message) = workers.next(&name)
            {
                self.run_work(message);
                continue;
            }
            let left = end.map(|end| end.saturating_sub(clock()));
            let heard = || mailbox.has_any() || called();
            if !self.wait_until(State::WaitingForFlag, left, heard)? {
                return Ok(ready(self));
            }
        }
    }

    /// Stays as long as the process is paused or delayed, and listens while it is delayed.
    ///
    /// # Errors
    /// The process is to end; what a callback raises.
    pub fn rest(&mut self) -> Result<()> {
        let shared = Arc::clone(&self.shared);
        let mailbox = Arc::clone(&self.mailbox);
        loop {
            match self.handle.attend(|| shared.host.clock().elapsed(), || mailbox.has_any()) {
                Woken::Ready | Woken::TimedOut => return Ok(()),
                Woken::Stopped => return Err(self.stop_fault()),
                Woken::Asked => {
                    self.answer();
                    // callbacks are not delayed themselves
                    let delay = self.handle.take_delay();
                    let heard = self.hear();
                    if delay.is_some() {
                        self.handle.delay(delay);
                    }
                    heard?;
                }
            }
        }
    }
}
