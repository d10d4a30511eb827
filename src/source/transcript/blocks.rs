//! The blocks of a call that has no sound: silence, and who speaks.

use crate::audio::{Block, PerTrack, SILENCE, STEP, Track};
use crate::source::transcript::Line;
use crate::source::{Source, SourceError};
use crate::time::{SampleTime, Samples, Span};

/// A transcript as a call, up to its last word.
pub struct TranscriptSource {
    next: SampleTime,
    end: SampleTime,
    speech: PerTrack<Speech>,
}

/// When one side speaks.
#[derive(Default)]
struct Speech {
    /// In the order of their beginnings, none overlapping another.
    spans: Vec<Span>,
    /// The first of them that is not over.
    at: usize,
}

impl TranscriptSource {
    /// The call of these lines, which lie in the order of their beginnings.
    pub fn new(lines: &[Line]) -> Self {
        let mut speech: PerTrack<Speech> = PerTrack::default();
        for line in lines {
            speech[line.track].add(line.span);
        }
        let end = lines.iter().map(|line| line.span.end).max().unwrap_or_default();
        Self { next: SampleTime::ZERO, end, speech }
    }

    /// How long the call is.
    pub fn length(&self) -> Samples {
        self.end - SampleTime::ZERO
    }
}

impl Source for TranscriptSource {
    fn next(&mut self) -> Result<Option<Block>, SourceError> {
        if self.next >= self.end {
            return Ok(None);
        }
        let start = self.next;
        self.next += STEP;
        let speech = PerTrack::from_fn(|track: Track| self.speech[track].at(start));
        let pcm = PerTrack { me: SILENCE, them: SILENCE };
        Ok(Some(Block { start, pcm, lost: PerTrack::default(), speech: Some(speech) }))
    }
}

impl Speech {
    fn add(&mut self, span: Span) {
        match self.spans.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => self.spans.push(span),
        }
    }

    fn at(&mut self, now: SampleTime) -> bool {
        while self.spans.get(self.at).is_some_and(|span| span.end <= now) {
            self.at += 1;
        }
        self.spans.get(self.at).is_some_and(|span| span.contains(now))
    }
}
