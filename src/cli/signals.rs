//! The signals that end a call in order: Ctrl-C, a request to terminate, and a terminal that is closed.

#[cfg(unix)]
use std::sync::Arc;

use anyhow::Context;

use crate::app::Interrupter;

/// From now on a signal ends the call. Ctrl-C, and a request to terminate, end the process at once if they are repeated
/// before that has come about. A closed terminal is never impatient: the shell and the system both report it, so it
/// comes twice.
#[cfg(unix)]
pub(super) fn end_call_at_signals(interrupter: Interrupter) -> anyhow::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    const FAILED: &str = "cannot catch Ctrl-C";
    let mut caught = vec![SIGINT, SIGTERM];
    if !is_hangup_ignored() {
        caught.push(SIGHUP);
    }
    // A file that grows over the user's own limit is an error to be told; unless somebody takes the signal, it ends the
    // process. Nobody looks whether it came.
    signal_hook::flag::register(SIGXFSZ, Arc::default()).context(FAILED)?;
    let mut signals = Signals::new(caught).context(FAILED)?;
    let thread = std::thread::Builder::new().name("signals".to_owned());
    let wait = move || {
        for signal in signals.forever() {
            if signal == SIGHUP {
                interrupter.hang_up();
            } else if !interrupter.interrupt() {
                std::process::exit(INTERRUPTED);
            }
        }
    };
    thread.spawn(wait).context(FAILED)?;
    Ok(())
}

/// From now on `on_signal` is called, on a thread of its own, when Ctrl-C is pressed, or the program is to terminate, or its
/// terminal is closed. The second time ends the process.
#[cfg(all(feature = "capture", target_os = "linux"))]
pub(super) fn on_signal(on_signal: impl Fn() + Send + 'static) -> anyhow::Result<()> {
    use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
    use signal_hook::iterator::Signals;

    const FAILED: &str = "cannot catch Ctrl-C";
    let mut signals = Signals::new([SIGINT, SIGTERM, SIGHUP]).context(FAILED)?;
    let wait = move || {
        for (count, signal) in signals.forever().enumerate() {
            if count > 0 && signal != SIGHUP {
                std::process::exit(INTERRUPTED);
            }
            on_signal();
        }
    };
    std::thread::Builder::new().name("signals".to_owned()).spawn(wait).context(FAILED)?;
    Ok(())
}

/// The same where Ctrl-C is no signal.
#[cfg(not(unix))]
pub(super) fn end_call_at_signals(interrupter: Interrupter) -> anyhow::Result<()> {
    let handler = move || {
        if !interrupter.interrupt() {
            std::process::exit(INTERRUPTED);
        }
    };
    ctrlc::set_handler(handler).context("cannot catch Ctrl-C")
}

/// The signal for a file that is too large. Linux, macOS and the BSDs give it this number.
#[cfg(unix)]
const SIGXFSZ: i32 = 25;

/// The status of a process that Ctrl-C ended, as shells give it.
const INTERRUPTED: i32 = 130;

/// Whether the program was started to outlive its terminal, as `nohup` does. Known on Linux alone.
#[cfg(unix)]
fn is_hangup_ignored() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    // The lowest bit is the first signal, which is SIGHUP.
    ignored.and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok()).is_some_and(|mask| mask & 1 == 1)
}
