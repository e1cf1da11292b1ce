//! Theme BLOB: whole variables in BLOBs, in a format of fourd's own.
//!
//! # The format, version 1
//! All numbers stand lowest byte first. A variable is `fdv`, the version in one byte, the length of what
//! follows in four bytes, and a value. A value is one byte that tells its kind and, by kind:
//!
//! | kind | what follows |
//! |---|---|
//! | 0 undefined, 1 null, 2 false, 3 true | nothing |
//! | 4 integer | 4 bytes |
//! | 5 real | 8 bytes |
//! | 6 date | 8 bytes: its day number; the null date has the lowest number there is |
//! | 7 time | 8 bytes: seconds |
//! | 8 text, 9 BLOB, 10 4D.Blob object | a length in 4 bytes, and the bytes |
//! | 11 object | a count in 4 bytes, and that often a name as in 8 and a value |
//! | 12 collection | a count in 4 bytes, and the values |
//! | 13 array | its kind in one byte, the current element and the size in 4 bytes each, and the values with element 0 |
//! | 14 array of two dimensions | the same, with the rows from 1 on, each as in 13 |

use super::blob::{AnyBlob, Where, blob_object, put};
use super::parameters::{InOut, Integer, VariableOrValue, VariableRef};
use crate::value::{
    Array, ArrayKind, Blob, BlobObject, Collection, Date, ErrorCode, Fault, Object, Result, Text, Time, Value,
};
use crate::vm::Process;

commands! {
    /// Writes a variable of any type in a BLOB.
    532 "VARIABLE TO BLOB" (variable; blob; offset) thread_safe => variable_to_blob;
    /// Reads a variable that `VARIABLE TO BLOB` wrote.
    533 "BLOB TO VARIABLE" (blob; variable; offset) thread_safe => blob_to_variable;
}

const MARK: &[u8; 4] = b"fdv\x01";
/// Values nested deeper than this are an error, on both ways.
const DEEPEST: u32 = 200;

/// Source: commands/variable-to-blob
fn variable_to_blob(
    process: &mut Process,
    variable: VariableOrValue,
    blob: VariableRef,
    place: Where,
) -> Result<()> {
    let done = pack(process, &variable.0).and_then(|out| put(process, &blob, &out, place));
    process.set_ok(done.is_ok());
    done
}

/// A value's bytes.
pub(super) fn pack(process: &mut Process, value: &Value) -> Result<Vec<u8>> {
    let mut writer = Writer { process, out: vec![0; 8] };
    writer.value(value, 0)?;
    let mut out = writer.out;
    let length = u32::try_from(out.len() - 8).map_err(|_| super::blob::no_memory())?;
    if let Some(head) = out.get_mut(..8) {
        head.copy_from_slice(&[*MARK, length.to_le_bytes()].concat());
    }
    Ok(out)
}

/// The value at a place in bytes, and the place behind it; None for what nobody wrote.
pub(super) fn unpack(process: &Process, blob: &Blob, at: usize) -> Option<(Value, usize)> {
    read_at(process, blob, Integer::try_from(at).ok()?)
}

/// Source: commands/blob-to-variable
fn blob_to_variable(
    process: &mut Process,
    blob: AnyBlob,
    variable: VariableRef,
    offset: Option<InOut<Integer>>,
) -> Result<()> {
    let at = offset.as_ref().map_or(0, |offset| offset.value);
    let read = read_at(process, &blob.0, at);
    let mut done = false;
    if let Some((value, end)) = read {
        done = store(process, &variable, value)?;
        if let (true, Some(offset)) = (done, offset) {
            offset.set(process, super::blob::to_integer(end))?;
        }
    }
    process.set_ok(done);
    Ok(())
}

/// The value at an offset, and the offset behind it; None for what nobody wrote.
fn read_at(process: &Process, blob: &Blob, at: Integer) -> Option<(Value, usize)> {
    let at = usize::try_from(at).ok()?;
    let mut head = Bytes(blob.get(at..)?);
    if head.take(4)? != MARK {
        return None;
    }
    let length = head.count()?;
    let mut reader = Reader { process, bytes: Bytes(head.take(length)?) };
    Some((reader.value(0)?, at + 8 + length))
}

