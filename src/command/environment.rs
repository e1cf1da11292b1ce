//! Theme 4D Environment and Licenses: what application this is, where its folders are, its parameters.

use super::file_and_folder::{known_file, user_folder};
use super::parameters::{ArrayRef, Integer, Out, Star};
use super::paths::folder_text;
use crate::runtime::Places;
use crate::value::{Array, ArrayKind, Collection, ErrorCode, Fault, Object, Result, Text, Value};
use crate::vm::Process;

/// The version of 4D whose behaviour is followed, as `Application version` writes it: 21 R4.
const VERSION: &str = "2140";
/// What tool4d, 4D without a screen, is.
const TOOL4D: Integer = 6;
const SERVER: Integer = 5;

commands! {
    /// Gives what kind of application runs: tool4d, or 4D Server.
    494 "Application type" () thread_safe => |process: &mut Process| {
        if process.shared.runtime.server { SERVER } else { TOOL4D }
    };
    /// Gives the version of 4D that fourd follows.
    493 "Application version" (buildNum; *) thread_safe => application_version;
    /// Gives what fourd is as a version of 4D: 64 bits.
    495 "Version type" () thread_safe => || 1;
    /// Describes the running application.
    1599 "Application info" () thread_safe => application_info;
    /// Gives the path of the program that runs.
    491 "Application file" () thread_safe => |process: &mut Process| -> String {
        process.shared.host.machine().program().to_string_lossy().into_owned()
    };
    /// Gives the path of the project's file, or of the script.
    489 "Structure file" (*) thread_safe => |process: &mut Process, _host: Option<Star>| -> String {
        process.shared.runtime.places.structure.to_string_lossy().into_owned()
    };
    /// Gives one of the program's folders.
    485 "Get 4D folder" (folder; options; *) thread_safe => get_folder;
    /// Gives one of the program's files; empty if it is not there.
    1418 "Get 4D file" (file; *) thread_safe => get_file;
    /// Whether the program is compiled: code runs as it was written, so it is not.
    492 "Is compiled mode" (*) thread_safe => |_host: Option<Star>| false;
    /// Fills arrays with the numbers and names of plug-ins: there are none.
    847 "PLUGIN LIST" (numbersArray; namesArray) thread_safe => plugin_list;
    /// Fills an array with the names of components: there are none.
    1001 "COMPONENT LIST" (componentsArray) thread_safe => |process: &mut Process, names: ArrayRef| -> Result<()> {
        names.replace(process, Array::new(ArrayKind::Text, 0)?)
    };
    /// Gives the datastore; only one without tables is there.
    1482 "ds" (localID) thread_safe => datastore;
    /// Ends the program.
    291 "QUIT 4D" (time) thread_safe => quit;
    /// Whether a licence is there: fourd needs none, and none is there.
    714 "Is license available" (license) => |_license: Integer| false;
    /// Describes the licence: fourd has none.
    1489 "License info" () thread_safe => license_info;
    /// Lists the use of licences: there is none.
    1782 "License usage" () => Collection::new;
}

/// Source: commands/application-version
fn application_version(process: &mut Process, build: Option<Out<Integer>>, long: Option<Star>) -> Result<String> {
    super::parameters::fill(process, build.as_ref(), 0)?;
    Ok(if long.is_some() { format!("F000{VERSION}") } else { VERSION.to_owned() })
}

/// The datastore of a project whose structure has no tables is an object without dataclasses.
/// Source: commands/ds
fn datastore(process: &mut Process, _local_id: Option<Text>) -> Result<Object> {
    if process.shared.program.has_no_tables() {
        return Ok(Object::new());
    }
    Err(Fault::new(ErrorCode::Headless, "`ds` needs the classic record engine, and fourd has none"))
}

/// Source: commands/application-info
fn application_info(process: &mut Process) -> Object {
    let object = Object::new();
    let set = |name: &str, value: Value| object.set(&Text::from(name), value);
    let number = i32::try_from(process.shared.host.machine().process_number()).unwrap_or(i32::MAX);
    let seconds = process.shared.host.clock().elapsed().as_secs_f64().floor();
    set("canUseFluentUI", Value::Boolean(false));
    set("cpuUsage", Value::Integer(0));
    set("headless", Value::Boolean(true));
    set("launchedAsService", Value::Boolean(false));
    set("pid", Value::Integer(number));
    set("SDIMode", Value::Boolean(false));
    set("uptime", Value::Real(seconds));
    set("useLegacyNetworkLayer", Value::Boolean(false));
    set("volumeShadowCopyStatus", Value::from("notAvailable"));
    object
}

/// Source: commands/get-4d-folder
fn get_folder(process: &mut Process, number: Option<Integer>, _options: Option<Object>, _host: Option<Star>) -> Result<String> {
    let number = number.unwrap_or(0);
    let places: &Places = &process.shared.runtime.places;
    let path = match number {
        0 | 1 => user_folder(process, number).unwrap_or_else(|| places.package.clone()),
        3..=5 => places.package.clone(),
        6 => places.resources(),
        7 => places.logs(),
        8 => places.package.join("WebFolder"),
        9 => places.data(),
        10 => places.package.join("MobileApps"),
        other => return Err(Fault::new(ErrorCode::ArgumentType, format!("There is no 4D folder {other}"))),
    };
    Ok(folder_text(&path))
}

/// Source: commands/get-4d-file
fn get_file(process: &mut Process, number: Integer, _host: Option<Star>) -> String {
    let path = known_file(process, number).filter(|path| process.shared.host.files().kind(path).is_some());
    path.map_or_else(String::new, |path| path.to_string_lossy().into_owned())
}

fn plugin_list(process: &mut Process, numbers: ArrayRef, names: ArrayRef) -> Result<()> {
    numbers.replace(process, Array::new(ArrayKind::Longint, 0)?)?;
    names.replace(process, Array::new(ArrayKind::Text, 0)?)
}

/// All processes are told to end, then this one ends: the program is over. Source: commands/quit-4d
fn quit(process: &mut Process, _time: Option<Integer>) -> Result<()> {
    process.shared.runtime.processes.stop_all();
    let mut fault = Fault::new(ErrorCode::Internal, "The program was quit");
    fault.kill = true;
    Err(fault)
}

fn license_info() -> Result<Object> {
    Err(Fault::new(ErrorCode::NotProvided, "`License info` is about 4D's licences, and fourd needs none"))
}
