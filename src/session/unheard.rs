//! What is not to be heard: pauses, what is off the record, and my microphone while I am muted.

use crate::audio::{PerTrack, SILENCE, Track};
use crate::echo::Clean;
use crate::time::{SampleTime, Span};

/// Stretches of the call of which no sound and no word may be used. Erasing does not take these back.
#[derive(Default)]
pub(super) struct Unheard {
    /// Of both tracks: no data.
    nothing: Vec<Span>,
    /// Of the microphone: silence.
    muted: Vec<Span>,
}

impl Unheard {
    /// Nothing of this stretch is to be heard.
    pub(super) fn nothing(&mut self, span: Span) {
        add(&mut self.nothing, span);
    }

    /// Nothing of the microphone is.
    pub(super) fn muted(&mut self, span: Span) {
        add(&mut self.muted, span);
    }

    /// Whether some of a track's stretch is not to be heard.
    pub(super) fn has(&self, track: Track, span: Span) -> bool {
        let some = |stretches: &[Span]| stretches.iter().any(|stretch| !stretch.overlap(span).is_empty());
        some(&self.nothing) || track == Track::Me && some(&self.muted)
    }

    /// Whether a block is no data.
    pub(super) fn has_nothing_of(&self, start: SampleTime) -> bool {
        self.nothing.iter().any(|stretch| stretch.contains(start))
    }

    /// The end of the last stretch of no data that is over at `at`.
    pub(super) fn end_before(&self, at: SampleTime) -> SampleTime {
        let ends = self.nothing.iter().map(|stretch| stretch.end).filter(|end| *end <= at);
        ends.max().unwrap_or_default()
    }

    /// The end of the newest stretch of no data; silence before it is not known to be any.
    pub(super) fn end(&self) -> SampleTime {
        self.nothing.iter().map(|stretch| stretch.end).max().unwrap_or_default()
    }

    /// A block that was on its way when its stretch was erased, without its sound.
    pub(super) fn take_from(&self, clean: Clean) -> Clean {
        if !self.has_nothing_of(clean.start) {
            return clean;
        }
        let lost = PerTrack { me: true, them: true };
        Clean { raw: SILENCE, me: SILENCE, them: SILENCE, lost, ..clean }
    }
}

/// Adds a stretch; one that goes on with the newest makes it longer.
fn add(stretches: &mut Vec<Span>, span: Span) {
    match stretches.last_mut() {
        Some(last) if last.start <= span.start && span.start <= last.end => last.end = last.end.max(span.end),
        _ => stretches.push(span),
    }
}
