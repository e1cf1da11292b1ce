//! Text to bytes and back, in the character sets that 4D names by name or by number (MIBenum).
//! `Source: commands/convert-from-text`

use super::charset_tables as tables;
use encoding_rs::Encoding;

/// A character set.
#[derive(Clone, Copy, Debug)]
pub enum Charset {
    Utf8,
    /// Little-endian, as 4D keeps its texts.
    Utf16,
    Utf16Be,
    Utf32,
    Utf32Be,
    Utf7,
    Ascii,
    /// The characters of the codes from 128 on; ASCII below.
    Table(&'static str),
    /// The characters of all codes.
    Full(&'static str),
    Library(&'static Encoding),
}

impl Charset {
    /// Mac Roman, what the `Mac …` formats of BLOBs are written in.
    #[must_use]
    pub fn mac_roman() -> Self {
        Self::Library(encoding_rs::MACINTOSH)
    }

    /// A character set by one of its names; case does not count.
    #[must_use]
    pub fn by_name(name: &str) -> Option<Self> {
        let folded = name.trim().to_ascii_lowercase();
        Some(match folded.as_str() {
            "utf-8" | "utf8" => Self::Utf8,
            "utf-16" | "utf16" | "utf-16le" => Self::Utf16,
            "utf-16be" => Self::Utf16Be,
            "utf-32" | "utf32" | "utf-32le" => Self::Utf32,
            "utf-32be" => Self::Utf32Be,
            "utf-7" => Self::Utf7,
            "us-ascii" | "ascii" | "ansi_x3.4-1968" | "ansi_x3.4-1986" | "cp367" | "csascii" | "ibm367"
            | "iso-ir-6" | "iso_646.irv:1991" | "iso646-us" | "us" => Self::Ascii,
            "iso-8859-1" | "cp819" | "csisolatin1" | "ibm819" | "iso-ir-100" | "iso_8859-1"
            | "iso_8859-1:1987" | "l1" | "latin1" => Self::Table(tables::LATIN1),
            "iso-8859-9" | "csisolatin5" | "iso-ir-148" | "iso_8859-9" | "iso_8859-9:1989" | "l5"
            | "latin5" => Self::Table(tables::LATIN5),
            "ibm437" | "cp437" | "437" | "cspc8codepage437" => Self::Table(tables::CP437),
            "ebcdic-cp-us" | "cp037" | "csibm037" | "ebcdic-cp-ca" | "ebcdic-cp-n" | "ebcdic-cp-wt"
            | "ibm037" => Self::Full(tables::IBM037),
            "macce" | "x-mac-ce" => Self::Table(tables::MAC_CE),
            "x-mac-greek" => Self::Table(tables::MAC_GREEK),
            "x-mac-turkish" => Self::Table(tables::MAC_TURKISH),
            "macroman" | "x-mac-roman" | "mac" | "macintosh" | "csmacintosh" => Self::mac_roman(),
            "latin-9" => Self::Library(encoding_rs::ISO_8859_15),
            "windows-31j" | "shift-jis" => Self::Library(encoding_rs::SHIFT_JIS),
            "x-mac-chinesesimp" | "gb_2312-80" | "csiso58gb231280" => Self::Library(encoding_rs::GBK),
            "iso-8859-3:1988" | "iso-8859-4:1988" | "iso-8859-5:1988" | "iso-8859-6:1987" => {
                return folded.split(':').next().and_then(Self::by_name);
            }
            "iso_8859-10" | "iso_8859-10:1992" => Self::Library(encoding_rs::ISO_8859_10),
            "" => return None,
            other => Self::Library(Encoding::for_label(other.as_bytes()).filter(|found| {
                *found != encoding_rs::REPLACEMENT && *found != encoding_rs::X_USER_DEFINED
            })?),
        })
    }

    /// A character set by its number.
    #[must_use]
    pub fn by_number(number: i32) -> Option<Self> {
        Self::by_name(match number {
            106 => "utf-8",
            1013 => "utf-16be",
            1014 | 1015 => "utf-16le",
            1017 | 1019 => "utf-32le",
            1018 => "utf-32be",
            1012 => "utf-7",
            3 => "us-ascii",
            4 => "iso-8859-1",
            5 => "iso-8859-2",
            6 => "iso-8859-3",
            7 => "iso-8859-4",
            8 => "iso-8859-5",
            9 => "iso-8859-6",
            10 => "iso-8859-7",
            11 => "iso-8859-8",
            12 => "iso-8859-9",
            13 => "iso-8859-10",
            17 | 2024 => "shift_jis",
            38 => "euc-kr",
            39 => "iso-2022-jp",
            57 | 113 | 2025 => "gbk",
            109 => "iso-8859-13",
            111 => "iso-8859-15",
            1250 | 1257 => "x-mac-ce",
            1251 => "x-mac-cyrillic",
            1253 => "x-mac-greek",
            1254 => "x-mac-turkish",
            2011 => "ibm437",
            2026 => "big5",
            2027 => "macintosh",
            2028 => "ibm037",
            2084 => "koi8-r",
            2250 => "windows-1250",
            2251 => "windows-1251",
            2252 => "windows-1252",
            2253 => "windows-1253",
            2254 => "windows-1254",
            2255 => "windows-1255",
            2256 => "windows-1256",
            2257 => "windows-1257",
            _ => return None,
        })
    }

    /// The text's bytes; what the character set lacks becomes `?`.
    #[must_use]
    pub fn encode(self, text: &str) -> Vec<u8> {
        match self {
            Self::Utf8 => text.as_bytes().to_vec(),
            Self::Utf16 => text.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            Self::Utf16Be => text.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            Self::Utf32 => text.chars().flat_map(|c| u32::from(c).to_le_bytes()).collect(),
            Self::Utf32Be => text.chars().flat_map(|c| u32::from(c).to_be_bytes()).collect(),
            Self::Utf7 => super::charset_utf7::encode(text),
            Self::Ascii => text.chars().map(|c| if c.is_ascii() { c as u8 } else { b'?' }).collect(),
            Self::Table(high) => text
                .chars()
                .map(|c| {
                    if c.is_ascii() {
                        c as u8
                    } else {
                        place(high, c).map_or(b'?', |at| at.wrapping_add(128))
                    }
                })
                .collect(),
            Self::Full(all) => text.chars().map(|c| place(all, c).or(place(all, '?')).unwrap_or(0)).collect(),
            Self::Library(encoding) => encode_with(encoding, text),
        }
    }

    /// The text that bytes stand for. A byte order mark goes before what was asked for, and is left out.
    /// `Source: commands/convert-to-text`
    #[must_use]
    pub fn decode(self, bytes: &[u8]) -> String {
        let is_unicode =
            matches!(self, Self::Utf8 | Self::Utf16 | Self::Utf16Be | Self::Utf32 | Self::Utf32Be);
        match bytes {
            [0xFF, 0xFE, 0, 0, rest @ ..] if is_unicode => Self::Utf32.decode_plain(rest),
            [0, 0, 0xFE, 0xFF, rest @ ..] if is_unicode => Self::Utf32Be.decode_plain(rest),
            [0xEF, 0xBB, 0xBF, rest @ ..] if is_unicode => Self::Utf8.decode_plain(rest),
            [0xFF, 0xFE, rest @ ..] if is_unicode => Self::Utf16.decode_plain(rest),
            [0xFE, 0xFF, rest @ ..] if is_unicode => Self::Utf16Be.decode_plain(rest),
            _ => self.decode_plain(bytes),
        }
    }

    fn decode_plain(self, bytes: &[u8]) -> String {
        let replace = char::REPLACEMENT_CHARACTER;
        let words = |of: fn([u8; 4]) -> u32| -> String {
            let words =
                bytes.chunks(4).map(|c| <[u8; 4]>::try_from(c).ok().and_then(|c| char::from_u32(of(c))));
            words.map(|c| c.unwrap_or(replace)).collect()
        };
        match self {
            Self::Utf8 => String::from_utf8_lossy(bytes).into_owned(),
            Self::Utf16 => encoding_rs::UTF_16LE.decode_without_bom_handling(bytes).0.into_owned(),
            Self::Utf16Be => encoding_rs::UTF_16BE.decode_without_bom_handling(bytes).0.into_owned(),
            Self::Utf32 => words(u32::from_le_bytes),
            Self::Utf32Be => words(u32::from_be_bytes),
            Self::Utf7 => super::charset_utf7::decode(bytes),
            Self::Ascii => {
                bytes.iter().map(|&b| if b.is_ascii() { char::from(b) } else { replace }).collect()
            }
            Self::Table(high) => {
                let high: Vec<char> = high.chars().collect();
                let character = |b: &u8| match b.checked_sub(128) {
                    None => char::from(*b),
                    Some(at) => high.get(usize::from(at)).copied().unwrap_or(replace),
                };
                bytes.iter().map(character).collect()
            }
            Self::Full(all) => {
                let all: Vec<char> = all.chars().collect();
                bytes.iter().map(|b| all.get(usize::from(*b)).copied().unwrap_or(replace)).collect()
            }
            Self::Library(encoding) => encoding.decode_without_bom_handling(bytes).0.into_owned(),
        }
    }
}

fn place(table: &str, character: char) -> Option<u8> {
    table.chars().position(|c| c == character).and_then(|at| u8::try_from(at).ok())
}

/// The library would write `&#1234;` for what a character set lacks.
fn encode_with(encoding: &'static Encoding, text: &str) -> Vec<u8> {
    let (all, _, lacking) = encoding.encode(text);
    if !lacking {
        return all.into_owned();
    }
    let known: String =
        text.chars().map(|c| if encoding.encode(c.encode_utf8(&mut [0; 4])).2 { '?' } else { c }).collect();
    encoding.encode(&known).0.into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn round_trips() {
        for name in
            ["UTF-8", "utf-16", "UTF-32BE", "macroman", "latin1", "windows-1252", "cp437", "IBM037", "l5"]
        {
            let set = Charset::by_name(name).unwrap();
            assert_eq!(set.decode(&set.encode("Thé à l'été!")), "Thé à l'été!", "{name}");
        }
        assert_eq!(Charset::by_name("ASCII").unwrap().encode("aé"), b"a?");
        assert_eq!(Charset::mac_roman().encode("é漢"), [142, b'?']);
        assert!(Charset::by_name("klingon").is_none() && Charset::by_number(-1).is_none());
    }

    #[test]
    fn marks_go_first() {
        assert_eq!(Charset::Utf8.decode(&[0xFF, 0xFE, b'a', 0]), "a");
        assert_eq!(Charset::Utf16.decode(&[0xEF, 0xBB, 0xBF, b'a']), "a");
        assert_eq!(Charset::Utf16.decode(b"a"), "\u{FFFD}");
    }
}
