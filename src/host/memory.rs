//! An outside that lies in memory: for tests, which must neither see nor change the real one.

use super::{Access, Clock, Closed, Console, Entry, Facts, Files, Host, Kind, Machine, OpenFile, Random};
use parking_lot::Mutex;
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, Cursor, ErrorKind, Read, Seek, SeekFrom, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

type Tree = Arc<Mutex<BTreeMap<PathBuf, Node>>>;

#[derive(Clone)]
enum Node {
    File(Vec<u8>),
    Folder,
}

/// Files in memory, a clock that only moves when somebody sleeps, and chance that repeats itself.
#[derive(Default)]
pub struct MemoryHost {
    tree: Tree,
    streams: Mutex<Streams>,
    time: Mutex<Duration>,
    seed: Mutex<u64>,
    network: super::memory_network::MemoryNetwork,
}

#[derive(Default)]
struct Streams {
    output: String,
    errors: String,
    input: VecDeque<String>,
}

impl MemoryHost {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Puts a file there, with the folders it lies in.
    #[must_use]
    pub fn with_file(self, path: &str, content: impl AsRef<[u8]>) -> Self {
        let path = whole(Path::new(path));
        let mut tree = self.tree.lock();
        for folder in path.ancestors().skip(1) {
            tree.insert(folder.to_path_buf(), Node::Folder);
        }
        tree.insert(path, Node::File(content.as_ref().to_vec()));
        drop(tree);
        self
    }

    /// Adds a line that the program can read.
    #[must_use]
    pub fn with_input(self, line: &str) -> Self {
        self.streams.lock().input.push_back(line.to_owned());
        self
    }

    /// All that was printed so far.
    #[must_use]
    pub fn output(&self) -> String {
        self.streams.lock().output.clone()
    }

    /// All that went to the error stream so far.
    #[must_use]
    pub fn errors(&self) -> String {
        self.streams.lock().errors.clone()
    }
}

impl Host for MemoryHost {
    fn files(&self) -> &dyn Files {
        self
    }
    fn console(&self) -> &dyn Console {
        self
    }
    fn clock(&self) -> &dyn Clock {
        self
    }
    fn random(&self) -> &dyn Random {
        self
    }
    fn machine(&self) -> &dyn Machine {
        self
    }
    fn network(&self) -> &dyn super::Network {
        &self.network
    }
}

/// The path from the root, with `.` and `..` resolved.
fn whole(path: &Path) -> PathBuf {
    let mut whole = PathBuf::from("/");
    for part in path.components() {
        match part {
            Component::Normal(name) => whole.push(name),
            Component::ParentDir => drop(whole.pop()),
            Component::RootDir | Component::CurDir | Component::Prefix(_) => {}
        }
    }
    whole
}

fn missing() -> io::Error {
    io::Error::new(ErrorKind::NotFound, "no such file or folder")
}

impl Files for MemoryHost {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>> {
        match self.tree.lock().get(&whole(path)) {
            Some(Node::File(content)) => Ok(content.clone()),
            Some(Node::Folder) => Err(io::Error::new(ErrorKind::IsADirectory, "a folder")),
            None => Err(missing()),
        }
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        let path = whole(path);
        let mut tree = self.tree.lock();
        let parent = path.parent().map(Path::to_path_buf).unwrap_or_default();
        if parent != Path::new("/") && !matches!(tree.get(&parent), Some(Node::Folder)) {
            return Err(missing());
        }
        if matches!(tree.get(&path), Some(Node::Folder)) {
            return Err(io::Error::new(ErrorKind::IsADirectory, "a folder"));
        }
        tree.insert(path, Node::File(content.to_vec()));
        Ok(())
    }

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn OpenFile>> {
        let content = match (self.read(path), access) {
            (Ok(content), _) => content,
            (Err(e), Access::ReadWrite | Access::Append) if e.kind() == ErrorKind::NotFound => {
                self.write(path, &[])?;
                Vec::new()
            }
            (Err(e), _) => return Err(e),
        };
        let mut content = Cursor::new(content);
        if access == Access::Append {
            content.seek(SeekFrom::End(0))?;
        }
        Ok(Box::new(MemoryFile { tree: Arc::clone(&self.tree), path: whole(path), content, access }))
    }

    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>> {
        let folder = whole(folder);
        let tree = self.tree.lock();
        if folder != Path::new("/") && !matches!(tree.get(&folder), Some(Node::Folder)) {
            return Err(missing());
        }
        let inside = tree.iter().filter(|(path, _)| path.parent() == Some(&folder));
        let entry = |(path, node): (&PathBuf, &Node)| Entry {
            name: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
            path: path.clone(),
            kind: kind(node),
            link: false,
        };
        Ok(inside.map(entry).collect())
    }

    fn facts(&self, path: &Path) -> io::Result<Facts> {
        let tree = self.tree.lock();
        let node = tree.get(&whole(path)).ok_or_else(missing)?;
        let size = if let Node::File(content) = node { content.len() as u64 } else { 0 };
        Ok(Facts { kind: kind(node), size, created: None, modified: None, read_only: false })
    }

    fn create_folder(&self, path: &Path) -> io::Result<()> {
        let mut tree = self.tree.lock();
        for folder in whole(path).ancestors() {
            match tree.entry(folder.to_path_buf()).or_insert(Node::Folder) {
                Node::Folder => {}
                Node::File(_) => return Err(io::Error::new(ErrorKind::AlreadyExists, "a file")),
            }
        }
        Ok(())
    }

