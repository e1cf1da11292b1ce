//! What tokens are, and source text → words: pieces cut without knowing any name.
//! `names` joins words to tokens. This is the only file that names logos.

use super::codes;
use crate::catalog::{CommandId, ConstantId};
use crate::text::{Diagnostic, Span};
use logos::{Logos, Skip};

/// What a token is. Its text is found through its span.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum TokenKind {
    /// A decimal or `0x` number without fraction or exponent, fitting 32 bits.
    Integer(i32),
    Real(f64),
    /// `"…"`, the span includes the quotes; escapes are still in the text.
    Text,
    /// `!2024-01-31!`
    Date {
        year: i32,
        month: u8,
        day: u8,
    },
    /// `?12:30:00?` in seconds.
    Time(i64),
    /// `$name`, `$1`
    Local,
    /// `<>name`
    Interprocess,
    /// `[Name]` where a table is meant; the span covers the brackets.
    Table,
    /// `[Name]Field`; the span covers both. A field whose name got lost is `[Name:1]:13`.
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

impl Keyword {
    /// Whether nothing follows it on its line.
    pub(super) fn stands_alone(self) -> bool {
        matches!(
            self,
            Self::Else
                | Self::EndIf
                | Self::CaseOf
                | Self::EndCase
                | Self::EndWhile
                | Self::Repeat
                | Self::EndFor
                | Self::EndForEach
                | Self::EndUse
                | Self::Catch
                | Self::EndTry
                | Self::Break
                | Self::Continue
                | Self::BeginSql
                | Self::EndSql
        )
    }

