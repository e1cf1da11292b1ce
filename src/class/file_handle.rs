//! 4D.FileHandle: a file held open. Closed when the last reference goes. `Source: API/FileHandleClass`

use crate::command::bind::{Parameter, Reader};
use crate::command::blob::{AnyBlob, blob_object};
use crate::command::charset::Charset;
use crate::command::parameters::Real;
use crate::command::paths::{Break, Place, charset, failed, fault, number};
use crate::host::{Access, Kind, OpenFile};
use crate::value::{Blob, ErrorCode, Fault, Native, Object, Result, Text, Value, convert};
use crate::vm::Process;
use std::cell::RefCell;
use std::io::{self, Read, Seek, SeekFrom, Write};

members! {
    "4D.FileHandle" {
        /// `read`, `write` or `append`.
        get "mode" () => |handle: This| handle.with(|h| h.mode);
        /// The character set texts are read and written in.
        get "charset" () => |handle: This| handle.with(|h| h.charset_name.clone());
        /// How line ends are read.
        get "breakModeRead" () => |handle: This| handle.with(|h| break_name(h.reads));
        /// How line ends are written.
        get "breakModeWrite" () => |handle: This| handle.with(|h| break_name(h.writes));
        /// The file.
        get "file" () => |process: &mut Process, handle: This| {
            handle.try_with(|h| h.place.clone()).map_or(Value::Null, |place| place.object(process))
        };
        /// Whether all is read.
        get "eof" () => |handle: This| handle.io(Handle::at_end);
        /// The place of the next read or write: in bytes, or in characters once text was read.
        get "offset" () => |handle: This| handle.io(Handle::offset).map(|offset| offset as i64);
        /// Goes to a place; beyond the ends, to the end.
        set "offset" (offset) => |handle: This, offset: Real| handle.io(|h| h.set_offset(offset));
        /// How many bytes the file has.
        function "getSize" () => |handle: This| handle.io(Handle::size).map(|size| size as i64);
        /// Cuts the file or fills it up.
        function "setSize" (size) => |handle: This, size: Real| handle.io(|h| h.set_size(size));
        /// Reads a line without its end.
        function "readLine" () => |handle: This| handle.io(|h| h.read_to(None));
        /// Reads up to a text, or to the end.
        function "readText" (stopChar) => |handle: This, stop: Option<Text>| {
            let stop = stop.filter(|stop| !stop.is_empty()).unwrap_or_default();
            handle.io(|h| h.read_to(Some(&stop)))
        };
        /// Reads bytes.
        function "readBlob" (bytes) => |process: &mut Process, handle: This, bytes: Real| -> Result<Value> {
            let bytes = handle.io(|h| h.read_bytes(bytes))?;
            Ok(blob_object(process, Blob::new(bytes)))
        };
        /// Writes a text.
        function "writeText" (textToWrite) => |handle: This, text: Text| handle.write(|h| h.write_text(&text, false));
        /// Writes a text and a line end.
        function "writeLine" (lineOfText) => |handle: This, text: Text| handle.write(|h| h.write_text(&text, true));
        /// Writes bytes.
        function "writeBlob" (blob) => |handle: This, bytes: AnyBlob| handle.write(|h| h.write_bytes(&bytes.0));
    }
}

/// What a handle object holds.
struct Handle {
    place: Place,
    file: Box<dyn OpenFile>,
    mode: &'static str,
    charset: Charset,
    charset_name: Text,
    reads: (Break, bool),
    writes: (Break, bool),
    /// The whole document as text, from the first reading of text on, and the place in it in bytes.
    text: Option<(String, usize)>,
}

struct Held(RefCell<Handle>);

impl Native for Held {}

/// The handle that a member is called on.
struct This(Object);

impl Parameter for This {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        match &value {
            Value::Object(object) if object.native::<Held>().is_some() => Ok(Self(object.clone())),
            _ => Err(reader.mismatch("a file handle", &value)),
        }
    }
}

impl This {
    fn try_with<R>(&self, work: impl FnOnce(&mut Handle) -> R) -> Option<R> {
        self.0.native::<Held>()?.0.try_borrow_mut().ok().map(|mut handle| work(&mut handle))
    }

