use super::*;
use crate::value::Collection;
use proptest::prelude::*;

fn value() -> impl Strategy<Value = Value> {
    prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::Boolean),
        (-5i32..5).prop_map(Value::Integer),
        prop_oneof![Just(f64::NAN), Just(f64::INFINITY), Just(f64::NEG_INFINITY), -2.0..2.0]
            .prop_map(Value::Real),
        "[a-cA-C\u{e9}\t ]{0,10}".prop_map(|text| Value::from(text.as_str())),
        Just(Value::Collection(Collection::new())),
    ]
}

/// Insertion sort: too slow to be wrong.
fn model(values: &[Value], descending: bool) -> Vec<usize> {
    let mut places: Vec<usize> = Vec::new();
    for (i, value) in values.iter().enumerate() {
        let after = |other: &usize| {
            let order = compare_any(&values[*other], value);
            if descending { order == Ordering::Less } else { order == Ordering::Greater }
        };
        let at = places.iter().position(after).unwrap_or(places.len());
        places.insert(at, i);
    }
    places
}

fn show(values: &[Value]) -> Vec<String> {
    values.iter().map(|value| format!("{value:?}")).collect()
}

proptest! {
    #[test]
    fn sorting_agrees_with_the_model(values in prop::collection::vec(value(), 0..40), descending: bool) {
        let expected: Vec<Value> = model(&values, descending).into_iter().map(|at| values[at].clone()).collect();
        prop_assert_eq!(show(&sort_values(values.clone(), descending)), show(&expected));
        let places = order(values.len(), &[(Keys::new(values.clone()), descending)]);
        prop_assert_eq!(show(&arranged(&values, &places)), show(&expected));
        let places = sort_by(values.len(), |a, b| {
            let order = compare_any(&values[a as usize], &values[b as usize]);
            Ok(if descending { order.is_gt() } else { order.is_lt() })
        });
        prop_assert_eq!(show(&arranged(&values, &places.unwrap())), show(&expected));
    }

    #[test]
    fn texts_sort_by_their_prefix_as_by_themselves(texts in prop::collection::vec("[ -~\t\u{e9}]{0,12}", 0..30)) {
        let values: Vec<Value> = texts.iter().map(|text| Value::from(text.as_str())).collect();
        let mut expected = texts.clone();
        expected.sort_by(|a, b| compare_text(a, b));
        let sorted: Vec<String> = sort_values(values, false)
            .iter()
            .map(|v| match v { Value::Text(text) => text.as_str().to_owned(), _ => String::new() })
            .collect();
        prop_assert_eq!(sorted, expected);
    }

    #[test]
    fn answers_without_order_do_no_harm(length in 0usize..100, answers in prop::collection::vec(any::<bool>(), 1..50)) {
        let mut next = answers.iter().cycle();
        let mut places = sort_by(length, |_, _| Ok(*next.next().unwrap())).unwrap();
        places.sort_unstable();
        prop_assert_eq!(places, (0..length as u32).collect::<Vec<_>>());
    }
}

#[test]
fn types_come_in_the_documented_order() {
    let sorted = sort_values(
        vec![
            Value::from(crate::value::Date::default()),
            Value::Collection(Collection::new()),
            Value::Integer(1),
            Value::from("x"),
            Value::Boolean(true),
            Value::Real(f64::NAN),
            Value::Real(f64::NEG_INFINITY),
            Value::Null,
        ],
        false,
    );
    let types: Vec<i32> = sorted.iter().map(crate::value::convert::value_type).collect();
    assert_eq!(types, [255, 6, 2, 1, 1, 1, 42, 4]);
    assert!(matches!(sorted[3], Value::Real(n) if n.is_nan()));
}
