//! The outside as traits: files, clock, console, chance, network and the machine. [`os::OsHost`] is the real one,
//! [`memory::MemoryHost`] one for tests. Nothing else in the crate touches `std::fs`, `std::env` or a clock.

pub mod captured;
mod console;
mod files;
pub mod memory;
mod memory_network;
pub mod network;
pub mod os;
mod os_network;
mod os_programs;
mod programs;
pub mod tls;

pub use console::{Closed, Console};
pub use files::{Access, Entry, Facts, Files, Kind, OpenFile};
pub use network::{Control, Network, NoNetwork};
pub use programs::{Done, Ended, NoPrograms, Programs, Running, Start, Started};

use std::time::{Duration, SystemTime};

/// Everything that a program can reach outside itself.
pub trait Host: Send + Sync {
    fn files(&self) -> &dyn Files;
    fn console(&self) -> &dyn Console;
    fn clock(&self) -> &dyn Clock;
    fn random(&self) -> &dyn Random;
    fn machine(&self) -> &dyn Machine;

    /// Other programs of the machine; a host may have none.
    fn programs(&self) -> &dyn Programs {
        &NoPrograms
    }

    /// Other machines; a host may have none.
    fn network(&self) -> &dyn Network {
        &NoNetwork
    }
}

/// Time, and waiting for it.
pub trait Clock: Send + Sync {
    /// The date and time of day.
    fn now(&self) -> SystemTime;

    /// Time since the host was made; never runs backwards.
    fn elapsed(&self) -> Duration;

    /// Lets the calling thread wait.
    fn sleep(&self, time: Duration);

    /// What turns [`Clock::now`] into local time.
    fn time_zone(&self) -> jiff::tz::TimeZone;
}

/// Chance, good enough for identifiers and one-time tokens.
pub trait Random: Send + Sync {
    fn fill(&self, bytes: &mut [u8]);

    /// Any number of 64 bits.
    fn number(&self) -> u64 {
        let mut bytes = [0; 8];
        self.fill(&mut bytes);
        u64::from_le_bytes(bytes)
    }
}

/// The machine and the user's surroundings.
pub trait Machine: Send + Sync {
    /// An environment variable; none if it is not Unicode.
    fn variable(&self, name: &str) -> Option<String>;

    /// The folder for temporary files.
    fn temporary_folder(&self) -> std::path::PathBuf;

    /// The user's own folder, if there is one.
    fn home_folder(&self) -> Option<std::path::PathBuf>;

    /// The file that runs: fourd's own.
    fn program(&self) -> std::path::PathBuf;

    /// The number of the operating system's process that fourd runs in.
    fn process_number(&self) -> u32;

    /// What the operating system calls the calling thread; 0 if it does not say.
    fn thread_number(&self) -> u64 {
        0
    }

    /// How long a thread has been running on a processor; zero if that is not known.
    fn thread_time(&self, _thread: u64) -> Duration {
        Duration::ZERO
    }

    /// How many threads can run at once; at least 1.
    fn parallelism(&self) -> usize;
}
