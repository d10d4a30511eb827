//! How often a nudge may appear at all (rule 4), and which kinds the user wants no more.

use std::collections::VecDeque;

use crate::nudges::{NudgeKind, PerNudgeKind, Policy};
use crate::time::{SampleTime, Samples};

#[derive(Clone, Default)]
pub(super) struct NudgeBudget {
    /// The nudges that were shown, the oldest first. A tier of a monologue that takes the place of one that is still shown
    /// is part of that; one that is shown again later is one more.
    history: VecDeque<(SampleTime, NudgeKind)>,
    dismissals: PerNudgeKind<u32>,
    muted: PerNudgeKind<bool>,
    snoozed_until: Option<SampleTime>,
}

impl NudgeBudget {
    /// Counts a nudge that was shown.
    pub(super) fn record(&mut self, at: SampleTime, kind: NudgeKind) {
        self.history.push_back((at, kind));
    }

    /// Whether another one may appear now. The next tier of a monologue that was shown does not wait for its own kind.
    pub(super) fn allows(&self, policy: &Policy, kind: NudgeKind, is_next_tier: bool, now: SampleTime) -> bool {
        let since = |length: Samples| self.history.iter().rev().take_while(move |(at, _)| now - *at < length);
        let crowded = !kind.ignores_spacing() && since(policy.spacing).any(|(_, shown)| !shown.ignores_spacing());
        let again = !is_next_tier && since(self.kind_spacing(policy, kind)).any(|(_, shown)| *shown == kind);
        self.is_wanted(kind, now)
            && !crowded
            && !again
            && since(policy.max_nudges_window).count() < policy.max_nudges as usize
    }

    /// Whether the user wants to see this kind at all. Trouble with the sound is no advice: a rest from advice leaves
    /// it.
    pub(super) fn is_wanted(&self, kind: NudgeKind, now: SampleTime) -> bool {
        let rests = kind != NudgeKind::Audio && self.snoozed_until.is_some_and(|until| now < until);
        !self.muted[kind] && !rests
    }

    /// A nudge of this kind was not wanted; after [`Policy::dismissals_mute`] of them, none of its kind is.
    pub(super) fn dismiss(&mut self, policy: &Policy, kind: NudgeKind) {
        self.dismissals[kind] += 1;
        self.muted[kind] |= self.dismissals[kind] >= policy.dismissals_mute;
    }

    pub(super) fn mute(&mut self, kind: NudgeKind) {
        self.muted[kind] = true;
    }

    /// The kind is wanted again, as if none had been dismissed.
    pub(super) fn unmute(&mut self, kind: NudgeKind) {
        self.muted[kind] = false;
        self.dismissals[kind] = 0;
    }

    pub(super) fn is_muted(&self, kind: NudgeKind) -> bool {
        self.muted[kind]
    }

    pub(super) fn snooze(&mut self, until: Option<SampleTime>) {
        self.snoozed_until = until;
    }

    pub(super) fn snoozed_until(&self) -> Option<SampleTime> {
        self.snoozed_until
    }

    /// The time between two of the kind: longer with each dismissal, and the longest there is if it would be longer
    /// still.
    fn kind_spacing(&self, policy: &Policy, kind: NudgeKind) -> Samples {
        let times = u64::from(policy.dismissal_factor).saturating_pow(self.dismissals[kind]);
        Samples::new(policy.kind_spacing.count().saturating_mul(times))
    }
}
