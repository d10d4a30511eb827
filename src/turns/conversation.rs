//! The floor with its newest verdicts open to text: what text says of an utterance is told some seconds later than what
//! the sound says, so the last seconds are judged again with it.
//!
//! Counts never run ahead of verdicts: a revision says what is no longer so and what is so instead.

use std::collections::VecDeque;

use crate::audio::BLOCK_DURATION;
use crate::time::{SampleTime, Samples};
use crate::turns::{MAX_WRITTEN_BACKCHANNEL, SpeechActivity, TextHint, TurnEvent, Turns};

/// A backchannel is settled so long after its end.
const SETTLED_AFTER: Samples = Samples::from_ms(1_000);

/// Text may change a settled verdict for so long (ours); after that it is frozen.
pub const FROZEN_AFTER: Samples = Samples::from_secs(10);

/// What is judged again: from before the beginning of an utterance of whose verdict a text may still come.
const HORIZON: Samples = Samples::new(
    SETTLED_AFTER.count() + FROZEN_AFTER.count() + MAX_WRITTEN_BACKCHANNEL.count() + Samples::from_secs(2).count(),
);

/// What a text changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// What was told and is not so.
    pub withdrawn: Vec<TurnEvent>,
    /// What is so instead.
    pub added: Vec<TurnEvent>,
}

/// [`Turns`] whose newest verdicts text may still change.
#[derive(Clone, Default)]
pub struct Conversation {
    current: Turns,
    /// As it was before the steps in `since`.
    frozen: Turns,
    steps: VecDeque<SpeechActivity>,
    /// What the steps in `since` brought.
    events: VecDeque<TurnEvent>,
    heard_until: SampleTime,
}

impl Conversation {
    /// Hears the next 10 ms; appends what became certain.
    pub fn step(&mut self, step: &SpeechActivity, out: &mut Vec<TurnEvent>) {
        let first = out.len();
        self.current.step(step, out);
        self.heard_until = step.start + BLOCK_DURATION;
        self.events.extend(out[first..].iter().cloned());
        self.steps.push_back(*step);
        while self.steps.front().is_some_and(|oldest| self.heard_until - oldest.start > HORIZON) {
            let Some(oldest) = self.steps.pop_front() else { break };
            let mut frozen = Vec::new();
            self.frozen.step(&oldest, &mut frozen);
            self.events.drain(..frozen.len().min(self.events.len()));
        }
    }

    /// A text says what an utterance was. What it changes of the last seconds, where its verdict is not frozen yet.
    pub fn revise(&mut self, hint: TextHint) -> Revision {
        if self.heard_until - hint.span.end > SETTLED_AFTER + FROZEN_AFTER {
            return Revision::default();
        }
        self.frozen.push_hint(hint);
        let mut again = self.frozen.clone();
        let mut told = Vec::new();
        self.steps.iter().for_each(|step| again.step(step, &mut told));
        let revision = Revision {
            withdrawn: difference(self.events.make_contiguous(), &told),
            added: difference(&told, self.events.make_contiguous()),
        };
        self.current = again;
        self.events = told.into();
        revision
    }

    /// The call is over: settles all that is open, as mutual silence would.
    pub fn finish(&mut self, out: &mut Vec<TurnEvent>) {
        self.current.finish(out);
    }

    /// The floor as it stands.
    pub fn current(&self) -> &Turns {
        &self.current
    }
}

/// What one list holds more than the other.
fn difference(of: &[TurnEvent], other: &[TurnEvent]) -> Vec<TurnEvent> {
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
