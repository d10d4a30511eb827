//! The figures of a call, which can be taken back to how they stood some time ago.
//!
//! They grow with the call, so a copy of them costs what the whole call is. Only one copy is kept, of how they stood at the
//! oldest moment that can be gone back to, and what has changed them since: a later moment is reached from there again.

use std::collections::VecDeque;
use std::sync::Arc;

use crate::asr::Heard;
use crate::audio::Track;
use crate::dynamics::Dynamics;
use crate::session::speech_log::FloorChanges;
use crate::time::Span;
use crate::turns::{Decision, TurnEvent};

/// A moment between two changes of the figures: how many changes came before it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct DynamicsMark(u64);

/// Something that changes the figures.
#[derive(Clone, Debug)]
enum DynamicsChange {
    Decided(TurnEvent),
    Withdrawn(TurnEvent),
    Heard(Arc<Heard>),
    Gap(Span),
    OthersSpeech(Track, Arc<[Span]>),
    /// What no longer stands, and what does instead.
    Exchanged(Arc<[TurnEvent]>, Arc<[TurnEvent]>),
}

/// Figures with their past.
#[derive(Default)]
pub(super) struct RewindableDynamics {
    current: Dynamics,
    /// As they were before `changes`.
    oldest: Dynamics,
    oldest_mark: DynamicsMark,
    /// The newest moment that somebody knows.
    newest_mark: DynamicsMark,
    changes: VecDeque<DynamicsChange>,
}

impl RewindableDynamics {
    /// The figures as they stand.
    pub(super) fn current(&self) -> &Dynamics {
        &self.current
    }

    /// Takes an event that became certain: see [`Dynamics::push`].
    pub(super) fn push(&mut self, event: &TurnEvent) {
        self.change(DynamicsChange::Decided(event.clone()));
    }

    /// A verdict no longer stands: see [`Dynamics::withdraw`].
    pub(super) fn withdraw(&mut self, event: &TurnEvent) {
        self.change(DynamicsChange::Withdrawn(event.clone()));
    }

    /// Takes what the recogniser made of an utterance: see [`Dynamics::push_heard`].
    pub(super) fn push_heard(&mut self, heard: Heard) {
        self.change(DynamicsChange::Heard(Arc::new(heard)));
    }

    /// Nothing is known of a stretch: see [`Dynamics::push_gaps`].
    pub(super) fn push_gap(&mut self, gap: Span) {
        let is_new = self.next_mark() > self.newest_mark;
        match self.changes.back_mut().filter(|_| is_new) {
            // Off the record a gap grows by 10 ms a hundred times a second, for an hour or more.
            Some(DynamicsChange::Gap(last)) if last.end == gap.start => {
                last.end = gap.end;
                self.current.push_gaps([gap]);
            }
            _ => self.change(DynamicsChange::Gap(gap)),
        }
    }

    /// What was taken for the track's speech was somebody else's: see [`Dynamics::forget_heard`].
    pub(super) fn forget_heard(&mut self, track: Track, spans: &[Span]) {
        self.change(DynamicsChange::OthersSpeech(track, spans.into()));
    }

    /// Verdicts and runs make place for others: see [`Dynamics::exchange`].
    pub(super) fn exchange(&mut self, withdrawn: Vec<TurnEvent>, added: Vec<TurnEvent>) {
        self.change(DynamicsChange::Exchanged(withdrawn.into(), added.into()));
    }

    /// What has become of the floor since `mark`; what was compared for it is not known any more.
    pub(super) fn floor_since(&self, mark: DynamicsMark) -> FloorChanges {
        let first = usize::try_from(mark.0.saturating_sub(self.oldest_mark.0)).unwrap_or(usize::MAX);
        let mut changes = FloorChanges::default();
        for change in self.changes.iter().skip(first) {
            match change {
                DynamicsChange::Decided(event) => changes.decided.push(Decision::uncompared(event.clone())),
                DynamicsChange::Withdrawn(event) => changes.withdraw(event.clone()),
                DynamicsChange::Exchanged(withdrawn, added) => {
                    withdrawn.iter().for_each(|event| changes.withdraw(event.clone()));
                    changes.decided.extend(added.iter().cloned().map(Decision::uncompared));
                }
                DynamicsChange::Heard(_) | DynamicsChange::Gap(_) | DynamicsChange::OthersSpeech(..) => {}
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

    /// Nobody goes back to before `mark` any more.
    pub(super) fn forget_before(&mut self, mark: DynamicsMark) {
        while self.oldest_mark < mark {
            let Some(change) = self.changes.pop_front() else { return };
            change.apply_to(&mut self.oldest);
            self.oldest_mark.0 += 1;
        }
    }

    /// Takes the figures back to how they stood at `mark`, or else at the oldest moment that is known.
    pub(super) fn roll_back_to(&mut self, mark: DynamicsMark) {
        self.changes.truncate(mark.0.saturating_sub(self.oldest_mark.0) as usize);
        self.newest_mark = self.next_mark();
        self.current = self.oldest.clone();
        self.changes.iter().for_each(|change| change.clone().apply_to(&mut self.current));
    }

    fn change(&mut self, change: DynamicsChange) {
        change.clone().apply_to(&mut self.current);
        self.changes.push_back(change);
    }
}

impl DynamicsChange {
    fn apply_to(self, dynamics: &mut Dynamics) {
        match self {
            Self::Decided(event) => dynamics.push(&event),
            Self::Withdrawn(event) => dynamics.withdraw(&event),
            Self::Heard(heard) => dynamics.push_heard(heard),
            Self::Gap(gap) => dynamics.push_gaps([gap]),
            Self::OthersSpeech(track, spans) => dynamics.forget_heard(track, &spans),
            Self::Exchanged(withdrawn, added) => dynamics.exchange(&withdrawn, &added),
        }
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
