//! The heap block of a text: a counted header, then the bytes. All unsafe code of texts is here.
//!
//! Invariants: `len <= cap <= MAX_BYTES`; the first `len` bytes are UTF-8; only a block with a
//! count of one, reached through `&mut`, is written to (atomics aside); `EMPTY` is never written,
//! counted or freed.
#![allow(unsafe_code)]

use std::alloc::{Layout, alloc, dealloc, handle_alloc_error, realloc};
use std::ptr::NonNull;
use std::sync::atomic::{AtomicU32, AtomicU64, AtomicUsize, Ordering, fence};

/// 2 GB. `Source: Concepts/string`
pub(super) const MAX_BYTES: usize = i32::MAX as usize;

const UNKNOWN_LENGTH: u32 = u32::MAX;

#[repr(C)]
struct Header {
    count: AtomicUsize,
    len: u32,
    cap: u32,
    ascii: bool,
    /// UTF-16 length, or `UNKNOWN_LENGTH`.
    utf16: AtomicU32,
    /// Hash of the bytes; 0 if not computed yet.
    hash: AtomicU64,
    /// A place found earlier: UTF-16 index in the upper half, byte in the lower one.
    crumb: AtomicU64,
}

impl Header {
    const fn new(len: u32, cap: u32, ascii: bool) -> Self {
        Self {
            count: AtomicUsize::new(1),
            len,
            cap,
            ascii,
            utf16: AtomicU32::new(UNKNOWN_LENGTH),
            hash: AtomicU64::new(0),
            crumb: AtomicU64::new(0),
        }
    }
}

static EMPTY: Header = Header::new(0, 0, true);

pub(super) struct Block(NonNull<Header>);

// SAFETY: the count is atomic, the bytes are only written while there is one reference, and the
// caches are atomics whose every value is valid for the bytes.
unsafe impl Send for Block {}
// SAFETY: as above; `&Block` gives nothing but reads and atomics.
unsafe impl Sync for Block {}

fn layout(capacity: usize) -> Layout {
    // Cannot overflow: capacity is at most MAX_BYTES.
    Layout::from_size_align(size_of::<Header>() + capacity, align_of::<Header>())
        .unwrap_or(Layout::new::<Header>())
}

#[allow(clippy::cast_possible_truncation)] // callers keep sizes within MAX_BYTES
const fn small(size: usize) -> u32 {
    size as u32
}

impl Block {
    pub(super) const EMPTY: Self = Self(NonNull::from_ref(&EMPTY));

    /// A block of its own with `bytes` (UTF-8, at most `MAX_BYTES`) and room for `capacity` in all.
    pub(super) fn filled(bytes: &[u8], capacity: usize) -> Self {
        let capacity = capacity.max(bytes.len()).min(MAX_BYTES);
        if capacity == 0 {
            return Self::EMPTY;
        }
        let capacity = (capacity.saturating_add(7) & !7).min(MAX_BYTES);
        let layout = layout(capacity);
        // SAFETY: the layout is not empty; the header is written before anything reads it, and
        // `bytes.len() <= capacity` bytes fit behind it, in fresh memory that cannot overlap.
        unsafe {
            let Some(at) = NonNull::new(alloc(layout).cast::<Header>()) else { handle_alloc_error(layout) };
            at.write(Header::new(small(bytes.len()), small(capacity), bytes.is_ascii()));
            at.add(1)
                .cast::<u8>()
                .copy_from_nonoverlapping(NonNull::from_ref(bytes).cast::<u8>(), bytes.len());
            Self(at)
        }
    }

    #[inline]
    fn header(&self) -> &Header {
        // SAFETY: the pointer is to a live header: EMPTY, or a block this reference is counted in.
        unsafe { self.0.as_ref() }
    }

    #[inline]
    fn is_static(&self) -> bool {
        std::ptr::eq(self.0.as_ptr(), &raw const EMPTY)
    }

    #[inline]
    pub(super) fn as_str(&self) -> &str {
        let len = self.header().len as usize;
        // SAFETY: `len` bytes behind the header are initialised UTF-8; for EMPTY, len is 0 and the
        // pointer is one past a static.
        unsafe {
            let bytes = std::slice::from_raw_parts(self.0.as_ptr().add(1).cast::<u8>(), len);
            std::str::from_utf8_unchecked(bytes)
        }
    }

    #[inline]
    pub(super) fn is_ascii(&self) -> bool {
        self.header().ascii
    }

    pub(super) fn capacity(&self) -> usize {
        self.header().cap as usize
    }

    pub(super) fn same(&self, other: &Self) -> bool {
        self.0 == other.0
    }

    /// Whether this is the only reference, so that `&mut self` may write.
    #[inline]
    fn is_unique(&self) -> bool {
        // Acquire: what other owners did before they let go happens before our writes.
        !self.is_static() && self.header().count.load(Ordering::Acquire) == 1
    }

