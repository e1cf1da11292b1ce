//! Theme Collections: making collections, and exchanging them with arrays.

use super::bind::{Parameter, Reader};
use super::parameters::{AnyCollection, ArrayRef, Rest, VariableOrValue};
use crate::value::convert::{as_boolean, as_date, as_real, as_time, real_to_integer, to_text};
use crate::value::{
    Array, ArrayKind, Collection, ErrorCode, Fault, Object, Result, SharedValue, Text, Value, element,
    text_to_number,
};
use crate::vm::Process;

commands! {
    /// Gives a new collection of values.
    1472 "New collection" (value) thread_safe => new_collection;
    /// Copies the elements of a collection, or properties of them, to arrays.
    1562 "COLLECTION TO ARRAY" (collection; array) thread_safe => collection_to_array;
    /// Copies arrays to the elements of a collection, or to properties of them.
    1563 "ARRAY TO COLLECTION" (collection; array) thread_safe => array_to_collection;
}

/// Source: commands/new-collection
fn new_collection(values: Rest<Value>) -> Collection {
    Collection::from_values(values.0.into_iter().map(element).collect())
}

/// One argument of a list in which arrays may be followed by the names of properties.
enum ArrayOrName {
    Array(ArrayRef),
    Name(Text),
}

impl Parameter for ArrayOrName {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let argument = reader.take()?;
        match reader.process.read_variable(&argument)? {
            Value::Array(_) => ArrayRef::of_pointer(argument).map(Self::Array),
            Value::Text(name) => Ok(Self::Name(name)),
            other => Err(reader.mismatch("an array or the name of a property", &other)),
        }
    }
}

/// Arrays with the property each belongs to; only a single array may have none.
fn pairs(arguments: Rest<ArrayOrName>, command: &str) -> Result<Vec<(ArrayRef, Option<Text>)>> {
    let mut pairs: Vec<(ArrayRef, Option<Text>)> = Vec::new();
    for argument in arguments.0 {
        match (argument, pairs.last_mut()) {
            (ArrayOrName::Array(array), _) => pairs.push((array, None)),
            (ArrayOrName::Name(name), Some((_, property @ None))) => *property = Some(name),
            (ArrayOrName::Name(name), _) => {
                let message = format!("`{command}` needs an array before the property `{name}`");
                return Err(Fault::new(ErrorCode::ArgumentType, message));
            }
        }
    }
    if pairs.is_empty() {
        return Err(Fault::new(ErrorCode::Arity, format!("`{command}` needs an array")));
    }
    if pairs.len() > 1 && pairs.iter().any(|(_, property)| property.is_none()) {
        let message = format!("`{command}` needs the name of a property for each of several arrays");
        return Err(Fault::new(ErrorCode::Arity, message));
    }
    Ok(pairs)
}

/// Source: commands/collection-to-array
fn collection_to_array(
    process: &mut Process,
    items: AnyCollection,
    arguments: Rest<ArrayOrName>,
) -> Result<()> {
    let values = items.values();
    for (array, property) in pairs(arguments, "COLLECTION TO ARRAY")? {
        let property = property.filter(|name| !name.as_str().is_empty());
        let mut chosen = Vec::with_capacity(values.len());
        for value in &values {
            chosen.push(match &property {
                None => value.clone(),
                Some(name) => match value {
                    Value::Object(_) | Value::SharedObject(_) => process.get_member_named(value, name)?,
                    _ => Value::Undefined,
                },
            });
        }
        array.with(process, |array| {
            let kind = array.kind();
            let mut filled = Array::new(kind, chosen.len())?;
            for (index, value) in (1..).zip(chosen) {
                if let Some(value) = converted(kind, value) {
                    filled.set(index, value)?;
                }
            }
            *array = filled;
            Ok(())
        })?;
    }
    Ok(())
}

/// A value as an element of a kind of array; None leaves the element empty.
fn converted(kind: ArrayKind, value: Value) -> Option<Value> {
    if matches!(value, Value::Undefined | Value::Null) {
        return None;
    }
    let number = |value: &Value| match value {
        Value::Text(text) => Some(text_to_number(text)),
        Value::Boolean(truth) => Some(f64::from(u8::from(*truth))),
        other => as_real(other),
    };
    match kind {
        ArrayKind::Text => to_text(&value).ok().map(Value::Text),
        ArrayKind::Real => number(&value).map(Value::Real),
        ArrayKind::Integer | ArrayKind::Longint => {
            number(&value).map(|number| Value::Integer(real_to_integer(number)))
        }
        ArrayKind::Boolean => as_boolean(&value).map(Value::Boolean),
        ArrayKind::Date => as_date(&value).map(Value::Date),
        ArrayKind::Time => as_time(&value).map(Value::Time),
        ArrayKind::Object => matches!(value, Value::Object(_) | Value::SharedObject(_)).then_some(value),
        ArrayKind::Pointer => matches!(value, Value::Pointer(_)).then_some(value),
        ArrayKind::Blob => matches!(value, Value::Blob(_)).then_some(value),
        ArrayKind::Picture => None,
    }
}

/// Source: commands/array-to-collection
fn array_to_collection(
    process: &mut Process,
    collection: VariableOrValue,
    arguments: Rest<ArrayOrName>,
) -> Result<()> {
    let Some(items) = AnyCollection::of(&collection.0) else {
        let found = super::bind::in_words(&collection.0);
        let message =
            format!("Argument 1 of `ARRAY TO COLLECTION` (`collection`) must be a collection, not {found}");
        return Err(Fault::new(ErrorCode::ArgumentType, message));
    };
    let mut columns = Vec::new();
    for (array, property) in pairs(arguments, "ARRAY TO COLLECTION")? {
        let values = array.with(process, |array| {
            (1..=array.len())
                .map(|index| array.get(i64::try_from(index).unwrap_or(i64::MAX)))
                .collect::<Result<Vec<_>>>()
        })?;
        columns.push((property, values));
    }
    match &items {
        AnyCollection::Private(items) => {
            items.replace_all(rows(columns));
            Ok(())
        }
        AnyCollection::Shared(shared) => {
            let values = shared_rows(process, rows(columns))?;
            let used = Value::SharedCollection(shared.clone());
            process.using(&used, |process| process.with_caller(|caller| shared.replace_all(values, caller)))
        }
    }
}

/// The elements that columns make: values, or objects with a property a column.
fn rows(mut columns: Vec<(Option<Text>, Vec<Value>)>) -> Vec<Value> {
    if let [(None, values)] = columns.as_mut_slice() {
        return std::mem::take(values).into_iter().map(element).collect();
    }
    let length = columns.iter().map(|(_, values)| values.len()).max().unwrap_or(0);
    let objects: Vec<Object> = (0..length).map(|_| Object::new()).collect();
    for (property, values) in columns {
        let property = property.unwrap_or_default();
        for (object, value) in objects.iter().zip(values) {
            object.set(&property, element(value));
        }
    }
    objects.into_iter().map(Value::Object).collect()
}

/// The same for a shared collection: the objects made here become shared ones.
fn shared_rows(process: &mut Process, rows: Vec<Value>) -> Result<Vec<SharedValue>> {
    let rows = rows.into_iter().map(|row| match &row {
        Value::Object(_) => process.with_caller(|caller| crate::value::to_shared(&row, None, caller)),
        other => SharedValue::try_from(other),
    });
    rows.collect()
}
