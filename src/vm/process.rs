//! One 4D process: the state that a thread of 4D code has for itself.

use super::call::Left;
use crate::code::op::Reg;
use crate::code::program::Code;
use crate::code::{Program, SYSTEM_VARIABLES};
use crate::host::Host;
use crate::runtime::{Handle, Origin, Runtime};
use crate::text::Name;
use crate::value::ops::Rules;
use crate::value::shared::ProcessId;
use crate::value::{Fault, Object, Result, SharedObject, Type, Value, convert};
use rustc_hash::FxHashMap;
use std::any::{Any, TypeId};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// A native command or member function. It finds its arguments on the process's stack.
pub type NativeFn = fn(&mut Process, Arguments) -> Result<Value>;

/// Where a native finds its arguments: `count` values on the process's stack from `base` on.
/// For members of built-in classes, number 0 is the receiver.
#[derive(Clone, Copy, Debug)]
pub struct Arguments {
    pub base: u32,
    pub count: u8,
}

/// A member of a built-in class, by name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NativeMember {
    /// Number of a function in [`Natives::functions`].
    Function(u32),
    /// Number of the function that reads the property.
    Getter(u32),
}

/// The tables of natives, filled by the engine.
pub struct Natives {
    /// By command number.
    pub commands: Vec<Option<NativeFn>>,
    /// By number of `value::Function::Native`.
    pub functions: Vec<NativeFn>,
    /// Members of built-in classes (`Collection`, `File`, …) by class and name; `class File` asks for
    /// functions of the class itself.
    pub member: fn(class: &str, member: &str) -> Option<NativeMember>,
    /// The function that writes a property of a built-in class.
    pub setter: fn(class: &str, member: &str) -> Option<u32>,
    /// An error that nothing took, in words.
    pub report: fn(&Shared, &Fault) -> String,
    /// Why a command has no native.
    pub missing: fn(command: u16) -> Fault,
}

/// What all processes of an engine share.
pub struct Shared {
    pub program: Arc<Program>,
    pub natives: Natives,
    pub runtime: Arc<Runtime>,
    pub host: Arc<dyn Host>,
}

/// A process variable and the type it was declared with.
pub(super) struct Variable {
    pub value: Value,
    pub ty: Type,
}

impl Default for Variable {
    fn default() -> Self {
        Self { value: Value::Undefined, ty: Type::Variant }
    }
}

/// The running of one code.
pub(super) struct Frame {
    pub code: *const Code,
    /// Keeps formulas' code alive; a program's codes live as long as the program.
    pub keep: Option<Arc<Code>>,
    pub pc: u32,
    pub base: u32,
    /// Where the caller expects the result, counted from the stack's bottom.
    pub result_at: u32,
    /// Number of arguments passed.
    pub count: u16,
    /// Something has to be done when the frame ends: one of the flags below, `rare`, an open `Try` or `Use`.
    pub slow: bool,
    /// `new` called this constructor: the result is `This`.
    pub gives_this: bool,
    pub is_constructor: bool,
    /// A constructor that has called its parent's.
    pub called_super: bool,
    /// The frame runs under `Use(This)`.
    pub uses_this: bool,
    /// `This`, where the code has no register for it.
    pub this: Value,
    /// What few frames have; kept apart, since frames are made and left all the time.
    pub rare: Option<Box<Rare>>,
}

/// What few frames have.
#[derive(Default)]
pub(super) struct Rare {
    /// Arguments beyond the declared parameters.
    pub extra: Vec<Value>,
    /// Exit formulas of `defer`, in order of their appearance.
    pub deferred: Vec<Value>,
    /// Errors thrown as deferred: they take effect when the frame ends.
    pub pending: Vec<Fault>,
}

/// An open `Try`.
pub(super) struct Try {
    /// Number of the frame it stands in.
    pub frame: usize,
    /// Where errors go on.
    pub pc: u32,
    /// `Try(expression)`: the register that an error leaves undefined.
    pub dst: Option<Reg>,
    /// How many `Use` were open.
    pub uses: usize,
    /// How many deferred errors its frame had: later ones are this `Try`'s.
    pub pending: usize,
}

/// An open `Use`.
pub(super) struct Use {
    pub frame: usize,
}

/// An error-handling method installed by `ON ERR CALL`.
#[derive(Clone)]
pub struct ErrorHandler {
    pub method: Name,
    /// How many `Try` were open when it was installed: inside them it goes before them.
    pub tries: usize,
}

