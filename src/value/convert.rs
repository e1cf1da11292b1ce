//! Declared types and what happens to a value on its way into a variable, a parameter, a
//! condition or a text.

use super::number::{integer_to_text, number_to_text};
use super::{
    Array, Blob, BlobObject, Collection, Date, ErrorCode, Fault, Object, Pointer, Result, SharedCollection,
    SharedObject, Text, Time, Value,
};

/// The type a variable, parameter or property is declared with. `Source: Concepts/data-types`
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum Type {
    #[default]
    Variant,
    Text,
    Integer,
    Real,
    Boolean,
    Date,
    Time,
    Blob,
    Pointer,
    Object,
    Collection,
    Picture,
}

impl Type {
    /// The type with a discriminant, as operations carry it.
    #[inline]
    #[must_use]
    pub const fn from_tag(tag: u8) -> Self {
        match tag {
            1 => Self::Text,
            2 => Self::Integer,
            3 => Self::Real,
            4 => Self::Boolean,
            5 => Self::Date,
            6 => Self::Time,
            7 => Self::Blob,
            8 => Self::Pointer,
            9 => Self::Object,
            10 => Self::Collection,
            11 => Self::Picture,
            _ => Self::Variant,
        }
    }

    /// As written in `var`.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Variant => "Variant",
            Self::Text => "Text",
            Self::Integer => "Integer",
            Self::Real => "Real",
            Self::Boolean => "Boolean",
            Self::Date => "Date",
            Self::Time => "Time",
            Self::Blob => "Blob",
            Self::Pointer => "Pointer",
            Self::Object => "Object",
            Self::Collection => "Collection",
            Self::Picture => "Picture",
        }
    }
}

/// What a variable holds before anything is assigned. `Source: Concepts/data-types`
#[must_use]
pub fn default_value(of: Type) -> Value {
    match of {
        Type::Variant => Value::Undefined,
        Type::Text => Value::Text(Text::new()),
        Type::Integer => Value::Integer(0),
        Type::Real => Value::Real(0.0),
        Type::Boolean => Value::Boolean(false),
        Type::Date => Value::Date(Date::NULL),
        Type::Time => Value::Time(Time::new(0)),
        Type::Pointer => Value::Pointer(Pointer::nil()),
        Type::Blob => Value::Blob(Blob::default()),
        Type::Object | Type::Collection | Type::Picture => Value::Null,
    }
}

/// The value as it is stored in a variable of a type. A Real variable always holds a `Real`, an
/// Integer one an `Integer`. `Source: Concepts/null-undefined, Concepts/interpreted-compiled`
#[inline]
pub fn assign(value: Value, to: Type) -> Result<Value> {
    match (to, &value) {
        (Type::Variant, _)
        | (Type::Text, Value::Text(_))
        | (Type::Integer, Value::Integer(_))
        | (Type::Real, Value::Real(_))
        | (Type::Boolean, Value::Boolean(_))
        | (Type::Object, Value::Object(_) | Value::SharedObject(_) | Value::Null)
        | (Type::Collection, Value::Collection(_) | Value::SharedCollection(_) | Value::Null) => Ok(value),
        (Type::Integer, Value::Real(number)) => Ok(Value::Integer(real_to_integer(*number))),
        (Type::Real, Value::Integer(number)) => Ok(Value::Real((*number).into())),
        _ => assign_other(value, to),
    }
}

fn assign_other(value: Value, to: Type) -> Result<Value> {
    let stored = match (to, &value) {
        (Type::Picture, _) => {
            return Err(Fault::new(ErrorCode::NotProvided, "Pictures are not provided"));
        }
        (_, Value::Undefined) => Some(default_value(to)),
        (Type::Pointer, Value::Null) => Some(default_value(to)),
        (_, Value::Cell(cell)) => return assign(cell.get(), to),
        (Type::Text | Type::Integer | Type::Real | Type::Boolean, Value::Array(array)) => {
            return assign(Value::Integer(array.current()), to);
        }
        (Type::Date, Value::Date(_))
        | (Type::Time, Value::Time(_))
        | (Type::Blob, Value::Blob(_))
        | (Type::Pointer, Value::Pointer(_)) => return Ok(value),
        // Times can be treated as numbers. `Source: Concepts/time`
        (Type::Integer, Value::Time(time)) => Some(Value::Integer(long(time.seconds))),
        (Type::Real, Value::Time(_)) => as_real(&value).map(Value::Real),
        (Type::Time, Value::Integer(_) | Value::Real(_)) => as_time(&value).map(Value::Time),
        // `Source: Concepts/blob (Automatic conversion of blob type)`
        (Type::Object, Value::Blob(blob)) => Some(blob.clone().boxed()),
        (Type::Blob, Value::Object(object)) => {
            object.native::<BlobObject>().map(|content| Value::Blob(content.0.clone()))
        }
        _ => None,
    };
    stored.ok_or_else(|| mismatch(&value, to))
}

