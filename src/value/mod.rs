//! What programs compute with. A [`Value`] is 16 bytes: a tag and a payload; scalars are stored in
//! place and never counted, everything else is one pointer. Private objects and collections are
//! counted without atomics and cannot leave their thread; texts, blobs and shared objects can.
//! How the unsafe code here is checked is told in `vm/mod.rs`.

pub mod array;
mod blob;
pub mod class;
mod collection;
pub mod convert;
mod copy;
pub mod date;
mod dictionary;
pub mod fault;
pub mod number;
mod object;
pub mod ops;
mod pointer;
pub mod query;
mod release;
mod shape;
pub mod shared;
mod text;
mod time;

pub use array::{Array, ArrayKind, Elements};
pub use blob::{Blob, BlobObject};
pub use class::{Class, Function};
pub use collection::{Collection, Items, element};
pub use convert::Type;
pub use copy::{deep_copy, to_shared};
pub use date::Date;
pub use fault::{ErrorCode, Fault, Result};
pub use number::{number_to_text, text_to_number, text_to_number_with};
pub use object::{Native, Object, PortableNative};
pub use pointer::{Cell, Pointer, Target};
pub use shape::Shape;
pub use shared::{
    Caller, Portable, ProcessId, SharedCollection, SharedNative, SharedObject, SharedValue, UseGuard,
};
pub use text::Text;
pub use time::Time;

use std::mem::MaybeUninit;

/// Any value of the language.
///
/// ORDER: all variants before `Text` are scalars; `is_heap` is one comparison of the tag.
#[derive(Clone, Debug, Default)]
#[repr(u8)]
pub enum Value {
    /// A variable or property that was never given a value. `Source: Concepts/null-undefined`
    #[default]
    Undefined,
    Null,
    Boolean(bool),
    /// A number that is whole and fits 32 bits; arithmetic promotes to `Real` on overflow.
    Integer(i32),
    Real(f64),
    Date(Date),
    Time(Time),
    /// What only an argument can be: a reference to a variable, `*`, `>`, nothing. Never stored in variables.
    Special(Special),

    Text(Text),
    Blob(Blob),
    Pointer(Pointer),
    Array(Box<Array>),
    Object(Object),
    Collection(Collection),
    SharedObject(SharedObject),
    SharedCollection(SharedCollection),
    /// A local variable that a pointer or formula may refer to; only ever found in registers.
    Cell(Cell),
}

const _: () = assert!(size_of::<Value>() == 16);

impl Value {
    /// Whether dropping or cloning the value has to do more than copy 16 bytes.
    #[inline(always)]
    #[must_use]
    pub fn is_heap(&self) -> bool {
        self.tag() >= TAG_TEXT
    }

    /// Whether objects and collections keep the value as it is: not nothing, a time or a BLOB, nor what only
    /// registers hold.
    #[inline(always)]
    #[must_use]
    pub fn keeps(&self) -> bool {
        const CHANGES: u32 =
            1 << TAG_UNDEFINED | 1 << TAG_TIME | 1 << TAG_BLOB | 1 << TAG_SPECIAL | 1 << TAG_CELL;
        CHANGES >> self.tag() & 1 == 0
    }

    /// The discriminant, as laid down by `repr(u8)`.
    #[inline(always)]
    #[must_use]
    pub fn tag(&self) -> u8 {
        // SAFETY: `repr(u8)` enums store the discriminant as their first byte.
        #[allow(unsafe_code)]
        unsafe {
            *std::ptr::from_ref(self).cast::<u8>()
        }
    }
}

/// Raw access to slots of registers. A scalar is written as whole 8-byte words and copied as such:
/// bytes written apart and read back together would wait for the processor's store buffer, which
/// made arithmetic loops three times slower.
#[allow(unsafe_code)]
impl Value {
    /// # Safety
    /// The slot holds a scalar, or is not read or dropped before.
    #[inline(always)]
    pub unsafe fn put_integer(slot: *mut Self, number: i32) {
        let word = u64::from(TAG_INTEGER) | u64::from(number as u32) << 32;
        // SAFETY: `repr(u8)` puts the tag into the first byte and an i32 at offset 4
        unsafe { slot.cast::<u64>().write(word.to_le()) };
    }

    /// # Safety
    /// As for `put_integer`.
    #[inline(always)]
    pub unsafe fn put_real(slot: *mut Self, number: f64) {
        // SAFETY: `repr(u8)` puts the tag into the first byte and an f64 at offset 8
        unsafe {
            slot.cast::<u64>().write(u64::from(TAG_REAL).to_le());
            slot.cast::<f64>().add(1).write(number);
        }
    }

