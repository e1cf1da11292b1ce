//! Reads the two layouts: which file is what.

use super::discover::{folder_of, has_extension};
use super::{ClassFile, Form, MethodFile, Project, ProjectError, TriggerFile, is_code, structure};
use crate::host::{Entry, Files, Kind};
use crate::text::Name;
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

pub(super) const METHODS: &str = "Methods";
pub(super) const CLASSES: &str = "Classes";

/// A script's folder: methods, and classes in the folder `Classes`.
pub(super) fn read_script(folder: &Path, files: &dyn Files) -> Result<Project, ProjectError> {
    let classes = list(&folder.join(CLASSES), files)?;
    Ok(Project {
        root: folder.to_path_buf(),
        methods: methods(&must_list(folder, files)?),
        classes: self::classes(&classes),
        ..Project::default()
    })
}

/// A folder `Sources`.
pub(super) fn read_project(folder: &Path, files: &dyn Files) -> Result<Project, ProjectError> {
    let around = folder_of(folder);
    let file = list(&around, files)?.into_iter().find(|entry| has_extension(&entry.path, "4DProject"));
    let mut forms = Vec::new();
    read_forms(&folder.join("Forms"), None, files, &mut forms)?;
    for table in list(&folder.join("TableForms"), files)? {
        let Ok(number) = table.name.parse() else { continue };
        for side in ["Input", "Output"] {
            read_forms(&table.path.join(side), Some(number), files, &mut forms)?;
        }
    }
    Ok(Project {
        root: folder_of(&around),
        file: file.map(|entry| entry.path),
        methods: methods(&list(&folder.join(METHODS), files)?),
        classes: classes(&list(&folder.join(CLASSES), files)?),
        database_methods: methods(&list(&folder.join("DatabaseMethods"), files)?),
        triggers: list(&folder.join("Triggers"), files)?.iter().filter_map(trigger).collect(),
        forms,
        tables: structure::read(&folder.join("catalog.4DCatalog"), files)?,
        constants: constants(&folder_of(&around).join("Resources"), files)?,
        entry: None,
    })
}

/// The constants of all `.xlf` files of the resources folder.
fn constants(folder: &Path, files: &dyn Files) -> Result<Vec<(Name, String)>, ProjectError> {
    let mut found = Vec::new();
    for entry in list(folder, files)? {
        if entry.kind == Kind::File && has_extension(&entry.path, "xlf") {
            found.extend(structure::constants(&entry.path, files));
        }
    }
    Ok(found)
}

fn read_forms(
    folder: &Path,
    table: Option<u32>,
    files: &dyn Files,
    forms: &mut Vec<Form>,
) -> Result<(), ProjectError> {
    for form in list(folder, files)? {
        if form.kind != Kind::Folder {
            continue;
        }
        let method = form.path.join("method.4dm");
        forms.push(Form {
            name: decoded(&form.name),
            table,
            method: (files.kind(&method) == Some(Kind::File)).then_some(method),
            objects: methods(&list(&form.path.join("ObjectMethods"), files)?),
        });
    }
    Ok(())
}

/// `table_3.4dm` is the trigger of table 3.
fn trigger(entry: &Entry) -> Option<TriggerFile> {
    let stem = entry.path.file_stem()?.to_str()?;
    let table = stem.rsplit_once('_')?.1.parse().ok()?;
    is_code(&entry.path).then(|| TriggerFile { table, path: entry.path.clone() })
}

fn methods(entries: &[Entry]) -> Vec<MethodFile> {
    let code = entries.iter().filter(|entry| entry.kind == Kind::File && is_code(&entry.path));
    let mut methods: Vec<_> =
        code.map(|entry| MethodFile { name: name_of(&entry.path), path: entry.path.clone() }).collect();
    methods.sort_by_cached_key(|method| method.name.folded());
    methods.dedup_by_key(|method| method.name.folded());
    methods
}

/// Classes differ by case too, as property names do (`Source: Concepts/identifiers`).
fn classes(entries: &[Entry]) -> Vec<ClassFile> {
    let code = entries.iter().filter(|entry| entry.kind == Kind::File && is_code(&entry.path));
    code.map(|entry| ClassFile { name: name_of(&entry.path), path: entry.path.clone() }).collect()
}

/// The name that a file gives to its method or class.
pub(super) fn name_of(path: &Path) -> Name {
    decoded(&path.file_stem().unwrap_or_default().to_string_lossy())
}

/// 4D writes characters that file systems refuse as `%` and two hexadecimal digits of their UTF-8 bytes.
/// What would give no text stays as it is.
fn decoded(name: &str) -> Name {
    if !name.contains('%') {
        return Name::new(name);
    }
    let mut bytes = Vec::with_capacity(name.len());
    let mut rest = name.as_bytes();
    while let [first, after @ ..] = rest {
        let digit = |at: usize| after.get(at).and_then(|b| char::from(*b).to_digit(16));
        if let (b'%', Some(high), Some(low)) = (first, digit(0), digit(1)) {
            bytes.push((high * 16 + low) as u8);
            rest = &after[2..];
        } else {
            bytes.push(*first);
            rest = after;
        }
    }
    String::from_utf8(bytes).map_or_else(|_| Name::new(name), |text| Name::new(&text))
}

/// What a folder holds; nothing if there is no such folder.
fn list(folder: &Path, files: &dyn Files) -> Result<Vec<Entry>, ProjectError> {
    match files.list(folder) {
        Err(error) if matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory) => {
            Ok(Vec::new())
        }
        found => found.map_err(|error| unreadable(folder, error)),
    }
}

fn must_list(folder: &Path, files: &dyn Files) -> Result<Vec<Entry>, ProjectError> {
    files.list(folder).map_err(|error| unreadable(folder, error))
}

fn unreadable(path: &Path, error: std::io::Error) -> ProjectError {
    ProjectError::Unreadable { path: PathBuf::from(path), error }
}
