//! Which lines of the tested code ran: gathered from every test's program, told as a table and written as
//! an lcov file. The tests themselves are left out; files that no test ever loaded are in, with no line run.

use super::case::Case;
use fourd::code::program::Code;
use fourd::engine::{Engine, load};
use fourd::host::Host;
use fourd::host::captured::CapturedHost;
use parking_lot::Mutex;
use std::collections::{BTreeMap, HashSet};
use std::fmt::Write;
use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

/// What is known so far; filled by many threads.
#[derive(Default)]
pub(super) struct Coverage {
    files: Mutex<BTreeMap<PathBuf, File>>,
}

#[derive(Default)]
struct File {
    /// How often each line that holds a statement was begun.
    lines: BTreeMap<u32, u64>,
    /// Methods and functions by name: the line of their first statement, and how often it was begun.
    functions: BTreeMap<String, (u32, u64)>,
}

impl Coverage {
    /// Adds what a program counted; its paths start in `folder`.
    pub(super) fn add(&self, folder: &Path, codes: &[Arc<Code>]) {
        // Statements that share a line: the line ran as often as the busiest of them.
        let mut counted: BTreeMap<PathBuf, File> = BTreeMap::new();
        for code in codes {
            let file = counted.entry(short(&folder.join(code.source.path()))).or_default();
            if let Some(first) = code.counters.first() {
                file.functions.insert(code.name.to_string(), (first.line, first.get()));
            }
            for counter in &code.counters {
                let line = file.lines.entry(counter.line).or_default();
                *line = counter.get().max(*line);
            }
        }
        let mut files = self.files.lock();
        for (path, counted) in counted {
            let file = files.entry(path).or_default();
            for (line, count) in counted.lines {
                *file.lines.entry(line).or_default() += count;
            }
            for (name, (line, count)) in counted.functions {
                file.functions.entry(name).or_insert((line, 0)).1 += count;
            }
        }
    }

    /// Adds the files of the tested projects that no test loaded, and takes the tests out.
    pub(super) fn complete(&self, host: &Arc<dyn Host>, chosen: &[Case], tests: &HashSet<PathBuf>) {
        let mut seen = HashSet::new();
        for case in chosen {
            if !seen.insert(Arc::as_ptr(&case.project)) {
                continue;
            }
            let inside: Arc<dyn Host> =
                Arc::new(CapturedHost::new(Arc::clone(host), case.folder.clone(), None));
            let project = &case.project;
            let methods = project.methods.iter().map(|method| (&method.name, &method.path));
            let classes = project.classes.iter().map(|class| (&class.name, &class.path));
            let engine =
                Engine::counting_statements(Arc::clone(&inside), fourd::project::Project::clone(project));
            for (name, path) in methods.chain(classes) {
                let whole = short(&case.folder.join(path));
                if tests.contains(&whole) || self.files.lock().contains_key(&whole) {
                    continue;
                }
                // What cannot be read or compiled has no lines that could run; `fourd check` tells why.
                let Ok(source) = load(&*inside, path) else { continue };
                if let Ok(codes) = engine.shared().program.compile_all(name, &Arc::new(source)) {
                    self.add(&case.folder, &codes);
                }
            }
        }
        self.files.lock().retain(|path, file| !tests.contains(path) && !file.lines.is_empty());
    }

    /// The format that most coverage viewers read, see the manual page geninfo(1).
    pub(super) fn lcov(&self) -> String {
        let mut out = String::new();
        for (path, file) in &*self.files.lock() {
            let _ = writeln!(out, "TN:\nSF:{}", path.display());
            for (name, (line, _)) in &file.functions {
                let _ = writeln!(out, "FN:{line},{name}");
            }
            for (name, (_, count)) in &file.functions {
                let _ = writeln!(out, "FNDA:{count},{name}");
            }
            let called = file.functions.values().filter(|(_, count)| *count > 0).count();
            let _ = writeln!(out, "FNF:{}\nFNH:{called}", file.functions.len());
            for (line, count) in &file.lines {
                let _ = writeln!(out, "DA:{line},{count}");
            }
            let _ = writeln!(out, "LF:{}\nLH:{}\nend_of_record", file.lines.len(), file.run());
        }
        out
    }

    /// A line for each file, and one for all.
    pub(super) fn table(&self) -> String {
        let files = self.files.lock();
        let names: Vec<String> = files.keys().map(|path| path.display().to_string()).collect();
        let width = names.iter().map(|name| name.chars().count()).max().unwrap_or(0).max("file".len());
        let mut out = format!("{:<width$}  lines    run  share  not run\n", "file");
        let (mut all, mut run) = (0, 0);
        for (name, file) in names.iter().zip(files.values()) {
            let missing = file.missing();
            let (lines, ran) = (file.lines.len(), file.run());
            let line = format!("{name:<width$}  {lines:>5}  {ran:>5}  {:>5}  {missing}", share(ran, lines));
            let _ = writeln!(out, "{}", line.trim_end());
            all += lines;
            run += ran;
        }
        let _ = writeln!(out, "{:<width$}  {all:>5}  {run:>5}  {:>5}", "all", share(run, all));
        out
    }
}

impl File {
    fn run(&self) -> usize {
        self.lines.values().filter(|count| **count > 0).count()
    }

    /// The lines that never ran, as `3-5, 9`: ranges go on over lines without a statement.
    fn missing(&self) -> String {
        let mut ranges: Vec<(u32, u32)> = Vec::new();
        let mut open = false;
        for (&line, &count) in &self.lines {
            match ranges.last_mut() {
                _ if count > 0 => open = false,
                Some(last) if open => last.1 = line,
                _ => {
                    ranges.push((line, line));
                    open = true;
                }
            }
        }
        let range = |(first, last): &(u32, u32)| {
            if first == last { first.to_string() } else { format!("{first}-{last}") }
        };
        ranges.iter().map(range).collect::<Vec<_>>().join(", ")
    }
}

/// Rounded down: only all is all.
fn share(run: usize, all: usize) -> String {
    let tenths = (run * 1000).checked_div(all).unwrap_or(1000);
    format!("{}.{}%", tenths / 10, tenths % 10)
}

/// The files of all tests.
pub(super) fn files_of(cases: &[Case]) -> HashSet<PathBuf> {
    cases.iter().map(|case| short(&case.folder.join(&case.entry.path))).collect()
}

/// Without `.` in it.
fn short(path: &Path) -> PathBuf {
    path.components().filter(|part| *part != Component::CurDir).collect()
}
