//! 4D.TCPConnection: bytes to another machine and from it. `Source: API/TCPConnectionClass`

use super::listening::{held, 
    Line, Options, Own, Source, Trouble, error_collection, failed, forget, listen, notify, number, object_of, wait,
};
use super::tcp_event::network_event;
use crate::command::bind::Plain;
use crate::command::blob::AnyBlob;
use crate::command::parameters::AnyObject;
use crate::host::network::{Control, Stream, connect_to, in_background};
use crate::host::tls::{Security, secure};
use crate::host::{Clock, Host};
use crate::value::{Native, Result, Text, Value};
use crate::vm::{Callback, Process, Work};
use parking_lot::Mutex;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Duration;

members! {
    "4D.TCPConnection" {
        /// Connects to a server; the process goes on meanwhile.
        new "new" (serverAddress; serverPort; options) => new;
        /// Name or address of the other machine.
        get "address" () => |connection: This| connection.0.address.clone();
        /// The port of the other machine.
        get "port" () => |connection: This| connection.0.port;
        /// Whether nothing more can be sent.
        get "closed" () => |process: &mut Process, connection: This| -> Result<bool> {
            connection.look(process)?;
            Ok(connection.0.is_closed())
        };
        /// What went wrong.
        get "errors" () => |process: &mut Process, connection: This| -> Result<Value> {
            connection.look(process)?;
            Ok(error_collection(&connection.0.state.borrow().errors))
        };
        /// The listener that has taken the connection; Null if this machine has made it.
        get "listener" () => |connection: This| connection.0.listener.clone();
        /// Whether small pieces are sent at once.
        get "noDelay" () => |connection: This| connection.0.no_delay;
        /// Sends bytes, as soon as the connection is there.
        function "send" (data) => send;
        /// Sends nothing more; the other end may.
        function "shutdown" () => |connection: This| connection.0.link.shut_down();
        /// Waits until the connection is closed, for at most so many seconds; callbacks are called meanwhile.
        function "wait" (timeout) => |process: &mut Process, connection: This, seconds: Option<f64>| {
            wait(process, seconds, |_| connection.0.state.borrow().over)
        };
    }
}

/// How long connecting may take where the options do not say.
const CONNECTING: Duration = Duration::from_secs(30);
/// How long a connection that nobody needs any more may take to send what is left.
const LEAVING: Duration = Duration::from_secs(30);
/// How long what still comes is read when nobody needs it.
const LINGERING: Duration = Duration::from_secs(2);
/// More than this waits to be sent: who sends waits too.
const MOST_UNSENT: usize = 16 << 20;

/// A connection as its process knows it.
struct Connection {
    id: u64,
    address: Text,
    port: i32,
    no_delay: bool,
    listener: Value,
    options: Options,
    callbacks: Callbacks,
    link: Arc<Link>,
    state: RefCell<State>,
    own: Own,
}

#[derive(Default)]
struct Callbacks {
    connection: Option<Callback>,
    data: Option<Callback>,
    shutdown: Option<Callback>,
    error: Option<Callback>,
    terminate: Option<Callback>,
}

impl Callbacks {
    fn of(options: &Options, process: &mut Process) -> Result<Self> {
        Ok(Self {
            connection: options.callback(process, "onConnection")?,
            data: options.callback(process, "onData")?,
            shutdown: options.callback(process, "onShutdown")?,
            error: options.callback(process, "onError")?,
            terminate: options.callback(process, "onTerminate")?,
        })
    }

    const fn is_none(&self) -> bool {
        self.connection.is_none()
            && self.data.is_none()
            && self.shutdown.is_none()
            && self.error.is_none()
            && self.terminate.is_none()
    }
}

#[derive(Default)]
struct State {
    peer: Option<SocketAddr>,
    /// The connection is gone.
    ended: bool,
    /// All callbacks have been called.
    over: bool,
    errors: Vec<Trouble>,
}

/// What the process tells the thread that serves the connection.
#[derive(Default)]
struct Link {
    control: Control,
    outgoing: Mutex<Outgoing>,
}

