//! What the text of an utterance says of its place in the conversation. Words themselves never come here.

use std::collections::VecDeque;

use crate::audio::{PerTrack, Track};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::runs::BRIDGE;

/// What a text says an utterance was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TextKind {
    /// Nothing but words of listening, as a recogniser heard them.
    RecognizedBackchannel,
    /// The same, as somebody wrote them down: one line may hold several, and the pauses between.
    WrittenBackchannel,
    /// More than a sign of listening: enough words to be sure of it.
    Substantive,
    /// None of these, or too little to be sure.
    Unsure,
}

impl TextKind {
    /// Whether it was nothing but words of listening.
    pub fn is_backchannel(self) -> bool {
        matches!(self, Self::RecognizedBackchannel | Self::WrittenBackchannel)
    }
}

/// The text of one utterance, as far as the floor is concerned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TextHint {
    /// Who spoke.
    pub track: Track,
    /// From its first to its last speech.
    pub span: Span,
    /// What it was.
    pub kind: TextKind,
    /// Whether it ended with a question.
    pub ends_with_question: bool,
}

/// A recogniser's utterance and the floor's are the same one if their edges are this near.
const EDGE_TOLERANCE: Samples = Samples::from_ms(300);

/// How long hints are kept: no verdict waits longer.
const MEMORY: Samples = Samples::from_secs(60);

/// What is known from text so far, and who has spoken when.
#[derive(Clone, Default)]
pub(super) struct TextHints {
    hints: VecDeque<TextHint>,
    runs: PerTrack<VecDeque<RecentRun>>,
}

/// A run, which may be going on.
#[derive(Clone, Copy)]
struct RecentRun {
    start: SampleTime,
    end: Option<SampleTime>,
}

impl TextHints {
    /// A text came; one of the same stretch replaces the one before.
    pub(super) fn push(&mut self, hint: TextHint) {
        self.hints.retain(|earlier| earlier.track != hint.track || earlier.span != hint.span);
        self.hints.push_back(hint);
    }

    /// A run began.
    pub(super) fn run_started(&mut self, track: Track, at: SampleTime) {
        self.runs[track].push_back(RecentRun { start: at, end: None });
        let from = at.saturating_sub(MEMORY);
        self.runs[track].retain(|run| run.end.is_none_or(|end| end >= from));
        self.hints.retain(|hint| hint.span.end >= from);
    }

    /// The track's run is over.
    pub(super) fn run_ended(&mut self, track: Track, end: SampleTime) {
        if let Some(run) = self.runs[track].back_mut() {
            run.end = Some(end);
        }
    }

    /// The first moment of a stretch of the last minute at which the track was heard; `None` if it was not.
    pub(super) fn first_heard_in(&self, track: Track, stretch: Span) -> Option<SampleTime> {
        let within = |run: &&RecentRun| run.start < stretch.end && run.end.is_none_or(|end| end > stretch.start);
        self.runs[track].iter().find(within).map(|run| run.start.max(stretch.start))
    }

    /// What the text says of an utterance of the track; `None` if no text covers half of it. A transcript may cut it
    /// into several. One that is `going_on` may be known already, to a listener of the past.
    pub(super) fn utterance_text(&self, track: Track, utterance: Span, going_on: bool) -> Option<TextHint> {
        let inside = |hint: &&TextHint| {
            let ends = if going_on {
                hint.span.start < utterance.end
            } else {
                hint.span.end <= utterance.end + EDGE_TOLERANCE
            };
            hint.track == track && hint.span.start + EDGE_TOLERANCE >= utterance.start && ends
        };
        let parts = || self.hints.iter().filter(inside);
        let covered: Samples = parts().map(|hint| hint.span.intersection(utterance).len()).sum();
        if covered.count() * 2 < utterance.len().count() || utterance.is_empty() {
            return None;
        }
        let first = parts().next()?.kind;
        let ends_with_question = parts().next_back().is_some_and(|hint| hint.ends_with_question);
        let words = parts().any(|hint| hint.kind == TextKind::Substantive);
        let alike = parts().all(|hint| hint.kind == first);
        let kind = match (words, alike) {
            (true, _) => TextKind::Substantive,
            (false, true) => first,
            (false, false) => TextKind::Unsure,
        };
        Some(TextHint { track, span: utterance, kind, ends_with_question })
    }

    /// The stretch of nothing but words of listening that a run of the track which began at `at` is part of; `None` if
    /// the run holds other words too, or no text of it is known.
    pub(super) fn listening_from(&self, track: Track, at: SampleTime) -> Option<Span> {
        let own = || self.hints.iter().filter(|hint| hint.track == track && hint.span.end > at);
        let begins = |hint: &&TextHint| hint.kind.is_backchannel() && hint.span.start <= at + EDGE_TOLERANCE;
        let mut stretch = own().find(begins)?.span;
        // Lines that follow each other without a pause are one run.
        let same_run = |hint: &TextHint, stretch: Span| hint.span.start < stretch.end + BRIDGE;
        let longer = |hint: &&TextHint, stretch: Span| {
            hint.kind.is_backchannel() && same_run(hint, stretch) && hint.span.end > stretch.end
        };
        while let Some(next) = own().find(|hint| longer(hint, stretch)) {
            stretch.end = next.span.end;
        }
        let words = own().any(|hint| !hint.kind.is_backchannel() && same_run(hint, stretch));
        (!words).then_some(stretch)
    }

    /// Whether the track's utterance that began at `start` is the first word after a question of the other, who has
    /// said nothing since.
    pub(super) fn answers_question(&self, track: Track, start: SampleTime) -> bool {
        let question = self
            .hints
            .iter()
            .rev()
            .find(|hint| hint.track != track && hint.ends_with_question && hint.span.end <= start + EDGE_TOLERANCE);
        let Some(asked) = question.map(|hint| hint.span.end) else { return false };
        // A run may go on behind the question: a transcript's lines follow each other without a pause.
        let since = |run: &RecentRun| {
            let end = run.end.map_or(start, |end| end.min(start));
            run.start < start && (run.start > asked.saturating_sub(EDGE_TOLERANCE) || end > asked + EDGE_TOLERANCE)
        };
        !Track::BOTH.iter().any(|track| self.runs[*track].iter().any(since))
    }
}
