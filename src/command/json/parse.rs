//! JSON text → values, straight from the bytes: no tree in between, no recursion, no limit to the depth.
//!
//! Objects of the same build as the one before at the same place of the text find their names by
//! comparing bytes with the names of its shape, and need one allocation each. `Source: commands/json-parse`

use crate::command::objects::date_of_iso;
use crate::value::{Collection, ErrorCode, Fault, Object, Result, Shape, Text, Value};

/// Why and at which byte a text is no JSON.
pub(super) struct Mistake {
    pub at: usize,
    pub why: &'static str,
}

type Parsed<T> = std::result::Result<T, Mistake>;

/// Reads a whole JSON text.
pub(crate) fn parse(text: &str) -> Result<Value> {
    let mut reader = Parser::new(text);
    reader.document().map_err(|mistake| fault(text, &mistake))
}

/// The mistake in words, with its place.
fn fault(text: &str, mistake: &Mistake) -> Fault {
    let before = text.get(..mistake.at).unwrap_or(text);
    let line = before.bytes().filter(|byte| *byte == b'\n').count() + 1;
    let column = before.rsplit('\n').next().map_or(0, |last| last.chars().count()) + 1;
    Fault::new(ErrorCode::Json, format!("This is no JSON: {} (line {line}, column {column})", mistake.why))
}

/// What is open around the value that is read.
enum Level {
    Array {
        /// Where its elements begin in `Parser::values`.
        start: usize,
        node: usize,
    },
    Object {
        start: usize,
        node: usize,
        /// The shape of the object before at this place, as long as all names agreed.
        expected: Option<&'static Shape>,
        /// The shape so far, where they did not.
        shape: Option<&'static Shape>,
        /// Slot that the value being read goes to, if its name was there before.
        replaces: Option<usize>,
        /// An object with more names than shapes hold.
        large: Option<(Object, Text)>,
    },
}

/// What objects at one place of the text looked like: places are told apart by the path of slots.
#[derive(Default)]
struct Node {
    shape: Option<&'static Shape>,
    /// Places inside, by slot; all elements of an array share the first.
    inner: Vec<usize>,
}

/// Slots with places of their own.
const PLACES: usize = 32;

struct Parser<'t> {
    text: &'t str,
    bytes: &'t [u8],
    at: usize,
    /// Finished values of the open arrays and objects.
    values: Vec<Value>,
    levels: Vec<Level>,
    nodes: Vec<Node>,
    scratch: String,
}

/// What stands after a value.
enum Next {
    Value,
    Done,
}

