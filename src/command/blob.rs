//! Theme BLOB: sizes, bytes, numbers and texts in BLOBs. Compression is in `blob_compress`, whole
//! variables in `blob_variable`.

use super::charset::Charset;
use super::parameters::{InOut, Integer, Out, Real, StarOr, VariableRef};
use crate::command::bind::{Output, Plain};
use crate::value::{Blob, BlobObject, ErrorCode, Fault, Result, Text, Value, convert};
use crate::vm::Process;

commands! {
    /// Gives the number of bytes.
    605 "BLOB size" (blob) thread_safe => |blob: AnyBlob| blob.0.len() as i64;
    /// Shortens a BLOB or adds bytes of one value.
    606 "SET BLOB SIZE" (blob; size; filler) thread_safe => set_blob_size;
    /// Puts bytes of one value in a BLOB.
    559 "INSERT IN BLOB" (blob; offset; len; filler) thread_safe => insert_in_blob;
    /// Takes bytes out of a BLOB.
    560 "DELETE FROM BLOB" (blob; offset; len) thread_safe => delete_from_blob;
    /// Copies bytes over those of another BLOB, which grows if needed.
    558 "COPY BLOB" (srcBLOB; dstBLOB; srcOffset; dstOffset; len) thread_safe => copy_blob;
    /// Writes a number in two bytes.
    548 "INTEGER TO BLOB" (integer; blob; byteOrder; offset) thread_safe => integer_to_blob;
    /// Reads a number of two bytes.
    549 "BLOB to integer" (blob; byteOrder; offset) thread_safe => blob_to_integer;
    /// Writes a number in four bytes.
    550 "LONGINT TO BLOB" (longint; blob; byteOrder; offset) thread_safe => longint_to_blob;
    /// Reads a number of four bytes.
    551 "BLOB to longint" (blob; byteOrder; offset) thread_safe => blob_to_longint;
    /// Writes a real number in eight or ten bytes.
    552 "REAL TO BLOB" (real; blob; realFormat; offset) thread_safe => real_to_blob;
    /// Reads a real number of eight or ten bytes.
    553 "BLOB to real" (blob; realFormat; offset) thread_safe => blob_to_real;
    /// Writes a text in one of seven formats.
    554 "TEXT TO BLOB" (text; blob; textFormat; offset) thread_safe => text_to_blob;
    /// Reads a text in one of seven formats.
    555 "BLOB to text" (blob; textFormat; offset; textLength) thread_safe => blob_to_text;
    /// Writes a text in a character set, by its name or number.
    1011 "CONVERT FROM TEXT" (4Dtext; charSet; convertedBlob) thread_safe => convert_from_text;
    /// Reads a text in a character set, by its name or number.
    1012 "Convert to text" (blob; charSet) thread_safe => convert_to_text;
}

/// A new 4D.Blob object.
#[must_use]
pub fn blob_object(_process: &Process, blob: Blob) -> Value {
    blob.boxed()
}

/// A BLOB or a 4D.Blob object: what commands take that only read. `Source: Concepts/blob`
#[derive(Clone, Debug, Default)]
pub struct AnyBlob(pub Blob);

impl Plain for AnyBlob {
    const EXPECTED: &'static str = "a BLOB";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        match value {
            Value::Blob(blob) => Ok(Self(blob)),
            Value::Undefined | Value::Null => Ok(Self::default()),
            Value::Object(object) => match object.native::<BlobObject>() {
                Some(content) => Ok(Self(content.0.clone())),
                None => Err(Value::Object(object)),
            },
            other => Err(other),
        }
    }
}

/// A text or the bytes of a BLOB.
#[derive(Clone, Debug)]
pub enum TextOrBlob {
    Text(Text),
    Blob(Blob),
}

impl TextOrBlob {
    /// The bytes; of a text those of its UTF-8.
    #[must_use]
    pub fn bytes(&self) -> &[u8] {
        match self {
            Self::Text(text) => text.as_bytes(),
            Self::Blob(blob) => blob,
        }
    }
}

