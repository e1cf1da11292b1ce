//! The command line as data. Nothing is done here.

use clap::{Args, Parser, Subcommand, ValueEnum};
use fourd::code::check::CODES;
use std::path::PathBuf;

/// Runs programs written in the 4D language, without a screen.
#[derive(Debug, Parser)]
#[command(
    name = "fourd",
    version,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 80
)]
#[command(after_help = "`fourd FILE.4dm` is short for `fourd run FILE.4dm`.\n\nExample: fourd report.4dm")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Run(Run),
    Check(Check),
    Commands(Commands),
    Dump(Dump),
    Test(Test),
    Fmt(Fmt),
    Repl(Repl),
    Explain(Explain),
    Completions(Completions),
    /// Print the manual page
    #[command(after_help = "Example: fourd man > ~/.local/share/man/man1/fourd.1")]
    Man,
}

/// Tells the short form from the long one, without building the whole command line.
pub(super) fn is_subcommand(word: &str) -> bool {
    const WORDS: [&str; 10] =
        ["run", "check", "commands", "dump", "test", "fmt", "repl", "explain", "completions", "man"];
    WORDS.contains(&word)
}

/// Run a method file or a project
///
/// The other methods of its folder or project can be called, and the classes in `Classes` used.
/// Exits with 0, 1 after an error that nothing caught, 2 if the source or the command line is wrong.
#[derive(Args, Debug)]
#[command(after_help = "Example: fourd run report.4dm -- 2026")]
pub(super) struct Run {
    /// A .4dm file, a .4DProject file, or a folder with a method `main`
    #[arg(value_name = "FILE")]
    pub(super) path: PathBuf,
    /// Runs as 4D Server would: stored procedures have a session of their own, and sessions are listed
    #[arg(long)]
    pub(super) server: bool,
    /// A file that sessions and their storages are kept in; it is made if it is not there
    #[arg(long, value_name = "FILE")]
    pub(super) sessions: Option<PathBuf>,
    /// Texts for the method's parameters
    #[arg(last = true, value_name = "ARGUMENTS")]
    pub(super) arguments: Vec<String>,
}

/// Show help for commands of the language, or which of them are provided
#[derive(Args, Debug)]
#[command(after_help = "Example: fourd commands \"Session storage by ID\"")]
pub(super) struct Commands {
    /// A command's name, or its number as in `C16`; without it, all are listed
    pub(super) name: Option<String>,
    /// Only the commands of a theme of the documentation
    #[arg(long)]
    pub(super) theme: Option<String>,
    /// One JSON object a line
    #[arg(long)]
    pub(super) json: bool,
    /// The share of the calls counted in a table (number, name, calls) that is provided
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["name", "theme", "json"])]
    pub(super) coverage: Option<PathBuf>,
}

/// Look for errors in methods and classes
///
/// Folders are searched for .4dm files. Exits with 1 if there are errors.
#[derive(Args, Debug)]
#[command(after_help = "Example: fourd check Project/Sources")]
pub(super) struct Check {
    /// Files, and folders of files and projects
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(super) format: CheckFormat,
    /// Advice that is not wanted
    #[arg(long, value_name = "CODE", value_parser = advice_code)]
    pub(super) allow: Vec<String>,
    /// What counts as an error: `headless` (commands that need a screen, the record engine or a plug-in),
    /// or advice
    #[arg(long, value_name = "headless|CODE", value_parser = denied)]
    pub(super) deny: Vec<String>,
}

/// What `--deny` calls the commands that need a screen, the record engine or a plug-in.
pub(super) const HEADLESS: &str = "headless";

fn denied(text: &str) -> Result<String, String> {
    if text == HEADLESS { Ok(text.to_owned()) } else { advice_code(text) }
}

