//! The command line as data. Nothing is done here.

use clap::{Args, Parser, Subcommand, ValueEnum};
use std::path::PathBuf;

/// Runs programs written in the 4D language, without a screen.
#[derive(Debug, Parser)]
#[command(name = "fourd", version, arg_required_else_help = true, disable_help_subcommand = true)]
#[command(after_help = "`fourd FILE.4dm` is short for `fourd run FILE.4dm`.")]
pub(super) struct Arguments {
    #[command(subcommand)]
    pub(super) command: Command,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    Run(Run),
    Check(Check),
    Dump(Dump),
}

/// Tells the short form from the long one, without building the whole command line.
pub(super) fn is_subcommand(word: &str) -> bool {
    matches!(word, "run" | "check" | "dump")
}

/// Run a method file or a project
///
/// The other methods of its folder or project can be called, and the classes in `Classes` used.
/// Exits with 0, 1 after an error that nothing caught, 2 if the source or the command line is wrong.
#[derive(Args, Debug)]
pub(super) struct Run {
    /// A .4dm file, a .4DProject file, or a folder with a method `main`
    #[arg(value_name = "FILE")]
    pub(super) path: PathBuf,
    /// Runs as 4D Server would: stored procedures have a session of their own, and sessions are listed
    #[arg(long)]
    pub(super) server: bool,
    /// Texts for the method's parameters
    #[arg(last = true, value_name = "ARGUMENTS")]
    pub(super) arguments: Vec<String>,
}

/// Look for errors in methods and classes
///
/// Folders are searched for .4dm files. Exits with 1 if there are errors.
#[derive(Args, Debug)]
pub(super) struct Check {
    #[arg(value_name = "PATH", required = true)]
    pub(super) paths: Vec<PathBuf>,
    /// How findings are written
    #[arg(long, value_enum, default_value_t = CheckFormat::Human)]
    pub(super) format: CheckFormat,
    /// What is an error although fourd would run it
    #[arg(long, value_enum, value_name = "KIND")]
    pub(super) deny: Vec<Deny>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum Deny {
    /// Commands that need a screen, the record engine or a plug-in
    Headless,
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
pub(super) struct Dump {
    #[command(flatten)]
    pub(super) stage: Stage,
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
