//! Declarations: types, parameters, results and names of functions that are not written as 4D has them.

use super::Trouble;
use crate::syntax::ast::{Signature, TypeRef, VarGroup};
use crate::syntax::codes;
use crate::syntax::lines::place;
use crate::syntax::token::{Keyword as K, TokenKind as T};
use crate::text::{Diagnostic, Name, Span};

/// Whether the line declares something.
fn declares(t: &Trouble) -> bool {
    let declaring =
        [K::Var, K::Declare, K::Property, K::Function, K::ClassConstructor, K::ClassExtends].map(T::Keyword);
    t.tokens.iter().take(4).any(|token| declaring.contains(&token.kind))
}

/// `var $a :`, `Class extends`
pub(in crate::syntax) fn type_missing(t: &Trouble) -> Option<Diagnostic> {
    if !declares(t) {
        return None;
    }
    let before = t.at.checked_sub(1)?;
    let found = |message: &str, help: &str| {
        let found = Diagnostic::error(codes::TYPE_MISSING, t.span(before), message);
        Some(found.label("expected behind this").help(help))
    };
    match t.kind(before)? {
        T::Colon => found("a type is missing after `:`", "write a type, as in `: Text`, or remove the `:`"),
        T::Keyword(K::ClassExtends) => {
            found("a class is missing after `Class extends`", "write the name of the parent class behind it")
        }
        _ => None,
    }
}

/// Parameters, results and names in the order or with the signs of other languages.
pub(in crate::syntax) fn declaration(t: &Trouble) -> Option<Diagnostic> {
    let before = t.at.checked_sub(1)?;
    if !declares(t) {
        return None;
    }
    let found = |span: Span, message: String, label: &str, help: String| {
        Some(Diagnostic::error(codes::DECLARATION, span, message).label(label).help(help))
    };
    let (left, right) = (t.text(before), t.text(t.at));
    match (t.kind(before)?, t.kind(t.at)?) {
        (T::CloseParen, T::Local | T::Name) => found(
            t.span(t.at),
            format!("`->` is missing before `{right}`"),
            "expected `->` before this",
            format!("a result is written `-> {right} : Type`, or only `: Type`"),
        ),
        (T::Local, T::Local) => found(
            t.span(t.at),
            format!("`;` is missing between `{left}` and `{right}`"),
            "expected `;` before this",
            format!("write `{left}; {right}`"),
        ),
        (T::Name | T::Command(_) | T::Constant(_), T::Local) => found(
            t.span(before),
            format!("a type stands behind the name, not before `{right}`"),
            "expected behind the name",
            format!("write `{right} : {left}`"),
        ),
        (_, T::Equal | T::Assign) if t.open_bracket(t.at).is_some() => found(
            t.span(t.at),
            "a parameter has no default value".to_owned(),
            "cannot stand here",
            "give it one in the code, as in `If (Count parameters<2)`".to_owned(),
        ),
        (_, T::Colon) if t.tokens[..t.at].iter().any(|token| token.kind == T::Assign) => found(
            t.span(t.at),
            "the type stands before the value".to_owned(),
            "too late for a type",
            "write `var $name : Type:=value`".to_owned(),
        ),
        _ if t.expected.contains(&"a function name") => found(
            t.span(t.at),
            "this is no name of a function".to_owned(),
            "not one word",
            "a name is one word; before it can stand `get`, `set`, `query`, `orderBy` or `event` and its kind"
                .to_owned(),
        ),
        _ => None,
    }
}

/// A line of a class that cannot be read as one.
pub(in crate::syntax) fn class_head(t: &Trouble) -> Option<Diagnostic> {
    let is_line = t.kind(0) == Some(T::Name) && t.at > 0;
    if is_line { class_line(t.source, place(t.tokens)) } else { None }
}

/// `Function ($a : Text)`, `constructor(…)`, `Class Person`, `public Function f`
pub(in crate::syntax) fn class_line(source: &str, span: Span) -> Option<Diagnostic> {
    let text = source.get(span.range())?;
    let end = text.find(|c: char| !c.is_alphanumeric()).unwrap_or(text.len());
    let (first, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let place = Span::new(span.start, span.start + end as u32);
    let found = |message: String, label: &str, help: &str| {
        Some(Diagnostic::error(codes::CLASS_LINE, place, message).label(label).help(help))
    };
    let functions = |rest: &str| {
        let words: Vec<String> = rest.split_whitespace().take(3).map(str::to_lowercase).collect();
        words.iter().any(|word| word == "function")
    };
    match first.to_ascii_lowercase().as_str() {
        "function" if rest.starts_with('(') => found(
            "this function has no name".to_owned(),
            "expected a name behind this",
            "write `Function name(…)`",
        ),
        "constructor" if rest.starts_with('(') || rest.is_empty() => found(
            "a constructor begins with `Class constructor`".to_owned(),
            "write `Class constructor`",
            "write `Class constructor(…)`",
        ),
        "class" => found(
            "a class is not named in its file".to_owned(),
            "remove this line",
            "a class has the name of its file; `Class extends` names its parent",
        ),
        "public" | "private" | "protected" | "static" | "async" | "override" if functions(rest) => found(
            format!("4D has no `{first}` before functions"),
            "remove this",
            "before `Function` can stand `exposed`, `local`, `server`, `shared` and `session`",
        ),
        _ => None,
    }
}

const TYPES: &[&str] = &[
    "Text",
    "Integer",
    "Real",
    "Boolean",
    "Object",
    "Collection",
    "Date",
    "Time",
    "Picture",
    "Blob",
    "Variant",
    "Pointer",
];

fn is_type(text: &str) -> bool {
    TYPES.contains(&text)
}

/// `var $a Text`, `var $a As Text`: what reads as a name of several words.
pub(in crate::syntax) fn variables(groups: &[VarGroup]) -> Option<Diagnostic> {
    groups.iter().find_map(|group| {
        let last = group.variables.last()?;
        typed_by_word(&last.name, last.span, group.ty.as_ref())
    })
}

/// The same for parameters and results; and `-> Integer`, a type taken for a name.
pub(in crate::syntax) fn signature(source: &str, signature: &Signature) -> Option<Diagnostic> {
    let parameters = signature.parameters.iter();
    let parameter = parameters.filter_map(|p| typed_by_word(&p.name, p.span, p.ty.as_ref())).next();
    parameter.or_else(|| {
        let result = signature.result.as_ref().filter(|result| result.ty.is_none())?;
        let name = result.name.as_ref()?;
        let dollar = source.get(result.span.range()).is_some_and(|text| text.contains('$'));
        (!dollar && is_type(name)).then(|| {
            Diagnostic::error(codes::DECLARATION, result.span, format!("`{name}` is read as a name here"))
                .label("a type is meant")
                .help(format!("write `: {name}`, or `-> $result : {name}`"))
        })
    })
}

fn typed_by_word(name: &Name, span: Span, ty: Option<&TypeRef>) -> Option<Diagnostic> {
    let (rest, last) = name.rsplit_once(' ')?;
    if ty.is_some() || !is_type(last) {
        return None;
    }
    let rest = match rest.rsplit_once(' ') {
        Some((rest, word)) if word.eq_ignore_ascii_case("as") => rest,
        _ => rest,
    };
    Some(
        Diagnostic::error(codes::DECLARATION, span, "`:` is missing before the type")
            .label("read as one name")
            .help(format!("write `${rest} : {last}`")),
    )
}
