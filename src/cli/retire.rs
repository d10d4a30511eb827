//! A call that is over makes room for the next one.

use std::net::{Ipv4Addr, TcpListener};
use std::time::{Duration, Instant};

use crate::server::{RunningPage, ask_running};
use crate::wire::{self, ControlReply};

/// How long it may take to end.
const GONE_WITHIN: Duration = Duration::from_secs(5);
const LOOK_AGAIN: Duration = Duration::from_millis(20);

/// Ends the Keicho on this port if its call is over: it may still serve its page, for an answer that may never come, and whoever
/// starts the next call is done with it. Everything of its call is in its files by then.
#[expect(clippy::disallowed_methods, reason = "another process is waited for")]
pub(super) fn retire_finished_call(port: u16) {
    if RunningPage::find(port).is_none() || !is_over(port) {
        return;
    }
    // It may end by itself meanwhile.
    let _ = ask_running(port, &wire::encode_plain_command("done"));
    let until = Instant::now() + GONE_WITHIN;
    let is_free = || RunningPage::find(port).is_none() && TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok();
    while !is_free() && Instant::now() < until {
        std::thread::sleep(LOOK_AGAIN);
    }
}

fn is_over(port: u16) -> bool {
    let reply = ask_running(port, &wire::encode_status_request());
    matches!(reply, Ok(ControlReply::Status(status)) if status.state == "ended")
}
