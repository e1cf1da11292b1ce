//! Functions that sort. `Source: API/CollectionClass, Concepts/ordering`

use super::callbacks::Calls;
use super::extract::Path;
use super::list::{like, locked, replace_all};
use super::sorting::{Keys, arranged, order, sort_by, sort_items, sort_values};
use crate::command::parameters::{AnyCollection, Rest};
use crate::value::{ErrorCode, Fault, Result, Value, convert};
use crate::vm::Process;

/// What to sort by, and whether from the greatest to the smallest.
type Criterion = (Path, bool);

pub(super) fn sort(
    process: &mut Process,
    items: AnyCollection,
    by: Option<Value>,
    parameters: Rest<Value>,
) -> Result<AnyCollection> {
    locked(process, &items, |process| sort_in_place(process, &items, by, parameters))?;
    Ok(items)
}

fn sort_in_place(
    process: &mut Process,
    items: &AnyCollection,
    by: Option<Value>,
    parameters: Rest<Value>,
) -> Result<()> {
    let descending = match by {
        None => false,
        Some(Value::Integer(order)) => order == DESCENDING,
        Some(Value::Real(order)) => convert::real_to_integer(order) == DESCENDING,
        Some(function) => {
            let values = items.values();
            let places = called(process, &values, &function, parameters)?;
            return replace_all(process, items, arranged(&values, &places));
        }
    };
    match items {
        AnyCollection::Private(private) => {
            private.with_items(|items| sort_items(items, descending));
            Ok(())
        }
        AnyCollection::Shared(_) => {
            let values = sort_values(items.values(), descending);
            replace_all(process, items, values)
        }
    }
}

/// `ck descending`
const DESCENDING: i32 = 1;

/// The order that a callback gives elements: it says whether `$1.value` comes before `$1.value2`.
fn called(
    process: &mut Process,
    values: &[Value],
    function: &Value,
    parameters: Rest<Value>,
) -> Result<Vec<u32>> {
    let mut calls = Calls::new(process, function, &["value", "value2"], parameters)?;
    let get = |place: u32| values.get(place as usize).cloned().unwrap_or_default();
    sort_by(values.len(), |a, b| Ok(calls.call(process, [get(a), get(b)])?.accepts()))
}

pub(super) fn order_by_method(
    process: &mut Process,
    items: AnyCollection,
    function: Value,
    parameters: Rest<Value>,
) -> Result<AnyCollection> {
    let values = items.values();
    let places = called(process, &values, &function, parameters)?;
    like(process, &items, arranged(&values, &places))
}

pub(super) fn order_by(
    process: &mut Process,
    items: AnyCollection,
    criteria: Option<Value>,
) -> Result<AnyCollection> {
    let criteria = match criteria {
        None => return ordered(process, &items, false),
        Some(Value::Text(paths)) if paths.as_str().trim().is_empty() => {
            return ordered(process, &items, false);
        }
        Some(Value::Text(paths)) => text_criteria(&paths)?,
        Some(Value::Integer(order)) => return ordered(process, &items, order == DESCENDING),
        Some(Value::Real(order)) => {
            return ordered(process, &items, convert::real_to_integer(order) == DESCENDING);
        }
        Some(other) => match AnyCollection::of(&other) {
            Some(criteria) => object_criteria(&criteria)?,
            None => return Err(bad_criteria(&format!("cannot be {}", other.type_name()))),
        },
    };
    let values = items.values();
    let places = by_criteria(process, &values, &criteria)?;
    like(process, &items, arranged(&values, &places))
}

fn ordered(process: &mut Process, items: &AnyCollection, descending: bool) -> Result<AnyCollection> {
    if let AnyCollection::Private(items) = items {
        let copy = items.shallow_copy();
        copy.with_items(|items| sort_items(items, descending));
        return Ok(AnyCollection::Private(copy));
    }
    let values = sort_values(items.values(), descending);
    like(process, items, values)
}

/// The order of elements by what paths lead to.
pub(super) fn by_criteria(
    process: &mut Process,
    values: &[Value],
    criteria: &[Criterion],
) -> Result<Vec<u32>> {
    let mut columns = Vec::with_capacity(criteria.len());
    for (path, descending) in criteria {
        let mut keys = Vec::with_capacity(values.len());
        for value in values {
            keys.push(path.read(process, value)?);
        }
        columns.push((Keys::new(keys), *descending));
    }
    Ok(order(values.len(), &columns))
}

/// `name desc, address.city`
pub(super) fn text_criteria(paths: &str) -> Result<Vec<Criterion>> {
    let criteria = paths.split(',').map(|criterion| {
        let mut words = criterion.split_whitespace();
        let Some(path) = words.next() else {
            return Err(bad_criteria("lack a property path"));
        };
        let descending = match words.next() {
            None => false,
            Some(word) if word.eq_ignore_ascii_case("asc") => false,
            Some(word) if word.eq_ignore_ascii_case("desc") => true,
            Some(word) => return Err(bad_criteria(&format!("have `{word}` where `asc` or `desc` belongs"))),
        };
        if let Some(word) = words.next() {
            return Err(bad_criteria(&format!("have `{word}` where a comma belongs")));
        }
        Ok((Path::parse(path), descending))
    });
    criteria.collect()
}

