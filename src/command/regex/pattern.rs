//! Patterns as ICU writes them in, patterns as fancy-regex reads them out, with the same meaning.
//!
//! Everything that the two read differently is spelt out: lines end in seven ways, `$` also matches
//! before a last line end, letters of the flags, sets and their operators, classes of POSIX, named
//! groups (which become numbers). What cannot be said in the other language is an error.
//! Source: <https://unicode-org.github.io/icu/userguide/strings/regexp.html>

use super::set::{self, posix};
use rustc_hash::FxHashMap;
use std::fmt::Write;

/// Why a pattern is refused: the number that ICU gives such errors, and a sentence.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Refusal {
    pub number: i32,
    pub message: String,
}

pub(super) type Result<T> = std::result::Result<T, Refusal>;

/// The numbers of ICU's errors (`U_REGEX_…`).
pub(super) mod number {
    pub(crate) const INTERNAL: i32 = 66304;
    pub(crate) const SYNTAX: i32 = 66305;
    pub(crate) const ESCAPE: i32 = 66307;
    pub(crate) const PROPERTY: i32 = 66308;
    pub(crate) const UNIMPLEMENTED: i32 = 66309;
    pub(crate) const PARENTHESIS: i32 = 66310;
    pub(crate) const TOO_BIG_A_NUMBER: i32 = 66311;
    pub(crate) const INTERVAL: i32 = 66312;
    pub(crate) const MAXIMUM: i32 = 66313;
    pub(crate) const BACK_REFERENCE: i32 = 66314;
    pub(crate) const FLAG: i32 = 66315;
    pub(crate) const BRACKET: i32 = 66319;
    pub(crate) const RANGE: i32 = 66320;
    pub(crate) const STACK: i32 = 66321;
    pub(crate) const TIME: i32 = 66322;
    pub(crate) const TOO_BIG: i32 = 66324;
    pub(crate) const NAME: i32 = 66325;
}

/// One character as people see it, with the marks that belong to it. `Source: UAX #29, table 1b`
const CLUSTER: &str = concat!(
    r"(?>\r\n|\p{gcb=Prepend}*(?:",
    r"\p{gcb=Regional_Indicator}\p{gcb=Regional_Indicator}",
    r"|\p{gcb=L}*(?:\p{gcb=V}+|\p{gcb=LV}\p{gcb=V}*|\p{gcb=LVT})\p{gcb=T}*|\p{gcb=L}+|\p{gcb=T}+",
    r"|\p{Extended_Pictographic}(?:\p{gcb=Extend}*\x{200D}\p{Extended_Pictographic})*",
    r"|[^\p{gcb=Control}\r\n]",
    r")[\p{gcb=Extend}\x{200D}\p{gcb=SpacingMark}]*|(?s:.))"
);

/// What is known of the line ends of the text to be searched: it lets simple anchors stay simple.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Lines {
    /// There is no line end at all.
    One,
    /// The text does not end with one.
    Unended,
    /// It ends with one.
    Ended,
}

/// Characters that end a line, as the inside of a set.
const ENDS: &str = r"\n-\r\x{85}\x{2028}\x{2029}";

/// The flags in force.
#[derive(Clone, Copy, Default)]
struct Modes {
    any_case: bool,
    dot_all: bool,
    multiline: bool,
    comments: bool,
    unix_lines: bool,
    /// `\b` would be where Unicode divides words.
    words: bool,
}

/// Reads a pattern.
pub(super) struct Reader {
    pattern: Vec<char>,
    at: usize,
    modes: Modes,
    lines: Lines,
    out: String,
    /// The modes outside each open parenthesis.
    open: Vec<Modes>,
    groups: usize,
    names: FxHashMap<String, usize>,
    highest_reference: usize,
    /// Whether what was read last can be repeated.
    repeatable: bool,
}

pub(super) fn refuse<T>(number: i32, message: impl Into<String>) -> Result<T> {
    Err(Refusal { number, message: message.into() })
}

