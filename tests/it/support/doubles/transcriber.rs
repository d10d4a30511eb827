//! A transcriber that knows beforehand what is said.

use keicho::asr::{Heard, Transcriber, TranscriberStatus, Transcription, Utterance};
use keicho::audio::Track;
use keicho::language::{self, Language};
use keicho::time::{SampleTime, Samples, Span};

/// Hands out its texts in the order in which they end, each this long after its end; at the call's end all that are left.
pub struct ScriptedTranscriber {
    /// The last to be handed out first.
    left: Vec<Heard>,
    delay: Samples,
}

impl ScriptedTranscriber {
    pub fn new(mut texts: Vec<Heard>, delay: Samples) -> Self {
        texts.sort_by_key(|one| std::cmp::Reverse(one.span().end));
        Self { left: texts, delay }
    }
}

impl Transcriber for ScriptedTranscriber {
    fn submit(&mut self, _: Utterance) {}

    fn poll(&mut self, now: SampleTime) -> Option<Heard> {
        self.left.pop_if(|next| next.span().end + self.delay <= now)
    }

    fn close(&mut self) -> Vec<Heard> {
        let mut rest = std::mem::take(&mut self.left);
        rest.reverse();
        rest
    }

    fn status(&self) -> TranscriberStatus {
        TranscriberStatus::Ready
    }

    fn backlog(&self) -> Samples {
        Samples::ZERO
    }
}

/// A text as a recogniser would hand it out: one that is heard, not one that was written down by somebody else.
pub fn heard(track: Track, runs: Vec<Span>, text: &str, language: Language) -> Heard {
    let reading = language::analyze(text, language);
    let said = Transcription { text: text.to_owned(), language, reading, written: false, doubtful: false };
    Heard { track, runs, transcription: Ok(Some(said)) }
}
