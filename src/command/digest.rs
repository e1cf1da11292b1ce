//! Theme Tools: digests, identifiers, password hashes and Base64.

use super::blob::{TextOrBlob, fill_blob};
use super::parameters::{Integer, Out, Star, VariableRef};
use crate::value::{Blob, BlobObject, ErrorCode, Fault, Object, Result, Text, Value, convert};
use crate::vm::Process;
use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use md5::Md5;
use sha1::Sha1;
use sha2::{Digest, Sha256, Sha512};

commands! {
    /// Gives the digest of a text's UTF-8 or of a BLOB in hexadecimal, with `*` in Base64URL.
    1147 "Generate digest" (param; algorithm; *) thread_safe => generate_digest;
    /// Gives a new identifier of 32 hexadecimal digits, of version 4 or 7.
    1066 "Generate UUID" (version) thread_safe => generate_uuid;
    /// Gives a salted hash of a password.
    1533 "Generate password hash" (password; options) thread_safe => generate_password_hash;
    /// Whether a hash was made of a password.
    1534 "Verify password hash" (password; hash) thread_safe => verify_password_hash;
    /// Encodes a text's UTF-8 or a BLOB in Base64, with `*` in Base64URL.
    895 "BASE64 ENCODE" (toEncode; encoded; *) thread_safe => base64_encode;
    /// Decodes Base64, with `*` Base64URL.
    896 "BASE64 DECODE" (toDecode; decoded; *) thread_safe => base64_decode;
}

