//! What operations do with their operands where it takes more than a line: conditions, counting,
//! iterating, characters and elements of texts and arrays in registers, object literals.

use crate::code::program::Code;
use crate::value::ops::{self, Rules};
use crate::value::{ErrorCode, Fault, Object, Result, Shape, Special, Text, Type, Value, Words, convert};

#[inline(always)]
pub(super) fn condition(value: &Value) -> Result<bool> {
    match value {
        Value::Boolean(b) => Ok(*b),
        other => convert::condition(other),
    }
}

#[inline(always)]
pub(super) fn truthy(value: &Value) -> bool {
    match value {
        Value::Boolean(b) => *b,
        other => convert::truthy(other),
    }
}

pub(super) fn is_null(value: &Value) -> bool {
    match value {
        Value::Null | Value::Undefined => true,
        Value::Pointer(pointer) => pointer.is_nil(),
        Value::Cell(cell) => cell.with_mut(|v| is_null(v)),
        _ => false,
    }
}

#[inline(never)]
pub(super) fn not_equal(a: &Value, b: &Value, rules: &Rules) -> Result<bool> {
    ops::equal(a, b, rules).map(|same| !same)
}

pub(super) fn not_operand(value: &Value) -> Result<bool> {
    convert::condition(value)
}

pub(super) fn append(target: &mut Value, value: &Value, rules: &Rules) -> Result<()> {
    if let (Value::Text(text), Value::Text(more)) = (&mut *target, value) {
        return text.try_push_text(more);
    }
    let sum = ops::add(target, value, rules)?;
    *target = convert::assign(sum, Type::Text)?;
    Ok(())
}

pub(super) fn content(value: &Value) -> Value {
    match value {
        Value::Cell(cell) => cell.get(),
        other => other.clone(),
    }
}

/// What may leave a register: never a cell or a reference.
pub(super) fn settled(value: Value) -> Value {
    match value {
        Value::Cell(cell) => cell.get(),
        Value::Special(_) => Value::Undefined,
        other => other,
    }
}

/// What an object holds of a value: a time becomes its seconds, a BLOB a 4D.Blob. Those who asked for
/// neither get nothing at all, undefined.
/// `Source: commands/set-database-parameter (Times inside objects)`
fn stored_or_undefined(value: Value) -> Value {
    match settled(value) {
        Value::Time(time) => crate::value::convert::whole(time.seconds),
        Value::Blob(blob) => blob.boxed(),
        other => other,
    }
}

pub(super) fn special_of(number: u8) -> Special {
    match number {
        0 => Special::Star,
        1 => Special::Greater,
        2 => Special::Less,
        3 => Special::Omitted,
        n => Special::Operator(n - 4),
    }
}

pub(super) fn reference_of(value: &Value) -> Option<Value> {
    match value {
        Value::Special(_) | Value::Pointer(_) | Value::Cell(_) => Some(value.clone()),
        _ => None,
    }
}

/// # Safety
/// The site's values lie at `first`.
pub(super) unsafe fn new_object(code: &Code, shape: u16, first: *mut Value) -> Value {
    let Some(site) = code.shapes.get(usize::from(shape)) else { return Value::Object(Object::new()) };
    // SAFETY: by contract
    let mut values =
        (0..site.keys.len()).map(|i| stored_or_undefined(std::mem::take(unsafe { &mut *first.add(i) })));
    let made = site.shape.get_or_init(|| {
        let mut shape = Shape::root();
        for key in &site.keys {
            shape = shape.add(key)?;
        }
        Some(shape)
    });
    if let Some(shape) = made
        && site.keys.len() <= 8
    {
        let values: smallvec::SmallVec<[Value; 8]> = values.collect();
        if values.iter().all(|v| v.tag() > 0) {
            return Value::Object(Object::with_shape(shape, values));
        }
        return Value::Object(object_of(&site.keys, values.into_iter()));
    }
    Value::Object(object_of(&site.keys, &mut values))
}

/// Property by property: undefined values add nothing. `Source: Concepts/null-undefined`
fn object_of(keys: &[Text], values: impl Iterator<Item = Value>) -> Object {
    let object = Object::new();
    for (key, value) in keys.iter().zip(values) {
        if value.tag() > 0 {
            object.set(key, value);
        }
    }
    object
}

pub(super) fn for_done(counter: &Value, end: &Value, step: &Value) -> Result<bool> {
    let number = |v: &Value| convert::as_real(v).ok_or_else(|| for_fault(v));
    let (counter, end, step) = (number(counter)?, number(end)?, number(step)?);
    Ok(if step >= 0.0 { counter > end } else { counter < end })
}

