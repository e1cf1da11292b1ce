//! The prompt on a terminal: the only file that names rustyline.

use super::complete::completions;
use super::highlight::highlighted;
use super::interpreter::Interpreter;
use rustyline::completion::{Completer, FilenameCompleter, Pair};
use rustyline::error::ReadlineError;
use rustyline::highlight::{CmdKind, Highlighter};
use rustyline::hint::{Hinter, HistoryHinter};
use rustyline::history::FileHistory;
use rustyline::validate::{ValidationContext, ValidationResult, Validator};
use rustyline::{CompletionType, Config, Context, Editor, Helper};
use std::borrow::Cow;
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;

const HISTORY: usize = 5000;

/// What a person did at the prompt.
pub(super) enum Input {
    Entry(String),
    /// Ctrl-C: forget what is written.
    Interrupted,
    /// Ctrl-D, or the terminal has gone.
    End,
}

pub(super) struct Terminal {
    editor: Editor<Assistant, FileHistory>,
    history: Option<PathBuf>,
}

impl Terminal {
    pub(super) fn new(
        interpreter: Rc<RefCell<Interpreter>>,
        history: Option<PathBuf>,
    ) -> Result<Self, String> {
        let told = |error: ReadlineError| error.to_string();
        let colour = interpreter.borrow().colour;
        let config = Config::builder()
            .history_ignore_space(true)
            .completion_type(CompletionType::List)
            .max_history_size(HISTORY)
            .map_err(told)?
            .build();
        let mut editor = Editor::with_config(config).map_err(told)?;
        let (files, hints) = (FilenameCompleter::new(), HistoryHinter::new());
        editor.set_helper(Some(Assistant { interpreter, files, hints, colour }));
        if let Some(path) = &history {
            // The first time there is none.
            drop(editor.load_history(path));
        }
        Ok(Self { editor, history })
    }

    pub(super) fn read(&mut self) -> Input {
        match self.editor.readline("> ") {
            Ok(entry) => {
                if !entry.trim().is_empty()
                    && self.editor.add_history_entry(entry.as_str()).unwrap_or(false)
                    && let Some(path) = &self.history
                {
                    // A history that cannot be kept is no reason to stop.
                    drop(self.editor.append_history(path));
                }
                Input::Entry(entry)
            }
            Err(ReadlineError::Interrupted) => Input::Interrupted,
            Err(_) => Input::End,
        }
    }
}

/// What helps while an entry is written.
struct Assistant {
    interpreter: Rc<RefCell<Interpreter>>,
    files: FilenameCompleter,
    hints: HistoryHinter,
    colour: bool,
}

impl Helper for Assistant {}

impl Completer for Assistant {
    type Candidate = Pair;

    fn complete(
        &self,
        line: &str,
        cursor: usize,
        context: &Context<'_>,
    ) -> rustyline::Result<(usize, Vec<Pair>)> {
        let before = line.get(..cursor).unwrap_or_default();
        let last = before.rsplit(['\n', '\r']).next().unwrap_or_default();
        let takes_path = [".load ", ".save "].iter().any(|name| last.starts_with(name));
        // An odd number of quotes: inside a text.
        if takes_path || last.replace("\\\"", "").matches('"').count() % 2 == 1 {
            return self.files.complete(line, cursor, context);
        }
        let (at, found) = completions(&self.interpreter.borrow(), last);
        let pairs = found.into_iter().map(|name| Pair { display: name.clone(), replacement: name });
        Ok((before.len() - last.len() + at, pairs.collect()))
    }
}

impl Hinter for Assistant {
    type Hint = String;

    fn hint(&self, line: &str, cursor: usize, context: &Context<'_>) -> Option<String> {
        self.hints.hint(line, cursor, context)
    }
}

impl Highlighter for Assistant {
    fn highlight<'l>(&self, line: &'l str, _: usize) -> Cow<'l, str> {
        if !self.colour || line.starts_with('.') {
            return Cow::Borrowed(line);
        }
        Cow::Owned(highlighted(line, &self.interpreter.borrow().names))
    }

    fn highlight_hint<'h>(&self, hint: &'h str) -> Cow<'h, str> {
        Cow::Owned(format!("\x1b[90m{hint}\x1b[0m"))
    }

    fn highlight_char(&self, _: &str, _: usize, _: CmdKind) -> bool {
        self.colour
    }
}

impl Validator for Assistant {
    fn validate(&self, context: &mut ValidationContext<'_>) -> rustyline::Result<ValidationResult> {
        let open = self.interpreter.borrow().is_open(context.input());
        Ok(if open { ValidationResult::Incomplete } else { ValidationResult::Valid(None) })
    }
}
