//! Functions that call 4D code for each element. The code gets an object in `$1` (which is `This` as
//! well) and answers with its result or, if it gives none, in `$1.result`.

use super::basic::flatten;
use super::list::{collect, from_end, integer, like};
use crate::command::bind::{Parameter, Reader};
use crate::command::parameters::{AnyCollection, Integer, Rest};
use crate::value::{Collection, Object, Result, Shape, Text, Value, convert};
use crate::vm::{Callback, Process};

/// Calls that differ only in what `$1` holds.
pub(super) struct Calls {
    callback: Callback,
    /// `$1`, then the parameters that are passed on.
    arguments: Vec<Value>,
    /// The shapes of `$1` with one property more each; `None` where there is no room for more shapes.
    shapes: Option<Vec<&'static Shape>>,
    names: Vec<Text>,
}

/// What a callback answered.
pub(super) struct Answer {
    pub(super) result: Value,
    /// It set `$1.stop`.
    pub(super) stop: bool,
}

impl Answer {
    /// The result as the answer to a question.
    pub(super) fn accepts(&self) -> bool {
        match &self.result {
            Value::Boolean(truth) => *truth,
            other => convert::as_boolean(other).unwrap_or(false),
        }
    }
}

impl Calls {
    /// Calls with `$1` made of properties of these names.
    pub(super) fn new(
        process: &Process,
        function: &Value,
        names: &[&str],
        parameters: Rest<Value>,
    ) -> Result<Self> {
        let callback = process.callback(function)?;
        let names: Vec<Text> = names.iter().map(|name| Text::from(*name)).collect();
        let mut shape = Some(Shape::root());
        let shapes = names.iter().map(|name| {
            shape = shape.and_then(|shape| shape.add(name));
            shape
        });
        let shapes = shapes.collect();
        let mut arguments = vec![Value::Undefined];
        arguments.extend(parameters.0);
        Ok(Self { callback, arguments, shapes, names })
    }

    /// Puts values in `$1`: the one of the last call, if nobody kept it.
    fn fill<const N: usize>(&mut self, values: [Value; N]) {
        if let (Some(Value::Object(object)), Some(shapes)) = (self.arguments.first(), &self.shapes)
            && object.is_unique()
            && shapes.last().is_some_and(|shape| shape.id() == object.shape().id())
        {
            for (slot, value) in values.into_iter().enumerate() {
                object.set_slot(slot, value);
            }
            return;
        }
        let object = Object::new();
        for (at, value) in values.into_iter().enumerate() {
            let shape = self.shapes.as_ref().and_then(|shapes| shapes.get(at));
            let value = match shape {
                Some(shape) => match object.push_slot(shape, value) {
                    Ok(()) => continue,
                    Err(value) => value,
                },
                None => value,
            };
            if let Some(name) = self.names.get(at) {
                object.set(name, value);
            }
        }
        if let Some(first) = self.arguments.first_mut() {
            *first = Value::Object(object);
        }
    }

    /// Calls with `$1` as it is filled.
    fn call_filled(&mut self, process: &mut Process) -> Result<Value> {
        let this = self.arguments.first().cloned().unwrap_or_default();
        process.call_back(&self.callback, this, &self.arguments)
    }

    pub(super) fn call<const N: usize>(
        &mut self,
        process: &mut Process,
        values: [Value; N],
    ) -> Result<Answer> {
        self.fill(values);
        let result = self.call_filled(process)?;
        let Some(Value::Object(object)) = self.arguments.first() else {
            return Ok(Answer { result, stop: false });
        };
        if let Some(shapes) = &self.shapes
            && shapes.last().is_some_and(|shape| shape.id() == object.shape().id())
        {
            // Neither `result` nor `stop` was added.
            return Ok(Answer { result, stop: false });
        }
        let result = match result {
            Value::Undefined => object.get("result"),
            result => result,
        };
        Ok(Answer { result, stop: convert::as_boolean(&object.get("stop")).unwrap_or(false) })
    }

    /// What a property of `$1` holds after the call.
    fn property(&self, name: &str) -> Value {
        match self.arguments.first() {
            Some(Value::Object(object)) => object.get(name),
            _ => Value::Undefined,
        }
    }
}

/// An index in front of the callback.
#[derive(Clone, Copy)]
pub(super) struct StartFrom(Integer);

impl Parameter for StartFrom {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        Integer::read(reader).map(Self)
    }

    fn claims(argument: &Value) -> bool {
        matches!(argument, Value::Integer(_) | Value::Real(_))
    }
}

/// Asks the callback about each element from an index on, until `visit` has its answer: the index, the
/// element, whether it was accepted.
fn ask<R>(
    process: &mut Process,
    items: &AnyCollection,
    start: usize,
    function: &Value,
    parameters: Rest<Value>,
    mut visit: impl FnMut(usize, Value, bool) -> Option<R>,
) -> Result<Option<R>> {
    let mut calls = Calls::new(process, function, &["value"], parameters)?;
    let length = items.len();
    for index in start..length {
        // The callback may have made the collection shorter.
        if index >= items.len() {
            break;
        }
        let value = items.get(index);
        let answer = calls.call(process, [value.clone()])?;
        if let Some(result) = visit(index, value, answer.accepts()) {
            return Ok(Some(result));
        }
        if answer.stop {
            break;
        }
    }
    Ok(None)
}

