use super::*;
use crate::value::{Cell, Date, Pointer, Target};

const RULES: Rules = Rules { epsilon: 1e-6 };

fn date(day: u32) -> Value {
    Date::new(2017, 1, day).unwrap().into()
}

fn time(hours: i64, minutes: i64, seconds: i64) -> Value {
    Time::from_parts(hours, minutes, seconds).into()
}

/// The value as shown, with its type, so that tables can be compared.
fn shown(value: Result<Value>) -> String {
    match value {
        Ok(Value::Integer(number)) => number.to_string(),
        Ok(Value::Real(number)) => format!("{number:?}"),
        Ok(Value::Text(text)) => format!("{text:?}"),
        Ok(Value::Boolean(truth)) => truth.to_string(),
        Ok(Value::Date(date)) => format!("{date:?}"),
        Ok(Value::Time(time)) => format!("{time:?}"),
        Ok(other) => other.type_name().to_owned(),
        Err(_) => "error".to_owned(),
    }
}

fn check(operator: Operator, table: &[(Value, Value, &str)]) {
    for (a, b, expected) in table {
        assert_eq!(shown(operator(a, b, &RULES)), *expected, "{a:?} {b:?}");
    }
}

fn v(value: impl Into<Value>) -> Value {
    value.into()
}

#[test]
fn sums_and_differences() {
    check(
        add,
        &[
            (v(2), v(3), "5"),
            (v(i32::MAX), v(1), "2147483648.0"),
            (v(0.5), v(1), "1.5"),
            (v("abc"), v("def"), "\"abcdef\""),
            (date(20), v(9), "!2017-01-29!"),
            (time(2, 3, 4), time(1, 2, 3), "?03:05:07?"),
            (time(2, 3, 4), v(65), "7449"),
            (v(65), time(2, 3, 4), "7449"),
            (v("abc"), v(1), "error"),
            (Value::Null, v(1), "error"),
            (Value::Undefined, v("x"), "error"),
            (v(Cell::new(v(4)).get()), v(1), "5"),
        ],
    );
    check(
        subtract,
        &[
            (v(2), v(3), "-1"),
            (v(i32::MIN), v(1), "-2147483649.0"),
            (date(20), date(1), "19"),
            (date(20), v(9), "!2017-01-11!"),
            (time(2, 3, 4), time(1, 2, 3), "?01:01:01?"),
            (time(2, 3, 4), v(65), "7319"),
            (v("a"), v("b"), "error"),
        ],
    );
}

#[test]
fn products_and_quotients() {
    check(
        multiply,
        &[
            (v(5), v(2), "10"),
            (v(65536), v(65536), "4294967296.0"),
            (v("ab"), v(3), "\"ababab\""),
            (v("ab"), v(0), "\"\""),
            (v("ab"), v(-1), "\"\""),
            (time(2, 3, 4), v(2), "14768"),
            (v("ab"), v("c"), "error"),
        ],
    );
    check(
        divide,
        &[(v(5), v(2), "2.5"), (v(1), v(0), "inf"), (time(2, 3, 4), v(2), "3692"), (v(true), v(2), "error")],
    );
    check(
        integer_divide,
        &[
            (v(5), v(2), "2"),
            (v(3), v(5), "0"),
            (v(7.9), v(2), "3"),
            (v(-7), v(2), "-4"),
            (v(5), v(0), "inf"),
            (v(i32::MIN), v(-1), "2147483648.0"),
            (time(2, 3, 4), v(2), "3692"),
        ],
    );
    check(
        modulo,
        &[
            (v(10), v(2), "0"),
            (v(10), v(3), "1"),
            (v(10.5), v(2), "0"),
            (v(5), v(0), "NaN"),
            (v(i32::MIN), v(-1), "0"),
            (time(20, 10, 0), time(4, 20, 0), "?02:50:00?"),
            (time(2, 3, 4), v(2), "0"),
            (v("Alpha Bravo"), v("Bravo"), "true"),
            (v("Alpha Bravo"), v("ravo"), "false"),
        ],
    );
    check(
        power,
        &[
            (v(2), v(3), "8"),
            (v(2), v(-1), "0.5"),
            (v(2), v(40), "1099511627776.0"),
            (v(2.25), v(0.5), "1.5"),
            (v("a"), v(1), "error"),
        ],
    );
    assert_eq!(shown(negate(&v(i32::MIN))), "2147483648.0");
    assert_eq!(shown(negate(&v("x"))), "error");
}

#[test]
fn messages_name_operator_and_types() {
    let fault = add(&v("a"), &v(1), &RULES).unwrap_err();
    assert_eq!(fault.message, "The operator + cannot be applied to Text and Integer");
    assert_eq!(fault.code, ErrorCode::IncompatibleTypes as i32);
}

