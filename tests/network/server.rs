//! A small HTTP/1.1 server that does what tests ask of it, also what no server should.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

pub trait Connection: Read + Write + Send {}
impl<T: Read + Write + Send> Connection for T {}

/// Serves at a free port of this machine until the test ends.
pub fn start(wrap: impl Fn(TcpStream) -> io::Result<Box<dyn Connection>> + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (wrap, count) = (Arc::new(wrap), Arc::new(AtomicUsize::new(0)));
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let number = count.fetch_add(1, Ordering::SeqCst) + 1;
            let wrap = Arc::clone(&wrap);
            std::thread::spawn(move || {
                let _ = stream.set_nodelay(true);
                if let Ok(mut stream) = wrap(stream) {
                    while serve(&mut *stream, number).unwrap_or(false) {}
                }
            });
        }
    });
    port
}

struct Request {
    method: String,
    target: String,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
}

impl Request {
    fn read(stream: &mut dyn Connection) -> io::Result<Option<Self>> {
        let mut bytes = Vec::new();
        let mut buffer = [0; 4096];
        let end = loop {
            if let Some(at) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
                break at + 4;
            }
            match stream.read(&mut buffer)? {
                0 => return Ok(None),
                size => bytes.extend_from_slice(&buffer[..size]),
            }
        };
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.lines();
        let mut words = lines.next().unwrap_or_default().split(' ').map(str::to_owned);
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let headers: Vec<(String, String)> = lines
            .filter_map(|line| line.split_once(": "))
            .map(|(name, value)| (name.to_lowercase(), value.to_owned()))
            .collect();
        let length = headers.iter().find(|(name, _)| name == "content-length");
        let length = length.and_then(|(_, value)| value.parse().ok()).unwrap_or(0);
        let mut body = bytes.split_off(end);
        while body.len() < length {
            match stream.read(&mut buffer)? {
                0 => break,
                size => body.extend_from_slice(&buffer[..size]),
            }
        }
        Ok(Some(Self { method, target, headers, body }))
    }

    fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

fn pause(milliseconds: u64) {
    std::thread::sleep(Duration::from_millis(milliseconds));
}

fn answer(stream: &mut dyn Connection, status: &str, headers: &str, body: &[u8]) -> io::Result<bool> {
    let head = format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {}\r\n\r\n", body.len());
    stream.write_all(head.as_bytes())?;
    stream.write_all(body)?;
    stream.flush()?;
    Ok(true)
}

const JSON: &str = "Content-Type: application/json\r\n";
const TEXT: &str = "Content-Type: text/plain; charset=utf-8\r\n";

