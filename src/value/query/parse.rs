//! Query text → tree.

use super::cursor::Cursor;
use super::{Comparator, Condition, Elements, Operand, OrderBy, PathRef, Placeholder, Query, Segment};
use crate::value::{Date, ErrorCode, Fault, Result, Text, Value};

/// Brackets and `not` nested deeper than this are an error.
const MAX_DEPTH: usize = 200;

/// Reads a query text.
///
/// # Errors
/// What does not belong there, in words.
pub fn parse(text: &str) -> Result<Query> {
    let mut cursor = Cursor { rest: text };
    let mut query = Query::default();
    if !at_order(&cursor) {
        query.condition = Some(any_of(&mut cursor, 0)?);
    }
    if cursor.words("order", "by") {
        query.order = order(&mut cursor)?;
    }
    cursor.skip_spaces();
    if cursor.rest.is_empty() { Ok(query) } else { Err(unexpected(&cursor, "the end")) }
}

fn at_order(cursor: &Cursor<'_>) -> bool {
    cursor.clone().words("order", "by")
}

fn unexpected(cursor: &Cursor<'_>, expected: &str) -> Fault {
    let found: String = cursor.rest.trim_start().chars().take(24).collect();
    let found = if found.is_empty() { "the text ends".to_owned() } else { format!("there is `{found}`") };
    bad(&format!("{expected} is expected where {found}"))
}

fn bad(what: &str) -> Fault {
    Fault::new(ErrorCode::ArgumentType, format!("The query cannot be read: {what}"))
}

/// Conditions joined by `or`.
fn any_of(cursor: &mut Cursor<'_>, depth: usize) -> Result<Condition> {
    let mut all = vec![all_of(cursor, depth)?];
    while cursor.symbol("||") || cursor.symbol("|") || cursor.word("or") {
        all.push(all_of(cursor, depth)?);
    }
    Ok(single_or(all, Condition::Or))
}

/// Conditions joined by `and`, and by `except`, which is `and not`.
fn all_of(cursor: &mut Cursor<'_>, depth: usize) -> Result<Condition> {
    let mut all = vec![one(cursor, depth)?];
    loop {
        if cursor.symbol("&&") || cursor.symbol("&") || cursor.word("and") {
            all.push(one(cursor, depth)?);
        } else if cursor.word("except") || cursor.symbol("^") {
            all.push(Condition::Not(Box::new(one(cursor, depth)?)));
        } else {
            return Ok(single_or(all, Condition::And));
        }
    }
}

fn single_or(mut all: Vec<Condition>, join: fn(Vec<Condition>) -> Condition) -> Condition {
    match all.len() {
        1 => all.pop().unwrap_or(Condition::And(Vec::new())),
        _ => join(all),
    }
}

fn one(cursor: &mut Cursor<'_>, depth: usize) -> Result<Condition> {
    if depth > MAX_DEPTH {
        return Err(bad("it is nested too deeply"));
    }
    if cursor.word("not") {
        return Ok(Condition::Not(Box::new(one(cursor, depth + 1)?)));
    }
    if cursor.symbol("(") {
        let inner = any_of(cursor, depth + 1)?;
        return if cursor.symbol(")") { Ok(inner) } else { Err(unexpected(cursor, "`)`")) };
    }
    if let Some(formula) = formula(cursor)? {
        return Ok(Condition::Formula(formula));
    }
    comparison(cursor)
}

/// `eval(expression)`
fn formula(cursor: &mut Cursor<'_>) -> Result<Option<Text>> {
    let start = cursor.rest;
    if !(cursor.word("eval") && cursor.symbol("(")) {
        cursor.rest = start;
        return Ok(None);
    }
    let mut open = 0usize;
    let mut quoted = false;
    let text = cursor.take_until(|cursor| {
        match cursor.peek() {
            Some('"') => quoted = !quoted,
            Some('(') if !quoted => open += 1,
            Some(')') if !quoted && open == 0 => return true,
            Some(')') if !quoted => open -= 1,
            _ => {}
        }
        false
    });
    if cursor.symbol(")") { Ok(Some(Text::from(text.trim()))) } else { Err(unexpected(cursor, "`)`")) }
}

