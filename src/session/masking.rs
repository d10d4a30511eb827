//! What is not to be heard: pauses, what is off the record, and my microphone while I am muted.

use crate::audio::{PerTrack, SILENCE, Track};
use crate::frontend::echo::CleanBlock;
use crate::time::{SampleTime, Span};

/// Stretches of the call of which no sound and no word may be used. Erasing does not take these back.
#[derive(Default)]
pub(super) struct Mask {
    /// Of both tracks: no data.
    no_data: Vec<Span>,
    /// Of the microphone: silence.
    microphone: Vec<Span>,
}

impl Mask {
    /// Nothing of this stretch is to be heard.
    pub(super) fn mask_both(&mut self, span: Span) {
        add_or_extend(&mut self.no_data, span);
    }

    /// Nothing of the microphone is.
    pub(super) fn mask_microphone(&mut self, span: Span) {
        add_or_extend(&mut self.microphone, span);
    }

    /// Whether some of a track's stretch is not to be heard.
    pub(super) fn overlaps(&self, track: Track, span: Span) -> bool {
        let some = |stretches: &[Span]| stretches.iter().any(|stretch| !stretch.intersection(span).is_empty());
        some(&self.no_data) || track == Track::Me && some(&self.microphone)
    }

    /// Whether a block is no data.
    pub(super) fn is_no_data(&self, start: SampleTime) -> bool {
        self.no_data.iter().any(|stretch| stretch.contains(start))
    }

    /// The end of the last stretch of no data that is over at `at`.
    pub(super) fn last_end_before(&self, at: SampleTime) -> SampleTime {
        let ends = self.no_data.iter().map(|stretch| stretch.end).filter(|end| *end <= at);
        ends.max().unwrap_or_default()
    }

    /// The end of the newest stretch of no data; silence before it is not known to be any.
    pub(super) fn end(&self) -> SampleTime {
        self.no_data.iter().map(|stretch| stretch.end).max().unwrap_or_default()
    }

    /// A block that was on its way when its stretch was erased, without its sound.
    pub(super) fn apply(&self, clean: CleanBlock) -> CleanBlock {
        if !self.is_no_data(clean.start) {
            return clean;
        }
        let lost = PerTrack { me: true, them: true };
        let silence = PerTrack { me: SILENCE, them: SILENCE };
        CleanBlock { raw: silence, pcm: silence, lost, ..clean }
    }
}

/// Adds a stretch; one that goes on with the newest makes it longer.
fn add_or_extend(stretches: &mut Vec<Span>, span: Span) {
    match stretches.last_mut() {
        Some(last) if last.start <= span.start && span.start <= last.end => last.end = last.end.max(span.end),
        _ => stretches.push(span),
    }
}
