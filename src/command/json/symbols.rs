//! Where each property stands in a JSON text: what `JSON Parse(…; *)` adds as `__symbols`.
//! `Source: commands/json-parse`

use crate::value::{Object, Text, Value};

/// The property that the places are kept under.
pub(super) const SYMBOLS: &str = "__symbols";

/// A walk over a text that is known to be JSON.
struct Walk<'t> {
    bytes: &'t [u8],
    text: &'t str,
    at: usize,
    line: i32,
    line_start: usize,
}

/// What is open: the length of its path, and for arrays the number of the element.
enum Open {
    Object(usize),
    Array(usize, usize),
}

/// `{path: {line; offset}}` for all properties: lines from 1, offsets in characters from 0.
pub(super) fn symbols(text: &str) -> Object {
    let found = Object::new();
    let mut walk = Walk { bytes: text.as_bytes(), text, at: 0, line: 1, line_start: 0 };
    let mut path = String::new();
    let mut open: Vec<Open> = Vec::new();
    let mut name_next = false;
    while let Some(byte) = walk.bytes.get(walk.at) {
        match byte {
            b'\n' => {
                walk.line += 1;
                walk.line_start = walk.at + 1;
                walk.at += 1;
            }
            b'{' => {
                open.push(Open::Object(path.len()));
                name_next = true;
                walk.at += 1;
            }
            b'[' => {
                open.push(Open::Array(path.len(), 0));
                path.push_str("[0]");
                name_next = false;
                walk.at += 1;
            }
            b'}' | b']' => {
                if let Some(Open::Object(length) | Open::Array(length, _)) = open.pop() {
                    path.truncate(length);
                }
                name_next = false;
                walk.at += 1;
            }
            b',' => {
                match open.last_mut() {
                    Some(Open::Object(length)) => {
                        path.truncate(*length);
                        name_next = true;
                    }
                    Some(Open::Array(length, number)) => {
                        *number += 1;
                        path.truncate(*length);
                        path.push_str(&format!("[{number}]"));
                    }
                    None => {}
                }
                walk.at += 1;
            }
            b'"' => {
                let place = walk.at;
                let name = walk.skip_text();
                if name_next {
                    name_next = false;
                    if let Some(Open::Object(length)) = open.last() {
                        path.truncate(*length);
                    }
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(name);
                    found.set(&Text::from(path.as_str()), walk.place(place));
                }
            }
            _ => walk.at += 1,
        }
    }
    found
}

impl<'t> Walk<'t> {
    /// Goes behind the closing quote; what stands between the quotes.
    fn skip_text(&mut self) -> &'t str {
        self.at += 1;
        let begin = self.at;
        while let Some(byte) = self.bytes.get(self.at) {
            match byte {
                b'"' => break,
                b'\\' => self.at += 2,
                _ => self.at += 1,
            }
        }
        let name = self.text.get(begin..self.at).unwrap_or("");
        self.at += 1;
        name
    }

    fn place(&self, at: usize) -> Value {
        let place = Object::new();
        let offset = self.text.get(self.line_start..at).map_or(0, |before| before.chars().count());
        place.set(&Text::from("line"), Value::Integer(self.line));
        place.set(&Text::from("offset"), Value::from(offset));
        Value::Object(place)
    }
}
