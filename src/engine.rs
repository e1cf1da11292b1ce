//! Joins program, runtime, native tables and host: the way to run 4D code from Rust.
//!
//! ```no_run
//! use fourd::{engine::Engine, host::os::OsHost, project};
//! let host = std::sync::Arc::new(OsHost::new());
//! let project = project::discover("examples/session-storage/main.4dm".as_ref(), fourd::host::Host::files(&*host))?;
//! let outcome = Engine::new(host, project).run("main", Vec::new());
//! # Ok::<(), project::ProjectError>(())
//! ```

use crate::code::{Constant, Program, ProgramSources, Reader};
use crate::host::Host;
use crate::project::{MethodFile, Project, plain};
use crate::runtime::{Places, Roles, Runtime, SessionKind};
use crate::text::{Diagnostic, Name, Source};
use crate::value::{Fault, Value};
use crate::vm::{NativeMember, Natives, Process, Shared, spawn};
use crate::{class, command};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

/// How long the end of the program waits for processes that do not hear that they shall end.
const PATIENCE: Duration = Duration::from_secs(5);

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
    project: Project,
    shared: Arc<Shared>,
}

impl Engine {
    #[must_use]
    pub fn new(host: Arc<dyn Host>, project: Project) -> Self {
        Self::with_runtime(host, project, Runtime::default())
    }

    /// The same with a runtime of the caller's, e.g. one whose sessions are kept on disk.
    #[must_use]
    pub fn with_runtime(host: Arc<dyn Host>, project: Project, runtime: Runtime) -> Self {
        Self::build(host, project, runtime, |program| program)
    }

    /// One whose code counts how often each statement is begun, see [`Program::loaded_codes`].
    #[must_use]
    pub fn counting_statements(host: Arc<dyn Host>, project: Project) -> Self {
        Self::build(host, project, Runtime::default(), Program::counting_statements)
    }

    fn build(
        host: Arc<dyn Host>,
        project: Project,
        mut runtime: Runtime,
        prepare: fn(Program) -> Program,
    ) -> Self {
        runtime.places = places(&*host, &project);
        let reader_host = Arc::clone(&host);
        let read: Reader = Box::new(move |path| load(&*reader_host, path));
        let sources = ProgramSources {
            methods: project.methods.iter().map(|m| (m.name.clone(), m.path.clone())).collect(),
            classes: project.classes.iter().map(|c| (c.name.clone(), c.path.clone())).collect(),
            tables: project
                .tables
                .iter()
                .flatten()
                .map(|t| (t.name.clone(), t.fields.iter().map(|f| f.name.clone()).collect()))
                .collect(),
            no_tables: project.tables.as_ref().is_some_and(Vec::is_empty),
            constants: constants(&project),
        };
        let program = prepare(Program::new(sources, Arc::new(project.names()), read));
        let natives = Natives {
            commands: command::table(),
            functions: class::functions(),
            member,
            setter: |class, name| class::table().setter(class, name),
            report,
            missing: command::missing,
        };
        let mut runtime = runtime;
        // Source: ORDA/privileges
        let declared = host.files().read(&project.root.join("Project/Sources/roles.json"));
        if let Ok(declared) = declared {
            runtime.roles = Roles::read(&String::from_utf8_lossy(&declared));
        }
        let shared = Shared { program: Arc::new(program), natives, runtime: Arc::new(runtime), host };
        shared.runtime.restore_sessions(shared.moment(), &|store, name| {
            let class = if store == "cs" { shared.program.class(name).ok()?? } else { return None };
            Some(class.root)
        });
        Self { project, shared: Arc::new(shared) }
    }

    /// What all processes of this engine share.
    #[must_use]
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Runs a method in the main process with texts as its parameters, and waits for the end of all
    /// processes that keep a program alive. The project's entry goes before a method of its name.
    #[must_use]
    pub fn run(&self, method: &str, arguments: Vec<String>) -> Outcome {
        spawn::on_main_stack(|| self.run_here(method, &arguments))
    }

    fn run_here(&self, method: &str, arguments: &[String]) -> Outcome {
        let Some(found) = self.find(method) else {
            return Outcome::NotFound(format!("there is no method {method:?}"));
        };
        let program = &self.shared.program;
        let listed = self.project.method(&found.name).is_some_and(|m| m.path == found.path);
        let code = match program.method(&found.name).filter(|_| listed) {
            Some(number) => program.code(number),
            None => match load(&*self.shared.host, &found.path) {
                Ok(source) => program.compile_source(&found.name, &Arc::new(source)),
                Err(message) => return Outcome::NotFound(message),
            },
        };
        let code = match code {
            Ok(code) => code,
            Err(error) => {
                return match error.source {
                    Some(source) => Outcome::BadSource { source, diagnostics: error.diagnostics.to_vec() },
                    None => Outcome::NotFound(error.message),
                };
            }
        };
        let mut process = self.main_process();
        let arguments: Vec<Value> = arguments.iter().map(|a| Value::from(a.as_str())).collect();
        let done = catch_unwind(AssertUnwindSafe(|| {
            let result = process.run_code(&code, &arguments);
            if result.as_ref().err().is_none_or(|fault| fault.kill) {
                process.finish();
            }
            result
        }));
        let processes = &self.shared.runtime.processes;
        processes.stop_all();
        processes.wait_for_others(process.number, PATIENCE);
        match done {
            Ok(Err(fault)) if !fault.kill => Outcome::Failed(report(&self.shared, &fault)),
            Ok(_) if processes.has_failed() => Outcome::Failed(String::new()),
            Ok(_) => Outcome::Completed,
            Err(_) => Outcome::Internal(process.internal_error()),
        }
    }

