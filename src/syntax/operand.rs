//! Which tokens are values, and which brackets begin and end one: the table that the lexer, the
//! measure of nesting and the explanations share.

use super::token::TokenKind as T;

impl T {
    /// Whether the token is a value by itself: a literal, a variable, a name.
    pub(super) fn is_value(self) -> bool {
        matches!(
            self,
            T::Integer(_)
                | T::Real(_)
                | T::Text
                | T::Date { .. }
                | T::Time(_)
                | T::Local
                | T::Interprocess
                | T::Table
                | T::Field
                | T::Name
                | T::Command(_)
                | T::Constant(_)
        )
    }

    /// What closes an opening bracket.
    pub(super) fn closed_by(self) -> Option<T> {
        Some(match self {
            T::OpenParen => T::CloseParen,
            T::OpenBracket => T::CloseBracket,
            T::OpenBrace | T::ParameterAt => T::CloseBrace,
            T::OpenCharacter => T::CloseCharacter,
            _ => return None,
        })
    }

    pub(super) fn opens(self) -> bool {
        matches!(self, T::OpenParen | T::OpenBracket | T::OpenBrace | T::OpenCharacter | T::ParameterAt)
    }

    pub(super) fn closes(self) -> bool {
        matches!(self, T::CloseParen | T::CloseBracket | T::CloseBrace | T::CloseCharacter)
    }

    /// Whether an operand can begin with the token and with nothing that stands before it.
    pub(super) fn begins_operand(self) -> bool {
        self.is_value() || matches!(self, T::OpenParen | T::OpenBrace | T::ParameterAt)
    }

    pub(super) fn ends_operand(self) -> bool {
        self.is_value() || self.closes()
    }

    /// Whether a value must follow.
    pub(super) fn wants_operand(self) -> bool {
        !self.ends_operand()
            && !matches!(
                self,
                T::Keyword(_) | T::Unknown | T::LineEnd | T::SqlText | T::Ellipsis | T::Dot | T::Colon
            )
    }
}
