//! Transcribes utterances one after the other: a recogniser, the language that it is asked for, what its words have to
//! pass, and what they say of how they were said.

use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::asr::call_language::LanguageTracker;
use crate::asr::{
    AsrError, CallLanguage, Heard, LanguageOdds, Missed, RawTranscription, Recognizer, RecognizerFactory,
    Transcription, Utterance, doubt, hallucination_filter, splitting,
};
use crate::audio::Track;
use crate::language::{self, Language};
use crate::time::Span;

/// How often an utterance is halved at the most: decoding all of it again costs as much each time.
const MAX_SPLITS: u8 = 2;

const RESTART_FAILED: &str = "the recogniser failed, and failed again as it was started anew";

/// Why an utterance, or a part of one, got no text.
enum TranscribeFailure {
    /// The recogniser gave none.
    Recognizer,
    /// Its words cannot be what was said.
    Implausible,
}

/// What came of decoding an utterance, or a part of one, once.
struct DecodingAttempt {
    odds: Option<LanguageOdds>,
    language: Language,
    transcription: Result<Option<Transcription>, TranscribeFailure>,
}

/// What an utterance came to.
pub(super) struct Transcribed {
    /// The utterance, or its parts in order; at least one.
    pub(super) heard: Vec<Heard>,
    /// What was decoded before, and now turns out to be in another language.
    pub(super) outdated: Vec<OutdatedUtterance>,
}

/// The recogniser's words for an utterance that may not have been whole.
pub(super) struct EarlyDecoding {
    pub(super) utterance: Utterance,
    text: RawTranscription,
}

/// An utterance whose text is in the wrong language.
pub(super) struct OutdatedUtterance {
    pub(super) track: Track,
    /// What part of the call its sound is.
    pub(super) span: Span,
    runs: Vec<Span>,
    /// The language that it is in.
    pub(super) language: Language,
}

impl OutdatedUtterance {
    /// Whether this is its text, or a part of it.
    pub(super) fn replaces(&self, heard: &Heard) -> bool {
        heard.track == self.track && !heard.span().intersection(self.span).is_empty()
    }

    /// What it is if its sound is gone: its text is not what was said.
    pub(super) fn into_missed(self) -> Heard {
        Heard { track: self.track, runs: self.runs, transcription: Err(Missed::Failed) }
    }
}

/// A recogniser at work, on one thread.
pub(super) struct RecognizerWorker {
    factory: RecognizerFactory,
    /// Why it could not be started again, once that is so.
    recognizer: Result<Box<dyn Recognizer>, String>,
    language: CallLanguage,
    tracker: LanguageTracker,
    /// What the tracker has heard, in that order.
    decoded: Vec<OutdatedUtterance>,
    /// What the utterance in hand, or its beginning, was decoded to before it was whole: not asked for again if it is that.
    early: Option<EarlyDecoding>,
}

impl RecognizerWorker {
    /// Makes the recogniser ready.
    pub(super) fn new(mut open: RecognizerFactory, language: CallLanguage) -> Result<Self, AsrError> {
        let recognizer = open()?;
        let prior = match language {
            CallLanguage::Named(_) => Default::default(),
            CallLanguage::Found(prior) => prior,
        };
        Ok(Self {
            factory: open,
            recognizer: Ok(recognizer),
            language,
            tracker: LanguageTracker::new(prior),
            decoded: Vec::new(),
            early: None,
        })
    }

    /// Why there will be no more text, if there will be none.
    pub(super) fn broken(&self) -> Option<&str> {
        self.recognizer.as_ref().err().map(String::as_str)
    }

    /// Decodes an utterance that may not be whole in the language that is expected, and lets nothing follow from it.
    pub(super) fn decode_early(&mut self, utterance: &Utterance) -> Option<EarlyDecoding> {
        let language = match self.language {
            CallLanguage::Named(language) => language,
            CallLanguage::Found(_) => self.tracker.expected(),
        };
        let text = self.ask(|recognizer| recognizer.transcribe(utterance, language))?;
        Some(EarlyDecoding { utterance: utterance.clone(), text })
    }

    /// What an utterance comes to. `opening` is what was said in the call so far, if its language is to be judged by that
    /// once more, else empty; `early`, what it or its beginning was decoded to before it was whole. Survives a recogniser that panics, and what
    /// reads its words.
    pub(super) fn transcribe(
        &mut self,
        utterance: &Utterance,
        opening: &[i16],
        early: Option<EarlyDecoding>,
    ) -> Transcribed {
        self.early = early;
        self.attempt(|worker| worker.try_transcribe(utterance, opening))
            .unwrap_or_else(|| Transcribed { heard: vec![utterance.as_missed(Missed::Failed)], outdated: Vec::new() })
    }

    fn try_transcribe(&mut self, utterance: &Utterance, opening: &[i16]) -> Transcribed {
        let (attempt, outdated) = match self.language {
            CallLanguage::Named(language) => (self.decode(utterance, language), Vec::new()),
            CallLanguage::Found(_) => self.find_language(utterance, opening),
        };
        let mut heard = Vec::new();
        self.split_if_implausible(utterance, attempt, MAX_SPLITS, &mut heard);
        Transcribed { heard, outdated }
    }

    /// What an utterance comes to in a language that was found since it was decoded first.
    pub(super) fn transcribe_again(&mut self, utterance: &Utterance, language: Language) -> Vec<Heard> {
        let again = self.attempt(|worker| {
            let attempt = worker.decode(utterance, language);
            let mut heard = Vec::new();
            worker.split_if_implausible(utterance, attempt, MAX_SPLITS, &mut heard);
            heard
        });
        again.unwrap_or_else(|| vec![utterance.as_missed(Missed::Failed)])
    }

