//! The session file: what the durable registry keeps on disk, as a database of redb's.
//!
//! redb and not SQLite: both survive a kill and a power failure at any moment, but redb is Rust alone,
//! keeps checksums of all pages and needs one file and one `fsync` for a commit: pages are never
//! written over while the last commit needs them. A commit is therefore there as a whole or not at all.
//!
//! Tables: `about` (the format), `sessions` (id → attributes as JSON), `nodes` (number → record with a
//! checksum, see `value::shared::record`), `tokens` (token → session and end). A file of another kind or
//! of a later format is refused and left as it is; so is one that is damaged, or open in another process.

use crate::host::Files;
use crate::value::shared::ReadNode;
use flate2::Crc;
use redb::{Database, ReadableDatabase, ReadableTable, TableDefinition, TableError};
use rustc_hash::FxHashMap;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

/// Raised whenever an older fourd could not read what this one writes.
const FORMAT: u64 = 1;
/// Pages held in memory. The sessions themselves are there anyway: only changed records are read.
const CACHE: usize = 8 << 20;

const ABOUT: TableDefinition<&str, u64> = TableDefinition::new("about");
const SESSIONS: TableDefinition<u128, &[u8]> = TableDefinition::new("sessions");
const NODES: TableDefinition<u64, &[u8]> = TableDefinition::new("nodes");
const TOKENS: TableDefinition<u128, &[u8]> = TableDefinition::new("tokens");
const FORMAT_NAME: &str = "fourd sessions";

/// What one entry of the file is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Key {
    Session(u128),
    Node(u64),
    Token(u128),
}

/// What is to be written together; None removes.
pub(super) type Changes = FxHashMap<Key, Option<Vec<u8>>>;

/// Why sessions cannot be kept in a file.
#[derive(Debug, thiserror::Error)]
pub enum SessionFileError {
    #[error("another program keeps its sessions in it now")]
    InUse,
    #[error("it is not a session file; it has been left as it is")]
    Foreign,
    #[error("it was written by a later version of fourd (format {0}); it has been left as it is")]
    Later(u64),
    #[error("the session file is damaged: {0}")]
    Damaged(String),
    #[error("{0}")]
    System(String),
}

/// Everything in a file.
#[derive(Default)]
pub(super) struct Content {
    pub(super) sessions: Vec<(u128, Vec<u8>)>,
    pub(super) nodes: FxHashMap<u64, ReadNode>,
    pub(super) tokens: Vec<(u128, Vec<u8>)>,
}

pub(super) struct SessionFile {
    path: PathBuf,
    /// None after a failure: the file is opened again for the next commit.
    database: Option<Database>,
}

impl SessionFile {
    /// Opens a file, or makes it.
    pub(super) fn open(path: &Path, files: &dyn Files) -> Result<(Self, Content), SessionFileError> {
        let size = match files.facts(path) {
            Ok(facts) if facts.kind == crate::host::Kind::File => Some(facts.size),
            Ok(_) => return Err(SessionFileError::Foreign),
            Err(error) if error.kind() == io::ErrorKind::NotFound => None,
            Err(error) => return Err(SessionFileError::System(error.to_string())),
        };
        if size.is_none() {
            make(path, files)?;
        }
        let opened = guarded(|| {
            let database = open(path, size == Some(0), true)?;
            if size == Some(0) {
                begin(&database)?;
            }
            let content = read(&database)?;
            Ok((database, content))
        });
        let (database, content) = opened?;
        Ok((Self { path: path.to_path_buf(), database: Some(database) }, content))
    }

    /// Writes changes so that all of them are there after a crash, or none.
    pub(super) fn write(&mut self, changes: &Changes) -> Result<(), SessionFileError> {
        let database = match self.database.take() {
            Some(database) => database,
            None => guarded(|| open(&self.path, false, false))?,
        };
        // After a failure redb refuses all further work on what it had open.
        guarded(|| commit(&database, changes))?;
        self.database = Some(database);
        Ok(())
    }
}

/// A new file is made under another name: who is killed meanwhile leaves no half of one behind.
fn make(path: &Path, files: &dyn Files) -> Result<(), SessionFileError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let begun = path.with_file_name(format!(".{name}.fourd-new"));
    let system = |error: io::Error| SessionFileError::System(error.to_string());
    let made = guarded(|| open(&begun, true, false));
    let database = match made {
        // what somebody who was killed left
        Err(SessionFileError::Foreign | SessionFileError::Damaged(_)) => {
            files.delete_file(&begun).map_err(system)?;
            guarded(|| open(&begun, true, false))?
        }
        other => other?,
    };
    guarded(|| begin(&database))?;
    if files.kind(path).is_some() {
        // Another program was quicker; the name of ours is no longer locked.
        return files.delete_file(&begun).map_err(system);
    }
    files.rename(&begun, path).map_err(system)?;
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    files.sync_folder(folder.unwrap_or_else(|| Path::new("."))).map_err(system)
}

