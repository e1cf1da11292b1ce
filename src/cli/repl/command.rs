//! The commands of the prompt itself: a dot and a word.

use super::interpreter::{Answer, Interpreter};
use super::sessions;
use super::show::{shown, shown_in_line, type_name};
use fourd::catalog::{self, Command, Needs, Syntax};
use fourd::code::SYSTEM_VARIABLES;
use fourd::project::plain;
use fourd::value::Value;
use std::fmt::Write;
use std::path::Path;

/// Name, parameter and meaning of each.
pub(super) const NAMES: [(&str, &str, &str); 14] = [
    ("help", "[COMMAND]", "this list, or how a command of the language is called"),
    ("load", "FILE", "runs a file as if it had been entered"),
    ("save", "FILE", "writes all entries that ran to a file"),
    ("vars", "", "the variables and their values"),
    ("type", "EXPRESSION", "the type of a value"),
    ("time", "EXPRESSION", "how long it takes to find a value"),
    ("session", "[ID]", "the current session, or the one with an id"),
    ("session open", "NAME", "opens a session for a user and goes on in it"),
    ("session use", "ID", "goes on in another session"),
    ("session close", "[ID]", "ends a session, the current one if there is no id"),
    ("sessions", "", "all sessions"),
    ("clear", "", "forgets all variables"),
    ("quit", "", "ends; so does Ctrl-D"),
    ("exit", "", "the same"),
];

/// What a dot-command says, with a line end.
pub(super) enum Said {
    Text(String),
    Trouble(String),
    Quit,
}

