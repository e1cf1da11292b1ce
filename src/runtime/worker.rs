//! Workers: named message boxes, and the processes that empty them. A box outlives its process.
//! `Source: Develop/processes, commands/call-worker, commands/kill-worker`

use super::handle::Handle;
use crate::value::Portable;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::collections::VecDeque;
use std::sync::Arc;

/// What a worker is to run: a method by name or a formula; None runs its startup method.
pub struct Message {
    pub code: Option<Portable>,
    pub arguments: Vec<Portable>,
}

/// The message box of a worker.
#[derive(Default)]
struct MessageBox {
    messages: VecDeque<Message>,
    process: Option<Arc<Handle>>,
    /// The process was told to end; messages wait for the one after it.
    dying: bool,
    startup: Option<String>,
}

/// All boxes, by the workers' names, which are case-sensitive.
#[derive(Default)]
pub struct Workers {
    boxes: Mutex<FxHashMap<String, MessageBox>>,
}

/// What became of a message.
pub enum Posted {
    /// A process will handle it.
    Delivered,
    /// A process has to be started.
    NeedsProcess,
    /// Nobody will.
    Dropped,
}

impl Workers {
    /// Puts a message into a box. `sender` is the process that posts it.
    pub fn post(&self, name: &str, sender: u32, method: Option<&str>, message: Message) -> Posted {
        let mut boxes = self.boxes.lock();
        let own = boxes.entry(name.to_owned()).or_default();
        if own.dying && own.process.as_ref().is_some_and(|process| process.number == sender) {
            return Posted::Dropped;
        }
        if own.startup.is_none() {
            own.startup = method.filter(|method| !method.is_empty()).map(str::to_owned);
        }
        if message.code.is_none() && own.startup.is_none() {
            return Posted::Dropped;
        }
        own.messages.push_back(message);
        let process = own.process.clone();
        // A process that waits looks into its box while it holds its own lock: no lock is held here.
        drop(boxes);
        match process {
            Some(process) => {
                process.wake();
                Posted::Delivered
            }
            None => Posted::NeedsProcess,
        }
    }

    /// Gives a box its process, unless another was quicker.
    pub fn adopt(&self, name: &str, process: &Arc<Handle>) {
        let mut boxes = self.boxes.lock();
        let own = boxes.entry(name.to_owned()).or_default();
        own.process = Some(Arc::clone(process));
        own.dying = false;
    }

    /// Starts a process for a box that has messages and no process, under the lock of the boxes:
    /// only one is ever started.
    pub fn start_with<E>(&self, name: &str, start: impl FnOnce() -> Result<Arc<Handle>, E>) -> Result<(), E> {
        let mut boxes = self.boxes.lock();
        let Some(own) = boxes.get_mut(name) else { return Ok(()) };
        if own.process.is_some() || own.messages.is_empty() {
            return Ok(());
        }
        own.process = Some(start()?);
        own.dying = false;
        Ok(())
    }

    /// Empties a box and has its process end after what it does now; returns how many messages are
    /// gone.
    pub fn kill(&self, name: &str, keep_process: bool) -> usize {
        let mut boxes = self.boxes.lock();
        let Some(own) = boxes.get_mut(name) else { return 0 };
        let gone = std::mem::take(&mut own.messages).len();
        let process = own.process.clone().filter(|_| !keep_process);
        own.dying |= process.is_some();
        drop(boxes);
        if let Some(process) = process {
            process.wake();
        }
        gone
    }

    /// The next message for the process that empties the box.
    pub fn next(&self, name: &str) -> Option<Message> {
        let mut boxes = self.boxes.lock();
        let own = boxes.get_mut(name)?;
        if own.dying {
            return None;
        }
        let mut message = own.messages.pop_front()?;
        if message.code.is_none() {
            let startup = own.startup.clone()?;
            message.code = Portable::pack(&startup.as_str().into()).ok();
        }
        Some(message)
    }

    /// Whether there is something for the process to do: a message, or its end.
    #[must_use]
    pub fn calls(&self, name: &str) -> bool {
        self.boxes.lock().get(name).is_some_and(|own| own.dying || !own.messages.is_empty())
    }

    #[must_use]
    pub fn is_dying(&self, name: &str) -> bool {
        self.boxes.lock().get(name).is_some_and(|own| own.dying)
    }

    /// The process of a box has ended. Whether messages wait for another one.
    pub fn ended(&self, name: &str) -> bool {
        let mut boxes = self.boxes.lock();
        let Some(own) = boxes.get_mut(name) else { return false };
        own.process = None;
        own.dying = false;
        !own.messages.is_empty()
    }

    /// Takes all messages out of a box that nobody will empty any more.
    pub fn abandon(&self, name: &str) -> usize {
        self.boxes.lock().get_mut(name).map_or(0, |own| std::mem::take(&mut own.messages).len())
    }
}
