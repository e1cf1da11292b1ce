//! Pointers and references: what `->` makes of a variable or an element, and what `->` behind one reads and writes.
//! `Source: Concepts/dt_pointer`

use super::elements::{index_number, no_array};
use super::process::Process;
use super::variables::{no_variable, select_or_store};
use crate::value::{Array, ErrorCode, Fault, Pointer, Result, Special, Target, Type, Value, convert};

impl Process {
    pub(super) fn make_pointer(&mut self, to: &Value) -> Result<Value> {
        Ok(Value::Pointer(match to {
            Value::Cell(cell) => Pointer::new(Target::Local(cell.clone())),
            Value::Special(Special::Process(n)) => Pointer::new(Target::Process(*n)),
            Value::Special(Special::Interprocess(n)) => Pointer::new(Target::Interprocess(*n)),
            Value::Pointer(pointer) => pointer.clone(),
            _ => return Err(Fault::new(ErrorCode::IncompatibleTypes, "Only variables can be pointed to")),
        }))
    }

    pub(super) fn make_element_pointer(&mut self, to: &Value, index: &Value) -> Result<Value> {
        let index = index_number(index)?;
        if let Value::Array(array) = to {
            // an array that no pointer refers to: only its value can be passed
            if array.is_two_dimensional() {
                return Ok(Value::Array(Box::new(array.row(index)?.clone())));
            }
            return array.get(index);
        }
        let Value::Pointer(pointer) = self.make_pointer(to)? else { return Ok(Value::Undefined) };
        let target = match pointer.target() {
            Target::Element(base, indexes) => {
                let mut indexes = indexes.clone();
                indexes.push(index);
                Target::Element(base.clone(), indexes)
            }
            other => Target::Element(Box::new(other.clone()), vec![index]),
        };
        Ok(Value::Pointer(Pointer::new(target)))
    }

    /// An element of the array in a register, or of the one that the register refers to, for a command.
    pub(super) fn refer_element(&mut self, at: u32, index: &Value, written: bool) -> Result<Value> {
        let number = index_number(index)?;
        let Some(array) = self.stack.get(at as usize) else { return Err(no_variable()) };
        if let Value::Array(array) = array {
            if !written && !array.is_two_dimensional() {
                return array.get(number);
            }
            check_element(array, number)?;
            return Ok(Value::Special(Special::Element(at, i32::try_from(number).unwrap_or(-1))));
        }
        let array = array.clone();
        let referred = matches!(array, Value::Special(_) | Value::Pointer(_) | Value::Cell(_));
        if !referred {
            return self.get_element(&array, index);
        }
        let found = self.with_variable(&array, |value| match value {
            Value::Array(array) if written || array.is_two_dimensional() => {
                check_element(array, number).map(|()| None)
            }
            Value::Array(array) => array.get(number).map(Some),
            Value::Collection(items) if !written => Ok(Some(items.get(number))),
            other => Err(no_array(other)),
        })??;
        found.map_or_else(|| self.make_element_pointer(&array, index), Ok)
    }

    /// What `$p->` passes to a command that wants the variable itself.
    pub(super) fn pointee_reference(&mut self, pointer: Value) -> Result<Value> {
        let Value::Pointer(pointer) = &pointer else { return self.dereference(&pointer) };
        Ok(match pointer.target() {
            Target::Nil => return Err(nil()),
            Target::Local(cell) => Value::Cell(cell.clone()),
            Target::Process(n) => Value::Special(Special::Process(*n)),
            Target::Interprocess(n) => Value::Special(Special::Interprocess(*n)),
            _ => Value::Pointer(pointer.clone()),
        })
    }

    pub(super) fn dereference(&mut self, pointer: &Value) -> Result<Value> {
        match pointer {
            Value::Pointer(pointer) => self.read_target(&pointer.target().clone()),
            Value::Cell(cell) => self.dereference(&cell.get()),
            Value::Undefined | Value::Null => Err(nil()),
            other => Err(Fault::new(
                ErrorCode::IncompatibleTypes,
                format!("`->` needs a pointer, not {}", other.type_name()),
            )),
        }
    }

    pub(super) fn store_dereference(&mut self, pointer: &Value, value: Value) -> Result<()> {
        match pointer {
            Value::Pointer(pointer) => self.write_target(pointer.target(), value),
            Value::Cell(cell) => self.store_dereference(&cell.get(), value),
            Value::Undefined | Value::Null => Err(nil()),
            other => Err(Fault::new(
                ErrorCode::IncompatibleTypes,
                format!("`->` needs a pointer, not {}", other.type_name()),
            )),
        }
    }

