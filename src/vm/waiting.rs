//! How a process waits: for signals, for time to pass, for its turn. All waits end when the process is
//! told to, and while it waits others may read and write its variables.

use super::process::{Process, Shared};
use crate::runtime::{Handle, Origin, Request, State, Woken};
use crate::value::{Pointer, Portable, Result, Special, Target, Value};
use std::sync::Arc;
use std::time::Duration;

impl Shared {
    /// Enters a process that begins now.
    pub(super) fn begin(&self, name: &str, origin: Origin) -> Arc<Handle> {
        self.runtime.processes.begin(name, origin, self.moment(), self.host.clock().elapsed())
    }
}

impl Process {
    /// Does what the process is asked for: pauses, ends, answers.
    ///
    /// # Errors
    /// The process is to end.
    #[cold]
    pub fn attend(&mut self) -> Result<()> {
        loop {
            let shared = Arc::clone(&self.shared);
            match self.handle.attend(|| shared.host.clock().elapsed(), || false) {
                Woken::Ready | Woken::TimedOut => return Ok(()),
                Woken::Stopped => return Err(self.stop_fault()),
                Woken::Asked => self.answer(),
            }
        }
    }

    /// Waits with one of the handle's ways to wait, for at most `limit`. `false`: the time is over.
    ///
    /// # Errors
    /// The process is to end.
    pub fn wait_with(
        &mut self,
        limit: Option<Duration>,
        wait: impl Fn(&Arc<Handle>, Option<Duration>, &dyn Fn() -> Duration) -> Woken,
    ) -> Result<bool> {
        let shared = Arc::clone(&self.shared);
        let clock = || shared.host.clock().elapsed();
        let end = limit.map(|limit| clock().saturating_add(limit));
        let mut left = limit;
        loop {
            match wait(&self.handle, left, &clock) {
                Woken::Ready => return Ok(true),
                Woken::TimedOut => return Ok(false),
                Woken::Stopped => return Err(self.stop_fault()),
                Woken::Asked => self.answer(),
            }
            left = end.map(|end| end.saturating_sub(clock()));
        }
    }

    /// Waits until `ready`; who makes it so wakes the handle.
    ///
    /// # Errors
    /// The process is to end.
    pub fn wait_until(
        &mut self,
        state: State,
        limit: Option<Duration>,
        ready: impl Fn() -> bool,
    ) -> Result<bool> {
        self.wait_with(limit, |handle, left, clock| handle.wait(state, left, clock, &ready))
    }

    /// Answers those who ask for variables of this process.
    pub(super) fn answer(&mut self) {
        while let Some(mut request) = self.handle.next_request() {
            let answer = match request.value.take() {
                None => self.read_variable(&asked(&request)).and_then(|v| Portable::pack_variable(&v)).ok(),
                Some(value) => self
                    .write_variable(&asked(&request), value.unpack())
                    .and_then(|()| Portable::pack(&Value::Null))
                    .ok(),
            };
            request.reply(answer);
        }
    }
}

/// The variable, or element of an array, that a request is about.
fn asked(request: &Request) -> Value {
    if request.element.is_empty() {
        return Value::Special(Special::Process(request.variable));
    }
    let array = Box::new(Target::Process(request.variable));
    Value::Pointer(Pointer::new(Target::Element(array, request.element.clone())))
}
