//! The program's language: `Localized string` and the commands around it. Texts come from the XLIFF files in
//! the folders `LANGUAGE.lproj` of the resources.
//!
//! A language is looked for in the order that the documentation gives: the current one, the same without its
//! region, the default one, the same without its region, the first folder there is, then the resources
//! themselves. `Source: commands/localized-document-path`

use super::parameters::{ArrayRef, Integer, Star};
use super::xml::texts_of;
use crate::host::Kind;
use crate::value::{Array, ArrayKind, Result, Text, Value};
use crate::vm::Process;
use rustc_hash::FxHashMap;
use std::path::{Path, PathBuf};

commands! {
    /// Gives a text in the current language, by its name in the XLIFF files.
    991 "Localized string" (resName) thread_safe => |process: &mut Process, name: Text| {
        let found = localized(process, &name);
        process.set_ok(found.is_some());
        found.unwrap_or_default()
    };
    /// Gives a text in the current language, by the numbers of its group and unit in the XLIFF files.
    510 "Get indexed string" (resID; strID; resFile) => indexed_string;
    /// Fills an array with the texts of a group of the XLIFF files.
    511 "STRING LIST TO ARRAY" (resID; strings; resFile) => string_list;
    /// Gives the program's language: the one it began with, the current one, that of the user.
    1009 "Get database localization" (languageType; *) thread_safe => get_localization;
    /// Sets the program's current language.
    1104 "SET DATABASE LOCALIZATION" (languageCode; *) => set_localization;
    /// Gives the path of a document in the folder of the current language.
    1105 "Localized document path" (relativePath) thread_safe => localized_path;
}

/// The texts of one list of languages, read once.
#[derive(Default)]
struct Texts {
    folders: Vec<PathBuf>,
    read: bool,
    named: FxHashMap<String, Text>,
    /// By name without regard to case, where the exact name is not found.
    folded: FxHashMap<String, Text>,
    /// By the group's and the unit's number.
    numbered: FxHashMap<String, Vec<(String, Text)>>,
}

/// Folders of languages by their names in English, as old projects have them.
const LONG_NAMES: &[(&str, &str)] = &[
    ("en", "english"),
    ("fr", "french"),
    ("de", "german"),
    ("es", "spanish"),
    ("it", "italian"),
    ("ja", "japanese"),
    ("pt", "portuguese"),
    ("nl", "dutch"),
    ("cs", "czech"),
    ("hu", "hungarian"),
    ("pl", "polish"),
];

/// A language's code as folders have it: small letters and `_`.
fn folded(code: &str) -> String {
    code.to_lowercase().replace('-', "_")
}

fn without_region(code: &str) -> &str {
    code.split('_').next().unwrap_or(code)
}

/// The languages that the resources have a folder for, in the order of their names.
fn available(process: &Process) -> Vec<(String, PathBuf)> {
    let resources = process.shared.runtime.places.resources();
    let listed = process.shared.host.files().list(&resources).unwrap_or_default();
    let folders = listed.into_iter().filter(|entry| entry.kind == Kind::Folder);
    let mut found: Vec<(String, PathBuf)> = folders
        .filter_map(|entry| {
            let (name, extension) = super::paths::split_name(&entry.name);
            let name = folded(name);
            let short = LONG_NAMES.iter().find(|(_, long)| *long == name).map(|(short, _)| (*short).to_owned());
            extension.eq_ignore_ascii_case(".lproj").then_some((short.unwrap_or(name), entry.path))
        })
        .collect();
    found.sort();
    found
}

/// The best folder for a language: its own, or that of the language without its region.
fn matching<'a>(available: &'a [(String, PathBuf)], code: &str) -> Option<&'a (String, PathBuf)> {
    let exact = available.iter().find(|(name, _)| name == code);
    exact.or_else(|| available.iter().find(|(name, _)| name == without_region(code)))
}

/// The language that the program begins with, as a folder has it. `Source: commands/get-database-localization`
fn default_language(process: &Process, available: &[(String, PathBuf)]) -> String {
    let system = folded(&super::system_environment::language(process));
    if available.is_empty() {
        return system;
    }
    let found = matching(available, &system).or_else(|| matching(available, "en")).or_else(|| available.first());
    found.map_or(system, |(name, _)| name.clone())
}

fn current_language(process: &Process, available: &[(String, PathBuf)]) -> String {
    let set = process.shared.runtime.language();
    set.unwrap_or_else(|| default_language(process, available))
}

/// The folders to look in, best first.
fn folders(process: &Process) -> Vec<PathBuf> {
    let available = available(process);
    let (current, default) = (current_language(process, &available), default_language(process, &available));
    let codes = [current.as_str(), without_region(&current), default.as_str(), without_region(&default)];
    let named = codes.iter().filter_map(|code| available.iter().find(|(name, _)| name == code));
    let mut found: Vec<PathBuf> = Vec::new();
    for (_, path) in named.chain(available.first()) {
        if !found.contains(path) {
            found.push(path.clone());
        }
    }
    found.push(process.shared.runtime.places.resources());
    found
}

