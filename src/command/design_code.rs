//! Theme Design Object Access: code, attributes and documentation of methods and classes. What is changed
//! are the files; the program that runs stays as it was loaded.

use super::design::{DesignPath, encoded, kind, not_valid};
use super::parameters::{AsPassed, Integer, Rest, Star, VariableOrValue, VariableRef};
use super::{bind::Plain, paths};
use crate::syntax::format::Suffixes;
use crate::value::{Array, ArrayKind, ErrorCode, Fault, Object, Result, Text, Time, Value, ops};
use crate::vm::Process;
use serde_json::{Map, Value as Json};
use std::path::{Path, PathBuf};

commands! {
    /// Reads the code of methods and classes.
    1190 "METHOD GET CODE" (path; code; option; *) => get_code;
    /// Writes the code of methods and classes to their files; it is run the next time the program starts.
    1194 "METHOD SET CODE" (path; code; *) => set_code;
    /// Tells whether a project method has an attribute.
    1169 "METHOD Get attribute" (path; attribType; *) => get_attribute;
    /// Gives all attributes of project methods.
    1334 "METHOD GET ATTRIBUTES" (path; attributes; *) thread_safe => get_attributes;
    /// Sets attributes of a project method.
    1192 "METHOD SET ATTRIBUTE" (path; attribType; attribValue; attribType2; *) => set_attribute;
    /// Sets attributes of project methods, by objects.
    1335 "METHOD SET ATTRIBUTES" (path; attributes; *) => set_attributes;
    /// Tells when methods were last changed.
    1170 "METHOD GET MODIFICATION DATE" (path; modDate; modTime; *) => modification_date;
    /// Reads the documentation of methods.
    1189 "METHOD GET COMMENTS" (path; comments; *) => get_comments;
    /// Writes the documentation of methods.
    1193 "METHOD SET COMMENTS" (path; comments; *) => set_comments;
}

/// How the line begins that tells a method's attributes.
const ATTRIBUTES: &str = "//%attributes = ";

/// The properties of attributes, with their numbers and whether they are set when nothing is said.
const KNOWN: &[(i32, &str)] = &[
    (1, "invisible"),
    (2, "publishedWeb"),
    (3, "publishedSoap"),
    (4, "publishedWsdl"),
    (5, "shared"),
    (7, "publishedSql"),
    (8, "executedOnServer"),
];
/// `Attribute folder name`
const FOLDER: i32 = 1024;

// ---- one path or an array of them

/// What stands for one method or for several.
enum Paths {
    One(Text),
    Many(Vec<Text>),
}

fn paths_of(process: &mut Process, passed: AsPassed) -> Result<Paths> {
    match content(process, passed)? {
        Value::Text(path) => Ok(Paths::One(path)),
        Value::Array(array) => Ok(Paths::Many(texts_of(&array)?)),
        other => {
            let found = super::bind::in_words(&other);
            Err(Fault::new(ErrorCode::ArgumentType, format!("Paths of methods are a text or a text array, not {found}")))
        }
    }
}

/// What a variable or a pointer's target holds, or the value itself.
fn content(process: &mut Process, passed: AsPassed) -> Result<Value> {
    match VariableRef::from_value(passed.0) {
        Ok(variable) => variable.get(process),
        Err(value) => Ok(value),
    }
}

fn texts_of(array: &Array) -> Result<Vec<Text>> {
    let texts = (1..=array.len() as i64).map(|at| match array.get(at)? {
        Value::Text(text) => Ok(text),
        other => Err(Fault::new(
            ErrorCode::ArgumentType,
            format!("A text array is expected here, not one of {}", other.type_name()),
        )),
    });
    texts.collect()
}

/// Gives each method's value, to a variable or to an array.
fn give(
    process: &mut Process,
    paths: Paths,
    out: &VariableRef,
    kind: ArrayKind,
    value: impl Fn(&mut Process, &str) -> Result<Value>,
) -> Result<()> {
    let value = match paths {
        Paths::One(path) => value(process, &path)?,
        Paths::Many(paths) => {
            let mut array = Array::new(kind, 0)?;
            for path in paths {
                let value = value(process, &path)?;
                array.append(value)?;
            }
            Value::Array(Box::new(array))
        }
    };
    match value {
        array @ Value::Array(_) => process.with_variable(out.reference(), |variable| *variable = array),
        value => out.set(process, value),
    }
}

