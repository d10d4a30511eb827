//! My monologue reached a tier. It is shown in my own next pause, and taken back if that pause ends the turn.
//!
//! It cannot wait until I hand over the floor, so a pause of mine is its moment, as long as that is too short to be a
//! silence (rule 5).

use crate::nudges::{NudgeInput, NudgeReason, Policy};
use crate::time::{SampleTime, Samples};

#[derive(Clone, Default)]
pub(super) struct MonologueRule {
    /// When the monologue that is going on began.
    start: Option<SampleTime>,
    /// How many of its tiers were shown, lower ones that were passed over included.
    shown_tiers: usize,
    shown: bool,
    /// Whether it was shown in the pause that is going on.
    in_pause: bool,
}

impl MonologueRule {
    pub(super) fn observe(&mut self, moment: &NudgeInput) {
        let start = moment.monologue.map(|monologue| monologue.start);
        if start != self.start {
            *self = Self { start, ..Self::default() };
        }
        if moment.my_pause.is_none() {
            self.in_pause = false;
        }
    }

    /// Whether a tier of this monologue was shown already: the next one escalates it in place.
    pub(super) fn was_shown(&self) -> bool {
        self.shown
    }

    /// The shown nudge is not wanted: the next tier escalates nothing.
    pub(super) fn dismiss(&mut self) {
        self.shown = false;
        self.in_pause = false;
    }

    /// The reason to show it, if this is the moment.
    pub(super) fn due(&self, policy: &Policy, moment: &NudgeInput) -> Option<NudgeReason> {
        let length = moment.monologue?.len();
        let reached = policy.monologue_tiers.iter().take_while(|tier| length >= **tier).count();
        let pause = moment.my_pause?;
        let quiet = !moment.i_speak && !moment.they_speak && moment.asked_question != Some(true);
        let now = quiet && reached > self.shown_tiers && pause >= policy.pause && pause < policy.handover_pause;
        now.then(|| NudgeReason::Monologue { tier: policy.monologue_tiers[reached - 1], length })
    }

    /// The tier was shown.
    pub(super) fn mark_shown(&mut self, policy: &Policy, tier: Samples) {
        self.shown_tiers = policy.monologue_tiers.iter().take_while(|other| **other <= tier).count();
        self.shown = true;
        self.in_pause = true;
    }

    /// Whether the pause in which it was shown has ended the turn or follows a question: then it is taken back.
    pub(super) fn should_withdraw(&mut self, policy: &Policy, moment: &NudgeInput) -> bool {
        let ends = |pause| moment.asked_question == Some(true) || pause >= policy.handover_pause;
        let over = self.in_pause && moment.my_pause.is_some_and(ends);
        self.in_pause &= !over;
        over
    }
}
