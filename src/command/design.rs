//! Theme Design Object Access: the methods, classes and forms that the sources hold. What is read and
//! written are the files; the program that runs stays as it was loaded. `design_code` has the commands for
//! what is in them.

use super::parameters::{ArrayRef, AsPassed, Integer, Out, Star, VariableRef};
use super::{bind::Plain, paths};
use crate::host::{Facts, Files, Kind};
use crate::value::{
    Array, ArrayKind, ErrorCode, Fault, Pointer, Result, Special, Text, Value, convert, ops,
};
use crate::vm::Process;
use std::path::PathBuf;
use std::time::SystemTime;

commands! {
    /// Fills an array with the paths of methods and classes of some kinds.
    1163 "METHOD GET PATHS" (folderName; methodType; arrPaths; stamp; *) => get_paths;
    /// Puts the path of a method or class together.
    1164 "METHOD Get path" (methodType; aTable; objectName; formObjectName; *) => get_path;
    /// Takes the path of a method apart.
    1165 "METHOD RESOLVE PATH" (path; methodType; ptrTable; objectName; formObjectName; *) => resolve_path;
    /// Fills an array with the names of the project methods.
    1166 "METHOD GET NAMES" (arrNames; filter; *) thread_safe => get_names;
    /// Fills an array with the names of the forms.
    1167 "FORM GET NAMES" (aTable; arrNames; filter; marker; *) => form_names;
    /// Fills an array with the names of the folders that methods are ordered in.
    1206 "METHOD GET FOLDERS" (arrNames; filter; *) => get_folders;
    /// Gives the path of the method that runs.
    1201 "Current method path" () thread_safe => current_path;
    /// Reads the sources again, in 4D's design environment: there is none, so nothing is done, as documented.
    1739 "RELOAD PROJECT" () => || ();
}

/// `Path project method` and its siblings, by their numbers.
pub(super) mod kind {
    pub(crate) const METHOD: i32 = 1;
    pub(crate) const DATABASE: i32 = 2;
    pub(crate) const FORM: i32 = 4;
    pub(crate) const TRIGGER: i32 = 8;
    pub(crate) const TABLE_FORM: i32 = 16;
    pub(crate) const CLASS: i32 = 32;
    pub(crate) const VOLATILE: i32 = 128;
}

/// The database methods that there are. `Source: commands/method-get-path`
const DATABASE_METHODS: &[&str] = &[
    "onStartup",
    "onExit",
    "onDrop",
    "onBackupStartup",
    "onBackupShutdown",
    "onWebConnection",
    "onWebAuthentication",
    "onWebSessionSuspend",
    "onServerStartup",
    "onServerShutdown",
    "onServerOpenConnection",
    "onServerCloseConnection",
    "onSystemEvent",
    "onSqlAuthentication",
    "onHostDatabaseEvent",
    "onRESTAuthentication",
    "onMobileAppAuthentication",
    "onMobileAppAction",
];

/// A path taken apart: `[projectForm]/myForm/button1`.
pub(super) struct DesignPath {
    pub kind: i32,
    pub table: Option<String>,
    /// Of a method, class or form.
    pub name: String,
    /// Of a form's object; `{formMethod}` is the form's own method.
    pub object: String,
}

const FORM_METHOD: &str = "{formMethod}";

pub(super) fn not_valid(path: &str) -> Fault {
    Fault::with_number(-9768, format!("`{path}` is not the path of a method"))
}

