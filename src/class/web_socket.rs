//! 4D.WebSocket: messages to a server and from it. The only file that names tungstenite, whose
//! protocol it is. `Source: API/WebSocketClass`

use super::listening::{held, 
    Line, Options, Own, Source, Trouble, blob_value, error_collection, event, failed, forget, listen, notify,
    number, object_of, plain,
};
use crate::command::bind::{Plain, in_words};
use crate::command::blob::AnyBlob;
use crate::command::http::outside;
use crate::command::http::url::Url;
use crate::command::json::{parsed, stringified};
use crate::command::parameters::{AnyCollection, AnyObject};
use crate::host::network::{Bell, Control, Stream, connect_to, in_background};
use crate::host::tls::{Security, secure};
use crate::host::{Clock, Host};
use crate::value::{ErrorCode, Fault, Native, Result, Text, Value, convert};
use crate::vm::{Callback, Process, Work};
use parking_lot::Mutex;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io::{self, Read, Write};
use std::rc::Rc;
use std::sync::Arc;
use std::sync::atomic::{AtomicI32, Ordering};
use std::time::Duration;
use tungstenite::client::{IntoClientRequest, client_with_config};
use tungstenite::handshake::HandshakeError;
use tungstenite::http::{HeaderName, HeaderValue};
use tungstenite::protocol::CloseFrame;
use tungstenite::protocol::frame::coding::CloseCode;
use tungstenite::{Message, WebSocket as Protocol};

members! {
    "4D.WebSocket" {
        /// Connects to a server.
        new "new" (url; connectionHandler) => new;
        /// `text`, `blob` or `object`: what messages become.
        get "dataType" () => |socket: This| socket.0.data_type.name();
        /// The object with the callbacks.
        get "handler" () => |socket: This| socket.0.options.0.clone();
        /// The number of the connection.
        get "id" () => |socket: This| socket.0.number;
        /// `Connecting`, `Connected`, `Closing` or `Closed`.
        get "status" () => |process: &mut Process, socket: This| -> Result<&'static str> {
            socket.look(process)?;
            Ok(socket.0.status())
        };
        /// The address of the server.
        get "url" () => |socket: This| socket.0.url.clone();
        /// Sends a message.
        function "send" (message) => send;
        /// Closes the connection.
        function "terminate" (code; reason) => terminate;
    }
}

/// How long connecting may take.
const CONNECTING: Duration = Duration::from_secs(30);
/// How long the server may take to agree that the connection is closed.
const CLOSING: Duration = Duration::from_secs(5);
/// More than this waits to be sent: that is an error.
const MOST_UNSENT: usize = 64 << 20;

/// What messages become.
#[derive(Clone, Copy, PartialEq, Eq)]
enum DataType {
    Text,
    Blob,
    Object,
}

impl DataType {
    const fn name(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Blob => "blob",
            Self::Object => "object",
        }
    }

    fn of(name: &str) -> Result<Self> {
        let all = [Self::Text, Self::Blob, Self::Object];
        all.into_iter().find(|one| one.name().eq_ignore_ascii_case(name)).ok_or_else(|| {
            Fault::new(ErrorCode::ArgumentType, format!("There is no data type {name:?} of messages"))
        })
    }
}

/// A connection as its process knows it.
struct WebSocket {
    id: u64,
    number: i32,
    url: Text,
    data_type: DataType,
    options: Options,
    message: Option<Callback>,
    error: Option<Callback>,
    terminate: Option<Callback>,
    opened: Option<Callback>,
    link: Arc<Link>,
    state: RefCell<State>,
    own: Own,
}

#[derive(Default)]
struct State {
    closed: bool,
}

/// What the process tells the thread that serves the connection.
#[derive(Default)]
struct Link {
    control: Control,
    outgoing: Mutex<Outgoing>,
}

#[derive(Default)]
struct Outgoing {
    messages: VecDeque<Message>,
    size: usize,
    /// The connection is to be closed, with a code and a reason.
    close: Option<(u16, String)>,
}

