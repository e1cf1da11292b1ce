//! 4D.File, and what 4D.Folder has in common with it. `Source: API/FileClass, API/Document`

use super::file_handle::open;
use crate::command::blob::{AnyBlob, blob_object};
use crate::command::file_and_folder;
use crate::command::parameters::Integer;
use crate::command::paths::{
    Place, check_name, copy_file, destination, failed, local, move_to, read_bytes, read_text, split_name, write_bytes,
    write_text,
};
use crate::host::{Facts, Kind};
use crate::value::{Date, ErrorCode, Fault, Result, Text, Time, Value};
use crate::vm::Process;

members! {
    "4D.File" {
        /// The same as the command `File`.
        new "new" (path; pathType) => |process: &mut Process, _class: Value, path: Value, kind: Option<Integer>| {
            file_and_folder::file(process, &path, kind, None)
        };
        /// The name without the extension.
        get "name" () => name;
        /// The extension, with its point.
        get "extension" () => extension;
        /// The name with the extension.
        get "fullName" () => |place: Place| place.full_name();
        /// The POSIX path.
        get "path" () => |place: Place| place.posix();
        /// The path as the operating system takes it.
        get "platformPath" () => |place: Place| place.platform();
        /// The folder it lies in.
        get "parent" () => parent;
        /// What a symbolic link leads to.
        get "original" () => original;
        /// Whether there is such a file.
        get "exists" () => exists;
        /// Always true.
        get "isFile" () => |_place: Place| true;
        /// Always false.
        get "isFolder" () => |_place: Place| false;
        /// Whether it is a symbolic link.
        get "isAlias" () => is_alias;
        /// Whether the file is there and can be written to.
        get "isWritable" () => |process: &mut Process, place: Place| process.shared.host.files().is_writable(&place.path);
        /// Whether the system hides the file: its name begins with a point.
        get "hidden" () => hidden;
        /// How many bytes it has; 0 if it is not there.
        get "size" () => |process: &mut Process, place: Place| facts(process, &place).map_or(0, |facts| facts.size as i64);
        /// The day it was made.
        get "creationDate" () => creation_date;
        /// The time of day it was made.
        get "creationTime" () => creation_time;
        /// The day it was last changed.
        get "modificationDate" () => modification_date;
        /// The time of day it was last changed.
        get "modificationTime" () => modification_time;
        /// Makes an empty file, with the folders it lies in.
        function "create" () => create;
        /// Deletes the file, if it is there.
        function "delete" () => delete;
        /// Copies the file into a folder.
        function "copyTo" (destinationFolder; newName; overwrite) => copy_to;
        /// Moves the file into a folder.
        function "moveTo" (destinationFolder; newName) => move_into;
        /// Gives the file another name.
        function "rename" (newName) => rename;
        /// Makes a symbolic link to the file.
        function "createAlias" (destinationFolder; aliasName; aliasType) => create_alias;
        /// Reads all bytes.
        function "getContent" () => |process: &mut Process, place: Place| -> Result<Value> {
            let bytes = read_bytes(process, &place.path)?;
            Ok(blob_object(process, bytes))
        };
        /// Replaces all bytes.
        function "setContent" (content) => |process: &mut Process, place: Place, content: AnyBlob| {
            write_bytes(process, &place.path, &content.0)
        };
        /// Reads the file as a text.
        function "getText" (charSetName; breakMode) => |process: &mut Process, place: Place, set: Option<Value>, lines: Option<Integer>| {
            read_text(process, &place.path, set.as_ref(), lines)
        };
        /// Replaces the file by a text.
        function "setText" (text; charSetName; breakMode) => |process: &mut Process, place: Place, text: Text, set: Option<Value>, lines: Option<Integer>| {
            write_text(process, &place.path, &text, set.as_ref(), lines)
        };
        /// Opens the file to read or write part after part.
        function "open" (mode) => open;
        /// Needs a screen's icons.
        function "getIcon" (size) => no_icon;
    }
}

pub(super) fn name(place: Place) -> String {
    split_name(&place.full_name()).0.to_owned()
}

pub(super) fn extension(place: Place) -> String {
    split_name(&place.full_name()).1.to_owned()
}

pub(super) fn parent(process: &mut Process, place: Place) -> Value {
    place.parent().map_or(Value::Null, |parent| parent.object(process))
}

pub(super) fn exists(process: &mut Process, place: Place) -> bool {
    place.exists(process.shared.host.files())
}

