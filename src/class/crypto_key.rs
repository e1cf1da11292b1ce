//! 4D.CryptoKey: RSA and elliptic-curve keys that sign, verify, encrypt and decrypt.
//! `Source: API/CryptoKeyClass`

use crate::command::bind::Plain;
use crate::command::blob::TextOrBlob;
use crate::command::chance::Chance;
use crate::command::digest::{decode, encode};
use crate::host::Random;
use crate::value::{
    Collection, ErrorCode, Fault, Native, Object, PortableNative, Result, Text, Value, convert,
};
use crate::vm::Process;
use p256::ecdsa::signature::hazmat::{PrehashSigner, PrehashVerifier};
use p256::pkcs8::{DecodePrivateKey as _, DecodePublicKey as _, EncodePrivateKey as _, EncodePublicKey as _};
use rsa::pkcs1::{DecodeRsaPrivateKey as _, DecodeRsaPublicKey as _};
use rsa::pkcs8::{
    DecodePrivateKey as _, DecodePublicKey as _, LineEnding,
};
use rsa::sha2::{Digest, Sha256, Sha384, Sha512};
use rsa::traits::PublicKeyParts;
use rsa::{Oaep, Pkcs1v15Sign, Pss, RsaPrivateKey, RsaPublicKey};
use std::sync::Arc;

members! {
    "4D.CryptoKey" {
        /// Makes a new pair of keys, or takes one from a PEM text.
        new "new" (settings) => new_key;
        /// The name of an ECDSA key's curve.
        get "curve" () => |key: CryptoKey| key.0.curve();
        /// The PEM text: of the private key if there is one, else of the public key.
        get "pem" () => |key: CryptoKey| key.0.private_pem().or_else(|| key.0.public_pem()).unwrap_or_default();
        /// The size of an RSA key in bits.
        get "size" () => |key: CryptoKey| key.0.size();
        /// `RSA` or `ECDSA`.
        get "type" () => |key: CryptoKey| key.0.kind();
        /// The private key in PEM format; empty if there is none.
        function "getPrivateKey" () => |key: CryptoKey| key.0.private_pem().unwrap_or_default();
        /// The public key in PEM format.
        function "getPublicKey" () => |key: CryptoKey| key.0.public_pem().unwrap_or_default();
        /// Encrypts a text with the public key.
        function "encrypt" (message; options) => encrypt;
        /// Decrypts a text with the private key.
        function "decrypt" (message; options) => decrypt;
        /// Signs a text or BLOB with the private key.
        function "sign" (message; options) => sign;
        /// Checks a signature with the public key.
        function "verify" (message; signature; options) => verify;
    }
}

/// A pair of keys, or a public key alone.
enum Key {
    Rsa { private: Option<RsaPrivateKey>, public: RsaPublicKey },
    P256 { private: Option<p256::SecretKey>, public: p256::PublicKey },
    P384 { private: Option<p384::SecretKey>, public: p384::PublicKey },
    P521 { private: Option<p521::SecretKey>, public: p521::PublicKey },
}

/// What a 4D.CryptoKey object holds; processes may share it.
#[derive(Clone)]
struct CryptoKey(Arc<Key>);

impl Native for CryptoKey {
    fn copy(&self) -> Option<Box<dyn Native>> {
        Some(Box::new(self.clone()))
    }

    fn portable(&self) -> Option<Box<dyn PortableNative>> {
        Some(Box::new(self.clone()))
    }
}

impl PortableNative for CryptoKey {
    fn arrive(self: Box<Self>) -> Box<dyn Native> {
        self
    }
}

impl Plain for CryptoKey {
    const EXPECTED: &'static str = "a 4D.CryptoKey object";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        match &value {
            Value::Object(object) => object.native::<Self>().cloned().ok_or_else(|| value.clone()),
            _ => Err(value),
        }
    }
}

/// The same work on each of the curves.
macro_rules! on_curves {
    ($key:expr, $otherwise:expr, |$private:ident, $public:ident, $curve:ident| $work:expr) => {
        match $key {
            Key::P256 { private: $private, public: $public } => {
                use p256 as $curve;
                $work
            }
            Key::P384 { private: $private, public: $public } => {
                use p384 as $curve;
                $work
            }
            Key::P521 { private: $private, public: $public } => {
                use p521 as $curve;
                $work
            }
            Key::Rsa { .. } => $otherwise,
        }
    };
}

