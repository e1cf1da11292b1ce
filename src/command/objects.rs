//! Theme Objects (Language): objects made, read and changed by commands.

use super::bind::{Parameter, Reader};
use super::parameters::{ArrayRef, Boolean, Integer, Rest, VariableOrValue, VariableRef};
use crate::code::program::CodeKind;
use crate::value::shared::SharedValue;
use crate::value::{
    Array, ArrayKind, Collection, Date, Elements, ErrorCode, Fault, Object, Result, SharedObject, Text,
    Value, convert, deep_copy, to_shared,
};
use crate::vm::{Callable, ClassObject, FunctionObject, Process};
use rustc_hash::FxHashSet;

commands! {
    /// Creates properties of an object or changes them; makes the object where the variable holds none.
    1220 "OB SET" (object; property; value; property2) thread_safe => ob_set;
    /// Gives the value of a property, converted to a type if one is asked for.
    1224 "OB Get" (object; property; type) thread_safe => ob_get;
    /// Gives a deep copy: private, or shared with `ck shared`.
    1225 "OB Copy" (object; option; groupWith) thread_safe => ob_copy;
    /// Removes a property.
    1226 "OB REMOVE" (object; property) thread_safe => ob_remove;
    /// Puts an array, or a single value, into a property.
    1227 "OB SET ARRAY" (object; property; array) thread_safe => ob_set_array;
    /// Fills an array from a property.
    1229 "OB GET ARRAY" (object; property; array) thread_safe => ob_get_array;
    /// Gives the number of the type of a property's value.
    1230 "OB Get type" (object; property) thread_safe => ob_get_type;
    /// Whether an object or one of its properties exists.
    1231 "OB Is defined" (object; property) thread_safe => ob_is_defined;
    /// Fills arrays with the names of the properties and the types of their values.
    1232 "OB GET PROPERTY NAMES" (object; arrProperties; arrTypes) thread_safe => ob_get_property_names;
    /// Sets a property to Null.
    1233 "OB SET NULL" (object; property) thread_safe => ob_set_null;
    /// Whether there is no object, or one without properties.
    1297 "OB Is empty" (object) thread_safe => ob_is_empty;
    /// Makes an object with properties.
    1471 "New object" (property; value) thread_safe => new_object;
    /// Makes a shared object with properties.
    1526 "New shared object" (property; value) thread_safe => new_shared_object;
    /// Gives the values of the properties in order.
    1718 "OB Values" (object) => ob_values;
    /// Gives the names of the properties in order.
    1719 "OB Keys" (object) => ob_keys;
    /// Gives names and values of the properties in order, each as an object with `key` and `value`.
    1720 "OB Entries" (object) => ob_entries;
    /// Gives the class of an object.
    1730 "OB Class" (object) thread_safe => ob_class;
    /// Whether an object is an instance of a class or of one that extends it.
    1731 "OB Instance of" (object; class) thread_safe => ob_instance_of;
    /// Whether an object or a collection is shared.
    1759 "OB Is shared" (toCheck) thread_safe => ob_is_shared;
}

/// `ck resolve pointers`
const CK_RESOLVE_POINTERS: Integer = 1;
/// `ck shared`
const CK_SHARED: Integer = 2;

/// The object that a command changes: a variable that holds one or is to hold one, or an object.
struct Target(Value);

impl Parameter for Target {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        let held = reader.process.read_variable(&value)?;
        match held {
            Value::Object(_) | Value::SharedObject(_) | Value::Null | Value::Undefined => Ok(Self(value)),
            other => Err(reader.mismatch("an object", &other)),
        }
    }
}

impl Target {
    /// The object; a new one, put into the variable, where there is none.
    fn object(&self, process: &mut Process) -> Result<Value> {
        match process.read_variable(&self.0)? {
            object @ (Value::Object(_) | Value::SharedObject(_)) => Ok(object),
            _ => {
                let object = Value::Object(Object::new());
                if matches!(self.0, Value::Null | Value::Undefined) {
                    return Err(Fault::new(
                        ErrorCode::NoSuchMember,
                        "There is no object here, and no variable that could hold a new one",
                    ));
                }
                process.write_variable(&self.0, object.clone())?;
                Ok(object)
            }
        }
    }
}

/// An object that is only read; nothing stands for none.
enum Source {
    None,
    Object(Value),
}

impl Parameter for Source {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        match reader.process.read_variable(&value)? {
            object @ (Value::Object(_) | Value::SharedObject(_)) => Ok(Self::Object(object)),
            Value::Null | Value::Undefined => Ok(Self::None),
            other => Err(reader.mismatch("an object", &other)),
        }
    }
}

