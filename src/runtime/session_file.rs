//! The session file: what the durable registry keeps on disk, as a database of redb's.
//!
//! redb and not SQLite: both survive a kill and a power failure at any moment, but redb is Rust alone,
//! keeps checksums of all pages and needs one file and one `fsync` for a commit: pages are never
//! written over while the last commit needs them. A commit is therefore there as a whole or not at all.
//!
//! Tables: `about` (the format), `sessions` (id → attributes as JSON), `nodes` (number → record, see
//! `value::shared::record`), `tokens` (token → session and end); each entry has a checksum of ours. A file of another kind or
//! of a later format is refused and left as it is; so is one that is damaged, or open in another process.

use crate::host::Files;
use crate::value::shared::ReadNode;
use flate2::Crc;
use redb::{Database, ReadableDatabase, ReadableTable, ReadableTableMetadata, TableDefinition, TableError};
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
    closed: bool,
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
            let database = open(path, size == Some(0))?;
            if size == Some(0) {
                begin(&database)?;
            }
            let content = read(&database)?;
            Ok((database, content))
        });
        let (database, content) = opened?;
        Ok((Self { path: path.to_path_buf(), database: Some(database), closed: false }, content))
    }

    /// Writes changes so that all of them are there after a crash, or none.
    pub(super) fn write(&mut self, changes: &Changes) -> Result<(), SessionFileError> {
        let database = match self.database.take() {
            Some(database) => database,
            None if self.closed => return Err(SessionFileError::System("the file is closed".to_owned())),
            None => guarded(|| open(&self.path, false))?,
        };
        // After a failure redb refuses all further work on what it had open.
        guarded(|| commit(&database, changes))?;
        self.database = Some(database);
        Ok(())
    }

    pub(super) fn close(&mut self) {
        self.database = None;
        self.closed = true;
    }
}

/// A new file is made under another name: who is killed meanwhile leaves no half of one behind.
fn make(path: &Path, files: &dyn Files) -> Result<(), SessionFileError> {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let begun = path.with_file_name(format!(".{name}.fourd-new"));
    let system = |error: io::Error| SessionFileError::System(error.to_string());
    let made = guarded(|| open(&begun, true));
    let database = match made {
        // what somebody who was killed left
        Err(SessionFileError::Foreign | SessionFileError::Damaged(_)) => {
            files.delete_file(&begun).map_err(system)?;
            guarded(|| open(&begun, true))?
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

/// Without redb's own check of everything: it would put an earlier state in place of a damaged one.
fn open(path: &Path, make: bool) -> Result<Database, Failure> {
    let mut builder = Database::builder();
    builder.set_cache_size(CACHE);
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
    let (sessions, nodes, tokens) =
        (reading.open_table(SESSIONS)?, reading.open_table(NODES)?, reading.open_table(TOKENS)?);
    for entry in sessions.iter()? {
        let (id, attributes) = entry?;
        content.sessions.push((id.value(), whole(attributes.value(), "session")?.to_vec()));
    }
    for entry in nodes.iter()? {
        let (number, record) = entry?;
        let node = ReadNode::read(whole(record.value(), "record")?);
        content.nodes.insert(number.value(), node.ok_or_else(|| damaged("a record cannot be read"))?);
    }
    for entry in tokens.iter()? {
        let (token, session) = entry?;
        content.tokens.push((token.value(), whole(session.value(), "token")?.to_vec()));
    }
    let found = [content.sessions.len(), content.nodes.len(), content.tokens.len()];
    if found.map(|count| count as u64) != [sessions.len()?, nodes.len()?, tokens.len()?] {
        return Err(damaged("something is missing"));
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
            let content = content.as_deref().map(with_check);
            match (key, content.as_deref()) {
                (Key::Session(id), Some(content)) => drop(sessions.insert(id, content)?),
                (Key::Session(id), None) => drop(sessions.remove(id)?),
                (Key::Node(number), Some(content)) => drop(nodes.insert(number, content)?),
                (Key::Node(number), None) => drop(nodes.remove(number)?),
                (Key::Token(token), Some(content)) => drop(tokens.insert(token, content)?),
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

fn whole<'a>(record: &'a [u8], what: &str) -> Result<&'a [u8], Failure> {
    let checked = record.split_first_chunk::<4>().filter(|(sum, content)| {
        let mut check = Crc::new();
        check.update(content);
        check.sum() == u32::from_le_bytes(**sum)
    });
    checked.map(|(_, content)| content).ok_or_else(|| damaged(&format!("a {what} has changed")))
}

// ---- errors

/// Any error of redb's, told apart as far as users can do something about it.
struct Failure(SessionFileError);

impl<E: Into<redb::Error>> From<E> for Failure {
    fn from(error: E) -> Self {
        Self(match error.into() {
            redb::Error::DatabaseAlreadyOpen => SessionFileError::InUse,
            redb::Error::Io(error) if error.kind() == io::ErrorKind::InvalidData => SessionFileError::Foreign,
            redb::Error::Io(error) if error.kind() == io::ErrorKind::UnexpectedEof => {
                SessionFileError::Damaged("a part of it is missing".to_owned())
            }
            redb::Error::Io(error) => SessionFileError::System(error.to_string()),
            redb::Error::Corrupted(why) => SessionFileError::Damaged(why),
            other => SessionFileError::Damaged(other.to_string()),
        })
    }
}

fn damaged(what: &str) -> Failure {
    Failure(SessionFileError::Damaged(what.to_owned()))
}

/// redb trusts what it finds in a file and may panic over nonsense; that is an error like others here.
fn guarded<R>(work: impl FnOnce() -> Result<R, Failure>) -> Result<R, SessionFileError> {
    match catch_unwind(AssertUnwindSafe(work)) {
        Ok(result) => result.map_err(|failure| failure.0),
        Err(_) => Err(SessionFileError::Damaged("its parts contradict each other".to_owned())),
    }
}
