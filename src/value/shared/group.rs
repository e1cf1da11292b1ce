//! Groups: what `Use` locks. Every shared object begins in a group of its own; putting one into
//! another joins their groups for good. `Source: Concepts/shared`
//!
//! The state of a group is one word: the process that uses it, and two marks. `QUEUED` says that
//! processes sleep in the queue, `AWAKE` that one of them was woken and tries again; while one is awake,
//! no other is woken. Who ends the last `Use` wakes the first of the queue unless one is awake, so the
//! group cannot stay free with sleepers only. A process that was overtaken too often is given the
//! group by hand. The queue and the marks change under the queue's lock, except that an awake process
//! that gets the group takes its mark away with the same step.
//!
//! A group that has been joined to another points to it. Who waited for it is woken by its last
//! owner as ever, sees that it was joined and goes on to wait for the group it is part of: no
//! wake-up can be lost. Only a group of one member is ever joined to another, so such chains are short.
//!
//! `tests/lock_model.rs` runs this file through all orders of events of small cases.

use super::durable::{Journal, Keeper, Kept};
use super::sleeper::Sleeper;
use super::sync::{AtomicBool, AtomicU32, AtomicU64, Mutex, Ordering, SPINS, pause};
use super::{SharedValue, waiting};
use crate::value::{ErrorCode, Fault, Result};
use std::collections::VecDeque;
use std::marker::PhantomData;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// How long a process waits before it looks whether it is part of a deadlock.
const PATIENCE: Duration = Duration::from_millis(20);
/// How often a process is overtaken before it is given the group by hand.
const PATIENT: u32 = 16;

const QUEUED: u64 = 1;
const AWAKE: u64 = 2;
const MARKS: u64 = QUEUED | AWAKE;

/// A 4D process, as the locks know it; never 0, and not the number that 4D code sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct ProcessId(pub u64);

/// On whose behalf something is done to shared objects.
#[derive(Clone, Copy)]
pub struct Caller<'a> {
    pub process: ProcessId,
    /// What the process sleeps on; waiting is given up when that is cancelled. None: never.
    pub sleeper: Option<&'a Arc<Sleeper>>,
    /// Who the process is and its call chain, asked for when a wait gets long, to be shown in case of
    /// a deadlock.
    pub chain: Option<&'a dyn Fn() -> String>,
}

impl ProcessId {
    /// An id that no process of any engine has or had.
    #[must_use]
    pub fn unique() -> Self {
        static NEXT: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(1);
        Self(NEXT.fetch_add(1, std::sync::atomic::Ordering::Relaxed))
    }

    /// The state of a group that the process uses, without marks.
    fn state(self) -> u64 {
        self.0 << 2
    }
}

impl Caller<'static> {
    /// A caller that is never aborted, e.g. the host.
    #[must_use]
    pub fn new(process: ProcessId) -> Self {
        Self { process, sleeper: None, chain: None }
    }
}

/// A process in the queue of a group.
struct Waiter {
    process: ProcessId,
    sleeper: Arc<Sleeper>,
    /// Was overtaken often enough.
    hungry: bool,
}

/// The lock of one shared object or of several that were joined.
pub(super) struct Group {
    /// The process that uses the group, 0 for none, and the marks.
    state: AtomicU64,
    /// How many `Use` the owner is in; touched by the owner only.
    depth: AtomicU32,
    /// More than one member: belongs together for good. Changed by the owner only.
    grouped: AtomicBool,
    /// The processes that sleep, first come first; made when the first one comes.
    #[allow(clippy::box_collection)] // few groups ever have one, and there are as many groups as objects
    queue: Mutex<Option<Box<VecDeque<Waiter>>>>,
    /// The group this one was joined to. Set by the owner of both.
    joined: OnceLock<Arc<Group>>,
    /// What a keeper is to be told of at the outermost `End use`; touched by the owner only.
    journal: Mutex<Option<Box<Journal>>>,
    /// Whether there is any.
    noted: AtomicBool,
}