#[derive(Default)]
struct Outgoing {
    pieces: VecDeque<Vec<u8>>,
    size: usize,
    /// Nothing more will be sent.
    shut: bool,
    /// Nobody listens: to be closed as soon as all is sent.
    leaving: bool,
}

impl Link {
    fn shut_down(&self) {
        self.outgoing.lock().shut = true;
        self.control.ring();
    }

    fn leave(&self) {
        let mut outgoing = self.outgoing.lock();
        (outgoing.shut, outgoing.leaving) = (true, true);
        drop(outgoing);
        self.control.ring();
    }
}

enum Happened {
    Connected(Option<SocketAddr>),
    Data(Vec<u8>),
    /// Nothing more will come.
    HeardAll,
    /// There is room for more to send again.
    Room,
    Ended(Option<Trouble>),
}

/// The object's content. Without callbacks nobody but the program holds the object: when it lets go,
/// the connection is closed.
struct Held(Rc<Connection>);

impl Native for Held {}

impl Drop for Held {
    fn drop(&mut self) {
        self.0.link.leave();
    }
}

/// The connection that a member is called on.
struct This(Rc<Connection>);

impl Plain for This {
    const EXPECTED: &'static str = "a 4D.TCPConnection";

    fn from_value(value: Value) -> std::result::Result<Self, Value> {
        held(value, |held: &Held| Self(Rc::clone(&held.0)))
    }
}

impl This {
    fn look(&self, process: &mut Process) -> Result<()> {
        if self.0.callbacks.is_none() { process.hear_from(self.0.id) } else { Ok(()) }
    }
}

/// Where a connection comes from.
enum Origin {
    Server { name: String, port: u16, limit: Duration, tls: bool },
    Accepted(Box<dyn Stream>),
}

fn new(
    process: &mut Process,
    _class: Value,
    address: Text,
    port: i32,
    options: Option<AnyObject>,
) -> Result<Value> {
    let options = Options::of(options);
    let server_port = u16::try_from(port).ok().filter(|port| *port > 0).ok_or_else(|| {
        Trouble::new(number::BAD_REQUEST, format!("{port} is no port to connect to")).fault()
    })?;
    if address.is_empty() || address.contains('\0') {
        let message = format!("{:?} is no address of a server", address.as_str());
        return Err(Trouble::new(number::BAD_REQUEST, message).fault());
    }
    let origin = Origin::Server {
        name: address.to_string(),
        port: server_port,
        limit: options.seconds(process, "connectionTimeout")?.unwrap_or(CONNECTING),
        tls: options.boolean(process, "TLS")?.unwrap_or(false),
    };
    open(process, origin, (address, port), Value::Null, options)
}

/// A connection that a listener has taken. `Source: API/TCPListenerClass`
pub(super) fn accepted(
    process: &mut Process,
    stream: Box<dyn Stream>,
    from: SocketAddr,
    listener: &Value,
    options: Value,
) -> Result<()> {
    let place = (Text::from(from.ip().to_canonical().to_string().as_str()), from.port().into());
    open(process, Origin::Accepted(stream), place, listener.clone(), Options(options)).map(drop)
}

fn open(
    process: &mut Process,
    origin: Origin,
    (address, port): (Text, i32),
    listener: Value,
    options: Options,
) -> Result<Value> {
    let callbacks = Callbacks::of(&options, process)?;
    let no_delay = options.boolean(process, "noDelay")?.unwrap_or(false);
    let line = Line::<Connection>::new(process);
    // what nobody but us holds lives until it is closed
    let alone = !callbacks.is_none() || matches!(origin, Origin::Accepted(_));
    let connection = Rc::new(Connection {
        id: line.id(),
        address,
        port,
        no_delay,
        listener,
        options,
        callbacks,
        link: Arc::default(),
        state: RefCell::default(),
        own: Own::default(),
    });
    let object = object_of(process, "TCPConnection", Box::new(Held(Rc::clone(&connection))));
    if alone {
        connection.own.keep(&object);
    }
    listen(process, connection.id, &connection);
    let work = Work::begin(&process.shared);
    let mut serving = Serving {
        host: Arc::clone(&process.shared.host),
        link: Arc::clone(&connection.link),
        line,
        heard: connection.callbacks.data.is_some(),
    };
    let started = in_background("TCP connection", move || {
        let done = serving.run(origin, no_delay);
        serving.line.end(Happened::Ended(done.err()), work);
    });
    if let Err(error) = started {
        connection.own.let_go();
        forget::<Connection>(process, connection.id);
        return Err(failed("A thread for a connection", &error).fault());
    }
    Ok(object)
}