fn open(path: &Path, make: bool, check: bool) -> Result<Database, Failure> {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE);
    builder.set_check_integrity_on_open(check);
    Ok(if make { builder.create(path)? } else { builder.open(path)? })
}

fn begin(database: &Database) -> Result<(), Failure> {
    let writing = database.begin_write()?;
    writing.open_table(ABOUT)?.insert(FORMAT_NAME, FORMAT)?;
    writing.open_table(SESSIONS)?;
    writing.open_table(NODES)?;
    writing.open_table(TOKENS)?;
    Ok(writing.commit()?)
}

fn read(database: &Database) -> Result<Content, Failure> {
    let reading = database.begin_read()?;
    let about = match reading.open_table(ABOUT) {
        Ok(about) => about.get(FORMAT_NAME)?.map(|format| format.value()),
        Err(TableError::TableDoesNotExist(_) | TableError::TableTypeMismatch { .. }) => None,
        Err(error) => return Err(error.into()),
    };
    match about {
        None => return Err(Failure(SessionFileError::Foreign)),
        Some(format) if format > FORMAT => return Err(Failure(SessionFileError::Later(format))),
        Some(_) => {}
    }
    let mut content = Content::default();
    for entry in reading.open_table(SESSIONS)?.iter()? {
        let (id, attributes) = entry?;
        content.sessions.push((id.value(), attributes.value().to_vec()));
    }
    for entry in reading.open_table(NODES)?.iter()? {
        let (number, record) = entry?;
        let number = number.value();
        let node = checked(record.value()).and_then(ReadNode::read);
        content.nodes.insert(number, node.ok_or_else(|| damaged(format!("record {number}")))?);
    }
    for entry in reading.open_table(TOKENS)?.iter()? {
        let (token, session) = entry?;
        content.tokens.push((token.value(), session.value().to_vec()));
    }
    Ok(content)
}

fn commit(database: &Database, changes: &Changes) -> Result<(), Failure> {
    let writing = database.begin_write()?;
    {
        let mut sessions = writing.open_table(SESSIONS)?;
        let mut nodes = writing.open_table(NODES)?;
        let mut tokens = writing.open_table(TOKENS)?;
        for (key, content) in changes {
            match (key, content) {
                (Key::Session(id), Some(content)) => drop(sessions.insert(id, content.as_slice())?),
                (Key::Session(id), None) => drop(sessions.remove(id)?),
                (Key::Node(number), Some(content)) => {
                    drop(nodes.insert(number, with_check(content).as_slice())?);
                }
                (Key::Node(number), None) => drop(nodes.remove(number)?),
                (Key::Token(token), Some(content)) => drop(tokens.insert(token, content.as_slice())?),
                (Key::Token(token), None) => drop(tokens.remove(token)?),
            }
        }
    }
    Ok(writing.commit()?)
}

// ---- checksums of records

fn with_check(content: &[u8]) -> Vec<u8> {
    let mut check = Crc::new();
    check.update(content);
    let mut record = check.sum().to_le_bytes().to_vec();
    record.extend_from_slice(content);
    record
}

fn checked(record: &[u8]) -> Option<&[u8]> {
    let (sum, content) = record.split_first_chunk::<4>()?;
    let mut check = Crc::new();
    check.update(content);
    (check.sum() == u32::from_le_bytes(*sum)).then_some(content)
}

// ---- errors

/// Any error of redb's, told apart as far as users can do something about it.
struct Failure(SessionFileError);

impl<E: Into<redb::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(match error.into() {
            redb::Error::DatabaseAlreadyOpen => SessionFileError::InUse,
            redb::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => SessionFileError::Foreign,
            redb::Error::Io(error) => SessionFileError::System(error.to_string()),
            redb::Error::Corrupted(why) => SessionFileError::Damaged(why),
            other => SessionFileError::Damaged(other.to_string()),
        })
    }
}

fn damaged(what: String) -> Failure {
    Failure(SessionFileError::Damaged(format!("{what} cannot be read")))
}

/// redb trusts what it finds in a file and may panic over nonsense; that is an error like others here.
fn guarded<R>(work: impl FnOnce() -> Result<R, Failure>) -> Result<R, SessionFileError> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|failure| failure.0),
        Err(_) => Err(SessionFileError::Damaged("its parts contradict each other".to_owned())),
    }
}
