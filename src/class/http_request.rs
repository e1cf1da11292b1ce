//! 4D.HTTPRequest: a request to a server, sent while the process goes on. `Source: API/HTTPRequestClass`

use super::http_agent::{Defaults, HttpAgent};
use super::listening::{held, 
    Line, Options, Own, Source, Trouble, blob_value, errors_of, event, failed, forget, listen, notify, number,
    object_of, unfit, wait,
};
use crate::command::bind::{Parameter, Plain, Reader};
use crate::command::charset::Charset;
use crate::command::http::auth::{Login, Method};
use crate::command::http::body::{self, DataType};
use crate::command::http::client::{Head, Request, Watcher, perform};
use crate::command::http::url::Url;
use crate::command::http::{add_header, certificates_folder, folder_of, identity_in, proxy_for};
use crate::command::parameters::{AnyCollection, AnyObject};
use crate::command::paths;
use crate::host::Control;
use crate::host::network::in_background;
use crate::host::tls::Security;
use crate::value::{ErrorCode, Fault, Native, Object, Result, Text, Value, convert};
use crate::vm::{Callback, Process, Work};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

members! {
    "4D.HTTPRequest" {
        /// Sends a request; the process goes on meanwhile.
        new "new" (url; options) => new;
        /// What keeps the connections.
        get "agent" () => |request: This| request.0.agent.clone();
        /// What the body of the answer becomes.
        get "dataType" () => |request: This| request.0.data_type_name.clone();
        /// The character set of the body that was sent.
        get "encoding" () => |request: This| request.0.encoding.clone();
        /// What went wrong; Undefined if nothing did.
        get "errors" () => |process: &mut Process, request: This| -> Result<Value> {
            request.look(process)?;
            Ok(errors_of(&request.0.state.borrow().errors))
        };
        /// The headers that were given.
        get "headers" () => |request: This| request.0.headers.clone();
        /// The method of the request.
        get "method" () => |request: This| request.0.method.clone();
        /// The protocol.
        get "protocol" () => |request: This| request.0.protocol.clone();
        /// The answer; Undefined as long as nothing of it is there.
        get "response" () => |process: &mut Process, request: This| -> Result<Value> {
            request.look(process)?;
            Ok(request.0.state.borrow().response.clone())
        };
        /// Whether the body is part of the response.
        get "returnResponseBody" () => |request: This| request.0.keep_body;
        /// Whether it is over.
        get "terminated" () => |process: &mut Process, request: This| -> Result<bool> {
            request.look(process)?;
            Ok(request.0.state.borrow().terminated)
        };
        /// The time limit in seconds; Undefined if there is none.
        get "timeout" () => |request: This| request.0.timeout.clone();
        /// The address.
        get "url" () => |request: This| request.0.url.clone();
        /// Gives up.
        function "terminate" () => |request: This| request.0.control.stop();
        /// Waits for the answer, for at most so many seconds; callbacks are called meanwhile.
        function "wait" (timeout) => wait_for;
    }
}

/// Source: API/HTTPRequestClass (automaticRedirections)
const REDIRECTIONS: u32 = 5;

/// A request as its process knows it.
struct HttpRequest {
    id: u64,
    url: Text,
    method: Text,
    headers: Value,
    agent: Value,
    data_type: DataType,
    data_type_name: Text,
    encoding: Text,
    protocol: Text,
    keep_body: bool,
    timeout: Value,
    options: Options,
    callbacks: Callbacks,
    control: Arc<Control>,
    state: RefCell<State>,
    own: Own,
}

#[derive(Default)]
struct Callbacks {
    headers: Option<Callback>,
    data: Option<Callback>,
    response: Option<Callback>,
    error: Option<Callback>,
    terminate: Option<Callback>,
}

