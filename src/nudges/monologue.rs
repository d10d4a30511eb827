//! My monologue reached a tier: told in my own next pause, taken back if that pause ends the turn.
//!
//! It cannot wait until I hand over, so a pause of mine is its moment, while it is too short to be a silence.

use crate::nudges::{Moment, Policy, Why};
use crate::time::{SampleTime, Samples};

#[derive(Clone, Default)]
pub(super) struct MonologueRule {
    /// When the monologue that is going on began.
    start: Option<SampleTime>,
    /// Tiers of it that were told, lower ones that were passed over included.
    tiers: usize,
    told: bool,
    /// Told in the pause that is going on.
    in_pause: bool,
}

impl MonologueRule {
    pub(super) fn learn(&mut self, moment: &Moment) {
        let start = moment.monologue.map(|monologue| monologue.start);
        if start != self.start {
            *self = Self { start, ..Self::default() };
        }
        if moment.my_pause.is_none() {
            self.in_pause = false;
        }
    }

    /// Whether a tier of this monologue was told already: the next one escalates it in place.
    pub(super) fn told(&self) -> bool {
        self.told
    }

    /// The told one is not wanted: the next tier escalates nothing.
    pub(super) fn dismissed(&mut self) {
        self.told = false;
        self.in_pause = false;
    }

    /// The reason to show it, if this is the moment.
    pub(super) fn due(&self, policy: &Policy, moment: &Moment) -> Option<Why> {
        let length = moment.monologue?.len();
        let reached = policy.tiers.iter().take_while(|tier| length >= **tier).count();
        let pause = moment.my_pause?;
        let quiet = !moment.i_speak && !moment.they_speak && moment.asked != Some(true);
        let now = quiet && reached > self.tiers && pause >= policy.pause && pause < policy.handed_over;
        now.then(|| Why::Monologue { tier: policy.tiers[reached - 1], length })
    }

    /// The tier was told.
    pub(super) fn show(&mut self, policy: &Policy, tier: Samples) {
        self.tiers = policy.tiers.iter().take_while(|other| **other <= tier).count();
        self.told = true;
        self.in_pause = true;
    }

    /// Whether the pause in which it was told has ended the turn or follows a question: then it is taken back.
    pub(super) fn is_over(&mut self, policy: &Policy, moment: &Moment) -> bool {
        let ends = |pause| moment.asked == Some(true) || pause >= policy.handed_over;
        let over = self.in_pause && moment.my_pause.is_some_and(ends);
        self.in_pause &= !over;
        over
    }
}
