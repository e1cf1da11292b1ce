//! The classes 4D.ZipArchive, 4D.ZipFile and 4D.ZipFolder. `Source: API/ZipArchiveClass, API/ZipFileClass,
//! API/ZipFolderClass`

use super::file::copy_options;
use crate::command::bind::{Parameter, Reader};
use crate::command::blob::blob_object;
use crate::command::parameters::Integer;
use crate::command::paths::{Place, split_name, text_of_bytes};
use crate::command::zip_archive::Zipped;
use crate::value::{Blob, Collection, Date, ErrorCode, Fault, Result, Text, Time, Value};
use crate::vm::Process;

members! {
    "4D.ZipArchive" {
        /// The folder of all that the archive holds.
        get "root" () => |process: &mut Process, archive: Zipped| archive.object(process);
    }
    "4D.ZipFile" {
        /// The name without the extension.
        get "name" () => name;
        /// The extension, with its point.
        get "extension" () => extension;
        /// The name with the extension.
        get "fullName" () => |file: Zipped| file.full_name();
        /// The path in the archive.
        get "path" () => |file: Zipped| file.path();
        /// The path in the archive.
        get "platformPath" () => |file: Zipped| file.path();
        /// The folder of the archive it lies in.
        get "parent" () => parent;
        /// The file itself.
        get "original" () => |process: &mut Process, file: Zipped| file.object(process);
        /// Always true: only what is there has an object.
        get "exists" () => |_file: Zipped| true;
        /// Always true.
        get "isFile" () => |_file: Zipped| true;
        /// Always false.
        get "isFolder" () => |_file: Zipped| false;
        /// Always false.
        get "isAlias" () => |_file: Zipped| false;
        /// Always false: archives are not changed.
        get "isWritable" () => |_file: Zipped| false;
        /// Whether its name begins with a point.
        get "hidden" () => hidden;
        /// The day it was last changed: archives tell no other.
        get "creationDate" () => date;
        /// The time of day it was last changed: archives tell no other.
        get "creationTime" () => time;
        /// The day it was last changed.
        get "modificationDate" () => date;
        /// The time of day it was last changed.
        get "modificationTime" () => time;
        /// Takes the file out of the archive into a folder.
        function "copyTo" (destinationFolder; newName; overwrite) => copy_to;
        /// Reads all bytes.
        function "getContent" () => |process: &mut Process, file: Zipped| -> Result<Value> {
            Ok(blob_object(process, Blob::new(file.content()?)))
        };
        /// Reads the file as a text.
        function "getText" (charSetName; breakMode) => |file: Zipped, set: Option<Value>, lines: Option<Integer>| -> Result<Text> {
            text_of_bytes(&file.content()?, set.as_ref(), lines)
        };
        /// Needs a screen's icons.
        function "getIcon" (size) => no_icon;
    }
    "4D.ZipFolder" {
        /// The name without the extension.
        get "name" () => name;
        /// The extension, with its point.
        get "extension" () => extension;
        /// The name with the extension; the root has the archive's.
        get "fullName" () => |folder: Zipped| folder.full_name();
        /// The path in the archive.
        get "path" () => |folder: Zipped| folder.path();
        /// The path in the archive.
        get "platformPath" () => |folder: Zipped| folder.path();
        /// The folder of the archive it lies in; Null for the root.
        get "parent" () => parent;
        /// The folder itself.
        get "original" () => |process: &mut Process, folder: Zipped| folder.object(process);
        /// Always true: only what is there has an object.
        get "exists" () => |_folder: Zipped| true;
        /// Always false.
        get "isFile" () => |_folder: Zipped| false;
        /// Always true.
        get "isFolder" () => |_folder: Zipped| true;
        /// Always false.
        get "isAlias" () => |_folder: Zipped| false;
        /// Always false.
        get "isPackage" () => |_folder: Zipped| false;
        /// Whether its name begins with a point.
        get "hidden" () => hidden;
        /// The day it was last changed: archives tell no other.
        get "creationDate" () => date;
        /// The time of day it was last changed: archives tell no other.
        get "creationTime" () => time;
        /// The day it was last changed.
        get "modificationDate" () => date;
        /// The time of day it was last changed.
        get "modificationTime" () => time;
        /// A file below this folder; Null if there is none.
        function "file" (path) => |process: &mut Process, folder: Zipped, path: Text| {
            folder.inside(&path, false).map_or(Value::Null, |found| found.object(process))
        };
        /// A folder below this one; Null if there is none.
        function "folder" (path) => |process: &mut Process, folder: Zipped, path: Text| {
            folder.inside(&path, true).map_or(Value::Null, |found| found.object(process))
        };
        /// The files in it.
        function "files" (options) => |process: &mut Process, folder: Zipped, options: Option<Integer>| {
            children(process, &folder, options, false)
        };
        /// The folders in it.
        function "folders" (options) => |process: &mut Process, folder: Zipped, options: Option<Integer>| {
            children(process, &folder, options, true)
        };
        /// Takes the folder with all it holds out of the archive into another.
        function "copyTo" (destinationFolder; newName; overwrite) => copy_to;
        /// Needs a screen's icons.
        function "getIcon" (size) => no_icon;
    }
}

/// What a member is called on.
impl Parameter for Zipped {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        Self::of_value(&value).ok_or_else(|| reader.mismatch("a file or folder of an archive", &value))
    }
}

fn name(place: Zipped) -> String {
    split_name(&place.full_name()).0.to_owned()
}

fn extension(place: Zipped) -> String {
    split_name(&place.full_name()).1.to_owned()
}

fn hidden(place: Zipped) -> bool {
    place.full_name().starts_with('.')
}

fn parent(process: &mut Process, place: Zipped) -> Value {
    place.parent().map_or(Value::Null, |parent| parent.object(process))
}

fn date(place: Zipped) -> Date {
    place.modified().0
}

fn time(place: Zipped) -> Time {
    place.modified().1
}

fn children(process: &mut Process, folder: &Zipped, options: Option<Integer>, folders: bool) -> Collection {
    let found = folder.children(options.unwrap_or(0), folders);
    Collection::from_values(found.into_iter().map(|place| place.object(process)).collect())
}

fn copy_to(
    process: &mut Process,
    place: Zipped,
    folder: Place,
    name: Option<Value>,
    overwrite: Option<Integer>,
) -> Result<Value> {
    let (name, overwrite) = copy_options(name, overwrite);
    Ok(place.copy_to(process, &folder, name.as_ref(), overwrite)?.object(process))
}

fn no_icon(_place: Zipped, _size: Option<Integer>) -> Result<()> {
    Err(Fault::new(ErrorCode::Headless, "`getIcon` needs a screen, and fourd has none"))
}
