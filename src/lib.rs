//! fourd runs programs written in the 4D language, without a screen.
//!
//! # The way of a program
//!
//! ```text
//! text ──lexer──▶ words ──names──▶ tokens ──parser──▶ tree ──lowering──▶ code ──vm──▶ effects
//!       (logos)          (tries)           (chumsky)         (slots, types)    (processes, commands)
//! ```
//!
//! Data flows one way. Each arrow is one function that can be called, tested and printed alone
//! (`fourd dump --tokens | --ast | --code FILE`).
//!
//! # What may know what
//!
//! The modules below stand in reading order, and each may use only those above it
//! (`tests/layers.rs` holds that). In particular:
//!
//! - `syntax` never fails: it returns a tree and the diagnostics collected on the way.
//! - `code` receives native signatures as data and never sees `command` or `vm`.
//! - `vm` calls natives through function pointers in a table that `engine` hands it.
//! - `runtime` holds what processes share, and handles of processes, never a process.
//! - Only `host` touches files, clocks, the environment and the console (`.ci/clippy.toml` holds that).
//! - A `text::Diagnostic` speaks to the programmer; a `value::Fault` is a value of the 4D program.
//!   Neither ever becomes the other.
//! - There is no global mutable state: everything hangs on an `engine::Engine`, so two can live side by side.

pub mod text;

pub mod catalog;

pub mod syntax;

#[allow(unsafe_code)] // each block says why
pub mod value;

pub mod code;

pub mod host;

pub mod runtime;

#[allow(unsafe_code)] // each block says why
pub mod vm;

pub mod command;

pub mod class;

pub mod project;

pub mod engine;
