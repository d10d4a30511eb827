//! How the call on the agent's port stands: told by the Keicho that runs there, for as long as it runs.

use std::sync::mpsc::Sender;
use std::thread;
use std::time::Duration;

use crate::agent::AgentEvent;
use crate::server::follow_running;
use crate::wire::CallStatus;

/// A Keicho that records but is not reached yet is tried again after this long, and then after double that …
const FIRST_RETRY: Duration = Duration::from_millis(100);

/// … so many times: it opens its sound a moment before its socket. One on another port is never reached.
const MAX_RETRIES: u32 = 7;

/// Follows one Keicho after another.
pub(super) struct CallFollower {
    port: u16,
    sender: Sender<AgentEvent>,
    /// What was last told.
    status: Option<CallStatus>,
    /// Whether a thread listens.
    is_following: bool,
    /// Whether some Keicho records.
    is_expected: bool,
    /// When one is looked for, if none is followed.
    due: Option<Duration>,
    /// How often none was found since one is expected.
    failed: u32,
}

impl CallFollower {
    /// For a port on which somebody may run already.
    pub(super) fn new(port: u16, sender: Sender<AgentEvent>) -> Self {
        let due = Some(Duration::ZERO);
        Self { port, sender, status: None, is_following: false, is_expected: false, due, failed: 0 }
    }

    /// How the call stands; `None` if no Keicho runs there.
    pub(super) fn status(&self) -> Option<&CallStatus> {
        self.status.as_ref()
    }

    /// A Keicho records now, or does no longer.
    pub(super) fn set_expected(&mut self, is_expected: bool, now: Duration) {
        (self.is_expected, self.failed) = (is_expected, 0);
        self.due = is_expected.then_some(now);
    }

    /// Takes what the thread was told; `None` once nobody tells any more.
    pub(super) fn observe(&mut self, status: Option<CallStatus>, now: Duration) {
        if status.is_none() {
            self.is_following = false;
            let was_found = self.status.is_some();
            let goes_on = self.is_expected && !was_found && self.failed < MAX_RETRIES;
            self.due = goes_on.then(|| now + FIRST_RETRY * 2_u32.pow(self.failed));
            self.failed += 1;
        }
        self.status = status;
    }

    /// When it is to be looked for.
    pub(super) fn deadline(&self) -> Option<Duration> {
        self.due.filter(|_| !self.is_following)
    }

    /// Takes that it is so late.
    pub(super) fn advance(&mut self, now: Duration) {
        if self.deadline().is_none_or(|due| due > now) {
            return;
        }
        self.due = None;
        let (port, sender) = (self.port, self.sender.clone());
        let follow = move || {
            // Whoever hears no more of it has ended.
            let tell = |status| drop(sender.send(AgentEvent::Call(status)));
            if let Err(why) = follow_running(port, &mut |status| tell(Some(status))) {
                tracing::debug!(%why, "no call is followed");
            }
            tell(None);
        };
        match thread::Builder::new().name("call".to_owned()).spawn(follow) {
            Ok(_) => self.is_following = true,
            Err(error) => tracing::warn!(%error, "no thread can follow the call"),
        }
    }
}

#[cfg(test)]
mod tests;
