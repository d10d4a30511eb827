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
    fn push(&mut self, pcm: &Pcm) -> Option<Frame> {
        self.samples += pcm.len() as u64;
        (self.samples - self.told >= 256).then(|| {
            let start = SampleTime::new(self.told);
            self.told += 256;
            let span = Span::new(start, SampleTime::new(self.told));
            Frame { span, speech: self.speech.iter().any(|speech| speech.contains(start)) }
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
    let (mut ear, mut judged) = (Ear::new(vad), VecDeque::new());
    levels.for_each(|level| ear.hear(&tone(level), &mut judged));
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
fn every_block_is_judged_once_silence_has_pushed_it_through() {
    for detector in [Detector::Earshot, Detector::Webrtc] {
        let (mut ear, mut judged) = (Ear::new(detector.build()), VecDeque::new());
        for _ in 0..37 {
            ear.hear(&tone(1000), &mut judged);
        }
        let behind = ear.latency().count().div_ceil(BLOCK as u64) as usize;
        assert!(ear.pending() <= behind, "{detector:?} is {} blocks behind", ear.pending());
        assert_eq!(judged.len() + ear.pending(), 37);
        for _ in 0..behind + 1 {
            ear.hear(&SILENCE, &mut judged);
        }
        assert!(judged.len() >= 37, "{detector:?} judged {}", judged.len());
    }
}

#[test]
fn silence_is_no_speech_to_any_detector() {
    for detector in [Detector::Earshot, Detector::Webrtc] {
        let judged = judge(detector.build(), (0..300).map(|_| 0));
        assert!(judged.iter().all(|speech| !speech), "{detector:?}");
    }
}

/// The network itself is tested where its file is (`tests/silero.rs`).
#[test]
fn what_is_no_network_is_refused() {
    for file in [&b""[..], b"no network", &[0x08, 0x07, 0x3a, 0x00]] {
        let refused = Silero::load(file.to_vec()).unwrap_err().to_string();
        assert!(refused.starts_with("the detector's network cannot be run: "), "{refused}");
    }
}
