//! Theme Formulas: code given as text.

use super::parameters::{Integer, Out, fill};
use crate::value::{ErrorCode, Fault, Result, Text, Value};
use crate::vm::{FunctionObject, Process};

commands! {
    /// Runs a line of code given as a text.
    63 "EXECUTE FORMULA" (statement) thread_safe => |process: &mut Process, statement: Text| {
        process.execute_line(statement.as_str())
    };
    /// Gives a formula in its normal form, with tokens if asked for; an error as a text.
    1576 "Parse formula" (formula; options; errorMessage) => parse_formula;
    /// Makes a formula from a text.
    1601 "Formula from string" (formulaString; context) thread_safe => formula_from_string;
}

/// Source: commands/formula-from-string
fn formula_from_string(process: &mut Process, formula: Text, _context: Option<Integer>) -> Result<Value> {
    let code =
        process.shared.program.compile_formula(formula.as_str(), true).map_err(|error| error.fault())?;
    if let Some((local, _)) = code.locals.iter().find(|(name, _)| name.parse::<u16>().is_err()) {
        let message = format!("A formula made from a text cannot use the local variable `${local}`");
        return Err(Fault::new(ErrorCode::LocalInFormula, message));
    }
    Ok(FunctionObject::formula(process, code, Vec::new()))
}

/// `Formula out with tokens`
const WITH_TOKENS: Integer = 4;

/// Source: commands/parse-formula
fn parse_formula(
    process: &mut Process,
    formula: Text,
    options: Option<Integer>,
    error_message: Option<Out<Text>>,
) -> Result<Text> {
    let normal =
        process.shared.program.normalise_formula(formula.as_str(), options.unwrap_or(0) & WITH_TOKENS != 0);
    let (result, message) = match normal {
        Ok(normal) => (Text::from(normal.as_str()), Text::new()),
        Err(error) => (Text::new(), Text::from(error.message.as_str())),
    };
    fill(process, error_message.as_ref(), message)?;
    Ok(result)
}
