//! Which tests there are: scripts with golden files beside them, and a project's methods `test_…`.

use fourd::host::captured::CapturedHost;
use fourd::host::{Entry, Files, Host, Kind};
use fourd::project::{self, MethodFile, Project, is_code, plain};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// One test.
pub(super) struct Case {
    /// As it is shown and filtered: the path without its extension, or `PROJECT:method`.
    pub(super) name: String,
    pub(super) kind: CaseKind,
    /// Methods and classes around it, without an entry.
    pub(super) project: Arc<Project>,
    pub(super) entry: MethodFile,
    /// The folder that the program's relative paths start in.
    pub(super) folder: PathBuf,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum CaseKind {
    /// What the script at this path prints is compared with the files beside it.
    Golden(PathBuf),
    /// A method that fails with an error that nothing takes.
    Unit,
}

/// The tests at the paths of the command line.
#[derive(Default)]
pub(super) struct Cases {
    pub(super) found: Vec<Case>,
    /// Paths that could not be read, each one line for the user.
    pub(super) problems: Vec<String>,
    projects: HashMap<PathBuf, Arc<Project>>,
}

impl Cases {
    pub(super) fn add(&mut self, path: &Path, host: &Arc<dyn Host>) {
        let files = host.files();
        match files.facts(path) {
            Ok(facts) if facts.kind == Kind::Folder => self.folder(path, host),
            Ok(_) if is_code(path) && is_unit(path, files) => self.units(path, files),
            Ok(_) if is_code(path) => self.golden(path, host),
            Ok(_) if path.extension().is_some_and(|found| found.eq_ignore_ascii_case("4DProject")) => {
                self.units(path, files);
            }
            Ok(_) => self.problems.push(format!("{}: neither a .4dm file nor a project", path.display())),
            Err(error) => self.problems.push(format!("{}: {}", path.display(), plain(&error))),
        }
    }

    /// All tests in a folder and those in it. Kept on the heap: folders can lie very deep.
    fn folder(&mut self, path: &Path, host: &Arc<dyn Host>) {
        let files = host.files();
        let mut folders = vec![path.to_path_buf()];
        while let Some(folder) = folders.pop() {
            let entries = match files.list(&folder) {
                Ok(entries) => entries,
                Err(error) => {
                    self.problems.push(format!("{}: {}", folder.display(), plain(&error)));
                    continue;
                }
            };
            if files.kind(&folder.join("Project/Sources")) == Some(Kind::Folder) {
                self.units(&folder, files);
            }
            let first = folders.len();
            for entry in &entries {
                match entry.kind {
                    Kind::Folder if !entry.link && !entry.name.starts_with('.') => {
                        folders.push(entry.path.clone());
                    }
                    Kind::File if has_golden_file(entry, &entries) => self.golden(&entry.path, host),
                    _ => {}
                }
            }
            // Taken from the end: the first name comes first.
            folders[first..].reverse();
        }
    }

    fn golden(&mut self, path: &Path, host: &Arc<dyn Host>) {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
            _ => PathBuf::from("."),
        };
        // Seen from its folder, which the program runs in: so reports name the files.
        let file = path.file_name().map(PathBuf::from).unwrap_or_default();
        let inside = || CapturedHost::new(Arc::clone(host), folder.clone(), None);
        let project = match self.projects.get(&folder) {
            Some(known) => Arc::clone(known),
            None => match project::of_file(&file, inside().files()) {
                Ok(found) => {
                    let found = Arc::new(Project { entry: None, ..found });
                    self.projects.insert(folder.clone(), Arc::clone(&found));
                    found
                }
                Err(error) => return self.problems.push(error.to_string()),
            },
        };
        let name = path.file_stem().unwrap_or_default().to_string_lossy();
        self.found.push(Case {
            name: path.with_extension("").display().to_string(),
            kind: CaseKind::Golden(path.to_path_buf()),
            project,
            entry: MethodFile { name: fourd::text::Name::new(&name), path: file },
            folder,
        });
    }

    /// The methods `test_…` of a project, or the one at the path.
    fn units(&mut self, path: &Path, files: &dyn Files) {
        let found = match project::discover(path, files) {
            Ok(found) => found,
            Err(error) => return self.problems.push(error.to_string()),
        };
        let only = found.entry.clone().filter(|entry| entry.path == path);
        let whole = Arc::new(Project { entry: None, ..found });
        let tests = whole.methods.iter().filter(|method| is_test_name(&method.name));
        let tests = tests.filter(|method| only.as_ref().is_none_or(|only| only.path == method.path));
        let root = whole.root.display().to_string();
        let prefix = if root.is_empty() || root == "." { String::new() } else { format!("{root}:") };
        self.found.extend(tests.map(|method| Case {
            name: format!("{prefix}{}", method.name),
            kind: CaseKind::Unit,
            project: Arc::clone(&whole),
            entry: method.clone(),
            folder: PathBuf::from("."),
        }));
    }
}

/// `NAME.4dm` is a test if there is a `NAME.out`, `NAME.err` or `NAME.code`.
fn has_golden_file(entry: &Entry, entries: &[Entry]) -> bool {
    is_code(&entry.path)
        && ["code", "err", "out"].iter().any(|extension| {
            let golden = entry.path.with_extension(extension);
            let name = golden.file_name().unwrap_or_default().to_string_lossy();
            // Sorted, as `Files::list` gives them.
            entries.binary_search_by(|other| other.name.as_str().cmp(&name)).is_ok()
        })
}

/// A file of a project's folder `Methods` that is a test without golden files.
fn is_unit(path: &Path, files: &dyn Files) -> bool {
    let named = path.file_stem().is_some_and(|name| is_test_name(&name.to_string_lossy()));
    let mut golden = ["code", "err", "out"].iter();
    named && !golden.any(|extension| files.kind(&path.with_extension(extension)) == Some(Kind::File))
}

fn is_test_name(name: &str) -> bool {
    name.get(..5).is_some_and(|start| start.eq_ignore_ascii_case("test_"))
}
