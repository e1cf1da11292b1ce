//! Theme Arrays: sorting one or more arrays together.

use super::parameters::{ArrayRef, Order, Rest};
use crate::value::{Array, ArrayKind, Blob, Elements, ErrorCode, Fault, Result, Text, Value, ops};
use crate::vm::Process;
use std::cmp::Ordering;

commands! {
    /// Sorts an array; the others follow it.
    229 "SORT ARRAY" (array; order) thread_safe => sort_array;
    /// Sorts arrays together by several of them.
    718 "MULTI SORT ARRAY" (array) thread_safe => multi_sort_array;
}

/// Source: commands/sort-array
fn sort_array(process: &mut Process, arrays: Rest<ArrayRef>, order: Option<Order>) -> Result<()> {
    let order = order.unwrap_or(Order::Ascending);
    let by: Vec<_> =
        arrays.0.into_iter().enumerate().map(|(at, array)| (array, (at == 0).then_some(order))).collect();
    sort_together(process, "SORT ARRAY", &by)
}

/// Source: commands/multi-sort-array
fn multi_sort_array(process: &mut Process, arrays: Rest<(ArrayRef, Option<Order>)>) -> Result<()> {
    let arrays = arrays.0;
    if let [(pointers, None), (orders, None)] = arrays.as_slice() {
        let pointers = pointers.copy(process)?;
        if pointers.kind() == ArrayKind::Pointer {
            let by = pointed_to(&pointers, &orders.copy(process)?)?;
            return sort_together(process, "MULTI SORT ARRAY", &by);
        }
    }
    sort_together(process, "MULTI SORT ARRAY", &arrays)
}

/// The arrays that an array of pointers names, each with its order: 1, -1, or 0 for none.
fn pointed_to(pointers: &Array, orders: &Array) -> Result<Vec<(ArrayRef, Option<Order>)>> {
    if pointers.len() != orders.len() {
        return Err(different_sizes("MULTI SORT ARRAY"));
    }
    (1..=i64::try_from(pointers.len()).unwrap_or(0))
        .map(|index| {
            let order = match crate::value::convert::as_integer(&orders.get(index)?) {
                Some(1..) => Some(Order::Ascending),
                Some(..=-1) => Some(Order::Descending),
                _ => None,
            };
            Ok((ArrayRef::of_pointer(pointers.get(index)?)?, order))
        })
        .collect()
}

fn different_sizes(command: &str) -> Fault {
    let message = format!("The arrays of `{command}` must have the same number of elements");
    Fault::new(ErrorCode::IndexOutOfRange, message)
}

fn sort_together(process: &mut Process, command: &str, arrays: &[(ArrayRef, Option<Order>)]) -> Result<()> {
    let mut keys = Vec::new();
    let mut size = None;
    for (array, order) in arrays {
        let length = array.with(process, |array| {
            if array.is_two_dimensional()
                || matches!(array.kind(), ArrayKind::Pointer | ArrayKind::Picture) && order.is_some()
            {
                let message =
                    format!("`{command}` cannot sort arrays of pointers, of pictures or of two dimensions");
                return Err(Fault::new(ErrorCode::ArgumentType, message));
            }
            Ok(array.len())
        })?;
        if size.is_some_and(|size| size != length) {
            return Err(different_sizes(command));
        }
        size = Some(length);
        if let Some(order) = order {
            keys.push((array.copy(process)?, *order));
        }
    }
    if keys.is_empty() {
        let message = format!("`{command}` needs an array to sort by");
        return Err(Fault::new(ErrorCode::Arity, message));
    }
    // Element zero stays where it is.
    let mut places: Vec<usize> = (1..=size.unwrap_or(0)).collect();
    places.sort_by(|&a, &b| {
        keys.iter().fold(Ordering::Equal, |so_far, (key, order)| {
            so_far.then_with(|| match order {
                Order::Ascending => compare(key, a, b),
                Order::Descending => compare(key, b, a),
            })
        })
    });
    for (array, _) in arrays {
        array.with(process, |array| {
            arrange(array, &places);
            Ok(())
        })?;
    }
    Ok(())
}

fn compare(array: &Array, a: usize, b: usize) -> Ordering {
    macro_rules! by {
        ($list:expr, $compare:expr) => {
            match ($list.get(a), $list.get(b)) {
                (Some(a), Some(b)) => $compare(a, b),
                _ => Ordering::Equal,
            }
        };
    }
    match array.elements() {
        Elements::Text(list) => by!(list, |a: &Text, b: &Text| ops::compare_text(a, b)),
        Elements::Longint(list) => by!(list, i32::cmp),
        Elements::Integer(list) => by!(list, i16::cmp),
        Elements::Real(list) => by!(list, f64::total_cmp),
        Elements::Boolean(list) => by!(list, bool::cmp),
        Elements::Date(list) => by!(list, Ord::cmp),
        Elements::Time(list) => by!(list, Ord::cmp),
        Elements::Blob(list) => by!(list, |a: &Blob, b: &Blob| { a.as_slice().cmp(b.as_slice()) }),
        // Nulls come together; objects have an order of their own: their address.
        Elements::Object(list) => by!(list, |a: &Value, b: &Value| address(a).cmp(&address(b))),
        Elements::Pointer(_) | Elements::Picture(_) | Elements::Rows(_) => Ordering::Equal,
    }
}

fn address(value: &Value) -> usize {
    match value {
        Value::Object(object) => object.address(),
        Value::SharedObject(object) => object.address(),
        _ => 0,
    }
}

/// Puts the elements in the order of their former numbers.
fn arrange(array: &mut Array, places: &[usize]) {
    macro_rules! each {
        ($($variant:ident)*) => {
            match array.elements_mut() {
                $(Elements::$variant(list) => {
                    let old = std::mem::take(list);
                    list.reserve_exact(old.len());
                    list.extend(old.first().cloned());
                    list.extend(places.iter().filter_map(|&place| old.get(place).cloned()));
                })*
                Elements::Picture(_) => {}
            }
        };
    }
    each!(Boolean Integer Longint Real Text Date Time Pointer Object Blob Rows);
}
