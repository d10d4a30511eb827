use std::f32::consts::{PI, TAU};

use super::*;
use crate::audio::SILENCE;
use crate::doubles::random::Random;

const RATE: usize = 16_000;

/// First, second and third formant in Hz.
type Vowel = [f32; 3];
const A: Vowel = [750.0, 1_200.0, 2_600.0];
const E: Vowel = [480.0, 1_900.0, 2_550.0];
const I: Vowel = [300.0, 2_300.0, 3_000.0];
const O: Vowel = [480.0, 850.0, 2_500.0];
const U: Vowel = [330.0, 1_250.0, 2_400.0];

/// Somebody who talks: glottal pulses with a voice's jitter and shimmer through three resonators.
struct Speaker {
    pcm: Vec<f32>,
    random: Random,
    /// Samples until the next pulse.
    wait: f32,
    rest_of_pulse: f32,
    memory: [[f32; 2]; 3],
}

impl Speaker {
    fn new() -> Self {
        Self { pcm: Vec::new(), random: Random::new(1), wait: 0.0, rest_of_pulse: 0.0, memory: [[0.0; 2]; 3] }
    }

    /// Says something voiced: pitch in Hz, vowel and loudness by how much of it has passed, 0 to 1.
    fn voice(mut self, ms: usize, at: impl Fn(f32) -> (f32, Vowel, f32)) -> Self {
        let length = ms * RATE / 1000;
        for i in 0..length {
            let (f0, vowel, loudness) = at(i as f32 / length as f32);
            let mut sound = 0.002 * self.random.noise() as f32 + mem::take(&mut self.rest_of_pulse);
            if self.wait < 1.0 {
                // A pulse between two samples belongs to both.
                let height = 1.0 + 0.1 * self.random.noise() as f32;
                sound += height * (1.0 - self.wait);
                self.rest_of_pulse = height * self.wait;
                self.wait += RATE as f32 / f0 * (1.0 + 0.012 * self.random.noise() as f32);
            }
            self.wait -= 1.0;
            for (memory, hz) in self.memory.iter_mut().zip(vowel) {
                let radius = (-PI * (60.0 + 0.03 * hz) / RATE as f32).exp();
                let turn = (TAU * hz / RATE as f32).cos();
                let out = (1.0 - radius) * sound + 2.0 * radius * turn * memory[0] - radius * radius * memory[1];
                *memory = [out, memory[0]];
                sound = 4.0 * out;
            }
            self.pcm.push(0.6 * loudness * sound);
        }
        self
    }

    /// Holds a vowel; the pitch wanders by a tenth of a semitone.
    fn holds(self, vowel: Vowel, f0: f32, ms: usize) -> Self {
        let wander = move |x: f32| f0 * (1.0 + 0.006 * (TAU * x * ms as f32 / 330.0).sin());
        self.voice(ms, move |x| (wander(x), vowel, 1.0))
    }

    /// Says a sentence: syllables of 140 ms with all vowels, on a falling melody with accents.
    fn says_a_sentence(mut self) -> Self {
        for (i, vowel) in [A, I, O, E, U, A, E, I, A, O, U, E].into_iter().enumerate() {
            let f0 = 130.0 - 3.0 * i as f32 + if i % 3 == 1 { 20.0 } else { 0.0 };
            self =
                self.hisses(40).voice(100, move |x| (f0 * (1.03 - 0.06 * x), vowel, (6.0 * x.min(1.0 - x)).min(1.0)));
        }
        self
    }

    /// A consonant.
    fn hisses(mut self, ms: usize) -> Self {
        (0..ms * RATE / 1000).for_each(|_| {
            let hiss = 0.02 * self.random.noise() as f32;
            self.pcm.push(hiss);
        });
        self
    }

    fn rests(mut self, ms: usize) -> Self {
        self.pcm.extend(vec![0.0; ms * RATE / 1000]);
        self
    }

    fn found(&self) -> Vec<FilledPause> {
        found(&self.pcm, |_| true)
    }
}

/// What is found in a sound that the detector calls speech where `speech` of the block's number says so.
fn found(sound: &[f32], speech: impl Fn(usize) -> bool) -> Vec<FilledPause> {
    let mut pauses = FilledPauseDetector::new();
    let mut random = Random::new(2);
    let mut all = Vec::new();
    for (i, piece) in sound.chunks(BLOCK_SIZE).enumerate() {
        let mut pcm = SILENCE;
        for (slot, sample) in pcm.iter_mut().zip(piece) {
            *slot = ((sample + 1e-4 * random.noise() as f32) * 32_767.0) as i16;
        }
        all.extend(pauses.push(&pcm, speech(i)));
    }
    all.extend(pauses.finish());
    all
}

