//! 4D.Folder. `Source: API/FolderClass, API/Directory`

use super::file::{
    copy_options, create_alias, creation_date, creation_time, exists, extension, hidden,
    modification_date, modification_time, move_into, name, no_icon, parent, rename,
};
use crate::command::file_and_folder;
use crate::command::parameters::{Integer, Star};
use crate::command::paths::{Place, copy_folder, delete_folder, destination, failed, fault, number};
use crate::host::{Files, Kind};
use crate::value::{Collection, Result, Text, Value};
use crate::vm::Process;
use std::path::{Path, PathBuf};

members! {
    "4D.Folder" {
        /// The same as the command `Folder`.
        new "new" (path; pathType; *) => |process: &mut Process, _class: Value, path: Value, kind: Option<Integer>, host: Option<Star>| {
            file_and_folder::folder(process, &path, kind, host)
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
        /// The folder it lies in; Null for the root.
        get "parent" () => parent;
        /// The folder itself.
        get "original" () => |process: &mut Process, place: Place| place.object(process);
        /// Whether there is such a folder.
        get "exists" () => exists;
        /// Always false.
        get "isFile" () => |_place: Place| false;
        /// Always true.
        get "isFolder" () => |_place: Place| true;
        /// Always false.
        get "isAlias" () => |_place: Place| false;
        /// Whether it is a package of macOS: never here.
        get "isPackage" () => |_place: Place| false;
        /// Whether the system hides the folder: its name begins with a point.
        get "hidden" () => hidden;
        /// The day it was made.
        get "creationDate" () => creation_date;
        /// The time of day it was made.
        get "creationTime" () => creation_time;
        /// The day it was last changed.
        get "modificationDate" () => modification_date;
        /// The time of day it was last changed.
        get "modificationTime" () => modification_time;
        /// A file below this folder; Null if the path is not valid.
        function "file" (path) => |process: &mut Process, place: Place, path: Text| {
            place.inside(&path, false).map_or(Value::Null, |found| found.object(process))
        };
        /// A folder below this one; Null if the path is not valid.
        function "folder" (path) => |process: &mut Process, place: Place, path: Text| {
            place.inside(&path, true).map_or(Value::Null, |found| found.object(process))
        };
        /// The files in it.
        function "files" (options) => |process: &mut Process, place: Place, options: Option<Integer>| {
            children(process, &place, options, false)
        };
        /// The folders in it.
        function "folders" (options) => |process: &mut Process, place: Place, options: Option<Integer>| {
            children(process, &place, options, true)
        };
        /// Makes the folder, with those it lies in.
        function "create" () => create;
        /// Deletes the folder: an empty one, or with all it holds.
        function "delete" (option) => |process: &mut Process, place: Place, option: Option<Integer>| {
            delete_folder(process.shared.host.files(), &place.path, option == Some(1))
        };
        /// Copies the folder into another.
        function "copyTo" (destinationFolder; newName; overwrite) => copy_to;
        /// Moves the folder into another.
        function "moveTo" (destinationFolder; newName) => move_into;
        /// Gives the folder another name.
        function "rename" (newName) => rename;
        /// Makes a symbolic link to the folder.
        function "createAlias" (destinationFolder; aliasName; aliasType) => create_alias;
        /// Needs a screen's icons.
        function "getIcon" (size) => no_icon;
    }
}

fn create(process: &mut Process, place: Place) -> Result<bool> {
    let files = process.shared.host.files();
    if files.kind(&place.path) == Some(Kind::Folder) {
        return Ok(false);
    }
    files.create_folder(&place.path).map_err(|error| failed(&error, &place.path))?;
    Ok(true)
}

/// `Source: API/FolderClass` (`fk recursive`, `fk ignore invisible`)
fn children(process: &mut Process, place: &Place, options: Option<Integer>, folders: bool) -> Result<Collection> {
    let options = options.unwrap_or(0);
    let mut found = Vec::new();
    let files = process.shared.host.files();
    if files.kind(&place.path) == Some(Kind::Folder) {
        walk(files, &place.path, options, folders, &mut found)?;
    }
    let objects = found.into_iter().map(|path| place.beside(path, folders).object(process));
    Ok(Collection::from_values(objects.collect()))
}

/// Links to folders are listed as files, as aliases are, and not followed.
fn walk(files: &dyn Files, folder: &Path, options: Integer, folders: bool, found: &mut Vec<PathBuf>) -> Result<()> {
    for entry in files.list(folder).map_err(|error| failed(&error, folder))? {
        if options & 8 != 0 && entry.name.starts_with('.') {
            continue;
        }
        let is_folder = entry.kind == Kind::Folder && !entry.link;
        if is_folder == folders {
            found.push(entry.path.clone());
        }
        if is_folder && options & 1 != 0 {
            walk(files, &entry.path, options, folders, found)?;
        }
    }
    Ok(())
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
    if files.kind(&place.path) != Some(Kind::Folder) {
        return Err(fault(number::NO_FOLDER, &place.path, "there is no such folder"));
    }
    let target = destination(files, &folder, &place.full_name(), name.as_ref(), true)?;
    if !overwrite && files.kind(&target.path).is_some() {
        return Err(fault(number::EXISTS, &target.path, "there is one already"));
    }
    copy_folder(files, &place.path, &target.path, overwrite)?;
    Ok(target.object(process))
}
