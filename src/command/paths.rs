//! What File and Folder objects hold, how 4D's paths become those of the operating system, and the
//! errors that files raise. `Source: Concepts/paths`

use super::bind::{Parameter, Reader};
use super::blob;
use super::charset::Charset;
use crate::host::{Files, Kind};
use crate::runtime::Places;
use crate::value::{Blob, Date, ErrorCode, Fault, Native, Object, PortableNative, Result, Text, Time, Value};
use crate::vm::Process;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The content of a 4D.File or 4D.Folder object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// From the root, without `.` and `..`.
    pub path: PathBuf,
    /// The file system it was reached through, which nothing leaves upwards.
    pub system: Option<System>,
    pub is_folder: bool,
}

/// One of `/RESOURCES`, `/PACKAGE` …
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct System {
    pub name: &'static str,
    pub root: PathBuf,
}

impl Native for Place {
    fn copy(&self) -> Option<Box<dyn Native>> {
        Some(Box::new(self.clone()))
    }

    fn portable(&self) -> Option<Box<dyn PortableNative>> {
        Some(Box::new(self.clone()))
    }
}

impl PortableNative for Place {
    fn arrive(self: Box<Self>) -> Box<dyn Native> {
        self
    }
}

/// A File or Folder object as an argument, or what a member is called on.
impl Parameter for Place {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        Self::of_value(&value).ok_or_else(|| reader.mismatch("a 4D.File or 4D.Folder", &value))
    }
}

/// Numbers of the file manager's errors. `Source: API/FolderClass, commands/delete-folder,
/// commands/test-path-name`
pub mod number {
    pub const DISK_FULL: i32 = -34;
    pub const IO: i32 = -36;
    pub const BAD_NAME: i32 = -37;
    pub const NOT_FOUND: i32 = -43;
    pub const LOCKED: i32 = -45;
    pub const BUSY: i32 = -47;
    pub const EXISTS: i32 = -48;
    pub const NOT_OPEN: i32 = -38;
    pub const NO_ACCESS: i32 = -5000;
    pub const NO_FOLDER: i32 = -120;
}

/// An error of the operating system about a path.
#[must_use]
pub fn failed(error: &io::Error, path: &Path) -> Fault {
    use io::ErrorKind;
    let (code, why) = match error.kind() {
        ErrorKind::NotFound => (number::NOT_FOUND, "there is no such file or folder".to_owned()),
        ErrorKind::PermissionDenied => (number::NO_ACCESS, "access is denied".to_owned()),
        ErrorKind::AlreadyExists => (number::EXISTS, "there is one already".to_owned()),
        ErrorKind::DirectoryNotEmpty => (number::BUSY, "the folder is not empty".to_owned()),
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => {
            (number::DISK_FULL, "the disk is full".to_owned())
        }
        ErrorKind::ReadOnlyFilesystem => (number::LOCKED, "the disk cannot be written to".to_owned()),
        ErrorKind::IsADirectory => (number::BAD_NAME, "this is a folder".to_owned()),
        ErrorKind::NotADirectory => (number::NO_FOLDER, "part of the path is no folder".to_owned()),
        ErrorKind::InvalidFilename | ErrorKind::InvalidInput => {
            (number::BAD_NAME, "the name is not valid".to_owned())
        }
        _ => (number::IO, error.to_string()),
    };
    fault(code, path, &why)
}

/// An error about a path.
#[must_use]
pub fn fault(code: i32, path: &Path, why: &str) -> Fault {
    Fault::with_number(code, format!("{}: {why}", path.display()))
}

/// The path without `.` and `..`; `..` does not lead above the root.
#[must_use]
pub fn plain(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => {
                whole.pop();
            }
            Component::CurDir => {}
            other => whole.push(other),
        }
    }
    whole
}

/// A name split before its last point; a point at the beginning does not count.
#[must_use]
pub fn split_name(name: &str) -> (&str, &str) {
    match name.rfind('.') {
        Some(at) if at > 0 => name.split_at(at),
        _ => (name, ""),
    }
}

