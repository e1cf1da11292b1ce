//! A run-time error as the 4D language sees it: a number, the signature of the component that
//! raised it, a message and where it happened. `Source: Concepts/error-handling`

use super::Object;
use std::fmt;

pub type Result<T> = std::result::Result<T, Fault>;

/// An error that 4D code can catch. One pointer, so that results stay small.
#[derive(Clone)]
pub struct Fault(Box<FaultData>);

#[derive(Clone)]
pub struct FaultData {
    pub code: i32,
    /// Four letters naming who raised it, e.g. `4DRT` for the language runtime.
    pub component: &'static str,
    pub message: String,
    /// Where it was raised; filled in by the VM.
    pub at: Option<Place>,
    /// The methods that were running, innermost first; filled in by the VM.
    pub chain: Vec<Place>,
    /// What `throw(object)` was given: kept to be found in `Last errors`.
    pub details: Option<Object>,
    /// Raised by `throw` with `deferred`: takes effect when the method ends.
    pub deferred: bool,
    /// Other errors thrown with this one, as `Last errors` lists them.
    pub previous: Vec<Fault>,
    /// Not an error: the process shall end (`ABORT`, `ABORT PROCESS BY ID`, `QUIT 4D`). No handler sees it.
    pub kill: bool,
}

/// A line of a method.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// As `Call chain` names it: `main`, `Person:constructor`.
    pub method: String,
    pub line: u32,
    /// The file the line is in, for reports.
    pub path: String,
}

impl Fault {
    #[must_use]
    pub fn new(code: ErrorCode, message: impl Into<String>) -> Self {
        Self::with_number(code as i32, message)
    }

    #[must_use]
    pub fn with_number(code: i32, message: impl Into<String>) -> Self {
        Self(Box::new(FaultData {
            code,
            component: "4DRT",
            message: message.into(),
            at: None,
            chain: Vec::new(),
            details: None,
            deferred: false,
            previous: Vec::new(),
            kill: false,
        }))
    }
}

impl std::ops::Deref for Fault {
    type Target = FaultData;
    fn deref(&self) -> &FaultData {
        &self.0
    }
}

impl std::ops::DerefMut for Fault {
    fn deref_mut(&mut self) -> &mut FaultData {
        &mut self.0
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fault({}: {})", self.code, self.message)
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} (error {})", self.message, self.code)
    }
}

/// The numbers of 4D's own errors that fourd raises. `Source: the error numbers of the legacy
/// language reference and of 4D's public error tables`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(i32)]
pub enum ErrorCode {
    /// Not a 4D number: a command that needs a screen or the classic record engine.
    Headless = 1,
    /// Not a 4D number: a command or feature that fourd does not provide yet.
    NotProvided = 2,
    /// Not a 4D number: a fault of fourd itself.
    Internal = 3,
    /// Not a 4D number: calls nested too deeply.
    StackOverflow = 4,
    /// The types of the operands do not go together.
    IncompatibleTypes = 54,
    /// The kind of argument does not fit the command.
    ArgumentType = 58,
    /// Empty parentheses where a variable is to be filled: `Application version()`.
    VariableExpected = 59,
    /// A pointer that points to nothing.
    NilPointer = 67,
    /// Wrong number of arguments.
    Arity = 48,
    /// An index outside the array, text or collection.
    IndexOutOfRange = 53,
    /// Not a 4D number: the source of what is called has errors.
    Source = 8,
    /// Not a 4D number: neither method nor command has that name.
    NoSuchMethod = 5,
    /// A constructor that does not call its parent's. `Source: commands/super`
    SuperNotCalled = -10748,
    /// Not a 4D number: a computed property without a setter, a property that fourd or 4D keeps.
    ReadOnly = 7,
    /// `Super` called a second time. `Source: commands/super`
    SuperCalledTwice = -10746,
    /// `This` before `Super` has been called. `Source: commands/super`
    ThisBeforeSuper = -10743,
    /// What should be a class is none. `Source: commands/ob-instance-of`
    NotAClass = -10745,
    /// A formula from a text names a local variable. `Source: commands/formula-from-string`
    LocalInFormula = -10737,
    /// `Source: commands/assert`
    AssertFailed = -10518,
    /// Not a 4D number: a text that is not well-formed JSON, or a value that has no JSON.
    Json = 20,
    /// Not a 4D number: a property of Null or Undefined, or of something that has none.
    NoSuchMember = 6,
    /// A value that a shared object or collection cannot hold. `Source: ORDA/entities`
    NotSharable = -10721,
    /// A shared object or collection is changed outside `Use`.
    UseNeeded = -10720,
    /// A member of one group of shared objects is put into another.
    SharedGroup = -10722,
    /// Not a 4D number: a process cannot be started.
    NoProcess = 10,
    /// Not a 4D number: processes wait for each other in `Use`.
    Deadlock = 9,
    /// Not a 4D number: what was changed under `Use` could not be written to the session file.
    NotKept = 11,
}