/// The texts for the current language. They are read again when the language changes.
fn texts(process: &mut Process) -> &mut Texts {
    let folders = folders(process);
    if !process.attachment::<Texts>().read || process.attachment::<Texts>().folders != folders {
        let mut texts = Texts { read: true, ..Texts::default() };
        for folder in &folders {
            read_folder(process, folder, &mut texts);
        }
        texts.folders = folders;
        *process.attachment::<Texts>() = texts;
    }
    process.attachment::<Texts>()
}

/// Reads the XLIFF files of a folder; what better folders said stays.
fn read_folder(process: &Process, folder: &Path, into: &mut Texts) {
    let files = process.shared.host.files();
    let before: Vec<String> = into.numbered.keys().cloned().collect();
    for entry in files.list(folder).unwrap_or_default() {
        let extension = super::paths::split_name(&entry.name).1.to_lowercase();
        if entry.kind != Kind::File || !matches!(extension.as_str(), ".xlf" | ".xliff") {
            continue;
        }
        let Ok(bytes) = files.read(&entry.path) else { continue };
        for unit in texts_of(&bytes) {
            let text = Text::from(unit.text.as_str());
            if let Some(name) = unit.name {
                into.folded.entry(name.to_lowercase()).or_insert_with(|| text.clone());
                into.named.entry(name).or_insert_with(|| text.clone());
            }
            if let (Some(group), Some(id)) = (unit.group, unit.id)
                && !before.contains(&group)
            {
                into.numbered.entry(group).or_default().push((id, text));
            }
        }
    }
}

/// A text by its name: exactly, else without regard to case. `Source: commands/localized-string,
/// commands/set-database-localization`
pub(crate) fn localized(process: &mut Process, name: &str) -> Option<Text> {
    let texts = texts(process);
    texts.named.get(name).or_else(|| texts.folded.get(&name.to_lowercase())).cloned()
}

/// Source: commands/get-indexed-string
fn indexed_string(process: &mut Process, group: Integer, unit: Integer, file: Option<i64>) -> Text {
    let found = match file {
        // there are no resource files to look in
        Some(_) => None,
        None => {
            let (group, unit) = (group.to_string(), unit.to_string());
            let units = texts(process).numbered.get(&group);
            units.and_then(|units| units.iter().find(|(id, _)| *id == unit)).map(|(_, text)| text.clone())
        }
    };
    process.set_ok(found.is_some());
    found.unwrap_or_default()
}

/// Source: commands/string-list-to-array
fn string_list(process: &mut Process, group: Integer, strings: ArrayRef, file: Option<i64>) -> Result<()> {
    let found = if file.is_some() { None } else { texts(process).numbered.get(&group.to_string()).cloned() };
    process.set_ok(found.is_some());
    let Some(mut units) = found else { return Ok(()) };
    units.sort_by_key(|(id, _)| id.parse::<i64>().unwrap_or(i64::MAX));
    let mut array = Array::new(ArrayKind::Text, 0)?;
    for (_, text) in units {
        array.append(Value::Text(text))?;
    }
    strings.replace(process, array)
}

/// A language as programs see it, with `-`.
fn shown(code: &str) -> String {
    code.replace('_', "-")
}

/// Source: commands/get-database-localization
fn get_localization(process: &mut Process, kind: Option<Integer>, _host: Option<Star>) -> String {
    let available = available(process);
    match kind.unwrap_or(0) {
        1 => shown(&current_language(process, &available)),
        2 | 3 => super::system_environment::language(process),
        _ => shown(&default_language(process, &available)),
    }
}

/// A code that is none, or of which the resources have nothing, changes nothing. Source:
/// commands/set-database-localization
fn set_localization(process: &mut Process, code: Text, _only_here: Option<Star>) {
    let code = folded(&code);
    let is_code = without_region(&code).len() >= 2 && code.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    let available = available(process);
    let known = is_code && (available.is_empty() || matching(&available, &code).is_some());
    if known {
        process.shared.runtime.set_language(code);
    }
    process.set_ok(known);
}

/// Source: commands/localized-document-path
fn localized_path(process: &mut Process, path: Text) -> String {
    let inside = path.as_str().trim_start_matches('/');
    let files = process.shared.host.files();
    let found = folders(process).into_iter().map(|folder| folder.join(inside)).find(|path| files.kind(path).is_some());
    found.map_or_else(String::new, |path| match files.kind(&path) {
        Some(Kind::Folder) => super::paths::folder_text(&path),
        _ => path.to_string_lossy().into_owned(),
    })
}
