//! From a plain, typed Rust function to a native of the VM: reads the arguments a call left on the
//! process's stack as the types the function declares, and says in words what does not fit.
//!
//! Arguments are read from left to right with one rule for those that may be left out: an
//! `Option` whose argument is missing, skipped, or an operator (`*`, `>`, `<`) meant for a later
//! parameter is `None`, and the argument stays for the next parameter. So a trailing `*` finds its
//! place without any body looking for it.

use crate::value::{ErrorCode, Fault, Result, Special, Value};
use crate::vm::{Arguments, Process};

/// What errors and help need to know of a native: its names.
#[derive(Debug)]
pub struct Signature {
    /// `Position`, or `Collection.push`.
    pub name: &'static str,
    /// As the documentation names them.
    pub parameters: &'static [&'static str],
    /// Argument 0 is the object the member is called on, and has no name.
    pub receiver: bool,
}

/// A type that a native may declare a parameter with.
pub trait Parameter: Sized {
    /// Takes what belongs to it from the arguments.
    fn read(reader: &mut Reader<'_>) -> Result<Self>;

    /// Whether an argument belongs to it, where it may be left out.
    fn claims(argument: &Value) -> bool {
        !matches!(argument, Value::Special(Special::Star | Special::Greater | Special::Less))
    }
}

/// A parameter type that is made from one value.
pub trait Plain: Sized {
    /// What the reader is told was expected: "a text".
    const EXPECTED: &'static str;

    /// `Err` gives back a value that does not fit.
    fn from_value(value: Value) -> std::result::Result<Self, Value>;
}

impl<T: Plain> Parameter for T {
    #[inline(always)]
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        match T::from_value(reader.take()?) {
            Ok(argument) => Ok(argument),
            Err(value) => reader.content(value),
        }
    }
}

impl<T: Parameter> Parameter for Option<T> {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.peek() {
            None => Ok(None),
            Some(Value::Special(Special::Omitted)) => {
                reader.skip();
                Ok(None)
            }
            Some(argument) if !T::claims(argument) => Ok(None),
            Some(_) => T::read(reader).map(Some),
        }
    }

    fn claims(argument: &Value) -> bool {
        T::claims(argument)
    }
}

/// Parameters that come together, as in a repeating tail of pairs.
impl<A: Parameter, B: Parameter> Parameter for (A, B) {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Ok((A::read(reader)?, B::read(reader)?))
    }

    fn claims(argument: &Value) -> bool {
        A::claims(argument)
    }
}

/// Reads the arguments of one call.
pub struct Reader<'a> {
    pub process: &'a mut Process,
    arguments: Arguments,
    /// The argument that is read next.
    next: u8,
    /// The parameter that reads it.
    place: u8,
    signature: &'static Signature,
}

impl<'a> Reader<'a> {
    #[inline(always)]
    pub fn new(process: &'a mut Process, arguments: Arguments, signature: &'static Signature) -> Self {
        Self { process, arguments, next: 0, place: 0, signature }
    }

    /// The next argument, if there is one.
    #[inline(always)]
    #[must_use]
    pub fn peek(&self) -> Option<&Value> {
        (self.next < self.arguments.count).then(|| self.process.argument(self.arguments, self.next.into()))
    }

