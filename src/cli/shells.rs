//! `fourd completions` and `fourd man`: the command line as shells and `man` read it.

use super::Exit;
use super::args::Arguments;
use clap::CommandFactory;
use fourd::host::Console;

pub(super) fn completions(console: &dyn Console, shell: clap_complete::Shell) -> Exit {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "fourd", &mut bytes);
    let _ = console.print(&String::from_utf8_lossy(&bytes));
    Exit::Success
}

/// One page for `fourd` and all its subcommands.
pub(super) fn manual(console: &dyn Console) -> Exit {
    let command = Arguments::command();
    let mut bytes = Vec::new();
    let mut pages = vec![clap_mangen::Man::new(command.clone())];
    for sub in command.get_subcommands() {
        pages.push(clap_mangen::Man::new(sub.clone()).title(format!("fourd-{}", sub.get_name())));
    }
    for page in pages {
        if let Err(error) = page.render(&mut bytes) {
            console.error(&format!("fourd: {error}\n"));
            return Exit::Internal;
        }
    }
    let _ = console.print(&String::from_utf8_lossy(&bytes));
    Exit::Success
}
