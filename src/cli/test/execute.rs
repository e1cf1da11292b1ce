//! Runs one test in this process, on a thread of its own, and judges how it ended.

use super::case::{Case, CaseKind};
use super::coverage::Coverage;
use super::pattern::line_matches;
use fourd::engine::{Engine, Outcome};
use fourd::host::Host;
use fourd::host::captured::CapturedHost;
use fourd::project::Project;
use fourd::text::{Format, render};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::{Arc, mpsc};
use std::time::Duration;

/// How long a test that was told to stop may take to do so.
const GRACE: Duration = Duration::from_millis(500);

/// What a program did.
#[derive(Clone, Debug, Default)]
pub(super) struct Seen {
    pub(super) output: String,
    pub(super) errors: String,
    pub(super) code: u8,
}

/// How a test ended.
pub(super) struct Verdict {
    pub(super) time: Duration,
    /// None: passed.
    pub(super) failure: Option<Failure>,
    /// Golden files were written.
    pub(super) blessed: bool,
}

/// Why a test failed.
#[derive(Default)]
pub(super) struct Failure {
    pub(super) why: String,
    pub(super) differences: Vec<Difference>,
    /// What the program reported, where that explains the failure.
    pub(super) report: String,
}

/// A stream that is not as expected.
pub(super) struct Difference {
    pub(super) stream: &'static str,
    pub(super) expected: String,
    pub(super) seen: String,
}

impl Failure {
    fn because(why: impl Into<String>) -> Self {
        Self { why: why.into(), ..Self::default() }
    }
}

/// Runs a test within the time limit. With `bless`, what it printed becomes what is expected.
pub(super) fn execute(
    host: &Arc<dyn Host>,
    case: &Case,
    limit: Duration,
    bless: bool,
    coverage: Option<&Coverage>,
) -> Verdict {
    let start = host.clock().elapsed();
    let result = run(host, case, limit, coverage);
    let time = host.clock().elapsed().saturating_sub(start);
    let mut blessed = false;
    let failure = match (result, &case.kind) {
        (Err(failure), _) => Some(failure),
        (Ok(seen), CaseKind::Unit) if seen.code == 0 => None,
        (Ok(seen), CaseKind::Unit) => Some(Failure {
            why: first_line(&seen.errors),
            report: seen.errors + &seen.output,
            ..Failure::default()
        }),
        (Ok(seen), CaseKind::Golden(path)) => match judge(&**host, path, &seen) {
            Some(failure) if bless => match write_golden_files(&**host, path, &seen) {
                Ok(true) => {
                    blessed = true;
                    None
                }
                Ok(false) => Some(failure),
                Err(why) => Some(Failure::because(why)),
            },
            other => other,
        },
    };
    Verdict { time, failure, blessed }
}

/// Waits for the program's end, or makes one at the limit.
fn run(
    host: &Arc<dyn Host>,
    case: &Case,
    limit: Duration,
    coverage: Option<&Coverage>,
) -> Result<Seen, Failure> {
    let golden = match &case.kind {
        CaseKind::Golden(path) => Some(path.as_path()),
        CaseKind::Unit => None,
    };
    let beside = |extension: &str| golden.and_then(|path| text(&**host, &path.with_extension(extension)));
    let arguments: Vec<String> =
        beside("args").iter().flat_map(|text| text.lines()).map(str::to_owned).collect();
    let captured = CapturedHost::new(Arc::clone(host), case.folder.clone(), beside("in").as_deref());
    let captured = Arc::new(captured);
    let project = Project { entry: Some(case.entry.clone()), ..Project::clone(&case.project) };
    let name = case.entry.name.clone();
    let inner: Arc<dyn Host> = Arc::clone(&captured) as Arc<dyn Host>;
    let make = if coverage.is_some() { Engine::counting_statements } else { Engine::new };
    let engine = Arc::new(make(inner, project));
    let (send, receive) = mpsc::channel();
    let running = Arc::clone(&engine);
    let work = move || {
        let outcome = catch_unwind(AssertUnwindSafe(|| running.run(&name, arguments)));
        let outcome =
            outcome.unwrap_or_else(|_| Outcome::Internal("a defect of fourd, please report it\n".into()));
        drop(send.send(outcome));
    };
    if let Err(error) = std::thread::Builder::new().spawn(work) {
        return Err(Failure::because(format!("no thread to be had: {error}")));
    }
    let outcome = receive.recv_timeout(limit);
    if let Some(coverage) = coverage {
        coverage.add(&case.folder, &engine.shared().program.loaded_codes());
    }
    let Ok(outcome) = outcome else {
        engine.shared().runtime.processes.stop_all();
        // A thread that does not even stop is left behind; it ends with fourd.
        drop(receive.recv_timeout(GRACE));
        let mut failure = Failure::because(format!("no end within {} s", limit.as_secs_f64()));
        failure.report = captured.take_errors();
        return Err(failure);
    };
    if captured.flooded() {
        return Err(Failure::because("the output has no end"));
    }
    let (code, told) = told(outcome);
    let mut errors = captured.take_errors();
    errors.push_str(&told);
    Ok(Seen { output: captured.take_output(), errors, code })
}

