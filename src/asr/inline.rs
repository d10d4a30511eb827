//! The transcriber of a replay at full speed: the call waits for the words, and they arrive at a fixed time of the
//! call, so that a replay gives the same every time.

use crate::asr::worker::RecognizerWorker;
use crate::asr::{AsrError, Heard, RecognizerFactory, Transcriber, TranscriberStatus, Utterance};
use crate::time::{SampleTime, Samples, Span};

/// When text arrives after the end of its utterance, as it does live on an idle machine.
pub(super) const TEXT_DELAY: Samples = Samples::from_ms(1_000);

/// Recognises where it is called.
///
/// A thread a track would gain nothing: an utterance is handed over 0.7 s after its end at the earliest, and its text
/// is due 0.3 s later.
pub struct InlineTranscriber {
    worker: RecognizerWorker,
    /// Recognised, and on its way until then; in the order of arrival.
    pending: Vec<(SampleTime, Heard)>,
}

impl InlineTranscriber {
    /// Makes the recogniser ready.
    ///
    /// # Errors
    /// When it cannot be.
    pub fn new(open: RecognizerFactory) -> Result<Self, AsrError> {
        Ok(Self { worker: RecognizerWorker::new(open)?, pending: Vec::new() })
    }
}

impl Transcriber for InlineTranscriber {
    fn submit(&mut self, utterance: Utterance) {
        let arrives = utterance.span.end + TEXT_DELAY;
        let place = self.pending.partition_point(|(at, _)| *at <= arrives);
        let heard = self.worker.transcribe(&utterance).into_iter().map(|heard| (arrives, heard));
        self.pending.splice(place..place, heard);
    }

    fn poll(&mut self, now: SampleTime) -> Option<Heard> {
        let due = self.pending.first().is_some_and(|(at, _)| *at <= now);
        due.then(|| self.pending.remove(0).1)
    }

    fn discard(&mut self, span: Span) {
        self.pending.retain(|(_, heard)| heard.span().intersection(span).is_empty());
    }

    fn close(&mut self) -> Vec<Heard> {
        self.pending.drain(..).map(|(_, heard)| heard).collect()
    }

    fn status(&self) -> TranscriberStatus {
        TranscriberStatus::Ready
    }

    fn backlog(&self) -> Samples {
        Samples::ZERO
    }
}
