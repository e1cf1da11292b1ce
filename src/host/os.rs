//! The real outside: the operating system's files, clock, console and randomness.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // the place they are banned to

use super::{Access, Clock, Closed, Console, Entry, Facts, Files, Host, Kind, Machine, OpenFile, Random};
use parking_lot::Mutex;
use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, IsTerminal, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant, SystemTime};

/// Output to files and pipes is brought out in pieces of this size.
const OUTPUT_BUFFER: usize = 32 * 1024;

/// The arguments fourd was started with, the first being its own name.
#[must_use]
pub fn arguments() -> Vec<OsString> {
    std::env::args_os().collect()
}

/// The operating system.
pub struct OsHost {
    files: OsFiles,
    console: OsConsole,
    clock: OsClock,
    random: OsRandom,
    machine: OsMachine,
    network: super::os_network::OsNetwork,
}

impl OsHost {
    #[must_use]
    pub fn new() -> Self {
        Self {
            files: OsFiles,
            console: OsConsole::new(),
            clock: OsClock { start: Instant::now(), zone: OnceLock::new() },
            random: OsRandom,
            machine: OsMachine,
            network: super::os_network::OsNetwork::default(),
        }
    }
}

impl Default for OsHost {
    fn default() -> Self {
        Self::new()
    }
}

impl Host for OsHost {
    fn files(&self) -> &dyn Files {
        &self.files
    }
    fn console(&self) -> &dyn Console {
        &self.console
    }
    fn clock(&self) -> &dyn Clock {
        &self.clock
    }
    fn random(&self) -> &dyn Random {
        &self.random
    }
    fn machine(&self) -> &dyn Machine {
        &self.machine
    }

    fn programs(&self) -> &dyn super::Programs {
        &super::os_programs::OsPrograms
    }

    fn network(&self) -> &dyn super::Network {
        &self.network
    }
}

struct OsFiles;

impl Files for OsFiles {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        fs::read(path)
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        fs::write(path, content)
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn OpenFile>> {
        let mut options = OpenOptions::new();
        match access {
            Access::Read => options.read(true),
            Access::ReadWrite => options.read(true).write(true).create(true),
            Access::Append => options.append(true).create(true),
        };
        Ok(Box::new(OsFile(options.open(path)?)))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let link = entry.file_type()?.is_symlink();
            let kind = if link {
                // A link that leads nowhere is not worth failing for.
                fs::metadata(entry.path()).map_or(Kind::Other, |found| kind(found.file_type()))
            } else {
                kind(entry.file_type()?)
            };
            let name = entry.file_name().to_string_lossy().into_owned();
            entries.push(Entry { name, path: entry.path(), kind, link });
        }
        entries.sort_by(|a, b| a.name.cmp(&b.name));
        Ok(entries)
    }

    fn facts(&self, path: &Path) -> io::Result<Facts> {
        let found = fs::metadata(path)?;
        Ok(Facts {
            kind: kind(found.file_type()),
            size: found.len(),
            created: found.created().ok(),
            modified: found.modified().ok(),
            read_only: found.permissions().readonly(),
        })
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        fs::create_dir_all(path)
    }

    fn delete_file(&self, path: &Path) -> io::Result<()> {
        fs::remove_file(path)
    }

    fn delete_folder(&self, path: &Path, content: bool) -> io::Result<()> {
        if content { fs::remove_dir_all(path) } else { fs::remove_dir(path) }
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    #[cfg(unix)]
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        fs::File::open(folder)?.sync_all()
    }

    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::copy(from, to).map(drop)
    }

    #[cfg(unix)]
    fn link(&self, target: &Path, at: &Path) -> io::Result<()> {
        std::os::unix::fs::symlink(target, at)
    }

    #[cfg(not(unix))]
    fn link(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(io::ErrorKind::Unsupported.into())
    }

    fn link_target(&self, path: &Path) -> Option<PathBuf> {
        fs::read_link(path).ok()
    }

    fn set_read_only(&self, path: &Path, read_only: bool) -> io::Result<()> {
        let mut permissions = fs::metadata(path)?.permissions();
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt;
            let mode = permissions.mode();
            // Only the owner gets back what the lock took from all.
            permissions.set_mode(if read_only { mode & !0o222 } else { mode | 0o200 });
        }
        #[cfg(not(unix))]
        permissions.set_readonly(read_only);
        fs::set_permissions(path, permissions)
    }

    fn set_modified(&self, path: &Path, time: SystemTime) -> io::Result<()> {
        File::open(path)?.set_modified(time)
    }

    fn is_writable(&self, path: &Path) -> bool {
        OpenOptions::new().append(true).open(path).is_ok()
    }

    fn current_folder(&self) -> io::Result<PathBuf> {
        std::env::current_dir()
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        std::path::absolute(path)
    }
}