impl Key {
    fn kind(&self) -> &'static str {
        if matches!(self, Self::Rsa { .. }) { "RSA" } else { "ECDSA" }
    }

    fn curve(&self) -> Option<Text> {
        match self {
            Self::Rsa { .. } => None,
            Self::P256 { .. } => Some("prime256v1".into()),
            Self::P384 { .. } => Some("secp384r1".into()),
            Self::P521 { .. } => Some("secp521r1".into()),
        }
    }

    fn size(&self) -> Option<i64> {
        match self {
            Self::Rsa { public, .. } => i64::try_from(public.n().bits()).ok(),
            _ => None,
        }
    }

    fn private_pem(&self) -> Option<String> {
        if let Self::Rsa { private, .. } = self {
            return Some(
                rsa::pkcs8::EncodePrivateKey::to_pkcs8_pem(private.as_ref()?, LineEnding::LF)
                    .ok()?
                    .to_string(),
            );
        }
        on_curves!(self, None, |private, _public, curve| {
            let text = private.as_ref()?.to_pkcs8_pem(curve::pkcs8::LineEnding::LF).ok()?;
            Some(text.to_string())
        })
    }

    fn public_pem(&self) -> Option<String> {
        if let Self::Rsa { public, .. } = self {
            return rsa::pkcs8::EncodePublicKey::to_public_key_pem(public, LineEnding::LF).ok();
        }
        on_curves!(self, None, |_private, public, curve| public
            .to_public_key_pem(curve::pkcs8::LineEnding::LF)
            .ok())
    }

    fn from_pem(pem: &str) -> Option<Self> {
        let private =
            RsaPrivateKey::from_pkcs8_pem(pem).ok().or_else(|| RsaPrivateKey::from_pkcs1_pem(pem).ok());
        if let Some(private) = private {
            return Some(Self::Rsa { public: private.to_public_key(), private: Some(private) });
        }
        let public =
            RsaPublicKey::from_public_key_pem(pem).ok().or_else(|| RsaPublicKey::from_pkcs1_pem(pem).ok());
        if let Some(public) = public {
            return Some(Self::Rsa { private: None, public });
        }
        macro_rules! try_curve {
            ($curve:ident, $variant:ident) => {
                let private = $curve::SecretKey::from_pkcs8_pem(pem).ok();
                if let Some(private) = private.or_else(|| $curve::SecretKey::from_sec1_pem(pem).ok()) {
                    return Some(Self::$variant { public: private.public_key(), private: Some(private) });
                }
                if let Ok(public) = $curve::PublicKey::from_public_key_pem(pem) {
                    return Some(Self::$variant { private: None, public });
                }
            };
        }
        try_curve!(p256, P256);
        try_curve!(p384, P384);
        try_curve!(p521, P521);
        None
    }

    fn new_curve(name: &str, random: &dyn Random) -> Option<Self> {
        macro_rules! make {
            ($curve:ident, $variant:ident, $size:literal, $mask:literal) => {
                // nearly every number is a key; a few are tried
                (0..64).find_map(|_| {
                    let mut bytes = [0u8; $size];
                    random.fill(&mut bytes);
                    bytes[0] &= $mask;
                    let private = $curve::SecretKey::from_slice(&bytes).ok()?;
                    Some(Self::$variant { public: private.public_key(), private: Some(private) })
                })
            };
        }
        match name {
            "prime256v1" | "secp256r1" | "P-256" => make!(p256, P256, 32, 0xFF),
            "secp384r1" | "P-384" => make!(p384, P384, 48, 0xFF),
            "secp521r1" | "P-521" => make!(p521, P521, 66, 0x01),
            _ => None,
        }
    }
}

fn refused(message: impl Into<String>) -> Fault {
    Fault::new(ErrorCode::ArgumentType, message)
}

/// Source: API/CryptoKeyClass, 4D.CryptoKey.new()
fn new_key(process: &mut Process, _class: Value, settings: Object) -> Result<Value> {
    let text = |name: &str| match settings.get(name) {
        Value::Text(text) => text,
        _ => Text::new(),
    };
    let random = process.shared.host.random();
    let key = match text("type").as_str() {
        "RSA" => {
            let size = convert::as_integer(&settings.get("size")).unwrap_or(2048);
            if !(512..=8192).contains(&size) {
                return Err(refused(format!("An RSA key has 512 to 8192 bits, not {size}")));
            }
            let private = RsaPrivateKey::new(&mut Chance(random), size as usize)
                .map_err(|why| refused(format!("The RSA key cannot be made: {why}")))?;
            Key::Rsa { public: private.to_public_key(), private: Some(private) }
        }
        "ECDSA" => {
            let named = text("curve");
            let curve = if named.is_empty() { "prime256v1" } else { named.as_str() };
            Key::new_curve(curve, random)
                .ok_or_else(|| refused(format!("The curve `{curve}` is not known")))?
        }
        "PEM" => Key::from_pem(text("pem").trim())
            .ok_or_else(|| refused("The PEM text holds no key that is understood"))?,
        other => return Err(refused(format!("`{other}` is no type of key: it is RSA, ECDSA or PEM"))),
    };
    let class = process.shared.program.builtin_class("CryptoKey");
    Ok(Value::Object(Object::new_native(class.root, Box::new(CryptoKey(Arc::new(key))))))
}