pub(super) fn for_next(counter: &mut Value, end: &Value, step: &Value, rules: &Rules) -> Result<bool> {
    let whole = matches!(counter, Value::Integer(_));
    let next = ops::add(counter, step, rules)?;
    let done = for_done(&next, end, step)?;
    match next {
        // an Integer counter that would leave its range ends the loop instead of wrapping round
        Value::Real(r) if whole && (r > f64::from(i32::MAX) || r < f64::from(i32::MIN)) => return Ok(true),
        Value::Real(r) if whole => *counter = Value::Integer(convert::real_to_integer(r)),
        next => *counter = next,
    }
    Ok(done)
}

fn for_fault(value: &Value) -> Fault {
    Fault::new(
        ErrorCode::IncompatibleTypes,
        format!("A For loop counts with numbers, not with {}", value.type_name()),
    )
}

/// What `For each` comes to at an index, `None` at the end.
pub(super) fn next_item(over: &Value, at: i32, end: i32) -> Option<Words> {
    if at >= end {
        return None;
    }
    let value = match over {
        Value::SharedCollection(items) => items.get(i64::from(at)).map(Value::from)?,
        Value::Array(array) => array.get(i64::from(at)).ok()?,
        _ => return None,
    };
    Some(Words::from(value))
}

fn index_of(index: &Value) -> Result<i64> {
    convert::as_integer(index).map(i64::from).ok_or_else(|| {
        Fault::new(
            ErrorCode::IncompatibleTypes,
            format!("An index must be a number, not {}", index.type_name()),
        )
    })
}

fn no_array(value: &Value) -> Fault {
    Fault::new(ErrorCode::IncompatibleTypes, format!("`{{…}}` needs an array, not {}", value.type_name()))
}

pub(super) fn set_local_element(target: &mut Value, index: &Value, value: Value) -> Result<()> {
    let index = index_of(index)?;
    match target {
        Value::Array(array) => array.set(index, value),
        Value::Blob(blob) => super::elements::set_byte(blob, index, &value),
        other => Err(no_array(other)),
    }
}

pub(super) fn set_local_element2(
    target: &mut Value,
    row: &Value,
    column: &Value,
    value: Value,
) -> Result<()> {
    let (row, column) = (index_of(row)?, index_of(column)?);
    match target {
        Value::Array(array) => array.row_mut(row)?.set(column, value),
        other => Err(no_array(other)),
    }
}

/// `text[[index]]`, counted from 1. `Source: Concepts/string`
pub(super) fn character(text: &Value, index: &Value) -> Result<Value> {
    let at = index_of(index)?;
    let Value::Text(text) = text else {
        if let Value::Cell(cell) = text {
            return character(&cell.get(), index);
        }
        return Err(Fault::new(
            ErrorCode::IncompatibleTypes,
            format!("`[[…]]` needs a text, not {}", text.type_name()),
        ));
    };
    if at < 1 || at as usize > text.len_utf16() {
        return Err(out_of_text(at, text.len_utf16()));
    }
    Ok(Value::Text(text.substring(at as usize - 1, 1)))
}

pub(super) fn set_character(target: &mut Value, index: &Value, value: &Value) -> Result<()> {
    let at = index_of(index)?;
    let (Value::Text(text), Value::Text(new)) = (target, value) else {
        return Err(Fault::new(ErrorCode::IncompatibleTypes, "`[[…]]:=` needs a text on both sides"));
    };
    if at < 1 || at as usize > text.len_utf16() {
        return Err(out_of_text(at, text.len_utf16()));
    }
    if let Some(unit) = new.code_unit_at(0) {
        text.set_code_unit(at as usize - 1, unit);
    }
    Ok(())
}

fn out_of_text(at: i64, length: usize) -> Fault {
    Fault::new(
        ErrorCode::IndexOutOfRange,
        format!("Character {at} of a text of {length} characters does not exist"),
    )
}

pub(super) fn first_code(value: &Value) -> i32 {
    match value {
        Value::Text(text) => text.code_unit_at(0).map_or(0, i32::from),
        _ => 0,
    }
}

/// `Length` of what is no text: of nothing it is 0, anything else is an error.
pub(super) fn length_of(value: &Value) -> Result<i32> {
    match value {
        Value::Undefined => Ok(0),
        Value::Cell(cell) => length_of(&cell.get()),
        Value::Text(text) => Ok(text.len_utf16() as i32),
        other => Err(Fault::new(
            ErrorCode::ArgumentType,
            format!("Length: the parameter aString must be Text, not {}", other.type_name()),
        )),
    }
}
