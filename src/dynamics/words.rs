//! What text adds to the figures: questions, filled pauses that have a name, how much was recognised.
//!
//! A text says what was said, the audio when: places in a text become moments by the utterance's own speech runs.

use crate::asr::Heard;
use crate::audio::Track;
use crate::language::QuestionKind;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{Hint, Said as hints};

/// A place in a text is known this well in time.
const NEAR: Samples = Samples::from_ms(300);

/// A short utterance of so many words, or morae, is surely more than a sign of listening where a recogniser heard it; it
/// mishears shorter ones (ours). What somebody wrote down is what it is.
const SURE_WORDS: u32 = 3;
const SURE_MORAE: u32 = 6;

/// Nobody speaks faster, in syllables or morae a second: what a recogniser makes of ええ or mm-hmm can be.
const FASTEST: f64 = 12.0;

/// The last utterance before a silence ends where the silence begins, but for a block or two of a detector's late word.
const SAME_END: Samples = Samples::from_ms(200);

/// A filled pause that the text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledPause {
    /// Whose.
    pub track: Track,
    /// When, as far as a text can tell.
    pub span: Span,
    /// The word; empty where words are not kept.
    pub text: String,
}

/// A question that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Who asked.
    pub track: Track,
    /// When the question ended.
    pub at: SampleTime,
    /// What it asked for.
    pub kind: QuestionKind,
    /// Whether the utterance ended with it; otherwise the asker went on.
    pub ends: bool,
}

/// A word of an utterance that may be a filled pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Candidate {
    /// The word.
    pub filler: FilledPause,
    /// Whether the text alone makes it one. A word that is also something else counts beside a pause of 200 ms or more
    /// inside the utterance; between two runs there is one (metrics.md).
    pub counts: bool,
}

/// The words of an utterance that may be filled pauses.
pub fn candidates(heard: &Heard) -> impl Iterator<Item = Candidate> {
    let fillers = heard.understood().into_iter().flat_map(|said| &said.reading.fillers);
    fillers.map(|filler| {
        let span = Span::new(heard.at(filler.start), heard.at(filler.end));
        let counts = filler.sure || beside_a_pause(heard, span);
        Candidate { filler: FilledPause { track: heard.track, span, text: filler.text.clone() }, counts }
    })
}

/// The filled pauses of an utterance by its text alone.
pub fn filled_pauses(heard: &Heard) -> Vec<FilledPause> {
    candidates(heard).filter(|word| word.counts).map(|word| word.filler).collect()
}

/// Whether one of the utterance's own pauses lies at the word: its beginning and its end are none, for everybody begins
/// somewhere, with "well" as with any other word.
fn beside_a_pause(heard: &Heard, word: Span) -> bool {
    let near = |a: SampleTime, b: SampleTime| a.max(b) - a.min(b) <= NEAR;
    let pauses = heard.runs.windows(2).map(|runs| (runs[0].end, runs[1].start));
    pauses.into_iter().any(|(from, to)| near(from, word.end) || near(to, word.start))
}

/// The questions of an utterance.
pub fn questions(heard: &Heard) -> Vec<Asked> {
    let questions = heard.understood().into_iter().flat_map(|said| &said.reading.questions);
    let asked = |end: f64, kind| Asked { track: heard.track, at: heard.at(end), kind, ends: end >= 1.0 };
    questions.map(|question| asked(question.end, question.kind)).collect()
}

/// Whether the utterance ended with a question; `None` where nothing was understood.
pub fn asks(heard: &Heard) -> Option<bool> {
    let said = heard.understood()?;
    Some(said.reading.questions.last().is_some_and(|question| question.end >= 1.0))
}

/// Whether the silence that began at `since`, after this track's speech, follows a question; `None` while nobody knows.
pub fn follows_a_question<'a>(
    heard: impl IntoIterator<Item = &'a Heard>,
    track: Track,
    since: SampleTime,
) -> Option<bool> {
    let before = |one: &&Heard| one.track == track && one.span().end.max(since) - one.span().end.min(since) <= SAME_END;
    heard.into_iter().filter(before).last().and_then(asks)
}

/// What the text says of the utterance's place in the conversation; nothing where none was understood.
pub fn hint(heard: &Heard) -> Option<Hint> {
    let said = heard.understood()?;
    let reading = &said.reading;
    let spoken = reading.syllables.or(reading.morae);
    let enough = if said.written {
        // Um alone wants the floor; うーん and a laugh do not.
        spoken.is_some_and(|count| count > 0) || !reading.fillers.is_empty()
    } else {
        let many = reading.words.is_some_and(|count| count >= SURE_WORDS)
            || reading.morae.is_some_and(|count| count >= SURE_MORAE);
        many && spoken.is_some_and(|count| spoken_in(count, heard.speech()))
    };
    let what = match reading.backchannel {
        true if said.written => hints::Nods,
        true => hints::Listening,
        false if enough => hints::Words,
        false => hints::Other,
    };
    Some(Hint { track: heard.track, span: heard.span(), said: what, asks: asks(heard) == Some(true) })
}

/// Whether anybody can say so many syllables or morae in the time.
fn spoken_in(count: u32, speech: Samples) -> bool {
    f64::from(count) <= FASTEST * speech.as_ms() as f64 / 1000.0
}

/// What has come back from the desk so far.
#[derive(Clone, Default)]
pub struct Words {
    heard: Vec<Heard>,
    /// Speech that came back …
    speech: Samples,
    /// … and of it, what the recogniser heard.
    recognised: Samples,
}

impl Words {
    /// Hears what came back.
    pub fn hear(&mut self, heard: Heard) {
        self.speech += heard.speech();
        if heard.said.is_ok() {
            self.recognised += heard.speech();
        }
        let place = self.heard.partition_point(|one| one.span().start <= heard.span().start);
        self.heard.insert(place, heard);
    }

    /// All that came back, in the order in which it was spoken.
    pub fn heard(&self) -> &[Heard] {
        &self.heard
    }

    /// How much speech the recogniser heard; `None` before any came back.
    pub fn recognised(&self) -> Option<Samples> {
        (!self.heard.is_empty()).then_some(self.recognised)
    }

    /// Recognised speech as a part of all that came back, 0 to 1; `None` before any did.
    pub fn coverage(&self) -> Option<f64> {
        self.recognised.ratio_of(self.speech)
    }

    /// Whether the silence that began at `since`, after this track's speech, follows a question; `None` while nobody
    /// knows.
    pub fn follow_a_question(&self, track: Track, since: SampleTime) -> Option<bool> {
        follows_a_question(&self.heard, track, since)
    }
}

#[cfg(test)]
mod tests;
