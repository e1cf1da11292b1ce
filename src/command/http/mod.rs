//! Theme HTTP: requests to servers. The class 4D.HTTPRequest shares what lies in this folder.
//! `Source: commands/http-request, commands/http-get`

pub(crate) mod agent;
pub(crate) mod auth;
pub(crate) mod body;
pub(crate) mod client;
mod decode;
mod parse_message;
pub(crate) mod url;
mod wire;

use super::blob::fill_blob;
use super::charset::Charset;
use super::parameters::{ArrayRef, Integer, Out, Star, VariableOrValue, VariableRef};
use super::paths::{Place, folder_text, of_document};
use super::trouble::{Trouble, number};
use crate::host::network::{Control, in_background};
use crate::host::tls::{Identity, Security};
use crate::host::{Host, Kind};
use crate::runtime::State;
use crate::value::{
    Array, ArrayKind, Blob, Collection, ErrorCode, Fault, Object, Result, Text, Type, Value,
};
use crate::vm::Process;
use agent::Agent;
use auth::{Login, Method};
use client::{Head, Proxy, Request, Watcher};
use parking_lot::Mutex;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use url::Url;

commands! {
    /// Asks a server for what lies at an address; gives the status that it answers with.
    1157 "HTTP Get" (url; response; headerNames; headerValues; *) thread_safe => http_get;
    /// Sends a request to a server; gives the status that it answers with.
    1158 "HTTP Request" (httpMethod; url; contents; response; headerNames; headerValues; *) thread_safe => http_request;
    /// Gives an option of HTTP requests.
    1159 "HTTP GET OPTION" (option; value) thread_safe => http_get_option;
    /// Sets an option of HTTP requests.
    1160 "HTTP SET OPTION" (option; value) thread_safe => http_set_option;
    /// Sets name and password for HTTP requests; with `*`, for a proxy.
    1161 "HTTP AUTHENTICATE" (name; password; authMethod; *) thread_safe => http_authenticate;
    /// Sets the folder of the certificates that prove to servers who we are.
    1306 "HTTP SET CERTIFICATES FOLDER" (certificatesFolder) thread_safe => http_set_certificates_folder;
    /// Gives the folder of the certificates that prove to servers who we are.
    1307 "HTTP Get certificates folder" () thread_safe => http_get_certificates_folder;
    /// Gives a message, often of several parts, as an object.
    1824 "HTTP Parse message" (data) => parse_message::http_parse_message;
}

/// What `HTTP SET OPTION` and `HTTP AUTHENTICATE` set for a process.
struct Settings {
    timeout: Integer,
    follow: Integer,
    most_redirections: Integer,
    ask_on_screen: Integer,
    forget_login: Integer,
    compress: Integer,
    login: Option<Login>,
    proxy_login: Option<Login>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            timeout: 120,
            follow: 1,
            most_redirections: 2,
            ask_on_screen: 0,
            forget_login: 0,
            compress: 0,
            login: None,
            proxy_login: None,
        }
    }
}

mod option {
    pub(super) const TIMEOUT: i32 = 1;
    pub(super) const FOLLOW_REDIRECT: i32 = 2;
    pub(super) const MAX_REDIRECT: i32 = 3;
    pub(super) const DISPLAY_AUTH_DIAL: i32 = 4;
    pub(super) const RESET_AUTH_SETTINGS: i32 = 5;
    pub(super) const COMPRESSION: i32 = 6;
    pub(super) const CLIENT_LOG: i32 = 7;
}

fn no_option(number: Integer) -> Fault {
    Fault::new(ErrorCode::ArgumentType, format!("There is no HTTP option {number}"))
}

/// Source: commands/http-set-option
fn http_set_option(process: &mut Process, number: Integer, value: Integer) -> Result<()> {
    let settings = process.attachment::<Settings>();
    let slot = match number {
        option::TIMEOUT => &mut settings.timeout,
        option::FOLLOW_REDIRECT => &mut settings.follow,
        option::MAX_REDIRECT => &mut settings.most_redirections,
        option::RESET_AUTH_SETTINGS => &mut settings.forget_login,
        option::COMPRESSION => &mut settings.compress,
        option::DISPLAY_AUTH_DIAL if value == 0 => &mut settings.ask_on_screen,
        option::DISPLAY_AUTH_DIAL => {
            return Err(Fault::new(ErrorCode::Headless, "A dialog for passwords needs a screen, and fourd has none"));
        }
        option::CLIENT_LOG if value == 0 => return Ok(()),
        option::CLIENT_LOG => {
            return Err(Fault::new(ErrorCode::NotProvided, "fourd does not write a log of HTTP requests"));
        }
        _ => return Err(no_option(number)),
    };
    *slot = value.max(0);
    Ok(())
}

