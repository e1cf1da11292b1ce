//! `fourd commands`: help for commands, lists of them, and how many of the calls that programs make
//! are provided. All of it is made from the catalog and the rows of `command`.

use super::args::Commands;
use super::{Exit, refuse};
use fourd::catalog::{self, Command, CommandKind, Needs, Parameter};
use fourd::command;
use fourd::host::{Console, Host};
use std::fmt::Write;

/// Does what `fourd commands` was asked for.
pub(super) fn commands(host: &dyn Host, asked: &Commands) -> Exit {
    let console = host.console();
    if let Some(path) = &asked.coverage {
        return match host.files().read(path) {
            Ok(bytes) => show(console, &coverage(&String::from_utf8_lossy(&bytes))),
            Err(error) => refuse(console, format!("{}: {error}", path.display())),
        };
    }
    let wanted = |command: &&Command| {
        let named = asked.name.as_ref().is_none_or(|name| is_called(command, name));
        named && asked.theme.as_ref().is_none_or(|theme| command.theme.eq_ignore_ascii_case(theme))
    };
    let found: Vec<&Command> = catalog::commands().filter(wanted).collect();
    match (found.is_empty(), &asked.name, &asked.theme) {
        (true, Some(name), _) => refuse(console, format!("there is no command {name:?}")),
        (true, None, Some(theme)) => refuse(console, format!("there is no theme {theme:?}")),
        _ if asked.json => {
            show(console, &found.iter().map(|command| json(command) + "\n").collect::<String>())
        }
        (_, Some(_), _) => show(console, &found.iter().map(|command| help(command)).collect::<String>()),
        _ => show(console, &list(&found)),
    }
}

fn show(console: &dyn Console, text: &str) -> Exit {
    let _ = console.print(text);
    Exit::Success
}

fn is_called(command: &Command, name: &str) -> bool {
    let names = std::iter::once(command.name).chain(command.aliases.iter().copied());
    names.into_iter().any(|known| known.eq_ignore_ascii_case(name))
        || name.strip_prefix(['C', 'c']).is_some_and(|number| number.parse() == Ok(command.number))
}

/// Why a command is or is not there.
fn status(command: &Command) -> &'static str {
    match (command::is_provided(command.number), command.needs) {
        (true, _) => "provided",
        (false, Needs::Core) => "not provided yet",
        (false, Needs::Ui) => "not provided: it needs a screen",
        (false, Needs::Db) => "not provided: it needs the classic record engine",
        (false, Needs::Plugin) => "not provided: it belongs to a plug-in",
    }
}

fn list(found: &[&Command]) -> String {
    found.iter().fold(String::new(), |mut out, command| {
        let _ = writeln!(
            out,
            "{:>5}  {:<45} {:<24} {}",
            command.number,
            command.name,
            command.theme,
            status(command)
        );
        out
    })
}

/// `aText : Text`
fn parameter(parameter: &Parameter) -> String {
    match parameter.name {
        name @ ("*" | ">") => name.to_owned(),
        name => format!("{name} : {}", parameter.types.join(", ")),
    }
}

/// All ways to call a command, one a line.
fn syntaxes(command: &Command) -> Vec<String> {
    let result =
        if command.returns.is_empty() { String::new() } else { format!(" : {}", command.returns.join(", ")) };
    let one = |parameters: &[Parameter]| {
        let mut line = command.name.to_owned();
        let shown = parameters.iter().map(|p| {
            let dots = if p.repeats { " …" } else { "" };
            if p.optional { format!("{{{}{dots}}}", parameter(p)) } else { parameter(p) + dots }
        });
        let shown = shown.collect::<Vec<_>>().join(" ; ");
        if !shown.is_empty() {
            line = format!("{line} ( {shown} )");
        }
        line + &result
    };
    match command.syntaxes {
        [] => vec![one(&[])],
        all => all.iter().map(|syntax| one(syntax.parameters)).collect(),
    }
}

/// The address of a command's page in the documentation.
fn page(command: &Command) -> String {
    let words: Vec<String> = command.name.split_whitespace().map(str::to_lowercase).collect();
    format!("https://developer.4d.com/docs/commands/{}", words.join("-"))
}

fn help(command: &Command) -> String {
    let mut out = String::new();
    for line in syntaxes(command) {
        let _ = writeln!(out, "{line}");
    }
    if let Some(row) = command::describe(command.number) {
        let _ = writeln!(out, "\n  {}", row.help.trim());
    }
    let kind = if command.kind == CommandKind::Function { "function" } else { "procedure" };
    let _ = writeln!(out, "\n  Number {}, {kind} of the theme {}", command.number, command.theme);
    if !command.aliases.is_empty() {
        let _ = writeln!(out, "  Also called {}", command.aliases.join(", "));
    }
    let _ = match command.thread_safe {
        Some(true) => writeln!(out, "  May be called by preemptive processes"),
        Some(false) => writeln!(out, "  May not be called by preemptive processes"),
        None => Ok(()),
    };
    if command.deprecated {
        let _ = writeln!(out, "  Deprecated");
    }
    let _ = writeln!(out, "  {}", sentence(status(command)));
    let _ = writeln!(out, "  {}", page(command));
    out
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

fn json(command: &Command) -> String {
    let row = command::describe(command.number);
    serde_json::json!({
        "number": command.number,
        "name": command.name,
        "aliases": command.aliases,
        "theme": command.theme,
        "syntax": syntaxes(command),
        "help": row.map(|row| row.help.trim()),
        "threadSafe": command.thread_safe,
        "deprecated": command.deprecated,
        "provided": command::is_provided(command.number),
        "status": status(command),
        "page": page(command),
    })
    .to_string()
}

#[derive(Default)]
struct Count {
    provided: u64,
    all: u64,
}

impl Count {
    fn add(&mut self, amount: u64, provided: bool) {
        self.all += amount;
        self.provided += if provided { amount } else { 0 };
    }

    fn share(&self) -> String {
        let percent = if self.all == 0 { 100.0 } else { self.provided as f64 * 100.0 / self.all as f64 };
        format!("{percent:.1} % ({} of {})", self.provided, self.all)
    }
}

/// How much of what programs call is provided; what is called most and is not, by theme. The table
/// has the columns number, name and calls behind a line of headings.
fn coverage(table: &str) -> String {
    let (mut calls, mut distinct) = (Count::default(), Count::default());
    let mut missing: Vec<(u64, &Command)> = Vec::new();
    for line in table.lines().skip(1) {
        let mut cells = line.split('\t');
        let number = cells.next().and_then(|cell| cell.parse::<u16>().ok());
        let amount = cells.nth(1).and_then(|cell| cell.parse::<u64>().ok()).unwrap_or(0);
        let Some(command) = catalog::commands().find(|command| Some(command.number) == number) else {
            continue;
        };
        if command.needs != Needs::Core {
            continue;
        }
        let provided = command::is_provided(command.number);
        calls.add(amount, provided);
        distinct.add(1, provided);
        if !provided {
            missing.push((amount, command));
        }
    }
    missing.sort_by(|a, b| b.0.cmp(&a.0).then(a.1.number.cmp(&b.1.number)));
    let mut out = format!("calls provided:    {}\ncommands provided: {}\n", calls.share(), distinct.share());
    if !missing.is_empty() {
        out.push_str("\nnot provided, by number of calls:\n");
    }
    for (amount, command) in missing {
        let _ = writeln!(out, "{amount:>7}  {:<40} {}", command.name, command.theme);
    }
    out
}
