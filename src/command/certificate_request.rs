//! Theme Secured Protocol: requests for certificates, as PKCS #10 has them (RFC 2986).

use super::blob::{AnyBlob, fill_blob};
use super::blob_encrypt::private_key;
use super::digest::encode;
use super::parameters::{ArrayRef, Integer, Out};
use crate::value::{Blob, ErrorCode, Fault, Result, Value, convert};
use crate::vm::Process;
use rsa::pkcs8::EncodePublicKey;
use rsa::sha2::{Digest, Sha256};
use rsa::{Pkcs1v15Sign, RsaPrivateKey};

commands! {
    /// Makes a request for a certificate in PEM format, signed with a private key.
    691 "GENERATE CERTIFICATE REQUEST" (privKey; certifRequest; codeArray; nameArray) thread_safe => request;
}

// kinds of DER elements
const SEQUENCE: u8 = 0x30;
const SET: u8 = 0x31;
const BITS: u8 = 0x03;
const OBJECT: u8 = 0x06;
const UTF8: u8 = 0x0C;
const PRINTABLE: u8 = 0x13;
const ATTRIBUTES: u8 = 0xA0;

const VERSION: &[u8] = &[0x02, 1, 0];
/// The kind of signature: SHA-256 with RSA, and no parameters.
const SHA256_WITH_RSA: &[u8] = &[
    SEQUENCE, 13, OBJECT, 9, 0x2A, 0x86, 0x48, 0x86, 0xF7, 0x0D, 0x01, 0x01, 0x0B, 0x05, 0,
];

/// An element: kind, length, content.
fn element(kind: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![kind];
    let length = content.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let digits: Vec<u8> = bytes.into_iter().skip_while(|byte| *byte == 0).collect();
        out.push(0x80 | digits.len() as u8);
        out.extend(digits);
    }
    out.extend(content);
    out
}

/// The last part of the object identifier `2.5.4.N` of a name's part.
fn part_of(code: Integer) -> Option<u8> {
    Some(match code {
        13 => 3,  // common name
        14 => 6,  // country
        15 => 7,  // locality
        16 => 8,  // state or province
        17 => 10, // organization
        18 => 11, // organizational unit
        _ => return None,
    })
}

/// Source: commands/generate-certificate-request
fn request(
    process: &mut Process,
    key: AnyBlob,
    out: Out<Value>,
    codes: ArrayRef,
    names: ArrayRef,
) -> Result<()> {
    let key = private_key(&key)?;
    let (codes, names) = (codes.copy(process)?, names.copy(process)?);
    let mut subject = Vec::new();
    for at in 1..=codes.len().min(names.len()) as i64 {
        let code = convert::as_integer(&codes.get(at)?).unwrap_or(0);
        let name = convert::to_text(&names.get(at)?)?;
        let part = part_of(code).ok_or_else(|| {
            Fault::new(ErrorCode::ArgumentType, format!("{code} is no code of a certificate's name"))
        })?;
        let kind = if part == 6 { PRINTABLE } else { UTF8 };
        let pair = [element(OBJECT, &[0x55, 4, part]), element(kind, name.as_bytes())].concat();
        subject.extend(element(SET, &element(SEQUENCE, &pair)));
    }
    let der = signed(&key, &subject).ok_or_else(|| {
        Fault::new(ErrorCode::ArgumentType, "The request cannot be signed with this key")
    })?;
    fill_blob(process, &out, Blob::new(pem(&der).into_bytes()))
}

fn signed(key: &RsaPrivateKey, subject: &[u8]) -> Option<Vec<u8>> {
    let public = key.to_public_key().to_public_key_der().ok()?;
    let content = [VERSION, &element(SEQUENCE, subject), public.as_bytes(), &element(ATTRIBUTES, &[])].concat();
    let content = element(SEQUENCE, &content);
    let signature = key.sign(Pkcs1v15Sign::new::<Sha256>(), &Sha256::digest(&content)).ok()?;
    let bits = element(BITS, &[&[0], signature.as_slice()].concat());
    Some(element(SEQUENCE, &[content, SHA256_WITH_RSA.to_vec(), bits].concat()))
}

fn pem(der: &[u8]) -> String {
    let text = encode(der, false);
    let mut out = String::from("-----BEGIN CERTIFICATE REQUEST-----\n");
    let mut rest = text.as_str();
    while !rest.is_empty() {
        let (line, tail) = rest.split_at(rest.len().min(64));
        out.push_str(line);
        out.push('\n');
        rest = tail;
    }
    out.push_str("-----END CERTIFICATE REQUEST-----\n");
    out
}
