//! Nodes as bytes and back. A record holds one object or collection: its kind, its class, and its
//! properties or elements; other nodes are named by number. Numbers are in little-endian order,
//! lengths take four bytes. What was read from a file is never trusted: a record that is not as it
//! should be is `None`.

use super::durable::{Keeper, Mark, same};
use super::group::Group;
use super::{SharedCollection, SharedObject, SharedValue, Sort};
use crate::value::{Blob, Date, Shape, Text};
use rustc_hash::{FxHashMap, FxHashSet};
use std::sync::Arc;

/// The state of a node.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    pub number: u64,
    pub content: Vec<u8>,
}

const OBJECT: u8 = 1;
const STORAGE: u8 = 2;
const COLLECTION: u8 = 3;

const NULL: u8 = 0;
const FALSE: u8 = 1;
const TRUE: u8 = 2;
const INTEGER: u8 = 3;
const REAL: u8 = 4;
const DATE: u8 = 5;
const TEXT: u8 = 6;
const BLOB: u8 = 7;
const NODE: u8 = 8;
const CATALOG: u8 = 9;
/// What cannot be kept, such as a signal: there is nothing there after a restart.
const ABSENT: u8 = 10;

struct Writer<'a> {
    out: Vec<u8>,
    keeper: &'a Arc<dyn Keeper>,
}

impl Writer<'_> {
    fn bytes(&mut self, bytes: &[u8]) {
        self.length(bytes.len());
        self.out.extend_from_slice(bytes);
    }

    fn length(&mut self, length: usize) {
        self.out.extend_from_slice(&u32::try_from(length).unwrap_or(u32::MAX).to_le_bytes());
    }

    fn value(&mut self, value: &SharedValue) {
        match value {
            SharedValue::Null => self.out.push(NULL),
            SharedValue::Boolean(value) => self.out.push(if *value { TRUE } else { FALSE }),
            SharedValue::Integer(value) => self.tagged(INTEGER, &value.to_le_bytes()),
            SharedValue::Real(value) => self.tagged(REAL, &value.to_bits().to_le_bytes()),
            SharedValue::Date(date) => {
                self.tagged(DATE, &date.year().to_le_bytes());
                self.out.extend([date.month() as u8, date.day() as u8]);
            }
            SharedValue::Text(text) => {
                self.out.push(TEXT);
                self.bytes(text.as_str().as_bytes());
            }
            SharedValue::Blob(blob) => {
                self.out.push(BLOB);
                self.bytes(blob.as_slice());
            }
            SharedValue::Object(object) if object.sort() == Sort::Catalog => self.out.push(CATALOG),
            SharedValue::Object(object) => self.link(object.mark()),
            SharedValue::Collection(items) => self.link(items.mark()),
        }
    }

    fn tagged(&mut self, tag: u8, bytes: &[u8]) {
        self.out.push(tag);
        self.out.extend_from_slice(bytes);
    }

    fn link(&mut self, mark: Option<&Mark>) {
        match mark {
            Some(mark) if same(&mark.keeper, self.keeper) => self.tagged(NODE, &mark.number.to_le_bytes()),
            _ => self.out.push(ABSENT),
        }
    }
}

pub(super) fn of_object(object: &SharedObject, keeper: &Arc<dyn Keeper>) -> Vec<u8> {
    let entries = object.entries();
    let mut to = Writer { out: Vec::with_capacity(16 + entries.len() * 24), keeper };
    to.out.push(if object.sort() == Sort::SessionStorage { STORAGE } else { OBJECT });
    match object.class() {
        Some(class) => {
            to.bytes(class.store.as_str().as_bytes());
            to.bytes(class.name.as_str().as_bytes());
        }
        None => to.length(0),
    }
    to.length(entries.len());
    for (name, value) in &entries {
        to.bytes(name.as_str().as_bytes());
        to.value(value);
    }
    to.out
}