impl Source {
    /// The value of a property; Undefined for what is not there.
    fn get(&self, process: &mut Process, property: &Text) -> Result<Value> {
        match self {
            Self::None => Ok(Value::Undefined),
            Self::Object(object) => process.get_member_named(object, property),
        }
    }

    fn keys(&self, process: &Process) -> Vec<Text> {
        match self {
            Self::None => Vec::new(),
            Self::Object(object) => process.property_names(object),
        }
    }
}

/// A value as properties keep it: times are numbers of seconds, and nothing is Null.
/// `Source: commands/ob-set`
fn kept(value: Value) -> Value {
    match value {
        Value::Time(time) => Value::from(time.seconds),
        Value::Blob(blob) => blob.boxed(),
        Value::Undefined => Value::Null,
        Value::Array(array) => Value::Collection(elements_of(&array)),
        other => other,
    }
}

/// Source: commands/ob-set
fn ob_set(
    process: &mut Process,
    object: Target,
    property: Text,
    value: VariableOrValue,
    more: Rest<(Text, VariableOrValue)>,
) -> Result<()> {
    let object = object.object(process)?;
    process.set_member_named(&object, &property, kept(value.0))?;
    for (property, value) in more.0 {
        process.set_member_named(&object, &property, kept(value.0))?;
    }
    Ok(())
}

/// Source: commands/ob-get
fn ob_get(process: &mut Process, object: Source, property: Text, of_type: Option<Integer>) -> Result<Value> {
    let value = object.get(process, &property)?;
    match of_type {
        None => Ok(value),
        Some(of_type) => converted(process, value, of_type),
    }
}

/// A value as one of the type constants asks for it: `Is text`, `Is date` …; the empty value of the
/// type for what cannot be converted. `Source: commands/ob-get, commands/json-parse`
pub(super) fn converted(process: &mut Process, value: Value, of_type: Integer) -> Result<Value> {
    let value = match value {
        Value::Pointer(_) if of_type != 23 => process.read_variable(&value)?,
        other => other,
    };
    let number = || match &value {
        Value::Text(text) => crate::value::text_to_number(text.as_str()),
        Value::Boolean(truth) => f64::from(u8::from(*truth)),
        other => convert::as_real(other).unwrap_or(0.0),
    };
    Ok(match of_type {
        1 => Value::Real(number()),
        2 => match &value {
            Value::Undefined | Value::Null => Value::Text(Text::new()),
            Value::Boolean(truth) => Value::from(if *truth { "true" } else { "false" }),
            Value::Date(date) => Value::from(iso(*date)),
            other => convert::to_text(other).map_or_else(|_| Value::Text(Text::new()), Value::Text),
        },
        4 => Value::Date(match &value {
            Value::Date(date) => *date,
            Value::Text(text) => date_of_iso(text.as_str()).unwrap_or_default(),
            _ => Date::default(),
        }),
        6 => Value::Boolean(match &value {
            Value::Text(text) => text.as_str().eq_ignore_ascii_case("true"),
            other => convert::truthy(other),
        }),
        8 | 9 => Value::Integer(convert::real_to_integer(number().trunc())),
        11 => {
            let time = match &value {
                Value::Text(text) => time_of_text(text.as_str()),
                _ => number(),
            };
            convert::as_time(&Value::Real(time)).map_or(Value::Undefined, Value::Time)
        }
        23 => match value {
            pointer @ Value::Pointer(_) => pointer,
            _ => Value::Pointer(crate::value::Pointer::nil()),
        },
        38 => match value {
            object @ (Value::Object(_) | Value::SharedObject(_)) => object,
            _ => Value::Null,
        },
        42 => match value {
            items @ (Value::Collection(_) | Value::SharedCollection(_)) => items,
            _ => Value::Null,
        },
        255 => Value::Null,
        _ => value,
    })
}

/// `YYYY-MM-DD`
pub(super) fn iso(date: Date) -> String {
    format!("{:04}-{:02}-{:02}", date.year(), date.month(), date.day())
}

/// The date of an ISO text, with or without a time behind it.
pub(super) fn date_of_iso(text: &str) -> Option<Date> {
    let bytes = text.as_bytes();
    let (date, rest) = bytes.split_at_checked(10)?;
    if !(rest.is_empty() || rest.first() == Some(&b'T'))
        || date.get(4) != Some(&b'-')
        || date.get(7) != Some(&b'-')
    {
        return None;
    }
    let number = |part: &[u8]| -> Option<u32> {
        part.iter()
            .try_fold(0, |sum, digit| digit.is_ascii_digit().then(|| sum * 10 + u32::from(digit - b'0')))
    };
    let (year, month, day) = (number(date.get(..4)?)?, number(date.get(5..7)?)?, number(date.get(8..)?)?);
    if (year, month, day) == (0, 0, 0) {
        return Some(Date::default());
    }
    Date::new(i32::try_from(year).ok()?, month, day)
}