enum Happened {
    Open,
    Message(Message),
    Ended { code: u16, reason: String, trouble: Option<Trouble> },
}

struct Held(Rc<WebSocket>);

impl Native for Held {}

struct This(Rc<WebSocket>);

impl Plain for This {
    const EXPECTED: &'static str = "a 4D.WebSocket";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        held(value, |held: &Held| Self(Rc::clone(&held.0)))
    }
}

impl This {
    fn look(&self, process: &mut Process) -> Result<()> {
        let own = &self.0;
        let silent = own.message.is_none() && own.error.is_none() && own.terminate.is_none() && own.opened.is_none();
        if silent { process.hear_from(own.id) } else { Ok(()) }
    }
}

/// A connection as the protocol reads and writes it.
struct Adapter(Box<dyn Stream>);

impl Read for Adapter {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.0.read(into)
    }
}

impl Write for Adapter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

/// Numbers for connections.
#[derive(Default)]
struct Numbers(AtomicI32);

fn new(process: &mut Process, _class: Value, address: Text, handler: Option<AnyObject>) -> Result<Value> {
    let options = Options::of(handler);
    let data_type = DataType::of(&options.text(process, "dataType")?.unwrap_or_else(|| "text".into()))?;
    let (message, error) = (options.callback(process, "onMessage")?, options.callback(process, "onError")?);
    let (terminate, opened) = (options.callback(process, "onTerminate")?, options.callback(process, "onOpen")?);
    let lower = address.to_ascii_lowercase();
    let url = Url::parse(&address, true).filter(|_| lower.starts_with("ws://") || lower.starts_with("wss://"));
    let Some(url) = url else {
        let message = format!("{:?} is no address of a WebSocket", address.as_str());
        return Err(Trouble::new(number::BAD_REQUEST, message).fault());
    };
    let headers = headers(process, &options)?;
    let host = Arc::clone(&process.shared.host);
    let connected = outside(process, move |control| connect(&*host, &url, &headers, control))?;
    let protocol = match connected {
        Some(Ok(protocol)) => protocol,
        Some(Err(trouble)) => return Err(trouble.fault()),
        None => return Err(Trouble::new(number::CALLED_OFF, "The connection was lost").fault()),
    };
    let line = Line::<WebSocket>::new(process);
    let socket = Rc::new(WebSocket {
        id: line.id(),
        number: process.shared.runtime.part::<Numbers>().0.fetch_add(1, Ordering::Relaxed) + 1,
        url: address,
        data_type,
        options,
        message,
        error,
        terminate,
        opened,
        link: Arc::default(),
        state: RefCell::default(),
        own: Own::default(),
    });
    let object = object_of(process, "WebSocket", Box::new(Held(Rc::clone(&socket))));
    socket.own.keep(&object);
    listen(process, socket.id, &socket);
    let (work, link) = (Work::begin(&process.shared), Arc::clone(&socket.link));
    let host = Arc::clone(&process.shared.host);
    let heard = socket.message.is_some();
    let started = in_background("WebSocket", move || {
        line.send(Happened::Open);
        let ended = Serving { protocol, link, line: line.clone(), heard }.run(host.clock());
        line.end(ended, work);
    });
    if let Err(error) = started {
        socket.own.let_go();
        forget::<WebSocket>(process, socket.id);
        return Err(failed("A thread for a WebSocket", &error).fault());
    }
    Ok(object)
}

fn headers(process: &mut Process, options: &Options) -> Result<Vec<(HeaderName, HeaderValue)>> {
    let given = options.get(process, "headers")?;
    if matches!(given, Value::Undefined) {
        return Ok(Vec::new());
    }
    let mut all = Vec::new();
    for name in process.property_names(&given) {
        let value = process.get_member_named(&given, &name)?;
        let values = AnyCollection::of(&value).map_or_else(|| vec![value], |values| values.values());
        for value in values {
            let text = convert::to_text(&value)?;
            let pair = HeaderName::from_bytes(name.as_bytes()).ok().zip(HeaderValue::from_str(&text).ok());
            let message = || format!("The header {:?} is not valid", name.as_str());
            all.push(pair.ok_or_else(|| Trouble::new(number::BAD_REQUEST, message()).fault())?);
        }
    }
    Ok(all)
}

