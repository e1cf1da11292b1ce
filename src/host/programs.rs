//! Other programs of the machine: started, fed, and waited for.

use std::io;
use std::path::PathBuf;

/// A program to start.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// A path, or a name that is looked for where the machine keeps programs.
    pub program: String,
    pub arguments: Vec<String>,
    /// What it reads from its standard input.
    pub input: Vec<u8>,
    /// The folder it works in; that of fourd if none is given.
    pub folder: Option<PathBuf>,
    /// Environment variables on top of fourd's own.
    pub variables: Vec<(String, String)>,
    /// Whether to wait for its end and take what it writes.
    pub wait: bool,
}

/// A program that was started and, if it was waited for, has ended.
#[derive(Clone, Debug, Default)]
pub struct Done {
    pub number: u32,
    pub output: Vec<u8>,
    pub errors: Vec<u8>,
}

/// Starting other programs.
pub trait Programs: Send + Sync {
    /// # Errors
    /// The program cannot be started.
    fn run(&self, start: &Start) -> io::Result<Done>;
}

/// Where no programs can be started.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPrograms;

impl Programs for NoPrograms {
    fn run(&self, _: &Start) -> io::Result<Done> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