    /// Does something with an utterance; `None` if that panics. What is known of the call's language is whole all the same:
    /// it is changed in one piece, after the recogniser has given its words.
    fn attempt<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> Option<T> {
        let done = catch_unwind(AssertUnwindSafe(|| work(self))).ok();
        if done.is_none() {
            tracing::error!("the words of an utterance could not be read; it has no text");
        }
        done
    }

    /// Decodes an utterance in the language that it is found to be in, and finds which earlier ones were decoded in the
    /// wrong one. It is decoded in the expected language first, because how it sounds is known only then.
    fn find_language(&mut self, utterance: &Utterance, opening: &[i16]) -> (DecodingAttempt, Vec<OutdatedUtterance>) {
        if !opening.is_empty()
            && let Some(odds) = self.ask(|recognizer| recognizer.language_odds(opening)).flatten()
        {
            self.tracker.push_opening(odds);
        }
        let attempt = self.decode(utterance, self.tracker.expected());
        let Some(odds) = attempt.odds else { return (attempt, Vec::new()) };
        let speech = utterance.runs.iter().map(|run| run.len()).sum();
        let language = self.tracker.push(odds, speech);
        let attempt = if language == attempt.language { attempt } else { self.decode(utterance, language) };
        let Utterance { track, span, ref runs, .. } = *utterance;
        self.decoded.push(OutdatedUtterance { track, span, runs: runs.clone(), language });
        let now = self.tracker.hindsight();
        let mut outdated = Vec::new();
        for (decoded, now) in self.decoded.iter_mut().zip(now) {
            if let Some(language) = now.filter(|now| *now != decoded.language) {
                decoded.language = language;
                outdated.push(OutdatedUtterance { runs: decoded.runs.clone(), ..*decoded });
            }
        }
        (attempt, outdated)
    }

    /// Words that cannot be what was said depend on where the sound is cut: each half is tried by itself, and only what
    /// has no text then is missed.
    fn split_if_implausible(
        &mut self,
        utterance: &Utterance,
        attempt: DecodingAttempt,
        splits_left: u8,
        heard: &mut Vec<Heard>,
    ) {
        let halves = match attempt.transcription {
            Err(TranscribeFailure::Implausible) if splits_left > 0 => splitting::halves(utterance),
            _ => None,
        };
        match halves {
            Some(halves) => {
                for half in &halves {
                    let again = self.decode(half, attempt.language);
                    self.split_if_implausible(half, again, splits_left - 1, heard);
                }
            }
            None => heard.push(Heard {
                track: utterance.track,
                runs: utterance.runs.clone(),
                transcription: attempt.transcription.map_err(|_| Missed::Failed),
            }),
        }
    }

    fn decode(&mut self, utterance: &Utterance, language: Language) -> DecodingAttempt {
        // In whatever language it was: how it sounds does not depend on that, and says whether it is the right one.
        let early = self.early.take().filter(|early| early.utterance == *utterance);
        let text = early.map(|early| early.text);
        let Some(text) = text.or_else(|| self.ask(|recognizer| recognizer.transcribe(utterance, language))) else {
            return DecodingAttempt { odds: None, language, transcription: Err(TranscribeFailure::Recognizer) };
        };
        let (odds, language, mean_log_prob) = (text.odds, text.language, text.mean_log_prob);
        let words = hallucination_filter::filter(text, utterance).map_err(|_| TranscribeFailure::Implausible);
        let transcription = |text: String| {
            let mut reading = language::analyze(&text, language);
            let doubtful = doubt::is_doubtful(&reading, &text, language, mean_log_prob, utterance);
            if let Some(end) = utterance.cut_off_word_end() {
                language::count_cut_off_word(&mut reading, &text, language, end);
            }
            Transcription { reading, text, language, written: false, doubtful }
        };
        DecodingAttempt { odds, language, transcription: words.map(|words| words.map(transcription)) }
    }

    /// What the recogniser answers; `None` if it cannot, or panics, after which it is started again.
    fn ask<T>(&mut self, question: impl FnOnce(&mut dyn Recognizer) -> Result<T, AsrError>) -> Option<T> {
        let recognizer = self.recognizer.as_mut().ok()?;
        // What a panic leaves half done is thrown away below.
        match catch_unwind(AssertUnwindSafe(|| question(recognizer.as_mut()))) {
            Ok(Ok(answer)) => Some(answer),
            Ok(Err(cause)) => {
                tracing::warn!(%cause, "the recogniser has no answer");
                None
            }
            Err(_) => {
                self.restart();
                None
            }
        }
    }

    fn restart(&mut self) {
        tracing::error!("the recogniser failed badly and is started again");
        let failed = std::mem::replace(&mut self.recognizer, Err(RESTART_FAILED.to_owned()));
        // It may fail once more while it is taken apart, and what takes its place may fail too.
        let _ = catch_unwind(AssertUnwindSafe(|| drop(failed)));
        self.recognizer = match catch_unwind(AssertUnwindSafe(&mut self.factory)) {
            Ok(Ok(recognizer)) => Ok(recognizer),
            Ok(Err(cause)) => Err(cause.to_string()),
            Err(_) => Err(RESTART_FAILED.to_owned()),
        };
        if let Err(cause) = &self.recognizer {
            tracing::error!(%cause, "the recogniser could not be started again; there is no more text");
        }
    }
}
