//! Shapes: which properties an object has, in which order, and in which slot each one lies. Objects
//! that were built the same way have the same shape, so code may remember (shape, slot) pairs.
//! Shapes live as long as the program of the operating system does and are read by all threads;
//! their number is bounded: beyond the limits objects keep a dictionary of their own instead,
//! which no program can tell from a shape.

use super::{Class, Text};
use parking_lot::RwLock;
use rustc_hash::FxHashMap;
use std::hash::Hasher;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicPtr, AtomicU32, Ordering};

/// Shapes of all objects together, those of classes without properties not counted.
const MAX_SHAPES: u32 = 16_384;
/// Properties of a shape; an object with more has a dictionary.
pub const MAX_PROPERTIES: usize = 128;
/// Ways to go on from one shape: objects used as maps must not eat the shapes of all others.
const MAX_TRANSITIONS: usize = 64;
/// The same for an empty object, where all kinds of literals start.
const MAX_FIRST_TRANSITIONS: usize = 1024;
/// Up to here looking at each name beats a table.
const LINEAR: usize = 8;

static SHAPES: AtomicU32 = AtomicU32::new(0);
static NEXT_ID: AtomicU32 = AtomicU32::new(1);

/// What objects of the same build have in common.
pub struct Shape {
    id: u32,
    root: &'static Root,
    parent: Option<&'static Shape>,
    keys: Box<[Text]>,
    /// Slot number plus one by hash, for more than `LINEAR` keys; a power of two long.
    table: Box<[u8]>,
    dictionary: bool,
    transitions: RwLock<FxHashMap<Box<str>, &'static Shape>>,
    /// The way taken last: most shapes have only one.
    last: AtomicPtr<Shape>,
}

/// What all shapes of one class, or all of plain objects, have in common.
struct Root {
    class: OnceLock<Class>,
    origin: OnceLock<&'static Shape>,
    dictionary: OnceLock<&'static Shape>,
    /// How many slots an instance ended up with: room for the next one to begin with.
    expected: AtomicU32,
}

/// The hash of a property name; well mixed in its low and its high bits.
#[must_use]
pub fn hash_key(key: &str) -> u64 {
    let mut hasher = rustc_hash::FxHasher::default();
    hasher.write(key.as_bytes());
    let hash = hasher.finish();
    (hash ^ (hash >> 32)).wrapping_mul(0x9E37_79B9_7F4A_7C15)
}

