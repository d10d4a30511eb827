//! The manager's own figures of calls before this one, for a look back. No names: calls are compared, never people.

use crate::records::{CallRecord, Figures, Intention};

/// At most this many calls before it are shown beside a call.
pub const MAX_PRIOR_CALLS: usize = 5;

/// Calls before this one, oldest first; the last [`MAX_PRIOR_CALLS`] are shown. Empty in replays, which have no history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PriorCalls {
    /// The calls.
    pub calls: Vec<PriorCall>,
    /// What was meant for this call; `None` if nothing was chosen.
    pub meant: Option<MeantFor>,
    /// What is meant for the next call: chosen after this one, or after one before it.
    pub next: Option<Intention>,
}

/// The one thing that the manager meant to do in a call.
#[derive(Clone, Debug, PartialEq)]
pub struct MeantFor {
    /// What.
    pub intention: Intention,
    /// What the call came to after which it was chosen.
    pub chosen_after: Figures,
}

/// A call before this one: its header, and the manager's own figures of it.
#[derive(Clone, Debug, PartialEq)]
pub struct PriorCall {
    /// What was known when it began.
    pub record: CallRecord,
    /// What it came to.
    pub figures: Figures,
}

impl PriorCalls {
    /// The calls that are shown, oldest first.
    pub(super) fn shown(&self) -> &[PriorCall] {
        &self.calls[self.calls.len().saturating_sub(MAX_PRIOR_CALLS)..]
    }
}
