//! Values as a person reads them: literals of the language where there are any, shortened where they
//! are long.

use fourd::value::{Value, convert, number_to_text};

/// Lines longer than this are broken at their elements.
const WIDTH: usize = 76;
/// Elements shown of one object, collection or array.
const ELEMENTS: usize = 24;
/// Elements of up to this many characters share lines.
const SHORT: usize = 12;
/// Objects in objects shown.
const DEPTH: usize = 5;
/// Characters shown of a text.
const CHARACTERS: usize = 400;

/// A value as text without a line end.
pub(super) fn shown(value: &Value) -> String {
    show(value, 0)
}

/// The same on one line of at most `width` characters.
pub(super) fn shown_in_line(value: &Value, width: usize) -> String {
    let whole: Vec<String> = shown(value).lines().map(|line| line.trim().to_owned()).collect();
    let whole = whole.join(" ");
    if whole.chars().count() <= width {
        return whole;
    }
    whole.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}

fn show(value: &Value, depth: usize) -> String {
    match value {
        Value::Undefined => "Undefined".to_owned(),
        Value::Null => "Null".to_owned(),
        Value::Boolean(true) => "True".to_owned(),
        Value::Boolean(false) => "False".to_owned(),
        Value::Integer(number) => number.to_string(),
        Value::Real(number) => number_to_text(*number).to_string(),
        Value::Text(text) => quoted(text.as_str()),
        Value::Date(_) => format!("!{}!", iso_date(value)),
        Value::Time(_) => format!("?{}?", plain(value)),
        Value::Blob(blob) => format!("/* blob of {} bytes */", blob.as_slice().len()),
        Value::Pointer(_) => "/* pointer */".to_owned(),
        Value::Array(array) => {
            let elements = (1..=array.len() as i64).take(ELEMENTS + 1);
            let elements =
                elements.map(|at| array.get(at).map_or_else(|_| "…".to_owned(), |v| show(&v, depth + 1)));
            let elements: Vec<String> = elements.collect();
            format!("/* array */ {}", bracketed('[', ']', elements, array.len(), depth))
        }
        Value::Object(object) => {
            let class = object.class().map(|class| class.name.to_string());
            if depth >= DEPTH {
                return if object.is_empty() { "{}".to_owned() } else { "{…}".to_owned() };
            }
            let entries = object.entries();
            let count = entries.len();
            let parts = entries.iter().take(ELEMENTS + 1);
            let parts = parts.map(|(key, value)| format!("{}: {}", key.as_str(), show(value, depth + 1)));
            let text = bracketed('{', '}', parts.collect(), count, depth);
            class
                .filter(|class| class != "Object")
                .map_or(text.clone(), |class| format!("/* {class} */ {text}"))
        }
        Value::Collection(items) => {
            let shown = (0..items.len().min(ELEMENTS + 1)).map(|at| show(&items.get_fast(at), depth + 1));
            nested('[', ']', shown.collect(), items.len(), depth)
        }
        Value::SharedObject(object) => {
            let entries = object.entries();
            let parts = entries.iter().take(ELEMENTS + 1);
            let parts =
                parts.map(|(key, value)| format!("{}: {}", key.as_str(), show(&value.to_value(), depth + 1)));
            format!("/* shared */ {}", nested('{', '}', parts.collect(), entries.len(), depth))
        }
        Value::SharedCollection(items) => {
            let all = items.to_vec();
            let parts = all.iter().take(ELEMENTS + 1).map(|value| show(&value.to_value(), depth + 1));
            format!("/* shared */ {}", nested('[', ']', parts.collect(), all.len(), depth))
        }
        Value::Cell(cell) => show(&cell.get(), depth),
        Value::Special(_) => "Null".to_owned(),
    }
}

fn nested(open: char, close: char, parts: Vec<String>, count: usize, depth: usize) -> String {
    if depth >= DEPTH && count > 0 {
        return format!("{open}…{close}");
    }
    bracketed(open, close, parts, count, depth)
}

/// Elements on one line if they fit; else one a line, or as many as fit if all are short.
fn bracketed(open: char, close: char, mut parts: Vec<String>, count: usize, depth: usize) -> String {
    if count > ELEMENTS {
        parts.truncate(ELEMENTS);
        parts.push(format!("… {} more", count - ELEMENTS));
    }
    let length: usize = parts.iter().map(|part| part.chars().count() + 2).sum();
    if length + 2 * depth <= WIDTH && !parts.iter().any(|part| part.contains('\n')) {
        return format!("{open}{}{close}", parts.join("; "));
    }
    let indent = "  ".repeat(depth + 1);
    let short = parts.iter().all(|part| part.chars().count() <= SHORT);
    let lines = if short { filled(&parts, indent.len()) } else { parts };
    let lines = lines.join(&format!(";\n{indent}"));
    format!("{open}\n{indent}{lines}\n{}{close}", "  ".repeat(depth))
}

/// Elements joined to lines of at most `WIDTH` characters.
fn filled(parts: &[String], indent: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if indent + line.chars().count() + part.chars().count() + 3 <= WIDTH => {
                line.push_str("; ");
                line.push_str(part);
            }
            _ => lines.push(part.clone()),
        }
    }
    lines
}

fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    let count = text.chars().count();
    for c in text.chars().take(CHARACTERS) {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out.push('"');
    if count > CHARACTERS {
        out.push_str(&format!(" … {count} characters"));
    }
    out
}

fn plain(value: &Value) -> String {
    convert::to_text(value).map(|text| text.to_string()).unwrap_or_default()
}

fn iso_date(value: &Value) -> String {
    match value {
        Value::Date(date) => date.to_string(),
        other => plain(other),
    }
}

/// The name of a value's type.
pub(super) fn type_name(value: &Value) -> String {
    let name = match value {
        Value::Undefined => "Undefined",
        Value::Null | Value::Special(_) => "Null",
        Value::Boolean(_) => "Boolean",
        Value::Integer(_) => "Integer",
        Value::Real(_) => "Real",
        Value::Date(_) => "Date",
        Value::Time(_) => "Time",
        Value::Text(_) => "Text",
        Value::Blob(_) => "Blob",
        Value::Pointer(_) => "Pointer",
        Value::Array(_) => "Array",
        Value::Object(object) => {
            return object.class().map_or_else(|| "Object".to_owned(), |class| class.name.to_string());
        }
        Value::SharedObject(object) => {
            let class = object.class().map_or_else(|| "Object".to_owned(), |class| class.name.to_string());
            return format!("shared {class}");
        }
        Value::Collection(_) => "Collection",
        Value::SharedCollection(_) => "shared Collection",
        Value::Cell(cell) => return type_name(&cell.get()),
    };
    name.to_owned()
}