/// Seconds of `h:m:s`, or of a number in a text.
fn time_of_text(text: &str) -> f64 {
    if !text.contains(':') {
        return crate::value::text_to_number(text);
    }
    text.split(':')
        .take(3)
        .zip([3600.0, 60.0, 1.0])
        .map(|(part, unit)| crate::value::text_to_number(part) * unit)
        .sum()
}

/// Source: commands/ob-copy
fn ob_copy(
    process: &mut Process,
    object: Value,
    option: Option<Value>,
    group_with: Option<Value>,
) -> Result<Value> {
    let (resolve, shared) = match option {
        Some(Value::Boolean(resolve)) => (resolve, false),
        Some(option) => {
            let bits = convert::as_integer(&option).unwrap_or(0);
            (bits & CK_RESOLVE_POINTERS != 0, bits & CK_SHARED != 0)
        }
        None => (false, false),
    };
    if !matches!(object, Value::Object(_) | Value::SharedObject(_) | Value::Null | Value::Undefined) {
        let found = super::bind::in_words(&object);
        let message = format!("Argument 1 of `OB Copy` (`object`) must be an object, not {found}");
        return Err(Fault::new(ErrorCode::ArgumentType, message));
    }
    copy(process, &object, resolve, shared, group_with)
}

/// What `OB Copy` and `Collection.copy` do.
pub(crate) fn copy(
    process: &mut Process,
    value: &Value,
    resolve: bool,
    shared: bool,
    group_with: Option<Value>,
) -> Result<Value> {
    let source = if resolve {
        let copy = deep_copy(value);
        resolve_pointers(process, &copy)?;
        copy
    } else if shared {
        value.clone()
    } else {
        return Ok(deep_copy(value));
    };
    if !shared {
        return Ok(source);
    }
    let group = match group_with {
        None | Some(Value::Null | Value::Undefined) => None,
        Some(group @ (Value::SharedObject(_) | Value::SharedCollection(_))) => {
            Some(SharedValue::try_from(group)?)
        }
        Some(other) if let Some(contents) = process.class_contents(&other) => {
            Some(SharedValue::Object(contents))
        }
        Some(other) => {
            let found = super::bind::in_words(&other);
            let message =
                format!("A copy can be grouped with a shared object or collection, not with {found}");
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
    };
    let made = process.with_caller(|caller| to_shared(&source, group.as_ref(), caller))?;
    Ok(made.into())
}

/// Puts what pointers point to in their place, all through a private structure.
fn resolve_pointers(process: &mut Process, root: &Value) -> Result<()> {
    let mut seen = FxHashSet::default();
    let mut open = vec![root.clone()];
    while let Some(value) = open.pop() {
        match value {
            Value::Object(object) if seen.insert(object.address()) => {
                for (key, value) in object.entries() {
                    let value = pointee(process, value)?;
                    object.set(&key, value.clone());
                    open.push(value);
                }
            }
            Value::Collection(items) if seen.insert(items.address()) => {
                let mut values = items.to_vec();
                for value in &mut values {
                    *value = pointee(process, std::mem::take(value))?;
                    open.push(value.clone());
                }
                items.replace_all(values);
            }
            _ => {}
        }
    }
    Ok(())
}

fn pointee(process: &mut Process, value: Value) -> Result<Value> {
    match value {
        Value::Pointer(pointer) if pointer.is_nil() => Ok(Value::Null),
        pointer @ Value::Pointer(_) => Ok(deep_copy(&kept(process.read_variable(&pointer)?))),
        other => Ok(other),
    }
}

/// Source: commands/ob-remove
fn ob_remove(process: &mut Process, object: Source, property: Text) -> Result<()> {
    match object {
        Source::Object(Value::Object(object)) => drop(object.remove(property.as_str())),
        Source::Object(Value::SharedObject(object)) => {
            // the command uses the object by itself. Source: Concepts/shared (Automatic Use...End use calls)
            process.using(&Value::SharedObject(object.clone()), |process| {
                process.with_caller(|caller| object.remove(property.as_str(), caller))
            })?;
        }
        _ => {}
    }
    Ok(())
}

/// Source: commands/ob-set-null
fn ob_set_null(process: &mut Process, object: Target, property: Text) -> Result<()> {
    let object = object.object(process)?;
    process.set_member_named(&object, &property, Value::Null)
}

/// Source: commands/ob-set-array
fn ob_set_array(process: &mut Process, object: Target, property: Text, array: VariableOrValue) -> Result<()> {
    let items = match array.0 {
        Value::Array(array) => elements_of(&array),
        Value::Pointer(pointer) => match process.read_variable(&Value::Pointer(pointer))? {
            Value::Array(array) => elements_of(&array),
            single => Collection::from_values(vec![kept(single)]),
        },
        single => Collection::from_values(vec![kept(single)]),
    };
    let object = object.object(process)?;
    let items = Value::Collection(items);
    let value = match object {
        Value::SharedObject(_) => process.with_caller(|caller| to_shared(&items, None, caller))?.into(),
        _ => items,
    };
    process.set_member_named(&object, &property, value)
}

/// The elements of an array from 1 on, as a collection keeps them.
pub(super) fn elements_of(array: &Array) -> Collection {
    let last = i64::try_from(array.len()).unwrap_or(i64::MAX);
    let values = (1..=last).map(|at| match array.row(at) {
        Ok(row) if matches!(array.elements(), Elements::Rows(_)) => Value::Collection(elements_of(row)),
        _ => kept(array.get(at).unwrap_or_default()),
    });
    Collection::from_values(values.collect())
}

/// The values as an array of a kind. `Source: Concepts/arrays (Type conversions)`
pub(super) fn array_from(process: &mut Process, kind: ArrayKind, values: Vec<Value>) -> Result<Array> {
    let mut array = Array::new(kind, 0)?;
    for value in values {
        let value = match kind {
            ArrayKind::Boolean => converted(process, value, 6)?,
            ArrayKind::Integer | ArrayKind::Longint => converted(process, value, 9)?,
            ArrayKind::Real => converted(process, value, 1)?,
            ArrayKind::Text => match value {
                nested @ (Value::Object(_)
                | Value::SharedObject(_)
                | Value::Collection(_)
                | Value::SharedCollection(_)) => {
                    Value::Text(super::json::stringified(process, &nested, false)?)
                }
                scalar => converted(process, scalar, 2)?,
            },
            ArrayKind::Date => converted(process, value, 4)?,
            ArrayKind::Time => converted(process, value, 11)?,
            ArrayKind::Object => converted(process, value, 38)?,
            ArrayKind::Pointer => converted(process, value, 23)?,
            ArrayKind::Blob | ArrayKind::Picture => value,
        };
        array.append(value)?;
    }
    Ok(array)
}

/// The kind of array that takes values as they are.
pub(super) fn kind_for(values: &[Value]) -> ArrayKind {
    match values.first() {
        Some(Value::Boolean(_)) => ArrayKind::Boolean,
        Some(Value::Integer(_) | Value::Real(_)) => ArrayKind::Real,
        Some(Value::Date(_)) => ArrayKind::Date,
        Some(Value::Object(_) | Value::SharedObject(_)) => ArrayKind::Object,
        _ => ArrayKind::Text,
    }
}

/// Fills an array variable, of the kind it has.
pub(super) fn fill_array(process: &mut Process, array: &ArrayRef, values: Vec<Value>) -> Result<()> {
    let kind = match process.read_variable(array.variable().reference())? {
        Value::Array(array) => array.kind(),
        _ => kind_for(&values),
    };
    let filled = array_from(process, kind, values)?;
    array.replace(process, filled)
}

/// Source: commands/ob-get-array
fn ob_get_array(process: &mut Process, object: Source, property: Text, array: ArrayRef) -> Result<()> {
    let values = match object.get(process, &property)? {
        Value::Collection(items) => items.to_vec(),
        Value::SharedCollection(items) => items.to_vec().into_iter().map(Value::from).collect(),
        Value::Undefined | Value::Null => Vec::new(),
        single => vec![single],
    };
    fill_array(process, &array, values)
}

/// Source: commands/ob-get-type
fn ob_get_type(process: &mut Process, object: Source, property: Text) -> Result<Integer> {
    Ok(convert::value_type(&object.get(process, &property)?))
}

/// Source: commands/ob-is-defined
fn ob_is_defined(process: &mut Process, object: Source, property: Option<Text>) -> Result<Boolean> {
    Ok(match (&object, property) {
        (Source::None, _) => false,
        (Source::Object(_), None) => true,
        (Source::Object(Value::Object(own)), Some(name)) if own.has(name.as_str()) => true,
        (_, Some(name)) => !matches!(object.get(process, &name)?, Value::Undefined),
    })
}

/// Source: commands/ob-is-empty
fn ob_is_empty(process: &mut Process, object: Source) -> Boolean {
    object.keys(process).is_empty()
}

/// Source: commands/ob-get-property-names
fn ob_get_property_names(
    process: &mut Process,
    object: Source,
    names: VariableRef,
    types: Option<VariableRef>,
) -> Result<()> {
    let keys = object.keys(process);
    if let Some(types) = types {
        let mut numbers = Array::new(ArrayKind::Longint, 0)?;
        for key in &keys {
            let value = object.get(process, key)?;
            numbers.append(Value::Integer(convert::value_type(&value)))?;
        }
        types.with(process, |place| *place = Value::from(numbers))?;
    }
    let mut texts = Array::new(ArrayKind::Text, 0)?;
    for key in keys {
        texts.append(Value::Text(key))?;
    }
    names.with(process, |place| *place = Value::from(texts))
}

/// Source: commands/new-object
fn new_object(first: Option<(Text, VariableOrValue)>, more: Rest<(Text, VariableOrValue)>) -> Object {
    let object = Object::new();
    for (property, value) in first.into_iter().chain(more.0) {
        object.set(&property, kept(value.0));
    }
    object
}

/// Source: commands/new-shared-object
fn new_shared_object(
    process: &mut Process,
    first: Option<(Text, VariableOrValue)>,
    more: Rest<(Text, VariableOrValue)>,
) -> Result<Value> {
    let object = SharedObject::new();
    let made = Value::SharedObject(object.clone());
    process.using(&made, |process| {
        for (property, value) in first.into_iter().chain(more.0) {
            process.set_shared(&object, &property, value.0)?;
        }
        Ok(())
    })?;
    Ok(made)
}

/// Source: commands/ob-keys
fn ob_keys(process: &mut Process, object: Source) -> Collection {
    Collection::from_values(object.keys(process).into_iter().map(Value::Text).collect())
}

/// Source: commands/ob-values
fn ob_values(process: &mut Process, object: Source) -> Result<Collection> {
    let keys = object.keys(process);
    let values = keys.iter().map(|key| object.get(process, key)).collect::<Result<_>>()?;
    Ok(Collection::from_values(values))
}

/// Source: commands/ob-entries
fn ob_entries(process: &mut Process, object: Source) -> Result<Collection> {
    let (name, content) = (Text::from("key"), Text::from("value"));
    let mut entries = Vec::new();
    for key in object.keys(process) {
        let value = object.get(process, &key)?;
        let entry = Object::new();
        entry.set(&name, Value::Text(key));
        entry.set(&content, value);
        entries.push(Value::Object(entry));
    }
    Ok(Collection::from_values(entries))
}

/// Source: commands/ob-class
fn ob_class(process: &mut Process, object: Value) -> Value {
    match process.class_of(&object) {
        Some(class) => process.class_object(&class),
        None => Value::Null,
    }
}

/// Source: commands/ob-instance-of
fn ob_instance_of(process: &mut Process, object: Value, class: Value) -> Result<Boolean> {
    let wanted = match &class {
        Value::Object(holder) => match holder.native::<ClassObject>() {
            Some(ClassObject::Class(class)) => Some(class.clone()),
            _ => None,
        },
        _ => None,
    };
    let Some(wanted) = wanted else {
        let found = super::bind::in_words(&class);
        let message = format!("Argument 2 of `OB Instance of` (`class`) must be a class, not {found}");
        return Err(Fault::new(ErrorCode::NotAClass, message));
    };
    let Some(own) = process.class_of(&object) else { return Ok(false) };
    let every = wanted.store.as_str() == "4D" && wanted.name.as_str() == "Object";
    Ok(every || own.is_or_extends(&wanted))
}

/// Classes are shared objects as well. `Source: commands/ob-is-shared, Concepts/classes (Class object)`
fn ob_is_shared(value: VariableOrValue) -> Boolean {
    match value.0 {
        Value::SharedObject(_) | Value::SharedCollection(_) => true,
        // classes and methods made from texts are shared from birth. `Source: API/MethodClass (.new())`
        Value::Object(object) => {
            object.native::<ClassObject>().is_some() || object.native::<FunctionObject>().is_some_and(is_method)
        }
        _ => false,
    }
}

fn is_method(function: &FunctionObject) -> bool {
    match function.callable() {
        Callable::Formula { code, .. } => code.kind == CodeKind::Method,
        Callable::Broken(_) => true,
        Callable::Program(_) | Callable::Native(_) => false,
    }
}
