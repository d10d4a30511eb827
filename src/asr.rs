//! Words, off the critical path: what is said goes to a transcriber, and comes back as text when it can.
//!
//! Nothing waits for the transcriber, and no figure of the floor depends on it: [`NoText`] is a full mode of the
//! product. Every utterance that is handed over comes back once, as text or as missed, so what was not recognised can
//! be counted; one that the recogniser did not manage as a whole may come back in parts. One that turns out to be in
//! another language comes back again: what comes later of a stretch replaces what came before.

mod call_language;
mod chunker;
mod doubt;
mod from_transcript;
mod hallucination_filter;
mod inline;
mod recent_sound;
mod recognition;
#[cfg(feature = "whisper")]
pub mod speed;
mod splitting;
mod threaded;
#[cfg(feature = "whisper")]
pub mod whisper;
mod worker;

use serde::{Deserialize, Serialize};

use crate::audio::Track;
use crate::language::{Language, TextAnalysis};
use crate::time::{SampleTime, Samples, Span};

pub use call_language::{CallLanguage, LanguageOdds, LanguagePrior};
pub use chunker::Chunker;
pub use from_transcript::FromTranscript;
pub use inline::InlineTranscriber;
pub use threaded::ThreadedTranscriber;

/// A stretch of one speaker for the recogniser: at most 25 s, a little of the quiet around it included.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Utterance {
    /// Who speaks.
    pub track: Track,
    /// What part of the call its sound is.
    pub span: Span,
    /// When in it there is speech: runs in order, at least one.
    pub runs: Vec<Span>,
    /// Its sound: 16 kHz, mono, 16 bit; as long as `span`.
    pub pcm: Vec<i16>,
}

/// A run of speech that is no longer holds one short word …
const ONE_WORD: Samples = Samples::from_ms(300);

/// … which a pause of this length cuts off from the rest (metrics: beside a pause ≥ 200 ms).
const CUT_OFF: Samples = Samples::from_ms(200);

/// Speech that is no longer than this may be a sign of listening by its length alone (metrics: 1.0 s).
const SHORT: Samples = Samples::from_ms(1_000);

impl Utterance {
    /// Whether it is short enough to be a sign of listening.
    fn is_short(&self) -> bool {
        self.runs.iter().map(|run| run.len()).sum::<Samples>() <= SHORT
    }

    /// Where in its speech, from 0 to 1, its first word ends if a pause follows that at once.
    fn cut_off_word_end(&self) -> Option<f64> {
        let [first, second, ..] = self.runs.as_slice() else { return None };
        let is_cut_off = first.len() <= ONE_WORD && second.start - first.end >= CUT_OFF;
        first.len().fraction_of(self.runs.iter().map(|run| run.len()).sum()).filter(|_| is_cut_off)
    }

    /// What it is where it has no text.
    fn as_missed(&self, why: Missed) -> Heard {
        Heard { track: self.track, runs: self.runs.clone(), transcription: Err(why) }
    }
}

/// Whether most of these runs lies in these stretches, which do not overlap.
pub fn are_mostly_in(runs: &[Span], spans: &[Span]) -> bool {
    let inside = |run: &Span| spans.iter().map(|span| run.intersection(*span).len()).sum::<Samples>();
    let whole: Samples = runs.iter().map(|run| run.len()).sum();
    2 * runs.iter().map(inside).sum::<Samples>().count() > whole.count()
}

/// What became of an utterance. When it arrives says nothing of when it was spoken.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Heard {
    /// Who spoke.
    pub track: Track,
    /// When it was spoken: runs in order, at least one.
    pub runs: Vec<Span>,
    /// What was understood, if anything; or why nobody listened.
    #[serde(rename = "said", with = "recognition")]
    pub transcription: Result<Option<Transcription>, Missed>,
}

impl Heard {
    /// From its first to its last speech.
    pub fn span(&self) -> Span {
        let (first, last) = (self.runs.first(), self.runs.last());
        first.zip(last).map_or_else(Span::default, |(first, last)| Span::new(first.start, last.end))
    }

    /// What was understood, if anything was.
    pub fn understood(&self) -> Option<&Transcription> {
        self.transcription.as_ref().ok()?.as_ref()
    }

    /// What was understood and can be relied on, if anything was.
    pub fn trusted(&self) -> Option<&Transcription> {
        self.understood().filter(|transcription| !transcription.doubtful)
    }

    /// Whether it is known what was said, be it nothing.
    pub fn is_recognized(&self) -> bool {
        self.transcription.as_ref().is_ok_and(|said| said.as_ref().is_none_or(|said| !said.doubtful))
    }

    /// How much speech is in it.
    pub fn speech(&self) -> Samples {
        self.runs.iter().map(|run| run.len()).sum()
    }

    /// Whether most of its speech lies in these stretches, which do not overlap.
    pub fn is_mostly_in(&self, spans: &[Span]) -> bool {
        are_mostly_in(&self.runs, spans)
    }

    /// The moment at which the part `place` of the speech, 0 to 1, had been spoken: only a guide, because people do not
    /// speak evenly.
    pub fn time_at(&self, place: f64) -> SampleTime {
        let mut left = (self.speech().count() as f64 * place.clamp(0.0, 1.0)).round() as u64;
        for run in &self.runs {
            if left <= run.len().count() {
                return run.start + Samples::new(left);
            }
            left -= run.len().count();
        }
        self.span().end
    }

