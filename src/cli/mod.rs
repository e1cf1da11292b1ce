//! The command line: `args` describes it, this file hands over to one file a subcommand.
//!
//! What the program prints goes to standard output, all that fourd itself has to say to the error
//! stream; only the results of `check`, `dump` and `test` are output.

mod args;
mod check;
mod commands;
mod dump;
mod explain;
mod fmt;
mod headless;
mod repl;
mod run;
mod shells;
mod test;
mod walk;

use args::{Arguments, Command};
use clap::Parser;
use clap::error::ErrorKind;
use fourd::host::os::{OsHost, arguments};
use fourd::host::{Console, Host};
use fourd::text::{Diagnostic, Format, Source, render};
use std::ffi::OsString;
use std::process::{ExitCode, Termination};
use std::sync::Arc;

/// All that `fourd` tells its caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Exit {
    /// The program ran to its end; the sources are in order.
    Success = 0,
    /// An error that nothing caught; sources with errors.
    Failed = 1,
    /// A command line, a file or a source text that nothing can be done with.
    Usage = 2,
    /// A defect of fourd.
    Internal = 101,
}

impl Termination for Exit {
    fn report(self) -> ExitCode {
        ExitCode::from(self as u8)
    }
}

/// Does what the command line says.
pub(crate) fn main() -> Exit {
    let host = Arc::new(OsHost::new());
    let parsed = match Arguments::try_parse_from(full_form(arguments(), host.console())) {
        Ok(parsed) => parsed,
        Err(error) => return explain(host.console(), &error),
    };
    let exit = match parsed.command {
        Command::Run(run) => run::run(host.clone(), run),
        Command::Check(check) => check::check(&*host, &check),
        Command::Commands(asked) => commands::commands(&*host, &asked),
        Command::Dump(dump) => dump::dump(&*host, &dump),
        Command::Fmt(fmt) => fmt::fmt(&*host, &fmt),
        Command::Repl(repl) => {
            let host: Arc<dyn Host> = host.clone();
            repl::repl(&host, &repl)
        }
        Command::Explain(explain) => explain::explain(&*host, &explain),
        Command::Completions(wanted) => shells::completions(host.console(), wanted.shell),
        Command::Man => shells::manual(host.console()),
        Command::Test(test) => test::test(host.clone(), &test),
    };
    // A reader that left early wanted no more: that is no failure.
    let _ = host.console().flush();
    exit
}

/// `fourd FILE.4dm …` is short for `fourd run FILE.4dm …`; `fourd` alone is `fourd repl` on a terminal.
fn full_form(mut arguments: Vec<OsString>, console: &dyn Console) -> Vec<OsString> {
    if arguments.len() == 1 && console.is_interactive() {
        arguments.push("repl".into());
    }
    let short = arguments.get(1).is_some_and(|first| {
        let first = first.to_string_lossy();
        !first.starts_with('-') && !args::is_subcommand(&first)
    });
    if short {
        arguments.insert(1, "run".into());
    }
    arguments
}

/// Help and version are output; everything else is a mistake in the command line.
fn explain(console: &dyn Console, error: &clap::Error) -> Exit {
    let text = error.render();
    match error.kind() {
        ErrorKind::DisplayHelp | ErrorKind::DisplayVersion => {
            let _ = console.print(&text.to_string());
            let _ = console.flush();
            Exit::Success
        }
        _ => {
            console.error(&text.to_string());
            Exit::Usage
        }
    }
}

/// One line on why nothing was done.
fn refuse(console: &dyn Console, why: impl std::fmt::Display) -> Exit {
    console.error(&format!("fourd: {why}\n"));
    Exit::Usage
}

/// Reports shown of one file; a file with more mistakes is not made clearer by them.
const REPORTS: usize = 100;

/// The findings in a file as text. People get the first hundred, machines all.
fn reports(source: &Source, diagnostics: &[Diagnostic], format: Format) -> String {
    let shown = if matches!(format, Format::Human { .. }) { REPORTS } else { usize::MAX };
    let mut text: String =
        diagnostics.iter().take(shown).map(|found| render(source, found, format)).collect();
    if diagnostics.len() > shown {
        let more = diagnostics.len() - shown;
        text.push_str(&format!("{}: {more} more findings are not shown\n", source.path().display()));
    }
    text
}
