//! Theme File and Folder: `File` and `Folder`. What their objects can do is in `class::file` and
//! `class::folder`.

use super::parameters::{Integer, Star};
use super::paths::{Place, fault, number};
use crate::host::Kind;
use crate::value::{Result, Text, Value, convert};
use crate::vm::Process;
use std::path::{Path, PathBuf};

commands! {
    /// Gives an object for a file, which need not be there.
    1566 "File" (path; pathType; *) thread_safe => |process: &mut Process, path: Value, kind: Option<Integer>, host: Option<Star>| {
        file(process, &path, kind, host)
    };
    /// Gives an object for a folder, which need not be there.
    1567 "Folder" (path; pathType; *) thread_safe => |process: &mut Process, path: Value, kind: Option<Integer>, host: Option<Star>| {
        folder(process, &path, kind, host)
    };
}

/// `Source: commands/file`
pub(crate) fn file(process: &mut Process, path: &Value, kind: Option<Integer>, _host: Option<Star>) -> Result<Value> {
    if let Value::Text(text) = path {
        return of_text(process, text, kind, false);
    }
    let Some(path) = convert::as_integer(path).and_then(|number| known_file(process, number)) else {
        return Ok(Value::Null);
    };
    let files = process.shared.host.files();
    if files.kind(&path) != Some(Kind::File) {
        return Ok(Value::Null);
    }
    Ok(Place::file(path).object(process))
}

/// Files that 4D keeps beside a project: those that are settings. Logs and backups are not made here.
pub(crate) fn known_file(process: &Process, number: Integer) -> Option<PathBuf> {
    let places = &process.shared.runtime.places;
    let settings = places.package.join("Settings");
    Some(match number {
        1 | 18 => settings.join("backup.4DSettings"),
        3 => settings.join("settings.4DSettings"),
        4 => places.data().join("Settings").join("settings.4DSettings"),
        16 => settings.join("directory.json"),
        17 => places.data().join("Settings").join("backup.4DSettings"),
        20 => settings.join("buildApp.4DSettings"),
        _ => return None,
    })
}

/// `Source: commands/folder`
pub(crate) fn folder(process: &mut Process, path: &Value, kind: Option<Integer>, _host: Option<Star>) -> Result<Value> {
    if let Value::Text(text) = path {
        return of_text(process, text, kind, true);
    }
    let number = convert::as_integer(path).unwrap_or(-1);
    Ok(known_folder(process, number).map_or(Value::Null, |place| place.object(process)))
}

/// The folders of the constants `fk … folder`.
fn known_folder(process: &Process, number: Integer) -> Option<Place> {
    let places = &process.shared.runtime.places;
    let system = match number {
        4 => "PACKAGE",
        6 => "RESOURCES",
        7 => "LOGS",
        9 => "DATA",
        8 => return Place::of_system(places, "PACKAGE")?.inside("WebFolder", true),
        10 => return Place::of_system(places, "PACKAGE")?.inside("MobileApps", true),
        _ => return user_folder(process, number).map(Place::folder),
    };
    Place::of_system(places, system)
}

/// Folders of the user and the system.
pub(crate) fn user_folder(process: &Process, number: Integer) -> Option<PathBuf> {
    let home = process.shared.host.machine().home_folder();
    Some(match number {
        0 => home?.join(".config").join("fourd"),
        1 => home?.join(".config").join("fourd").join("Licenses"),
        100 => PathBuf::from("/"),
        115 => home?.join("Desktop"),
        116 => PathBuf::from("/usr/bin"),
        117 => home?.join("Documents"),
        118 => home?,
        _ => return None,
    })
}

fn of_text(process: &Process, text: &Text, kind: Option<Integer>, is_folder: bool) -> Result<Value> {
    let places = &process.shared.runtime.places;
    let place = if kind == Some(1) {
        let whole = Path::new(text.as_str());
        let path = super::paths::plain(whole);
        whole.is_absolute().then_some(Place { path, system: None, is_folder })
    } else {
        Place::of_posix(places, text, is_folder)
    };
    // A NUL is in no path of the operating system.
    let place = place.filter(|_| !text.as_str().contains('\0'));
    let Some(place) = place else {
        let why = "a path must be absolute, and not lead out of its file system";
        return Err(fault(number::BAD_NAME, Path::new(text.as_str()), why));
    };
    Ok(place.object(process))
}
