//! Joins program, runtime, native tables and host: the way to run 4D code from Rust.
//!
//! ```no_run
//! use fourd::{engine::Engine, host::os::OsHost, project};
//! let host = std::sync::Arc::new(OsHost::new());
//! let project = project::discover("examples/session-storage/main.4dm".as_ref(), fourd::host::Host::files(&*host))?;
//! let outcome = Engine::new(host, project).run("main", Vec::new());
//! # Ok::<(), project::ProjectError>(())
//! ```

use crate::host::Host;
use crate::project::{MethodFile, Project, plain};
use crate::syntax::{self, ProjectNames};
use crate::text::{Diagnostic, Severity, Source};
use std::path::Path;
use std::sync::Arc;

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// To its end, or by a wish of the program (`QUIT 4D`, a reader of the output that left).
    Completed,
    /// With an error that nothing caught: the report, with the call chain and a final line end.
    Failed(String),
    /// Not begun: what is wrong with a source text.
    BadSource { source: Arc<Source>, diagnostics: Vec<Diagnostic> },
    /// Not begun: one line on why there is nothing to run.
    NotFound(String),
    /// A defect of fourd: the report, with a final line end.
    Internal(String),
}

/// A program and everything it needs to run. Two engines know nothing of each other.
pub struct Engine {
    host: Arc<dyn Host>,
    project: Project,
    names: ProjectNames,
}

impl Engine {
    #[must_use]
    pub fn new(host: Arc<dyn Host>, project: Project) -> Self {
        let names = project.names();
        Self { host, project, names }
    }

    /// Runs a method in the main process with texts as its parameters, and waits for the end of all
    /// processes that keep a program alive. The project's entry goes before a method of its name.
    #[must_use]
    pub fn run(&self, method: &str, arguments: Vec<String>) -> Outcome {
        let Some(found) = self.find(method) else {
            return Outcome::NotFound(format!("there is no method {method:?}"));
        };
        let source = match load(&*self.host, &found.path) {
            Ok(source) => source,
            Err(message) => return Outcome::NotFound(message),
        };
        let parsed = syntax::parse(&source, &self.names);
        if parsed.diagnostics.iter().any(|found| found.severity == Severity::Error) {
            return Outcome::BadSource { source: Arc::new(source), diagnostics: parsed.diagnostics };
        }
        drop(arguments);
        Outcome::Failed(format!("{}: fourd cannot run programs yet, only check them\n", found.path.display()))
    }

    fn find(&self, method: &str) -> Option<&MethodFile> {
        let entry = self.project.entry.as_ref().filter(|entry| &*entry.name == method);
        entry.or_else(|| self.project.method(method))
    }
}

/// Reads a source text.
///
/// # Errors
/// One line for the user, when it cannot be read or is no text.
pub fn load(host: &dyn Host, path: &Path) -> Result<Source, String> {
    let told = |why: String| format!("{}: {why}", path.display());
    let bytes = host.files().read(path).map_err(|error| told(plain(&error)))?;
    Source::from_bytes(path, bytes).map_err(|why| told(why.to_string()))
}
