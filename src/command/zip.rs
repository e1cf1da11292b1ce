//! The ZIP commands of theme File and Folder. Archives are written here; what is read of them is in
//! `zip_archive`, and what the objects for it can do in `class::zip`.

use super::parameters::{AnyCollection, Integer};
use super::paths::{Place, failed, local};
use super::zip_archive;
use crate::host::{Access, Files, Kind, OpenFile};
use crate::value::{ErrorCode, Fault, Object, Result, Text, Value, convert};
use crate::vm::{Callback, Process};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use zip::write::FileOptions;
use zip::{AesMode, CompressionMethod, DateTime, ZipWriter};

commands! {
    /// Makes a ZIP archive of a file, of a folder, or of what an object describes. LZMA is written in its newer
    /// wrapping, XZ.
    1640 "ZIP Create archive" (source; destinationFile; options) thread_safe => create_archive;
    /// Opens a ZIP archive to look at what it holds and to take files and folders out of it.
    1637 "ZIP Read archive" (zipFile; password) thread_safe => zip_archive::read_archive;
}

/// `ZIP Ignore invisible files`
const NO_INVISIBLE: Integer = 1;
/// `ZIP Without enclosing folder`
const NO_ENCLOSING: Integer = 2;

/// Why there is no archive, as the status object tells it. `Source: commands/zip-create-archive`
struct Failure {
    status: Integer,
    text: String,
}

impl Failure {
    fn cannot_create(why: impl std::fmt::Display) -> Self {
        Self { status: 2, text: format!("Cannot create ZIP archive: {why}") }
    }

    fn no_password() -> Self {
        Self { status: 3, text: "Password is required for encryption".to_owned() }
    }
}

/// What ends the making of an archive: a status for the caller, or an error of its callback.
enum End {
    Status(Failure),
    Error(Fault),
}

impl From<Failure> for End {
    fn from(failure: Failure) -> Self {
        Self::Status(failure)
    }
}

impl From<zip::result::ZipError> for End {
    fn from(error: zip::result::ZipError) -> Self {
        Self::Status(Failure::cannot_create(error))
    }
}

impl From<std::io::Error> for End {
    fn from(error: std::io::Error) -> Self {
        Self::Status(Failure::cannot_create(error))
    }
}

/// One file or folder on its way into the archive.
struct Entry {
    path: PathBuf,
    /// Its path in the archive, without a slash at the end.
    name: String,
    is_folder: bool,
    size: u64,
}

/// What is to be done.
#[derive(Default)]
struct Plan {
    entries: Vec<Entry>,
    compression: Option<Integer>,
    level: Option<Integer>,
    encryption: Option<Integer>,
    password: Text,
    callback: Option<Callback>,
}

/// Source: commands/zip-create-archive
fn create_archive(
    process: &mut Process,
    source: Value,
    destination: Place,
    options: Option<Integer>,
) -> Result<Object> {
    if destination.is_folder {
        return Err(Fault::new(ErrorCode::ArgumentType, "The destination of an archive is a file, not a folder"));
    }
    let plan = plan(process, &source, options.unwrap_or(0), &destination.path)?;
    let done = plan.map_err(End::Status).and_then(|plan| make(process, &plan, &destination.path));
    let status = Object::new();
    let failure = match done {
        Ok(()) => None,
        Err(End::Status(failure)) => Some(failure),
        Err(End::Error(fault)) => return Err(fault),
    };
    status.set(&"success".into(), Value::Boolean(failure.is_none()));
    if let Some(failure) = &failure {
        status.set(&"statusText".into(), Value::from(failure.text.as_str()));
    }
    status.set(&"status".into(), Value::Integer(failure.map_or(0, |failure| failure.status)));
    Ok(status)
}

