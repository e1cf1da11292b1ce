//! Theme On a Series: what is computed from the numbers of an array. Fields would need the record
//! engine. Source: commands/theme/On-a-Series

use super::parameters::{ArrayRef, Real};
use crate::value::{Array, Date, Elements, ErrorCode, Fault, Result, Value};
use crate::vm::Process;

commands! {
    /// Gives the sum of the numbers of an array.
    1 "Sum" (series) thread_safe => |process: &mut Process, series: ArrayRef| {
        numbers(process, "Sum", &series).map(|numbers| numbers.iter().sum::<Real>())
    };
    /// Gives the mean of the numbers of an array.
    2 "Average" (series) thread_safe => |process: &mut Process, series: ArrayRef| {
        numbers(process, "Average", &series).map(|numbers| mean(&numbers))
    };
    /// Gives the greatest number or date of an array; 0 if there is none.
    3 "Max" (series) thread_safe => |process: &mut Process, series: ArrayRef| {
        extreme(process, "Max", &series, |a, b| a > b)
    };
    /// Gives the least number or date of an array; 0 if there is none.
    4 "Min" (series) thread_safe => |process: &mut Process, series: ArrayRef| {
        extreme(process, "Min", &series, |a, b| a < b)
    };
    /// Gives the standard deviation of a sample, the numbers of an array.
    26 "Std deviation" (series) thread_safe => |process: &mut Process, series: ArrayRef| {
        numbers(process, "Std deviation", &series).map(|numbers| variance(&numbers).sqrt())
    };
    /// Gives the variance of a sample, the numbers of an array.
    27 "Variance" (series) thread_safe => |process: &mut Process, series: ArrayRef| {
        numbers(process, "Variance", &series).map(|numbers| variance(&numbers))
    };
    /// Gives the sum of the squares of the numbers of an array.
    28 "Sum squares" (series) thread_safe => |process: &mut Process, series: ArrayRef| {
        numbers(process, "Sum squares", &series).map(|numbers| numbers.iter().map(|n| n * n).sum::<Real>())
    };
}

fn not_numbers(command: &str, what: &str) -> Fault {
    let message = format!("Argument 1 of `{command}` (`series`) must be an array of {what}");
    Fault::new(ErrorCode::ArgumentType, message)
}

/// All numbers of an array of one or two dimensions; sets OK.
fn numbers(process: &mut Process, command: &str, series: &ArrayRef) -> Result<Vec<Real>> {
    let numbers = series.with(process, |array| {
        let mut all = Vec::new();
        collect(array, &mut all).then_some(all).ok_or_else(|| not_numbers(command, "numbers"))
    })?;
    process.set_ok(true);
    Ok(numbers)
}

/// False if the array holds something else.
fn collect(array: &Array, all: &mut Vec<Real>) -> bool {
    match array.elements() {
        Elements::Integer(list) => all.extend(list.iter().skip(1).copied().map(Real::from)),
        Elements::Longint(list) => all.extend(list.iter().skip(1).copied().map(Real::from)),
        Elements::Real(list) => all.extend(list.iter().skip(1)),
        Elements::Rows(rows) => return rows.iter().skip(1).all(|row| collect(row, all)),
        _ => return false,
    }
    true
}

fn mean(numbers: &[Real]) -> Real {
    if numbers.is_empty() { 0.0 } else { numbers.iter().sum::<Real>() / numbers.len() as Real }
}

/// Of a sample: one number says nothing of it. Source: commands/variance
fn variance(numbers: &[Real]) -> Real {
    if numbers.len() < 2 {
        return 0.0;
    }
    let mean = mean(numbers);
    numbers.iter().map(|n| (n - mean) * (n - mean)).sum::<Real>() / (numbers.len() - 1) as Real
}

/// Source: commands/max
fn extreme(process: &mut Process, command: &str, series: &ArrayRef, is_more: fn(Real, Real) -> bool) -> Result<Value> {
    let found = series.with(process, |array| {
        let mut dates = Vec::new();
        if collect_dates(array, &mut dates) {
            let best = dates.into_iter().reduce(|best, date| {
                // Days since any fixed day order dates.
                let days = Date::days_between(best, date) as Real;
                if is_more(days, 0.0) { date } else { best }
            });
            return Ok(best.map_or(Value::Integer(0), Value::Date));
        }
        let mut all = Vec::new();
        if !collect(array, &mut all) {
            return Err(not_numbers(command, "numbers or dates"));
        }
        let best = all.into_iter().reduce(|best, number| if is_more(number, best) { number } else { best });
        Ok(best.map_or(Value::Integer(0), Value::from))
    })?;
    process.set_ok(true);
    Ok(found)
}

fn collect_dates(array: &Array, all: &mut Vec<Date>) -> bool {
    match array.elements() {
        Elements::Date(list) => all.extend(list.iter().skip(1)),
        Elements::Rows(rows) if rows.len() > 1 => return rows.iter().skip(1).all(|row| collect_dates(row, all)),
        _ => return false,
    }
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn samples() {
        assert_eq!(variance(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]), 32.0 / 7.0);
        assert_eq!(variance(&[3.0]), 0.0);
        assert_eq!(mean(&[]), 0.0);
    }
}