impl Callbacks {
    fn of(options: &Options, process: &mut Process) -> Result<Self> {
        Ok(Self {
            headers: options.callback(process, "onHeaders")?,
            data: options.callback(process, "onData")?,
            response: options.callback(process, "onResponse")?,
            error: options.callback(process, "onError")?,
            terminate: options.callback(process, "onTerminate")?,
        })
    }

    const fn is_none(&self) -> bool {
        self.headers.is_none()
            && self.data.is_none()
            && self.response.is_none()
            && self.error.is_none()
            && self.terminate.is_none()
    }
}

#[derive(Default)]
struct State {
    response: Value,
    head: Head,
    terminated: bool,
    errors: Vec<Trouble>,
}

enum Happened {
    Head(Head),
    Data(Vec<u8>),
    Ended(std::result::Result<Vec<u8>, Trouble>),
}

struct Held(Rc<HttpRequest>);

impl Native for Held {}

/// The request that a member is called on.
struct This(Rc<HttpRequest>);

impl Plain for This {
    const EXPECTED: &'static str = "a 4D.HTTPRequest";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        held(value, |held: &Held| Self(Rc::clone(&held.0)))
    }
}

impl This {
    /// Where no callback waits for it, what has happened is known at once.
    fn look(&self, process: &mut Process) -> Result<()> {
        if self.0.callbacks.is_none() { process.hear_from(self.0.id) } else { Ok(()) }
    }
}

/// The request and the object that stands for it.
struct WithValue(This, Value);

impl Parameter for WithValue {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        let value = reader.take()?;
        match This::from_value(value.clone()) {
            Ok(this) => Ok(Self(this, value)),
            Err(value) => Err(reader.mismatch(This::EXPECTED, &value)),
        }
    }
}

fn wait_for(process: &mut Process, request: WithValue, seconds: Option<f64>) -> Result<Value> {
    let WithValue(own, object) = request;
    wait(process, seconds, |_| own.0.state.borrow().terminated)?;
    Ok(object)
}

fn bad_option(message: impl Into<String>) -> Fault {
    Fault::new(ErrorCode::ArgumentType, message)
}

fn new(process: &mut Process, _class: Value, url: Text, options: Option<AnyObject>) -> Result<Value> {
    let options = Options::of(options);
    let callbacks = Callbacks::of(&options, process)?;
    let keep_body = options.boolean(process, "returnResponseBody")?.unwrap_or(true);
    if !keep_body && callbacks.data.is_none() {
        return Err(bad_option("Without the option `returnResponseBody`, `onData` must be given"));
    }
    let (agent, agent_object) = agent_of(&options, process)?;
    let data_type_name = options.text(process, "dataType")?.unwrap_or_else(|| "auto".into());
    let data_type = DataType::of(&data_type_name)
        .ok_or_else(|| bad_option(format!("There is no data type {:?}", data_type_name.as_str())))?;
    let headers = options.get(process, "headers")?;
    let headers = if matches!(headers, Value::Undefined) { Value::Object(Object::new()) } else { headers };
    let protocol = options.text(process, "protocol")?.or_else(|| agent.defaults.protocol.clone());
    let protocol = match protocol {
        Some(name) if !name.eq_ignore_ascii_case("auto") && !name.eq_ignore_ascii_case("HTTP1") => {
            return Err(bad_option(format!("There is no protocol {:?}", name.as_str())));
        }
        // HTTP/1 is what `auto` leads to
        _ => "HTTP1".into(),
    };
    let encoding = options.text(process, "encoding")?.unwrap_or_else(|| "UTF-8".into());
    let mut sent = header_list(process, &headers)?;
    let body = body_of(process, &options, &encoding, &mut sent)?;
    let method = options.text(process, "method")?.filter(|m| !m.is_empty()).unwrap_or_else(|| "GET".into());
    let request = Rc::new(HttpRequest {
        id: 0,
        url,
        method,
        headers,
        agent: agent_object,
        data_type,
        data_type_name,
        encoding,
        protocol,
        keep_body,
        timeout: options.get(process, "timeout")?,
        options,
        callbacks,
        control: Arc::default(),
        state: RefCell::default(),
        own: Own::default(),
    });
    start(process, request, &agent, sent, body)
}

