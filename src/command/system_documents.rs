//! Theme System Documents, with `SEND PACKET` and `RECEIVE PACKET`, `DOCUMENT TO BLOB` and
//! `BLOB TO DOCUMENT`: documents by path and by reference number. Paths that are not absolute count
//! from the database folder.

use super::blob::{AnyBlob, TextOrBlob, fill_blob};
use super::charset::Charset;
use super::parameters::{ArrayRef, Boolean, Integer, Out, Real, Star, VariableRef};
use super::paths::{
    self, copy_file, copy_folder, failed, fault, folder_text, local, number, of_document, read_text, write_text,
};
use crate::host::{Access, Kind};
use crate::runtime::Document;
use crate::value::{Array, ArrayKind, Blob, Date, ErrorCode, Fault, Result, Text, Time, Value, convert};
use crate::vm::Process;
use std::io::{Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

commands! {
    /// Reads a document as a text.
    1236 "Document to text" (fileName; charSet; breakMode) thread_safe => |process: &mut Process, name: Text, set: Option<Value>, lines: Option<Integer>| {
        let path = of_document(process, &name);
        read_text(process, &path, set.as_ref(), lines)
    };
    /// Replaces or makes a document by a text.
    1237 "TEXT TO DOCUMENT" (fileName; text; charSet; breakMode) thread_safe => |process: &mut Process, name: Text, text: Text, set: Option<Value>, lines: Option<Integer>| {
        let path = of_document(process, &name);
        write_text(process, &path, &text, set.as_ref(), lines)
    };
    /// Reads a document's bytes.
    525 "DOCUMENT TO BLOB" (document; blob) thread_safe => document_to_blob;
    /// Replaces or makes a document by bytes.
    526 "BLOB TO DOCUMENT" (document; blob) thread_safe => blob_to_document;
    /// Makes a document, or empties it, and opens it.
    266 "Create document" (document; fileType) thread_safe => create_document;
    /// Opens a document at its beginning.
    264 "Open document" (document; fileType; mode) thread_safe => open_document;
    /// Opens a document at its end.
    265 "Append document" (document; fileType) thread_safe => append_document;
    /// Closes a document.
    267 "CLOSE DOCUMENT" (docRef) thread_safe => close_document;
    /// Writes a text or bytes to an open document.
    103 "SEND PACKET" (docRef; packet) thread_safe => send_packet;
    /// Reads from an open document: up to a text, or so many characters.
    104 "RECEIVE PACKET" (docRef; receiveVar; stopChar) thread_safe => receive_packet;
    /// Gives a document's size in bytes.
    479 "Get document size" (document; *) thread_safe => document_size;
    /// Cuts an open document or fills it up.
    480 "SET DOCUMENT SIZE" (docRef; size) thread_safe => |process: &mut Process, reference: Time, size: Real| {
        with(process, reference, |document| document.file.set_size(size.max(0.0) as u64))
    };
    /// Gives the place of the next read or write in an open document.
    481 "Get document position" (docRef) thread_safe => |process: &mut Process, reference: Time| {
        with(process, reference, |document| document.file.stream_position()).map(|at| at as i64)
    };
    /// Goes to a place in an open document: from its beginning, its end or the current place.
    482 "SET DOCUMENT POSITION" (docRef; offset; anchor) thread_safe => set_position;
    /// Fills an array with the names of the documents in a folder.
    474 "DOCUMENT LIST" (pathname; documents; options) thread_safe => document_list;
    /// Fills an array with the names of the folders in a folder.
    473 "FOLDER LIST" (pathname; directories) thread_safe => folder_list;
    /// Fills an array with the names of the volumes: here, the root.
    471 "VOLUME LIST" (volumes) thread_safe => |process: &mut Process, names: ArrayRef| fill_names(process, &names, vec!["/".to_owned()]);
    /// Tells a document (1), a folder (0) and nothing (-43) apart.
    476 "Test path name" (pathname) thread_safe => test_path_name;
    /// Makes a folder; with `*` also those it lies in.
    475 "CREATE FOLDER" (folderPath; *) thread_safe => create_folder;
    /// Copies a document or a folder.
    541 "COPY DOCUMENT" (sourceName; destinationName; newName; *) thread_safe => copy_document;
    /// Moves or renames a document.
    540 "MOVE DOCUMENT" (srcPathname; dstPathname) thread_safe => move_document;
    /// Deletes a document.
    159 "DELETE DOCUMENT" (document) thread_safe => delete_document;
    /// Deletes a folder: an empty one, or with all it holds.
    693 "DELETE FOLDER" (folder; deleteOption) thread_safe => |process: &mut Process, folder: Text, option: Option<Integer>| {
        let path = of_document(process, &folder);
        paths::delete_folder(process.shared.host.files(), &path, option == Some(1))
    };
    /// Tells whether a document is locked or hidden, and when it was made and changed.
    477 "GET DOCUMENT PROPERTIES" (document; locked; invisible; createdOn; createdAt; modifiedOn; modifiedAt) thread_safe => get_properties;
    /// Locks or frees a document and sets when it was changed.
    478 "SET DOCUMENT PROPERTIES" (document; locked; invisible; createdOn; createdAt; modifiedOn; modifiedAt) thread_safe => set_properties;
    /// Makes a symbolic link.
    694 "CREATE ALIAS" (targetPath; aliasPath) thread_safe => create_alias;
    /// Tells what a symbolic link leads to.
    695 "RESOLVE ALIAS" (aliasPath; targetPath) thread_safe => resolve_alias;
}

/// Runs what sets `OK` and `Document`: 1 and the path, or 0.
fn tracked<R>(process: &mut Process, path: &Path, done: Result<R>) -> Result<R> {
    process.set_ok(done.is_ok());
    if done.is_ok() {
        process.set_document(Text::from(&*path.to_string_lossy()));
    }
    done
}

/// Sets `OK` by how it went.
fn told<R>(process: &mut Process, done: Result<R>) -> Result<R> {
    process.set_ok(done.is_ok());
    done
}

fn document_to_blob(process: &mut Process, name: Text, blob: Out<Value>) -> Result<()> {
    let path = of_document(process, &name);
    let bytes = paths::read_bytes(process, &path);
    let bytes = tracked(process, &path, bytes)?;
    fill_blob(process, &blob, bytes)
}

fn blob_to_document(process: &mut Process, name: Text, blob: AnyBlob) -> Result<()> {
    let path = of_document(process, &name);
    let done = paths::write_bytes(process, &path, &blob.0);
    tracked(process, &path, done)
}

/// An empty name asks a person for one, and nobody is there: as if that was cancelled.
fn asks(process: &mut Process, name: &Text) -> bool {
    if name.is_empty() {
        process.set_ok(false);
    }
    name.is_empty()
}

/// A document without an extension gets the one that was asked for. `Source: commands/create-document`
fn with_type(mut path: PathBuf, kind: Option<&Text>) -> PathBuf {
    let wanted = kind.map_or("txt", Text::as_str).trim_start_matches('.');
    let extension = if wanted == "TEXT" { "txt" } else { wanted };
    let plain = extension.chars().all(|c| c.is_ascii_alphanumeric());
    if path.extension().is_none() && plain && !extension.is_empty() && kind.is_some() {
        path.set_extension(extension);
    }
    path
}

fn open_as(process: &mut Process, path: PathBuf, access: Access, fresh: bool, to_end: bool) -> Result<Time> {
    let opened = try_open(process, &path, access, fresh, to_end);
    let document = tracked(process, &path, opened)?;
    Ok(Time::new(process.shared.runtime.documents.add(document)))
}

fn try_open(process: &Process, path: &Path, access: Access, fresh: bool, to_end: bool) -> Result<Document> {
    let files = process.shared.host.files();
    let writable = access != Access::Read;
    if writable && process.shared.runtime.documents.is_written(path) {
        return Err(fault(number::NOT_FOUND, path, "the document is already open for writing"));
    }
    match files.kind(path) {
        Some(Kind::Folder) => return Err(fault(number::BAD_NAME, path, "this is a folder")),
        None if !fresh => return Err(fault(number::NOT_FOUND, path, "there is no such document")),
        _ => {}
    }
    let told = |error: std::io::Error| failed(&error, path);
    let mut file = files.open(path, access).map_err(told)?;
    if fresh {
        file.set_size(0).map_err(told)?;
    }
    if to_end {
        file.seek(SeekFrom::End(0)).map_err(told)?;
    }
    Ok(Document { path: path.to_path_buf(), file, writable })
}

/// Source: commands/create-document
fn create_document(process: &mut Process, name: Text, kind: Option<Text>) -> Result<Time> {
    if asks(process, &name) {
        return Ok(Time::new(0));
    }
    let path = with_type(of_document(process, &name), kind.as_ref());
    open_as(process, path, Access::ReadWrite, true, false)
}

/// Source: commands/open-document
fn open_document(
    process: &mut Process,
    name: Text,
    kind: Option<Value>,
    mode: Option<Integer>,
) -> Result<Time> {
    // The type of the document may be left out before the mode.
    let mode = mode.or_else(|| match &kind {
        Some(Value::Text(_)) | None => None,
        Some(number) => convert::as_integer(number),
    });
    if asks(process, &name) {
        return Ok(Time::new(0));
    }
    let path = of_document(process, &name);
    match mode.unwrap_or(0) {
        2 => open_as(process, path, Access::Read, false, false),
        3 => {
            // Only the path is wanted.
            process.set_ok(true);
            process.set_document(Text::from(&*path.to_string_lossy()));
            Ok(Time::new(0))
        }
        _ => open_as(process, path, Access::ReadWrite, false, false),
    }
}

/// Source: commands/append-document
fn append_document(process: &mut Process, name: Text, _kind: Option<Text>) -> Result<Time> {
    if asks(process, &name) {
        return Ok(Time::new(0));
    }
    let path = of_document(process, &name);
    open_as(process, path, Access::ReadWrite, false, true)
}

fn not_open(reference: Time) -> Fault {
    let message = format!("No document with the reference {} is open", reference.seconds);
    Fault::with_number(number::NOT_OPEN, message)
}

fn close_document(process: &mut Process, reference: Time) -> Result<()> {
    let ended = super::xml::sax::finish(process, reference);
    if process.shared.runtime.documents.close(reference.seconds) { ended } else { Err(not_open(reference)) }
}

/// Works on an open document.
fn with<R>(
    process: &mut Process,
    reference: Time,
    work: impl FnOnce(&mut Document) -> std::io::Result<R>,
) -> Result<R> {
    let done = process.shared.runtime.documents.with(reference.seconds, |document| {
        work(document).map_err(|error| failed(&error, &document.path))
    });
    done.unwrap_or_else(|| Err(not_open(reference)))
}

fn no_port(command: &str) -> Fault {
    let message = format!("`{command}` without a document needs a serial port, and fourd has none");
    Fault::new(ErrorCode::NotProvided, message)
}

/// Source: commands/send-packet
fn send_packet(process: &mut Process, reference: Value, packet: Option<TextOrBlob>) -> Result<()> {
    let (Some(packet), Some(reference)) = (packet, reference_of(&reference)) else {
        return Err(no_port("SEND PACKET"));
    };
    let bytes = match &packet {
        TextOrBlob::Text(text) => super::channel::output_charset(process).encode(text),
        TextOrBlob::Blob(bytes) => bytes.to_vec(),
    };
    let done = with(process, reference, |document| match document.writable {
        true => document.file.write_all(&bytes),
        false => Err(std::io::ErrorKind::PermissionDenied.into()),
    });
    told(process, done)
}

fn reference_of(value: &Value) -> Option<Time> {
    match value {
        Value::Time(time) => Some(*time),
        Value::Integer(number) => Some(Time::new((*number).into())),
        Value::Real(number) => Some(Time::new(*number as i64)),
        _ => None,
    }
}

/// Source: commands/receive-packet
fn receive_packet(process: &mut Process, reference: Value, into: VariableRef, until: Option<Value>) -> Result<()> {
    let (Some(until), Some(reference)) = (until, reference_of(&reference)) else {
        return Err(no_port("RECEIVE PACKET"));
    };
    let as_blob = matches!(into.get(process)?, Value::Blob(_));
    let charset = super::channel::input_charset(process);
    let read = with(process, reference, |document| match &until {
        Value::Text(stop) => read_until(document, &charset.encode(stop)),
        count => {
            let count = crate::value::convert::as_integer(count).unwrap_or(0).max(0) as u64;
            match charset {
                _ if as_blob => read_count(document, count),
                Charset::Utf8 => read_characters(document, count),
                Charset::Utf16 | Charset::Utf16Be => read_count(document, count.saturating_mul(2)),
                Charset::Utf32 | Charset::Utf32Be => read_count(document, count.saturating_mul(4)),
                _ => read_count(document, count),
            }
        }
    });
    let (bytes, at_end) = told(process, read)?;
    process.set_ok(!(bytes.is_empty() && at_end));
    if as_blob {
        return into.set(process, Value::Blob(Blob::new(bytes)));
    }
    into.set(process, Value::Text(Text::from(charset.decode(&bytes).as_str())))
}

fn read_count(document: &mut Document, count: u64) -> std::io::Result<(Vec<u8>, bool)> {
    let mut bytes = Vec::new();
    document.file.as_mut().take(count).read_to_end(&mut bytes)?;
    let at_end = (bytes.len() as u64) < count;
    Ok((bytes, at_end))
}

/// Reads so many characters of UTF-8.
fn read_characters(document: &mut Document, count: u64) -> std::io::Result<(Vec<u8>, bool)> {
    let start = document.file.stream_position()?;
    let (mut bytes, at_end) = read_count(document, count.saturating_mul(4))?;
    let mut length = 0;
    for _ in 0..count {
        let Some(first) = bytes.get(length) else { break };
        length += match first {
            0xF0.. => 4,
            0xE0.. => 3,
            0xC0.. => 2,
            _ => 1,
        };
    }
    let whole = length >= bytes.len();
    bytes.truncate(length);
    document.file.seek(SeekFrom::Start(start + bytes.len() as u64))?;
    Ok((bytes, at_end && whole))
}

/// Reads up to the stop, which is passed over, or to the end.
fn read_until(document: &mut Document, stop: &[u8]) -> std::io::Result<(Vec<u8>, bool)> {
    let start = document.file.stream_position()?;
    let mut bytes = Vec::new();
    let mut piece = 4096;
    loop {
        let before = bytes.len();
        let read = document.file.as_mut().take(piece).read_to_end(&mut bytes)?;
        let from = before.saturating_sub(stop.len());
        let found = bytes.get(from..).and_then(|tail| memchr::memmem::find(tail, stop)).filter(|_| !stop.is_empty());
        if let Some(at) = found {
            bytes.truncate(from + at);
            document.file.seek(SeekFrom::Start(start + (bytes.len() + stop.len()) as u64))?;
            return Ok((bytes, false));
        }
        if read == 0 {
            return Ok((bytes, true));
        }
        piece = (piece * 2).min(1 << 20);
    }
}

fn document_size(process: &mut Process, document: Value, star: Option<Star>) -> Result<i64> {
    let reference = reference_of(&document);
    if let Some(reference) = reference.filter(|_| star.is_some() || !matches!(document, Value::Text(_))) {
        return with(process, reference, |document| {
            let here = document.file.stream_position()?;
            let size = document.file.seek(SeekFrom::End(0))?;
            document.file.seek(SeekFrom::Start(here))?;
            Ok(size as i64)
        });
    }
    let path = of_document(process, &crate::value::convert::to_text(&document)?);
    let facts = process.shared.host.files().facts(&path).map_err(|error| failed(&error, &path));
    Ok(told(process, facts)?.size as i64)
}

/// Source: commands/set-document-position
fn set_position(process: &mut Process, reference: Time, offset: Real, anchor: Option<Integer>) -> Result<()> {
    with(process, reference, |document| {
        let offset = offset as i64;
        let to = match anchor.unwrap_or(1) {
            2 => SeekFrom::End(offset),
            3 => SeekFrom::Current(offset),
            _ => SeekFrom::Start(offset.max(0).unsigned_abs()),
        };
        document.file.seek(to).map(drop)
    })
}

/// Puts names in an array of texts.
fn fill_names(process: &mut Process, array: &ArrayRef, names: Vec<String>) -> Result<()> {
    let mut filled = Array::new(ArrayKind::Text, names.len())?;
    for (at, name) in names.iter().enumerate() {
        filled.set(i64::try_from(at).unwrap_or(0) + 1, Value::from(name.as_str()))?;
    }
    array.replace(process, filled)
}

const RECURSIVE: Integer = 1;
const ABSOLUTE: Integer = 2;
const POSIX: Integer = 4;
const NO_INVISIBLE: Integer = 8;

/// Source: commands/document-list
fn document_list(process: &mut Process, folder: Text, names: ArrayRef, options: Option<Integer>) -> Result<()> {
    let folder = of_document(process, &folder);
    let mut found = Vec::new();
    let options = options.unwrap_or(0);
    list(process, &folder, options, &mut found)?;
    let shown = found.iter().map(|path| {
        let inside = path.strip_prefix(&folder).unwrap_or(path).to_string_lossy();
        match options {
            _ if options & ABSOLUTE != 0 => path.to_string_lossy().into_owned(),
            // Below a folder, relative paths begin with the separator, but not in POSIX form.
            _ if options & RECURSIVE != 0 && options & POSIX == 0 && inside.contains('/') => format!("/{inside}"),
            _ => inside.into_owned(),
        }
    });
    let shown = shown.collect();
    fill_names(process, &names, shown)
}

fn list(process: &Process, folder: &Path, options: Integer, found: &mut Vec<PathBuf>) -> Result<()> {
    let entries = process.shared.host.files().list(folder).map_err(|error| failed(&error, folder))?;
    for entry in entries {
        if options & NO_INVISIBLE != 0 && entry.name.starts_with('.') {
            continue;
        }
        match entry.kind {
            Kind::Folder if options & RECURSIVE != 0 && !entry.link => list(process, &entry.path, options, found)?,
            Kind::Folder => {}
            Kind::File | Kind::Other => found.push(entry.path),
        }
    }
    Ok(())
}

fn folder_list(process: &mut Process, folder: Text, names: ArrayRef) -> Result<()> {
    let path = of_document(process, &folder);
    let entries = process.shared.host.files().list(&path).map_err(|error| failed(&error, &path))?;
    let folders = entries.into_iter().filter(|entry| entry.kind == Kind::Folder).map(|entry| entry.name);
    let folders = folders.collect();
    fill_names(process, &names, folders)
}

/// Source: commands/test-path-name
fn test_path_name(process: &mut Process, name: Text) -> Integer {
    if name.is_empty() {
        return number::NOT_FOUND;
    }
    match process.shared.host.files().kind(&of_document(process, &name)) {
        // What ends with a separator can only be a folder.
        Some(Kind::Folder) => 0,
        Some(_) if !name.as_str().ends_with('/') => 1,
        _ => number::NOT_FOUND,
    }
}

/// Source: commands/create-folder
fn create_folder(process: &mut Process, name: Text, deep: Option<Star>) -> Result<()> {
    let whole = of_document(process, &name);
    let files = process.shared.host.files();
    let done = if deep.is_some() {
        // A last name without a separator is a document's, and is passed over.
        let folder = if name.as_str().ends_with('/') { Some(whole.as_path()) } else { whole.parent() };
        folder.map_or(Ok(()), |folder| files.create_folder(folder).map_err(|error| failed(&error, folder)))
    } else if whole.parent().is_some_and(|parent| files.kind(parent) != Some(Kind::Folder)) {
        Err(fault(number::NO_FOLDER, &whole, "the folder it is to lie in is not there"))
    } else if files.kind(&whole).is_some() {
        Err(fault(number::EXISTS, &whole, "there is one already"))
    } else {
        files.create_folder(&whole).map_err(|error| failed(&error, &whole))
    };
    told(process, done)
}

/// Source: commands/copy-document
fn copy_document(
    process: &mut Process,
    from: Text,
    to: Text,
    name: Option<Text>,
    overwrite: Option<Star>,
) -> Result<()> {
    let (source, target) = (of_document(process, &from), of_document(process, &to));
    let files = process.shared.host.files();
    let name = name.filter(|name| !name.is_empty());
    let into_folder = to.as_str().ends_with('/') || files.kind(&target) == Some(Kind::Folder);
    let own = source.file_name().map(PathBuf::from).unwrap_or_default();
    let place = match (&name, into_folder) {
        (Some(name), true) => target.join(name.as_str()),
        (Some(name), false) => target.with_file_name(name.as_str()),
        (None, true) => target.join(own),
        (None, false) => target.clone(),
    };
    let done = match files.kind(&source) {
        None => Err(fault(number::NOT_FOUND, &source, "there is no such file or folder")),
        Some(_) if into_folder && files.kind(&target) != Some(Kind::Folder) => {
            Err(fault(number::NO_FOLDER, &target, "there is no such folder"))
        }
        Some(Kind::Folder) if !into_folder => {
            Err(fault(number::BAD_NAME, &target, "a folder is copied into a folder: its path ends with a separator"))
        }
        Some(Kind::Folder) => copy_folder(files, &source, &place, overwrite.is_some()),
        Some(_) => copy_file(files, &source, &place, overwrite.is_some()),
    };
    told(process, done)
}

/// Source: commands/move-document
fn move_document(process: &mut Process, from: Text, to: Text) -> Result<()> {
    let (source, mut target) = (of_document(process, &from), of_document(process, &to));
    if to.as_str().ends_with('/')
        && let Some(name) = source.file_name()
    {
        target.push(name);
    }
    let done = paths::move_to(process.shared.host.files(), &source, &target);
    told(process, done)
}

/// Source: commands/delete-document
fn delete_document(process: &mut Process, name: Text) -> Result<()> {
    let path = of_document(process, &name);
    let files = process.shared.host.files();
    let done = if name.is_empty() || files.kind(&path) == Some(Kind::Folder) {
        Err(fault(number::NOT_FOUND, &path, "this is no document"))
    } else {
        files.delete_file(&path).map_err(|error| failed(&error, &path))
    };
    tracked(process, &path, done)
}

#[allow(clippy::too_many_arguments)] // as many as the command has
fn get_properties(
    process: &mut Process,
    name: Text,
    locked: Out<Boolean>,
    invisible: Out<Boolean>,
    created_on: Out<Date>,
    created_at: Out<Time>,
    modified_on: Out<Date>,
    modified_at: Out<Time>,
) -> Result<()> {
    let path = of_document(process, &name);
    let facts = process.shared.host.files().facts(&path).map_err(|error| failed(&error, &path));
    let facts = told(process, facts)?;
    let hidden = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let (created, modified) = (local(process, facts.created), local(process, facts.modified));
    locked.set(process, facts.read_only)?;
    invisible.set(process, hidden)?;
    created_on.set(process, created.0)?;
    created_at.set(process, created.1)?;
    modified_on.set(process, modified.0)?;
    modified_at.set(process, modified.1)
}

/// The time of making and being hidden cannot be set here: they are not given by the system.
#[allow(clippy::too_many_arguments)] // as many as the command has
fn set_properties(
    process: &mut Process,
    name: Text,
    locked: Boolean,
    invisible: Boolean,
    _created_on: Date,
    _created_at: Time,
    modified_on: Date,
    modified_at: Time,
) -> Result<()> {
    let path = of_document(process, &name);
    if invisible && !path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.')) {
        let why = "a document is hidden here by a name that begins with a point";
        return Err(fault(number::BAD_NAME, &path, why));
    }
    let offset = super::clock::civil_offset(process, modified_on, modified_at);
    let days = modified_on.days_since(Date::new(1970, 1, 1).unwrap_or(Date::NULL));
    let seconds = days.saturating_mul(86_400).saturating_add(modified_at.seconds).saturating_sub(offset);
    let files = process.shared.host.files();
    let moment = u64::try_from(seconds).ok().map(|s| std::time::SystemTime::UNIX_EPOCH + std::time::Duration::from_secs(s));
    let told = |error: std::io::Error| failed(&error, &path);
    if let Some(moment) = moment.filter(|_| !modified_on.is_null()) {
        files.set_modified(&path, moment).map_err(told)?;
    }
    files.set_read_only(&path, locked).map_err(told)
}

fn create_alias(process: &mut Process, target: Text, alias: Text) -> Result<()> {
    let (target, alias) = (of_document(process, &target), of_document(process, &alias));
    let done = process.shared.host.files().link(&target, &alias).map_err(|error| failed(&error, &alias));
    told(process, done)
}

fn resolve_alias(process: &mut Process, alias: Text, target: Out<Text>) -> Result<()> {
    let path = of_document(process, &alias);
    let files = process.shared.host.files();
    let found = match files.link_target(&path) {
        Some(link) => paths::plain(&path.parent().unwrap_or(&path).join(link)),
        None if files.kind(&path).is_some() => path.clone(),
        None => {
            process.set_ok(false);
            return Err(fault(number::NOT_FOUND, &path, "there is no such file"));
        }
    };
    let is_folder = files.kind(&found) == Some(Kind::Folder);
    let text = if is_folder { folder_text(&found) } else { found.to_string_lossy().into_owned() };
    process.set_ok(true);
    target.set(process, Text::from(text.as_str()))
}
