//! Source → tokens → tree. Never fails: what is wrong becomes a `Diagnostic`.

pub mod ast;
pub mod token;
