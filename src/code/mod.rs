//! Tree → operations: names become slots, statements become code. Nothing here runs code or touches
//! the outside; native commands are known only through `catalog`.

pub mod check;
pub mod listing;
mod load;
mod lower;
pub mod op;
pub mod program;
mod scope;

pub use load::{Program, ProgramSources, Reader, SYSTEM_VARIABLES};
pub use lower::Names;
pub use program::Constant;
