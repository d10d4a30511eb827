//! `keicho open-pages`, which is no command for people: opens pages in the browser for a call that has given up the
//! network, and ends with it.

use std::io::{BufRead as _, BufReader, stdin};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::console;
use crate::server::PageOpener;

/// The command's name.
pub(super) const NAME: &str = "open-pages";

/// Starts the helper. If it cannot be had, no browser opens, and the user reads the address.
pub(super) fn start() -> PageOpener {
    let started = || {
        let mut command = Command::new(std::env::current_exe().ok()?);
        // It has nothing to do with the call, and hears of no Ctrl-C that ends one.
        #[cfg(unix)]
        std::os::unix::process::CommandExt::process_group(&mut command, 0);
        command.arg(NAME).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().ok()?;
        let (requests, answers) = (child.stdin.take()?, child.stdout.take()?);
        Some(PageOpener::helper(Box::new(requests), Box::new(BufReader::new(answers))))
    };
    started().unwrap_or_else(|| PageOpener::helper(Box::new(std::io::sink()), Box::new(std::io::empty())))
}

/// Opens pages until nobody asks any more.
pub(super) fn run() -> anyhow::Result<()> {
    for page in stdin().lock().lines() {
        let answer = match open::that_detached(Path::new(&page?)) {
            Ok(()) => String::new(),
            Err(error) => error.to_string().replace('\n', " "),
        };
        console::print(&format!("{answer}\n"))?;
    }
    Ok(())
}
