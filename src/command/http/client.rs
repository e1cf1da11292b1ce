//! One request and what becomes of it: connections, redirections, names and passwords, the answer. The
//! protocol itself is `ureq_proto`'s; nothing here knows of processes or values.

use super::agent::{Agent, Key, Place};
use super::auth::Login;
use super::decode::Decoder;
use super::url::Url;
use super::wire::{Deadline, Wire};
use crate::command::trouble::{Trouble, number};
use crate::host::network::{Control, Stream, connect_to};
use crate::host::tls::{Security, secure};
use crate::host::{Host, Network};
use std::io;
use std::sync::Arc;
use std::time::Duration;
use ureq_proto::BodyMode;
use ureq_proto::client::state::{RecvBody, RecvResponse};
use ureq_proto::client::{Await100Result, Call, RecvBodyResult, RecvResponseResult, SendRequestResult};
use ureq_proto::http;

/// Connecting takes no longer than this, whatever the request says.
const CONNECTING: Duration = Duration::from_secs(60);
/// The most that the head of an answer may have.
const HEAD: usize = 512 * 1024;
/// The most that is read of an answer that nobody wants, to use its connection again.
const UNWANTED: usize = 256 * 1024;
/// The most that a body may have, as any BLOB or text. Source: Concepts/blob
const MOST: usize = 0x7FFF_FFFF;

/// A request.
#[derive(Clone)]
pub struct Request {
    pub method: String,
    pub url: Url,
    pub headers: Vec<(String, String)>,
    pub body: Option<Vec<u8>>,
    /// How many redirections are followed.
    pub redirections: u32,
    pub limit: Option<Duration>,
    pub security: Security,
    pub login: Option<Login>,
    pub proxy_login: Option<Login>,
    pub proxy: Option<Proxy>,
    pub agent: Arc<Agent>,
    /// Keeps the connection for the next request.
    pub keep_alive: bool,
    /// Takes compressed answers.
    pub compressed: bool,
    /// Pieces of the answer are told as they came, compressed or not.
    pub raw_pieces: bool,
    /// Keeps the answer's body.
    pub keep_body: bool,
}

/// A server that passes requests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proxy {
    pub host: String,
    pub port: u16,
    pub login: Option<(String, String)>,
}

/// What stands before an answer's body.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    pub status: u16,
    pub reason: String,
    /// Names as they came.
    pub headers: Vec<(String, String)>,
}

impl Head {
    /// The values of a header.
    pub fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let found = self.headers.iter().filter(move |(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    #[must_use]
    pub fn get<'a>(&'a self, name: &'a str) -> Option<&'a str> {
        self.all(name).last()
    }
}

/// Who is told how a request goes on.
pub trait Watcher {
    fn head(&mut self, head: &Head);
    fn piece(&mut self, bytes: &[u8]);
}

/// Sends a request and receives the answer's body.
///
/// # Errors
/// What went wrong.
pub fn perform(
    host: &dyn Host,
    request: &Request,
    control: &Control,
    watcher: &mut dyn Watcher,
) -> Result<(Head, Vec<u8>), Trouble> {
    let _handled = request.agent.handle();
    let clock = host.clock();
    let end = request.limit.map(|limit| clock.elapsed().saturating_add(limit));
    let mut sending = Sending {
        host,
        control,
        deadline: Deadline { clock, end },
        request,
        method: request.method.clone(),
        url: request.url.clone(),
        body: request.body.as_deref(),
        login: login_of(request),
        server_answer: None,
        proxy_answer: request.proxy_login.as_ref().and_then(Login::at_once),
    };
    sending.server_answer = sending.login.as_ref().and_then(Login::at_once);
    let url = request.url.clone();
    sending.run(watcher).map_err(|stopped| match stopped {
        Stopped::Trouble(trouble) => trouble,
        Stopped::Io(error) => Trouble::of_io(&format!("{}{}", url.place(), url.target), &error),
    })
}

fn login_of(request: &Request) -> Option<Login> {
    let in_url = request.url.login.as_ref().map(|(name, password)| Login {
        name: name.clone(),
        password: password.clone(),
        method: super::auth::Method::Auto,
    });
    request.login.clone().or(in_url)
}

enum Stopped {
    Io(io::Error),
    Trouble(Trouble),
}

impl From<io::Error> for Stopped {
    fn from(error: io::Error) -> Self {
        Self::Io(error)
    }
}

impl From<ureq_proto::Error> for Stopped {
    fn from(error: ureq_proto::Error) -> Self {
        Self::Trouble(Trouble::new(number::BAD_ANSWER, format!("The server's answer makes no sense: {error}")))
    }
}

fn bad_request(why: impl std::fmt::Display) -> Stopped {
    Stopped::Trouble(Trouble::new(number::BAD_REQUEST, format!("The request cannot be sent: {why}")))
}

struct Sending<'a> {
    host: &'a dyn Host,
    control: &'a Control,
    deadline: Deadline<'a>,
    request: &'a Request,
    method: String,
    url: Url,
    body: Option<&'a [u8]>,
    login: Option<Login>,
    /// What proves to the server and the proxy who we are.
    server_answer: Option<String>,
    proxy_answer: Option<String>,
}

/// An answer whose body has not been read.
struct Answer<'a> {
    wire: Wire<'a>,
    place: Place<'a>,
    body: Body,
}