    pub(super) fn read_target(&mut self, target: &Target) -> Result<Value> {
        Ok(match target {
            Target::Nil => return Err(nil()),
            Target::Local(cell) => cell.get(),
            Target::Process(n) => self.load_process_variable(*n),
            Target::Interprocess(n) => self.load_interprocess_variable(*n),
            Target::Element(base, indexes) => {
                let base = Value::Pointer(Pointer::new((**base).clone()));
                self.with_variable(&base, |array| element(array, indexes))??
            }
            _ => return Err(Fault::new(ErrorCode::Headless, "Fields need 4D's database engine")),
        })
    }

    pub(super) fn write_target(&mut self, target: &Target, value: Value) -> Result<()> {
        match target {
            Target::Nil => Err(nil()),
            Target::Local(cell) => {
                let value = cell.with_mut(|old| same_type(old, value))?;
                cell.with_mut(|old| select_or_store(old, value));
                Ok(())
            }
            Target::Process(n) => self.store_process_variable(*n, value),
            Target::Interprocess(n) => self.store_interprocess_variable(*n, value),
            Target::Element(base, indexes) => {
                let mut value = Some(value);
                self.with_target_element(base, indexes, &mut |slot| *slot = value.take().unwrap_or_default())
            }
            _ => Err(Fault::new(ErrorCode::Headless, "Fields need 4D's database engine")),
        }
    }

    pub(super) fn with_target_element(
        &mut self,
        base: &Target,
        indexes: &[i64],
        change: &mut dyn FnMut(&mut Value),
    ) -> Result<()> {
        let base = Value::Pointer(Pointer::new(base.clone()));
        let mut done = Ok(());
        let work: &mut dyn FnMut(&mut Value) = &mut |array| done = with_element(array, indexes, &mut *change);
        self.with_variable(&base, work)?;
        done
    }
}

/// An element of an array, which may be a row of it, by one index or two.
pub(super) fn element(array: &Value, indexes: &[i64]) -> Result<Value> {
    match (array, indexes) {
        (Value::Array(array), [i]) if array.is_two_dimensional() => {
            Ok(Value::Array(Box::new(array.row(*i)?.clone())))
        }
        (Value::Array(array), [i]) => array.get(*i),
        (Value::Array(array), [i, j]) => array.row(*i)?.get(*j),
        (other, _) => Err(no_array(other)),
    }
}

/// Looks at or changes an element of an array, a row where it lies.
pub(super) fn with_element<R>(
    array: &mut Value,
    indexes: &[i64],
    change: impl FnOnce(&mut Value) -> R,
) -> Result<R> {
    let (array, at) = match (array, indexes) {
        (Value::Array(array), [i]) if array.is_two_dimensional() => {
            let kind = array.kind();
            let row = array.row_mut(*i)?;
            let mut value = Value::Array(Box::new(std::mem::replace(row, Array::new(kind, 0)?)));
            let result = change(&mut value);
            return match value {
                Value::Array(changed) if changed.kind() == kind && !changed.is_two_dimensional() => {
                    *row = *changed;
                    Ok(result)
                }
                _ => Err(Fault::new(
                    ErrorCode::IncompatibleTypes,
                    "A row of a two-dimensional array can only become a row of the same kind",
                )),
            };
        }
        (Value::Array(array), [i]) => (&mut **array, *i),
        (Value::Array(array), [i, j]) => (array.row_mut(*i)?, *j),
        (other, _) => return Err(no_array(other)),
    };
    let mut value = array.get(at)?;
    let result = change(&mut value);
    array.set(at, value)?;
    Ok(result)
}

fn check_element(array: &Array, index: i64) -> Result<()> {
    if array.is_two_dimensional() { array.row(index).map(drop) } else { array.get(index).map(drop) }
}

/// A variable written through a pointer keeps its type.
fn same_type(old: &Value, new: Value) -> Result<Value> {
    let ty = match (old, &new) {
        (Value::Text(_), Value::Text(_)) => return Ok(new),
        (Value::Integer(_), Value::Real(_)) => return Ok(new),
        (Value::Real(_), Value::Integer(_)) => Type::Real,
        (Value::Text(_), Value::Undefined) => Type::Text,
        (Value::Integer(_), Value::Undefined) => Type::Integer,
        (Value::Real(_), Value::Undefined) => Type::Real,
        (Value::Boolean(_), Value::Undefined) => Type::Boolean,
        _ => return Ok(new),
    };
    convert::assign(new, ty)
}

pub(super) fn nil() -> Fault {
    Fault::new(ErrorCode::NilPointer, "The pointer points to nothing")
}