/// Exit code and report, as `fourd run` gives them.
fn told(outcome: Outcome) -> (u8, String) {
    match outcome {
        Outcome::Completed => (0, String::new()),
        Outcome::Failed(report) => (1, report),
        Outcome::BadSource { source, diagnostics } => {
            let format = Format::Human { colour: false };
            (2, diagnostics.iter().map(|found| render(&source, found, format)).collect())
        }
        Outcome::NotFound(why) => (2, format!("fourd: {why}\n")),
        Outcome::Internal(report) => (101, report),
    }
}

/// Compares what was seen with the golden files.
fn judge(host: &dyn Host, script: &Path, seen: &Seen) -> Option<Failure> {
    let golden = |extension: &str| text(host, &script.with_extension(extension));
    let mut failure = Failure::default();
    let (errors, code) = (golden("err"), golden("code"));
    let code_is_wrong = match code.as_deref().map(|code| code.trim().parse::<u8>()) {
        Some(Ok(code)) => seen.code != code,
        Some(Err(_)) => {
            failure.why = "the .code file holds no exit code".into();
            true
        }
        None => seen.code != 0 && errors.is_none(),
    };
    if code_is_wrong {
        if failure.why.is_empty() {
            failure.why = format!("exit {}: {}", seen.code, first_line(&seen.errors));
        }
        failure.report.clone_from(&seen.errors);
    }
    let expected = golden("out");
    // A script without any golden file is expected to print what `--bless` will write down.
    let output = expected.or_else(|| (errors.is_none() && code.is_none()).then(String::new));
    for (stream, expected, seen) in [("output", output, &seen.output), ("errors", errors, &seen.errors)] {
        if let Some(expected) = expected
            && !texts_match(&expected, seen)
        {
            if failure.why.is_empty() {
                failure.why =
                    format!("{} as expected", if stream == "output" { "output not" } else { "errors not" });
            }
            failure.differences.push(Difference { stream, expected, seen: seen.clone() });
        }
    }
    (!failure.why.is_empty()).then_some(failure)
}

/// Line ends count, but for those of Windows.
fn texts_match(expected: &str, seen: &str) -> bool {
    if expected == seen {
        return true;
    }
    let mut lines = (expected.split('\n'), seen.split('\n'));
    loop {
        match (lines.0.next(), lines.1.next()) {
            (None, None) => return true,
            (Some(expected), Some(line))
                if line_matches(expected.strip_suffix('\r').unwrap_or(expected), line) => {}
            _ => return false,
        }
    }
}

/// Takes what was seen as right. A program that failed is only accepted where failing is expected.
fn write_golden_files(host: &dyn Host, script: &Path, seen: &Seen) -> Result<bool, String> {
    let golden = |extension: &str| text(host, &script.with_extension(extension));
    let (errors, code) = (golden("err"), golden("code"));
    if seen.code != 0 && errors.is_none() && code.is_none() {
        return Ok(false);
    }
    let write = |extension: &str, content: &str| {
        let path = script.with_extension(extension);
        host.files().write(&path, content.as_bytes()).map_err(|error| format!("{}: {error}", path.display()))
    };
    write("out", &super::difference::blessed(&golden("out").unwrap_or_default(), &seen.output))?;
    if let Some(errors) = errors {
        write("err", &super::difference::blessed(&errors, &seen.errors))?;
    }
    if code.is_some() {
        write("code", &format!("{}\n", seen.code))?;
    }
    Ok(true)
}

fn text(host: &dyn Host, path: &Path) -> Option<String> {
    host.files().read(path).ok().map(|bytes| String::from_utf8_lossy(&bytes).into_owned())
}

fn first_line(text: &str) -> String {
    text.lines().map(str::trim).find(|line| !line.is_empty()).unwrap_or_default().to_owned()
}