fn connect(
    host: &dyn Host,
    url: &Url,
    headers: &[(HeaderName, HeaderValue)],
    control: &Control,
) -> std::result::Result<Protocol<Adapter>, Trouble> {
    let place = url.place();
    let of_io = |error: io::Error| failed(&place, &error);
    let (network, clock) = (host.network(), host.clock());
    let end = clock.elapsed().saturating_add(CONNECTING);
    let left = || left_of(clock, end);
    let mut stream = connect_to(network, &url.host, url.port, CONNECTING, control).map_err(of_io)?;
    if url.secure {
        let security = Security::default();
        stream = secure(stream, &url.host, &network.trusted(), &security, control, &left).map_err(of_io)?;
    }
    stream.set_no_delay(true);
    control.attach(stream.bell());
    let scheme = if url.secure { "wss" } else { "ws" };
    let wrong = |error: tungstenite::Error| trouble_of(&place, error);
    let mut request =
        format!("{scheme}://{}{}", url.authority(), url.target).into_client_request().map_err(wrong)?;
    for (name, value) in headers {
        request.headers_mut().append(name.clone(), value.clone());
    }
    let mut state = client_with_config(request, Adapter(stream), None);
    loop {
        match state {
            Ok((protocol, _)) => return Ok(protocol),
            Err(HandshakeError::Failure(error)) => return Err(wrong(error)),
            Err(HandshakeError::Interrupted(mut middle)) => {
                control.check().map_err(of_io)?;
                let limit = left().map_err(of_io)?;
                middle.get_mut().get_mut().0.wait(limit).map_err(of_io)?;
                control.check().map_err(of_io)?;
                state = middle.handshake();
            }
        }
    }
}

fn left_of(clock: &dyn Clock, end: Duration) -> io::Result<Option<Duration>> {
    match end.checked_sub(clock.elapsed()) {
        Some(left) if !left.is_zero() => Ok(Some(left)),
        _ => Err(io::ErrorKind::TimedOut.into()),
    }
}

fn trouble_of(what: &str, error: tungstenite::Error) -> Trouble {
    match error {
        tungstenite::Error::Io(error) => failed(what, &error),
        tungstenite::Error::Capacity(error) => Trouble::new(number::TOO_LARGE, format!("{what}: {error}")),
        error => Trouble::new(number::BAD_ANSWER, format!("{what}: {error}")),
    }
}

/// The thread that serves a connection.
struct Serving {
    protocol: Protocol<Adapter>,
    link: Arc<Link>,
    line: Line<WebSocket>,
    heard: bool,
}

impl Serving {
    fn run(mut self, clock: &dyn Clock) -> Happened {
        let bell: Bell = self.protocol.get_mut().0.bell();
        self.link.control.attach(bell);
        let mut code_and_reason = (1006, String::new());
        match self.serve(clock, &mut code_and_reason) {
            Ok(()) => Happened::Ended { code: code_and_reason.0, reason: code_and_reason.1, trouble: None },
            Err(trouble) => {
                let trouble = (!self.link.control.is_stopped()).then_some(trouble);
                Happened::Ended { code: code_and_reason.0, reason: code_and_reason.1, trouble }
            }
        }
    }

