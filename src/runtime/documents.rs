//! The documents that `Open document` and its like have opened, by reference number.

use crate::host::OpenFile;
use parking_lot::Mutex;
use rustc_hash::FxHashMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicI64, Ordering};

/// An open document.
pub struct Document {
    pub path: PathBuf,
    pub file: Box<dyn OpenFile>,
    pub writable: bool,
}

/// All open documents of an engine.
pub struct Documents {
    open: Mutex<FxHashMap<i64, Document>>,
    next: AtomicI64,
}

impl Default for Documents {
    fn default() -> Self {
        Self { open: Mutex::default(), next: AtomicI64::new(1) }
    }
}

impl Documents {
    /// Keeps a document; gives its number, from 1 on.
    pub fn add(&self, document: Document) -> i64 {
        let number = self.next.fetch_add(1, Ordering::Relaxed);
        self.open.lock().insert(number, document);
        number
    }

    /// Works on a document; `None` if none has that number.
    pub fn with<R>(&self, number: i64, work: impl FnOnce(&mut Document) -> R) -> Option<R> {
        self.open.lock().get_mut(&number).map(work)
    }

    /// Closes a document; whether there was one.
    pub fn close(&self, number: i64) -> bool {
        self.open.lock().remove(&number).is_some()
    }

    /// Whether a document is open for writing.
    #[must_use]
    pub fn is_written(&self, path: &std::path::Path) -> bool {
        self.open.lock().values().any(|document| document.writable && document.path == path)
    }
}
