//! `[index]` of collections and objects, `{index}` of arrays and BLOBs, and what `For each` runs over.

use super::members::{cleared, from_shared, stored};
use super::process::Process;
use crate::value::{Blob, BlobObject, Collection, ErrorCode, Fault, Result, Value, convert};

impl Process {
    pub(super) fn get_index(&mut self, base: &Value, index: &Value) -> Result<Value> {
        match (base, index) {
            (Value::Cell(cell), _) => self.get_index(&cell.get(), index),
            (Value::Collection(items), Value::Integer(_) | Value::Real(_)) => {
                Ok(items.get(i64::from(convert::as_integer(index).unwrap_or(-1))))
            }
            (Value::SharedCollection(items), Value::Integer(_) | Value::Real(_)) => {
                Ok(from_shared(items.get(i64::from(convert::as_integer(index).unwrap_or(-1)))))
            }
            (Value::Object(_) | Value::SharedObject(_), Value::Text(name)) => {
                self.get_member_named(base, name)
            }
            (
                Value::Object(_) | Value::SharedObject(_) | Value::Collection(_),
                Value::Undefined | Value::Null,
            ) => Ok(Value::Undefined),
            (Value::Object(object), Value::Integer(_) | Value::Real(_)) => {
                if let Some(bytes) = object.native::<BlobObject>() {
                    return byte_at(&bytes.0, index_number(index)?);
                }
                let name = convert::to_text(index)?;
                self.get_member_named(base, &name)
            }
            (Value::Blob(bytes), Value::Integer(_) | Value::Real(_)) => byte_at(bytes, index_number(index)?),
            (Value::SharedObject(object), Value::Integer(_) | Value::Real(_)) => {
                Ok(from_shared(object.element(i64::from(convert::as_integer(index).unwrap_or(-1)))))
            }
            // an object variable that holds none, as in `This[""]=Null`
            (Value::Null, Value::Text(_)) | (Value::Undefined, _) => Ok(Value::Undefined),
            _ => Err(Fault::new(
                ErrorCode::IncompatibleTypes,
                format!("`[…]` of {} cannot take {} as an index", base.type_name(), index.type_name()),
            )),
        }
    }

    pub(super) fn set_index(&mut self, base: &Value, index: &Value, value: Value) -> Result<()> {
        match (base, index) {
            (Value::Cell(cell), _) => self.set_index(&cell.get(), index, value),
            (Value::Collection(items), Value::Integer(_) | Value::Real(_)) => {
                let at = i64::from(convert::as_integer(index).unwrap_or(-1));
                let value = match value {
                    Value::Undefined => cleared(&items.get(at)),
                    value => stored(value),
                };
                items.set(at, value)
            }
            (Value::SharedCollection(items), Value::Integer(_) | Value::Real(_)) => {
                let at = i64::from(convert::as_integer(index).unwrap_or(-1));
                let value = match value {
                    Value::Undefined => cleared(&from_shared(items.get(at))),
                    value => value,
                };
                self.set_shared_item(items, at, value)
            }
            (Value::Object(_) | Value::SharedObject(_), Value::Text(name)) => {
                self.set_member_named(base, name, value)
            }
            (Value::Object(_), Value::Integer(_) | Value::Real(_)) => {
                let name = convert::to_text(index)?;
                self.set_member_named(base, &name, value)
            }
            _ => Err(Fault::new(
                ErrorCode::IncompatibleTypes,
                format!("`[…]` of {} cannot take {} as an index", base.type_name(), index.type_name()),
            )),
        }
    }

    pub(super) fn get_element(&mut self, array: &Value, index: &Value) -> Result<Value> {
        let at = index_number(index)?;
        match array {
            Value::Array(array) => array.get(at),
            Value::Special(_) | Value::Pointer(_) | Value::Cell(_) => {
                let array = array.clone();
                self.with_variable(&array, |value| match value {
                    Value::Array(array) => array.get(at),
                    Value::Blob(blob) => byte_at(blob, at),
                    Value::Collection(items) => Ok(items.get(at)),
                    other => Err(no_array(other)),
                })?
            }
            Value::Blob(blob) => byte_at(blob, at),
            other => Err(no_array(other)),
        }
    }