    fn with<R: Default>(&self, work: impl FnOnce(&mut Handle) -> R) -> R {
        self.try_with(work).unwrap_or_default()
    }

    fn io<R>(&self, work: impl FnOnce(&mut Handle) -> io::Result<R>) -> Result<R> {
        let done = self.try_with(|handle| work(handle).map_err(|error| failed(&error, &handle.place.path)));
        done.unwrap_or_else(|| Err(Fault::new(ErrorCode::Internal, "a file handle is in use")))
    }

    fn write(&self, work: impl FnOnce(&mut Handle) -> io::Result<()>) -> Result<()> {
        let refused = self.try_with(|h| (h.mode == "read").then(|| h.place.path.clone())).flatten();
        if let Some(path) = refused {
            return Err(fault(number::NO_ACCESS, &path, "the file is open for reading only"));
        }
        self.io(work)
    }
}

fn break_name((lines, native): (Break, bool)) -> &'static str {
    match lines {
        _ if native => "native",
        Break::Unchanged => "unchanged",
        Break::Lf => "lf",
        Break::Cr => "cr",
        Break::CrLf => "crlf",
    }
}

/// A mode for line ends by name or number, and whether it is the system's own.
fn break_mode(given: &Value) -> Result<(Break, bool)> {
    let found = match given {
        Value::Undefined | Value::Null => Some((Break::Lf, true)),
        Value::Text(name) => match name.as_str() {
            "native" => Some((Break::Lf, true)),
            "unchanged" => Some((Break::Unchanged, false)),
            "lf" => Some((Break::Lf, false)),
            "cr" => Some((Break::Cr, false)),
            "crlf" => Some((Break::CrLf, false)),
            _ => None,
        },
        other => {
            let number = convert::as_integer(other);
            number.and_then(Break::of_number).map(|lines| (lines, number == Some(1)))
        }
    };
    found.ok_or_else(|| {
        let shown = convert::to_text(given).unwrap_or_default();
        Fault::new(ErrorCode::ArgumentType, format!("There is no mode `{shown}` for line ends"))
    })
}

/// `Source: API/FileClass` (`.open()`)
pub(super) fn open(process: &mut Process, place: Place, how: Option<Value>) -> Result<Value> {
    let how = how.unwrap_or_default();
    let options = if matches!(how, Value::Object(_) | Value::SharedObject(_)) { Some(how.clone()) } else { None };
    let mut option = |name: &str| match &options {
        Some(options) => process.get_member_named(options, &Text::from(name)),
        None => Ok(Value::Undefined),
    };
    let mode = if options.is_some() { option("mode")? } else { how };
    let set = option("charset")?;
    let (reads, writes) = (break_mode(&option("breakModeRead")?)?, break_mode(&option("breakModeWrite")?)?);
    let given = Some(&set).filter(|set| !matches!(set, Value::Undefined | Value::Null));
    let charset_name = given.map_or(Ok(Text::from("UTF-8")), convert::to_text)?;
    let (mode, access) = match &mode {
        Value::Undefined | Value::Null => ("read", Access::Read),
        Value::Text(mode) => match mode.as_str() {
            "read" => ("read", Access::Read),
            "write" => ("write", Access::ReadWrite),
            "append" => ("append", Access::ReadWrite),
            other => return Err(no_mode(other)),
        },
        other => return Err(no_mode(other.type_name())),
    };
    let files = process.shared.host.files();
    if files.kind(&place.path) == Some(Kind::Folder) {
        return Err(fault(number::BAD_NAME, &place.path, "this is a folder"));
    }
    let mut file = files.open(&place.path, access).map_err(|error| failed(&error, &place.path))?;
    if mode == "append" {
        file.seek(SeekFrom::End(0)).map_err(|error| failed(&error, &place.path))?;
    }
    let charset = charset(given)?.0;
    let handle = Handle { place, file, mode, charset, charset_name, reads, writes, text: None };
    let root = process.shared.program.builtin_class("FileHandle").root;
    Ok(Value::Object(Object::new_native(root, Box::new(Held(RefCell::new(handle))))))
}

fn no_mode(mode: &str) -> Fault {
    Fault::new(ErrorCode::ArgumentType, format!("There is no mode `{mode}` to open a file in: it is `read`, `write` or `append`"))
}

