//! Connections to servers that are kept open for the next request, and how many there may be.
//! `Source: API/HTTPAgentClass`

use crate::host::network::{Control, Stream, given_up};
use parking_lot::{Condvar, Mutex};
use rustc_hash::FxHashMap;
use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// What an agent is made with.
#[derive(Clone, Debug)]
pub struct Limits {
    pub keep_alive: bool,
    /// Connections to one server.
    pub each: usize,
    pub total: usize,
    /// After how long an unused connection is closed.
    pub unused: Option<Duration>,
}

impl Default for Limits {
    fn default() -> Self {
        Self { keep_alive: true, each: 65_535, total: 65_535, unused: None }
    }
}

/// How long a connection is kept unused where the agent does not say: servers close earlier or later.
const USUALLY_UNUSED: Duration = Duration::from_secs(60);

/// Which connections are alike.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Key {
    pub place: String,
    pub proxy: Option<String>,
    pub security: Option<crate::host::tls::Security>,
}

/// Keeps connections.
#[derive(Default)]
pub struct Agent {
    pub limits: Limits,
    pool: Mutex<Pool>,
    change: Condvar,
    requests: AtomicUsize,
}

#[derive(Default)]
struct Pool {
    free: FxHashMap<Key, Vec<Free>>,
    used: FxHashMap<Key, usize>,
    used_in_all: usize,
}

struct Free {
    stream: Box<dyn Stream>,
    since: Duration,
}

impl Pool {
    fn is_free(free: &mut Free, limit: Duration, now: Duration) -> bool {
        // What a server sends unasked, or the end, makes a connection useless.
        now.saturating_sub(free.since) < limit
            && matches!(free.stream.read(&mut [0]), Err(error) if error.kind() == io::ErrorKind::WouldBlock)
    }

    fn tidy(&mut self, limit: Duration, now: Duration) {
        for all in self.free.values_mut() {
            all.retain_mut(|free| Self::is_free(free, limit, now));
        }
        self.free.retain(|_, all| !all.is_empty());
    }

    fn count_free(&self) -> usize {
        self.free.values().map(Vec::len).sum()
    }
}

/// The right to one connection.
pub struct Place<'a> {
    agent: &'a Agent,
    key: Key,
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut pool = self.agent.pool.lock();
        pool.used_in_all = pool.used_in_all.saturating_sub(1);
        if let Some(used) = pool.used.get_mut(&self.key) {
            *used = used.saturating_sub(1);
            if *used == 0 {
                pool.used.remove(&self.key);
            }
        }
        drop(pool);
        self.agent.change.notify_all();
    }
}

impl Place<'_> {
    /// Keeps a connection for the next request.
    pub fn give_back(self, stream: Box<dyn Stream>, now: Duration) {
        if self.agent.limits.keep_alive {
            let free = Free { stream, since: now };
            self.agent.pool.lock().free.entry(self.key.clone()).or_default().push(free);
        }
    }
}

/// A request that an agent handles.
pub struct Handled(Arc<Agent>);

impl Drop for Handled {
    fn drop(&mut self) {
        self.0.requests.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Agent {
    #[must_use]
    pub fn new(limits: Limits) -> Self {
        Self { limits, ..Self::default() }
    }

    /// Counts a request for as long as the result lives.
    #[must_use]
    pub fn handle(self: &Arc<Self>) -> Handled {
        self.requests.fetch_add(1, Ordering::SeqCst);
        Handled(Arc::clone(self))
    }

    #[must_use]
    pub fn count_requests(&self) -> usize {
        self.requests.load(Ordering::SeqCst)
    }

    #[must_use]
    pub fn count_free(&self, now: Duration) -> usize {
        let mut pool = self.pool.lock();
        pool.tidy(self.unused(), now);
        pool.count_free()
    }

    fn unused(&self) -> Duration {
        self.limits.unused.unwrap_or(USUALLY_UNUSED)
    }

    /// Waits until there may be one more connection; gives one that is open, if there is one.
    ///
    /// # Errors
    /// The time is over; called off.
    pub fn take(
        &self,
        key: &Key,
        control: &Control,
        left: &dyn Fn() -> io::Result<Option<Duration>>,
        now: &dyn Fn() -> Duration,
    ) -> io::Result<(Place<'_>, Option<Box<dyn Stream>>)> {
        /// How often is looked whether the request was called off.
        const LOOK: Duration = Duration::from_millis(50);
        let mut pool = self.pool.lock();
        loop {
            let used = pool.used.get(key).copied().unwrap_or(0);
            if used < self.limits.each.max(1) && pool.used_in_all < self.limits.total.max(1) {
                break;
            }
            if control.is_stopped() {
                return Err(given_up());
            }
            let limit = left()?.unwrap_or(LOOK).min(LOOK);
            self.change.wait_for(&mut pool, limit);
        }
        pool.tidy(self.unused(), now());
        let found = pool.free.get_mut(key).and_then(Vec::pop);
        // unused connections make room for new ones
        while found.is_none() && pool.used_in_all + pool.count_free() >= self.limits.total.max(1) {
            let Some(other) = pool.free.values_mut().find(|all| !all.is_empty()) else { break };
            other.pop();
        }
        *pool.used.entry(key.clone()).or_default() += 1;
        pool.used_in_all += 1;
        drop(pool);
        Ok((Place { agent: self, key: key.clone() }, found.map(|free| free.stream)))
    }
}