/// The pattern for fancy-regex.
pub(super) fn translate(pattern: &str, lines: Lines) -> Result<String> {
    let mut reader = Reader {
        pattern: pattern.chars().collect(),
        at: 0,
        modes: Modes::default(),
        lines,
        out: String::with_capacity(pattern.len() + 16),
        open: Vec::new(),
        groups: 0,
        names: FxHashMap::default(),
        highest_reference: 0,
        repeatable: false,
    };
    while let Some(c) = reader.next_significant() {
        reader.item(c)?;
    }
    if !reader.open.is_empty() {
        return refuse(number::PARENTHESIS, "a `(` is not closed");
    }
    if reader.highest_reference > reader.groups {
        let message = format!("there is no group {} to refer to", reader.highest_reference);
        return refuse(number::BACK_REFERENCE, message);
    }
    Ok(reader.out)
}

/// White space as patterns know it.
pub(super) fn is_pattern_space(c: char) -> bool {
    matches!(c, '\t'..='\r' | ' ' | '\u{85}' | '\u{200e}' | '\u{200f}' | '\u{2028}' | '\u{2029}')
}

impl Reader {
    pub(super) fn next(&mut self) -> Option<char> {
        let c = self.pattern.get(self.at).copied()?;
        self.at += 1;
        Some(c)
    }

    pub(super) fn peek(&self) -> Option<char> {
        self.pattern.get(self.at).copied()
    }

    pub(super) fn eat(&mut self, c: char) -> bool {
        let found = self.peek() == Some(c);
        self.at += usize::from(found);
        found
    }

    pub(super) fn place(&self) -> usize {
        self.at
    }

    pub(super) fn back_to(&mut self, place: usize) {
        self.at = place;
    }

    pub(super) fn skips_space(&self) -> bool {
        self.modes.comments
    }

    /// The next character that is not white space or comment, where `(?x)` is in force.
    fn next_significant(&mut self) -> Option<char> {
        while self.modes.comments {
            match self.peek()? {
                '#' => while self.next().is_some_and(|c| !matches!(c, '\n'..='\r' | '\u{85}' | '\u{2028}' | '\u{2029}')) {},
                c if is_pattern_space(c) => self.at += 1,
                _ => break,
            }
        }
        self.next()
    }

    fn item(&mut self, c: char) -> Result<()> {
        match c {
            '*' | '+' | '?' => self.quantifier(c.to_string())?,
            '{' => {
                let interval = self.interval()?;
                self.quantifier(interval)?;
            }
            '|' => self.put("|", false),
            '(' => self.group()?,
            ')' => {
                let Some(outside) = self.open.pop() else {
                    return refuse(number::PARENTHESIS, "a `)` closes nothing");
                };
                self.modes = outside;
                self.put(")", true);
            }
            '}' => return refuse(number::SYNTAX, "a `}` that closes nothing is written `\\}`"),
            '[' => {
                let set = set::read(self, 0)?;
                self.put(&set, true);
            }
            '.' => self.dot(),
            '^' => self.caret(),
            '$' => self.dollar(),
            '\\' => self.escape()?,
            c => self.literal(c),
        }
        Ok(())
    }

    fn put(&mut self, part: &str, repeatable: bool) {
        self.out.push_str(part);
        self.repeatable = repeatable;
    }

    fn literal(&mut self, c: char) {
        if matches!(c, '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$') {
            self.out.push('\\');
        }
        self.out.push(c);
        self.repeatable = true;
    }

    fn dot(&mut self) {
        let any = match (self.modes.dot_all, self.modes.unix_lines) {
            (true, _) => "(?s:.)".to_owned(),
            (false, true) => r"[^\n]".to_owned(),
            (false, false) => format!("[^{ENDS}]"),
        };
        self.put(&any, true);
    }

    fn caret(&mut self) {
        let start = match (self.modes.multiline && self.lines != Lines::One, self.modes.unix_lines) {
            (false, _) => r"\A".to_owned(),
            (true, true) => r"(?:\A|(?<=\n)(?!\z))".to_owned(),
            (true, false) => format!(r"(?:\A|(?<=[{ENDS}])(?!\z))"),
        };
        self.put(&start, true);
    }

