//! One 4D process: the state that a thread of 4D code has for itself.

use crate::code::Program;
use crate::code::program::Code;
use crate::host::Host;
use crate::runtime::Runtime;
use crate::value::ops::Rules;
use crate::value::{Fault, Object, Result, Special, Type, Value};
use std::sync::Arc;

/// A native command or member function. It finds its arguments on the process's stack.
pub type NativeFn = fn(&mut Process, Arguments) -> Result<Value>;

/// Where a native finds its arguments: `count` values on the process's stack from `base` on.
/// For members of built-in classes, number 0 is the receiver.
#[derive(Clone, Copy, Debug)]
pub struct Arguments {
    pub base: u32,
    pub count: u8,
}

/// The tables of natives, filled by the engine.
pub struct Natives {
    /// By command number.
    pub commands: Vec<Option<NativeFn>>,
    /// By number of `value::Function::Native`.
    pub functions: Vec<NativeFn>,
}

/// What all processes of an engine share.
pub struct Shared {
    pub program: Arc<Program>,
    pub natives: Natives,
    pub runtime: Arc<Runtime>,
    pub host: Arc<dyn Host>,
}

/// A process variable and the type it was declared with.
#[derive(Default)]
pub struct Variable {
    pub value: Value,
    pub ty: Type,
}

/// The running of one code.
pub(super) struct Frame {
    pub code: *const Code,
    /// Keeps formulas' code alive; a program's codes live as long as the program.
    pub keep: Option<Arc<Code>>,
    pub pc: u32,
    pub base: u32,
    /// Number of arguments passed.
    pub count: u16,
    /// `new` called this constructor: the result is `This`.
    pub gives_this: bool,
    /// The run loop that entered here returns to native code when this frame ends.
    pub native_boundary: bool,
    pub this: Value,
    /// Arguments beyond the declared parameters.
    pub extra: Option<Box<Vec<Value>>>,
    /// Exit formulas of `defer`, in order of their appearance.
    pub deferred: Option<Box<Vec<Value>>>,
}

/// One 4D process. Not `Send`: what it holds belongs to its thread.
pub struct Process {
    pub(super) stack: Vec<Value>,
    pub(super) frames: Vec<Frame>,
    pub(super) codes: Vec<*const Code>,
    pub(super) variables: Vec<Variable>,
    pub shared: Arc<Shared>,
    pub rules: Rules,
}
