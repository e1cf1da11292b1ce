//! Addresses of requests: where to connect, and what to ask for there. `Source: API/HTTPRequestClass`

use std::fmt::Write;

/// A request's address in parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Url {
    pub secure: bool,
    /// A name or an IP address; one of the newer family without its brackets.
    pub host: String,
    pub port: u16,
    /// Path and query, as they are sent.
    pub target: String,
    /// Name and password that stood before the host.
    pub login: Option<(String, String)>,
}

impl Url {
    /// Reads an address; one without a scheme is taken to be `secure` or not.
    #[must_use]
    pub fn parse(text: &str, secure: bool) -> Option<Self> {
        let text = text.trim();
        let (secure, rest) = match text.split_once("://") {
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") || scheme.eq_ignore_ascii_case("wss") => {
                (true, rest)
            }
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("ws") => {
                (false, rest)
            }
            // `host/path?next=http://…` has no scheme
            Some((scheme, _)) if !scheme.contains(['/', '?', '.']) => return None,
            _ => (secure, text),
        };
        let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let (authority, target) = rest.split_at(end);
        let (login, place) = match authority.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, authority),
        };
        let (host, port) = host_and_port(place, if secure { 443 } else { 80 })?;
        let login = login.map(|login| {
            let (name, password) = login.split_once(':').unwrap_or((login, ""));
            (unescaped(name), unescaped(password))
        });
        Some(Self { secure, host, port, target: target_of(target), login })
    }

    /// The address that this one leads to.
    #[must_use]
    pub fn join(&self, to: &str) -> Option<Self> {
        let to = to.trim();
        let scheme = to.split_once(':').map(|(scheme, _)| scheme);
        if scheme.is_some_and(|s| s.eq_ignore_ascii_case("http") || s.eq_ignore_ascii_case("https")) {
            return Self::parse(to, self.secure);
        }
        if let Some(rest) = to.strip_prefix("//") {
            return Self::parse(rest, self.secure);
        }
        let path = self.target.split_once('?').map_or(self.target.as_str(), |(path, _)| path);
        let target = if to.starts_with('/') {
            to.to_owned()
        } else if to.starts_with('?') {
            format!("{path}{to}")
        } else {
            let folder = path.rfind('/').map_or("/", |at| path.get(..=at).unwrap_or("/"));
            format!("{folder}{to}")
        };
        let (path, query) = target.split_once('?').map_or((target.as_str(), None), |(p, q)| (p, Some(q)));
        let mut whole = plain(path);
        if let Some(query) = query {
            let _ = write!(whole, "?{query}");
        }
        Some(Self { target: target_of(&whole), login: None, ..self.clone() })
    }

    /// Host and, where it is not the usual one, port.
    #[must_use]
    pub fn authority(&self) -> String {
        let host = self.bracketed();
        if self.port == if self.secure { 443 } else { 80 } { host } else { format!("{host}:{}", self.port) }
    }

    /// Host and port.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}:{}", self.bracketed(), self.port)
    }

    fn bracketed(&self) -> String {
        if self.host.contains(':') { format!("[{}]", self.host) } else { self.host.clone() }
    }

    /// Whether it is the same server.
    #[must_use]
    pub fn same_server(&self, other: &Self) -> bool {
        (self.secure, self.port) == (other.secure, other.port) && self.host.eq_ignore_ascii_case(&other.host)
    }

    /// This machine itself.
    #[must_use]
    pub fn is_local(&self) -> bool {
        self.host.eq_ignore_ascii_case("localhost")
            || self.host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
    }
}

/// Host and port of a place such as `[::1]:80`.
#[must_use]
pub fn host_and_port(place: &str, usual: u16) -> Option<(String, u16)> {
    let (host, port) = if let Some(rest) = place.strip_prefix('[') {
        let (host, port) = rest.split_once(']')?;
        host.parse::<std::net::Ipv6Addr>().ok()?;
        (host, if port.is_empty() { None } else { Some(port.strip_prefix(':')?) })
    } else {
        match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        }
    };
    let bad = |c: char| !c.is_ascii() || c.is_ascii_control() || " \"<>\\^`{|}%".contains(c);
    if host.is_empty() || host.contains(bad) {
        return None;
    }
    let port = port.filter(|port| !port.is_empty()).map_or(Some(usual), |port| port.parse().ok())?;
    Some((host.to_owned(), port))
}

/// Path and query with what may not stand there escaped, without what follows a `#`.
fn target_of(text: &str) -> String {
    let text = text.split_once('#').map_or(text, |(before, _)| before);
    let mut target = String::with_capacity(text.len() + 1);
    if !text.starts_with('/') {
        target.push('/');
    }
    for byte in text.bytes() {
        if byte.is_ascii_graphic() && !b"\"<>\\^`{|}".contains(&byte) {
            target.push(char::from(byte));
        } else {
            let _ = write!(target, "%{byte:02X}");
        }
    }
    target
}

/// The path without `.` and `..`.
fn plain(path: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    let mut all = path.split('/').skip(1).peekable();
    while let Some(part) = all.next() {
        let last = all.peek().is_none();
        match part {
            "." | ".." => {
                if part == ".." {
                    parts.pop();
                }
                if last {
                    parts.push("");
                }
            }
            part => parts.push(part),
        }
    }
    format!("/{}", parts.join("/"))
}

fn unescaped(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, tail)) = rest.split_first() {
        let hex = tail.get(..2).and_then(|two| std::str::from_utf8(two).ok());
        match hex.and_then(|two| u8::from_str_radix(two, 16).ok()) {
            Some(byte) if *first == b'%' => {
                bytes.push(byte);
                rest = tail.get(2..).unwrap_or_default();
            }
            _ => {
                bytes.push(*first);
                rest = tail;
            }
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use super::Url;

    fn url(text: &str) -> Url {
        Url::parse(text, true).unwrap()
    }

    #[test]
    fn parts() {
        let found = url("http://john:sm%40ith@123.45.67.89:8083/a b?name=\"jo\"#x");
        assert_eq!((found.secure, found.host.as_str(), found.port), (false, "123.45.67.89", 8083));
        assert_eq!(found.target, "/a%20b?name=%22jo%22");
        assert_eq!(found.login, Some(("john".to_owned(), "sm@ith".to_owned())));
        let found = url("www.myserver.com?q=http://x");
        assert_eq!((found.secure, found.port, found.target.as_str()), (true, 443, "/?q=http://x"));
        assert_eq!(url("HTTP://[::1]:8080/index.html").place(), "[::1]:8080");
        for bad in ["", "ftp://x/", "http://", "http://a b/", "http://x:99999/", "http://[zz]/", "http://x\r\ny/"] {
            assert_eq!(Url::parse(bad, true), None, "{bad:?}");
        }
    }

    #[test]
    fn redirections() {
        let from = url("http://a.b/c/d?q");
        for (to, expected) in [
            ("e", "/c/e"),
            ("../e?x=1", "/e?x=1"),
            ("/f/./g", "/f/g"),
            ("?z", "/c/d?z"),
            ("//h.i/j", "/j"),
            ("https://k/l", "/l"),
        ] {
            assert_eq!(from.join(to).unwrap().target, expected, "{to}");
        }
        assert!(from.join("https://k/l").unwrap().secure);
    }
}