    fn dollar(&mut self) {
        let other_ends = r"[\x{0B}-\r\x{85}\x{2028}\x{2029}]";
        let end = match (self.modes.multiline, self.lines, self.modes.unix_lines) {
            (_, Lines::One, _) | (false, Lines::Unended, _) => r"\z".to_owned(),
            (true, _, true) => r"(?:\z|(?=\n))".to_owned(),
            (true, _, false) => format!(r"(?:\z|(?={other_ends})|(?<!\r)(?=\n))"),
            (false, _, true) => r"(?:\z|(?=\n\z))".to_owned(),
            (false, ..) => self.before_last_end(),
        };
        self.put(&end, true);
    }

    /// The end, or before a line end that ends the text.
    fn before_last_end(&self) -> String {
        if self.lines != Lines::Ended {
            return r"\z".to_owned();
        }
        r"(?:\z|(?=\r\n\z)|(?=[\x{0B}-\r\x{85}\x{2028}\x{2029}]\z)|(?<!\r)(?=\n\z))".to_owned()
    }

    // ---- repeating

    fn quantifier(&mut self, mut quantifier: String) -> Result<()> {
        if !self.repeatable {
            return refuse(number::SYNTAX, format!("there is nothing for `{quantifier}` to repeat"));
        }
        let before = self.at;
        match self.next_significant() {
            Some(suffix @ ('?' | '+')) => quantifier.push(suffix),
            _ => self.at = before,
        }
        self.put(&quantifier, false);
        Ok(())
    }

    /// `{n}`, `{n,}`, `{n,m}`; the brace is read.
    fn interval(&mut self) -> Result<String> {
        let lowest = self.decimal()?;
        let mut written = String::from("{");
        let _ = write!(written, "{lowest}");
        if self.eat(',') {
            written.push(',');
            if self.peek() != Some('}') {
                let highest = self.decimal()?;
                if highest < lowest {
                    return refuse(number::MAXIMUM, format!("`{{{lowest},{highest}}}` has its ends swapped"));
                }
                let _ = write!(written, "{highest}");
            }
        }
        if !self.eat('}') {
            return refuse(number::INTERVAL, "after `{` come one or two numbers and `}`; the character itself is `\\{`");
        }
        written.push('}');
        Ok(written)
    }

    fn decimal(&mut self) -> Result<u32> {
        let mut value: Option<u32> = None;
        while let Some(digit) = self.peek().and_then(|c| c.to_digit(10)) {
            self.at += 1;
            let longer = value.unwrap_or(0).checked_mul(10).and_then(|v| v.checked_add(digit));
            match longer {
                Some(longer) if longer <= 100_000 => value = Some(longer),
                _ => return refuse(number::TOO_BIG_A_NUMBER, "nothing can be repeated more than 100000 times"),
            }
        }
        match value {
            Some(value) => Ok(value),
            None => refuse(number::INTERVAL, "after `{` comes a number; the character itself is `\\{`"),
        }
    }

    // ---- groups

    /// What begins with `(`.
    fn group(&mut self) -> Result<()> {
        if self.open.len() > 60 {
            return refuse(number::TOO_BIG, "parentheses are nested more than 60 deep");
        }
        if !self.eat('?') {
            self.groups += 1;
            self.enter("(");
            return Ok(());
        }
        let c = self.next();
        match c {
            Some(':') => self.enter("(?:"),
            Some('=') => self.enter("(?="),
            Some('!') => self.enter("(?!"),
            Some('>') => self.enter("(?>"),
            Some('<') if self.eat('=') => self.enter("(?<="),
            Some('<') if self.eat('!') => self.enter("(?<!"),
            Some('<') => {
                let name = self.name()?;
                self.groups += 1;
                if self.names.insert(name.clone(), self.groups).is_some() {
                    return refuse(number::NAME, format!("two groups are named `{name}`"));
                }
                self.enter("(");
            }
            Some('#') => while self.next().is_some_and(|c| c != ')') {},
            Some(c) if c.is_ascii_alphabetic() || c == '-' => {
                self.at -= 1;
                self.flags()?;
            }
            _ => return refuse(number::SYNTAX, "`(?` begins no kind of group that there is"),
        }
        Ok(())
    }

