//! What the recognised utterances of a call come to.

use crate::asr::Heard;
use crate::audio::{PerTrack, Track};
use crate::dynamics::words::{self, Asked};
use crate::language::Language;
use crate::session::Event;
use crate::summary::{Hesitation, Line, Pace, Question};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;
use crate::wire;

/// Shorter utterances say nothing of somebody's pace (metrics.md).
const PACE_FROM: u32 = 3;

/// An answer may begin so long before the question has quite ended.
const EARLY: Samples = Samples::from_ms(500);

/// A line of the transcript ends at a pause this near to where its sentence ends by the count of letters.
const NEAR: Samples = Samples::from_ms(1_000);

/// Everything that came back from the recogniser.
pub(super) struct SaidFigures<'a> {
    heard: Vec<&'a Heard>,
}

impl<'a> SaidFigures<'a> {
    pub(super) fn of(journal: &'a [(SampleTime, Event)]) -> Self {
        let heard = journal.iter().filter_map(|(_, event)| match event {
            Event::Heard(heard) => Some(heard),
            _ => None,
        });
        let mut heard: Vec<_> = heard.collect();
        heard.sort_by_key(|one| (one.span().start, one.track));
        Self { heard }
    }

    /// How much speech the recogniser heard; `None` where there was no recogniser.
    pub(super) fn transcribed(&self) -> Option<Samples> {
        let recognised = self.heard.iter().filter(|one| one.said.is_ok());
        (!self.heard.is_empty()).then(|| recognised.map(|one| one.speech()).sum())
    }

    /// The language of most of what was understood.
    pub(super) fn language(&self) -> Option<Language> {
        let of = |language| -> Samples {
            let same = self.heard.iter().filter(|one| one.understood().is_some_and(|said| said.language == language));
            same.map(|one| one.speech()).sum()
        };
        let (ja, en) = (of(Language::Ja), of(Language::En));
        (ja.max(en) > Samples::ZERO).then_some(if ja > en { Language::Ja } else { Language::En })
    }

    /// Whether the silence from `since` follows a question of the track.
    pub(super) fn follows_a_question(&self, track: Track, since: SampleTime) -> Option<bool> {
        words::follows_a_question(self.heard.iter().copied(), track, since)
    }

    /// The words of a short utterance, where they are kept.
    pub(super) fn words_in(&self, track: Track, span: Span) -> Option<String> {
        let inside = |one: &&&Heard| one.track == track && one.span().overlap(span) == one.span();
        let said = self.heard.iter().find(inside)?.understood()?;
        (!said.text.is_empty()).then(|| said.text.clone())
    }

    pub(super) fn pace(&self, track: Track) -> Option<Pace> {
        let (mut morae, mut articulation) = (0, Samples::ZERO);
        let (mut spoken, mut talk) = (0, Samples::ZERO);
        for one in self.heard.iter().filter(|one| one.track == track) {
            let Some(said) = one.understood() else { continue };
            if let Some(count) = said.reading.morae.filter(|count| *count >= PACE_FROM) {
                let fillers: Samples = words::filled_pauses(one).iter().map(|filler| filler.span.len()).sum();
                morae += count;
                articulation += one.speech().saturating_sub(fillers);
            }
            if let Some(count) = said.reading.words.filter(|count| *count >= PACE_FROM) {
                spoken += count;
                talk += one.speech();
            }
        }
        let mora_per_s = rate(morae, articulation, 1.0);
        let words_per_min = rate(spoken, talk, 60.0);
        (mora_per_s.is_some() || words_per_min.is_some()).then_some(Pace { mora_per_s, words_per_min })
    }

    pub(super) fn hesitations(&self) -> Option<Vec<Hesitation>> {
        let fillers = self.heard.iter().flat_map(|one| words::filled_pauses(one));
        let hesitation = |filler: words::FilledPause| Hesitation {
            track: wire::track(filler.track),
            start_ms: filler.span.start.as_ms(),
            end_ms: filler.span.end.as_ms(),
            kind: "filled_pause",
            text: (!filler.text.is_empty()).then_some(filler.text),
        };
        (!self.heard.is_empty()).then(|| fillers.map(hesitation).collect())
    }