impl<'t> Parser<'t> {
    fn new(text: &'t str) -> Self {
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            values: Vec::new(),
            levels: Vec::new(),
            nodes: vec![Node::default()],
            scratch: String::new(),
        }
    }

    fn mistake<T>(&self, why: &'static str) -> Parsed<T> {
        Err(Mistake { at: self.at, why })
    }

    #[inline]
    fn peek(&self) -> u8 {
        self.bytes.get(self.at).copied().unwrap_or(0)
    }

    #[inline]
    fn skip_space(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn document(&mut self) -> Parsed<Value> {
        let mut node = 0;
        loop {
            self.skip_space();
            let value = match self.peek() {
                b'{' => {
                    self.at += 1;
                    let expected = self.nodes.get(node).and_then(|n| n.shape);
                    let start = self.values.len();
                    self.levels.push(Level::Object {
                        start,
                        node,
                        expected,
                        shape: None,
                        replaces: None,
                        large: None,
                    });
                    self.skip_space();
                    if self.peek() != b'}' {
                        self.name()?;
                        node = self.place();
                        continue;
                    }
                    self.at += 1;
                    self.end_object()
                }
                b'[' => {
                    self.at += 1;
                    self.levels.push(Level::Array { start: self.values.len(), node });
                    self.skip_space();
                    if self.peek() != b']' {
                        node = self.place();
                        continue;
                    }
                    self.at += 1;
                    self.end_array()
                }
                b'"' => {
                    self.at += 1;
                    self.text_value()?
                }
                b'-' | b'0'..=b'9' => self.number()?,
                b't' => self.word("true", Value::Boolean(true))?,
                b'f' => self.word("false", Value::Boolean(false))?,
                b'n' => self.word("null", Value::Null)?,
                _ if self.at >= self.bytes.len() => return self.mistake("it ends where a value should be"),
                _ => return self.mistake("a value should be here"),
            };
            match self.after(value)? {
                Next::Value => node = self.place(),
                Next::Done => {
                    self.skip_space();
                    if self.at < self.bytes.len() {
                        return self.mistake("something follows the value");
                    }
                    return Ok(self.values.pop().unwrap_or_default());
                }
            }
        }
    }

    /// Stores a finished value and goes on behind it; closes what ends there.
    fn after(&mut self, mut value: Value) -> Parsed<Next> {
        loop {
            let Some(level) = self.levels.last_mut() else {
                self.values.push(value);
                return Ok(Next::Done);
            };
            match level {
                Level::Array { .. } => {
                    self.values.push(value);
                    self.skip_space();
                    match self.peek() {
                        b',' => {
                            self.at += 1;
                            return Ok(Next::Value);
                        }
                        b']' => {
                            self.at += 1;
                            value = self.end_array();
                        }
                        _ => return self.mistake("`,` or `]` should be here"),
                    }
                }
                Level::Object { start, replaces, large, .. } => {
                    match (large, replaces.take()) {
                        (Some((object, name)), _) => object.set(name, value),
                        (None, Some(slot)) => {
                            let at = *start + slot;
                            if let Some(place) = self.values.get_mut(at) {
                                *place = value;
                            }
                        }
                        (None, None) => self.values.push(value),
                    }
                    self.skip_space();
                    match self.peek() {
                        b',' => {
                            self.at += 1;
                            self.skip_space();
                            self.name()?;
                            return Ok(Next::Value);
                        }
                        b'}' => {
                            self.at += 1;
                            value = self.end_object();
                        }
                        _ => return self.mistake("`,` or `}` should be here"),
                    }
                }
            }
        }
    }

    /// The place of the value that comes next.
    fn place(&mut self) -> usize {
        let (node, slot) = match self.levels.last() {
            Some(Level::Array { node, .. }) => (*node, 0),
            Some(Level::Object { node, start, .. }) => (*node, (self.values.len() - *start).min(PLACES)),
            None => return 0,
        };
        // scalars need no place: only look where one was made before, or a structure begins
        self.skip_space();
        if !matches!(self.peek(), b'{' | b'[') {
            return node;
        }
        if let Some(inner) = self.nodes.get(node).and_then(|n| n.inner.get(slot)).copied()
            && inner != 0
        {
            return inner;
        }
        let new = self.nodes.len();
        self.nodes.push(Node::default());
        if let Some(node) = self.nodes.get_mut(node) {
            if node.inner.len() <= slot {
                node.inner.resize(slot + 1, 0);
            }
            if let Some(inner) = node.inner.get_mut(slot) {
                *inner = new;
            }
        }
        new
    }

    fn end_array(&mut self) -> Value {
        let Some(Level::Array { start, .. }) = self.levels.pop() else { return Value::Undefined };
        let elements = self.values.split_off(start.min(self.values.len()));
        Value::Collection(Collection::from_values(elements))
    }

    fn end_object(&mut self) -> Value {
        let Some(Level::Object { start, node, expected, shape, large, .. }) = self.levels.pop() else {
            return Value::Undefined;
        };
        if let Some((object, _)) = large {
            return Value::Object(object);
        }
        let count = self.values.len() - start.min(self.values.len());
        let shape = match (shape, expected) {
            (Some(shape), _) => shape,
            (None, Some(expected)) if count > 0 => ancestor(expected, count),
            (None, _) => Shape::root(),
        };
        if let Some(node) = self.nodes.get_mut(node) {
            node.shape = Some(shape);
        }
        Value::Object(Object::with_shape(shape, self.values.drain(start..)))
    }

    /// Reads `"name":` and finds the slot for its value.
    fn name(&mut self) -> Parsed<()> {
        if self.peek() != b'"' {
            return self.mistake("a name in quotes should be here");
        }
        self.at += 1;
        let begin = self.at;
        let escaped = self.skip_text()?;
        let raw = self.text.get(begin..self.at).unwrap_or("");
        self.at += 1;
        self.skip_space();
        if self.peek() != b':' {
            return self.mistake("`:` should be here");
        }
        self.at += 1;
        if escaped {
            let mut name = std::mem::take(&mut self.scratch);
            name.clear();
            let done = unescape(raw, &mut name).map_err(|(offset, why)| Mistake { at: begin + offset, why });
            self.take_name(&name);
            self.scratch = name;
            return done;
        }
        self.take_name(raw);
        Ok(())
    }

    #[inline]
    fn take_name(&mut self, name: &str) {
        let filled = self.values.len();
        let Some(Level::Object { start, expected, shape, replaces, large, .. }) = self.levels.last_mut()
        else {
            return;
        };
        if let Some((_, next)) = large {
            *next = Text::from(name);
            return;
        }
        let count = filled - *start;
        let mut known = match (*shape, *expected) {
            (Some(shape), _) => shape,
            (None, Some(guess)) => {
                if guess.keys().get(count).is_some_and(|key| key.as_str() == name) {
                    return;
                }
                ancestor(guess, count)
            }
            (None, None) => Shape::root(),
        };
        if let Some(slot) = known.find(name) {
            *shape = Some(known);
            *replaces = Some(slot as usize);
            return;
        }
        let name = Text::from(name);
        match known.add(&name) {
            Some(next) => {
                known = next;
                *shape = Some(known);
            }
            None => {
                let values = self.values.drain(*start..);
                let object = Object::with_shape(known, values);
                *large = Some((object, name));
            }
        }
    }

    fn text_value(&mut self) -> Parsed<Value> {
        let begin = self.at;
        let escaped = self.skip_text()?;
        let raw = self.text.get(begin..self.at).unwrap_or("");
        self.at += 1;
        if escaped {
            let mut text = String::with_capacity(raw.len());
            unescape(raw, &mut text).map_err(|(offset, why)| Mistake { at: begin + offset, why })?;
            return Ok(Value::Text(Text::from(text.as_str())));
        }
        // dates are texts of one form. `Source: commands/json-parse (Notes)`
        if raw.len() == 10
            && raw.as_bytes().get(4) == Some(&b'-')
            && let Some(date) = date_of_iso(raw)
        {
            return Ok(Value::Date(date));
        }
        Ok(Value::Text(Text::from(raw)))
    }

    /// Goes to the closing quote; says whether there are escapes on the way.
    #[inline]
    fn skip_text(&mut self) -> Parsed<bool> {
        let mut escaped = false;
        loop {
            match self.bytes.get(self.at) {
                Some(b'"') => return Ok(escaped),
                Some(b'\\') => {
                    escaped = true;
                    self.at += 2;
                }
                Some(0..=31) => return self.mistake("a control character must be escaped"),
                Some(_) => self.at += 1,
                None => {
                    self.at = self.bytes.len();
                    return self.mistake("a text is not closed");
                }
            }
        }
    }

    fn word(&mut self, word: &'static str, value: Value) -> Parsed<Value> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        if !rest.starts_with(word.as_bytes()) {
            return self.mistake("a value should be here");
        }
        self.at += word.len();
        Ok(value)
    }

    fn number(&mut self) -> Parsed<Value> {
        let begin = self.at;
        let negative = self.peek() == b'-';
        if negative {
            self.at += 1;
        }
        let first = self.at;
        let mut mantissa: u64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.at) {
            mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
            self.at += 1;
        }
        let whole = self.at - first;
        if whole == 0 || whole > 1 && self.bytes.get(first) == Some(&b'0') {
            return self.mistake("this is no number");
        }
        let mut places = 0;
        if self.peek() == b'.' {
            self.at += 1;
            let point = self.at;
            while let Some(digit @ b'0'..=b'9') = self.bytes.get(self.at) {
                mantissa = mantissa.wrapping_mul(10).wrapping_add(u64::from(digit - b'0'));
                self.at += 1;
            }
            places = self.at - point;
            if places == 0 {
                return self.mistake("digits should follow the point");
            }
        }
        let exact = whole + places <= 18;
        if matches!(self.peek(), b'e' | b'E') {
            self.at += 1;
            if matches!(self.peek(), b'+' | b'-') {
                self.at += 1;
            }
            if !self.peek().is_ascii_digit() {
                return self.mistake("digits should follow the exponent");
            }
            while self.peek().is_ascii_digit() {
                self.at += 1;
            }
            return self.slow_number(begin);
        }
        if places == 0 && exact {
            let number = i64::try_from(mantissa).unwrap_or(i64::MAX);
            return Ok(Value::from(if negative { -number } else { number }));
        }
        if exact && mantissa < 1 << 53 && places <= 22 {
            #[allow(clippy::cast_precision_loss)] // below 2^53
            let number = mantissa as f64 / POWERS.get(places).copied().unwrap_or(1.0);
            return Ok(Value::Real(if negative { -number } else { number }));
        }
        self.slow_number(begin)
    }

    fn slow_number(&self, begin: usize) -> Parsed<Value> {
        let number: f64 =
            self.text.get(begin..self.at).and_then(|text| text.parse().ok()).unwrap_or(f64::NAN);
        if number.is_finite() {
            Ok(Value::Real(number))
        } else {
            Err(Mistake { at: begin, why: "a number is too large" })
        }
    }
}