#[cold]
fn mismatch(value: &Value, to: Type) -> Fault {
    Fault::new(
        ErrorCode::IncompatibleTypes,
        format!(
            "A value of type {} cannot be assigned to a variable of type {}",
            value.type_name(),
            to.name()
        ),
    )
}

/// The value as a parameter of a type receives it: the same rules as [`assign`].
#[inline]
pub fn to_parameter(value: Value, to: Type) -> Result<Value> {
    assign(value, to)
}

/// Cuts off the decimals; what exceeds 32 bits keeps its low bits, so that hexadecimal numbers
/// such as 0xFF00FF00 keep their bits. `Source: Concepts/number`
#[inline]
#[must_use]
#[allow(clippy::cast_possible_truncation)]
pub fn real_to_integer(number: f64) -> i32 {
    let whole = number as i64;
    if whole == i64::MAX || whole == i64::MIN {
        return 0;
    }
    whole as i32
}

#[allow(clippy::cast_possible_truncation)]
const fn long(number: i64) -> i32 {
    number as i32
}

/// A whole number as the value it is best kept as.
#[inline]
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn whole(number: i64) -> Value {
    i32::try_from(number).map_or(Value::Real(number as f64), Value::Integer)
}

/// Whether `&&`, `||` and `? :` take the value as true. `Source: Concepts/operators`
#[must_use]
pub fn truthy(value: &Value) -> bool {
    match value {
        Value::Undefined | Value::Null | Value::Special(_) => false,
        Value::Boolean(truth) => *truth,
        Value::Date(date) => !date.is_null(),
        Value::Text(text) => !text.is_empty(),
        Value::Pointer(pointer) => !pointer.is_nil(),
        Value::Object(object) => !object.is_empty(),
        Value::SharedObject(object) => !object.is_empty(),
        Value::Collection(collection) => !collection.is_empty(),
        Value::SharedCollection(collection) => !collection.is_empty(),
        Value::Cell(cell) => cell.with_mut(|value| truthy(value)),
        Value::Integer(_) | Value::Real(_) | Value::Time(_) | Value::Blob(_) | Value::Array(_) => true,
    }
}

/// Whether `If`, `While`, `Until` and `Case of` take the value as true: a Boolean, or a number
/// other than 0; nothing is False. `Source: Concepts/null-undefined, Concepts/control-flow`
#[inline]
pub fn condition(value: &Value) -> Result<bool> {
    match value {
        Value::Boolean(truth) => Ok(*truth),
        Value::Undefined | Value::Null => Ok(false),
        Value::Integer(number) => Ok(*number != 0),
        Value::Real(number) => Ok(*number != 0.0),
        Value::Cell(cell) => cell.with_mut(|value| condition(value)),
        other => Err(Fault::new(
            ErrorCode::IncompatibleTypes,
            format!("A condition must be a Boolean, not a value of type {}", other.type_name()),
        )),
    }
}

/// What `Value type` gives. `Source: commands/value-type`
#[must_use]
pub fn value_type(value: &Value) -> i32 {
    match value {
        Value::Undefined | Value::Special(_) => 5,
        Value::Null => 255,
        Value::Boolean(_) => 6,
        Value::Integer(_) | Value::Real(_) => 1,
        Value::Date(_) => 4,
        Value::Time(_) => 11,
        Value::Text(_) => 2,
        Value::Blob(_) => 30,
        Value::Pointer(_) => 23,
        Value::Array(array) => array_type(array),
        Value::Object(_) | Value::SharedObject(_) => 38,
        Value::Collection(_) | Value::SharedCollection(_) => 42,
        Value::Cell(cell) => cell.with_mut(|value| value_type(value)),
    }
}

