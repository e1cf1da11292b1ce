//! `fourd fmt`: writes source files as 4D's editor would. A file whose meaning would change is left alone.

use super::args::{Fmt, Tokens};
use super::walk::{Job, Walk};
use super::{Exit, refuse};
use fourd::host::Host;
use fourd::syntax::format::{Suffixes, format};
use fourd::syntax::{KnownNames, parse, print};
use fourd::text::{Format, Severity, Source, render};
use std::path::Path;

/// What became of one file.
enum Change {
    None,
    /// The whole new content.
    New(String),
}

pub(super) fn fmt(host: &dyn Host, fmt: &Fmt) -> Exit {
    let mut walk = Walk::default();
    for path in &fmt.paths {
        walk.add(path, host.files());
    }
    for problem in &walk.problems {
        host.console().error(&format!("fourd: {problem}\n"));
    }
    if walk.jobs.is_empty() && walk.problems.is_empty() {
        return refuse(host.console(), "no .4dm file lies there");
    }
    let suffixes = match fmt.tokens {
        None => Suffixes::Keep,
        Some(Tokens::Strip) => Suffixes::Strip,
        Some(Tokens::Add) => Suffixes::Add,
    };
    let (mut changed, mut failed) = (0, walk.problems.len());
    for job in &walk.jobs {
        match formatted(host, &walk, job, suffixes) {
            Ok(Change::None) => {}
            Ok(Change::New(text)) => {
                changed += 1;
                if let Err(why) = take(host, &job.path, &text, fmt.check) {
                    failed += 1;
                    host.console().error(&format!("fourd: {why}\n"));
                }
            }
            Err(why) => {
                failed += 1;
                host.console().error(&why);
            }
        }
    }
    let verb = if fmt.check { "to be formatted" } else { "formatted" };
    let s = |number: usize| if number == 1 { "" } else { "s" };
    let files = walk.jobs.len();
    host.console().error(&format!("{changed} of {files} file{} {verb}\n", s(files)));
    match () {
        () if failed > 0 => Exit::Usage,
        () if fmt.check && changed > 0 => Exit::Failed,
        () => Exit::Success,
    }
}

/// Names the file, or writes it.
fn take(host: &dyn Host, path: &Path, text: &str, check: bool) -> Result<(), String> {
    if check {
        let _ = host.console().print(&format!("{}\n", path.display()));
        return Ok(());
    }
    let written = host.files().write(path, text.as_bytes());
    written.map_err(|error| format!("{}: {}", path.display(), fourd::project::plain(&error)))
}

/// The file in its new form; why it cannot be had, with a line end.
fn formatted(host: &dyn Host, walk: &Walk, job: &Job, suffixes: Suffixes) -> Result<Change, String> {
    let told = |why: String| format!("fourd: {}: {why}\n", job.path.display());
    let bytes = host.files().read(&job.path).map_err(|error| told(fourd::project::plain(&error)))?;
    let marks = bytes.len() - without_marks(&bytes).len();
    let mark = String::from_utf8_lossy(bytes.get(..marks).unwrap_or_default()).into_owned();
    let source = Source::from_bytes(&job.path, bytes).map_err(|why| told(why.to_string()))?;
    let known = &walk.projects[job.project];
    let parsed = parse(&source, known);
    let mut errors = parsed.diagnostics.iter().filter(|found| found.severity == Severity::Error);
    if let Some(error) = errors.next() {
        let colour = host.console().shows_errors();
        return Err(render(&source, error, Format::Human { colour }));
    }
    let text = format(source.text(), known, suffixes);
    if text == source.text() {
        return Ok(Change::None);
    }
    if !same_meaning(&source, &text, known) {
        return Err(told("left alone: formatting would change what it means (a defect of fourd)".into()));
    }
    Ok(Change::New(mark + &text))
}

/// Byte order marks stay as they are.
fn without_marks(mut bytes: &[u8]) -> &[u8] {
    while let Some(rest) = bytes.strip_prefix("\u{FEFF}".as_bytes()) {
        bytes = rest;
    }
    bytes
}

/// Whether both texts give the same tree, and the second stays as it is when formatted again.
fn same_meaning(source: &Source, text: &str, known: &dyn KnownNames) -> bool {
    let again = Source::new(source.path(), text.to_owned());
    print::file(&parse(source, known).file) == print::file(&parse(&again, known).file)
}