/// One 4D process. Not `Send`: what it holds belongs to its thread.
pub struct Process {
    pub(super) stack: Vec<Value>,
    pub(super) frames: Vec<Frame>,
    pub(super) codes: Vec<*const Code>,
    pub(super) variables: Vec<Variable>,
    pub(super) tries: Vec<Try>,
    pub(super) uses: Vec<Use>,
    /// How many native calls lie on the machine stack.
    pub(super) depth: u32,
    /// Class objects and other things made once a process.
    pub(super) class_objects: FxHashMap<Name, Object>,
    /// Set when the process is to look whether it shall pause, end or answer others.
    pub(super) attention: Arc<AtomicBool>,
    /// This process as others see it.
    pub(super) handle: Arc<Handle>,
    /// Locks held, one for each entry of `uses` and each native under way.
    pub(super) guards: Vec<crate::value::shared::UseGuard>,
    /// The group of the last `Use`.
    pub(super) last_group: crate::value::shared::LastGroup,
    /// Interprocess variables as this process last saw or wrote them, with their version.
    pub(super) interprocess: Vec<(u64, Value)>,
    /// Shared instances whose `property` lines are running, innermost last.
    pub(super) initialising: Vec<SharedObject>,
    /// Singletons that each process has for itself.
    pub(super) singletons: FxHashMap<Name, Value>,
    /// The session that `Session` gives.
    pub session: Option<Arc<crate::runtime::Session>>,
    /// The session that was last looked for by its id.
    pub(super) found_session: Option<Arc<crate::runtime::Session>>,
    /// The object that `Session` gave last.
    pub(super) session_value: Option<Object>,
    /// The error method of this process, and whether it is running.
    pub handler: Option<ErrorHandler>,
    pub(super) in_handler: bool,
    /// The number of the frame that the error method runs in.
    pub(super) handler_frame: usize,
    /// What `Last errors` gives: innermost error first.
    pub errors: Vec<Fault>,
    pub shared: Arc<Shared>,
    pub rules: Rules,
    /// Who this process is to the locks of shared objects.
    pub(super) lock_id: ProcessId,
    /// What is known of the program's classes, by their numbers.
    pub(super) classes: Vec<super::class_object::Known>,
    /// This process's number, from 1. `Source: commands/current-process`
    pub number: u32,
    pub name: Name,
    /// Privileges added by `Session.promote`: id, name and depth of the function that called it.
    pub promotions: Vec<Promotion>,
    pub(super) last_promotion: i32,
    /// `SET ASSERT ENABLED(…; *)`: what this process says for itself.
    pub asserts: Option<bool>,
    /// Events from outside that wait for this process.
    pub(super) mailbox: Arc<super::events::Mailbox>,
    /// What themes of commands keep for the process, by type.
    attachments: FxHashMap<TypeId, Box<dyn Any>>,
}

/// Calls nested deeper than this are an error. `fourd run` gives the register stack up to 64 MiB.
pub(super) const MAX_FRAMES: usize = 60_000;
/// Native code that calls 4D code that calls native code …
pub(super) const MAX_DEPTH: u32 = 200;
const MAX_STACK: usize = 4 << 20;

/// Tab and carriage return separate fields and records; the others begin empty.
fn system_variables() -> Vec<Variable> {
    let variables = SYSTEM_VARIABLES.map(|(name, ty)| {
        let value = match name {
            "FldDelimit" => Value::Integer(9),
            "RecDelimit" => Value::Integer(13),
            _ => convert::default_value(ty),
        };
        Variable { value, ty }
    });
    variables.into()
}

impl Process {
    /// A main process, in the thread that calls this.
    #[must_use]
    pub fn new(shared: Arc<Shared>, name: Name) -> Self {
        let handle = shared.begin(&name, Origin::Main);
        shared.runtime.processes.workers.adopt(&name, &handle);
        Self::of_handle(shared, handle)
    }

