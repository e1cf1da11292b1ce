//! What a process sleeps on while it waits for a lock. A call that comes before the sleep is not lost:
//! the sleep does not begin then.

use super::sync::{AtomicBool, Condvar, Mutex, Ordering, wait_for};
use std::time::Duration;

/// The bell of one process. It also carries the wish that the process end, which ends every sleep.
pub struct Sleeper {
    cancelled: AtomicBool,
    /// Called and not yet heard.
    called: Mutex<bool>,
    bell: Condvar,
}

impl Default for Sleeper {
    fn default() -> Self {
        Self { cancelled: AtomicBool::new(false), called: Mutex::new(false), bell: Condvar::new() }
    }
}

impl Sleeper {
    /// Set while the process shall give up waiting.
    #[must_use]
    pub fn is_cancelled(&self) -> bool {
        self.cancelled.load(Ordering::Relaxed)
    }

    /// Has the process give up waiting, now and until [`Sleeper::go_on`].
    pub fn cancel(&self) {
        self.cancelled.store(true, Ordering::Relaxed);
        self.call();
    }

    /// Lets the process wait again.
    pub fn go_on(&self) {
        self.cancelled.store(false, Ordering::Relaxed);
    }

    pub(super) fn call(&self) {
        *self.called.lock() = true;
        self.bell.notify_one();
    }

    /// Sleeps until called.
    pub(super) fn sleep(&self) {
        let mut called = self.called.lock();
        while !*called {
            self.bell.wait(&mut called);
        }
        *called = false;
    }

    /// Sleeps until called, for at most `limit`; false if the time is over.
    pub(super) fn sleep_for(&self, limit: Duration) -> bool {
        let mut called = self.called.lock();
        let in_time = *called || wait_for(&self.bell, &mut called, limit);
        // A call may have come just when the time was over.
        let is_called = in_time || *called;
        *called = false;
        is_called
    }
}