    fn serve(
        &mut self,
        clock: &dyn Clock,
        closed_with: &mut (u16, String),
    ) -> std::result::Result<(), Trouble> {
        use tungstenite::Error;
        let mut closing: Option<Duration> = None;
        let what = "The WebSocket";
        loop {
            self.link.control.check().map_err(|error| failed(what, &error))?;
            let mut busy = self.write()?;
            if closing.is_none() {
                let close = self.link.outgoing.lock().close.clone();
                if let Some((code, reason)) = close {
                    *closed_with = (code, reason.clone());
                    let frame = CloseFrame { code: CloseCode::from(code), reason: reason.into() };
                    let _ = self.protocol.close(Some(frame));
                    closing = Some(clock.elapsed().saturating_add(CLOSING));
                }
            }
            let full = self.line.is_full();
            if !full {
                match self.protocol.read() {
                    Ok(Message::Close(frame)) => {
                        busy = true;
                        if let Some(frame) = frame {
                            *closed_with = (frame.code.into(), frame.reason.to_string());
                        } else if closing.is_none() {
                            *closed_with = (1005, String::new());
                        }
                    }
                    Ok(message @ (Message::Text(_) | Message::Binary(_))) => {
                        busy = true;
                        let size = message.len();
                        if self.heard {
                            self.line.send_sized(Happened::Message(message), size);
                        }
                    }
                    Ok(_) => busy = true,
                    Err(Error::ConnectionClosed | Error::AlreadyClosed) => return Ok(()),
                    Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(_) if closing.is_some() => return Ok(()),
                    Err(error) => return Err(trouble_of(what, error)),
                }
            }
            if busy {
                continue;
            }
            let limit = match closing {
                // a server that does not agree is left alone
                Some(end) => match left_of(clock, end) {
                    Ok(left) => left,
                    Err(_) => return Ok(()),
                },
                None => full.then_some(Duration::from_millis(20)),
            };
            self.protocol.get_mut().0.wait(limit).map_err(|error| failed(what, &error))?;
        }
    }

    /// Sends what is there; whether anything was.
    fn write(&mut self) -> std::result::Result<bool, Trouble> {
        use tungstenite::Error;
        let next = self.link.outgoing.lock().messages.pop_front();
        let sent = match next {
            Some(message) => {
                let size = message.len();
                let sent = self.protocol.write(message);
                let mut outgoing = self.link.outgoing.lock();
                outgoing.size = outgoing.size.saturating_sub(size);
                drop(outgoing);
                match sent {
                    Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) => return Err(trouble_of("The WebSocket", error)),
                    Ok(()) => {}
                }
                true
            }
            None => false,
        };
        match self.protocol.flush() {
            Err(Error::Io(error)) if error.kind() == io::ErrorKind::WouldBlock => Ok(sent),
            Err(Error::ConnectionClosed | Error::AlreadyClosed) => Ok(false),
            Err(error) => Err(trouble_of("The WebSocket", error)),
            Ok(()) => Ok(sent),
        }
    }
}

impl WebSocket {
    fn status(&self) -> &'static str {
        if self.state.borrow().closed {
            "Closed"
        } else if self.link.outgoing.lock().close.is_some() {
            "Closing"
        } else {
            "Connected"
        }
    }

    fn tell(&self, process: &mut Process, callback: Option<&Callback>, about: Value, done: &mut Result<()>) {
        notify(process, callback, &self.options, &[self.own.get(), about], done);
    }

    fn tell_trouble(&self, process: &mut Process, trouble: Trouble, done: &mut Result<()>) {
        let about = plain([("type", Value::from("error")), ("errors", error_collection(&[trouble]))]);
        self.tell(process, self.error.as_ref(), about, done);
    }

    /// A message as the data type has it.
    fn value_of(&self, process: &Process, message: &Message) -> std::result::Result<Value, Trouble> {
        if self.data_type == DataType::Blob {
            let bytes = match message {
                Message::Text(text) => text.as_bytes().to_vec(),
                Message::Binary(bytes) => bytes.to_vec(),
                _ => Vec::new(),
            };
            return Ok(blob_value(process, bytes));
        }
        let text = match message {
            Message::Text(text) => text.to_string(),
            Message::Binary(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            _ => String::new(),
        };
        if self.data_type == DataType::Text {
            return Ok(Value::from(text));
        }
        let no_object = |fault: Fault| {
            Trouble::new(number::BAD_ANSWER, format!("A message is no object: {}", fault.message))
        };
        parsed(&text).map_err(no_object)
    }
}