/// Source: commands/http-get-option
fn http_get_option(process: &mut Process, number: Integer, value: Out<Integer>) -> Result<()> {
    let settings = process.attachment::<Settings>();
    let found = match number {
        option::TIMEOUT => settings.timeout,
        option::FOLLOW_REDIRECT => settings.follow,
        option::MAX_REDIRECT => settings.most_redirections,
        option::DISPLAY_AUTH_DIAL => settings.ask_on_screen,
        option::RESET_AUTH_SETTINGS => settings.forget_login,
        option::COMPRESSION => settings.compress,
        option::CLIENT_LOG => 0,
        _ => return Err(no_option(number)),
    };
    value.set(process, found)
}

/// Empty texts take name and password away. Source: commands/http-authenticate
fn http_authenticate(
    process: &mut Process,
    name: Text,
    password: Text,
    method: Option<Integer>,
    proxy: Option<Star>,
) -> Result<()> {
    let method = match method.unwrap_or(0) {
        0 => Method::Auto,
        1 => Method::Basic,
        2 => Method::Digest,
        other => {
            let message = format!("There is no authentication method {other}");
            return Err(Fault::new(ErrorCode::ArgumentType, message));
        }
    };
    let login = (!name.is_empty() || !password.is_empty()).then(|| Login {
        name: name.to_string(),
        password: password.to_string(),
        method,
    });
    let settings = process.attachment::<Settings>();
    *(if proxy.is_some() { &mut settings.proxy_login } else { &mut settings.login }) = login;
    Ok(())
}

/// The folder that all processes take certificates from.
#[derive(Default)]
struct Certificates(Mutex<Option<PathBuf>>);

/// A relative path counts from the database folder. Source: commands/http-set-certificates-folder
fn http_set_certificates_folder(process: &mut Process, folder: Text) -> Result<()> {
    let path = of_document(process, &folder);
    if process.shared.host.files().kind(&path) != Some(Kind::Folder) {
        let why = "there is no such folder for certificates";
        return Err(super::paths::fault(super::paths::number::NO_FOLDER, &path, why));
    }
    *process.shared.runtime.part::<Certificates>().0.lock() = Some(path);
    Ok(())
}

fn http_get_certificates_folder(process: &mut Process) -> String {
    folder_text(&certificates_folder(process))
}

pub(crate) fn certificates_folder(process: &Process) -> PathBuf {
    let set = process.shared.runtime.part::<Certificates>().0.lock().clone();
    set.unwrap_or_else(|| {
        let beside = process.shared.runtime.places.structure.parent().map(Path::to_path_buf);
        beside.unwrap_or_default().join("ClientCertificatesFolder")
    })
}

/// Certificate and key in a folder, if both are there.
pub(crate) fn identity_in(process: &Process, folder: &Path) -> Option<Identity> {
    let files = process.shared.host.files();
    let certificates = files.read(&folder.join("cert.pem")).ok()?;
    Some(Identity { certificates, key: files.read(&folder.join("key.pem")).ok()? })
}

/// The agent of requests that name none; one for all processes.
#[derive(Default)]
pub(crate) struct GlobalAgent {
    pub agent: Arc<Agent>,
    /// The object that stands for it.
    pub object: Mutex<Option<crate::value::SharedObject>>,
}

/// The proxy that the environment names for an address. This machine itself needs none.
pub(crate) fn proxy_for(host: &dyn Host, url: &Url) -> Option<Proxy> {
    if url.is_local() {
        return None;
    }
    let variable = |name: &str| {
        let found = host.machine().variable(name).or_else(|| host.machine().variable(&name.to_uppercase()));
        found.filter(|value| !value.is_empty())
    };
    let exempt = variable("no_proxy").is_some_and(|names| {
        names.split(',').map(|name| name.trim().trim_start_matches('.')).any(|name| {
            let inside = |at: usize| url.host.as_bytes().get(at.wrapping_sub(1)) == Some(&b'.');
            name == "*"
                || url.host.eq_ignore_ascii_case(name)
                || !name.is_empty()
                    && url.host.to_ascii_lowercase().strip_suffix(&name.to_ascii_lowercase()).is_some_and(|start| inside(start.len()))
        })
    });
    if exempt {
        return None;
    }
    let named = variable(if url.secure { "https_proxy" } else { "http_proxy" }).or_else(|| variable("all_proxy"))?;
    let proxy = Url::parse(&named, false)?;
    Some(Proxy { host: proxy.host, port: proxy.port, login: proxy.login })
}