/// The thread that serves a connection.
struct Serving {
    host: Arc<dyn Host>,
    link: Arc<Link>,
    line: Line<Connection>,
    heard: bool,
}

/// What is left of a time.
fn left_of(clock: &dyn Clock, end: Duration) -> io::Result<Option<Duration>> {
    match end.checked_sub(clock.elapsed()) {
        Some(left) if !left.is_zero() => Ok(Some(left)),
        _ => Err(io::ErrorKind::TimedOut.into()),
    }
}

impl Serving {
    fn run(&mut self, origin: Origin, no_delay: bool) -> std::result::Result<(), Trouble> {
        let mut what = "The connection".to_owned();
        let done = match origin {
            Origin::Accepted(stream) => Ok(stream),
            Origin::Server { name, port, limit, tls } => {
                what = format!("{name}:{port}");
                self.connect(&name, port, limit, tls)
            }
        };
        let done = done.and_then(|mut stream| {
            stream.set_no_delay(no_delay);
            self.link.control.attach(stream.bell());
            self.line.send(Happened::Connected(stream.peer()));
            self.serve(&mut *stream)
        });
        match done {
            // the process itself has ended it
            Err(_) if self.link.control.is_stopped() => Ok(()),
            done => done.map_err(|error| failed(&what, &error)),
        }
    }

    fn connect(&self, name: &str, port: u16, limit: Duration, tls: bool) -> io::Result<Box<dyn Stream>> {
        let (network, clock) = (self.host.network(), self.host.clock());
        let end = clock.elapsed().saturating_add(limit);
        let stream = connect_to(network, name, port, limit, &self.link.control)?;
        if !tls {
            return Ok(stream);
        }
        let left = || left_of(clock, end);
        secure(stream, name, &network.trusted(), &Security::default(), &self.link.control, &left)
    }

    /// Sends and receives until both ends have said all. That the other end will say nothing more is
    /// told to the process, which may still answer what came before; then it lets go.
    fn serve(&self, stream: &mut dyn Stream) -> io::Result<()> {
        /// How often is looked whether there is room again.
        const LOOK: Duration = Duration::from_millis(20);
        let mut buffer = vec![0; 64 * 1024];
        let (mut shut, mut heard_all) = (false, false);
        let (mut leaving, mut lingering) = (None, None);
        let clock = self.host.clock();
        loop {
            self.link.control.check()?;
            let mut busy = self.write(stream)?;
            let (shall_shut, shall_leave, all_sent) = {
                let outgoing = self.link.outgoing.lock();
                (outgoing.shut, outgoing.leaving, outgoing.pieces.is_empty())
            };
            if shall_shut && all_sent && !shut {
                match stream.close_writing() {
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    _ => shut = true,
                }
            }
            if shut && shall_leave {
                // what still comes is read for a while: to be closed on it might undo what was sent
                let end = *lingering.get_or_insert_with(|| clock.elapsed().saturating_add(LINGERING));
                if heard_all || left_of(clock, end).is_err() {
                    return Ok(());
                }
            } else if shall_leave {
                let end = *leaving.get_or_insert_with(|| clock.elapsed().saturating_add(LEAVING));
                left_of(clock, end)?;
            }
            let full = self.line.is_full() && !shall_leave;
            if !full && !heard_all {
                match stream.read(&mut buffer) {
                    Ok(0) => {
                        (heard_all, busy) = (true, true);
                        self.line.send(Happened::HeardAll);
                    }
                    Ok(size) => {
                        busy = true;
                        if self.heard && !shall_leave {
                            let bytes = buffer.get(..size).unwrap_or_default().to_vec();
                            self.line.send_sized(Happened::Data(bytes), size);
                        }
                    }
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {}
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => busy = true,
                    Err(error) => return Err(error),
                }
            }
            if !busy {
                let limit = if full { Some(LOOK) } else { shall_leave.then_some(LINGERING) };
                stream.wait(limit)?;
            }
        }
    }

