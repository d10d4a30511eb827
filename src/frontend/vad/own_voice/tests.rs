use std::f64::consts::TAU;

use super::*;

/// Numbers from −1 to 1, the same each time.
struct Dice(u32);

impl Dice {
    fn roll(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0 >> 8) / f64::from(1 << 23) - 1.0
    }
}

/// What is heard, and whether the network calls it speech.
struct Sound {
    samples: Vec<i16>,
    speech: Vec<bool>,
    dice: Dice,
}

impl Sound {
    fn new() -> Self {
        Self { samples: Vec::new(), speech: Vec::new(), dice: Dice(7) }
    }

    /// Some milliseconds of a sound of this peak in a room's faint noise, both through a gain.
    fn add(mut self, ms: usize, speech: bool, gain: f64, sound: impl Fn(f64, f64) -> f64) -> Self {
        for at in 0..16 * ms {
            let (noise, room) = (self.dice.roll(), self.dice.roll());
            self.samples.push((gain * (sound(at as f64 / 16_000.0, noise) + 8.0 * room)) as i16);
        }
        self.speech.extend(std::iter::repeat_n(speech, ms / 10));
        self
    }

    fn room(self, ms: usize) -> Self {
        self.add(ms, false, 1.0, |_, _| 0.0)
    }

    /// A vowel of 120 Hz.
    fn voice(self, ms: usize, peak: f64) -> Self {
        self.add(ms, true, 1.0, |t, _| peak / 3.0 * (1..4).map(|n| (TAU * 120.0 * f64::from(n) * t).sin()).sum::<f64>())
    }

    fn knock(self) -> Self {
        self.add(200, true, 1.0, |t, noise| 20_000.0 * noise * (-t / 0.03).exp())
    }

    fn whisper(self, ms: usize) -> Self {
        self.add(ms, true, 1.0, |_, noise| 2_000.0 * noise)
    }

    /// What the gate decides of each block; those at the very end stay undecided.
    fn through(&self, mut gate: OwnVoiceGate) -> Vec<bool> {
        self.push_into(&mut gate, false)
    }

    /// As [`Sound::through`]; `cleaned` says whether a copy of the other track was taken off every block.
    fn push_into(&self, gate: &mut OwnVoiceGate, cleaned: bool) -> Vec<bool> {
        const AHEAD: usize = 2;
        let mut decisions = VecDeque::new();
        let before = gate.held();
        for (block, pcm) in self.samples.as_chunks::<BLOCK_SIZE>().0.iter().enumerate() {
            gate.push_sound(pcm, (!cleaned).then(|| level_dbfs(pcm)), Crosstalk::NoMatter);
            if block >= AHEAD {
                gate.decide(self.speech[block - AHEAD], &mut decisions);
            }
            assert_eq!(decisions.len() + gate.held() + AHEAD.min(block + 1), before + block + 1);
        }
        decisions.into()
    }
}

/// Blocks of speech within some milliseconds.
fn heard(decisions: &[bool], from_ms: usize, to_ms: usize) -> usize {
    decisions[from_ms / 10..to_ms / 10].iter().filter(|speech| **speech).count()
}

#[test]
fn a_knock_is_no_speech_and_a_short_word_is() {
    let sound = Sound::new().room(500).knock().room(500).voice(120, 3_000.0).room(500).knock().room(800);
    let decisions = sound.through(OwnVoiceGate::new());
    assert_eq!(heard(&decisions, 0, 1_200), 0, "a knock");
    assert!(heard(&decisions, 1_200, 1_320) >= 11, "a word");
    assert_eq!(heard(&decisions, 1_330, 2_600), 0, "a knock after it");
}

#[test]
fn a_whisper_is_speech_from_its_beginning_once_it_lasts() {
    let decisions = Sound::new().room(500).whisper(600).room(800).through(OwnVoiceGate::new());
    assert!(heard(&decisions, 500, 1_100) >= 58 && heard(&decisions, 0, 500) == 0);
}

#[test]
fn the_tail_of_a_word_is_no_speech_and_a_softer_word_soon_is() {
    let sound = Sound::new().room(500).voice(500, 15_000.0).voice(300, 100.0).room(4_000).voice(500, 600.0).room(800);
    let decisions = sound.through(OwnVoiceGate::new());
    assert!(heard(&decisions, 500, 1_000) >= 49);
    assert_eq!(heard(&decisions, 1_010, 1_300), 0, "43 dB under the word");
    assert!(heard(&decisions, 5_300, 5_800) >= 48, "28 dB softer, by itself");
}