impl Group {
    pub(super) fn new() -> Arc<Self> {
        Arc::new(Self {
            state: AtomicU64::new(0),
            depth: AtomicU32::new(0),
            grouped: AtomicBool::new(false),
            queue: Mutex::new(None),
            joined: OnceLock::new(),
            journal: Mutex::new(None),
            noted: AtomicBool::new(false),
        })
    }

    /// The group this one is part of now.
    #[inline]
    pub(super) fn current(self: &Arc<Self>) -> &Arc<Self> {
        let mut group = self;
        while let Some(next) = group.joined.get() {
            group = next;
        }
        group
    }

    /// The process that is in a `Use` of this very group.
    pub(super) fn owner(&self) -> Option<ProcessId> {
        match self.state.load(Ordering::Acquire) >> 2 {
            0 => None,
            owner => Some(ProcessId(owner)),
        }
    }

    #[inline]
    fn belongs_to(&self, process: ProcessId) -> bool {
        self.state.load(Ordering::Relaxed) & !MARKS == process.state()
    }

    /// Whether the process is in a `Use` of the group. Only the process itself can make that true
    /// or false, so the answer stays right until it does.
    #[inline]
    pub(super) fn is_used_by(self: &Arc<Self>, process: ProcessId) -> bool {
        self.current().belongs_to(process)
    }

    pub(super) fn is_grouped(self: &Arc<Self>) -> bool {
        self.current().grouped.load(Ordering::Acquire)
    }

    /// A number to name the group by.
    pub(super) fn number(self: &Arc<Self>) -> usize {
        Arc::as_ptr(self.current()) as usize
    }

    /// Waits until no other process uses the group, and uses it.
    #[inline]
    pub(super) fn enter(self: &Arc<Self>, caller: Caller, last: &mut LastGroup) -> Result<UseGuard> {
        let own = caller.process.state();
        loop {
            let group = self.current();
            if let Err(state) = group.state.compare_exchange(0, own, Ordering::Acquire, Ordering::Relaxed) {
                if state & !MARKS == own {
                    group.depth.store(group.depth.load(Ordering::Relaxed) + 1, Ordering::Relaxed);
                    return Ok(UseGuard::new(group, last));
                }
                group.wait(caller)?;
            }
            if group.joined.get().is_none() {
                group.depth.store(1, Ordering::Relaxed);
                return Ok(UseGuard::new(group, last));
            }
            // Joined while we waited: let the next one see that too.
            group.release(own);
        }
    }

    // ---- waiting

    /// Gets the group, or gives up because the process is to end or waits for itself.
    #[cold]
    fn wait(self: &Arc<Self>, caller: Caller) -> Result<()> {
        let own = caller.process.state();
        if self.spin(own, 0) {
            return Ok(());
        }
        let sleeper = caller.sleeper.map_or_else(Arc::default, Arc::clone);
        let mut long = None;
        let mut mark = 0;
        let mut lost = 0;
        loop {
            if sleeper.is_cancelled() {
                self.give_up(mark);
                return Err(aborted());
            }
            let hungry = lost >= PATIENT;
            let waiter = Waiter { process: caller.process, sleeper: Arc::clone(&sleeper), hungry };
            if self.enqueue(waiter, mark) || self.sleep(&sleeper, caller, &mut long)? {
                return Ok(());
            }
            mark = AWAKE;
            lost += 1;
            if self.spin(own, mark) {
                return Ok(());
            }
        }
    }

    /// Looks a few times whether the group is free, and takes it then. `mark` is `AWAKE` for the process
    /// that has that mark.
    fn spin(&self, own: u64, mark: u64) -> bool {
        for round in 0..SPINS {
            let state = self.state.load(Ordering::Relaxed);
            if state & !MARKS != 0 {
                pause(round);
            } else if self
                .state
                .compare_exchange(state, own | (state & !mark), Ordering::Acquire, Ordering::Relaxed)
                .is_ok()
            {
                return true;
            }
        }
        false
    }