/// Powers of ten that a real holds exactly.
const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18,
    1e19, 1e20, 1e21, 1e22,
];

/// The shape with the first `count` names.
fn ancestor(shape: &'static Shape, count: usize) -> &'static Shape {
    let mut shape = shape;
    while shape.len() > count {
        match shape.parent() {
            Some(parent) => shape = parent,
            None => break,
        }
    }
    shape
}

/// Resolves escapes; the error is an offset in `raw` and what is wrong there.
fn unescape(raw: &str, out: &mut String) -> std::result::Result<(), (usize, &'static str)> {
    let mut rest = raw;
    let offset = |rest: &str| raw.len() - rest.len();
    while let Some(at) = rest.find('\\') {
        out.push_str(rest.get(..at).unwrap_or(""));
        rest = rest.get(at + 1..).unwrap_or("");
        let place = offset(rest);
        let Some(kind) = rest.bytes().next() else { return Err((place, "an escape is not complete")) };
        if kind == b'u' {
            let unit = hex(rest, 1).ok_or((place, "`\\u` needs four hexadecimal digits"))?;
            rest = rest.get(5..).unwrap_or("");
            let high = (0xD800..0xDC00).contains(&unit);
            let low = if high && rest.starts_with("\\u") { hex(rest, 2) } else { None };
            match low.filter(|low| (0xDC00..0xE000).contains(low)) {
                Some(low) => {
                    let code = 0x10000 + ((u32::from(unit) - 0xD800) << 10) + (u32::from(low) - 0xDC00);
                    out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                    rest = rest.get(6..).unwrap_or("");
                }
                // half a surrogate pair is no character
                None => out.push(char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER)),
            }
            continue;
        }
        out.push(match kind {
            b'"' => '"',
            b'\\' => '\\',
            b'/' => '/',
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            _ => return Err((place, "this escape does not exist")),
        });
        rest = rest.get(1..).unwrap_or("");
    }
    out.push_str(rest);
    Ok(())
}

