//! What text adds to the figures: questions, filled pauses that have a name, how much was recognised.
//!
//! A text says what was said, the audio when: places in a text become moments by the utterance's own speech runs.

use std::sync::Arc;

use crate::asr::Heard;
use crate::audio::Track;
use crate::dynamics::ROOM;
use crate::dynamics::edits::{self, Edit};
use crate::language::QuestionKind;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{TextHint, TextKind};

/// A place in a text is known this well in time.
const PAUSE_TOLERANCE: Samples = Samples::from_ms(300);

/// A short utterance of this many words, or morae, is surely more than a sign of listening if a recogniser heard it; it
/// mishears shorter ones (ours). What somebody wrote down is what it is.
const SUBSTANTIVE_WORDS: u32 = 3;
const SUBSTANTIVE_MORAE: u32 = 6;

/// Nobody speaks faster, in syllables or morae a second: what a recogniser makes of ええ or mm-hmm can be.
const MAX_SYLLABLES_PER_SECOND: f64 = 12.0;

/// The last utterance before a silence ends where the silence begins, but for a block or two of a detector's late word.
const END_TOLERANCE: Samples = Samples::from_ms(200);

/// A filled pause that the text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TextFilledPause {
    /// The track that it is of.
    pub track: Track,
    /// When, as far as a text can tell.
    pub span: Span,
    /// The word; empty if words are not kept.
    pub text: String,
}

/// A question that was asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AskedQuestion {
    /// Who asked.
    pub track: Track,
    /// When the question ended.
    pub at: SampleTime,
    /// What it asked for.
    pub kind: QuestionKind,
    /// Whether the utterance ended with it; otherwise the asker went on.
    pub ends_utterance: bool,
}

/// A word of an utterance that may be a filled pause.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilledPauseCandidate {
    /// The word.
    pub pause: TextFilledPause,
    /// Whether the text alone makes it one. A word that is also something else counts beside a pause of 200 ms or more
    /// inside the utterance; between two runs there is one (metrics.md).
    pub is_sure: bool,
}

/// The words of an utterance that may be filled pauses.
pub fn filled_pause_candidates(heard: &Heard) -> impl Iterator<Item = FilledPauseCandidate> {
    let fillers = heard.trusted().into_iter().flat_map(|said| &said.reading.fillers);
    fillers.map(|filler| {
        let span = Span::new(heard.time_at(filler.start), heard.time_at(filler.end));
        let counts = filler.sure || beside_a_pause(heard, span);
        FilledPauseCandidate {
            pause: TextFilledPause { track: heard.track, span, text: filler.text.clone() },
            is_sure: counts,
        }
    })
}

/// The filled pauses of an utterance by its text alone.
pub fn filled_pauses(heard: &Heard) -> Vec<TextFilledPause> {
    filled_pause_candidates(heard).filter(|word| word.is_sure).map(|word| word.pause).collect()
}

/// Whether one of the utterance's own pauses lies at the word: its beginning and its end are none, for everybody begins
/// somewhere, with "well" as with any other word.
fn beside_a_pause(heard: &Heard, word: Span) -> bool {
    let near = |a: SampleTime, b: SampleTime| a.max(b) - a.min(b) <= PAUSE_TOLERANCE;
    let pauses = heard.runs.windows(2).map(|runs| (runs[0].end, runs[1].start));
    pauses.into_iter().any(|(from, to)| near(from, word.end) || near(to, word.start))
}

/// The questions of an utterance.
pub fn questions(heard: &Heard) -> Vec<AskedQuestion> {
    let questions = heard.trusted().into_iter().flat_map(|said| &said.reading.questions);
    let asked =
        |end: f64, kind| AskedQuestion { track: heard.track, at: heard.time_at(end), kind, ends_utterance: end >= 1.0 };
    questions.map(|question| asked(question.end, question.kind)).collect()
}

/// Whether the utterance ended with a question; `None` if nothing was understood.
pub fn ends_with_question(heard: &Heard) -> Option<bool> {
    let said = heard.trusted()?;
    Some(said.reading.questions.last().is_some_and(|question| question.end >= 1.0))
}

/// Whether the silence that began at `since`, after this track's speech, follows a question; `None` while nobody knows.
pub fn follows_question<'a>(
    heard: impl IntoIterator<Item = &'a Heard>,
    track: Track,
    since: SampleTime,
) -> Option<bool> {
    let before =
        |one: &&Heard| one.track == track && one.span().end.max(since) - one.span().end.min(since) <= END_TOLERANCE;
    heard.into_iter().filter(before).last().and_then(ends_with_question)
}

/// What the text says of the utterance's place in the conversation; nothing if none was understood.
pub fn text_hint(heard: &Heard) -> Option<TextHint> {
    let said = heard.trusted()?;
    let reading = &said.reading;
    let spoken = reading.syllables.or(reading.morae);
    let enough = if said.written {
        // Um alone wants the floor; うーん and a laugh do not.
        spoken.is_some_and(|count| count > 0) || !reading.fillers.is_empty()
    } else {
        let many = reading.words.is_some_and(|count| count >= SUBSTANTIVE_WORDS)
            || reading.morae.is_some_and(|count| count >= SUBSTANTIVE_MORAE);
        many && spoken.is_some_and(|count| can_be_said_in(count, heard.speech()))
    };
    let what = match reading.backchannel {
        true if said.written => TextKind::WrittenBackchannel,
        true => TextKind::RecognizedBackchannel,
        false if enough => TextKind::Substantive,
        false => TextKind::Unsure,
    };
    Some(TextHint {
        track: heard.track,
        span: heard.span(),
        kind: what,
        ends_with_question: ends_with_question(heard) == Some(true),
    })
}

