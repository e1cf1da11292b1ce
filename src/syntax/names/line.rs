//! What the beginning of a logical line says about the words that follow in it.

use crate::syntax::token::{Keyword, Raw};

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Mode {
    /// Statements: words are looked up.
    #[default]
    Code,
    /// Only modifiers of a class line so far.
    Modifiers,
    /// Words are names whatever they spell: after `Function`, `property`, `Alias`, `Class extends`.
    Names,
    /// After `var`, `#DECLARE` and the name of a function: a word behind `:` is a type.
    Types,
    /// The value in a declaration.
    Value,
}

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Line {
    mode: Mode,
    /// Whether `;` brings back names (`property a; b`).
    property: bool,
    /// Whether the whole line is names.
    only_names: bool,
}

impl Line {
    /// A line that began with `#DECLARE`.
    pub(super) fn declaration() -> Self {
        Self {
            mode: Mode::Types,
            ..Self::default()
        }
    }

    pub(super) fn keyword(&mut self, keyword: Keyword) {
        match keyword {
            Keyword::Var | Keyword::ClassConstructor => self.mode = Mode::Types,
            Keyword::Function => self.mode = Mode::Names,
            Keyword::Property => (self.mode, self.property) = (Mode::Names, true),
            Keyword::Alias | Keyword::ClassExtends => {
                (self.mode, self.only_names) = (Mode::Names, true);
            }
            _ => self.mode = Mode::Code,
        }
    }

    /// A modifier at the start of the line or after another one.
    pub(super) fn modifier(&mut self) {
        self.mode = Mode::Modifiers;
    }

    /// `outside` all brackets or not.
    pub(super) fn punctuation(&mut self, raw: Raw, outside: bool) {
        self.mode = match (self.mode, raw) {
            (Mode::Names, Raw::OpenParen | Raw::Colon | Raw::Arrow) if !self.only_names => {
                Mode::Types
            }
            (Mode::Names | Mode::Types, Raw::Assign) => Mode::Value,
            (Mode::Value | Mode::Types, Raw::Semicolon) if outside && self.property => Mode::Names,
            (Mode::Value, Raw::Semicolon) if outside => Mode::Types,
            (mode, _) => mode,
        };
    }

    pub(super) fn only_modifiers(&self) -> bool {
        self.mode == Mode::Modifiers
    }

    /// Neither a declaration nor a line of a class, but for the values in them.
    pub(super) fn is_code(&self) -> bool {
        matches!(self.mode, Mode::Code | Mode::Value)
    }

    pub(super) fn is_names(&self) -> bool {
        self.mode == Mode::Names
    }

    /// Whether the next word is a name whatever it spells.
    pub(super) fn takes_plain_names(&self, after_colon: bool) -> bool {
        self.mode == Mode::Names || (self.mode == Mode::Types && after_colon)
    }
}