#[test]
fn the_soft_end_of_a_word_is_heard_above_a_rumble_and_the_rumble_after_it_is_not() {
    let rumble = |t: f64| 820.0 * (TAU * 90.0 * t).sin();
    let vowel = |peak: f64| {
        move |t: f64, _: f64| {
            rumble(t) + peak / 3.0 * (3..6).map(|n| (TAU * 120.0 * f64::from(n) * t).sin()).sum::<f64>()
        }
    };
    let sound = Sound::new().add(1_000, false, 1.0, |t, _| rumble(t));
    let sound = sound.add(500, true, 1.0, vowel(15_000.0)).add(200, true, 1.0, vowel(600.0));
    let sound = sound.add(100, true, 1.0, |t, _| rumble(t)).add(1_200, false, 1.0, |t, _| rumble(t));
    let decisions = sound.through(OwnVoiceGate::new());
    assert!(heard(&decisions, 1_500, 1_700) >= 18, "27 dB under the word, 7 dB under the rumble");
    assert!(heard(&decisions, 1_700, 2_500) <= 2, "what the network adds");
}

/// Ten times a second and a half of a voice and, after a pause, the same of another.
fn in_company(other: f64) -> Sound {
    let turns = |sound: Sound, _| sound.voice(1_500, 8_000.0).room(500).voice(1_000, other).room(500);
    (0..10).fold(Sound::new().room(500), turns)
}

/// How much of the other is heard in each turn, in blocks.
fn of_the_other(gate: OwnVoiceGate, other: f64) -> Vec<usize> {
    let decisions = in_company(other).through(gate);
    (0..9).map(|turn| 500 + 3_500 * turn).map(|from| heard(&decisions, from + 2_000, from + 3_000)).collect()
}

#[test]
fn somebody_across_the_room_is_not_the_manager() {
    let heard_of = of_the_other(OwnVoiceGate::for_nearest_voice(), 800.0);
    assert!(heard_of[0] >= 98 && heard_of[4..].iter().all(|blocks| *blocks <= 31), "20 dB softer: {heard_of:?}");
    let heard_of = of_the_other(OwnVoiceGate::new(), 800.0);
    assert!(heard_of.iter().all(|blocks| *blocks >= 98), "the far end may be many: {heard_of:?}");
    let heard_of = of_the_other(OwnVoiceGate::for_nearest_voice(), 3_500.0);
    assert!(heard_of.iter().all(|blocks| *blocks >= 98), "7 dB softer: {heard_of:?}");
}

#[test]
fn what_was_taken_for_the_manager_before_somebody_else_was_known_is_told_afterwards() {
    let turn = |sound: Sound, _| sound.voice(1_500, 8_000.0).room(2_000).voice(1_000, 800.0).room(2_000);
    let mut gate = OwnVoiceGate::for_nearest_voice();
    // They speak first.
    let sound = Sound::new().room(500).voice(2_000, 800.0).room(1_000);
    let decisions = (0..8).fold(sound, turn).push_into(&mut gate, false);
    let mut mine = decisions.clone();
    for blocks in gate.take_past_others() {
        mine[blocks.start as usize..blocks.end as usize].fill(false);
    }
    let of_them = |decisions: &[bool]| {
        let later = (0..7).map(|i| heard(decisions, 7_000 + 6_500 * i, 8_000 + 6_500 * i)).sum::<usize>();
        heard(decisions, 500, 2_500) + later
    };
    let of_me =
        |decisions: &[bool]| (0..7).map(|i| heard(decisions, 3_500 + 6_500 * i, 5_000 + 6_500 * i)).sum::<usize>();
    assert!(of_them(&decisions) >= 200, "{}", of_them(&decisions));
    assert!(of_them(&mine) <= 7 * 31, "{}", of_them(&mine));
    assert_eq!(of_me(&mine), of_me(&decisions));
    assert!(gate.take_past_others().is_empty(), "told once");
}

#[test]
fn levels_tell_nobody_apart_in_sound_off_which_a_copy_was_taken() {
    let mut gate = OwnVoiceGate::for_nearest_voice();
    let decisions = in_company(800.0).push_into(&mut gate, true);
    assert!((0..9).all(|turn| heard(&decisions, 2_500 + 3_500 * turn, 3_500 + 3_500 * turn) >= 98));
    assert!(!gate.in_company());
}