    /// Whether it means something only at the beginning of a line, so that it can be part of a name.
    pub(super) fn declares(self) -> bool {
        matches!(
            self,
            Self::Var
                | Self::Property
                | Self::Function
                | Self::ClassConstructor
                | Self::ClassExtends
                | Self::Alias
        )
    }
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Token {
    pub kind: TokenKind,
    pub span: Span,
}

/// A piece of source text as it can be told without context.
#[derive(Logos, Clone, Copy, Debug, PartialEq, Eq)]
#[logos(extras = Vec<Diagnostic>)]
#[logos(skip r"[ \t\x0b\x0c\u{A0}\u{FEFF}\u{2000}-\u{200B}\u{202F}\u{3000}]+")]
#[logos(subpattern start = r"[A-Za-z_\u{A1}-\u{AA}\u{AC}-\u{BA}\u{BC}-\u{1FFF}\u{200C}\u{200D}\u{203C}\u{2049}\u{2070}-\u{2FFF}\u{3001}-\u{D7FF}\u{E000}-\u{FEFE}\u{FF00}-\u{10FFFF}]")]
#[logos(subpattern next = r"[0-9A-Za-z_\u{A1}-\u{AA}\u{AC}-\u{BA}\u{BC}-\u{1FFF}\u{200C}\u{200D}\u{203C}\u{2049}\u{2070}-\u{2FFF}\u{3001}-\u{D7FF}\u{E000}-\u{FEFE}\u{FF00}-\u{10FFFF}]")]
pub(super) enum Raw {
    /// One word of a name; may begin with digits.
    #[regex(r"[0-9]*(?&start)(?&next)*", priority = 3)]
    Word,
    #[regex(r"[0-9]+", priority = 5)]
    Integer,
    #[regex(r"0[xX][0-9A-Fa-f]+", priority = 30)]
    Hexadecimal,
    #[regex(r"[0-9]+\.[0-9]+", priority = 30)]
    #[regex(r"[0-9]+(\.[0-9]+)?[eE][+-]?[0-9]+", priority = 30)]
    Real,
    #[regex(r#""([^"\\\r\n]|\\[^\r\n])*""#)]
    #[regex(r#""([^"\\\r\n]|\\[^\r\n])*\\?"#, unterminated_text)]
    Text,
    #[regex(r"![0-9]+[-/. ][0-9]+[-/. ][0-9]+!")]
    Date,
    #[regex(r"\?[0-9]+:[0-9]+:[0-9]+\?")]
    Time,
    #[regex(r"\$(?&next)+")]
    Local,
    /// `$` alone, which only a property can be named.
    #[token("$")]
    Dollar,
    #[regex(r"<>(?&next)+")]
    Interprocess,
    /// `a<<>b`: a `<` and an interprocess variable.
    #[regex(r"<<>(?&next)+")]
    LessInterprocess,
    #[regex(r"//[^\r\n]*", line_comment, allow_greedy = true)]
    #[token("/*", block_comment)]
    Comment,
    /// `\` at the end of a line with what may follow it there.
    #[regex(r"\\[ \t]*(//[^\r\n]*)?(\r\n|\n|\r)", allow_greedy = true)]
    Continuation,
    #[regex(r"\r\n|\n|\r")]
    LineEnd,
    /// The lines after `Begin SQL`, up to the one that begins with `End SQL`.
    SqlText,
    #[token("(")]
    OpenParen,
    #[token(")")]
    CloseParen,
    #[token("[")]
    OpenBracket,
    #[token("]")]
    CloseBracket,
    #[token("{")]
    OpenBrace,
    #[token("}")]
    CloseBrace,
    #[token("${")]
    ParameterAt,
    #[token(";")]
    Semicolon,
    #[token(":")]
    Colon,
    #[token("...")]
    Ellipsis,
    #[token(".")]
    Dot,
    #[token(":=")]
    Assign,
    #[token("+=")]
    AddAssign,
    #[token("-=")]
    SubtractAssign,
    #[token("*=")]
    MultiplyAssign,
    #[token("/=")]
    DivideAssign,
    #[token("+")]
    Plus,
    #[token("-")]
    Minus,
    #[token("*")]
    Star,
    #[token("/")]
    Slash,
    #[token("\\")]
    Backslash,
    #[token("%")]
    Percent,
    #[token("^")]
    Caret,
    #[token("=")]
    Equal,
    #[token("#")]
    Hash,
    #[token("<")]
    Less,
    #[token("<=")]
    LessOrEqual,
    #[token(">")]
    Greater,
    #[token(">=")]
    GreaterOrEqual,
    #[token("&")]
    Ampersand,
    #[token("|")]
    Bar,
    #[token("^|")]
    CaretBar,
    #[token("<<")]
    ShiftLeft,
    #[token(">>")]
    ShiftRight,
    #[token("?+")]
    BitSet,
    #[token("?-")]
    BitClear,
    #[token("??")]
    BitTest,
    #[token("&&")]
    AndThen,
    #[token("||")]
    OrElse,
    #[token("?")]
    Question,
    #[token("->")]
    Arrow,
    Unknown,
}

type Cutter<'s> = logos::Lexer<'s, Raw>;

fn here(lexer: &Cutter<'_>) -> Span {
    let span = lexer.span();
    Span::new(span.start as u32, span.end as u32)
}

fn unterminated_text(lexer: &mut Cutter<'_>) {
    let span = here(lexer);
    let found = Diagnostic::error(codes::UNTERMINATED_TEXT, span, "this text has no closing quote")
        .label("begins here and runs to the end of the line");
    let help = if lexer.slice().ends_with("\\\"") {
        "`\\\"` is a quote inside the text; write `\\\\` for a backslash before the closing quote"
    } else {
        "close it with `\"`; a text cannot go on in the next line"
    };
    lexer.extras.push(found.help(help));
}

/// A line comment whose last character is `\` goes on in the next line.
fn line_comment(lexer: &mut Cutter<'_>) -> Skip {
    while lexer.slice().ends_with('\\') {
        let rest = lexer.remainder().as_bytes();
        let line_end = match rest {
            [b'\r', b'\n', ..] => 2,
            [b'\r' | b'\n', ..] => 1,
            _ => break,
        };
        let rest = &rest[line_end..];
        let line = rest.iter().position(|b| matches!(b, b'\r' | b'\n')).unwrap_or(rest.len());
        lexer.bump(line_end + line);
        if line == 0 {
            break;
        }
    }
    Skip
}

/// Block comments nest. One that is not closed runs to the end. `//*` inside opens none: 4D takes the
/// two slashes first.
fn block_comment(lexer: &mut Cutter<'_>) -> Skip {
    let rest = lexer.remainder().as_bytes();
    let (mut depth, mut at) = (1usize, 0);
    while depth > 0 {
        let Some(found) = memchr::memchr2(b'*', b'/', &rest[at..]) else {
            let span = here(lexer);
            lexer.extras.push(
                Diagnostic::error(codes::UNTERMINATED_COMMENT, span, "this comment is never closed")
                    .label("opened here")
                    .help("close it with `*/`; comments nest, so each `/*` needs its own"),
            );
            at = rest.len();
            break;
        };
        at += found;
        match (rest[at], rest.get(at + 1)) {
            (b'*', Some(b'/')) => {
                depth -= 1;
                at += 2;
            }
            (b'/', Some(b'*')) => {
                depth += 1;
                at += 2;
            }
            (b'/', Some(b'/')) => at += 2,
            _ => at += 1,
        }
    }
    lexer.bump(at);
    Skip
}

/// Cuts a text into words. Blanks and comments are left out.
pub(super) fn words(source: &str, diagnostics: &mut Vec<Diagnostic>) -> Vec<(Raw, Span)> {
    let mut words = Vec::with_capacity(source.len() / 4);
    let mut lexer = Raw::lexer(source);
    while let Some(result) = lexer.next() {
        let raw = result.unwrap_or(Raw::Unknown);
        words.push((raw, here(&lexer)));
        if raw == Raw::LineEnd && begins_sql(source, &words) {
            let start = lexer.span().end;
            let length = sql_length(lexer.remainder());
            lexer.bump(length);
            words.push((Raw::SqlText, Span::new(start as u32, (start + length) as u32)));
        }
    }
    diagnostics.append(&mut lexer.extras);
    words
}

/// Whether the words end with a line that reads `Begin SQL`.
fn begins_sql(source: &str, words: &[(Raw, Span)]) -> bool {
    let is =
        |span: Span, word: &str| source.get(span.range()).is_some_and(|text| text.eq_ignore_ascii_case(word));
    match words {
        [.., (Raw::LineEnd, _), (Raw::Word, begin), (Raw::Word, sql), _]
        | [(Raw::Word, begin), (Raw::Word, sql), _] => is(*sql, "sql") && is(*begin, "begin"),
        _ => false,
    }
}

/// The length of the lines before the one that begins with `End SQL`.
fn sql_length(text: &str) -> usize {
    let mut at = 0;
    for line in text.split_inclusive(['\n', '\r']) {
        let mut words = line.split_ascii_whitespace();
        let next_is = |found: Option<&str>, word: &str| found.is_some_and(|f| f.eq_ignore_ascii_case(word));
        let sql = |found: Option<&str>| {
            // A comment may follow at once.
            next_is(found.map(|f| f.split('/').next().unwrap_or(f)), "sql")
        };
        if next_is(words.next(), "end") && sql(words.next()) {
            break;
        }
        at += line.len();
    }
    at
}