/// Whether the variable takes the value: an array only another array's.
fn store(process: &mut Process, variable: &VariableRef, value: Value) -> Result<bool> {
    let holds_array = variable.with(process, |old| match (&mut *old, &value) {
        (Value::Array(_), Value::Array(new)) => {
            *old = Value::Array(new.clone());
            Some(true)
        }
        (Value::Array(_), _) => Some(false),
        (Value::Undefined, Value::Array(new)) => {
            *old = Value::Array(new.clone());
            Some(true)
        }
        (_, Value::Array(_)) => Some(false),
        _ => None,
    })?;
    Ok(match holds_array {
        Some(done) => done,
        None => variable.set(process, value).is_ok(),
    })
}

struct Writer<'a> {
    process: &'a mut Process,
    out: Vec<u8>,
}

impl Writer<'_> {
    fn value(&mut self, value: &Value, depth: u32) -> Result<()> {
        if depth > DEEPEST {
            return Err(Fault::new(
                ErrorCode::ArgumentType,
                "A value that is nested so deeply, or that holds itself, cannot be stored in a BLOB",
            ));
        }
        match value {
            Value::Undefined => self.out.push(0),
            Value::Null => self.out.push(1),
            Value::Boolean(truth) => self.out.push(2 + u8::from(*truth)),
            Value::Integer(number) => self.fixed(4, &number.to_le_bytes()),
            Value::Real(number) => self.fixed(5, &number.to_le_bytes()),
            Value::Date(date) => {
                let number = if date.is_null() { i64::MIN } else { date.day_number() };
                self.fixed(6, &number.to_le_bytes());
            }
            Value::Time(time) => self.fixed(7, &time.seconds.to_le_bytes()),
            Value::Text(text) => self.bytes(8, text.as_bytes())?,
            Value::Blob(blob) => self.bytes(9, blob)?,
            Value::Object(object) => match object.native::<BlobObject>() {
                Some(content) => self.bytes(10, &content.0)?,
                None if object.any_native().is_some() => return Err(not_storable(value)),
                None => self.properties(object.entries(), depth)?,
            },
            Value::SharedObject(object) => {
                let entries = object.entries().into_iter().map(|(name, value)| (name, Value::from(value)));
                self.properties(entries.collect(), depth)?;
            }
            Value::Collection(items) => self.items(&items.to_vec(), depth)?,
            Value::SharedCollection(items) => {
                let items: Vec<Value> = items.to_vec().into_iter().map(Value::from).collect();
                self.items(&items, depth)?;
            }
            Value::Array(array) => self.array(array, depth)?,
            Value::Cell(cell) => self.value(&cell.get(), depth + 1)?,
            // what a pointer in an object points to is stored in its place
            Value::Pointer(pointer) if depth > 0 && !pointer.is_nil() => {
                let target = self.process.read_variable(value)?;
                self.value(&target, depth + 1)?;
            }
            Value::Pointer(pointer) if pointer.is_nil() => self.out.push(1),
            Value::Pointer(_) | Value::Special(_) => return Err(not_storable(value)),
        }
        Ok(())
    }

    fn fixed(&mut self, kind: u8, bytes: &[u8]) {
        self.out.push(kind);
        self.out.extend(bytes);
    }

    fn count(&mut self, count: usize) -> Result<()> {
        let count = u32::try_from(count).map_err(|_| super::blob::no_memory())?;
        self.out.extend(count.to_le_bytes());
        Ok(())
    }

    fn bytes(&mut self, kind: u8, bytes: &[u8]) -> Result<()> {
        self.out.push(kind);
        self.count(bytes.len())?;
        self.out.extend(bytes);
        Ok(())
    }

    fn properties(&mut self, entries: Vec<(Text, Value)>, depth: u32) -> Result<()> {
        self.out.push(11);
        self.count(entries.len())?;
        for (name, value) in entries {
            self.count(name.len())?;
            self.out.extend(name.as_bytes());
            self.value(&value, depth + 1)?;
        }
        Ok(())
    }

    fn items(&mut self, items: &[Value], depth: u32) -> Result<()> {
        self.out.push(12);
        self.count(items.len())?;
        items.iter().try_for_each(|item| self.value(item, depth + 1))
    }

    fn array(&mut self, array: &Array, depth: u32) -> Result<()> {
        let rows = array.is_two_dimensional();
        self.out.push(if rows { 14 } else { 13 });
        self.out.push(array.kind() as u8);
        self.out.extend(array.current().to_le_bytes());
        self.count(array.len())?;
        let last = i64::try_from(array.len()).unwrap_or(i64::MAX);
        if rows {
            return (1..=last).try_for_each(|row| self.array(array.row(row)?, depth + 1));
        }
        (0..=last).try_for_each(|at| self.value(&array.get(at)?, depth + 1))
    }
}