#[test]
fn somebody_known_is_not_the_manager_beside_a_copy_either() {
    let mut gate = OwnVoiceGate::for_nearest_voice();
    let before = in_company(800.0).push_into(&mut gate, false).len();
    assert!(gate.in_company());
    let decisions = in_company(800.0).push_into(&mut gate, true);
    assert!(
        before > 0
            && (1..9).map(|turn| 500 + 3_500 * turn).all(|from| {
                heard(&decisions, from, from + 1_500) >= 145 && heard(&decisions, from + 2_000, from + 3_000) <= 31
            })
    );
}

#[test]
fn somebody_who_speaks_every_fifty_seconds_is_told_of() {
    let turn = |sound: Sound, _| sound.voice(1_500, 8_000.0).room(2_000).voice(400, 800.0).room(46_000);
    let mut gate = OwnVoiceGate::for_nearest_voice();
    (0..3).fold(Sound::new().room(500), turn).push_into(&mut gate, false);
    assert!(gate.in_company());
}

#[test]
fn a_voice_that_trails_off_is_nobody_else() {
    let turn = |sound: Sound, _| sound.voice(1_500, 8_000.0).voice(800, 800.0).room(500);
    let mut gate = OwnVoiceGate::for_nearest_voice();
    let decisions = (0..10).fold(Sound::new().room(500), turn).push_into(&mut gate, false);
    assert!((0..9).all(|turn| heard(&decisions, 500 + 2_800 * turn, 2_800 + 2_800 * turn) >= 228));
    assert!(!gate.in_company());
}

#[test]
fn a_voice_that_sinks_without_a_pause_is_nobody_else() {
    let turn = |sound: Sound, _| sound.voice(1_500, 8_000.0).voice(2_500, 1_600.0).room(1_500);
    let mut gate = OwnVoiceGate::for_nearest_voice();
    (0..10).fold(Sound::new().room(500), turn).push_into(&mut gate, false);
    assert!(!gate.in_company());
}

#[test]
fn soft_speech_before_which_a_copy_hid_the_noise_tells_of_nobody() {
    let company_after = |hidden: bool| {
        let mut gate = OwnVoiceGate::for_nearest_voice();
        Sound::new().room(500).push_into(&mut gate, false);
        for _ in 0..10 {
            Sound::new().voice(1_500, 8_000.0).push_into(&mut gate, false);
            Sound::new().room(2_000).push_into(&mut gate, hidden);
            Sound::new().voice(1_000, 800.0).room(500).push_into(&mut gate, false);
        }
        gate.in_company()
    };
    assert!(!company_after(true) && company_after(false));
}

#[test]
fn somebody_is_told_of_where_an_echo_hides_the_noise_before_the_own_voice() {
    // Of the other side, which ends as the manager begins. Two words of somebody 20 dB softer follow a pause later.
    let echo = |sound: Sound| sound.add(600, false, 1.0, |_, noise| 200.0 * noise);
    let turn = |sound: Sound, _| {
        let sound = echo(sound).voice(1_500, 8_000.0).room(1_000);
        sound.voice(300, 800.0).room(200).voice(300, 800.0).room(200)
    };
    let mut gate = OwnVoiceGate::for_nearest_voice();
    (0..10).fold(Sound::new().room(500), turn).push_into(&mut gate, false);
    assert!(gate.in_company());
}

#[test]
fn a_soft_word_with_a_loud_moment_in_it_is_nobody_else() {
    let company_after = |moment: f64| {
        let word = |sound: Sound| sound.voice(150, 2_700.0).voice(10, moment).voice(150, 2_700.0);
        let turn = |sound: Sound, _| word(sound.voice(1_500, 8_000.0).room(2_000)).room(500);
        let mut gate = OwnVoiceGate::for_nearest_voice();
        (0..10).fold(Sound::new().room(500), turn).push_into(&mut gate, false);
        gate.in_company()
    };
    assert!(company_after(2_700.0) && !company_after(5_500.0));
}

#[test]
fn who_was_not_heard_for_two_minutes_is_gone() {
    let stays_for = |ms: usize| {
        let mut gate = OwnVoiceGate::for_nearest_voice();
        in_company(800.0).room(ms).push_into(&mut gate, false);
        gate.in_company()
    };
    assert!(stays_for(110_000) && !stays_for(125_000));
}

