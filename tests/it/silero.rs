//! Silero's detector with its own network, which `make model` brings: it hears speech, and no room.

use std::collections::VecDeque;
use std::f64::consts::TAU;

use keicho::audio::{BLOCK_SIZE, Pcm, SILENCE};
use keicho::frontend::vad::{Detector, SpeechGate};
use keicho::source::Source as _;

use crate::support::doubles::random::Random;
use crate::support::hear::silero;
use crate::support::run::WorkingDir;
use crate::support::sample;
use crate::support::score::Score;

/// The microphone's side of the sample call.
fn microphone() -> Vec<Pcm> {
    let mut source = sample::source();
    std::iter::from_fn(|| source.next().unwrap()).map(|block| block.pcm.me).collect()
}

/// What an ear says of each block; those at the very end stay unsaid.
fn judged(detector: &Detector, blocks: &[Pcm]) -> Vec<bool> {
    let (mut ear, mut judged) = (SpeechGate::new(detector.build()), VecDeque::new());
    blocks.iter().for_each(|pcm| ear.push(pcm, None, &mut judged));
    judged.into()
}

/// The part of the blocks that is speech.
fn share(detector: &Detector, blocks: &[Pcm]) -> f64 {
    let judged = judged(detector, blocks);
    judged.iter().filter(|speech| **speech).count() as f64 / judged.len() as f64
}

/// Ten seconds of a sound, given by its samples, with its root mean square at this level.
fn sounding(dbfs: f64, mut sample: impl FnMut(usize) -> f64) -> Vec<Pcm> {
    let sound: Vec<f64> = (0..10 * 16_000).map(&mut sample).collect();
    let power = sound.iter().map(|s| s * s).sum::<f64>() / sound.len() as f64;
    let gain = 32_768.0 * 10.0_f64.powf(dbfs / 20.0) / power.sqrt();
    let block = |chunk: &[f64]| std::array::from_fn(|i| (gain * chunk[i]).clamp(-32_768.0, 32_767.0) as i16);
    sound.chunks_exact(BLOCK_SIZE).map(block).collect()
}

/// Keys struck about eight times a second: a click as the finger lands, a lower one as the key comes up.
fn typing(seed: u64, dbfs: f64) -> Vec<Pcm> {
    let (mut random, mut next, mut struck) = (Random::new(seed), 0, 0);
    let mut low = 0.0;
    sounding(dbfs, move |at| {
        if at >= next {
            struck = at;
            next = at + (2_000.0 + 1_200.0 * random.noise()) as usize;
        }
        let since = (at - struck) as f64 / 16_000.0;
        let noise = random.noise();
        low += 0.3 * (noise - low);
        let up = if since > 0.07 { 0.5 * low * (-(since - 0.07) / 0.006).exp() } else { 0.0 };
        noise * (-since / 0.004).exp() + up
    })
}

/// Chords of three plucked strings with their overtones, a new one every half second.
fn music(seed: u64, dbfs: f64) -> Vec<Pcm> {
    let (mut random, mut roots) = (Random::new(seed), [220.0; 3]);
    sounding(dbfs, move |at| {
        if at % 8_000 == 0 {
            let step = (6.0 * random.noise()).round();
            roots = [0.0, 4.0, 7.0].map(|third: f64| 220.0 * 2.0_f64.powf((step + third) / 12.0));
        }
        let (since, t) = ((at % 8_000) as f64 / 16_000.0, at as f64 / 16_000.0);
        let string = |hz: f64| (1..6).map(|n| (TAU * hz * f64::from(n) * t).sin() / f64::from(n)).sum::<f64>();
        roots.iter().map(|&hz| string(hz)).sum::<f64>() * (-since / 0.3).exp()
    })
}

/// Air that rushes, low more than high, and the hum of the motor.
fn fan(seed: u64, dbfs: f64) -> Vec<Pcm> {
    let (mut random, mut low) = (Random::new(seed), 0.0);
    sounding(dbfs, move |at| {
        low += 0.08 * (random.noise() - low);
        low + 0.02 * (TAU * 118.0 * at as f64 / 16_000.0).sin()
    })
}