/// Source: commands/generate-digest
fn generate_digest(content: TextOrBlob, algorithm: Integer, url: Option<Star>) -> Result<Text> {
    let bytes = content.bytes();
    let digest = match algorithm {
        0 => Md5::digest(bytes).to_vec(),
        1 => Sha1::digest(bytes).to_vec(),
        3 => Sha256::digest(bytes).to_vec(),
        4 => Sha512::digest(bytes).to_vec(),
        2 => {
            let message = "The digest of 4D's REST passwords is obsolete; use SHA256 digest or SHA512 digest";
            return Err(Fault::new(ErrorCode::NotProvided, message));
        }
        other => {
            return Err(Fault::new(
                ErrorCode::ArgumentType,
                format!("{other} is no algorithm of Generate digest"),
            ));
        }
    };
    Ok(Text::from(if url.is_some() { encode(&digest, true) } else { hexadecimal(&digest) }))
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Source: commands/generate-uuid
fn generate_uuid(process: &mut Process, version: Option<Integer>) -> Result<Text> {
    let host = &process.shared.host;
    let mut bytes = [0; 16];
    host.random().fill(&mut bytes);
    let uuid = match version {
        None | Some(4) => uuid::Builder::from_random_bytes(bytes),
        Some(7) => {
            let now = host.clock().now().duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
            let [a, b, c, d, e, f, g, h, i, j, ..] = bytes;
            let millis = u64::try_from(now.as_millis()).unwrap_or(u64::MAX);
            uuid::Builder::from_unix_timestamp_millis(millis, &[a, b, c, d, e, f, g, h, i, j])
        }
        Some(other) => {
            let message = format!("Generate UUID makes versions 4 and 7, not {other}");
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
    };
    Ok(Text::from(uuid.into_uuid().simple().to_string().to_ascii_uppercase()))
}

/// bcrypt takes the first 72 bytes of a password and no zero byte.
fn password_bytes(password: &str) -> &[u8] {
    password.as_bytes().get(..72).unwrap_or(password.as_bytes())
}

fn unsupported() -> Fault {
    Fault::with_number(850, "Password-hash: Unsupported algorithm.")
}

/// Source: commands/generate-password-hash
fn generate_password_hash(process: &mut Process, password: Text, options: Option<Object>) -> Result<Text> {
    let option = |name: &str| options.as_ref().map(|o| o.get(name)).unwrap_or_default();
    match option("algorithm") {
        Value::Undefined | Value::Null => {}
        Value::Text(name) if name == "bcrypt" => {}
        _ => return Err(unsupported()),
    }
    let cost = match option("cost") {
        Value::Undefined | Value::Null => Some(10),
        other => convert::as_integer(&other),
    };
    let Some(cost) = cost.and_then(|cost| u32::try_from(cost).ok()).filter(|cost| (4..=31).contains(cost))
    else {
        let message =
            "Password-hash: Unavailable bcrypt cost parameter, please provide a value between 4 and 31.";
        return Err(Fault::with_number(852, message));
    };
    let mut salt = [0; 16];
    process.shared.host.random().fill(&mut salt);
    let hash = bcrypt::hash_with_salt(password_bytes(&password), cost, salt)
        .map_err(|why| Fault::with_number(851, format!("Password-hash: {why}.")))?;
    Ok(Text::from(hash.format_for_version(bcrypt::Version::TwoB)))
}

/// Source: commands/verify-password-hash
fn verify_password_hash(password: Text, hash: Text) -> Result<bool> {
    if !hash.starts_with("$2") {
        return Err(unsupported());
    }
    bcrypt::verify(password_bytes(&password), &hash)
        .map_err(|_| Fault::with_number(851, "Password-hash: Consistency check failure."))
}

/// Base64 or, without `=` at the end, Base64URL.
#[must_use]
pub fn encode(bytes: &[u8], url: bool) -> String {
    use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
    if url { URL_SAFE_NO_PAD.encode(bytes) } else { STANDARD.encode(bytes) }
}

/// White space is passed over, as mails and PEM files have it.
#[must_use]
pub fn decode(text: &[u8], url: bool) -> Option<Vec<u8>> {
    let config = GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true);
    let alphabet = if url { &alphabet::URL_SAFE } else { &alphabet::STANDARD };
    let text: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    GeneralPurpose::new(alphabet, config).decode(text).ok()
}

/// What a variable holds, as a text or the bytes of a BLOB.
fn content(process: &mut Process, variable: &VariableRef) -> Result<TextOrBlob> {
    use super::bind::Plain;
    let value = variable.get(process)?;
    TextOrBlob::from_value(value).map_err(|other| {
        let found = super::bind::in_words(&other);
        Fault::new(ErrorCode::ArgumentType, format!("A text or a BLOB is expected here, not {found}"))
    })
}

/// Fills a variable with bytes: a BLOB gets them, a 4D.Blob too, a text their UTF-8.
fn give(process: &mut Process, variable: &VariableRef, bytes: Vec<u8>) -> Result<()> {
    let out = Out::of(variable.clone());
    let text = match variable.get(process)? {
        Value::Blob(_) => return fill_blob(process, &out, Blob::new(bytes)),
        Value::Object(object) if object.native::<BlobObject>().is_some() => {
            return fill_blob(process, &out, Blob::new(bytes));
        }
        _ => String::from_utf8_lossy(&bytes).into_owned(),
    };
    match out.set(process, Value::from(text)) {
        Err(_) => fill_blob(process, &out, Blob::new(bytes)), // declared 4D.Blob, still empty
        done => done,
    }
}

/// Source: commands/base64-encode
fn base64_encode(
    process: &mut Process,
    source: SourceVariable,
    target: Option<VariableRef>,
    url: Option<Star>,
) -> Result<()> {
    let bytes = encode(source.content(process)?.bytes(), url.is_some()).into_bytes();
    source.give(process, target, bytes)
}

/// Source: commands/base64-decode
fn base64_decode(
    process: &mut Process,
    source: SourceVariable,
    target: Option<VariableRef>,
    url: Option<Star>,
) -> Result<()> {
    let bytes = decode(source.content(process)?.bytes(), url.is_some()).unwrap_or_default();
    source.give(process, target, bytes)
}

/// A variable, or a plain value where the result goes elsewhere.
struct SourceVariable(Value);

impl super::bind::Plain for SourceVariable {
    const EXPECTED: &'static str = "a text or a BLOB";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        Ok(Self(value))
    }
}

impl SourceVariable {
    fn content(&self, process: &mut Process) -> Result<TextOrBlob> {
        use super::bind::Plain;
        match VariableRef::from_value(self.0.clone()) {
            Ok(variable) => content(process, &variable),
            Err(value) => TextOrBlob::from_value(value).map_err(|other| {
                let found = super::bind::in_words(&other);
                Fault::new(ErrorCode::ArgumentType, format!("A text or a BLOB is expected here, not {found}"))
            }),
        }
    }

    fn give(self, process: &mut Process, target: Option<VariableRef>, bytes: Vec<u8>) -> Result<()> {
        use super::bind::Plain;
        let target = match target {
            Some(target) => target,
            None => VariableRef::from_value(self.0)
                .map_err(|_| Fault::new(ErrorCode::ArgumentType, "A variable is needed here"))?,
        };
        give(process, &target, bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_forgiving() {
        assert_eq!(encode(&[251, 255], false), "+/8=");
        assert_eq!(encode(&[251, 255], true), "-_8");
        assert_eq!(decode(b"+/\r\n8=", false), Some(vec![251, 255]));
        assert_eq!(decode(b"-_8", true), Some(vec![251, 255]));
        assert_eq!(decode(b"+/8", false), Some(vec![251, 255]));
        assert_eq!(decode(b"?", false), None);
    }
}
