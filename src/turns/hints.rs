//! What the text of an utterance says of its place in the conversation. Words themselves never come here.

use std::collections::VecDeque;

use crate::audio::{PerTrack, Track};
use crate::time::{SampleTime, Samples, Span};

/// What a text says an utterance was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// Nothing but words of listening, as a recogniser heard them.
    Listening,
    /// The same, as somebody wrote them down: one line may hold several, and the pauses between.
    Nods,
    /// More than a sign of listening: enough words to be sure of it.
    Words,
    /// None of these, or too little to be sure.
    Other,
}

impl Said {
    /// Whether it was nothing but words of listening.
    pub fn listens(self) -> bool {
        matches!(self, Self::Listening | Self::Nods)
    }
}

/// The text of one utterance, as far as the floor is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Hint {
    /// Who spoke.
    pub track: Track,
    /// From its first to its last speech.
    pub span: Span,
    /// What it was.
    pub said: Said,
    /// Whether it ended with a question.
    pub asks: bool,
}

/// A recogniser's utterance and the floor's are one where their edges are this near.
const SAME: Samples = Samples::from_ms(300);

/// Hints are kept for so long: no verdict waits longer.
const MEMORY: Samples = Samples::from_secs(60);

/// What is known from text so far, and who has spoken when.
#[derive(Clone, Default)]
pub(super) struct Hints {
    hints: VecDeque<Hint>,
    runs: PerTrack<VecDeque<Run>>,
}

/// A run, which may be going on.
#[derive(Clone, Copy)]
struct Run {
    start: SampleTime,
    end: Option<SampleTime>,
}

impl Hints {
    /// A text came.
    pub(super) fn learn(&mut self, hint: Hint) {
        self.hints.push_back(hint);
    }

    /// A run began.
    pub(super) fn run_started(&mut self, track: Track, at: SampleTime) {
        self.runs[track].push_back(Run { start: at, end: None });
        let from = at.back(MEMORY);
        self.runs[track].retain(|run| run.end.is_none_or(|end| end >= from));
        self.hints.retain(|hint| hint.span.end >= from);
    }

    /// The track's run is over.
    pub(super) fn run_ended(&mut self, track: Track, end: SampleTime) {
        if let Some(run) = self.runs[track].back_mut() {
            run.end = Some(end);
        }
    }

    /// Whether the track was heard in a stretch of the last minute.
    pub(super) fn spoke(&self, track: Track, stretch: Span) -> bool {
        let within = |run: &Run| run.start < stretch.end && run.end.is_none_or(|end| end > stretch.start);
        self.runs[track].iter().any(within)
    }

    /// What the utterance of the track was, where its text says: a transcript may cut it into several. One that is
    /// `going_on` may be known already, to a listener of the past.
    pub(super) fn of(&self, track: Track, utterance: Span, going_on: bool) -> Option<Said> {
        let inside = |hint: &&Hint| {
            let ends = if going_on { hint.span.start < utterance.end } else { hint.span.end <= utterance.end + SAME };
            hint.track == track && hint.span.start + SAME >= utterance.start && ends
        };
        let parts = || self.hints.iter().filter(inside);
        let covered: Samples = parts().map(|hint| hint.span.overlap(utterance).len()).sum();
        if covered.count() * 2 < utterance.len().count() || utterance.is_empty() {
            return None;
        }
        let first = parts().next()?.said;
        let words = parts().any(|hint| hint.said == Said::Words);
        let alike = parts().all(|hint| hint.said == first);
        Some(if words {
            Said::Words
        } else if alike {
            first
        } else {
            Said::Other
        })
    }

    /// Whether the track's utterance that began at `start` is the first word after a question of the other, who has
    /// said nothing since.
    pub(super) fn answers(&self, track: Track, start: SampleTime) -> bool {
        let question =
            self.hints.iter().rev().find(|hint| hint.track != track && hint.asks && hint.span.end <= start + SAME);
        let Some(asked) = question.map(|hint| hint.span.end) else { return false };
        // A run may go on behind the question: a transcript's lines follow each other without a pause.
        let since = |run: &Run| {
            let end = run.end.map_or(start, |end| end.min(start));
            run.start < start && (run.start > asked.back(SAME) || end > asked + SAME)
        };
        !Track::BOTH.iter().any(|track| self.runs[*track].iter().any(since))
    }
}