/// Adds a header; what comes more than once becomes a collection.
pub(crate) fn add_header(object: &Object, name: &str, value: &str) {
    let key = Text::from(name);
    let value = Value::from(value);
    let value = match object.get(name) {
        Value::Undefined => value,
        Value::Collection(all) => {
            let mut values = all.to_vec();
            values.push(value);
            Value::Collection(Collection::from_values(values))
        }
        first => Value::Collection(Collection::from_values(vec![first, value])),
    };
    object.set(&key, value);
}

/// Does something in another thread that can be called off, and waits for it.
pub(crate) fn outside<T: Send + 'static>(
    process: &mut Process,
    job: impl FnOnce(&Control) -> T + Send + 'static,
) -> Result<Option<T>> {
    struct Shared<T> {
        control: Control,
        done: AtomicBool,
        result: Mutex<Option<T>>,
    }
    let shared =
        Arc::new(Shared { control: Control::default(), done: AtomicBool::new(false), result: Mutex::new(None) });
    let (theirs, handle) = (Arc::clone(&shared), Arc::clone(process.handle()));
    let started = in_background("request", move || {
        let result = job(&theirs.control);
        *theirs.result.lock() = Some(result);
        theirs.done.store(true, Ordering::SeqCst);
        handle.wake();
    });
    started.map_err(|error| Trouble::of_io("A thread for a request", &error).fault())?;
    let waited = process.wait_until(State::WaitingForFlag, None, || shared.done.load(Ordering::SeqCst));
    if waited.is_err() {
        shared.control.stop();
    }
    waited?;
    Ok(shared.result.lock().take())
}

fn http_get(
    process: &mut Process,
    url: Text,
    response: VariableRef,
    names: Option<ArrayRef>,
    values: Option<ArrayRef>,
    keep: Option<Star>,
) -> Result<i64> {
    send(process, "GET", &url, Value::Undefined, &response, names.zip(values), keep.is_some())
}

#[allow(clippy::too_many_arguments)] // as many as the command has
fn http_request(
    process: &mut Process,
    method: Text,
    url: Text,
    contents: VariableOrValue,
    response: VariableRef,
    names: Option<ArrayRef>,
    values: Option<ArrayRef>,
    keep: Option<Star>,
) -> Result<i64> {
    send(process, &method, &url, contents.0, &response, names.zip(values), keep.is_some())
}

/// Nobody is told of the pieces of an answer.
struct Nobody;

impl Watcher for Nobody {
    fn head(&mut self, _: &Head) {}
    fn piece(&mut self, _: &[u8]) {}
}

fn send(
    process: &mut Process,
    method: &str,
    url: &str,
    contents: Value,
    response: &VariableRef,
    headers: Option<(ArrayRef, ArrayRef)>,
    keep_alive: bool,
) -> Result<i64> {
    let Some(url) = Url::parse(url, false) else {
        let message = format!("{url:?} is no address of a server");
        return Err(Trouble::new(number::BAD_REQUEST, message).fault());
    };
    let mut sent = match &headers {
        Some((names, values)) => {
            let (names, values) = (texts(process, names)?, texts(process, values)?);
            names.into_iter().zip(values).filter(|(name, _)| !name.is_empty()).collect()
        }
        None => Vec::new(),
    };
    let body = body_of(process, contents, &mut sent)?;
    let security =
        Security { validate: false, newest_only: false, identity: identity_in(process, &certificates_folder(process)) };
    let proxy = proxy_for(&*process.shared.host, &url);
    let agent = Arc::clone(&process.shared.runtime.part::<GlobalAgent>().agent);
    let settings = process.attachment::<Settings>();
    let in_proxy = proxy.as_ref().and_then(|proxy| proxy.login.clone());
    let in_proxy = in_proxy.map(|(name, password)| Login { name, password, method: Method::Basic });
    let redirections = if settings.follow > 0 { settings.most_redirections } else { 0 };
    let request = Request {
        method: method.to_owned(),
        url,
        headers: sent,
        body,
        redirections: u32::try_from(redirections).unwrap_or(0),
        limit: (settings.timeout > 0).then(|| Duration::from_secs(settings.timeout.unsigned_abs().into())),
        security,
        login: settings.login.clone(),
        proxy_login: settings.proxy_login.clone().or(in_proxy),
        proxy,
        agent,
        keep_alive,
        compressed: settings.compress > 0,
        raw_pieces: false,
        keep_body: true,
    };
    if settings.forget_login > 0 {
        (settings.login, settings.proxy_login) = (None, None);
    }
    let host = Arc::clone(&process.shared.host);
    let done = outside(process, move |control| client::perform(&*host, &request, control, &mut Nobody))?;
    let (head, body) = match done {
        Some(done) => done.map_err(|trouble| trouble.fault())?,
        None => return Err(Trouble::new(number::CALLED_OFF, "The request was lost").fault()),
    };
    if let Some((names, values)) = headers {
        fill(process, &names, head.headers.iter().map(|(name, _)| name))?;
        fill(process, &values, head.headers.iter().map(|(_, value)| value))?;
    }
    give(process, response, body, &head)?;
    Ok(head.status.into())
}

