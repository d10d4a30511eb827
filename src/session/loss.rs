//! Lost stretches of one track: "no data", never silence.

use crate::time::{SampleTime, Samples, Span};

/// What was lost of a track.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LossTracker {
    total: Samples,
    open: Option<Span>,
    /// Until when the newest lost stretch went, so far.
    until: SampleTime,
}

impl LossTracker {
    /// Hears whether the next stretch was lost; gives a lost stretch once it is over.
    pub(super) fn push(&mut self, span: Span, lost: bool) -> Option<Span> {
        if !lost {
            return self.open.take();
        }
        self.total += span.len();
        self.open = Some(Span::new(self.open.map_or(span.start, |open| open.start), span.end));
        self.until = span.end;
        None
    }

    /// A stretch that was not lost when it came was lost afterwards.
    pub(super) fn add_late(&mut self, span: Span) {
        self.total += span.len();
        self.until = self.until.max(span.end);
    }

    /// The stretch that was going on at the end.
    pub(super) fn finish(&mut self) -> Option<Span> {
        self.open.take()
    }

    /// Since when sound is being lost, if it is now.
    pub(super) fn losing_since(&self) -> Option<SampleTime> {
        self.open.map(|open| open.start)
    }

    /// Whether nothing was lost since this moment.
    pub(super) fn is_heard_since(&self, moment: SampleTime) -> bool {
        self.until <= moment
    }

    /// How much was lost in all.
    pub(super) fn total(&self) -> Samples {
        self.total
    }
}
