//! Private collections, packed by kind: elements of one scalar kind lie side by side without tags.
//! Which kind a collection has at the moment cannot be told from outside. `Source: Concepts/collection`

use super::release::release;
use super::{ErrorCode, Fault, Result, Value, Words};
use std::cell::UnsafeCell;
use std::rc::Rc;

/// Elements a collection can grow by at once through an assignment beyond its end.
const MAX_GAP: usize = 1 << 26;
/// Elements at all.
const MAX_LENGTH: usize = i32::MAX as usize;
/// From here on collections grow by an eighth instead of to the double.
const LARGE: usize = 1 << 22;

/// A reference to a private collection.
#[derive(Clone)]
pub struct Collection(Rc<Packed>);

struct Packed(UnsafeCell<Items>);

/// The elements. An empty collection may be of any kind.
#[derive(Clone, Debug)]
pub enum Items {
    Booleans(Vec<bool>),
    Integers(Vec<i32>),
    Reals(Vec<f64>),
    Values(Vec<Value>),
}

/// What a collection holds of a value: nothing is Null, a time its seconds.
/// `Source: commands/set-database-parameter (Times inside objects)`
#[must_use]
pub fn element(value: Value) -> Value {
    match value {
        Value::Undefined | Value::Special(_) => Value::Null,
        Value::Cell(cell) => element(cell.get()),
        Value::Array(array) => Value::Integer(array.current()),
        Value::Time(time) => super::convert::whole(time.seconds),
        Value::Blob(blob) => blob.boxed(),
        other => other,
    }
}

impl Default for Items {
    fn default() -> Self {
        Self::Integers(Vec::new())
    }
}

impl Items {
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::Booleans(all) => all.len(),
            Self::Integers(all) => all.len(),
            Self::Reals(all) => all.len(),
            Self::Values(all) => all.len(),
        }
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    #[inline]
    #[must_use]
    pub fn get(&self, index: usize) -> Value {
        match self {
            Self::Booleans(all) => all.get(index).map(|item| Value::Boolean(*item)),
            Self::Integers(all) => all.get(index).map(|item| Value::Integer(*item)),
            Self::Reals(all) => all.get(index).map(|item| Value::Real(*item)),
            Self::Values(all) => all.get(index).cloned(),
        }
        .unwrap_or_default()
    }

    /// Packs values as tightly as their kinds allow.
    #[must_use]
    pub fn pack(values: Vec<Value>) -> Self {
        let (mut booleans, mut integers, mut reals) = (0, 0, 0);
        for value in &values {
            match value {
                Value::Boolean(_) => booleans += 1,
                Value::Integer(_) => integers += 1,
                Value::Real(_) => reals += 1,
                _ => return Self::Values(values),
            }
        }
        let kinds = values.iter();
        if integers == values.len() {
            let all = kinds.map(|value| match value {
                Value::Integer(item) => *item,
                _ => 0,
            });
            Self::Integers(all.collect())
        } else if booleans == values.len() {
            Self::Booleans(kinds.map(|value| matches!(value, Value::Boolean(true))).collect())
        } else if integers + reals == values.len() {
            let all = kinds.map(|value| match value {
                Value::Integer(item) => f64::from(*item),
                Value::Real(item) => *item,
                _ => 0.0,
            });
            Self::Reals(all.collect())
        } else {
            Self::Values(values)
        }
    }

    /// All elements as values.
    #[must_use]
    pub fn to_values(&self) -> Vec<Value> {
        match self {
            Self::Booleans(all) => all.iter().map(|item| Value::Boolean(*item)).collect(),
            Self::Integers(all) => all.iter().map(|item| Value::Integer(*item)).collect(),
            Self::Reals(all) => all.iter().map(|item| Value::Real(*item)).collect(),
            Self::Values(all) => all.clone(),
        }
    }

    /// Turns to a kind that can hold `value`, keeping the elements.
    fn admit(&mut self, value: &Value) {
        let empty = self.is_empty();
        match (&mut *self, value) {
            (Self::Booleans(_), Value::Boolean(_))
            | (Self::Integers(_), Value::Integer(_))
            | (Self::Reals(_), Value::Integer(_) | Value::Real(_))
            | (Self::Values(_), _) => {}
            (Self::Integers(all), Value::Real(_)) => {
                *self = Self::Reals(all.iter().map(|item| f64::from(*item)).collect());
            }
            _ if empty => {
                *self = match value {
                    Value::Boolean(_) => Self::Booleans(Vec::new()),
                    Value::Integer(_) => Self::Integers(Vec::new()),
                    Value::Real(_) => Self::Reals(Vec::new()),
                    _ => Self::Values(Vec::new()),
                };
            }
            _ => *self = Self::Values(self.to_values()),
        }
    }

    /// Inserts before `index`, which must not be beyond the end.
    fn insert(&mut self, index: usize, value: Value) {
        self.admit(&value);
        match (self, value) {
            (Self::Booleans(all), Value::Boolean(item)) => put(all, index, item),
            (Self::Integers(all), Value::Integer(item)) => put(all, index, item),
            (Self::Reals(all), Value::Integer(item)) => put(all, index, f64::from(item)),
            (Self::Reals(all), Value::Real(item)) => put(all, index, item),
            (Self::Values(all), value) => put(all, index, value),
            _ => {}
        }
    }

    /// Overwrites an element that exists; returns what is to be dropped.
    fn replace(&mut self, index: usize, value: Value) -> Value {
        self.admit(&value);
        match (self, value) {
            (Self::Booleans(all), Value::Boolean(item)) => all[index] = item,
            (Self::Integers(all), Value::Integer(item)) => all[index] = item,
            (Self::Reals(all), Value::Integer(item)) => all[index] = f64::from(item),
            (Self::Reals(all), Value::Real(item)) => all[index] = item,
            (Self::Values(all), value) => return std::mem::replace(&mut all[index], value),
            _ => {}
        }
        Value::Undefined
    }
}

