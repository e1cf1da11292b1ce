//! 4D.UDPSocket: single pieces of data, sent and received. Closed when the program lets go of it.
//! `Source: API/UDPSocketClass`

use super::listening::{held, 
    Line, Options, Source, Trouble, error_collection, failed, forget, listen, notify, number, object_of, unfit,
};
use super::tcp_event::network_event;
use crate::command::bind::Plain;
use crate::command::blob::AnyBlob;
use crate::command::parameters::AnyObject;
use crate::host::Host;
use crate::host::network::{Control, Datagrams, in_background};
use crate::value::{Native, Result, Text, Value, convert};
use crate::vm::{Callback, Process, Work};
use parking_lot::{Condvar, Mutex};
use std::cell::{Cell, RefCell};
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

members! {
    "4D.UDPSocket" {
        /// Opens a port for pieces of data; 0 for any that is free.
        new "new" (port; options) => new;
        /// What went wrong.
        get "errors" () => |process: &mut Process, socket: This| -> Result<Value> {
            socket.look(process)?;
            Ok(error_collection(&socket.0.errors.borrow()))
        };
        /// The port.
        get "port" () => |socket: This| socket.0.port;
        /// Sends a piece of data to a machine.
        function "send" (data; hostName; remotePort) => send;
    }
}

/// The most that waits to be sent.
const MOST_UNSENT: usize = 16 << 20;

/// A socket as its process knows it.
struct Socket {
    id: u64,
    port: i32,
    options: Options,
    data: Option<Callback>,
    error: Option<Callback>,
    terminate: Option<Callback>,
    link: Arc<Link>,
    errors: RefCell<Vec<Trouble>>,
    /// How many objects stand for it.
    objects: Cell<usize>,
}

/// What the process tells the thread that serves the socket.
#[derive(Default)]
struct Link {
    control: Control,
    outgoing: Mutex<Outgoing>,
    released: Mutex<bool>,
    release: Condvar,
}

#[derive(Default)]
struct Outgoing {
    pieces: VecDeque<(Vec<u8>, String, u16)>,
    size: usize,
}

impl Link {
    /// Closes the socket as soon as all is sent, and waits a little until the port is free.
    fn end(&self) {
        self.control.stop();
        let mut released = self.released.lock();
        if !*released {
            self.release.wait_for(&mut released, Duration::from_millis(500));
        }
    }

    fn has_released(&self) {
        *self.released.lock() = true;
        self.release.notify_all();
    }
}

enum Happened {
    Data(Vec<u8>, SocketAddr),
    Trouble(Trouble),
    Ended,
}

/// The content of an object; callbacks get one of their own, so that those of the program can be told
/// from it.
struct Held(Rc<Socket>);

impl Held {
    fn object(process: &Process, socket: &Rc<Socket>) -> Value {
        socket.objects.set(socket.objects.get() + 1);
        object_of(process, "UDPSocket", Box::new(Self(Rc::clone(socket))))
    }
}

impl Native for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        let left = self.0.objects.get() - 1;
        self.0.objects.set(left);
        if left == 0 {
            self.0.link.end();
        }
    }
}

struct This(Rc<Socket>);

impl Plain for This {
    const EXPECTED: &'static str = "a 4D.UDPSocket";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        held(value, |held: &Held| Self(Rc::clone(&held.0)))
    }
}

impl This {
    fn look(&self, process: &mut Process) -> Result<()> {
        let silent = self.0.data.is_none() && self.0.error.is_none() && self.0.terminate.is_none();
        if silent { process.hear_from(self.0.id) } else { Ok(()) }
    }
}

/// The port may be left out.
fn new(process: &mut Process, _class: Value, first: Option<Value>, second: Option<AnyObject>) -> Result<Value> {
    let (port, options) = match (first, second) {
        (Some(options @ (Value::Object(_) | Value::SharedObject(_))), None) => (None, Options(options)),
        (first, second) => (first, Options::of(second)),
    };
    let port = match port {
        None | Some(Value::Undefined | Value::Null) => 0,
        Some(given) => {
            let found = convert::as_integer(&given).ok_or_else(|| unfit("port", "a number", &given))?;
            let bad = || Trouble::new(number::BAD_REQUEST, format!("{found} is no port")).fault();
            u16::try_from(found).map_err(|_| bad())?
        }
    };
    let (data, error, terminate) = (
        options.callback(process, "onData")?,
        options.callback(process, "onError")?,
        options.callback(process, "onTerminate")?,
    );
    let bound = process.shared.host.network().datagrams(port);
    let own_port = bound.as_ref().map_or(port, |bound| bound.port());
    let line = Line::<Socket>::new(process);
    let socket = Rc::new(Socket {
        id: line.id(),
        port: own_port.into(),
        options,
        data,
        error,
        terminate,
        link: Arc::default(),
        errors: RefCell::default(),
        objects: Cell::new(0),
    });
    let object = Held::object(process, &socket);
    listen(process, socket.id, &socket);
    let work = Work::begin(&process.shared);
    serve(process, &socket, bound, line, work)?;
    Ok(object)
}

