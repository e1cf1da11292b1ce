//! What fourd says to the programmer about a source text, as data; and the three ways to write it.
//! A `Diagnostic` is never seen by 4D code: that is `value::Fault`.

use super::{LineColumn, Source, Span};
use ariadne::{Color, Config, IndexType, Report, ReportKind};

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Note,
    Warning,
    Error,
}

/// One more place and what it has to do with the matter.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Label {
    pub span: Span,
    pub text: String,
}

/// A finding in a source text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnostic {
    /// Stable, e.g. `E0012`; `fourd explain` has a page for each.
    pub code: &'static str,
    pub severity: Severity,
    /// One sentence in the reader's words, without a final full stop.
    pub message: String,
    pub span: Span,
    /// What stands at `span`, in a few words; may be empty.
    pub label: String,
    pub more: Vec<Label>,
    /// What to do about it.
    pub help: Option<String>,
}

impl Diagnostic {
    #[must_use]
    pub fn error(code: &'static str, span: Span, message: impl Into<String>) -> Self {
        Self {
            code,
            severity: Severity::Error,
            message: message.into(),
            span,
            label: String::new(),
            more: Vec::new(),
            help: None,
        }
    }

    #[must_use]
    pub fn label(mut self, text: impl Into<String>) -> Self {
        self.label = text.into();
        self
    }

    #[must_use]
    pub fn also(mut self, span: Span, text: impl Into<String>) -> Self {
        self.more.push(Label { span, text: text.into() });
        self
    }

    #[must_use]
    pub fn help(mut self, text: impl Into<String>) -> Self {
        self.help = Some(text.into());
        self
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Reports with source excerpts; `colour` as the terminal allows.
    Human { colour: bool },
    /// One JSON object a line.
    Json,
    /// GitHub workflow annotations.
    Github,
}

/// Writes one diagnostic, with a final line end.
#[must_use]
pub fn render(source: &Source, diagnostic: &Diagnostic, format: Format) -> String {
    match format {
        Format::Human { colour } => human(source, diagnostic, colour),
        Format::Json => json(source, diagnostic),
        Format::Github => github(source, diagnostic),
    }
}

fn word(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

/// A report with an excerpt of the source.
fn human(source: &Source, diagnostic: &Diagnostic, colour: bool) -> String {
    let name = source.path().display().to_string();
    let kind = match diagnostic.severity {
        Severity::Note => ReportKind::Advice,
        Severity::Warning => ReportKind::Warning,
        Severity::Error => ReportKind::Error,
    };
    let place = |span: Span| (name.clone(), clamp(source.text(), span));
    let config = Config::new().with_color(colour).with_index_type(IndexType::Byte);
    let mut report = Report::build(kind, place(diagnostic.span))
        .with_config(config)
        .with_code(diagnostic.code)
        .with_message(&diagnostic.message);
    // In the order of the text: a label before the first one would get an excerpt of its own.
    let mut labels = vec![(diagnostic.span, &diagnostic.label, Color::Red)];
    labels.extend(diagnostic.more.iter().map(|more| (more.span, &more.text, Color::Blue)));
    labels.sort_by_key(|(span, ..)| span.start);
    for (span, text, colour) in labels {
        report = report.with_label(label(place(span), text, colour));
    }
    if let Some(help) = &diagnostic.help {
        report = report.with_help(help);
    }
    let cache = (name.clone(), source.excerpts());
    let mut out = Vec::new();
    if report.finish().write(cache, &mut out).is_err() || out.is_empty() {
        return plain(source, diagnostic);
    }
    let text = String::from_utf8_lossy(&out);
    // The frame fills lines with spaces; nobody misses them.
    text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
}

type Place = (String, std::ops::Range<usize>);

fn label(place: Place, text: &str, colour: Color) -> ariadne::Label<Place> {
    let label = ariadne::Label::new(place).with_color(colour);
    if text.is_empty() { label } else { label.with_message(text) }
}

/// The span inside the text and on character boundaries.
fn clamp(text: &str, span: Span) -> std::ops::Range<usize> {
    let fit = |offset: u32| {
        let mut offset = (offset as usize).min(text.len());
        while !text.is_char_boundary(offset) {
            offset -= 1;
        }
        offset
    };
    let (start, end) = (fit(span.start), fit(span.end));
    start..end.max(start)
}

/// One line, should the report not come about.
fn plain(source: &Source, diagnostic: &Diagnostic) -> String {
    let LineColumn { line, column } = source.place(diagnostic.span.start);
    let path = source.path().display();
    format!("{path}:{line}:{column}: {} {}\n", diagnostic.code, diagnostic.message)
}

fn json(source: &Source, diagnostic: &Diagnostic) -> String {
    let place = |span: Span| {
        let (start, end) = (source.place(span.start), source.place(span.end));
        serde_json::json!({
            "line": start.line, "column": start.column,
            "endLine": end.line, "endColumn": end.column,
        })
    };
    let labels = diagnostic
        .more
        .iter()
        .map(|label| serde_json::json!({ "place": place(label.span), "text": label.text }));
    let object = serde_json::json!({
        "file": source.path().display().to_string(),
        "code": diagnostic.code,
        "severity": word(diagnostic.severity),
        "message": diagnostic.message,
        "place": place(diagnostic.span),
        "label": diagnostic.label,
        "labels": labels.collect::<Vec<_>>(),
        "help": diagnostic.help,
    });
    format!("{object}\n")
}

/// A workflow command of GitHub Actions.
fn github(source: &Source, diagnostic: &Diagnostic) -> String {
    let kind = match diagnostic.severity {
        Severity::Note => "notice",
        Severity::Warning => "warning",
        Severity::Error => "error",
    };
    let (start, end) = (source.place(diagnostic.span.start), source.place(diagnostic.span.end));
    let file = property(&source.path().display().to_string());
    let mut message = diagnostic.message.clone();
    if let Some(help) = &diagnostic.help {
        message = format!("{message}\n{help}");
    }
    format!(
        "::{kind} file={file},line={},col={},endLine={},endColumn={},title={}::{}\n",
        start.line,
        start.column,
        end.line,
        end.column,
        diagnostic.code,
        data(&message)
    )
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
