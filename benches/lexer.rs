//! How fast source text becomes tokens: `cargo bench --bench lexer -- FILE_OR_FOLDER…`.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // tests stand outside of the host

use fourd::syntax::{NoNames, tokenize};
use std::path::{Path, PathBuf};
use std::time::Instant;

fn main() {
    let mut files = Vec::new();
    for argument in std::env::args().skip(1).filter(|a| !a.starts_with("--")) {
        collect(Path::new(&argument), &mut files);
    }
    let texts: Vec<(PathBuf, String)> = files
        .into_iter()
        .filter_map(|path| {
            let bytes = std::fs::read(&path).ok()?;
            Some((path, String::from_utf8_lossy(&bytes).into_owned()))
        })
        .collect();
    let size: usize = texts.iter().map(|(_, text)| text.len()).sum();
    if size == 0 {
        println!("lexer: name files or folders of .4dm files to measure");
        return;
    }
    for (path, text) in &texts {
        let mut diagnostics = Vec::new();
        let _ = tokenize(text, &NoNames, &mut diagnostics);
        for found in diagnostics {
            let line = text[..found.span.start as usize].lines().count();
            println!("{}:{line}: {} {}", path.display(), found.code, found.message);
        }
    }
    let mut best = f64::INFINITY;
    let mut tokens = 0;
    for _ in 0..5 {
        let start = Instant::now();
        tokens = texts.iter().map(|(_, text)| tokenize(text, &NoNames, &mut Vec::new()).len()).sum();
        best = best.min(start.elapsed().as_secs_f64());
    }
    let megabytes = size as f64 / 1e6;
    println!(
        "lexer: {} files, {megabytes:.2} MB, {tokens} tokens, {:.1} MB/s",
        texts.len(),
        megabytes / best
    );
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) {
    if let Ok(folder) = std::fs::read_dir(path) {
        for entry in folder.flatten() {
            collect(&entry.path(), files);
        }
    } else if path.extension().is_some_and(|e| e.eq_ignore_ascii_case("4dm")) {
        files.push(path.to_owned());
    }
}
