//! ZIP archives that are read: the tree of what they hold, and taking files and folders out of it.
//! Nothing of an archive leads out of the folder it is taken out into.

use super::parameters::Integer;
use super::paths::{Place, destination, failed, fault, number, write_bytes};
use crate::host::{Access, Kind, OpenFile};
use crate::value::{Date, ErrorCode, Fault, Native, Object, PortableNative, Result, Text, Time, Value};
use crate::vm::Process;
use parking_lot::Mutex;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;
use zip::result::ZipError;

/// An open archive.
struct Archive {
    reader: Mutex<zip::ZipArchive<Box<dyn OpenFile>>>,
    password: Option<Text>,
    nodes: Vec<Node>,
    /// The archive's own file.
    file: Place,
}

/// A file or folder in an archive.
struct Node {
    name: String,
    /// From the root, without slashes at its ends.
    path: String,
    parent: usize,
    children: Vec<usize>,
    /// The place in the archive; none of folders that it names only as parts of paths.
    entry: Option<usize>,
    is_folder: bool,
    size: u64,
    modified: Option<zip::DateTime>,
}

/// The content of a 4D.ZipFile or 4D.ZipFolder object. The first node is the root.
#[derive(Clone)]
pub(crate) struct Zipped {
    archive: Arc<Archive>,
    node: usize,
}

impl Native for Zipped {
    fn copy(&self) -> Option<Box<dyn Native>> {
        Some(Box::new(self.clone()))
    }

    fn portable(&self) -> Option<Box<dyn PortableNative>> {
        Some(Box::new(self.clone()))
    }
}

impl PortableNative for Zipped {
    fn arrive(self: Box<Self>) -> Box<dyn Native> {
        self
    }
}

/// Source: commands/zip-read-archive
pub(super) fn read_archive(process: &mut Process, file: Place, password: Option<Text>) -> Result<Value> {
    if file.is_folder {
        return Err(Fault::new(ErrorCode::ArgumentType, "`ZIP Read archive` reads a file, not a folder"));
    }
    let open = process.shared.host.files().open(&file.path, Access::Read);
    let open = open.map_err(|error| failed(&error, &file.path))?;
    let mut reader = zip::ZipArchive::new(open).map_err(|error| broken(&error, &file.path))?;
    let password = password.filter(|password| !password.is_empty());
    let nodes = tree(&mut reader, password.as_ref(), &file.path)?;
    let archive = Archive { reader: Mutex::new(reader), password, nodes, file };
    let root = Zipped { archive: Arc::new(archive), node: 0 };
    let shape = process.shared.program.builtin_class("ZipArchive").root;
    Ok(Value::Object(Object::new_native(shape, Box::new(root))))
}

/// Source: commands/zip-create-archive (the texts of errors)
fn broken(error: &ZipError, path: &Path) -> Fault {
    let why = match error {
        ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED) => "a password is required".to_owned(),
        ZipError::InvalidPassword => "the password is not the right one".to_owned(),
        other => format!("Cannot open ZIP archive: {other}"),
    };
    fault(number::IO, path, &why)
}

/// Reads what an archive holds, and makes sure that the password opens it.
fn tree(
    reader: &mut zip::ZipArchive<Box<dyn OpenFile>>,
    password: Option<&Text>,
    path: &Path,
) -> Result<Vec<Node>> {
    let root = Node {
        name: String::new(),
        path: String::new(),
        parent: 0,
        children: Vec::new(),
        entry: None,
        is_folder: true,
        size: 0,
        modified: None,
    };
    let mut nodes = vec![root];
    let mut known = rustc_hash::FxHashMap::<String, usize>::default();
    let mut secret = None;
    for at in 0..reader.len() {
        let entry = reader.by_index_raw(at).map_err(|error| broken(&error, path))?;
        if entry.encrypted() {
            secret.get_or_insert(at);
        }
        let name = entry.name().map_err(|error| broken(&error, path))?.replace('\\', "/");
        let parts: Vec<&str> = name.split('/').filter(|part| !part.is_empty() && *part != ".").collect();
        if name.starts_with('/') || parts.contains(&"..") || name.contains('\0') {
            return Err(fault(
                number::BAD_NAME,
                path,
                &format!("the archive holds {name:?}, which leads out of it"),
            ));
        }
        let (is_folder, size, modified) = (entry.is_dir(), entry.size(), entry.last_modified());
        let mut here = 0;
        let mut whole = String::new();
        for (depth, part) in parts.iter().enumerate() {
            if !whole.is_empty() {
                whole.push('/');
            }
            whole.push_str(part);
            let last = depth + 1 == parts.len();
            let next = nodes.len();
            let node = *known.entry(whole.clone()).or_insert(next);
            if node == next {
                nodes.push(Node {
                    name: (*part).to_owned(),
                    path: whole.clone(),
                    parent: here,
                    children: Vec::new(),
                    entry: None,
                    is_folder: !last || is_folder,
                    size: 0,
                    modified: None,
                });
                if let Some(parent) = nodes.get_mut(here) {
                    parent.children.push(node);
                }
            }
            if last && let Some(node) = nodes.get_mut(node) {
                node.entry = Some(at);
                node.size = size;
                node.modified = modified;
            }
            here = node;
        }
    }
    if let Some(at) = secret {
        let opened = match password {
            None => reader.by_index(at).map(drop),
            Some(password) => reader.by_index_decrypt(at, password.as_bytes()).map(drop),
        };
        opened.map_err(|error| broken(&error, path))?;
    }
    Ok(nodes)
}