/// The code of a piece of advice, as `L0001`.
fn advice_code(text: &str) -> Result<String, String> {
    let code = text.to_ascii_uppercase();
    if CODES.iter().any(|(known, _)| *known == code) {
        return Ok(code);
    }
    let known: Vec<_> = CODES.iter().map(|(code, meaning)| format!("{code}: {meaning}")).collect();
    Err(format!("there is no such advice; there are\n  {}", known.join("\n  ")))
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum CheckFormat {
    /// Reports with source excerpts
    Human,
    /// One JSON object a line
    Json,
    /// Annotations of GitHub workflows
    Github,
}

/// Show what a source text becomes on its way
#[derive(Args, Debug)]
#[command(after_help = "Example: fourd dump --ast report.4dm")]
pub(super) struct Dump {
    #[command(flatten)]
    pub(super) stage: Stage,
    /// A method or class
    #[arg(value_name = "FILE")]
    pub(super) path: PathBuf,
}

#[derive(Args, Clone, Copy, Debug)]
#[group(required = true, multiple = false)]
pub(super) struct Stage {
    /// Tokens, one a line
    #[arg(long)]
    pub(super) tokens: bool,
    /// The syntax tree
    #[arg(long)]
    pub(super) ast: bool,
    /// The operations of the virtual machine
    #[arg(long)]
    pub(super) code: bool,
}

/// Run golden-file tests and the tests of projects
///
/// A script NAME.4dm is a test if NAME.out lies beside it: what it must print. NAME.err holds what it
/// must report, NAME.code its exit code, NAME.args its parameters (one a line), NAME.in answers to its
/// questions. In expected lines, {{uuid}}, {{number}} and {{any}} stand for what changes. Of a project,
/// every method test_… is a test: it fails with a false ASSERT or any error that nothing takes.
/// Exits with 1 if a test fails.
#[derive(Args, Debug)]
#[command(after_help = "Example: fourd test tests --filter report --junit report.xml")]
pub(super) struct Test {
    /// Scripts, projects, and folders of them; the current folder if there is none
    #[arg(value_name = "PATH")]
    pub(super) paths: Vec<PathBuf>,
    /// Take what is printed as right: write the golden files
    #[arg(long)]
    pub(super) bless: bool,
    /// Only tests whose name contains this text
    #[arg(long, value_name = "TEXT")]
    pub(super) filter: Option<String>,
    /// How many tests run at once; as many as there are processors if not given
    #[arg(short, long, value_name = "NUMBER")]
    pub(super) jobs: Option<std::num::NonZeroU8>,
    /// How long a test may take
    #[arg(long, value_name = "SECONDS", default_value_t = 10.0)]
    pub(super) time_limit: f64,
    /// Write the results to a file that continuous integration services read
    #[arg(long, value_name = "FILE")]
    pub(super) junit: Option<PathBuf>,
    /// Count which lines of the tested code run: write FILE in the lcov format, print a table
    #[arg(long, value_name = "FILE", num_args = 0..=1, require_equals = true, default_missing_value = "lcov.info")]
    pub(super) coverage: Option<PathBuf>,
    /// How results are written
    #[arg(long, value_enum, default_value_t = TestFormat::Human)]
    pub(super) format: TestFormat,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum TestFormat {
    /// The tests that failed, with differences, and a count
    Human,
    /// One JSON object a line
    Json,
}

/// Write source files as 4D's editor does
///
/// Sets tabs, blanks and the spelling of keywords, commands and constants; nothing else changes.
/// Folders are searched for .4dm files. Files with errors are left alone (exit code 2).
#[derive(Args, Debug)]
#[command(after_help = "Example: fourd fmt --check Project/Sources")]
pub(super) struct Fmt {
    /// Files, and folders of files and projects
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// Change nothing; name the files that would change, and exit with 1 if there are any
    #[arg(long)]
    pub(super) check: bool,
    /// Remove or add the suffixes of commands and constants (`Length:C16`)
    #[arg(long, value_enum)]
    pub(super) tokens: Option<Tokens>,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
pub(super) enum Tokens {
    /// Remove those that the name does not need
    Strip,
    /// Add them wherever there is one
    Add,
}

/// Try the language at a prompt
///
/// An entry that is an expression shows its value; variables live from entry to entry. `.help` lists
/// the commands of the prompt. Without a terminal, entries are read from the standard input.
#[derive(Args, Debug)]
#[command(after_help = "Example: echo 'String(6*7)' | fourd repl")]
pub(super) struct Repl {
    /// A project or folder whose methods and classes can be used
    #[arg(value_name = "PROJECT")]
    pub(super) path: Option<PathBuf>,
    /// Runs as 4D Server would
    #[arg(long)]
    pub(super) server: bool,
    /// A file that sessions and their storages are kept in; it is made if it is not there
    #[arg(long, value_name = "FILE")]
    pub(super) sessions: Option<PathBuf>,
}

/// Say what an error's code means
///
/// Shows a wrong and a right example; without a code, the list of all codes.
#[derive(Args, Debug)]
#[command(after_help = "Example: fourd explain E0040")]
pub(super) struct Explain {
    /// The code that a report begins with
    #[arg(value_name = "CODE")]
    pub(super) code: Option<String>,
}

/// Print what completes command lines in a shell
#[derive(Args, Debug)]
#[command(after_help = "Example: fourd completions fish > ~/.config/fish/completions/fourd.fish")]
pub(super) struct Completions {
    /// The shell that shall complete them
    #[arg(value_name = "SHELL", value_enum)]
    pub(super) shell: clap_complete::Shell,
}
