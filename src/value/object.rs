//! Private objects: one pointer to one allocation that holds a count, the shape and the first
//! slots. They belong to one thread. Values are handed out as clones only, never as references,
//! because any call into the program may change the object meanwhile.

use super::dictionary::Dictionary;
use super::release::release;
use super::{Class, Shape, Text, Value, Words};
use std::alloc::{Layout, alloc, dealloc, handle_alloc_error};
use std::any::Any;
use std::cell::{Cell, UnsafeCell};
use std::ptr::NonNull;

/// What an object of a built-in class holds besides its properties.
pub trait Native: Any {
    /// What `OB Copy` puts in the copy; None where such objects cannot be copied.
    fn copy(&self) -> Option<Box<dyn Native>> {
        None
    }

    /// What goes to another process in its place; None where that is not possible.
    fn portable(&self) -> Option<Box<dyn PortableNative>> {
        None
    }
}

/// A [`Native`] on its way to another process.
pub trait PortableNative: Send + Sync {
    /// Called in the other process.
    fn arrive(self: Box<Self>) -> Box<dyn Native>;
}

/// A reference to a private object.
pub struct Object(NonNull<Header>);

/// What an object is at its address; its first slots follow at once.
///
/// INVARIANT: the first `shape.len()` slots are initialised, no others; `slots` has room for
/// `capacity` values; the shape is a dictionary shape exactly if `extra` holds a dictionary.
#[repr(C)]
struct Header {
    shape: Cell<&'static Shape>,
    slots: Cell<NonNull<Value>>,
    count: Cell<u32>,
    capacity: Cell<u32>,
    /// How many slots the allocation itself has behind the header.
    inline: u32,
    extra: UnsafeCell<Option<Box<Extra>>>,
}

#[derive(Default)]
struct Extra {
    native: Option<Box<dyn Native>>,
    dictionary: Option<Dictionary<Value>>,
}

const HEADER: usize = size_of::<Header>();
const _: () = assert!(HEADER.is_multiple_of(align_of::<Value>()));
const _: () = assert!(size_of::<Option<Object>>() == 8);

fn block_layout(inline: u32) -> Layout {
    // Cannot overflow: `inline` is at most the number of properties of a shape, plus rounding.
    Layout::from_size_align(HEADER + inline as usize * size_of::<Value>(), align_of::<Header>())
        .unwrap_or(Layout::new::<Header>())
}

fn slots_layout(capacity: u32) -> Layout {
    Layout::array::<Value>(capacity as usize).unwrap_or(Layout::new::<Value>())
}

impl Default for Object {
    fn default() -> Self {
        Self::new()
    }
}

#[allow(unsafe_code)]
impl Object {
    /// A plain object without properties.
    #[must_use]
    pub fn new() -> Self {
        Self::allocate(Shape::root(), 4, None)
    }

    /// An object without properties of the class of `shape`, a root shape.
    #[must_use]
    pub fn of_root(shape: &'static Shape) -> Self {
        let origin = shape.origin();
        Self::allocate(origin, origin.expected(), None)
    }

    /// An object with the properties of `shape`, one value for each, e.g. a literal. Missing
    /// values are Undefined, surplus ones are dropped.
    #[must_use]
    pub fn with_shape(shape: &'static Shape, values: impl IntoIterator<Item = Value>) -> Self {
        let length = shape.len();
        let room = if shape.is_dictionary() { 0 } else { length };
        let object = Self::allocate(Shape::root(), room, None);
        if shape.is_dictionary() {
            object.header().shape.set(shape.origin());
            object.make_dictionary();
            return object;
        }
        let mut values = values.into_iter();
        let base = object.header().slots.get();
        for slot in 0..length {
            // SAFETY: there is room for `length` values; should the iterator panic, the object is
            // dropped with the empty shape it still has.
            unsafe { base.add(slot).write(values.next().unwrap_or_default()) };
        }
        object.header().shape.set(shape);
        object
    }

    /// An object of a built-in class; `shape` is the root shape of the class.
    #[must_use]
    pub fn new_native(shape: &'static Shape, native: Box<dyn Native>) -> Self {
        let extra = Extra { native: Some(native), dictionary: None };
        Self::allocate(shape.origin(), 0, Some(Box::new(extra)))
    }

    fn allocate(shape: &'static Shape, room: usize, extra: Option<Box<Extra>>) -> Self {
        let inline = room as u32;
        let layout = block_layout(inline);
        // SAFETY: the layout is never empty. The header is written before anything reads it, and
        // `slots` points behind it, inside the same allocation.
        unsafe {
            let Some(block) = NonNull::new(alloc(layout).cast::<Header>()) else {
                handle_alloc_error(layout)
            };
            block.write(Header {
                shape: Cell::new(shape),
                slots: Cell::new(block.add(1).cast()),
                count: Cell::new(1),
                capacity: Cell::new(inline),
                inline,
                extra: UnsafeCell::new(extra),
            });
            Self(block)
        }
    }

