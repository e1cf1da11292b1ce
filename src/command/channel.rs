//! Themes Communications and Variables: variables in documents, the document that `SET CHANNEL` opens, and
//! the character set of packets. There are no serial ports.

use super::blob_variable::{pack, unpack};
use super::charset::Charset;
use super::parameters::{ArrayRef, Integer, Out, Rest, StarOr, VariableOrValue, VariableRef};
use super::paths::{self, of_document};
use crate::host::{Access, OpenFile};
use crate::value::{Array, ArrayKind, ErrorCode, Fault, Result, Text, Value};
use crate::vm::Process;
use std::io::{Read, Write};

commands! {
    /// Writes variables to a document that `LOAD VARIABLES` reads.
    75 "SAVE VARIABLES" (document; variable; variable) thread_safe => save_variables;
    /// Reads the variables of a document that `SAVE VARIABLES` wrote.
    74 "LOAD VARIABLES" (document; variable; variable) thread_safe => load_variables;
    /// Opens or closes the document of `SEND VARIABLE` and `RECEIVE VARIABLE`. There are no serial ports.
    77 "SET CHANNEL" (operation; document) thread_safe => set_channel;
    /// Writes a variable to the document that `SET CHANNEL` opened.
    80 "SEND VARIABLE" (variable) thread_safe => send_variable;
    /// Reads a variable from the document that `SET CHANNEL` opened.
    81 "RECEIVE VARIABLE" (variable) thread_safe => receive_variable;
    /// Needs a serial port, and there are none.
    172 "RECEIVE BUFFER" (receiveVar) thread_safe => |_into: Out<Text>| -> Result<()> { Err(no_port("RECEIVE BUFFER")) };
    /// Limits the time for serial ports; 0 ends that. There are none, so any other limit is an error.
    268 "SET TIMEOUT" (seconds) thread_safe => |seconds: Integer| -> Result<()> {
        if seconds == 0 { Ok(()) } else { Err(no_port("SET TIMEOUT")) }
    };
    /// Lists the serial ports: there are none.
    909 "GET SERIAL PORT MAPPING" (numArray; nameArray) thread_safe => |process: &mut Process, numbers: ArrayRef, names: ArrayRef| -> Result<()> {
        numbers.replace(process, Array::new(ArrayKind::Longint, 0)?)?;
        names.replace(process, Array::new(ArrayKind::Text, 0)?)
    };
    /// Sets the character set of texts in `SEND PACKET` (0) or `RECEIVE PACKET` (1); with `*` it is UTF-8 again.
    205 "USE CHARACTER SET" (map; mapInOut) thread_safe => use_character_set;
}

/// What `SET CHANNEL` and `USE CHARACTER SET` keep for a process.
#[derive(Default)]
struct Channel {
    document: Option<Box<dyn OpenFile>>,
    output: Option<Charset>,
    input: Option<Charset>,
}

/// The character set that packets are written in.
pub(super) fn output_charset(process: &mut Process) -> Charset {
    process.attachment::<Channel>().output.unwrap_or(Charset::Utf8)
}

/// The character set that packets are read in.
pub(super) fn input_charset(process: &mut Process) -> Charset {
    process.attachment::<Channel>().input.unwrap_or(Charset::Utf8)
}

fn no_port(command: &str) -> Fault {
    Fault::new(ErrorCode::NotProvided, format!("`{command}` needs a serial port, and fourd has none"))
}

/// Source: commands/use-character-set
fn use_character_set(process: &mut Process, map: StarOr<Text>, direction: Option<Integer>) {
    let found = match &map {
        StarOr::Star => Some(None),
        StarOr::Value(name) => Charset::by_name(name).map(Some),
    };
    process.set_ok(found.is_some());
    let Some(charset) = found else { return };
    let channel = process.attachment::<Channel>();
    if direction == Some(1) {
        channel.input = charset;
    } else {
        channel.output = charset;
    }
}

fn not_kept(value: &Value) -> Result<()> {
    if matches!(value, Value::Array(_)) {
        return Err(Fault::new(ErrorCode::ArgumentType, "Arrays are not saved as variables: use VARIABLE TO BLOB"));
    }
    Ok(())
}