impl Plain for TextOrBlob {
    const EXPECTED: &'static str = "a text or a BLOB";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        match value {
            Value::Text(text) => Ok(Self::Text(text)),
            other => match AnyBlob::from_value(other) {
                Ok(blob) => Ok(Self::Blob(blob.0)),
                Err(value) => Err(value),
            },
        }
    }
}

/// Where a value goes in a BLOB: over its old content, at its end, or at an offset that then moves on.
pub(super) type Where = Option<StarOr<InOut<Integer>>>;

/// What BLOBs may hold at most: 2 GB. `Source: Concepts/blob`
const MAX_SIZE: usize = 0x7FFF_FFFF;

pub(super) fn no_memory() -> Fault {
    Fault::with_number(-108, "There is not enough memory for a BLOB of that size")
}

pub(super) fn bad_offset() -> Fault {
    Fault::with_number(-111, "The offset lies outside of the BLOB")
}

/// Changes the bytes of a variable's BLOB where they lie.
pub(super) fn change<R>(
    process: &mut Process,
    variable: &VariableRef,
    work: impl FnOnce(&mut Vec<u8>) -> Result<R>,
) -> Result<R> {
    variable.with(process, |value| {
        if matches!(value, Value::Undefined | Value::Null) {
            *value = Value::Blob(Blob::default());
        }
        match value {
            Value::Blob(blob) => work(blob.make_mut()),
            other => Err(Fault::new(
                ErrorCode::ArgumentType,
                format!("A variable that holds a BLOB is needed here, not {}", super::bind::in_words(other)),
            )),
        }
    })?
}

/// Makes the bytes so many, new ones of one value.
fn resize(bytes: &mut Vec<u8>, size: usize, filler: u8) -> Result<()> {
    if size > MAX_SIZE {
        return Err(no_memory());
    }
    let more = size.saturating_sub(bytes.len());
    bytes.try_reserve(more).map_err(|_| no_memory())?;
    bytes.resize(size, filler);
    Ok(())
}

/// Writes over what lies at an offset; the bytes grow if needed.
fn overwrite(bytes: &mut Vec<u8>, at: usize, new: &[u8]) -> Result<()> {
    let end = at.checked_add(new.len()).ok_or_else(no_memory)?;
    if end > bytes.len() {
        resize(bytes, end, 0)?;
    }
    if let Some(place) = bytes.get_mut(at..end) {
        place.copy_from_slice(new);
    }
    Ok(())
}

/// Puts a value's bytes where the caller asked for.
pub(super) fn put(process: &mut Process, blob: &VariableRef, new: &[u8], place: Where) -> Result<()> {
    match place {
        None => change(process, blob, |bytes| {
            bytes.clear();
            overwrite(bytes, 0, new)
        }),
        Some(StarOr::Star) => change(process, blob, |bytes| {
            let end = bytes.len();
            overwrite(bytes, end, new)
        }),
        Some(StarOr::Value(offset)) => {
            let at = size_of(offset.value)?;
            change(process, blob, |bytes| overwrite(bytes, at, new))?;
            offset.set(process, to_integer(at + new.len()))
        }
    }
}

fn size_of(number: Integer) -> Result<usize> {
    usize::try_from(number).map_err(|_| bad_offset())
}

pub(super) fn to_integer(size: usize) -> Integer {
    Integer::try_from(size).unwrap_or(Integer::MAX)
}

/// Source: commands/set-blob-size
fn set_blob_size(process: &mut Process, blob: VariableRef, size: i64, filler: Option<Integer>) -> Result<()> {
    let size = usize::try_from(size).map_err(|_| bad_offset())?;
    change(process, &blob, |bytes| resize(bytes, size, filler.unwrap_or(0) as u8))
}

