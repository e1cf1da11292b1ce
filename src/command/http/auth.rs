//! Names and passwords on their way to servers and proxies: the methods BASIC and DIGEST.
//! `Source: commands/http-authenticate, API/HTTPRequestClass (authentication object)`

use crate::command::digest::encode;
use md5::Md5;
use sha2::{Digest, Sha256};

/// How a name and a password are sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Method {
    /// As the server wishes.
    #[default]
    Auto,
    Basic,
    Digest,
}

/// A name and a password.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Login {
    pub name: String,
    pub password: String,
    pub method: Method,
}

impl Login {
    /// What is sent with the first request, before the server has asked.
    #[must_use]
    pub fn at_once(&self) -> Option<String> {
        (self.method == Method::Basic).then(|| self.basic())
    }

    fn basic(&self) -> String {
        format!("Basic {}", encode(format!("{}:{}", self.name, self.password).as_bytes(), false))
    }

    /// The answer to what a server has asked for; none if it asks for nothing that is known.
    #[must_use]
    pub fn answer(&self, asked: &[&str], method: &str, target: &str, nonce: &str) -> Option<String> {
        let challenges: Vec<Challenge> = asked.iter().flat_map(|text| challenges(text)).collect();
        let find = |scheme: &str| challenges.iter().find(|c| c.scheme.eq_ignore_ascii_case(scheme));
        if self.method != Method::Basic
            && let Some(answer) = find("Digest").and_then(|c| self.digest(c, method, target, nonce))
        {
            return Some(answer);
        }
        (self.method != Method::Digest && find("Basic").is_some()).then(|| self.basic())
    }

    fn digest(&self, asked: &Challenge, method: &str, target: &str, own: &str) -> Option<String> {
        let algorithm = asked.get("algorithm").unwrap_or("MD5");
        let (hash, session): (fn(&str) -> String, bool) = match algorithm.to_ascii_uppercase().as_str() {
            "MD5" => (md5, false),
            "MD5-SESS" => (md5, true),
            "SHA-256" => (sha256, false),
            "SHA-256-SESS" => (sha256, true),
            _ => return None,
        };
        let (realm, nonce) = (asked.get("realm").unwrap_or(""), asked.get("nonce")?);
        let guarded = match asked.get("qop") {
            None => false,
            Some(ways) if ways.split(',').any(|way| way.trim().eq_ignore_ascii_case("auth")) => true,
            Some(_) => return None,
        };
        let mut who = hash(&format!("{}:{realm}:{}", self.name, self.password));
        if session {
            who = hash(&format!("{who}:{nonce}:{own}"));
        }
        let what = hash(&format!("{method}:{target}"));
        let proof = if guarded {
            hash(&format!("{who}:{nonce}:00000001:{own}:auth:{what}"))
        } else {
            hash(&format!("{who}:{nonce}:{what}"))
        };
        let name = self.name.replace('\\', "\\\\").replace('"', "\\\"");
        let mut answer = format!(
            "Digest username=\"{name}\", realm=\"{realm}\", nonce=\"{nonce}\", uri=\"{target}\", response=\"{proof}\""
        );
        if asked.get("algorithm").is_some() {
            answer += &format!(", algorithm={algorithm}");
        }
        if let Some(opaque) = asked.get("opaque") {
            answer += &format!(", opaque=\"{opaque}\"");
        }
        if guarded || session {
            answer += &format!(", qop=auth, nc=00000001, cnonce=\"{own}\"");
        }
        Some(answer)
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

fn md5(text: &str) -> String {
    hex(&Md5::digest(text.as_bytes()))
}

fn sha256(text: &str) -> String {
    hex(&Sha256::digest(text.as_bytes()))
}

/// A way to prove who one is, as a server offers it.
struct Challenge {
    scheme: String,
    parameters: Vec<(String, String)>,
}

impl Challenge {
    fn get(&self, name: &str) -> Option<&str> {
        let found = self.parameters.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }
}

/// The challenges of a `WWW-Authenticate` header: `Basic realm="a", Digest realm="b", nonce="c"`.
fn challenges(text: &str) -> Vec<Challenge> {
    let mut all: Vec<Challenge> = Vec::new();
    for part in split_outside_quotes(text) {
        let (first, value) = part.split_once('=').map_or((part, None), |(n, v)| (n.trim(), Some(v.trim())));
        let name = match first.trim().rsplit_once(char::is_whitespace) {
            Some((scheme, name)) if value.is_some() => {
                all.push(Challenge { scheme: scheme.trim().to_owned(), parameters: Vec::new() });
                name
            }
            _ if value.is_none() => {
                all.push(Challenge { scheme: first.trim().to_owned(), parameters: Vec::new() });
                continue;
            }
            _ => first,
        };
        let (Some(challenge), Some(value)) = (all.last_mut(), value) else { continue };
        let quoted = value.strip_prefix('"').and_then(|value| value.strip_suffix('"'));
        let value = quoted.map_or_else(|| value.to_owned(), |value| value.replace("\\\"", "\""));
        challenge.parameters.push((name.trim().to_owned(), value));
    }
    all
}

fn split_outside_quotes(text: &str) -> Vec<&str> {
    let (mut parts, mut start, mut quoted, mut escaped) = (Vec::new(), 0, false, false);
    for (at, c) in text.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '"' => quoted = !quoted,
            ',' if !quoted => {
                parts.push(text.get(start..at).unwrap_or_default().trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    parts.push(text.get(start..).unwrap_or_default().trim());
    parts.retain(|part| !part.is_empty());
    parts
}

#[cfg(test)]
mod tests {
    use super::{Login, Method};

    /// The example of RFC 2617.
    #[test]
    fn digest() {
        let login = Login { name: "Mufasa".into(), password: "Circle Of Life".into(), method: Method::Auto };
        let asked = "Basic realm=\"x\", Digest realm=\"testrealm@host.com\", qop=\"auth,auth-int\", \
                     nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\", opaque=\"5ccc069c403ebaf9f0171e9517f40e41\"";
        let answer = login.answer(&[asked], "GET", "/dir/index.html", "0a4f113b").unwrap();
        assert!(answer.contains("response=\"6629fae49393a05397450978507c4ef1\""), "{answer}");
        let basic = Login { method: Method::Basic, ..login.clone() };
        assert!(basic.answer(&[asked], "GET", "/", "n").unwrap().starts_with("Basic "));
        assert_eq!(login.answer(&["Bearer", "Negotiate"], "GET", "/", "n"), None);
    }
}
