//! Themes BLOB, Secured Protocol and Data Security: encryption with pairs of RSA keys, and with a key or a
//! pass phrase.
//!
//! # The format of `ENCRYPT BLOB`, version 1
//! `fde`, the version in one byte; the length in two bytes, lowest first, and the bytes of a block that the
//! sender's private key made; the same of a block that the recipient's public key made, of length 0 where
//! there is no recipient; the content, encrypted by AES-256 in counter mode. The sender's block is 16 bytes of
//! chance and the SHA-256 of the recipient's secret and the content, so that nobody can put another content
//! behind it. The key is the SHA-256 of that chance and the recipient's secret.

use super::blob::{AnyBlob, fill_blob};
use super::chance::Chance;
use super::parameters::{InOut, Integer, Out};
use crate::value::{Blob, ErrorCode, Fault, Object, Result, Text, Value};
use crate::vm::Process;
use aes::Aes256;
use aes::cipher::{BlockCipherDecrypt, BlockCipherEncrypt, KeyInit};
use rsa::pkcs1::{DecodeRsaPrivateKey, DecodeRsaPublicKey, EncodeRsaPrivateKey};
use rsa::pkcs8::{DecodePrivateKey, DecodePublicKey, EncodePublicKey, LineEnding};
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, Pkcs1v15Encrypt, RsaPrivateKey, RsaPublicKey};
use sha2::{Digest, Sha256};

commands! {
    /// Makes a pair of RSA keys in PEM format.
    688 "GENERATE ENCRYPTION KEYPAIR" (privKey; pubKey; length) thread_safe => generate_pair;
    /// Encrypts a BLOB with the sender's private key, and for one recipient with that one's public key.
    689 "ENCRYPT BLOB" (toEncrypt; sendPrivKey; recipPubKey) thread_safe => encrypt_blob;
    /// Decrypts a BLOB with the sender's public key, and the recipient's private key if it was encrypted for one.
    690 "DECRYPT BLOB" (toDecrypt; sendPubKey; recipPrivKey) thread_safe => decrypt_blob;
    /// Makes a data key of a pass phrase; Null of an empty one.
    1611 "New data key" (passPhrase) thread_safe => new_data_key;
    /// Encrypts a BLOB by AES-256 with a data key or a pass phrase; its size becomes a multiple of 16.
    1773 "Encrypt data BLOB" (blobToEncrypt; keyObject; salt; encryptedBLOB) thread_safe => |p: &mut Process, blob: AnyBlob, key: Value, salt: Integer, out: Out<Value>| {
        with_data_key(p, &blob.0, &key, salt, &out, true)
    };
    /// Decrypts what `Encrypt data BLOB` gave.
    1774 "Decrypt data BLOB" (blobToDecrypt; keyObject; salt; decryptedBLOB) thread_safe => |p: &mut Process, blob: AnyBlob, key: Value, salt: Integer, out: Out<Value>| {
        with_data_key(p, &blob.0, &key, salt, &out, false)
    };
}

const MARK: &[u8; 4] = b"fde\x01";
const SECRET: usize = 16;
const DIGEST: usize = 32;
const BLOCK: usize = 16;

fn refused(message: impl Into<String>) -> Fault {
    Fault::new(ErrorCode::ArgumentType, message)
}

/// Source: commands/generate-encryption-keypair
fn generate_pair(
    process: &mut Process,
    private: Out<Value>,
    public: Out<Value>,
    length: Option<Integer>,
) -> Result<()> {
    let bits = length.unwrap_or(512);
    let size = usize::try_from(bits).ok().filter(|bits| (512..=2048).contains(bits));
    let size = size.ok_or_else(|| refused(format!("An RSA key has 512 to 2048 bits, not {bits}")))?;
    let failed = |why: &dyn std::fmt::Display| refused(format!("The pair of keys cannot be made: {why}"));
    let key = RsaPrivateKey::new(&mut Chance(process.shared.host.random()), size).map_err(|why| failed(&why))?;
    let secret = key.to_pkcs1_pem(LineEnding::LF).map_err(|why| failed(&why))?;
    let open = key.to_public_key().to_public_key_pem(LineEnding::LF).map_err(|why| failed(&why))?;
    fill_blob(process, &private, Blob::new(secret.as_bytes().to_vec()))?;
    fill_blob(process, &public, Blob::new(open.into_bytes()))
}

