//! Signals: what processes wait for and others trigger. `Source: API/SignalClass`

use super::handle::{Handle, State, Woken};
use crate::value::SharedNative;
use parking_lot::Mutex;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What an object of the class 4D.Signal holds.
#[derive(Default)]
pub struct Signal {
    signaled: AtomicBool,
    waiting: Mutex<Vec<Arc<Handle>>>,
}

impl SharedNative for Signal {}

impl Signal {
    #[must_use]
    pub fn is_signaled(&self) -> bool {
        self.signaled.load(Ordering::Acquire)
    }

    /// Lets all go on that wait, now and ever after.
    pub fn trigger(&self) {
        self.signaled.store(true, Ordering::Release);
        let waiting = std::mem::take(&mut *self.waiting.lock());
        for process in waiting {
            process.wake();
        }
    }

    /// Waits as the process of the handle does.
    pub fn wait(&self, handle: &Arc<Handle>, limit: Option<Duration>, clock: impl Fn() -> Duration) -> Woken {
        if self.is_signaled() {
            return Woken::Ready;
        }
        // Entered before the flag is looked at again: a trigger is never missed.
        self.waiting.lock().push(Arc::clone(handle));
        let woken = handle.wait(State::WaitingForFlag, limit, clock, || self.is_signaled());
        self.waiting.lock().retain(|one| !Arc::ptr_eq(one, handle));
        woken
    }
}
