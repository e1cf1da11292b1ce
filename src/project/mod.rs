//! A path → the program that lies there: which files are methods, classes, triggers and forms, and
//! which tables there are. Only names are looked at; no method or class is opened.
//!
//! Two layouts are known. In a *project*, everything lies in `Project/Sources`
//! (`Source: Project/architecture`). A *script* is a file with its neighbours: all `.4dm` files in
//! its folder are methods, those in the folder `Classes` beside it are classes.

mod discover;
mod sources;
mod structure;
#[cfg(test)]
mod tests;

pub use discover::{discover, of_file, sources_around};

use crate::syntax::ProjectNames;
use crate::text::Name;
use std::path::{Path, PathBuf};

/// A method, by the name its file has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MethodFile {
    pub name: Name,
    pub path: PathBuf,
}

/// A class, by the name its file has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassFile {
    pub name: Name,
    pub path: PathBuf,
}

/// A trigger, by the number of its table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TriggerFile {
    pub table: u32,
    pub path: PathBuf,
}

/// A form and the code in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Form {
    pub name: Name,
    /// The number of the table whose form it is; project forms have none.
    pub table: Option<u32>,
    pub method: Option<PathBuf>,
    /// Methods of objects, by the object's name.
    pub objects: Vec<MethodFile>,
}

/// A table of the structure.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Table {
    pub number: u32,
    pub name: Name,
    pub fields: Vec<Field>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub number: u32,
    pub name: Name,
    /// The number of its type in the structure file.
    pub kind: Option<u32>,
}

/// What lies where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Project {
    /// The folder that holds `Project`; for scripts, the script's folder.
    pub root: PathBuf,
    /// The `.4DProject` file, if there is one.
    pub file: Option<PathBuf>,
    /// Sorted by name without regard to case; of files that differ only in case, the first.
    pub methods: Vec<MethodFile>,
    pub classes: Vec<ClassFile>,
    pub database_methods: Vec<MethodFile>,
    pub triggers: Vec<TriggerFile>,
    pub forms: Vec<Form>,
    /// None if the structure is not known: scripts and projects without `catalog.4DCatalog`.
    pub tables: Option<Vec<Table>>,
    /// Constants that the project's resources define, each with its value as written.
    pub constants: Vec<(Name, String)>,
    /// The file that is to run: the one named, or `main.4dm` of the folder named.
    pub entry: Option<MethodFile>,
}

/// Why there is no project at a path. Each is one line for the user.
#[derive(Debug, thiserror::Error)]
pub enum ProjectError {
    #[error("{}: {}", path.display(), plain(error))]
    Unreadable { path: PathBuf, error: std::io::Error },
    #[error("{}: neither a file nor a folder", path.display())]
    NoFile { path: PathBuf },
    #[error("{}: not a 4D method (its name does not end in .4dm)", path.display())]
    NotAMethod { path: PathBuf },
    #[error("{}: the structure cannot be read: {message}", path.display())]
    Structure { path: PathBuf, message: String },
}

/// An error of the operating system in words, without its number.
#[must_use]
pub fn plain(error: &std::io::Error) -> String {
    use std::io::ErrorKind;
    match error.kind() {
        ErrorKind::NotFound => "no such file or folder".to_owned(),
        ErrorKind::PermissionDenied => "permission denied".to_owned(),
        ErrorKind::IsADirectory => "this is a folder".to_owned(),
        _ => error.to_string(),
    }
}

impl Project {
    /// A project method, whatever the case of its name.
    #[must_use]
    pub fn method(&self, name: &str) -> Option<&MethodFile> {
        let name = Name::new(name).folded();
        self.methods.iter().find(|method| method.name.folded() == name)
    }

    /// The names that the lexer cannot know by itself.
    #[must_use]
    pub fn names(&self) -> ProjectNames {
        let mut names = ProjectNames::new();
        for method in &self.methods {
            names.add_method(&method.name);
        }
        for table in self.tables.iter().flatten() {
            names.add_table(&table.name, table.fields.iter().map(|field| &*field.name));
        }
        for (constant, _) in &self.constants {
            names.add_constant(constant);
        }
        names
    }
}

/// Whether a file's name says that it holds code.
#[must_use]
pub fn is_code(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension.eq_ignore_ascii_case("4dm"))
}
