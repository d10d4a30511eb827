//! The floor with its newest verdicts open to text: what text says of an utterance is told some seconds later than what
//! the sound says, so the last seconds are judged again with it.
//!
//! Counts never run ahead of verdicts: a revision says what is no longer so and what is so instead.

use std::collections::VecDeque;

use crate::audio::BLOCK_DURATION;
use crate::time::{SampleTime, Samples};
use crate::turns::activity_log::ActivityLog;
use crate::turns::{Decision, MAX_WRITTEN_BACKCHANNEL, SpeechActivity, TextHint, Turns};

/// How long after its end a backchannel is settled.
const SETTLED_AFTER: Samples = Samples::from_ms(1_000);

/// How long a text may change a settled verdict (ours); after that it is frozen.
pub const FROZEN_AFTER: Samples = Samples::from_secs(10);

/// What is judged again: from before the beginning of an utterance of whose verdict a text may still come.
const HORIZON: Samples = Samples::new(
    SETTLED_AFTER.count() + FROZEN_AFTER.count() + MAX_WRITTEN_BACKCHANNEL.count() + Samples::from_secs(2).count(),
);

/// What a text changed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Revision {
    /// Decisions that no longer stand, the text that withdrew them among their evidence.
    pub withdrawn: Vec<Decision>,
    /// What was decided instead.
    pub added: Vec<Decision>,
    /// Decisions that still stand, by other evidence than before.
    pub confirmed: Vec<Decision>,
}

/// [`Turns`] whose newest verdicts text may still change.
#[derive(Clone, Default)]
pub struct Conversation {
    current: Turns,
    /// As it was before the steps in `since`.
    frozen: Turns,
    steps: ActivityLog,
    /// What the steps in `since` brought.
    decisions: VecDeque<Decision>,
    heard_until: SampleTime,
}

impl Conversation {
    /// Takes the next 10 ms; appends to `out` what became certain.
    pub fn step(&mut self, step: &SpeechActivity, out: &mut Vec<Decision>) {
        let first = out.len();
        self.current.step(step, out);
        self.heard_until = step.start + BLOCK_DURATION;
        self.decisions.extend(out[first..].iter().cloned());
        self.steps.push(step);
        while let Some(oldest) = self.steps.pop_before(self.heard_until.saturating_sub(HORIZON)) {
            let mut frozen = Vec::new();
            self.frozen.step(&oldest, &mut frozen);
            self.decisions.drain(..frozen.len().min(self.decisions.len()));
        }
    }

    /// A text says what an utterance was. What it changes of the last seconds, where its verdict is not frozen yet.
    pub fn revise(&mut self, hint: TextHint) -> Revision {
        if self.heard_until - hint.span.end > SETTLED_AFTER + FROZEN_AFTER {
            return Revision::default();
        }
        self.frozen.push_hint(hint);
        let mut again = self.frozen.clone();
        let mut decided = Vec::new();
        self.steps.steps().for_each(|step| again.step(&step, &mut decided));
        let before = self.decisions.make_contiguous();
        let withdrawn = difference(before, &decided).into_iter().map(|decision| decision.withdrawn_by(hint));
        let is_confirmed = |now: &&Decision| {
            let earlier = before.iter().find(|earlier| earlier.event == now.event);
            earlier.is_some_and(|earlier| earlier.evidence != now.evidence)
        };
        let revision = Revision {
            withdrawn: withdrawn.collect(),
            added: difference(&decided, before),
            confirmed: decided.iter().filter(is_confirmed).cloned().collect(),
        };
        self.current = again;
        self.decisions = decided.into();
        revision
    }

    /// The call is over: settles all that is open, as mutual silence would.
    pub fn finish(&mut self, out: &mut Vec<Decision>) {
        self.current.finish(out);
    }

    /// The floor as it stands.
    pub fn current(&self) -> &Turns {
        &self.current
    }
}

/// The decisions of one list whose events the other list lacks; of an event that one holds more often, the last ones.
pub fn difference(of: &[Decision], other: &[Decision]) -> Vec<Decision> {
    let mut left: Vec<&Decision> = other.iter().collect();
    let mut more = Vec::new();
    for decision in of {
        match left.iter().position(|one| one.event == decision.event) {
            Some(at) => {
                left.remove(at);
            }
            None => more.push(decision.clone()),
        }
    }
    more
}

#[cfg(test)]
mod tests;
