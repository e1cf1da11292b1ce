//! Words that are none of 4D's: French control words and slips of the pen in keywords.

use super::Trouble;
use crate::syntax::codes;
use crate::syntax::lines::place;
use crate::syntax::token::{Keyword, Token, TokenKind as T};
use crate::text::{Diagnostic, Span};

pub(in crate::syntax) const FRENCH: &[(&str, &str)] = &[
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

pub(in crate::syntax) fn french_words(t: &Trouble) -> Option<Diagnostic> {
    french(t.source, t.tokens)
}

/// Lines that begin with a French control word.
pub(in crate::syntax) fn french(source: &str, tokens: &[Token]) -> Option<Diagnostic> {
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
pub(in crate::syntax) fn leading(tokens: &[Token]) -> &[Token] {
    let count = tokens
        .iter()
        .take_while(|t| matches!(t.kind, T::Name | T::Command(_) | T::Constant(_) | T::Keyword(_)))
        .count();
    &tokens[..count]
}

pub(in crate::syntax) fn leading_words(source: &str, tokens: &[Token]) -> String {
    let span = place(leading(tokens));
    let text = source.get(span.range()).unwrap_or_default().to_lowercase();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

pub(in crate::syntax) const KEYWORDS: &[(Keyword, &str)] = &[
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
pub(in crate::syntax) fn spelling(keyword: Keyword) -> &'static str {
    KEYWORDS.iter().find(|(known, _)| *known == keyword).map_or("", |(_, text)| text)
}

pub(in crate::syntax) fn misspelt_line(t: &Trouble) -> Option<Diagnostic> {
    // A keyword that was read as one is not misspelt.
    if matches!(t.kind(0), Some(T::Keyword(_))) {
        return None;
    }
    let (span, keyword) = misspelt(t.source, t.tokens)?;
    Some(misspelt_keyword(span, spelling(keyword)))
}

/// The keyword that a line probably should begin with.
pub(in crate::syntax) fn misspelt(source: &str, tokens: &[Token]) -> Option<(Span, Keyword)> {
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

pub(in crate::syntax) fn misspelt_keyword(span: Span, wanted: &str) -> Diagnostic {
    Diagnostic::error(codes::MISSPELT, span, "this looks like a misspelt keyword")
        .label(format!("did you mean `{wanted}`?"))
        .help(format!("write `{wanted}`"))
}

/// Whether a text is a keyword but for one letter, or for its spaces.
pub(in crate::syntax) fn is_slip(text: &str, keyword: &str) -> bool {
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
pub(in crate::syntax) fn one_slip(a: &[char], b: &[char]) -> bool {
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

/// Whether a name could be one of the words that are looked for: most are told apart by their length and
/// first letter.
pub(in crate::syntax) fn is_suspect(name: &str) -> bool {
    let Some(&first) = name.as_bytes().first() else {
        return false;
    };
    let alike = |word: &str| {
        word.as_bytes().first().is_some_and(|known| known.eq_ignore_ascii_case(&first))
            && word.len().abs_diff(name.len()) <= 2
    };
    !first.is_ascii()
        || name.contains(char::is_whitespace)
        || name.eq_ignore_ascii_case("switch")
        || name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("el"))
        || KEYWORDS.iter().any(|(_, word)| alike(word))
        || FRENCH.iter().any(|(word, _)| alike(word))
}

/// Whether a line is built as one with this keyword is: with brackets, or alone.
pub(in crate::syntax) fn is_shaped_like(keyword: Keyword, tokens: &[Token]) -> bool {
    match keyword {
        Keyword::While | Keyword::Until | Keyword::ForEach => {
            tokens.get(1).is_some_and(|token| token.kind == T::OpenParen)
        }
        Keyword::Return => true,
        keyword => keyword.stands_alone() && tokens.len() == 1,
    }
}

/// A slip that makes no other word: `Match` is not meant to be `Catch`.
pub(in crate::syntax) fn is_plain_slip(name: &str, keyword: &str) -> bool {
    let first = |text: &str| text.chars().next().map(|c| c.to_ascii_lowercase());
    keyword.len() > 3 && first(name) == first(keyword)
}

/// Words that begin a declaration in other languages.
pub(in crate::syntax) fn is_foreign_declaration(word: &str) -> bool {
    ["let", "const", "dim", "auto", "set"].iter().any(|foreign| word.eq_ignore_ascii_case(foreign))
}

/// `let $a:=1`, `Dim $a As Integer`
pub(in crate::syntax) fn foreign_declaration(t: &Trouble) -> Option<Diagnostic> {
    let first = t.kind(0) == Some(T::Name) && t.at == 1 && is_foreign_declaration(t.text(0));
    first.then(|| no_declaration(t.span(0), t.text(0)))
}

pub(in crate::syntax) fn no_declaration(span: Span, word: &str) -> Diagnostic {
    let help = if word.eq_ignore_ascii_case("set") {
        "a value is assigned by `:=` alone: `$a:=1`"
    } else {
        "a variable is declared by `var $name : Type`, and assigned by `:=`"
    };
    Diagnostic::error(codes::FOREIGN_WORD, span, format!("4D has no `{word}`"))
        .label("remove this")
        .help(help)
}

/// What closes a block in other languages.
pub(in crate::syntax) fn is_foreign_closer(word: &str) -> bool {
    ["end", "next", "wend", "loop", "fi", "done", "esac", "end select", "end switch"]
        .iter()
        .any(|foreign| word.eq_ignore_ascii_case(foreign))
}
