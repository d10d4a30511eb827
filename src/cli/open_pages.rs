//! `keicho open-pages`, which is no command for people: opens pages in the browser for a call that has given up the
//! network, and ends with it.

use std::io::{self, BufRead as _, stdin};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::cli::{console, helper_process};
use crate::server::{DEMO, PageOpener};

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
    let mut command = Command::new(std::env::current_exe()?);
    command.args(["demo", "--port", "0", "--out"]).arg(folder);
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().map(drop)
}
