//! Shared collections. `Source: Concepts/shared, commands/new-shared-collection`

use super::durable::{self, Mark};
use super::group::{Caller, Group, LastGroup, UseGuard};
use super::member::member_of_a_group;
use super::value::use_needed;
use super::{ProcessId, SharedValue};
use crate::value::release::release;
use crate::value::{ErrorCode, Fault, Result};
use parking_lot::RwLock;
use std::sync::{Arc, OnceLock};

/// Elements a collection can grow by at once through an assignment beyond its end.
const MAX_GAP: usize = 1 << 26;

/// A reference to a shared collection.
#[derive(Clone)]
pub struct SharedCollection(Arc<Data>);

struct Data {
    group: Arc<Group>,
    /// Set if the collection outlives the program.
    mark: OnceLock<Mark>,
    /// Held for single reads and writes only, never while 4D code runs.
    items: RwLock<Vec<SharedValue>>,
}

member_of_a_group!(SharedCollection, "collection");

impl Default for SharedCollection {
    fn default() -> Self {
        Self::new()
    }
}

impl SharedCollection {
    /// An empty collection in a group of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::in_group(Group::new())
    }

    /// A collection read from disk, to be filled.
    pub(super) fn in_group(group: Arc<Group>) -> Self {
        Self(Arc::new(Data { group, mark: OnceLock::new(), items: RwLock::default() }))
    }

    /// Gives a collection that nobody else has its elements.
    pub(super) fn fill(&self, values: Vec<SharedValue>) {
        *self.0.items.write() = values;
    }

    /// Puts the collection into the group of another shared value.
    pub fn group_with(&self, other: &SharedValue, caller: Caller) -> Result<()> {
        match other.group() {
            Some(group) => group.join(&self.0.group, caller),
            None => Ok(()),
        }
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.items.read().len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `index`, counted from 0.
    #[must_use]
    pub fn get(&self, index: i64) -> Option<SharedValue> {
        let index = usize::try_from(index).ok()?;
        self.0.items.read().get(index).cloned()
    }

    /// All elements, as they are at one moment.
    #[must_use]
    pub fn to_vec(&self) -> Vec<SharedValue> {
        self.0.items.read().clone()
    }

    /// Changes the elements; all others do it through here. `added` are the values that `change`
    /// is about to put in. What `change` returns is dropped when the lock has been released.
    fn change<R>(
        &self,
        caller: Caller,
        added: &[SharedValue],
        change: impl FnOnce(&mut Vec<SharedValue>) -> R,
    ) -> Result<R> {
        if !self.is_used_by(caller.process) {
            return Err(use_needed());
        }
        for group in added.iter().filter_map(SharedValue::group) {
            self.0.group.join(group, caller)?;
        }
        if let Some(mark) = self.0.mark.get() {
            for value in added.iter().filter(|value| value.node().is_some()) {
                durable::admit(value, &mark.keeper, caller)?;
            }
            self.note(mark);
        }
        Ok(change(&mut self.0.items.write()))
    }

    /// Notes that the collection is about to change.
    #[cold]
    fn note(&self, mark: &Mark) {
        let first = !self.0.group.is_noted(mark.number);
        let items = self.0.items.read();
        let replaced = items.iter().filter(|item| first && item.node().is_some()).cloned().collect();
        drop(items);
        self.0.group.note(mark.number, &mark.keeper, SharedValue::Collection(self.clone()), replaced);
    }

    /// Sets an element; elements between the end and it become Null.
    pub fn set(&self, index: i64, value: SharedValue, caller: Caller) -> Result<()> {
        let length = self.len();
        let index = usize::try_from(index)
            .ok()
            .filter(|index| index.saturating_sub(length) <= MAX_GAP)
            .ok_or_else(|| {
                let message = format!("{index} is not an index of a shared collection");
                Fault::new(ErrorCode::IndexOutOfRange, message)
            })?;
        let old = self.change(caller, std::slice::from_ref(&value.clone()), |items| {
            if index >= items.len() {
                items.resize(index + 1, SharedValue::Null);
            }
            items.get_mut(index).map(|item| std::mem::replace(item, value))
        })?;
        drop(old);
        Ok(())
    }

    pub fn push(&self, value: SharedValue, caller: Caller) -> Result<()> {
        self.change(caller, std::slice::from_ref(&value.clone()), |items| items.push(value))
    }

    /// Removes and returns the last element.
    pub fn pop(&self, caller: Caller) -> Result<Option<SharedValue>> {
        self.change(caller, &[], Vec::pop)
    }

    /// Inserts before `index`; at the end where that is beyond it.
    pub fn insert(&self, index: usize, value: SharedValue, caller: Caller) -> Result<()> {
        self.change(caller, std::slice::from_ref(&value.clone()), |items| {
            items.insert(index.min(items.len()), value);
        })
    }

    /// Removes up to `count` elements from `index` on and returns them.
    pub fn remove(&self, index: usize, count: usize, caller: Caller) -> Result<Vec<SharedValue>> {
        self.change(caller, &[], |items| {
            let start = index.min(items.len());
            let end = start.saturating_add(count).min(items.len());
            items.drain(start..end).collect()
        })
    }

    /// Makes the collection `length` elements long, with `fill` where it grows.
    pub fn resize(&self, length: usize, fill: SharedValue, caller: Caller) -> Result<()> {
        if length.saturating_sub(self.len()) > MAX_GAP {
            let message = format!("A shared collection cannot grow to {length} elements");
            return Err(Fault::new(ErrorCode::IndexOutOfRange, message));
        }
        let rest = self.change(caller, std::slice::from_ref(&fill.clone()), |items| {
            let rest = items.split_off(length.min(items.len()));
            items.resize(length, fill);
            rest
        })?;
        drop(rest);
        Ok(())
    }

    /// Puts other elements in place of all.
    pub fn replace_all(&self, values: Vec<SharedValue>, caller: Caller) -> Result<()> {
        let added = values.clone();
        let old = self.change(caller, &added, |items| std::mem::replace(items, values))?;
        drop(old);
        Ok(())
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let items = std::mem::take(self.items.get_mut());
        if items.iter().any(|item| item.group().is_some()) {
            release(items);
        }
    }
}

impl std::fmt::Debug for SharedCollection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SharedCollection({} elements)", self.len())
    }
}
