//! Faults on their way: to a `Try`, to the error method, or out of the process.
//! `Source: Concepts/error-handling, commands/on-err-call, commands/throw`

use super::process::{ErrorHandler, Process, Try, Use};
use crate::code::op::Reg;
use crate::text::Name;
use crate::value::fault::Place;
use crate::value::{Fault, Result, Text, Value};

impl Process {
    pub(super) fn enter_try(&mut self, pc: u32, dst: Option<Reg>) {
        let frame = self.frames.len() - 1;
        self.frames[frame].slow = true;
        let pending = self.frames[frame].rare.as_ref().map_or(0, |rare| rare.pending.len());
        // a method installed inside a `Try` that has ended does not go before the one that begins
        if let Some(handler) = &mut self.handler {
            handler.tries = handler.tries.min(self.tries.len());
        }
        self.tries.push(Try { frame, pc, dst, uses: self.uses.len(), pending });
        self.errors.clear();
    }

    /// The end of a `Try` without an error: errors that its own block deferred go no further.
    /// `Source: Concepts/error-handling (Try...Catch...End try)`
    pub(super) fn leave_try(&mut self) {
        let Some(left) = self.tries.pop() else { return };
        if self.frames.last().is_some_and(|f| f.rare.is_some())
            && let Some(fault) = joined(self.pending_since(&left))
        {
            self.remember(fault);
        }
    }

    /// Takes the errors that the block of a `Try` has deferred.
    fn pending_since(&mut self, begun: &Try) -> Vec<Fault> {
        let rare = self.frames.get_mut(begun.frame).and_then(|frame| frame.rare.as_mut());
        rare.map_or_else(Vec::new, |rare| rare.pending.split_off(begun.pending.min(rare.pending.len())))
    }

    /// Brings a fault to whoever takes it. `Ok` means that the loop goes on with the innermost frame.
    #[cold]
    pub(super) fn handle_fault(&mut self, mut fault: Fault, floor: usize) -> Result<()> {
        if self.frames.len() <= floor {
            return Err(self.last_resort(fault));
        }
        if fault.at.is_none() {
            fault.chain = self.chain();
            fault.at = fault.chain.first().cloned();
        }
        if !fault.kill {
            let innermost = self.tries.last().filter(|t| t.frame >= floor);
            let handler = self.active_handler();
            let before_try =
                handler.as_ref().is_some_and(|h| self.tries.is_empty() || h.tries >= self.tries.len());
            if let Some(handler) = handler
                && before_try
            {
                return self.call_handler(&handler, fault, floor);
            }
            if innermost.is_some() {
                self.unwind_to_try(fault);
                return Ok(());
            }
        }
        self.unwind(floor);
        Err(fault)
    }

    /// Deferred errors of a process's first method: there is no caller, but there may be an error method.
    fn last_resort(&mut self, fault: Fault) -> Fault {
        let Some(handler) = self.active_handler() else { return fault };
        if fault.kill || !self.frames.is_empty() {
            return fault;
        }
        match self.run_handler(&handler, fault) {
            Ok(()) => {
                let mut done = self.stop_fault();
                done.message = "The error method dealt with the last error".to_owned();
                done
            }
            Err(inner) => inner,
        }
    }

    /// Installs the error method of this process, or takes it away.
    pub fn set_error_method(&mut self, method: Option<&str>) {
        self.handler =
            method.map(|method| ErrorHandler { method: Name::new(method), tries: self.tries.len() });
    }

    /// Whether assertions are looked at.
    #[must_use]
    pub fn asserts(&self) -> bool {
        self.asserts.unwrap_or_else(|| self.shared.runtime.asserts())
    }

    /// The exit formulas of the running method, last one first.
    #[must_use]
    pub fn exit_formulas(&self) -> Vec<Value> {
        let rare = self.frames.last().and_then(|frame| frame.rare.as_ref());
        rare.map(|rare| rare.deferred.iter().rev().cloned().collect()).unwrap_or_default()
    }

    fn active_handler(&self) -> Option<ErrorHandler> {
        if self.in_handler {
            return None;
        }
        let handler = self.handler.clone().or_else(|| {
            let method = self.shared.runtime.global_error_method()?;
            Some(ErrorHandler { method: Name::new(&method), tries: 0 })
        })?;
        // a name that no method has traps nothing
        self.shared.program.method(&handler.method).is_some().then_some(handler)
    }

    /// The innermost `Try` takes the fault: the frames above it end.
    fn unwind_to_try(&mut self, fault: Fault) {
        let Some(taken) = self.tries.pop() else { return };
        while self.frames.len() > taken.frame + 1 {
            self.drop_frame();
        }
        while self.uses.len() > taken.uses {
            drop(self.leave_use());
        }
        let deferred = self.pending_since(&taken);
        self.remember(fault);
        self.errors.extend(deferred);
        let Some(frame) = self.frames.last_mut() else { return };
        frame.pc = taken.pc;
        let at = frame.base as usize;
        if let Some(dst) = taken.dst
            && let Some(slot) = self.stack.get_mut(at + usize::from(dst))
        {
            *slot = Value::Undefined;
        }
    }

    /// Ends all frames above `floor`.
    fn unwind(&mut self, floor: usize) {
        while self.frames.len() > floor {
            self.drop_frame();
        }
    }