/// What follows the head.
enum Body {
    Some(Box<Call<RecvBody>>),
    /// Nothing; whether the connection must be closed.
    None(bool),
}

impl<'a> Sending<'a> {
    fn run(&mut self, watcher: &mut dyn Watcher) -> Result<(Head, Vec<u8>), Stopped> {
        let mut redirections = self.request.redirections;
        let (mut asked_server, mut asked_proxy) = (false, false);
        loop {
            let (head, answer) = self.exchange()?;
            match head.status {
                401 if !asked_server && self.prove(&head, false) => asked_server = true,
                407 if !asked_proxy && self.prove(&head, true) => asked_proxy = true,
                301 | 302 | 303 | 307 | 308 if redirections > 0 && self.redirect(&head) => {
                    redirections -= 1;
                    asked_server = false;
                }
                _ => {
                    watcher.head(&head);
                    let body = self.receive(&head, answer, watcher)?;
                    return Ok((head, body));
                }
            }
            self.discard(answer);
        }
    }

    /// Prepares the answer to what a server or proxy has asked for.
    fn prove(&mut self, head: &Head, proxy: bool) -> bool {
        let header = if proxy { "proxy-authenticate" } else { "www-authenticate" };
        let asked: Vec<&str> = head.all(header).collect();
        let login = if proxy { &self.request.proxy_login } else { &self.login };
        let nonce = format!("{:016x}", self.host.random().number());
        let target = if proxy { self.proxied_target() } else { self.url.target.clone() };
        let answer =
            login.as_ref().and_then(|login| login.answer(&asked, &self.method, &target, &nonce));
        let slot = if proxy { &mut self.proxy_answer } else { &mut self.server_answer };
        // the same once more would be refused again
        if answer.is_none() || *slot == answer {
            return false;
        }
        *slot = answer;
        true
    }

    fn redirect(&mut self, head: &Head) -> bool {
        let Some(url) = head.get("location").and_then(|to| self.url.join(to)) else { return false };
        let method = self.method.as_str();
        let becomes_get = match head.status {
            303 => method != "HEAD",
            301 | 302 => method == "POST",
            _ => false,
        };
        if becomes_get {
            self.method = "GET".to_owned();
            self.body = None;
        }
        if !url.same_server(&self.url) {
            // what was meant for one server is no other's business
            self.login = None;
            self.server_answer = None;
        }
        self.url = url;
        true
    }

    fn proxied_target(&self) -> String {
        format!("http://{}{}", self.url.authority(), self.url.target)
    }

    /// A proxy that only passes plain requests on sees the whole address.
    fn by_plain_proxy(&self) -> bool {
        self.request.proxy.is_some() && !self.url.secure
    }

    /// Sends the request and receives the head of the answer.
    fn exchange(&self) -> Result<(Head, Answer<'a>), Stopped> {
        let key = Key {
            place: self.url.place(),
            proxy: self.request.proxy.as_ref().map(|proxy| format!("{}:{}", proxy.host, proxy.port)),
            security: self.url.secure.then(|| self.request.security.clone()),
        };
        let clock = self.deadline.clock;
        let deadline = self.deadline;
        let take =
            || self.request.agent.take(&key, self.control, &|| deadline.left(), &|| clock.elapsed());
        let (place, kept) = take()?;
        if let Some(stream) = kept {
            match self.converse(stream) {
                Ok((head, wire, body)) => return Ok((head, Answer { wire, place, body })),
                // The server may have closed the connection meanwhile: what may be sent twice is.
                Err(Stopped::Io(error)) if self.may_repeat() && has_gone(&error) => {}
                Err(stopped) => return Err(stopped),
            }
        }
        let stream = self.connect()?;
        let (head, wire, body) = self.converse(stream)?;
        Ok((head, Answer { wire, place, body }))
    }