    /// Enters the queue and gives the mark back; or takes the group if it is free after all.
    fn enqueue(&self, waiter: Waiter, mark: u64) -> bool {
        let mut queue = self.queue.lock();
        let mut state = self.state.load(Ordering::Relaxed);
        let free = loop {
            let free = state & !MARKS == 0;
            let next = (state & !mark) | if free { waiter.process.state() } else { QUEUED };
            match self.state.compare_exchange(state, next, Ordering::Acquire, Ordering::Relaxed) {
                Ok(_) => break free,
                Err(now) => state = now,
            }
        };
        if !free {
            let queue = queue.get_or_insert_default();
            if mark == 0 { queue.push_back(waiter) } else { queue.push_front(waiter) }
        }
        free
    }

    /// Sleeps in the queue. True: the group was handed over; false: the process has the mark `AWAKE`.
    fn sleep(
        self: &Arc<Self>,
        sleeper: &Arc<Sleeper>,
        caller: Caller,
        long: &mut Option<waiting::Entry>,
    ) -> Result<bool> {
        loop {
            let mut fault = None;
            if long.is_some() {
                sleeper.sleep();
            } else if !sleeper.sleep_for(PATIENCE) {
                fault = long.insert(waiting::Entry::new(self, sleeper, caller)).check().err();
            }
            let mut queue = self.queue.lock();
            let waiters = queue.get_or_insert_default();
            let Some(place) = waiters.iter().position(|one| one.process == caller.process) else {
                if fault.is_some() {
                    // Woken meanwhile: no deadlock, but the process is off the table.
                    *long = None;
                }
                return Ok(self.belongs_to(caller.process));
            };
            if sleeper.is_cancelled() {
                fault = Some(aborted());
            }
            if let Some(fault) = fault {
                waiters.remove(place);
                if waiters.is_empty() {
                    self.state.fetch_and(!QUEUED, Ordering::Relaxed);
                }
                return Err(fault);
            }
        }
    }

    /// Passes the mark on without having got the group, to the next of the queue.
    fn give_up(&self, mark: u64) {
        if mark == 0 {
            return;
        }
        let mut queue = self.queue.lock();
        let waiters = queue.get_or_insert_default();
        let next = waiters.pop_front();
        let gone = match next {
            None => AWAKE,
            Some(_) if waiters.is_empty() => QUEUED,
            Some(_) => 0,
        };
        self.state.fetch_and(!gone, Ordering::Relaxed);
        drop(queue);
        if let Some(next) = next {
            next.sleeper.call();
        }
    }

    // ---- leaving

    /// Ends a `Use`. What a keeper has taken over by that, to be waited for.
    #[inline]
    fn leave(self: &Arc<Self>) -> Option<Box<Kept>> {
        let group = self.current();
        // Guards stay with the process that uses the group.
        let own = group.state.load(Ordering::Relaxed) & !MARKS;
        let depth = group.depth.load(Ordering::Relaxed);
        if depth > 1 {
            group.depth.store(depth - 1, Ordering::Relaxed);
            return None;
        }
        let kept = if group.noted.load(Ordering::Relaxed) { group.hand_over() } else { None };
        group.release(own);
        kept
    }

    #[inline]
    fn release(&self, own: u64) {
        if let Err(state) = self.state.compare_exchange(own, 0, Ordering::Release, Ordering::Relaxed) {
            self.release_to_waiters(state);
        }
    }

    /// Frees a group that others wait for.
    #[cold]
    fn release_to_waiters(&self, mut state: u64) {
        while state & AWAKE != 0 {
            // That one looks by itself.
            match self.state.compare_exchange(state, state & MARKS, Ordering::Release, Ordering::Relaxed) {
                Ok(_) => return,
                Err(now) => state = now,
            }
        }
        let mut queue = self.queue.lock();
        let waiters = queue.get_or_insert_default();
        let next = waiters.pop_front();
        let marks = if waiters.is_empty() { 0 } else { QUEUED };
        let state = match &next {
            None => 0,
            Some(next) if next.hungry => next.process.state() | marks,
            Some(_) => AWAKE | marks,
        };
        // Nobody else changes the word now: the group is ours, the queue is locked, no one is awake.
        self.state.store(state, Ordering::Release);
        drop(queue);
        if let Some(next) = next {
            next.sleeper.call();
        }
    }

