//! What runs behind the prompt: one process, whose locals live from entry to entry.

use fourd::engine::{Engine, report};
use fourd::host::Host;
use fourd::project::Project;
use fourd::runtime::Runtime;
use fourd::syntax::token::TokenKind as T;
use fourd::syntax::{ProjectNames, codes, parse, tokenize};
use fourd::text::{Format, Severity, Source, render};
use fourd::value::{Fault, Value};
use fourd::vm::Process;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

/// How entries are named in reports.
const ENTRY: &str = "entry";

pub(super) struct Interpreter {
    pub(super) engine: Engine,
    pub(super) process: Process,
    pub(super) names: ProjectNames,
    /// What was entered and ran, for `.save`.
    pub(super) entries: Vec<String>,
    pub(super) colour: bool,
}

/// What became of an entry.
pub(super) enum Answer {
    /// It ran; there may be a value to show.
    Value(Option<Value>),
    /// Why it did not run to its end, with a line end.
    Trouble(String),
    /// The program wants to end.
    Quit,
}

impl Interpreter {
    pub(super) fn new(host: Arc<dyn Host>, project: Project, runtime: Runtime) -> Self {
        let names = project.names();
        let colour = host.console().is_interactive() && host.machine().variable("NO_COLOR").is_none();
        let engine = Engine::with_runtime(host, project, runtime);
        let process = engine.main_process();
        Self { engine, process, names, entries: Vec::new(), colour }
    }

    pub(super) fn host(&self) -> &dyn Host {
        &*self.engine.shared().host
    }

    /// Whether the parser waits for more: a block, a bracket or a comment is open.
    pub(super) fn is_open(&self, text: &str) -> bool {
        if text.trim_start().starts_with('.') {
            return false;
        }
        if text.trim_end_matches([' ', '\t']).ends_with('\\') {
            return true;
        }
        let source = Source::new(ENTRY, joined(text, &self.names));
        let open = [codes::UNCLOSED_BLOCK, codes::UNCLOSED_BRACKET, codes::UNTERMINATED_COMMENT];
        let parsed = parse(&source, &self.names);
        let mut errors =
            parsed.diagnostics.iter().filter(|found| found.severity == Severity::Error).peekable();
        errors.peek().is_some() && errors.all(|error| open.contains(&error.code))
    }

    /// Runs an entry; `$_` becomes the value it ends with.
    pub(super) fn run(&mut self, text: &str) -> Answer {
        let source = Arc::new(Source::new(ENTRY, joined(text, &self.names)));
        let (code, shows) = match self.engine.shared().program.compile_entry(&source) {
            Ok(compiled) => compiled,
            Err(error) => {
                let format = Format::Human { colour: self.colour };
                let source = error.source.unwrap_or(source);
                let told = error.diagnostics.iter().map(|found| render(&source, found, format));
                let told: String = told.collect();
                return Answer::Trouble(if told.is_empty() { format!("{}\n", error.message) } else { told });
            }
        };
        let done = catch_unwind(AssertUnwindSafe(|| self.process.run_code(&code, &[])));
        let handle = Arc::clone(self.process.handle());
        if self.engine.shared().runtime.processes.is_quitting() || handle.is_killed() {
            return Answer::Quit;
        }
        handle.mask();
        match done {
            Ok(Ok(value)) => {
                self.entries.push(text.to_owned());
                let value = (shows || !matches!(value, Value::Undefined)).then_some(value);
                if let Some(value) = &value {
                    self.process.reset_variable("$_", value.clone());
                }
                Answer::Value(value)
            }
            Ok(Err(fault)) if fault.kill => Answer::Trouble("interrupted\n".to_owned()),
            Ok(Err(fault)) => Answer::Trouble(self.told(&source, &fault)),
            Err(_) => Answer::Trouble("a defect of fourd, please report it\n".to_owned()),
        }
    }

    /// An error's report; places in the entry show its line.
    fn told(&self, source: &Source, fault: &Fault) -> String {
        let text = report(self.engine.shared(), fault);
        let mut out = String::new();
        for line in text.lines() {
            out.push_str(line);
            out.push('\n');
            if let Some(place) = fault.chain.iter().find(|place| place.path == ENTRY)
                && line.contains(&format!("({ENTRY}:{})", place.line))
            {
                out.push_str(&format!("    {}\n", source.line(place.line).trim()));
            }
        }
        out
    }

    /// Ends the processes that entries have started.
    pub(super) fn finish(&self) {
        let processes = &self.engine.shared().runtime.processes;
        processes.stop_all();
        processes.wait_for_others(self.process.number, std::time::Duration::from_secs(1));
    }
}

/// An open bracket goes on in the next line, as if `\` stood there.
fn joined(text: &str, names: &ProjectNames) -> String {
    let mut out = String::with_capacity(text.len());
    let mut begin = 0;
    let mut lines = text.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(line);
        if lines.peek().is_none() {
            break;
        }
        if line.trim_end().ends_with('\\') {
            out.push('\n');
        } else if is_bracket_open(out.get(begin..).unwrap_or_default(), names) {
            out.push_str("\\\n");
        } else {
            out.push('\n');
            begin = out.len();
        }
    }
    out
}

fn is_bracket_open(line: &str, names: &ProjectNames) -> bool {
    let mut depth = 0i32;
    for token in tokenize(line, names, &mut Vec::new()) {
        match token.kind {
            T::OpenParen | T::OpenBracket | T::OpenBrace | T::OpenCharacter | T::ParameterAt => depth += 1,
            T::CloseParen | T::CloseBracket | T::CloseBrace | T::CloseCharacter => depth -= 1,
            _ => {}
        }
    }
    depth > 0
}