impl DesignPath {
    pub fn parse(path: &str) -> Option<Self> {
        let Some((kind, rest)) = path.strip_prefix('[').and_then(|rest| rest.split_once("]/")) else {
            let good = !path.is_empty() && !path.starts_with('[') && !path.contains('/');
            return good.then(|| Self { kind: kind::METHOD, table: None, name: path.to_owned(), object: String::new() });
        };
        let number = match kind.to_ascii_lowercase().as_str() {
            "databasemethod" => kind::DATABASE,
            "projectform" => kind::FORM,
            "tableform" => kind::TABLE_FORM,
            "trigger" => kind::TRIGGER,
            "class" => kind::CLASS,
            "volatile" => kind::VOLATILE,
            _ => return None,
        };
        let (table, rest) = match number {
            kind::TRIGGER => (Some(rest.to_owned()), ""),
            kind::TABLE_FORM => {
                let (table, rest) = rest.split_once('/')?;
                (Some(table.to_owned()), rest)
            }
            _ => (None, rest),
        };
        let (name, object) = match number {
            kind::FORM | kind::TABLE_FORM => rest.split_once('/').unwrap_or((rest, "")),
            _ => (rest, ""),
        };
        Some(Self { kind: number, table, name: name.to_owned(), object: object.to_owned() })
    }

    pub fn text(&self) -> String {
        let table = self.table.as_deref().unwrap_or_default();
        let object = if self.object.is_empty() { String::new() } else { format!("/{}", self.object) };
        match self.kind {
            kind::DATABASE => format!("[databaseMethod]/{}", self.name),
            kind::FORM => format!("[projectForm]/{}{object}", self.name),
            kind::TABLE_FORM => format!("[tableForm]/{table}/{}{object}", self.name),
            kind::TRIGGER => format!("[trigger]/{table}"),
            kind::CLASS => format!("[class]/{}", self.name),
            kind::VOLATILE => format!("[volatile]/{}", self.name),
            _ => self.name.clone(),
        }
    }

    /// The file that the path stands for, which need not be there.
    pub fn file(&self, process: &Process) -> Option<PathBuf> {
        let name = encoded(&self.name);
        let sources = &process.shared.runtime.places.sources;
        Some(match self.kind {
            kind::METHOD => methods_folder(process).join(format!("{name}.4dm")),
            kind::CLASS => sources.join("Classes").join(format!("{name}.4dm")),
            kind::DATABASE => sources.join("DatabaseMethods").join(format!("{name}.4dm")),
            kind::FORM => {
                let form = sources.join("Forms").join(name);
                match self.object.as_str() {
                    "" | FORM_METHOD => form.join("method.4dm"),
                    object => form.join("ObjectMethods").join(format!("{}.4dm", encoded(object))),
                }
            }
            kind::TRIGGER => {
                let table = table_number(self.table.as_deref()?)?;
                sources.join("Triggers").join(format!("table_{table}.4dm"))
            }
            kind::TABLE_FORM => {
                let table = table_number(self.table.as_deref()?)?;
                let form = sources.join("TableForms").join(table.to_string()).join(name);
                match self.object.as_str() {
                    "" | FORM_METHOD => form.join("method.4dm"),
                    object => form.join("ObjectMethods").join(format!("{}.4dm", encoded(object))),
                }
            }
            _ => return None,
        })
    }
}

/// Characters that file systems refuse, as 4D writes them in names of files.
pub(super) fn encoded(name: &str) -> String {
    name.chars().fold(String::with_capacity(name.len()), |mut out, character| {
        if r#"/\:*?"<>|%"#.contains(character) {
            out.push_str(&format!("%{:02X}", u32::from(character)));
        } else {
            out.push(character);
        }
        out
    })
}

/// The name that a file stands for.
fn decoded(name: &str) -> String {
    super::system_paths::decoded(name)
}

/// The number of a table, by the name that stands for it here: `table_3`.
fn table_number(table: &str) -> Option<u32> {
    table.rsplit_once('_')?.1.parse().ok()
}

/// A project has its methods in a folder of their own, a script's folder is that itself.
pub(super) fn methods_folder(process: &Process) -> PathBuf {
    let sources = &process.shared.runtime.places.sources;
    let own = sources.join("Methods");
    if process.shared.host.files().kind(&own) == Some(Kind::Folder) { own } else { sources.clone() }
}

