//! A source file: its path, its text (always UTF-8 with the BOM kept out), and where its lines begin.

use std::path::{Path, PathBuf};
use std::sync::OnceLock;

/// A place as people name it: both numbers count from 1, columns in characters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineColumn {
    pub line: u32,
    pub column: u32,
}

/// Why a file's content is no source text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotText {
    #[error(
        "the file is not UTF-8: byte 0x{byte:02X} at offset {offset} (an old file in Mac Roman or Windows-1252 must be converted)"
    )]
    NotUtf8 { offset: usize, byte: u8 },
    #[error("the file is UTF-16: 4D keeps its source files in UTF-8")]
    Utf16,
    #[error("the file is larger than 4 GB")]
    TooLarge,
}

/// One source text. Lines may end in LF, CR or CRLF.
#[derive(Debug)]
pub struct Source {
    path: PathBuf,
    text: String,
    line_starts: OnceLock<Vec<u32>>,
    excerpts: OnceLock<ariadne::Source>,
}

impl Source {
    #[must_use]
    pub fn new(path: impl Into<PathBuf>, text: String) -> Self {
        Self { path: path.into(), text, line_starts: OnceLock::new(), excerpts: OnceLock::new() }
    }

    /// A file's content as text, without the byte order marks it may begin with.
    ///
    /// # Errors
    /// When it is not UTF-8, or too large for places of 32 bits.
    pub fn from_bytes(path: impl Into<PathBuf>, bytes: Vec<u8>) -> Result<Self, NotText> {
        if u32::try_from(bytes.len()).is_err() {
            return Err(NotText::TooLarge);
        }
        if bytes.starts_with(&[0xFF, 0xFE]) || bytes.starts_with(&[0xFE, 0xFF]) {
            return Err(NotText::Utf16);
        }
        let mut text = String::from_utf8(bytes).map_err(|e| NotText::NotUtf8 {
            offset: e.utf8_error().valid_up_to(),
            byte: e.as_bytes()[e.utf8_error().valid_up_to()],
        })?;
        let begin = text.len() - text.trim_start_matches('\u{FEFF}').len();
        text.drain(..begin);
        Ok(Self::new(path, text))
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }

    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The place of a byte offset; offsets past the end give the end.
    #[must_use]
    pub fn place(&self, offset: u32) -> LineColumn {
        let starts = self.line_starts();
        let offset = (offset as usize).min(self.text.len());
        let line = starts.partition_point(|&s| s as usize <= offset).max(1);
        let start = starts[line - 1] as usize;
        let mut end = offset;
        while !self.text.is_char_boundary(end) {
            end -= 1;
        }
        let column = self.text[start.min(end)..end].chars().count() as u32 + 1;
        LineColumn { line: line as u32, column }
    }

    /// The text of a line counted from 1, without its end.
    #[must_use]
    pub fn line(&self, line: u32) -> &str {
        let starts = self.line_starts();
        let Some(&start) = starts.get((line as usize).wrapping_sub(1)) else {
            return "";
        };
        let end = starts.get(line as usize).map_or(self.text.len(), |&e| e as usize);
        self.text[start as usize..end].trim_end_matches(['\r', '\n'])
    }

    #[must_use]
    pub fn line_count(&self) -> usize {
        self.line_starts().len()
    }

    /// The text as reports cut their excerpts from it; made once for all of them.
    pub(super) fn excerpts(&self) -> &ariadne::Source {
        self.excerpts.get_or_init(|| ariadne::Source::from(self.text.clone()))
    }

    fn line_starts(&self) -> &[u32] {
        self.line_starts.get_or_init(|| {
            let bytes = self.text.as_bytes();
            let mut starts = vec![0];
            for (i, &b) in bytes.iter().enumerate() {
                if b == b'\n' || (b == b'\r' && bytes.get(i + 1) != Some(&b'\n')) {
                    starts.push(i as u32 + 1);
                }
            }
            starts
        })
    }
}