    fn enter(&mut self, opening: &str) {
        self.open.push(self.modes);
        self.put(opening, false);
    }

    /// The name of a group, with the `>` behind it.
    fn name(&mut self) -> Result<String> {
        let mut name = String::new();
        while let Some(c) = self.next() {
            match c {
                '>' if !name.is_empty() => return Ok(name),
                c if c.is_ascii_alphabetic() || (c.is_ascii_digit() && !name.is_empty()) => name.push(c),
                _ => break,
            }
        }
        refuse(number::NAME, "the name of a group is made of letters and digits and ends with `>`")
    }

    /// `(?im-sx)` and `(?im-sx:`
    fn flags(&mut self) -> Result<()> {
        let before = self.modes;
        let mut on = true;
        loop {
            match self.next() {
                Some('-') if on => on = false,
                Some('i') => self.modes.any_case = on,
                Some('s') => self.modes.dot_all = on,
                Some('m') => self.modes.multiline = on,
                Some('x') => self.modes.comments = on,
                Some('d') => self.modes.unix_lines = on,
                Some('w') => self.modes.words = on,
                Some(')') => {
                    if self.modes.any_case != before.any_case {
                        self.put(if self.modes.any_case { "(?i)" } else { "(?-i)" }, false);
                    }
                    self.repeatable = false;
                    return Ok(());
                }
                Some(':') => {
                    self.open.push(before);
                    let opening = match (before.any_case, self.modes.any_case) {
                        (false, true) => "(?i:",
                        (true, false) => "(?-i:",
                        _ => "(?:",
                    };
                    self.put(opening, false);
                    return Ok(());
                }
                Some(c) => return refuse(number::FLAG, format!("`{c}` is no flag")),
                None => return refuse(number::PARENTHESIS, "a `(` is not closed"),
            }
        }
    }

    // ---- escapes

    fn escape(&mut self) -> Result<()> {
        let Some(c) = self.next() else {
            return refuse(number::ESCAPE, "a `\\` at the end escapes nothing");
        };
        match c {
            'Q' => {
                for c in self.quoted() {
                    self.literal(c);
                }
            }
            'E' => {}
            'A' => self.put(r"\A", true),
            'b' | 'B' if self.modes.words => {
                return refuse(number::UNIMPLEMENTED, "`\\b` under `(?w)` (words as Unicode has them) is not provided");
            }
            'b' => self.put(r"(?:\b)", true),
            'B' => self.put(r"(?:\B)", true),
            'G' => self.put(r"\G", false),
            'z' => self.put(r"\z", true),
            'Z' => {
                let end = self.before_last_end();
                self.put(&end, true);
            }
            'R' if self.lines == Lines::One => self.put(&format!(r"(?:\r\n|[{ENDS}])"), true),
            'R' => self.put(&format!(r"(?>\r\n|[{ENDS}])"), true),
            'X' => self.put(CLUSTER, true),
            'k' => {
                let name = if self.eat('<') { self.name()? } else { String::new() };
                let Some(&group) = self.names.get(&name) else {
                    return refuse(number::NAME, format!("no group is named `{name}`"));
                };
                self.put(&format!(r"(?:\{group})"), true);
            }
            '1'..='9' => self.back_reference(c),
            c => match self.class(c)? {
                Some(class) => self.put(&class, true),
                None => {
                    let literal = self.character(c)?;
                    self.literal(literal);
                }
            },
        }
        Ok(())
    }