/// Source: commands/http-request (contents)
fn body_of(
    process: &mut Process,
    contents: Value,
    headers: &mut Vec<(String, String)>,
) -> Result<Option<Vec<u8>>> {
    let empty = match &contents {
        Value::Undefined | Value::Null => true,
        Value::Text(text) => text.is_empty(),
        Value::Blob(blob) => blob.is_empty(),
        _ => false,
    };
    if empty {
        return Ok(None);
    }
    let given = headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type")).map(|(_, v)| v.as_str());
    let charset = given.and_then(body::charset_of).unwrap_or(Charset::Utf8);
    let has_type = given.is_some();
    match body::outgoing(process, contents, (charset, "UTF-8"), "application/byte-stream")? {
        Ok((bytes, kind)) => {
            if !has_type {
                headers.push(("Content-Type".to_owned(), kind));
            }
            Ok(Some(bytes))
        }
        Err(value) => {
            let found = super::bind::in_words(&value);
            let message = format!("A request sends a text, a BLOB, an object or a collection, not {found}");
            Err(Fault::new(ErrorCode::ArgumentType, message))
        }
    }
}

fn texts(process: &mut Process, array: &ArrayRef) -> Result<Vec<String>> {
    let array = array.copy(process)?;
    let text = |value: &Value| crate::value::convert::to_text(value).unwrap_or_default().to_string();
    (1..=array.len() as i64).map(|at| array.get(at).map(|value| text(&value))).collect()
}

fn fill<'a>(process: &mut Process, array: &ArrayRef, texts: impl Iterator<Item = &'a String>) -> Result<()> {
    let texts: Vec<Value> = texts.map(|text| Value::from(text.as_str())).collect();
    let mut filled = Array::new(ArrayKind::Text, 0)?;
    for text in texts {
        filled.append(text)?;
    }
    array.replace(process, filled)
}

/// The body as the variable's type has it. Source: commands/http-request (response)
fn give(process: &mut Process, variable: &VariableRef, bytes: Vec<u8>, head: &Head) -> Result<()> {
    let media = body::media_type(head);
    let textual = body::is_json(&media) || body::is_text(&media);
    let declared = process.declared_type(variable.reference()).filter(|ty| *ty != Type::Variant);
    let current = variable.get(process)?;
    let kind = declared.unwrap_or(match &current {
        Value::Text(_) => Type::Text,
        Value::Blob(_) => Type::Blob,
        Value::Object(_) | Value::SharedObject(_) => Type::Object,
        Value::Collection(_) | Value::SharedCollection(_) => Type::Collection,
        _ if textual => Type::Text,
        _ => Type::Blob,
    });
    match kind {
        Type::Blob => fill_blob(process, &Out::of(variable.clone()), Blob::new(bytes)),
        Type::Object => {
            let parsed = if textual { super::json::parsed(&body::text(&bytes, head)).ok() } else { None };
            let value = match parsed {
                Some(value @ Value::Object(_)) => value,
                Some(_) => Value::Null,
                None => super::blob::blob_object(process, Blob::new(bytes)),
            };
            variable.set(process, value)
        }
        Type::Collection => {
            let parsed = super::json::parsed(&body::text(&bytes, head)).ok();
            variable.set(process, parsed.filter(|value| matches!(value, Value::Collection(_))).unwrap_or_default())
        }
        Type::Picture => {
            let message = "fourd has no pictures: take the answer in a BLOB";
            Err(Fault::new(ErrorCode::NotProvided, message))
        }
        _ => variable.set(process, body::text_by_looking(&bytes, head)),
    }
}

/// A folder that an option names.
pub(crate) fn folder_of(value: &Value) -> Option<PathBuf> {
    Place::of_value(value).filter(|place| place.is_folder).map(|place| place.path)
}
