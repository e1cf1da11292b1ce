//! The only maker of processes' threads (`host::network::in_background` makes those that serve connections
//! and other programs, which never touch what a process holds). A process is made in the thread it runs in; what it starts with is a
//! method's name, values packed for the way, and what all processes share.

use super::process::{Process, Shared};
use crate::runtime::{Handle, Message, Origin, Posted, Session, State};
use crate::value::{ErrorCode, Fault, Portable, Result, Value};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::thread::Builder;

/// Address space for a process's machine stack; memory is taken as far as it is used. Enough for
/// `MAX_DEPTH` natives that call code that calls natives.
const STACK: usize = 16 << 20;
/// The same for the main process.
const MAIN_STACK: usize = 64 << 20;
/// The most that `New process` may ask for.
const LARGEST_STACK: usize = 1 << 30;

/// How a process begins.
pub struct Start {
    pub name: String,
    pub origin: Origin,
    pub session: Option<Arc<Session>>,
    /// In bytes; 0 for the usual size.
    pub stack: usize,
}

/// Runs a closure in a thread with the main process's stack, and waits for it.
pub fn on_main_stack<R: Send>(act: impl Fn() -> R + Sync) -> R {
    std::thread::scope(|scope| {
        let thread = Builder::new().name("main".to_owned()).stack_size(MAIN_STACK).spawn_scoped(scope, &act);
        match thread.map(std::thread::ScopedJoinHandle::join) {
            Ok(Ok(result)) => result,
            Ok(Err(panic)) => std::panic::resume_unwind(panic),
            Err(_) => act(),
        }
    })
}

/// Starts a process that runs a method; it keeps the program alive until it ends.
///
/// # Errors
/// No thread can be made.
pub fn start_method(
    shared: &Arc<Shared>,
    start: Start,
    method: Value,
    arguments: Vec<Portable>,
) -> Result<Arc<Handle>> {
    let method = Portable::pack(&method)?;
    shared.runtime.processes.add_work();
    let started = start_thread(shared, start, |shared, handle, session| {
        {
            let mut process = Process::of_handle(Arc::clone(&shared), handle);
            process.session = session;
            process.run_message(method, arguments);
        }
        shared.runtime.processes.finish_work(1);
    });
    if started.is_err() {
        shared.runtime.processes.finish_work(1);
    }
    started
}

fn start_thread(
    shared: &Arc<Shared>,
    start: Start,
    body: impl FnOnce(Arc<Shared>, Arc<Handle>, Option<Arc<Session>>) + Send + 'static,
) -> Result<Arc<Handle>> {
    let processes = &shared.runtime.processes;
    let handle = shared.begin(&start.name, start.origin);
    handle.set_session(start.session.as_ref().map(|session| session.id));
    let (theirs, own) = (Arc::clone(shared), Arc::clone(&handle));
    let session = start.session;
    let made = Builder::new()
        .stack_size(start.stack.clamp(STACK, LARGEST_STACK))
        .spawn(move || body(theirs, own, session));
    match made {
        Ok(_) => Ok(handle),
        Err(error) => {
            processes.end(&handle);
            Err(Fault::new(
                ErrorCode::NoProcess,
                format!("The process `{}` cannot be started: {error}", start.name),
            ))
        }
    }
}

/// Posts a message to a worker, and starts its process if it has none.
///
/// # Errors
/// No thread can be made.
pub fn call_worker(
    shared: &Arc<Shared>,
    name: &str,
    sender: &Process,
    method: Option<&str>,
    message: Message,
) -> Result<()> {
    let processes = &shared.runtime.processes;
    processes.add_work();
    match processes.workers.post(name, sender.number, method, message) {
        Posted::Delivered => Ok(()),
        Posted::Dropped => {
            processes.finish_work(1);
            Ok(())
        }
        Posted::NeedsProcess => {
            let started = start_worker(shared, name, sender.session.clone());
            if started.is_err() {
                processes.finish_work(processes.workers.abandon(name));
            }
            started
        }
    }
}