/// The names of the code files in a folder, in order, with when they were changed.
fn code_in(files: &dyn Files, folder: &std::path::Path) -> Vec<(String, SystemTime)> {
    let listed = files.list(folder).unwrap_or_default();
    let code = listed.into_iter().filter(|entry| entry.kind == Kind::File);
    let named = code.filter_map(|entry| {
        let (name, extension) = paths::split_name(&entry.name);
        let changed = files.facts(&entry.path).ok().and_then(|facts: Facts| facts.modified);
        let named = (decoded(name), changed.unwrap_or(SystemTime::UNIX_EPOCH));
        extension.eq_ignore_ascii_case(".4dm").then_some(named)
    });
    named.collect()
}

fn folders_in(files: &dyn Files, folder: &std::path::Path) -> Vec<(String, PathBuf)> {
    let listed = files.list(folder).unwrap_or_default();
    let folders = listed.into_iter().filter(|entry| entry.kind == Kind::Folder);
    folders.map(|entry| (decoded(&entry.name), entry.path)).collect()
}

/// The methods of the forms in a folder.
fn form_paths(files: &dyn Files, folder: &std::path::Path, table: Option<&str>) -> Vec<(DesignPath, SystemTime)> {
    let mut found = Vec::new();
    for (name, path) in folders_in(files, folder) {
        let mut add = |object: String, changed| {
            let kind = if table.is_some() { kind::TABLE_FORM } else { kind::FORM };
            found.push((DesignPath { kind, table: table.map(str::to_owned), name: name.clone(), object }, changed));
        };
        for (method, changed) in code_in(files, &path) {
            if method == "method" {
                add(FORM_METHOD.to_owned(), changed);
            }
        }
        for (object, changed) in code_in(files, &path.join("ObjectMethods")) {
            add(object, changed);
        }
    }
    found
}

/// All methods and classes of some kinds.
fn all_paths(process: &Process, kinds: i32) -> Vec<(DesignPath, SystemTime)> {
    let files = process.shared.host.files();
    let sources = &process.shared.runtime.places.sources;
    let mut found = Vec::new();
    let wanted = |kind: i32| kinds & kind != 0;
    let plain = [
        (kind::METHOD, methods_folder(process)),
        (kind::DATABASE, sources.join("DatabaseMethods")),
        (kind::CLASS, sources.join("Classes")),
    ];
    for (kind, folder) in plain.into_iter().filter(|(kind, _)| wanted(*kind)) {
        let code = code_in(files, &folder).into_iter();
        found.extend(code.map(|(name, changed)| {
            (DesignPath { kind, table: None, name, object: String::new() }, changed)
        }));
    }
    if wanted(kind::FORM) {
        found.extend(form_paths(files, &sources.join("Forms"), None));
    }
    if wanted(kind::TABLE_FORM) {
        for (table, folder) in folders_in(files, &sources.join("TableForms")) {
            found.extend(form_paths(files, &folder, Some(&table_name(&table))));
        }
    }
    if wanted(kind::TRIGGER) {
        for (name, changed) in code_in(files, &sources.join("Triggers")) {
            let number = name.rsplit_once('_').map_or("", |(_, number)| number);
            let table = Some(table_name(number));
            found.push((DesignPath { kind: kind::TRIGGER, table, name: String::new(), object: String::new() }, changed));
        }
    }
    found
}

/// The structure is not known while a program runs: tables are named by their numbers.
fn table_name(number: &str) -> String {
    format!("table_{number}")
}

/// Milliseconds stand for 4D's counter of changes: they grow with each as well.
fn stamp(changed: SystemTime) -> f64 {
    changed.duration_since(SystemTime::UNIX_EPOCH).map_or(0.0, |time| time.as_millis() as f64)
}