    /// Appends, in place if unique and there is room. `len + tail.len()` is at most `MAX_BYTES`.
    #[inline]
    pub(super) fn append(&mut self, tail: &str) {
        if tail.is_empty() {
            return;
        }
        let len = self.header().len as usize;
        let need = (len + tail.len()).min(MAX_BYTES);
        if !self.is_unique() {
            let room = if len == 0 { need } else { need + need / 2 };
            *self = Self::filled(self.as_str().as_bytes(), room);
        } else if need > self.capacity() {
            self.grow(need);
        }
        let ascii = tail.is_ascii();
        // SAFETY: the block is unique and has room for `need` bytes; `tail` cannot lie in it, as
        // `&mut self` excludes borrows from it.
        unsafe {
            self.0
                .add(1)
                .cast::<u8>()
                .add(len)
                .copy_from_nonoverlapping(NonNull::from_ref(tail).cast::<u8>(), need - len);
            let header = self.0.as_mut();
            header.len = small(need);
            header.ascii &= ascii;
        }
        self.forget_caches();
    }

    /// Makes room for at least `need` bytes. The block is unique.
    #[cold]
    fn grow(&mut self, need: usize) {
        let old = self.capacity();
        let capacity = need.max(old.saturating_mul(2)).clamp(24, MAX_BYTES);
        // SAFETY: the block came from `alloc` with this layout, and nobody else holds it; on
        // failure the program ends.
        unsafe {
            let new = layout(capacity);
            let at = realloc(self.0.as_ptr().cast(), layout(old), new.size());
            let Some(at) = NonNull::new(at.cast::<Header>()) else { handle_alloc_error(new) };
            self.0 = at;
            self.0.as_mut().cap = small(capacity);
        }
    }

    /// Replaces one byte of an ASCII text; `false` if there is none at that index.
    pub(super) fn set_ascii(&mut self, index: usize, byte: u8) -> bool {
        if !byte.is_ascii() || !self.is_ascii() || index >= self.header().len as usize {
            return false;
        }
        if !self.is_unique() {
            let text = self.as_str();
            *self = Self::filled(text.as_bytes(), text.len());
        }
        // SAFETY: unique, index below len, ASCII stays ASCII.
        unsafe { self.0.add(1).cast::<u8>().add(index).write(byte) };
        self.forget_caches();
        true
    }

    fn forget_caches(&mut self) {
        // SAFETY: only called on unique blocks.
        let header = unsafe { self.0.as_mut() };
        *header.utf16.get_mut() = UNKNOWN_LENGTH;
        *header.hash.get_mut() = 0;
        *header.crumb.get_mut() = 0;
    }

    // The caches are only ever filled with what follows from the bytes: Relaxed is enough.

    pub(super) fn utf16_or(&self, count: impl FnOnce(&str) -> usize) -> usize {
        let known = self.header().utf16.load(Ordering::Relaxed);
        if known != UNKNOWN_LENGTH {
            return known as usize;
        }
        let length = count(self.as_str());
        self.header().utf16.store(small(length), Ordering::Relaxed);
        length
    }

    pub(super) fn hash_or(&self, hash: impl FnOnce(&str) -> u64) -> u64 {
        let known = self.header().hash.load(Ordering::Relaxed);
        if known != 0 {
            return known;
        }
        let code = hash(self.as_str()) | 1;
        self.header().hash.store(code, Ordering::Relaxed);
        code
    }

    /// The UTF-16 index and byte of a place found earlier.
    pub(super) fn crumb(&self) -> (usize, usize) {
        let packed = self.header().crumb.load(Ordering::Relaxed);
        ((packed >> 32) as usize, (packed & 0xFFFF_FFFF) as usize)
    }

    pub(super) fn set_crumb(&self, utf16: usize, byte: usize) {
        if !self.is_static() {
            let packed = (utf16 as u64) << 32 | byte as u64;
            self.header().crumb.store(packed, Ordering::Relaxed);
        }
    }
}

impl Clone for Block {
    #[inline]
    fn clone(&self) -> Self {
        if !self.is_static() {
            // Relaxed: a new reference is made from one that keeps the block alive. The count
            // cannot overflow: memory holds fewer than 2^63 references.
            self.header().count.fetch_add(1, Ordering::Relaxed);
        }
        Self(self.0)
    }
}

impl Drop for Block {
    #[inline]
    fn drop(&mut self) {
        if self.is_static() || self.header().count.fetch_sub(1, Ordering::Release) != 1 {
            return;
        }
        fence(Ordering::Acquire);
        // SAFETY: this was the last reference, and the block came from `alloc` with this layout.
        unsafe { dealloc(self.0.as_ptr().cast(), layout(self.capacity())) };
    }
}