fn comparison(cursor: &mut Cursor<'_>) -> Result<Condition> {
    let path = path(cursor)?;
    let Some(comparator) = comparator(cursor) else {
        return match path {
            PathRef::Placeholder(placeholder) => Ok(Condition::FormulaPlaceholder(placeholder)),
            PathRef::Path(_) => Err(unexpected(cursor, "a comparator such as `=`")),
        };
    };
    let value = operand(cursor)?;
    Ok(Condition::Compare { path, comparator, value })
}

fn comparator(cursor: &mut Cursor<'_>) -> Option<Comparator> {
    use Comparator as C;
    const SYMBOLS: [(&str, Comparator); 11] = [
        ("===", C::Identical),
        ("!==", C::NotIdentical),
        ("==", C::Equal),
        ("!=", C::NotEqual),
        ("<=", C::LessOrEqual),
        (">=", C::GreaterOrEqual),
        ("=", C::Equal),
        ("#", C::NotEqual),
        ("<", C::Less),
        (">", C::Greater),
        ("%", C::Keyword),
    ];
    if cursor.words("is", "not") {
        return Some(C::NotIdentical);
    }
    if cursor.words("not", "in") {
        return Some(C::NotIn);
    }
    let words = [("is", C::Identical), ("in", C::In), ("begin", C::Begins)];
    if let Some((_, found)) = words.into_iter().find(|(word, _)| cursor.word(word)) {
        return Some(found);
    }
    SYMBOLS.into_iter().find(|(symbol, _)| cursor.symbol(symbol)).map(|(_, found)| found)
}

fn path(cursor: &mut Cursor<'_>) -> Result<PathRef> {
    cursor.skip_spaces();
    match cursor.peek() {
        Some(':') => return placeholder(cursor).map(PathRef::Placeholder),
        Some('\'' | '"') => {
            let name = quoted(cursor)?;
            return Ok(PathRef::Path(vec![Segment { name, elements: Elements::No }]));
        }
        _ => {}
    }
    // Names may hold spaces: the path ends at a comparator, be it a symbol or a word of its own.
    let mut spaced = false;
    let text = cursor.take_until(|cursor| {
        let next = cursor.peek().unwrap_or(' ');
        let word = spaced
            && (["in", "is", "begin"].iter().any(|word| cursor.at_word(word))
                || cursor.clone().words("not", "in"));
        spaced = next.is_whitespace();
        word || "=!#<>%()&|,".contains(next)
    });
    if text.trim().is_empty() {
        return Err(unexpected(cursor, "a property path"));
    }
    parse_path(text).map(PathRef::Path)
}

/// Reads a property path such as `address.lines[].text`.
///
/// # Errors
/// Empty names and brackets that do not fit.
pub fn parse_path(text: &str) -> Result<Vec<Segment>> {
    text.split('.').map(|part| segment(part.trim(), text)).collect()
}

fn segment(part: &str, path: &str) -> Result<Segment> {
    let wrong = || bad(&format!("`{}` is no property path", path.trim()));
    let (name, elements) = match part.split_once('[') {
        None => (part, Elements::No),
        Some((name, brackets)) => {
            let inside = brackets.trim_end().strip_suffix(']').ok_or_else(wrong)?.trim();
            let mut letters = inside.chars();
            match (letters.next(), letters.next()) {
                (None, _) => (name, Elements::Any),
                (Some(letter), None) if letter.is_ascii_alphabetic() => {
                    (name, Elements::Linked(letter.to_ascii_lowercase()))
                }
                _ => return Err(wrong()),
            }
        }
    };
    // `roles{2}`: another reference to a relation; without relations it says nothing
    let name = match name.split_once('{') {
        Some((name, number)) if number.trim_end().ends_with('}') => name,
        Some(_) => return Err(wrong()),
        None => name,
    };
    let name = name.trim();
    if name.is_empty() { Err(wrong()) } else { Ok(Segment { name: Text::from(name), elements }) }
}

fn placeholder(cursor: &mut Cursor<'_>) -> Result<Placeholder> {
    cursor.symbol(":");
    let name = cursor.take_until(|cursor| !cursor.peek().is_some_and(|c| c.is_alphanumeric() || c == '_'));
    match name.parse::<usize>() {
        Ok(index) if index > 0 => Ok(Placeholder::Index(index)),
        Ok(_) => Err(bad("placeholders are counted from :1")),
        Err(_) if name.is_empty() => Err(unexpected(cursor, "the name of a placeholder")),
        Err(_) => Ok(Placeholder::Name(Text::from(name))),
    }
}