#[test]
fn a_cough_beside_somebody_else_does_not_make_them_the_manager() {
    let cough = |sound: Sound, _| sound.voice(50, 25_000.0).room(500).voice(1_000, 800.0).room(500);
    let decisions = (0..5).fold(in_company(800.0), cough).room(500).through(OwnVoiceGate::for_nearest_voice());
    let of_the_other: Vec<_> =
        (0..5).map(|i| 36_050 + 2_050 * i).map(|from| heard(&decisions, from, from + 1_000)).collect();
    assert!(of_the_other.iter().all(|blocks| *blocks <= 31), "{of_the_other:?}");
}

#[test]
fn beside_somebody_else_a_gain_that_falls_leaves_the_manager_the_manager() {
    let word = |sound: Sound, _| {
        let quiet = |sound: Sound| sound.add(500, false, 0.1, |_, _| 0.0);
        quiet(quiet(sound).add(1_000, true, 0.1, |t, _| 8_000.0 * (TAU * 120.0 * t).sin()))
    };
    let decisions = (0..5).fold(in_company(800.0), word).room(500).through(OwnVoiceGate::for_nearest_voice());
    let words: Vec<_> = (0..5).map(|i| 36_000 + 2_000 * i).map(|from| heard(&decisions, from, from + 1_000)).collect();
    assert!(words.iter().all(|blocks| *blocks >= 90), "{words:?}");
}

#[test]
fn a_shout_does_not_make_the_manager_somebody_else() {
    let sound = (0..4).fold(Sound::new().room(500), |sound, _| sound.voice(1_000, 1_500.0).room(500));
    let sound = sound.voice(600, 25_000.0).room(1_000);
    let sound = (0..6).fold(sound, |sound, _| sound.voice(1_000, 1_500.0).room(500));
    let decisions = sound.through(OwnVoiceGate::for_nearest_voice());
    for word in 0..6 {
        let from = 8_100 + 1_500 * word;
        assert!(heard(&decisions, from, from + 1_000) >= 97, "word {word} after it");
    }
}

#[test]
fn a_gain_that_falls_does_not_make_the_manager_somebody_else() {
    let word = |sound: Sound, i: usize| {
        let gain = if i % 8 < 4 { 1.0 } else { 0.1 };
        let silent = |sound: Sound| sound.add(500, false, gain, |_, _| 0.0);
        silent(sound.add(1_000, true, gain, |t, _| 8_000.0 * (TAU * 120.0 * t).sin()))
    };
    let decisions = (0..24).fold(Sound::new().room(500), word).through(OwnVoiceGate::for_nearest_voice());
    let words = (0..23).map(|i| heard(&decisions, 500 + 1_500 * i, 1_500 + 1_500 * i));
    assert!(words.clone().all(|blocks| blocks >= 90), "{:?}", words.collect::<Vec<_>>());
}

#[test]
fn a_gain_that_is_mostly_low_does_not_make_the_manager_somebody_else() {
    let word = |sound: Sound, i: usize| {
        let gain = if i % 8 < 2 { 1.0 } else { 0.1 };
        let silent = |sound: Sound| sound.add(500, false, gain, |_, _| 0.0);
        silent(sound.add(1_000, true, gain, |t, _| 8_000.0 * (TAU * 120.0 * t).sin()))
    };
    let mut gate = OwnVoiceGate::for_nearest_voice();
    (0..40).fold(Sound::new().room(500), word).push_into(&mut gate, false);
    assert!(!gate.in_company());
}

#[test]
fn a_soft_word_beside_noise_that_had_fallen_and_is_back_is_nobody_else() {
    let low = |sound: Sound, ms, peak: f64| sound.add(ms, peak > 0.0, 0.35, |t, _| peak * (TAU * 120.0 * t).sin());
    let loud = |sound: Sound, _| sound.voice(200, 8_000.0).room(190);
    let turn = |sound: Sound, _| (0..6).fold(low(low(sound, 1_200, 0.0), 500, 1_500.0), loud).room(500);
    let mut gate = OwnVoiceGate::for_nearest_voice();
    let sound = (0..12).fold(Sound::new().room(500), loud).room(1_000);
    (0..8).fold(sound, turn).push_into(&mut gate, false);
    assert!(!gate.in_company());
}

#[test]
fn a_vowel_is_periodic_and_noise_is_not() {
    let mut periodicity = Periodicity::new();
    let window = |sound: Sound| *sound.samples.first_chunk().unwrap();
    assert!(periodicity.of(&window(Sound::new().voice(100, 3_000.0))) > 0.95);
    assert!(periodicity.of(&window(Sound::new().whisper(100))) < 0.5);
    assert!(periodicity.of(&[0; periodicity::WINDOW]) < 0.1);
}
