//! Characters that begin nothing in 4D: what was probably meant by them, said once, and a token that
//! lets the rest of the line be read.

use super::Joiner;
use crate::syntax::token::{Raw, Token, TokenKind};
use crate::syntax::{codes, literal};
use crate::text::{Diagnostic, Severity, Span};

impl Joiner<'_> {
    pub(super) fn unknown(&mut self, span: Span) {
        let adjoins = |word: &&(Raw, Span)| word.1.start == span.end;
        let next = self.words.get(self.at + 1).filter(adjoins).map(|word| word.0);
        match (self.text(span).chars().next(), next) {
            (Some(','), _) => self.comma(span),
            (Some('!'), Some(Raw::Equal)) => self.not_equal(span),
            (Some('!'), Some(Raw::Local | Raw::Word | Raw::Interprocess | Raw::OpenParen))
                if !self.operand =>
            {
                self.diagnostics.push(
                    Diagnostic::error(codes::FOREIGN_OPERATOR, span, "4D has no operator `!`")
                        .label("write `Not(…)`")
                        .help("the Boolean \"not\" is the command `Not`: `Not($found)`"),
                );
                self.take(1, TokenKind::Unknown, span);
            }
            (Some(quote), _) if let Some(closing) = closing(quote) => self.quoted(span, quote, closing),
            _ => self.run_of_unknown(span),
        }
    }

    /// One finding for a run of characters that begin nothing.
    fn run_of_unknown(&mut self, span: Span) {
        let mut whole = span;
        let mut count = 1;
        while let Some(&(Raw::Unknown, next)) = self.words.get(self.at + count)
            && next.start == whole.end
        {
            whole = whole.to(next);
            count += 1;
        }
        self.diagnostics.push(literal::unknown(self.text(whole), whole));
        self.take(count, TokenKind::Unknown, whole);
    }

    /// `!=`, `!==`
    fn not_equal(&mut self, span: Span) {
        let signs = self.words[self.at + 1..].iter().take(2).scan(span.end, |end, &(raw, next)| {
            let joined = raw == Raw::Equal && next.start == *end;
            *end = next.end;
            joined.then_some(next)
        });
        let (count, whole) = signs.fold((1, span), |(count, whole), next| (count + 1, whole.to(next)));
        let written = self.text(whole);
        self.diagnostics.push(
            Diagnostic::error(codes::FOREIGN_OPERATOR, whole, format!("4D has no operator `{written}`"))
                .label("write `#`")
                .help("`#` means: is not equal to"),
        );
        self.take(count, TokenKind::Hash, whole);
    }

    /// A comma separates nothing. In the old declarations 4D takes it for a part of the name, and writes
    /// such names itself into the methods of its compiler.
    fn comma(&mut self, span: Span) {
        if let Some(last) = self.out.last().copied()
            && matches!(last.kind, TokenKind::Name | TokenKind::Local | TokenKind::Interprocess)
            && last.span.end == span.start
            && self.goes_on_after(span)
            && self.declares_by_command()
        {
            return self.comma_in_name(last.span, span);
        }
        if !std::mem::replace(&mut self.told, true) {
            let number = |word: Option<&(Raw, Span)>| word.is_some_and(|word| word.0 == Raw::Integer);
            let before = self.at.checked_sub(1).and_then(|at| self.words.get(at));
            let decimal = number(before)
                && self.words.get(self.at + 1).is_some_and(|next| next.1.start == span.end)
                && number(self.words.get(self.at + 1));
            let found = Diagnostic::error(codes::COMMA, span, "4D does not use commas");
            self.diagnostics.push(if decimal {
                found.label("write `.` or `;`").help("the decimal sign is `.`; values are separated by `;`")
            } else {
                found.label("write `;`").help("arguments, parameters and elements are separated by `;`")
            });
        }
        self.take(1, TokenKind::Semicolon, span);
    }

    /// Whether a name goes on behind a comma, or its place in the list ends there.
    fn goes_on_after(&self, comma: Span) -> bool {
        match self.words.get(self.at + 1) {
            Some(&(Raw::Semicolon | Raw::CloseParen, _)) => true,
            Some(&(raw, next)) => raw == Raw::Word && next.start == comma.end,
            None => false,
        }
    }

    /// Whether the line is one as `C_TEXT(…)`.
    fn declares_by_command(&self) -> bool {
        let line = self.out.rsplit(|token| token.kind == TokenKind::LineEnd).next().unwrap_or_default();
        matches!(line.first().map(|token| token.kind), Some(TokenKind::Command(id))
            if id.info().theme == "Compiler" && id.info().name.contains("C_"))
    }

    fn comma_in_name(&mut self, name: Span, comma: Span) {
        let mut whole = name.to(comma);
        let mut count = 1;
        while let Some(&(raw, next)) = self.words.get(self.at + count)
            && next.start == whole.end
            && (raw == Raw::Word || self.text(next) == ",")
        {
            whole = whole.to(next);
            count += 1;
        }
        let written = self.text(whole);
        let mut found = Diagnostic::error(codes::COMMA, comma, "this comma is a part of the name")
            .label(format!("declares one variable `{written}`"))
            .help("write `;` to declare two variables");
        found.severity = Severity::Warning;
        self.diagnostics.push(found);
        self.at += count;
        if let Some(last) = self.out.last_mut() {
            *last = Token { kind: last.kind, span: whole };
        }
    }

    /// A text in quotes of another kind, or a comment that begins with one.
    fn quoted(&mut self, span: Span, quote: char, closing: char) {
        let rest = self.source.get(span.end as usize..).unwrap_or_default();
        let line = rest.find(['\r', '\n']).map_or(rest, |end| &rest[..end]);
        if let Some(at) = line.find(closing) {
            let end = span.end + (at + closing.len_utf8()) as u32;
            let count = self.words[self.at..].iter().take_while(|(_, word)| word.start < end).count();
            let last = self.words[self.at..].get(count.saturating_sub(1)).map_or(end, |word| word.1.end);
            let whole = Span::new(span.start, end.max(last));
            self.diagnostics.push(
                Diagnostic::error(
                    codes::UNKNOWN_CHARACTER,
                    Span::new(span.start, end),
                    format!("`{quote}` does not quote a text"),
                )
                .label("no text in 4D")
                .help("write it in straight double quotes: `\"…\"`"),
            );
            return self.take(count.max(1), TokenKind::Text, whole);
        }
        let begins_comment = quote == '`' || (quote == '\'' && self.at_line_start());
        if !begins_comment {
            return self.run_of_unknown(span);
        }
        let end = span.end + line.len() as u32;
        self.diagnostics.push(
            Diagnostic::error(codes::FOREIGN_COMMENT, span, format!("`{quote}` does not begin a comment"))
                .label("write `//`")
                .help("a comment begins with `//`, or stands between `/*` and `*/`"),
        );
        let count =
            self.words[self.at..].iter().take_while(|(_, word)| word.start < end.max(span.end)).count();
        self.at += count.max(1);
    }
}

/// What closes a text that this character begins in other languages, or in a word processor.
fn closing(quote: char) -> Option<char> {
    Some(match quote {
        '\'' | '`' | '’' | '”' => quote,
        '“' | '„' => '”',
        '‘' => '’',
        '«' => '»',
        _ => return None,
    })
}
