//! Native commands, one file a theme of the documentation: typed Rust functions and a table of rows.
//!
//! # Adding a command
//! 1. Find its row in `grammar/commands.tsv`: number, name, parameters, and whether it may be
//!    called by preemptive processes. The catalog knows the rest.
//! 2. Open the file of its theme (a new one: list it in `themes!` below).
//! 3. Write a function with its name in snake case; its parameter types say what is taken:
//!    `Option<T>` may be left out, `Out<T>` is filled, `Star` is `*`, `Rest<T>` repeats. Take
//!    `process: &mut Process` first if it needs the process. Give back a value, or `Result` of one.
//! 4. Add its row to the theme's `commands!`: a line of help, number, name, parameter names.
//! 5. Add a case to `tests/`; `cargo test command` holds the row against the catalog.

pub mod bind;
pub(crate) mod charset;
mod charset_tables;
mod charset_utf7;
pub mod format;

pub(crate) mod chance;
mod mail_build;
mod mail_parse;
pub mod parameters;
pub mod paths;
pub mod trouble;
pub(crate) mod zip_archive;

use crate::catalog::{CommandId, Needs};
use crate::value::{ErrorCode, Fault};
use crate::vm::NativeFn;
use bind::Signature;

/// A command that fourd provides.
#[derive(Debug)]
pub struct Command {
    pub number: u16,
    pub signature: &'static Signature,
    /// What it does, in a sentence or two.
    pub help: &'static str,
    /// Whether preemptive processes may call it.
    pub thread_safe: bool,
    pub function: NativeFn,
}

/// Makes the table of a theme: `/// help`, number, "name", (parameters), `thread_safe`, `=> function;`
macro_rules! commands {
    ($(
        $(#[doc = $help:literal])+
        $number:literal $name:literal ($($parameter:tt);*) $($safe:ident)? => $function:expr;
    )*) => {
        pub(crate) static COMMANDS: &[$crate::command::Command] = &[$({
            static SIGNATURE: $crate::command::bind::Signature = $crate::command::bind::signature(
                &$function,
                $name,
                &[$(stringify!($parameter)),*],
                false,
            );
            $crate::command::Command {
                number: $number,
                signature: &SIGNATURE,
                help: concat!($($help),+),
                thread_safe: $crate::command::is_thread_safe(&[$(stringify!($safe))?]),
                function: |process, arguments| {
                    $crate::command::bind::enter($function, process, arguments, &SIGNATURE)
                },
            }
        }),*];
    };
}

/// Whether a row bears the word.
pub(crate) const fn is_thread_safe(words: &[&str]) -> bool {
    !words.is_empty()
}

macro_rules! themes {
    ($($(#[$attribute:meta])* $theme:ident),* $(,)?) => {
        $($(#[$attribute])* pub(crate) mod $theme;)*

        /// The tables of all themes.
        static THEMES: &[&[Command]] =
            &[$($theme::COMMANDS,)* xml::dom_read::COMMANDS, xml::dom_write::COMMANDS,
              xml::sax_read::COMMANDS, xml::sax_write::COMMANDS];
    };
}

mod xml;

themes! {
    array,
    array_sort,
    blob,
    blob_compress,
    blob_encrypt,
    blob_variable,
    boolean,
    certificate_request,
    channel,
    clock,
    formulas,
    http,
    interruptions,
    json,
    communication,
    collection,
    database_parameters,
    design,
    design_code,
    digest,
    environment,
    file_and_folder,
    language,
    launch,
    localization,
    mail,
    math,
    objects,
    messages,
    methods,
    process,
    process_info,
    regex,
    series,
    session,
    shared,
    string,
    string_convert,
    string_search,
    system_documents,
    system_environment,
    system_paths,
    tags,
    tools,
    transactions,
    user_interface,
    users,
    web_server,
    zip,
}

/// One more than the highest number of a command.
const SIZE: usize = 2048;

static ROWS: [Option<&'static Command>; SIZE] = {
    let mut rows: [Option<&'static Command>; SIZE] = [None; SIZE];
    let mut theme = 0;
    while theme < THEMES.len() {
        let mut i = 0;
        while i < THEMES[theme].len() {
            let row = &THEMES[theme][i];
            assert!(rows[row.number as usize].is_none(), "two rows have one number");
            rows[row.number as usize] = Some(row);
            i += 1;
        }
        theme += 1;
    }
    rows
};

static FUNCTIONS: [Option<NativeFn>; SIZE] = {
    let mut functions: [Option<NativeFn>; SIZE] = [None; SIZE];
    let mut number = 0;
    while number < SIZE {
        if let Some(row) = ROWS[number] {
            functions[number] = Some(row.function);
        }
        number += 1;
    }
    functions
};

/// The functions of all commands that are provided, by number: made while compiling.
#[must_use]
pub fn table() -> Vec<Option<NativeFn>> {
    FUNCTIONS.to_vec()
}

/// The highest number that a command of the catalog has.
#[must_use]
pub fn last_number() -> i32 {
    crate::catalog::commands().last().map_or(0, |command| command.number.into())
}

/// Whether a command is a part of the language itself, which the compiler turns into code without any row
/// here: `Null`, `Formula`, `Super`, `defer`, `C_TEXT` and its like.
#[must_use]
pub fn is_language(number: u16) -> bool {
    let name = CommandId(number).info().name;
    let name = name.strip_prefix("_O_").unwrap_or(name);
    let declares = name.starts_with("C_") && !matches!(name, "C_GRAPH");
    declares || matches!(name, "Null" | "Formula" | "Super" | "defer")
}

/// Whether programs can use a command.
#[must_use]
pub fn is_provided(number: u16) -> bool {
    describe(number).is_some() || is_language(number)
}

/// The row of a command that is provided: its parameters' names and help.
#[must_use]
pub fn describe(number: u16) -> Option<&'static Command> {
    ROWS.get(usize::from(number)).copied().flatten()
}

/// The error of calling a command that no row provides, saying why.
#[cold]
#[must_use]
pub fn missing(number: u16) -> Fault {
    let info = CommandId(number).info();
    let name = info.name;
    match info.needs {
        Needs::Ui => Fault::new(ErrorCode::Headless, format!("`{name}` needs a screen, and fourd has none")),
        Needs::Db => Fault::new(
            ErrorCode::Headless,
            format!("`{name}` needs the classic record engine, and fourd has none"),
        ),
        Needs::Plugin => Fault::new(
            ErrorCode::NotProvided,
            format!("`{name}` belongs to a plug-in that fourd does not provide"),
        ),
        Needs::Core => Fault::new(ErrorCode::NotProvided, format!("`{name}` is not provided by fourd yet")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows say nothing that the catalog does not: name, number, no more parameters.
    #[test]
    fn rows_agree_with_the_catalog() {
        for row in THEMES.iter().copied().flatten() {
            let info = CommandId(row.number).info();
            let name = row.signature.name;
            assert_eq!(info.name, name, "number {}", row.number);
            let documented = info.syntaxes.iter().map(|s| s.parameters.len()).max().unwrap_or(0);
            let named = row.signature.parameters.len();
            assert!(named <= documented, "{name} names {named} of {documented} parameters");
            assert!(!row.help.trim().is_empty(), "{name} has no help");
            if let Some(safe) = info.thread_safe {
                assert_eq!(row.thread_safe, safe, "{name}: thread_safe");
            }
        }
    }

    #[test]
    fn missing_commands_say_why() {
        let fault = missing(172); // the screen's
        assert!(fault.message.contains('`'), "{}", fault.message);
        assert!(describe(u16::MAX).is_none());
    }
}
