//! The floor with its newest verdicts open to text: what text says of an utterance is told some seconds later than what
//! the sound says, so the last seconds are judged again with it.
//!
//! Counts never run ahead of verdicts: a revision says what is no longer so and what is so instead.

use std::collections::VecDeque;

use crate::audio::STEP;
use crate::time::{SampleTime, Samples};
use crate::turns::{Hint, NODS, Step, TurnEvent, Turns};

/// A backchannel is settled so long after its end.
const SETTLED_AFTER: Samples = Samples::from_ms(1_000);

/// Text may change a settled verdict for so long (ours); after that it is frozen.
pub const FROZEN_AFTER: Samples = Samples::from_secs(10);

/// What is judged again: from before the beginning of an utterance of whose verdict a text may still come.
const HORIZON: Samples =
    Samples::new(SETTLED_AFTER.count() + FROZEN_AFTER.count() + NODS.count() + Samples::from_secs(2).count());

/// What a text changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// What was told and is not so.
    pub withdrawn: Vec<TurnEvent>,
    /// What is so instead.
    pub told: Vec<TurnEvent>,
}

/// [`Turns`] whose newest verdicts text may still change.
#[derive(Clone, Default)]
pub struct Conversation {
    now: Turns,
    /// As it was before the steps in `since`.
    then: Turns,
    since: VecDeque<Step>,
    /// What the steps in `since` brought.
    told: VecDeque<TurnEvent>,
    heard: SampleTime,
}

impl Conversation {
    /// Hears the next 10 ms; appends what became certain.
    pub fn step(&mut self, step: &Step, out: &mut Vec<TurnEvent>) {
        let first = out.len();
        self.now.step(step, out);
        self.heard = step.start + STEP;
        self.told.extend(out[first..].iter().cloned());
        self.since.push_back(*step);
        while self.since.front().is_some_and(|oldest| self.heard - oldest.start > HORIZON) {
            let Some(oldest) = self.since.pop_front() else { break };
            let mut frozen = Vec::new();
            self.then.step(&oldest, &mut frozen);
            self.told.drain(..frozen.len().min(self.told.len()));
        }
    }

    /// A text says what an utterance was. What it changes of the last seconds, where its verdict is not frozen yet.
    pub fn learn(&mut self, hint: Hint) -> Revision {
        if self.heard - hint.span.end > SETTLED_AFTER + FROZEN_AFTER {
            return Revision::default();
        }
        self.then.learn(hint);
        let mut again = self.then.clone();
        let mut told = Vec::new();
        self.since.iter().for_each(|step| again.step(step, &mut told));
        let revision = Revision {
            withdrawn: without(self.told.make_contiguous(), &told),
            told: without(&told, self.told.make_contiguous()),
        };
        self.now = again;
        self.told = told.into();
        revision
    }

    /// The call is over: settles all that is open, as mutual silence would.
    pub fn finish(&mut self, out: &mut Vec<TurnEvent>) {
        self.now.finish(out);
    }

    /// The floor as it stands.
    pub fn now(&self) -> &Turns {
        &self.now
    }
}

/// What one list holds more than the other.
fn without(of: &[TurnEvent], other: &[TurnEvent]) -> Vec<TurnEvent> {
    let mut left: Vec<&TurnEvent> = other.iter().collect();
    let mut more = Vec::new();
    for event in of {
        match left.iter().position(|one| *one == event) {
            Some(at) => {
                left.remove(at);
            }
            None => more.push(event.clone()),
        }
    }
    more
}

#[cfg(test)]
mod tests;
