//! Recordings, through the chain that hears a call.

use std::collections::VecDeque;
use std::path::Path;

use super::*;
use crate::audio::level_dbfs;
use crate::frontend::echo::EchoStage;
use crate::frontend::vad::{Detector, SpeechGate};
use crate::source::Source;
use crate::source::file::FileSource;

/// What is wrong with a recording as the ears of a call hear it.
fn listen(path: &Path) -> (Vec<String>, SoundReport) {
    let mut source = FileSource::open(path, None).unwrap();
    let mut echo = EchoStage::new();
    let mut ears = PerTrack::from_fn(|_| SpeechGate::new(Detector::default().build()));
    let mut judged: PerTrack<VecDeque<bool>> = PerTrack::default();
    let (mut waiting, mut health, mut events) = (VecDeque::new(), Health::default(), Vec::new());
    while let Some(block) = source.next().unwrap() {
        for clean in echo.push(block) {
            Track::BOTH.iter().for_each(|track| {
                ears[*track].push(&clean.pcm[*track], Some(level_dbfs(&clean.pcm[*track])), &mut judged[*track])
            });
            waiting.push_back(clean);
        }
        while !judged.me.is_empty() && !judged.them.is_empty() {
            let clean = waiting.pop_front().unwrap();
            let watched = HealthInput {
                in_company: false,
                start: clean.start,
                pcm: PerTrack { me: &clean.raw.me, them: &clean.raw.them },
                speech: PerTrack::from_fn(|track| judged[track].pop_front().unwrap()),
                lost: clean.lost,
                leaking: echo.leak().detected,
                returning: echo.returning().detected,
            };
            health.push(&watched, &mut events);
        }
    }
    health.finish(&mut events);
    (call::describe(&events), health.report())
}

#[test]
fn the_sample_call_is_sound() {
    let sample = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sample_call/call.flac");
    let (troubles, report) = listen(Path::new(sample));
    assert!(troubles.is_empty(), "{troubles:?}");
    assert_eq!(report.holes, 0);
    let level = |track: Track| report.sound[track].level_dbfs.unwrap();
    assert!(Track::BOTH.iter().all(|track| (-30.0..-20.0).contains(&level(*track))), "{report:?}");
}

/// A two-channel WAV of 48 kHz, 16 bit.
fn wav(sound: &PerTrack<Vec<f32>>) -> Vec<u8> {
    let bytes = sound.me.len() as u32 * 4;
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend([16_u32.to_le_bytes(), [1, 0, 2, 0], 48_000_u32.to_le_bytes(), 192_000_u32.to_le_bytes()].concat());
    file.extend([4, 0, 16, 0]);
    file.extend(b"data");
    file.extend(bytes.to_le_bytes());
    for (me, them) in sound.me.iter().zip(&sound.them) {
        file.extend((*me as i16).to_le_bytes());
        file.extend((*them as i16).to_le_bytes());
    }
    file
}

/// A call at 48 kHz: each sample becomes three on the line to the next.
fn at_48_khz(call: &TestCall) -> PerTrack<Vec<f32>> {
    PerTrack::from_fn(|track| {
        let pairs = call.sound[track].windows(2);
        pairs.flat_map(|pair| [0.0, 1.0 / 3.0, 2.0 / 3.0].map(|part| pair[0] + (pair[1] - pair[0]) * part)).collect()
    })
}

/// The blocks of a recording, with the speech that a script knows of it.
fn resampled(call: &TestCall, sound: &PerTrack<Vec<f32>>) -> TestCall {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("call.wav");
    std::fs::write(&path, wav(sound)).unwrap();
    let mut source = FileSource::open(&path, None).unwrap();
    let mut heard = call.clone();
    Track::BOTH.iter().for_each(|track| heard.sound[*track].clear());
    while let Some(block) = source.next().unwrap() {
        Track::BOTH.iter().for_each(|track| heard.sound[*track].extend(block.pcm[*track].map(f32::from)));
    }
    heard
}

#[test]
fn holes_that_a_resampler_smeared_are_holes() {
    let call = TestCall::from_script("them 0-40 / me 40-41");
    for (ms, found) in [(5, 0), (10, 0), (20, 5), (40, 5), (390, 5), (450, 0)] {
        let mut sound = at_48_khz(&call);
        for i in 1..6 {
            let from = (6 * i) * 48_000 + 4_800;
            sound.them[from..from + ms * 48].fill(0.0);
        }
        assert_eq!(resampled(&call, &sound).report().holes, found, "{ms} ms");
    }
}

#[test]
fn tops_that_a_resampler_rounded_are_clipped() {
    let call = TestCall::from_script("me 0-30 / them 30-31").gain(Track::Me, 18.0);
    let mut sound = at_48_khz(&call);
    sound.me.iter_mut().for_each(|sample| *sample = sample.clamp(-32_768.0, 32_767.0));
    let report = resampled(&call, &sound).report();
    assert!(report.trouble_time(Trouble::Clipping(Track::Me)) > Samples::from_secs(20), "{report:?}");
}
