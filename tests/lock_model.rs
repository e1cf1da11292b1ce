//! The lock behind `Use`, built of loom's parts instead of the system's and run through all orders of
//! events of small cases: up to three processes that enter, join, are killed, wait for each other.
//! Where a wake-up is lost, or two processes are in a `Use` of one group at once, a case fails: loom
//! finds that everybody sleeps, or that two touch the same cell. Time limits are over at once here: no
//! case may be saved by one.

#![allow(clippy::reversed_empty_ranges)] // loom's processes do not spin
#![allow(clippy::arc_with_non_send_sync)] // loom's threads share what the lock guards
#![allow(unsafe_code)] // a cell that only the lock guards is what shows that it guards

#[path = "../src/value/shared/group.rs"]
#[allow(dead_code, unreachable_pub, clippy::redundant_pub_crate)]
mod group;
#[path = "../src/value/shared/sleeper.rs"]
#[allow(dead_code, unreachable_pub)]
mod sleeper;
#[path = "../src/value/shared/waiting.rs"]
#[allow(dead_code, unreachable_pub)]
mod waiting;

/// What the files above take from the crate.
mod value {
    pub(crate) use fourd::value::{ErrorCode, Fault, Result};
}

/// A change that is to be kept.
#[derive(Clone, Copy)]
pub struct SharedValue;

/// In place of `src/value/shared/durable.rs`: counts what is handed over.
mod durable {
    use super::SharedValue;
    use super::value::Result;
    use std::sync::Arc;

    pub trait Keeper: Send + Sync {
        /// A group with so many changes is completed; it is still locked.
        fn keep(&self, changes: u64);
    }
    pub struct Kept;
    pub struct Journal(Arc<dyn Keeper>, u64);

    impl Kept {
        pub fn wait(&self) -> Result<()> {
            Ok(())
        }
    }

    impl Journal {
        pub fn new(keeper: &Arc<dyn Keeper>) -> Self {
            Self(Arc::clone(keeper), 0)
        }
        pub fn note(&mut self, _: u64, _: SharedValue, _: Vec<SharedValue>) {
            self.1 += 1;
        }
        pub fn has(&self, _: u64) -> bool {
            false
        }
        pub fn append(&mut self, other: Self) {
            self.1 += other.1;
        }
        pub fn hand_over(self) -> Kept {
            self.0.keep(self.1);
            Kept
        }
    }
}

/// In place of `src/value/shared/sync.rs`.
mod sync {
    use super::group::ProcessId;
    use super::waiting::Wait;
    use rustc_hash::FxHashMap;
    use std::time::Duration;

    pub(super) use loom::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};

    pub(super) const SPINS: u32 = 0;
    pub(super) fn pause(_round: u32) {}

    /// loom's lock with the interface of parking_lot's.
    pub(super) struct Mutex<T>(loom::sync::Mutex<T>);
    pub(super) struct Guard<'a, T>(Option<loom::sync::MutexGuard<'a, T>>);
    pub(super) struct Condvar(loom::sync::Condvar);

    impl<T> Mutex<T> {
        pub(super) fn new(value: T) -> Self {
            Self(loom::sync::Mutex::new(value))
        }
        pub(super) fn lock(&self) -> Guard<'_, T> {
            Guard(Some(self.0.lock().unwrap()))
        }
    }

    impl<T> std::ops::Deref for Guard<'_, T> {
        type Target = T;
        fn deref(&self) -> &T {
            self.0.as_ref().unwrap()
        }
    }

    impl<T> std::ops::DerefMut for Guard<'_, T> {
        fn deref_mut(&mut self) -> &mut T {
            self.0.as_mut().unwrap()
        }
    }

    impl Condvar {
        pub(super) fn new() -> Self {
            Self(loom::sync::Condvar::new())
        }
        pub(super) fn wait<T>(&self, guard: &mut Guard<'_, T>) {
            let inner = guard.0.take().unwrap();
            guard.0 = Some(self.0.wait(inner).unwrap());
        }
        pub(super) fn notify_one(&self) {
            self.0.notify_one();
        }
    }

    pub(super) fn wait_for(_: &Condvar, _: &mut Guard<'_, bool>, _: Duration) -> bool {
        false
    }

    type Waits = Mutex<FxHashMap<ProcessId, Wait>>;

    loom::lazy_static! {
        static ref WAITS: Waits = Mutex::new(FxHashMap::default());
    }

    pub(super) fn waits() -> &'static Waits {
        &WAITS
    }
}

