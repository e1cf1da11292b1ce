//! Source text → tokens → tree. Never fails: what is wrong is collected as diagnostics.

pub mod ast;
pub mod codes;
mod grammar;
mod text_of;
pub mod token;