impl Zipped {
    fn here(&self) -> &Node {
        // the number was made together with the nodes, which never change
        &self.archive.nodes[self.node]
    }

    fn at(&self, node: usize) -> Self {
        Self { archive: Arc::clone(&self.archive), node }
    }

    pub(crate) fn is_root(&self) -> bool {
        self.node == 0
    }

    pub(crate) fn is_folder(&self) -> bool {
        self.here().is_folder
    }

    /// The name with the extension; the root has that of the archive, without its extension.
    pub(crate) fn full_name(&self) -> String {
        if self.is_root() {
            let name = self.archive.file.full_name();
            return super::paths::split_name(&name).0.to_owned();
        }
        self.here().name.clone()
    }

    /// From the archive's root, which is `/`.
    pub(crate) fn path(&self) -> String {
        let node = self.here();
        let slash = if node.is_folder && !self.is_root() { "/" } else { "" };
        format!("/{}{slash}", node.path)
    }

    pub(crate) fn parent(&self) -> Option<Self> {
        (!self.is_root()).then(|| self.at(self.here().parent))
    }

    /// What lies in it: files or folders, as `.files()` and `.folders()` give them.
    pub(crate) fn children(&self, options: Integer, folders: bool) -> Vec<Self> {
        let mut found = Vec::new();
        let mut work = vec![self.node];
        while let Some(node) = work.pop() {
            let Some(node) = self.archive.nodes.get(node) else { continue };
            let mut deeper = Vec::new();
            for child in &node.children {
                let child = self.at(*child);
                if options & 8 != 0 && child.here().name.starts_with('.') {
                    continue;
                }
                if child.is_folder() && options & 1 != 0 {
                    deeper.push(child.node);
                }
                if child.is_folder() == folders {
                    found.push(child);
                }
            }
            work.extend(deeper.into_iter().rev());
        }
        found
    }

    /// Something below this folder by its relative path.
    pub(crate) fn inside(&self, path: &str, folder: bool) -> Option<Self> {
        let mut here = self.clone();
        for part in path.split('/').filter(|part| !part.is_empty() && *part != ".") {
            here = if part == ".." {
                here.parent()?
            } else {
                let children = &here.here().children;
                let found = children.iter().find(|child| here.at(**child).here().name == part);
                here.at(*found?)
            };
        }
        (here.is_folder() == folder).then_some(here)
    }

    pub(crate) fn modified(&self) -> (Date, Time) {
        let Some(at) = self.here().modified else { return (Date::NULL, Time::new(0)) };
        let date = Date::new(at.year().into(), at.month().into(), at.day().into()).unwrap_or(Date::NULL);
        (date, Time::from_parts(at.hour().into(), at.minute().into(), at.second().into()))
    }

    pub(crate) fn content(&self) -> Result<Vec<u8>> {
        let node = self.here();
        let path = &self.archive.file.path;
        let Some(entry) = node.entry.filter(|_| !node.is_folder) else {
            return Err(fault(number::NOT_FOUND, path, "there is no such file in the archive"));
        };
        let mut reader = self.archive.reader.lock();
        let opened = match &self.archive.password {
            Some(password) => reader.by_index_decrypt(entry, password.as_bytes()),
            None => reader.by_index(entry),
        };
        let mut file = opened.map_err(|error| broken(&error, path))?;
        // what an archive says of sizes need not be true
        let mut bytes = Vec::with_capacity(usize::try_from(node.size).unwrap_or(0).min(1 << 20));
        file.read_to_end(&mut bytes).map_err(|error| fault(number::IO, path, &error.to_string()))?;
        Ok(bytes)
    }

    /// Takes it out into a folder. `Source: API/ZipFileClass, API/ZipFolderClass`
    pub(crate) fn copy_to(
        &self,
        process: &Process,
        folder: &Place,
        name: Option<&Text>,
        overwrite: bool,
    ) -> Result<Place> {
        let files = process.shared.host.files();
        let target = destination(files, folder, &self.full_name(), name, self.is_folder())?;
        if !overwrite && files.kind(&target.path).is_some() {
            return Err(fault(number::EXISTS, &target.path, "there is one already"));
        }
        let mut work = vec![(self.clone(), target.path.clone())];
        while let Some((from, to)) = work.pop() {
            if !from.is_folder() {
                if files.kind(&to) == Some(Kind::Folder) {
                    return Err(fault(number::BAD_NAME, &to, "there is a folder of that name"));
                }
                write_bytes(process, &to, &from.content()?)?;
                continue;
            }
            files.create_folder(&to).map_err(|error| failed(&error, &to))?;
            work.extend(from.here().children.iter().map(|child| {
                let child = from.at(*child);
                let to = to.join(&child.here().name);
                (child, to)
            }));
        }
        Ok(target)
    }

    /// The object that stands for it.
    pub(crate) fn object(self, process: &Process) -> Value {
        let class = if self.is_folder() { "ZipFolder" } else { "ZipFile" };
        let shape = process.shared.program.builtin_class(class).root;
        Value::Object(Object::new_native(shape, Box::new(self)))
    }

    /// What a ZipFile, ZipFolder or ZipArchive object holds.
    pub(crate) fn of_value(value: &Value) -> Option<Self> {
        match value {
            Value::Object(object) => object.native::<Self>().cloned(),
            _ => None,
        }
    }
}
