//! The types natives declare their parameters and results with.

use super::bind::{Output, Parameter, Plain, Reader};
use crate::value::{
    Array, Blob, Collection, Date, ErrorCode, Fault, Object, Pointer, Result, SharedCollection, SharedObject,
    Special, Text, Time, Value, convert,
};
use crate::vm::Process;
use std::marker::PhantomData;

pub type Integer = i32;
pub type Real = f64;
pub type Boolean = bool;

macro_rules! plain {
    ($($type:ty, $expected:literal, $($pattern:pat => $result:expr),+;)*) => {$(
        impl Plain for $type {
            const EXPECTED: &'static str = $expected;

            #[inline(always)]
            fn from_value(value: Value) -> std::result::Result<Self, Value> {
                match value {
                    $($pattern => Ok($result),)+
                    // Nothing stands for the empty value, as in a parameter of a method.
                    // `Source: Concepts/null-undefined`
                    Value::Undefined | Value::Null => Ok(Self::default()),
                    other => Err(other),
                }
            }
        }

        impl Output for $type {
            #[inline(always)]
            fn into_result(self) -> Result<Value> {
                Ok(Value::from(self))
            }
        }
    )*};
}

plain! {
    Text, "a text", Value::Text(text) => text;
    f64, "a number",
        Value::Real(number) => number,
        Value::Integer(number) => number.into(),
        Value::Time(time) => time.seconds as f64;
    i32, "a number",
        Value::Integer(number) => number,
        Value::Real(number) => convert::real_to_integer(number),
        Value::Time(time) => i32::try_from(time.seconds).unwrap_or(i32::MAX);
    bool, "a Boolean", Value::Boolean(truth) => truth;
    Date, "a date", Value::Date(date) => date;
    Time, "a time",
        Value::Time(time) => time,
        Value::Integer(seconds) => Time::new(seconds.into()),
        Value::Real(seconds) => Time::new(seconds as i64);
    Blob, "a BLOB", Value::Blob(blob) => blob;
}

/// A whole number beyond 32 bits: sizes and positions in files.
impl Plain for i64 {
    const EXPECTED: &'static str = "a number";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        match value {
            Value::Integer(number) => Ok(number.into()),
            Value::Real(number) => Ok(number.round() as Self),
            Value::Time(time) => Ok(time.seconds),
            Value::Undefined | Value::Null => Ok(0),
            other => Err(other),
        }
    }
}

impl Output for i64 {
    fn into_result(self) -> Result<Value> {
        Ok(convert::whole(self))
    }
}

impl Plain for Pointer {
    const EXPECTED: &'static str = "a pointer";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        match value {
            Value::Pointer(pointer) => Ok(pointer),
            Value::Undefined | Value::Null => Ok(Self::nil()),
            other => Err(other),
        }
    }
}

/// Any value; a variable's content, not the variable.
impl Plain for Value {
    const EXPECTED: &'static str = "a value";

    #[inline(always)]
    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        match value {
            Value::Special(_) => Err(value),
            Value::Cell(cell) => Ok(cell.get()),
            value => Ok(value),
        }
    }
}

/// An object, private or shared.
#[derive(Clone, Debug)]
pub enum AnyObject {
    Private(Object),
    Shared(SharedObject),
}

/// A collection, private or shared.
#[derive(Clone, Debug)]
pub enum AnyCollection {
    Private(Collection),
    Shared(SharedCollection),
}

impl AnyCollection {
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub fn len(&self) -> usize {
        match self {
            Self::Private(items) => items.len(),
            Self::Shared(items) => items.len(),
        }
    }

    /// The element at an index, Undefined where there is none.
    pub fn get(&self, index: usize) -> Value {
        match self {
            Self::Private(items) => items.get_fast(index),
            Self::Shared(items) => {
                let found = i64::try_from(index).ok().and_then(|index| items.get(index));
                found.map_or(Value::Undefined, Value::from)
            }
        }
    }

    pub fn values(&self) -> Vec<Value> {
        match self {
            Self::Private(items) => items.to_vec(),
            Self::Shared(items) => items.to_vec().into_iter().map(Value::from).collect(),
        }
    }

    /// A number that no other living collection of its kind has.
    pub fn address(&self) -> usize {
        match self {
            Self::Private(items) => items.address(),
            Self::Shared(items) => items.address(),
        }
    }

    /// The collection that a value is, if it is one.
    pub fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Collection(items) => Some(Self::Private(items.clone())),
            Value::SharedCollection(items) => Some(Self::Shared(items.clone())),
            _ => None,
        }
    }
}