    pub(super) fn questions(
        &self,
        runs: &PerTrack<Vec<Span>>,
        journal: &[(SampleTime, Event)],
    ) -> Option<Vec<Question>> {
        let asked = self.heard.iter().flat_map(|one| words::questions(one));
        let question = |asked: Asked| {
            let answered = if asked.ends { Answered::to(&asked, runs, journal) } else { Answered::default() };
            Question {
                track: wire::track(asked.track),
                at_ms: asked.at.as_ms(),
                kind: wire::question_kind(asked.kind),
                wait_ms: answered.wait.map(Samples::as_ms),
                answer_ms: answered.answer.map(Samples::as_ms),
            }
        };
        (!self.heard.is_empty()).then(|| asked.map(question).collect())
    }

    /// The transcript, where words are kept.
    pub(super) fn lines(&self) -> Option<Vec<Line>> {
        let lines: Vec<Line> = self.heard.iter().flat_map(|one| lines(one)).collect();
        (!lines.is_empty()).then_some(lines)
    }
}

fn rate(count: u32, time: Samples, per_seconds: f64) -> Option<f64> {
    let seconds = time.as_ms() as f64 / 1000.0;
    (count > 0 && seconds > 0.0).then(|| (f64::from(count) / seconds * per_seconds * 10.0).round() / 10.0)
}

/// What became of a question.
#[derive(Default)]
struct Answered {
    wait: Option<Samples>,
    answer: Option<Samples>,
}

impl Answered {
    fn to(asked: &Asked, runs: &PerTrack<Vec<Span>>, journal: &[(SampleTime, Event)]) -> Self {
        let mine = runs[asked.track].iter().map(|run| run.start).find(|start| *start >= asked.at);
        let other = !asked.track;
        // The answer may begin before the question has ended; what ended before is none.
        let theirs = runs[other].iter().find(|run| run.start + EARLY >= asked.at || run.end > asked.at + EARLY);
        let theirs = theirs.map(|run| run.start.max(asked.at));
        let Some(first) = mine.into_iter().chain(theirs).min() else { return Self::default() };
        let answer = theirs.filter(|start| *start == first).and_then(|_| answer(other, asked.at, journal));
        Self { wait: Some(first - asked.at), answer }
    }
}

/// How long the track's turn was that answers a question, or the short word that does.
fn answer(track: Track, asked: SampleTime, journal: &[(SampleTime, Event)]) -> Option<Samples> {
    let spans = journal.iter().filter_map(|(_, event)| match event {
        Event::Turn(TurnEvent::Turn { track: whose, span } | TurnEvent::Backchannel { by: whose, span })
            if *whose == track =>
        {
            Some(*span)
        }
        _ => None,
    });
    let after = spans.filter(|span| span.start + EARLY >= asked || span.end > asked + EARLY);
    after.min_by_key(|span| span.start).map(|span| Span::new(span.start.max(asked), span.end).len())
}

/// An utterance's sentences, each from pause to pause; sentences without a pause between them stay together.
fn lines(heard: &Heard) -> Vec<Line> {
    let Some(said) = heard.understood().filter(|said| !said.text.is_empty()) else { return Vec::new() };
    let line = |span: Span, text: &str| Line {
        track: wire::track(heard.track),
        start_ms: span.start.as_ms(),
        end_ms: span.end.as_ms(),
        text: text.trim().to_owned(),
    };
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() as f64;
    let all = letters(&said.text).max(1.0);
    let mut found = Vec::new();
    let (mut from, mut start, mut run) = (0, heard.span().start, 0);
    for end in sentence_ends(&said.text, said.language) {
        let expected = heard.at(letters(&said.text[..end]) / all);
        let distance = |at: usize| heard.runs[at].end.max(expected) - heard.runs[at].end.min(expected);
        let Some(pause) = (run..heard.runs.len().saturating_sub(1)).min_by_key(|at| distance(*at)) else { break };
        if distance(pause) <= NEAR {
            found.push(line(Span::new(start, heard.runs[pause].end), &said.text[from..end]));
            (from, start, run) = (end, heard.runs[pause + 1].start, pause + 1);
        }
    }
    found.push(line(Span::new(start, heard.span().end), &said.text[from..]));
    found.retain(|line| !line.text.is_empty());
    found
}

/// Where sentences end, in bytes; in Japanese the recogniser writes a space where it heard one end.
fn sentence_ends(text: &str, language: Language) -> impl Iterator<Item = usize> {
    let mark = move |c: char| match language {
        Language::Ja => matches!(c, '。' | '？' | '！' | '?' | '!') || c.is_whitespace(),
        Language::En => matches!(c, '.' | '?' | '!'),
    };
    text.char_indices().filter(move |(_, c)| mark(*c)).map(|(at, c)| at + c.len_utf8())
}
