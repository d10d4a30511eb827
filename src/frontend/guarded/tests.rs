use super::*;
use crate::audio::SILENCE;
use crate::time::Samples;

fn block(index: u64, lost: bool) -> Block {
    let start = SampleTime::from_ms(index * 10);
    Block {
        start,
        pcm: PerTrack { me: SILENCE, them: SILENCE },
        lost: PerTrack { me: lost, them: false },
        speech: None,
    }
}

#[test]
fn a_front_end_that_fails_is_built_anew_and_every_block_comes_out_once() {
    let front_end = FrontEnd::failing_at(&Detector::Earshot, SampleTime::from_ms(500));
    let mut guarded = GuardedFrontEnd::new(front_end, Detector::Earshot);
    let mut out = Vec::new();
    for index in 0..200 {
        // One of the blocks that are in it when it fails is lost already.
        guarded.push(block(index, index == 50));
        out.extend(std::iter::from_fn(|| guarded.pop()));
    }
    guarded.flush_echo();
    out.extend(std::iter::from_fn(|| guarded.pop()));
    while guarded.flush_gates() {
        out.extend(std::iter::from_fn(|| guarded.pop()));
    }
    let starts = out.iter().map(|judged| judged.clean.start.as_ms());
    assert!(starts.eq((0..200).map(|index| index * 10)));
    assert_eq!(guarded.leak().rebuilt, 1);
    let lost: Vec<_> = out.iter().filter(|judged| judged.clean.lost.them).map(|judged| judged.clean.span()).collect();
    let (first, last) = (lost.first().unwrap(), lost.last().unwrap());
    assert_eq!(guarded.take_losses(Track::Them), [Span::new(first.start, last.end)]);
    assert!((400..=500).contains(&first.start.as_ms()), "what had come out stays: {first:?}");
    let mine: Samples = guarded.take_losses(Track::Me).iter().map(|span| span.len()).sum();
    assert_eq!(mine + BLOCK_DURATION, last.end - first.start, "what was lost already is not lost again");
    assert!(guarded.take_losses(Track::Them).is_empty());
}
