//! This program once more, as a helper that was started before the network is given up and does what the call may not.

use std::io::BufReader;
use std::process::{ChildStdin, ChildStdout, Command, Stdio};

/// Starts the hidden command of this name: where it is asked, and where it answers. It ends once nobody can ask any more.
/// `None` if it cannot be had.
pub(super) fn start(name: &str) -> Option<(ChildStdin, BufReader<ChildStdout>)> {
    let mut command = Command::new(std::env::current_exe().ok()?);
    // It has nothing to do with the call, and hears of no Ctrl-C that ends one.
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(&mut command, 0);
    command.arg(name).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
    let mut child = command.spawn().ok()?;
    Some((child.stdin.take()?, BufReader::new(child.stdout.take()?)))
}
