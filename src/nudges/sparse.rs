//! Rule 4, and what the user wants to hear no more: how often a nudge may appear at all.

use std::collections::VecDeque;

use crate::nudges::{Kind, PerKind, Policy};
use crate::time::{SampleTime, Samples};

#[derive(Clone, Default)]
pub(super) struct Sparse {
    /// What was shown, oldest first; an escalation of a shown one counts once.
    history: VecDeque<(SampleTime, Kind)>,
    dismissals: PerKind<u32>,
    muted: PerKind<bool>,
    snoozed_until: Option<SampleTime>,
}

impl Sparse {
    /// One was shown.
    pub(super) fn remember(&mut self, at: SampleTime, kind: Kind) {
        self.history.push_back((at, kind));
    }

    /// Whether another one may appear now.
    pub(super) fn allows(&self, policy: &Policy, kind: Kind, now: SampleTime) -> bool {
        let since = |length: Samples| self.history.iter().rev().take_while(move |(at, _)| now - *at < length);
        let crowded = !kind.stands_outside() && since(policy.apart).any(|(_, shown)| !shown.stands_outside());
        let again = since(self.kind_apart(policy, kind)).any(|(_, shown)| *shown == kind);
        self.wants(kind, now) && !crowded && !again && since(policy.most_in).count() < policy.most as usize
    }

    /// Whether the user wants to hear of it at all. Trouble with the sound is no advice: a rest from advice leaves it.
    pub(super) fn wants(&self, kind: Kind, now: SampleTime) -> bool {
        let rests = kind != Kind::Audio && self.snoozed_until.is_some_and(|until| now < until);
        !self.muted[kind] && !rests
    }

    /// One was not wanted; often enough, none of its kind is.
    pub(super) fn dismiss(&mut self, policy: &Policy, kind: Kind) {
        self.dismissals[kind] += 1;
        self.muted[kind] |= self.dismissals[kind] >= policy.dismissals_mute;
    }

    pub(super) fn mute(&mut self, kind: Kind) {
        self.muted[kind] = true;
    }

    /// It is wanted again, as if none had been dismissed.
    pub(super) fn unmute(&mut self, kind: Kind) {
        self.muted[kind] = false;
        self.dismissals[kind] = 0;
    }

    pub(super) fn is_muted(&self, kind: Kind) -> bool {
        self.muted[kind]
    }

    pub(super) fn snooze(&mut self, until: Option<SampleTime>) {
        self.snoozed_until = until;
    }

    pub(super) fn snoozed_until(&self) -> Option<SampleTime> {
        self.snoozed_until
    }

    /// The time between two of the kind: longer with each dismissal, and no time where it would count beyond the clock.
    fn kind_apart(&self, policy: &Policy, kind: Kind) -> Samples {
        let times = u64::from(policy.dismissed_times).saturating_pow(self.dismissals[kind]);
        Samples::new(policy.kind_apart.count().saturating_mul(times))
    }
}