/// What passes a stamp; gives the highest stamp in its place.
fn since<T>(process: &mut Process, found: Vec<(T, SystemTime)>, marker: Option<AsPassed>) -> Result<Vec<T>> {
    let Some(marker) = marker else { return Ok(found.into_iter().map(|(found, _)| found).collect()) };
    let variable = VariableRef::from_value(marker.0);
    let least = match &variable {
        Ok(variable) => convert::as_real(&variable.get(process)?).unwrap_or(0.0),
        Err(value) => convert::as_real(value).unwrap_or(0.0),
    };
    let highest = found.iter().map(|(_, changed)| stamp(*changed)).fold(0.0, f64::max);
    if let Ok(variable) = variable {
        variable.set(process, Value::Real(highest))?;
    }
    Ok(found.into_iter().filter(|(_, changed)| stamp(*changed) >= least).map(|(found, _)| found).collect())
}

pub(super) fn fill_texts(process: &mut Process, array: &ArrayRef, texts: Vec<String>) -> Result<()> {
    let mut filled = Array::new(ArrayKind::Text, 0)?;
    for text in texts {
        filled.append(Value::from(text.as_str()))?;
    }
    array.replace(process, filled)
}

/// The folder stands first, and may be left out. Source: commands/method-get-paths
fn get_paths(
    process: &mut Process,
    first: AsPassed,
    second: AsPassed,
    third: Option<AsPassed>,
    fourth: Option<AsPassed>,
    _host: Option<Star>,
) -> Result<()> {
    let first = plain(process, first)?;
    let (folder, kinds, array, marker) = match (first, third) {
        (Value::Text(folder), Some(array)) => (Some(folder), plain(process, second)?, array, fourth),
        (kinds, marker) => (None, kinds, second, marker),
    };
    let Some(kinds) = convert::as_integer(&kinds) else {
        return Err(Fault::new(ErrorCode::ArgumentType, "`METHOD GET PATHS` needs a kind of methods as a number"));
    };
    let array = ArrayRef::of_pointer(array.0)?;
    let mut found = all_paths(process, kinds);
    if let Some(folder) = folder.filter(|folder| !folder.is_empty()) {
        let inside = super::design_code::in_folder(process, &folder);
        found.retain(|(path, _)| inside.iter().any(|name| ops::equal_text(name, &path.name)));
    }
    let texts = since(process, found, marker)?.iter().map(DesignPath::text).collect();
    fill_texts(process, &array, texts)
}

/// What a variable holds, or the value itself.
pub(super) fn plain(process: &mut Process, passed: AsPassed) -> Result<Value> {
    match passed.0 {
        value @ Value::Special(Special::Register(_) | Special::Process(_) | Special::Interprocess(_) | Special::Element(..)) => {
            process.read_variable(&value)
        }
        Value::Cell(cell) => Ok(cell.get()),
        value => Ok(value),
    }
}

/// Names that match a filter with `@`; an empty one lets all through.
fn filtered(names: impl Iterator<Item = String>, filter: Option<&Text>) -> Vec<String> {
    let filter = filter.filter(|filter| !filter.is_empty());
    names.filter(|name| filter.is_none_or(|filter| ops::matches_text(name, filter))).collect()
}

/// Source: commands/method-get-names
fn get_names(process: &mut Process, array: ArrayRef, filter: Option<Text>, _host: Option<Star>) -> Result<()> {
    let found = code_in(process.shared.host.files(), &methods_folder(process));
    let names = filtered(found.into_iter().map(|(name, _)| name), filter.as_ref());
    fill_texts(process, &array, names)
}

/// Source: commands/method-get-folders
fn get_folders(process: &mut Process, array: ArrayRef, filter: Option<Text>, _host: Option<Star>) -> Result<()> {
    let names = super::design_code::folder_names(process);
    let names = filtered(names.into_iter(), filter.as_ref());
    fill_texts(process, &array, names)
}