impl Shape {
    /// The shape of a plain object without properties.
    #[must_use]
    pub fn root() -> &'static Shape {
        static ROOT: OnceLock<&'static Shape> = OnceLock::new();
        ROOT.get_or_init(Self::new_root_for_class)
    }

    /// The shape of an instance without properties of a class to be set by [`Shape::set_class`].
    /// It is never freed, and the class with it: classes are as many as a program declares.
    #[must_use]
    pub fn new_root_for_class() -> &'static Shape {
        let root = Box::leak(Box::new(Root {
            class: OnceLock::new(),
            origin: OnceLock::new(),
            dictionary: OnceLock::new(),
            expected: AtomicU32::new(4),
        }));
        root.origin.get_or_init(|| Self::leak(root, None, Box::default(), false))
    }

    /// Sets the class of all objects of this root shape; only the first call counts.
    pub fn set_class(&self, class: Class) {
        let _ = self.root.class.set(class);
    }

    fn leak(
        root: &'static Root,
        parent: Option<&'static Shape>,
        keys: Box<[Text]>,
        dictionary: bool,
    ) -> &'static Shape {
        let table = table_of(&keys);
        Box::leak(Box::new(Shape {
            id: NEXT_ID.fetch_add(1, Ordering::Relaxed),
            root,
            parent,
            keys,
            table,
            dictionary,
            transitions: RwLock::default(),
            last: AtomicPtr::new(std::ptr::null_mut()),
        }))
    }

    /// Unique, never 0.
    #[inline(always)]
    #[must_use]
    pub fn id(&self) -> u32 {
        self.id
    }

    /// How many properties an object of this shape has; 0 for the dictionary shapes.
    #[inline(always)]
    #[must_use]
    pub fn len(&self) -> usize {
        self.keys.len()
    }

    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// The names in order of the slots.
    #[must_use]
    pub fn keys(&self) -> &[Text] {
        &self.keys
    }

    /// Whether objects of this shape keep their properties in a dictionary of their own. `find`
    /// finds nothing then and nothing about the slots may be remembered.
    #[inline(always)]
    #[must_use]
    pub fn is_dictionary(&self) -> bool {
        self.dictionary
    }

    /// The class of the objects, None for plain ones.
    #[inline]
    #[must_use]
    pub fn class(&self) -> Option<&Class> {
        self.root.class.get()
    }

    /// The shape this one was made from by adding its last property.
    #[must_use]
    pub fn parent(&self) -> Option<&'static Shape> {
        self.parent
    }

    /// The shape without properties of the same class.
    #[must_use]
    pub fn origin(&'static self) -> &'static Shape {
        self.root.origin.get().copied().unwrap_or(self)
    }

    /// The slot of a property.
    #[must_use]
    pub fn find(&self, key: &str) -> Option<u32> {
        if self.table.is_empty() {
            return (0u32..)
                .zip(self.keys.iter())
                .find_map(|(slot, own)| (own.as_str() == key).then_some(slot));
        }
        let mask = self.table.len() - 1;
        let mut at = hash_key(key) as usize & mask;
        loop {
            let slot = self.table[at].checked_sub(1)?;
            if self.keys[usize::from(slot)].as_str() == key {
                return Some(u32::from(slot));
            }
            at = (at + 1) & mask;
        }
    }

    /// The way taken last from here, if it led to the shape with this number.
    #[inline(always)]
    #[must_use]
    pub fn step(&self, id: u32) -> Option<&'static Shape> {
        let last = self.last.load(Ordering::Acquire);
        // SAFETY: only leaked shapes are ever stored here, and they are never freed.
        #[allow(unsafe_code)]
        unsafe { last.as_ref() }.filter(|shape| shape.id == id)
    }

    /// The shape with one more property, which must not be there yet; None when the limits are
    /// reached and the object has to become a dictionary.
    #[must_use]
    pub fn add(&'static self, key: &Text) -> Option<&'static Shape> {
        let last = self.last.load(Ordering::Acquire);
        if !last.is_null() {
            // SAFETY: only leaked shapes are ever stored here, and they are never freed.
            #[allow(unsafe_code)]
            let last: &'static Shape = unsafe { &*last };
            if last.keys.last().is_some_and(|own| own.as_str() == key.as_str()) {
                return Some(last);
            }
        }
        if self.dictionary {
            return None;
        }
        let known = self.transitions.read().get(key.as_str()).copied();
        let next = match known {
            Some(next) => next,
            None => self.grow(key)?,
        };
        self.last.store(std::ptr::from_ref(next).cast_mut(), Ordering::Release);
        Some(next)
    }

    fn grow(&'static self, key: &Text) -> Option<&'static Shape> {
        let mut transitions = self.transitions.write();
        if let Some(next) = transitions.get(key.as_str()) {
            return Some(next);
        }
        let most = if self.keys.is_empty() { MAX_FIRST_TRANSITIONS } else { MAX_TRANSITIONS };
        if self.keys.len() >= MAX_PROPERTIES
            || transitions.len() >= most
            || SHAPES.fetch_add(1, Ordering::Relaxed) >= MAX_SHAPES
        {
            // The count may run a little past the limit, never around: it is put back.
            if self.keys.len() < MAX_PROPERTIES && transitions.len() < most {
                SHAPES.fetch_sub(1, Ordering::Relaxed);
            }
            return None;
        }
        let keys = self.keys.iter().chain([key]).cloned().collect();
        let next = Self::leak(self.root, Some(self), keys, false);
        transitions.insert(key.as_str().into(), next);
        Some(next)
    }

    /// The shape of objects of the same class that keep a dictionary.
    #[must_use]
    pub fn dictionary(&self) -> &'static Shape {
        self.root.dictionary.get_or_init(|| Self::leak(self.root, None, Box::default(), true))
    }

    /// Room a new object of this shape should have.
    #[inline]
    pub(super) fn expected(&self) -> usize {
        self.root.expected.load(Ordering::Relaxed) as usize
    }

    /// Notes that an object needed more room than it began with; plain objects have nothing in
    /// common, so only classes learn from it.
    pub(super) fn expect(&self, slots: usize) {
        if self.root.class.get().is_some() && slots <= MAX_PROPERTIES {
            self.root.expected.fetch_max(slots as u32, Ordering::Relaxed);
        }
    }
}

fn table_of(keys: &[Text]) -> Box<[u8]> {
    if keys.len() <= LINEAR {
        return Box::default();
    }
    let mut table = vec![0u8; (keys.len() * 2).next_power_of_two()].into_boxed_slice();
    let mask = table.len() - 1;
    for (number, key) in (1u8..).zip(keys) {
        let mut at = hash_key(key.as_str()) as usize & mask;
        while table[at] != 0 {
            at = (at + 1) & mask;
        }
        table[at] = number;
    }
    table
}

impl std::fmt::Debug for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Shape {} of {} properties", self.id, self.keys.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_way_leads_to_the_same_shape() {
        let (a, b) = (Text::from("shape-a"), Text::from("shape-b"));
        let one = Shape::root().add(&a).and_then(|s| s.add(&b)).unwrap();
        let two = Shape::root().add(&a).and_then(|s| s.add(&b)).unwrap();
        assert_eq!(one.id(), two.id());
        assert_eq!(one.find("shape-b"), Some(1));
        assert_eq!(one.find("Shape-b"), None);
        assert_eq!(one.origin().id(), Shape::root().id());
    }

    #[test]
    fn limits_end_in_none() {
        let mut shape = Shape::new_root_for_class();
        let mut count = 0;
        while let Some(next) = shape.add(&Text::from(format!("k{count}").as_str())) {
            shape = next;
            count += 1;
        }
        assert_eq!(count, MAX_PROPERTIES);
        for slot in 0..count {
            assert_eq!(shape.find(&format!("k{slot}")), Some(slot as u32));
        }
        let wide = Shape::new_root_for_class();
        let ways = (0..2000).filter(|n| wide.add(&Text::from(format!("w{n}").as_str())).is_some()).count();
        assert_eq!(ways, MAX_FIRST_TRANSITIONS);
    }
}