    pub(super) fn set_element(&mut self, array: &Value, index: &Value, value: Value) -> Result<()> {
        let at = index_number(index)?;
        self.with_variable(array, |target| match target {
            Value::Array(array) => array.set(at, value),
            Value::Blob(blob) => set_byte(blob, at, &value),
            other => Err(no_array(other)),
        })?
    }

    pub(super) fn get_element2(&mut self, array: &Value, row: &Value, column: &Value) -> Result<Value> {
        let (row, column) = (index_number(row)?, index_number(column)?);
        match array {
            Value::Array(array) => array.row(row)?.get(column),
            Value::Special(_) | Value::Pointer(_) | Value::Cell(_) => {
                let array = array.clone();
                self.with_variable(&array, |value| match value {
                    Value::Array(array) => array.row(row)?.get(column),
                    other => Err(no_array(other)),
                })?
            }
            other => Err(no_array(other)),
        }
    }

    pub(super) fn set_element2(
        &mut self,
        array: &Value,
        row: &Value,
        column: &Value,
        value: Value,
    ) -> Result<()> {
        let (row, column) = (index_number(row)?, index_number(column)?);
        self.with_variable(array, |target| match target {
            Value::Array(array) => array.row_mut(row)?.set(column, value),
            other => Err(no_array(other)),
        })?
    }

    /// What `For each` runs over: the thing itself or, for an object, its property names; first and end index.
    pub(super) fn start_iteration(
        &mut self,
        over: Value,
        first: &Value,
        end: &Value,
        bounds: bool,
    ) -> Result<(Value, i32, i32)> {
        let over = match over {
            Value::Cell(cell) => cell.get(),
            other => other,
        };
        let (over, length) = match over {
            Value::Collection(items) => {
                let length = items.len();
                (Value::Collection(items), length)
            }
            Value::SharedCollection(items) => {
                let length = items.len();
                (Value::SharedCollection(items), length)
            }
            Value::Object(_) | Value::SharedObject(_) => {
                let names: Vec<Value> = self.property_names(&over).into_iter().map(Value::Text).collect();
                let length = names.len();
                (Value::Collection(Collection::from_values(names)), length)
            }
            Value::Null | Value::Undefined => (Value::Collection(Collection::new()), 0),
            other => {
                return Err(Fault::new(
                    ErrorCode::IncompatibleTypes,
                    format!("For each runs over collections and objects, not over {}", other.type_name()),
                ));
            }
        };
        let length = i32::try_from(length).unwrap_or(i32::MAX);
        if !bounds {
            return Ok((over, 0, i32::MAX));
        }
        let from_end = |n: i32| if n < 0 { n.saturating_add(length).max(0) } else { n };
        let first = from_end(convert::as_integer(first).unwrap_or(0));
        let end = convert::as_integer(end).map_or(length, from_end).min(length);
        Ok((over, first, end))
    }
}

pub(super) fn index_number(index: &Value) -> Result<i64> {
    convert::as_integer(index).map(i64::from).ok_or_else(|| {
        Fault::new(
            ErrorCode::IncompatibleTypes,
            format!("An index must be a number, not {}", index.type_name()),
        )
    })
}

/// A byte of a BLOB, counted from 0. `Source: Concepts/blob`
fn byte_at(blob: &Blob, at: i64) -> Result<Value> {
    let byte = usize::try_from(at).ok().and_then(|at| blob.get(at));
    byte.map(|byte| Value::Integer((*byte).into())).ok_or_else(|| outside_blob(blob, at))
}

/// Only the lowest eight bits of a number go into a byte.
pub(super) fn set_byte(blob: &mut Blob, at: i64, value: &Value) -> Result<()> {
    let number = index_number(value)?;
    match usize::try_from(at).ok().and_then(|at| blob.make_mut().get_mut(at)) {
        Some(byte) => {
            *byte = (number & 0xFF) as u8;
            Ok(())
        }
        None => Err(outside_blob(blob, at)),
    }
}

#[cold]
fn outside_blob(blob: &Blob, at: i64) -> Fault {
    Fault::new(ErrorCode::IndexOutOfRange, format!("Byte {at} is outside a BLOB of {} bytes", blob.len()))
}

pub(super) fn no_array(value: &Value) -> Fault {
    Fault::new(ErrorCode::IncompatibleTypes, format!("`{{…}}` needs an array, not {}", value.type_name()))
}