    /// Whether all arguments are read.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.next >= self.arguments.count
    }

    /// Passes over the next argument.
    #[inline(always)]
    pub fn skip(&mut self) {
        self.next = self.next.saturating_add(1);
    }

    /// Moves the next argument out of the stack.
    #[inline(always)]
    pub fn take(&mut self) -> Result<Value> {
        if self.next >= self.arguments.count {
            return Err(self.missing());
        }
        let value = self.process.take_argument(self.arguments, self.next.into());
        self.next += 1;
        Ok(value)
    }

    /// The content of a variable, where the variable itself was passed.
    #[cold]
    fn content<T: Plain>(&mut self, value: Value) -> Result<T> {
        if matches!(
            value,
            Value::Special(Special::Register(_) | Special::Process(_) | Special::Interprocess(_))
        ) {
            let content = self.process.read_variable(&value)?;
            return T::from_value(content).map_err(|value| self.mismatch(T::EXPECTED, &value));
        }
        Err(self.mismatch(T::EXPECTED, &value))
    }

    #[inline(always)]
    fn parameter<T: Parameter>(&mut self, place: u8) -> Result<T> {
        self.place = place;
        T::read(self)
    }

    #[inline(always)]
    fn end(&self) -> Result<()> {
        if self.next >= self.arguments.count { Ok(()) } else { Err(self.excess()) }
    }

    /// "`Length`", and for members "`Collection.push`".
    fn name_of(&self, parameter: usize) -> Option<&'static str> {
        let at = parameter.checked_sub(usize::from(self.signature.receiver))?;
        let names = self.signature.parameters;
        names.get(at).or_else(|| names.last()).copied()
    }

    /// "Argument 2 of `Position` (`aString`)"
    fn place_in_words(&self, argument: usize, parameter: usize) -> String {
        let name = self.signature.name;
        let number = argument + usize::from(!self.signature.receiver);
        match self.name_of(parameter) {
            None => format!("What `{name}` is called on"),
            Some("*" | ">") => format!("Argument {number} of `{name}`"),
            Some(parameter) => format!("Argument {number} of `{name}` (`{parameter}`)"),
        }
    }

    /// The error for the argument that was just read.
    #[cold]
    #[must_use]
    pub fn mismatch(&self, expected: &str, found: &Value) -> Fault {
        let place = self.place_in_words(usize::from(self.next).saturating_sub(1), self.place.into());
        Fault::new(ErrorCode::ArgumentType, format!("{place} must be {expected}, not {}", in_words(found)))
    }

    fn given(&self) -> String {
        let count = usize::from(self.arguments.count).saturating_sub(usize::from(self.signature.receiver));
        match count {
            0 => "none".to_owned(),
            1 => "1 argument".to_owned(),
            n => format!("{n} arguments"),
        }
    }

    #[cold]
    fn missing(&self) -> Fault {
        let name = self.signature.name;
        let number = usize::from(self.next) + usize::from(!self.signature.receiver);
        let parameter = self.name_of(self.place.into()).unwrap_or("");
        Fault::new(
            ErrorCode::Arity,
            format!("`{name}` needs an argument {number} (`{parameter}`) and was given {}", self.given()),
        )
    }

    #[cold]
    fn excess(&self) -> Fault {
        let most = self.signature.parameters.len();
        let name = self.signature.name;
        let next = usize::from(self.next);
        if next < most + usize::from(self.signature.receiver) {
            let found = self.process.argument(self.arguments, next);
            let place = self.place_in_words(next, next);
            let expected = match self.name_of(next) {
                Some("*") => "must be `*`",
                Some(">") => "must be `>` or `<`",
                _ => "is not expected to be given here:",
            };
            let joint = if expected.ends_with(':') { " " } else { ", not " };
            return Fault::new(
                ErrorCode::ArgumentType,
                format!("{place} {expected}{joint}{}", in_words(found)),
            );
        }
        let most = match most {
            0 => "no arguments".to_owned(),
            1 => "at most 1 argument".to_owned(),
            n => format!("at most {n} arguments"),
        };
        Fault::new(ErrorCode::Arity, format!("`{name}` takes {most} and was given {}", self.given()))
    }
}

/// A value's kind as a person would say it.
#[must_use]
pub fn in_words(value: &Value) -> &'static str {
    match value {
        Value::Undefined => "undefined",
        Value::Null => "Null",
        Value::Boolean(_) => "a Boolean",
        Value::Integer(_) | Value::Real(_) => "a number",
        Value::Date(_) => "a date",
        Value::Time(_) => "a time",
        Value::Text(_) => "a text",
        Value::Blob(_) => "a BLOB",
        Value::Pointer(_) => "a pointer",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
        Value::SharedObject(_) => "a shared object",
        Value::Collection(_) => "a collection",
        Value::SharedCollection(_) => "a shared collection",
        Value::Cell(_) => "a variable",
        Value::Special(special) => match special {
            Special::Register(_) | Special::Process(_) | Special::Interprocess(_) | Special::Element(..) => {
                "a variable"
            }
            Special::Star => "`*`",
            Special::Greater => "`>`",
            Special::Less => "`<`",
            Special::Operator(_) => "an operator",
            Special::Omitted => "left out",
            Special::Table(_) => "a table",
            Special::Field(..) => "a field",
        },
    }
}

