//! Shared objects that outlive the program: what is reachable from a session's storage whose registry
//! keeps it on disk. Such a node has a mark; what was changed in it is noted in its group, and the
//! outermost `End use` hands the completed state to the keeper while the group is still locked, so
//! that states arrive in the order in which they came to be. Nodes without a mark cost one look.
//!
//! A node is marked, with all it leads to, when it is put into a marked one: under the lock of its own
//! group, so never in the middle of another process's `Use`. If the process itself is in such a `Use`,
//! the node is written when that ends; until then the record that names it leads nowhere.

use super::group::{Caller, Group, LastGroup};
use super::record::{self, Record};
use super::{SharedCollection, SharedObject, SharedValue};
use crate::value::Result;
use rustc_hash::FxHashMap;
use std::sync::Arc;

/// Where the states of marked nodes go.
pub trait Keeper: Send + Sync {
    /// A number that no node has or had.
    fn new_number(&self) -> u64;

    /// Takes over states that belong together. Called under a group's lock: must not wait for others.
    /// The result stands for this and everything taken over before.
    fn keep(&self, records: Vec<Record>) -> u64;

    /// Waits until what was taken over is safe.
    ///
    /// # Errors
    /// It could not be written; it will be, together with what comes next.
    fn wait(&self, kept: u64) -> Result<()>;

    /// No one has the node any more. Must not wait.
    fn forget(&self, number: u64);
}

/// What a node is known by to its keeper.
pub(super) struct Mark {
    pub(super) number: u64,
    pub(super) keeper: Arc<dyn Keeper>,
}

impl Drop for Mark {
    fn drop(&mut self) {
        self.keeper.forget(self.number);
    }
}

/// What has been taken over by a keeper and may not be safe yet.
pub(super) struct Kept {
    keeper: Arc<dyn Keeper>,
    number: u64,
}

impl Kept {
    pub(super) fn wait(&self) -> Result<()> {
        self.keeper.wait(self.number)
    }
}

/// What changed in a group since its `Use` began.
pub(super) struct Journal {
    keeper: Arc<dyn Keeper>,
    changed: FxHashMap<u64, SharedValue>,
    /// What changed nodes held before: it may be forgotten only after their new states.
    replaced: Vec<SharedValue>,
}

impl Journal {
    pub(super) fn new(keeper: &Arc<dyn Keeper>) -> Self {
        Self { keeper: Arc::clone(keeper), changed: FxHashMap::default(), replaced: Vec::new() }
    }

    pub(super) fn note(&mut self, number: u64, node: SharedValue, replaced: Vec<SharedValue>) {
        self.changed.entry(number).or_insert(node);
        self.replaced.extend(replaced);
    }

    pub(super) fn has(&self, number: u64) -> bool {
        self.changed.contains_key(&number)
    }

    pub(super) fn append(&mut self, other: Self) {
        self.changed.extend(other.changed);
        self.replaced.extend(other.replaced);
    }

    /// Hands the states over. The group is locked.
    pub(super) fn hand_over(self) -> Kept {
        let records = self.changed.iter().map(|(number, node)| Record {
            number: *number,
            content: match node {
                SharedValue::Object(object) => record::of_object(object, &self.keeper),
                SharedValue::Collection(items) => record::of_collection(items, &self.keeper),
                _ => Vec::new(),
            },
        });
        let number = self.keeper.keep(records.collect());
        Kept { keeper: self.keeper, number }
    }
}

/// Whether two are the same keeper.
pub(super) fn same(a: &Arc<dyn Keeper>, b: &Arc<dyn Keeper>) -> bool {
    std::ptr::addr_eq(Arc::as_ptr(a), Arc::as_ptr(b))
}

/// A shared object or collection.
pub(super) enum Node<'a> {
    Object(&'a SharedObject),
    Collection(&'a SharedCollection),
}

impl SharedValue {
    pub(super) fn node(&self) -> Option<Node<'_>> {
        match self {
            Self::Object(object) => Some(Node::Object(object)),
            Self::Collection(items) => Some(Node::Collection(items)),
            _ => None,
        }
    }
}

impl Node<'_> {
    fn group(&self) -> &Arc<Group> {
        match self {
            Self::Object(object) => object.group(),
            Self::Collection(items) => items.group(),
        }
    }

    pub(super) fn mark(&self) -> Option<&Mark> {
        match self {
            Self::Object(object) => object.mark(),
            Self::Collection(items) => items.mark(),
        }
    }

    fn to_value(&self) -> SharedValue {
        match self {
            Self::Object(object) => SharedValue::Object((*object).clone()),
            Self::Collection(items) => SharedValue::Collection((*items).clone()),
        }
    }

    /// Whether it is to be marked. Storages of sessions have marks from the beginning or never; the catalog
    /// `Storage` and objects of built-in classes belong to one run of the program.
    fn is_unmarked(&self) -> bool {
        let may_be = match self {
            Self::Object(object) => !object.is_single() && !object.is_native(),
            Self::Collection(_) => true,
        };
        may_be && self.mark().is_none()
    }

    fn set_mark(&self, keeper: &Arc<dyn Keeper>) -> u64 {
        let mark = Mark { number: keeper.new_number(), keeper: Arc::clone(keeper) };
        let number = mark.number;
        match self {
            Self::Object(object) => object.set_mark(mark),
            Self::Collection(items) => items.set_mark(mark),
        }
        number
    }

    fn members(&self) -> Vec<SharedValue> {
        match self {
            Self::Object(object) => object.entries().into_iter().map(|(_, value)| value).collect(),
            Self::Collection(items) => items.to_vec(),
        }
    }
}

/// Called before `value` becomes part of a node of the keeper: marks it and what it leads to. Waits
/// while another process uses it.
pub(super) fn admit(value: &SharedValue, keeper: &Arc<dyn Keeper>, caller: Caller<'_>) -> Result<()> {
    let Some(first) = value.node().filter(Node::is_unmarked) else { return Ok(()) };
    // One lock for all: what leads out of a group is marked already, or never.
    let used = first.group().enter(caller, &mut LastGroup::default())?;
    let mut open = vec![value.clone()];
    while let Some(value) = open.pop() {
        let Some(node) = value.node().filter(Node::is_unmarked) else { continue };
        let number = node.set_mark(keeper);
        node.group().note(number, keeper, node.to_value(), Vec::new());
        open.extend(node.members().into_iter().filter(|member| member.node().is_some()));
    }
    used.leave_early();
    Ok(())
}
