//! `fourd check`: parses files on all cores and tells what is wrong with them, in the order of the walk.
//! A file is in memory only while it is looked at.

use super::args::{Check, CheckFormat, HEADLESS};
use super::headless;
use super::walk::{Job, Walk};
use super::{Exit, refuse};
use fourd::code::check::advice;
use fourd::engine::load;
use fourd::host::Host;
use fourd::syntax;
use fourd::text::{Diagnostic, Format, Severity};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::mpsc;
use std::time::Duration;

/// The address space of a worker's stack; only what is touched costs memory.
const STACK: usize = 64 << 20;
/// Work shorter than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);
/// Results that wait for an earlier file hold back the others beyond this number.
const AHEAD: usize = 1024;

/// How findings are told.
#[derive(Clone, Copy)]
struct Style<'a> {
    check: &'a Check,
    format: Format,
    /// What a command is that needs what fourd does not have.
    headless: Severity,
}

/// What became of one file.
#[derive(Default)]
struct Finding {
    /// Rendered diagnostics.
    text: String,
    /// What fourd itself has to say: the file could not be read.
    problem: Option<String>,
    errors: usize,
    warnings: usize,
    notes: usize,
    lines: usize,
    bytes: usize,
    internal: bool,
}

#[derive(Default)]
struct Summary {
    errors: usize,
    warnings: usize,
    notes: usize,
    unreadable: usize,
    lines: usize,
    bytes: usize,
    internal: bool,
}

pub(super) fn check(host: &dyn Host, check: &Check) -> Exit {
    let start = host.clock().elapsed();
    let mut walk = Walk::default();
    for path in &check.paths {
        walk.add(path, host.files());
    }
    let mut summary = Summary::default();
    for problem in &walk.problems {
        summary.unreadable += 1;
        host.console().error(&format!("fourd: {problem}\n"));
    }
    if walk.jobs.is_empty() && walk.problems.is_empty() {
        return refuse(host.console(), "no .4dm file lies there");
    }
    look_at_all(host, &walk, check, &mut summary);
    let time = host.clock().elapsed().saturating_sub(start);
    host.console().error(&summary.line(&walk, time));
    match summary {
        Summary { internal: true, .. } => Exit::Internal,
        Summary { errors: 0, unreadable: 0, .. } => Exit::Success,
        Summary { errors: 0, .. } => Exit::Usage,
        _ => Exit::Failed,
    }
}

/// Hands the files to threads and what they find to the console.
fn look_at_all(host: &dyn Host, walk: &Walk, check: &Check, summary: &mut Summary) {
    let threads = host.machine().parallelism().max(2).min(walk.jobs.len());
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    let style = Style {
        format: rendering(check.format, host),
        check,
        headless: if check.deny.iter().any(|denied| denied == HEADLESS) {
            Severity::Error
        } else {
            Severity::Note
        },
    };
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::sync_channel(AHEAD);
        for _ in 0..threads {
            let (send, next, stopped) = (send.clone(), &next, &stopped);
            let work = move || {
                while !stopped.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(job) = walk.jobs.get(number) else { return };
                    if send.send((number, guarded(host, walk, job, style))).is_err() {
                        return;
                    }
                }
            };
            if let Err(error) = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, work) {
                host.console().error(&format!("fourd: no thread to be had: {error}\n"));
                summary.internal = true;
            }
        }
        drop(send);
        collect(host, walk, &receive, summary);
        // Reached early if the reader of the output has left.
        stopped.store(true, Ordering::Relaxed);
    });
}