use group::{Caller, Group, LastGroup, ProcessId, UseGuard};
use loom::cell::UnsafeCell;
use loom::thread;
use sleeper::Sleeper;
use std::sync::Arc;

/// Runs a case in all orders with at most so many interruptions of a process that could go on.
fn check(interruptions: usize, case: impl Fn() + Sync + Send + 'static) {
    let mut builder = loom::model::Builder::new();
    builder.preemption_bound = Some(interruptions);
    builder.check(case);
}

/// A group and a number that only who uses it may touch.
#[derive(Clone)]
struct Object(Arc<(Arc<Group>, UnsafeCell<u32>)>);

// SAFETY: loom checks every access of the cell.
unsafe impl Send for Object {}
// SAFETY: see above.
unsafe impl Sync for Object {}

impl Object {
    fn new() -> Self {
        Self(Arc::new((Group::new(), UnsafeCell::new(0))))
    }

    fn enter(&self, caller: Caller) -> fourd::value::Result<UseGuard> {
        self.0.0.enter(caller, &mut LastGroup::default())
    }

    /// Adds one; the caller is in a `Use`.
    fn add(&self) {
        // SAFETY: loom checks that nobody else does so.
        self.0.1.with_mut(|number| unsafe { *number += 1 });
    }

    fn number(&self) -> u32 {
        // SAFETY: as in `add`.
        self.0.1.with(|number| unsafe { *number })
    }

    /// Nobody uses it or what it was joined to, and nobody sleeps in their queues.
    fn is_free(&self) -> bool {
        self.0.0.is_free()
    }
}

fn caller(number: u64) -> Caller<'static> {
    Caller::new(ProcessId(number))
}

/// A `Use` with a nested one in it.
fn increment(object: &Object, number: u64) {
    let _outer = object.enter(caller(number)).unwrap();
    let _inner = object.enter(caller(number)).unwrap();
    object.add();
}

#[test]
fn one_at_a_time_and_nobody_sleeps_for_ever() {
    check(3, || {
        let object = Object::new();
        let theirs = object.clone();
        let other = thread::spawn(move || {
            increment(&theirs, 2);
            increment(&theirs, 2);
        });
        increment(&object, 1);
        increment(&object, 1);
        other.join().unwrap();
        let _used = object.enter(caller(1)).unwrap();
        assert_eq!(object.number(), 4);
    });
}

#[test]
fn three_processes() {
    check(2, || {
        let object = Object::new();
        let others = [2, 3].map(|number| {
            let theirs = object.clone();
            thread::spawn(move || increment(&theirs, number))
        });
        increment(&object, 1);
        for other in others {
            other.join().unwrap();
        }
        assert!(object.is_free());
        assert_eq!(object.number(), 3);
    });
}

#[test]
fn who_waits_for_a_group_that_is_joined_to_another_waits_for_that() {
    check(2, || {
        let (outer, inner) = (Object::new(), Object::new());
        let others = [2, 3].map(|number| {
            let theirs = inner.clone();
            let all = outer.clone();
            thread::spawn(move || {
                let _used = theirs.enter(caller(number)).unwrap();
                // before it is joined, the other's number is not this group's
                theirs.add();
                if theirs.0.0.number() == all.0.0.number() {
                    all.add();
                }
            })
        });
        {
            let _used = outer.enter(caller(1)).unwrap();
            outer.add();
            outer.0.0.join(&inner.0.0, caller(1)).unwrap();
            assert!(inner.0.0.is_used_by(ProcessId(1)));
            inner.add();
        }
        for other in others {
            other.join().unwrap();
        }
        assert_eq!(outer.0.0.number(), inner.0.0.number());
        assert!(outer.is_free() && inner.is_free());
        assert_eq!(inner.number(), 3);
    });
}

