//! One process as the others see it: who it is, what it does, and the bell that wakes it. All waiting
//! goes through [`Handle::wait`], so that an abort reaches a process wherever it waits.

use super::session::Moment;
use crate::value::Portable;
use crate::value::shared::Sleeper;
use parking_lot::{Condvar, Mutex};
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU64, Ordering};
use std::time::Duration;
use uuid::Uuid;

/// What a process does. `Source: commands/process-state`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum State {
    Aborted = -1,
    Executing = 0,
    Delayed = 1,
    /// A worker without messages.
    WaitingForEvent = 2,
    WaitingForInput = 3,
    /// For a signal, a semaphore or another process.
    WaitingForFlag = 4,
    Paused = 5,
}

/// Where a process comes from. `Source: commands/process-info`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum Origin {
    Main = -1,
    ExecuteOnServer = 1,
    NewProcess = 4,
    Worker = 5,
}

/// What another process asks of this one's variables.
pub struct Request {
    pub variable: u32,
    /// Which element, if the variable is an array and an element is meant.
    pub element: Vec<i64>,
    /// What to write; None reads.
    pub value: Option<Portable>,
    pub answer: std::sync::Arc<Answer>,
    /// Who waits for the answer.
    pub asker: std::sync::Arc<Handle>,
}

/// Where the answer to a [`Request`] goes: None where the variable cannot be passed.
#[derive(Default)]
pub struct Answer {
    pub done: AtomicBool,
    pub value: Mutex<Option<Portable>>,
}

/// How a wait ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Woken {
    /// What was waited for is there.
    Ready,
    /// The time is over.
    TimedOut,
    /// The process is told to end.
    Stopped,
    /// Others ask for variables, or events are there: answer them and wait again.
    Asked,
}

#[derive(Default)]
struct Control {
    paused: bool,
    /// Delayed until then, by the host's clock.
    delayed: Option<Duration>,
    requests: VecDeque<Request>,
    ended: bool,
}

/// A process, alive or not.
pub struct Handle {
    pub number: u32,
    pub name: String,
    pub origin: Origin,
    pub created: Moment,
    /// The host's clock when the process began.
    pub started: Duration,
    session: Mutex<Option<Uuid>>,
    /// What the operating system calls the thread; 0 before it runs.
    thread: AtomicU64,
    /// Makes the process look up at the next loop turn or command.
    attention: std::sync::Arc<AtomicBool>,
    /// What the process sleeps on while it waits for locks. Cancelled: all waiting is given up; exit
    /// formulas run with that taken back.
    sleeper: std::sync::Arc<Sleeper>,
    /// The process was told to end, once and for all.
    killed: AtomicBool,
    state: AtomicI32,
    control: Mutex<Control>,
    bell: Condvar,
}

impl Handle {
    pub(super) fn new(number: u32, name: &str, origin: Origin, created: Moment, started: Duration) -> Self {
        Self {
            number,
            name: name.to_owned(),
            origin,
            created,
            started,
            session: Mutex::new(None),
            thread: AtomicU64::new(0),
            attention: std::sync::Arc::default(),
            sleeper: std::sync::Arc::default(),
            killed: AtomicBool::new(false),
            state: AtomicI32::new(State::Executing as i32),
            control: Mutex::default(),
            bell: Condvar::new(),
        }
    }

    /// The session that the process belongs to.
    #[must_use]
    pub fn session(&self) -> Option<Uuid> {
        *self.session.lock()
    }

    pub fn set_session(&self, id: Option<Uuid>) {
        *self.session.lock() = id;
    }

    /// What the operating system calls the process's thread; 0 if that is not known.
    #[must_use]
    pub fn thread(&self) -> u64 {
        self.thread.load(Ordering::Relaxed)
    }

    pub fn set_thread(&self, number: u64) {
        self.thread.store(number, Ordering::Relaxed);
    }

    /// The flag that the process looks at in loops.
    #[must_use]
    pub fn attention(&self) -> std::sync::Arc<AtomicBool> {
        std::sync::Arc::clone(&self.attention)
    }

    /// What the process sleeps on while it waits for locks.
    #[must_use]
    pub fn sleeper(&self) -> &std::sync::Arc<Sleeper> {
        &self.sleeper
    }