pub(super) fn run(interpreter: &mut Interpreter, line: &str) -> Said {
    let line = line.trim().trim_start_matches('.');
    let (name, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
    let rest = rest.trim();
    match name {
        "help" if rest.is_empty() => Said::Text(list()),
        "help" => help(rest),
        "load" => load(interpreter, rest),
        "save" => save(interpreter, rest),
        "vars" => Said::Text(variables(interpreter)),
        "type" => with_value(interpreter, rest, |value, _| format!("{}\n", type_name(value))),
        "time" => with_value(interpreter, rest, |value, seconds| {
            format!("{}\n{:.3} ms\n", shown(value), seconds * 1000.0)
        }),
        "session" => sessions::run(interpreter, rest),
        "sessions" => Said::Text(sessions::list(interpreter)),
        "clear" => {
            for name in names(interpreter) {
                interpreter.process.reset_variable(&name, Value::Undefined);
            }
            Said::Text(String::new())
        }
        "quit" | "exit" => Said::Quit,
        _ => Said::Trouble(format!("there is no `.{name}`; `.help` lists what there is\n")),
    }
}

fn list() -> String {
    let mut out = String::new();
    for (name, parameter, meaning) in NAMES {
        let _ = writeln!(out, "{:22}{meaning}", format!(".{name} {parameter}"));
    }
    out.push_str("An expression shows its value; `$_` is the last one. Ctrl-C stops what runs.\n");
    out
}

fn help(name: &str) -> Said {
    if let Some(id) = catalog::command_by_name(name) {
        return Said::Text(described(id.info()));
    }
    if let Some(id) = catalog::constant_by_name(name) {
        let constant = id.info();
        return Said::Text(format!("{}: a constant, {:?}\n", constant.name, constant.value));
    }
    if let Some(class) = catalog::class(name) {
        let members: Vec<&str> = class.members.iter().map(|member| member.name).collect();
        return Said::Text(format!("{}: a class with {}\n", class.name, members.join(", ")));
    }
    let lower = name.to_lowercase();
    let alike =
        catalog::commands().map(|command| command.name).filter(|found| found.to_lowercase().contains(&lower));
    let alike: Vec<&str> = alike.take(10).collect();
    let hint = if alike.is_empty() { String::new() } else { format!("; there is {}", alike.join(", ")) };
    Said::Trouble(format!("nothing known is named `{name}`{hint}\n"))
}

fn described(command: &Command) -> String {
    let mut out = format!("{}: command {}", command.name, command.number);
    if !command.theme.is_empty() {
        let _ = write!(out, ", theme {}", command.theme);
    }
    out.push('\n');
    for syntax in command.syntaxes {
        let _ = writeln!(out, "  {}{}", command.name, parameters(syntax));
    }
    if !command.returns.is_empty() {
        let _ = writeln!(out, "  gives {}", command.returns.join(" or "));
    }
    if !command.aliases.is_empty() {
        let _ = writeln!(out, "  older name: {}", command.aliases.join(", "));
    }
    match command.needs {
        Needs::Core => {}
        Needs::Ui => out.push_str("  needs a screen\n"),
        Needs::Db => out.push_str("  needs the classic database engine\n"),
        Needs::Plugin => out.push_str("  needs a plug-in\n"),
    }
    out
}

fn parameters(syntax: &Syntax) -> String {
    let parameters = syntax.parameters.iter().map(|parameter| {
        let types = parameter.types.join("|");
        let repeats = if parameter.repeats { " …" } else { "" };
        let text = if parameter.name == types || types == "Operator" {
            format!("{}{repeats}", parameter.name)
        } else {
            format!("{} : {types}{repeats}", parameter.name)
        };
        if parameter.optional { format!("{{{text}}}") } else { text }
    });
    let parameters: Vec<String> = parameters.collect();
    if parameters.is_empty() { String::new() } else { format!("({})", parameters.join("; ")) }
}

fn load(interpreter: &mut Interpreter, path: &str) -> Said {
    if path.is_empty() {
        return Said::Trouble("`.load` needs the path of a file\n".to_owned());
    }
    let bytes = match interpreter.host().files().read(Path::new(path)) {
        Ok(bytes) => bytes,
        Err(error) => return Said::Trouble(format!("{path}: {}\n", plain(&error))),
    };
    let text = String::from_utf8_lossy(&bytes).into_owned();
    answered(interpreter.run(text.trim_start_matches('\u{FEFF}')))
}

/// What running code comes to.
fn answered(answer: Answer) -> Said {
    match answer {
        Answer::Value(Some(value)) => Said::Text(format!("{}\n", shown(&value))),
        Answer::Value(None) => Said::Text(String::new()),
        Answer::Trouble(report) => Said::Trouble(report),
        Answer::Quit => Said::Quit,
    }
}

fn save(interpreter: &Interpreter, path: &str) -> Said {
    if path.is_empty() {
        return Said::Trouble("`.save` needs the path of a file\n".to_owned());
    }
    let text: String = interpreter.entries.iter().map(|entry| format!("{}\n", entry.trim_end())).collect();
    match interpreter.host().files().write(Path::new(path), text.as_bytes()) {
        Ok(()) => Said::Text(format!("{} entries\n", interpreter.entries.len())),
        Err(error) => Said::Trouble(format!("{path}: {}\n", plain(&error))),
    }
}

/// The variables that have a value.
fn names(interpreter: &Interpreter) -> Vec<String> {
    let names = interpreter.engine.shared().program.process_variable_names();
    // those that 4D keeps are always there
    let mut names: Vec<String> =
        names.iter().skip(SYSTEM_VARIABLES.len()).map(|name| name.to_string()).collect();
    names.retain(|name| !matches!(interpreter.process.variable(name), Value::Undefined));
    names.sort_by_key(|name| name.to_lowercase());
    names
}

fn variables(interpreter: &Interpreter) -> String {
    let mut out = String::new();
    for name in names(interpreter) {
        let value = interpreter.process.variable(&name);
        let _ = writeln!(out, "{name} : {} = {}", type_name(&value), shown_in_line(&value, 60));
    }
    out
}

/// Runs an expression and tells something of its value and of the seconds it took.
fn with_value(interpreter: &mut Interpreter, text: &str, tell: impl Fn(&Value, f64) -> String) -> Said {
    if text.is_empty() {
        return Said::Trouble("an expression is missing\n".to_owned());
    }
    let start = interpreter.host().clock().elapsed();
    let answer = interpreter.run(text);
    let time = interpreter.host().clock().elapsed().saturating_sub(start);
    match answer {
        Answer::Value(value) => Said::Text(tell(&value.unwrap_or_default(), time.as_secs_f64())),
        other => answered(other),
    }
}
