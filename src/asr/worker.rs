//! Transcribes utterances one after the other: a recogniser, what its words have to pass, and
//! what they say of how they were said.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::asr::{
    AsrError, Heard, Missed, Recognizer, RecognizerFactory, Transcription, Utterance, hallucination_filter,
};
use crate::language;

/// A recogniser at work, on one thread.
pub(super) struct RecognizerWorker {
    factory: RecognizerFactory,
    /// None once it could not be started again.
    recognizer: Option<Box<dyn Recognizer>>,
}

impl RecognizerWorker {
    /// Makes the recogniser ready.
    pub(super) fn new(mut open: RecognizerFactory) -> Result<Self, AsrError> {
        let recognizer = open()?;
        Ok(Self { factory: open, recognizer: Some(recognizer) })
    }

    /// What became of an utterance. Survives a recogniser that panics.
    pub(super) fn transcribe(&mut self, utterance: &Utterance) -> Heard {
        Heard { track: utterance.track, runs: utterance.runs.clone(), transcription: self.try_transcribe(utterance) }
    }

    fn try_transcribe(&mut self, utterance: &Utterance) -> Result<Option<Transcription>, Missed> {
        let recognizer = self.recognizer.as_mut().ok_or(Missed::Failed)?;
        // What a panic leaves half done is thrown away below.
        match catch_unwind(AssertUnwindSafe(|| recognizer.transcribe(utterance))) {
            Ok(Ok(text)) => {
                let language = text.language;
                let words = hallucination_filter::filter(text, utterance);
                Ok(words.map(|text| Transcription {
                    reading: language::analyze(&text, language),
                    text,
                    language,
                    written: false,
                }))
            }
            Ok(Err(cause)) => {
                tracing::warn!(%cause, "an utterance has no text");
                Err(Missed::Failed)
            }
            Err(_) => {
                self.restart();
                Err(Missed::Failed)
            }
        }
    }

    fn restart(&mut self) {
        tracing::warn!("the recogniser failed badly and is started again");
        self.recognizer = None;
        match (self.factory)() {
            Ok(recognizer) => self.recognizer = Some(recognizer),
            Err(cause) => tracing::warn!(%cause, "the recogniser could not be started again; there is no more text"),
        }
    }
}
