//! The class 4D.Signal. `description` and what programs add are properties of a shared object.
//! `Source: API/SignalClass`

use crate::command::bind::{Parameter, Reader};
use crate::runtime::Signal;
use crate::value::{Result, SharedObject, Value};
use crate::vm::Process;
use std::time::Duration;

members! {
    "4D.Signal" {
        /// Whether the signal was triggered.
        get "signaled" () => |signal: This| -> Result<bool> { signal.with(Signal::is_signaled) };
        /// Triggers the signal: all who wait for it go on.
        function "trigger" () => |signal: This| -> Result<()> { signal.with(Signal::trigger) };
        /// Waits until the signal is triggered, for at most so many seconds.
        function "wait" (timeout) => wait;
    }
}

/// The signal that a member is called on.
struct This(SharedObject);

impl Parameter for This {
    fn read(reader: &mut Reader<'_>) -> Result<Self> {
        match reader.take()? {
            Value::SharedObject(object) if object.native::<Signal>().is_some() => Ok(Self(object)),
            other => Err(reader.mismatch("a signal", &other)),
        }
    }
}

impl This {
    fn with<R: Default>(&self, act: impl FnOnce(&Signal) -> R) -> Result<R> {
        Ok(self.0.native::<Signal>().map(act).unwrap_or_default())
    }
}

/// Gives the state of the signal. Source: API/SignalClass (.wait())
fn wait(process: &mut Process, signal: This, seconds: Option<f64>) -> Result<bool> {
    let Some(signal) = signal.0.native::<Signal>() else { return Ok(false) };
    // more than the clock can count is as good as for ever
    let limit = seconds.map(|seconds| Duration::try_from_secs_f64(seconds.max(0.0)).unwrap_or(Duration::MAX));
    process.wait_with(limit, |handle, left, clock| signal.wait(handle, left, clock))
}
