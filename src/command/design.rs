//! Theme Design Object Access: the program's own methods and classes, to be read.

use super::parameters::{ArrayRef, Integer, Star, VariableOrValue, VariableRef};
use crate::code::Program;
use crate::syntax::format::Suffixes;
use crate::text::Name;
use crate::value::ops::matches_text;
use crate::value::{Array, ArrayKind, ErrorCode, Fault, Result, Text, Value};
use crate::vm::Process;

commands! {
    /// Gives the internal path of a method or class.
    1164 "METHOD Get path" (methodType; objectName; formObjectName; *) => method_get_path;
    /// Fills an array with the names of the project's methods.
    1166 "METHOD GET NAMES" (arrNames; filter; *) thread_safe => method_get_names;
    /// Gives the code of methods and classes by their paths.
    1190 "METHOD GET CODE" (path; code; option; *) => method_get_code;
}

/// Before the name of a class.
const CLASS: &str = "[class]/";

/// `Code with tokens`
const WITH_TOKENS: Integer = 1;

/// Source: commands/method-get-path
fn method_get_path(
    kind: Integer,
    name: Option<Text>,
    inside: Option<Text>,
    _host: Option<Star>,
) -> Result<String> {
    let name = name.unwrap_or_default();
    let inside = inside.unwrap_or_else(|| Text::from("{formMethod}"));
    Ok(match kind {
        1 => name.as_str().to_owned(),
        2 => format!("[databaseMethod]/{name}"),
        4 => format!("[projectForm]/{name}/{inside}"),
        32 => format!("{CLASS}{name}"),
        128 => format!("[volatile]/{name}"),
        8 | 16 => {
            let message = "Methods of tables need the classic database engine";
            return Err(Fault::new(ErrorCode::Headless, message));
        }
        other => {
            let message = format!("Argument 1 of `METHOD Get path` (`methodType`) cannot be {other}");
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
    })
}

/// Source: commands/method-get-names
fn method_get_names(
    process: &mut Process,
    names: ArrayRef,
    filter: Option<Text>,
    _host: Option<Star>,
) -> Result<()> {
    let filter = filter.filter(|filter| !filter.is_empty());
    let mut found: Vec<Name> = process.shared.program.method_names();
    found.retain(|name| filter.as_ref().is_none_or(|filter| matches_text(name.as_str(), filter)));
    found.sort_by_key(Name::folded);
    names.replace(process, texts(found.iter().map(Name::as_str))?)
}

fn texts<'a>(all: impl Iterator<Item = &'a str>) -> Result<Array> {
    let mut array = Array::new(ArrayKind::Text, 0)?;
    for text in all {
        array.append(Value::from(text))?;
    }
    Ok(array)
}

/// Source: commands/method-get-code
fn method_get_code(
    process: &mut Process,
    path: VariableOrValue,
    code: VariableRef,
    option: Option<Integer>,
    _host: Option<Star>,
) -> Result<()> {
    let tokens = option == Some(WITH_TOKENS);
    match path.0 {
        Value::Array(paths) => {
            let mut codes = Vec::new();
            for at in 1..=paths.len() {
                let Value::Text(path) = paths.get(i64::try_from(at).unwrap_or(i64::MAX))? else { continue };
                codes.push(code_of(&process.shared.program, &path, tokens)?);
            }
            let array = texts(codes.iter().map(String::as_str))?;
            ArrayRef::of_pointer(code.reference().clone())?.replace(process, array)
        }
        Value::Text(path) => match code_of(&process.shared.program, &path, tokens) {
            Ok(text) => code.set(process, text.as_str()),
            Err(fault) => {
                code.set(process, "")?;
                Err(fault)
            }
        },
        other => {
            let message = format!("A path is a text, not {}", super::bind::in_words(&other));
            Err(Fault::new(ErrorCode::ArgumentType, message))
        }
    }
}

/// The code behind a line that tells the method's attributes, its lines ended by carriage returns.
fn code_of(program: &Program, path: &str, tokens: bool) -> Result<String> {
    let source = match path.strip_prefix(CLASS) {
        Some(class) => program.class_source(&Name::new(class)),
        None => program.method_source(&Name::new(path)),
    };
    let Some(source) = source else {
        return Err(Fault::new(ErrorCode::NoSuchMethod, format!("There is no method with the path `{path}`")));
    };
    let source = source.map_err(|error| error.fault())?;
    let text = source.text();
    let (first, rest) = text.split_once(['\n', '\r']).unwrap_or((text, ""));
    let (attributes, body) = match first.trim_start_matches('\u{feff}').strip_prefix("//%attributes = {") {
        Some(attributes) => (attributes.split('}').next().unwrap_or(""), rest.trim_start_matches('\n')),
        None => ("", text),
    };
    let comma = if attributes.is_empty() { "" } else { "," };
    let head =
        format!("//%attributes = {{\"lang\":\"en\"{comma}{attributes}}} comment added and reserved by 4D.\n");
    let body = program.formatted(body, if tokens { Suffixes::Add } else { Suffixes::Strip });
    Ok((head + &body).replace('\n', "\r"))
}
