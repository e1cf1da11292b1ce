//! What programs compute with. A [`Value`] is 16 bytes: a tag and a payload; scalars are stored in
//! place and never counted, everything else is one pointer. Private objects and collections are
//! counted without atomics and cannot leave their thread; texts, blobs and shared objects can.

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

    /// Whether objects and collections keep the value as it is: not nothing, a time or a BLOB.
    #[inline(always)]
    #[must_use]
    pub fn keeps(&self) -> bool {
        const CHANGES: u32 = 1 << TAG_UNDEFINED | 1 << TAG_TIME | 1 << TAG_BLOB;
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
        use std::mem::MaybeUninit;
        let (to, from) = (to.cast::<MaybeUninit<u64>>(), from.cast::<MaybeUninit<u64>>());
        // SAFETY: both are valid for 16 bytes; volatile keeps the two words apart
        unsafe {
            let (tag, payload) = (from.read_volatile(), from.add(1).read_volatile());
            to.write_volatile(tag);
            to.add(1).write_volatile(payload);
        }
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
