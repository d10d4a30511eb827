//! What became of a question: how long it was waited for an answer, who spoke first, how long the answer was.

use crate::audio::{PerTrack, Track};
use crate::dynamics::sorted::Sorted;
use crate::dynamics::touches_gap;
use crate::dynamics::utterances::AskedQuestion;
use crate::time::{Samples, Span};
use crate::turns::TurnEvent;

/// How long before the end of a question its answer may begin (ours).
const EARLY_ANSWER: Samples = Samples::from_ms(500);

/// An asker who speaks again sooner took the question back from the other (Rowe 1986: 3 s and more change the answers).
pub const REGRAB_WITHIN: Samples = Samples::from_secs(3);

/// A question, and what followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuestionFollowUp {
    /// The question.
    pub question: AskedQuestion,
    /// From the end of the question until anyone spoke (wait time, Rowe 1986); `None` if the asker went straight on,
    /// nobody spoke any more, or nothing was heard meanwhile.
    pub wait: Option<Samples>,
    /// Who spoke first.
    pub broken_by: Option<Track>,
    /// Until the other first spoke (response time).
    pub response: Option<Samples>,
    /// How long the other then spoke; `None` if the asker spoke first, or not all of the answer was heard.
    pub answer: Option<Samples>,
}

impl QuestionFollowUp {
    /// What followed a question, by the runs of both and the verdicts that stand. Who spoke first after a stretch of
    /// which nothing is known may not have been the first: such a wait was not measured.
    pub fn measure(asked: AskedQuestion, runs: &PerTrack<Vec<Span>>, settled: &[TurnEvent], gaps: &[Span]) -> Self {
        let mut wait = Self::without_answer(asked, runs, gaps);
        if wait.broken_by == Some(!asked.track) {
            wait.answer = answer_span(&asked, settled).filter(|span| !touches_gap(gaps, *span)).map(Span::len);
        }
        wait
    }

    /// The same, but for the answer.
    pub(super) fn without_answer(asked: AskedQuestion, runs: &PerTrack<Vec<Span>>, gaps: &[Span]) -> Self {
        let mut wait = Self { question: asked, wait: None, broken_by: None, response: None, answer: None };
        if !asked.ends_utterance {
            return wait;
        }
        let (asker, other) = (asked.track, !asked.track);
        let next = runs[asker].partition_point(|run| run.start < asked.at);
        let mine = runs[asker].get(next).map(|run| run.start);
        // The answer may begin before the question has ended; what ended before is none.
        let late = |run: &Span| run.start + EARLY_ANSWER >= asked.at || run.end > asked.at + EARLY_ANSWER;
        let theirs = runs[other].get(runs[other].partition_point(|run| !late(run)));
        let theirs = theirs.map(|run| run.start.max(asked.at));
        let Some(first) = mine.into_iter().chain(theirs).min() else { return wait };
        let unheard = |until| asked.at < until && touches_gap(gaps, Span::new(asked.at, until));
        if unheard(first) {
            return wait;
        }
        wait.wait = Some(first - asked.at);
        wait.response = theirs.filter(|start| !unheard(*start)).map(|start| start - asked.at);
        wait.broken_by = Some(if theirs == Some(first) { other } else { asker });
        wait
    }

    /// Whether the asker broke the silence after the own question within 3 s.
    pub fn regrabbed(&self) -> bool {
        self.broken_by == Some(self.question.track) && self.wait.is_some_and(|wait| wait < REGRAB_WITHIN)
    }
}

/// How long it was waited after one's own questions, until anyone spoke.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitStats {
    /// Half of the waits are no longer.
    pub median: Samples,
    /// After the newest question.
    pub last: Samples,
    /// How many there are.
    pub count: usize,
}

impl WaitStats {
    /// Of the waits after a track's questions, in the order in which they were asked, of which earlier ones were sorted
    /// already; `None` if there is none.
    pub(super) fn from_waits(
        earlier: &Sorted<Samples>,
        last_earlier: Option<Samples>,
        later: &[Samples],
    ) -> Option<Self> {
        let last = later.last().copied().or(last_earlier)?;
        let waits = earlier.and(later);
        Some(Self { median: waits.quantile(5)?, last, count: waits.len() })
    }
}

/// The other's turn that answers a question, or the short word that does.
fn answer_span(asked: &AskedQuestion, settled: &[TurnEvent]) -> Option<Span> {
    let spans = settled.iter().filter_map(|event| match *event {
        TurnEvent::Turn { track, span } | TurnEvent::Backchannel { by: track, span } if track != asked.track => {
            Some(span)
        }
        _ => None,
    });
    let after = spans.filter(|span| span.start + EARLY_ANSWER >= asked.at || span.end > asked.at + EARLY_ANSWER);
    after.min_by_key(|span| span.start).map(|span| Span::new(span.start.max(asked.at), span.end))
}

#[cfg(test)]
mod tests;
