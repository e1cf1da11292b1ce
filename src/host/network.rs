//! The network as traits. Nothing here blocks but [`Wait::wait`] and the ways to connect, and both end
//! when their [`Control`] says so: who works on a connection can always be called back.

use parking_lot::Mutex;
use std::io::{self, Read, Write};
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What wakes a thread that waits on a connection; may be rung from any thread, at any time.
#[derive(Clone)]
pub struct Bell(Arc<dyn Fn() + Send + Sync>);

impl Bell {
    #[must_use]
    pub fn new(ring: impl Fn() + Send + Sync + 'static) -> Self {
        Self(Arc::new(ring))
    }

    pub fn ring(&self) {
        (self.0)();
    }
}

/// Calls back a thread that works on connections: rings whatever it waits on now.
#[derive(Default)]
pub struct Control {
    stopped: AtomicBool,
    bell: Mutex<Option<Bell>>,
}

impl Control {
    /// Has the thread give up.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::SeqCst);
        self.ring();
    }

    #[must_use]
    pub fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::SeqCst)
    }

    /// Has the thread look up.
    pub fn ring(&self) {
        let bell = self.bell.lock().clone();
        if let Some(bell) = bell {
            bell.ring();
        }
    }

    /// The thread waits with this bell from now on.
    pub fn attach(&self, bell: Bell) {
        *self.bell.lock() = Some(bell);
    }

    /// # Errors
    /// `Interrupted` once the thread is to give up.
    pub fn check(&self) -> io::Result<()> {
        if self.is_stopped() { Err(given_up()) } else { Ok(()) }
    }
}

/// What a wait ends with when it was called off.
#[must_use]
pub fn given_up() -> io::Error {
    io::Error::new(io::ErrorKind::ConnectionAborted, "called off")
}

/// What can be waited for.
pub trait Wait {
    /// Waits until something may be read or written that could not be before, the bell rings, or the
    /// time is over; may also return for nothing. To be called only after a read or write has given
    /// `WouldBlock`.
    ///
    /// # Errors
    /// The system refuses.
    fn wait(&mut self, limit: Option<Duration>) -> io::Result<()>;

    /// What ends a wait.
    fn bell(&self) -> Bell;
}

/// A connection. Reads and writes never block: they give `WouldBlock`.
pub trait Stream: Read + Write + Wait + Send {
    /// The other end.
    fn peer(&self) -> Option<SocketAddr>;

    /// Tells the other end that nothing more will come.
    ///
    /// # Errors
    /// `WouldBlock`: call it again later. The connection is gone.
    fn close_writing(&mut self) -> io::Result<()>;

    /// Sends small pieces at once.
    fn set_no_delay(&self, no_delay: bool);
}

/// Takes connections at a port.
pub trait Listener: Wait + Send {
    /// The next connection; never blocks.
    ///
    /// # Errors
    /// `WouldBlock`: there is none.
    fn accept(&mut self) -> io::Result<(Box<dyn Stream>, SocketAddr)>;

    fn port(&self) -> u16;
}

/// Sends and takes single pieces of data at a port.
pub trait Datagrams: Wait + Send {
    /// The next one; never blocks.
    ///
    /// # Errors
    /// `WouldBlock`: there is none.
    fn receive(&mut self, into: &mut [u8]) -> io::Result<(usize, SocketAddr)>;

    /// # Errors
    /// The system refuses.
    fn send(&mut self, bytes: &[u8], to: SocketAddr) -> io::Result<()>;

    fn port(&self) -> u16;
}

/// The network that a program can reach.
pub trait Network: Send + Sync {
    /// The addresses of a name.
    ///
    /// # Errors
    /// There is none.
    fn resolve(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>>;

    /// Connects to an address, within the limit.
    ///
    /// # Errors
    /// Nobody is there; `TimedOut`; called off.
    fn connect(&self, to: SocketAddr, limit: Duration, control: &Control) -> io::Result<Box<dyn Stream>>;

    /// Takes connections at a port; 0 for any that is free.
    ///
    /// # Errors
    /// The port is taken.
    fn listen(&self, port: u16) -> io::Result<Box<dyn Listener>>;

    /// Sends and takes single pieces at a port; 0 for any that is free.
    ///
    /// # Errors
    /// The port is taken.
    fn datagrams(&self, port: u16) -> io::Result<Box<dyn Datagrams>>;

    /// Whose certificates are trusted.
    fn trusted(&self) -> super::tls::Trusted;
}

/// Where there is no network.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoNetwork;

fn none<T>() -> io::Result<T> {
    Err(io::Error::new(io::ErrorKind::Unsupported, "there is no network here"))
}

impl Network for NoNetwork {
    fn resolve(&self, _: &str, _: u16) -> io::Result<Vec<SocketAddr>> {
        none()
    }
    fn connect(&self, _: SocketAddr, _: Duration, _: &Control) -> io::Result<Box<dyn Stream>> {
        none()
    }
    fn listen(&self, _: u16) -> io::Result<Box<dyn Listener>> {
        none()
    }
    fn datagrams(&self, _: u16) -> io::Result<Box<dyn Datagrams>> {
        none()
    }
    fn trusted(&self) -> super::tls::Trusted {
        super::tls::Trusted::default()
    }
}

/// Connects to the first address of a name that answers.
///
/// # Errors
/// None does; `TimedOut`; called off.
pub fn connect_to(
    network: &dyn Network,
    name: &str,
    port: u16,
    limit: Duration,
    control: &Control,
) -> io::Result<Box<dyn Stream>> {
    let addresses = network.resolve(name, port)?;
    let share = limit / u32::try_from(addresses.len()).unwrap_or(1).max(1);
    let mut last = io::Error::new(io::ErrorKind::NotFound, format!("{name} has no address"));
    for address in addresses {
        control.check()?;
        match network.connect(address, share, control) {
            Ok(stream) => return Ok(stream),
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Runs something beside the process that starts it. It must not touch what belongs to a process.
///
/// # Errors
/// The machine gives no more threads.
pub fn in_background(name: &str, task: impl FnOnce() + Send + 'static) -> io::Result<()> {
    /// Enough for reading and writing, TLS included.
    const STACK: usize = 1 << 20;
    std::thread::Builder::new().name(name.to_owned()).stack_size(STACK).spawn(task).map(drop)
}
