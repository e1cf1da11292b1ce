//! The real outside with a console of its own: what a program prints is kept, its input is given, and
//! relative paths start in a folder of its own. So that many programs can be tested side by side.

use super::{Access, Clock, Closed, Console, Entry, Facts, Files, Host, Machine, OpenFile, Random};
use parking_lot::Mutex;
use std::collections::VecDeque;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A program that prints more than this has lost its way: its output is closed.
const LIMIT: usize = 64 << 20;

/// A host for one program; everything but the console and the current folder is the outer host's.
pub struct CapturedHost {
    outer: Arc<dyn Host>,
    files: FilesFrom,
    streams: Mutex<Streams>,
}

#[derive(Default)]
struct Streams {
    output: String,
    errors: String,
    /// None if nobody is there to answer.
    input: Option<VecDeque<String>>,
    flooded: bool,
}

impl CapturedHost {
    /// With `input`, questions are asked and answered from its lines, as by a person on a terminal.
    #[must_use]
    pub fn new(outer: Arc<dyn Host>, folder: PathBuf, input: Option<&str>) -> Self {
        let input = input.map(|text| text.lines().map(str::to_owned).collect());
        let files = FilesFrom { outer: Arc::clone(&outer), folder };
        Self { outer, files, streams: Mutex::new(Streams { input, ..Streams::default() }) }
    }

    /// All that was printed so far; it is gone from here.
    #[must_use]
    pub fn take_output(&self) -> String {
        std::mem::take(&mut self.streams.lock().output)
    }

    /// All that went to the error stream so far; it is gone from here.
    #[must_use]
    pub fn take_errors(&self) -> String {
        std::mem::take(&mut self.streams.lock().errors)
    }

    /// Whether the output was closed because there was too much of it.
    #[must_use]
    pub fn flooded(&self) -> bool {
        self.streams.lock().flooded
    }
}

impl Host for CapturedHost {
    fn files(&self) -> &dyn Files {
        &self.files
    }
    fn console(&self) -> &dyn Console {
        self
    }
    fn clock(&self) -> &dyn Clock {
        self.outer.clock()
    }
    fn random(&self) -> &dyn Random {
        self.outer.random()
    }
    fn machine(&self) -> &dyn Machine {
        self.outer.machine()
    }
    fn programs(&self) -> &dyn super::Programs {
        self.outer.programs()
    }
    fn network(&self) -> &dyn super::Network {
        self.outer.network()
    }
}

impl Console for CapturedHost {
    fn print(&self, text: &str) -> Result<(), Closed> {
        let mut streams = self.streams.lock();
        if streams.output.len() + text.len() > LIMIT {
            streams.flooded = true;
            return Err(Closed);
        }
        streams.output.push_str(text);
        Ok(())
    }

    fn error(&self, text: &str) {
        let mut streams = self.streams.lock();
        if streams.errors.len() + text.len() <= LIMIT {
            streams.errors.push_str(text);
        }
    }

    fn read_line(&self) -> io::Result<Option<String>> {
        Ok(self.streams.lock().input.as_mut().and_then(VecDeque::pop_front))
    }

    fn flush(&self) -> Result<(), Closed> {
        Ok(())
    }

    fn is_interactive(&self) -> bool {
        self.streams.lock().input.is_some()
    }

    fn shows_errors(&self) -> bool {
        false
    }
}

/// The outer host's files, seen from another folder.
struct FilesFrom {
    outer: Arc<dyn Host>,
    folder: PathBuf,
}

impl FilesFrom {
    fn all(&self) -> &dyn Files {
        self.outer.files()
    }

    fn at(&self, path: &Path) -> PathBuf {
        self.folder.join(path)
    }
}

impl Files for FilesFrom {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        self.all().read(&self.at(path))
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.all().write(&self.at(path), content)
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn OpenFile>> {
        self.all().open(&self.at(path), access)
    }

    /// Entries are named as the folder was: relative paths stay so.
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let mut entries = self.all().list(&self.at(folder))?;
        for entry in &mut entries {
            if let Some(name) = entry.path.file_name() {
                entry.path = folder.join(name);
            }
        }
        Ok(entries)
    }

    fn facts(&self, path: &Path) -> io::Result<Facts> {
        self.all().facts(&self.at(path))
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        self.all().create_folder(&self.at(path))
    }

    fn delete_file(&self, path: &Path) -> io::Result<()> {
        self.all().delete_file(&self.at(path))
    }

    fn delete_folder(&self, path: &Path, content: bool) -> io::Result<()> {
        self.all().delete_folder(&self.at(path), content)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.all().rename(&self.at(from), &self.at(to))
    }

    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.all().copy(&self.at(from), &self.at(to))
    }

    fn link(&self, target: &Path, at: &Path) -> io::Result<()> {
        self.all().link(target, &self.at(at))
    }

    fn link_target(&self, path: &Path) -> Option<PathBuf> {
        self.all().link_target(&self.at(path))
    }

    fn set_read_only(&self, path: &Path, read_only: bool) -> io::Result<()> {
        self.all().set_read_only(&self.at(path), read_only)
    }

    fn set_modified(&self, path: &Path, time: std::time::SystemTime) -> io::Result<()> {
        self.all().set_modified(&self.at(path), time)
    }

    fn is_writable(&self, path: &Path) -> bool {
        self.all().is_writable(&self.at(path))
    }

    fn current_folder(&self) -> io::Result<PathBuf> {
        self.all().absolute(&self.folder)
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        self.all().absolute(&self.at(path))
    }
}
