//! Other programs of the machine: started, fed, and waited for.

use std::io::{self, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

/// A program to start.
#[derive(Clone, Debug, Default)]
pub struct Start {
    /// A path, or a name that is looked for where the machine keeps programs.
    pub program: String,
    pub arguments: Vec<String>,
    /// What it reads from its standard input, where it is [`Programs::run`].
    pub input: Vec<u8>,
    /// The folder it works in; that of fourd if none is given.
    pub folder: Option<PathBuf>,
    /// Environment variables on top of fourd's own.
    pub variables: Vec<(String, String)>,
    /// Whether to wait for its end and take what it writes, where it is [`Programs::run`].
    pub wait: bool,
}

/// A program that was started and, if it was waited for, has ended.
#[derive(Clone, Debug, Default)]
pub struct Done {
    pub number: u32,
    pub output: Vec<u8>,
    pub errors: Vec<u8>,
}

/// A program that runs beside us.
pub trait Running: Send + Sync {
    /// What the system calls it.
    fn number(&self) -> u32;

    /// Ends it, whatever it does.
    fn kill(&self);

    /// Waits for its end, for at most `limit`.
    ///
    /// # Errors
    /// The system lost sight of it.
    fn wait(&self, limit: Option<Duration>) -> io::Result<Option<Ended>>;
}

/// How a program ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ended {
    /// None if it was ended from outside.
    pub code: Option<i32>,
}

/// A program that was started, and its streams. They block.
pub struct Started {
    pub program: Arc<dyn Running>,
    pub input: Box<dyn Write + Send>,
    pub output: Box<dyn Read + Send>,
    pub errors: Box<dyn Read + Send>,
}

/// Starting other programs.
pub trait Programs: Send + Sync {
    /// # Errors
    /// The program cannot be started.
    fn run(&self, start: &Start) -> io::Result<Done>;

    /// Starts a program that goes on beside us.
    ///
    /// # Errors
    /// The program cannot be started.
    fn start(&self, start: &Start) -> io::Result<Started>;
}

/// Where no programs can be started.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoPrograms;

impl Programs for NoPrograms {
    fn run(&self, _: &Start) -> io::Result<Done> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn start(&self, _: &Start) -> io::Result<Started> {
        Err(io::ErrorKind::Unsupported.into())
    }
}