fn agent_of(options: &Options, process: &mut Process) -> Result<(HttpAgent, Value)> {
    let given = options.get(process, "agent")?;
    if let Some(agent) = HttpAgent::of(&given) {
        return Ok((agent, given));
    }
    if !matches!(given, Value::Undefined) {
        return Err(unfit("agent", "a 4D.HTTPAgent", &given));
    }
    let global = Value::SharedObject(HttpAgent::global(process));
    HttpAgent::of(&global).map(|agent| (agent, global)).ok_or_else(|| bad_option("There is no agent"))
}

/// A header's value may be a collection, where it is to come more than once.
fn header_list(process: &mut Process, headers: &Value) -> Result<Vec<(String, String)>> {
    if !matches!(headers, Value::Object(_) | Value::SharedObject(_)) {
        return Err(unfit("headers", "an object", headers));
    }
    let mut list = Vec::new();
    for name in process.property_names(headers) {
        let value = process.get_member_named(headers, &name)?;
        match AnyCollection::of(&value) {
            Some(values) => {
                for value in values.values() {
                    list.push((name.to_string(), convert::to_text(&value)?.to_string()));
                }
            }
            None if matches!(value, Value::Null | Value::Undefined) => {}
            None => list.push((name.to_string(), convert::to_text(&value)?.to_string())),
        }
    }
    Ok(list)
}

/// The content type follows from the body unless the headers name one. Source: API/HTTPRequestClass (body)
fn body_of(
    process: &mut Process,
    options: &Options,
    encoding: &Text,
    headers: &mut Vec<(String, String)>,
) -> Result<Option<Vec<u8>>> {
    let given = options.get(process, "body")?;
    if matches!(given, Value::Undefined) {
        return Ok(None);
    }
    let named = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let named = named.map(|(_, value)| value.clone());
    let charset = match &named {
        Some(kind) => body::charset_of(kind).unwrap_or(Charset::Utf8),
        None => paths::charset(Some(&Value::Text(encoding.clone())))?.0,
    };
    match body::outgoing(process, given, (charset, encoding), "application/octet-stream")? {
        Ok((bytes, kind)) => {
            if named.is_none() {
                headers.push(("Content-Type".to_owned(), kind));
            }
            Ok(Some(bytes))
        }
        Err(value) => Err(unfit("body", "a text, a BLOB, an object or a collection", &value)),
    }
}

fn login_of(options: &Options, process: &mut Process, name: &str) -> Result<Option<Login>> {
    let given = options.get(process, name)?;
    if matches!(given, Value::Undefined) {
        return Ok(None);
    }
    let inner = Options(given);
    let method = match inner.text(process, "method")?.unwrap_or_default().to_ascii_lowercase().as_str() {
        "" | "auto" => Method::Auto,
        "basic" => Method::Basic,
        "digest" => Method::Digest,
        other => return Err(bad_option(format!("There is no authentication method {other:?}"))),
    };
    let name = inner.text(process, "name")?.unwrap_or_default().to_string();
    let password = inner.text(process, "password")?.unwrap_or_default().to_string();
    Ok((!name.is_empty() || !password.is_empty()).then_some(Login { name, password, method }))
}