    fn may_repeat(&self) -> bool {
        matches!(self.method.as_str(), "GET" | "HEAD" | "PUT" | "DELETE" | "OPTIONS" | "TRACE")
    }

    fn connect(&self) -> Result<Box<dyn Stream>, Stopped> {
        let network: &dyn Network = self.host.network();
        let limit = self.deadline.left()?.unwrap_or(CONNECTING).min(CONNECTING);
        let (host, port) = match &self.request.proxy {
            Some(proxy) => (proxy.host.as_str(), proxy.port),
            None => (self.url.host.as_str(), self.url.port),
        };
        let stream = connect_to(network, host, port, limit, self.control).map_err(|error| {
            if error.kind() == io::ErrorKind::TimedOut || error.kind() == io::ErrorKind::ConnectionAborted {
                return Stopped::Io(error);
            }
            let told = Trouble::of_io(&format!("{host}:{port}"), &error);
            let known = host.parse::<std::net::IpAddr>().is_ok();
            let no_name = !known && told.code == number::NOT_SECURE
                || error.kind() == io::ErrorKind::NotFound
                || error.to_string().contains("lookup");
            let code = if no_name { number::NO_SUCH_NAME } else { number::UNREACHABLE };
            Stopped::Trouble(Trouble { code, ..told })
        })?;
        stream.set_no_delay(true);
        if !self.url.secure {
            return Ok(stream);
        }
        let stream = if self.request.proxy.is_some() { self.tunnel(stream)? } else { stream };
        let deadline = self.deadline;
        let start = deadline.clock.elapsed();
        let left = || match deadline.left()? {
            None => {
                let left = CONNECTING.checked_sub(deadline.clock.elapsed().saturating_sub(start));
                left.ok_or_else(|| io::ErrorKind::TimedOut.into()).map(Some)
            }
            some => Ok(some),
        };
        let trusted = network.trusted();
        Ok(secure(stream, &self.url.host, &trusted, &self.request.security, self.control, &left)?)
    }

    /// Has a proxy pass on what it cannot read.
    fn tunnel(&self, stream: Box<dyn Stream>) -> Result<Box<dyn Stream>, Stopped> {
        let place = self.url.place();
        let mut wire = Wire::new(stream, self.control, self.deadline);
        let mut text = format!("CONNECT {place} HTTP/1.1\r\nHost: {place}\r\n");
        let login = self.request.proxy_login.as_ref();
        let answer = self.proxy_answer.clone().or_else(|| login?.answer(&["Basic"], "CONNECT", &place, ""));
        if let Some(answer) = answer {
            text += &format!("Proxy-Authorization: {answer}\r\n");
        }
        text += "\r\n";
        wire.send(text.as_bytes())?;
        while !wire.input.windows(4).any(|end| end == b"\r\n\r\n") {
            if wire.input.len() > HEAD || wire.fill()? == 0 {
                return Err(Stopped::Io(io::ErrorKind::UnexpectedEof.into()));
            }
        }
        let status = String::from_utf8_lossy(&wire.input).split(' ').nth(1).map(str::to_owned);
        if status.as_deref().is_some_and(|status| status.starts_with('2')) {
            return Ok(wire.stream);
        }
        let status = status.unwrap_or_default();
        Err(Stopped::Trouble(Trouble::new(number::UNREACHABLE, format!("The proxy refuses {place} ({status})"))))
    }

