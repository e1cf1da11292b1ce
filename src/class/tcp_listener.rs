//! 4D.TCPListener: takes connections at a port. `Source: API/TCPListenerClass`

use super::listening::{Line, Options, Own, Source, Trouble, error_collection, failed, forget, listen, notify, number};
use super::tcp_connection::accepted;
use super::tcp_event::network_event;
use crate::command::bind::Plain;
use crate::command::parameters::AnyObject;
use crate::host::network::{Control, Listener as Port, Stream, in_background};
use crate::value::{Result, SharedNative, SharedObject, Value};
use crate::vm::{Callback, Process, Work};
use parking_lot::{Condvar, Mutex};
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

members! {
    "4D.TCPListener" {
        /// Takes connections at a port; 0 for any that is free.
        new "new" (port; options) => new;
        /// What went wrong.
        get "errors" () => |listener: This| error_collection(&listener.0.errors.lock());
        /// The port.
        get "port" () => |listener: This| listener.0.port;
        /// Takes no more connections, and lets go of the port.
        function "terminate" () => |listener: This| listener.0.end();
    }
}

/// How much a connection that nobody has looked at yet counts.
const WAITING: usize = 128 * 1024;

/// What all processes know of a listener.
struct Link {
    control: Control,
    port: i32,
    errors: Mutex<Vec<Trouble>>,
    /// The port is free again.
    released: Mutex<bool>,
    release: Condvar,
}

impl Link {
    fn new(port: i32) -> Arc<Self> {
        Arc::new(Self {
            control: Control::default(),
            port,
            errors: Mutex::default(),
            released: Mutex::new(false),
            release: Condvar::new(),
        })
    }

    /// Ends it, and waits a little until the port is free.
    fn end(&self) {
        self.control.stop();
        let mut released = self.released.lock();
        if !*released {
            self.release.wait_for(&mut released, Duration::from_secs(1));
        }
    }

    fn has_released(&self) {
        *self.released.lock() = true;
        self.release.notify_all();
    }
}

/// The content of the object, which all processes may hold.
struct Held(Arc<Link>);

impl SharedNative for Held {}

struct This(Arc<Link>);

impl Plain for This {
    const EXPECTED: &'static str = "a 4D.TCPListener";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        let found = match &value {
            Value::SharedObject(object) => object.native::<Held>().map(|held| Self(Arc::clone(&held.0))),
            _ => None,
        };
        found.ok_or(value)
    }
}

/// A listener as the process that made it knows it.
struct Listener {
    id: u64,
    options: Options,
    connection: Option<Callback>,
    error: Option<Callback>,
    terminate: Option<Callback>,
    link: Arc<Link>,
    own: Own,
}

enum Happened {
    Accepted(Box<dyn Stream>, SocketAddr),
    Trouble,
    Ended,
}

fn new(process: &mut Process, _class: Value, port: f64, options: Option<AnyObject>) -> Result<Value> {
    let options = Options::of(options);
    let (connection, error, terminate) = (
        options.callback(process, "onConnection")?,
        options.callback(process, "onError")?,
        options.callback(process, "onTerminate")?,
    );
    let wanted = (0.0..=65_535.0).contains(&port).then_some(port as u16).ok_or_else(|| {
        Trouble::new(number::BAD_REQUEST, format!("{port} is no port")).fault()
    })?;
    let bound = process.shared.host.network().listen(wanted);
    let own_port = bound.as_ref().map_or(wanted, |bound| bound.port());
    let link = Link::new(own_port.into());
    let line = Line::<Listener>::new(process);
    let root = process.shared.program.builtin_class("TCPListener").root;
    let object = Value::SharedObject(SharedObject::new_native(root, Box::new(Held(Arc::clone(&link)))));
    let listener = Rc::new(Listener {
        id: line.id(),
        options,
        connection,
        error,
        terminate,
        link: Arc::clone(&link),
        own: Own::default(),
    });
    listener.own.keep(&object);
    listen(process, listener.id, &listener);
    let work = Work::begin(&process.shared);
    let bound = match bound {
        Ok(bound) => bound,
        Err(error) => {
            let trouble = failed(&format!("The port {wanted}"), &error);
            link.errors.lock().push(trouble);
            link.has_released();
            line.send(Happened::Trouble);
            line.end(Happened::Ended, work);
            return Ok(object);
        }
    };
    let started = in_background("TCP listener", move || {
        accept_all(bound, &link, &line);
        link.has_released();
        line.end(Happened::Ended, work);
    });
    if let Err(error) = started {
        listener.own.let_go();
        forget::<Listener>(process, listener.id);
        return Err(failed("A thread for a listener", &error).fault());
    }
    Ok(object)
}

/// Takes connections until it is told to end. The port is free when this returns.
fn accept_all(mut port: Box<dyn Port>, link: &Link, line: &Line<Listener>) {
    link.control.attach(port.bell());
    while !link.control.is_stopped() {
        if line.is_full() {
            let _ = port.wait(Some(Duration::from_millis(20)));
            continue;
        }
        let waited = match port.accept() {
            Ok((stream, from)) => {
                line.send_sized(Happened::Accepted(stream, from), WAITING);
                continue;
            }
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => port.wait(None),
            Err(error) if matches!(error.kind(), io::ErrorKind::Interrupted | io::ErrorKind::ConnectionAborted) => {
                continue;
            }
            Err(error) => {
                let trouble = failed("A connection", &error);
                // the same again and again says nothing new
                let mut errors = link.errors.lock();
                if errors.last() != Some(&trouble) {
                    errors.push(trouble);
                    drop(errors);
                    line.send(Happened::Trouble);
                }
                port.wait(Some(Duration::from_millis(500)))
            }
        };
        if waited.is_err() {
            return;
        }
    }
}

impl Source for Listener {
    type Event = Happened;

    fn hear(self: Rc<Self>, process: &mut Process, heard: Happened) -> Result<()> {
        let mut done = Ok(());
        let own = self.own.get();
        let about = |process: &Process, kind, from| network_event(process, "TCPEvent", kind, from, None);
        match heard {
            Happened::Accepted(stream, from) => {
                if self.link.control.is_stopped() || self.connection.is_none() {
                    return done;
                }
                let about = about(process, "connection", Some(from));
                let arguments = [own.clone(), about];
                let taken = notify(process, self.connection.as_ref(), &self.options, &arguments, &mut done);
                if matches!(taken, Value::Object(_) | Value::SharedObject(_)) && done.is_ok() {
                    return accepted(process, stream, from, &own, taken);
                }
            }
            Happened::Trouble => {
                let about = about(process, "error", None);
                notify(process, self.error.as_ref(), &self.options, &[own, about], &mut done);
            }
            Happened::Ended => {
                let about = about(process, "terminate", None);
                notify(process, self.terminate.as_ref(), &self.options, &[own, about], &mut done);
                self.own.let_go();
                forget::<Self>(process, self.id);
            }
        }
        done
    }

    fn abandon(&self, _cut_off: bool) {
        self.link.end();
        self.own.let_go();
    }
}
