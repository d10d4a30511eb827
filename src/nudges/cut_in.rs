//! I interrupted them and they gave way: told at once, that is as soon as it is settled, unless I have just stopped and
//! the silence may follow a question. Taken back if a text says that it was none.

use crate::nudges::{CutIn, Moment, Policy, Why};
use crate::time::SampleTime;

#[derive(Clone, Default)]
pub(super) struct CutInRule {
    /// The newest that is known.
    seen: Option<SampleTime>,
    /// Settled, and not told yet.
    fresh: Option<CutIn>,
}

impl CutInRule {
    pub(super) fn learn(&mut self, policy: &Policy, moment: &Moment) {
        let newest = moment.cut_in.map(|newest| newest.at);
        if newest > self.seen {
            self.fresh = moment.cut_in;
        }
        self.seen = newest;
        let stands =
            |one: &CutIn| moment.cut_in == Some(*one) && moment.now - (one.at + one.overlap) <= policy.cut_in_within;
        self.fresh = self.fresh.filter(stands);
    }

    /// The reason to show it, if this is the moment.
    pub(super) fn due(&self, moment: &Moment) -> Option<Why> {
        self.fresh.filter(|_| !moment.is_protected()).map(Why::CutIn)
    }

    pub(super) fn show(&mut self) {
        self.fresh = None;
    }

    /// Whether the one that is shown no longer stands.
    pub(super) fn is_none(shown: &CutIn, moment: &Moment) -> bool {
        moment.cut_in.is_none_or(|newest| newest.at < shown.at)
    }
}
