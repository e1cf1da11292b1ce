//! Source text → tokens. This is the only file that names logos.

use crate::catalog::{CommandId, ConstantId};
use crate::text::Span;

/// What a token is. Its text is found through its span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TokenKind {
    /// A decimal or `0x` number without fraction or exponent, fitting 32 bits.
    Integer(i32),
    Real(f64),
    /// `"…"`, the span includes the quotes; escapes are still in the text.
    Text,
    /// `!2024-01-31!`
    Date { year: i32, month: u8, day: u8 },
    /// `?12:30:00?` in seconds.
    Time(i64),
    /// `$name`, `$1`
    Local,
    /// `<>name`
    Interprocess,
    /// `[Name]` where a table is meant; the span covers the brackets.
    Table,
    /// `[Name]Field`; the span covers both.
    Field,
    /// A name that is neither keyword, command nor constant. May hold spaces if it is a known method's name.
    Name,
    Command(CommandId),
    Constant(ConstantId),
    Keyword(Keyword),

    /// `(`
    OpenParen,
    CloseParen,
    /// `[`
    OpenBracket,
    CloseBracket,
    /// `{`
    OpenBrace,
    CloseBrace,
    /// `[[`, `]]`
    OpenCharacter,
    CloseCharacter,
    /// `${`
    ParameterAt,
    Semicolon,
    Colon,
    /// `...`
    Ellipsis,
    Dot,
    /// `:=`
    Assign,
    /// `+=`, `-=`, `*=`, `/=`
    AddAssign,
    SubtractAssign,
    MultiplyAssign,
    DivideAssign,
    Plus,
    Minus,
    Star,
    Slash,
    /// `\` between operands
    Backslash,
    Percent,
    Caret,
    Equal,
    Hash,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Ampersand,
    Bar,
    /// `^|`
    CaretBar,
    /// `<<`, `>>`
    ShiftLeft,
    ShiftRight,
    /// `?+`, `?-`, `??`
    BitSet,
    BitClear,
    BitTest,
    /// `&&`, `||`
    AndThen,
    OrElse,
    /// `?` of a ternary
    Question,
    /// `->`
    Arrow,
    /// The end of a logical line (continued lines have none between their parts).
    LineEnd,
    /// The raw lines between `Begin SQL` and `End SQL`.
    SqlText,
    /// Something no token begins with; a diagnostic was collected.
    Unknown,
}

/// The words with a meaning of their own. All ignore case but those of classes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyword {
    If,
    Else,
    EndIf,
    CaseOf,
    EndCase,
    While,
    EndWhile,
    Repeat,
    Until,
    For,
    EndFor,
    ForEach,
    EndForEach,
    Use,
    EndUse,
    Try,
    Catch,
    EndTry,
    Return,
    Break,
    Continue,
    BeginSql,
    EndSql,
    Var,
    /// `#DECLARE`
    Declare,
    /// `property`, at the start of a line in a class
    Property,
    /// `Function`
    Function,
    /// `Class constructor`
    ClassConstructor,
    /// `Class extends`
    ClassExtends,
    /// `Alias`
    Alias,
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}
