//! Files and folders. Paths are those of the operating system; 4D's own notations end before this.

use std::io::{self, Read, Seek, Write};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    File,
    Folder,
    /// A device, a pipe or the like.
    Other,
}

/// What a folder holds under one name. Links are told by what they lead to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub name: String,
    pub path: PathBuf,
    pub kind: Kind,
    /// Reached through a symbolic link; who walks folders must not follow it in circles.
    pub link: bool,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    pub kind: Kind,
    pub size: u64,
    pub created: Option<SystemTime>,
    pub modified: Option<SystemTime>,
    pub read_only: bool,
}

/// What an open file is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    Read,
    /// Reading and writing from the start; the file is made if it is not there.
    ReadWrite,
    /// Writing at the end; the file is made if it is not there.
    Append,
}

/// A file held open. Closed when dropped.
pub trait OpenFile: Read + Write + Seek + Send {
    /// Cuts the file, or fills it up with zeros.
    ///
    /// # Errors
    /// As the operating system gives them.
    fn set_size(&mut self, size: u64) -> io::Result<()>;
}

/// Files and folders. Errors are those of the operating system.
#[expect(clippy::missing_errors_doc, reason = "said once above")]
pub trait Files: Send + Sync {
    fn read(&self, path: &Path) -> io::Result<Vec<u8>>;

    /// Replaces the file's content, or makes the file.
    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()>;

    fn open(&self, path: &Path, access: Access) -> io::Result<Box<dyn OpenFile>>;

    /// What a folder holds, in the order of the names. Names that are not Unicode are given with
    /// replacement characters; `path` always leads there.
    fn list(&self, folder: &Path) -> io::Result<Vec<Entry>>;

    /// Follows symbolic links.
    fn facts(&self, path: &Path) -> io::Result<Facts>;

    /// Makes a folder and those it lies in; nothing happens if it is there.
    fn create_folder(&self, path: &Path) -> io::Result<()>;

    fn delete_file(&self, path: &Path) -> io::Result<()>;

    /// Deletes a folder; if it holds anything, only with `content`.
    fn delete_folder(&self, path: &Path, content: bool) -> io::Result<()>;

    /// Renames or moves a file or folder; replaces a file that is there.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Makes sure that names given or taken in a folder outlast a failure of the machine.
    fn sync_folder(&self, _folder: &Path) -> io::Result<()> {
        Ok(())
    }

    /// Copies a file; replaces one that is there.
    fn copy(&self, from: &Path, to: &Path) -> io::Result<()>;

    /// Makes a symbolic link `at` that leads to `target`.
    fn link(&self, target: &Path, at: &Path) -> io::Result<()>;

    /// What a symbolic link leads to, as it is written in it; none if there is no link there.
    fn link_target(&self, path: &Path) -> Option<PathBuf>;

    fn set_read_only(&self, path: &Path, read_only: bool) -> io::Result<()>;

    fn set_modified(&self, path: &Path, time: SystemTime) -> io::Result<()>;

    /// Whether this program may write to a file that is there.
    fn is_writable(&self, path: &Path) -> bool;

    fn current_folder(&self) -> io::Result<PathBuf>;

    /// The path from the root, without looking whether anything is there.
    fn absolute(&self, path: &Path) -> io::Result<PathBuf>;

    fn kind(&self, path: &Path) -> Option<Kind> {
        self.facts(path).ok().map(|facts| facts.kind)
    }
}