/// A folder's path as 4D writes it, with a separator at the end.
#[must_use]
pub fn folder_text(path: &Path) -> String {
    let mut text = path.to_string_lossy().into_owned();
    if !text.ends_with('/') {
        text.push('/');
    }
    text
}

/// A path that a document command was given: relative ones count from the database folder, and those of
/// 4D's file systems lead there.
/// `Source: commands/document-to-text`
#[must_use]
pub fn of_document(process: &Process, path: &str) -> PathBuf {
    let places = &process.shared.runtime.places;
    let named = path.strip_prefix('/').map(|rest| rest.split_once('/').unwrap_or((rest, "")));
    match named.and_then(|(name, inside)| Some((Place::of_system(places, name)?, inside))) {
        // `..` does not lead above the root, here that of the file system
        Some((system, inside)) => {
            let inside = plain(&Path::new("/").join(inside.trim_start_matches('/')));
            system.path.join(inside.strip_prefix("/").unwrap_or(&inside))
        }
        None => plain(&places.package.join(path)),
    }
}

impl Place {
    #[must_use]
    pub fn file(path: PathBuf) -> Self {
        Self { path, system: None, is_folder: false }
    }

    #[must_use]
    pub fn folder(path: PathBuf) -> Self {
        Self { path, system: None, is_folder: true }
    }

    /// The root of a file system.
    #[must_use]
    pub fn of_system(places: &Places, name: &str) -> Option<Self> {
        let (name, root) = places.systems().into_iter().find(|(known, _)| *known == name)?;
        Some(Self { path: root.clone(), system: Some(System { name, root }), is_folder: true })
    }

    /// An absolute POSIX path, perhaps in a file system; `None` if it is relative or leads out of
    /// its file system.
    #[must_use]
    pub fn of_posix(places: &Places, text: &str, is_folder: bool) -> Option<Self> {
        let rest = text.strip_prefix('/')?;
        let (first, inside) = rest.split_once('/').unwrap_or((rest, ""));
        if let Some(root) = Self::of_system(places, first) {
            return if inside.is_empty() && is_folder { Some(root) } else { root.inside(inside, is_folder) };
        }
        Some(Self { path: plain(Path::new(text)), system: None, is_folder })
    }

    /// Something below this folder by a relative POSIX path.
    #[must_use]
    pub fn inside(&self, text: &str, is_folder: bool) -> Option<Self> {
        if text.starts_with('/') || text.contains('\0') {
            return None;
        }
        let path = plain(&self.path.join(text));
        let left = self.system.as_ref().is_some_and(|system| !path.starts_with(&system.root));
        (!left).then(|| Self { path, system: self.system.clone(), is_folder })
    }

    /// The same place as a path of this folder.
    #[must_use]
    pub fn beside(&self, path: PathBuf, is_folder: bool) -> Self {
        let system = self.system.clone().filter(|system| path.starts_with(&system.root));
        Self { path, system, is_folder }
    }

    /// The folder it lies in; a file system's root is its own. `Source: API/FolderClass`
    #[must_use]
    pub fn parent(&self) -> Option<Self> {
        if self.system.as_ref().is_some_and(|system| system.root == self.path) {
            return Some(self.clone());
        }
        self.path.parent().map(|parent| self.beside(parent.to_path_buf(), true))
    }

    #[must_use]
    pub fn full_name(&self) -> String {
        self.path.file_name().unwrap_or_default().to_string_lossy().into_owned()
    }

    /// The path in POSIX form, through its file system.
    #[must_use]
    pub fn posix(&self) -> String {
        let inside = self.system.as_ref().and_then(|system| {
            let rest = self.path.strip_prefix(&system.root).ok()?;
            let rest = rest.to_string_lossy();
            Some(if rest.is_empty() {
                format!("/{}", system.name)
            } else {
                format!("/{}/{rest}", system.name)
            })
        });
        let text = inside.unwrap_or_else(|| self.path.to_string_lossy().into_owned());
        if self.is_folder && !text.ends_with('/') { text + "/" } else { text }
    }

