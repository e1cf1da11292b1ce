//! Which files a `check` looks at, and which project each belongs to.

use fourd::host::{Entry, Files, Kind};
use fourd::project::{self, is_code};
use fourd::syntax::ProjectNames;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// A file to be checked.
pub(super) struct Job {
    pub(super) path: PathBuf,
    /// Which of [`Walk::projects`] knows its names.
    pub(super) project: usize,
}

/// What a walk has found.
#[derive(Default)]
pub(super) struct Walk {
    pub(super) jobs: Vec<Job>,
    pub(super) projects: Vec<ProjectNames>,
    /// Folders and files that could not be read, each one line for the user.
    pub(super) problems: Vec<String>,
    /// Code that was left out: deleted methods in `Trash`.
    pub(super) skipped: usize,
    by_folder: HashMap<PathBuf, usize>,
}

impl Walk {
    /// Takes in a path from the command line; a file named there is code, whatever its name.
    pub(super) fn add(&mut self, path: &Path, files: &dyn Files) {
        match files.facts(path) {
            Ok(facts) if facts.kind == Kind::Folder => self.folder(path, files),
            Ok(_) => self.file(path.to_path_buf(), files),
            Err(error) => self.problem(path, &error),
        }
    }

    /// All code in a folder. Kept on the heap: folders can lie very deep.
    fn folder(&mut self, path: &Path, files: &dyn Files) {
        let mut folders = vec![path.to_path_buf()];
        while let Some(folder) = folders.pop() {
            match files.list(&folder) {
                Ok(entries) => self.entries(entries, &mut folders, files),
                Err(error) => self.problem(&folder, &error),
            }
        }
    }

    fn entries(&mut self, entries: Vec<Entry>, folders: &mut Vec<PathBuf>, files: &dyn Files) {
        let first = folders.len();
        for entry in entries {
            match entry.kind {
                // Links to folders could lead in circles; what they lead to is checked under its own name.
                Kind::Folder if !entry.link && !entry.name.starts_with('.') => folders.push(entry.path),
                Kind::File if is_code(&entry.path) && in_trash(&entry.path) => self.skipped += 1,
                Kind::File if is_code(&entry.path) => self.file(entry.path, files),
                _ => {}
            }
        }
        // Taken from the end: the first name comes first.
        folders[first..].reverse();
    }

    fn file(&mut self, path: PathBuf, files: &dyn Files) {
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        let project = match self.by_folder.get(&folder) {
            Some(&known) => known,
            None => {
                let known = self.project(&path, files);
                self.by_folder.insert(folder, known);
                known
            }
        };
        self.jobs.push(Job { path, project });
    }

    /// The names around a file. Folders of one project share them.
    fn project(&mut self, path: &Path, files: &dyn Files) -> usize {
        let sources = project::sources_around(path, files);
        if let Some(&known) = sources.as_ref().and_then(|folder| self.by_folder.get(folder)) {
            return known;
        }
        let names = match project::of_file(path, files) {
            Ok(project) => project.names(),
            Err(error) => {
                self.problems.push(error.to_string());
                ProjectNames::new()
            }
        };
        if let Some(folder) = sources {
            self.by_folder.insert(folder, self.projects.len());
        }
        self.projects.push(names);
        self.projects.len() - 1
    }

    fn problem(&mut self, path: &Path, error: &std::io::Error) {
        self.problems.push(format!("{}: {}", path.display(), project::plain(error)));
    }
}

/// `Project/Trash` holds what was deleted (`Source: Project/architecture`).
fn in_trash(path: &Path) -> bool {
    let mut around = path.ancestors().skip(1);
    around.any(|folder| {
        folder.file_name().is_some_and(|name| name == "Trash")
            && folder.parent().and_then(Path::file_name).is_some_and(|name| name == "Project")
    })
}