    // ---- what is to be kept

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
    fn hand_over(&self) -> Option<Box<Kept>> {
        self.noted.store(false, Ordering::Relaxed);
        let journal = self.journal.lock().take();
        journal.map(|journal| Box::new(journal.hand_over()))
    }

    /// Says that there is more than one member.
    pub(super) fn set_grouped(&self) {
        self.grouped.store(true, Ordering::Release);
    }

    // ---- joining

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
        let own = self.enter(caller, &mut LastGroup::default())?;
        let theirs = other.enter(caller, &mut LastGroup::default())?;
        // Both are ours now: nobody else can join or leave them.
        let (into, from) = match (self.is_grouped(), other.is_grouped()) {
            (true, true) => return Err(other_group()),
            (_, true) => (other.current().clone(), self.current().clone()),
            _ => (self.current().clone(), other.current().clone()),
        };
        if !Arc::ptr_eq(&into, &from) {
            into.grouped.store(true, Ordering::Release);
            // The uses of both count for the joint group: each `End use` finds it and takes one off.
            let depth = into.depth.load(Ordering::Relaxed) + from.depth.load(Ordering::Relaxed);
            into.depth.store(depth, Ordering::Relaxed);
            if let Some(journal) = from.journal.lock().take() {
                match &mut *into.journal.lock() {
                    Some(own) => own.append(*journal),
                    none => *none = Some(journal),
                }
                into.noted.store(true, Ordering::Relaxed);
            }
            let _ = from.joined.set(into);
            from.release(caller.process.state());
        }
        drop(theirs);
        drop(own);
        Ok(())
    }

    /// Whether nobody uses it and nobody waits for it.
    #[cfg(test)]
    pub(super) fn is_free(self: &Arc<Self>) -> bool {
        self.current().state.load(Ordering::Acquire) == 0 && self.state.load(Ordering::Acquire) == 0
    }
}

fn aborted() -> Fault {
    let mut fault = Fault::new(ErrorCode::Internal, "The process was aborted");
    fault.kill = true;
    fault
}

fn other_group() -> Fault {
    Fault::new(
        ErrorCode::SharedGroup,
        "A shared object or collection that belongs to one group cannot be put into another",
    )
}

/// The group that a process used last. A process that uses the same group again and again does not
/// count references to it, which would slow down the others that do the same.
#[derive(Default)]
pub struct LastGroup(Option<Arc<Group>>);

/// One `Use` of a process; dropping it is an `End use` whose failure nobody hears of. It cannot leave its
/// thread.
pub struct UseGuard {
    /// None if `End use` is over. Nothing else is here: one word is quickly put aside and taken back.
    group: Option<Arc<Group>>,
    here: PhantomData<*const ()>,
}

impl UseGuard {
    #[inline]
    fn new(group: &Arc<Group>, last: &mut LastGroup) -> Self {
        let same = last.0.as_ref().is_some_and(|last| Arc::ptr_eq(last, group));
        let group = if same { last.0.take() } else { Some(Arc::clone(group)) };
        Self { group, here: PhantomData }
    }

    /// `End use`: returns when what was changed is as safe as it is to be.
    ///
    /// # Errors
    /// Changes of a session's storage could not be written.
    pub fn end(self) -> Result<()> {
        self.end_with(&mut LastGroup::default())
    }

    /// The same for a process that remembers the group it used last.
    ///
    /// # Errors
    /// As for [`UseGuard::end`].
    #[inline]
    pub fn end_with(mut self, last: &mut LastGroup) -> Result<()> {
        let Some(group) = self.group.take() else { return Ok(()) };
        let kept = group.leave();
        last.0 = Some(group);
        kept.map_or(Ok(()), |kept| kept.wait())
    }

    /// `End use` without waiting for what was changed to be safe.
    pub(super) fn leave_early(mut self) {
        drop(self.group.take().and_then(|group| group.leave()));
    }
}

impl Drop for UseGuard {
    fn drop(&mut self) {
        if let Some(kept) = self.group.take().and_then(|group| group.leave()) {
            drop(kept.wait());
        }
    }
}
