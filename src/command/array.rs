//! Theme Arrays: making, filling and searching. Sorting is in `array_sort`.

use super::parameters::{ArrayRef, Boolean, Integer, Order, Out, VariableRef, fill};
use super::string::integer;
use crate::value::ops::{self, Rules};
use crate::value::{Array, ArrayKind, Elements, ErrorCode, Fault, Result, Value};
use crate::vm::Process;
use std::cmp::Ordering;

commands! {
    /// Makes or resizes an array of texts; once their length was limited.
    218 "_O_ARRAY STRING" (strLen; arrayName; size; size2) thread_safe => |p: &mut Process, _length: Integer, a, s, t| declare(p, ArrayKind::Text, a, s, t);
    /// Makes or resizes an array of reals.
    219 "ARRAY REAL" (arrayName; size; size2) thread_safe => |p: &mut Process, a, s, t| declare(p, ArrayKind::Real, a, s, t);
    /// Makes or resizes an array of 16-bit integers.
    220 "ARRAY INTEGER" (arrayName; size; size2) thread_safe => |p: &mut Process, a, s, t| declare(p, ArrayKind::Integer, a, s, t);
    /// Makes or resizes an array of integers.
    221 "ARRAY LONGINT" (arrayName; size; size2) thread_safe => |p: &mut Process, a, s, t| declare(p, ArrayKind::Longint, a, s, t);
    /// Makes or resizes an array of texts.
    222 "ARRAY TEXT" (arrayName; size; size2) thread_safe => |p: &mut Process, a, s, t| declare(p, ArrayKind::Text, a, s, t);
    /// Makes or resizes an array of Booleans.
    223 "ARRAY BOOLEAN" (arrayName; size; size2) thread_safe => |p: &mut Process, a, s, t| declare(p, ArrayKind::Boolean, a, s, t);
    /// Makes or resizes an array of dates.
    224 "ARRAY DATE" (arrayName; size; size2) thread_safe => |p: &mut Process, a, s, t| declare(p, ArrayKind::Date, a, s, t);
    /// Makes or resizes an array of pictures, which stay empty.
    279 "ARRAY PICTURE" (arrayName; size; size2) thread_safe => |p: &mut Process, a, s, t| declare(p, ArrayKind::Picture, a, s, t);
    /// Makes or resizes an array of pointers.
    280 "ARRAY POINTER" (arrayName; size; size2) thread_safe => |p: &mut Process, a, s, t| declare(p, ArrayKind::Pointer, a, s, t);
    /// Makes or resizes an array of objects.
    1221 "ARRAY OBJECT" (arrayName; size; size2) thread_safe => |p: &mut Process, a, s, t| declare(p, ArrayKind::Object, a, s, t);
    /// Makes or resizes an array of BLOBs.
    1222 "ARRAY BLOB" (arrayName; size; size2) thread_safe => |p: &mut Process, a, s, t| declare(p, ArrayKind::Blob, a, s, t);
    /// Makes or resizes an array of times.
    1223 "ARRAY TIME" (arrayName; size; size2) thread_safe => |p: &mut Process, a, s, t| declare(p, ArrayKind::Time, a, s, t);
    /// Copies an array over another.
    226 "COPY ARRAY" (source; destination) thread_safe => copy_array;
    /// Inserts empty elements.
    227 "INSERT IN ARRAY" (array; where; howMany) thread_safe => insert_in_array;
    /// Removes elements.
    228 "DELETE FROM ARRAY" (array; where; howMany) thread_safe => delete_from_array;
    /// Gives the number of the first element that equals a value, or -1.
    230 "Find in array" (array; value; start) thread_safe => find_in_array;
    /// Gives how many elements there are, element zero not counted.
    274 "Size of array" (array) thread_safe => size_of_array;
    /// Gives how many elements equal a value.
    907 "Count in array" (array; value) thread_safe => count_in_array;
    /// Adds an element at the end.
    911 "APPEND TO ARRAY" (array; value) thread_safe => append_to_array;
    /// Whether a sorted array holds a value, and between which elements.
    1333 "Find in sorted array" (array; value; order; posFirst; posLast) thread_safe => find_in_sorted_array;
}

