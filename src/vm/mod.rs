//! Operations → effects. A [`Process`] is one 4D process: a thread's stack, frames, variables and
//! error handlers. `run` holds the loop, one arm an operation.

mod access;
mod callback;
mod call;
mod class_object;
mod errors;
mod function;
mod globals;
mod operands;
mod process;
mod run;
mod sessions;
mod system;

pub use callback::Callback;
pub use class_object::ClassObject;
pub use function::{Callable, FunctionObject};
pub use sessions::iso;
pub use process::{Arguments, ErrorHandler, NativeFn, NativeMember, Natives, Process, Shared};