#[test]
fn two_that_wait_for_a_group_both_go_on_when_it_is_joined() {
    check(2, || {
        let (outer, inner) = (Object::new(), Object::new());
        let outer_use = outer.enter(caller(1)).unwrap();
        let inner_use = inner.enter(caller(1)).unwrap();
        let others = [2, 3].map(|number| {
            let theirs = inner.clone();
            thread::spawn(move || increment(&theirs, number))
        });
        outer.0.0.join(&inner.0.0, caller(1)).unwrap();
        drop(inner_use);
        drop(outer_use);
        for other in others {
            other.join().unwrap();
        }
        assert!(outer.is_free() && inner.is_free());
        assert_eq!(inner.number(), 2);
    });
}

#[test]
fn joined_while_both_are_used() {
    check(3, || {
        let (outer, inner) = (Object::new(), Object::new());
        let theirs = inner.clone();
        let other = thread::spawn(move || increment(&theirs, 2));
        {
            let outer_use = outer.enter(caller(1)).unwrap();
            let inner_use = inner.enter(caller(1)).unwrap();
            outer.0.0.join(&inner.0.0, caller(1)).unwrap();
            drop(outer_use);
            assert!(inner.0.0.is_used_by(ProcessId(1)), "one of two uses is left");
            inner.add();
            drop(inner_use);
        }
        other.join().unwrap();
        assert!(outer.is_free());
        assert_eq!(inner.number(), 2);
    });
}

#[test]
fn a_waiting_process_is_killed_and_another_gets_the_group() {
    check(2, || {
        let object = Object::new();
        let held = object.enter(caller(1)).unwrap();
        let sleeper = Arc::new(Sleeper::default());
        let (theirs, own) = (object.clone(), Arc::clone(&sleeper));
        let killed = thread::spawn(move || {
            let me = Caller { process: ProcessId(2), sleeper: Some(&own), chain: None };
            match theirs.enter(me) {
                Ok(_used) => theirs.add(),
                Err(fault) => assert!(fault.kill),
            }
        });
        let theirs = object.clone();
        let third = thread::spawn(move || increment(&theirs, 3));
        sleeper.cancel();
        object.add();
        drop(held);
        killed.join().unwrap();
        third.join().unwrap();
        assert!(object.is_free());
        assert!((2..=3).contains(&object.number()));
    });
}

#[test]
fn a_kill_reaches_who_waits_for_a_group_that_is_never_freed() {
    check(3, || {
        let object = Object::new();
        let held = object.enter(caller(1)).unwrap();
        let sleeper = Arc::new(Sleeper::default());
        let (theirs, own) = (object.clone(), Arc::clone(&sleeper));
        let killed = thread::spawn(move || {
            let me = Caller { process: ProcessId(2), sleeper: Some(&own), chain: None };
            assert!(theirs.enter(me).is_err_and(|fault| fault.kill));
        });
        sleeper.cancel();
        killed.join().unwrap();
        drop(held);
        assert!(object.is_free());
    });
}

#[test]
fn a_killed_holder_lets_go_of_all() {
    check(3, || {
        let (one, two) = (Object::new(), Object::new());
        let (theirs, second) = (one.clone(), two.clone());
        // ends with three uses open: its guards are dropped in any order
        let killed = thread::spawn(move || {
            let guards = [theirs.enter(caller(2)), second.enter(caller(2)), theirs.enter(caller(2))];
            theirs.add();
            drop(guards);
        });
        increment(&one, 1);
        increment(&two, 1);
        killed.join().unwrap();
        assert!(one.is_free() && two.is_free());
    });
}

/// Two processes that take two groups in different orders: one of them gets an error exactly if both
/// have their first, and the other goes on.
#[test]
fn a_deadlock_is_found_once() {
    check(3, || {
        let (one, two) = (Object::new(), Object::new());
        let both = |first: &Object, second: &Object, number| {
            let _first = first.enter(caller(number)).unwrap();
            match second.enter(caller(number)) {
                Ok(_second) => {
                    first.add();
                    second.add();
                    true
                }
                Err(fault) => {
                    assert!(fault.message.contains("wait for each other"));
                    false
                }
            }
        };
        let (first, second) = (one.clone(), two.clone());
        let other = thread::spawn(move || both(&second, &first, 2));
        let mine = both(&one, &two, 1);
        let theirs = other.join().unwrap();
        assert!(mine || theirs, "both gave up");
        assert!(one.is_free() && two.is_free());
    });
}
