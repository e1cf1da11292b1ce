//! `fourd run`: runs a program.

use super::args::Run;
use super::{Exit, refuse};
use fourd::engine::{Engine, Outcome};
use fourd::host::{Console, Host};
use fourd::project;
use fourd::runtime::{DurableRegistry, Runtime};
use fourd::text::Format;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

pub(super) fn run(host: Arc<dyn Host>, run: Run) -> Exit {
    let project = match project::discover(&run.path, host.files()) {
        Ok(project) => project,
        Err(error) => return refuse(host.console(), error),
    };
    let Some(entry) = project.entry.as_ref().map(|entry| entry.name.clone()) else {
        let path = run.path.display();
        return refuse(host.console(), format_args!("{path}: there is no method `main` in this folder"));
    };
    let mut runtime = match runtime(&*host, run.sessions.as_deref()) {
        Ok(runtime) => runtime,
        Err(why) => return refuse(host.console(), why),
    };
    runtime.server = run.server;
    if run.server || run.sessions.is_some() {
        // what others are told must be out before a failure of the machine
        host.console().write_by_line();
    }
    let engine = Engine::with_runtime(Arc::clone(&host), project, runtime);
    let interrupted = abort_on_interrupt(&engine);
    let outcome = engine.run(&entry, run.arguments);
    if interrupted.load(Ordering::Relaxed) {
        host.console().error("interrupted\n");
        return Exit::Failed;
    }
    tell(host.console(), outcome)
}

/// What a program runs in, with its sessions in memory or in a file.
pub(super) fn runtime(host: &dyn Host, sessions: Option<&Path>) -> Result<Runtime, String> {
    let Some(path) = sessions else { return Ok(Runtime::default()) };
    match DurableRegistry::open(path, host.files()) {
        Ok(registry) => Ok(Runtime::new(Box::new(registry))),
        Err(error) => Err(format!("{}: {error}", path.display())),
    }
}

/// The first Ctrl-C aborts all processes, whose `defer` formulas run; another one ends fourd at once.
#[allow(clippy::disallowed_methods)] // the user insists; nothing is left to be told
fn abort_on_interrupt(engine: &Engine) -> Arc<AtomicBool> {
    let interrupted = Arc::new(AtomicBool::new(false));
    let (seen, shared) = (Arc::clone(&interrupted), Arc::clone(engine.shared()));
    let handler = move || {
        if seen.swap(true, Ordering::Relaxed) {
            std::process::exit(130);
        }
        shared.runtime.processes.stop_all();
    };
    // Without a handler the system's own way to interrupt remains.
    drop(ctrlc::set_handler(handler));
    interrupted
}

fn tell(console: &dyn Console, outcome: Outcome) -> Exit {
    match outcome {
        Outcome::Completed => Exit::Success,
        Outcome::Failed(report) => {
            console.error(&report);
            Exit::Failed
        }
        Outcome::BadSource { source, diagnostics } => {
            let format = Format::Human { colour: console.shows_errors() };
            console.error(&super::reports(&source, &diagnostics, format));
            Exit::Usage
        }
        Outcome::NotFound(why) => refuse(console, why),
        Outcome::Internal(report) => {
            console.error(&report);
            Exit::Internal
        }
    }
}