    fn delete_file(&self, path: &Path) -> io::Result<()> {
        self.read(path)?;
        self.tree.lock().remove(&whole(path));
        Ok(())
    }

    fn delete_folder(&self, path: &Path, content: bool) -> io::Result<()> {
        if !content && !self.list(path)?.is_empty() {
            return Err(io::Error::new(ErrorKind::DirectoryNotEmpty, "the folder is not empty"));
        }
        let folder = whole(path);
        self.tree.lock().retain(|path, _| !path.starts_with(&folder));
        Ok(())
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        let (from, to) = (whole(from), whole(to));
        let mut tree = self.tree.lock();
        let moved: Vec<_> = tree.keys().filter(|path| path.starts_with(&from)).cloned().collect();
        if moved.is_empty() {
            return Err(missing());
        }
        for path in moved {
            if let (Some(node), Ok(rest)) = (tree.remove(&path), path.strip_prefix(&from)) {
                let target = if rest.as_os_str().is_empty() { to.clone() } else { to.join(rest) };
                tree.insert(target, node);
            }
        }
        Ok(())
    }

    fn copy(&self, from: &Path, to: &Path) -> io::Result<()> {
        let content = self.read(from)?;
        self.write(to, &content)
    }

    fn link(&self, _: &Path, _: &Path) -> io::Result<()> {
        Err(ErrorKind::Unsupported.into())
    }

    fn link_target(&self, _: &Path) -> Option<PathBuf> {
        None
    }

    fn set_read_only(&self, path: &Path, _: bool) -> io::Result<()> {
        self.facts(path).map(drop)
    }

    fn set_modified(&self, path: &Path, _: SystemTime) -> io::Result<()> {
        self.facts(path).map(drop)
    }

    fn is_writable(&self, path: &Path) -> bool {
        self.read(path).is_ok()
    }

    fn current_folder(&self) -> io::Result<PathBuf> {
        Ok(PathBuf::from("/"))
    }

    fn absolute(&self, path: &Path) -> io::Result<PathBuf> {
        Ok(whole(path))
    }
}

fn kind(node: &Node) -> Kind {
    match node {
        Node::File(_) => Kind::File,
        Node::Folder => Kind::Folder,
    }
}

/// An open file: each write is seen at once by who reads the path.
struct MemoryFile {
    tree: Tree,
    path: PathBuf,
    content: Cursor<Vec<u8>>,
    access: Access,
}

impl MemoryFile {
    fn publish(&self) {
        self.tree.lock().insert(self.path.clone(), Node::File(self.content.get_ref().clone()));
    }
}

impl OpenFile for MemoryFile {
    fn set_size(&mut self, size: u64) -> io::Result<()> {
        let size = usize::try_from(size).map_err(io::Error::other)?;
        self.content.get_mut().resize(size, 0);
        self.publish();
        Ok(())
    }
}

impl Read for MemoryFile {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.content.read(into)
    }
}

impl Write for MemoryFile {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if self.access == Access::Read {
            return Err(io::Error::new(ErrorKind::PermissionDenied, "opened for reading"));
        }
        let written = self.content.write(bytes)?;
        self.publish();
        Ok(written)
    }
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Seek for MemoryFile {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        self.content.seek(to)
    }
}

impl Console for MemoryHost {
    fn print(&self, text: &str) -> Result<(), Closed> {
        self.streams.lock().output.push_str(text);
        Ok(())
    }

    fn error(&self, text: &str) {
        self.streams.lock().errors.push_str(text);
    }

    fn read_line(&self) -> io::Result<Option<String>> {
        Ok(self.streams.lock().input.pop_front())
    }

    fn flush(&self) -> Result<(), Closed> {
        Ok(())
    }

    fn is_interactive(&self) -> bool {
        false
    }

    fn shows_errors(&self) -> bool {
        false
    }
}

impl Clock for MemoryHost {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + *self.time.lock()
    }

    fn elapsed(&self) -> Duration {
        *self.time.lock()
    }

    fn sleep(&self, time: Duration) {
        *self.time.lock() += time;
    }

    fn time_zone(&self) -> jiff::tz::TimeZone {
        jiff::tz::TimeZone::UTC
    }
}

impl Random for MemoryHost {
    /// The sequence SplitMix64 from 0: the same in every run.
    fn fill(&self, bytes: &mut [u8]) {
        for piece in bytes.chunks_mut(8) {
            let mut seed = self.seed.lock();
            *seed = seed.wrapping_add(0x9E37_79B9_7F4A_7C15);
            let mut mixed = *seed;
            mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
            mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
            let all = (mixed ^ (mixed >> 31)).to_le_bytes();
            piece.copy_from_slice(&all[..piece.len()]);
        }
    }
}

impl Machine for MemoryHost {
    fn variable(&self, _: &str) -> Option<String> {
        None
    }

    fn temporary_folder(&self) -> PathBuf {
        PathBuf::from("/tmp")
    }

    fn home_folder(&self) -> Option<PathBuf> {
        None
    }

    fn program(&self) -> PathBuf {
        PathBuf::from("/fourd")
    }

    fn process_number(&self) -> u32 {
        1
    }

    fn parallelism(&self) -> usize {
        2
    }
}
