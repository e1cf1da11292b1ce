//! Operators: those of other languages, those that are missing, and assignments where none can be.

use super::Trouble;
use crate::syntax::codes;
use crate::syntax::lines::place;
use crate::syntax::token::{Keyword, TokenKind as T};
use crate::text::Diagnostic;

/// What is written for a comparison in other languages.
pub(in crate::syntax) fn comparisons(t: &Trouble) -> Option<Diagnostic> {
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
            Some((T::Equal, T::Greater))
                if at > 0
                    && t.kind(at - 1) == Some(T::CloseParen)
                    && !matches!(t.kind(0), Some(T::Keyword(_))) =>
            {
                let span = t.span(at).to(t.span(at + 1));
                return Some(
                    Diagnostic::error(codes::FOREIGN_OPERATOR, span, "4D has no operator `=>`")
                        .label("begins no function")
                        .help(
                            "a function as a value is `Formula(…)`; its parameters are `$1`, `$2` and so on",
                        ),
                );
            }
            Some((T::Equal, T::Greater)) => {
                return Some(make(at, at + 1, "=>", ">=", "means: is greater than or equal to"));
            }
            _ => {}
        }
    }
    if t.kind(at) == Some(T::Interprocess) && at > 0 && t.tokens[at - 1].kind.ends_operand() {
        return Some(
            Diagnostic::error(codes::FOREIGN_OPERATOR, t.span(at), "`<>` does not compare in 4D")
                .label("read as an interprocess variable")
                .help("write `#` for: is not equal to"),
        );
    }
    None
}

