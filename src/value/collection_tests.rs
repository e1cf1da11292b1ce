//! Private collections held against a plain vector, and their limits.

use super::*;
use proptest::prelude::*;

/// A value that can be compared here: numbers are one kind.
fn show(value: &Value) -> String {
    match value {
        Value::Integer(n) => format!("{:?}", f64::from(*n)),
        Value::Real(n) => format!("{n:?}"),
        Value::Boolean(b) => b.to_string(),
        Value::Null => "null".to_owned(),
        _ => "undefined".to_owned(),
    }
}

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => any::<i32>().prop_map(Value::Integer),
        1 => (-9i32..9).prop_map(|n| Value::Real(f64::from(n) / 2.0)),
        1 => any::<bool>().prop_map(Value::Boolean),
        1 => Just(Value::Null),
    ]
}

#[derive(Clone, Debug)]
enum Step {
    Push(Value),
    Pop,
    Set(usize, Value),
    Insert(usize, Value),
    Remove(usize, usize),
    Resize(usize),
    Replace,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => value().prop_map(Step::Push),
        1 => Just(Step::Pop),
        2 => (0usize..12, value()).prop_map(|(at, value)| Step::Set(at, value)),
        1 => (0usize..12, value()).prop_map(|(at, value)| Step::Insert(at, value)),
        1 => (0usize..12, 0usize..4).prop_map(|(at, count)| Step::Remove(at, count)),
        1 => (0usize..12).prop_map(Step::Resize),
        1 => Just(Step::Replace),
    ]
}

fn apply(collection: &Collection, model: &mut Vec<Value>, step: Step) {
    match step {
        Step::Push(value) => {
            collection.push(value.clone()).unwrap();
            model.push(value);
        }
        Step::Pop => {
            let popped = model.pop().unwrap_or_default();
            assert_eq!(show(&collection.pop()), show(&popped));
        }
        Step::Set(at, value) => {
            collection.set(at as i64, value.clone()).unwrap();
            if at >= model.len() {
                model.resize(at + 1, Value::Null);
            }
            model[at] = value;
        }
        Step::Insert(at, value) => {
            collection.insert(at, value.clone()).unwrap();
            model.insert(at.min(model.len()), value);
        }
        Step::Remove(at, count) => {
            let _ = collection.remove(at, count);
            let start = at.min(model.len());
            model.drain(start..(start + count).min(model.len()));
        }
        Step::Resize(length) => {
            collection.resize(length, &Value::Null).unwrap();
            model.resize(length, Value::Null);
        }
        Step::Replace => collection.replace_all(model.clone()),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 4 } else { 256 }, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn behaves_like_a_vector(steps in prop::collection::vec(step(), 0..60)) {
        let collection = Collection::new();
        let mut model = Vec::new();
        for step in steps {
            apply(&collection, &mut model, step);
            let seen: Vec<_> = collection.to_vec().iter().map(show).collect();
            let expected: Vec<_> = model.iter().map(show).collect();
            prop_assert_eq!(seen, expected);
        }
    }
}

#[test]
fn absurd_indexes_are_errors() {
    let collection = Collection::new();
    assert!(collection.set(-1, Value::Null).is_err());
    assert!(collection.set(i64::MAX, Value::Null).is_err());
    assert!(collection.set(2_000_000_000, Value::Null).is_err());
    assert!(collection.resize(usize::MAX, &Value::Null).is_err());
    assert!(collection.is_empty());
    assert!(matches!(collection.get(-1), Value::Undefined));
}

#[test]
#[cfg_attr(miri, ignore = "takes hours there")]
fn many_numbers_cost_little() {
    let collection = Collection::new();
    for n in 0..5_000_000 {
        collection.push(Value::Integer(n)).unwrap();
    }
    collection.push(Value::Real(0.5)).unwrap();
    collection.with_items(|items| match items {
        Items::Reals(all) => assert!(all.capacity() * 8 < all.len() * 17),
        _ => panic!("not packed"),
    });
}

#[test]
fn a_collection_may_hold_itself() {
    let collection = Collection::new();
    collection.push(Value::Collection(collection.clone())).unwrap();
    assert_eq!(collection.len(), 1);
    drop(collection.pop());
    assert!(collection.is_unique());
}