/// Source: commands/save-variables
fn save_variables(
    process: &mut Process,
    name: Text,
    first: VariableOrValue,
    more: Rest<VariableOrValue>,
) -> Result<()> {
    process.set_ok(false);
    // an empty name asks a person for one, and nobody is there
    if name.is_empty() {
        return Ok(());
    }
    let mut bytes = Vec::new();
    for variable in std::iter::once(first).chain(more.0) {
        not_kept(&variable.0)?;
        bytes.extend(pack(process, &variable.0)?);
    }
    let path = of_document(process, &name);
    paths::write_bytes(process, &path, &bytes)?;
    process.set_document(Text::from(&*path.to_string_lossy()));
    process.set_ok(true);
    Ok(())
}

/// Source: commands/load-variables
fn load_variables(process: &mut Process, name: Text, first: VariableRef, more: Rest<VariableRef>) -> Result<()> {
    process.set_ok(false);
    if name.is_empty() {
        return Ok(());
    }
    let path = of_document(process, &name);
    let bytes = paths::read_bytes(process, &path)?;
    process.set_document(Text::from(&*path.to_string_lossy()));
    let mut at = 0;
    for variable in std::iter::once(first).chain(more.0) {
        let Some((value, end)) = unpack(process, &bytes, at) else { return Ok(()) };
        variable.set(process, value)?;
        at = end;
    }
    process.set_ok(true);
    Ok(())
}

/// `Source: commands/set-channel`, Working with Documents
fn set_channel(process: &mut Process, operation: Integer, document: Option<Value>) -> Result<()> {
    let name = match (operation, document) {
        (11, _) => {
            let open = process.attachment::<Channel>().document.take().is_some();
            process.set_ok(open);
            return Ok(());
        }
        (10 | 12 | 13, Some(Value::Text(name))) => name,
        (10 | 12 | 13, None) => Text::default(),
        (10 | 12 | 13, Some(_)) => return Err(Fault::new(ErrorCode::ArgumentType, "A document's name is a text")),
        _ => return Err(no_port("SET CHANNEL")),
    };
    process.set_ok(false);
    if name.is_empty() {
        return Ok(());
    }
    let path = of_document(process, &name);
    let files = process.shared.host.files();
    if operation == 13 && files.kind(&path).is_none() {
        return Err(paths::fault(paths::number::NOT_FOUND, &path, "there is no such document"));
    }
    let mut file = files.open(&path, Access::ReadWrite).map_err(|error| paths::failed(&error, &path))?;
    if operation == 12 {
        file.set_size(0).map_err(|error| paths::failed(&error, &path))?;
    }
    process.attachment::<Channel>().document = Some(file);
    process.set_document(Text::from(&*path.to_string_lossy()));
    process.set_ok(true);
    Ok(())
}

fn no_document(process: &mut Process) -> Fault {
    process.set_ok(false);
    Fault::new(ErrorCode::ArgumentType, "No document is open: see `SET CHANNEL`")
}

fn failed(error: &std::io::Error) -> Fault {
    Fault::with_number(paths::number::IO, format!("The document of `SET CHANNEL`: {error}"))
}

/// Source: commands/send-variable
fn send_variable(process: &mut Process, variable: VariableOrValue) -> Result<()> {
    not_kept(&variable.0)?;
    let bytes = pack(process, &variable.0)?;
    let Some(file) = &mut process.attachment::<Channel>().document else { return Err(no_document(process)) };
    let done = file.write_all(&bytes).map_err(|error| failed(&error));
    process.set_ok(done.is_ok());
    done
}

/// Source: commands/receive-variable
fn receive_variable(process: &mut Process, variable: VariableRef) -> Result<()> {
    let Some(file) = &mut process.attachment::<Channel>().document else { return Err(no_document(process)) };
    let mut bytes = vec![0; 8];
    let mut read = || -> std::io::Result<()> {
        file.read_exact(&mut bytes)?;
        let length = bytes.get(4..8).and_then(|four| four.try_into().ok()).map_or(0, u32::from_le_bytes);
        file.as_mut().take(length.into()).read_to_end(&mut bytes).map(drop)
    };
    let done = read();
    let value = done.ok().and_then(|()| unpack(process, &bytes.into(), 0));
    process.set_ok(value.is_some());
    match value {
        Some((value, _)) => variable.set(process, value),
        None => Ok(()),
    }
}