/// How the connection is secured; `Ok(Err)` is an error of the request itself.
fn security_of(
    options: &Options,
    process: &mut Process,
    agent: &Defaults,
) -> Result<std::result::Result<Security, Trouble>> {
    let validate = options.boolean(process, "validateTLSCertificate")?.or(agent.validate).unwrap_or(true);
    let minimum = options.text(process, "minTLSVersion")?.or_else(|| agent.minimum.clone());
    let newest_only = match minimum.as_deref() {
        None | Some("" | "TLSv1_0" | "TLSv1_1" | "TLSv1_2") => false,
        Some("TLSv1_3") => true,
        Some(other) => return Err(bad_option(format!("There is no TLS version {other:?}"))),
    };
    let store = options.text(process, "storeCertificateName")?.or_else(|| agent.store_name.clone());
    if let Some(name) = store.filter(|name| !name.is_empty()) {
        let message = format!("There is no store of certificates here, so none named {:?}", name.as_str());
        return Ok(Err(Trouble::new(number::NOT_SECURE, message)));
    }
    let folder = match options.get(process, "certificatesFolder")? {
        Value::Undefined => None,
        other => Some(folder_of(&other).ok_or_else(|| unfit("certificatesFolder", "a folder", &other))?),
    };
    let folder = folder.or_else(|| agent.certificates.as_ref().map(|place| place.path.clone()));
    let folder = folder.unwrap_or_else(|| certificates_folder(process));
    let identity = identity_in(process, &folder);
    Ok(Ok(Security { validate, newest_only, identity }))
}

/// Sends the request in a thread of its own.
fn start(
    process: &mut Process,
    mut own: Rc<HttpRequest>,
    agent: &HttpAgent,
    headers: Vec<(String, String)>,
    body: Option<Vec<u8>>,
) -> Result<Value> {
    let line = Line::<HttpRequest>::new(process);
    let options = &own.options;
    let redirected = options.boolean(process, "automaticRedirections")?.unwrap_or(true);
    let decoded = options.boolean(process, "decodeData")?.unwrap_or(false);
    let limit = options.seconds(process, "timeout")?;
    let login = login_of(options, process, "serverAuthentication")?;
    let proxy_login = login_of(options, process, "proxyAuthentication")?;
    let security = security_of(options, process, &agent.defaults)?;
    let ready = security.and_then(|security| match Url::parse(&own.url, true) {
        Some(url) => Ok((url, security)),
        None => {
            let message = format!("{:?} is no address of a server", own.url.as_str());
            Err(Trouble::new(number::BAD_REQUEST, message))
        }
    });
    let request = ready.map(|(url, security)| {
        let proxy = proxy_for(&*process.shared.host, &url);
        let in_proxy = proxy.as_ref().and_then(|proxy| proxy.login.clone());
        let in_proxy = in_proxy.map(|(name, password)| Login { name, password, method: Method::Basic });
        Request {
            method: usual_method(&own.method),
            url,
            headers,
            body,
            redirections: if redirected { REDIRECTIONS } else { 0 },
            limit,
            security,
            login,
            proxy_login: proxy_login.or(in_proxy),
            proxy,
            agent: Arc::clone(&agent.agent),
            keep_alive: true,
            compressed: true,
            raw_pieces: !decoded,
            keep_body: own.keep_body,
        }
    });
    if let Some(request) = Rc::get_mut(&mut own) {
        request.id = line.id();
    }
    let object = object_of(process, "HTTPRequest", Box::new(Held(Rc::clone(&own))));
    own.own.keep(&object);
    listen(process, own.id, &own);
    let work = Work::begin(&process.shared);
    match request {
        Err(trouble) => line.end(Happened::Ended(Err(trouble)), work),
        Ok(request) => {
            let (host, control) = (Arc::clone(&process.shared.host), Arc::clone(&own.control));
            let mut reporter = Reporter {
                line,
                heard: own.callbacks.data.is_some(),
                control: Arc::clone(&control),
            };
            let started = in_background("HTTP request", move || {
                let done = perform(&*host, &request, &control, &mut reporter);
                reporter.line.end(Happened::Ended(done.map(|(_, body)| body)), work);
            });
            if let Err(error) = started {
                own.abandon(true);
                forget::<HttpRequest>(process, own.id);
                return Err(failed("A thread for a request", &error).fault());
            }
        }
    }
    Ok(object)
}