fn start_index(start: Option<StartFrom>, items: &AnyCollection) -> usize {
    start.map_or(0, |start| from_end(start.0, items.len()))
}

pub(super) fn every(
    process: &mut Process,
    items: AnyCollection,
    start: Option<StartFrom>,
    function: Value,
    parameters: Rest<Value>,
) -> Result<bool> {
    let first = start_index(start, &items);
    if start.is_some() && first >= items.len() {
        return Ok(false);
    }
    let refused = ask(process, &items, first, &function, parameters, |_, _, yes| (!yes).then_some(()))?;
    Ok(refused.is_none())
}

pub(super) fn some(
    process: &mut Process,
    items: AnyCollection,
    start: Option<StartFrom>,
    function: Value,
    parameters: Rest<Value>,
) -> Result<bool> {
    let first = start_index(start, &items);
    let accepted = ask(process, &items, first, &function, parameters, |_, _, yes| yes.then_some(()))?;
    Ok(accepted.is_some())
}

pub(super) fn find(
    process: &mut Process,
    items: AnyCollection,
    start: Option<StartFrom>,
    function: Value,
    parameters: Rest<Value>,
) -> Result<Value> {
    let first = start_index(start, &items);
    let found = ask(process, &items, first, &function, parameters, |_, value, yes| yes.then_some(value))?;
    Ok(found.unwrap_or_default())
}

pub(super) fn find_index(
    process: &mut Process,
    items: AnyCollection,
    start: Option<StartFrom>,
    function: Value,
    parameters: Rest<Value>,
) -> Result<Integer> {
    let first = start_index(start, &items);
    let found = ask(process, &items, first, &function, parameters, |index, _, yes| yes.then_some(index))?;
    Ok(found.map_or(-1, integer))
}

pub(super) fn filter(
    process: &mut Process,
    items: AnyCollection,
    function: Value,
    parameters: Rest<Value>,
) -> Result<AnyCollection> {
    let mut kept = Vec::new();
    ask(process, &items, 0, &function, parameters, |_, value, yes| -> Option<()> {
        if yes {
            kept.push(value);
        }
        None
    })?;
    like(process, &items, kept)
}

fn mapped(
    process: &mut Process,
    items: &AnyCollection,
    function: &Value,
    parameters: Rest<Value>,
) -> Result<Collection> {
    let mut calls = Calls::new(process, function, &["value"], parameters)?;
    let length = items.len();
    let mut made = Vec::with_capacity(length);
    for index in 0..length {
        if index >= items.len() {
            break;
        }
        let answer = calls.call(process, [items.get(index)])?;
        made.push(answer.result);
        if answer.stop {
            break;
        }
    }
    Ok(collect(made))
}

pub(super) fn map(
    process: &mut Process,
    items: AnyCollection,
    function: Value,
    parameters: Rest<Value>,
) -> Result<Collection> {
    mapped(process, &items, &function, parameters)
}

pub(super) fn flat_map(
    process: &mut Process,
    items: AnyCollection,
    function: Value,
    parameters: Rest<Value>,
) -> Result<Collection> {
    let made = mapped(process, &items, &function, parameters)?;
    flatten(AnyCollection::Private(made), 1).map(collect)
}

pub(super) fn reduce(
    process: &mut Process,
    items: AnyCollection,
    function: Value,
    initial: Option<Value>,
    parameters: Rest<Value>,
) -> Result<Value> {
    let length = items.len();
    fold(process, &items, &function, initial, parameters, 0..length)
}

pub(super) fn reduce_right(
    process: &mut Process,
    items: AnyCollection,
    function: Value,
    initial: Option<Value>,
    parameters: Rest<Value>,
) -> Result<Value> {
    let length = items.len();
    fold(process, &items, &function, initial, parameters, (0..length).rev())
}

/// The callback changes `$1.accumulator`, which is carried from one call to the next.
fn fold(
    process: &mut Process,
    items: &AnyCollection,
    function: &Value,
    initial: Option<Value>,
    parameters: Rest<Value>,
    indexes: impl Iterator<Item = usize>,
) -> Result<Value> {
    // Without an initial value there is no property either, until the callback sets it.
    let mut calls = Calls::new(process, function, &["accumulator", "value"], parameters)?;
    let mut accumulator = initial.unwrap_or_default();
    for index in indexes {
        if index >= items.len() {
            continue;
        }
        let answer = calls.call(process, [std::mem::take(&mut accumulator), items.get(index)])?;
        accumulator = calls.property("accumulator");
        if answer.stop {
            break;
        }
    }
    Ok(accumulator)
}