/// Writes the findings in the order of the files, whatever order they come in.
fn collect(host: &dyn Host, walk: &Walk, receive: &mpsc::Receiver<(usize, Finding)>, summary: &mut Summary) {
    let start = host.clock().elapsed();
    let mut bar: Option<ProgressBar> = None;
    let mut waiting = BTreeMap::new();
    let mut due = 0;
    for (number, finding) in receive {
        waiting.insert(number, finding);
        while let Some(finding) = waiting.remove(&due) {
            due += 1;
            summary.add(&finding);
            let write = || {
                if let Some(problem) = &finding.problem {
                    host.console().error(&format!("fourd: {problem}\n"));
                }
                host.console().print(&finding.text)
            };
            let silent = finding.text.is_empty() && finding.problem.is_none();
            let written = match &bar {
                _ if silent => Ok(()),
                Some(bar) => bar.suspend(|| write().and_then(|()| host.console().flush())),
                None => write(),
            };
            if written.is_err() {
                return;
            }
        }
        let late = host.clock().elapsed().saturating_sub(start) > PATIENCE;
        if bar.is_none() && late && host.console().shows_errors() {
            bar = Some(progress(walk.jobs.len()));
        }
        if let Some(bar) = &bar {
            bar.set_position(due as u64);
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
}

fn progress(files: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(files as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} files, {eta} left");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn rendering(format: CheckFormat, host: &dyn Host) -> Format {
    match format {
        CheckFormat::Human => Format::Human { colour: host.console().is_interactive() },
        CheckFormat::Json => Format::Json,
        CheckFormat::Github => Format::Github,
    }
}

/// A defect in fourd that one file brings out does not keep the others from being looked at.
fn guarded(host: &dyn Host, walk: &Walk, job: &Job, style: Style<'_>) -> Finding {
    let look = || look_at(host, walk, job, style);
    catch_unwind(AssertUnwindSafe(look)).unwrap_or_else(|_| Finding {
        problem: Some(format!("{}: a defect of fourd, please report it", job.path.display())),
        errors: 1,
        internal: true,
        ..Finding::default()
    })
}

fn look_at(host: &dyn Host, walk: &Walk, job: &Job, style: Style<'_>) -> Finding {
    let source = match load(host, &job.path) {
        Ok(source) => source,
        Err(why) => return unreadable(&job.path, why, style.format),
    };
    let mut diagnostics = Vec::new();
    let tokens = syntax::tokenize(source.text(), &walk.projects[job.project], &mut diagnostics);
    let parsed = syntax::parse_tokens(&source, &tokens, &walk.projects[job.project], diagnostics);
    let mut diagnostics = parsed.diagnostics;
    if diagnostics.iter().all(|found| found.severity < Severity::Error) {
        diagnostics.extend(wanted(advice(&source, &parsed.file), style.check));
    }
    diagnostics.extend(headless::findings(source.text(), &tokens, style.headless));
    diagnostics.sort_by_key(|found| (found.span.start, found.span.end));
    let count = |severity| diagnostics.iter().filter(|found| found.severity == severity).count();
    Finding {
        errors: count(Severity::Error),
        warnings: count(Severity::Warning),
        notes: count(Severity::Note),
        lines: source.line_count(),
        bytes: source.text().len(),
        text: super::reports(&source, &diagnostics, style.format),
        ..Finding::default()
    }
}

/// The advice that the command line leaves, with the weight that it gives.
fn wanted(advice: Vec<Diagnostic>, check: &Check) -> impl Iterator<Item = Diagnostic> {
    let told = |codes: &[String], found: &Diagnostic| codes.iter().any(|code| code == found.code);
    advice.into_iter().filter(move |found| !told(&check.allow, found)).map(move |mut found| {
        if told(&check.deny, &found) {
            found.severity = Severity::Error;
        }
        found
    })
}

/// Machines that read the output must learn of it there.
fn unreadable(path: &Path, why: String, format: Format) -> Finding {
    let text = match format {
        Format::Human { .. } => String::new(),
        Format::Json => {
            let file = path.display().to_string();
            let object = serde_json::json!({ "file": file, "severity": "error", "message": why });
            format!("{object}\n")
        }
        Format::Github => format!("::error file={}::{why}\n", path.display()),
    };
    let problem = text.is_empty().then_some(why);
    Finding { errors: 1, text, problem, ..Finding::default() }
}

impl Summary {
    fn add(&mut self, finding: &Finding) {
        self.errors += finding.errors;
        self.warnings += finding.warnings;
        self.notes += finding.notes;
        self.lines += finding.lines;
        self.bytes += finding.bytes;
        self.internal |= finding.internal;
    }

    fn line(&self, walk: &Walk, time: Duration) -> String {
        let seconds = time.as_secs_f64();
        let speed = self.bytes as f64 / 1e6 / seconds.max(1e-6);
        let mut line = format!(
            "{}, {}, {}",
            many(walk.jobs.len(), "file"),
            many(self.lines, "line"),
            many(self.errors, "error")
        );
        for (number, word) in
            [(self.warnings, "warning"), (self.notes, "note"), (self.unreadable, "unreadable path")]
        {
            if number > 0 {
                line += &format!(", {}", many(number, word));
            }
        }
        if walk.skipped > 0 {
            line += &format!(", {} in Trash left out", many(walk.skipped, "file"));
        }
        format!("{line} in {seconds:.2} s ({speed:.1} MB/s)\n")
    }
}

fn many(number: usize, word: &str) -> String {
    let s = if number == 1 { "" } else { "s" };
    format!("{number} {word}{s}")
}
