//! `keicho open-pages`, which is no command for people: opens pages in the browser for a call that has given up the
//! network, and ends with it.

use std::io::{self, BufRead as _, stdin};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::{console, helper_process};
use crate::server::{CALL, DEMO, LAST_SUMMARY, PageOpener};

/// The command's name.
pub(super) const NAME: &str = "open-pages";

/// Starts the helper. If it cannot be had, no browser opens, and the user reads the address.
pub(super) fn start() -> PageOpener {
    match helper_process::start(NAME) {
        Some((requests, answers)) => PageOpener::helper(Box::new(requests), Box::new(answers)),
        None => PageOpener::helper(Box::new(io::sink()), Box::new(io::empty())),
    }
}

/// Opens pages until nobody asks any more.
pub(super) fn run() -> anyhow::Result<()> {
    for page in stdin().lock().lines() {
        let opened = match page?.as_str() {
            DEMO => start_demo(),
            LAST_SUMMARY => start_this(&["summary", "--open"]),
            call if call.starts_with(CALL) => start_call(&call[CALL.len()..]),
            page => open::that_detached(Path::new(page)),
        };
        let answer = match opened {
            Ok(()) => String::new(),
            Err(error) => error.to_string().replace('\n', " "),
        };
        console::print(&format!("{answer}\n"))?;
    }
    Ok(())
}

/// Starts the demo on a port of its own; it ends by itself. What it leaves is of an invented call.
fn start_demo() -> io::Result<()> {
    let folder = std::env::temp_dir().join(format!("keicho-demo-{}", std::process::id()));
    start_this(&["demo", "--port", "0", "--out", &folder.to_string_lossy()])
}

/// Starts a live call, on whose page it begins.
fn start_call(request: &str) -> io::Result<()> {
    let (port, them) = request.split_once(' ').unwrap_or((request, ""));
    let them = if them.is_empty() { "default".to_owned() } else { format!("app:{them}") };
    start_this(&["live", "--port", port, "--them", &them])
}

/// Starts this program once more, apart from this process and its terminal.
fn start_this(words: &[&str]) -> io::Result<()> {
    let mut command = Command::new(std::env::current_exe()?);
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.args(words).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn()?;
    // Else what has ended stays in the list of processes for as long as this one runs.
    std::thread::Builder::new().name("child".to_owned()).spawn(move || child.wait()).map(drop)
}
