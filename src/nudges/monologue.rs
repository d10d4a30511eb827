//! My monologue reached a tier: told in my own next pause, taken back if that pause ends the turn.

use crate::nudges::{Kind, Moment, Policy, Why};
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

    /// The reason to show it, if this is the moment.
    pub(super) fn due(&self, policy: &Policy, moment: &Moment) -> Option<Why> {
        let length = moment.monologue?.len();
        let reached = policy.tiers.iter().take_while(|tier| length >= **tier).count();
        let pause = moment.my_pause?;
        let now = reached > self.tiers && !moment.asked && pause >= policy.pause && pause < policy.handed_over;
        now.then(|| Why::Monologue { tier: policy.tiers[reached - 1], length })
    }

    /// The tier was told.
    pub(super) fn show(&mut self, policy: &Policy, tier: Samples) {
        self.tiers = policy.tiers.iter().take_while(|other| **other <= tier).count();
        self.told = true;
        self.in_pause = true;
    }

    /// The kind to take back, if the pause in which it was told has ended the turn or follows a question.
    pub(super) fn withdraw(&mut self, policy: &Policy, moment: &Moment) -> Option<Kind> {
        let over = self.in_pause && moment.my_pause.is_some_and(|pause| moment.asked || pause >= policy.handed_over);
        over.then(|| {
            self.in_pause = false;
            Kind::Monologue
        })
    }
}
