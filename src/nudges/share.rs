//! Rules 2 and 3: my share of the talk is over the target, in both windows and for long enough.
//!
//! The moment is the step in which their floor span becomes certain and I have handed over.

use crate::nudges::{Moment, Policy, Why};
use crate::time::SampleTime;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum State {
    /// Under the arming line.
    #[default]
    Calm,
    /// Over it since then.
    Over(SampleTime),
    /// Waits for the moment at which I have handed over.
    Armed,
    /// Told; waits until the share has come down.
    Told,
}

#[derive(Clone)]
pub(super) struct ShareRule {
    target: f64,
    state: State,
}

impl ShareRule {
    pub(super) fn new(target: f64) -> Self {
        Self { target, state: State::Calm }
    }

    pub(super) fn target(&self) -> f64 {
        self.target
    }

    /// Another target: what was over the old one need not be over this.
    pub(super) fn aim(&mut self, target: f64) {
        *self = Self::new(target);
    }

    /// Hears of talk that counts: none of the ice-breaker's does.
    pub(super) fn learn(&mut self, policy: &Policy, moment: &Moment) {
        let (Some(recent), Some(call)) = (moment.recent_share, moment.call_share) else { return };
        let over = recent >= self.target + policy.share_arms && call > self.target;
        let down = recent < self.target + policy.share_rearms;
        self.state = match self.state {
            State::Calm if over => State::Over(moment.now),
            State::Over(_) if !over => State::Calm,
            State::Over(since) if moment.now - since >= policy.share_held => State::Armed,
            State::Armed | State::Told if down => State::Calm,
            unchanged => unchanged,
        };
    }

    /// The reason to show it, if this is the moment. The talk that counts began at `counted_from`.
    pub(super) fn due(&self, policy: &Policy, moment: &Moment, counted_from: SampleTime) -> Option<Why> {
        let now =
            self.state == State::Armed && moment.is_theirs_now() && moment.now >= counted_from + policy.share_from;
        let (recent, call) = (moment.recent_share?, moment.call_share?);
        (now && call > self.target).then_some(Why::Share { recent, call, target: self.target })
    }

    pub(super) fn show(&mut self) {
        self.state = State::Told;
    }
}