/// Source: commands/insert-in-blob
fn insert_in_blob(
    process: &mut Process,
    blob: VariableRef,
    offset: Integer,
    length: Integer,
    filler: Option<Integer>,
) -> Result<()> {
    let (at, length) = (size_of(offset)?, size_of(length)?);
    change(process, &blob, |bytes| {
        if at > bytes.len() {
            return Err(bad_offset());
        }
        let old = bytes.len();
        resize(bytes, old.saturating_add(length), filler.unwrap_or(0) as u8)?;
        if let Some(tail) = bytes.get_mut(at..) {
            tail.rotate_right(length);
        }
        Ok(())
    })
}

/// Source: commands/delete-from-blob
fn delete_from_blob(
    process: &mut Process,
    blob: VariableRef,
    offset: Integer,
    length: Integer,
) -> Result<()> {
    let (at, length) = (size_of(offset)?, size_of(length)?);
    change(process, &blob, |bytes| {
        if at > bytes.len() {
            return Err(bad_offset());
        }
        let end = at.saturating_add(length).min(bytes.len());
        bytes.drain(at..end);
        Ok(())
    })
}

/// Source: commands/copy-blob
fn copy_blob(
    process: &mut Process,
    source: AnyBlob,
    target: VariableRef,
    from: Integer,
    to: Integer,
    length: Integer,
) -> Result<()> {
    let (from, to, length) = (size_of(from)?, size_of(to)?, size_of(length)?);
    let end = from.checked_add(length).ok_or_else(bad_offset)?;
    let part = source.0.get(from..end).ok_or_else(bad_offset)?;
    change(process, &target, |bytes| overwrite(bytes, to, part))
}

/// Whether the first byte is the highest; the machine's own order is taken to be the PC's.
fn is_big_endian(byte_order: Option<Integer>) -> bool {
    byte_order == Some(1)
}

/// Source: commands/integer-to-blob
fn integer_to_blob(
    process: &mut Process,
    number: Integer,
    blob: VariableRef,
    order: Option<Integer>,
    place: Where,
) -> Result<()> {
    let number = number as i16;
    let bytes = if is_big_endian(order) { number.to_be_bytes() } else { number.to_le_bytes() };
    put(process, &blob, &bytes, place)
}

/// Source: commands/longint-to-blob
fn longint_to_blob(
    process: &mut Process,
    number: Integer,
    blob: VariableRef,
    order: Option<Integer>,
    place: Where,
) -> Result<()> {
    let bytes = if is_big_endian(order) { number.to_be_bytes() } else { number.to_le_bytes() };
    put(process, &blob, &bytes, place)
}

/// Reads so many bytes at the offset, which then moves on.
fn take<const N: usize>(
    process: &mut Process,
    blob: &Blob,
    offset: Option<InOut<Integer>>,
) -> Result<[u8; N]> {
    let at = size_of(offset.as_ref().map_or(0, |offset| offset.value))?;
    let part = blob.get(at..at + N).and_then(|part| <[u8; N]>::try_from(part).ok()).ok_or_else(bad_offset)?;
    if let Some(offset) = offset {
        offset.set(process, to_integer(at + N))?;
    }
    Ok(part)
}

/// Source: commands/blob-to-integer
fn blob_to_integer(
    process: &mut Process,
    blob: AnyBlob,
    order: Option<Integer>,
    offset: Option<InOut<Integer>>,
) -> Result<Integer> {
    let bytes = take::<2>(process, &blob.0, offset)?;
    Ok(if is_big_endian(order) { i16::from_be_bytes(bytes) } else { i16::from_le_bytes(bytes) }.into())
}

/// Source: commands/blob-to-longint
fn blob_to_longint(
    process: &mut Process,
    blob: AnyBlob,
    order: Option<Integer>,
    offset: Option<InOut<Integer>>,
) -> Result<Integer> {
    let bytes = take::<4>(process, &blob.0, offset)?;
    Ok(if is_big_endian(order) { i32::from_be_bytes(bytes) } else { i32::from_le_bytes(bytes) })
}

