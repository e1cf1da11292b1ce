//! Theme BLOB: compressing.
//!
//! The two GZIP modes give plain GZIP. The two internal modes give a header of 16 bytes (`4DCB`, the
//! version 1, the mode, two zero bytes, and the expanded size in 8 bytes, lowest first) and a zlib stream.

use super::blob::{AnyBlob, change, to_integer};
use super::parameters::{Integer, Out, VariableRef, fill};
use crate::value::{Fault, Result};
use crate::vm::Process;
use flate2::Compression;
use flate2::read::{MultiGzDecoder, ZlibDecoder};
use flate2::write::{GzEncoder, ZlibEncoder};
use std::io::{Read, Write};

commands! {
    /// Compresses a BLOB of at least 255 bytes.
    534 "COMPRESS BLOB" (blob; compression) thread_safe => compress_blob;
    /// Expands a BLOB that `COMPRESS BLOB` has compressed.
    535 "EXPAND BLOB" (blob) thread_safe => expand_blob;
    /// Says whether a BLOB is compressed, and its two sizes.
    536 "BLOB PROPERTIES" (blob; compressed; expandedSize; currentSize) thread_safe => blob_properties;
}

const MARK: &[u8] = b"4DCB\x01";
const HEADER: usize = 16;
const SMALLEST: usize = 255;
/// What a BLOB may hold. `Source: Concepts/blob`
const LARGEST: u64 = 0x7FFF_FFFF;

/// How a BLOB is compressed, by the numbers that programs know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Mode {
    Compact = 1,
    Fast = 2,
    GzipBest = -1,
    GzipFast = -2,
}

impl Mode {
    fn level(self) -> Compression {
        match self {
            Self::Compact | Self::GzipBest => Compression::best(),
            Self::Fast | Self::GzipFast => Compression::fast(),
        }
    }
}

/// The mode and the expanded size of compressed bytes.
fn inspect(bytes: &[u8]) -> Option<(Mode, u64)> {
    if let (Some(MARK), Some(&mode), Some(size)) = (bytes.get(..5), bytes.get(5), bytes.get(8..HEADER)) {
        let size = u64::from_le_bytes(size.try_into().ok()?);
        return Some((if mode == 2 { Mode::Fast } else { Mode::Compact }, size));
    }
    let [0x1F, 0x8B, 8, .., a, b, c, d] = *bytes else { return None };
    // the ninth byte tells how hard the compressor tried
    let mode = if bytes.get(8) == Some(&4) { Mode::GzipFast } else { Mode::GzipBest };
    Some((mode, u32::from_le_bytes([a, b, c, d]).into()))
}

fn damaged() -> Fault {
    Fault::with_number(-10600, "The BLOB is not compressed, or it is damaged")
}

fn compress(bytes: &[u8], mode: Mode) -> std::io::Result<Vec<u8>> {
    match mode {
        Mode::GzipBest | Mode::GzipFast => {
            let mut encoder = GzEncoder::new(Vec::new(), mode.level());
            encoder.write_all(bytes)?;
            encoder.finish()
        }
        Mode::Compact | Mode::Fast => {
            let mut out = MARK.to_vec();
            out.extend([mode as u8, 0, 0]);
            out.extend((bytes.len() as u64).to_le_bytes());
            let mut encoder = ZlibEncoder::new(out, mode.level());
            encoder.write_all(bytes)?;
            encoder.finish()
        }
    }
}

fn expand(bytes: &[u8]) -> Option<Vec<u8>> {
    let (mode, size) = inspect(bytes)?;
    let mut out = Vec::new();
    let read = match mode {
        Mode::GzipBest | Mode::GzipFast => MultiGzDecoder::new(bytes).take(LARGEST).read_to_end(&mut out),
        // what a damaged stream pretends to hold is not read beyond the size that the header tells
        _ => ZlibDecoder::new(bytes.get(HEADER..)?).take(size.min(LARGEST)).read_to_end(&mut out),
    };
    read.ok()?;
    (matches!(mode, Mode::GzipBest | Mode::GzipFast) || out.len() as u64 == size).then_some(out)
}

/// Source: commands/compress-blob
fn compress_blob(process: &mut Process, blob: VariableRef, mode: Option<Integer>) -> Result<()> {
    let mode = match mode {
        Some(2) => Mode::Fast,
        Some(-1) => Mode::GzipBest,
        Some(-2) => Mode::GzipFast,
        _ => Mode::Compact,
    };
    let done = change(process, &blob, |bytes| {
        if inspect(bytes).is_some() {
            return Ok(true); // already compressed
        }
        if bytes.len() < SMALLEST {
            return Ok(false);
        }
        *bytes = compress(bytes, mode).map_err(|_| damaged())?;
        Ok(true)
    })?;
    process.set_ok(done);
    Ok(())
}

/// Source: commands/expand-blob
fn expand_blob(process: &mut Process, blob: VariableRef) -> Result<()> {
    let done = change(process, &blob, |bytes| {
        *bytes = expand(bytes).ok_or_else(damaged)?;
        Ok(())
    });
    process.set_ok(done.is_ok());
    done
}

/// Source: commands/blob-properties
fn blob_properties(
    process: &mut Process,
    blob: AnyBlob,
    compressed: Out<Integer>,
    expanded_size: Option<Out<Integer>>,
    current_size: Option<Out<Integer>>,
) -> Result<()> {
    let size = blob.0.len();
    let (mode, expanded) = inspect(&blob.0).map_or((0, size as u64), |(mode, size)| (mode as Integer, size));
    compressed.set(process, mode)?;
    fill(process, expanded_size.as_ref(), to_integer(usize::try_from(expanded).unwrap_or(usize::MAX)))?;
    fill(process, current_size.as_ref(), to_integer(size))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_modes_come_back() {
        let bytes: Vec<u8> = (0..5000u32).map(|n| (n % 7) as u8).collect();
        for mode in [Mode::Compact, Mode::Fast, Mode::GzipBest, Mode::GzipFast] {
            let small = compress(&bytes, mode).unwrap();
            assert!(small.len() < bytes.len());
            assert_eq!(inspect(&small), Some((mode, 5000)));
            assert_eq!(expand(&small).as_deref(), Some(bytes.as_slice()));
            assert_eq!(expand(&small[..small.len() / 2]), None, "{mode:?} cut");
        }
        assert_eq!(expand(&bytes), None);
        assert_eq!(expand(b"4DCB\x01\x01\0\0\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFFx"), None);
    }
}
