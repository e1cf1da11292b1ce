//! Any bytes → tokens → tree: no panic, no overflow, spans in order and inside the text.
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz parse`
#![no_main]

use fourd::syntax::{NoNames, parse, tokenize};
use fourd::text::{Format, Source, render};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(source) = Source::from_bytes("fuzz.4dm", bytes.to_vec()) else { return };
    let mut end = 0;
    for token in tokenize(source.text(), &NoNames, &mut Vec::new()) {
        assert!(token.span.start >= end && token.span.end >= token.span.start);
        assert!(source.text().get(token.span.range()).is_some());
        end = token.span.end;
    }
    for diagnostic in parse(&source, &NoNames).diagnostics {
        let _ = render(&source, &diagnostic, Format::Json);
    }
});
