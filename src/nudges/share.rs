//! My share of the talk is over the target, in both windows and for long enough (rules 2 and 3).
//!
//! The moment is the step in which their floor span becomes certain and I have handed over the floor (rule 5).

use crate::nudges::{NudgeInput, NudgeReason, Policy};
use crate::time::SampleTime;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum ShareState {
    /// Under the arming line.
    #[default]
    Calm,
    /// Over the arming line since this moment.
    Over(SampleTime),
    /// Waits for the moment at which I have handed over.
    Armed,
    /// It was shown, and waits until the share has come down.
    Shown,
}

#[derive(Clone)]
pub(super) struct ShareRule {
    target: f64,
    state: ShareState,
}

impl ShareRule {
    pub(super) fn new(target: f64) -> Self {
        Self { target, state: ShareState::Calm }
    }

    pub(super) fn target(&self) -> f64 {
        self.target
    }

    /// Takes another target: a share that was over the old one need not be over this.
    pub(super) fn set_target(&mut self, target: f64) {
        *self = Self::new(target);
    }

    /// Takes the shares of a moment at which talk counts: none of the ice-breaker's does.
    pub(super) fn observe(&mut self, policy: &Policy, moment: &NudgeInput) {
        let (Some(recent), Some(call)) = (moment.recent_share, moment.call_share) else {
            // What is not known has not been over the target for any time.
            if self.state != ShareState::Shown {
                self.state = ShareState::Calm;
            }
            return;
        };
        let over = recent >= self.target + policy.share_arms && call > self.target;
        let down = recent < self.target + policy.share_rearms;
        self.state = match self.state {
            ShareState::Calm if over => ShareState::Over(moment.now),
            ShareState::Over(_) if !over => ShareState::Calm,
            ShareState::Over(since) if moment.now - since >= policy.share_held => ShareState::Armed,
            ShareState::Armed | ShareState::Shown if down => ShareState::Calm,
            unchanged => unchanged,
        };
    }

    /// The reason to show it, if this is the moment. The talk that counts began at `counted_from`.
    pub(super) fn due(&self, policy: &Policy, moment: &NudgeInput, counted_from: SampleTime) -> Option<NudgeReason> {
        let now = self.state == ShareState::Armed
            && moment.just_handed_over()
            && moment.now >= counted_from + policy.share_from;
        let (recent, call) = (moment.recent_share?, moment.call_share?);
        (now && call > self.target).then_some(NudgeReason::Share { recent, call, target: self.target })
    }

    pub(super) fn mark_shown(&mut self) {
        self.state = ShareState::Shown;
    }
}