    /// Ends the innermost frame without a result; its exit formulas run, its locks are released.
    fn drop_frame(&mut self) {
        self.run_exit_formulas();
        let number = self.frames.len().saturating_sub(1);
        drop(self.close_frame(number));
        if let Some(frame) = self.frames.pop() {
            self.clear(&frame);
        }
    }

    /// Makes the fault the content of `Last errors`.
    pub(super) fn remember(&mut self, mut fault: Fault) {
        let previous = std::mem::take(&mut fault.previous);
        self.errors.clear();
        self.errors.push(fault);
        self.errors.extend(previous);
    }

    /// Runs the error method, then goes on at the statement after the one that failed.
    fn call_handler(&mut self, handler: &ErrorHandler, fault: Fault, floor: usize) -> Result<()> {
        if let Err(inner) = self.run_handler(handler, fault) {
            self.unwind(floor);
            return Err(inner);
        }
        self.resume_after_statement();
        Ok(())
    }

    /// Runs the error method with its system variables set; `Error` keeps its number afterwards.
    fn run_handler(&mut self, handler: &ErrorHandler, fault: Fault) -> Result<()> {
        let program = std::sync::Arc::clone(&self.shared.program);
        let set = |process: &mut Self, name: &str, value: Value| {
            let number = program.process_variable(&Name::new(name));
            drop(process.store_process_variable(number, value));
        };
        set(self, "Error", Value::Integer(fault.code));
        let place = fault.at.clone();
        set(self, "Error method", Value::from(place.as_ref().map_or("", |p| p.method.as_str())));
        set(self, "Error line", Value::Integer(place.as_ref().map_or(0, |p| p.line as i32)));
        let formula = self.statement_text();
        set(self, "Error formula", Value::Text(formula));
        self.remember(fault);
        self.in_handler = true;
        self.handler_frame = self.frames.len();
        let tries = std::mem::take(&mut self.tries);
        let result = self.run_method(&handler.method, &[]);
        self.tries = tries;
        self.in_handler = false;
        result.map(|_| ())
    }

    /// The running frame goes on with its next statement.
    fn resume_after_statement(&mut self) {
        let Some(frame) = self.frames.last_mut() else { return };
        let at = (frame.pc as usize).saturating_sub(1);
        let code = Self::code_of(frame);
        let resume = code.statement_at(at).map(|s| s.resume);
        if let Some(resume) = resume {
            frame.pc = resume;
        }
    }

    /// The methods that are running, innermost first.
    #[must_use]
    pub fn chain(&self) -> Vec<Place> {
        let mut chain = Vec::with_capacity(self.frames.len().min(64));
        for frame in self.frames.iter().rev().take(1000) {
            let code = Self::code_of(frame);
            let at = (frame.pc as usize).saturating_sub(1);
            chain.push(Place {
                method: code.name.to_string(),
                line: code.statement_at(at).map_or(0, |s| s.line),
                path: code.source.path().display().to_string(),
            });
        }
        chain
    }

    /// The text of the statement that is running.
    fn statement_text(&self) -> Text {
        let Some(frame) = self.frames.last() else { return Text::new() };
        let code = Self::code_of(frame);
        let line = code.statement_at((frame.pc as usize).saturating_sub(1)).map_or(0, |s| s.line);
        Text::from(code.source.line(line).trim())
    }

    /// `throw` in deferred mode: the error takes effect when the running method ends.
    pub fn defer_fault(&mut self, fault: Fault) {
        let mut fault = fault;
        if fault.at.is_none() {
            fault.chain = self.chain();
            fault.at = fault.chain.first().cloned();
        }
        if let Some(frame) = self.deferring_frame() {
            frame.slow = true;
            frame.rare.get_or_insert_default().pending.push(fault);
        }
    }

    /// `throw` without arguments: the current errors take effect when the running method ends.
    pub fn defer_current_errors(&mut self) {
        for fault in self.errors.clone() {
            self.defer_fault(fault);
        }
    }

    /// The frame whose end sets deferred errors free: the error method defers them for the method in
    /// which the error occurred.
    fn deferring_frame(&mut self) -> Option<&mut super::process::Frame> {
        let mut at = self.frames.len().checked_sub(1)?;
        if self.in_handler && at == self.handler_frame && at > 0 {
            at -= 1;
        }
        self.frames.get_mut(at)
    }

    // ---- locks

    pub(super) fn enter_use(&mut self, object: &Value) -> Result<()> {
        match object {
            Value::Cell(cell) => self.lock(&cell.get())?,
            object => self.lock(object)?,
        }
        let frame = self.frames.len().saturating_sub(1);
        if let Some(frame) = self.frames.last_mut() {
            frame.slow = true;
        }
        self.uses.push(Use { frame });
        Ok(())
    }

    /// `End use`.
    ///
    /// # Errors
    /// Changes of a session's storage could not be kept.
    pub(super) fn leave_use(&mut self) -> Result<()> {
        match self.uses.pop() {
            Some(_) => self.unlock(),
            None => Ok(()),
        }
    }
}

/// Several deferred errors as one: the first, with the others behind it.
pub(super) fn joined(faults: Vec<Fault>) -> Option<Fault> {
    let mut faults = faults.into_iter();
    let mut first = faults.next()?;
    first.previous.extend(faults);
    Some(first)
}
