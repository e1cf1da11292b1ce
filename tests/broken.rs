//! One test for each snippet of broken code: the reports it gets, compared with the file beside it.
//! `BLESS=1` writes the reports anew, to be looked through.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // tests stand outside of the host

use fourd::syntax::{NoNames, parse};
use fourd::text::{Format, Source, render};
use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};

fn main() {
    let arguments = Arguments::from_args();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/broken");
    let mut snippets = Vec::new();
    collect(&folder, &mut snippets);
    snippets.sort();
    assert!(!snippets.is_empty(), "no snippets in {}", folder.display());
    let trial = |path: PathBuf| {
        let name = path.strip_prefix(&folder).unwrap_or(&path).with_extension("");
        let shown = path.strip_prefix(&folder).unwrap_or(&path).to_owned();
        Trial::test(name.display().to_string(), move || check(&path, &shown))
    };
    let trials = snippets.into_iter().map(trial).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn collect(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in std::fs::read_dir(folder).into_iter().flatten().flatten() {
        let path = entry.path();
        if path.is_dir() {
            collect(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "4dm") {
            found.push(path);
        }
    }
}

fn check(path: &Path, shown: &Path) -> Result<(), Failed> {
    let text = std::fs::read_to_string(path)?;
    let source = Source::new(shown, text);
    let parsed = parse(&source, &NoNames);
    let format = Format::Human { colour: false };
    let seen: String = parsed.diagnostics.iter().map(|d| render(&source, d, format)).collect();
    if let Some(bare) = parsed.diagnostics.iter().find(|found| found.help.is_none()) {
        return Err(format!("no help: {}", bare.message).into());
    }
    let golden = path.with_extension("err");
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&golden, &seen)?;
    }
    let kept = std::fs::read_to_string(&golden).unwrap_or_default();
    if seen.is_empty() {
        return Err("nothing was reported".into());
    }
    if seen != kept {
        return Err(format!("expected:\n{kept}\nseen:\n{seen}").into());
    }
    Ok(())
}