/// Keeps the elements of an array that is already of that kind. Source: commands/array-text
fn declare(
    process: &mut Process,
    kind: ArrayKind,
    variable: VariableRef,
    size: Integer,
    columns: Option<Integer>,
) -> Result<()> {
    let size = usize::try_from(size).unwrap_or(0);
    let columns = columns.map(|columns| usize::try_from(columns).unwrap_or(0));
    variable.with(process, |value| {
        if let Value::Array(array) = value
            && array.kind() == kind
            && array.is_two_dimensional() == columns.is_some()
        {
            return match columns {
                Some(columns) => array.resize_rows(size, columns),
                None => array.resize(size),
            };
        }
        let array = match columns {
            Some(columns) => Array::two_dimensions(kind, size, columns)?,
            None => Array::new(kind, size)?,
        };
        *value = Value::Array(Box::new(array));
        Ok(())
    })?
}

const fn is_numeric(kind: ArrayKind) -> bool {
    matches!(kind, ArrayKind::Integer | ArrayKind::Longint | ArrayKind::Real)
}

/// A numeric destination keeps its kind. Source: commands/copy-array
fn copy_array(process: &mut Process, source: ArrayRef, destination: VariableRef) -> Result<()> {
    let copy = source.copy(process)?;
    destination.with(process, |value| {
        if let Value::Array(array) = value
            && array.kind() != copy.kind()
            && is_numeric(array.kind())
            && is_numeric(copy.kind())
            && !copy.is_two_dimensional()
        {
            let mut kept = Array::new(array.kind(), copy.len())?;
            for index in 0..=i64::try_from(copy.len()).unwrap_or(0) {
                kept.set(index, copy.get(index)?)?;
            }
            *value = Value::Array(Box::new(kept));
            return Ok(());
        }
        *value = Value::Array(Box::new(copy));
        Ok(())
    })?
}

/// Source: commands/insert-in-array
fn insert_in_array(
    process: &mut Process,
    array: ArrayRef,
    at: Integer,
    count: Option<Integer>,
) -> Result<()> {
    let at = usize::try_from(at).unwrap_or(0);
    let count = usize::try_from(count.unwrap_or(1)).unwrap_or(0);
    array.with(process, |array| array.insert(at, count))
}

/// Source: commands/delete-from-array
fn delete_from_array(
    process: &mut Process,
    array: ArrayRef,
    at: Integer,
    count: Option<Integer>,
) -> Result<()> {
    let at = usize::try_from(at).unwrap_or(0);
    let count = usize::try_from(count.unwrap_or(1)).unwrap_or(0);
    array.with(process, |array| {
        array.delete(at, count);
        Ok(())
    })
}

fn size_of_array(process: &mut Process, array: ArrayRef) -> Result<Integer> {
    array.with(process, |array| Ok(integer(array.len())))
}

/// Whether an element equals a value: the element on the left, so that `@` in the value counts.
fn is_match(array: &Array, index: usize, value: &Value, rules: &Rules) -> Result<bool> {
    match (array.elements(), value) {
        (Elements::Longint(list), Value::Integer(number)) => Ok(list.get(index) == Some(number)),
        (Elements::Text(list), Value::Text(text)) => {
            Ok(list.get(index).is_some_and(|element| ops::matches_text(element, text)))
        }
        _ => {
            let element = array.get(i64::try_from(index).unwrap_or(i64::MAX))?;
            ops::equal(&element, value, rules)
        }
    }
}

/// Source: commands/find-in-array
fn find_in_array(
    process: &mut Process,
    array: ArrayRef,
    value: Value,
    start: Option<Integer>,
) -> Result<Integer> {
    let rules = process.rules;
    let start = usize::try_from(start.unwrap_or(1)).unwrap_or(0);
    array.with(process, |array| {
        for index in start..=array.len() {
            if is_match(array, index, &value, &rules)? {
                return Ok(integer(index));
            }
        }
        Ok(-1)
    })
}

/// Source: commands/count-in-array
fn count_in_array(process: &mut Process, array: ArrayRef, value: Value) -> Result<Integer> {
    let rules = process.rules;
    array.with(process, |array| {
        let mut count = 0;
        for index in 1..=array.len() {
            count += Integer::from(is_match(array, index, &value, &rules)?);
        }
        Ok(count)
    })
}

