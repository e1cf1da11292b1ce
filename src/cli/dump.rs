//! `fourd dump`: shows one stage of a source text's way.

use super::args::Dump;
use super::{Exit, refuse};
use fourd::engine::load;
use fourd::host::Host;
use fourd::project;
use fourd::syntax::{self, KnownNames};
use fourd::text::{Diagnostic, Format, Severity, Source, render};
use std::fmt::Write as _;

pub(super) fn dump(host: &dyn Host, dump: &Dump) -> Exit {
    if host.files().kind(&dump.path) == Some(fourd::host::Kind::Folder) {
        return refuse(host.console(), format_args!("{}: this is a folder", dump.path.display()));
    }
    let loaded = load(host, &dump.path).and_then(|source| {
        let project = project::of_file(&dump.path, host.files()).map_err(|error| error.to_string())?;
        Ok((source, project))
    });
    let (source, project) = match loaded {
        Ok(loaded) => loaded,
        Err(why) => return refuse(host.console(), why),
    };
    if dump.stage.code {
        return code(host, source, &project);
    }
    let names = project.names();
    let (text, diagnostics) = if dump.stage.tokens { tokens(&source, &names) } else { tree(&source, &names) };
    let _ = host.console().print(&text);
    let format = Format::Human { colour: host.console().shows_errors() };
    for diagnostic in &diagnostics {
        host.console().error(&render(&source, diagnostic, format));
    }
    let wrong = diagnostics.iter().any(|found| found.severity == Severity::Error);
    if wrong { Exit::Failed } else { Exit::Success }
}

/// The operations of a method, or of all functions of a class.
fn code(host: &dyn Host, source: Source, project: &project::Project) -> Exit {
    let name = source.path().file_stem().unwrap_or_default().to_string_lossy().into_owned();
    match fourd::engine::listing(source, &name, project) {
        Ok(text) => {
            let _ = host.console().print(&text);
            Exit::Success
        }
        Err(why) => refuse(host.console(), why),
    }
}

/// One line a token: place, kind, and the text in the source.
fn tokens(source: &Source, names: &dyn KnownNames) -> (String, Vec<Diagnostic>) {
    let mut diagnostics = Vec::new();
    let mut out = String::new();
    for token in syntax::tokenize(source.text(), names, &mut diagnostics) {
        let place = source.place(token.span.start);
        let text = source.text().get(token.span.range()).unwrap_or_default();
        let _ = writeln!(out, "{}:{}\t{:?}\t{text:?}", place.line, place.column, token.kind);
    }
    (out, diagnostics)
}

fn tree(source: &Source, names: &dyn KnownNames) -> (String, Vec<Diagnostic>) {
    let parsed = syntax::parse(source, names);
    (format!("{:#?}\n", parsed.file), parsed.diagnostics)
}