    /// Sends what is there; whether anything was sent.
    fn write(&self, stream: &mut dyn Stream) -> io::Result<bool> {
        let mut sent = false;
        loop {
            let piece = self.link.outgoing.lock().pieces.pop_front();
            let Some(piece) = piece else { break };
            let mut done = 0;
            while let Some(rest) = piece.get(done..).filter(|rest| !rest.is_empty()) {
                match stream.write(rest) {
                    Ok(0) => return Err(io::ErrorKind::BrokenPipe.into()),
                    Ok(size) => done += size,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                    Err(error) if error.kind() == io::ErrorKind::WouldBlock => {
                        self.link.outgoing.lock().pieces.push_front(rest.to_vec());
                        self.count_sent(done);
                        return Ok(sent || done > 0);
                    }
                    Err(error) => return Err(error),
                }
            }
            sent = true;
            self.count_sent(done);
        }
        match stream.flush() {
            Err(error) if error.kind() != io::ErrorKind::WouldBlock => Err(error),
            _ => Ok(sent),
        }
    }

    fn count_sent(&self, size: usize) {
        let mut outgoing = self.link.outgoing.lock();
        let was_full = outgoing.size >= MOST_UNSENT;
        outgoing.size = outgoing.size.saturating_sub(size);
        let has_room = outgoing.size < MOST_UNSENT;
        drop(outgoing);
        if was_full && has_room {
            self.line.send(Happened::Room);
        }
    }
}

impl Connection {
    fn is_closed(&self) -> bool {
        self.state.borrow().ended || self.link.outgoing.lock().shut
    }

    fn tell(
        &self,
        process: &mut Process,
        callback: Option<&Callback>,
        kind: &'static str,
        data: Option<Vec<u8>>,
        done: &mut Result<()>,
    ) {
        if callback.is_some() {
            let about = network_event(process, "TCPEvent", kind, self.state.borrow().peer, data);
            notify(process, callback, &self.options, &[self.own.get(), about], done);
        }
    }
}

impl Source for Connection {
    type Event = Happened;

    fn hear(self: Rc<Self>, process: &mut Process, heard: Happened) -> Result<()> {
        let mut done = Ok(());
        match heard {
            Happened::Room => {}
            Happened::HeardAll => self.link.leave(),
            Happened::Connected(peer) => {
                self.state.borrow_mut().peer = peer;
                self.tell(process, self.callbacks.connection.as_ref(), "connection", None, &mut done);
            }
            Happened::Data(bytes) => {
                self.tell(process, self.callbacks.data.as_ref(), "data", Some(bytes), &mut done);
            }
            Happened::Ended(trouble) => {
                self.state.borrow_mut().ended = true;
                match trouble {
                    Some(trouble) => {
                        self.state.borrow_mut().errors.push(trouble);
                        self.tell(process, self.callbacks.error.as_ref(), "error", None, &mut done);
                    }
                    None => self.tell(process, self.callbacks.shutdown.as_ref(), "close", None, &mut done),
                }
                self.tell(process, self.callbacks.terminate.as_ref(), "terminate", None, &mut done);
                self.state.borrow_mut().over = true;
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
        self.link.leave();
        self.own.let_go();
    }
}

fn send(process: &mut Process, connection: This, data: AnyBlob) -> Result<()> {
    let link = &connection.0.link;
    // a program that sends faster than the other end reads waits
    process.listen_until(None, |_| {
        link.outgoing.lock().size < MOST_UNSENT || connection.0.state.borrow().ended
    })?;
    connection.look(process)?;
    if connection.0.is_closed() {
        return Err(Trouble::new(number::UNREACHABLE, "The connection is closed: nothing can be sent").fault());
    }
    let bytes = data.0.to_vec();
    let mut outgoing = link.outgoing.lock();
    outgoing.size += bytes.len();
    outgoing.pieces.push_back(bytes);
    drop(outgoing);
    link.control.ring();
    Ok(())
}