    /// # Safety
    /// As for `put_integer`.
    #[inline(always)]
    pub unsafe fn put_boolean(slot: *mut Self, holds: bool) {
        let word = u64::from(TAG_BOOLEAN) | u64::from(holds) << 8;
        // SAFETY: `repr(u8)` puts the tag into the first byte and a bool into the second
        unsafe { slot.cast::<u64>().write(word.to_le()) };
    }

    /// Copies a value bit by bit.
    ///
    /// # Safety
    /// Only one of the two may be used as a value afterwards, unless it is a scalar.
    #[inline(always)]
    pub unsafe fn copy_words(to: *mut Self, from: *const Self) {
        // SAFETY: by contract
        unsafe { Words::read(from).write(to) };
    }

    /// Writes a value into a slot, as whole words.
    ///
    /// # Safety
    /// As for `put_integer`.
    #[inline(always)]
    pub unsafe fn put(slot: *mut Self, value: Self) {
        // SAFETY: by contract; the value is forgotten once its words are in the slot. A heap value is
        // its tag and a pointer; what else the first word holds is padding.
        unsafe {
            match value {
                Self::Integer(number) => Self::put_integer(slot, number),
                Self::Real(number) => Self::put_real(slot, number),
                Self::Boolean(holds) => Self::put_boolean(slot, holds),
                Self::Undefined => slot.cast::<u64>().write(u64::from(TAG_UNDEFINED)),
                Self::Null => slot.cast::<u64>().write(u64::from(TAG_NULL)),
                other => {
                    let other = std::mem::ManuallyDrop::new(other);
                    let from: *const Self = &raw const *other;
                    if other.is_heap() {
                        slot.cast::<u64>().write(u64::from(other.tag()));
                        slot.cast::<*mut ()>().add(1).write(from.cast::<*mut ()>().add(1).read());
                    } else {
                        Self::copy_words(slot, from);
                    }
                }
            }
        }
    }

    /// Takes the value out of a slot and leaves Undefined there.
    ///
    /// # Safety
    /// The slot holds a value.
    #[inline(always)]
    pub unsafe fn take_words(slot: *mut Self) -> Words {
        // SAFETY: by contract; what stays behind is no longer looked at
        unsafe {
            let words = Words::read(slot);
            slot.cast::<u64>().write(u64::from(TAG_UNDEFINED));
            words
        }
    }
}

/// A value as two machine words, owned or not as its maker says. Kept apart from [`Value`] so that the
/// compiler moves it through two registers and never through memory in one piece.
#[derive(Clone, Copy)]
pub struct Words(MaybeUninit<u64>, MaybeUninit<*mut ()>);

#[allow(unsafe_code)]
impl Words {
    pub const UNDEFINED: Self = Self::scalar(TAG_UNDEFINED as u64);
    pub const NULL: Self = Self::scalar(TAG_NULL as u64);

    const fn scalar(word: u64) -> Self {
        Self(MaybeUninit::new(word), MaybeUninit::uninit())
    }

    #[inline(always)]
    #[must_use]
    pub fn boolean(holds: bool) -> Self {
        Self::scalar(u64::from(TAG_BOOLEAN) | u64::from(holds) << 8)
    }

    #[inline(always)]
    #[must_use]
    pub fn integer(number: i32) -> Self {
        Self::scalar(u64::from(TAG_INTEGER) | u64::from(number as u32) << 32)
    }

    #[inline(always)]
    #[must_use]
    pub fn real(number: f64) -> Self {
        let payload = std::ptr::without_provenance_mut(number.to_bits() as usize);
        Self(MaybeUninit::new(u64::from(TAG_REAL)), MaybeUninit::new(payload))
    }

    /// The bits of a value.
    ///
    /// # Safety
    /// `from` points to a value; it and what is made of the words count as one, unless it is a scalar.
    #[inline(always)]
    #[must_use]
    pub unsafe fn read(from: *const Value) -> Self {
        // SAFETY: valid for 16 bytes; volatile keeps the two words apart
        unsafe {
            Self(
                from.cast::<MaybeUninit<u64>>().read_volatile(),
                from.cast::<MaybeUninit<*mut ()>>().add(1).read_volatile(),
            )
        }
    }

    /// Puts the bits where a value is to be.
    ///
    /// # Safety
    /// The slot holds nothing that needs to be dropped.
    #[inline(always)]
    pub unsafe fn write(self, to: *mut Value) {
        // SAFETY: as in `read`
        unsafe {
            to.cast::<MaybeUninit<u64>>().write_volatile(self.0);
            to.cast::<MaybeUninit<*mut ()>>().add(1).write_volatile(self.1);
        }
    }

    /// The value that the words are.
    ///
    /// # Safety
    /// The words own a value, and are not used again.
    #[must_use]
    pub unsafe fn into_value(self) -> Value {
        let mut value = MaybeUninit::uninit();
        // SAFETY: by contract
        unsafe {
            self.write(value.as_mut_ptr());
            value.assume_init()
        }
    }