    /// As many digits as there are groups for.
    fn back_reference(&mut self, first: char) {
        let mut group = first.to_digit(10).unwrap_or(1) as usize;
        while group < self.groups
            && let Some(digit) = self.peek().and_then(|c| c.to_digit(10))
        {
            group = group * 10 + digit as usize;
            self.at += 1;
        }
        self.highest_reference = self.highest_reference.max(group);
        self.put(&format!(r"(?:\{group})"), true);
    }

    /// The characters up to `\E` or the end.
    pub(super) fn quoted(&mut self) -> Vec<char> {
        let mut quoted = Vec::new();
        while let Some(c) = self.next() {
            if c == '\\' && self.eat('E') {
                break;
            }
            quoted.push(c);
        }
        quoted
    }

    /// A class that a letter behind `\` stands for, as a set.
    pub(super) fn class(&mut self, letter: char) -> Result<Option<String>> {
        Ok(Some(match letter {
            'd' | 'D' | 'w' | 'W' | 's' | 'S' => format!("\\{letter}"),
            'h' => r"[\t\p{Zs}]".to_owned(),
            'H' => r"[^\t\p{Zs}]".to_owned(),
            'v' => format!("[{ENDS}]"),
            'V' => format!("[^{ENDS}]"),
            'N' => return refuse(number::UNIMPLEMENTED, "characters by their Unicode name (`\\N{…}`) are not provided"),
            'p' | 'P' => self.property(letter == 'P')?,
            _ => return Ok(None),
        }))
    }

    /// What follows `\p`.
    fn property(&mut self, negated: bool) -> Result<String> {
        let mut name = String::new();
        match self.next() {
            Some('{') => loop {
                match self.next() {
                    Some('}') => break,
                    Some(c) => name.push(c),
                    None => return refuse(number::PROPERTY, "`\\p{` is not closed"),
                }
            },
            Some(c) => name.push(c),
            None => return refuse(number::PROPERTY, "`\\p` needs the name of a property"),
        }
        posix(&name, negated)
    }

    /// The character that a letter or digits behind `\` stand for.
    pub(super) fn character(&mut self, letter: char) -> Result<char> {
        let code = match letter {
            'a' => 0x07,
            'e' => 0x1b,
            'f' => 0x0c,
            'n' => 0x0a,
            'r' => 0x0d,
            't' => 0x09,
            'c' => match self.next() {
                Some(c) if c.is_ascii() => u32::from(c) & 0x1f,
                _ => return refuse(number::ESCAPE, "`\\c` needs a letter"),
            },
            '0' => self.digits(8, 0, 3)?,
            'x' if self.eat('{') => {
                let code = self.digits(16, 1, 8)?;
                if !self.eat('}') {
                    return refuse(number::ESCAPE, "`\\x{` needs hexadecimal digits and `}`");
                }
                code
            }
            'x' => self.digits(16, 1, 2)?,
            'u' => self.utf16()?,
            'U' => self.digits(16, 8, 8)?,
            other => return Ok(other),
        };
        match char::from_u32(code) {
            Some(c) => Ok(c),
            None => refuse(number::ESCAPE, format!("U+{code:04X} is no character")),
        }
    }

    /// `\uD83D\uDE00` is one character.
    fn utf16(&mut self) -> Result<u32> {
        let unit = self.digits(16, 4, 4)?;
        let before = self.at;
        if (0xd800..0xdc00).contains(&unit) && self.eat('\\') && self.eat('u') {
            let low = self.digits(16, 4, 4)?;
            if (0xdc00..0xe000).contains(&low) {
                return Ok(0x10000 + ((unit - 0xd800) << 10) + (low - 0xdc00));
            }
            self.at = before;
        }
        Ok(unit)
    }

    fn digits(&mut self, base: u32, fewest: usize, most: usize) -> Result<u32> {
        let mut value: u32 = 0;
        let mut count = 0;
        while count < most
            && let Some(digit) = self.peek().and_then(|c| c.to_digit(base))
        {
            value = value.saturating_mul(base).saturating_add(digit);
            self.at += 1;
            count += 1;
        }
        if count < fewest {
            return refuse(number::ESCAPE, "an escaped code has too few digits");
        }
        Ok(value)
    }
}
