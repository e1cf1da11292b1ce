//! Operations → effects. A [`Process`] is one 4D process: a thread's stack, frames, variables and
//! error handlers. `run` holds the loop, one arm an operation.
//!
//! Unsafe code is checked by its tests under Miri:
//! `cargo +nightly miri test --lib -- vm:: value::text value::object value::collection value::array value::shape
//! value::shared value::pointer` with `MIRIFLAGS=-Zmiri-disable-isolation`.

mod call;
mod callback;
mod class_object;
mod elements;
mod errors;
mod events;
mod frame;
mod function;
mod globals;
mod lines;
mod member_call;
mod members;
mod operands;
mod parents;
mod pointers;
mod process;
mod run;
mod sessions;
mod slow;
pub mod spawn;
mod system;
mod variables;
mod waiting;

pub use callback::Callback;
pub use class_object::ClassObject;
pub use events::{Event, Mailbox, Work};
pub use function::{Callable, FunctionObject};
pub use lines::Link;
pub use process::{Arguments, ErrorHandler, NativeFn, NativeMember, Natives, Process, Promotion, Shared};
pub use sessions::iso;

#[cfg(test)]
mod tests;
