//! `fourd run`: runs a program.

use super::args::Run;
use super::{Exit, refuse};
use fourd::engine::{Engine, Outcome};
use fourd::host::{Console, Host};
use fourd::project;
use fourd::text::{Format, render};
use std::sync::Arc;

pub(super) fn run(host: Arc<dyn Host>, run: Run) -> Exit {
    let project = match project::discover(&run.path, host.files()) {
        Ok(project) => project,
        Err(error) => return refuse(host.console(), error),
    };
    let Some(entry) = project.entry.as_ref().map(|entry| entry.name.clone()) else {
        let path = run.path.display();
        return refuse(host.console(), format_args!("{path}: there is no method `main` in this folder"));
    };
    let outcome = Engine::new(Arc::clone(&host), project).run(&entry, run.arguments);
    tell(host.console(), outcome)
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
            for diagnostic in &diagnostics {
                console.error(&render(&source, diagnostic, format));
            }
            Exit::Usage
        }
        Outcome::NotFound(why) => refuse(console, why),
        Outcome::Internal(report) => {
            console.error(&report);
            Exit::Internal
        }
    }
}
