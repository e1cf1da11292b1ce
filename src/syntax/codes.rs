//! The codes of everything said about a source text, each with its meaning in one line.
//! E0001–E0029 come from the lexer, E0030–E0199 from the parser. A code never changes its meaning.

/// A text has no closing quote on its line.
pub const UNTERMINATED_TEXT: &str = "E0001";
/// A `/*` comment is never closed.
pub const UNTERMINATED_COMMENT: &str = "E0002";
/// A `!` begins no date.
pub const BAD_DATE: &str = "E0003";
/// A date that is in no calendar, such as `!2024-02-31!`.
pub const IMPOSSIBLE_DATE: &str = "E0004";
/// A character that begins nothing in 4D.
pub const UNKNOWN_CHARACTER: &str = "E0005";
/// A `$` without a name.
pub const MISSING_NAME: &str = "E0006";
/// A number too large to be one.
pub const BAD_NUMBER: &str = "E0007";
/// A token suffix gives a command number that is not known (a warning).
pub const UNKNOWN_COMMAND_NUMBER: &str = "E0008";