    /// Whether the process shall give up what it does.
    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.sleeper.is_cancelled()
    }

    #[must_use]
    pub fn is_killed(&self) -> bool {
        self.killed.load(Ordering::Relaxed)
    }

    /// Tells the process to end.
    pub fn kill(&self) {
        let control = self.control.lock();
        self.killed.store(true, Ordering::Relaxed);
        self.sleeper.cancel();
        self.attention.store(true, Ordering::Relaxed);
        self.bell.notify_all();
        drop(control);
    }

    /// Tells the process to give up what it does, and no more; undone by [`Handle::mask`].
    pub fn interrupt(&self) {
        let control = self.control.lock();
        self.sleeper.cancel();
        self.attention.store(true, Ordering::Relaxed);
        self.bell.notify_all();
        drop(control);
    }

    /// Lets exit formulas of an aborted process run; undone by [`Handle::unmask`].
    pub fn mask(&self) {
        self.sleeper.go_on();
        self.attention.store(false, Ordering::Relaxed);
    }

    pub fn unmask(&self) {
        let control = self.control.lock();
        if self.is_killed() {
            self.sleeper.cancel();
        }
        self.attention.store(true, Ordering::Relaxed);
        drop(control);
    }

    /// Wakes the process, to look again whether what it waits for is there.
    pub fn wake(&self) {
        let control = self.control.lock();
        self.bell.notify_all();
        drop(control);
    }

    /// Suspends the process until [`Handle::resume`]. `Source: commands/pause-process`
    pub fn pause(&self) {
        self.change(|control| control.paused = true);
    }

    /// Ends pause and delay. `Source: commands/resume-process`
    pub fn resume(&self) {
        self.change(|control| {
            control.paused = false;
            control.delayed = None;
        });
    }

    /// Delays the process until a time of the host's clock, instead of any earlier delay.
    /// `Source: commands/delay-process`
    pub fn delay(&self, until: Option<Duration>) {
        self.change(|control| control.delayed = until);
    }

    /// Asks for a variable; false if the process has ended.
    #[must_use]
    pub fn ask(&self, request: Request) -> bool {
        let mut control = self.control.lock();
        if control.ended {
            return false;
        }
        control.requests.push_back(request);
        self.attention.store(true, Ordering::Relaxed);
        self.bell.notify_all();
        true
    }

    /// Takes the delay away, to be set again by the process itself.
    #[must_use]
    pub fn take_delay(&self) -> Option<Duration> {
        self.control.lock().delayed.take()
    }

    #[must_use]
    pub fn next_request(&self) -> Option<Request> {
        self.control.lock().requests.pop_front()
    }

    fn change(&self, change: impl FnOnce(&mut Control)) {
        let mut control = self.control.lock();
        change(&mut control);
        self.attention.store(true, Ordering::Relaxed);
        self.bell.notify_all();
    }

    /// What the process does now.
    #[must_use]
    pub fn state(&self) -> State {
        let control = self.control.lock();
        if control.ended {
            return State::Aborted;
        }
        if control.paused {
            return State::Paused;
        }
        if control.delayed.is_some() {
            return State::Delayed;
        }
        match self.state.load(Ordering::Relaxed) {
            2 => State::WaitingForEvent,
            3 => State::WaitingForInput,
            4 => State::WaitingForFlag,
            _ => State::Executing,
        }
    }

    /// Notes what the process does while it is busy in native code.
    pub fn set_state(&self, state: State) {
        self.state.store(state as i32, Ordering::Relaxed);
    }

    /// Called by the process itself: waits until `ready`, for at most `limit`. Who makes `ready` true
    /// calls [`Handle::wake`] afterwards.
    pub fn wait(
        &self,
        state: State,
        limit: Option<Duration>,
        clock: impl Fn() -> Duration,
        mut ready: impl FnMut() -> bool,
    ) -> Woken {
        if ready() {
            return Woken::Ready;
        }
        let end = limit.map(|limit| clock().saturating_add(limit));
        let mut control = self.control.lock();
        self.set_state(state);
        let woken = loop {
            if self.is_stopped() {
                break Woken::Stopped;
            }
            if !control.requests.is_empty() {
                break Woken::Asked;
            }
            if ready() {
                break Woken::Ready;
            }
            if self.rest(&mut control, end, &clock) {
                break if ready() { Woken::Ready } else { Woken::TimedOut };
            }
        };
        self.set_state(State::Executing);
        woken
    }

    /// Called by the process itself when it is asked for attention: stays as long as it is paused or
    /// delayed. While it is delayed, `called` may ask for it: see [`Woken::Asked`].
    pub fn attend(&self, clock: impl Fn() -> Duration, called: impl Fn() -> bool) -> Woken {
        let mut control = self.control.lock();
        loop {
            if self.is_stopped() {
                return Woken::Stopped;
            }
            if !control.requests.is_empty() {
                return Woken::Asked;
            }
            if control.paused {
                self.bell.wait(&mut control);
                continue;
            }
            let Some(end) = control.delayed else { break };
            if called() {
                return Woken::Asked;
            }
            if clock() >= end || self.rest(&mut control, Some(end), &clock) {
                // a new delay may have been set meanwhile
                if control.delayed == Some(end) {
                    control.delayed = None;
                }
            }
        }
        self.attention.store(false, Ordering::Relaxed);
        Woken::Ready
    }

    /// Waits for the bell; true if the time is over.
    fn rest(
        &self,
        control: &mut parking_lot::MutexGuard<'_, Control>,
        end: Option<Duration>,
        clock: &impl Fn() -> Duration,
    ) -> bool {
        let Some(end) = end else {
            self.bell.wait(control);
            return false;
        };
        let left = end.saturating_sub(clock());
        left.is_zero() || self.bell.wait_for(control, left).timed_out()
    }

    /// The process is gone: who asked it for something gets no answer.
    pub(super) fn end(&self) -> Vec<Request> {
        let mut control = self.control.lock();
        control.ended = true;
        control.requests.drain(..).collect()
    }
}

impl Request {
    /// Gives the answer and wakes who waits for it.
    pub fn reply(self, value: Option<Portable>) {
        *self.answer.value.lock() = value;
        self.answer.done.store(true, Ordering::Release);
        self.asker.wake();
    }
}