    /// The path as the operating system takes it.
    #[must_use]
    pub fn platform(&self) -> String {
        if self.is_folder { folder_text(&self.path) } else { self.path.to_string_lossy().into_owned() }
    }

    /// Whether there is such a file or folder.
    #[must_use]
    pub fn exists(&self, files: &dyn Files) -> bool {
        match files.kind(&self.path) {
            Some(Kind::Folder) => self.is_folder,
            Some(_) => !self.is_folder,
            None => !self.is_folder && files.link_target(&self.path).is_some(),
        }
    }

    /// The object that stands for it.
    #[must_use]
    pub fn object(mut self, process: &Process) -> Value {
        let resources = process.shared.runtime.places.resources();
        if let Ok(inside) = self.path.strip_prefix(&resources)
            && let Some(there) = in_any_case(process.shared.host.files(), &resources, inside)
        {
            self.path = there;
        }
        let class = if self.is_folder { "Folder" } else { "File" };
        let root = process.shared.program.builtin_class(class).root;
        Value::Object(Object::new_native(root, Box::new(self)))
    }

    /// What a File or Folder object holds.
    #[must_use]
    pub fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::Object(object) => object.native::<Self>().cloned(),
            _ => None,
        }
    }
}

/// What is there under a path whose names may differ in case: the systems that 4D runs on do not tell them
/// apart, and resources are named accordingly. `None` if the path is right as it is, or nothing is there.
fn in_any_case(files: &dyn Files, folder: &Path, inside: &Path) -> Option<PathBuf> {
    if files.kind(&folder.join(inside)).is_some() {
        return None;
    }
    let mut there = folder.to_path_buf();
    for part in inside.iter() {
        let exact = there.join(part);
        there = if files.kind(&exact).is_some() {
            exact
        } else {
            let name = part.to_string_lossy().to_lowercase();
            files.list(&there).ok()?.into_iter().find(|entry| entry.name.to_lowercase() == name)?.path
        };
    }
    Some(there)
}

/// A name for something in a folder: no separators, not empty.
pub fn check_name(name: &str, folder: &Path) -> Result<()> {
    let bad = name.is_empty() || name == "." || name == ".." || name.contains(['/', '\0', ':', '\\']);
    if bad {
        return Err(fault(
            number::BAD_NAME,
            folder,
            &format!("{name:?} is no valid name for a file or folder"),
        ));
    }
    Ok(())
}

/// Where something goes in a folder that must be there, under its own or another name.
pub fn destination(
    files: &dyn Files,
    folder: &Place,
    own: &str,
    name: Option<&Text>,
    is_folder: bool,
) -> Result<Place> {
    if !folder.is_folder || files.kind(&folder.path) != Some(Kind::Folder) {
        return Err(fault(number::NO_FOLDER, &folder.path, "there is no such folder"));
    }
    let name = name.map(Text::as_str).filter(|name| !name.is_empty()).unwrap_or(own);
    check_name(name, &folder.path)?;
    Ok(folder.beside(folder.path.join(name), is_folder))
}

/// Copies a folder and all that is in it into a folder that may be there. Links are copied as what
/// they lead to, but folders reached through links are passed over: they might lead back.
pub fn copy_folder(files: &dyn Files, from: &Path, to: &Path, overwrite: bool) -> Result<()> {
    if to.starts_with(from) {
        return Err(fault(number::BAD_NAME, to, "a folder cannot be copied into itself"));
    }
    let entries = files.list(from).map_err(|error| failed(&error, from))?;
    files.create_folder(to).map_err(|error| failed(&error, to))?;
    for entry in entries {
        let target = to.join(&entry.name);
        match entry.kind {
            Kind::Folder if !entry.link => copy_folder(files, &entry.path, &target, overwrite)?,
            Kind::File => copy_file(files, &entry.path, &target, overwrite)?,
            Kind::Folder | Kind::Other => {}
        }
    }
    Ok(())
}

