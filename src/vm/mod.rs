//! Operations → effects. A [`Process`] is one 4D process: a thread's stack, frames, variables and
//! error handlers. `run` holds the loop, one arm an operation.

mod access;
mod arithmetic;
mod call;
mod errors;
mod load;
mod process;
mod run;

pub use process::{Arguments, Natives, NativeFn, Process, Shared};