/// A table may stand first. Source: commands/form-get-names
fn form_names(
    process: &mut Process,
    first: AsPassed,
    second: Option<AsPassed>,
    third: Option<AsPassed>,
    fourth: Option<AsPassed>,
    _host: Option<Star>,
) -> Result<()> {
    let (table, array, filter, marker) = match first.0 {
        Value::Special(Special::Table(number)) => {
            let array = second.ok_or_else(|| Fault::new(ErrorCode::Arity, "`FORM GET NAMES` needs an array"))?;
            (Some(number), array, third, fourth)
        }
        array => (None, AsPassed(array), second, third),
    };
    let filter = match filter {
        None => None,
        Some(filter) => match plain(process, filter)? {
            Value::Text(filter) => Some(filter),
            _ => return Err(Fault::new(ErrorCode::ArgumentType, "The filter of `FORM GET NAMES` is a text")),
        },
    };
    let array = ArrayRef::of_pointer(array.0)?;
    let sources = &process.shared.runtime.places.sources;
    let folder = match table {
        None => sources.join("Forms"),
        Some(number) => sources.join("TableForms").join(number.to_string()),
    };
    let files = process.shared.host.files();
    let forms = folders_in(files, &folder).into_iter().filter_map(|(name, path)| {
        let facts = files.facts(&path.join("form.4DForm")).ok()?;
        Some((name, facts.modified.unwrap_or(SystemTime::UNIX_EPOCH)))
    });
    let forms = forms.collect();
    let names = since(process, forms, marker)?;
    fill_texts(process, &array, filtered(names.into_iter(), filter.as_ref()))
}

/// Source: commands/method-get-path
fn get_path(
    process: &mut Process,
    number: Integer,
    first: Option<AsPassed>,
    second: Option<Text>,
    third: Option<Text>,
    _host: Option<Star>,
) -> Result<String> {
    let first = first.map(|first| plain(process, first)).transpose()?;
    let (table, name, object) = match first {
        Some(Value::Special(Special::Table(table))) => (Some(table_name(&table.to_string())), second, third),
        Some(Value::Text(name)) => (None, Some(name), second),
        None => (None, None, None),
        Some(other) => {
            let found = super::bind::in_words(&other);
            return Err(Fault::new(ErrorCode::ArgumentType, format!("`METHOD Get path` needs a table or a name, not {found}")));
        }
    };
    let path = DesignPath {
        kind: number,
        table,
        name: name.unwrap_or_default().to_string(),
        object: match object {
            Some(object) => object.to_string(),
            None if matches!(number, kind::FORM | kind::TABLE_FORM) => FORM_METHOD.to_owned(),
            None => String::new(),
        },
    };
    let known = matches!(
        number,
        kind::METHOD | kind::DATABASE | kind::FORM | kind::TABLE_FORM | kind::TRIGGER | kind::CLASS | kind::VOLATILE
    );
    let lacks_table = matches!(number, kind::TABLE_FORM | kind::TRIGGER) && path.table.is_none();
    let is_method = number != kind::DATABASE || DATABASE_METHODS.iter().any(|m| m.eq_ignore_ascii_case(&path.name));
    if !known || lacks_table || !is_method {
        return Err(not_valid(&path.text()));
    }
    Ok(path.text())
}

/// Source: commands/method-resolve-path
fn resolve_path(
    process: &mut Process,
    path: Text,
    number: Out<Integer>,
    table: Out<Pointer>,
    name: Out<Text>,
    object: Out<Text>,
    _host: Option<Star>,
) -> Result<()> {
    let found = DesignPath::parse(&path).ok_or_else(|| not_valid(&path))?;
    if found.table.is_some() {
        let message = format!("`{path}` leads to a table, and fourd has none to point to");
        return Err(Fault::new(ErrorCode::Headless, message));
    }
    number.set(process, found.kind)?;
    table.set(process, Pointer::nil())?;
    name.set(process, Text::from(found.name))?;
    object.set(process, Text::from(found.object))
}

/// Source: commands/current-method-path
fn current_path(process: &mut Process) -> String {
    let name = process.current_method_name().to_owned();
    // a function of a class is named with its class
    match name.split_once([':', '.']) {
        Some((class, _)) => format!("[class]/{class}"),
        None if DATABASE_METHODS.iter().any(|method| name.replace(' ', "").eq_ignore_ascii_case(method)) => {
            format!("[databaseMethod]/{name}")
        }
        None => name,
    }
}
