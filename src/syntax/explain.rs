//! Why a line cannot be read, in the reader's words. The grammar knows only where it stopped; the
//! usual mistakes are recognised here from the tokens around that place.

use super::ast::{BinaryOp, Expr, ExprKind, StatementKind, StepKind};
use super::{KnownNames, codes};
use super::lines::place;
use super::token::{Keyword, Token, TokenKind as T};
use crate::text::{Diagnostic, Span};

/// A line that could not be read.
pub(super) struct Trouble<'a> {
    pub source: &'a str,
    pub tokens: &'a [Token],
    /// The token that fits nowhere; the number of tokens at the end of the line.
    pub at: usize,
    pub expected: &'a [&'static str],
}

impl Trouble<'_> {
    fn kind(&self, at: usize) -> Option<T> {
        self.tokens.get(at).map(|t| t.kind)
    }

    fn text(&self, at: usize) -> &str {
        self.tokens.get(at).and_then(|t| self.source.get(t.span.range())).unwrap_or_default()
    }

    fn span(&self, at: usize) -> Span {
        match self.tokens.get(at) {
            Some(token) => token.span,
            None => self.end(),
        }
    }

    /// Right after the last token: where something is missing at the end.
    fn end(&self) -> Span {
        let end = self.tokens.last().map_or(0, |t| t.span.end);
        Span::new(end, end)
    }

    /// Whether two tokens touch.
    fn joined(&self, at: usize) -> bool {
        at + 1 < self.tokens.len() && self.tokens[at].span.end == self.tokens[at + 1].span.start
    }

    /// The innermost bracket open before `at`.
    fn open_bracket(&self, at: usize) -> Option<&Token> {
        let mut open = Vec::new();
        for token in &self.tokens[..at.min(self.tokens.len())] {
            match token.kind {
                T::OpenParen | T::OpenBracket | T::OpenBrace | T::OpenCharacter | T::ParameterAt => {
                    open.push(token);
                }
                T::CloseParen | T::CloseBracket | T::CloseBrace | T::CloseCharacter => {
                    open.pop();
                }
                _ => {}
            }
        }
        open.pop()
    }
}

type Rule = fn(&Trouble) -> Option<Diagnostic>;

/// The most telling come first.
const RULES: &[Rule] = &[
    french_words,
    misspelt_line,
    whole_block_in_line,
    else_if,
    comparisons,
    words_for_operators,
    steps_by_one,
    assignment_inside,
    equals_in_declaration,
    end_of_statement,
    braces_for_blocks,
    keyword_inside,
    condition_without_brackets,
    brackets,
    after_keyword,
    operand_missing,
    operator_missing,
];

/// What is wrong with a line.
pub(super) fn explain(trouble: &Trouble) -> Diagnostic {
    RULES.iter().find_map(|rule| rule(trouble)).unwrap_or_else(|| general(trouble))
}

fn general(t: &Trouble) -> Diagnostic {
    let wanted = expectation(t.expected);
    let span = t.span(t.at);
    let (message, label) = match t.kind(t.at) {
        Some(_) => (format!("`{}` does not fit here", t.text(t.at)), format!("expected {wanted}")),
        None => ("this line is not complete".to_owned(), format!("expected {wanted} here")),
    };
    Diagnostic::error(codes::UNEXPECTED, span, message).label(label)
}