/// Methods that everybody knows are sent in capitals.
fn usual_method(method: &str) -> String {
    let capitals = method.to_ascii_uppercase();
    let known = ["GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS", "PATCH", "TRACE"];
    if known.contains(&capitals.as_str()) { capitals } else { method.to_owned() }
}

/// Tells the process how the request goes on.
struct Reporter {
    line: Line<HttpRequest>,
    /// Whether anybody wants to know of pieces.
    heard: bool,
    control: Arc<Control>,
}

impl Watcher for Reporter {
    fn head(&mut self, head: &Head) {
        self.line.send(Happened::Head(head.clone()));
    }

    fn piece(&mut self, bytes: &[u8]) {
        if self.heard {
            self.line.wait_for_room(|| self.control.is_stopped());
            self.line.send_sized(Happened::Data(bytes.to_vec()), bytes.len());
        }
    }
}

fn response_of(head: &Head) -> Value {
    let (lower, raw) = (Object::new(), Object::new());
    for (name, value) in &head.headers {
        add_header(&lower, &name.to_lowercase(), value);
        let known = raw.keys().into_iter().find(|known| known.eq_ignore_ascii_case(name));
        add_header(&raw, known.as_deref().unwrap_or(name), value);
    }
    super::listening::plain([
        ("status", Value::Integer(head.status.into())),
        ("statusText", Value::from(head.reason.as_str())),
        ("headers", Value::Object(lower)),
        ("rawHeaders", Value::Object(raw)),
    ])
}

impl HttpRequest {
    fn tell(&self, process: &mut Process, callback: Option<&Callback>, about: Value, done: &mut Result<()>) {
        notify(process, callback, &self.options, &[self.own.get(), about], done);
    }

    fn finish(&self, process: &mut Process, ended: std::result::Result<Vec<u8>, Trouble>) -> Result<()> {
        let mut done = Ok(());
        let taken = ended.and_then(|bytes| self.take_body(process, bytes));
        match taken {
            Ok(()) => self.tell(process, self.callbacks.response.as_ref(), event("response", None), &mut done),
            // called off by the program itself: no error
            Err(_) if self.control.is_stopped() => {}
            Err(trouble) => {
                self.state.borrow_mut().errors.push(trouble);
                self.tell(process, self.callbacks.error.as_ref(), event("error", None), &mut done);
            }
        }
        self.tell(process, self.callbacks.terminate.as_ref(), event("terminate", None), &mut done);
        self.state.borrow_mut().terminated = true;
        self.own.let_go();
        forget::<Self>(process, self.id);
        done
    }

    fn take_body(&self, process: &Process, bytes: Vec<u8>) -> std::result::Result<(), Trouble> {
        if !self.keep_body {
            return Ok(());
        }
        let head = self.state.borrow().head.clone();
        let value = body::incoming(process, bytes, &head, self.data_type)?;
        if let (Value::Object(response), false) =
            (&self.state.borrow().response, matches!(value, Value::Undefined))
        {
            response.set(&Text::from("body"), value);
        }
        Ok(())
    }
}

impl Source for HttpRequest {
    type Event = Happened;

    fn hear(self: Rc<Self>, process: &mut Process, heard: Happened) -> Result<()> {
        let mut done = Ok(());
        match heard {
            Happened::Head(head) => {
                let response = response_of(&head);
                {
                    let mut state = self.state.borrow_mut();
                    (state.response, state.head) = (response, head);
                }
                self.tell(process, self.callbacks.headers.as_ref(), event("headers", None), &mut done);
            }
            Happened::Data(_) if self.control.is_stopped() => {}
            Happened::Data(bytes) => {
                let about = event("data", Some(blob_value(process, bytes)));
                self.tell(process, self.callbacks.data.as_ref(), about, &mut done);
            }
            Happened::Ended(ended) => return self.finish(process, ended),
        }
        done
    }

    fn abandon(&self, cut_off: bool) {
        if cut_off || self.callbacks.data.is_some() {
            self.control.stop();
        }
        self.own.let_go();
    }
}
