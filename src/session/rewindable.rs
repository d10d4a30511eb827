//! The figures of a call, which can be taken back to how they stood some time ago.
//!
//! They grow with the call, and a copy of them costs what the whole call is. What the last changes did is kept instead, and
//! undone from the newest back.

use std::collections::VecDeque;

use crate::asr::Heard;
use crate::audio::Track;
use crate::dynamics::{Dynamics, Edits};
use crate::session::speech_log::FloorChanges;
use crate::time::Span;
use crate::turns::{Decision, TurnEvent};

/// A moment between two changes of the figures: how many changes came before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DynamicsMark(u64);

/// What changed the figures.
#[derive(Clone, Debug)]
enum DynamicsChange {
    Decided(TurnEvent),
    Withdrawn(TurnEvent),
    /// What no longer stands, and what does instead.
    Exchanged(Vec<TurnEvent>, Vec<TurnEvent>),
    Gap(Span),
    /// What was said, which the floor has no part in.
    Heard,
}

/// Figures with their past.
#[derive(Default)]
pub(super) struct RewindableDynamics {
    current: Dynamics,
    /// What changed them since the oldest moment that can be gone back to, and what undoes it.
    changes: VecDeque<(DynamicsChange, Edits)>,
    oldest_mark: DynamicsMark,
    /// The newest moment that somebody knows.
    newest_mark: DynamicsMark,
}

impl RewindableDynamics {
    /// The figures as they stand.
    pub(super) fn current(&self) -> &Dynamics {
        &self.current
    }

    /// Takes an event that became certain: see [`Dynamics::push`].
    pub(super) fn push(&mut self, event: &TurnEvent) {
        self.change(DynamicsChange::Decided(event.clone()), |figures| figures.push(event));
    }

    /// A verdict no longer stands: see [`Dynamics::withdraw`].
    pub(super) fn withdraw(&mut self, event: &TurnEvent) {
        self.change(DynamicsChange::Withdrawn(event.clone()), |figures| figures.withdraw(event));
    }

    /// Takes what the recogniser made of an utterance: see [`Dynamics::push_heard`].
    pub(super) fn push_heard(&mut self, heard: Heard) {
        self.change(DynamicsChange::Heard, |figures| figures.push_heard(heard));
    }

    /// Nothing is known of a stretch: see [`Dynamics::push_gaps`].
    pub(super) fn push_gap(&mut self, gap: Span) {
        let is_new = self.next_mark() > self.newest_mark;
        match self.changes.back_mut().filter(|_| is_new) {
            // Off the record a gap grows by 10 ms a hundred times a second, for an hour or more. What undoes its beginning
            // undoes all of it.
            Some((DynamicsChange::Gap(last), _)) if last.end == gap.start => {
                last.end = gap.end;
                self.current.push_gaps([gap]);
            }
            _ => self.change(DynamicsChange::Gap(gap), |figures| figures.push_gaps([gap])),
        }
    }

    /// What was taken for the track's speech was somebody else's: see [`Dynamics::forget_heard`].
    pub(super) fn forget_heard(&mut self, track: Track, spans: &[Span]) {
        self.change(DynamicsChange::Heard, |figures| figures.forget_heard(track, spans));
    }

    /// Verdicts and runs make place for others: see [`Dynamics::exchange`].
    pub(super) fn exchange(&mut self, withdrawn: Vec<TurnEvent>, added: Vec<TurnEvent>) {
        let edits = self.current.with_edits(|figures| figures.exchange(&withdrawn, &added));
        self.changes.push_back((DynamicsChange::Exchanged(withdrawn, added), edits));
    }

    /// What has become of the floor since `mark`; what was compared for it is not known any more.
    pub(super) fn floor_since(&self, mark: DynamicsMark) -> FloorChanges {
        let mut changes = FloorChanges::default();
        for (change, _) in self.changes.iter().skip(self.place_of(mark)) {
            match change {
                DynamicsChange::Decided(event) => changes.decided.push(Decision::uncompared(event.clone())),
                DynamicsChange::Withdrawn(event) => changes.withdraw(event.clone()),
                DynamicsChange::Exchanged(withdrawn, added) => {
                    withdrawn.iter().for_each(|event| changes.withdraw(event.clone()));
                    changes.decided.extend(added.iter().cloned().map(Decision::uncompared));
                }
                DynamicsChange::Gap(_) | DynamicsChange::Heard => {}
            }
        }
        changes
    }

    /// This moment.
    pub(super) fn mark(&mut self) -> DynamicsMark {
        self.newest_mark = self.next_mark();
        self.newest_mark
    }

    fn next_mark(&self) -> DynamicsMark {
        DynamicsMark(self.oldest_mark.0 + self.changes.len() as u64)
    }

    /// The first change after `mark`, or after the oldest moment that is known.
    fn place_of(&self, mark: DynamicsMark) -> usize {
        let after = usize::try_from(mark.0.saturating_sub(self.oldest_mark.0)).unwrap_or(usize::MAX);
        after.min(self.changes.len())
    }

    /// Nobody goes back to before `mark` any more.
    pub(super) fn forget_before(&mut self, mark: DynamicsMark) {
        let forgotten = self.place_of(mark);
        self.changes.drain(..forgotten);
        self.oldest_mark.0 += forgotten as u64;
    }

    /// Takes the figures back to how they stood at `mark`, or else at the oldest moment that is known.
    pub(super) fn roll_back_to(&mut self, mark: DynamicsMark) {
        let undone = self.changes.split_off(self.place_of(mark));
        self.newest_mark = self.next_mark();
        self.current.undo(undone.iter().rev().map(|(_, edits)| edits));
    }

    fn change(&mut self, change: DynamicsChange, make: impl FnOnce(&mut Dynamics)) {
        let edits = self.current.with_edits(make);
        self.changes.push_back((change, edits));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_that_grows_is_one_change_until_somebody_remembers_the_moment() {
        let ms = Span::from_ms;
        let mut figures = RewindableDynamics::default();
        (0..100).for_each(|i| figures.push_gap(ms(i * 10, i * 10 + 10)));
        assert_eq!(figures.changes.len(), 1);
        let mark = figures.mark();
        (100..200).for_each(|i| figures.push_gap(ms(i * 10, i * 10 + 10)));
        figures.push_gap(ms(5_000, 5_010));
        assert_eq!(figures.changes.len(), 3);
        assert_eq!(figures.current().gaps(), [ms(0, 2_000), ms(5_000, 5_010)]);
        figures.roll_back_to(mark);
        assert_eq!(figures.current().gaps(), [ms(0, 1_000)]);
        figures.push_gap(ms(1_000, 1_010));
        figures.forget_before(mark);
        figures.roll_back_to(mark);
        assert_eq!(figures.current().gaps(), [ms(0, 1_000)], "what came after the mark is gone");
    }
}