fn expectation(expected: &[&'static str]) -> String {
    match expected {
        [] => "something else".to_owned(),
        [one] => (*one).to_owned(),
        [most @ .., last] => format!("{} or {last}", most.join(", ")),
    }
}

const FRENCH: &[(&str, &str)] = &[
    ("si", "If"),
    ("sinon", "Else"),
    ("fin de si", "End if"),
    ("boucle", "For"),
    ("fin de boucle", "End for"),
    ("pour chaque", "For each"),
    ("fin de chaque", "End for each"),
    ("tant que", "While"),
    ("fin tant que", "End while"),
    ("fin de tant que", "End while"),
    ("repeter", "Repeat"),
    ("répéter", "Repeat"),
    ("jusque", "Until"),
    ("au cas ou", "Case of"),
    ("au cas où", "Case of"),
    ("fin de cas", "End case"),
    ("utiliser", "Use"),
    ("fin utiliser", "End use"),
];

fn french_words(t: &Trouble) -> Option<Diagnostic> {
    french(t.source, t.tokens)
}

/// Lines that begin with a French control word.
fn french(source: &str, tokens: &[Token]) -> Option<Diagnostic> {
    let words = leading_words(source, tokens);
    let (word, english) =
        *FRENCH.iter().filter(|(word, _)| words == *word).max_by_key(|(word, _)| word.len())?;
    let span = tokens[0].span.to(leading(tokens).last().map_or(tokens[0].span, |t| t.span));
    Some(
        Diagnostic::error(codes::FRENCH, span, format!("`{word}` is the French word for `{english}`"))
            .label(format!("write `{english}`"))
            .help("fourd reads the language with English control words; 4D writes them when the preference \"Use regional system settings\" is off"),
    )
}

/// The words a line begins with.
fn leading(tokens: &[Token]) -> &[Token] {
    let count = tokens
        .iter()
        .take_while(|t| matches!(t.kind, T::Name | T::Command(_) | T::Constant(_) | T::Keyword(_)))
        .count();
    &tokens[..count]
}

fn leading_words(source: &str, tokens: &[Token]) -> String {
    let span = place(leading(tokens));
    let text = source.get(span.range()).unwrap_or_default().to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

const KEYWORDS: &[(Keyword, &str)] = &[
    (Keyword::If, "If"),
    (Keyword::Else, "Else"),
    (Keyword::EndIf, "End if"),
    (Keyword::CaseOf, "Case of"),
    (Keyword::EndCase, "End case"),
    (Keyword::While, "While"),
    (Keyword::EndWhile, "End while"),
    (Keyword::Repeat, "Repeat"),
    (Keyword::Until, "Until"),
    (Keyword::For, "For"),
    (Keyword::EndFor, "End for"),
    (Keyword::ForEach, "For each"),
    (Keyword::EndForEach, "End for each"),
    (Keyword::Use, "Use"),
    (Keyword::EndUse, "End use"),
    (Keyword::Try, "Try"),
    (Keyword::Catch, "Catch"),
    (Keyword::EndTry, "End try"),
    (Keyword::Return, "return"),
    (Keyword::Break, "break"),
    (Keyword::Continue, "continue"),
    (Keyword::BeginSql, "Begin SQL"),
    (Keyword::EndSql, "End SQL"),
    (Keyword::Var, "var"),
    (Keyword::Declare, "#DECLARE"),
    (Keyword::Property, "property"),
    (Keyword::Function, "Function"),
    (Keyword::ClassConstructor, "Class constructor"),
    (Keyword::ClassExtends, "Class extends"),
    (Keyword::Alias, "Alias"),
];

/// A keyword as the documentation writes it.
pub(super) fn spelling(keyword: Keyword) -> &'static str {
    KEYWORDS.iter().find(|(known, _)| *known == keyword).map_or("", |(_, text)| text)
}

fn misspelt_line(t: &Trouble) -> Option<Diagnostic> {
    // A keyword that was read as one is not misspelt.
    if matches!(t.kind(0), Some(T::Keyword(_))) {
        return None;
    }
    let (span, keyword) = misspelt(t.source, t.tokens)?;
    Some(misspelt_keyword(span, spelling(keyword)))
}

/// The keyword that a line probably should begin with.
pub(super) fn misspelt(source: &str, tokens: &[Token]) -> Option<(Span, Keyword)> {
    let words = leading(tokens);
    if words.is_empty() || matches!(words[0].kind, T::Keyword(_)) {
        return None;
    }
    // `Edn if ($a)`: as many words as the keyword has, and they alone.
    (1..=words.len().min(3)).rev().find_map(|count| {
        let span = place(&words[..count]);
        let text = source.get(span.range())?;
        let known = KEYWORDS.iter().find(|(_, keyword)| is_slip(text, keyword))?;
        Some((span, known.0))
    })
}

pub(super) fn misspelt_keyword(span: Span, wanted: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSPELT, span, "this looks like a misspelt keyword")
        .label(format!("did you mean `{wanted}`?"))
        .help(format!("write `{wanted}`"))
}

/// Whether a text is a keyword but for one letter, or for its spaces.
pub(super) fn is_slip(text: &str, keyword: &str) -> bool {
    let squeeze = |text: &str| -> Vec<char> {
        text.chars().filter(|c| !c.is_whitespace()).flat_map(char::to_lowercase).collect()
    };
    let (a, b) = (squeeze(text), squeeze(keyword));
    if a == b {
        return !text.eq_ignore_ascii_case(keyword);
    }
    a.len() > 1 && b.len() > 1 && one_slip(&a, &b)
}