fn hex(text: &str, from: usize) -> Option<u16> {
    let digits = text.get(from..from + 4)?;
    if !digits.bytes().all(|digit| digit.is_ascii_hexdigit()) {
        return None;
    }
    u16::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn object(text: &str) -> Object {
        match parse(text) {
            Ok(Value::Object(object)) => object,
            other => panic!("{text}: {other:?}"),
        }
    }

    #[test]
    fn names_are_guessed_and_guessed_wrong() {
        let Ok(Value::Collection(rows)) = parse(
            r#"[{"a":1,"b":{"x":1}},{"a":2,"b":{"x":2}},{"a":3,"c":4},{"b":1,"a":2},{},{"a":5,"a":6}]"#,
        ) else {
            panic!("no collection")
        };
        let row = |at| match rows.get(at) {
            Value::Object(row) => row,
            other => panic!("{other:?}"),
        };
        assert_eq!(row(0).shape().id(), row(1).shape().id());
        assert_eq!(row(2).keys().iter().map(Text::as_str).collect::<Vec<_>>(), ["a", "c"]);
        assert_eq!(row(3).keys().iter().map(Text::as_str).collect::<Vec<_>>(), ["b", "a"]);
        assert!(row(4).is_empty());
        assert!(matches!(row(5).get("a"), Value::Integer(6)));
        assert_eq!(row(5).len(), 1);
    }

    #[test]
    fn numbers() {
        let o = object(
            r#"{"a":0,"b":-12,"c":2147483648,"d":1.25,"e":1e3,"f":0.1,"g":123456789012345678901,"h":-0.5}"#,
        );
        assert!(matches!(o.get("a"), Value::Integer(0)));
        assert!(matches!(o.get("b"), Value::Integer(-12)));
        assert!(matches!(o.get("c"), Value::Real(n) if n == 2_147_483_648.0));
        assert!(matches!(o.get("d"), Value::Real(n) if n == 1.25));
        assert!(matches!(o.get("e"), Value::Real(n) if n == 1000.0));
        assert!(matches!(o.get("f"), Value::Real(n) if n == 0.1));
        assert!(matches!(o.get("g"), Value::Real(n) if n == 123_456_789_012_345_678_901.0));
        assert!(matches!(o.get("h"), Value::Real(n) if n == -0.5));
    }

    #[test]
    fn wrong_texts_are_refused_without_panic() {
        let wrong = [
            "",
            " ",
            "{",
            "[",
            "[1",
            "[1,",
            "[1,]",
            "{\"a\"",
            "{\"a\":",
            "{\"a\":1",
            "{\"a\":1,",
            "{\"a\":1,}",
            "{a:1}",
            "nul",
            "tru",
            "01",
            "-",
            "1.",
            "1e",
            "\"",
            "\"\\",
            "\"\\u12\"",
            "\"\\x\"",
            "1 2",
            "\"a\nb\"",
            "1e999",
            "]",
            "\"\\ué123\"",
            "\\",
        ];
        for text in wrong {
            assert!(parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn any_depth() {
        let deep = "[".repeat(200_000) + &"]".repeat(200_000);
        assert!(parse(&deep).is_ok());
        assert!(parse(&"{\"a\":".repeat(100_000)).is_err());
    }

    #[test]
    fn large_objects_become_dictionaries() {
        let members: Vec<String> = (0..500).map(|n| format!("\"key{n}\":{n}")).collect();
        let o = object(&format!("{{{}}}", members.join(",")));
        assert_eq!(o.len(), 500);
        assert!(matches!(o.get("key499"), Value::Integer(499)));
    }

    #[test]
    fn escapes_dates_and_pairs() {
        let o = object(r#"{"a\n":"\ud83d\ude00\u00e9\/","d":"2024-02-29","n":"2024-02-30","h":"\ud800x"}"#);
        assert!(matches!(o.get("a\n"), Value::Text(t) if t.as_str() == "😀é/"));
        assert!(matches!(o.get("d"), Value::Date(_)));
        assert!(matches!(o.get("n"), Value::Text(_)));
        assert!(matches!(o.get("h"), Value::Text(t) if t.as_str() == "\u{fffd}x"));
    }
}
