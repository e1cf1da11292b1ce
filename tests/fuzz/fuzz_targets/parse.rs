//! Any bytes → tokens → tree → text → the same tree, and tree → advice and code: no panic, no endless loop,
//! places in order and inside the text. The first byte says whether the text is a method or a class.
//! `cargo +nightly fuzz run --fuzz-dir tests/fuzz parse tests/fuzz/corpus tests/fuzz/seeds`
#![no_main]

use fourd::code::check::advice;
use fourd::code::{Program, ProgramSources};
use fourd::syntax::{NoNames, ProjectNames, parse, print, tokenize};
use fourd::text::{Format, Name, Severity, Source, render};
use libfuzzer_sys::fuzz_target;
use std::sync::Arc;

fuzz_target!(|bytes: &[u8]| {
    let Some((&first, text)) = bytes.split_first() else { return };
    let path = if first.is_ascii_uppercase() { "Classes/Fuzz.4dm" } else { "fuzz.4dm" };
    let Ok(source) = Source::from_bytes(path, text.to_vec()) else { return };
    let mut names = ProjectNames::new();
    names.add_method("two words");
    names.add_table("Table", ["Field", "My field"]);
    places_are_in_order(&source);
    let parsed = parse(&source, &names);
    let mut sound = true;
    for diagnostic in &parsed.diagnostics {
        assert!(diagnostic.help.is_some(), "no help: {diagnostic:?}");
        sound &= diagnostic.severity < Severity::Error;
        let _ = render(&source, diagnostic, Format::Json);
    }
    if let Some(first) = parsed.diagnostics.first() {
        let _ = render(&source, first, Format::Human { colour: false });
    }
    if sound {
        let printed = print::file(&parsed.file);
        let again = Source::new(path, printed.clone());
        let reparsed = parse(&again, &names);
        let errors = reparsed.diagnostics.iter().filter(|found| found.severity == Severity::Error);
        assert_eq!(errors.count(), 0, "{printed}\n{:?}", reparsed.diagnostics);
        assert_eq!(print::file(&reparsed.file), printed);
        let _ = advice(&source, &parsed.file);
    }
    let reader = |path: &std::path::Path| Err(format!("{}: not here", path.display()));
    let program = Program::new(ProgramSources::default(), Arc::new(NoNames), Box::new(reader));
    let _ = program.compile_all(&Name::new("fuzz"), &Arc::new(source));
});

fn places_are_in_order(source: &Source) {
    let mut end = 0;
    for token in tokenize(source.text(), &NoNames, &mut Vec::new()) {
        assert!(token.span.start >= end && token.span.end >= token.span.start);
        assert!(source.text().get(token.span.range()).is_some());
        end = token.span.end;
    }
}