    /// The process of a handle; made in the thread it runs in.
    pub(super) fn of_handle(shared: Arc<Shared>, handle: Arc<Handle>) -> Self {
        handle.set_thread(shared.host.machine().thread_number());
        Self {
            stack: Vec::new(),
            frames: Vec::new(),
            codes: Vec::new(),
            variables: system_variables(),
            tries: Vec::new(),
            uses: Vec::new(),
            depth: 0,
            class_objects: FxHashMap::default(),
            classes: Vec::new(),
            attention: handle.attention(),
            mailbox: super::events::Mailbox::new(Arc::clone(&handle)),
            guards: Vec::new(),
            last_group: crate::value::shared::LastGroup::default(),
            interprocess: Vec::new(),
            initialising: Vec::new(),
            singletons: FxHashMap::default(),
            session: None,
            found_session: None,
            session_value: None,
            handler: None,
            in_handler: false,
            handler_frame: 0,
            errors: Vec::new(),
            shared,
            rules: Rules::default(),
            lock_id: ProcessId::unique(),
            number: handle.number,
            name: Name::new(&handle.name),
            handle,
            promotions: Vec::new(),
            last_promotion: 0,
            asserts: None,
            attachments: FxHashMap::default(),
        }
    }

    /// What a theme of commands keeps for this process: caches, settings. One of each type, made when
    /// first asked for.
    pub fn attachment<T: Any + Default>(&mut self) -> &mut T {
        let made = self.attachments.entry(TypeId::of::<T>()).or_insert_with(|| Box::<T>::default());
        if !made.is::<T>() {
            *made = Box::<T>::default();
        }
        #[allow(clippy::expect_used)] // just made to be one
        made.downcast_mut().expect("an attachment has the type it is found by")
    }

    /// Runs a project method to its end.
    ///
    /// # Errors
    /// The fault that nothing in the program took.
    pub fn run_method(&mut self, name: &Name, arguments: &[Value]) -> Result<Value> {
        let Some(function) = self.shared.program.method(name) else {
            return Err(Fault::new(
                crate::value::ErrorCode::NoSuchMethod,
                format!("There is no method named `{name}`"),
            ));
        };
        self.call_index(function, Value::Null, arguments)
    }

    /// The id of the session that the process runs in, as 4D writes it.
    #[must_use]
    pub fn session_id(&self) -> String {
        self.session.as_ref().map(|s| s.id_text().to_string()).unwrap_or_default()
    }

    /// Runs a code to its end.
    ///
    /// # Errors
    /// The fault that nothing in the program took.
    pub fn run_code(&mut self, code: &Arc<Code>, arguments: &[Value]) -> Result<Value> {
        self.call_code_with(Arc::as_ptr(code), Some(Arc::clone(code)), Value::Null, arguments, &[], false)
    }

    /// This process as others see it.
    #[must_use]
    pub fn handle(&self) -> &Arc<Handle> {
        &self.handle
    }

    /// Whether the process has to look up; see [`Process::attend`].
    #[inline(always)]
    pub(super) fn is_called(&self) -> bool {
        self.attention.load(Ordering::Relaxed)
    }

    #[cold]
    pub(super) fn stop_fault(&self) -> Fault {
        let mut fault = Fault::new(crate::value::ErrorCode::Internal, "The process was aborted");
        fault.kill = true;
        fault
    }

    /// Makes room for registers up to `top`.
    #[inline(always)]
    pub(super) fn reserve(&mut self, top: usize) -> Result<()> {
        if top <= self.stack.len() { Ok(()) } else { self.grow(top) }
    }

    #[cold]
    fn grow(&mut self, top: usize) -> Result<()> {
        if top > MAX_STACK {
            return Err(too_deep());
        }
        let size = (top + 64).next_power_of_two().clamp(512, MAX_STACK);
        self.stack.resize_with(size, || Value::Undefined);
        Ok(())
    }

    #[cold]
    pub(super) fn lost(&self) -> Fault {
        Fault::new(crate::value::ErrorCode::Internal, "no frame to run")
    }

    /// The first register that no frame uses.
    pub(super) fn top(&self) -> usize {
        // SAFETY: a frame's code is alive while the frame is
        #[allow(unsafe_code)]
        self.frames.last().map_or(0, |f| f.base as usize + usize::from(unsafe { &*f.code }.registers))
    }

    #[allow(unsafe_code)]
    pub(super) fn code_of(frame: &Frame) -> &Code {
        // SAFETY: a frame's code is alive while the frame is
        unsafe { &*frame.code }
    }

    /// What a method without `return` gives: its result variable, or the empty value of its type.
    pub(super) fn implicit_result(&mut self) -> Value {
        let Some(frame) = self.frames.last() else { return Value::Undefined };
        let code = Self::code_of(frame);
        match code.result {
            Some(reg) => {
                let at = frame.base as usize + usize::from(reg);
                match self.stack.get_mut(at).map(std::mem::take).unwrap_or_default() {
                    Value::Cell(cell) => cell.get(),
                    value => value,
                }
            }
            None => crate::value::convert::default_value(code.result_type),
        }
    }

