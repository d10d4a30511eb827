//! I interrupted them and they gave way. It is shown as soon as it is settled (rule 5), unless I have just stopped and
//! the silence may follow a question (rule 6). It is taken back if a text says that it was no interruption.

use crate::nudges::{CutIn, NudgeInput, NudgeReason, Policy};
use crate::time::SampleTime;

#[derive(Clone, Default)]
pub(super) struct CutInRule {
    /// When the newest interruption that is known began.
    newest: Option<SampleTime>,
    /// Settled, and not shown yet.
    pending: Option<CutIn>,
}

impl CutInRule {
    pub(super) fn observe(&mut self, policy: &Policy, moment: &NudgeInput) {
        let newest = moment.cut_in.map(|newest| newest.at);
        if newest > self.newest {
            self.pending = moment.cut_in;
        }
        self.newest = newest;
        let stands =
            |one: &CutIn| moment.cut_in == Some(*one) && moment.now - (one.at + one.overlap) <= policy.cut_in_within;
        self.pending = self.pending.filter(stands);
    }

    /// The reason to show it, if this is the moment.
    pub(super) fn due(&self, moment: &NudgeInput) -> Option<NudgeReason> {
        self.pending.filter(|_| !moment.in_protected_silence()).map(NudgeReason::CutIn)
    }

    pub(super) fn mark_shown(&mut self) {
        self.pending = None;
    }

    /// Whether the interruption that a shown nudge is about no longer stands.
    pub(super) fn is_withdrawn(shown: &CutIn, moment: &NudgeInput) -> bool {
        moment.cut_in.is_none_or(|newest| newest.at < shown.at)
    }
}
