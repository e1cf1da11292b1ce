//! How fast source text becomes a tree, on one core: `cargo bench --bench parse -- FILE_OR_FOLDER…`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // tests stand outside of the host

use fourd::syntax::{NoNames, ProjectNames, parse, tokenize};
use fourd::text::Source;
use std::path::Path;
use std::time::Instant;

/// As the program itself has it.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() {
    let mut sources = Vec::new();
    for argument in std::env::args().skip(1).filter(|a| !a.starts_with("--")) {
        collect(Path::new(&argument), &mut sources);
    }
    let size: usize = sources.iter().map(|source| source.text().len()).sum();
    if size == 0 {
        println!("parse: name files or folders of .4dm files to measure");
        return;
    }
    let mut names = ProjectNames::new();
    for source in &sources {
        names.add_method(&source.path().file_stem().unwrap_or_default().to_string_lossy());
    }
    measure("tokens", size, || {
        sources.iter().map(|source| tokenize(source.text(), &NoNames, &mut Vec::new()).len()).sum()
    });
    measure("tree", size, || sources.iter().map(|source| parse(source, &names).diagnostics.len()).sum());
}

/// The best of several runs; the number keeps the work from being left out.
fn measure(what: &str, size: usize, work: impl Fn() -> usize) {
    let mut best = f64::INFINITY;
    let mut number = 0;
    for _ in 0..7 {
        let start = Instant::now();
        number = work();
        best = best.min(start.elapsed().as_secs_f64());
    }
    let megabytes = size as f64 / 1e6;
    println!("{what}: {megabytes:.2} MB, {:.1} MB/s ({number})", megabytes / best);
}

fn collect(path: &Path, sources: &mut Vec<Source>) {
    if let Ok(folder) = std::fs::read_dir(path) {
        for entry in folder.flatten() {
            collect(&entry.path(), sources);
        }
    } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("4dm"))
        && let Ok(bytes) = std::fs::read(path)
    {
        sources.push(Source::new(path, String::from_utf8_lossy(&bytes).into_owned()));
    }
}
