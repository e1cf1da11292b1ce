//! fourd runs programs of the 4D language without a screen.

pub mod catalog;
pub mod syntax;
pub mod text;
