//! What the second, thorough parse of a line finds out: how far the line made sense, and what
//! could have followed there.

use super::Tokens;
use crate::syntax::token::Token;
use chumsky::DefaultExpected;
use chumsky::error::{Error, LabelError};
use chumsky::span::SimpleSpan;
use chumsky::util::MaybeRef;
use smallvec::SmallVec;

/// The furthest place a line could be understood up to.
#[derive(Clone, Debug, Default)]
pub(crate) struct Failure {
    /// The index of the token that fits nowhere; the number of tokens at the end of the line.
    pub at: usize,
    /// What the rules wanted there, as far as they have a name for it.
    pub expected: SmallVec<[&'static str; 4]>,
}

type Found<'a> = Option<MaybeRef<'a, Token>>;

impl<'a> Error<'a, Tokens<'a>> for Failure {
    fn merge(mut self, other: Self) -> Self {
        if other.at > self.at {
            return other;
        }
        if other.at == self.at {
            for label in other.expected {
                if !self.expected.contains(&label) {
                    self.expected.push(label);
                }
            }
        }
        self
    }
}

impl<'a> LabelError<'a, Tokens<'a>, DefaultExpected<'a, Token>> for Failure {
    fn expected_found<E: IntoIterator<Item = DefaultExpected<'a, Token>>>(
        _: E,
        _: Found<'a>,
        span: SimpleSpan<usize>,
    ) -> Self {
        Self { at: span.start, expected: SmallVec::new() }
    }
}

impl<'a> LabelError<'a, Tokens<'a>, &'static str> for Failure {
    fn expected_found<E: IntoIterator<Item = &'static str>>(
        expected: E,
        _: Found<'a>,
        span: SimpleSpan<usize>,
    ) -> Self {
        Self { at: span.start, expected: expected.into_iter().collect() }
    }

    fn label_with(&mut self, label: &'static str) {
        self.expected.clear();
        self.expected.push(label);
    }
}