    /// The request as the protocol takes it.
    fn message(&self) -> Result<http::Request<()>, Stopped> {
        let scheme = if self.url.secure { "https" } else { "http" };
        let uri = format!("{scheme}://{}{}", self.url.authority(), self.url.target);
        let method = http::Method::from_bytes(self.method.as_bytes()).map_err(bad_request)?;
        let mut message = http::Request::builder().method(method).uri(uri).body(()).map_err(bad_request)?;
        let headers = message.headers_mut();
        let same_server = self.url.same_server(&self.request.url);
        for (name, value) in &self.request.headers {
            let lower = name.to_ascii_lowercase();
            let ours = matches!(lower.as_str(), "content-length" | "transfer-encoding" | "expect");
            let private = matches!(lower.as_str(), "authorization" | "cookie" | "host") && !same_server;
            let of_body = lower.starts_with("content-") && self.body.is_none() && self.request.body.is_some();
            if ours || private || of_body || (lower == "authorization" && self.server_answer.is_some()) {
                continue;
            }
            let bad = |why: &dyn std::fmt::Display| bad_request(format!("the header {name:?}: {why}"));
            let name = http::HeaderName::from_bytes(name.as_bytes()).map_err(|why| bad(&why))?;
            let value = http::HeaderValue::from_bytes(value.as_bytes()).map_err(|why| bad(&why))?;
            headers.append(name, value);
        }
        let mut add = |name: http::HeaderName, value: &str| -> Result<(), Stopped> {
            let value = http::HeaderValue::from_bytes(value.as_bytes()).map_err(bad_request)?;
            headers.entry(name).or_insert(value);
            Ok(())
        };
        add(http::header::ACCEPT, "*/*")?;
        add(http::header::USER_AGENT, concat!("fourd/", env!("CARGO_PKG_VERSION")))?;
        if self.request.compressed {
            add(http::header::ACCEPT_ENCODING, "gzip, deflate")?;
        }
        if !self.request.keep_alive || !self.request.agent.limits.keep_alive {
            add(http::header::CONNECTION, "close")?;
        }
        if let Some(answer) = &self.server_answer {
            add(http::header::AUTHORIZATION, answer)?;
        }
        if let Some(answer) = self.proxy_answer.as_ref().filter(|_| self.by_plain_proxy()) {
            add(http::header::PROXY_AUTHORIZATION, answer)?;
        }
        let size = self.body.map(<[u8]>::len);
        let size = size.or_else(|| matches!(self.method.as_str(), "POST" | "PUT" | "PATCH").then_some(0));
        if let Some(size) = size {
            add(http::header::CONTENT_LENGTH, &size.to_string())?;
        }
        Ok(message)
    }

    fn converse(&self, stream: Box<dyn Stream>) -> Result<(Head, Wire<'a>, Body), Stopped> {
        let message = self.message()?;
        let room = message.headers().iter().map(|(name, value)| name.as_str().len() + value.len() + 4);
        let room = room.sum::<usize>() + self.url.target.len() + self.url.host.len() + 4096;
        let mut call = Call::new(message)?;
        call.allow_non_standard_methods(true);
        if self.body.is_some() {
            call.force_send_body();
        }
        let mut call = call.proceed();
        let mut head = vec![0; room];
        let size = call.write(&mut head)?;
        head.truncate(size);
        if self.by_plain_proxy() {
            let line_end = head.iter().position(|byte| *byte == b'\r').unwrap_or(0);
            let line = format!("{} {} HTTP/1.1", self.method, self.proxied_target());
            head.splice(..line_end, line.into_bytes());
        }
        let mut wire = Wire::new(stream, self.control, self.deadline);
        wire.send(&head)?;
        let next = call.proceed()?.ok_or_else(|| bad_request("it is not complete"))?;
        let sending = match next {
            SendRequestResult::RecvResponse(call) => return self.answer(wire, call),
            SendRequestResult::SendBody(call) => call,
            SendRequestResult::Await100(call) => match call.proceed()? {
                Await100Result::SendBody(call) => call,
                Await100Result::RecvResponse(call) => return self.answer(wire, call),
            },
        };
        let mut sending = sending;
        let body = self.body.unwrap_or_default();
        // A server may answer and close before it has read everything: its answer counts.
        let sent = wire.send(body);
        if let Err(error) = &sent
            && !has_gone(error)
        {
            return Err(sent.err().map_or_else(|| bad_request(""), Stopped::Io));
        }
        sending.consume_direct_write(body.len())?;
        let Some(call) = sending.proceed() else { return Err(bad_request("its body is not complete")) };
        match (self.answer(wire, call), sent) {
            (Err(_), Err(error)) => Err(Stopped::Io(error)),
            (done, _) => done,
        }
    }

    fn answer(
        &self,
        mut wire: Wire<'a>,
        mut call: Call<RecvResponse>,
    ) -> Result<(Head, Wire<'a>, Body), Stopped> {
        loop {
            let (used, response) = call.try_response(&wire.input, false)?;
            if let Some(response) = response {
                let reason = reason(&wire.input);
                let headers = raw_headers(wire.input.get(..used).unwrap_or_default());
                wire.used(used);
                let head = Head { status: response.status().as_u16(), reason, headers };
                let body = match call.proceed() {
                    Some(RecvResponseResult::RecvBody(call)) => Body::Some(Box::new(call)),
                    Some(RecvResponseResult::Redirect(call)) => Body::None(call.must_close_connection()),
                    Some(RecvResponseResult::Cleanup(call)) => Body::None(call.must_close_connection()),
                    None => Body::None(true),
                };
                return Ok((head, wire, body));
            }
            wire.used(used);
            if used > 0 {
                continue;
            }
            if wire.input.len() > HEAD {
                let message = "The head of the server's answer is too large";
                return Err(Stopped::Trouble(Trouble::new(number::TOO_LARGE, message)));
            }
            if wire.fill()? == 0 {
                return Err(Stopped::Io(io::ErrorKind::UnexpectedEof.into()));
            }
        }
    }

