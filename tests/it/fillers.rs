//! Filled pauses by sound alone, on the pool's voices: stretched vowels among ordinary speech.

use std::collections::VecDeque;

use keicho::audio::{BLOCK_SIZE, SILENCE};
use keicho::frontend::prosody::{FilledPause, FilledPauseDetector};
use keicho::frontend::vad::{Detector, SpeechGate};
use keicho::time::{SampleTime, Samples, Span};

use crate::support::assemble::pool::{Pool, Voice};

/// Between two utterances.
const REST: Samples = Samples::from_ms(400);

/// All that a voice says, one after the other, and where it holds a vowel.
fn monologue(voice: &Voice) -> (Vec<f32>, Vec<Span>) {
    let (mut pcm, mut held) = (Vec::new(), Vec::new());
    for clip in &voice.clips {
        pcm.extend(vec![0.0; REST.count() as usize]);
        let start = SampleTime::new(pcm.len() as u64);
        let at = |ms: usize| start + Samples::from_ms(ms as u64);
        held.extend(clip.held.iter().map(|&(from, to)| Span::new(at(from), at(to))));
        pcm.extend(&clip.pcm);
    }
    (pcm, held)
}

/// What is found where the program's own detector hears speech.
fn found(pcm: &[f32]) -> Vec<FilledPause> {
    let mut ear = SpeechGate::new(Detector::default().build());
    let mut pauses = FilledPauseDetector::new();
    let (mut waiting, mut judged, mut all) = (VecDeque::new(), VecDeque::new(), Vec::new());
    for piece in pcm.chunks(BLOCK_SIZE) {
        let mut block = SILENCE;
        block.iter_mut().zip(piece).for_each(|(slot, sample)| *slot = (sample * 32_767.0) as i16);
        waiting.push_back(block);
        ear.push(&block, &mut judged);
        while let Some(speech) = judged.pop_front() {
            let block = waiting.pop_front().expect("a judgement has its block");
            all.extend(pauses.push(&block, speech));
        }
    }
    all.extend(pauses.finish());
    all
}

/// Whether most of the shorter one lies in the other.
fn same(found: Span, held: Span) -> bool {
    2 * found.intersection(held).len().count() > found.len().min(held.len()).count()
}

#[test]
fn stretched_vowels_are_found_and_little_else() {
    let (mut hits, mut all, mut heard, mut wanted, mut edges) = (0, 0, 0, 0, Vec::new());
    for voice in Pool::get().voices() {
        let (pcm, held) = monologue(voice);
        let found = found(&pcm);
        let pair = |held: &Span| found.iter().map(|pause| pause.span).find(|span| same(*span, *held));
        let right = found.iter().filter(|pause| held.iter().any(|held| same(pause.span, *held))).count();
        let pairs: Vec<(Span, Span)> = held.iter().filter_map(|held| pair(held).map(|span| (span, *held))).collect();
        let off = |(found, held): &(Span, Span)| {
            let apart = |a: SampleTime, b: SampleTime| a.as_ms().abs_diff(b.as_ms());
            [apart(found.start, held.start), apart(found.end, held.end)]
        };
        edges.extend(pairs.iter().flat_map(off));
        println!("{}: {right} of {} right, {} of {} found", voice.name, found.len(), pairs.len(), held.len());
        (hits, all, heard, wanted) = (hits + right, all + found.len(), heard + pairs.len(), wanted + held.len());
    }
    edges.sort_unstable();
    let edge = edges[edges.len() / 2];
    println!("all: {hits} of {all} right, {heard} of {wanted} found, half of the edges within {edge} ms");
    assert!(10 * hits >= 9 * all, "precision: {hits} of {all}");
    assert!(10 * heard >= 7 * wanted, "recall: {heard} of {wanted}");
    assert!(edge <= 100, "edges: {edge} ms");
}