/// A variable that is no array yet becomes one of the value's kind. Source: commands/append-to-array
fn append_to_array(process: &mut Process, variable: VariableRef, value: Value) -> Result<()> {
    variable.with(process, |slot| match slot {
        Value::Array(array) => array.append(value),
        Value::Undefined | Value::Null => {
            let mut array = Array::new(kind_for(&value)?, 0)?;
            array.append(value)?;
            *slot = Value::Array(Box::new(array));
            Ok(())
        }
        other => Err(Fault::new(
            ErrorCode::ArgumentType,
            format!(
                "Argument 1 of `APPEND TO ARRAY` (`array`) must be an array, not {}",
                super::bind::in_words(other)
            ),
        )),
    })?
}

fn kind_for(value: &Value) -> Result<ArrayKind> {
    Ok(match value {
        Value::Text(_) => ArrayKind::Text,
        Value::Boolean(_) => ArrayKind::Boolean,
        Value::Integer(_) | Value::Real(_) => ArrayKind::Real,
        Value::Date(_) => ArrayKind::Date,
        Value::Time(_) => ArrayKind::Time,
        Value::Pointer(_) => ArrayKind::Pointer,
        Value::Object(_) | Value::SharedObject(_) => ArrayKind::Object,
        Value::Blob(_) => ArrayKind::Blob,
        other => {
            let found = super::bind::in_words(other);
            return Err(Fault::new(ErrorCode::IncompatibleTypes, format!("No array can hold {found}")));
        }
    })
}

/// Searches by halving, but one by one where the order says nothing: objects, pointers, and values
/// with `@` before their end. Source: commands/find-in-sorted-array
fn find_in_sorted_array(
    process: &mut Process,
    array: ArrayRef,
    value: Value,
    order: Order,
    first: Option<Out<Integer>>,
    last: Option<Out<Integer>>,
) -> Result<Boolean> {
    let rules = process.rules;
    let (found, from, to) = array.with(process, |array| {
        if !is_ordered(array, &value) {
            return one_by_one(array, &value, &rules);
        }
        let bound = |after_equals: bool| {
            let (mut low, mut high) = (1, array.len() + 1);
            while low < high {
                let middle = low.midpoint(high);
                let before = match compare(array, middle, &value, &rules)? {
                    Ordering::Equal => after_equals,
                    Ordering::Less => order == Order::Ascending,
                    Ordering::Greater => order == Order::Descending,
                };
                if before {
                    low = middle + 1;
                } else {
                    high = middle;
                }
            }
            Ok(low)
        };
        let (from, to): (usize, usize) = (bound(false)?, bound(true)?);
        Ok((from < to, integer(from), integer(if from < to { to - 1 } else { from })))
    })?;
    fill(process, first.as_ref(), from)?;
    fill(process, last.as_ref(), to)?;
    Ok(found)
}

fn is_ordered(array: &Array, value: &Value) -> bool {
    match (array.kind(), value) {
        (ArrayKind::Object | ArrayKind::Pointer, _) => false,
        (_, Value::Text(text)) => !text.trim_end_matches('@').contains('@'),
        _ => true,
    }
}

fn one_by_one(array: &Array, value: &Value, rules: &Rules) -> Result<(bool, Integer, Integer)> {
    let (mut from, mut to) = (-1, -1);
    for index in 1..=array.len() {
        if is_match(array, index, value, rules)? {
            to = integer(index);
            if from < 0 {
                from = to;
            }
        }
    }
    Ok((from > 0, from, to))
}

fn compare(array: &Array, index: usize, value: &Value, rules: &Rules) -> Result<Ordering> {
    let element = array.get(i64::try_from(index).unwrap_or(i64::MAX))?;
    if let (Value::Boolean(element), Value::Boolean(value)) = (&element, value) {
        return Ok(element.cmp(value));
    }
    if ops::equal(&element, value, rules)? {
        Ok(Ordering::Equal)
    } else if ops::less(&element, value, rules)? {
        Ok(Ordering::Less)
    } else {
        Ok(Ordering::Greater)
    }
}
