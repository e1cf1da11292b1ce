//! The hash of the name index, shared by the build script (which fills the index) and the
//! crate (which looks names up). It ignores ASCII case, and can be carried on from word to word.

/// What a hash begins with.
pub(super) const START: u32 = 0x811c_9dc5;

/// Carries `hash` on over the bytes of one word.
pub(super) const fn extend(mut hash: u32, word: &[u8]) -> u32 {
    let mut i = 0;
    while i < word.len() {
        // Setting this bit lower-cases letters; what else it merges is told apart by comparing.
        hash = (hash ^ (word[i] | 0x20) as u32).wrapping_mul(0x0100_0193);
        i += 1;
    }
    hash
}

/// The place in an index of `1 << bits` places where the search for `hash` begins.
pub(super) const fn place(hash: u32, bits: u32) -> usize {
    (hash.wrapping_mul(0x9e37_79b1) >> (32 - bits)) as usize
}