#[test]
fn bitwise() {
    let long = |number: u32| v(f64::from(number));
    type Bitwise = fn(&Value, &Value) -> Result<Value>;
    let table: [(Bitwise, Value, Value, u32); 8] = [
        (and, long(0x0000_FFFF), long(0xFF00_FF00), 0x0000_FF00),
        (or, long(0x0000_FFFF), long(0xFF00_FF00), 0xFF00_FFFF),
        (exclusive_or, long(0x0000_FFFF), long(0xFF00_FF00), 0xFF00_00FF),
        (shift_left, long(0x0000_FFFF), v(8), 0x00FF_FF00),
        (shift_right, long(0x0000_FFFF), v(8), 0xFF),
        (shift_right, v(-1), v(28), 0xF),
        (bit_set, v(0), v(16), 0x0001_0000),
        (bit_clear, v(0x0001_0000), v(16), 0),
    ];
    for (operator, a, b, expected) in table {
        assert_eq!(shown(operator(&a, &b)), expected.cast_signed().to_string());
    }
    assert_eq!(shown(shift_left(&v(1), &v(32))), "0");
    assert_eq!(shown(bit_test(&v(0x0001_0000), &v(16))), "true");
    assert_eq!(shown(bit_test(&v(1), &v(99))), "false");
    assert_eq!(shown(and(&v(6.2), &v(3))), "2");
    assert_eq!(shown(and(&v(true), &v(false))), "false");
    assert_eq!(shown(or(&v(true), &v(false))), "true");
    assert_eq!(shown(and(&v(true), &v(1))), "error");
}

#[test]
fn equality() {
    let nil = v(Pointer::nil());
    let to = |cell: &Cell| v(Pointer::new(Target::Local(cell.clone())));
    let (a, b) = (Cell::new(v(1)), Cell::new(v(1)));
    let table = [
        (v(10), v(10), Some(true)),
        (v(10), v(11), Some(false)),
        (v(1), v(1.000_000_1), Some(true)),
        (v(0.000_001), v(0.000_002), Some(true)),
        (v(0.000_001), v(0.000_003), Some(false)),
        (v(f64::INFINITY), v(f64::INFINITY), Some(true)),
        (v("abc"), v("ABC"), Some(true)),
        (v("abcdef"), v("abc@"), Some(true)),
        (date(1), date(1), Some(true)),
        (time(0, 1, 0), v(60), Some(true)),
        (Value::Null, Value::Null, Some(true)),
        (Value::Null, Value::Undefined, Some(true)),
        (Value::Null, v(42), Some(false)),
        (v(""), Value::Null, Some(false)),
        (Value::Undefined, Value::Undefined, Some(true)),
        (Value::Undefined, Value::Null, Some(true)),
        (Value::Undefined, v(42), Some(false)),
        (v(false), Value::Undefined, Some(false)),
        (nil.clone(), Value::Null, Some(true)),
        (Value::Null, to(&a), Some(false)),
        (to(&a), to(&a), Some(true)),
        (to(&a), to(&b), Some(false)),
        (v("1"), v(1), None),
        (v(true), v(1), None),
    ];
    for (a, b, expected) in table {
        assert_eq!(equal(&a, &b, &RULES).ok(), expected, "{a:?} {b:?}");
    }
    let wide = Rules { epsilon: 1.5 };
    assert_eq!(equal(&v(1), &v(2), &wide).ok(), Some(true));
}

#[test]
fn ordering() {
    let table = [
        // a, b, <, <=, >, >=
        (v(10), v(11), Some([true, true, false, false])),
        (v(2.5), v(2), Some([false, false, true, true])),
        (v(1.000_000_1), v(1.0), Some([false, true, true, true])),
        (v("abd"), v("abc"), Some([false, false, true, true])),
        (v("abc"), v("ABC"), Some([false, true, false, true])),
        (v("abcd"), v("abc@"), Some([false, true, false, true])),
        (date(1), date(20), Some([true, true, false, false])),
        (time(1, 2, 4), time(1, 2, 3), Some([false, false, true, true])),
        (Value::Undefined, v("abc"), Some([false; 4])),
        (Value::Undefined, v(42), Some([false; 4])),
        (v(42), Value::Undefined, Some([false; 4])),
        (Value::Undefined, date(1), Some([false; 4])),
        (Value::Undefined, time(1, 0, 0), Some([false; 4])),
        (Value::Undefined, Value::Undefined, None),
        (Value::Undefined, Value::Null, None),
        (Value::Undefined, v(true), None),
        (Value::Null, v(1), None),
        (v("a"), Value::Null, None),
        (v("a"), v(1), None),
    ];
    for (a, b, expected) in table {
        let found: Option<Vec<bool>> = [less, less_or_equal, greater, greater_or_equal]
            .iter()
            .map(|operator| operator(&a, &b, &RULES).ok())
            .collect();
        assert_eq!(found, expected.map(|row| row.to_vec()), "{a:?} {b:?}");
    }
}
