//! What the locks of groups are made of. `tests/lock_model.rs` builds the same locks of loom's parts
//! instead, to run them through every order of events.

use super::ProcessId;
use super::waiting::Wait;
use rustc_hash::FxHashMap;
use std::sync::OnceLock;
use std::time::Duration;

pub(super) use parking_lot::{Condvar, Mutex};
pub(super) use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

/// How often a process looks again before it sleeps.
pub(super) const SPINS: u32 = 10;

/// Lets some time pass between two looks: first a few instructions, then the rest of a time slice.
pub(super) fn pause(round: u32) {
    if round < 4 {
        for _ in 0..1 << round {
            std::hint::spin_loop();
        }
    } else {
        std::thread::yield_now();
    }
}

/// Waits for the bell, for at most `limit`; false if the time is over.
pub(super) fn wait_for(
    bell: &Condvar,
    guard: &mut parking_lot::MutexGuard<'_, bool>,
    limit: Duration,
) -> bool {
    !bell.wait_for(guard, limit).timed_out()
}

/// The processes that have waited for long. One table for all engines: process ids are unique among them.
pub(super) fn waits() -> &'static Mutex<FxHashMap<ProcessId, Wait>> {
    static WAITS: OnceLock<Mutex<FxHashMap<ProcessId, Wait>>> = OnceLock::new();
    WAITS.get_or_init(Mutex::default)
}
