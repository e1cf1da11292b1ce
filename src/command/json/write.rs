//! Values → JSON text, into one buffer and without recursion. `Source: commands/json-stringify`

use crate::command::objects::iso;
use crate::value::{
    Array, Collection, ErrorCode, Fault, Object, Result, SharedCollection, SharedValue, Text, Value,
};
use crate::vm::Process;
use rustc_hash::FxHashSet;
use std::fmt::Write;

/// A JSON text of a value; with line ends and tabs if `pretty`.
pub(crate) fn stringified(process: &mut Process, value: &Value, pretty: bool) -> Result<Text> {
    let mut writer =
        Writer { out: String::with_capacity(256), pretty, open: Vec::new(), above: FxHashSet::default() };
    writer.value(process, value.clone())?;
    while !writer.open.is_empty() {
        writer.step(process)?;
    }
    Ok(Text::from(writer.out.as_str()))
}

/// What is being written, and how much of it is.
enum Open {
    Object(Object, usize),
    Shared(std::vec::IntoIter<(Text, SharedValue)>, usize),
    Items(Collection, usize),
    SharedItems(SharedCollection, usize),
    Array(Box<Array>, usize),
}

/// From this depth on it is looked whether something contains itself.
const DEEP: usize = 500;

struct Writer {
    out: String,
    pretty: bool,
    open: Vec<Open>,
    /// Addresses of the open values below `DEEP`.
    above: FxHashSet<usize>,
}

impl Writer {
    fn value(&mut self, process: &mut Process, value: Value) -> Result<()> {
        match value {
            Value::Text(text) => self.text(text.as_str()),
            Value::Integer(number) => self.integer(number.into()),
            Value::Real(number) => self.real(number),
            Value::Boolean(truth) => self.out.push_str(if truth { "true" } else { "false" }),
            Value::Null | Value::Undefined | Value::Special(_) => self.out.push_str("null"),
            Value::Date(date) => self.text(&iso(date)),
            Value::Time(time) => self.integer(time.seconds),
            Value::Object(object) => match object.any_native() {
                None => return self.enter('{', object.address(), Open::Object(object, 0)),
                Some(_) => {
                    let class = object.class();
                    let name = class.as_ref().map_or("Object", |class| class.name.as_str());
                    self.text(&format!("[object {name}]"));
                }
            },
            Value::SharedObject(object) if object.is_opaque() => {
                let class = object.class();
                let name = class.as_ref().map_or("Object", |class| class.name.as_str());
                self.text(&format!("[object {name}]"));
            }
            Value::SharedObject(object) => {
                let entries = object.entries().into_iter();
                return self.enter('{', object.address(), Open::Shared(entries, 0));
            }
            Value::Collection(items) => return self.enter('[', items.address(), Open::Items(items, 0)),
            Value::SharedCollection(items) => {
                return self.enter('[', items.address(), Open::SharedItems(items, 0));
            }
            Value::Array(array) => return self.enter('[', 0, Open::Array(array, 0)),
            Value::Blob(_) => self.text("[object Blob]"),
            Value::Pointer(pointer) if pointer.is_nil() => self.out.push_str("null"),
            pointer @ Value::Pointer(_) => match process.read_variable(&pointer)? {
                Value::Pointer(_) => self.out.push_str("null"),
                value => return self.value(process, value),
            },
            Value::Cell(cell) => return self.value(process, cell.get()),
        }
        Ok(())
    }

    fn enter(&mut self, bracket: char, address: usize, open: Open) -> Result<()> {
        self.out.push(bracket);
        if self.open.len() >= DEEP && address != 0 && !self.above.insert(address) {
            return Err(Fault::new(ErrorCode::Json, "A value that contains itself has no JSON"));
        }
        self.open.push(open);
        Ok(())
    }