/// The ten bytes of a number of extended precision, highest first: sign and exponent, then the
/// fraction with its leading 1.
fn to_extended(number: f64) -> [u8; 10] {
    let bits = number.to_bits();
    let sign = ((bits >> 48) & 0x8000) as u16;
    let exponent = ((bits >> 52) & 0x7FF) as i32;
    let fraction = bits & 0x000F_FFFF_FFFF_FFFF;
    let (exponent, fraction) = match (exponent, fraction) {
        (0, 0) => (0, 0),
        (0, fraction) => {
            // below what normal numbers reach: the leading 1 is moved up
            let up = fraction.leading_zeros();
            (16383 - 1011 - up as i32, fraction << up)
        }
        (0x7FF, fraction) => (0x7FFF, (1 << 63) | (fraction << 11)),
        (exponent, fraction) => (exponent - 1023 + 16383, (1 << 63) | (fraction << 11)),
    };
    let mut bytes = [0; 10];
    let (head, tail) = bytes.split_at_mut(2);
    head.copy_from_slice(&(sign | exponent as u16).to_be_bytes());
    tail.copy_from_slice(&fraction.to_be_bytes());
    bytes
}

fn from_extended(bytes: [u8; 10]) -> f64 {
    let [a, b, rest @ ..] = bytes;
    let head = u16::from_be_bytes([a, b]);
    let fraction = u64::from_be_bytes(rest);
    let exponent = i32::from(head & 0x7FFF);
    let size = match (exponent, fraction) {
        (_, 0) => 0.0,
        (0x7FFF, fraction) if fraction << 1 == 0 => f64::INFINITY,
        (0x7FFF, _) => f64::NAN,
        (exponent, fraction) => {
            // in two steps, so that neither leaves the range before its time
            let power = exponent - 16383 - 63;
            fraction as f64 * 2f64.powi(power / 2) * 2f64.powi(power - power / 2)
        }
    };
    if head & 0x8000 == 0 { size } else { -size }
}

/// Source: commands/real-to-blob
fn real_to_blob(
    process: &mut Process,
    number: Real,
    blob: VariableRef,
    format: Option<Integer>,
    place: Where,
) -> Result<()> {
    match format {
        Some(1) => put(process, &blob, &to_extended(number), place),
        Some(2) => put(process, &blob, &number.to_be_bytes(), place),
        _ => put(process, &blob, &number.to_le_bytes(), place),
    }
}

/// Source: commands/blob-to-real
fn blob_to_real(
    process: &mut Process,
    blob: AnyBlob,
    format: Option<Integer>,
    offset: Option<InOut<Integer>>,
) -> Result<Real> {
    Ok(match format {
        Some(1) => from_extended(take::<10>(process, &blob.0, offset)?),
        Some(2) => f64::from_be_bytes(take::<8>(process, &blob.0, offset)?),
        _ => f64::from_le_bytes(take::<8>(process, &blob.0, offset)?),
    })
}

fn unknown_format(format: Integer) -> Fault {
    Fault::new(ErrorCode::ArgumentType, format!("{format} is no text format of a BLOB"))
}

/// Source: commands/text-to-blob
fn text_to_blob(
    process: &mut Process,
    text: Text,
    blob: VariableRef,
    format: Option<Integer>,
    place: Where,
) -> Result<()> {
    let format = format.unwrap_or(0);
    let mut encoded = match format {
        0..=3 => Charset::mac_roman().encode(&text),
        4..=6 => text.as_bytes().to_vec(),
        other => return Err(unknown_format(other)),
    };
    let bytes = match format {
        0 | 4 => {
            encoded.push(0);
            encoded
        }
        1 => {
            encoded.truncate(255);
            [&[encoded.len() as u8], encoded.as_slice()].concat()
        }
        2 => {
            encoded.truncate(0x7FFF);
            [&(encoded.len() as u16).to_be_bytes(), encoded.as_slice()].concat()
        }
        5 => [&(encoded.len() as u32).to_be_bytes(), encoded.as_slice()].concat(),
        _ => encoded,
    };
    put(process, &blob, &bytes, place)
}