    /// `This` of the running code.
    #[must_use]
    pub fn this(&self) -> Value {
        let Some(frame) = self.frames.last() else { return Value::Null };
        match Self::code_of(frame).this {
            Some(reg) => self.stack.get(frame.base as usize + usize::from(reg)).cloned().unwrap_or_default(),
            None => frame.this.clone(),
        }
    }

    /// Ends the innermost frame with a value.
    #[inline]
    pub(super) fn leave(&mut self, value: Value, floor: usize) -> Left {
        let Some(frame) = self.frames.last() else { return Left::Fault(self.lost()) };
        let (value, pending) = if frame.slow { self.leave_slowly(value) } else { (value, None) };
        let Some(frame) = self.frames.pop() else { return Left::Fault(self.lost()) };
        self.clear(&frame);
        if let Some(fault) = pending {
            return Left::Fault(fault);
        }
        if self.frames.len() == floor {
            return Left::Native(value);
        }
        if let Some(slot) = self.stack.get_mut(frame.result_at as usize) {
            *slot = value;
        }
        Left::Caller
    }

    /// Lets go of what the frame's registers hold.
    #[inline(always)]
    pub(super) fn clear(&mut self, frame: &Frame) {
        let base = frame.base as usize;
        let end = base + usize::from(Self::code_of(frame).registers);
        for slot in self.stack.get_mut(base..end).unwrap_or_default() {
            if slot.is_heap() {
                *slot = Value::Undefined;
            }
        }
    }

    /// Exit formulas, locks, `Try`, deferred errors, the object that `new` made.
    #[cold]
    fn leave_slowly(&mut self, value: Value) -> (Value, Option<Fault>) {
        let number = self.frames.len() - 1;
        self.run_exit_formulas();
        let kept = self.close_frame(number);
        let Some(frame) = self.frames.last_mut() else { return (value, None) };
        let pending = frame.rare.take().and_then(|rare| super::errors::joined(rare.pending));
        let pending = pending.or_else(|| kept.err());
        let pending = pending.or_else(|| self.missing_super());
        let Some(frame) = self.frames.last_mut() else { return (value, None) };
        let value = if frame.gives_this { self.this() } else { value };
        (value, pending)
    }

    /// Ends the `Try` and `Use` that the frame left open.
    ///
    /// # Errors
    /// Changes of a session's storage could not be kept.
    pub(super) fn close_frame(&mut self, number: usize) -> Result<()> {
        while self.tries.last().is_some_and(|t| t.frame >= number) {
            self.tries.pop();
        }
        let mut kept = Ok(());
        while self.uses.last().is_some_and(|u| u.frame >= number) {
            kept = kept.and(self.leave_use());
        }
        kept
    }

    /// Runs the formulas of `defer`, last in first out; their errors are ignored. `Source: commands/defer`
    pub(super) fn run_exit_formulas(&mut self) {
        let Some(rare) = self.frames.last_mut().and_then(|f| f.rare.as_mut()) else { return };
        if rare.deferred.is_empty() {
            return;
        }
        let formulas = std::mem::take(&mut rare.deferred);
        self.handle.mask();
        let errors = std::mem::take(&mut self.errors);
        for formula in formulas.iter().rev() {
            let handler = self.handler.take();
            drop(self.call(formula, Value::Null, &[]));
            self.handler = handler;
        }
        self.errors = errors;
        self.handle.unmask();
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // the locks of shared objects go before others are told
        while self.uses.pop().is_some() {
            drop(self.guards.pop());
        }
        self.guards.clear();
        self.mailbox.close();
        self.shared.runtime.semaphores.clear_all(self.number);
        self.shared.runtime.processes.end(&self.handle);
    }
}

/// A privilege that a function added for as long as it runs. `Source: API/SessionClass (.promote())`
#[derive(Clone, Debug)]
pub struct Promotion {
    pub id: i32,
    pub privilege: String,
    /// How many frames there were.
    pub(super) depth: usize,
    /// What the innermost of them ran.
    pub(super) code: *const Code,
}

pub(super) fn too_deep() -> Fault {
    Fault::new(
        crate::value::ErrorCode::StackOverflow,
        "Calls are nested too deeply: a method probably calls itself without end",
    )
}