    /// The first process of a program, with the application's own session.
    #[must_use]
    pub fn main_process(&self) -> Process {
        let now = self.shared.host.clock().now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let kind =
            if self.shared.runtime.server { SessionKind::StoredProcedure } else { SessionKind::Standalone };
        let session = self.shared.runtime.open_session(kind, "designer", now);
        let mut process = Process::new(Arc::clone(&self.shared), Name::new("Main process"));
        process.handle().set_session(Some(session.id));
        process.session = Some(session);
        process
    }

    fn find(&self, method: &str) -> Option<&MethodFile> {
        let entry = self.project.entry.as_ref().filter(|entry| &*entry.name == method);
        entry.or_else(|| self.project.method(method))
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        self.shared.runtime.sessions().finish();
    }
}

/// The folders of a project, from the root.
fn places(host: &dyn Host, project: &Project) -> Places {
    let whole = |path: &Path| host.files().absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let root = whole(&project.root);
    match (&project.file, &project.entry) {
        (Some(file), _) => Places::of_project(root, whole(file)),
        (None, Some(entry)) => Places::of_script(root, whole(&entry.path)),
        (None, None) => Places::of_script(root.clone(), root),
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

/// The operations that a source file is compiled to, for `fourd dump --code`.
///
/// # Errors
/// What keeps the file from being compiled, in a line.
pub fn listing(source: Source, name: &str, project: &Project) -> Result<String, String> {
    let sources = ProgramSources {
        methods: project.methods.iter().map(|m| (m.name.clone(), m.path.clone())).collect(),
        constants: constants(project),
        ..ProgramSources::default()
    };
    let read: Reader = Box::new(|path| Err(format!("{}: not read for a listing", path.display())));
    let program = Program::new(sources, Arc::new(project.names()), read);
    let codes = program.compile_all(&Name::new(name), &Arc::new(source)).map_err(|error| error.message)?;
    Ok(codes.iter().map(|code| crate::code::listing::listing(code)).collect())
}

/// The constants of a project's resources: `value:L`, `value:R`, `value:S`, or the value alone.
fn constants(project: &Project) -> Vec<(Name, Constant)> {
    let read = |(name, written): &(Name, String)| {
        let text = |text: &str| Constant::Text(text.into());
        let real = |number: &str| number.trim().parse().map_or_else(|_| text(number), Constant::Real);
        let whole = |number: &str| number.trim().parse().map_or_else(|_| real(number), Constant::Integer);
        let constant = match written.rsplit_once(':') {
            Some((value, "L" | "l")) => whole(value),
            Some((value, "R" | "r")) => real(value),
            Some((value, "S" | "s")) => text(value),
            _ => whole(written),
        };
        (name.clone(), constant)
    };
    project.constants.iter().map(read).collect()
}

/// Members of built-in classes; `class File` asks for functions of the class itself.
fn member(class_name: &str, name: &str) -> Option<NativeMember> {
    let table = class::table();
    if let Some(class_name) = class_name.strip_prefix("class ") {
        return table.class_function(class_name, name).map(NativeMember::Function);
    }
    let function = table.function(class_name, name).map(NativeMember::Function);
    function.or_else(|| table.getter(class_name, name).map(NativeMember::Getter))
}

/// An error that nothing took, for the error stream: message, source line, and the methods that were running.
#[must_use]
pub fn report(shared: &Shared, fault: &Fault) -> String {
    use std::fmt::Write;
    let mut out = format!("error {}: {}\n", fault.code, fault.message);
    for (i, place) in fault.chain.iter().enumerate().take(20) {
        let word = if i == 0 { "at" } else { "called from" };
        let _ = writeln!(out, "  {word} {} ({}:{})", place.method, place.path, place.line);
        if i == 0
            && let Ok(source) = load(&*shared.host, Path::new(&place.path))
        {
            let _ = writeln!(out, "    {}", source.line(place.line).trim());
        }
    }
    if fault.chain.len() > 20 {
        let _ = writeln!(out, "  … and {} more", fault.chain.len() - 20);
    }
    // what was thrown with it, deferred
    for other in &fault.previous {
        let _ = write!(out, "and error {}: {}", other.code, other.message);
        if let Some(place) = other.at.as_ref().or(other.chain.first()) {
            let _ = write!(out, " ({}:{})", place.path, place.line);
        }
        out.push('\n');
    }
    out
}