pub(super) fn hidden(place: Place) -> bool {
    place.full_name().starts_with('.')
}

fn is_alias(process: &mut Process, place: Place) -> bool {
    process.shared.host.files().link_target(&place.path).is_some()
}

fn original(process: &mut Process, place: Place) -> Value {
    let files = process.shared.host.files();
    let Some(target) = files.link_target(&place.path) else { return place.object(process) };
    let folder = place.path.parent().unwrap_or(&place.path);
    let path = crate::command::paths::plain(&folder.join(target));
    let is_folder = files.kind(&path) == Some(Kind::Folder);
    place.beside(path, is_folder).object(process)
}

fn facts(process: &Process, place: &Place) -> Option<Facts> {
    process.shared.host.files().facts(&place.path).ok().filter(|facts| (facts.kind == Kind::Folder) == place.is_folder)
}

pub(super) fn creation_date(process: &mut Process, place: Place) -> Date {
    local(process, facts(process, &place).and_then(|facts| facts.created)).0
}

pub(super) fn creation_time(process: &mut Process, place: Place) -> Time {
    local(process, facts(process, &place).and_then(|facts| facts.created)).1
}

pub(super) fn modification_date(process: &mut Process, place: Place) -> Date {
    local(process, facts(process, &place).and_then(|facts| facts.modified)).0
}

pub(super) fn modification_time(process: &mut Process, place: Place) -> Time {
    local(process, facts(process, &place).and_then(|facts| facts.modified)).1
}

fn create(process: &mut Process, place: Place) -> Result<bool> {
    let files = process.shared.host.files();
    if files.kind(&place.path).is_some() {
        return Ok(false);
    }
    if let Some(folder) = place.path.parent() {
        files.create_folder(folder).map_err(|error| failed(&error, folder))?;
    }
    files.write(&place.path, &[]).map_err(|error| failed(&error, &place.path))?;
    Ok(true)
}

fn delete(process: &mut Process, place: Place) -> Result<()> {
    match process.shared.host.files().delete_file(&place.path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        done => done.map_err(|error| failed(&error, &place.path)),
    }
}

/// The last two parameters of `copyTo`: either may be missing.
pub(super) fn copy_options(name: Option<Value>, overwrite: Option<Integer>) -> (Option<Text>, bool) {
    match name {
        Some(Value::Text(name)) => (Some(name), overwrite == Some(4)),
        Some(other) => (None, crate::value::convert::as_integer(&other) == Some(4)),
        None => (None, overwrite == Some(4)),
    }
}

fn copy_to(
    process: &mut Process,
    place: Place,
    folder: Place,
    name: Option<Value>,
    overwrite: Option<Integer>,
) -> Result<Value> {
    let (name, overwrite) = copy_options(name, overwrite);
    let files = process.shared.host.files();
    let target = destination(files, &folder, &place.full_name(), name.as_ref(), place.is_folder)?;
    copy_file(files, &place.path, &target.path, overwrite)?;
    Ok(target.object(process))
}

pub(super) fn move_into(process: &mut Process, place: Place, folder: Place, name: Option<Text>) -> Result<Value> {
    let files = process.shared.host.files();
    let target = destination(files, &folder, &place.full_name(), name.as_ref(), place.is_folder)?;
    move_to(files, &place.path, &target.path)?;
    Ok(target.object(process))
}

pub(super) fn rename(process: &mut Process, place: Place, name: Text) -> Result<Value> {
    check_name(&name, &place.path)?;
    let target = place.beside(place.path.with_file_name(name.as_str()), place.is_folder);
    move_to(process.shared.host.files(), &place.path, &target.path)?;
    Ok(target.object(process))
}

/// Both kinds of aliases are symbolic links here. `Source: API/FileClass`
pub(super) fn create_alias(
    process: &mut Process,
    place: Place,
    folder: Place,
    name: Text,
    _kind: Option<Integer>,
) -> Result<Value> {
    let files = process.shared.host.files();
    let mut target = destination(files, &folder, &place.full_name(), Some(&name), place.is_folder)?;
    target.is_folder = false;
    files.link(&place.path, &target.path).map_err(|error| failed(&error, &target.path))?;
    Ok(target.object(process))
}

pub(super) fn no_icon(_place: Place, _size: Option<Integer>) -> Result<()> {
    Err(Fault::new(ErrorCode::Headless, "`getIcon` needs a screen, and fourd has none"))
}
