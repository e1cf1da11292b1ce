//! Theme System Environment: what machine this is and who uses it.

use super::file_and_folder::user_folder;
use super::parameters::{Integer, Out};
use super::paths::folder_text;
use crate::value::{Collection, ErrorCode, Fault, Object, Result, Text, Value};
use crate::vm::Process;
use std::path::Path;

commands! {
    /// Whether the system is macOS. On Linux, neither this nor `Is Windows` is true.
    1572 "Is macOS" () thread_safe => || cfg!(target_os = "macos");
    /// Whether the system is Windows.
    1573 "Is Windows" () thread_safe => || cfg!(windows);
    /// Gives the name of the machine.
    483 "Current machine" () thread_safe => |process: &mut Process| machine_name(process);
    /// Gives the name of the system's user.
    484 "Current system user" () thread_safe => |process: &mut Process| user_name(process);
    /// Gives the folder for temporary files.
    486 "Temporary folder" () thread_safe => |process: &mut Process| {
        folder_text(&process.shared.host.machine().temporary_folder())
    };
    /// Gives a folder of the system or of its user.
    487 "System folder" (type) thread_safe => system_folder;
    /// Describes the machine and its system.
    1571 "System info" () thread_safe => system_info;
    /// Gives one of the system's ways to write numbers, dates and times.
    994 "GET SYSTEM FORMAT" (format; value) thread_safe => system_format;
}

/// A file that the system describes itself in, where there is one.
fn told_by_system(process: &Process, path: &str) -> Option<String> {
    let bytes = process.shared.host.files().read(Path::new(path)).ok()?;
    Some(String::from_utf8_lossy(&bytes).trim().to_owned())
}

fn machine_name(process: &Process) -> String {
    let name = told_by_system(process, "/proc/sys/kernel/hostname");
    let machine = process.shared.host.machine();
    name.or_else(|| machine.variable("HOSTNAME")).or_else(|| machine.variable("COMPUTERNAME")).unwrap_or_default()
}

pub(crate) fn user_name(process: &Process) -> String {
    let machine = process.shared.host.machine();
    let named = machine.variable("USER").or_else(|| machine.variable("LOGNAME"));
    let named = named.or_else(|| machine.variable("USERNAME"));
    named.or_else(|| Some(machine.home_folder()?.file_name()?.to_string_lossy().into_owned())).unwrap_or_default()
}

/// The user's language as in `en` or `pt-BR`; English where the system says nothing.
pub(crate) fn language(process: &Process) -> String {
    let machine = process.shared.host.machine();
    let set = ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|name| machine.variable(name).filter(|v| !v.is_empty()));
    let set = set.unwrap_or_default();
    let plain = set.split(['.', '@']).next().unwrap_or_default().replace('_', "-");
    if plain.is_empty() || plain == "C" || plain == "POSIX" { "en".to_owned() } else { plain }
}

/// Source: commands/system-folder
fn system_folder(process: &mut Process, kind: Option<Integer>) -> Result<String> {
    let number = match kind.unwrap_or(0) {
        0 => 100,
        2 => return Ok("/etc/".to_owned()),
        3 => 0,
        1 => return Ok("/usr/share/fonts/".to_owned()),
        15 => 115,
        16 => 116,
        17 => 117,
        18 => 118,
        // What only Windows has is empty elsewhere.
        4..=14 => return Ok(String::new()),
        other => {
            return Err(Fault::new(ErrorCode::ArgumentType, format!("There is no system folder {other}")));
        }
    };
    Ok(user_folder(process, number).map_or_else(String::new, |path| folder_text(&path)))
}

/// The value of a line `name : value` or `name="value"`.
fn line_of<'a>(text: &'a str, name: &str, separator: char) -> Option<&'a str> {
    let lines = text.lines().filter_map(|line| line.split_once(separator));
    lines.filter(|(key, _)| key.trim() == name).map(|(_, value)| value.trim().trim_matches('"')).next()
}

/// Source: commands/system-info
fn system_info(process: &mut Process) -> Object {
    let object = Object::new();
    let set = |name: &str, value: Value| object.set(&Text::from(name), value);
    let cpu = told_by_system(process, "/proc/cpuinfo").unwrap_or_default();
    let memory = told_by_system(process, "/proc/meminfo").unwrap_or_default();
    let release = told_by_system(process, "/etc/os-release").unwrap_or_default();
    let uptime = told_by_system(process, "/proc/uptime").unwrap_or_default();
    let model = told_by_system(process, "/sys/devices/virtual/dmi/id/product_name").unwrap_or_default();
    let threads = process.shared.host.machine().parallelism();
    let cores = line_of(&cpu, "cpu cores", ':').and_then(|n| n.parse::<i32>().ok());
    let user = user_name(process);
    let kilobytes = line_of(&memory, "MemTotal", ':').and_then(|n| n.split(' ').next()?.parse::<f64>().ok());
    let seconds = uptime.split([' ', '.']).next().and_then(|n| n.parse::<f64>().ok());
    set("machineName", Value::from(machine_name(process).as_str()));
    set("osVersion", Value::from(line_of(&release, "PRETTY_NAME", '=').unwrap_or(std::env::consts::OS)));
    set("osLanguage", Value::from(language(process).as_str()));
    set("accountName", Value::from(user.as_str()));
    set("userName", Value::from(user.as_str()));
    set("processor", Value::from(line_of(&cpu, "model name", ':').unwrap_or(std::env::consts::ARCH)));
    let threads = i32::try_from(threads).unwrap_or(i32::MAX);
    set("cores", Value::Integer(cores.unwrap_or(threads)));
    set("cpuThreads", Value::Integer(threads));
    set("networkInterfaces", Value::Collection(Collection::new()));
    set("uptime", Value::Real(seconds.unwrap_or(0.0)));
    set("model", Value::from(model.as_str()));
    set("macRosetta", Value::Boolean(false));
    set("physicalMemory", Value::Real(kilobytes.unwrap_or(0.0)));
    set("volumes", Value::Collection(Collection::new()));
    object
}

/// A machine without a screen has no regional settings to ask: those of 4D's own formats are given.
/// Source: commands/get-system-format
fn system_format(process: &mut Process, format: Integer, value: Out<Text>) -> Result<()> {
    let text = match format {
        0 => ".",
        1 => ",",
        2 => "$",
        3 => "HH:mm",
        4 | 5 => "HH:mm:ss",
        6 => "MM/dd/yyyy",
        7 => "MMM d, yyyy",
        8 => "EEEE, MMMM d, yyyy",
        13 => "/",
        14 => ":",
        15 => "2",
        16 => "1",
        17 => "3",
        18 => "AM",
        19 => "PM",
        other => {
            return Err(Fault::new(ErrorCode::ArgumentType, format!("There is no system format {other}")));
        }
    };
    value.set(process, Text::from(text))
}