    /// Receives the body, told piece by piece.
    fn receive(
        &self,
        head: &Head,
        answer: Answer<'a>,
        watcher: &mut dyn Watcher,
    ) -> Result<Vec<u8>, Stopped> {
        let encoding = head.get("content-encoding").unwrap_or("");
        let mut decoder = Decoder::new(encoding);
        let mut whole = Vec::new();
        let raw = self.request.raw_pieces;
        let mut take = |decoder: &mut Decoder, piece: &[u8], end: bool| -> Result<(), Stopped> {
            if raw && !piece.is_empty() {
                watcher.piece(piece);
            }
            if raw && !self.request.keep_body {
                return Ok(());
            }
            // in small steps: a little that is sent may become much
            let mut steps = piece.chunks(4096).map(|step| (step, false)).chain(end.then_some((&[][..], true)));
            let mut decoded = Vec::new();
            steps.try_for_each(|(step, end)| -> Result<(), Stopped> {
                decoded.extend(decoder.push(step, end)?);
                if whole.len() + decoded.len() > MOST {
                    return Err(Stopped::Io(io::ErrorKind::FileTooLarge.into()));
                }
                Ok(())
            })?;
            if !raw && !decoded.is_empty() {
                watcher.piece(&decoded);
            }
            if self.request.keep_body {
                whole.append(&mut decoded);
            }
            Ok(())
        };
        self.read_body(answer, usize::MAX, |piece| take(&mut decoder, piece, false))?;
        take(&mut decoder, &[], true)?;
        Ok(whole)
    }

    /// Reads an answer that is not wanted, so that its connection may be used again.
    fn discard(&self, answer: Answer<'a>) {
        drop(self.read_body(answer, UNWANTED, |_| Ok(())));
    }

    fn read_body(
        &self,
        answer: Answer<'a>,
        most: usize,
        mut take: impl FnMut(&[u8]) -> Result<(), Stopped>,
    ) -> Result<(), Stopped> {
        let Answer { mut wire, place, body } = answer;
        let mut call = match body {
            Body::Some(call) => *call,
            Body::None(close) => {
                self.keep(wire, place, close);
                return Ok(());
            }
        };
        let until_end = call.body_mode() == BodyMode::CloseDelimited;
        let mut output = vec![0; 32 * 1024];
        let mut total = 0usize;
        while until_end || !call.can_proceed() {
            let (used, made) = call.read(&wire.input, &mut output)?;
            wire.used(used);
            total = total.saturating_add(made);
            if total > most {
                return Ok(());
            }
            if made > 0 {
                take(output.get(..made).unwrap_or_default())?;
            }
            if used == 0 && made == 0 && (until_end || !call.can_proceed()) && wire.fill()? == 0 {
                if until_end {
                    return Ok(());
                }
                let message = "The server has closed the connection before the end of its answer";
                return Err(Stopped::Trouble(Trouble::new(number::UNREACHABLE, message)));
            }
        }
        let close = match call.proceed() {
            Some(RecvBodyResult::Redirect(call)) => call.must_close_connection(),
            Some(RecvBodyResult::Cleanup(call)) => call.must_close_connection(),
            None => true,
        };
        self.keep(wire, place, close);
        Ok(())
    }

    fn keep(&self, wire: Wire<'a>, place: Place<'a>, close: bool) {
        if !close && self.request.keep_alive && wire.input.is_empty() {
            place.give_back(wire.stream, self.deadline.clock.elapsed());
        }
    }
}

fn has_gone(error: &io::Error) -> bool {
    use io::ErrorKind::{BrokenPipe, ConnectionReset, NotConnected, UnexpectedEof};
    matches!(error.kind(), BrokenPipe | ConnectionReset | NotConnected | UnexpectedEof)
}

/// The words behind the status.
fn reason(input: &[u8]) -> String {
    let line = input.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let line = String::from_utf8_lossy(line);
    line.trim_end().splitn(3, ' ').nth(2).unwrap_or_default().to_owned()
}

/// Headers with their names as they came; the protocol library has found them to be well-formed.
fn raw_headers(head: &[u8]) -> Vec<(String, String)> {
    let lines = head.split(|byte| *byte == b'\n').skip(1);
    let pair = |line: &[u8]| {
        let line = String::from_utf8_lossy(line).into_owned();
        let (name, value) = line.split_once(':')?;
        Some((name.trim().to_owned(), value.trim().to_owned()))
    };
    lines.filter_map(pair).collect()
}