    /// Writes scalars of the innermost open value up to its end or to the next structure in it.
    fn step(&mut self, process: &mut Process) -> Result<()> {
        let depth = self.open.len();
        loop {
            let Some(top) = self.open.last_mut() else { return Ok(()) };
            let (name, value, first) = match top {
                Open::Object(object, at) => {
                    let shape = object.shape();
                    let entry = if shape.is_dictionary() {
                        object.next_entry(at)
                    } else {
                        shape.keys().get(*at).map(|key| {
                            *at += 1;
                            (key.clone(), object.get_slot(*at - 1))
                        })
                    };
                    match entry {
                        None => break,
                        Some((_, Value::Undefined)) => continue,
                        Some((name, value)) => (Some(name), value, false),
                    }
                }
                Open::Shared(entries, at) => {
                    *at += 1;
                    match entries.next() {
                        None => break,
                        Some((name, value)) => (Some(name), value.into(), false),
                    }
                }
                Open::Items(items, at) => {
                    if *at >= items.len() {
                        break;
                    }
                    *at += 1;
                    (None, items.get_fast(*at - 1), *at == 1)
                }
                Open::SharedItems(items, at) => {
                    *at += 1;
                    match items.get(i64::try_from(*at - 1).unwrap_or(i64::MAX)) {
                        None => break,
                        Some(value) => (None, value.into(), *at == 1),
                    }
                }
                Open::Array(array, at) => {
                    if *at >= array.len() {
                        break;
                    }
                    *at += 1;
                    let index = i64::try_from(*at).unwrap_or(i64::MAX);
                    let value = match array.row(index) {
                        Ok(row) => Value::from(row.clone()),
                        Err(_) => array.get(index)?,
                    };
                    (None, value, *at == 1)
                }
            };
            let begins = first || matches!(self.out.as_bytes().last(), Some(b'{'));
            if !begins {
                self.out.push(',');
            }
            if self.pretty {
                self.line(depth);
            }
            if let Some(name) = name {
                self.text(name.as_str());
                self.out.push_str(if self.pretty { ": " } else { ":" });
            }
            self.value(process, value)?;
            if self.open.len() != depth {
                return Ok(());
            }
        }
        self.leave();
        Ok(())
    }

    fn leave(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let (begin, end, address) = match &open {
            Open::Object(object, _) => (b'{', '}', object.address()),
            Open::Shared(..) => (b'{', '}', 0),
            Open::Items(items, _) => (b'[', ']', items.address()),
            Open::SharedItems(items, _) => (b'[', ']', items.address()),
            Open::Array(..) => (b'[', ']', 0),
        };
        if self.open.len() >= DEEP {
            self.above.remove(&address);
        }
        let empty = self.out.as_bytes().last() == Some(&begin);
        if self.pretty && !empty {
            self.line(self.open.len());
        }
        self.out.push(end);
    }

    fn line(&mut self, depth: usize) {
        self.out.push('\n');
        for _ in 0..depth {
            self.out.push('\t');
        }
    }

    fn integer(&mut self, number: i64) {
        let mut digits = [0u8; 20];
        let mut at = digits.len();
        let mut rest = number.unsigned_abs();
        while let Some(slot) = at.checked_sub(1).and_then(|next| digits.get_mut(next)) {
            at -= 1;
            *slot = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if number < 0 {
            self.out.push('-');
        }
        self.out.push_str(std::str::from_utf8(digits.get(at..).unwrap_or_default()).unwrap_or_default());
    }

    /// The shortest digits that give the same real again.
    fn real(&mut self, number: f64) {
        let size = number.abs();
        #[allow(clippy::cast_possible_truncation)] // below 1e15
        let done = if !number.is_finite() {
            self.out.push_str("null");
            Ok(())
        } else if size < 1e15 && number.trunc() == number {
            self.integer(number as i64);
            Ok(())
        } else if (1e-6..1e21).contains(&size) {
            write!(self.out, "{number}")
        } else {
            write!(self.out, "{number:e}")
        };
        // writing to a String cannot fail
        let _ = done;
    }

    fn text(&mut self, text: &str) {
        self.out.push('"');
        let bytes = text.as_bytes();
        let mut begin = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if *byte >= 32 && *byte != b'"' && *byte != b'\\' {
                continue;
            }
            self.out.push_str(text.get(begin..at).unwrap_or_default());
            begin = at + 1;
            match byte {
                b'"' => self.out.push_str("\\\""),
                b'\\' => self.out.push_str("\\\\"),
                b'\n' => self.out.push_str("\\n"),
                b'\r' => self.out.push_str("\\r"),
                b'\t' => self.out.push_str("\\t"),
                8 => self.out.push_str("\\b"),
                12 => self.out.push_str("\\f"),
                other => {
                    let _ = write!(self.out, "\\u{other:04x}");
                }
            }
        }
        self.out.push_str(text.get(begin..).unwrap_or_default());
        self.out.push('"');
    }
}