pub(super) fn of_collection(items: &SharedCollection, keeper: &Arc<dyn Keeper>) -> Vec<u8> {
    let items = items.to_vec();
    let mut to = Writer { out: Vec::with_capacity(5 + items.len() * 9), keeper };
    to.out.push(COLLECTION);
    to.length(items.len());
    for value in &items {
        to.value(value);
    }
    to.out
}

// ---- reading

/// A node as it was read.
#[derive(Debug)]
pub struct ReadNode {
    content: Content,
}

#[derive(Debug)]
enum Content {
    Object { storage: bool, class: Option<(String, String)>, entries: Vec<(Text, Part)> },
    Collection(Vec<Part>),
}

#[derive(Debug)]
enum Part {
    Value(SharedValue),
    Node(u64),
    Catalog,
    Absent,
}

struct Reader<'a>(&'a [u8]);

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.0.split_at_checked(count)?;
        self.0 = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn byte(&mut self) -> Option<u8> {
        self.array::<1>().map(|[byte]| byte)
    }

    /// How many parts follow; each takes at least a byte.
    fn count(&mut self) -> Option<usize> {
        let count = u32::from_le_bytes(self.array()?) as usize;
        (count <= self.0.len()).then_some(count)
    }

    fn bytes(&mut self) -> Option<&'a [u8]> {
        let length = self.count()?;
        self.take(length)
    }

    fn text(&mut self) -> Option<&'a str> {
        std::str::from_utf8(self.bytes()?).ok()
    }

    fn part(&mut self) -> Option<Part> {
        Some(Part::Value(match self.byte()? {
            NULL => SharedValue::Null,
            FALSE => SharedValue::Boolean(false),
            TRUE => SharedValue::Boolean(true),
            INTEGER => SharedValue::Integer(i32::from_le_bytes(self.array()?)),
            REAL => SharedValue::Real(f64::from_bits(u64::from_le_bytes(self.array()?))),
            DATE => {
                let year = i32::from_le_bytes(self.array()?);
                let (month, day) = (self.byte()?, self.byte()?);
                SharedValue::Date(Date::new(year, month.into(), day.into()).unwrap_or(Date::NULL))
            }
            TEXT => SharedValue::Text(self.text()?.into()),
            BLOB => SharedValue::Blob(Blob::new(self.bytes()?.to_vec())),
            NODE => return Some(Part::Node(u64::from_le_bytes(self.array()?))),
            CATALOG => return Some(Part::Catalog),
            ABSENT => return Some(Part::Absent),
            _ => return None,
        }))
    }
}

impl ReadNode {
    /// Reads a record.
    #[must_use]
    pub fn read(content: &[u8]) -> Option<Self> {
        let mut from = Reader(content);
        let content = match from.byte()? {
            COLLECTION => {
                let count = from.count()?;
                Content::Collection((0..count).map(|_| from.part()).collect::<Option<_>>()?)
            }
            kind @ (OBJECT | STORAGE) => {
                let store = from.text()?.to_owned();
                let class = match store.is_empty() {
                    true => None,
                    false => Some((store, from.text()?.to_owned())),
                };
                let count = from.count()?;
                let entries = (0..count).map(|_| Some((Text::from(from.text()?), from.part()?)));
                Content::Object { storage: kind == STORAGE, class, entries: entries.collect::<Option<_>>()? }
            }
            _ => return None,
        };
        from.0.is_empty().then_some(Self { content })
    }

    fn parts(&self) -> Box<dyn Iterator<Item = &Part> + '_> {
        match &self.content {
            Content::Object { entries, .. } => Box::new(entries.iter().map(|(_, part)| part)),
            Content::Collection(parts) => Box::new(parts.iter()),
        }
    }

    /// The nodes that this one names.
    pub fn links(&self) -> impl Iterator<Item = u64> + '_ {
        self.parts().filter_map(|part| match part {
            Part::Node(number) => Some(*number),
            _ => None,
        })
    }

    /// Whether it is the storage of a session.
    #[must_use]
    pub fn is_storage(&self) -> bool {
        matches!(self.content, Content::Object { storage: true, .. })
    }
}

