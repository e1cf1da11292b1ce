//! Shared objects. `Source: Concepts/shared, commands/storage`

use super::durable::{self, Keeper, Mark};
use super::group::{Caller, Group, LastGroup, UseGuard};
use super::member::member_of_a_group;
use super::value::{not_sharable, use_needed};
use super::{ProcessId, SharedValue};
use crate::value::dictionary::Dictionary;
use crate::value::release::release;
use crate::value::{Class, Result, Shape, Text, Value};
use parking_lot::RwLock;
use std::any::Any;
use std::sync::{Arc, OnceLock};

/// What a shared object of a built-in class holds besides its properties.
pub trait SharedNative: Any + Send + Sync {
    /// What `object[index]` gives, for objects that are read by number.
    fn element(&self, _index: i64) -> Option<SharedValue> {
        None
    }
}

/// What may be put into a shared object, and what follows from it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    #[default]
    Plain,
    /// `Storage`: takes shared objects and collections only and joins no group.
    Catalog,
    /// `Session.storage`: joins no group. `Source: API/SessionClass`
    SessionStorage,
}

/// A value that is looked at and changed without a move of whole values, which the processor would wait
/// for if they had just been written in parts.
#[derive(Clone, Copy)]
pub enum Scalar {
    Boolean(bool),
    Integer(i32),
    Real(f64),
}

/// A reference to a shared object.
#[derive(Clone)]
pub struct SharedObject(Arc<Data>);

struct Data {
    group: Arc<Group>,
    sort: Sort,
    origin: &'static Shape,
    native: Option<Box<dyn SharedNative>>,
    /// Set if the object outlives the program.
    mark: OnceLock<Mark>,
    /// Held for single reads and writes only, never while 4D code runs.
    fields: RwLock<Fields>,
}

struct Fields {
    shape: &'static Shape,
    /// One for each property of the shape.
    values: Vec<SharedValue>,
    dictionary: Option<Box<Dictionary<SharedValue>>>,
}

impl Fields {
    fn get(&self, key: &str) -> Option<&SharedValue> {
        match &self.dictionary {
            Some(dictionary) => dictionary.get(key),
            None => self.values.get(self.shape.find(key)? as usize),
        }
    }

    fn make_dictionary(&mut self) -> &mut Dictionary<SharedValue> {
        let (shape, values) = (self.shape, &mut self.values);
        self.dictionary.get_or_insert_with(|| {
            let mut all = Box::new(Dictionary::default());
            for (key, value) in shape.keys().iter().zip(std::mem::take(values)) {
                all.insert(key, value);
            }
            all
        })
    }

    /// Returns what is to be dropped when the lock is released.
    fn set(&mut self, key: &Text, value: SharedValue) -> Option<SharedValue> {
        if self.dictionary.is_none() {
            if let Some(slot) = self.shape.find(key.as_str())
                && let Some(own) = self.values.get_mut(slot as usize)
            {
                return Some(std::mem::replace(own, value));
            }
            if let Some(next) = self.shape.add(key) {
                self.shape = next;
                self.values.push(value);
                return None;
            }
            let all = self.make_dictionary();
            let old = all.insert(key, value);
            self.shape = self.shape.dictionary();
            return old;
        }
        self.make_dictionary().insert(key, value)
    }

    fn remove(&mut self, key: &str) -> Option<SharedValue> {
        if self.dictionary.is_none() {
            let slot = self.shape.find(key)? as usize;
            if slot + 1 == self.values.len()
                && let Some(parent) = self.shape.parent()
            {
                self.shape = parent;
                return self.values.pop();
            }
            self.make_dictionary();
            self.shape = self.shape.dictionary();
        }
        self.make_dictionary().remove(key)
    }

    fn len(&self) -> usize {
        self.dictionary.as_ref().map_or(self.values.len(), |all| all.len())
    }

    fn entries<T>(&self, each: impl Fn(&Text, &SharedValue) -> T) -> Vec<T> {
        match &self.dictionary {
            Some(all) => all.iter().map(|(key, value)| each(key, value)).collect(),
            None => {
                let both = self.shape.keys().iter().zip(&self.values);
                both.map(|(key, value)| each(key, value)).collect()
            }
        }
    }
}

member_of_a_group!(SharedObject, "object");

impl Default for SharedObject {
    fn default() -> Self {
        Self::new()
    }
}

impl SharedObject {
    /// An empty object in a group of its own.
    #[must_use]
    pub fn new() -> Self {
        Self::build(Shape::root(), Sort::Plain, None)
    }

    /// An empty catalog: `Storage` or the storage of a session.
    #[must_use]
    pub fn of_sort(sort: Sort) -> Self {
        Self::build(Shape::root(), sort, None)
    }

    /// An object of a shared class; `shape` is the class's root shape.
    #[must_use]
    pub fn of_root(shape: &'static Shape) -> Self {
        Self::build(shape, Sort::Plain, None)
    }

