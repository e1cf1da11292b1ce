//! What a shared object or collection may hold. `Source: commands/new-shared-object`

use super::group::Group;
use super::{SharedCollection, SharedObject};
use crate::value::{Blob, BlobObject, Date, ErrorCode, Fault, Result, Text, Value};
use std::sync::Arc;

/// A value that all processes may see.
#[derive(Clone, Debug, Default)]
pub enum SharedValue {
    #[default]
    Null,
    Boolean(bool),
    Integer(i32),
    Real(f64),
    Date(Date),
    Text(Text),
    Blob(Blob),
    Object(SharedObject),
    Collection(SharedCollection),
}

impl SharedValue {
    /// The group of a shared object or collection that is to be joined with its container's.
    pub(super) fn group(&self) -> Option<&Arc<Group>> {
        match self {
            Self::Object(object) if object.is_single() => None,
            Self::Object(object) => Some(object.group()),
            Self::Collection(collection) => Some(collection.group()),
            _ => None,
        }
    }

    #[must_use]
    pub fn to_value(&self) -> Value {
        match self {
            Self::Null => Value::Null,
            Self::Boolean(value) => Value::Boolean(*value),
            Self::Integer(value) => Value::Integer(*value),
            Self::Real(value) => Value::Real(*value),
            Self::Date(value) => Value::Date(*value),
            Self::Text(value) => Value::Text(value.clone()),
            Self::Blob(value) => value.clone().boxed(),
            Self::Object(value) => Value::SharedObject(value.clone()),
            Self::Collection(value) => Value::SharedCollection(value.clone()),
        }
    }
}

impl From<SharedValue> for Value {
    fn from(value: SharedValue) -> Self {
        match value {
            SharedValue::Text(value) => Self::Text(value),
            SharedValue::Blob(value) => value.boxed(),
            SharedValue::Object(value) => Self::SharedObject(value),
            SharedValue::Collection(value) => Self::SharedCollection(value),
            scalar => scalar.to_value(),
        }
    }
}

impl TryFrom<&Value> for SharedValue {
    type Error = Fault;

    fn try_from(value: &Value) -> Result<Self> {
        Ok(match value {
            Value::Undefined | Value::Null => Self::Null,
            Value::Boolean(value) => Self::Boolean(*value),
            Value::Integer(value) => Self::Integer(*value),
            Value::Real(value) => Self::Real(*value),
            Value::Date(value) => Self::Date(*value),
            // Times are stored as a number of seconds. `Source: commands/set-database-parameter`
            Value::Time(value) => Self::try_from(&crate::value::convert::whole(value.seconds))?,
            Value::Text(value) => Self::Text(value.clone()),
            Value::Blob(value) => Self::Blob(value.clone()),
            Value::SharedObject(value) => Self::Object(value.clone()),
            Value::SharedCollection(value) => Self::Collection(value.clone()),
            Value::Cell(cell) => return Self::try_from(&cell.get()),
            Value::Object(value) => match value.native::<BlobObject>() {
                Some(content) => Self::Blob(content.0.clone()),
                None => return Err(not_sharable()),
            },
            Value::Pointer(_) | Value::Array(_) | Value::Collection(_) | Value::Special(_) => {
                return Err(not_sharable());
            }
        })
    }
}

impl TryFrom<Value> for SharedValue {
    type Error = Fault;

    fn try_from(value: Value) -> Result<Self> {
        Self::try_from(&value)
    }
}

pub(in crate::value) fn not_sharable() -> Fault {
    Fault::new(ErrorCode::NotSharable, "Not supported value type in a shared object or shared collection")
}

pub(super) fn use_needed() -> Fault {
    Fault::new(
        ErrorCode::UseNeeded,
        "A shared object or shared collection can only be changed between Use and End use",
    )
}
