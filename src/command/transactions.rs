//! Theme Transactions. Without tables a transaction holds no records; what remains is its level, which
//! programs ask for and frameworks count on.

use crate::value::Result;
use crate::vm::Process;

commands! {
    /// Starts a transaction, inside the running one if there is one.
    239 "START TRANSACTION" () thread_safe => |process: &mut Process| process.attachment::<Levels>().start();
    /// Ends the innermost transaction and keeps its changes. Sets OK.
    240 "VALIDATE TRANSACTION" () thread_safe => validate;
    /// Ends the innermost transaction and undoes its changes.
    241 "CANCEL TRANSACTION" () thread_safe => |process: &mut Process| {
        process.attachment::<Levels>().end();
    };
    /// Whether a transaction has been started.
    397 "In transaction" () thread_safe => |process: &mut Process| process.attachment::<Levels>().level() > 0;
    /// How many transactions are open, one inside the other.
    961 "Transaction level" () thread_safe => |process: &mut Process| process.attachment::<Levels>().level();
    /// Leaves the innermost transaction for a while.
    1385 "SUSPEND TRANSACTION" () thread_safe => |process: &mut Process| process.attachment::<Levels>().suspend(true);
    /// Goes on with a suspended transaction.
    1386 "RESUME TRANSACTION" () thread_safe => |process: &mut Process| process.attachment::<Levels>().suspend(false);
    /// Whether there is a transaction that is not suspended.
    1387 "Active transaction" () thread_safe => |process: &mut Process| process.attachment::<Levels>().active();
}

/// The open transactions of a process, outermost first: whether each is suspended.
#[derive(Default)]
struct Levels(Vec<bool>);

impl Levels {
    fn start(&mut self) {
        self.0.push(false);
    }

    /// Whether there was one to end.
    fn end(&mut self) -> bool {
        self.0.pop().is_some()
    }

    fn level(&self) -> i32 {
        i32::try_from(self.0.len()).unwrap_or(i32::MAX)
    }

    fn suspend(&mut self, suspended: bool) {
        if let Some(last) = self.0.last_mut() {
            *last = suspended;
        }
    }

    fn active(&self) -> bool {
        self.0.last() == Some(&false)
    }
}

/// Source: commands/validate-transaction
fn validate(process: &mut Process) -> Result<()> {
    let done = process.attachment::<Levels>().end();
    process.set_ok(done);
    Ok(())
}