fn put<T>(all: &mut Vec<T>, index: usize, item: T) {
    if all.len() == all.capacity() && all.len() >= LARGE {
        all.reserve_exact(all.len() / 8);
    }
    if index == all.len() {
        all.push(item);
    } else {
        all.insert(index, item);
    }
}

impl Default for Collection {
    fn default() -> Self {
        Self::new()
    }
}

impl From<Items> for Collection {
    fn from(items: Items) -> Self {
        Self(Rc::new(Packed(UnsafeCell::new(items))))
    }
}

impl Collection {
    #[must_use]
    pub fn new() -> Self {
        Self::from(Items::default())
    }

    #[must_use]
    pub fn from_values(values: Vec<Value>) -> Self {
        Self::from(Items::pack(values))
    }

    /// Calls `f` with the elements. `f` must neither run foreign code nor drop values.
    #[inline(always)]
    fn items<R>(&self, f: impl FnOnce(&mut Items) -> R) -> R {
        // SAFETY: one thread, and all callers in this file only run code of `Items` and clone
        // values, neither of which can come back to this collection.
        #[allow(unsafe_code)]
        f(unsafe { &mut *self.0.0.get() })
    }

    #[inline]
    #[must_use]
    pub fn len(&self) -> usize {
        self.items(|items| items.len())
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The element at `index`, counted from 0; Undefined where there is none.
    #[inline]
    #[must_use]
    pub fn get(&self, index: i64) -> Value {
        usize::try_from(index).map_or(Value::Undefined, |index| self.get_fast(index))
    }

    /// The same for an index known not to be negative.
    #[inline(always)]
    #[must_use]
    pub fn get_fast(&self, index: usize) -> Value {
        self.items(|items| items.get(index))
    }

    /// A copy of the element as words, `None` where there is none.
    #[inline(always)]
    #[must_use]
    pub fn load(&self, index: usize) -> Option<Words> {
        self.items(|items| match items {
            Items::Booleans(all) => all.get(index).map(|item| Words::boolean(*item)),
            Items::Integers(all) => all.get(index).map(|item| Words::integer(*item)),
            Items::Reals(all) => all.get(index).map(|item| Words::real(*item)),
            Items::Values(all) => all.get(index).map(Words::of),
        })
    }

    /// An element of the collection that lies at `row`, without counting that one; `None` where there is no
    /// such element.
    #[inline(always)]
    #[must_use]
    pub fn load_nested(&self, row: usize, index: usize) -> Option<Words> {
        let inner: *const Collection = self.items(|items| match items {
            Items::Values(all) => match all.get(row) {
                Some(Value::Collection(inner)) => inner,
                _ => std::ptr::null(),
            },
            _ => std::ptr::null(),
        });
        // SAFETY: this collection holds the other one, which may be itself: nothing is changed here
        #[allow(unsafe_code)]
        unsafe { inner.as_ref() }?.load(index)
    }

    /// Overwrites an element of a packed collection with a scalar that fits it; `false` if that cannot be done.
    #[inline(always)]
    pub fn store_scalar(&self, index: usize, value: &Value) -> bool {
        self.items(|items| match (items, value) {
            (Items::Booleans(all), Value::Boolean(item)) if index < all.len() => {
                all[index] = *item;
                true
            }
            (Items::Integers(all), Value::Integer(item)) if index < all.len() => {
                all[index] = *item;
                true
            }
            (Items::Reals(all), Value::Real(item)) if index < all.len() => {
                all[index] = *item;
                true
            }
            _ => false,
        })
    }

    /// Sets an element; elements between the end and it become Null.
    #[inline]
    pub fn set(&self, index: i64, value: Value) -> Result<()> {
        let length = self.len();
        match usize::try_from(index) {
            Ok(index) if index < length => {
                // The old value is dropped here, when the collection is whole again.
                let old = self.items(|items| items.replace(index, value));
                drop(old);
                Ok(())
            }
            Ok(index) if index == length => self.push(value),
            Ok(index) => {
                // at once as long as it is going to be, so that nothing is moved twice
                check_growth(length, index)?;
                self.resize(index.saturating_add(1), &Value::Null)?;
                self.set(index as i64, value)
            }
            Err(_) => Err(out_of_range(index)),
        }
    }

    #[inline]
    pub fn push(&self, value: Value) -> Result<()> {
        self.items(|items| {
            let length = items.len();
            if length >= MAX_LENGTH {
                return Err(too_long(length));
            }
            items.insert(length, value);
            Ok(())
        })
    }

    /// Removes the last element and returns it; Undefined where there is none.
    #[must_use]
    pub fn pop(&self) -> Value {
        let last = self.items(|items| match items {
            Items::Booleans(all) => all.pop().map(Value::Boolean),
            Items::Integers(all) => all.pop().map(Value::Integer),
            Items::Reals(all) => all.pop().map(Value::Real),
            Items::Values(all) => all.pop(),
        });
        last.unwrap_or_default()
    }

    /// Inserts before `index`; at the end where that is beyond it.
    pub fn insert(&self, index: usize, value: Value) -> Result<()> {
        let index = index.min(self.len());
        if self.len() >= MAX_LENGTH {
            return Err(too_long(index));
        }
        self.items(|items| items.insert(index, value));
        Ok(())
    }

    /// Removes up to `count` elements from `index` on and returns them.
    pub fn remove(&self, index: usize, count: usize) -> Items {
        self.items(|items| {
            let start = index.min(items.len());
            let end = start.saturating_add(count).min(items.len());
            match items {
                Items::Booleans(all) => Items::Booleans(all.drain(start..end).collect()),
                Items::Integers(all) => Items::Integers(all.drain(start..end).collect()),
                Items::Reals(all) => Items::Reals(all.drain(start..end).collect()),
                Items::Values(all) => Items::Values(all.drain(start..end).collect()),
            }
        })
    }

    /// Makes the collection `length` elements long, with clones of `fill` where it grows.
    pub fn resize(&self, length: usize, fill: &Value) -> Result<()> {
        let own = self.len();
        if length <= own {
            drop(self.remove(length, own - length));
            return Ok(());
        }
        check_growth(own, length)?;
        self.items(|items| {
            items.admit(fill);
            let more = length - items.len();
            match (items, fill) {
                (Items::Booleans(all), Value::Boolean(fill)) => extend(all, more, fill),
                (Items::Integers(all), Value::Integer(fill)) => extend(all, more, fill),
                (Items::Reals(all), Value::Integer(fill)) => extend(all, more, &f64::from(*fill)),
                (Items::Reals(all), Value::Real(fill)) => extend(all, more, fill),
                (Items::Values(all), fill) => extend(all, more, fill),
                _ => Ok(()),
            }
        })
    }

    /// All elements.
    #[must_use]
    pub fn to_vec(&self) -> Vec<Value> {
        self.items(|items| items.to_values())
    }

    /// A collection of its own with the same elements; nested ones are not copied.
    #[must_use]
    pub fn shallow_copy(&self) -> Self {
        Self::from(self.items(|items| items.clone()))
    }

    /// Puts other elements in place of all.
    pub fn replace_all(&self, values: Vec<Value>) {
        let old = self.items(|items| std::mem::replace(items, Items::pack(values)));
        drop(old);
    }

    /// Takes the elements out for an algorithm that works on all of them at once and puts back
    /// what it leaves. Should `f` reach the collection by another way, it finds it empty, and what
    /// it puts there is lost.
    pub fn with_items<R>(&self, f: impl FnOnce(&mut Items) -> R) -> R {
        struct Back<'a>(&'a Collection, Items);
        impl Drop for Back<'_> {
            fn drop(&mut self) {
                let own = std::mem::take(&mut self.1);
                drop(self.0.items(|items| std::mem::replace(items, own)));
            }
        }
        let mut back = Back(self, self.items(std::mem::take));
        f(&mut back.1)
    }

    /// The elements, if all of them are integers now; a copy.
    #[must_use]
    pub fn as_integers(&self) -> Option<Vec<i32>> {
        self.items(|items| match items {
            Items::Integers(all) => Some(all.clone()),
            _ => None,
        })
    }

    /// The elements, if all of them are numbers packed as reals now; a copy.
    #[must_use]
    pub fn as_reals(&self) -> Option<Vec<f64>> {
        self.items(|items| match items {
            Items::Reals(all) => Some(all.clone()),
            _ => None,
        })
    }

    /// Calls `change` with the element in place, if it is packed as an integer; for operations like
    /// `$c[$i]+=1`. Returns whether it was.
    #[inline(always)]
    pub fn update_integer(&self, index: usize, change: impl FnOnce(i32) -> Option<i32>) -> bool {
        self.items(|items| {
            if let Items::Integers(all) = items
                && let Some(item) = all.get_mut(index)
                && let Some(new) = change(*item)
            {
                *item = new;
                return true;
            }
            false
        })
    }

    #[inline]
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        Rc::ptr_eq(&self.0, &other.0)
    }

    /// A number that no other living collection has.
    #[must_use]
    pub fn address(&self) -> usize {
        Rc::as_ptr(&self.0) as usize
    }

    /// Whether this is the only reference.
    #[must_use]
    pub fn is_unique(&self) -> bool {
        Rc::strong_count(&self.0) == 1
    }
}

fn extend<T: Clone>(all: &mut Vec<T>, more: usize, fill: &T) -> Result<()> {
    let length = all.len() + more;
    if all.try_reserve_exact(more).is_err() {
        return Err(too_long(length));
    }
    all.resize(length, fill.clone());
    Ok(())
}

fn check_growth(length: usize, wanted: usize) -> Result<()> {
    if wanted >= MAX_LENGTH || wanted.saturating_sub(length) > MAX_GAP {
        return Err(too_long(wanted));
    }
    Ok(())
}

fn too_long(length: usize) -> Fault {
    Fault::new(ErrorCode::IndexOutOfRange, format!("A collection cannot grow to {length} elements"))
}

fn out_of_range(index: i64) -> Fault {
    Fault::new(ErrorCode::IndexOutOfRange, format!("{index} is not an index of a collection"))
}

impl Drop for Packed {
    fn drop(&mut self) {
        if let Items::Values(all) = std::mem::take(self.0.get_mut())
            && !all.is_empty()
        {
            release(all);
        }
    }
}

impl std::fmt::Debug for Collection {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Collection({} elements)", self.len())
    }
}

#[cfg(test)]
#[path = "collection_tests.rs"]
mod tests;