/// Source: commands/blob-to-text
fn blob_to_text(
    process: &mut Process,
    blob: AnyBlob,
    format: Option<Integer>,
    offset: Option<InOut<Integer>>,
    length: Option<Integer>,
) -> Result<Text> {
    let format = format.unwrap_or(0);
    let at = size_of(offset.as_ref().map_or(0, |offset| offset.value))?;
    let rest = blob.0.get(at..).ok_or_else(bad_offset)?;
    // the bytes of the text, and how many bytes it took with its length or its end
    let counted =
        |size: usize, length: usize| rest.get(size..size + length).map(|text| (text, size + length));
    let (bytes, taken) = match format {
        0 | 4 => {
            let end = rest.iter().position(|&byte| byte == 0);
            end.map_or((rest, rest.len()), |end| (rest.get(..end).unwrap_or_default(), end + 1))
        }
        1 => {
            let length = rest.first().copied().ok_or_else(bad_offset)?;
            counted(1, length.into()).ok_or_else(bad_offset)?
        }
        2 => {
            let [a, b, ..] = *rest else { return Err(bad_offset()) };
            counted(2, u16::from_be_bytes([a, b]).into()).ok_or_else(bad_offset)?
        }
        5 => {
            let [a, b, c, d, ..] = *rest else { return Err(bad_offset()) };
            counted(4, u32::from_be_bytes([a, b, c, d]) as usize).ok_or_else(bad_offset)?
        }
        3 | 6 => {
            let length = length.filter(|length| *length >= 0).and_then(|length| usize::try_from(length).ok());
            let part = length.map_or(rest, |length| rest.get(..length).unwrap_or(rest));
            (part, part.len())
        }
        other => return Err(unknown_format(other)),
    };
    let text = if format < 4 { Charset::mac_roman() } else { Charset::Utf8 }.decode(bytes);
    if let Some(offset) = offset {
        offset.set(process, to_integer(at + taken))?;
    }
    Ok(Text::from(text))
}

/// A character set by name or number.
pub(super) fn charset(value: &Value) -> Option<Charset> {
    match value {
        Value::Text(name) => Charset::by_name(name),
        other => convert::as_integer(other).and_then(Charset::by_number),
    }
}

/// A character set that is not known is told by OK alone. Source: commands/convert-from-text
fn convert_from_text(process: &mut Process, text: Text, set: Value, blob: Out<Value>) -> Result<()> {
    let Some(set) = charset(&set) else {
        process.set_ok(false);
        return Ok(());
    };
    let bytes = Blob::new(set.encode(&text));
    fill_blob(process, &blob, bytes)?;
    process.set_ok(true);
    Ok(())
}

/// Fills a variable with a BLOB; one that holds a 4D.Blob object gets such an object.
pub(super) fn fill_blob(process: &mut Process, out: &Out<Value>, bytes: Blob) -> Result<()> {
    let refused = out.set(process, Value::Blob(bytes.clone()));
    if refused.is_ok() {
        return Ok(());
    }
    let object = blob_object(process, bytes);
    out.set(process, object).or(refused)
}

/// Source: commands/convert-to-text
fn convert_to_text(process: &mut Process, blob: AnyBlob, set: Value) -> Result<Text> {
    let Some(set) = charset(&set) else {
        process.set_ok(false);
        return Ok(Text::default());
    };
    process.set_ok(true);
    Ok(Text::from(set.decode(&blob.0)))
}


impl Output for AnyBlob {
    fn into_result(self) -> Result<Value> {
        Ok(Value::Blob(self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extended_numbers() {
        for number in [0.0, 1.0, -2.5, 1e300, 1e-310, 5e-324, std::f64::consts::PI, f64::MAX, f64::INFINITY] {
            assert_eq!(from_extended(to_extended(number)), number, "{number}");
        }
        assert_eq!(to_extended(1.0), [0x3F, 0xFF, 0x80, 0, 0, 0, 0, 0, 0, 0]);
        assert!(from_extended(to_extended(f64::NAN)).is_nan());
        assert_eq!(from_extended([0, 0, 0, 0, 0, 0, 0, 0, 0, 1]), 0.0);
    }
}