/// One letter too many, too few, another one, or two exchanged.
fn one_slip(a: &[char], b: &[char]) -> bool {
    let common = a.iter().zip(b).take_while(|(x, y)| x == y).count();
    let (a, b) = (&a[common..], &b[common..]);
    match (a, b) {
        ([_, a @ ..], [_, b @ ..]) if a == b => true,
        ([x, y, a @ ..], [v, w, b @ ..]) if x == w && y == v && a == b => true,
        ([_, a @ ..], b) if a == b => true,
        (a, [_, b @ ..]) if a == b => true,
        _ => false,
    }
}

/// Whether a line begins a block and ends with the end of one: `If ($a) $b:=1 End if`.
pub(super) fn is_block_in_line(tokens: &[Token]) -> bool {
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

fn whole_block_in_line(t: &Trouble) -> Option<Diagnostic> {
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

fn else_if(t: &Trouble) -> Option<Diagnostic> {
    let two = t.kind(0) == Some(T::Keyword(Keyword::Else)) && t.kind(1) == Some(T::Keyword(Keyword::If));
    two.then(|| no_else_if(t.tokens[0].span.to(t.tokens[1].span)))
}

fn no_else_if(span: Span) -> Diagnostic {
    Diagnostic::error(codes::ELSE_IF, span, "4D has no `Else if`").label("not a statement of 4D").help(
        "use `Case of` with one `: (condition)` line for each case, or put an `If` of its own after `Else`",
    )
}

/// What is written for a comparison in other languages.
fn comparisons(t: &Trouble) -> Option<Diagnostic> {
    let make = |from: usize, to: usize, written: &str, right: &str, means: &str| {
        let span = t.span(from).to(t.span(to));
        Diagnostic::error(codes::FOREIGN_OPERATOR, span, format!("4D has no operator `{written}`"))
            .label(format!("write `{right}`"))
            .help(format!("`{right}` {means}"))
    };
    let at = t.at;
    let pair = |at: usize| Some((t.kind(at)?, t.kind(at + 1)?));
    for at in [at.wrapping_sub(1), at] {
        match pair(at) {
            Some((T::Equal, T::Equal)) => {
                return Some(make(at, at + 1, "==", "=", "compares two values; `:=` assigns"));
            }
            Some((T::Less, T::Greater)) => {
                return Some(make(at, at + 1, "<>", "#", "means: is not equal to"));
            }
            Some((T::Equal, T::Less)) => {
                return Some(make(at, at + 1, "=<", "<=", "means: is less than or equal to"));
            }
            Some((T::Equal, T::Greater)) => {
                return Some(make(at, at + 1, "=>", ">=", "means: is greater than or equal to"));
            }
            _ => {}
        }
    }
    if t.kind(at) == Some(T::Interprocess) && at > 0 && ends_operand(t.tokens[at - 1].kind) {
        return Some(
            Diagnostic::error(codes::FOREIGN_OPERATOR, t.span(at), "`<>` does not compare in 4D")
                .label("read as an interprocess variable")
                .help("write `#` for: is not equal to"),
        );
    }
    None
}

fn words_for_operators(t: &Trouble) -> Option<Diagnostic> {
    if t.at == 0 || !ends_operand(t.tokens[t.at - 1].kind) {
        return None;
    }
    let (right, more) = match t.text(t.at).to_lowercase().as_str() {
        "and" => ("&", "`&&` stops at the first false value"),
        "or" => ("|", "`||` stops at the first true value"),
        "xor" => ("^|", "it is the exclusive or"),
        "mod" => ("%", "it gives the remainder"),
        "div" => ("\\", "it divides without remainder"),
        "then" => {
            return Some(
                Diagnostic::error(codes::FOREIGN_WORD, t.span(t.at), "4D has no `Then`")
                    .label("remove this")
                    .help("what follows `If (…)` begins on the next line"),
            );
        }
        _ => return None,
    };
    let word = t.text(t.at);
    Some(
        Diagnostic::error(codes::FOREIGN_WORD, t.span(t.at), format!("4D has no operator `{word}`"))
            .label(format!("write `{right}`"))
            .help(format!("`{right}` does this in 4D; {more}")),
    )
}

/// `$i++`
fn steps_by_one(t: &Trouble) -> Option<Diagnostic> {
    let sign = |at: usize| matches!(t.kind(at), Some(T::Plus | T::Minus));
    if t.at < t.tokens.len()
        || t.at < 3
        || !sign(t.at - 1)
        || t.kind(t.at - 1) != t.kind(t.at - 2)
        || !t.joined(t.at - 2)
    {
        return None;
    }
    let sign = t.text(t.at - 1);
    let name = t.source.get(place(&t.tokens[..t.at - 2]).range()).unwrap_or_default();
    Some(
        Diagnostic::error(
            codes::FOREIGN_OPERATOR,
            t.span(t.at - 2).to(t.span(t.at - 1)),
            format!("4D has no operator `{sign}{sign}`"),
        )
        .label(format!("write `{sign}=1`"))
        .help(format!("write `{name}{sign}=1`")),
    )
}

/// `If ($a:=1)`, `$a:=$b:=1`
fn assignment_inside(t: &Trouble) -> Option<Diagnostic> {
    if t.kind(t.at) != Some(T::Assign) {
        return None;
    }
    let help = if t.tokens[..t.at].iter().any(|t| t.kind == T::Assign) {
        "assign to one variable a line"
    } else {
        "use `=` to compare, and assign on a line of its own"
    };
    Some(
        Diagnostic::error(
            codes::ASSIGN_INSIDE,
            t.span(t.at),
            "an assignment cannot be part of an expression",
        )
        .label("`:=` assigns")
        .help(help),
    )
}

/// `var $a : Integer = 5`
fn equals_in_declaration(t: &Trouble) -> Option<Diagnostic> {
    let declares = matches!(t.kind(0), Some(T::Keyword(Keyword::Var | Keyword::Property)));
    (declares && t.kind(t.at) == Some(T::Equal)).then(|| {
        Diagnostic::error(codes::EQUAL_FOR_ASSIGN, t.span(t.at), "`=` does not assign")
            .label("write `:=`")
            .help("`=` compares; `:=` gives a variable its first value")
    })
}

/// `$a:=1;`
fn end_of_statement(t: &Trouble) -> Option<Diagnostic> {
    let last = t.at + 1 == t.tokens.len() && t.kind(t.at) == Some(T::Semicolon);
    (last && t.open_bracket(t.at).is_none()).then(|| {
        Diagnostic::error(codes::SEMICOLON_AT_END, t.span(t.at), "a line of 4D does not end with `;`")
            .label("remove this")
            .help("`;` stands between arguments only; the end of the line ends the statement")
    })
}

/// `If (…) {` and the `}` of it.
fn braces_for_blocks(t: &Trouble) -> Option<Diagnostic> {
    let alone = t.tokens.len() == 1 && t.kind(0) == Some(T::CloseBrace);
    let head = matches!(t.kind(0), Some(T::Keyword(_)))
        && t.at == t.tokens.len()
        && t.tokens.last().is_some_and(|t| t.kind == T::OpenBrace);
    (alone || head).then(|| {
        let span = t.tokens.last().map_or(Span::default(), |t| t.span);
        Diagnostic::error(codes::BRACES, span, "4D has no braces around blocks")
            .label("remove this")
            .help("a block begins with its head, as `If (…)`, and ends with a line as `End if`")
    })
}

fn keyword_inside(t: &Trouble) -> Option<Diagnostic> {
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

/// `If $a=1`
fn condition_without_brackets(t: &Trouble) -> Option<Diagnostic> {
    let Some(T::Keyword(keyword)) = t.kind(0) else {
        return None;
    };
    let wants = matches!(
        keyword,
        Keyword::If | Keyword::While | Keyword::Until | Keyword::Use | Keyword::For | Keyword::ForEach
    );
    if !wants || t.kind(1) == Some(T::OpenParen) {
        return None;
    }
    let word = spelling(keyword);
    let rest = place(t.tokens.get(1..).unwrap_or_default());
    let text = t.source.get(rest.range()).unwrap_or_default();
    let span = if t.tokens.len() > 1 { rest } else { t.end() };
    let diagnostic =
        Diagnostic::error(codes::CONDITION_BRACKETS, span, format!("`{word}` wants brackets after it"));
    Some(if text.is_empty() {
        diagnostic.label("nothing follows").help(format!("write `{word} (…)`"))
    } else {
        diagnostic.label("not in brackets").help(format!("write `{word} ({text})`"))
    })
}

/// Brackets that are not closed, not opened, or closed by another kind.
fn brackets(t: &Trouble) -> Option<Diagnostic> {
    let mut open: Vec<&Token> = Vec::new();
    for token in t.tokens {
        let Some(wanted) = closed_by(token.kind) else {
            let closes =
                matches!(token.kind, T::CloseParen | T::CloseBracket | T::CloseBrace | T::CloseCharacter);
            if !closes {
                continue;
            }
            let written = bracket(token.kind);
            let Some(opener) = open.pop() else {
                return Some(
                    Diagnostic::error(
                        codes::STRAY_BRACKET,
                        token.span,
                        format!("this `{written}` closes nothing"),
                    )
                    .label("no open bracket before it")
                    .help("remove it, or write the bracket that it was meant to close"),
                );
            };
            if closed_by(opener.kind) != Some(token.kind) {
                let wanted = closed_by(opener.kind).map_or("", bracket);
                return Some(
                    Diagnostic::error(
                        codes::WRONG_BRACKET,
                        token.span,
                        format!("`{}` is closed by `{written}`", bracket(opener.kind)),
                    )
                    .label(format!("expected `{wanted}`"))
                    .also(opener.span, "opened here")
                    .help(format!("write `{wanted}` before this, or correct one of the two")),
                );
            }
            continue;
        };
        let _ = wanted;
        open.push(token);
    }
    let opener = open.pop()?;
    let wanted = closed_by(opener.kind).map_or("", bracket);
    // The place where it went wrong may be before the end of the line.
    let span = t.end();
    (t.at >= t.tokens.len() || operator_missing(t).is_none()).then(|| {
        Diagnostic::error(
            codes::UNCLOSED_BRACKET,
            opener.span,
            format!("this `{}` is not closed", bracket(opener.kind)),
        )
        .label("opened here")
        .also(span, format!("`{wanted}` is missing"))
        .help(format!("write `{wanted}` where the bracket ends"))
    })
}

fn closed_by(kind: T) -> Option<T> {
    Some(match kind {
        T::OpenParen => T::CloseParen,
        T::OpenBracket => T::CloseBracket,
        T::OpenBrace | T::ParameterAt => T::CloseBrace,
        T::OpenCharacter => T::CloseCharacter,
        _ => return None,
    })
}

fn bracket(kind: T) -> &'static str {
    match kind {
        T::OpenParen => "(",
        T::CloseParen => ")",
        T::OpenBracket => "[",
        T::CloseBracket => "]",
        T::OpenBrace => "{",
        T::CloseBrace => "}",
        T::OpenCharacter => "[[",
        T::CloseCharacter => "]]",
        T::ParameterAt => "${",
        _ => "",
    }
}

/// Something after `End if`, `Else`, `break`.
fn after_keyword(t: &Trouble) -> Option<Diagnostic> {
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

/// An operator, a bracket or a semicolon where a value is wanted.
fn operand_missing(t: &Trouble) -> Option<Diagnostic> {
    let before = t.at.checked_sub(1).and_then(|at| t.kind(at))?;
    if !wants_operand(before) {
        return None;
    }
    let last = t.text(t.at - 1);
    let diagnostic = match t.kind(t.at) {
        None => {
            Diagnostic::error(codes::VALUE_MISSING, t.end(), format!("a value is missing after `{last}`"))
                .label("the line ends here")
        }
        Some(_) => {
            let found = t.text(t.at);
            Diagnostic::error(
                codes::VALUE_MISSING,
                t.span(t.at),
                format!("a value is missing between `{last}` and `{found}`"),
            )
            .label("expected a value before this")
        }
    };
    let help = format!("write a value after `{last}`, or remove `{last}`");
    Some(diagnostic.help(help))
}

/// Two values in a row.
fn operator_missing(t: &Trouble) -> Option<Diagnostic> {
    let before = t.at.checked_sub(1).and_then(|at| t.kind(at))?;
    let found = t.kind(t.at)?;
    if matches!(t.kind(0), Some(T::Keyword(Keyword::Var | Keyword::Declare | Keyword::Function))) {
        return None;
    }
    (ends_operand(before) && begins_operand(found)).then(|| {
        let (left, right) = (t.text(t.at - 1), t.text(t.at));
        let inside = t.open_bracket(t.at).is_some();
        let wanted = if inside { "an operator or `;`" } else { "an operator" };
        Diagnostic::error(
            codes::OPERATOR_MISSING,
            t.span(t.at),
            format!("{wanted} is missing between `{left}` and `{right}`"),
        )
        .label(format!("expected {wanted} before this"))
        .help("if this is one name, check its spelling: no command, constant or method is known by it")
    })
}

fn ends_operand(kind: T) -> bool {
    begins_operand(kind) && !matches!(kind, T::OpenParen | T::OpenBrace | T::ParameterAt)
        || matches!(kind, T::CloseParen | T::CloseBracket | T::CloseBrace | T::CloseCharacter)
}

fn begins_operand(kind: T) -> bool {
    matches!(
        kind,
        T::Integer(_)
            | T::Real(_)
            | T::Text
            | T::Date { .. }
            | T::Time(_)
            | T::Local
            | T::Interprocess
            | T::Table
            | T::Field
            | T::Name
            | T::Command(_)
            | T::Constant(_)
            | T::OpenParen
            | T::OpenBrace
            | T::ParameterAt
    )
}

fn wants_operand(kind: T) -> bool {
    !ends_operand(kind)
        && !matches!(
            kind,
            T::Keyword(_) | T::Unknown | T::LineEnd | T::SqlText | T::Ellipsis | T::Dot | T::Colon
        )
}

/// Lines that the grammar takes and that nobody means.
pub(super) fn doubtful(
    source: &str,
    known: &dyn KnownNames,
    tokens: &[Token],
    kind: &StatementKind,
) -> Option<Diagnostic> {
    match kind {
        StatementKind::Assign { target, .. } if !is_target(target) => Some(
            Diagnostic::error(codes::BAD_TARGET, target.span, "nothing can be assigned to this")
                .label("neither a variable, nor a field, nor a part of one")
                .help("write a variable, a field, a property or an element left of `:=`"),
        ),
        StatementKind::Expression(Expr { kind: ExprKind::Chain { first, rest }, .. })
            if rest.first().is_some_and(|(operator, _)| *operator == BinaryOp::Equal) && is_target(first) =>
        {
            let sign = tokens.iter().find(|t| t.kind == T::Equal && t.span.start >= first.span.end)?;
            let name = source.get(first.span.range()).unwrap_or_default();
            Some(
                Diagnostic::error(codes::EQUAL_FOR_ASSIGN, sign.span, "`=` does not assign")
                    .label("write `:=`")
                    .help(format!("`=` compares; use `:=` to assign a value to `{name}`")),
            )
        }
        StatementKind::Expression(Expr {
            kind: ExprKind::Name(name) | ExprKind::Call { name, .. }, ..
        }) => {
            let exists = known.is_method(name);
            if exists == Some(true) {
                return None;
            }
            let words = leading_words(source, tokens);
            if matches!(words.as_str(), "elseif" | "elsif" | "elif") {
                return Some(no_else_if(tokens[0].span));
            }
            // Words that nobody knows are one name: `Case off`.
            if words.contains(' ')
                && let Some((span, keyword)) = misspelt(source, tokens)
            {
                return Some(misspelt_keyword(span, spelling(keyword)));
            }
            // One word could be a method that we were not told of.
            if exists == Some(false)
                && let Some((span, keyword)) = misspelt(source, tokens)
                && is_shaped_like(keyword, tokens)
                && is_plain_slip(name, spelling(keyword))
            {
                return Some(misspelt_keyword(span, spelling(keyword)));
            }
            french(source, tokens)
        }
        _ => None,
    }
}

/// Whether a line is built as one with this keyword is: with brackets, or alone.
fn is_shaped_like(keyword: Keyword, tokens: &[Token]) -> bool {
    match keyword {
        Keyword::While | Keyword::Until | Keyword::ForEach => {
            tokens.get(1).is_some_and(|token| token.kind == T::OpenParen)
        }
        Keyword::Return => true,
        keyword => keyword.stands_alone() && tokens.len() == 1,
    }
}

/// A slip that makes no other word: `Match` is not meant to be `Catch`.
fn is_plain_slip(name: &str, keyword: &str) -> bool {
    let first = |text: &str| text.chars().next().map(|c| c.to_ascii_lowercase());
    keyword.len() > 3 && first(name) == first(keyword)
}

/// Whether something can be assigned to.
fn is_target(target: &Expr) -> bool {
    match &target.kind {
        ExprKind::Local(_)
        | ExprKind::Interprocess(_)
        | ExprKind::Name(_)
        | ExprKind::Field { .. }
        | ExprKind::ParameterAt(_) => true,
        ExprKind::Group(inner) => is_target(inner),
        ExprKind::Postfix { steps, .. } => {
            !matches!(steps.last().map(|s| &s.kind), Some(StepKind::Method(..) | StepKind::Call(_)))
        }
        _ => false,
    }
}
