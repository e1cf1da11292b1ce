//! What `hold` says, led by coverage:
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz parse tests/fuzz/corpus tests/fuzz/seeds`
#![no_main]

#[path = "../hold.rs"]
mod hold;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| hold::hold(bytes));
