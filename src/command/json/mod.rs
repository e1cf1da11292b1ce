//! Theme JSON: values as JSON texts and back, validation against schemas, references.

mod parse;
mod pointers;
mod symbols;
mod validate;
mod write;

use super::objects::{converted, elements_of, fill_array};
use super::parameters::{ArrayRef, Integer, Star, VariableOrValue};
use crate::value::{Array, Collection, ErrorCode, Fault, Result, Text, Value};
use crate::vm::Process;

pub(crate) use parse::parse as parsed;
pub(crate) use write::stringified;

commands! {
    /// Gives a value as a JSON text; with `*`, on several lines with tabs.
    1217 "JSON Stringify" (value; *) thread_safe => stringify;
    /// Gives the value of a JSON text; with `*`, the places of its properties as well.
    1218 "JSON Parse" (jsonString; type; *) thread_safe => json_parse;
    /// Fills an array from a JSON text.
    1219 "JSON PARSE ARRAY" (jsonString; array) thread_safe => parse_array;
    /// Gives an array as a JSON text; with `*`, on several lines with tabs.
    1228 "JSON Stringify array" (array; *) thread_safe => stringify_array;
    /// Holds a value against a JSON schema.
    1456 "JSON Validate" (vJson; vSchema) thread_safe => validate::json_validate;
    /// Puts what `$ref` refers to in its place.
    1478 "JSON Resolve pointers" (object; options) thread_safe => pointers::resolve_pointers;
}

/// Source: commands/json-stringify
fn stringify(process: &mut Process, value: VariableOrValue, pretty: Option<Star>) -> Result<Text> {
    stringified(process, &value.0, pretty.is_some())
}

/// Source: commands/json-parse
fn json_parse(
    process: &mut Process,
    text: Text,
    of_type: Option<Integer>,
    places: Option<Star>,
) -> Result<Value> {
    let value = parse::parse(text.as_str())?;
    let value = match of_type {
        None => value,
        Some(of_type) => converted(process, value, of_type)?,
    };
    if let (Some(Star), Value::Object(object)) = (places, &value) {
        object.set(&Text::from(symbols::SYMBOLS), Value::Object(symbols::symbols(text.as_str())));
    }
    Ok(value)
}

/// Source: commands/json-parse-array
fn parse_array(process: &mut Process, text: Text, array: ArrayRef) -> Result<()> {
    match parse::parse(text.as_str())? {
        Value::Collection(items) => fill_array(process, &array, items.to_vec()),
        other => {
            let found = super::bind::in_words(&other);
            let message =
                format!("Argument 1 of `JSON PARSE ARRAY` (`jsonString`) must be a JSON array, not {found}");
            Err(Fault::new(ErrorCode::Json, message))
        }
    }
}

/// Source: commands/json-stringify-array
fn stringify_array(process: &mut Process, array: VariableOrValue, pretty: Option<Star>) -> Result<Text> {
    let value = match array.0 {
        pointer @ Value::Pointer(_) => process.read_variable(&pointer)?,
        other => other,
    };
    let items = match value {
        Value::Array(array) => elements(&array),
        items @ (Value::Collection(_) | Value::SharedCollection(_)) => items,
        single => Value::Collection(Collection::from_values(vec![single])),
    };
    stringified(process, &items, pretty.is_some())
}

fn elements(array: &Array) -> Value {
    Value::Collection(elements_of(array))
}
