//! The real network: sockets that never block, each with a bell of its own to wait with.
#![allow(clippy::disallowed_methods, clippy::disallowed_types)] // the place they are banned to

use super::network::{Bell, Control, Datagrams, Listener, Network, Stream, Wait, given_up};
use super::tls::Trusted;
use mio::event::Source;
use mio::net::{TcpListener, TcpStream, UdpSocket};
use mio::{Events, Interest, Poll, Token, Waker};
use socket2::{SockRef, TcpKeepalive};
use std::io::{self, Read, Write};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, ToSocketAddrs};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

const SOCKET: Token = Token(0);
const BELL: Token = Token(1);

/// A peer that has gone without a word is noticed after about two minutes.
const SILENCE: Duration = Duration::from_secs(60);
const ASK_AGAIN: Duration = Duration::from_secs(15);

#[derive(Default)]
pub(super) struct OsNetwork {
    trusted: OnceLock<Trusted>,
}

/// A socket and what to wait with.
struct Waiting<S> {
    socket: S,
    poll: Poll,
    events: Events,
    waker: Arc<Waker>,
}

impl<S: Source> Waiting<S> {
    fn new(mut socket: S) -> io::Result<Self> {
        let poll = Poll::new()?;
        poll.registry().register(&mut socket, SOCKET, Interest::READABLE | Interest::WRITABLE)?;
        let waker = Arc::new(Waker::new(poll.registry(), BELL)?);
        Ok(Self { socket, poll, events: Events::with_capacity(8), waker })
    }

    fn wait(&mut self, limit: Option<Duration>) -> io::Result<()> {
        match self.poll.poll(&mut self.events, limit) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => Ok(()),
            done => done,
        }
    }

    fn bell(&self) -> Bell {
        let waker = Arc::clone(&self.waker);
        // a bell that cannot be rung is looked at when the wait's time is over
        Bell::new(move || drop(waker.wake()))
    }
}

macro_rules! waits {
    ($($socket:ty),*) => {$(
        impl Wait for Waiting<$socket> {
            fn wait(&mut self, limit: Option<Duration>) -> io::Result<()> {
                Self::wait(self, limit)
            }
            fn bell(&self) -> Bell {
                Self::bell(self)
            }
        }
    )*};
}

waits!(TcpStream, TcpListener, UdpSocket);

impl Read for Waiting<TcpStream> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        self.socket.read(into)
    }
}

impl Write for Waiting<TcpStream> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.socket.write(bytes)
    }
    fn flush(&mut self) -> io::Result<()> {
        self.socket.flush()
    }
}

impl Stream for Waiting<TcpStream> {
    fn peer(&self) -> Option<SocketAddr> {
        self.socket.peer_addr().ok()
    }

    fn close_writing(&mut self) -> io::Result<()> {
        self.socket.shutdown(Shutdown::Write)
    }

    fn set_no_delay(&self, no_delay: bool) {
        let _ = self.socket.set_nodelay(no_delay);
    }
}

impl Listener for Waiting<TcpListener> {
    fn accept(&mut self) -> io::Result<(Box<dyn Stream>, SocketAddr)> {
        let (socket, from) = self.socket.accept()?;
        Ok((opened(Waiting::new(socket)?), from))
    }

    fn port(&self) -> u16 {
        self.socket.local_addr().map_or(0, |address| address.port())
    }
}

impl Datagrams for Waiting<UdpSocket> {
    fn receive(&mut self, into: &mut [u8]) -> io::Result<(usize, SocketAddr)> {
        let (size, from) = self.socket.recv_from(into)?;
        Ok((size, plain(from)))
    }

    fn send(&mut self, bytes: &[u8], to: SocketAddr) -> io::Result<()> {
        // a socket for both families takes addresses of the newer one only
        let both = self.socket.local_addr().is_ok_and(|own| own.is_ipv6());
        let to = match to {
            SocketAddr::V4(old) if both => SocketAddr::new(old.ip().to_ipv6_mapped().into(), old.port()),
            other => other,
        };
        self.socket.send_to(bytes, to).map(drop)
    }

    fn port(&self) -> u16 {
        self.socket.local_addr().map_or(0, |address| address.port())
    }
}

/// An address of the older family as such.
fn plain(address: SocketAddr) -> SocketAddr {
    SocketAddr::new(address.ip().to_canonical(), address.port())
}

fn opened(stream: Waiting<TcpStream>) -> Box<dyn Stream> {
    let alive = TcpKeepalive::new().with_time(SILENCE).with_interval(ASK_AGAIN);
    let _ = SockRef::from(&stream.socket).set_tcp_keepalive(&alive);
    Box::new(stream)
}

/// Any address of this machine: of both families, or of the older one where there is no newer.
fn anywhere<S>(port: u16, bind: impl Fn(SocketAddr) -> io::Result<S>) -> io::Result<S> {
    let newer = IpAddr::from(Ipv6Addr::UNSPECIFIED);
    match bind(SocketAddr::new(newer, port)) {
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        Err(_) => bind(SocketAddr::new(Ipv4Addr::UNSPECIFIED.into(), port)),
        done => done,
    }
}

impl Network for OsNetwork {
    fn resolve(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        let mut found: Vec<_> = (name, port).to_socket_addrs()?.collect();
        // Where both are there, the older family is the one that is always routed.
        found.sort_by_key(SocketAddr::is_ipv6);
        Ok(found)
    }

    fn connect(&self, to: SocketAddr, limit: Duration, control: &Control) -> io::Result<Box<dyn Stream>> {
        let mut stream = Waiting::new(TcpStream::connect(to)?)?;
        control.attach(stream.bell());
        let start = Instant::now();
        loop {
            control.check()?;
            let Some(left) = limit.checked_sub(start.elapsed()).filter(|left| !left.is_zero()) else {
                return Err(io::ErrorKind::TimedOut.into());
            };
            stream.wait(Some(left))?;
            if control.is_stopped() {
                return Err(given_up());
            }
            if let Some(error) = stream.socket.take_error()? {
                return Err(error);
            }
            if stream.socket.peer_addr().is_ok() {
                return Ok(opened(stream));
            }
        }
    }

    fn listen(&self, port: u16) -> io::Result<Box<dyn Listener>> {
        Ok(Box::new(Waiting::new(anywhere(port, TcpListener::bind)?)?))
    }

    fn datagrams(&self, port: u16) -> io::Result<Box<dyn Datagrams>> {
        Ok(Box::new(Waiting::new(anywhere(port, UdpSocket::bind)?)?))
    }

    fn trusted(&self) -> Trusted {
        self.trusted.get_or_init(Trusted::of_machine).clone()
    }
}
