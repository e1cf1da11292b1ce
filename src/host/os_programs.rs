//! Programs of the real machine.

use super::programs::{Done, Ended, Programs, Running, Start, Started};
use shared_child::SharedChild;
use std::io::{self, Write};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OsPrograms;

fn command(start: &Start) -> Command {
    let mut command = Command::new(&start.program);
    command.args(&start.arguments).envs(start.variables.iter().map(|(name, value)| (name, value)));
    if let Some(folder) = &start.folder {
        command.current_dir(folder);
    }
    command
}

struct Child(SharedChild);

impl Running for Child {
    fn number(&self) -> u32 {
        self.0.id()
    }

    fn kill(&self) {
        // it may just have ended by itself
        let _ = self.0.kill();
    }

    fn wait(&self, limit: Option<Duration>) -> io::Result<Option<Ended>> {
        let ended = match limit {
            Some(limit) => self.0.wait_timeout(limit)?,
            None => Some(self.0.wait()?),
        };
        Ok(ended.map(|status| Ended { code: status.code() }))
    }
}

impl Programs for OsPrograms {
    fn run(&self, start: &Start) -> io::Result<Done> {
        let mut command = command(start);
        let pipe = || if start.wait { Stdio::piped() } else { Stdio::null() };
        let input = if start.input.is_empty() { Stdio::null() } else { Stdio::piped() };
        let mut child = command.stdin(input).stdout(pipe()).stderr(pipe()).spawn()?;
        let number = child.id();
        // a thread of its own: the program may write before it has read everything
        let feeder = child.stdin.take().map(|mut stdin| {
            let input = start.input.clone();
            std::thread::spawn(move || drop(stdin.write_all(&input))) // it may not want to read all
        });
        if !start.wait {
            // nobody else collects what the program leaves behind when it ends
            std::thread::spawn(move || drop(child.wait()));
            return Ok(Done { number, ..Done::default() });
        }
        let ended = child.wait_with_output()?;
        if let Some(feeder) = feeder {
            drop(feeder.join());
        }
        Ok(Done { number, output: ended.stdout, errors: ended.stderr })
    }

    fn start(&self, start: &Start) -> io::Result<Started> {
        let mut command = command(start);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let child = SharedChild::spawn(&mut command)?;
        let (Some(input), Some(output), Some(errors)) =
            (child.take_stdin(), child.take_stdout(), child.take_stderr())
        else {
            return Err(io::ErrorKind::BrokenPipe.into());
        };
        Ok(Started {
            program: Arc::new(Child(child)),
            input: Box::new(input),
            output: Box::new(output),
            errors: Box::new(errors),
        })
    }
}
