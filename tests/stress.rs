//! Many processes over many sessions for a while: reads, writes, joined groups, deadlocks, errors and
//! aborts inside `Use`. At the end every count is exact, and after a warm-up no memory was added.
//!
//! Two seconds unless told otherwise. A long run:
//! `FOURD_STRESS_SECONDS=600 cargo test --release --test stress -- --nocapture`
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // a harness stands outside

use fourd::engine::{Engine, Outcome};
use fourd::host::Host;
use fourd::host::captured::CapturedHost;
use fourd::project;
use fourd::runtime::{Runtime, SessionKind};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const SESSIONS: usize = 50;
const PROCESSES: usize = 200;
/// What a run may add to its memory after the warm-up, in MiB: threads come and go.
const GROWTH: u64 = 24;

#[allow(clippy::disallowed_methods)] // of the test itself, not of a program
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    statm.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0) * 4 / 1024
}

/// Watches the memory while the program runs: the highest at the end of the warm-up, a quarter of the
/// time, and the highest at the end.
fn watch(seconds: f64, done: &AtomicBool) -> (u64, u64) {
    let (start, mut warm, mut last) = (Instant::now(), 0, 0);
    while !done.load(Ordering::Relaxed) {
        #[allow(clippy::disallowed_methods)] // it watches from outside
        std::thread::sleep(Duration::from_millis(100));
        let past = start.elapsed().as_secs_f64() / seconds;
        let now = resident();
        match past {
            ..0.25 => warm = warm.max(now),
            0.75..1.0 => last = last.max(now),
            _ => {}
        }
    }
    (warm, last)
}

#[test]
fn counts_are_exact_and_memory_does_not_grow() {
    let seconds =
        std::env::var("FOURD_STRESS_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(2.0);
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stress");
    let real: Arc<dyn Host> = Arc::new(fourd::host::os::OsHost::new());
    let host = Arc::new(CapturedHost::new(real, folder.clone(), None));
    let project = project::discover(&folder.join("main.4dm"), host.files()).expect("a project");
    let mut runtime = Runtime::default();
    runtime.server = true;
    let engine = Engine::with_runtime(Arc::clone(&host) as Arc<dyn Host>, project, runtime);
    for user in 1..SESSIONS {
        let now = engine.shared().moment();
        engine.shared().runtime.open_session(SessionKind::Remote, &format!("user {user}"), now);
    }
    let done = AtomicBool::new(false);
    let (outcome, (warm, last)) = std::thread::scope(|scope| {
        let watched = scope.spawn(|| watch(seconds, &done));
        let outcome = engine.run("main", vec![seconds.to_string(), PROCESSES.to_string()]);
        done.store(true, Ordering::Relaxed);
        (outcome, watched.join().unwrap())
    });
    let output = host.take_output();
    println!("{output}memory: {warm} MiB after the warm-up, {last} MiB at the end");
    let errors: String = host.take_errors().chars().take(2000).collect();
    assert!(matches!(outcome, Outcome::Completed), "{outcome:?}\n{output}{errors}");
    assert!(output.starts_with("exact\n"), "{output}");
    if seconds >= 60.0 {
        assert!(last <= warm + GROWTH, "the memory grew from {warm} to {last} MiB");
    }
}
