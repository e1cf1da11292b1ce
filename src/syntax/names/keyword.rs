//! The words with a meaning of their own.

use crate::syntax::token::Keyword;

/// The keyword that a word and the ones after it make, and of how many words it is.
/// `next(n)` gives the n-th word after the first, if it stands right there.
pub(super) fn keyword<'a>(first: &str, next: impl Fn(usize) -> Option<&'a str>) -> Option<(Keyword, usize)> {
    // Most names end here: no keyword is longer, and few begin with the same letter.
    if !(2..=8).contains(&first.len()) {
        return None;
    }
    let is = |word: &str| first.eq_ignore_ascii_case(word);
    let then = |n: usize, word: &str| next(n).is_some_and(|found| found.eq_ignore_ascii_case(word));
    let one = |keyword| Some((keyword, 1));
    match first.as_bytes().first()? | 0x20 {
        b'i' if is("if") => one(Keyword::If),
        b'e' if is("else") => one(Keyword::Else),
        b'e' if is("end") => end(next(1)?, next(2)),
        b'c' if is("case") && then(1, "of") => Some((Keyword::CaseOf, 2)),
        b'c' if is("catch") => one(Keyword::Catch),
        b'c' if is("continue") => one(Keyword::Continue),
        b'c' if is("class") && then(1, "constructor") => Some((Keyword::ClassConstructor, 2)),
        b'c' if is("class") && then(1, "extends") => Some((Keyword::ClassExtends, 2)),
        b'w' if is("while") => one(Keyword::While),
        b'r' if is("repeat") => one(Keyword::Repeat),
        b'r' if is("return") => one(Keyword::Return),
        b'u' if is("until") => one(Keyword::Until),
        b'u' if is("use") => one(Keyword::Use),
        b'f' if is("for") && then(1, "each") => Some((Keyword::ForEach, 2)),
        b'f' if is("for") => one(Keyword::For),
        b'f' if is("function") => one(Keyword::Function),
        b't' if is("try") => one(Keyword::Try),
        b'b' if is("break") => one(Keyword::Break),
        b'b' if is("begin") && then(1, "sql") => Some((Keyword::BeginSql, 2)),
        b'v' if is("var") => one(Keyword::Var),
        b'p' if is("property") => one(Keyword::Property),
        b'a' if is("alias") => one(Keyword::Alias),
        _ => None,
    }
}

/// The keywords that begin with `End`.
fn end(second: &str, third: Option<&str>) -> Option<(Keyword, usize)> {
    let is = |word: &str| second.eq_ignore_ascii_case(word);
    let two = |keyword| Some((keyword, 2));
    match () {
        () if is("if") => two(Keyword::EndIf),
        () if is("case") => two(Keyword::EndCase),
        () if is("while") => two(Keyword::EndWhile),
        () if is("use") => two(Keyword::EndUse),
        () if is("try") => two(Keyword::EndTry),
        () if is("sql") => two(Keyword::EndSql),
        () if is("for") && third.is_some_and(|t| t.eq_ignore_ascii_case("each")) => {
            Some((Keyword::EndForEach, 3))
        }
        () if is("for") => two(Keyword::EndFor),
        () => None,
    }
}

/// A word that may stand before `Function`, `Class constructor` or `Alias`.
pub(super) fn is_modifier(word: &str) -> bool {
    ["shared", "session", "singleton", "exposed", "local", "server", "onHTTPGet"]
        .iter()
        .any(|modifier| modifier.eq_ignore_ascii_case(word))
}
