//! They have talked for long without a sound of mine. It is shown in a pause of theirs, which is the place for a sign
//! of listening: never amid their speech, and not once the pause is longer and it may be my turn.

use crate::nudges::{NudgeInput, NudgeReason, Policy};
use crate::time::Samples;

#[derive(Clone, Default)]
pub(super) struct ListeningRule {
    /// Whether it was shown since I was last heard.
    shown: bool,
}

impl ListeningRule {
    pub(super) fn observe(&mut self, moment: &NudgeInput) {
        self.shown &= moment.their_talk > Samples::ZERO;
    }

    /// The reason to show it, if this is the moment.
    pub(super) fn due(&self, policy: &Policy, moment: &NudgeInput) -> Option<NudgeReason> {
        let pause = moment.their_pause?;
        let now = pause >= policy.pause && pause < policy.handover_pause && !moment.they_speak;
        let long = !self.shown && moment.their_talk >= policy.listening_after;
        (now && long).then_some(NudgeReason::Listening { talk: moment.their_talk })
    }

    pub(super) fn mark_shown(&mut self) {
        self.shown = true;
    }
}
