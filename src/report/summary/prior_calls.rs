//! The manager's own figures of calls before this one, for a look back. No names: calls are compared, never people.

use crate::audio::Track;
use crate::report::summary::{Summary, derived};

/// So many calls are looked back on.
pub const MAX_PRIOR_CALLS: usize = 5;

/// Calls before this one, oldest first; the last [`MAX_PRIOR_CALLS`] are shown. Empty in replays, which have no history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PriorCalls {
    /// The calls.
    pub calls: Vec<PriorCall>,
}

/// The manager's own figures of one call; `None` where a figure could not be had.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PriorCall {
    /// When it began, RFC 3339.
    pub started_at: Option<String>,
    /// My share of the talk, 0 to 1.
    pub share: Option<f64>,
    /// My longest turn.
    pub longest_ms: Option<u64>,
    /// The median wait after my questions.
    pub wait_ms: Option<u64>,
    /// My signs of listening a minute of the other's talk.
    pub listening_per_min: Option<f64>,
}

impl PriorCall {
    /// The figures of a call that will be looked back on.
    pub fn from_summary(summary: &Summary) -> Self {
        let longest = derived::longest_turns(summary, Track::Me);
        let waits = derived::questions_with_wait(summary, Track::Me).unwrap_or_default();
        Self {
            started_at: summary.call.started_at.clone(),
            share: summary.talk.me.share,
            longest_ms: longest.first().map(|turn| turn.end_ms - turn.start_ms),
            wait_ms: derived::median(waits.iter().filter_map(|one| one.wait_ms)),
            listening_per_min: summary.rates.me.backchannels_per_min,
        }
    }
}

impl PriorCalls {
    /// The calls that are shown, oldest first.
    pub(super) fn shown(&self) -> &[PriorCall] {
        &self.calls[self.calls.len().saturating_sub(MAX_PRIOR_CALLS)..]
    }
}
