//! A connection as a request uses it: reads and writes wait, until the time is over or the request is
//! called off.

use crate::host::network::{Control, Stream};
use crate::host::Clock;
use std::io;
use std::time::Duration;

/// What is read at once.
const PIECE: usize = 32 * 1024;

/// When a request must be done.
#[derive(Clone, Copy)]
pub struct Deadline<'a> {
    pub clock: &'a dyn Clock,
    /// By the host's clock.
    pub end: Option<Duration>,
}

impl Deadline<'_> {
    /// What is left.
    ///
    /// # Errors
    /// `TimedOut` when nothing is.
    pub fn left(&self) -> io::Result<Option<Duration>> {
        let Some(end) = self.end else { return Ok(None) };
        match end.checked_sub(self.clock.elapsed()) {
            Some(left) if !left.is_zero() => Ok(Some(left)),
            _ => Err(io::ErrorKind::TimedOut.into()),
        }
    }
}

/// An open connection and what has arrived of it.
pub struct Wire<'a> {
    pub stream: Box<dyn Stream>,
    /// What has arrived and is not used yet.
    pub input: Vec<u8>,
    pub control: &'a Control,
    pub deadline: Deadline<'a>,
}

impl<'a> Wire<'a> {
    pub fn new(stream: Box<dyn Stream>, control: &'a Control, deadline: Deadline<'a>) -> Self {
        control.attach(stream.bell());
        Self { stream, input: Vec::new(), control, deadline }
    }

    fn wait(&mut self) -> io::Result<()> {
        self.control.check()?;
        self.stream.wait(self.deadline.left()?)?;
        self.control.check()
    }

    /// Waits for more; gives how much came, 0 at the end.
    pub fn fill(&mut self) -> io::Result<usize> {
        let old = self.input.len();
        self.input.resize(old + PIECE, 0);
        loop {
            let read = self.stream.read(self.input.get_mut(old..).unwrap_or_default());
            match read {
                Ok(size) => {
                    self.input.truncate(old + size);
                    // a peer that never pauses must not outlast the time
                    self.control.check()?;
                    self.deadline.left()?;
                    return Ok(size);
                }
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                    if let Err(error) = self.wait() {
                        self.input.truncate(old);
                        return Err(error);
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => {
                    self.input.truncate(old);
                    return Err(error);
                }
            }
        }
    }

    /// Forgets what was used of the input.
    pub fn used(&mut self, size: usize) {
        self.input.drain(..size.min(self.input.len()));
    }

    pub fn send(&mut self, mut bytes: &[u8]) -> io::Result<()> {
        while !bytes.is_empty() {
            match self.stream.write(bytes) {
                Ok(0) => return Err(io::ErrorKind::BrokenPipe.into()),
                Ok(size) => bytes = bytes.get(size..).unwrap_or_default(),
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.wait()?,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(error) => return Err(error),
            }
        }
        loop {
            match self.stream.flush() {
                Err(error) if error.kind() == io::ErrorKind::WouldBlock => self.wait()?,
                done => return done,
            }
        }
    }
}