pub(in crate::syntax) fn words_for_operators(t: &Trouble) -> Option<Diagnostic> {
    if t.at == 0 || !t.tokens[t.at - 1].kind.ends_operand() {
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
pub(in crate::syntax) fn steps_by_one(t: &Trouble) -> Option<Diagnostic> {
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
pub(in crate::syntax) fn assignment_inside(t: &Trouble) -> Option<Diagnostic> {
    if t.kind(t.at) != Some(T::Assign) || t.at > 0 && t.tokens[t.at - 1].kind.wants_operand() {
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
pub(in crate::syntax) fn equals_in_declaration(t: &Trouble) -> Option<Diagnostic> {
    let declares = matches!(t.kind(0), Some(T::Keyword(Keyword::Var | Keyword::Property)));
    (declares && t.kind(t.at) == Some(T::Equal)).then(|| {
        Diagnostic::error(codes::EQUAL_FOR_ASSIGN, t.span(t.at), "`=` does not assign")
            .label("write `:=`")
            .help("`=` compares; `:=` gives a variable its first value")
    })
}

/// An operator, a bracket or a semicolon where a value is wanted.
pub(in crate::syntax) fn operand_missing(t: &Trouble) -> Option<Diagnostic> {
    let before = t.at.checked_sub(1).and_then(|at| t.kind(at))?;
    if !before.wants_operand() {
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
    let number = matches!(t.kind(t.at + 1), Some(T::Integer(_) | T::Real(_)));
    let help = match (before, t.kind(t.at)) {
        (_, Some(T::Hash)) if number => "a date is written `!2024-01-31!`".to_owned(),
        (_, Some(T::Question)) if number => "a time is written `?12:30:00?`".to_owned(),
        (T::Assign, Some(T::Ampersand)) => format!("a pointer is written `->{}`", t.text(t.at + 1)),
        (T::Assign, None) => "write the value that is assigned".to_owned(),
        (T::Assign, Some(_)) => format!("write a value before `{}`, or remove `{0}`", t.text(t.at)),
        _ => format!("write a value after `{last}`, or remove `{last}`"),
    };
    Some(diagnostic.help(help))
}

/// Two values in a row.
pub(in crate::syntax) fn operator_missing(t: &Trouble) -> Option<Diagnostic> {
    let before = t.at.checked_sub(1).and_then(|at| t.kind(at))?;
    let found = t.kind(t.at)?;
    if matches!(t.kind(0), Some(T::Keyword(Keyword::Var | Keyword::Declare | Keyword::Function))) {
        return None;
    }
    (before.ends_operand() && found.begins_operand()).then(|| {
        let (left, right) = (t.text(t.at - 1), t.text(t.at));
        let inside = t.open_bracket(t.at).is_some();
        let wanted = if inside { "an operator or `;`" } else { "an operator" };
        Diagnostic::error(
            codes::OPERATOR_MISSING,
            t.span(t.at),
            format!("{wanted} is missing between `{left}` and `{right}`"),
        )
        .label(format!("expected {wanted} before this"))
        .help(match found {
            T::OpenParen => format!("`{left}` is no function: write an operator before the bracket"),
            _ => "if this is one name, check its spelling: no command, constant or method is known by it"
                .into(),
        })
    })
}

/// `$o.:=1`, `$o..name`
pub(in crate::syntax) fn name_after_dot(t: &Trouble) -> Option<Diagnostic> {
    let dot = t.at.checked_sub(1)?;
    (t.kind(dot) == Some(T::Dot)).then(|| {
        Diagnostic::error(codes::MISSING_NAME, t.span(dot), "there is no name after this `.`")
            .label("a name was expected right behind it")
            .help("a property is written `.name`, or `[$name]` if a variable holds its name")
    })
}

/// `$o?.name`, `2**3`, `$a & & $b`, `$a%=2`
pub(in crate::syntax) fn foreign_signs(t: &Trouble) -> Option<Diagnostic> {
    let before = t.at.checked_sub(1)?;
    let (left, right) = (t.kind(before)?, t.kind(t.at)?);
    let span = t.span(before).to(t.span(t.at));
    let written = format!("{}{}", t.text(before), t.text(t.at));
    let found = |label: String, help: String| {
        let message = format!("4D has no operator `{written}`");
        Some(Diagnostic::error(codes::FOREIGN_OPERATOR, span, message).label(label).help(help))
    };
    match (left, right) {
        (T::Question, T::Dot) if t.joined(before) => found(
            "write `.`".to_owned(),
            "a property of something undefined is itself undefined: `.` is enough".to_owned(),
        ),
        (T::Star, T::Star) => found("write `^`".to_owned(), "`^` raises to a power".to_owned()),
        (T::Ampersand, T::Ampersand) | (T::Bar, T::Bar) => {
            let message = format!("the two signs of `{written}` are apart");
            Some(
                Diagnostic::error(codes::FOREIGN_OPERATOR, span, message)
                    .label(format!("write `{written}`"))
                    .help(format!("write `{written}` without a blank inside")),
            )
        }
        (T::Percent | T::Ampersand | T::Bar | T::Caret | T::Backslash, T::Equal) if t.joined(before) => {
            let target = t.source.get(place(&t.tokens[..before]).range()).unwrap_or_default();
            let sign = t.text(before);
            found(
                "only `+=`, `-=`, `*=` and `/=` are".to_owned(),
                format!("write `{target}:={target}{sign}…`"),
            )
        }
        _ => None,
    }
}

/// `$a : = 1`, `$a=:1`, `$a:1`
pub(in crate::syntax) fn broken_assignment(t: &Trouble) -> Option<Diagnostic> {
    let before = t.at.checked_sub(1)?;
    if t.kind(t.at) != Some(T::Colon)
        || matches!(t.kind(0), Some(T::Keyword(_) | T::Colon))
        || t.open_bracket(t.at).is_some()
        || t.tokens[..t.at].iter().any(|token| matches!(token.kind, T::Assign | T::Question))
    {
        return None;
    }
    let span = match (t.kind(before)?, t.kind(t.at + 1)) {
        (T::Equal, _) => t.span(before).to(t.span(t.at)),
        (left, Some(T::Equal)) if left.ends_operand() => t.span(t.at).to(t.span(t.at + 1)),
        (left, Some(right)) if left.ends_operand() && right.begins_operand() => t.span(t.at),
        _ => return None,
    };
    Some(
        Diagnostic::error(codes::EQUAL_FOR_ASSIGN, span, "this does not assign")
            .label("write `:=`")
            .help("`:=` assigns; there is no blank inside"),
    )
}

/// `$a:=$b ? 1`
pub(in crate::syntax) fn ternary(t: &Trouble) -> Option<Diagnostic> {
    let question = t.tokens[..t.at.min(t.tokens.len())].iter().rfind(|token| token.kind == T::Question)?;
    t.expected.contains(&"`:`").then(|| {
        Diagnostic::error(codes::TERNARY, question.span, "this `?` has no `:`")
            .label("opened here")
            .also(t.span(t.at), "`:` and another value are missing before this")
            .help("write `condition ? value : other value`")
    })
}

/// `{name=1}`
pub(in crate::syntax) fn object_pair(t: &Trouble) -> Option<Diagnostic> {
    let inside = t.open_bracket(t.at).is_some_and(|open| open.kind == T::OpenBrace);
    let sign = matches!(t.kind(t.at), Some(T::Equal | T::Assign)) && t.expected.contains(&"`:`");
    (inside && sign).then(|| {
        Diagnostic::error(codes::UNEXPECTED, t.span(t.at), "a property and its value are separated by `:`")
            .label("write `:`")
            .help("write `{name: value}`")
    })
}

/// `ALERT "x"`
pub(in crate::syntax) fn call_without_brackets(t: &Trouble) -> Option<Diagnostic> {
    let before = t.at.checked_sub(1)?;
    let called = match t.kind(before)? {
        T::Command(_) => true,
        T::Name => before == 0,
        _ => false,
    };
    let begins = t.kind(t.at).is_some_and(|kind| kind.begins_operand() && kind != T::OpenParen);
    (called && begins).then(|| {
        let name = t.text(before);
        let arguments = if before == 0 { place(&t.tokens[1..]) } else { t.span(t.at) };
        let text = t.source.get(arguments.range()).unwrap_or_default();
        let found = Diagnostic::error(
            codes::CALL_BRACKETS,
            arguments,
            format!("the arguments of `{name}` are not in brackets"),
        );
        found.label("not in brackets").help(match t.kind(before) {
            Some(T::Name) => format!("write `{name}({text})`; if this is one name, check its spelling"),
            _ => format!("write `{name}({text})`"),
        })
    })
}