    /// A copy of a value, counted where it has to be.
    #[inline(always)]
    #[must_use]
    pub fn of(value: &Value) -> Self {
        if value.is_heap() {
            return Self::of_heap(value);
        }
        // SAFETY: a scalar may be copied bit by bit
        unsafe { Self::read(value) }
    }

    #[inline(always)]
    fn of_heap(value: &Value) -> Self {
        // All of these are one counted pointer: a copy is the same bits, counted once more.
        match value {
            Value::Object(object) => std::mem::forget(object.clone()),
            Value::Collection(items) => std::mem::forget(items.clone()),
            other => return Self::of_rare(other),
        }
        // SAFETY: counted above
        unsafe { Self::read(value) }
    }

    #[inline(never)]
    fn of_rare(value: &Value) -> Self {
        let mut words = MaybeUninit::<Value>::uninit();
        // SAFETY: what was written is read back; ownership goes to the words
        unsafe {
            Value::put(words.as_mut_ptr(), value.clone());
            Self::read(words.as_ptr())
        }
    }

    /// What a variable of a type holds before anything is stored in it, as words that may be copied any
    /// number of times; `None` where that needs an allocation.
    #[must_use]
    pub fn default_of(ty: Type) -> Option<Self> {
        // an empty text is static, a nil pointer no pointer at all: neither is counted
        if ty == Type::Blob {
            return None;
        }
        let mut words = MaybeUninit::<Value>::uninit();
        // SAFETY: as in `of_rare`; nothing is counted, so that copies are free
        unsafe {
            Value::put(words.as_mut_ptr(), convert::default_value(ty));
            Some(Self::read(words.as_ptr()))
        }
    }
}

// SAFETY: only `default_of` makes words that are kept, and they refer to nothing that is counted.
#[allow(unsafe_code)]
unsafe impl Send for Words {}
// SAFETY: as above
#[allow(unsafe_code)]
unsafe impl Sync for Words {}

/// The words own the value.
impl From<Value> for Words {
    #[inline(always)]
    fn from(value: Value) -> Self {
        let value = std::mem::ManuallyDrop::new(value);
        // SAFETY: the value is not used again
        #[allow(unsafe_code)]
        unsafe {
            Self::read(&raw const *value)
        }
    }
}

/// Which tags a declared type takes as they are, one bit each.
#[inline(always)]
#[must_use]
pub const fn accepted(ty: Type) -> u32 {
    const ALL: u32 = (1 << (TAG_CELL as u32)) - 1;
    match ty {
        Type::Variant => ALL & !(1 << TAG_SPECIAL),
        Type::Integer => 1 << TAG_INTEGER,
        Type::Real => 1 << TAG_REAL,
        Type::Text => 1 << TAG_TEXT,
        Type::Boolean => 1 << TAG_BOOLEAN,
        Type::Object => 1 << TAG_OBJECT | 1 << TAG_SHARED_OBJECT | 1 << TAG_NULL,
        Type::Collection => 1 << TAG_COLLECTION | 1 << TAG_SHARED_COLLECTION | 1 << TAG_NULL,
        _ => 0,
    }
}

const _: () = assert!(cfg!(target_endian = "little"), "scalars are written as little-endian words");

pub const TAG_UNDEFINED: u8 = 0;
pub const TAG_NULL: u8 = 1;
pub const TAG_BOOLEAN: u8 = 2;
pub const TAG_INTEGER: u8 = 3;
pub const TAG_REAL: u8 = 4;
pub const TAG_TIME: u8 = 6;
pub const TAG_SPECIAL: u8 = 7;
pub const TAG_TEXT: u8 = 8;
pub const TAG_BLOB: u8 = 9;
pub const TAG_OBJECT: u8 = 12;
pub const TAG_COLLECTION: u8 = 13;
pub const TAG_SHARED_OBJECT: u8 = 14;
pub const TAG_SHARED_COLLECTION: u8 = 15;
pub const TAG_CELL: u8 = 16;

/// What may be passed to a command besides values. `Source: Concepts/parameters`
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Special {
    /// A register of the process's stack, counted from its bottom; valid during the call.
    Register(u32),
    /// A process variable by number.
    Process(u32),
    /// An interprocess variable by number.
    Interprocess(u32),
    /// An element, or a row, of the array in a register; valid during the call.
    Element(u32, i32),
    /// `*`
    Star,
    /// `>`
    Greater,
    /// `<`
    Less,
    /// `&`, `|`, `#` as `QUERY` takes them
    Operator(u8),
    /// Nothing between two `;`
    Omitted,
    /// `[Table]` by number
    Table(u16),
    /// `[Table]Field` by numbers
    Field(u16, u16),
}