fn serve(
    process: &mut Process,
    socket: &Rc<Socket>,
    bound: io::Result<Box<dyn Datagrams>>,
    line: Line<Socket>,
    work: Work,
) -> Result<()> {
    let link = Arc::clone(&socket.link);
    let bound = match bound {
        Ok(bound) => bound,
        Err(error) => {
            let trouble = failed(&format!("The port {}", socket.port), &error);
            link.has_released();
            line.send(Happened::Trouble(trouble));
            line.end(Happened::Ended, work);
            return Ok(());
        }
    };
    let (host, heard) = (Arc::clone(&process.shared.host), socket.data.is_some());
    let started = in_background("UDP socket", move || {
        let mut bound = bound;
        link.control.attach(bound.bell());
        let done = run(&*host, &mut *bound, &link, &line, heard);
        drop(bound);
        link.has_released();
        if let Err(error) = done {
            line.send(Happened::Trouble(failed("The socket", &error)));
        }
        line.end(Happened::Ended, work);
    });
    if let Err(error) = started {
        socket.link.has_released();
        forget::<Socket>(process, socket.id);
        return Err(failed("A thread for a socket", &error).fault());
    }
    Ok(())
}

/// Sends and receives until it is told to end, and all is sent.
fn run(
    host: &dyn Host,
    bound: &mut dyn Datagrams,
    link: &Link,
    line: &Line<Socket>,
    heard: bool,
) -> io::Result<()> {
    let mut buffer = vec![0; 65_536];
    loop {
        let piece = link.outgoing.lock().pieces.pop_front();
        if let Some((bytes, name, port)) = piece {
            let sent = send_one(host, bound, &bytes, &name, port);
            let mut outgoing = link.outgoing.lock();
            outgoing.size = outgoing.size.saturating_sub(bytes.len());
            drop(outgoing);
            if let Err(error) = sent {
                line.send(Happened::Trouble(failed(&format!("{name}:{port}"), &error)));
            }
            continue;
        }
        if link.control.is_stopped() {
            return Ok(());
        }
        match bound.receive(&mut buffer) {
            // What nobody hears in time is lost, as on the network.
            Ok((size, from)) if heard && !line.is_full() => {
                let bytes = buffer.get(..size).unwrap_or_default().to_vec();
                // even an empty piece takes some room
                line.send_sized(Happened::Data(bytes, from), size + 256);
            }
            Ok(_) => {}
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => bound.wait(None)?,
            // a piece that was sent earlier has found nobody
            Err(error) if matches!(error.kind(), io::ErrorKind::ConnectionRefused | io::ErrorKind::Interrupted) => {}
            Err(error) => return Err(error),
        }
    }
}

fn send_one(host: &dyn Host, bound: &mut dyn Datagrams, bytes: &[u8], name: &str, port: u16) -> io::Result<()> {
    let address = host.network().resolve(name, port)?.into_iter().next();
    let address = address.ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "the name has no address"))?;
    for _ in 0..100 {
        match bound.send(bytes, address) {
            Err(error) if error.kind() == io::ErrorKind::WouldBlock => bound.wait(Some(Duration::from_millis(20)))?,
            done => return done,
        }
    }
    Err(io::ErrorKind::TimedOut.into())
}

fn send(socket: This, data: AnyBlob, name: Text, port: i32) -> Result<()> {
    let bad = |message: String| Err(Trouble::new(number::BAD_REQUEST, message).fault());
    let Ok(port) = u16::try_from(port) else { return bad(format!("{port} is no port")) };
    if name.is_empty() || name.contains('\0') {
        return bad(format!("{:?} is no name of a machine", name.as_str()));
    }
    let link = &socket.0.link;
    let mut outgoing = link.outgoing.lock();
    if outgoing.size > MOST_UNSENT || link.control.is_stopped() || *link.released.lock() {
        return Err(Trouble::new(number::UNREACHABLE, "The socket sends nothing more").fault());
    }
    outgoing.size += data.0.len();
    outgoing.pieces.push_back((data.0.to_vec(), name.to_string(), port));
    drop(outgoing);
    link.control.ring();
    Ok(())
}

impl Source for Socket {
    type Event = Happened;

    fn hear(self: Rc<Self>, process: &mut Process, heard: Happened) -> Result<()> {
        let mut done = Ok(());
        let (callback, kind, from, bytes) = match heard {
            Happened::Data(bytes, from) => (&self.data, "data", Some(from), Some(bytes)),
            Happened::Trouble(trouble) => {
                self.errors.borrow_mut().push(trouble);
                (&self.error, "error", None, None)
            }
            Happened::Ended => {
                forget::<Self>(process, self.id);
                (&self.terminate, "terminate", None, None)
            }
        };
        if callback.is_some() {
            let own = Held::object(process, &self);
            let about = network_event(process, "UDPEvent", kind, from, bytes);
            notify(process, callback.as_ref(), &self.options, &[own, about], &mut done);
        }
        done
    }

    fn abandon(&self, _cut_off: bool) {
        self.link.end();
    }
}
