//! What belongs on a line of its own, and what may stand behind it there.

use super::Trouble;
use super::words::spelling;
use crate::syntax::codes;
use crate::syntax::lines::place;
use crate::syntax::token::{Keyword, Token, TokenKind as T};
use crate::text::{Diagnostic, Span};

/// Whether a line begins a block and ends with the end of one: `If ($a) $b:=1 End if`.
pub(in crate::syntax) fn is_block_in_line(tokens: &[Token]) -> bool {
    use Keyword as K;
    let keyword = |token: Option<&Token>| match token.map(|t| t.kind) {
        Some(T::Keyword(keyword)) => Some(keyword),
        _ => None,
    };
    tokens.len() > 1
        && keyword(tokens.first()).is_some()
        && matches!(
            keyword(tokens.last()),
            Some(K::EndIf | K::EndCase | K::EndWhile | K::EndFor | K::EndForEach | K::EndUse | K::EndTry)
        )
}

pub(in crate::syntax) fn whole_block_in_line(t: &Trouble) -> Option<Diagnostic> {
    is_block_in_line(t.tokens).then(|| {
        let (first, last) = (t.text(0), t.text(t.tokens.len() - 1));
        Diagnostic::error(
            codes::KEYWORD_INSIDE,
            t.span(t.tokens.len() - 1),
            format!("`{last}` begins a line of its own"),
        )
        .label("cannot stand here")
        .help(format!("put the head with `{first}`, what is inside, and `{last}` on lines of their own"))
    })
}

pub(in crate::syntax) fn else_if(t: &Trouble) -> Option<Diagnostic> {
    let two = t.kind(0) == Some(T::Keyword(Keyword::Else)) && t.kind(1) == Some(T::Keyword(Keyword::If));
    two.then(|| no_else_if(t.tokens[0].span.to(t.tokens[1].span)))
}

pub(in crate::syntax) fn no_else_if(span: Span) -> Diagnostic {
    Diagnostic::error(codes::ELSE_IF, span, "4D has no `Else if`").label("not a statement of 4D").help(
        "use `Case of` with one `: (condition)` line for each case, or put an `If` of its own after `Else`",
    )
}

/// `$a:=1;`
pub(in crate::syntax) fn end_of_statement(t: &Trouble) -> Option<Diagnostic> {
    let last = t.at + 1 == t.tokens.len() && t.kind(t.at) == Some(T::Semicolon);
    (last && t.open_bracket(t.at).is_none()).then(|| {
        Diagnostic::error(codes::SEMICOLON_AT_END, t.span(t.at), "a line of 4D does not end with `;`")
            .label("remove this")
            .help("`;` stands between arguments only; the end of the line ends the statement")
    })
}

pub(in crate::syntax) fn keyword_inside(t: &Trouble) -> Option<Diagnostic> {
    let Some(T::Keyword(keyword)) = t.kind(t.at) else {
        return None;
    };
    (t.at > 0).then(|| {
        let word = spelling(keyword);
        Diagnostic::error(codes::KEYWORD_INSIDE, t.span(t.at), format!("`{word}` begins a line of its own"))
            .label("cannot stand here")
            .help(format!("put `{word}` at the beginning of the next line"))
    })
}

/// Something after `End if`, `Else`, `break`.
pub(in crate::syntax) fn after_keyword(t: &Trouble) -> Option<Diagnostic> {
    let Some(T::Keyword(keyword)) = t.kind(0) else {
        return None;
    };
    let alone = !matches!(
        keyword,
        Keyword::If
            | Keyword::While
            | Keyword::Until
            | Keyword::Use
            | Keyword::For
            | Keyword::ForEach
            | Keyword::Return
            | Keyword::Var
            | Keyword::Declare
            | Keyword::Property
            | Keyword::Function
            | Keyword::ClassConstructor
            | Keyword::ClassExtends
            | Keyword::Alias
    );
    (alone && t.at == 1 && t.tokens.len() > 1).then(|| {
        let word = spelling(keyword);
        Diagnostic::error(
            codes::AFTER_KEYWORD,
            place(&t.tokens[1..]),
            format!("nothing may follow `{word}` on its line"),
        )
        .label("cannot stand here")
        .help("put it on the next line")
    })
}

/// `*$p:=1`, `# a comment`
pub(in crate::syntax) fn leading_operator(t: &Trouble) -> Option<Diagnostic> {
    if t.at > 0 {
        return None;
    }
    let written = t.text(0);
    match t.kind(0)? {
        T::Hash => Some(
            Diagnostic::error(codes::FOREIGN_COMMENT, t.span(0), "`#` does not begin a comment")
                .label("write `//`")
                .help("a comment begins with `//`, or stands between `/*` and `*/`"),
        ),
        kind if kind.wants_operand() && !kind.opens() => Some(leads(t.span(0), written)),
        _ => None,
    }
}

pub(in crate::syntax) fn leads(span: Span, written: &str) -> Diagnostic {
    Diagnostic::error(codes::LEADING_OPERATOR, span, format!("a line cannot begin with `{written}`"))
        .label("nothing stands before this")
        .help("if this goes on the line before, end that one with `\\`")
}