// ---- options

fn option(options: Option<&Object>, name: &str) -> Value {
    options.map(|options| options.get(name)).unwrap_or_default()
}

#[derive(Clone, Copy)]
enum Hash {
    Sha256,
    Sha384,
    Sha512,
}

fn hash(options: Option<&Object>) -> Result<Hash> {
    match option(options, "hash") {
        Value::Undefined | Value::Null => Ok(Hash::Sha256),
        Value::Text(name) => match name.to_ascii_uppercase().replace('-', "").as_str() {
            "SHA256" => Ok(Hash::Sha256),
            "SHA384" => Ok(Hash::Sha384),
            "SHA512" => Ok(Hash::Sha512),
            _ => Err(refused(format!("The digest algorithm `{name}` is not provided"))),
        },
        _ => Err(refused("The option `hash` is the name of a digest algorithm")),
    }
}

impl Hash {
    fn digest(self, bytes: &[u8]) -> Vec<u8> {
        match self {
            Self::Sha256 => Sha256::digest(bytes).to_vec(),
            Self::Sha384 => Sha384::digest(bytes).to_vec(),
            Self::Sha512 => Sha512::digest(bytes).to_vec(),
        }
    }

    fn oaep(self) -> Oaep {
        match self {
            Self::Sha256 => Oaep::new::<Sha256>(),
            Self::Sha384 => Oaep::new::<Sha384>(),
            Self::Sha512 => Oaep::new::<Sha512>(),
        }
    }

    fn pss(self) -> Pss {
        match self {
            Self::Sha256 => Pss::new::<Sha256>(),
            Self::Sha384 => Pss::new::<Sha384>(),
            Self::Sha512 => Pss::new::<Sha512>(),
        }
    }

    fn pkcs1(self) -> Pkcs1v15Sign {
        match self {
            Self::Sha256 => Pkcs1v15Sign::new::<Sha256>(),
            Self::Sha384 => Pkcs1v15Sign::new::<Sha384>(),
            Self::Sha512 => Pkcs1v15Sign::new::<Sha512>(),
        }
    }
}

/// How bytes stand in a text: `UTF-8`, `Base64` or `Base64URL`.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Base64,
    Base64Url,
}

fn encoding(options: Option<&Object>, name: &str, otherwise: Encoding) -> Result<Encoding> {
    match option(options, name) {
        Value::Text(text) => match text.to_ascii_lowercase().as_str() {
            "utf-8" | "utf8" => Ok(Encoding::Utf8),
            "base64" => Ok(Encoding::Base64),
            "base64url" => Ok(Encoding::Base64Url),
            _ => Err(refused(format!("`{text}` is no encoding: it is UTF-8, Base64 or Base64URL"))),
        },
        _ => Ok(otherwise),
    }
}

impl Encoding {
    fn write(self, bytes: &[u8]) -> Option<String> {
        match self {
            Self::Utf8 => String::from_utf8(bytes.to_vec()).ok(),
            Self::Base64 => Some(encode(bytes, false)),
            Self::Base64Url => Some(encode(bytes, true)),
        }
    }

    fn read(self, text: &str) -> Option<Vec<u8>> {
        match self {
            Self::Utf8 => Some(text.as_bytes().to_vec()),
            Self::Base64 => decode(text.as_bytes(), false),
            Self::Base64Url => decode(text.as_bytes(), true),
        }
    }
}

/// `{success: …; errors: […]}`
fn status(done: std::result::Result<Option<String>, String>) -> Value {
    let object = Object::new();
    object.set(&"success".into(), Value::Boolean(done.is_ok()));
    match done {
        Ok(Some(result)) => object.set(&"result".into(), Value::from(result)),
        Ok(None) => {}
        Err(message) => {
            let error = Object::new();
            error.set(&"message".into(), Value::from(message));
            object.set(
                &"errors".into(),
                Value::Collection(Collection::from_values(vec![Value::Object(error)])),
            );
        }
    }
    Value::Object(object)
}

