//! `fourd test`: golden-file tests of scripts and the methods `test_…` of projects, side by side in this
//! process. Results are told in the order of the tests, whatever order they end in.

mod case;
mod coverage;
mod difference;
mod execute;
mod pattern;
mod report;

use super::args::{Test, TestFormat};
use super::{Exit, refuse};
use case::{Case, Cases};
use coverage::Coverage;
use execute::{Verdict, execute};
use fourd::host::Host;
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// Work shorter than this needs no bar.
const PATIENCE: Duration = Duration::from_millis(500);

pub(super) fn test(host: Arc<dyn Host>, test: &Test) -> Exit {
    let start = host.clock().elapsed();
    let mut cases = Cases::default();
    let here = [PathBuf::from(".")];
    for path in if test.paths.is_empty() { &here } else { test.paths.as_slice() } {
        cases.add(path, &host);
    }
    for problem in &cases.problems {
        host.console().error(&format!("fourd: {problem}\n"));
    }
    let Cases { found, problems, .. } = cases;
    let wanted = |case: &Case| test.filter.as_ref().is_none_or(|part| case.name.contains(part.as_str()));
    let tests = coverage::files_of(&found);
    let coverage = test.coverage.as_ref().map(|_| Coverage::default());
    let chosen: Vec<Case> = found.into_iter().filter(wanted).collect();
    if chosen.is_empty() {
        return if problems.is_empty() { refuse(host.console(), "no test lies there") } else { Exit::Usage };
    }
    let results = run_all(&host, &chosen, test, coverage.as_ref());
    let time = host.clock().elapsed().saturating_sub(start);
    let failed = results.iter().filter(|(_, verdict)| verdict.failure.is_some()).count();
    if let Some(path) = &test.junit {
        let written = report::junit(&results, time).and_then(|bytes| host.files().write(path, &bytes));
        if let Err(error) = written {
            return refuse(
                host.console(),
                format_args!("{}: {}", path.display(), fourd::project::plain(&error)),
            );
        }
    }
    if let (Some(coverage), Some(path)) = (&coverage, &test.coverage) {
        coverage.complete(&host, &chosen, &tests);
        if let Err(error) = host.files().write(path, coverage.lcov().as_bytes()) {
            return refuse(
                host.console(),
                format_args!("{}: {}", path.display(), fourd::project::plain(&error)),
            );
        }
        if test.format == TestFormat::Human {
            let _ = host.console().print(&coverage.table());
        }
    }
    if test.format == TestFormat::Human {
        let passed = results.len() - failed;
        let line = format!("{passed} passed, {failed} failed\n");
        let _ = host.console().print(&line);
    }
    if failed > 0 || !problems.is_empty() || results.len() < chosen.len() {
        Exit::Failed
    } else {
        Exit::Success
    }
}

/// Hands the tests to threads and tells each result when those before it are told.
fn run_all<'a>(
    host: &Arc<dyn Host>,
    cases: &'a [Case],
    test: &Test,
    coverage: Option<&Coverage>,
) -> Vec<(&'a Case, Verdict)> {
    let jobs = test
        .jobs
        .map_or_else(|| host.machine().parallelism(), |jobs| usize::from(jobs.get()))
        .min(cases.len());
    let limit = Duration::from_secs_f64(test.time_limit.clamp(0.001, 1e6));
    let next = AtomicUsize::new(0);
    let stopped = AtomicBool::new(false);
    std::thread::scope(|scope| {
        let (send, receive) = mpsc::channel();
        for _ in 0..jobs {
            let (send, next, stopped) = (send.clone(), &next, &stopped);
            scope.spawn(move || {
                while !stopped.load(Ordering::Relaxed) {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(number) else { return };
                    if send.send((number, execute(host, case, limit, test.bless, coverage))).is_err() {
                        return;
                    }
                }
            });
        }
        drop(send);
        let results = collect(&**host, cases, test.format, &receive);
        // Reached early if the reader of the output has left.
        stopped.store(true, Ordering::Relaxed);
        results
    })
}

fn collect<'a>(
    host: &dyn Host,
    cases: &'a [Case],
    format: TestFormat,
    receive: &mpsc::Receiver<(usize, Verdict)>,
) -> Vec<(&'a Case, Verdict)> {
    let start = host.clock().elapsed();
    let colour = host.console().is_interactive() && host.machine().variable("NO_COLOR").is_none();
    let mut bar: Option<ProgressBar> = None;
    let mut waiting = BTreeMap::new();
    let mut results = Vec::with_capacity(cases.len());
    let mut failed = 0;
    for (number, verdict) in receive {
        failed += usize::from(verdict.failure.is_some());
        waiting.insert(number, verdict);
        while let Some(verdict) = waiting.remove(&results.len()) {
            let Some(case) = cases.get(results.len()) else { return results };
            let text = match format {
                TestFormat::Human => report::human(case, &verdict, colour),
                TestFormat::Json => report::json(case, &verdict),
            };
            results.push((case, verdict));
            let write = || host.console().print(&text);
            let written = match &bar {
                Some(bar) if !text.is_empty() => {
                    bar.suspend(|| write().and_then(|()| host.console().flush()))
                }
                _ => write(),
            };
            if written.is_err() {
                return results;
            }
        }
        let late = host.clock().elapsed().saturating_sub(start) > PATIENCE;
        if bar.is_none() && late && host.console().shows_errors() {
            bar = Some(progress(cases.len()));
        }
        if let Some(bar) = &bar {
            bar.set_position(results.len() as u64);
            bar.set_message(if failed > 0 { format!("{failed} failed") } else { String::new() });
        }
    }
    if let Some(bar) = bar {
        bar.finish_and_clear();
    }
    results
}

fn progress(tests: usize) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(Some(tests as u64), ProgressDrawTarget::stderr());
    let style = ProgressStyle::with_template("{bar:30} {pos}/{len} tests, {eta} left {msg}");
    bar.with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
