//! Operations → effects. A [`Process`] is one 4D process: a thread's stack, frames, variables and
//! error handlers. `run` holds the loop, one arm an operation.

mod access;
mod call;
mod callback;
mod class_object;
mod errors;
mod events;
mod function;
mod globals;
mod lines;
mod operands;
mod process;
mod run;
mod sessions;
mod slow;
pub mod spawn;
mod system;
mod waiting;

pub use callback::Callback;
pub use class_object::ClassObject;
pub use events::{Event, Mailbox, Work};
pub use function::{Callable, FunctionObject};
pub use lines::Link;
pub use process::{Arguments, ErrorHandler, NativeFn, NativeMember, Natives, Process, Promotion, Shared};
pub use sessions::iso;