fn text_of(key: &AnyBlob) -> String {
    String::from_utf8_lossy(&key.0).trim_matches(['\0', ' ', '\n', '\r']).to_owned()
}

pub(super) fn private_key(key: &AnyBlob) -> Result<RsaPrivateKey> {
    let text = text_of(key);
    let read = RsaPrivateKey::from_pkcs1_pem(&text).ok().or_else(|| RsaPrivateKey::from_pkcs8_pem(&text).ok());
    read.ok_or_else(|| refused("The BLOB holds no private RSA key in PEM format"))
}

fn public_key(key: &AnyBlob) -> Result<RsaPublicKey> {
    let text = text_of(key);
    let read = RsaPublicKey::from_public_key_pem(&text).ok().or_else(|| RsaPublicKey::from_pkcs1_pem(&text).ok());
    read.ok_or_else(|| refused("The BLOB holds no public RSA key in PEM format"))
}

/// A block that only the private key can have made and the public key opens: PKCS #1, block type 1.
fn close(process: &Process, key: &RsaPrivateKey, content: &[u8]) -> Result<Vec<u8>> {
    let size = key.size();
    let filling = size.checked_sub(content.len() + 3).filter(|filling| *filling >= 8);
    let filling = filling.ok_or_else(|| refused("The sender's key is too short: it must have at least 512 bits"))?;
    let block = [&[0, 1], vec![0xFF; filling].as_slice(), &[0], content].concat();
    let mut chance = Chance(process.shared.host.random());
    let closed = rsa::hazmat::rsa_decrypt_and_check(key, Some(&mut chance), &BigUint::from_bytes_be(&block));
    let bytes = closed.map_err(|why| refused(format!("The BLOB cannot be encrypted: {why}")))?.to_bytes_be();
    Ok([vec![0; size.saturating_sub(bytes.len())], bytes].concat())
}

/// What is in a block that a private key made.
fn open(key: &RsaPublicKey, block: &[u8]) -> Option<Vec<u8>> {
    let number = BigUint::from_bytes_be(block);
    if &number >= key.n() {
        return None;
    }
    let bytes = rsa::hazmat::rsa_encrypt(key, &number).ok()?.to_bytes_be();
    // the leading 0 is no digit of the number
    let rest = bytes.strip_prefix(&[1])?;
    let end = rest.iter().position(|byte| *byte == 0).filter(|end| *end >= 8)?;
    rest.get(..end)?.iter().all(|byte| *byte == 0xFF).then(|| rest.get(end + 1..).unwrap_or_default().to_vec())
}

fn digest(parts: &[&[u8]]) -> [u8; DIGEST] {
    let mut hash = Sha256::new();
    for part in parts {
        hash.update(part);
    }
    hash.finalize().into()
}

/// AES-256 in counter mode, both ways; no key is used twice.
fn counted(key: &[u8; DIGEST], content: &mut [u8]) {
    let cipher = Aes256::new(&(*key).into());
    for (number, part) in content.chunks_mut(BLOCK).enumerate() {
        let mut block = (number as u128).to_be_bytes().into();
        cipher.encrypt_block(&mut block);
        for (byte, mask) in part.iter_mut().zip(block.iter()) {
            *byte ^= mask;
        }
    }
}

/// Source: commands/encrypt-blob
fn encrypt_blob(
    process: &mut Process,
    blob: InOut<Blob>,
    sender: AnyBlob,
    recipient: Option<AnyBlob>,
) -> Result<()> {
    let sender = private_key(&sender)?;
    let mut chance = [0; SECRET * 2];
    process.shared.host.random().fill(&mut chance);
    let (mine, theirs) = chance.split_at(SECRET);
    let (theirs, for_recipient) = match recipient {
        None => (&[][..], Vec::new()),
        Some(key) => {
            let mut random = Chance(process.shared.host.random());
            let made = public_key(&key)?.encrypt(&mut random, Pkcs1v15Encrypt, theirs);
            (theirs, made.map_err(|why| refused(format!("The BLOB cannot be encrypted: {why}")))?)
        }
    };
    let from_sender = close(process, &sender, &[mine, &digest(&[theirs, &blob.value])].concat())?;
    let mut content = blob.value.to_vec();
    counted(&digest(&[mine, theirs]), &mut content);
    let mut out = MARK.to_vec();
    for block in [&from_sender, &for_recipient] {
        out.extend(u16::try_from(block.len()).unwrap_or(u16::MAX).to_le_bytes());
        out.extend(block);
    }
    out.extend(content);
    blob.set(process, Blob::new(out))
}