impl Source for WebSocket {
    type Event = Happened;

    fn hear(self: Rc<Self>, process: &mut Process, heard: Happened) -> Result<()> {
        let mut done = Ok(());
        match heard {
            Happened::Open => self.tell(process, self.opened.as_ref(), event("open", None), &mut done),
            Happened::Message(message) => match self.value_of(process, &message) {
                Ok(data) => {
                    self.tell(process, self.message.as_ref(), event("message", Some(data)), &mut done);
                }
                Err(trouble) => self.tell_trouble(process, trouble, &mut done),
            },
            Happened::Ended { code, reason, trouble } => {
                self.state.borrow_mut().closed = true;
                if let Some(trouble) = trouble {
                    self.tell_trouble(process, trouble, &mut done);
                }
                let about = plain([
                    ("type", Value::from("terminate")),
                    ("code", Value::Integer(code.into())),
                    ("reason", Value::from(reason)),
                ]);
                self.tell(process, self.terminate.as_ref(), about, &mut done);
                self.own.let_go();
                forget::<Self>(process, self.id);
            }
        }
        done
    }

    fn abandon(&self, cut_off: bool) {
        if cut_off {
            self.link.control.stop();
        }
        self.link.outgoing.lock().close.get_or_insert((1001, String::new()));
        self.link.control.ring();
        self.own.let_go();
    }
}

/// Source: API/WebSocketClass (.send())
fn send(process: &mut Process, socket: This, message: Value) -> Result<()> {
    socket.look(process)?;
    let message = match message {
        Value::Text(text) => Message::text(text.to_string()),
        Value::Object(_) | Value::Blob(_) => match AnyBlob::from_value(message) {
            Ok(bytes) => Message::binary(bytes.0.to_vec()),
            Err(object) => Message::text(stringified(process, &object, false)?.to_string()),
        },
        Value::SharedObject(_) | Value::Collection(_) | Value::SharedCollection(_) => {
            Message::text(stringified(process, &message, false)?.to_string())
        }
        other => {
            let message = format!("A message must be a text, a BLOB or an object, not {}", in_words(&other));
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
    };
    let size = message.len();
    let mut outgoing = socket.0.link.outgoing.lock();
    let closed = outgoing.close.is_some() || socket.0.state.borrow().closed;
    if closed || outgoing.size + size > MOST_UNSENT && outgoing.size > 0 {
        let why = if closed { "is closed: nothing can be sent" } else { "has too much to send" };
        return Err(Trouble::new(number::UNREACHABLE, format!("The WebSocket {why}")).fault());
    }
    outgoing.size += size;
    outgoing.messages.push_back(message);
    drop(outgoing);
    socket.0.link.control.ring();
    Ok(())
}

/// Source: API/WebSocketClass (.terminate())
fn terminate(socket: This, code: Option<i32>, reason: Option<Text>) -> Result<()> {
    let code = code.unwrap_or(1000);
    let valid = u16::try_from(code).ok().filter(|code| matches!(code, 1000 | 3000..=4999));
    let reason = reason.unwrap_or_default();
    // what a frame of the protocol can hold
    if valid.is_none() || reason.len() > 123 {
        let message = format!("A WebSocket cannot be closed with the code {code} and the reason {:?}", reason.as_str());
        return Err(Fault::new(ErrorCode::ArgumentType, message));
    }
    let mut outgoing = socket.0.link.outgoing.lock();
    if outgoing.close.is_none() {
        outgoing.close = valid.map(|code| (code, reason.to_string()));
    }
    drop(outgoing);
    socket.0.link.control.ring();
    Ok(())
}

