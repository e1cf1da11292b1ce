//! Theme 4D Environment: parameters of the application.
//!
//! Most of what 4D lets one set is about what fourd does not have: connections of remote machines, the cache
//! of the database engine, the old web server's settings, graphics, logs of the application itself. These are
//! kept and given back, and change nothing else. What would change how programs run is refused unless it has
//! its effect here.

use super::parameters::{Integer, Out, fill};
use crate::value::{ErrorCode, Fault, Result, SharedValue, Text, Value, convert};
use crate::vm::Process;

commands! {
    /// Reads a parameter of the application: the user's, or one that was set.
    643 "Get database parameter" (selector; stringValue) => get_parameter;
    /// Sets a parameter of the application. Those of connections, caches, logs and graphics are kept and have
    /// no effect; one that is not known is an error.
    642 "SET DATABASE PARAMETER" (selector; value) => set_parameter;
}

/// What is known of a parameter.
enum Kind {
    /// A text that programs pass on.
    Text,
    /// Kept, without effect; the number is what it is before it is set.
    Kept(f64),
    /// Only this value is provided.
    Only(Integer),
    /// Read only.
    Told(f64),
}

/// `User param value`
const USER_PARAMETER: Integer = 108;

/// Source: commands/set-database-parameter
fn kind(selector: Integer) -> Option<Kind> {
    Some(match selector {
        USER_PARAMETER | 55 | 64 | 80 => Kind::Text,
        // dates and times in objects are dates, and numbers of seconds
        85 => Kind::Only(2),
        109 => Kind::Only(0),
        // TLS 1.2
        105 => Kind::Only(3),
        // whether the program is a project that can be written to
        112 | 113 | 117 => Kind::Told(1.0),
        74 | 114 | 115 | 94 | 120 => Kind::Told(0.0),
        // time limits, ports and the like of connections that there are none of
        13 | 14 => Kind::Kept(20.0),
        54 => Kind::Kept(20.0),
        35 => Kind::Kept(19813.0),
        88 => Kind::Kept(19812.0),
        15 | 22 => Kind::Kept(80.0),
        39 | 40 => Kind::Kept(443.0),
        56 => Kind::Kept(8002.0),
        48 | 98 | 133 | 135 => Kind::Kept(0.0),
        // the old web server's
        17 | 18 | 24 | 25 | 27 | 29 | 30 | 50 | 51 | 84 => Kind::Kept(0.0),
        // caches, and where queries run
        46 | 47 | 49 | 53 | 66 | 92 | 95 => Kind::Kept(0.0),
        // logs
        28 | 34 | 45 | 79 | 86 | 110 | 111 | 116 | 119 | 121 | 131 => Kind::Kept(0.0),
        90 => Kind::Kept(50.0),
        // SQL, spelling, graphics and help tips
        43 | 44 | 69 | 81 | 101 | 102 | 103 | 136 => Kind::Kept(0.0),
        _ => return None,
    })
}

fn unknown(selector: Integer) -> Fault {
    let message = format!("The database parameter {selector} is not known, or means nothing without tables");
    Fault::new(ErrorCode::ArgumentType, message)
}

/// What was never set is what 4D begins with. Source: commands/get-database-parameter
fn get_parameter(process: &mut Process, selector: Integer, text: Option<Out<Text>>) -> Result<f64> {
    let kind = kind(selector).ok_or_else(|| unknown(selector))?;
    let set = process.shared.runtime.parameters.lock().get(&selector).cloned();
    let (number, words) = match (set, kind) {
        (Some(SharedValue::Text(words)), _) => (0.0, words),
        (Some(SharedValue::Real(number)), _) => (number, Text::default()),
        (_, Kind::Kept(number) | Kind::Told(number)) => (number, Text::default()),
        (_, Kind::Only(number)) => (number.into(), Text::default()),
        (_, Kind::Text) => (0.0, Text::default()),
    };
    fill(process, text.as_ref(), words)?;
    Ok(number)
}

/// Source: commands/set-database-parameter
fn set_parameter(process: &mut Process, selector: Integer, value: Value) -> Result<()> {
    let refused = |why: String| Err(Fault::new(ErrorCode::ArgumentType, why));
    let kept = match (kind(selector).ok_or_else(|| unknown(selector))?, &value) {
        (Kind::Text, Value::Text(words)) => SharedValue::Text(words.clone()),
        (Kind::Text, _) => return refused(format!("The database parameter {selector} is a text")),
        (Kind::Told(_), _) => return refused(format!("The database parameter {selector} cannot be set")),
        (kind, other) => {
            let Some(number) = convert::as_integer(other) else {
                return refused(format!("The database parameter {selector} is a number"));
            };
            if let Kind::Only(only) = kind
                && number != only
            {
                let message = format!("Of the database parameter {selector} only the value {only} is provided");
                return Err(Fault::new(ErrorCode::NotProvided, message));
            }
            SharedValue::Real(number.into())
        }
    };
    process.shared.runtime.parameters.lock().insert(selector, kept);
    Ok(())
}
