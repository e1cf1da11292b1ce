//! Theme Math.

use super::format::number::{round as round_at, trunc as trunc_at};
use super::parameters::{Integer, Real};
use crate::value::{ErrorCode, Fault, Result, Text, Value, convert};
use crate::vm::Process;

commands! {
    /// Gives the whole part of a number, towards negative infinity.
    8 "Int" (number) thread_safe => |number: Real| whole(number.floor());
    /// Gives what `Int` takes away: the decimals.
    9 "Dec" (number) thread_safe => dec;
    /// Gives the sine of an angle in radians.
    17 "Sin" (number) thread_safe => |number: Real| number.sin();
    /// Gives the cosine of an angle in radians.
    18 "Cos" (number) thread_safe => |number: Real| number.cos();
    /// Gives the tangent of an angle in radians.
    19 "Tan" (number) thread_safe => |number: Real| number.tan();
    /// Gives the angle in radians of a tangent.
    20 "Arctan" (number) thread_safe => |number: Real| number.atan();
    /// Gives e raised to a power.
    21 "Exp" (number) thread_safe => |number: Real| number.exp();
    /// Gives the natural logarithm.
    22 "Log" (number) thread_safe => |number: Real| number.ln();
    /// Rounds at a number of decimals, halves away from zero.
    94 "Round" (round; places) thread_safe => round;
    /// Cuts off at a number of decimals, towards negative infinity.
    95 "Trunc" (number; places) thread_safe => trunc;
    /// Gives the remainder of the division of two whole numbers.
    98 "Mod" (number1; number2) thread_safe => modulo;
    /// Gives the number without its sign.
    99 "Abs" (number) thread_safe => abs;
    /// Gives a random whole number from 0 to 32767.
    100 "Random" () thread_safe => random;
    /// Gives the square root.
    539 "Square root" (number) thread_safe => |number: Real| number.sqrt();
    /// Sets by how much two reals may differ and still be equal.
    623 "SET REAL COMPARISON LEVEL" (epsilon) => set_real_comparison_level;
    /// Converts an amount between the Euro and the currencies it replaced.
    676 "Euro converter" (value; fromCurrency; toCurrency) thread_safe => euro_converter;
}

/// A whole result as an Integer where it fits.
fn whole(number: f64) -> Value {
    let short = number as i32;
    if f64::from(short) == number { Value::Integer(short) } else { Value::Real(number) }
}

/// The conformance of `Int` and `Dec`: their sum is the number. Source: commands/dec
fn dec(number: Real) -> Real {
    // -1.5 is -2 and 0.5.
    let decimals = number - number.floor();
    if decimals.is_finite() { tidy(decimals) } else { 0.0 }
}

/// The decimals without the noise that taking the whole part away leaves.
fn tidy(decimals: f64) -> f64 {
    round_at(decimals, 14)
}

fn round(number: Real, places: Integer) -> Value {
    whole(round_at(number, places))
}

fn trunc(number: Real, places: Integer) -> Value {
    whole(trunc_at(number, places))
}

/// Reals are rounded first: `Mod(3.5;2)` is 0. Source: commands/mod
fn modulo(number: Real, by: Real) -> Value {
    let (number, by) = (number.round(), by.round());
    if by == 0.0 {
        return Value::Integer(0);
    }
    whole(number % by)
}

fn abs(number: Value) -> Result<Value> {
    Ok(match number {
        Value::Integer(number) => convert::whole(i64::from(number).abs()),
        Value::Real(number) => Value::Real(number.abs()),
        other => Value::Real(convert::as_real(&other).unwrap_or(0.0).abs()),
    })
}

/// Source: commands/random
fn random(process: &mut Process) -> Integer {
    (process.shared.host.random().number() & 0x7FFF) as Integer
}

/// Source: commands/set-real-comparison-level
fn set_real_comparison_level(process: &mut Process, epsilon: Real) {
    process.rules.epsilon = epsilon.abs();
}

/// What one Euro is worth, and the decimals that results keep. Source: commands/euro-converter
const CURRENCIES: &[(&str, f64, i32)] = &[
    ("ATS", 13.7603, 2),
    ("BEF", 40.3399, 0),
    ("DEM", 1.95583, 2),
    ("EUR", 1.0, 2),
    ("FIM", 5.94573, 2),
    ("FRF", 6.55957, 2),
    ("GRD", 340.750, 2),
    ("IEP", 0.787564, 2),
    ("ITL", 1936.27, 0),
    ("LUF", 40.3399, 0),
    ("NLG", 2.20371, 2),
    ("PTE", 200.482, 2),
    ("ESP", 166.386, 0),
];

fn euro_converter(value: Real, from: Text, to: Text) -> Result<Value> {
    let find = |code: &Text| {
        CURRENCIES.iter().find(|c| c.0.eq_ignore_ascii_case(code)).ok_or_else(|| {
            let message = format!("`Euro converter` knows no currency \"{code}\"");
            Fault::new(ErrorCode::ArgumentType, message)
        })
    };
    let ((_, from, _), &(_, to, places)) = (find(&from)?, find(&to)?);
    Ok(whole(round_at(value / from * to, places)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_numbers() {
        assert_eq!(dec(7.25), 0.25);
        assert_eq!(dec(-1.5), 0.5);
        assert!(matches!(modulo(3.5, 2.0), Value::Integer(0)));
        assert!(matches!(modulo(3.0, 0.0), Value::Integer(0)));
        let converted = euro_converter(10000.0, Text::from("FRF"), Text::from("ITL")).unwrap();
        assert!(matches!(converted, Value::Integer(2_951_825)));
    }
}
