//! The codes of everything said about a source text, each with its meaning in one line.
//! E0001–E0029 come from the lexer, E0030–E0199 from the parser,
//! E0200 on from `fourd check`. A code never changes its meaning.

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
/// A `$` or `.` without a name.
pub const MISSING_NAME: &str = "E0006";
/// A number too large to be one.
pub const BAD_NUMBER: &str = "E0007";
/// A token suffix gives a command number that is not known (a warning).
pub const UNKNOWN_COMMAND_NUMBER: &str = "E0008";

/// A comma, which 4D does not use (a warning where it became a part of a name).
pub const COMMA: &str = "E0009";
/// A comment as other languages begin it.
pub const FOREIGN_COMMENT: &str = "E0010";

/// The grammar stops at this place and nothing more is known.
pub const UNEXPECTED: &str = "E0030";
/// A bracket is opened and not closed on its line.
pub const UNCLOSED_BRACKET: &str = "E0031";
/// A bracket closes nothing.
pub const STRAY_BRACKET: &str = "E0032";
/// A bracket is closed by one of another kind.
pub const WRONG_BRACKET: &str = "E0033";
/// A value is missing where one must stand.
pub const VALUE_MISSING: &str = "E0034";
/// Two values stand side by side.
pub const OPERATOR_MISSING: &str = "E0035";
/// A condition is not in brackets.
pub const CONDITION_BRACKETS: &str = "E0036";
/// Something follows a keyword that stands alone on its line.
pub const AFTER_KEYWORD: &str = "E0037";
/// A keyword stands in the middle of a line.
pub const KEYWORD_INSIDE: &str = "E0038";
/// A semicolon ends a line.
pub const SEMICOLON_AT_END: &str = "E0039";
/// A block has no end.
pub const UNCLOSED_BLOCK: &str = "E0040";
/// The end of a block closes nothing.
pub const STRAY_CLOSER: &str = "E0041";
/// A block is closed by the end of another kind.
pub const WRONG_CLOSER: &str = "E0042";
/// A block has two `Else`, or a case comes after `Else`.
pub const SECOND_ELSE: &str = "E0043";
/// `Else`, `Catch` or a case stands outside the block it belongs to.
pub const STRAY_MIDDLE: &str = "E0044";
/// A line stands between `Case of` and its first case.
pub const BEFORE_FIRST_CASE: &str = "E0045";
/// Brackets or blocks are nested too deeply.
pub const TOO_DEEP: &str = "E0046";
/// A colon behind a condition or the head of a block.
pub const COLON_AT_END: &str = "E0047";
/// `For` or `For each` without the parts it wants.
pub const LOOP_HEAD: &str = "E0048";
/// Something follows the head of a block on its line.
pub const ONE_LINE: &str = "E0049";
/// A keyword is misspelt.
pub const MISSPELT: &str = "E0050";
/// A French control word.
pub const FRENCH: &str = "E0051";
/// `Else if`, which 4D does not have.
pub const ELSE_IF: &str = "E0052";
/// An operator of other languages.
pub const FOREIGN_OPERATOR: &str = "E0053";
/// A word of other languages.
pub const FOREIGN_WORD: &str = "E0054";
/// Braces around a block.
pub const BRACES: &str = "E0055";
/// `=` where `:=` is meant.
pub const EQUAL_FOR_ASSIGN: &str = "E0060";
/// An assignment inside an expression.
pub const ASSIGN_INSIDE: &str = "E0061";
/// Something that cannot be assigned to.
pub const BAD_TARGET: &str = "E0062";
/// Arguments that are not in brackets.
pub const CALL_BRACKETS: &str = "E0063";
/// A type is missing.
pub const TYPE_MISSING: &str = "E0064";
/// A declaration in another order, or with other signs, than those of 4D.
pub const DECLARATION: &str = "E0065";
/// `?` without its `:`.
pub const TERNARY: &str = "E0066";
/// A line begins with an operator.
pub const LEADING_OPERATOR: &str = "E0067";
/// A line of a class in a method.
pub const CLASS_LINE_IN_METHOD: &str = "E0070";
/// A class ends with `Function` and no name (a warning).
pub const NAMELESS_FUNCTION: &str = "E0074";
/// The head of a class, constructor or function as other languages have it.
pub const CLASS_LINE: &str = "E0075";
/// Code of a class outside its functions.
pub const OUTSIDE_FUNCTION: &str = "E0071";
/// A class has two constructors.
pub const SECOND_CONSTRUCTOR: &str = "E0072";
/// A class extends two classes.
pub const SECOND_EXTENDS: &str = "E0073";

/// A command or field that needs what fourd does not have: a screen, the record engine, a plug-in (a note).
pub const HEADLESS: &str = "E0200";
