//! The desk of a replay at full speed: the call waits for the words, and they arrive at a fixed time of the call, so that
//! a replay gives the same every time.

use crate::asr::scribe::Scribe;
use crate::asr::{AsrError, Desk, Heard, Open, Standing, Utterance};
use crate::time::{SampleTime, Samples, Span};

/// When text arrives after the end of its utterance, as it does live on an idle machine.
pub(super) const ARRIVES: Samples = Samples::from_ms(1_000);

/// Recognises where it is called.
///
/// A thread a track would gain nothing: an utterance is handed over 0.7 s after its end at the earliest, and its text is
/// due 0.3 s later.
pub struct Inline {
    scribe: Scribe,
    /// Recognised, and on its way until then; in the order of arrival.
    coming: Vec<(SampleTime, Heard)>,
}

impl Inline {
    /// Makes the recogniser ready.
    ///
    /// # Errors
    /// When it cannot be.
    pub fn open(open: Open) -> Result<Self, AsrError> {
        Ok(Self { scribe: Scribe::open(open)?, coming: Vec::new() })
    }
}

impl Desk for Inline {
    fn submit(&mut self, utterance: Utterance) {
        let arrives = utterance.span.end + ARRIVES;
        let heard = self.scribe.hear(&utterance);
        let place = self.coming.partition_point(|(at, _)| *at <= arrives);
        self.coming.insert(place, (arrives, heard));
    }

    fn poll(&mut self, now: SampleTime) -> Option<Heard> {
        let due = self.coming.first().is_some_and(|(at, _)| *at <= now);
        due.then(|| self.coming.remove(0).1)
    }

    fn forget(&mut self, span: Span) {
        self.coming.retain(|(_, heard)| heard.span().overlap(span).is_empty());
    }

    fn close(&mut self) -> Vec<Heard> {
        self.coming.drain(..).map(|(_, heard)| heard).collect()
    }

    fn standing(&self) -> Standing {
        Standing::Ready
    }

    fn waiting(&self) -> Samples {
        Samples::ZERO
    }
}
