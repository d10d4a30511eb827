//! Cuts an utterance in two, so that a recogniser that did not manage the whole can try each part.

use std::ops::Range;

use crate::asr::Utterance;
use crate::time::{Samples, Span};

/// Shorter speech is not cut: a recogniser understands a word worse than a sentence.
const MIN_SPEECH: Samples = Samples::from_secs(2);

/// Part of the length, at either end, in which nothing is cut.
const OUTER_PART: u64 = 4;

/// A cut lies in the middle of the quietest stretch of this length.
const CUT_WINDOW: Samples = Samples::from_ms(100);

/// Both halves, each with speech; none if the utterance is too short.
///
/// The cut is the longest pause of the middle half of the utterance, or its quietest 100 ms if there is no pause.
pub(super) fn halves(utterance: &Utterance) -> Option<[Utterance; 2]> {
    let speech: Samples = utterance.runs.iter().map(|run| run.len()).sum();
    if speech < MIN_SPEECH {
        return None;
    }
    let length = utterance.span.len().count();
    let outer = Samples::new(length / OUTER_PART);
    let middle = Span::new(utterance.span.start + outer, utterance.span.end.saturating_sub(outer));
    let pauses = utterance.runs.windows(2).map(|pair| Span::new(pair[0].end, pair[1].start));
    let pause = pauses.filter(|pause| middle.contains(pause.start) && middle.contains(pause.end));
    let cut = match pause.max_by_key(|pause| pause.len()) {
        Some(pause) => pause.start + Samples::new(pause.len().count() / 2),
        None => utterance.span.start + quietest(&utterance.pcm, middle_of(utterance.pcm.len())),
    };
    let halves = [Span::new(utterance.span.start, cut), Span::new(cut, utterance.span.end)];
    let halves = halves.map(|span| part(utterance, span));
    halves.iter().all(|half| !half.runs.is_empty()).then_some(halves)
}

fn middle_of(length: usize) -> Range<usize> {
    let outer = length / OUTER_PART as usize;
    outer..length - outer
}

/// Where the quietest stretch of this range has its middle, from the beginning of the sound.
fn quietest(pcm: &[i16], range: Range<usize>) -> Samples {
    let window = CUT_WINDOW.count() as usize;
    let windows = pcm.get(range.clone()).unwrap_or_default().chunks_exact(window).enumerate();
    let energy = |chunk: &[i16]| chunk.iter().map(|sample| i64::from(*sample).pow(2)).sum::<i64>();
    let place = windows.min_by_key(|(_, chunk)| energy(chunk)).map_or(0, |(place, _)| place);
    Samples::new((range.start + place * window + window / 2) as u64)
}

/// What of the utterance lies in this span.
fn part(utterance: &Utterance, span: Span) -> Utterance {
    let runs = utterance.runs.iter().map(|run| run.intersection(span)).filter(|run| !run.is_empty()).collect();
    let from = (span.start - utterance.span.start).count() as usize;
    let pcm = utterance.pcm.iter().skip(from).take(span.len().count() as usize).copied().collect();
    Utterance { track: utterance.track, span, runs, pcm }
}
