//! Names that only the project knows: methods whose names are of several words, tables and fields.

use crate::text::Name;
use rustc_hash::{FxHashMap, FxHashSet};

/// What the lexer asks about the project. All names ignore case.
pub trait KnownNames {
    /// The length in bytes of the longest method name of several words that `text` begins with.
    fn longest_method(&self, text: &str) -> Option<usize>;

    /// Whether a method of that name exists; `None` if the methods are not known.
    fn is_method(&self, _name: &str) -> Option<bool> {
        None
    }

    /// Whether a table of that name exists; `None` if the structure is not known.
    fn is_table(&self, name: &str) -> Option<bool>;

    /// The length of the longest name of a field of `table` that `text` begins with.
    fn longest_field(&self, table: &str, text: &str) -> Option<usize>;
}

/// A source text on its own.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoNames;

impl KnownNames for NoNames {
    fn longest_method(&self, _: &str) -> Option<usize> {
        None
    }
    fn is_table(&self, _: &str) -> Option<bool> {
        None
    }
    fn longest_field(&self, _: &str, _: &str) -> Option<usize> {
        None
    }
}

/// The names of a project, gathered once.
#[derive(Clone, Debug, Default)]
pub struct ProjectNames {
    /// Folded first word → folded names of several words.
    methods: FxHashMap<Name, Vec<Name>>,
    /// Folded names of one word.
    words: FxHashSet<Name>,
    /// Folded table → folded fields.
    tables: Option<FxHashMap<Name, Vec<Name>>>,
}

impl ProjectNames {
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a project method.
    pub fn add_method(&mut self, name: &str) {
        if let Some((first, _)) = name.split_once(' ') {
            let names = self.methods.entry(Name::new(first).folded()).or_default();
            names.push(Name::new(name).folded());
        } else {
            self.words.insert(Name::new(name).folded());
        }
    }

    /// Adds a constant: one of a single word reads like a variable, and the compiler tells them apart.
    pub fn add_constant(&mut self, name: &str) {
        if name.contains(' ') {
            self.add_method(name);
        }
    }

    /// Adds a table; from the first one on the structure counts as known.
    pub fn add_table<'a>(&mut self, name: &str, fields: impl IntoIterator<Item = &'a str>) {
        let fields = fields.into_iter().map(|field| Name::new(field).folded()).collect();
        self.tables.get_or_insert_default().insert(Name::new(name).folded(), fields);
    }
}

impl KnownNames for ProjectNames {
    fn longest_method(&self, text: &str) -> Option<usize> {
        if self.methods.is_empty() {
            return None;
        }
        let first = text.split(|c| !is_name_char(c)).next()?;
        let names = self.methods.get(&Name::new(first).folded())?;
        names.iter().filter_map(|name| beginning(text, name)).max()
    }

    fn is_method(&self, name: &str) -> Option<bool> {
        let folded = Name::new(name).folded();
        match name.split_once(' ') {
            None => Some(self.words.contains(&folded)),
            Some((first, _)) => {
                let names = self.methods.get(&Name::new(first).folded());
                Some(names.is_some_and(|names| names.contains(&folded)))
            }
        }
    }

    fn is_table(&self, name: &str) -> Option<bool> {
        Some(self.tables.as_ref()?.contains_key(&Name::new(name).folded()))
    }

    fn longest_field(&self, table: &str, text: &str) -> Option<usize> {
        let fields = self.tables.as_ref()?.get(&Name::new(table).folded())?;
        fields.iter().filter_map(|name| beginning(text, name)).max()
    }
}

/// Letters, digits, `_` and all characters beyond ASCII but blanks and dashes, as the lexer has it.
pub(super) fn is_name_char(c: char) -> bool {
    match c {
        _ if c.is_ascii() => c.is_ascii_alphanumeric() || c == '_',
        '\u{200C}' | '\u{200D}' | '\u{203C}' | '\u{2049}' => true,
        '\u{80}'..='\u{A0}' | '«' | '»' | '\u{2000}'..='\u{206F}' | '\u{3000}' | '\u{FEFF}' => false,
        _ => true,
    }
}

/// The length of the beginning of `text` that is `name` (folded), one space standing for any blanks.
fn beginning(text: &str, name: &str) -> Option<usize> {
    let mut rest = text;
    for word in name.split(' ') {
        rest = rest.trim_start_matches([' ', '\t', '\u{A0}']);
        let end = rest.find(|c| !is_name_char(c)).unwrap_or(rest.len());
        let (found, after) = rest.split_at(end);
        let same = if found.is_ascii() {
            found.eq_ignore_ascii_case(word)
        } else {
            found.chars().flat_map(char::to_lowercase).eq(word.chars())
        };
        if !same {
            return None;
        }
        rest = after;
    }
    Some(text.len() - rest.len())
}
