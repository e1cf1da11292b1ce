//! Bodies that were compressed for their way.

use flate2::write::{DeflateDecoder, GzDecoder, ZlibDecoder};
use std::io::{self, Write};

/// Undoes the compression that `Content-Encoding` names.
pub enum Decoder {
    Plain,
    Gzip(Box<GzDecoder<Vec<u8>>>),
    /// Some servers mean the bare algorithm, others its usual wrapping: the first byte tells.
    Unsure,
    Zlib(Box<ZlibDecoder<Vec<u8>>>),
    Bare(Box<DeflateDecoder<Vec<u8>>>),
}

impl Decoder {
    /// Names that are not known leave the body as it is.
    #[must_use]
    pub fn new(encoding: &str) -> Self {
        match encoding.trim().to_ascii_lowercase().as_str() {
            "gzip" | "x-gzip" => Self::Gzip(Box::new(GzDecoder::new(Vec::new()))),
            "deflate" => Self::Unsure,
            _ => Self::Plain,
        }
    }

    /// Takes a piece; gives what it becomes.
    pub fn push(&mut self, piece: &[u8], end: bool) -> io::Result<Vec<u8>> {
        fn through<D: Write>(decoder: &mut D, piece: &[u8], take: impl Fn(&mut D) -> &mut Vec<u8>) -> io::Result<Vec<u8>> {
            let wrong = |_| io::Error::new(io::ErrorKind::InvalidInput, "the body is not compressed as it says");
            // what follows the end of the data is left out
            let mut rest = piece;
            while !rest.is_empty() {
                match decoder.write(rest).map_err(wrong)? {
                    0 => break,
                    size => rest = rest.get(size..).unwrap_or_default(),
                }
            }
            decoder.flush().map_err(wrong)?;
            Ok(std::mem::take(take(decoder)))
        }
        if let (Self::Unsure, Some(first)) = (&self, piece.first()) {
            *self = if first & 0x0F == 8 {
                Self::Zlib(Box::new(ZlibDecoder::new(Vec::new())))
            } else {
                Self::Bare(Box::new(DeflateDecoder::new(Vec::new())))
            };
        }
        if end && piece.is_empty() {
            return Ok(Vec::new());
        }
        match self {
            Self::Plain => Ok(piece.to_vec()),
            Self::Unsure => Ok(Vec::new()),
            Self::Gzip(decoder) => through(&mut **decoder, piece, GzDecoder::get_mut),
            Self::Zlib(decoder) => through(&mut **decoder, piece, ZlibDecoder::get_mut),
            Self::Bare(decoder) => through(&mut **decoder, piece, DeflateDecoder::get_mut),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Decoder;
    use flate2::Compression;
    use flate2::write::{DeflateEncoder, GzEncoder, ZlibEncoder};
    use std::io::Write;

    #[test]
    fn all_kinds_in_small_pieces() {
        let text = "Hello, hello, hello".repeat(50);
        let mut gzip = GzEncoder::new(Vec::new(), Compression::default());
        let mut zlib = ZlibEncoder::new(Vec::new(), Compression::default());
        let mut bare = DeflateEncoder::new(Vec::new(), Compression::default());
        gzip.write_all(text.as_bytes()).unwrap();
        zlib.write_all(text.as_bytes()).unwrap();
        bare.write_all(text.as_bytes()).unwrap();
        let all = [("gzip", gzip.finish()), ("deflate", zlib.finish()), ("Deflate", bare.finish())];
        for (name, bytes) in all {
            let mut decoder = Decoder::new(name);
            let mut seen = Vec::new();
            for byte in bytes.unwrap() {
                seen.extend(decoder.push(&[byte], false).unwrap());
            }
            seen.extend(decoder.push(&[], true).unwrap());
            assert_eq!(String::from_utf8(seen).unwrap(), text, "{name}");
        }
        assert!(Decoder::new("gzip").push(b"this is not compressed", false).is_err());
    }
}