/// Answers one request; whether the connection goes on.
fn serve(stream: &mut dyn Connection, number: usize) -> io::Result<bool> {
    let Some(request) = Request::read(stream)? else { return Ok(false) };
    let path = request.target.split('?').next().unwrap_or_default().to_owned();
    let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
    match parts.as_slice() {
        ["echo", ..] => {
            let headers: serde_json::Map<_, _> =
                request.headers.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
            let body = String::from_utf8_lossy(&request.body).into_owned();
            let said = serde_json::json!({
                "method": request.method, "target": request.target, "headers": headers, "body": body,
            });
            answer(stream, "200 OK", JSON, said.to_string().as_bytes())
        }
        ["connection"] => answer(stream, "200 OK", TEXT, number.to_string().as_bytes()),
        ["status", code] => answer(stream, &format!("{code} Some Words"), TEXT, b"body of it"),
        ["nothing"] => answer(stream, "204 No Content", "", b""),
        ["redirect", "0"] => answer(stream, "200 OK", TEXT, request.method.as_bytes()),
        ["redirect", left] => {
            let left = left.parse::<u32>().unwrap_or(1) - 1;
            answer(stream, "302 Found", &format!("Location: {left}\r\n"), b"elsewhere")
        }
        ["see-other"] => answer(stream, "303 See Other", "Location: /echo\r\n", b""),
        ["temporary"] => answer(stream, "307 Temporary Redirect", "Location: /echo\r\n", b""),
        ["headers"] => {
            let headers =
                "Content-Type: text/plain\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nX-Upper-Case: Yes\r\n";
            answer(stream, "200 Fine By Me", headers, b"ok")
        }
        ["gzip" | "deflate"] => compressed(stream, parts[0]),
        ["latin"] => {
            answer(stream, "200 OK", "Content-Type: text/plain; charset=iso-8859-1\r\n", b"\xE9t\xE9")
        }
        ["html"] => answer(stream, "200 OK", "", b"<html><meta charset=\"iso-8859-1\">\xE9t\xE9</html>"),
        ["bytes"] => answer(stream, "200 OK", "Content-Type: application/octet-stream\r\n", &[0, 1, 2, 255]),
        ["bad-json"] => answer(stream, "200 OK", JSON, b"{not json"),
        ["chunked"] => {
            stream.write_all(
                b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nTransfer-Encoding: chunked\r\n\r\n",
            )?;
            for piece in ["one ", "two ", "three"] {
                stream.write_all(format!("{:x}\r\n{piece}\r\n", piece.len()).as_bytes())?;
                stream.flush()?;
                pause(80);
            }
            stream.write_all(b"0\r\n\r\n")?;
            stream.flush()?;
            Ok(true)
        }
        ["until-end"] => {
            stream.write_all(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n\r\nuntil the end")?;
            stream.flush()?;
            Ok(false)
        }
        ["slow"] => {
            pause(400);
            answer(stream, "200 OK", TEXT, b"slow")
        }
        ["slower"] => {
            pause(1500);
            answer(stream, "200 OK", TEXT, b"slower")
        }
        ["continue"] => {
            stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\n")?;
            answer(stream, "200 OK", TEXT, b"after all")
        }
        ["silent"] => {
            pause(20_000);
            Ok(false)
        }
        ["drip"] => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")?;
            for _ in 0..400 {
                stream.write_all(b"1\r\nx\r\n")?;
                stream.flush()?;
                pause(50);
            }
            Ok(false)
        }
        ["hang-up"] => Ok(false),
        ["short"] => {
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\ntoo short")?;
            stream.flush()?;
            Ok(false)
        }
        ["nonsense"] => {
            stream.write_all(b"this is no HTTP at all\r\n\r\n")?;
            stream.flush()?;
            Ok(false)
        }
        ["endless-head"] => {
            stream.write_all(b"HTTP/1.1 200 OK\r\n")?;
            for _ in 0..100_000 {
                stream.write_all(b"X-Header: and one more of them, without an end\r\n")?;
            }
            Ok(false)
        }
        ["basic"] => match request.header("authorization") {
            "Basic am9objpzbWl0aA==" => answer(stream, "200 OK", TEXT, b"welcome"),
            "" => answer(stream, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n", b"who?"),
            _ => answer(
                stream,
                "401 Unauthorized",
                "Content-Type: text/plain\r\nWWW-Authenticate: Basic realm=\"x\"\r\n",
                b"not you",
            ),
        },
        ["digest"] => {
            let asked =
                "WWW-Authenticate: Digest realm=\"r\", nonce=\"n0nce\", qop=\"auth\", algorithm=MD5\r\n";
            let given = request.header("authorization");
            if given.starts_with("Digest username=\"john\", realm=\"r\", nonce=\"n0nce\", uri=\"/digest\"") {
                return answer(stream, "200 OK", TEXT, b"digested");
            }
            answer(stream, "401 Unauthorized", asked, b"prove it")
        }
        ["v1", "chat", "completions"] => chat(stream, &request),
        ["v1", "models"] => {
            let models =
                br#"{"object":"list","data":[{"id":"small","object":"model","created":1,"owned_by":"me"}]}"#;
            answer(stream, "200 OK", JSON, models)
        }
        _ => answer(stream, "404 Not Found", TEXT, b"there is nothing"),
    }
}

fn compressed(stream: &mut dyn Connection, encoding: &str) -> io::Result<bool> {
    use flate2::Compression;
    let text = "compressed ".repeat(100);
    let body = if encoding == "gzip" {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes())?;
        encoder.finish()?
    } else {
        let mut encoder = flate2::write::ZlibEncoder::new(Vec::new(), Compression::default());
        encoder.write_all(text.as_bytes())?;
        encoder.finish()?
    };
    answer(stream, "200 OK", &format!("{TEXT}Content-Encoding: {encoding}\r\n"), &body)
}

/// As a language model's server answers: whole, or piece by piece.
fn chat(stream: &mut dyn Connection, request: &Request) -> io::Result<bool> {
    let asked: serde_json::Value = serde_json::from_slice(&request.body).unwrap_or_default();
    if request.header("authorization") != "Bearer secret" {
        return answer(
            stream,
            "401 Unauthorized",
            JSON,
            br#"{"error":{"message":"no key","code":"invalid_api_key"}}"#,
        );
    }
    if asked["stream"] != true {
        let said = serde_json::json!({"id": "1", "object": "chat.completion", "choices": [
            {"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": "Hello to you"}}]});
        return answer(stream, "200 OK", JSON, said.to_string().as_bytes());
    }
    stream.write_all(
        b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n",
    )?;
    for word in ["Hello ", "to ", "you"] {
        let piece = serde_json::json!({"id": "1", "object": "chat.completion.chunk", "choices": [
            {"index": 0, "delta": {"content": word}}]});
        let line = format!("data: {piece}\n\n");
        stream.write_all(format!("{:x}\r\n{line}\r\n", line.len()).as_bytes())?;
        stream.flush()?;
        pause(30);
    }
    let line = "data: [DONE]\n\n";
    stream.write_all(format!("{:x}\r\n{line}\r\n0\r\n\r\n", line.len()).as_bytes())?;
    stream.flush()?;
    Ok(true)
}