fn array_type(array: &Array) -> i32 {
    use super::ArrayKind;
    if array.is_two_dimensional() {
        return 13;
    }
    match array.kind() {
        ArrayKind::Real => 14,
        ArrayKind::Integer => 15,
        ArrayKind::Longint => 16,
        ArrayKind::Date => 17,
        ArrayKind::Text => 18,
        ArrayKind::Picture => 19,
        ArrayKind::Pointer => 20,
        ArrayKind::Boolean => 22,
        ArrayKind::Blob => 31,
        ArrayKind::Time => 32,
        ArrayKind::Object => 39,
    }
}

/// What `String` makes of a value without a format. `Source: commands/string`
pub fn to_text(value: &Value) -> Result<Text> {
    Ok(match value {
        Value::Text(text) => text.clone(),
        Value::Integer(number) => integer_to_text((*number).into()),
        Value::Real(number) => number_to_text(*number),
        Value::Boolean(true) => Text::from("True"),
        Value::Boolean(false) => Text::from("False"),
        Value::Undefined => Text::new(),
        Value::Null => Text::from("null"),
        Value::Date(date) => Text::from(format!("{:02}/{:02}/{:02}", date.month(), date.day(), date.year())),
        Value::Time(time) => Text::from(time.to_string()),
        Value::Array(array) => integer_to_text(array.current().into()),
        Value::Cell(cell) => return cell.with_mut(|value| to_text(value)),
        other => {
            return Err(Fault::new(
                ErrorCode::ArgumentType,
                format!("A value of type {} cannot be converted to Text", other.type_name()),
            ));
        }
    })
}

/// A number (or time) without its decimals; `None` for other types.
#[inline]
#[must_use]
pub fn as_integer(value: &Value) -> Option<i32> {
    match value {
        Value::Integer(number) => Some(*number),
        Value::Real(number) => Some(real_to_integer(*number)),
        Value::Time(time) => Some(long(time.seconds)),
        Value::Array(array) => Some(array.current()),
        Value::Cell(cell) => cell.with_mut(|value| as_integer(value)),
        _ => None,
    }
}

/// A number (or time); `None` for other types.
#[inline]
#[must_use]
#[allow(clippy::cast_precision_loss)]
pub fn as_real(value: &Value) -> Option<f64> {
    match value {
        Value::Integer(number) => Some((*number).into()),
        Value::Real(number) => Some(*number),
        Value::Time(time) => Some(time.seconds as f64),
        Value::Array(array) => Some(array.current().into()),
        Value::Cell(cell) => cell.with_mut(|value| as_real(value)),
        _ => None,
    }
}

#[inline]
#[must_use]
pub fn as_boolean(value: &Value) -> Option<bool> {
    match value {
        Value::Boolean(truth) => Some(*truth),
        Value::Cell(cell) => cell.with_mut(|value| as_boolean(value)),
        _ => None,
    }
}

#[inline]
#[must_use]
pub fn as_text(value: &Value) -> Option<Text> {
    match value {
        Value::Text(text) => Some(text.clone()),
        Value::Cell(cell) => cell.with_mut(|value| as_text(value)),
        _ => None,
    }
}

#[must_use]
pub fn as_date(value: &Value) -> Option<Date> {
    match value {
        Value::Date(date) => Some(*date),
        Value::Cell(cell) => cell.with_mut(|value| as_date(value)),
        _ => None,
    }
}

/// A time, or a number of seconds.
#[must_use]
#[allow(clippy::cast_possible_truncation)]
pub fn as_time(value: &Value) -> Option<Time> {
    match value {
        Value::Time(time) => Some(*time),
        Value::Integer(number) => Some(Time::new((*number).into())),
        Value::Real(number) => Some(Time::new(*number as i64)),
        Value::Cell(cell) => cell.with_mut(|value| as_time(value)),
        _ => None,
    }
}

impl Value {
    /// The type in 4D's words, for messages.
    #[must_use]
    pub const fn type_name(&self) -> &'static str {
        match self {
            Self::Undefined => "Undefined",
            Self::Null => "Null",
            Self::Boolean(_) => "Boolean",
            Self::Integer(_) => "Integer",
            Self::Real(_) => "Real",
            Self::Date(_) => "Date",
            Self::Time(_) => "Time",
            Self::Text(_) => "Text",
            Self::Blob(_) => "Blob",
            Self::Pointer(_) => "Pointer",
            Self::Array(_) => "Array",
            Self::Object(_) | Self::SharedObject(_) => "Object",
            Self::Collection(_) | Self::SharedCollection(_) => "Collection",
            Self::Cell(_) => "Variable",
            Self::Special(_) => "Argument",
        }
    }
}

