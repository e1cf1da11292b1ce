//! Source → tokens → tree. Never fails: what is wrong becomes a `Diagnostic`.

pub mod ast;
pub mod codes;
mod literal;
mod names;
pub mod token;

pub use names::{KnownNames, NoNames, ProjectNames, tokenize};