/// Pairs of a path and what is to be set there.
fn pairs(process: &mut Process, paths: AsPassed, values: AsPassed) -> Result<Vec<(Text, Value)>> {
    let (paths, values) = (paths_of(process, paths)?, content(process, values)?);
    match (paths, values) {
        (Paths::One(_), Value::Array(_)) | (Paths::Many(_), Value::Text(_) | Value::Object(_)) => {
            Err(Fault::new(ErrorCode::ArgumentType, "Paths and values must both be variables, or both be arrays"))
        }
        (Paths::One(path), value) => Ok(vec![(path, value)]),
        (Paths::Many(paths), Value::Array(values)) => {
            let all = paths.into_iter().zip(1..=values.len() as i64);
            all.map(|(path, at)| Ok((path, values.get(at)?))).collect()
        }
        (Paths::Many(_), other) => {
            let found = super::bind::in_words(&other);
            Err(Fault::new(ErrorCode::ArgumentType, format!("An array is expected here, not {found}")))
        }
    }
}

// ---- files

/// The text of a method's file.
fn source(process: &Process, path: &str) -> Result<(PathBuf, String)> {
    let file = file_of(process, path)?;
    let bytes = process.shared.host.files().read(&file).map_err(|_| not_valid(path))?;
    Ok((file, String::from_utf8_lossy(&bytes).trim_start_matches('\u{FEFF}').replace("\r\n", "\n").replace('\r', "\n")))
}

fn file_of(process: &Process, path: &str) -> Result<PathBuf> {
    DesignPath::parse(path).and_then(|path| path.file(process)).ok_or_else(|| not_valid(path))
}

/// A source's attributes, and the rest of it.
fn split(source: &str) -> (Map<String, Json>, &str) {
    let (first, rest) = source.split_once('\n').unwrap_or((source, ""));
    let told = first.strip_prefix("//").map(str::trim_start).and_then(|first| first.strip_prefix("%attributes"));
    let Some(told) = told.and_then(|told| told.trim_start().strip_prefix('=')) else {
        return (Map::new(), source);
    };
    // words may follow the object
    let object = serde_json::Deserializer::from_str(told).into_iter::<Json>().next();
    match object {
        Some(Ok(Json::Object(attributes))) => (attributes, rest),
        _ => (Map::new(), rest),
    }
}

fn joined(attributes: Map<String, Json>, code: &str) -> String {
    format!("{ATTRIBUTES}{}\n{code}", Json::Object(attributes))
}

/// Source: commands/method-get-code
fn get_code(
    process: &mut Process,
    path: AsPassed,
    code: VariableRef,
    option: Option<Integer>,
    _host: Option<Star>,
) -> Result<()> {
    let paths = paths_of(process, path)?;
    let suffixes = if option == Some(1) { Suffixes::Add } else { Suffixes::Strip };
    let done = give(process, paths, &code, ArrayKind::Text, |process, path| {
        let (_, source) = source(process, path)?;
        let (mut attributes, code) = split(&source);
        attributes.entry("lang").or_insert_with(|| Json::from("en"));
        if let Some(folder) = folder_of(process, path) {
            attributes.insert("folder".to_owned(), Json::from(folder));
        }
        let code = process.shared.program.formatted(code, suffixes);
        let head = format!("{ATTRIBUTES}{} comment added and reserved by 4D.", Json::Object(attributes));
        Ok(Value::from(format!("{head}\n{}", code.trim_end_matches('\n')).replace('\n', "\r").as_str()))
    });
    if done.is_err() {
        code.set(process, Text::default())?;
    }
    done
}

/// Source: commands/method-set-code
fn set_code(process: &mut Process, path: AsPassed, code: AsPassed, _host: Option<Star>) -> Result<()> {
    for (path, code) in pairs(process, path, code)? {
        let Value::Text(code) = code else {
            return Err(Fault::new(ErrorCode::ArgumentType, "The code of a method is a text"));
        };
        // a path that is none changes nothing, as documented
        let Some(place) = DesignPath::parse(&path) else { continue };
        let Some(file) = place.file(process) else { continue };
        let may_be_new = matches!(place.kind, kind::METHOD | kind::DATABASE | kind::TRIGGER);
        let files = process.shared.host.files();
        if !may_be_new && files.kind(&file).is_none() {
            continue;
        }
        let text = code.replace("\r\n", "\n").replace('\r', "\n");
        let (mut attributes, body) = split(&text);
        if attributes.remove("lang").is_some_and(|lang| lang != "en") {
            let message = format!("`{path}`: only code in English is taken");
            return Err(Fault::new(ErrorCode::NotProvided, message));
        }
        attributes.remove("folder");
        let whole = if place.kind == kind::CLASS { body.to_owned() } else { joined(attributes, body) };
        write(process, &file, &whole)?;
    }
    Ok(())
}

