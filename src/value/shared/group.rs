//! Groups: what `Use` locks. Every shared object begins in a group of its own; putting one into
//! another joins their groups for good. `Source: Concepts/shared`
//!
//! A group that has been joined to another points to it. Who waited for it is woken by its last
//! owner as ever, sees that it was joined and goes on to wait for the group it is part of: no
//! wake-up can be lost. Only a group of one member is ever joined to another, so such chains are short.

use super::durable::{Journal, Keeper, Kept};
use super::{SharedValue, waiting};
use crate::value::{ErrorCode, Fault, Result};
use parking_lot::lock_api::{RawMutex as _, RawMutexTimed as _};
use parking_lot::{Mutex, RawMutex};
use std::cell::UnsafeCell;
use std::marker::PhantomData;
use std::sync::atomic::{AtomicBool, AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a process waits before it looks whether it was aborted or is part of a deadlock.
const PATIENCE: Duration = Duration::from_millis(20);

/// A 4D process, as the locks know it; never 0, and not the number that 4D code sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProcessId(pub u64);

/// On whose behalf something is done to shared objects.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    pub process: ProcessId,
    /// Set when the process shall end: waiting is given up then.
    pub cancelled: &'a AtomicBool,
    /// The process's call chain, asked for when a wait gets long, to be shown in case of a deadlock.
    pub chain: Option<&'a dyn Fn() -> String>,
}

impl ProcessId {
    /// An id that no process of any engine has or had.
    #[must_use]
    pub fn unique() -> Self {
        static NEXT: AtomicU64 = AtomicU64::new(1);
        Self(NEXT.fetch_add(1, Ordering::Relaxed))
    }
}

impl Caller<'static> {
    /// A caller that is never aborted, e.g. the host.
    #[must_use]
    pub fn new(process: ProcessId) -> Self {
        static NEVER: AtomicBool = AtomicBool::new(false);
        Self { process, cancelled: &NEVER, chain: None }
    }
}

type Held = <RawMutex as parking_lot::lock_api::RawMutex>::Guard;

// SAFETY: `held` alone keeps the compiler from deriving these. Only the thread that holds `lock`
// touches it: it writes after having locked and takes before it unlocks, on the same thread,
// because guards do not leave theirs.
#[allow(unsafe_code)]
unsafe impl Send for Group {}
// SAFETY: see above.
#[allow(unsafe_code)]
unsafe impl Sync for Group {}

/// The lock of one shared object or of several that were joined.
pub(super) struct Group {
    lock: RawMutex,
    /// What the lock gave to the one that locked it and wants back; touched by the holder only.
    held: UnsafeCell<Option<Held>>,
    /// The process that holds the lock, 0 for none.
    owner: AtomicU64,
    /// How many `Use` the owner is in; touched by the owner only.
    depth: AtomicU32,
    /// More than one member: belongs together for good. Changed under the lock only.
    grouped: AtomicBool,
    /// The group this one was joined to. Set under the locks of both.
    joined: OnceLock<Arc<Group>>,
    /// What a keeper is to be told of at the outermost `End use`; touched by the owner only.
    journal: Mutex<Option<Box<Journal>>>,
    /// Whether there is any.
    noted: AtomicBool,
}

