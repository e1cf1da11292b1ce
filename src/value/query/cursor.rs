//! A place in a query text, and what is looked for there.

/// Reads a text from left to right.
#[derive(Clone)]
pub(super) struct Cursor<'a> {
    pub(super) rest: &'a str,
}

impl<'a> Cursor<'a> {
    pub(super) fn skip_spaces(&mut self) {
        self.rest = self.rest.trim_start();
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.rest.chars().next()
    }

    pub(super) fn next(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let next = chars.next();
        self.rest = chars.as_str();
        next
    }

    /// Goes on behind a symbol, if it comes next.
    pub(super) fn symbol(&mut self, symbol: &str) -> bool {
        self.skip_spaces();
        match self.rest.strip_prefix(symbol) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// The text behind a word, in capitals or not, if it comes next.
    fn behind_word(&self, word: &str) -> Option<&'a str> {
        let head = self.rest.get(..word.len())?;
        let rest = self.rest.get(word.len()..)?;
        let ends = !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_');
        (head.eq_ignore_ascii_case(word) && ends).then_some(rest)
    }

    pub(super) fn at_word(&self, word: &str) -> bool {
        self.behind_word(word).is_some()
    }

    /// Goes on behind a word, if it comes next.
    pub(super) fn word(&mut self, word: &str) -> bool {
        self.skip_spaces();
        match self.behind_word(word) {
            Some(rest) => {
                self.rest = rest;
                true
            }
            None => false,
        }
    }

    /// Goes on behind words that follow one another.
    pub(super) fn words(&mut self, first: &str, second: &str) -> bool {
        let start = self.rest;
        if self.word(first) && self.word(second) {
            return true;
        }
        self.rest = start;
        false
    }

    /// Takes the text up to where `ends` holds, or to the end.
    pub(super) fn take_until(&mut self, mut ends: impl FnMut(&Self) -> bool) -> &'a str {
        let start = self.rest;
        while self.peek().is_some() && !ends(self) {
            self.next();
        }
        start.get(..start.len() - self.rest.len()).unwrap_or_default()
    }
}
