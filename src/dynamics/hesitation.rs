//! Hesitations: counted, never interpreted. Filled pauses by word; words said twice; pauses inside a turn.
//!
//! Earlier versions also heard held vowels as filled pauses. Their calls have them beside the words, so that none counts
//! twice.

use serde::Serialize;

use std::borrow::Borrow;

use crate::asr::Heard;
use crate::audio::{PerTrack, Track};
use crate::dynamics::utterances;
use crate::time::{SampleTime, Samples, Span};

/// A pause inside a turn from here on is one (ours).
const MIN_PAUSE: Samples = Samples::from_ms(1_000);

/// A word and a sound this far apart may be one filled pause: a text knows its places by the count of letters alone.
const SAME: Samples = Samples::from_ms(1_000);

/// What kind of hesitation it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum HesitationKind {
    /// えー, あの, uh, um: named by the text; in calls of earlier versions also heard as a steady vowel, or both.
    FilledPause,
    /// The same words twice running (Shriberg 1994).
    Repetition,
    /// Nobody speaks for 1.0 s inside a turn.
    Pause,
}

/// A hesitation.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hesitation {
    /// The track that it is of.
    pub track: Track,
    /// When; as far as a text can tell where only the text has it.
    pub span: Span,
    /// What it is.
    pub kind: HesitationKind,
    /// The word of a filled pause; `None` if no text names it or words are not kept.
    pub text: Option<String>,
    /// Whether the sound has it, as it has every pause; a filled pause has only one that an earlier version heard.
    pub in_sound: bool,
}

/// The filled pauses of a track: steady vowels of an earlier version's call, each named by the nearest hesitation word that
/// no other has taken; and the words that are hesitations by themselves. A word that may be something else counts beside a
/// pause, or if a steady vowel lies near it.
pub fn filled_pauses(track: Track, steady: &[Span], heard: &[impl Borrow<Heard>]) -> Vec<Hesitation> {
    let filled = |span, text: Option<String>, heard| Hesitation {
        track,
        span,
        kind: HesitationKind::FilledPause,
        text: text.filter(|text| !text.is_empty()),
        in_sound: heard,
    };
    let mut named: Vec<Option<String>> = vec![None; steady.len()];
    let mut taken = vec![false; steady.len()];
    let mut found = Vec::new();
    for one in heard.iter().map(Borrow::borrow).filter(|one: &&Heard| one.track == track) {
        let inside = |span: &Span| !span.intersection(one.span()).is_empty();
        for word in utterances::filled_pause_candidates(one) {
            let free = (0..steady.len()).filter(|at| !taken[*at] && inside(&steady[*at]));
            let nearest = free.min_by_key(|at| gap_between(steady[*at], word.pause.span));
            match nearest.filter(|at| gap_between(steady[*at], word.pause.span) <= SAME) {
                Some(at) => {
                    taken[at] = true;
                    named[at] = Some(word.pause.text);
                }
                None if word.is_sure => found.push(filled(word.pause.span, Some(word.pause.text), false)),
                None => {}
            }
        }
    }
    found.extend(steady.iter().zip(named).map(|(span, text)| filled(*span, text, true)));
    found.sort_by_key(|one| one.span.start);
    found
}

/// How far two stretches are from touching.
fn gap_between(a: Span, b: Span) -> Samples {
    b.start.since(a.end).max(a.start.since(b.end))
}

/// Words said twice running.
pub fn repetitions<H: Borrow<Heard>>(heard: &[H]) -> impl Iterator<Item = Hesitation> {
    heard.iter().map(Borrow::borrow).flat_map(|one: &Heard| {
        let repetitions = one.trusted().into_iter().flat_map(|said| &said.reading.repetitions);
        repetitions.map(|again| Hesitation {
            track: one.track,
            span: Span::new(one.time_at(again.start), one.time_at(again.end)),
            kind: HesitationKind::Repetition,
            text: None,
            in_sound: false,
        })
    })
}

/// Pauses inside the turns of a track: nobody speaks between two of its runs.
pub fn pauses(track: Track, turns: impl Iterator<Item = Span>, runs: &PerTrack<Vec<Span>>) -> Vec<Hesitation> {
    let mut found = Vec::new();
    for turn in turns {
        let first = runs[track].partition_point(|run| run.end <= turn.start);
        let inside = runs[track][first..].iter().take_while(|run| run.start < turn.end);
        let mut before: Option<SampleTime> = None;
        for run in inside {
            let gap = before.map(|end| Span::new(end, run.start)).filter(|gap| gap.len() >= MIN_PAUSE);
            if let Some(gap) = gap.filter(|gap| is_silent(&runs[!track], *gap)) {
                found.push(Hesitation { track, span: gap, kind: HesitationKind::Pause, text: None, in_sound: true });
            }
            before = Some(run.end);
        }
    }
    found
}

fn is_silent(runs: &[Span], gap: Span) -> bool {
    let first = runs.partition_point(|run| run.end <= gap.start);
    runs[first..].first().is_none_or(|run| run.start >= gap.end)
}

#[cfg(test)]
mod tests;
