//! A network that lies in memory: connections between the processes of one program, for tests.

use super::network::{Bell, Control, Datagrams, Listener, Network, Stream, Wait};
use super::tls::Trusted;
use parking_lot::{Condvar, Mutex};
use std::collections::{BTreeMap, VecDeque};
use std::io::{self, ErrorKind, Read, Write};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// How much one end may send before the other has read.
const ROOM: usize = 64 * 1024;
const FIRST_FREE_PORT: u16 = 49_152;

/// A piece of data and where it comes from.
type Piece = (Vec<u8>, SocketAddr);

/// All that is listened to, by port.
#[derive(Clone, Default)]
pub(super) struct MemoryNetwork(Arc<Mutex<Ports>>);

#[derive(Default)]
struct Ports {
    listeners: BTreeMap<u16, Arc<Inbox<End>>>,
    datagrams: BTreeMap<u16, Arc<Inbox<Piece>>>,
    last: u16,
}

impl Ports {
    fn free(&mut self) -> u16 {
        self.last = if self.last < FIRST_FREE_PORT || self.last == u16::MAX {
            FIRST_FREE_PORT
        } else {
            self.last + 1
        };
        self.last
    }
}

/// Rung when something has changed for who waits.
#[derive(Default)]
struct Alarm {
    rung: Mutex<bool>,
    change: Condvar,
}

impl Alarm {
    fn ring(&self) {
        *self.rung.lock() = true;
        self.change.notify_all();
    }

    fn wait(&self, limit: Option<Duration>) {
        let mut rung = self.rung.lock();
        if !*rung {
            match limit {
                Some(limit) => drop(self.change.wait_for(&mut rung, limit)),
                None => self.change.wait(&mut rung),
            }
        }
        *rung = false;
    }

    fn bell(self: &Arc<Self>) -> Bell {
        let own = Arc::clone(self);
        Bell::new(move || own.ring())
    }
}

/// What arrives one by one.
struct Inbox<T> {
    arrived: Mutex<VecDeque<T>>,
    alarm: Arc<Alarm>,
}

impl<T> Default for Inbox<T> {
    fn default() -> Self {
        Self { arrived: Mutex::default(), alarm: Arc::default() }
    }
}

impl<T> Inbox<T> {
    fn put(&self, item: T) {
        self.arrived.lock().push_back(item);
        self.alarm.ring();
    }

    fn take(&self) -> io::Result<T> {
        self.arrived.lock().pop_front().ok_or_else(|| ErrorKind::WouldBlock.into())
    }
}

/// One direction of a connection.
#[derive(Default)]
struct Pipe {
    state: Mutex<PipeState>,
}

#[derive(Default)]
struct PipeState {
    bytes: VecDeque<u8>,
    /// Nothing more will come.
    ended: bool,
    /// Nobody will read.
    deaf: bool,
}

/// One end of a connection.
struct End {
    incoming: Arc<Pipe>,
    outgoing: Arc<Pipe>,
    alarm: Arc<Alarm>,
    other: Arc<Alarm>,
    peer: SocketAddr,
}

fn local(port: u16) -> SocketAddr {
    SocketAddr::new(Ipv4Addr::LOCALHOST.into(), port)
}

fn pair(server: u16, client: u16) -> (End, End) {
    let (up, down) = (Arc::<Pipe>::default(), Arc::<Pipe>::default());
    let (here, there) = (Arc::<Alarm>::default(), Arc::<Alarm>::default());
    let near = End {
        incoming: Arc::clone(&down),
        outgoing: Arc::clone(&up),
        alarm: Arc::clone(&here),
        other: Arc::clone(&there),
        peer: local(server),
    };
    (near, End { incoming: up, outgoing: down, alarm: there, other: here, peer: local(client) })
}

impl Read for End {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let mut state = self.incoming.state.lock();
        if state.bytes.is_empty() {
            return if state.ended { Ok(0) } else { Err(ErrorKind::WouldBlock.into()) };
        }
        let size = state.bytes.read(into)?;
        drop(state);
        self.other.ring();
        Ok(size)
    }
}