/// Copies a file; one that is there is replaced only if that is wanted.
pub fn copy_file(files: &dyn Files, from: &Path, to: &Path, overwrite: bool) -> Result<()> {
    if from == to {
        return Err(fault(number::EXISTS, to, "a file cannot be copied onto itself"));
    }
    if !overwrite && files.kind(to).is_some() {
        return Err(fault(number::EXISTS, to, "there is one already"));
    }
    files.copy(from, to).map_err(|error| failed(&error, from))
}

/// Moves a file or folder, across disks too.
pub fn move_to(files: &dyn Files, from: &Path, to: &Path) -> Result<()> {
    if files.kind(to).is_some() && from != to {
        return Err(fault(number::EXISTS, to, "there is one already"));
    }
    match files.rename(from, to) {
        Err(error) if error.kind() == io::ErrorKind::CrossesDevices => {
            if files.kind(from) == Some(Kind::Folder) {
                copy_folder(files, from, to, false)?;
                files.delete_folder(from, true).map_err(|error| failed(&error, from))
            } else {
                copy_file(files, from, to, false)?;
                files.delete_file(from).map_err(|error| failed(&error, from))
            }
        }
        done => done.map_err(|error| failed(&error, from)),
    }
}

/// Deletes a folder as `DELETE FOLDER` and `.delete()` do. `Source: API/FolderClass`
pub fn delete_folder(files: &dyn Files, path: &Path, with_content: bool) -> Result<()> {
    if files.kind(path) != Some(Kind::Folder) {
        return match with_content {
            true => Ok(()),
            false => Err(fault(number::NO_FOLDER, path, "there is no such folder")),
        };
    }
    files.delete_folder(path, with_content).map_err(|error| failed(&error, path))
}

/// How line ends are written. `Source: API/FileClass`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Break {
    Unchanged,
    Lf,
    Cr,
    CrLf,
}

impl Break {
    /// The mode of a number; the system's own is LF.
    #[must_use]
    pub fn of_number(number: i32) -> Option<Self> {
        Some(match number {
            0 => Self::Unchanged,
            1 | 4 => Self::Lf,
            2 => Self::CrLf,
            3 => Self::Cr,
            _ => return None,
        })
    }

    /// What ends a line.
    #[must_use]
    pub const fn mark(self) -> &'static str {
        match self {
            Self::Unchanged | Self::Lf => "\n",
            Self::Cr => "\r",
            Self::CrLf => "\r\n",
        }
    }

    /// The text with all its line ends in this form.
    #[must_use]
    pub fn apply(self, text: &str) -> String {
        if self == Self::Unchanged || !text.contains(['\r', '\n']) {
            return text.to_owned();
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find(['\r', '\n']) {
            let (line, tail) = rest.split_at(at);
            out.push_str(line);
            out.push_str(self.mark());
            rest = tail.strip_prefix("\r\n").or_else(|| tail.get(1..)).unwrap_or_default();
        }
        out.push_str(rest);
        out
    }
}

/// A character set that was given by name or number, and whether a byte order mark is to be written.
pub fn charset(given: Option<&Value>) -> Result<(Charset, bool)> {
    let Some(given) = given else { return Ok((Charset::Utf8, false)) };
    if let Value::Text(name) = given {
        let name = name.as_str();
        if name.is_empty() {
            return Ok((Charset::Utf8, false));
        }
        let plain = name
            .len()
            .checked_sub(7)
            .filter(|at| name.get(*at..).is_some_and(|e| e.eq_ignore_ascii_case("-no-bom")));
        let found = Charset::by_name(plain.and_then(|at| name.get(..at)).unwrap_or(name));
        if let Some(found) = found {
            return Ok((found, plain.is_none()));
        }
    }
    match blob::charset(given) {
        Some(found) => Ok((found, true)),
        None => Err(Fault::new(ErrorCode::ArgumentType, format!("There is no character set {given:?}"))),
    }
}

/// The byte order mark of a character set.
const fn mark_of(charset: Charset) -> &'static [u8] {
    match charset {
        Charset::Utf8 => &[0xEF, 0xBB, 0xBF],
        Charset::Utf16 => &[0xFF, 0xFE],
        Charset::Utf16Be => &[0xFE, 0xFF],
        Charset::Utf32 => &[0xFF, 0xFE, 0, 0],
        Charset::Utf32Be => &[0, 0, 0xFE, 0xFF],
        _ => &[],
    }
}