/// What onnxruntime 1.32 makes of the same frames with the same thresholds; no score comes near one.
#[test]
fn it_hears_what_the_published_runtime_hears() {
    let mut vad = silero().build();
    let frames: Vec<bool> = microphone().iter().filter_map(|pcm| vad.push(pcm)).map(|frame| frame.speech).collect();
    let runs = frames.windows(2).filter(|pair| !pair[0] && pair[1]).count();
    assert_eq!((frames.len(), frames.iter().filter(|speech| **speech).count(), runs), (4_149, 2_107, 56));
}

#[test]
fn clean_speech_is_heard_in_both_languages() {
    let silero = silero();
    for clip in ["en_me", "en_them", "ja_me", "ja_them"] {
        let blocks = sample::mono(&sample::clip(clip));
        let [own, usual] = [&silero, &Detector::Earshot].map(|detector| share(detector, &blocks));
        assert!(own > 0.3 && (own - usual).abs() < 0.08, "{clip}: {own:.2}, and earshot hears {usual:.2}");
    }
}

#[test]
fn a_room_full_of_noise_is_no_speech() {
    let silero = silero();
    for seed in [1, 2, 3] {
        for dbfs in [-40.0, -25.0] {
            for (what, sound) in
                [("typing", typing(seed, dbfs)), ("music", music(seed, dbfs)), ("fan", fan(seed, dbfs))]
            {
                let heard = share(&silero, &sound);
                assert!(heard < 0.01, "{:.1} % of {what} {seed} at {dbfs} dBFS", 100.0 * heard);
            }
        }
    }
}

#[test]
fn silence_is_no_speech_and_every_block_is_judged_in_time() {
    let silero = silero();
    let (mut ear, mut judged) = (SpeechGate::new(silero.build()), VecDeque::new());
    let behind = ear.latency().count().div_ceil(BLOCK_SIZE as u64) as usize;
    for heard in 1..300 {
        ear.push(&SILENCE, None, &mut judged);
        assert!(ear.pending() <= behind && judged.len() + ear.pending() == heard);
    }
    let mut vad = silero.build();
    assert!((0..300).filter_map(|_| vad.push(&SILENCE)).all(|frame| !frame.speech));
}

/// The loaded network is shared, what a track has said is not.
#[test]
fn one_track_never_hears_the_other() {
    let (silero, speech) = (silero(), &microphone()[..1_500]);
    let alone = judged(&silero, speech);
    let [mut me, mut them] = [(); 2].map(|()| (SpeechGate::new(silero.build()), VecDeque::new()));
    for (pcm, other) in speech.iter().zip(fan(1, -25.0).iter().cycle()) {
        me.0.push(pcm, None, &mut me.1);
        them.0.push(other, None, &mut them.1);
    }
    assert_eq!(Vec::from(me.1), alone);
}

#[test]
fn the_sample_calls_summary_comes_near_its_labels_with_it() {
    silero();
    let dir = WorkingDir::new();
    dir.keicho_with_models(&["replay", sample::CALL, "--no-text", "--vad", "silero"]).done();
    let score = Score::of(&dir.json("call.keicho/summary.json"), &sample::labels());
    assert!(score.share_error.abs() <= 1.0, "{score:#?}");
    assert!(score.speech_me.f1() >= 0.95 && score.speech_them.f1() >= 0.95, "{score:#?}");
    assert!(score.interruptions.f1() >= 0.8, "{score:#?}");
    assert!(score.backchannels.f1() >= 0.85, "{score:#?}");
    assert!(score.silences.f1() >= 0.95, "{score:#?}");
}

#[test]
fn without_its_network_the_call_does_not_begin() {
    let dir = WorkingDir::new();
    let ran = dir.keicho(&["replay", sample::CALL, "--no-text", "--vad", "silero"]);
    let wanted = "keicho: the model silero is not here yet. Fetch it with `keicho models fetch silero`\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(1), wanted));
    assert_eq!(std::fs::read_dir(dir.path()).unwrap().count(), 0);
}
