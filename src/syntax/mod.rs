//! Source → tokens → tree. Never fails: what is wrong becomes a `Diagnostic`.
//!
//! Three steps, each a function: [`tokenize`] makes tokens, `lines` reads one logical line after
//! the other with the rules of `grammar`, and `blocks` and `classes` join the lines.

pub mod ast;
mod blocks;
mod braces;
mod classes;
pub mod codes;
mod explain;
mod grammar;
mod lines;
mod literal;
mod names;
mod nesting;
mod operand;
mod parse;
mod structure;
mod text_of;
pub mod token;

pub mod format;
pub mod print;

pub use names::{KnownNames, NoNames, ProjectNames, tokenize};
pub use parse::{Parsed, parse, parse_tokens};
