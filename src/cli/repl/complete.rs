//! What the text before the cursor may become: names of the language and the program, members of a
//! value, variables, dot-commands.

use super::command::NAMES;
use super::interpreter::Interpreter;
use fourd::catalog;
use fourd::value::Value;

/// More than a person looks through.
const MOST: usize = 200;
/// More words than any name has.
const WORDS: usize = 8;

/// Where the name that is being written begins, and what it may become.
pub(super) fn completions(interpreter: &Interpreter, before: &str) -> (usize, Vec<String>) {
    if before.starts_with('.') && !before.contains(' ') {
        let names = NAMES.iter().map(|(name, ..)| format!(".{name}"));
        return (0, names.filter(|name| name.starts_with(before)).collect());
    }
    let word = before.rfind(|c: char| !is_name(c)).map_or(0, |at| at + char_at(before, at));
    let (head, part) = before.split_at(word);
    if head.ends_with('$') {
        return (word - 1, variables(interpreter, &before[word - 1..]));
    }
    if let Some(owner) = head.strip_suffix('.') {
        return (word, members(interpreter, owner, part));
    }
    names(interpreter, before, word)
}

fn char_at(text: &str, at: usize) -> usize {
    text[at..].chars().next().map_or(1, char::len_utf8)
}

fn is_name(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

fn variables(interpreter: &Interpreter, part: &str) -> Vec<String> {
    let all = interpreter.engine.shared().program.process_variable_names();
    let all = all.iter().map(|name| name.to_string());
    sorted(all.filter(|name| name.starts_with('$') && begins(name, part)))
}

/// Names with blanks: the longest run of words before the cursor that a name begins with.
fn names(interpreter: &Interpreter, before: &str, word: usize) -> (usize, Vec<String>) {
    let mut starts = vec![word];
    let mut rest = before[..word].trim_end_matches(' ');
    while starts.len() < WORDS && rest.len() < before.len() && rest.ends_with(is_name) {
        let start = rest.rfind(|c: char| !is_name(c)).map_or(0, |at| at + char_at(rest, at));
        starts.push(start);
        rest = rest[..start].trim_end_matches(' ');
    }
    for &start in starts.iter().rev() {
        let part = &before[start..];
        if part.is_empty() {
            continue;
        }
        let found = starting_with(interpreter, part);
        if !found.is_empty() {
            return (start, found);
        }
    }
    (word, Vec::new())
}

fn starting_with(interpreter: &Interpreter, part: &str) -> Vec<String> {
    const KEYWORDS: [&str; 18] = [
        "If",
        "Else",
        "End if",
        "Case of",
        "End case",
        "For",
        "End for",
        "For each",
        "End for each",
        "While",
        "End while",
        "Repeat",
        "Until",
        "Use",
        "End use",
        "Try",
        "Catch",
        "End try",
    ];
    let program = &interpreter.engine.shared().program;
    let own = program.method_names().into_iter().map(|name| name.to_string());
    let commands = catalog::commands().map(|command| command.name.to_owned());
    let constants = catalog::constants().map(|(_, constant)| constant.name.to_owned());
    let keywords = KEYWORDS.iter().map(|word| (*word).to_owned());
    sorted(keywords.chain(own).chain(commands).chain(constants).filter(|name| begins(name, part)))
}

/// Members of the value of a simple path, or of a class.
fn members(interpreter: &Interpreter, owner: &str, part: &str) -> Vec<String> {
    let start =
        owner.rfind(|c: char| !is_name(c) && !matches!(c, '.' | '$')).map_or(0, |at| at + char_at(owner, at));
    let path = &owner[start..];
    let names: Vec<String> = match path {
        "cs" => {
            interpreter.engine.shared().program.class_names().iter().map(|name| name.to_string()).collect()
        }
        "4D" => {
            let all = catalog::classes().iter();
            all.filter_map(|class| class.name.strip_prefix("4D.").map(str::to_owned)).collect()
        }
        _ => value_at(interpreter, path).map(|value| members_of(&value)).unwrap_or_default(),
    };
    sorted(names.into_iter().filter(|name| begins(name, part)))
}

/// The value at `$a.b.c`, read without running anything.
fn value_at(interpreter: &Interpreter, path: &str) -> Option<Value> {
    let mut parts = path.split('.');
    let mut value = interpreter.process.variable(parts.next()?);
    for part in parts {
        value = match value {
            Value::Object(object) => object.get(part),
            Value::SharedObject(object) => object.get(part)?.to_value(),
            _ => return None,
        };
    }
    Some(value)
}

fn members_of(value: &Value) -> Vec<String> {
    let of_class = |name: &str| {
        let members = catalog::class(name).map(|class| class.members).unwrap_or_default();
        members.iter().map(|member| member.name.to_owned()).collect::<Vec<_>>()
    };
    match value {
        Value::Object(object) => {
            let own = object.keys().into_iter().map(|key| key.to_string());
            let class = object.class();
            let mut of = class.as_ref().map(|class| of_class(class.name.as_str())).unwrap_or_default();
            of.extend(own);
            of
        }
        Value::SharedObject(object) => object.keys().into_iter().map(|key| key.to_string()).collect(),
        Value::Collection(_) | Value::SharedCollection(_) => of_class("Collection"),
        _ => Vec::new(),
    }
}

fn begins(name: &str, part: &str) -> bool {
    name.get(..part.len()).is_some_and(|start| start.eq_ignore_ascii_case(part))
}

fn sorted(names: impl Iterator<Item = String>) -> Vec<String> {
    let mut names: Vec<String> = names.collect();
    names.sort_by_cached_key(|name| name.to_lowercase());
    names.dedup();
    names.truncate(MOST);
    names
}