    #[inline(always)]
    fn header(&self) -> &Header {
        // SAFETY: the block lives as long as one reference to it does.
        unsafe { self.0.as_ref() }
    }

    #[inline(always)]
    #[must_use]
    pub fn shape(&self) -> &'static Shape {
        self.header().shape.get()
    }

    /// The value in a slot of the object's shape.
    #[inline(always)]
    #[must_use]
    pub fn get_slot(&self, slot: usize) -> Value {
        debug_assert!(slot < self.shape().len());
        // SAFETY: callers found the slot through the shape the object has now.
        unsafe { (*self.slot_ptr(slot)).clone() }
    }

    /// Overwrites a slot of the object's shape.
    #[inline(always)]
    pub fn set_slot(&self, slot: usize, value: Value) {
        debug_assert!(slot < self.shape().len());
        // SAFETY: as in `get_slot`. The old value is dropped when the slot holds the new one.
        let old = unsafe { self.slot_ptr(slot).replace(value) };
        drop(old);
    }

    /// The same with a value as words, which the slot then owns.
    #[inline(always)]
    pub fn set_words(&self, slot: usize, words: Words) {
        debug_assert!(slot < self.shape().len());
        let at = self.slot_ptr(slot);
        // SAFETY: as in `set_slot`
        unsafe {
            if (*at).is_heap() {
                Self::replace(at, words);
            } else {
                words.write(at);
            }
        }
    }

    #[inline(never)]
    unsafe fn replace(at: *mut Value, words: Words) {
        // SAFETY: the old value is dropped when the slot holds the new one
        unsafe {
            let old = at.read();
            words.write(at);
            drop(old);
        }
    }

    /// Adds the last property of `next`, which is one step from the object's shape and has been reached from
    /// it before.
    #[inline]
    pub fn push_words(&self, next: &'static Shape, words: Words) {
        let header = self.header();
        let length = header.shape.get().len();
        debug_assert!(next.len() == length + 1);
        if length == header.capacity.get() as usize {
            self.grow();
        }
        // SAFETY: there is room for one more; the slot holds nothing yet.
        unsafe { words.write(self.slot_ptr(length)) };
        header.shape.set(next);
    }

    /// The value of a property that the object itself has.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<Value> {
        let shape = self.shape();
        if shape.is_dictionary() {
            return self.with_dictionary(|all| all.get(key).cloned()).flatten();
        }
        shape.find(key).map(|slot| self.get_slot(slot as usize))
    }

    /// Overwrites a property if the object itself has it; gives the value back otherwise, and where the object
    /// is one of a built-in class, which may have other ideas.
    pub fn overwrite(&self, key: &str, value: Value) -> Result<(), Value> {
        let shape = self.shape();
        if self.any_native().is_some() {
            return Err(value);
        }
        if !shape.is_dictionary() {
            let Some(slot) = shape.find(key) else { return Err(value) };
            self.set_slot(slot as usize, value);
            return Ok(());
        }
        let mut value = Some(value);
        let old = self.with_dictionary(|all| {
            all.get_mut(key).map(|slot| std::mem::replace(slot, value.take().unwrap_or_default()))
        });
        drop(old);
        value.map_or(Ok(()), Err)
    }

    /// Where a slot is. Valid until a property is added or removed; whoever writes through it must
    /// drop the old value after having overwritten it.
    #[inline(always)]
    #[must_use]
    pub fn slot_ptr(&self, slot: usize) -> *mut Value {
        self.header().slots.get().as_ptr().wrapping_add(slot)
    }

    /// Adds the last property of `next`, which must be one step from the object's shape; returns
    /// the value back where it is not.
    #[inline]
    pub fn push_slot(&self, next: &'static Shape, value: Value) -> Result<(), Value> {
        let header = self.header();
        let shape = header.shape.get();
        if !next.parent().is_some_and(|parent| std::ptr::eq(parent, shape)) {
            return Err(value);
        }
        let length = shape.len();
        if length == header.capacity.get() as usize {
            self.grow();
        }
        // SAFETY: there is room for one more; the slot holds nothing yet.
        unsafe { self.slot_ptr(length).write(value) };
        header.shape.set(next);
        Ok(())
    }

    #[cold]
    fn grow(&self) {
        let header = self.header();
        let old = header.capacity.get();
        let capacity = (old * 2).max(4);
        let layout = slots_layout(capacity);
        // SAFETY: the layout is not empty; the values move bit by bit to the new place, and the old
        // place is freed unless it is part of the object's own block.
        unsafe {
            let Some(slots) = NonNull::new(alloc(layout).cast::<Value>()) else { handle_alloc_error(layout) };
            let length = self.shape().len();
            slots.copy_from_nonoverlapping(header.slots.get(), length);
            self.free_slots();
            header.slots.set(slots);
        }
        header.capacity.set(capacity);
        header.shape.get().expect(capacity as usize);
    }

    /// Frees the memory of slots that lie outside the block; the values must be gone from it.
    unsafe fn free_slots(&self) {
        let header = self.header();
        if header.capacity.get() > header.inline {
            // SAFETY: more room than the block has means that `grow` allocated it with this layout.
            unsafe {
                dealloc(header.slots.get().as_ptr().cast(), slots_layout(header.capacity.get()));
            }
        }
    }

    /// Calls `f` with the dictionary, if the object keeps one. `f` must not run foreign code, nor
    /// drop values.
    fn with_dictionary<R>(&self, f: impl FnOnce(&mut Dictionary<Value>) -> R) -> Option<R> {
        // SAFETY: one thread, and no caller of this private function lets anything but the
        // dictionary's own code (and cloning of values, which runs nothing) happen inside `f`.
        let extra = unsafe { &mut *self.header().extra.get() };
        extra.as_mut()?.dictionary.as_mut().map(f)
    }

    fn make_dictionary(&self) {
        let header = self.header();
        let shape = header.shape.get();
        let mut dictionary = Dictionary::default();
        for (slot, key) in shape.keys().iter().enumerate() {
            // SAFETY: the value moves out; the shape set below says that the slots are empty.
            dictionary.insert(key, unsafe { self.slot_ptr(slot).read() });
        }
        header.shape.set(shape.dictionary());
        // SAFETY: as in `with_dictionary`.
        let extra = unsafe { &mut *header.extra.get() };
        extra.get_or_insert_default().dictionary = Some(dictionary);
    }

    /// The value of a property, Undefined where there is none.
    #[must_use]
    pub fn get(&self, key: &str) -> Value {
        let shape = self.shape();
        if let Some(slot) = shape.find(key) {
            return self.get_slot(slot as usize);
        }
        if shape.is_dictionary() {
            let found = self.with_dictionary(|all| all.get(key).cloned());
            return found.flatten().unwrap_or_default();
        }
        Value::Undefined
    }

    /// Sets a property; a new one comes last.
    pub fn set(&self, key: &Text, value: Value) {
        let shape = self.shape();
        if let Some(slot) = shape.find(key.as_str()) {
            self.set_slot(slot as usize, value);
            return;
        }
        let mut value = value;
        if !shape.is_dictionary() {
            if let Some(next) = shape.add(key) {
                match self.push_slot(next, value) {
                    Ok(()) => return,
                    Err(back) => value = back,
                }
            }
            self.make_dictionary();
        }
        let old = self.with_dictionary(|all| all.insert(key, value));
        drop(old);
    }

    /// Removes a property and returns what it held.
    pub fn remove(&self, key: &str) -> Option<Value> {
        let shape = self.shape();
        if shape.is_dictionary() {
            return self.with_dictionary(|all| all.remove(key)).flatten();
        }
        let slot = shape.find(key)? as usize;
        if slot + 1 == shape.len()
            && let Some(parent) = shape.parent()
        {
            self.header().shape.set(parent);
            // SAFETY: the slot was initialised and, by the shape just set, is no more.
            return Some(unsafe { self.slot_ptr(slot).read() });
        }
        self.make_dictionary();
        self.with_dictionary(|all| all.remove(key)).flatten()
    }

    #[must_use]
    pub fn has(&self, key: &str) -> bool {
        let shape = self.shape();
        shape.find(key).is_some()
            || shape.is_dictionary() && self.with_dictionary(|all| all.get(key).is_some()).unwrap_or(false)
    }

    /// How many properties there are.
    #[must_use]
    pub fn len(&self) -> usize {
        let shape = self.shape();
        if shape.is_dictionary() {
            return self.with_dictionary(|all| all.len()).unwrap_or(0);
        }
        shape.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The names of the properties in order of insertion.
    #[must_use]
    pub fn keys(&self) -> Vec<Text> {
        self.with_dictionary(|all| all.iter().map(|(key, _)| key.clone()).collect())
            .unwrap_or_else(|| self.shape().keys().to_vec())
    }

    /// Names and values in order of insertion.
    #[must_use]
    pub fn entries(&self) -> Vec<(Text, Value)> {
        let all =
            self.with_dictionary(|all| all.iter().map(|(key, value)| (key.clone(), value.clone())).collect());
        all.unwrap_or_else(|| {
            let keys = self.shape().keys().iter().enumerate();
            keys.map(|(slot, key)| (key.clone(), self.get_slot(slot))).collect()
        })
    }

    /// The next property for a loop that may change the object meanwhile: start with a cursor of 0.
    /// Adding properties may close the gaps that removed ones left, so a loop that does both may
    /// miss some; `keys` is for those who must not.
    #[must_use]
    pub fn next_entry(&self, cursor: &mut usize) -> Option<(Text, Value)> {
        let shape = self.shape();
        let entry = if shape.is_dictionary() {
            let start = *cursor;
            self.with_dictionary(|all| {
                let (at, key, value) = all.at_or_after(start)?;
                *cursor = at;
                Some((key.clone(), value.clone()))
            })
            .flatten()
        } else {
            let key = shape.keys().get(*cursor)?;
            Some((key.clone(), self.get_slot(*cursor)))
        };
        *cursor += 1;
        entry
    }

    /// Property number `index` in order of insertion.
    #[must_use]
    pub fn entry_at(&self, index: usize) -> Option<(Text, Value)> {
        let shape = self.shape();
        if !shape.is_dictionary() {
            let key = shape.keys().get(index)?;
            return Some((key.clone(), self.get_slot(index)));
        }
        self.with_dictionary(|all| {
            let (key, value) = if all.is_dense() {
                all.at_or_after(index).map(|(_, key, value)| (key, value))
            } else {
                all.iter().nth(index)
            }?;
            Some((key.clone(), value.clone()))
        })
        .flatten()
    }

    #[inline]
    #[must_use]
    pub fn ptr_eq(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// A number that no other living object has.
    #[must_use]
    pub fn address(&self) -> usize {
        self.0.as_ptr() as usize
    }

    /// Whether this is the only reference.
    #[inline]
    #[must_use]
    pub fn is_unique(&self) -> bool {
        self.header().count.get() == 1
    }

    #[must_use]
    pub fn class(&self) -> Option<Class> {
        self.shape().class().cloned()
    }

    /// What an object of a built-in class holds, if it is a `T`.
    #[must_use]
    pub fn native<T: Native>(&self) -> Option<&T> {
        let native: &dyn Any = self.any_native()?;
        native.downcast_ref()
    }

    /// What an object of a built-in class holds.
    #[must_use]
    pub fn any_native(&self) -> Option<&dyn Native> {
        // SAFETY: `native` is set when the object is made and never changed, and its box does not
        // move, so the reference holds as long as the object does. Only the field itself is
        // reached for, through the box's pointer, never the dictionary beside it.
        let extra = unsafe { (*self.header().extra.get()).as_deref()? };
        let native = std::ptr::from_ref::<dyn Native>(extra.native.as_deref()?);
        // SAFETY: see above.
        Some(unsafe { &*native })
    }

    #[cold]
    #[inline(never)]
    fn free(&self) {
        struct Content(NonNull<Header>);
        impl Drop for Content {
            fn drop(&mut self) {
                let object = std::mem::ManuallyDrop::new(Object(self.0));
                let header = object.header();
                // SAFETY: the count is 0, so nobody else reaches the block any more. The shape says
                // which slots hold values; they are dropped once, then the memory is freed.
                unsafe {
                    let length = header.shape.get().len();
                    let slots = header.slots.get().as_ptr();
                    std::ptr::slice_from_raw_parts_mut(slots, length).drop_in_place();
                    object.free_slots();
                    header.extra.get().drop_in_place();
                    dealloc(self.0.as_ptr().cast(), block_layout(header.inline));
                }
            }
        }
        release(Content(self.0));
    }
}

impl Clone for Object {
    #[inline(always)]
    fn clone(&self) -> Self {
        let header = self.header();
        let count = header.count.get().wrapping_add(1);
        if count == 0 {
            // 2^32 references fill 64 GB: cannot happen short of leaking them on purpose.
            std::process::abort();
        }
        header.count.set(count);
        Self(self.0)
    }
}

impl Drop for Object {
    #[inline(always)]
    fn drop(&mut self) {
        let header = self.header();
        let count = header.count.get() - 1;
        header.count.set(count);
        if count == 0 {
            self.free();
        }
    }
}

impl std::fmt::Debug for Object {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // Not the values: objects may hold themselves.
        write!(f, "Object({} properties)", self.len())
    }
}

#[cfg(test)]
#[path = "object_tests.rs"]
mod tests;