/// A sound of two seconds by its time in seconds.
fn sound(at: impl FnMut(f32) -> f32) -> Vec<f32> {
    (0..2 * RATE).map(|i| i as f32 / RATE as f32).map(at).collect()
}

#[track_caller]
fn lies(pause: &FilledPause, start_ms: u64, end_ms: u64) {
    let (start, end) = (pause.span.start.as_ms(), pause.span.end.as_ms());
    assert!(start.abs_diff(start_ms) <= 100 && end.abs_diff(end_ms) <= 100, "{start}..{end} for {start_ms}..{end_ms}");
}

fn glide(from: Vowel, to: Vowel, x: f32) -> Vowel {
    [0, 1, 2].map(|i| from[i] + (to[i] - from[i]) * x)
}

#[test]
fn a_stretched_vowel_is_found_where_it_is() {
    for (vowel, f0) in [(E, 110.0), (A, 95.0), (O, 210.0), (U, 180.0), (E, 290.0), (A, 75.0)] {
        let said = Speaker::new().rests(300).hisses(60).holds(vowel, f0, 700).rests(500).found();
        assert_eq!(said.len(), 1, "{vowel:?} at {f0} Hz: {said:?}");
        lies(&said[0], 360, 1_060);
        assert!((said[0].f0_hz / f0 - 1.0).abs() < 0.03, "{said:?}");
        assert!(said[0].f0_spread < 0.5 && said[0].change < 2.0, "{said:?}");
    }
}

#[test]
fn a_stretched_vowel_inside_a_sentence_is_found() {
    let said = Speaker::new().says_a_sentence().hisses(40).holds(E, 105.0, 600).says_a_sentence().found();
    assert_eq!(said.len(), 1, "{said:?}");
    lies(&said[0], 1_720, 2_320);
}

#[test]
fn a_sentence_has_no_filled_pause() {
    assert_eq!(Speaker::new().says_a_sentence().rests(200).says_a_sentence().found(), []);
}

#[test]
fn a_long_vowel_of_a_word_is_no_filled_pause() {
    assert_eq!(Speaker::new().rests(300).hisses(60).holds(O, 120.0, 280).hisses(60).rests(300).found(), []);
}

#[test]
fn a_voice_that_rises_to_ask_is_no_filled_pause() {
    let asks = |x: f32| (110.0 * (x * 7.0 / 12.0).exp2(), E, 1.0);
    assert_eq!(Speaker::new().rests(300).voice(500, asks).rests(300).found(), []);
}

#[test]
fn a_vowel_that_becomes_another_is_no_filled_pause() {
    for (from, to) in [(A, I), (O, I), (A, U), (E, I)] {
        let said = Speaker::new().rests(300).voice(450, |x| (115.0, glide(from, to, x), 1.0)).rests(300).found();
        assert_eq!(said, [], "{from:?} to {to:?}");
    }
}

#[test]
fn two_syllables_of_one_vowel_are_no_filled_pause() {
    let twice = |x: f32| (115.0 + 2.0 * x, A, 1.0 - 0.72 * (-((x - 0.5) / 0.13).powi(2)).exp());
    assert_eq!(Speaker::new().rests(300).voice(600, twice).rests(300).found(), []);
}

#[test]
fn the_room_after_a_short_vowel_does_not_lengthen_it() {
    let rings = |x: f32| (115.0 + 2.0 * x, A, if x < 0.4 { 1.0 } else { 0.16 });
    assert_eq!(Speaker::new().rests(300).voice(600, rings).rests(300).found(), []);
}

#[test]
fn a_high_voice_may_wander_without_its_overtones_passing_for_another_vowel() {
    let wanders = |x: f32| (330.0 * (1.0 + 0.03 * (TAU * 2.0 * x).sin()), E, 1.0);
    let said = Speaker::new().rests(300).voice(700, wanders).rests(300).found();
    assert_eq!(said.len(), 1);
    assert!(said[0].change < 2.5, "{said:?}");
}