    /// An object of a built-in class; `shape` is the class's root shape.
    #[must_use]
    pub fn new_native(shape: &'static Shape, native: Box<dyn SharedNative>) -> Self {
        Self::build(shape, Sort::Plain, Some(native))
    }

    fn build(shape: &'static Shape, sort: Sort, native: Option<Box<dyn SharedNative>>) -> Self {
        Self::in_group_with(shape, sort, native, Group::new())
    }

    /// An object read from disk, to be filled.
    pub(super) fn in_group(shape: &'static Shape, sort: Sort, group: Arc<Group>) -> Self {
        Self::in_group_with(shape, sort, None, group)
    }

    fn in_group_with(
        shape: &'static Shape,
        sort: Sort,
        native: Option<Box<dyn SharedNative>>,
        group: Arc<Group>,
    ) -> Self {
        let origin = shape.origin();
        Self(Arc::new(Data {
            group,
            sort,
            origin,
            native,
            mark: OnceLock::new(),
            fields: RwLock::new(Fields { shape: origin, values: Vec::new(), dictionary: None }),
        }))
    }

    /// Whether it never belongs to a group with others.
    pub(super) fn is_single(&self) -> bool {
        self.0.sort != Sort::Plain
    }

    pub(super) fn sort(&self) -> Sort {
        self.0.sort
    }

    pub(super) fn is_native(&self) -> bool {
        self.0.native.is_some()
    }

    /// Makes a session's storage, which nobody has yet, one that a keeper is told of.
    pub fn set_keeper(&self, number: u64, keeper: Arc<dyn Keeper>) {
        self.set_mark(Mark { number, keeper });
    }

    /// The number that the keeper knows the object by.
    #[must_use]
    pub fn kept_number(&self) -> Option<u64> {
        self.mark().map(|mark| mark.number)
    }

    /// Gives an object that nobody else has its properties.
    pub(super) fn fill(&self, entries: impl Iterator<Item = (Text, SharedValue)>) {
        let mut fields = self.0.fields.write();
        for (name, value) in entries {
            drop(fields.set(&name, value));
        }
    }

    /// Notes what was changed, if a keeper is to be told.
    #[inline]
    fn changed(&self, old: Option<SharedValue>) {
        if let Some(mark) = self.0.mark.get() {
            let node = SharedValue::Object(self.clone());
            let old = old.into_iter().filter(|value| value.node().is_some()).collect();
            self.0.group.note(mark.number, &mark.keeper, node, old);
        }
    }

    /// Puts the object into the group of another shared value, as `OB Copy` with `groupWith` does.
    pub fn group_with(&self, other: &SharedValue, caller: Caller) -> Result<()> {
        match other.group() {
            Some(group) if !self.is_single() => group.join(&self.0.group, caller),
            _ => Ok(()),
        }
    }