/// Objects with `propertyPath` and `descending`.
fn object_criteria(criteria: &AnyCollection) -> Result<Vec<Criterion>> {
    let mut found = Vec::new();
    for criterion in criteria.values() {
        let get = |name: &str| match &criterion {
            Value::Object(object) => object.get(name),
            Value::SharedObject(object) => object.get(name).map_or(Value::Undefined, Value::from),
            _ => Value::Undefined,
        };
        let Value::Text(path) = get("propertyPath") else {
            return Err(bad_criteria("must be objects with the text property `propertyPath`"));
        };
        found.push((Path::parse(&path), convert::as_boolean(&get("descending")).unwrap_or(false)));
    }
    Ok(found)
}

fn bad_criteria(what: &str) -> Fault {
    Fault::new(ErrorCode::ArgumentType, format!("The criteria to order a collection by {what}"))
}

/// A collection that is sorted together with others.
struct Column {
    items: AnyCollection,
    values: Vec<Value>,
    /// It takes part in the order, and is descending.
    level: Option<bool>,
}

/// The collection itself is the first level; of the others, those given with an order are further
/// levels and the rest only keep in step.
pub(super) fn multi_sort(
    process: &mut Process,
    items: AnyCollection,
    first: Option<Value>,
    second: Option<Value>,
) -> Result<AnyCollection> {
    let (function, others) = match (first, second) {
        (None, _) => return sort(process, items, None, Rest::default()),
        (Some(first), None) => match AnyCollection::of(&first) {
            Some(others) => (None, Some(others)),
            None => (Some(first), None),
        },
        (Some(function), Some(others)) => {
            let others = AnyCollection::of(&others).ok_or_else(|| not_a_column(&others))?;
            (Some(function), Some(others))
        }
    };
    let columns = match &others {
        Some(others) => others.values().iter().map(column).collect::<Result<Vec<_>>>()?,
        None => Vec::new(),
    };
    let values = items.values();
    if let Some(other) = columns.iter().find(|column| column.values.len() != values.len()) {
        let message = format!(
            "Collections that are sorted together must have as many elements: {} and {}",
            values.len(),
            other.values.len()
        );
        return Err(Fault::new(ErrorCode::ArgumentType, message));
    }
    let levels = |columns: &[Column]| {
        let levels = columns.iter().filter_map(|c| Some((Keys::new(c.values.clone()), c.level?)));
        levels.collect::<Vec<_>>()
    };
    let places = match function {
        None => {
            let mut keys = vec![(Keys::new(values.clone()), false)];
            keys.extend(levels(&columns));
            order(values.len(), &keys)
        }
        Some(function) => formula_levels(process, &values, &function, &levels(&columns))?,
    };
    replace_all(process, &items, arranged(&values, &places))?;
    for column in &columns {
        replace_all(process, &column.items, arranged(&column.values, &places))?;
    }
    Ok(items)
}

/// The formula decides; where it puts neither of two first, the further levels do.
fn formula_levels(
    process: &mut Process,
    values: &[Value],
    function: &Value,
    levels: &[(Keys, bool)],
) -> Result<Vec<u32>> {
    if levels.is_empty() {
        return called(process, values, function, Rest::default());
    }
    let mut rank = vec![0u32; values.len()];
    for (at, place) in (0u32..).zip(order(values.len(), levels)) {
        if let Some(rank) = rank.get_mut(place as usize) {
            *rank = at;
        }
    }
    let mut calls = Calls::new(process, function, &["value", "value2"], Rest::default())?;
    let get = |place: u32| values.get(place as usize).cloned().unwrap_or_default();
    sort_by(values.len(), |a, b| {
        if calls.call(process, [get(a), get(b)])?.accepts() {
            return Ok(true);
        }
        Ok(rank.get(a as usize) < rank.get(b as usize) && !calls.call(process, [get(b), get(a)])?.accepts())
    })
}

fn column(value: &Value) -> Result<Column> {
    if let Some(items) = AnyCollection::of(value) {
        return Ok(Column { values: items.values(), items, level: None });
    }
    let get = |name: &str| match value {
        Value::Object(object) => object.get(name),
        Value::SharedObject(object) => object.get(name).map_or(Value::Undefined, Value::from),
        _ => Value::Undefined,
    };
    let Some(items) = AnyCollection::of(&get("collection")) else { return Err(not_a_column(value)) };
    let descending = convert::as_integer(&get("order")).unwrap_or(0) == DESCENDING;
    Ok(Column { values: items.values(), items, level: Some(descending) })
}

fn not_a_column(value: &Value) -> Fault {
    let message = format!(
        "`Collection.multiSort` takes collections, or objects with `collection` and `order`, not {}",
        value.type_name()
    );
    Fault::new(ErrorCode::ArgumentType, message)
}
