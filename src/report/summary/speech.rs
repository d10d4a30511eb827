//! What the recognised utterances of a call come to, as the summary writes it.

use std::sync::Arc;

use crate::asr::Heard;
use crate::audio::Track;
use crate::dynamics::hesitation;
use crate::dynamics::pace::{self, Articulation};
use crate::dynamics::{Dynamics, waits};
use crate::language::Language;
use crate::report::summary::{HesitationEntry, QuestionEntry, SpeechPace, UtteranceEntry};
use crate::time::{Samples, Span};
use crate::wire;
use crate::wire::rounding::{hundredths, tenths};

/// A line of the transcript ends at a pause this near to where its sentence ends by the count of letters.
const NEAR: Samples = Samples::from_ms(1_000);

/// The language of most of what was understood.
pub(super) fn main_language(heard: &[Arc<Heard>]) -> Option<Language> {
    let of = |language| -> Samples {
        let same =
            heard.iter().filter(|one| one.understood().is_some_and(|transcription| transcription.language == language));
        same.map(|one| one.speech()).sum()
    };
    let (ja, en) = (of(Language::Ja), of(Language::En));
    (ja.max(en) > Samples::ZERO).then_some(if ja > en { Language::Ja } else { Language::En })
}

/// The words of a short utterance, if words are kept.
pub(super) fn text_in(heard: &[Arc<Heard>], track: Track, span: Span) -> Option<String> {
    let inside = |one: &&Arc<Heard>| one.track == track && one.span().intersection(span) == one.span();
    let transcription = heard.iter().find(inside)?.understood()?;
    (!transcription.text.is_empty()).then(|| transcription.text.clone())
}

/// How fast the track spoke; `None` without text.
pub(super) fn pace(dynamics: &Dynamics, track: Track) -> Option<SpeechPace> {
    let all = dynamics.articulation(track);
    let of = |language| all.iter().filter(move |one| one.language == language);
    let words = of(Language::En).filter_map(|one| Some((one.words?, one.talk_time)));
    let (words, talk) = words.fold((0, Samples::ZERO), |(words, talk), one| (words + one.0, talk + one.1));
    let words_per_min = wire::per_minute(words, talk).filter(|rate| *rate > 0.0).map(tenths);
    let usual = |one: &Articulation| dynamics.usual_pace(track, one.language);
    let pace = SpeechPace {
        mora_per_s: pace::units_per_second(of(Language::Ja)).map(tenths),
        syllables_per_s: pace::units_per_second(of(Language::En)).map(tenths),
        words_per_min,
        baseline: all.last().and_then(usual).map(tenths),
        fastest: pace::fastest(all).map(hundredths),
    };
    (!all.is_empty()).then_some(pace)
}

pub(super) fn hesitation(one: hesitation::Hesitation) -> HesitationEntry {
    HesitationEntry {
        track: one.track,
        start_ms: one.span.start.as_ms(),
        end_ms: one.span.end.as_ms(),
        kind: one.kind,
        heard: one.in_sound,
        text: one.text,
    }
}

/// Every question and what followed; `None` without text.
pub(super) fn questions(dynamics: &Dynamics) -> Option<Vec<QuestionEntry>> {
    let question = |one: waits::QuestionFollowUp| QuestionEntry {
        track: one.question.track,
        at_ms: one.question.at.as_ms(),
        kind: one.question.kind,
        wait_ms: one.wait.map(Samples::as_ms),
        broken_by: one.broken_by,
        regrabbed: one.regrabbed(),
        response_ms: one.response.map(Samples::as_ms),
        answer_ms: one.answer.map(Samples::as_ms),
    };
    dynamics.knows_text().then(|| dynamics.questions().map(question).collect())
}

/// The transcript, if words are kept.
pub(super) fn utterances(heard: &[Arc<Heard>]) -> Option<Vec<UtteranceEntry>> {
    let lines: Vec<UtteranceEntry> = heard.iter().flat_map(|one| sentences(one)).collect();
    (!lines.is_empty()).then_some(lines)
}

/// An utterance's sentences, each from pause to pause; sentences without a pause between them stay together.
fn sentences(heard: &Heard) -> Vec<UtteranceEntry> {
    let Some(transcription) = heard.understood().filter(|transcription| !transcription.text.is_empty()) else {
        return Vec::new();
    };
    let line = |span: Span, text: &str| UtteranceEntry {
        track: heard.track,
        start_ms: span.start.as_ms(),
        end_ms: span.end.as_ms(),
        text: text.trim().to_owned(),
    };
    let letters = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).count() as f64;
    let all = letters(&transcription.text).max(1.0);
    let mut found = Vec::new();
    let (mut from, mut start, mut run) = (0, heard.span().start, 0);
    for end in sentence_ends(&transcription.text, transcription.language) {
        let expected = heard.time_at(letters(&transcription.text[..end]) / all);
        let distance = |at: usize| heard.runs[at].end.max(expected) - heard.runs[at].end.min(expected);
        let Some(pause) = (run..heard.runs.len().saturating_sub(1)).min_by_key(|at| distance(*at)) else { break };
        if distance(pause) <= NEAR {
            found.push(line(Span::new(start, heard.runs[pause].end), &transcription.text[from..end]));
            (from, start, run) = (end, heard.runs[pause + 1].start, pause + 1);
        }
    }
    found.push(line(Span::new(start, heard.span().end), &transcription.text[from..]));
    found.retain(|line| !line.text.is_empty());
    found
}

/// The ends of sentences, as bytes from the beginning; in Japanese the recogniser writes a space at the end of one.
fn sentence_ends(text: &str, language: Language) -> impl Iterator<Item = usize> {
    let mark = move |c: char| match language {
        Language::Ja => matches!(c, '。' | '？' | '！' | '?' | '!') || c.is_whitespace(),
        Language::En => matches!(c, '.' | '?' | '!'),
    };
    text.char_indices().filter(move |(_, c)| mark(*c)).map(|(at, c)| at + c.len_utf8())
}
