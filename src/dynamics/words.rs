//! What text adds to the figures: questions, filled pauses that have a name, how much was recognised.
//!
//! A text says what was said, the audio when: places in a text become moments by the utterance's own speech runs.

use crate::asr::Heard;
use crate::audio::{PerTrack, Track};
use crate::language::{Filler, QuestionKind};
use crate::time::{SampleTime, Samples, Span};

/// A place in a text is known this well in time.
const NEAR: Samples = Samples::from_ms(300);

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

/// The filled pauses of an utterance. A word that is also something else counts only beside a pause of 200 ms or more;
/// between two runs there is one (metrics.md). Alone it is an answer, or a short うん misheard.
pub fn filled_pauses(heard: &Heard) -> Vec<FilledPause> {
    let fillers = heard.understood().into_iter().flat_map(|said| &said.reading.fillers);
    fillers
        .map(|filler| (filler, Span::new(heard.at(filler.start), heard.at(filler.end))))
        .filter(|(filler, span)| filler.sure || !is_all(filler) && beside_a_pause(heard, *span))
        .map(|(filler, span)| FilledPause { track: heard.track, span, text: filler.text.clone() })
        .collect()
}

fn is_all(filler: &Filler) -> bool {
    filler.start <= 0.0 && filler.end >= 1.0
}

fn beside_a_pause(heard: &Heard, word: Span) -> bool {
    let near = |a: SampleTime, b: SampleTime| a.max(b) - a.min(b) <= NEAR;
    heard.runs.iter().any(|run| near(run.start, word.start) || near(run.end, word.end))
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

/// What has come back from the desk so far.
#[derive(Default)]
pub struct Words {
    last: PerTrack<Option<Heard>>,
    /// Speech that came back …
    speech: Samples,
    /// … and of it, what the recogniser heard.
    recognised: Samples,
}

impl Words {
    /// Hears what came back.
    pub fn hear(&mut self, heard: &Heard) {
        self.speech += heard.speech();
        if heard.said.is_ok() {
            self.recognised += heard.speech();
        }
        self.last[heard.track] = Some(heard.clone());
    }

    /// Recognised speech as a part of all that came back, 0 to 1; `None` before any did.
    pub fn coverage(&self) -> Option<f64> {
        self.recognised.ratio_of(self.speech)
    }

    /// Whether the silence that began at `since`, after this track's speech, follows a question; `None` while nobody
    /// knows.
    pub fn follow_a_question(&self, track: Track, since: SampleTime) -> Option<bool> {
        follows_a_question(&self.last[track], track, since)
    }
}

#[cfg(test)]
mod tests;
