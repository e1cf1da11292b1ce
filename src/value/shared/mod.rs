//! Shared objects and collections: what processes have in common, and the only objects that can be
//! in two threads at once. They hold scalars and each other, nothing private, and rustc sees to that.
//! Reading needs nothing; changing needs `Use`, which locks the object's group.
//! `Source: Concepts/shared`

mod collection;
mod durable;
mod group;
mod member;
mod object;
mod portable;
mod record;
mod sleeper;
mod sync;
mod value;
mod waiting;

pub use collection::SharedCollection;
pub use durable::Keeper;
pub use group::{Caller, LastGroup, ProcessId, UseGuard};
pub use object::{Scalar, SharedNative, SharedObject, Sort};
pub use portable::Portable;
pub use record::{ReadNode, Record, Surroundings, rebuild};
pub use sleeper::Sleeper;
pub use value::SharedValue;
pub(super) use value::not_sharable;

#[cfg(test)]
mod tests;
