//! Programs of the real machine.

use super::programs::{Done, Programs, Start};
use std::io::{self, Write};
use std::process::{Command, Stdio};

#[derive(Clone, Copy, Debug, Default)]
pub(super) struct OsPrograms;

impl Programs for OsPrograms {
    fn run(&self, start: &Start) -> io::Result<Done> {
        let mut command = Command::new(&start.program);
        command.args(&start.arguments).envs(start.variables.iter().map(|(name, value)| (name, value)));
        if let Some(folder) = &start.folder {
            command.current_dir(folder);
        }
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
}