    /// The value of a property, None where there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<SharedValue> {
        self.0.fields.read().get(key).cloned()
    }

    /// The value of a property and, unless the object is a dictionary, the number of its shape and the
    /// place where it lies in objects of that shape.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<(SharedValue, Option<(u32, u32)>)> {
        let fields = self.0.fields.read();
        let value = fields.get(key)?.clone();
        let shape = fields.shape;
        let place = fields.dictionary.is_none().then(|| shape.find(key).map(|slot| (shape.id(), slot)));
        Some((value, place.flatten()))
    }

    /// The value at a place that [`SharedObject::find`] gave for the object's shape.
    #[inline]
    #[must_use]
    pub fn get_slot(&self, place: impl FnOnce(u32) -> Option<u32>) -> Option<SharedValue> {
        let fields = self.0.fields.read();
        fields.values.get(place(fields.shape.id())? as usize).cloned()
    }

    /// The same for values that need no counting of references.
    #[inline(always)]
    #[must_use]
    pub fn get_scalar(&self, place: impl FnOnce(u32) -> Option<u32>) -> Option<Scalar> {
        let fields = self.0.fields.read();
        match fields.values.get(place(fields.shape.id())? as usize)? {
            SharedValue::Boolean(value) => Some(Scalar::Boolean(*value)),
            SharedValue::Integer(value) => Some(Scalar::Integer(*value)),
            SharedValue::Real(value) => Some(Scalar::Real(*value)),
            _ => None,
        }
    }

    /// Changes a scalar at a place that [`SharedObject::find`] gave. False, and nothing is done, where
    /// that needs a closer look: another shape, no `Use`, something else in that place.
    #[inline(always)]
    pub fn set_scalar(
        &self,
        process: ProcessId,
        place: impl FnOnce(u32) -> Option<u32>,
        value: Scalar,
    ) -> bool {
        if self.0.sort != Sort::Plain || self.0.mark.get().is_some() || !self.is_used_by(process) {
            return false;
        }
        let mut fields = self.0.fields.write();
        let place = place(fields.shape.id());
        match (place.and_then(|slot| fields.values.get_mut(slot as usize)), value) {
            (Some(SharedValue::Boolean(own)), Scalar::Boolean(value)) => *own = value,
            (Some(SharedValue::Integer(own)), Scalar::Integer(value)) => *own = value,
            (Some(SharedValue::Real(own)), Scalar::Real(value)) => *own = value,
            _ => return false,
        }
        true
    }

    /// Changes the value at a place that [`SharedObject::find`] gave. False, and nothing is done, where
    /// that needs a closer look: another shape, no `Use`, a value that is not a plain scalar.
    #[inline]
    pub fn set_slot(
        &self,
        process: ProcessId,
        place: impl FnOnce(u32) -> Option<u32>,
        value: &Value,
    ) -> bool {
        let value = match value {
            Value::Boolean(value) => SharedValue::Boolean(*value),
            Value::Integer(value) => SharedValue::Integer(*value),
            Value::Real(value) => SharedValue::Real(*value),
            Value::Text(value) => SharedValue::Text(value.clone()),
            _ => return false,
        };
        if self.0.sort != Sort::Plain || self.0.mark.get().is_some() || !self.is_used_by(process) {
            return false;
        }
        let mut fields = self.0.fields.write();
        let place = place(fields.shape.id());
        let Some(own) = place.and_then(|slot| fields.values.get_mut(slot as usize)) else { return false };
        let old = std::mem::replace(own, value);
        // What was there may hold others: it goes after the lock.
        drop(fields);
        drop(old);
        true
    }

    /// Sets a property; a new one comes last. The process must be in a `Use` of the group.
    pub fn set(&self, key: &Text, value: SharedValue, caller: Caller) -> Result<()> {
        if !self.is_used_by(caller.process) {
            return Err(use_needed());
        }
        self.admit(&value, caller)?;
        let old = self.0.fields.write().set(key, value);
        self.changed(old);
        Ok(())
    }

    fn admit(&self, value: &SharedValue, caller: Caller) -> Result<()> {
        self.join_groups(value, caller)?;
        match self.0.mark.get() {
            Some(mark) if value.node().is_some() => durable::admit(value, &mark.keeper, caller),
            _ => Ok(()),
        }
    }

    fn join_groups(&self, value: &SharedValue, caller: Caller) -> Result<()> {
        match (self.0.sort, value) {
            (Sort::Catalog | Sort::SessionStorage, SharedValue::Object(_) | SharedValue::Collection(_)) => {
                Ok(())
            }
            (Sort::Catalog, _) => Err(not_sharable()),
            (Sort::SessionStorage, _) => Ok(()),
            (Sort::Plain, value) => match value.group() {
                Some(group) => self.0.group.join(group, caller),
                None => Ok(()),
            },
        }
    }

    /// Removes a property. The process must be in a `Use` of the group.
    pub fn remove(&self, key: &str, caller: Caller) -> Result<Option<SharedValue>> {
        if !self.is_used_by(caller.process) {
            return Err(use_needed());
        }
        let old = self.0.fields.write().remove(key);
        if old.is_some() {
            self.changed(old.clone());
        }
        Ok(old)
    }

    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        self.0.fields.read().get(key).is_some()
    }

    #[must_use]
    pub fn len(&self) -> usize {
        self.0.fields.read().len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names in order of insertion.
    #[must_use]
    pub fn keys(&self) -> Vec<Text> {
        self.0.fields.read().entries(|key, _| key.clone())
    }

    /// Names and values in order of insertion, as they are at one moment.
    #[must_use]
    pub fn entries(&self) -> Vec<(Text, SharedValue)> {
        let fields = self.0.fields.read();
        fields.entries(|key, value| (key.clone(), value.clone()))
    }

    /// The shape of an object without properties of the same class.
    #[must_use]
    pub fn origin(&self) -> &'static Shape {
        self.0.origin
    }

    #[must_use]
    pub fn class(&self) -> Option<Class> {
        self.0.origin.class().cloned()
    }

    /// Whether all there is to it is what a built-in class keeps: a vector, a session.
    #[must_use]
    pub fn is_opaque(&self) -> bool {
        self.is_native() && self.is_empty()
    }

    /// What an object of a built-in class holds, if it is a `T`.
    #[must_use]
    pub fn native<T: SharedNative>(&self) -> Option<&T> {
        let native: &dyn Any = self.0.native.as_deref()?;
        native.downcast_ref()
    }

    /// What `object[index]` gives, if the object's class is one that is read by number.
    #[must_use]
    pub fn element(&self, index: i64) -> Option<SharedValue> {
        self.0.native.as_deref()?.element(index)
    }
}

impl Drop for Data {
    fn drop(&mut self) {
        let fields = self.fields.get_mut();
        let mut values = std::mem::take(&mut fields.values);
        if let Some(mut all) = fields.dictionary.take() {
            values = all.take_values();
        }
        if values.iter().any(|value| value.group().is_some()) {
            release(values);
        }
    }
}

impl std::fmt::Debug for SharedObject {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "SharedObject({} properties)", self.len())
    }
}