// ---- encrypting

/// Source: API/CryptoKeyClass, .encrypt()
fn encrypt(process: &mut Process, key: CryptoKey, message: Text, options: Option<Object>) -> Result<String> {
    let options = options.as_ref();
    let Key::Rsa { public, .. } = &*key.0 else { return Err(refused("Only RSA keys encrypt")) };
    let plain = encoding(options, "encodingDecrypted", Encoding::Utf8)?.read(&message);
    let plain = plain.ok_or_else(|| refused("The message is not encoded as told"))?;
    let secret = public
        .encrypt(&mut Chance(process.shared.host.random()), hash(options)?.oaep(), &plain)
        .map_err(|why| refused(format!("The message cannot be encrypted: {why}")))?;
    Ok(encoding(options, "encodingEncrypted", Encoding::Base64)?.write(&secret).unwrap_or_default())
}

/// Source: API/CryptoKeyClass, .decrypt()
fn decrypt(key: CryptoKey, message: Text, options: Option<Object>) -> Result<Value> {
    let options = options.as_ref();
    let Key::Rsa { private: Some(private), .. } = &*key.0 else {
        return Err(refused("Only private RSA keys decrypt"));
    };
    let (from, to) = (
        encoding(options, "encodingEncrypted", Encoding::Base64)?,
        encoding(options, "encodingDecrypted", Encoding::Utf8)?,
    );
    let hash = hash(options)?;
    let work = || {
        let secret = from.read(&message).ok_or("The message is not encoded as told")?;
        let plain = private.decrypt(hash.oaep(), &secret).map_err(|why| why.to_string())?;
        to.write(&plain).map(Some).ok_or_else(|| "The message is no text".to_owned())
    };
    Ok(status(work()))
}

// ---- signing

/// Elliptic curves give the two numbers one after the other, as JSON web tokens have them.
/// Source: API/CryptoKeyClass, .sign()
fn sign(
    process: &mut Process,
    key: CryptoKey,
    message: TextOrBlob,
    options: Option<Object>,
) -> Result<String> {
    let options = options.as_ref();
    let hash = hash(options)?;
    let digest = hash.digest(message.bytes());
    let none = || refused("The key is a public one: only private keys sign");
    let failed = |why: &dyn std::fmt::Display| refused(format!("The message cannot be signed: {why}"));
    let signature = match &*key.0 {
        Key::Rsa { private, .. } => {
            let private = private.as_ref().ok_or_else(none)?;
            if convert::truthy(&option(options, "pss")) {
                let mut chance = Chance(process.shared.host.random());
                private.sign_with_rng(&mut chance, hash.pss(), &digest).map_err(|why| failed(&why))?
            } else {
                private.sign(hash.pkcs1(), &digest).map_err(|why| failed(&why))?
            }
        }
        other => on_curves!(other, Vec::new(), |private, _public, curve| {
            let signer = curve::ecdsa::SigningKey::from(private.as_ref().ok_or_else(none)?);
            let signature: curve::ecdsa::Signature =
                signer.sign_prehash(&digest).map_err(|why| failed(&why))?;
            signature.to_bytes().to_vec()
        }),
    };
    Ok(encoding(options, "encoding", Encoding::Base64)?.write(&signature).unwrap_or_default())
}

/// Source: API/CryptoKeyClass, .verify()
fn verify(key: CryptoKey, message: TextOrBlob, signature: Text, options: Option<Object>) -> Result<Value> {
    let options = options.as_ref();
    let hash = hash(options)?;
    let digest = hash.digest(message.bytes());
    let Some(signature) = encoding(options, "encoding", Encoding::Base64)?.read(&signature) else {
        return Ok(status(Err("The signature is not encoded as told".to_owned())));
    };
    let good = match &*key.0 {
        Key::Rsa { public, .. } if convert::truthy(&option(options, "pss")) => {
            public.verify(hash.pss(), &digest, &signature).is_ok()
        }
        Key::Rsa { public, .. } => public.verify(hash.pkcs1(), &digest, &signature).is_ok(),
        other => on_curves!(other, false, |_private, public, curve| {
            let read = curve::ecdsa::Signature::from_slice(&signature);
            let read = read.or_else(|_| curve::ecdsa::Signature::from_der(&signature));
            let verifier = curve::ecdsa::VerifyingKey::from(public);
            read.is_ok_and(|signature| verifier.verify_prehash(&digest, &signature).is_ok())
        }),
    };
    Ok(status(if good { Ok(None) } else { Err("The signature does not belong to the message".to_owned()) }))
}