impl Group {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            lock: RawMutex::INIT,
            held: UnsafeCell::new(None),
            owner: AtomicU64::new(0),
            depth: AtomicU32::new(0),
            grouped: AtomicBool::new(false),
            joined: OnceLock::new(),
            journal: Mutex::new(None),
            noted: AtomicBool::new(false),
        })
    }

    /// The group this one is part of now.
    pub(super) fn current(self: &Arc<Self>) -> &Arc<Self> {
        let mut group = self;
        while let Some(next) = group.joined.get() {
            group = next;
        }
        group
    }

    /// The process that is in a `Use` of this very group.
    pub(super) fn owner(&self) -> Option<ProcessId> {
        match self.owner.load(Ordering::Acquire) {
            0 => None,
            owner => Some(ProcessId(owner)),
        }
    }

    /// Whether the process is in a `Use` of the group. Only the process itself can make that true
    /// or false, so the answer stays right until it does.
    pub(super) fn is_used_by(self: &Arc<Self>, process: ProcessId) -> bool {
        self.current().owner.load(Ordering::Relaxed) == process.0
    }

    pub(super) fn is_grouped(self: &Arc<Self>) -> bool {
        self.current().grouped.load(Ordering::Acquire)
    }

    /// A number to name the group by.
    pub(super) fn number(self: &Arc<Self>) -> usize {
        Arc::as_ptr(self.current()) as usize
    }

    /// Waits until no other process uses the group, and uses it.
    pub(super) fn enter(self: &Arc<Self>, caller: Caller) -> Result<UseGuard> {
        loop {
            let group = self.current();
            if group.owner.load(Ordering::Relaxed) == caller.process.0 {
                group.depth.fetch_add(1, Ordering::Relaxed);
                return Ok(UseGuard::new(group, caller.process));
            }
            let held = match group.lock.try_lock() {
                Some(held) => held,
                None => group.wait(caller)?,
            };
            // SAFETY: the lock is ours.
            #[allow(unsafe_code)]
            unsafe {
                *group.held.get() = Some(held);
            }
            if group.joined.get().is_none() {
                group.depth.store(1, Ordering::Relaxed);
                group.owner.store(caller.process.0, Ordering::Release);
                return Ok(UseGuard::new(group, caller.process));
            }
            // Joined while we waited: let the next one see that too.
            group.unlock();
        }
    }

    /// Takes the lock, or gives up because the process is to end or waits for itself.
    #[cold]
    fn wait(self: &Arc<Self>, caller: Caller) -> Result<Held> {
        if let Some(held) = self.lock.try_lock_for(PATIENCE) {
            return Ok(held);
        }
        let waiting = waiting::Entry::new(self, caller);
        loop {
            if caller.cancelled.load(Ordering::Relaxed) {
                let mut fault = Fault::new(ErrorCode::Internal, "The process was aborted");
                fault.kill = true;
                return Err(fault);
            }
            waiting.check()?;
            if let Some(held) = self.lock.try_lock_for(PATIENCE) {
                return Ok(held);
            }
        }
    }

    #[allow(unsafe_code)]
    fn unlock(&self) {
        // SAFETY: called only by the process, and thread, that has locked it, which gives back what
        // it got then.
        unsafe {
            if let Some(held) = (*self.held.get()).take() {
                self.lock.unlock(held);
            }
        }
    }

    /// What a keeper has taken over by that, to be waited for.
    fn leave(self: &Arc<Self>, process: ProcessId) -> Option<Kept> {
        let group = self.current();
        if group.owner.load(Ordering::Relaxed) != process.0 {
            return None;
        }
        if group.depth.fetch_sub(1, Ordering::Relaxed) != 1 {
            return None;
        }
        let kept = if group.noted.load(Ordering::Relaxed) { group.hand_over() } else { None };
        group.owner.store(0, Ordering::Release);
        group.unlock();
        kept
    }

    /// Notes a change of a node of the group, which the caller uses.
    pub(super) fn note(
        self: &Arc<Self>,
        number: u64,
        keeper: &Arc<dyn Keeper>,
        node: SharedValue,
        replaced: Vec<SharedValue>,
    ) {
        let group = self.current();
        let mut journal = group.journal.lock();
        journal.get_or_insert_with(|| Box::new(Journal::new(keeper))).note(number, node, replaced);
        group.noted.store(true, Ordering::Relaxed);
    }

    /// Whether a change of the node has been noted since the `Use` began.
    pub(super) fn is_noted(self: &Arc<Self>, number: u64) -> bool {
        let group = self.current();
        group.journal.lock().as_ref().is_some_and(|journal| journal.has(number))
    }

    #[cold]
    fn hand_over(&self) -> Option<Kept> {
        self.noted.store(false, Ordering::Relaxed);
        let journal = self.journal.lock().take();
        journal.map(|journal| journal.hand_over())
    }

    /// Says that there is more than one member.
    pub(super) fn set_grouped(&self) {
        self.grouped.store(true, Ordering::Release);
    }

    /// Joins the groups of a container, which the caller uses, and of what is put into it.
    /// Waits while another process uses the latter.
    pub(super) fn join(self: &Arc<Self>, other: &Arc<Self>, caller: Caller) -> Result<()> {
        if Arc::ptr_eq(self.current(), other.current()) {
            let group = self.current();
            if !group.grouped.load(Ordering::Relaxed) && !Arc::ptr_eq(self, other) {
                group.grouped.store(true, Ordering::Release);
            }
            return Ok(());
        }
        if self.is_grouped() && other.is_grouped() {
            return Err(other_group());
        }
        let own = self.enter(caller)?;
        let theirs = other.enter(caller)?;
        // Both are ours now: nobody else can join or leave them.
        let (into, from) = match (self.is_grouped(), other.is_grouped()) {
            (true, true) => return Err(other_group()),
            (_, true) => (other.current().clone(), self.current().clone()),
            _ => (self.current().clone(), other.current().clone()),
        };
        if !Arc::ptr_eq(&into, &from) {
            into.grouped.store(true, Ordering::Release);
            // The uses of both count for the joint group: each `End use` finds it and takes one off.
            into.depth.fetch_add(from.depth.load(Ordering::Relaxed), Ordering::Relaxed);
            if let Some(journal) = from.journal.lock().take() {
                match &mut *into.journal.lock() {
                    Some(own) => own.append(*journal),
                    none => *none = Some(journal),
                }
                into.noted.store(true, Ordering::Relaxed);
            }
            let _ = from.joined.set(into);
            from.owner.store(0, Ordering::Release);
            from.unlock();
        }
        drop(theirs);
        drop(own);
        Ok(())
    }

    #[cfg(test)]
    pub(super) fn is_free(self: &Arc<Self>) -> bool {
        self.owner().is_none() && !self.lock.is_locked()
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        // Guards keep their group: a locked group cannot come here.
        debug_assert!(*self.owner.get_mut() == 0);
    }
}

fn other_group() -> Fault {
    Fault::new(
        ErrorCode::SharedGroup,
        "A shared object or collection that belongs to one group cannot be put into another",
    )
}

/// One `Use` of a process; dropping it is an `End use` whose failure nobody hears of. It cannot leave its
/// thread.
pub struct UseGuard {
    group: Arc<Group>,
    /// Whether `End use` is over.
    left: bool,
    process: ProcessId,
    here: PhantomData<*const ()>,
}

impl UseGuard {
    fn new(group: &Arc<Group>, process: ProcessId) -> Self {
        Self { group: Arc::clone(group), left: false, process, here: PhantomData }
    }

    /// `End use`: returns when what was changed is as safe as it is to be.
    ///
    /// # Errors
    /// Changes of a session's storage could not be written.
    pub fn end(mut self) -> Result<()> {
        self.left = true;
        self.group.leave(self.process).map_or(Ok(()), |kept| kept.wait())
    }

    /// The same without waiting for what was changed to be safe.
    pub(super) fn leave_early(mut self) {
        self.left = true;
        drop(self.group.leave(self.process));
    }
}

impl Drop for UseGuard {
    fn drop(&mut self) {
        if !self.left
            && let Some(kept) = self.group.leave(self.process)
        {
            drop(kept.wait());
        }
    }
}
