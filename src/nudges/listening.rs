//! They have talked for long without a sound of mine: told in a pause of theirs, where a sign of listening has its place.
//! Never amid their speech; and not once the pause is longer, when it may be my turn.

use crate::nudges::{Moment, Policy, Why};
use crate::time::Samples;

#[derive(Clone, Default)]
pub(super) struct ListeningRule {
    /// Told since I was last heard.
    told: bool,
}

impl ListeningRule {
    pub(super) fn learn(&mut self, moment: &Moment) {
        self.told &= moment.their_talk > Samples::ZERO;
    }

    /// The reason to show it, if this is the moment.
    pub(super) fn due(&self, policy: &Policy, moment: &Moment) -> Option<Why> {
        let pause = moment.their_pause?;
        let now = pause >= policy.pause && pause < policy.handed_over && !moment.they_speak;
        let long = !self.told && moment.their_talk >= policy.listening_after;
        (now && long).then_some(Why::Listening { talk: moment.their_talk })
    }

    pub(super) fn show(&mut self) {
        self.told = true;
    }
}
