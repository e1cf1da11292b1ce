//! Characters and places: where a piece of source text lies, what a name is, and what can be said
//! about a place. Everything else stands on this module; it uses nothing of the crate itself.

mod diagnostic;
mod name;
mod source;
mod span;

pub use diagnostic::{Diagnostic, Format, Label, Severity, render};
pub use name::Name;
pub use source::{LineColumn, NotText, Source};
pub use span::Span;