macro_rules! from {
    ($($type:ty => $value:ident: $build:expr;)*) => {
        $(impl From<$type> for Value {
            fn from($value: $type) -> Self {
                $build
            }
        })*
    };
}

from! {
    bool => truth: Self::Boolean(truth);
    i32 => number: Self::Integer(number);
    i64 => number: whole(number);
    usize => number: i64::try_from(number).map_or(Self::Real(f64::MAX), whole);
    f64 => number: Self::Real(number);
    &str => text: Self::Text(text.into());
    String => text: Self::Text(text.into());
    Text => text: Self::Text(text);
    Date => date: Self::Date(date);
    Time => time: Self::Time(time);
    Blob => blob: Self::Blob(blob);
    Pointer => pointer: Self::Pointer(pointer);
    Array => array: Self::Array(Box::new(array));
    Object => object: Self::Object(object);
    Collection => collection: Self::Collection(collection);
    SharedObject => object: Self::SharedObject(object);
    SharedCollection => collection: Self::SharedCollection(collection);
}

impl<T: Into<Self>> From<Option<T>> for Value {
    /// Null for nothing.
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn truthiness() {
        let falsy = [
            Value::Undefined,
            Value::Null,
            false.into(),
            "".into(),
            Date::NULL.into(),
            Pointer::nil().into(),
        ];
        let truthy_values: [Value; 6] = [
            true.into(),
            0.into(),
            (-1.0).into(),
            "0".into(),
            Time::new(0).into(),
            Date::new(2024, 1, 1).unwrap().into(),
        ];
        assert!(!falsy.iter().any(truthy));
        assert!(truthy_values.iter().all(truthy));
    }

    #[test]
    fn stores_convert() {
        assert!(matches!(assign(3.9.into(), Type::Integer), Ok(Value::Integer(3))));
        assert!(matches!(assign((-3.9).into(), Type::Integer), Ok(Value::Integer(-3))));
        assert!(matches!(
            assign(f64::from(0xFF00_FF00_u32).into(), Type::Integer),
            Ok(Value::Integer(-16_711_936))
        ));
        assert!(matches!(assign(f64::NAN.into(), Type::Integer), Ok(Value::Integer(0))));
        assert!(matches!(assign(5.into(), Type::Real), Ok(Value::Real(5.0))));
        assert!(matches!(assign(90.into(), Type::Time), Ok(Value::Time(Time { seconds: 90 }))));
        assert!(matches!(assign(Value::Undefined, Type::Integer), Ok(Value::Integer(0))));
        assert!(matches!(assign(Value::Undefined, Type::Object), Ok(Value::Null)));
        assert!(matches!(assign(Value::Undefined, Type::Blob), Ok(Value::Blob(_))));
        assert!(matches!(assign(Value::Null, Type::Pointer), Ok(Value::Pointer(p)) if p.is_nil()));
        for (value, to) in [
            (Value::from("abc"), Type::Integer),
            (Value::Null, Type::Text),
            (true.into(), Type::Integer),
            (1.into(), Type::Text),
            (1.into(), Type::Boolean),
            ("x".into(), Type::Object),
            (Value::Null, Type::Picture),
        ] {
            assert!(assign(value, to).is_err());
        }
    }

    #[test]
    fn conditions() {
        assert!(matches!(condition(&Value::Undefined), Ok(false)));
        assert!(matches!(condition(&true.into()), Ok(true)));
        assert!(condition(&"x".into()).is_err());
    }

    #[test]
    fn texts() {
        let shown = |value: Value| to_text(&value).unwrap().to_string();
        assert_eq!(shown(Date::new(2023, 11, 27).unwrap().into()), "11/27/2023");
        assert_eq!(shown(Date::NULL.into()), "00/00/00");
        assert_eq!(shown(Value::Null), "null");
        assert_eq!(shown(Value::Undefined), "");
        assert_eq!(shown(2.5.into()), "2.5");
        assert_eq!(shown(true.into()), "True");
    }
}
