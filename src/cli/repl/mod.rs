//! `fourd repl`: a prompt. On a terminal with all that helps while writing; else a plain reader of
//! lines, so that entries can come from a pipe.

mod command;
mod complete;
mod highlight;
mod interpreter;
mod sessions;
mod show;
mod terminal;

use super::args::Repl;
use super::run::runtime;
use super::{Exit, refuse};
use command::Said;
use fourd::host::Host;
use fourd::project::{self, Project};
use fourd::vm::spawn::on_main_stack;
use interpreter::{Answer, Interpreter};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use terminal::{Input, Terminal};

pub(super) fn repl(host: &Arc<dyn Host>, repl: &Repl) -> Exit {
    let project = match &repl.path {
        None => Project::default(),
        Some(path) => match project::discover(path, host.files()) {
            Ok(project) => project,
            Err(error) => return refuse(host.console(), error),
        },
    };
    let interactive = host.console().is_interactive();
    on_main_stack(|| {
        let mut runtime = match runtime(&**host, repl.sessions.as_deref()) {
            Ok(runtime) => runtime,
            Err(why) => return refuse(host.console(), why),
        };
        runtime.server = repl.server;
        let interpreter = Interpreter::new(Arc::clone(host), project.clone(), runtime);
        if interactive { on_terminal(interpreter) } else { from_lines(interpreter) }
    })
}

fn on_terminal(interpreter: Interpreter) -> Exit {
    let handle = Arc::clone(interpreter.process.handle());
    // While the prompt waits, Ctrl-C is a key; while code runs, a signal.
    drop(ctrlc::set_handler(move || handle.interrupt()));
    let host = Arc::clone(&interpreter.engine.shared().host);
    let history = host.machine().variable("FOURD_HISTORY").map(std::path::PathBuf::from);
    let history = history.or_else(|| Some(host.machine().home_folder()?.join(".fourd_history")));
    let interpreter = Rc::new(RefCell::new(interpreter));
    let mut terminal = match Terminal::new(Rc::clone(&interpreter), history) {
        Ok(terminal) => terminal,
        Err(why) => return refuse(host.console(), why),
    };
    let version = env!("CARGO_PKG_VERSION");
    let _ = host.console().print(&format!("fourd {version}. `.help` says what can be done here.\n"));
    loop {
        match terminal.read() {
            Input::Entry(entry) => {
                if take(&mut interpreter.borrow_mut(), &entry) == Next::Quit {
                    break;
                }
            }
            Input::Interrupted => interpreter.borrow().process.handle().mask(),
            Input::End => break,
        }
    }
    interpreter.borrow().finish();
    Exit::Success
}

/// Entries from a pipe or a file. Exits with 1 if one of them failed.
fn from_lines(mut interpreter: Interpreter) -> Exit {
    let host = Arc::clone(&interpreter.engine.shared().host);
    let (mut entry, mut exit) = (String::new(), Exit::Success);
    loop {
        let line = match host.console().read_line() {
            Ok(line) => line,
            Err(error) => {
                exit = refuse(host.console(), format_args!("the input cannot be read: {error}"));
                None
            }
        };
        let ends = line.is_none();
        if let Some(line) = line {
            if !entry.is_empty() {
                entry.push('\n');
            }
            entry.push_str(&line);
        }
        if ends || !interpreter.is_open(&entry) {
            match take(&mut interpreter, &std::mem::take(&mut entry)) {
                Next::Quit => break,
                Next::Failed => exit = Exit::Failed,
                Next::Ready => {}
            }
        }
        if ends {
            break;
        }
    }
    interpreter.finish();
    exit
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Next {
    Ready,
    Failed,
    Quit,
}

/// Does what an entry says and tells what came of it.
fn take(interpreter: &mut Interpreter, entry: &str) -> Next {
    let host = Arc::clone(&interpreter.engine.shared().host);
    let console = host.console();
    let written = entry.trim();
    let (output, trouble, next) = if written.is_empty() {
        return Next::Ready;
    } else if written.starts_with('.') {
        match command::run(interpreter, written) {
            Said::Text(text) => (text, String::new(), Next::Ready),
            Said::Trouble(report) => (String::new(), report, Next::Failed),
            Said::Quit => return Next::Quit,
        }
    } else {
        match interpreter.run(entry) {
            Answer::Value(None) => (String::new(), String::new(), Next::Ready),
            Answer::Value(Some(value)) => {
                let text = show::shown(&value);
                let known = &interpreter.names;
                let text = if interpreter.colour { highlight::highlighted(&text, known) } else { text };
                (text + "\n", String::new(), Next::Ready)
            }
            Answer::Trouble(report) => (String::new(), report, Next::Failed),
            Answer::Quit => return Next::Quit,
        }
    };
    let written = console.print(&output).and_then(|()| console.flush());
    if !trouble.is_empty() {
        console.error(&trouble);
    }
    if written.is_err() { Next::Quit } else { next }
}