fn kind(found: fs::FileType) -> Kind {
    match found {
        _ if found.is_file() => Kind::File,
        _ if found.is_dir() => Kind::Folder,
        _ => Kind::Other,
    }
}

struct OsFile(File);

impl OpenFile for OsFile {
    fn set_size(&mut self, size: u64) -> io::Result<()> {
        self.0.set_len(size)
    }
}

impl Read for OsFile {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl Write for OsFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

impl Seek for OsFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.0.seek(to)
    }
}

/// The process's streams. Standard output has a buffer of its own, so that a program that prints many
/// short lines to a pipe does not ask the operating system for each.
struct OsConsole {
    kept: Mutex<Output>,
    terminal: bool,
    by_line: AtomicBool,
}

#[derive(Default)]
struct Output {
    bytes: Vec<u8>,
    closed: bool,
}

impl OsConsole {
    fn new() -> Self {
        let terminal = io::stdout().is_terminal();
        Self { kept: Mutex::new(Output::default()), terminal, by_line: AtomicBool::new(terminal) }
    }
}

impl Output {
    fn bring_out(&mut self) -> Result<(), Closed> {
        if !self.bytes.is_empty() && !self.closed {
            let mut stream = io::stdout().lock();
            // Any failure ends the output for good: a full disk as well as a reader that left.
            self.closed = stream.write_all(&self.bytes).and_then(|()| stream.flush()).is_err();
        }
        self.bytes.clear();
        if self.closed { Err(Closed) } else { Ok(()) }
    }
}

impl Console for OsConsole {
    fn print(&self, text: &str) -> Result<(), Closed> {
        let mut kept = self.kept.lock();
        kept.bytes.extend_from_slice(text.as_bytes());
        let by_line = self.by_line.load(Ordering::Relaxed) && text.contains('\n');
        if kept.closed || kept.bytes.len() >= OUTPUT_BUFFER || by_line {
            return kept.bring_out();
        }
        Ok(())
    }

    fn error(&self, text: &str) {
        let mut kept = self.kept.lock();
        let _ = kept.bring_out();
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    fn read_line(&self) -> io::Result<Option<String>> {
        let _ = self.flush();
        let mut bytes = Vec::new();
        if io::stdin().lock().read_until(b'\n', &mut bytes)? == 0 {
            return Ok(None);
        }
        if bytes.ends_with(b"\n") {
            bytes.pop();
            if bytes.ends_with(b"\r") {
                bytes.pop();
            }
        }
        Ok(Some(String::from_utf8_lossy(&bytes).into_owned()))
    }

    fn flush(&self) -> Result<(), Closed> {
        self.kept.lock().bring_out()
    }

    fn write_by_line(&self) {
        self.by_line.store(true, Ordering::Relaxed);
    }

    fn is_interactive(&self) -> bool {
        self.terminal && io::stdin().is_terminal()
    }

    fn shows_errors(&self) -> bool {
        io::stderr().is_terminal()
    }
}

impl Drop for OsConsole {
    fn drop(&mut self) {
        let _ = self.flush();
    }
}

struct OsClock {
    start: Instant,
    zone: OnceLock<jiff::tz::TimeZone>,
}

impl Clock for OsClock {
    fn now(&self) -> SystemTime {
        SystemTime::now()
    }

    fn elapsed(&self) -> Duration {
        self.start.elapsed()
    }

    fn sleep(&self, time: Duration) {
        std::thread::sleep(time);
    }

    fn time_zone(&self) -> jiff::tz::TimeZone {
        // Looked up when first asked for: it reads files, and most programs never ask.
        self.zone.get_or_init(jiff::tz::TimeZone::system).clone()
    }
}

struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) {
        // Where the system gives no randomness, nothing that must not be guessed may go on.
        getrandom::fill(bytes).expect("the operating system gives random bytes");
    }
}

struct OsMachine;

impl Machine for OsMachine {
    fn variable(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }

    fn temporary_folder(&self) -> PathBuf {
        std::env::temp_dir()
    }

    fn home_folder(&self) -> Option<PathBuf> {
        std::env::home_dir()
    }

    fn program(&self) -> PathBuf {
        std::env::current_exe().unwrap_or_default()
    }

    fn process_number(&self) -> u32 {
        std::process::id()
    }

    fn thread_number(&self) -> u64 {
        let own = fs::read_link("/proc/thread-self").ok();
        let number = own.as_deref().and_then(Path::file_name).and_then(|name| name.to_str()?.parse().ok());
        number.unwrap_or(0)
    }

    fn thread_time(&self, thread: u64) -> Duration {
        let kept = fs::read_to_string(format!("/proc/self/task/{thread}/schedstat"));
        let nanoseconds = kept.ok().and_then(|text| text.split(' ').next()?.parse().ok());
        Duration::from_nanos(nanoseconds.unwrap_or(0))
    }

    fn parallelism(&self) -> usize {
        std::thread::available_parallelism().map_or(1, usize::from)
    }
}