impl Write for End {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut state = self.outgoing.state.lock();
        if state.deaf || state.ended {
            return Err(ErrorKind::BrokenPipe.into());
        }
        let size = bytes.len().min(ROOM - state.bytes.len().min(ROOM));
        if size == 0 && !bytes.is_empty() {
            return Err(ErrorKind::WouldBlock.into());
        }
        state.bytes.extend(bytes.iter().take(size));
        drop(state);
        self.other.ring();
        Ok(size)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Wait for End {
    fn wait(&mut self, limit: Option<Duration>) -> io::Result<()> {
        self.alarm.wait(limit);
        Ok(())
    }

    fn bell(&self) -> Bell {
        self.alarm.bell()
    }
}

impl Stream for End {
    fn peer(&self) -> Option<SocketAddr> {
        Some(self.peer)
    }

    fn close_writing(&mut self) -> io::Result<()> {
        self.outgoing.state.lock().ended = true;
        self.other.ring();
        Ok(())
    }

    fn set_no_delay(&self, _: bool) {}
}

impl Drop for End {
    fn drop(&mut self) {
        self.outgoing.state.lock().ended = true;
        self.incoming.state.lock().deaf = true;
        self.other.ring();
    }
}

struct AtPort<T> {
    inbox: Arc<Inbox<T>>,
    network: MemoryNetwork,
    port: u16,
}

impl<T> Wait for AtPort<T> {
    fn wait(&mut self, limit: Option<Duration>) -> io::Result<()> {
        self.inbox.alarm.wait(limit);
        Ok(())
    }

    fn bell(&self) -> Bell {
        self.inbox.alarm.bell()
    }
}

impl<T> Drop for AtPort<T> {
    fn drop(&mut self) {
        let mut ports = self.network.0.lock();
        // each kind has its own numbers: only the entry of this inbox goes
        let own = Arc::as_ptr(&self.inbox).cast::<()>();
        ports.listeners.retain(|_, inbox| Arc::as_ptr(inbox).cast::<()>() != own);
        ports.datagrams.retain(|_, inbox| Arc::as_ptr(inbox).cast::<()>() != own);
    }
}

impl Listener for AtPort<End> {
    fn accept(&mut self) -> io::Result<(Box<dyn Stream>, SocketAddr)> {
        let end = self.inbox.take()?;
        let from = end.peer;
        Ok((Box::new(end), from))
    }

    fn port(&self) -> u16 {
        self.port
    }
}

impl Datagrams for AtPort<Piece> {
    fn receive(&mut self, into: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let (bytes, from) = self.inbox.take()?;
        let size = bytes.as_slice().read(into)?;
        Ok((size, from))
    }

    fn send(&mut self, bytes: &[u8], to: SocketAddr) -> io::Result<()> {
        let target = self.network.0.lock().datagrams.get(&to.port()).cloned();
        if let Some(target) = target {
            target.put((bytes.to_vec(), local(self.port)));
        }
        Ok(())
    }

    fn port(&self) -> u16 {
        self.port
    }
}

impl Network for MemoryNetwork {
    fn resolve(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let known = name == "localhost" || name.parse::<IpAddr>().is_ok_and(|address| address.is_loopback());
        let missing = || io::Error::new(ErrorKind::NotFound, format!("{name} has no address"));
        known.then(|| vec![local(port)]).ok_or_else(missing)
    }

    fn connect(&self, to: SocketAddr, _: Duration, control: &Control) -> io::Result<Box<dyn Stream>> {
        let mut ports = self.0.lock();
        let inbox = ports.listeners.get(&to.port()).cloned().ok_or(ErrorKind::ConnectionRefused)?;
        let client = ports.free();
        drop(ports);
        let (near, far) = pair(to.port(), client);
        inbox.put(far);
        control.attach(near.bell());
        Ok(Box::new(near))
    }

    fn listen(&self, port: u16) -> io::Result<Box<dyn Listener>> {
        let mut ports = self.0.lock();
        let port = if port == 0 { ports.free() } else { port };
        if ports.listeners.contains_key(&port) {
            return Err(ErrorKind::AddrInUse.into());
        }
        let inbox = Arc::default();
        ports.listeners.insert(port, Arc::clone(&inbox));
        Ok(Box::new(AtPort { inbox, network: self.clone(), port }))
    }

    fn datagrams(&self, port: u16) -> io::Result<Box<dyn Datagrams>> {
        let mut ports = self.0.lock();
        let port = if port == 0 { ports.free() } else { port };
        if ports.datagrams.contains_key(&port) {
            return Err(ErrorKind::AddrInUse.into());
        }
        let inbox = Arc::default();
        ports.datagrams.insert(port, Arc::clone(&inbox));
        Ok(Box::new(AtPort { inbox, network: self.clone(), port }))
    }

    fn trusted(&self) -> Trusted {
        Trusted::default()
    }
}
