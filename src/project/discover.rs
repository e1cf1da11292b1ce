//! Finds the project that a path belongs to.

use super::{MethodFile, Project, ProjectError, is_code, sources};
use crate::host::{Files, Kind};
use std::path::{Path, PathBuf};

/// The project at `path`: a `.4dm` file, a `.4DProject` file, or a folder.
///
/// # Errors
/// When nothing is there, or it cannot be read, or is no code.
pub fn discover(path: &Path, files: &dyn Files) -> Result<Project, ProjectError> {
    let facts =
        files.facts(path).map_err(|error| ProjectError::Unreadable { path: path.to_path_buf(), error })?;
    match facts.kind {
        Kind::Folder => of_folder(path, files),
        Kind::File if has_extension(path, "4DProject") => {
            let folder = folder_of(path);
            let mut project = of_folder(&folder, files)?;
            project.file = Some(path.to_path_buf());
            Ok(project)
        }
        Kind::File if is_code(path) => of_file(path, files),
        Kind::File => Err(ProjectError::NotAMethod { path: path.to_path_buf() }),
        Kind::Other => Err(ProjectError::NoFile { path: path.to_path_buf() }),
    }
}

/// The project that a code file belongs to, with the file as its entry.
///
/// # Errors
/// When a folder or the structure cannot be read.
pub fn of_file(path: &Path, files: &dyn Files) -> Result<Project, ProjectError> {
    let entry = MethodFile { name: sources::name_of(path), path: path.to_path_buf() };
    let mut project = match sources_around(path, files) {
        Some(folder) => sources::read_project(&folder, files)?,
        None => {
            let folder = folder_of(path);
            let in_classes = folder.file_name().is_some_and(|name| name == sources::CLASSES);
            sources::read_script(&if in_classes { folder_of(&folder) } else { folder }, files)?
        }
    };
    project.entry = Some(entry);
    Ok(project)
}

/// The project in a folder: the folder itself, its `Project`, its `Sources`; else a folder of scripts.
fn of_folder(folder: &Path, files: &dyn Files) -> Result<Project, ProjectError> {
    let is_sources = |path: &Path| files.kind(&path.join(sources::METHODS)) == Some(Kind::Folder);
    let tries = [folder.join("Project/Sources"), folder.join("Sources")];
    let found = tries.into_iter().find(|path| files.kind(path) == Some(Kind::Folder));
    let named = folder.file_name().is_some_and(|name| name == "Sources");
    let mut project = match found {
        Some(path) => sources::read_project(&path, files)?,
        None if named || is_sources(folder) => sources::read_project(folder, files)?,
        None => match sources_around(folder, files) {
            Some(path) => sources::read_project(&path, files)?,
            None => sources::read_script(folder, files)?,
        },
    };
    project.entry = project.method("main").cloned();
    Ok(project)
}

/// The folder `Project/Sources` that a path lies in: the innermost, because components lie in projects.
#[must_use]
pub fn sources_around(path: &Path, files: &dyn Files) -> Option<PathBuf> {
    let is_sources = |folder: &&Path| {
        folder.file_name().is_some_and(|name| name == "Sources")
            && folder.parent().and_then(Path::file_name).is_some_and(|name| name == "Project")
    };
    // As it was written first, so that places are reported as the user knows them.
    if let Some(folder) = path.ancestors().skip(1).find(is_sources) {
        return Some(folder.to_path_buf());
    }
    let whole = files.absolute(path).ok()?;
    whole.ancestors().skip(1).find(is_sources).map(Path::to_path_buf)
}

/// The folder a file lies in; `.` for a bare name.
pub(super) fn folder_of(path: &Path) -> PathBuf {
    match path.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder.to_path_buf(),
        _ => PathBuf::from("."),
    }
}

pub(super) fn has_extension(path: &Path, extension: &str) -> bool {
    path.extension().is_some_and(|found| found.eq_ignore_ascii_case(extension))
}