/// A text in quotes; between double quotes a `\` lets the next character stand for itself.
fn quoted(cursor: &mut Cursor<'_>) -> Result<Text> {
    let quote = cursor.next().unwrap_or('\'');
    let mut text = String::new();
    loop {
        match cursor.next() {
            None => return Err(bad(&format!("a closing {quote} is missing"))),
            Some(end) if end == quote => return Ok(Text::from(text)),
            Some('\\') if quote == '"' => text.extend(cursor.next()),
            Some(other) => text.push(other),
        }
    }
}

fn operand(cursor: &mut Cursor<'_>) -> Result<Operand> {
    cursor.skip_spaces();
    match cursor.peek() {
        Some('[') => {
            cursor.next();
            list(cursor)
        }
        _ => item(cursor, false),
    }
}

fn list(cursor: &mut Cursor<'_>) -> Result<Operand> {
    let mut items = Vec::new();
    if cursor.symbol("]") {
        return Ok(Operand::List(items));
    }
    loop {
        items.push(item(cursor, true)?);
        if cursor.symbol("]") {
            return Ok(Operand::List(items));
        }
        if !cursor.symbol(",") {
            return Err(unexpected(cursor, "`,` or `]`"));
        }
    }
}

/// A placeholder or a constant; in a list, one without quotes ends at `,` or `]`.
fn item(cursor: &mut Cursor<'_>, in_list: bool) -> Result<Operand> {
    cursor.skip_spaces();
    match cursor.peek() {
        Some(':') => return placeholder(cursor).map(Operand::Placeholder),
        Some('\'' | '"') => {
            return Ok(Operand::Constant { value: Value::Text(quoted(cursor)?), text: None });
        }
        _ => {}
    }
    let mut spaced = false;
    let text = cursor.take_until(|cursor| {
        let next = cursor.peek().unwrap_or(' ');
        let joins = !in_list
            && spaced
            && (["and", "or", "except"].iter().any(|word| cursor.at_word(word)) || at_order(cursor));
        spaced = next.is_whitespace();
        joins || if in_list { ",]".contains(next) } else { "&|)".contains(next) }
    });
    let text = text.trim();
    if text.is_empty() {
        return Err(unexpected(cursor, "a value"));
    }
    Ok(Operand::Constant { value: constant(text), text: Some(Text::from(text)) })
}

/// What a constant without quotes is.
fn constant(text: &str) -> Value {
    match text {
        "true" => return Value::Boolean(true),
        "false" => return Value::Boolean(false),
        _ if text.eq_ignore_ascii_case("null") => return Value::Null,
        _ => {}
    }
    if let Some(date) = iso_date(text) {
        return Value::Date(date);
    }
    if text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) {
        if let Ok(whole) = text.parse::<i32>() {
            return Value::Integer(whole);
        }
        if let Ok(real) = text.parse::<f64>() {
            return Value::Real(real);
        }
    }
    Value::from(text)
}

/// `YYYY-MM-DD`
pub(crate) fn iso_date(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let shape = bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape {
        return None;
    }
    let number = |range: std::ops::Range<usize>| text.get(range)?.parse().ok();
    Date::new(text.get(..4)?.parse().ok()?, number(5..7)?, number(8..10)?)
}

fn order(cursor: &mut Cursor<'_>) -> Result<Vec<OrderBy>> {
    let mut all = Vec::new();
    loop {
        cursor.skip_spaces();
        let path = match cursor.peek() {
            Some(':') => PathRef::Placeholder(placeholder(cursor)?),
            _ => {
                let text = cursor.take_until(|c| c.peek().is_none_or(|c| c.is_whitespace() || c == ','));
                PathRef::Path(parse_path(text)?)
            }
        };
        let descending = cursor.word("desc");
        if !descending {
            cursor.word("asc");
        }
        all.push(OrderBy { path, descending });
        if !cursor.symbol(",") {
            return Ok(all);
        }
    }
}
