//! What goes wrong outside: with other machines and other programs. The numbers are none of 4D's, which
//! documents none; they are of a kind of our own.

use crate::value::{Fault, Object, Text, Value};
use std::io;

/// Numbers of what goes wrong outside.
pub mod number {
    /// The other end cannot be reached, or has gone.
    pub const UNREACHABLE: i32 = 30;
    /// The name has no address.
    pub const NO_SUCH_NAME: i32 = 31;
    /// The time is over.
    pub const TIMED_OUT: i32 = 32;
    /// The other end cannot prove who it is, or speaks no common language.
    pub const NOT_SECURE: i32 = 33;
    /// What the other end says makes no sense.
    pub const BAD_ANSWER: i32 = 34;
    /// More than can be held.
    pub const TOO_LARGE: i32 = 35;
    /// The address, a header or an option is not valid.
    pub const BAD_REQUEST: i32 = 36;
    /// The port is taken, or not ours to take.
    pub const PORT: i32 = 37;
    /// The program cannot be started.
    pub const NO_PROGRAM: i32 = 38;
    /// Called off.
    pub const CALLED_OFF: i32 = 39;
}

/// Something that went wrong outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trouble {
    pub code: i32,
    pub message: String,
    pub component: &'static str,
}

impl Trouble {
    #[must_use]
    pub fn new(code: i32, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), component: "4DRT" }
    }

    /// An error of the operating system.
    #[must_use]
    pub fn of_io(what: &str, error: &io::Error) -> Self {
        use io::ErrorKind;
        let (code, why) = match error.kind() {
            ErrorKind::TimedOut => (number::TIMED_OUT, "the time is over".to_owned()),
            ErrorKind::ConnectionAborted => (number::CALLED_OFF, "called off".to_owned()),
            ErrorKind::ConnectionRefused => {
                (number::UNREACHABLE, "nobody takes connections there".to_owned())
            }
            ErrorKind::ConnectionReset | ErrorKind::BrokenPipe | ErrorKind::UnexpectedEof => {
                (number::UNREACHABLE, "the other end has closed the connection".to_owned())
            }
            ErrorKind::AddrInUse => (number::PORT, "the port is in use".to_owned()),
            ErrorKind::AddrNotAvailable | ErrorKind::PermissionDenied => (number::PORT, error.to_string()),
            ErrorKind::InvalidData | ErrorKind::Other => (number::NOT_SECURE, error.to_string()),
            ErrorKind::InvalidInput => (number::BAD_ANSWER, error.to_string()),
            ErrorKind::FileTooLarge => (number::TOO_LARGE, "there is more than can be held".to_owned()),
            _ => (number::UNREACHABLE, error.to_string()),
        };
        Self::new(code, format!("{what}: {why}"))
    }

    /// As an element of `.errors`.
    #[must_use]
    pub fn object(&self) -> Value {
        let object = Object::new();
        object.set(&Text::from("errCode"), Value::Integer(self.code));
        object.set(&Text::from("message"), Value::from(self.message.as_str()));
        object.set(&Text::from("componentSignature"), Value::from(self.component));
        Value::Object(object)
    }

    /// As an error that the program can catch.
    #[must_use]
    pub fn fault(&self) -> Fault {
        let mut fault = Fault::with_number(self.code, self.message.clone());
        fault.component = self.component;
        fault
    }
}