fn plan(
    process: &Process,
    source: &Value,
    options: Integer,
    archive: &Path,
) -> Result<std::result::Result<Plan, Failure>> {
    let files = process.shared.host.files();
    let mut plan = Plan::default();
    if let Some(place) = Place::of_value(source) {
        let name = if place.is_folder && options & NO_ENCLOSING != 0 { String::new() } else { place.full_name() };
        return Ok(plan.add(files, &place, &name, options, archive).map(|()| plan));
    }
    let Value::Object(structure) = source else {
        let found = super::bind::in_words(source);
        let message = format!("Argument 1 of `ZIP Create archive` must be a file, a folder or an object, not {found}");
        return Err(Fault::new(ErrorCode::ArgumentType, message));
    };
    plan.compression = convert::as_integer(&structure.get("compression"));
    plan.level = convert::as_integer(&structure.get("level"));
    plan.encryption = convert::as_integer(&structure.get("encryption"));
    if let Value::Text(password) = structure.get("password") {
        plan.password = password;
    }
    plan.callback = match structure.get("callback") {
        Value::Null | Value::Undefined => None,
        function => Some(process.callback(&function)?),
    };
    let listed = structure.get("files");
    let Some(listed) = AnyCollection::of(&listed) else {
        return Err(Fault::new(ErrorCode::ArgumentType, "The property `files` of an archive is a collection"));
    };
    for item in listed.values() {
        let (place, destination, option) = described(&item)?;
        let name = in_archive(destination.as_deref(), &place.full_name());
        let Some(name) = name else {
            return Ok(Err(Failure::cannot_create(format!("{destination:?} leads out of the archive"))));
        };
        if let Err(failure) = plan.add(files, &place, &name, option, archive) {
            return Ok(Err(failure));
        }
    }
    Ok(Ok(plan))
}

/// An element of `files`: a file or folder, or an object that tells more about one.
fn described(item: &Value) -> Result<(Place, Option<String>, Integer)> {
    if let Some(place) = Place::of_value(item) {
        return Ok((place, None, 0));
    }
    if let Value::Object(object) = item
        && let Some(place) = Place::of_value(&object.get("source"))
    {
        let destination = match object.get("destination") {
            Value::Text(text) if !text.is_empty() => Some(text.to_string()),
            _ => None,
        };
        return Ok((place, destination, convert::as_integer(&object.get("option")).unwrap_or(0)));
    }
    Err(Fault::new(ErrorCode::ArgumentType, "The elements of `files` are files, folders, or objects with a `source`"))
}

/// The path in the archive: as told, below the folder that was told, or the own name.
fn in_archive(destination: Option<&str>, own: &str) -> Option<String> {
    let Some(told) = destination else { return Some(own.to_owned()) };
    let parts: Vec<&str> = told.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    if parts.contains(&"..") {
        return None;
    }
    let mut name = parts.join("/");
    if name.is_empty() || told.ends_with('/') {
        name = if name.is_empty() { own.to_owned() } else { format!("{name}/{own}") };
    }
    Some(name)
}

impl Plan {
    /// Adds a file, or a folder with all below it. Folders reached through links are passed over: they
    /// might lead back. The archive does not take itself in.
    fn add(
        &mut self,
        files: &dyn Files,
        place: &Place,
        name: &str,
        options: Integer,
        archive: &Path,
    ) -> std::result::Result<(), Failure> {
        let failed = |path: &Path, error: std::io::Error| Failure::cannot_create(failed(&error, path).message.clone());
        if !place.exists(files) {
            return Err(Failure::cannot_create(format!("{} is not there", place.path.display())));
        }
        let mut work = vec![(place.path.clone(), name.to_owned(), place.is_folder)];
        while let Some((path, name, is_folder)) = work.pop() {
            if path == archive {
                continue;
            }
            if !is_folder {
                let size = files.facts(&path).map_err(|error| failed(&path, error))?.size;
                self.entries.push(Entry { path, name, is_folder, size });
                continue;
            }
            let listed = files.list(&path).map_err(|error| failed(&path, error))?;
            for entry in listed.into_iter().rev() {
                let hidden = entry.name.starts_with('.') && options & NO_INVISIBLE != 0;
                if hidden || entry.kind == Kind::Other || (entry.kind == Kind::Folder && entry.link) {
                    continue;
                }
                let name = if name.is_empty() { entry.name } else { format!("{name}/{}", entry.name) };
                work.push((entry.path, name, entry.kind == Kind::Folder));
            }
            if !name.is_empty() {
                self.entries.push(Entry { path, name, is_folder, size: 0 });
            }
        }
        Ok(())
    }