/// What nodes are put together with.
pub struct Surroundings<'a> {
    pub keeper: Arc<dyn Keeper>,
    /// The catalog `Storage` of the program that runs now.
    pub catalog: &'a SharedObject,
    /// The root shape of a class's instances, by store and name; without one, the object has no class.
    pub class: &'a dyn Fn(&str, &str) -> Option<&'static Shape>,
}

/// Makes objects and collections of records; gives the storages of sessions, by number. Nodes that
/// lead to each other are in one group again.
#[must_use]
pub fn rebuild(nodes: &FxHashMap<u64, ReadNode>, around: &Surroundings<'_>) -> FxHashMap<u64, SharedObject> {
    let groups = groups(nodes);
    let mut made: FxHashMap<u64, SharedValue> = FxHashMap::default();
    let mark = |number: u64| Mark { number, keeper: Arc::clone(&around.keeper) };
    for (number, node) in nodes {
        let group = groups.get(number).cloned().unwrap_or_else(Group::new);
        let value = match &node.content {
            Content::Object { storage, class, .. } => {
                let shape = class.as_ref().and_then(|(store, name)| (around.class)(store, name));
                let sort = if *storage { Sort::SessionStorage } else { Sort::Plain };
                let object = SharedObject::in_group(shape.unwrap_or_else(Shape::root), sort, group);
                object.set_mark(mark(*number));
                SharedValue::Object(object)
            }
            Content::Collection(_) => {
                let items = SharedCollection::in_group(group);
                items.set_mark(mark(*number));
                SharedValue::Collection(items)
            }
        };
        made.insert(*number, value);
    }
    let value = |part: &Part| match part {
        Part::Value(value) => Some(value.clone()),
        Part::Node(number) => made.get(number).cloned(),
        Part::Catalog => Some(SharedValue::Object(around.catalog.clone())),
        Part::Absent => None,
    };
    for (number, node) in nodes {
        match (made.get(number), &node.content) {
            (Some(SharedValue::Object(object)), Content::Object { entries, .. }) => {
                let entries = entries.iter().filter_map(|(name, part)| Some((name.clone(), value(part)?)));
                object.fill(entries);
            }
            (Some(SharedValue::Collection(items)), Content::Collection(parts)) => {
                items.fill(parts.iter().map(|part| value(part).unwrap_or_default()).collect());
            }
            _ => {}
        }
    }
    let storages = made.into_iter().filter_map(|(number, value)| match value {
        SharedValue::Object(object) if object.sort() == Sort::SessionStorage => Some((number, object)),
        _ => None,
    });
    storages.collect()
}

/// One group for all nodes that lead to each other, storages aside: they have one for themselves.
fn groups(nodes: &FxHashMap<u64, ReadNode>) -> FxHashMap<u64, Arc<Group>> {
    let mut sides: FxHashMap<u64, Vec<u64>> = FxHashMap::default();
    for (number, node) in nodes.iter().filter(|(_, node)| !node.is_storage()) {
        sides.entry(*number).or_default();
        for other in node.links().filter(|other| nodes.get(other).is_some_and(|node| !node.is_storage())) {
            sides.entry(*number).or_default().push(other);
            sides.entry(other).or_default().push(*number);
        }
    }
    let mut groups: FxHashMap<u64, Arc<Group>> = FxHashMap::default();
    for start in sides.keys() {
        if groups.contains_key(start) {
            continue;
        }
        let (group, mut open, mut members) = (Group::new(), vec![*start], FxHashSet::default());
        while let Some(number) = open.pop() {
            if members.insert(number) {
                open.extend(sides.get(&number).into_iter().flatten());
            }
        }
        if members.len() > 1 {
            group.set_grouped();
        }
        groups.extend(members.into_iter().map(|member| (member, Arc::clone(&group))));
    }
    groups
}