/// Source: commands/decrypt-blob
fn decrypt_blob(
    process: &mut Process,
    blob: InOut<Blob>,
    sender: AnyBlob,
    recipient: Option<AnyBlob>,
) -> Result<()> {
    let sender = public_key(&sender)?;
    let recipient = recipient.as_ref().map(private_key).transpose()?;
    let content = opened(&blob.value, &sender, recipient.as_ref())
        .ok_or_else(|| refused("The BLOB was altered, or not encrypted with these keys"))?;
    blob.set(process, Blob::new(content))
}

fn opened(bytes: &[u8], sender: &RsaPublicKey, recipient: Option<&RsaPrivateKey>) -> Option<Vec<u8>> {
    let mut rest = bytes.strip_prefix(MARK)?;
    let mut block = || {
        let (size, tail) = rest.split_first_chunk::<2>()?;
        let (block, tail) = tail.split_at_checked(u16::from_le_bytes(*size).into())?;
        rest = tail;
        Some(block)
    };
    let (from_sender, for_recipient) = (block()?, block()?);
    let theirs = match (for_recipient.is_empty(), recipient) {
        (true, None) => Vec::new(),
        (false, Some(key)) => key.decrypt(Pkcs1v15Encrypt, for_recipient).ok()?,
        _ => return None,
    };
    let told = open(sender, from_sender)?;
    let (mine, told) = told.split_at_checked(SECRET)?;
    let mut content = rest.to_vec();
    counted(&digest(&[mine, &theirs]), &mut content);
    (digest(&[&theirs, &content]) == told).then_some(content)
}

/// Source: commands/new-data-key
fn new_data_key(phrase: Text) -> Option<Object> {
    if phrase.is_empty() {
        return None;
    }
    let object = Object::new();
    let text = digest(&[phrase.as_bytes()]).iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    object.set(&"encodedKey".into(), Value::from(text.as_str()));
    Some(object)
}

/// The bytes of a data key, or those made of a pass phrase.
fn data_key(key: &Value) -> Option<[u8; DIGEST]> {
    match key {
        Value::Text(phrase) if !phrase.is_empty() => Some(digest(&[phrase.as_bytes()])),
        Value::Object(object) => {
            let Value::Text(encoded) = object.get("encodedKey") else { return None };
            let text = encoded.as_str();
            let mut key = [0; DIGEST];
            if text.len() != DIGEST * 2 || !text.is_ascii() {
                return None;
            }
            for (at, byte) in key.iter_mut().enumerate() {
                *byte = u8::from_str_radix(text.get(at * 2..at * 2 + 2)?, 16).ok()?;
            }
            Some(key)
        }
        _ => None,
    }
}

/// AES-256 in chained blocks; the salt makes the first block's. Source: commands/encrypt-data-blob,
/// commands/decrypt-data-blob
fn with_data_key(
    process: &mut Process,
    blob: &Blob,
    key: &Value,
    salt: Integer,
    out: &Out<Value>,
    encrypt: bool,
) -> Result<bool> {
    let key = data_key(key).filter(|_| encrypt || blob.len().is_multiple_of(BLOCK));
    let Some(key) = key else {
        fill_blob(process, out, Blob::default())?;
        return Ok(false);
    };
    let cipher = Aes256::new(&key.into());
    let first = digest(&[&key, &salt.to_le_bytes()]);
    let mut before = [0; BLOCK];
    before.copy_from_slice(&first[..BLOCK]);
    let mut bytes = blob.to_vec();
    bytes.resize(blob.len().next_multiple_of(BLOCK), 0);
    for part in bytes.chunks_exact_mut(BLOCK) {
        let mut block = [0; BLOCK];
        block.copy_from_slice(part);
        if encrypt {
            mix(&mut block, before);
            let mut made = block.into();
            cipher.encrypt_block(&mut made);
            before = made.into();
            part.copy_from_slice(&before);
        } else {
            let mut made = block.into();
            cipher.decrypt_block(&mut made);
            let mut plain: [u8; BLOCK] = made.into();
            mix(&mut plain, before);
            part.copy_from_slice(&plain);
            before = block;
        }
    }
    fill_blob(process, out, Blob::new(bytes))?;
    Ok(true)
}

fn mix(block: &mut [u8; BLOCK], with: [u8; BLOCK]) {
    for (byte, other) in block.iter_mut().zip(with) {
        *byte ^= other;
    }
}
