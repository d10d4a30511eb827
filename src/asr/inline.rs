//! The transcriber of a replay at full speed: the call waits for the words, and they arrive at a fixed time of the
//! call, so that a replay gives the same every time.

use crate::asr::recent_sound::RecentSound;
use crate::asr::worker::{OutdatedUtterance, RecognizerWorker, Transcribed};
use crate::asr::{AsrError, CallLanguage, Heard, RecognizerFactory, Transcriber, TranscriberStatus, Utterance};
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
    /// What may have to be decoded again.
    recent: RecentSound,
}

impl InlineTranscriber {
    /// Makes the recogniser ready.
    ///
    /// # Errors
    /// When it cannot be.
    pub fn new(open: RecognizerFactory, language: CallLanguage) -> Result<Self, AsrError> {
        let worker = RecognizerWorker::new(open, language)?;
        Ok(Self { worker, pending: Vec::new(), recent: RecentSound::new(language) })
    }

    /// What an earlier utterance comes to in the language that it is in, in place of what may be on its way.
    fn decode_again(&mut self, outdated: OutdatedUtterance) -> Vec<Heard> {
        self.pending.retain(|(_, heard)| !outdated.replaces(heard));
        let Some(utterance) = self.recent.take(outdated.track, outdated.span) else {
            return vec![outdated.into_missed()];
        };
        let heard = self.worker.transcribe_again(&utterance, outdated.language);
        self.recent.push(utterance);
        heard
    }
}

impl Transcriber for InlineTranscriber {
    fn submit(&mut self, utterance: Utterance) {
        let arrives = utterance.span.end + TEXT_DELAY;
        let opening = self.recent.take_opening(&utterance);
        let Transcribed { heard, outdated } = self.worker.transcribe(&utterance, &opening, None);
        self.recent.push(utterance);
        let again: Vec<Heard> = outdated.into_iter().flat_map(|outdated| self.decode_again(outdated)).collect();
        let place = self.pending.partition_point(|(at, _)| *at <= arrives);
        self.pending.splice(place..place, again.into_iter().chain(heard).map(|heard| (arrives, heard)));
    }

    fn poll(&mut self, now: SampleTime) -> Option<Heard> {
        let due = self.pending.first().is_some_and(|(at, _)| *at <= now);
        due.then(|| self.pending.remove(0).1)
    }

    fn discard(&mut self, span: Span) {
        self.pending.retain(|(_, heard)| heard.span().intersection(span).is_empty());
        self.recent.discard(span);
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
