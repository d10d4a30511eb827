//! The blocks of a call that has no sound: silence, and who speaks.

use crate::audio::{BLOCK_DURATION, Block, PerTrack, SILENCE, Track};
use crate::source::transcript::{CueEnds, TrackCue};
use crate::source::{Notice, Source, SourceError};
use crate::time::{SampleTime, Samples, Span};

/// A transcript as a call, up to its last word.
pub struct TranscriptSource {
    next: SampleTime,
    end: SampleTime,
    speech: PerTrack<TrackSpeech>,
    /// What is still to be said of it.
    notice: Option<Notice>,
}

/// When one side speaks.
#[derive(Default)]
struct TrackSpeech {
    /// In the order of their beginnings, none overlapping another.
    spans: Vec<Span>,
    /// The first of them that is not over.
    next_span: usize,
}

impl TranscriptSource {
    /// The call of these lines, which lie in the order of their beginnings.
    pub fn new(lines: &[TrackCue]) -> Self {
        let mut speech: PerTrack<TrackSpeech> = PerTrack::default();
        for line in lines {
            speech[line.track].add(line.span);
        }
        let end = lines.iter().map(|line| line.span.end).max().unwrap_or_default();
        Self { next: SampleTime::ZERO, end, speech, notice: None }
    }

    /// The same, which tells first where the ends of its lines come from, if they are guessed.
    pub fn with_ends(self, ends: CueEnds) -> Self {
        let notice = match ends {
            CueEnds::Stated => None,
            CueEnds::Guessed => Some(Notice::GuessedEnds),
        };
        Self { notice, ..self }
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
        self.next += BLOCK_DURATION;
        let speech = PerTrack::from_fn(|track: Track| self.speech[track].is_speaking(start));
        let pcm = PerTrack { me: SILENCE, them: SILENCE };
        Ok(Some(Block { start, pcm, lost: PerTrack::default(), speech: Some(speech) }))
    }

    fn next_notice(&mut self) -> Option<Notice> {
        self.notice.take()
    }
}

impl TrackSpeech {
    fn add(&mut self, span: Span) {
        match self.spans.last_mut() {
            Some(last) if span.start <= last.end => last.end = last.end.max(span.end),
            _ => self.spans.push(span),
        }
    }

    fn is_speaking(&mut self, now: SampleTime) -> bool {
        while self.spans.get(self.next_span).is_some_and(|span| span.end <= now) {
            self.next_span += 1;
        }
        self.spans.get(self.next_span).is_some_and(|span| span.contains(now))
    }
}