macro_rules! references {
    ($($type:ty, $expected:literal, $($pattern:pat => $result:expr),+;)*) => {$(
        impl Plain for $type {
            const EXPECTED: &'static str = $expected;

            #[inline]
            fn from_value(value: Value) -> std::result::Result<Self, Value> {
                match value {
                    $($pattern => Ok($result),)+
                    other => Err(other),
                }
            }
        }
    )*};
}

references! {
    Object, "an object", Value::Object(object) => object;
    SharedObject, "a shared object", Value::SharedObject(object) => object;
    Collection, "a collection", Value::Collection(collection) => collection;
    SharedCollection, "a shared collection", Value::SharedCollection(collection) => collection;
    AnyObject, "an object",
        Value::Object(object) => Self::Private(object),
        Value::SharedObject(object) => Self::Shared(object);
    AnyCollection, "a collection",
        Value::Collection(collection) => Self::Private(collection),
        Value::SharedCollection(collection) => Self::Shared(collection);
}

macro_rules! outputs {
    ($($type:ty, $value:ident => $result:expr;)*) => {$(
        impl Output for $type {
            #[inline(always)]
            fn into_result(self) -> Result<Value> {
                let $value = self;
                Ok($result)
            }
        }
    )*};
}

outputs! {
    Value, value => value;
    (), _nothing => Value::Undefined;
    &str, text => Value::Text(text.into());
    String, text => Value::Text(text.into());
    Pointer, pointer => Value::Pointer(pointer);
    Object, object => Value::Object(object);
    SharedObject, object => Value::SharedObject(object);
    Collection, collection => Value::Collection(collection);
    SharedCollection, collection => Value::SharedCollection(collection);
    AnyObject, object => object.into();
    AnyCollection, collection => collection.into();
}

impl<T: Output> Output for Option<T> {
    fn into_result(self) -> Result<Value> {
        self.map_or(Ok(Value::Null), Output::into_result)
    }
}

impl From<AnyObject> for Value {
    fn from(object: AnyObject) -> Self {
        match object {
            AnyObject::Private(object) => Self::Object(object),
            AnyObject::Shared(object) => Self::SharedObject(object),
        }
    }
}

impl From<AnyCollection> for Value {
    fn from(collection: AnyCollection) -> Self {
        match collection {
            AnyCollection::Private(collection) => Self::Collection(collection),
            AnyCollection::Shared(collection) => Self::SharedCollection(collection),
        }
    }
}

/// The operator `*`.
#[derive(Clone, Copy, Debug)]
pub struct Star;

impl Parameter for Star {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.take()? {
            Value::Special(Special::Star) => Ok(Self),
            other => Err(reader.mismatch("`*`", &other)),
        }
    }

    fn claims(argument: &Value) -> bool {
        matches!(argument, Value::Special(Special::Star))
    }
}

/// The operator `*`, or a value in its place.
#[derive(Clone, Copy, Debug)]
pub enum StarOr<T> {
    Star,
    Value(T),
}

impl<T: Parameter> Parameter for StarOr<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        if reader.peek().is_some_and(Star::claims) {
            reader.skip();
            return Ok(Self::Star);
        }
        T::read(reader).map(Self::Value)
    }

    fn claims(argument: &Value) -> bool {
        Star::claims(argument) || T::claims(argument)
    }
}

/// The operators `>` (ascending) and `<` (descending).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    Ascending,
    Descending,
}

impl Parameter for Order {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.take()? {
            Value::Special(Special::Greater) => Ok(Self::Ascending),
            Value::Special(Special::Less) => Ok(Self::Descending),
            other => Err(reader.mismatch("`>` or `<`", &other)),
        }
    }

    fn claims(argument: &Value) -> bool {
        matches!(argument, Value::Special(Special::Greater | Special::Less))
    }
}

/// A parameter that may come again and again, up to the end.
#[derive(Clone, Debug, Default)]
pub struct Rest<T>(pub Vec<T>);

impl<T: Parameter> Parameter for Rest<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let mut all = Vec::new();
        while reader.peek().is_some_and(T::claims) {
            all.push(T::read(reader)?);
        }
        Ok(Self(all))
    }

    fn claims(argument: &Value) -> bool {
        T::claims(argument)
    }
}

/// A variable of the caller, or what a pointer points to, to be read and written.
#[derive(Clone, Debug)]
pub struct VariableRef(Value);

impl VariableRef {
    /// What the variable holds.
    pub fn get(&self, process: &mut Process) -> Result<Value> {
        process.read_variable(&self.0)
    }

    /// Assigns, converting to the variable's declared type.
    pub fn set(&self, process: &mut Process, value: impl Into<Value>) -> Result<()> {
        process.write_variable(&self.0, value.into())
    }

    /// Changes the value where it lies.
    pub fn with<R>(&self, process: &mut Process, change: impl FnOnce(&mut Value) -> R) -> Result<R> {
        process.with_variable(&self.0, change)
    }

