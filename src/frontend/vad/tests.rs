use super::*;
use crate::audio::SILENCE;

/// A detector that says what its script says, in frames of 16 ms.
struct Scripted {
    speech: Vec<Span>,
    samples: u64,
    told: u64,
}

impl Scripted {
    fn speaking(from_ms: u64, to_ms: u64) -> Box<Self> {
        Box::new(Self { speech: vec![Span::from_ms(from_ms, to_ms)], samples: 0, told: 0 })
    }
}

impl Vad for Scripted {
    fn push(&mut self, pcm: &Pcm) -> Option<VadFrame> {
        self.samples += pcm.len() as u64;
        (self.samples - self.told >= 256).then(|| {
            let start = SampleTime::new(self.told);
            self.told += 256;
            let span = Span::new(start, SampleTime::new(self.told));
            VadFrame { span, speech: self.speech.iter().any(|speech| speech.contains(start)) }
        })
    }

    fn latency(&self) -> Samples {
        Samples::new(512)
    }
}

fn tone(level: i16) -> Pcm {
    let mut pcm = SILENCE;
    pcm.iter_mut().enumerate().for_each(|(i, sample)| *sample = if i % 40 < 20 { level } else { -level });
    pcm
}

/// What an ear says of blocks with these levels.
fn judge(vad: Box<dyn Vad>, levels: impl Iterator<Item = i16>) -> Vec<bool> {
    heard_by(SpeechGate::new(vad), levels)
}

fn heard_by(mut ear: SpeechGate, levels: impl Iterator<Item = i16>) -> Vec<bool> {
    let mut judged = VecDeque::new();
    levels.for_each(|level| ear.push(&tone(level), None, &mut judged));
    judged.into()
}

/// From when to when the blocks are speech, in milliseconds.
fn stretches(judged: &[bool]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (i, speech) in judged.iter().chain([&false]).enumerate() {
        match (start, speech) {
            (None, true) => start = Some(i),
            (Some(from), false) => {
                found.push((from * 10, i * 10));
                start = None;
            }
            _ => {}
        }
    }
    found
}

#[test]
fn frames_of_any_length_are_brought_back_to_the_blocks() {
    let levels = (0..100).map(|block| if (30..60).contains(&block) { 3000 } else { 10 });
    let found = stretches(&judge(Scripted::speaking(300, 600), levels));
    assert_eq!(found.len(), 1);
    assert!(found[0].0.abs_diff(300) <= 10 && found[0].1.abs_diff(600) <= 10, "{found:?}");
}

#[test]
fn what_does_not_stand_out_of_the_noise_is_no_speech() {
    let levels = (0..100).map(|block| if (30..45).contains(&block) { 3000 } else { 10 });
    let found = stretches(&judge(Scripted::speaking(300, 600), levels));
    assert_eq!(found.len(), 1);
    assert!(found[0].1 <= 460, "the detector's tail is cut: {found:?}");
}

#[test]
fn the_soft_end_of_a_word_is_heard_in_steady_noise() {
    let levels = (0..300).map(|block| match block {
        200..240 => 3000,
        240..260 => 140,
        _ => 100,
    });
    let found = stretches(&judge(Scripted::speaking(2_000, 2_600), levels));
    assert!(found.len() == 1 && found[0].1 >= 2_590, "3 dB over the noise is enough: {found:?}");
}

#[test]
fn restless_noise_that_passes_for_speech_is_none() {
    let levels = (0..600).map(|block| if block % 7 < 3 { 150 } else { 90 });
    assert_eq!(stretches(&judge(Scripted::speaking(3_000, 6_000), levels)), []);
}

#[test]
fn what_is_far_under_the_voice_is_no_speech_however_quiet_the_room() {
    let levels = (0..300).map(|block| match block {
        100..200 => 8000,
        200..230 => 200,
        _ => 2,
    });
    let found = stretches(&judge(Scripted::speaking(1_000, 2_300), levels));
    assert!(found.len() == 1 && found[0].1 <= 2_010, "{found:?}");
}

/// Half a second of the room, by which its noise is known; then every two seconds a second of a voice, and after it
/// somebody else, 15 dB softer or as soft as is said.
fn in_company(other: i16) -> impl Iterator<Item = i16> {
    let talk = (0..2_000).map(move |block| match block % 200 {
        0..100 => 4000,
        130..170 => other,
        _ => 10,
    });
    std::iter::repeat_n(10, ROOM).chain(talk)
}

/// Blocks of the room alone.
const ROOM: usize = 50;

/// Whether the other was heard, each time.
fn heard_other(ear: SpeechGate, other: i16) -> Vec<bool> {
    let judged = &heard_by(ear, in_company(other))[ROOM..];
    (0..9).map(|time| judged[time * 200 + 135..time * 200 + 165].iter().all(|speech| *speech)).collect()
}

#[test]
fn somebody_across_the_room_is_not_the_manager() {
    let ear = || SpeechGate::new(Scripted::speaking(0, 20_000));
    let heard = heard_other(ear().for_nearest_voice(), 700);
    assert_eq!(heard, [true, true, true, false, false, false, false, false, false], "known after three times");
    assert!(heard_other(ear(), 700).iter().all(|heard| *heard), "the far end may be many");
    let judged = &heard_by(ear().for_nearest_voice(), in_company(700))[ROOM..];
    assert!((0..9).all(|time| judged[time * 200 + 5..time * 200 + 95].iter().all(|speech| *speech)), "the manager is");
}

#[test]
fn a_soft_backchannel_is_the_managers() {
    let ear = SpeechGate::new(Scripted::speaking(0, 20_000)).for_nearest_voice();
    assert!(heard_other(ear, 1_700).iter().all(|heard| *heard), "7 dB softer");
}

#[test]
fn every_block_is_judged_once_silence_has_pushed_it_through() {
    for detector in [Detector::Earshot, Detector::FireRed, Detector::Webrtc] {
        let (mut ear, mut judged) = (SpeechGate::new(detector.build()), VecDeque::new());
        for _ in 0..37 {
            ear.push(&tone(1000), None, &mut judged);
        }
        let behind = ear.latency().count().div_ceil(BLOCK_SIZE as u64) as usize;
        assert!(ear.pending() <= behind, "{detector:?} is {} blocks behind", ear.pending());
        assert_eq!(judged.len() + ear.pending(), 37);
        for _ in 0..behind + 1 {
            ear.push(&SILENCE, None, &mut judged);
        }
        assert!(judged.len() >= 37, "{detector:?} judged {}", judged.len());
    }
}

#[test]
fn silence_is_no_speech_to_any_detector() {
    for detector in [Detector::Earshot, Detector::FireRed, Detector::Webrtc] {
        let judged = judge(detector.build(), (0..300).map(|_| 0));
        assert!(judged.iter().all(|speech| !speech), "{detector:?}");
    }
}

/// The network itself is tested where its file is (`tests/it/silero.rs`).
#[test]
fn what_is_no_network_is_refused() {
    for file in [&b""[..], b"no network", &[0x08, 0x07, 0x3a, 0x00]] {
        let refused = SileroModel::load(file.to_vec()).unwrap_err().to_string();
        assert!(refused.starts_with("the detector's network cannot be run: "), "{refused}");
    }
}
