//! Transcribes utterances one after the other: a recogniser, what its words have to pass, and
//! what they say of how they were said.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::asr::{
    AsrError, Heard, Missed, Recognizer, RecognizerFactory, Transcription, Utterance, hallucination_filter, splitting,
};
use crate::language;

/// How often an utterance is halved at the most: decoding all of it again costs as much each time.
const MAX_SPLITS: u8 = 2;

/// Why an utterance, or a part of one, got no text.
enum TranscribeFailure {
    /// The recogniser gave none.
    Recognizer,
    /// Its words cannot be what was said.
    Implausible,
}

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

    /// What became of an utterance: one, or its parts in order, at least one. Survives a recogniser that panics.
    pub(super) fn transcribe(&mut self, utterance: &Utterance) -> Vec<Heard> {
        let mut heard = Vec::new();
        self.transcribe_parts(utterance, MAX_SPLITS, &mut heard);
        heard
    }

    /// Words that cannot be what was said depend on where the sound is cut: each half is tried by itself, and only what
    /// has no text then is missed.
    fn transcribe_parts(&mut self, utterance: &Utterance, splits_left: u8, heard: &mut Vec<Heard>) {
        let transcription = self.try_transcribe(utterance);
        let halves = match transcription {
            Err(TranscribeFailure::Implausible) if splits_left > 0 => splitting::halves(utterance),
            _ => None,
        };
        match halves {
            Some(halves) => halves.iter().for_each(|half| self.transcribe_parts(half, splits_left - 1, heard)),
            None => heard.push(Heard {
                track: utterance.track,
                runs: utterance.runs.clone(),
                transcription: transcription.map_err(|_| Missed::Failed),
            }),
        }
    }

    fn try_transcribe(&mut self, utterance: &Utterance) -> Result<Option<Transcription>, TranscribeFailure> {
        let recognizer = self.recognizer.as_mut().ok_or(TranscribeFailure::Recognizer)?;
        // What a panic leaves half done is thrown away below.
        match catch_unwind(AssertUnwindSafe(|| recognizer.transcribe(utterance))) {
            Ok(Ok(text)) => {
                let language = text.language;
                let words =
                    hallucination_filter::filter(text, utterance).map_err(|_| TranscribeFailure::Implausible)?;
                Ok(words.map(|text| Transcription {
                    reading: language::analyze(&text, language),
                    text,
                    language,
                    written: false,
                }))
            }
            Ok(Err(cause)) => {
                tracing::warn!(%cause, "an utterance has no text");
                Err(TranscribeFailure::Recognizer)
            }
            Err(_) => {
                self.restart();
                Err(TranscribeFailure::Recognizer)
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
