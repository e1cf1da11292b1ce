//! Where a program's output goes and its answers come from.

use std::io;

/// The reader of the output has gone: there is nothing left to write for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Closed;

/// Standard output, error stream and input. All threads may write; what one call writes stays together.
pub trait Console: Send + Sync {
    /// Writes to standard output as it is, without adding a line end. May be kept back until the
    /// next [`Console::flush`], line read or error text; to a terminal it goes line by line.
    ///
    /// # Errors
    /// [`Closed`] once the reader has gone; the program should then end quietly.
    fn print(&self, text: &str) -> Result<(), Closed>;

    /// Writes to the error stream, after all that was printed before. Never fails: nobody could be told.
    fn error(&self, text: &str);

    /// The next line of standard input without its end; none at the end of the input.
    ///
    /// # Errors
    /// When the input cannot be read.
    fn read_line(&self) -> io::Result<Option<String>>;

    /// Brings out what was kept back.
    ///
    /// # Errors
    /// [`Closed`] once the reader has gone.
    fn flush(&self) -> Result<(), Closed>;

    /// From now on each line goes out at once.
    fn write_by_line(&self) {}

    /// Whether a person sits there who can see questions and answer them.
    fn is_interactive(&self) -> bool;

    /// Whether the error stream is seen on a terminal.
    fn shows_errors(&self) -> bool;
}
