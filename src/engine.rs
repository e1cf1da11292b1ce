//! Joins program, runtime, tables of natives and host into something that runs; the embedding API.

use crate::code::{Program, ProgramSources, Reader};
use crate::host::Host;
use crate::project::Project;
use crate::runtime::{Runtime, SessionKind};
use crate::text::Name;
use crate::value::{Fault, Value};
use crate::vm::{NativeMember, Natives, Process, Shared};
use crate::{class, command};
use std::sync::Arc;
use std::time::SystemTime;

/// A program and all it needs to run. Several can live side by side.
pub struct Engine {
    shared: Arc<Shared>,
}

/// How a run ended.
#[derive(Debug)]
pub enum Outcome {
    /// The method came to its end.
    Done,
    /// An error that nothing in the program took.
    Failed(Fault),
}

impl Engine {
    /// An engine for a project's methods and classes.
    #[must_use]
    pub fn new(host: Arc<dyn Host>, project: &Project) -> Self {
        Self::with_runtime(host, project, Runtime::default())
    }

    /// The same with a runtime of the caller's, e.g. one whose sessions are kept on disk.
    #[must_use]
    pub fn with_runtime(host: Arc<dyn Host>, project: &Project, runtime: Runtime) -> Self {
        let reader_host = Arc::clone(&host);
        let read: Reader = Box::new(move |path| crate::project::read_source(reader_host.files(), path));
        let sources = ProgramSources {
            methods: project.methods.iter().map(|m| (m.name.clone(), m.path.clone())).collect(),
            classes: project.classes.iter().map(|c| (c.name.clone(), c.path.clone())).collect(),
            tables: project
                .tables
                .iter()
                .flatten()
                .map(|t| (t.name.clone(), t.fields.iter().map(|f| f.name.clone()).collect()))
                .collect(),
        };
        let program = Program::new(sources, Arc::new(project.names()), read);
        let natives = Natives {
            commands: command::table(),
            functions: class::functions(),
            member,
            setter: |class, name| class::table().setter(class, name),
            missing: command::missing,
        };
        Self { shared: Arc::new(Shared { program: Arc::new(program), natives, runtime: Arc::new(runtime), host }) }
    }

    /// What all processes of this engine share.
    #[must_use]
    pub fn shared(&self) -> &Arc<Shared> {
        &self.shared
    }

    /// Runs a project method to its end, in a process of its own on the calling thread.
    #[must_use]
    pub fn run(&self, method: &str, arguments: &[String]) -> Outcome {
        let mut process = self.main_process();
        let arguments: Vec<Value> = arguments.iter().map(|a| Value::from(a.as_str())).collect();
        match process.run_method(&Name::new(method), &arguments) {
            Ok(_) => Outcome::Done,
            Err(fault) if fault.kill => Outcome::Done,
            Err(fault) => Outcome::Failed(fault),
        }
    }

    /// The first process of a program, with the application's own session.
    #[must_use]
    pub fn main_process(&self) -> Process {
        let now = self.shared.host.clock().now().duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default();
        let session = self.shared.runtime.open_session(SessionKind::Standalone, "", now);
        let mut process = Process::new(Arc::clone(&self.shared), Name::new("Main process"));
        process.session = Some(session);
        process
    }
}

/// Members of built-in classes; `Class.name` asks for a function of the class itself.
fn member(class_name: &str, name: &str) -> Option<NativeMember> {
    let table = class::table();
    if let Some(class_name) = class_name.strip_prefix("class ") {
        return table.class_function(class_name, name).map(NativeMember::Function);
    }
    table
        .function(class_name, name)
        .map(NativeMember::Function)
        .or_else(|| table.getter(class_name, name).map(NativeMember::Getter))
}