    /// The same without a word of what was said: how it was said stays.
    pub fn without_words(mut self) -> Self {
        if let Ok(Some(transcription)) = &mut self.transcription {
            // Not cleared: a string that is empty would keep the memory that its letters lie in.
            transcription.text = String::new();
            let reading = &mut transcription.reading;
            reading.fillers.iter_mut().for_each(|filler| filler.text = String::new());
            // What is left is kept for as long as the call is, and lists are made with room for four.
            reading.fillers.shrink_to_fit();
            reading.questions.shrink_to_fit();
            reading.repetitions.shrink_to_fit();
        }
        self.runs.shrink_to_fit();
        self
    }
}

/// What was understood of an utterance.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Transcription {
    /// The words; empty if they are not kept.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// The language they are in.
    pub language: Language,
    /// What they say of how they were said.
    pub reading: TextAnalysis,
    /// Whether somebody wrote them down, as in a transcript; a recogniser mishears, short utterances above all.
    pub written: bool,
    /// Whether the recogniser itself was in doubt: the words may be shown, but no figure counts them, and their speech
    /// counts as not transcribed.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub doubtful: bool,
}

/// Why an utterance did not become text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Missed {
    /// The recogniser was too far behind; the oldest give way.
    Behind,
    /// The recogniser failed at it, or gave words that cannot be what was said.
    Failed,
}

/// Whether a transcriber can give text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum TranscriberStatus {
    /// There is no recogniser.
    #[default]
    Off,
    /// The recogniser is being loaded; utterances wait.
    Loading,
    /// It works.
    Ready,
    /// It could not be loaded, or failed and could not be loaded again; a sentence says what to do.
    Broken(String),
}

/// The only place where text comes in. Neither `submit` nor `poll` may wait at the pace of life.
pub trait Transcriber {
    /// Whether it listens: what is not, is not handed over, and no sound is kept for it.
    fn listens(&self) -> bool {
        true
    }

    /// Hands an utterance over; a full queue gives the oldest back as missed.
    fn submit(&mut self, utterance: Utterance);

    /// Whether it has nothing to do, and is fast enough for an utterance that may not be whole.
    fn has_time(&self) -> bool {
        false
    }

    /// Takes an utterance that is whole if nobody goes on to speak: if just that is handed over, its text is there sooner.
    fn prepare(&mut self, _: Utterance) {}

    /// What has come back by `now`, if anything.
    fn poll(&mut self, now: SampleTime) -> Option<Heard>;

    /// Nothing of this stretch is wanted any more: what waits and touches it is dropped. What comes back of it all the
    /// same is not taken.
    fn discard(&mut self, _: Span) {}

    /// The call is over: gives all that is still in the queue. Waits for it, but not for ever.
    fn close(&mut self) -> Vec<Heard>;

    /// How it stands.
    fn status(&self) -> TranscriberStatus;

    /// How much sound waits.
    fn backlog(&self) -> Samples;
}

/// Turns one utterance into text.
pub trait Recognizer {
    /// The words, if they are in this language, and how the utterance sounds. May take longer than the utterance.
    ///
    /// # Errors
    /// When this utterance cannot be recognised; the next one may.
    fn transcribe(&mut self, utterance: &Utterance, language: Language) -> Result<RawTranscription, AsrError>;

    /// Which language speech at 16 kHz sounds like; `None` if the recogniser cannot tell, as one that is not asked to.
    ///
    /// # Errors
    /// When this sound cannot be judged; the next may.
    fn language_odds(&mut self, _pcm: &[i16]) -> Result<Option<LanguageOdds>, AsrError> {
        Ok(None)
    }
}

/// Makes a recogniser, on the thread that is to run it: at the start, and again after one has panicked.
pub type RecognizerFactory = Box<dyn FnMut() -> Result<Box<dyn Recognizer>, AsrError> + Send>;

/// A recogniser's own words, unchecked.
#[derive(Clone, Debug, PartialEq)]
pub struct RawTranscription {
    /// The words.
    pub words: String,
    /// The language they are in: the one that was asked for, unless the recogniser knows only another.
    pub language: Language,
    /// How sure the recogniser is of the words; `None` if it cannot tell.
    pub mean_log_prob: Option<MeanLogProb>,
    /// Which language the utterance sounds like, whatever it was decoded in; `None` if the recogniser cannot tell.
    pub odds: Option<LanguageOdds>,
}

/// How sure a recogniser is of words: the mean natural logarithm of the odds that it gave each of its tokens, at most 0.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct MeanLogProb(pub f64);

/// Why there is no text.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AsrError {
    /// The recogniser could not be made ready. The sentence says what to do.
    #[error("{0}")]
    Load(String),
    /// It failed at an utterance; the next one may do.
    #[error("the recogniser failed at an utterance: {0}")]
    Decode(String),
}

/// The transcriber of a call without text.
#[derive(Clone, Debug, Default)]
pub struct NoText {
    /// Why there should be some.
    problem: Option<String>,
}

impl NoText {
    /// There should be text, but there is none; the sentence says why, and what to do.
    pub fn unavailable(why: String) -> Self {
        Self { problem: Some(why) }
    }
}

impl Transcriber for NoText {
    fn listens(&self) -> bool {
        false
    }

    fn submit(&mut self, _: Utterance) {}

    fn poll(&mut self, _: SampleTime) -> Option<Heard> {
        None
    }

    fn close(&mut self) -> Vec<Heard> {
        Vec::new()
    }

    fn status(&self) -> TranscriberStatus {
        self.problem.clone().map_or(TranscriberStatus::Off, TranscriberStatus::Broken)
    }

    fn backlog(&self) -> Samples {
        Samples::ZERO
    }
}

#[cfg(test)]
mod tests;