fn write(process: &Process, file: &Path, text: &str) -> Result<()> {
    if let Some(folder) = file.parent() {
        process.shared.host.files().create_folder(folder).map_err(|error| paths::failed(&error, folder))?;
    }
    paths::write_bytes(process, file, text.as_bytes())
}

// ---- attributes

/// The attributes of a project method.
fn attributes(process: &Process, path: &str) -> Result<Map<String, Json>> {
    if DesignPath::parse(path).is_none_or(|path| path.kind != kind::METHOD) {
        return Err(not_valid(path));
    }
    Ok(split(&source(process, path)?.1).0)
}

fn property(number: Integer) -> Result<&'static str> {
    let found = KNOWN.iter().find(|(known, _)| *known == number).map(|(_, name)| *name);
    found.ok_or_else(|| Fault::new(ErrorCode::ArgumentType, format!("There is no attribute {number} of methods")))
}

/// Source: commands/method-get-attribute
fn get_attribute(process: &mut Process, path: Text, number: Integer, _host: Option<Star>) -> Result<bool> {
    let name = property(number)?;
    Ok(attributes(process, &path)?.get(name).and_then(Json::as_bool).unwrap_or(false))
}

/// Source: commands/method-get-attributes
fn get_attributes(process: &mut Process, path: AsPassed, out: VariableRef, _host: Option<Star>) -> Result<()> {
    let paths = paths_of(process, path)?;
    give(process, paths, &out, ArrayKind::Object, |process, path| {
        let told = attributes(process, path)?;
        let object = Object::new();
        let flag = |name: &str| Value::Boolean(told.get(name).and_then(Json::as_bool).unwrap_or(false));
        object.set(&"invisible".into(), flag("invisible"));
        let preemptive = told.get("preemptive").and_then(Json::as_str).unwrap_or("indifferent");
        object.set(&"preemptive".into(), Value::from(preemptive));
        for (_, name) in KNOWN.iter().filter(|(_, name)| *name != "invisible") {
            object.set(&Text::from(*name), flag(name));
        }
        Ok(Value::Object(object))
    })
}

/// Changes the attributes of a project method in its file.
fn change(process: &Process, path: &str, new: Vec<(String, Json)>) -> Result<()> {
    attributes(process, path)?;
    let (file, source) = source(process, path)?;
    let (mut attributes, code) = split(&source);
    attributes.extend(new);
    write(process, &file, &joined(attributes, code))
}

/// Source: commands/method-set-attribute
fn set_attribute(
    process: &mut Process,
    path: Text,
    number: Integer,
    value: VariableOrValue,
    more: Rest<(Integer, VariableOrValue)>,
    _host: Option<Star>,
) -> Result<()> {
    let mut new = Vec::new();
    for (number, value) in std::iter::once((number, value)).chain(more.0) {
        match (number, value.0) {
            (FOLDER, Value::Text(_)) => {
                return Err(Fault::new(ErrorCode::NotProvided, "Methods are not moved between folders of 4D's explorer"));
            }
            (number, Value::Boolean(set)) => new.push((property(number)?.to_owned(), Json::from(set))),
            (_, other) => {
                let found = super::bind::in_words(&other);
                let message = format!("An attribute of a method is a Boolean, not {found}");
                return Err(Fault::new(ErrorCode::ArgumentType, message));
            }
        }
    }
    change(process, &path, new)
}

/// Source: commands/method-set-attributes
fn set_attributes(process: &mut Process, path: AsPassed, values: AsPassed, _host: Option<Star>) -> Result<()> {
    for (path, value) in pairs(process, path, values)? {
        let Value::Object(told) = value else {
            return Err(Fault::new(ErrorCode::ArgumentType, "Attributes of methods are objects"));
        };
        let mut new = Vec::new();
        for (name, value) in told.entries() {
            let json = match (name.as_str(), value) {
                ("preemptive", Value::Text(mode)) if ["capable", "incapable", "indifferent"].contains(&mode.as_str()) => {
                    Json::from(mode.as_str())
                }
                (name, Value::Boolean(set)) if KNOWN.iter().any(|(_, known)| *known == name) => Json::from(set),
                (name, other) => {
                    let message = format!("`{name}` is no attribute of methods, or not one to be {other:?}");
                    return Err(Fault::new(ErrorCode::ArgumentType, message));
                }
            };
            new.push((name.to_string(), json));
        }
        change(process, &path, new)?;
    }
    Ok(())
}

