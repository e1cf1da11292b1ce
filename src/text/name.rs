//! Names as 4D has them: kept as written, compared without regard to case.
//!
//! Variables, methods, commands and constants ignore case (`Source: Concepts/identifiers`);
//! property, class and function names do not. A `Name` keeps the spelling; whoever compares
//! chooses `==` (case matters) or [`Name::folded`] (it does not).

use smol_str::SmolStr;
use std::fmt;

/// An identifier, cheap to clone; up to 23 bytes are stored in place.
#[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name(SmolStr);

impl Name {
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(SmolStr::new(text))
    }

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The form under which names that ignore case are looked up.
    #[must_use]
    pub fn folded(&self) -> Self {
        if self.0.bytes().all(|b| b.is_ascii() && !b.is_ascii_uppercase()) {
            return self.clone();
        }
        let mut short = [0; 48];
        if self.0.is_ascii()
            && let Some(short) = short.get_mut(..self.0.len())
        {
            short.copy_from_slice(self.0.as_bytes());
            short.make_ascii_lowercase();
            return Self(SmolStr::new(String::from_utf8_lossy(short)));
        }
        Self(self.0.chars().flat_map(char::to_lowercase).collect())
    }
}

impl std::borrow::Borrow<str> for Name {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl From<&str> for Name {
    fn from(text: &str) -> Self {
        Self::new(text)
    }
}

impl std::ops::Deref for Name {
    type Target = str;
    fn deref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Name {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.0.as_str(), f)
    }
}
