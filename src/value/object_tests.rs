//! Private objects held against a plain model, and their limits.

use super::*;
use proptest::prelude::*;

fn text(s: &str) -> Text {
    Text::from(s)
}

fn integer(value: &Value) -> Option<i32> {
    match value {
        Value::Integer(n) => Some(*n),
        _ => None,
    }
}

#[derive(Clone, Debug)]
enum Step {
    Set(u8, i32),
    Remove(u8),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        3 => (any::<u8>(), any::<i32>()).prop_map(|(key, value)| Step::Set(key, value)),
        1 => any::<u8>().prop_map(Step::Remove),
    ];
    prop::collection::vec(step, 0..if cfg!(miri) { 40 } else { 400 })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: if cfg!(miri) { 2 } else { 64 }, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn behaves_like_an_ordered_map(steps in steps()) {
        let object = Object::new();
        let mut model: indexmap::IndexMap<String, i32> = indexmap::IndexMap::new();
        for step in steps {
            match step {
                Step::Set(key, value) => {
                    let key = format!("p{key}");
                    object.set(&text(&key), Value::Integer(value));
                    model.insert(key, value);
                }
                Step::Remove(key) => {
                    let key = format!("p{key}");
                    let removed = object.remove(&key).as_ref().and_then(integer);
                    prop_assert_eq!(removed, model.shift_remove(&key));
                }
            }
            prop_assert_eq!(object.len(), model.len());
        }
        let seen: Vec<_> = object.entries().into_iter()
            .map(|(key, value)| (key.as_str().to_owned(), integer(&value).unwrap())).collect();
        let expected: Vec<_> = model.iter().map(|(key, value)| (key.clone(), *value)).collect();
        prop_assert_eq!(&seen, &expected);
        let mut cursor = 0;
        let mut walked = Vec::new();
        while let Some((key, value)) = object.next_entry(&mut cursor) {
            walked.push((key.as_str().to_owned(), integer(&value).unwrap()));
        }
        prop_assert_eq!(&walked, &expected);
        for (index, (key, value)) in model.iter().enumerate() {
            prop_assert_eq!(integer(&object.get(key)), Some(*value));
            prop_assert!(object.has(key));
            let (at, _) = object.entry_at(index).unwrap();
            prop_assert_eq!(at.as_str(), key.as_str());
        }
        prop_assert!(object.entry_at(model.len()).is_none());
    }
}

#[test]
fn literals_share_a_shape() {
    let shape = Shape::root().add(&text("left")).and_then(|shape| shape.add(&text("right"))).unwrap();
    let one = Object::with_shape(shape, [Value::Integer(1), Value::Null]);
    let two = Object::with_shape(shape, [Value::Integer(2)]);
    assert_eq!(integer(&one.get("left")), Some(1));
    assert!(matches!(two.get("right"), Value::Undefined));
    assert_eq!(one.shape().id(), two.shape().id());
    one.set(&text("more"), Value::Boolean(true));
    assert_ne!(one.shape().id(), two.shape().id());
    assert!(one.remove("more").is_some());
    assert_eq!(one.shape().id(), two.shape().id());
}

#[test]
fn an_object_may_hold_and_lose_itself() {
    let object = Object::new();
    object.set(&text("me"), Value::Object(object.clone()));
    assert!(!object.is_unique());
    object.set(&text("me"), Value::Null);
    assert!(object.is_unique());
}

#[test]
fn deep_nesting_is_freed_without_deep_recursion() {
    let mut value = Value::Null;
    let key = text("inner");
    for level in 0..if cfg!(miri) { 1_000 } else { 1_000_000 } {
        if level % 2 == 0 {
            let object = Object::new();
            object.set(&key, value);
            value = Value::Object(object);
        } else {
            value = Value::Collection(crate::value::Collection::from_values(vec![value]));
        }
    }
    drop(value);
}

#[test]
fn a_million_properties() {
    let object = Object::new();
    let count = if cfg!(miri) { 800 } else { 1_000_000 };
    let keys: Vec<_> = (0..count).map(|n| text(&format!("key {n}"))).collect();
    for (n, key) in (0..).zip(&keys) {
        object.set(key, Value::Integer(n));
    }
    assert_eq!(integer(&object.get("key 777")), Some(777));
    for key in &keys {
        assert!(object.remove(key.as_str()).is_some());
    }
    assert!(object.is_empty());
}

struct Handle(i32);
impl Native for Handle {}

#[test]
fn natives_are_found_by_type() {
    let object = Object::new_native(Shape::new_root_for_class(), Box::new(Handle(7)));
    for n in 0..200 {
        object.set(&text(&format!("n{n}")), Value::Integer(n));
    }
    assert_eq!(object.native::<Handle>().map(|handle| handle.0), Some(7));
    assert_eq!(object.len(), 200);
}