fn not_storable(value: &Value) -> Fault {
    Fault::new(
        ErrorCode::ArgumentType,
        format!("A value of type {} cannot be stored in a BLOB", value.type_name()),
    )
}

/// Bytes that are read from the front.
struct Bytes<'a>(&'a [u8]);

impl<'a> Bytes<'a> {
    fn take(&mut self, count: usize) -> Option<&'a [u8]> {
        let (head, tail) = self.0.split_at_checked(count)?;
        self.0 = tail;
        Some(head)
    }

    fn fixed<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }

    fn count(&mut self) -> Option<usize> {
        usize::try_from(u32::from_le_bytes(self.fixed()?)).ok()
    }

    fn text(&mut self) -> Option<Text> {
        let length = self.count()?;
        std::str::from_utf8(self.take(length)?).ok().map(Text::from)
    }
}

struct Reader<'a> {
    process: &'a Process,
    bytes: Bytes<'a>,
}

impl Reader<'_> {
    fn value(&mut self, depth: u32) -> Option<Value> {
        if depth > DEEPEST {
            return None;
        }
        let [kind] = self.bytes.fixed()?;
        Some(match kind {
            0 => Value::Undefined,
            1 => Value::Null,
            2 | 3 => Value::Boolean(kind == 3),
            4 => Value::Integer(i32::from_le_bytes(self.bytes.fixed()?)),
            5 => Value::Real(f64::from_le_bytes(self.bytes.fixed()?)),
            6 => Value::Date(match i64::from_le_bytes(self.bytes.fixed()?) {
                i64::MIN => Date::NULL,
                number => Date::from_day_number(number),
            }),
            7 => Value::Time(Time::new(i64::from_le_bytes(self.bytes.fixed()?))),
            8 => Value::Text(self.bytes.text()?),
            9 | 10 => {
                let length = self.bytes.count()?;
                let blob = Blob::new(self.bytes.take(length)?.to_vec());
                if kind == 9 { Value::Blob(blob) } else { blob_object(self.process, blob) }
            }
            11 => {
                let object = Object::new();
                for _ in 0..self.bytes.count()? {
                    let name = self.bytes.text()?;
                    let value = self.value(depth + 1)?;
                    object.set(&name, value);
                }
                Value::Object(object)
            }
            12 => {
                let count = self.bytes.count()?;
                let items: Option<Vec<Value>> = (0..count).map(|_| self.value(depth + 1)).collect();
                Value::Collection(Collection::from_values(items?))
            }
            13 | 14 => Value::Array(Box::new(self.array(kind == 14, depth)?)),
            _ => return None,
        })
    }

    fn array(&mut self, rows: bool, depth: u32) -> Option<Array> {
        let [kind] = self.bytes.fixed()?;
        let kind = array_kind(kind)?;
        let current = i32::from_le_bytes(self.bytes.fixed()?);
        let size = self.bytes.count()?;
        // every element takes a byte at least, so a false size is found out before memory is asked for
        if size > self.bytes.0.len() {
            return None;
        }
        let last = i64::try_from(size).ok()?;
        let mut array =
            if rows { Array::two_dimensions(kind, size, 0).ok()? } else { Array::new(kind, size).ok()? };
        if rows {
            for row in 1..=last {
                if self.bytes.fixed()? != [13u8] {
                    return None;
                }
                *array.row_mut(row).ok()? = self.array(false, depth + 1)?;
            }
        } else {
            for at in 0..=last {
                array.set(at, self.value(depth + 1)?).ok()?;
            }
        }
        array.set_current(current);
        Some(array)
    }
}

fn array_kind(number: u8) -> Option<ArrayKind> {
    use ArrayKind::{Blob, Boolean, Date, Integer, Longint, Object, Picture, Pointer, Real, Text, Time};
    [Boolean, Integer, Longint, Real, Text, Date, Time, Pointer, Object, Blob, Picture]
        .into_iter()
        .find(|kind| *kind as u8 == number)
}