fn start_worker(shared: &Arc<Shared>, name: &str, session: Option<Arc<Session>>) -> Result<()> {
    shared.runtime.processes.workers.start_with(name, || {
        let start = Start { name: name.to_owned(), origin: Origin::Worker, session, stack: 0 };
        start_thread(shared, start, |shared, handle, session| {
            let name = handle.name.clone();
            {
                let mut process = Process::of_handle(Arc::clone(&shared), handle);
                process.session.clone_from(&session);
                process.work(&name);
            }
            let processes = &shared.runtime.processes;
            if processes.workers.ended(&name) {
                // messages that came after the end was asked for
                let again = !processes.is_quitting() && start_worker(&shared, &name, session).is_ok();
                if !again {
                    processes.finish_work(processes.workers.abandon(&name));
                }
            }
        })
    })
}

impl Process {
    /// Handles a worker's messages until it is told to end.
    fn work(&mut self, name: &str) {
        let shared = Arc::clone(&self.shared);
        let processes = &shared.runtime.processes;
        loop {
            while let Some(message) = processes.workers.next(name) {
                self.run_work(message);
                if self.handle.is_killed() {
                    return;
                }
            }
            self.hear_all();
            if processes.workers.is_dying(name) || self.handle.is_killed() {
                return;
            }
            let mailbox = Arc::clone(self.mailbox());
            let called = || mailbox.has_any() || processes.workers.calls(name);
            let called = self.wait_until(State::WaitingForEvent, None, called);
            if called.is_err() {
                return;
            }
        }
    }

    /// The main process when its method has ended: handles messages posted to it until no process and
    /// no worker has anything left to do.
    pub fn finish(&mut self) {
        let shared = Arc::clone(&self.shared);
        let processes = &shared.runtime.processes;
        let name = self.name.to_string();
        while !self.handle.is_killed() {
            while let Some(message) = processes.workers.next(&name) {
                self.run_work(message);
            }
            self.hear_all();
            let mailbox = Arc::clone(self.mailbox());
            let ready = || !processes.has_work() || mailbox.has_any() || processes.workers.calls(&name);
            if self.wait_until(State::WaitingForEvent, None, ready).is_err() || !processes.has_work() {
                return;
            }
        }
    }

    pub(super) fn run_work(&mut self, message: Message) {
        if let Some(code) = message.code {
            self.run_message(code, message.arguments);
        }
        self.shared.runtime.processes.finish_work(1);
    }

    /// Runs a method or formula; says on the error stream what it failed with.
    fn run_message(&mut self, code: Portable, arguments: Vec<Portable>) {
        let arguments: Vec<Value> = arguments.into_iter().map(Portable::unpack).collect();
        let code = code.unpack();
        self.report_of(|process| process.call(&code, Value::Null, &arguments).map(drop));
    }

    /// Does something; says on the error stream what it failed with.
    pub(super) fn report_of(&mut self, act: impl FnOnce(&mut Self) -> Result<()>) {
        let done = catch_unwind(AssertUnwindSafe(|| act(self)));
        let report = match done {
            Ok(Ok(())) => return,
            Ok(Err(fault)) if fault.kill => return,
            Ok(Err(fault)) => {
                let report = (self.shared.natives.report)(&self.shared, &fault);
                format!("process {:?}: {report}", self.handle.name)
            }
            Err(_) => format!("process {:?}: {}", self.handle.name, self.internal_error()),
        };
        self.shared.runtime.processes.note_failure();
        self.shared.host.console().error(&report);
    }

    /// What is said when fourd itself has failed: the line that ran.
    #[must_use]
    pub fn internal_error(&self) -> String {
        let chain = self.chain();
        let place =
            chain.first().map_or_else(String::new, |place| format!(" in {}:{}", place.method, place.line));
        format!("internal error of fourd{place}\n")
    }
}
