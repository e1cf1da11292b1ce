//! Runs each script under `tests/scripts` and `examples`, and compares what it prints with the `.out`
//! file beside it; if there is an `.err` file, also what it reports, and that it fails.
//! A folder with `main.4dm` is one case. `BLESS=1` writes what was seen, for review.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a harness stands outside

use libtest_mimic::{Arguments, Failed, Trial};
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::{env, fs, io};

fn main() -> ExitCode {
    let arguments = Arguments::from_args();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut trials = Vec::new();
    for folder in ["tests/scripts", "examples"] {
        let mut cases = Vec::new();
        collect(&root.join(folder), &mut cases).expect("the folder of cases can be read");
        cases.sort();
        for case in cases {
            let name = case.strip_prefix(root).unwrap_or(&case).with_extension("").display().to_string();
            trials.push(Trial::test(name, move || compare(&case)));
        }
    }
    libtest_mimic::run(&arguments, trials).exit_code()
}

/// Scripts in a folder. Where there is a `main.4dm`, the others are its methods; projects hold no scripts.
fn collect(folder: &Path, cases: &mut Vec<PathBuf>) -> io::Result<()> {
    if folder.join("Project").exists() {
        return Ok(());
    }
    let main = folder.join("main.4dm");
    if main.exists() {
        cases.push(main);
        return Ok(());
    }
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(&path, cases)?;
        } else if path.extension().is_some_and(|extension| extension == "4dm") {
            cases.push(path);
        }
    }
    Ok(())
}

fn compare(script: &Path) -> Result<(), Failed> {
    let folder = script.parent().ok_or("a script lies in a folder")?;
    let name = script.file_name().ok_or("a script has a name")?;
    let run = Command::new(env!("CARGO_BIN_EXE_fourd")).arg("run").arg(name).current_dir(folder).output()?;
    let report = String::from_utf8_lossy(&run.stderr);
    let report_file = script.with_extension("err");
    if report_file.exists() {
        golden(&report_file, &report)?;
        if run.status.success() {
            return Err("it should have failed".into());
        }
    } else if !run.status.success() {
        return Err(format!("{}\n{report}", run.status).into());
    }
    golden(&script.with_extension("out"), &String::from_utf8_lossy(&run.stdout))
}

fn golden(file: &Path, seen: &str) -> Result<(), Failed> {
    if env::var_os("BLESS").is_some() {
        fs::write(file, seen)?;
    }
    let kept = fs::read_to_string(file).unwrap_or_default();
    if kept == seen {
        return Ok(());
    }
    Err(format!("{}\n--- expected\n{kept}--- seen\n{seen}", file.display()).into())
}
