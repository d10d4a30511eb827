use super::*;
use crate::audio::{BLOCK_DURATION, BLOCK_SIZE};
use crate::time::SampleTime;

/// A tone on both tracks that sounds every other quarter of a second.
fn block(i: usize) -> Block {
    let amplitude = if (i / 25).is_multiple_of(2) { 6_000.0 } else { 0.0 };
    let pcm: Pcm = std::array::from_fn(|at| (amplitude * ((i * BLOCK_SIZE + at) as f32 / 9.0).sin()) as i16);
    let start = SampleTime::new((i * BLOCK_SIZE) as u64);
    Block { start, pcm: PerTrack { me: pcm, them: pcm }, lost: PerTrack::default(), speech: None }
}

fn judged(front_end: &mut FrontEnd, blocks: std::ops::Range<usize>) -> Vec<JudgedBlock> {
    let mut out = Vec::new();
    for i in blocks {
        front_end.push(block(i));
        out.extend(std::iter::from_fn(|| front_end.pop()));
    }
    front_end.flush_echo();
    out.extend(std::iter::from_fn(|| front_end.pop()));
    while front_end.flush_gates() {
        out.extend(std::iter::from_fn(|| front_end.pop()));
    }
    out
}

#[test]
fn every_block_is_judged_once_and_in_order_whatever_the_detectors_delay() {
    for detector in [Detector::Earshot, Detector::Webrtc] {
        let out = judged(&mut FrontEnd::new(&detector), 0..123);
        assert_eq!(out.len(), 123, "{detector:?}");
        for (i, judged) in out.iter().enumerate() {
            let Block { start, pcm, .. } = block(i);
            assert_eq!((judged.clean.start, judged.clean.raw), (start, pcm));
        }
    }
}

#[test]
fn a_call_begins_at_zero_whatever_was_heard_before_it() {
    let mut before = FrontEnd::new(&Detector::Earshot);
    for i in 0..77 {
        before.push(block(i));
    }
    let out = judged(&mut before.begin_call(), 0..50);
    let starts: Vec<SampleTime> = out.iter().map(|judged| judged.clean.start).collect();
    let expected: Vec<SampleTime> = (0..50).map(|i| SampleTime::new(i * BLOCK_DURATION.count())).collect();
    assert_eq!(starts, expected);
}