fn mode(given: Option<i32>) -> Result<Break> {
    let number = given.unwrap_or(1);
    Break::of_number(number).ok_or_else(|| {
        Fault::new(ErrorCode::ArgumentType, format!("There is no mode {number} for line ends"))
    })
}

/// A text document's content.
pub fn read_text(process: &Process, path: &Path, set: Option<&Value>, lines: Option<i32>) -> Result<Text> {
    let bytes = process.shared.host.files().read(path).map_err(|error| failed(&error, path));
    text_of_bytes(&bytes?, set, lines)
}

/// A document's bytes as a text.
pub fn text_of_bytes(bytes: &[u8], set: Option<&Value>, lines: Option<i32>) -> Result<Text> {
    let (charset, lines) = (charset(set)?.0, mode(lines)?);
    Ok(Text::from(lines.apply(&charset.decode(bytes)).as_str()))
}

/// Replaces or makes a text document.
pub fn write_text(
    process: &Process,
    path: &Path,
    text: &str,
    set: Option<&Value>,
    lines: Option<i32>,
) -> Result<()> {
    let ((charset, with_mark), lines) = (charset(set)?, mode(lines)?);
    let mut bytes = if with_mark { mark_of(charset).to_vec() } else { Vec::new() };
    bytes.extend(charset.encode(&lines.apply(text)));
    write_bytes(process, path, &bytes)
}

/// Replaces or makes a file; one that is open for writing is locked.
pub fn write_bytes(process: &Process, path: &Path, bytes: &[u8]) -> Result<()> {
    if process.shared.runtime.documents.is_written(path) {
        return Err(fault(number::LOCKED, path, "the file is open for writing"));
    }
    process.shared.host.files().write(path, bytes).map_err(|error| failed(&error, path))
}

/// A file's bytes.
pub fn read_bytes(process: &Process, path: &Path) -> Result<Blob> {
    process.shared.host.files().read(path).map(Blob::new).map_err(|error| failed(&error, path))
}

/// A moment as the local date and time of day; nothing where it is not known.
#[must_use]
pub fn local(process: &Process, moment: Option<std::time::SystemTime>) -> (Date, Time) {
    let Some(moment) = moment.and_then(|moment| jiff::Timestamp::try_from(moment).ok()) else {
        return (Date::NULL, Time::new(0));
    };
    let here = moment.to_zoned(process.shared.host.clock().time_zone());
    let field = |number: i8| u32::try_from(number).unwrap_or(0);
    let date = Date::new(here.year().into(), field(here.month()), field(here.day())).unwrap_or(Date::NULL);
    (date, Time::from_parts(here.hour().into(), here.minute().into(), here.second().into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_leaves_a_file_system() {
        let places = Places::of_script("/p".into(), "/p/a.4dm".into());
        let posix = |text: &str, folder| Place::of_posix(&places, text, folder).map(|p| p.posix());
        assert_eq!(posix("/RESOURCES/a/../b.txt", false).as_deref(), Some("/RESOURCES/b.txt"));
        assert_eq!(posix("/RESOURCES/../b.txt", false), None);
        assert_eq!(posix("/RESOURCES", true).as_deref(), Some("/RESOURCES/"));
        assert_eq!(posix("b", false), None);
        assert_eq!(posix("/x/../../y", true).as_deref(), Some("/y/"));
    }

    #[test]
    fn line_ends() {
        assert_eq!(Break::CrLf.apply("a\nb\r\nc\rd"), "a\r\nb\r\nc\r\nd");
        assert_eq!(Break::Unchanged.apply("a\r\n"), "a\r\n");
    }

    #[test]
    fn names_split_before_the_last_point() {
        assert_eq!(split_name("a.b.c"), ("a.b", ".c"));
        assert_eq!(split_name(".hidden"), (".hidden", ""));
    }
}
