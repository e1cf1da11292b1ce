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

/// Members of what stands before a dot: of a value, of what a command returns, of a class store.
/// Nothing is run to find out.
fn members(interpreter: &Interpreter, owner: &str, part: &str) -> Vec<String> {
    let program = &interpreter.engine.shared().program;
    let names = match path_of(owner) {
        "cs" => program.class_names().iter().map(|name| name.to_string()).collect(),
        "4D" => {
            let all = catalog::classes().iter();
            all.filter_map(|class| class.name.strip_prefix("4D.").map(str::to_owned)).collect()
        }
        path => match value_at(interpreter, path) {
            Some(value) => members_of(&value),
            None => returned_class(owner).map(of_class).unwrap_or_default(),
        },
    };
    sorted(names.into_iter().filter(|name| begins(name, part)))
}

/// The longest path at the end of a text: names, dots and indexes, as `$a.b[0]`.
fn path_of(text: &str) -> &str {
    let inside = |c: char| is_name(c) || matches!(c, '.' | '$' | '[' | ']');
    &text[text.rfind(|c: char| !inside(c)).map_or(0, |at| at + char_at(text, at))..]
}

/// The value at `$a.b[0].c`, read without running anything.
fn value_at(interpreter: &Interpreter, path: &str) -> Option<Value> {
    let mut parts = path.split(['.', '[']);
    let name = parts.next()?;
    let mut value = match name {
        "Storage" => Value::SharedObject(interpreter.engine.shared().runtime.storage().clone()),
        _ => interpreter.process.variable(name),
    };
    for part in parts {
        let index = part.strip_suffix(']').and_then(|digits| digits.parse::<usize>().ok());
        value = match (value, index) {
            (Value::Collection(items), Some(index)) => items.get_fast(index),
            (Value::SharedCollection(items), Some(index)) => items.to_vec().get(index)?.to_value(),
            (Value::Object(object), None) => object.get(part),
            (Value::SharedObject(object), None) => object.get(part)?.to_value(),
            _ => return None,
        };
    }
    (!matches!(value, Value::Undefined)).then_some(value)
}

/// The class of what a command at the end of a text returns: `Session`, `Split string("a b"; " ")`.
fn returned_class(text: &str) -> Option<&'static str> {
    let mut name = text;
    if text.ends_with(')') {
        let mut depth = 0;
        let open = text.char_indices().rev().find(|(_, c)| {
            depth += i32::from(*c == ')') - i32::from(*c == '(');
            depth == 0
        });
        name = text.get(..open?.0)?.trim_end();
    }
    // Names with blanks: the longest one that ends here.
    let starts = name
        .char_indices()
        .filter(|(at, c)| is_name(*c) && !name.get(..*at).unwrap_or_default().ends_with(is_name));
    let mut commands = starts.filter_map(|(at, _)| catalog::command_by_name(name.get(at..)?));
    commands.next()?.info().returns.first().copied()
}

/// The functions and properties of a built-in class.
fn of_class(name: &str) -> Vec<String> {
    let members = catalog::class(name).map(|class| class.members).unwrap_or_default();
    members.iter().map(|member| member.name.to_owned()).collect()
}

fn members_of(value: &Value) -> Vec<String> {
    let (own, class) = match value {
        Value::Object(object) => {
            (object.keys().into_iter().map(|key| key.to_string()).collect(), object.class())
        }
        Value::SharedObject(object) => {
            (object.keys().into_iter().map(|key| key.to_string()).collect(), object.class())
        }
        Value::Collection(_) | Value::SharedCollection(_) => (of_class("Collection"), None),
        _ => (Vec::new(), None),
    };
    let mut all: Vec<String> = own;
    let mut class = class;
    while let Some(of) = class {
        all.extend(of_class(of.name.as_str()));
        let tables = [&of.functions, &of.getters, &of.setters];
        all.extend(tables.iter().flat_map(|table| table.keys()).map(|name| name.to_string()));
        class = of.parent.clone();
    }
    all
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