    /// The options of all entries. A level of 10 is the best that there is.
    fn options(&self) -> std::result::Result<FileOptions<'_, 'static, ()>, Failure> {
        let options: FileOptions<'_, 'static, ()> = FileOptions::default();
        let level = |default: Integer| Some(i64::from(self.level.unwrap_or(default).clamp(1, 9)));
        let options = match self.compression.unwrap_or(1) {
            0 => options.compression_method(CompressionMethod::Stored),
            1 => options.compression_method(CompressionMethod::Deflated).compression_level(level(6)),
            2 | 3 => options.compression_method(CompressionMethod::Xz).compression_level(level(4)),
            other => return Err(Failure::cannot_create(format!("there is no compression {other}"))),
        };
        let aes = match self.encryption {
            None if self.password.is_empty() => return Ok(options),
            Some(0) => return Ok(options),
            None | Some(3) => AesMode::Aes256,
            Some(1) => AesMode::Aes128,
            Some(2) => AesMode::Aes192,
            Some(other) => return Err(Failure::cannot_create(format!("there is no encryption {other}"))),
        };
        if self.password.is_empty() {
            return Err(Failure::no_password());
        }
        Ok(options.with_aes_encryption(aes, self.password.as_str()))
    }
}

/// Writes the archive; half an archive is removed again.
fn make(process: &mut Process, plan: &Plan, path: &Path) -> std::result::Result<(), End> {
    let options = plan.options()?;
    let shared = std::sync::Arc::clone(&process.shared);
    let files = shared.host.files();
    if shared.runtime.documents.is_written(path) {
        return Err(Failure::cannot_create("the file is open for writing").into());
    }
    let mut file = files.open(path, Access::ReadWrite)?;
    let done = file.set_size(0).map_err(End::from).and_then(|()| write_entries(process, plan, options, file));
    if done.is_err() {
        let _ = files.delete_file(path);
    }
    done
}

fn write_entries(
    process: &mut Process,
    plan: &Plan,
    options: FileOptions<'_, 'static, ()>,
    file: Box<dyn OpenFile>,
) -> std::result::Result<(), End> {
    let shared = std::sync::Arc::clone(&process.shared);
    let files = shared.host.files();
    let mut writer = ZipWriter::new(file);
    let mut progress = Progress { all: plan.entries.iter().map(|entry| entry.size).sum(), done: 0, told: -1 };
    let mut buffer = vec![0; 64 * 1024];
    progress.tell(process, plan.callback.as_ref())?;
    for entry in &plan.entries {
        let options = options.large_file(entry.size >= u64::from(u32::MAX)).last_modified_time(modified(process, entry));
        if entry.is_folder {
            writer.add_directory(format!("{}/", entry.name), options)?;
            continue;
        }
        writer.start_file(entry.name.as_str(), options)?;
        let mut source = files.open(&entry.path, Access::Read)?;
        loop {
            let count = source.read(&mut buffer)?;
            let Some(part) = buffer.get(..count).filter(|part| !part.is_empty()) else { break };
            writer.write_all(part)?;
            progress.done += count as u64;
            progress.tell(process, plan.callback.as_ref())?;
        }
    }
    writer.finish()?;
    progress.done = progress.all;
    progress.tell(process, plan.callback.as_ref())
}

fn modified(process: &Process, entry: &Entry) -> DateTime {
    let facts = process.shared.host.files().facts(&entry.path).ok();
    let (date, time) = local(process, facts.and_then(|facts| facts.modified));
    let (year, seconds) = (u16::try_from(date.year()).unwrap_or(0), time.seconds);
    let part = |seconds: i64| u8::try_from(seconds).unwrap_or(0);
    DateTime::from_date_and_time(
        year,
        u8::try_from(date.month()).unwrap_or(0),
        u8::try_from(date.day()).unwrap_or(0),
        part(seconds / 3600 % 24),
        part(seconds / 60 % 60),
        part(seconds % 60),
    )
    .unwrap_or_default()
}

/// How far the work is, in hundredths.
struct Progress {
    all: u64,
    done: u64,
    told: Integer,
}

impl Progress {
    fn tell(&mut self, process: &mut Process, callback: Option<&Callback>) -> std::result::Result<(), End> {
        let Some(callback) = callback else { return Ok(()) };
        let now = self.done.min(self.all).saturating_mul(100).checked_div(self.all).unwrap_or(0);
        let now = Integer::try_from(now).unwrap_or(100);
        if now == self.told {
            return Ok(());
        }
        self.told = now;
        process.call_back(callback, Value::Null, &[Value::Integer(now)]).map(drop).map_err(End::Error)
    }
}