    /// The reference itself, as the process takes it.
    #[must_use]
    pub fn reference(&self) -> &Value {
        &self.0
    }
}

fn is_reference(value: &Value) -> bool {
    matches!(
        value,
        Value::Special(
            Special::Register(_) | Special::Process(_) | Special::Interprocess(_) | Special::Element(..)
        ) | Value::Pointer(_)
            | Value::Cell(_)
    )
}

impl Plain for VariableRef {
    const EXPECTED: &'static str = "a variable";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        if is_reference(&value) { Ok(Self(value)) } else { Err(value) }
    }
}

/// Any value; where the caller passed a variable, what it holds.
#[derive(Clone, Debug)]
pub struct VariableOrValue(pub Value);

impl Parameter for VariableOrValue {
    #[inline]
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        if matches!(value, Value::Special(_) | Value::Cell(_)) {
            return Value::from_value(reader.process.read_variable(&value)?)
                .map(Self)
                .map_err(|value| reader.mismatch("a value", &value));
        }
        Ok(Self(value))
    }
}

/// An argument as it was passed: a reference to a variable, a pointer in its place, or a value.
#[derive(Clone, Debug)]
pub struct AsPassed(pub Value);

impl Parameter for AsPassed {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        reader.take().map(Self)
    }
}

/// A variable that the native fills.
#[derive(Clone, Debug)]
pub struct Out<T> {
    variable: VariableRef,
    of: PhantomData<T>,
}

impl<T: Output> Out<T> {
    /// A variable that is to be filled.
    #[must_use]
    pub const fn of(variable: VariableRef) -> Self {
        Self { variable, of: PhantomData }
    }

    pub fn set(&self, process: &mut Process, value: T) -> Result<()> {
        let value = value.into_result()?;
        self.variable.set(process, value)
    }
}

impl<T> Plain for Out<T> {
    const EXPECTED: &'static str = "a variable";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        Ok(Self { variable: VariableRef::from_value(value)?, of: PhantomData })
    }
}

/// Fills a variable, if the caller passed one.
pub fn fill<T: Output>(process: &mut Process, out: Option<&Out<T>>, value: T) -> Result<()> {
    out.map_or(Ok(()), |out| out.set(process, value))
}

/// A variable that the native reads, checked to be of the type, and may fill.
#[derive(Clone, Debug)]
pub struct InOut<T> {
    pub value: T,
    variable: VariableRef,
}

impl<T> InOut<T> {
    pub fn set(&self, process: &mut Process, value: T) -> Result<()>
    where
        T: Output,
    {
        let value = value.into_result()?;
        self.variable.set(process, value)
    }
}

impl<T: Plain> Parameter for InOut<T> {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let variable = VariableRef::read(reader)?;
        let value = variable.get(reader.process)?;
        match T::from_value(value) {
            Ok(value) => Ok(Self { value, variable }),
            Err(value) => Err(reader.mismatch(T::EXPECTED, &value)),
        }
    }
}

/// A variable that holds an array, a pointer to one, or a row of a two-dimensional array.
#[derive(Clone, Debug)]
pub struct ArrayRef(Value);

impl ArrayRef {
    /// Works on the array where it lies; the process cannot be used meanwhile.
    pub fn with<R>(&self, process: &mut Process, work: impl FnOnce(&mut Array) -> Result<R>) -> Result<R> {
        if let Value::Array(row) = &self.0 {
            return work(&mut row.clone());
        }
        process.with_variable(&self.0, |value| match value {
            Value::Array(array) => work(array),
            other => Err(not_an_array(other)),
        })?
    }

    /// The array that a pointer points to.
    pub fn of_pointer(pointer: Value) -> Result<Self> {
        Self::from_value(pointer).map_err(|other| not_an_array(&other))
    }

    /// A copy of the array.
    pub fn copy(&self, process: &mut Process) -> Result<Array> {
        self.with(process, |array| Ok(array.clone()))
    }

    /// The variable, whatever it holds.
    #[must_use]
    pub fn variable(&self) -> VariableRef {
        VariableRef(self.0.clone())
    }

    /// Puts an array in the variable's place, of whatever kind it was.
    pub fn replace(&self, process: &mut Process, array: Array) -> Result<()> {
        process.with_variable(&self.0, |value| *value = Value::Array(Box::new(array)))
    }
}

fn not_an_array(found: &Value) -> Fault {
    Fault::new(
        ErrorCode::ArgumentType,
        format!("An array is expected here, not {}", super::bind::in_words(found)),
    )
}

impl Plain for ArrayRef {
    const EXPECTED: &'static str = "an array";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        if is_reference(&value) || matches!(value, Value::Array(_)) { Ok(Self(value)) } else { Err(value) }
    }
}