#[test]
fn laughter_is_no_filled_pause() {
    let mut laughs = Speaker::new().rests(200);
    for i in 0..8 {
        let f0 = 260.0 - 12.0 * i as f32;
        laughs = laughs.voice(110, move |x| (f0 * (1.0 - 0.1 * x), A, (PI * x).sin())).hisses(90);
    }
    assert_eq!(laughs.found(), []);
}

#[test]
fn a_machine_is_no_voice_even_where_the_detector_thinks_so() {
    let hum = |hz: f32| move |t: f32| (1..12).map(|k| 0.1 * (TAU * hz * k as f32 * t).sin() / k as f32).sum::<f32>();
    assert_eq!(found(&sound(hum(50.0)), |_| true), [], "mains hum");
    assert_eq!(found(&sound(hum(120.0)), |_| true), [], "a transformer");
    assert_eq!(found(&sound(|t| 0.2 * (TAU * 440.0 * t).sin()), |_| true), [], "a beep");
    let dial = |t: f32| 0.15 * ((TAU * 350.0 * t).sin() + (TAU * 440.0 * t).sin());
    assert_eq!(found(&sound(dial), |_| true), [], "a dial tone");
    let chord = |t: f32| [220.0, 277.2, 329.6].iter().map(|hz| hum(*hz)(t)).sum::<f32>() * (-t).exp();
    assert_eq!(found(&sound(chord), |_| true), [], "a chord");
    let siren = |t: f32| 0.2 * (TAU * (400.0 * t - 40.0 * (TAU * 0.5 * t).cos())).sin();
    assert_eq!(found(&sound(siren), |_| true), [], "a siren");
}

#[test]
fn noise_and_silence_hold_nothing() {
    let mut random = Random::new(3);
    assert_eq!(found(&sound(|_| 0.05 * random.noise() as f32), |_| true), []);
    assert_eq!(found(&sound(|_| 0.0), |_| true), []);
}

#[test]
fn nothing_is_found_where_the_detector_hears_no_speech() {
    let held = Speaker::new().rests(300).holds(E, 110.0, 700).rests(500);
    assert_eq!(held.found().len(), 1);
    assert_eq!(found(&held.pcm, |_| false), []);
}

#[test]
fn it_is_told_within_300_ms_after_its_end() {
    let held = Speaker::new().rests(300).holds(E, 110.0, 700).rests(800).pcm;
    let mut pauses = FilledPauseDetector::new();
    for (i, piece) in held.chunks_exact(BLOCK_SIZE).enumerate() {
        let mut pcm = SILENCE;
        pcm.iter_mut().zip(piece).for_each(|(slot, sample)| *slot = (sample * 32_767.0) as i16);
        if let Some(pause) = pauses.push(&pcm, true) {
            let told = SampleTime::ZERO + Samples::new((BLOCK_SIZE * (i + 1)) as u64);
            assert!(told - pause.span.end <= Samples::from_ms(300), "{pause:?} told at {told}");
            return;
        }
    }
    panic!("it was never told");
}

#[test]
fn what_is_held_to_the_end_is_told_at_the_end() {
    let said = Speaker::new().rests(300).holds(E, 110.0, 700).found();
    assert_eq!(said.len(), 1);
    lies(&said[0], 300, 1_000);
}

#[test]
fn it_goes_on_after_lost_audio() {
    let held = Speaker::new().holds(E, 110.0, 700).rests(300).holds(E, 110.0, 700).rests(300);
    let mut cut = held.pcm.clone();
    cut[RATE * 3 / 10..RATE * 5 / 10].fill(0.0);
    let said = found(&cut, |i| !(30..50).contains(&i));
    assert_eq!(said.len(), 1, "{said:?}");
    lies(&said[0], 1_000, 1_700);
}

#[test]
fn loudness_does_not_matter() {
    let held = Speaker::new().rests(300).holds(E, 110.0, 700).rests(300).pcm;
    let soft: Vec<f32> = held.iter().map(|sample| sample * 0.1).collect();
    let said = found(&soft, |_| true);
    assert_eq!(said.len(), 1);
    lies(&said[0], 300, 1_000);
}

#[test]
fn two_filled_pauses_never_overlap() {
    let held = Speaker::new().holds(E, 110.0, 600).holds(O, 110.0, 600).holds(E, 120.0, 600).rests(300).found();
    assert_eq!(held.len(), 3, "{held:?}");
    assert!(held.windows(2).all(|pair| pair[0].span.end <= pair[1].span.start), "{held:?}");
}
