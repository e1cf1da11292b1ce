//! Property paths as the functions of collections take them, and `extract`.

use super::list::{collect, integer};
use crate::command::parameters::{AnyCollection, Rest};
use crate::value::{Collection, ErrorCode, Fault, Object, Result, Text, Value, convert, element};
use crate::vm::Process;
use std::cell::Cell;

/// A path of property names, ready to be followed many times: each step remembers where objects of
/// the build it saw last have their property.
pub(super) struct Path {
    steps: Vec<Step>,
}

pub(super) struct Step {
    name: Text,
    /// `name[]`: goes on with every element of the collection there.
    pub(super) each: bool,
    /// Number of a shape, and the slot in it.
    seen: Cell<(u32, u32)>,
}

impl Step {
    pub(super) fn new(name: Text, each: bool) -> Self {
        Self { name, each, seen: Cell::new((0, 0)) }
    }

    /// The property of a value; Undefined where there is none.
    #[inline]
    pub(super) fn read(&self, process: &mut Process, value: &Value) -> Result<Value> {
        let Value::Object(object) = value else { return self.read_other(process, value) };
        let shape = object.shape();
        let (id, slot) = self.seen.get();
        if shape.id() == id {
            return Ok(object.get_slot(slot as usize));
        }
        if let Some(slot) = shape.find(&self.name) {
            self.seen.set((shape.id(), slot));
            return Ok(object.get_slot(slot as usize));
        }
        if shape.class().is_some() {
            // a computed property
            return process.get_member_named(value, &self.name);
        }
        Ok(if shape.is_dictionary() { object.get(&self.name) } else { Value::Undefined })
    }

    fn read_other(&self, process: &mut Process, value: &Value) -> Result<Value> {
        match value {
            Value::SharedObject(object) => match object.get(&self.name) {
                Some(value) => Ok(value.into()),
                None if object.class().is_some() => process.get_member_named(value, &self.name),
                None => Ok(Value::Undefined),
            },
            Value::Collection(items) if self.name.as_str() == "length" => {
                Ok(Value::Integer(integer(items.len())))
            }
            Value::SharedCollection(items) if self.name.as_str() == "length" => {
                Ok(Value::Integer(integer(items.len())))
            }
            _ => Ok(Value::Undefined),
        }
    }
}

impl Path {
    pub(super) fn new(steps: Vec<Step>) -> Self {
        Self { steps }
    }

    pub(super) fn parse(path: &str) -> Self {
        let steps = path.trim().split('.').map(|name| {
            let name = name.trim();
            match name.strip_suffix("[]") {
                Some(name) => Step::new(Text::from(name.trim_end()), true),
                None => Step::new(Text::from(name), false),
            }
        });
        Self { steps: steps.collect() }
    }

    /// What the path leads to; with a `[]` in it, a collection of all it leads to.
    #[inline]
    pub(super) fn read(&self, process: &mut Process, value: &Value) -> Result<Value> {
        if let [step] = self.steps.as_slice()
            && !step.each
        {
            return step.read(process, value);
        }
        self.read_on(process, value)
    }

    fn read_on(&self, process: &mut Process, value: &Value) -> Result<Value> {
        let mut value = value.clone();
        for (at, step) in self.steps.iter().enumerate() {
            value = step.read(process, &value)?;
            if step.each {
                let rest = self.steps.get(at + 1..).unwrap_or_default();
                let mut all = Vec::new();
                gather(process, &value, rest, &mut all)?;
                return Ok(if all.is_empty() { Value::Undefined } else { Value::Collection(collect(all)) });
            }
            if matches!(value, Value::Undefined | Value::Null) && at + 1 < self.steps.len() {
                return Ok(Value::Undefined);
            }
        }
        Ok(value)
    }
}

/// What the steps lead to from every element of a collection.
fn gather(process: &mut Process, items: &Value, steps: &[Step], all: &mut Vec<Value>) -> Result<()> {
    let Some(items) = AnyCollection::of(items) else { return Ok(()) };
    'items: for index in 0..items.len() {
        let mut value = items.get(index);
        for (at, step) in steps.iter().enumerate() {
            value = step.read(process, &value)?;
            if step.each {
                gather(process, &value, steps.get(at + 1..).unwrap_or_default(), all)?;
                continue 'items;
            }
        }
        if !matches!(value, Value::Undefined | Value::Null) {
            all.push(value);
        }
    }
    Ok(())
}

/// `ck keep null`
const KEEP_NULL: i32 = 1;

/// Paths alone give their values; paths with targets give objects.
pub(super) fn extract(
    process: &mut Process,
    items: AnyCollection,
    path: Text,
    second: Option<Value>,
    others: Rest<Text>,
) -> Result<Collection> {
    let option = match second {
        Some(Value::Text(target)) => return extract_objects(process, &items, path, target, others.0),
        Some(other) => convert::as_integer(&other).ok_or_else(|| {
            let found = other.type_name();
            let message =
                format!("Argument 2 of `Collection.extract` must be a target path or an option, not {found}");
            Fault::new(ErrorCode::ArgumentType, message)
        })?,
        None => 0,
    };
    let path = Path::parse(&path);
    let mut found = Vec::new();
    for index in 0..items.len() {
        match path.read(process, &items.get(index))? {
            Value::Undefined | Value::Null => {
                if option & KEEP_NULL != 0 {
                    found.push(Value::Null);
                }
            }
            value => found.push(value),
        }
    }
    Ok(collect(found))
}

/// Missing properties are left out, and so are elements that have none of them.
fn extract_objects(
    process: &mut Process,
    items: &AnyCollection,
    path: Text,
    target: Text,
    others: Vec<Text>,
) -> Result<Collection> {
    let mut pairs = vec![(Path::parse(&path), target)];
    let mut others = others.into_iter();
    while let Some(path) = others.next() {
        let Some(target) = others.next() else {
            let message = "`Collection.extract` needs a target for every property path";
            return Err(Fault::new(ErrorCode::Arity, message));
        };
        pairs.push((Path::parse(&path), target));
    }
    let mut found = Vec::new();
    for index in 0..items.len() {
        let item = items.get(index);
        let object = Object::new();
        for (path, target) in &pairs {
            match path.read(process, &item)? {
                Value::Undefined => {}
                value => put(&object, target, element(value)),
            }
        }
        if !object.is_empty() {
            found.push(Value::Object(object));
        }
    }
    Ok(Collection::from_values(found))
}

/// Sets the property that a path names, making the objects on the way there.
fn put(object: &Object, target: &Text, value: Value) {
    let Some((way, name)) = target.as_str().rsplit_once('.') else {
        object.set(target, value);
        return;
    };
    let mut object = object.clone();
    for name in way.split('.') {
        object = match object.get(name) {
            Value::Object(next) => next,
            _ => {
                let next = Object::new();
                object.set(&Text::from(name), Value::Object(next.clone()));
                next
            }
        };
    }
    object.set(&Text::from(name), value);
}
