//! Theme Tools: other programs and their environment. `Source: commands/launch-external-process`

use super::blob::{TextOrBlob, fill_blob};
use super::parameters::{Integer, Out, VariableRef, fill};
use crate::host::Start;
use crate::value::{Blob, Result, Text, Value};
use crate::vm::Process;
use std::path::PathBuf;

commands! {
    /// Starts another program, waits for its end and takes what it writes.
    811 "LAUNCH EXTERNAL PROCESS" (fileName; inputStream; outputStream; errorStream; pid) thread_safe => launch_external_process;
    /// Sets an environment variable for the programs that this process starts.
    812 "SET ENVIRONMENT VARIABLE" (varName; varValue) thread_safe => set_environment_variable;
}

const FOLDER: &str = "_4D_OPTION_CURRENT_DIRECTORY";
const CONSOLE: &str = "_4D_OPTION_HIDE_CONSOLE";
const BLOCKING: &str = "_4D_OPTION_BLOCKING_EXTERNAL_PROCESS";

/// What the programs of a process find in their environment.
#[derive(Default)]
pub(crate) struct Environment {
    variables: Vec<(String, String)>,
    folder: Option<String>,
    not_blocking: bool,
}

/// Source: commands/set-environment-variable
fn set_environment_variable(process: &mut Process, name: Text, value: Text) {
    let is_name = !name.is_empty() && !name.contains(['=', '\0']) && !value.contains('\0');
    let environment = process.attachment::<Environment>();
    match name.as_str() {
        FOLDER => environment.folder = Some(value.to_string()).filter(|folder| !folder.is_empty()),
        BLOCKING if !value.is_empty() => environment.not_blocking = value.eq_ignore_ascii_case("false"),
        BLOCKING | CONSOLE => {}
        _ if is_name => {
            environment.variables.retain(|(old, _)| old != name.as_str());
            environment.variables.push((name.to_string(), value.to_string()));
        }
        _ => {}
    }
    process.set_ok(is_name);
}

/// The words of a command line: between spaces, with quotes around or a backslash before spaces that count.
pub(crate) fn words(line: &str) -> Vec<String> {
    let mut all = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    let mut characters = line.chars().peekable();
    while let Some(character) = characters.next() {
        match (character, quote) {
            (c, Some(q)) if c == q => quote = None,
            ('"' | '\'', None) => {
                quote = Some(character);
                word.get_or_insert_default();
            }
            ('\\', open) if open != Some('\'') => {
                let escaped = characters.next_if(|next| matches!(next, ' ' | '"' | '\'' | '\\'));
                word.get_or_insert_default().push(escaped.unwrap_or('\\'));
            }
            (c, None) if c.is_whitespace() => all.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    all.extend(word);
    all
}

/// A program that cannot be started is no error, but OK is 0. The options of
/// `SET ENVIRONMENT VARIABLE` hold for one call.
fn launch_external_process(
    process: &mut Process,
    line: Text,
    input: Option<TextOrBlob>,
    output: Option<VariableRef>,
    errors: Option<VariableRef>,
    number: Option<Out<Integer>>,
) -> Result<()> {
    let mut words = words(&line).into_iter();
    let environment = process.attachment::<Environment>();
    let start = Start {
        program: words.next().unwrap_or_default(),
        arguments: words.collect(),
        input: input.map(|input| input.bytes().to_vec()).unwrap_or_default(),
        folder: environment.folder.take().map(PathBuf::from),
        variables: environment.variables.clone(),
        wait: !std::mem::take(&mut environment.not_blocking),
    };
    let done = if start.program.contains('\0') {
        Err(std::io::ErrorKind::InvalidInput.into())
    } else {
        process.shared.host.programs().run(&start)
    };
    let Ok(done) = done else {
        process.set_ok(false);
        return Ok(());
    };
    if start.wait {
        give(process, output, done.output)?;
        give(process, errors, done.errors)?;
    }
    fill(process, number.as_ref(), Integer::try_from(done.number).unwrap_or(Integer::MAX))?;
    process.set_ok(true);
    Ok(())
}

fn give(process: &mut Process, variable: Option<VariableRef>, bytes: Vec<u8>) -> Result<()> {
    let Some(variable) = variable else { return Ok(()) };
    if matches!(variable.get(process)?, Value::Blob(_)) {
        return fill_blob(process, &Out::of(variable), Blob::new(bytes));
    }
    variable.set(process, Value::from(String::from_utf8_lossy(&bytes).into_owned()))
}

#[cfg(test)]
mod tests {
    use super::words;

    #[test]
    fn command_lines() {
        assert_eq!(words("/bin/ls -l /Users"), ["/bin/ls", "-l", "/Users"]);
        assert_eq!(words(r#"a "b c" d\ e 'f "g' """#), ["a", "b c", "d e", "f \"g", ""]);
        assert_eq!(words(r"C:\x\y.exe"), [r"C:\x\y.exe"]);
        assert!(words("  ").is_empty());
    }
}