/// A type that a native may give back.
pub trait Output {
    fn into_result(self) -> Result<Value>;
}

impl<T: Output> Output for Result<T> {
    #[inline(always)]
    fn into_result(self) -> Result<Value> {
        self?.into_result()
    }
}

/// A function that can be bound; `Marker` tells the shapes of functions apart.
pub trait Native<Marker>: Copy {
    /// How many parameters it declares, the process not counted.
    const PARAMETERS: usize;

    fn call(
        self,
        process: &mut Process,
        arguments: Arguments,
        signature: &'static Signature,
    ) -> Result<Value>;
}

/// Marks functions whose first parameter is the process.
pub struct WithProcess;

macro_rules! native {
    ($($type:ident $variable:ident $place:literal)*) => {
        native!(@ fn($($type),*) -> R, process, (), (), $($type $variable $place)*);
        native!(@ (WithProcess, fn($($type),*) -> R), process, (&mut Process,), (process,), $($type $variable $place)*);
    };
    // what tells the shape, the process's name, its type and it itself where the function takes it
    (@ $marker:ty, $process:ident, ($($first:ty,)?), ($($passed:ident,)?), $($type:ident $variable:ident $place:literal)*) => {
        impl<F, R, $($type),*> Native<$marker> for F
        where
            F: Fn($($first,)? $($type),*) -> R + Copy,
            R: Output,
            $($type: Parameter,)*
        {
            const PARAMETERS: usize = <[u8]>::len(&[$($place),*]);

            #[inline(always)]
            fn call(
                self,
                $process: &mut Process,
                arguments: Arguments,
                signature: &'static Signature,
            ) -> Result<Value> {
                #[allow(unused_mut)]
                let mut reader = Reader::new($process, arguments, signature);
                $(let $variable = reader.parameter($place)?;)*
                reader.end()?;
                self($($passed,)? $($variable),*).into_result()
            }
        }
    };
}

native!();
native!(A a 0);
native!(A a 0 B b 1);
native!(A a 0 B b 1 C c 2);
native!(A a 0 B b 1 C c 2 D d 3);
native!(A a 0 B b 1 C c 2 D d 3 E e 4);
native!(A a 0 B b 1 C c 2 D d 3 E e 4 G g 5);
native!(A a 0 B b 1 C c 2 D d 3 E e 4 G g 5 H h 6);
native!(A a 0 B b 1 C c 2 D d 3 E e 4 G g 5 H h 6 I i 7);
native!(A a 0 B b 1 C c 2 D d 3 E e 4 G g 5 H h 6 I i 7 J j 8);
native!(A a 0 B b 1 C c 2 D d 3 E e 4 G g 5 H h 6 I i 7 J j 8 K k 9);

/// Holds a row against its function while compiling: a name for every parameter.
#[must_use]
pub const fn signature<M, F: Native<M>>(
    _function: &F,
    name: &'static str,
    parameters: &'static [&'static str],
    receiver: bool,
) -> Signature {
    assert!(
        parameters.len() + receiver as usize == F::PARAMETERS,
        "the row must name as many parameters as its function has"
    );
    Signature { name, parameters, receiver }
}

/// Binds a function to one call; what every row's entry does.
#[inline(always)]
pub fn enter<M, F: Native<M>>(
    function: F,
    process: &mut Process,
    arguments: Arguments,
    signature: &'static Signature,
) -> Result<Value> {
    function.call(process, arguments, signature)
}
