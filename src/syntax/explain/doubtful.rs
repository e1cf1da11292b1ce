//! Lines that the grammar takes and that nobody means.

use super::lines::{leads, no_else_if};
use super::words::{
    french, is_foreign_declaration, is_plain_slip, is_shaped_like, is_suspect, leading_words, misspelt,
    misspelt_keyword, no_declaration, spelling,
};
use crate::syntax::ast::{BinaryOp, Expr, ExprKind, StatementKind, StepKind};
use crate::syntax::token::{Token, TokenKind as T};
use crate::syntax::{KnownNames, codes};
use crate::text::{Diagnostic, Span};

/// Lines that the grammar takes and that nobody means.
pub(in crate::syntax) fn doubtful(
    source: &str,
    known: &dyn KnownNames,
    tokens: &[Token],
    kind: &StatementKind,
) -> Option<Diagnostic> {
    match kind {
        StatementKind::Assign { target, .. } if !is_target(target) => Some(
            Diagnostic::error(codes::BAD_TARGET, target.span, "nothing can be assigned to this")
                .label("neither a variable, nor a field, nor a part of one")
                .help("write a variable, a field, a property or an element left of `:=`"),
        ),
        StatementKind::Expression(Expr { kind: ExprKind::Chain { first, rest }, .. })
            if rest.first().is_some_and(|(operator, _)| *operator == BinaryOp::Equal) && is_target(first) =>
        {
            let sign = tokens.iter().find(|t| t.kind == T::Equal && t.span.start >= first.span.end)?;
            let name = source.get(first.span.range()).unwrap_or_default();
            if let Some((word, _)) = name.split_once(' ')
                && is_foreign_declaration(word)
            {
                let end = first.span.start + word.len() as u32;
                return Some(no_declaration(Span::new(first.span.start, end), word));
            }
            Some(
                Diagnostic::error(codes::EQUAL_FOR_ASSIGN, sign.span, "`=` does not assign")
                    .label("write `:=`")
                    .help(format!("`=` compares; use `:=` to assign a value to `{name}`")),
            )
        }
        StatementKind::Expression(Expr { kind: ExprKind::Unary { operand, .. }, .. }) => {
            Some(leading_sign(source, tokens, operand))
        }
        StatementKind::Expression(Expr {
            kind: ExprKind::Name(name) | ExprKind::Call { name, .. }, ..
        }) => {
            if !is_suspect(name) {
                return None;
            }
            let exists = known.is_method(name);
            if exists == Some(true) {
                return None;
            }
            let words = leading_words(source, tokens);
            if matches!(words.as_str(), "end function" | "end class" | "end sub" | "end method") {
                return Some(no_end(tokens[0].span, source));
            }
            if words == "switch" && tokens.len() > 1 {
                return Some(
                    Diagnostic::error(codes::FOREIGN_WORD, tokens[0].span, "4D has no `switch`")
                        .label("write `Case of`")
                        .help("`Case of` stands alone; each case has a whole condition: `: ($value=1)`"),
                );
            }
            if matches!(words.as_str(), "elseif" | "elsif" | "elif") {
                return Some(no_else_if(tokens[0].span));
            }
            // Words that nobody knows are one name: `Case off`.
            if words.contains(' ')
                && let Some((span, keyword)) = misspelt(source, tokens)
            {
                return Some(misspelt_keyword(span, spelling(keyword)));
            }
            // One word could be a method that we were not told of.
            if exists == Some(false)
                && let Some((span, keyword)) = misspelt(source, tokens)
                && is_shaped_like(keyword, tokens)
                && is_plain_slip(name, spelling(keyword))
            {
                return Some(misspelt_keyword(span, spelling(keyword)));
            }
            french(source, tokens)
        }
        _ => None,
    }
}

/// `++$i`, or a line that begins with a sign because the one before it should go on.
fn leading_sign(source: &str, tokens: &[Token], operand: &Expr) -> Diagnostic {
    let text = |span: Span| source.get(span.range()).unwrap_or_default();
    if let [first, second, ..] = tokens
        && first.kind == second.kind
        && first.span.end == second.span.start
        && let ExprKind::Unary { operand, .. } = &operand.kind
    {
        let (sign, name) = (text(first.span), text(operand.span));
        let message = format!("4D has no operator `{sign}{sign}`");
        return Diagnostic::error(codes::FOREIGN_OPERATOR, first.span.to(second.span), message)
            .label(format!("write `{sign}=1` behind the name"))
            .help(format!("write `{name}{sign}=1`"));
    }
    let first = tokens.first().map_or(operand.span, |token| token.span);
    leads(first, text(first))
}

/// `End function`
fn no_end(span: Span, source: &str) -> Diagnostic {
    let written = source.get(span.range()).unwrap_or_default();
    Diagnostic::error(codes::FOREIGN_WORD, span, format!("4D has no `{written}`"))
        .label("remove this line")
        .help("a function ends where the next one begins, a method where its file ends")
}

/// Whether something can be assigned to.
pub(in crate::syntax) fn is_target(target: &Expr) -> bool {
    match &target.kind {
        ExprKind::Local(_)
        | ExprKind::Interprocess(_)
        | ExprKind::Name(_)
        | ExprKind::Field { .. }
        | ExprKind::ParameterAt(_) => true,
        ExprKind::Group(inner) => is_target(inner),
        ExprKind::Postfix { steps, .. } => {
            !matches!(steps.last().map(|s| &s.kind), Some(StepKind::Method(..) | StepKind::Call(_)))
        }
        _ => false,
    }
}
