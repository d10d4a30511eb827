//! Hears utterances one after the other and writes down what they say: a recogniser, what its words have to pass, and
//! what they say of how they were said.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::asr::{AsrError, Heard, Missed, Open, Recognizer, Said, Utterance, sieve};
use crate::language;

/// A recogniser at work, on one thread.
pub(super) struct Scribe {
    open: Open,
    /// None once it could not be started again.
    recognizer: Option<Box<dyn Recognizer>>,
}

impl Scribe {
    /// Makes the recogniser ready.
    pub(super) fn open(mut open: Open) -> Result<Self, AsrError> {
        let recognizer = open()?;
        Ok(Self { open, recognizer: Some(recognizer) })
    }

    /// What became of an utterance. Survives a recogniser that panics.
    pub(super) fn hear(&mut self, utterance: &Utterance) -> Heard {
        Heard { track: utterance.track, runs: utterance.runs.clone(), said: self.said(utterance) }
    }

    fn said(&mut self, utterance: &Utterance) -> Result<Option<Said>, Missed> {
        let recognizer = self.recognizer.as_mut().ok_or(Missed::Failed)?;
        // What a panic leaves half done is thrown away below.
        match catch_unwind(AssertUnwindSafe(|| recognizer.transcribe(utterance))) {
            Ok(Ok(text)) => {
                let language = text.language;
                let words = sieve::pass(text, utterance);
                Ok(words.map(|text| Said { reading: language::read(&text, language), text, language, written: false }))
            }
            Ok(Err(cause)) => {
                tracing::warn!(%cause, "an utterance has no text");
                Err(Missed::Failed)
            }
            Err(_) => {
                self.begin_again();
                Err(Missed::Failed)
            }
        }
    }

    fn begin_again(&mut self) {
        tracing::warn!("the recogniser failed badly and is started again");
        self.recognizer = None;
        match (self.open)() {
            Ok(recognizer) => self.recognizer = Some(recognizer),
            Err(cause) => tracing::warn!(%cause, "the recogniser could not be started again; there is no more text"),
        }
    }
}