/// Of less speech of a side it is not said how much of it was recognised: one word that was not would be much of it (ours).
const ENOUGH_SPEECH: Samples = Samples::from_secs(30);

/// Whether anybody can say that many syllables or morae in the time.
fn can_be_said_in(count: u32, speech: Samples) -> bool {
    f64::from(count) <= MAX_SYLLABLES_PER_SECOND * speech.as_ms() as f64 / 1000.0
}

/// What the transcriber has given back so far.
#[derive(Clone, Default)]
pub struct HeardUtterances {
    /// Most of what a call of hours takes are these.
    heard: Vec<Arc<Heard>>,
    /// Speech that came back …
    speech: Samples,
    /// … and of it, what the recogniser heard.
    recognized_speech: Samples,
    /// The longest utterance, its pauses included.
    longest: Samples,
}

impl HeardUtterances {
    /// Takes what the recogniser made of an utterance; what it made of that stretch before no longer counts. Gives what
    /// this did.
    pub(super) fn push(&mut self, heard: impl Into<Arc<Heard>>) -> Vec<Edit> {
        let heard = heard.into();
        let mut edits = self.remove_replaced(&heard);
        self.speech += heard.speech();
        self.longest = self.longest.max(heard.span().len());
        if heard.is_recognized() {
            self.recognized_speech += heard.speech();
        }
        let place = self.heard.partition_point(|one| one.span().start <= heard.span().start);
        self.heard.insert(place, heard);
        edits.push(Edit::HeardAdded { place });
        edits
    }

    /// An utterance that is decoded again, in another language, comes again. Lines of a transcript never replace one
    /// another: several people may be one side.
    fn remove_replaced(&mut self, new: &Heard) -> Vec<Edit> {
        if new.understood().is_some_and(|said| said.written) {
            return Vec::new();
        }
        self.remove(|old| old.track == new.track && !old.span().intersection(new.span()).is_empty())
    }

    /// Utterances of the track that lie mostly in these stretches were not its own. Gives what this did.
    pub(super) fn forget(&mut self, track: Track, spans: &[Span]) -> Vec<Edit> {
        self.remove(|one| one.track == track && one.is_mostly_in(spans))
    }

    fn remove(&mut self, matches: impl Fn(&Heard) -> bool) -> Vec<Edit> {
        let removed = edits::remove_where(&mut self.heard, |one| matches(one));
        if !removed.is_empty() {
            self.recount();
        }
        removed.into_iter().map(|(place, heard)| Edit::HeardRemoved { place, heard }).collect()
    }

    /// An utterance is taken out again: see [`HeardUtterances::recount`].
    pub(super) fn take_out(&mut self, place: usize) {
        self.heard.remove(place);
    }

    /// An utterance is put back where it was: see [`HeardUtterances::recount`].
    pub(super) fn put_back(&mut self, place: usize, heard: Arc<Heard>) {
        self.heard.insert(place, heard);
    }

    /// Adds up again what is kept of all.
    pub(super) fn recount(&mut self) {
        self.longest = self.heard.iter().map(|one| one.span().len()).max().unwrap_or_default();
        self.speech = self.heard.iter().map(|one| one.speech()).sum();
        let recognized = self.heard.iter().filter(|one| one.is_recognized());
        self.recognized_speech = recognized.map(|one| one.speech()).sum();
    }

    /// Keeps room for some minutes of a call and no more.
    pub(super) fn give_back_room(&mut self) {
        self.heard.shrink_to(self.heard.len() + ROOM);
    }

    /// All that came back, in the order in which it was spoken.
    pub fn heard(&self) -> &[Arc<Heard>] {
        &self.heard
    }

    /// The place of the first utterance that begins at this moment or later.
    pub(super) fn first_from(&self, from: SampleTime) -> usize {
        self.heard.partition_point(|one| one.span().start < from)
    }

    /// The place before which every utterance ends before this moment.
    pub(super) fn first_after(&self, from: SampleTime) -> usize {
        let longest = self.longest;
        self.heard.partition_point(|one| one.span().start + longest < from)
    }

    /// When an utterance began that goes on at this moment.
    pub(super) fn begun_before(&self, at: SampleTime) -> Option<SampleTime> {
        let near = &self.heard[self.first_after(at)..self.first_from(at)];
        near.iter().find(|one| one.span().end > at).map(|one| one.span().start)
    }

    /// How much speech the recogniser heard; `None` before any came back.
    pub fn recognized_speech(&self) -> Option<Samples> {
        (!self.heard.is_empty()).then_some(self.recognized_speech)
    }

    /// Recognised speech as a part of all that came back, 0 to 1; `None` before any did.
    pub fn coverage(&self) -> Option<f64> {
        self.recognized_speech.fraction_of(self.speech)
    }

    /// The same of one track alone; `None` if too little of it came back to say so.
    pub fn coverage_of(&self, track: Track) -> Option<f64> {
        let own = || self.heard.iter().filter(|one| one.track == track);
        let speech: Samples = own().map(|one| one.speech()).sum();
        let recognized: Samples = own().filter(|one| one.is_recognized()).map(|one| one.speech()).sum();
        recognized.fraction_of(speech).filter(|_| speech >= ENOUGH_SPEECH)
    }

    /// Whether the silence that began at `since`, after this track's speech, follows a question; `None` while nobody
    /// knows.
    pub fn follows_question(&self, track: Track, since: SampleTime) -> Option<bool> {
        // What ended too early to be meant need not be looked at.
        let from = self.first_after(since.saturating_sub(END_TOLERANCE));
        follows_question(self.heard[from..].iter().map(AsRef::as_ref), track, since)
    }
}

#[cfg(test)]
mod tests;
