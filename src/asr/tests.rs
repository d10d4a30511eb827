use super::*;
use crate::audio::{BLOCK, Pcm, STEP};

/// Utterances of a track that speaks in these stretches, in milliseconds. Every sample says which block it is of.
fn utterances(speech: &[(u64, u64)]) -> Vec<Utterance> {
    let mut chunks = Chunks::new(Track::Me);
    let mut found = Vec::new();
    let end = speech.last().map_or(0, |last| last.1) + 1_000;
    for block in 0..end / 10 {
        let now = SampleTime::from_ms(block * 10) + STEP;
        let run = speech
            .iter()
            .find(|(start, end)| SampleTime::from_ms(*start) < now && now <= SampleTime::from_ms(*end + 200));
        // A run is told 120 ms after it began, and over 200 ms after its end.
        let run = run.filter(|(start, _)| now >= SampleTime::from_ms(start + 120));
        let run = run.map(|(start, end)| Span::new(SampleTime::from_ms(*start), now.min(SampleTime::from_ms(*end))));
        let pcm: Pcm = [(block % 30_000) as i16; BLOCK];
        found.extend(chunks.hear(&pcm, run));
    }
    found.extend(chunks.finish());
    found
}

fn spans(speech: &[(u64, u64)]) -> Vec<(u64, u64)> {
    utterances(speech).iter().map(|one| (one.span.start.as_ms(), one.span.end.as_ms())).collect()
}

#[test]
fn an_utterance_has_a_margin_and_its_own_sound() {
    let found = utterances(&[(1_000, 2_000)]);
    assert_eq!(found.len(), 1);
    let one = &found[0];
    assert_eq!(one.span, Span::from_ms(800, 2_200));
    assert_eq!(one.pcm.len() as u64, one.span.len().count());
    assert_eq!((one.pcm[0], *one.pcm.last().unwrap()), (80, 219));
}

#[test]
fn short_pauses_join_and_long_ones_part() {
    assert_eq!(spans(&[(1_000, 2_000), (2_600, 3_000)]), [(800, 3_200)]);
    assert_eq!(spans(&[(1_000, 2_000), (2_800, 3_000)]), [(800, 2_200), (2_600, 3_200)]);
}

#[test]
fn a_long_one_is_cut_at_its_deepest_pause() {
    let found = spans(&[(0, 5_000), (5_300, 9_000), (9_600, 11_000), (11_250, 16_000)]);
    assert_eq!(found, [(0, 9_200), (9_400, 16_200)]);
}

#[test]
fn one_without_a_pause_is_cut_at_25_seconds() {
    let found = spans(&[(0, 60_000)]);
    assert_eq!(found.len(), 3);
    assert!(found.iter().all(|(start, end)| end - start <= 25_400), "{found:?}");
    assert_eq!(found.last().unwrap().1, 60_200);
}

#[test]
fn the_call_without_text_says_nothing() {
    let mut desk = NoText;
    utterances(&[(0, 1_000)]).into_iter().for_each(|one| desk.submit(one));
    assert_eq!(desk.poll(SampleTime::from_ms(60_000)), None);
}