impl Handle {
    fn size(&mut self) -> io::Result<u64> {
        let here = self.file.stream_position()?;
        let size = self.file.seek(SeekFrom::End(0))?;
        self.file.seek(SeekFrom::Start(here))?;
        Ok(size)
    }

    fn set_size(&mut self, size: Real) -> io::Result<()> {
        if self.mode == "read" {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        self.text = None;
        self.file.set_size(size.max(0.0) as u64)
    }

    fn at_end(&mut self) -> io::Result<bool> {
        match &self.text {
            Some((text, at)) => Ok(*at >= text.len()),
            None => Ok(self.file.stream_position()? >= self.size()?),
        }
    }

    fn offset(&mut self) -> io::Result<u64> {
        match &self.text {
            Some((text, at)) => Ok(text.get(..*at).unwrap_or(text).encode_utf16().count() as u64),
            None => self.file.stream_position(),
        }
    }

    fn set_offset(&mut self, offset: Real) -> io::Result<()> {
        if let Some((text, at)) = &mut self.text {
            *at = byte_of(text, offset.max(0.0) as usize);
        }
        let size = self.size()?;
        let whole = (offset.max(0.0) as u64).min(size);
        self.file.seek(SeekFrom::Start(whole)).map(drop)
    }

    /// The document as text; the place so far counts as characters from now on.
    fn load(&mut self) -> io::Result<&mut (String, usize)> {
        if self.text.is_none() {
            let here = self.file.stream_position()?;
            let mut bytes = Vec::new();
            self.file.seek(SeekFrom::Start(0))?;
            self.file.read_to_end(&mut bytes)?;
            let text = self.reads.0.apply(&self.charset.decode(&bytes));
            let at = byte_of(&text, usize::try_from(here).unwrap_or(usize::MAX));
            self.text = Some((text, at));
        }
        self.text.as_mut().ok_or_else(|| io::ErrorKind::Other.into())
    }

    /// Reads a line (no stop), up to a stop, or (an empty stop) all. A stop that does not come
    /// gives an empty text. `Source: API/FileHandleClass`
    fn read_to(&mut self, stop: Option<&Text>) -> io::Result<String> {
        let lines = self.reads.0;
        let (text, at) = self.load()?;
        let rest = text.get(*at..).unwrap_or_default();
        let (length, skip) = match stop {
            None => {
                let found = if lines == Break::Unchanged { rest.find(['\r', '\n']) } else { rest.find(lines.mark()) };
                match found {
                    Some(end) if rest.get(end..).is_some_and(|tail| tail.starts_with("\r\n")) => (end, 2),
                    Some(end) => (end, 1),
                    None => (rest.len(), 0),
                }
            }
            Some(stop) if stop.is_empty() => (rest.len(), 0),
            Some(stop) => match rest.find(stop.as_str()) {
                Some(end) => (end, stop.as_str().len()),
                None => return Ok(String::new()),
            },
        };
        let found = rest.get(..length).unwrap_or_default().to_owned();
        *at += length + skip;
        Ok(found)
    }

    fn read_bytes(&mut self, count: Real) -> io::Result<Vec<u8>> {
        // Reading bytes after text goes on where that number of characters would be bytes.
        if let Some((text, at)) = self.text.take() {
            let offset = text.get(..at).unwrap_or(&text).encode_utf16().count() as u64;
            self.file.seek(SeekFrom::Start(offset))?;
        }
        let mut bytes = Vec::new();
        self.file.as_mut().take(count.max(0.0) as u64).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    fn write_text(&mut self, text: &str, line: bool) -> io::Result<()> {
        let mut text = self.writes.0.apply(text);
        if line {
            text.push_str(self.writes.0.mark());
        }
        let bytes = self.charset.encode(&text);
        self.write_bytes(&bytes)
    }

    fn write_bytes(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.text = None;
        self.file.write_all(bytes)
    }
}

/// The place in bytes of a number of UTF-16 units.
fn byte_of(text: &str, units: usize) -> usize {
    let mut left = units;
    for (at, character) in text.char_indices() {
        if left == 0 {
            return at;
        }
        left = left.saturating_sub(character.len_utf16());
    }
    text.len()
}