/// Source: commands/method-get-modification-date
fn modification_date(
    process: &mut Process,
    path: AsPassed,
    date: VariableRef,
    time: VariableRef,
    _host: Option<Star>,
) -> Result<()> {
    let told = |process: &Process, path: &str| {
        let file = file_of(process, path)?;
        let facts = process.shared.host.files().facts(&file).map_err(|_| not_valid(path))?;
        Ok(paths::local(process, facts.modified))
    };
    let paths = paths_of(process, path)?;
    let again = match &paths {
        Paths::One(path) => Paths::One(path.clone()),
        Paths::Many(paths) => Paths::Many(paths.clone()),
    };
    let many = matches!(paths, Paths::Many(_));
    give(process, paths, &date, ArrayKind::Date, |process, path| Ok(Value::Date(told(process, path)?.0)))?;
    give(process, again, &time, ArrayKind::Longint, |process, path| {
        let time: Time = told(process, path)?.1;
        Ok(if many { Value::Integer(i32::try_from(time.seconds).unwrap_or(0)) } else { Value::Time(time) })
    })
}

// ---- documentation

/// The file of a method's documentation. `Source: Project/documentation`
fn documentation(process: &Process, path: &str) -> Result<PathBuf> {
    let place = DesignPath::parse(path).ok_or_else(|| not_valid(path))?;
    let folder = process.shared.runtime.places.package.join("Documentation");
    let name = format!("{}.md", encoded(&place.name));
    Ok(match place.kind {
        kind::METHOD => folder.join("Methods").join(name),
        kind::CLASS => folder.join("Classes").join(name),
        kind::DATABASE => folder.join("DatabaseMethods").join(name),
        kind::FORM => folder.join("Forms").join(name),
        kind::TRIGGER => folder.join("Triggers").join(format!("{}.md", place.table.unwrap_or_default())),
        _ => return Err(not_valid(path)),
    })
}

/// Source: commands/method-get-comments
fn get_comments(process: &mut Process, path: AsPassed, out: VariableRef, _host: Option<Star>) -> Result<()> {
    let paths = paths_of(process, path)?;
    give(process, paths, &out, ArrayKind::Text, |process, path| {
        let file = documentation(process, path)?;
        let bytes = process.shared.host.files().read(&file).unwrap_or_default();
        Ok(Value::from(String::from_utf8_lossy(&bytes).as_ref()))
    })
}

/// Source: commands/method-set-comments
fn set_comments(process: &mut Process, path: AsPassed, comments: AsPassed, _host: Option<Star>) -> Result<()> {
    for (path, comments) in pairs(process, path, comments)? {
        let Value::Text(comments) = comments else {
            return Err(Fault::new(ErrorCode::ArgumentType, "The documentation of a method is a text"));
        };
        source(process, &path)?;
        let file = documentation(process, &path)?;
        write(process, &file, &comments)?;
    }
    Ok(())
}

// ---- folders of 4D's explorer

/// What `folders.json` says: folders, with the methods and classes in them.
fn folders(process: &Process) -> Map<String, Json> {
    let file = process.shared.runtime.places.sources.join("folders.json");
    let bytes = process.shared.host.files().read(&file).unwrap_or_default();
    match serde_json::from_slice(&bytes) {
        Ok(Json::Object(folders)) => folders,
        _ => Map::new(),
    }
}

/// The names of all folders.
pub(super) fn folder_names(process: &Process) -> Vec<String> {
    folders(process).keys().filter(|name| *name != "trash").cloned().collect()
}

fn members(folder: &Json) -> impl Iterator<Item = &str> {
    let lists = ["methods", "classes", "forms"].iter().filter_map(|list| folder.get(list)?.as_array());
    lists.flatten().filter_map(Json::as_str)
}

/// The names of what lies in a folder.
pub(super) fn in_folder(process: &Process, folder: &str) -> Vec<String> {
    let folders = folders(process);
    let found = folders.iter().find(|(name, _)| ops::equal_text(name, folder));
    found.map_or_else(Vec::new, |(_, folder)| members(folder).map(str::to_owned).collect())
}

/// The folder that a method lies in.
fn folder_of(process: &Process, path: &str) -> Option<String> {
    let place = DesignPath::parse(path)?;
    let folders = folders(process);
    let found = folders.iter().find(|(_, folder)| members(folder).any(|name| name == place.name));
    found.map(|(name, _)| name.clone()).filter(|name| name != "trash")
}
