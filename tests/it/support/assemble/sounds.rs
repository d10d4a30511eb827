//! What else a microphone hears: noise, a fan, keys, music, other people. And what it does to it: a gate.
//!
//! Each is made at a level of 1 and then laid on.

use std::f32::consts::TAU;

use keicho::audio::BLOCK_SIZE;
use keicho::language::Language;

use super::super::doubles::random::{Deck, Random};
use super::Scene;
use super::pool::{Kind, Pool, Voice};
use super::room::{convolve, response};

const RATE: usize = 16_000;

/// Steady noise.
#[derive(Clone, Copy, Debug)]
pub struct Noise {
    pub colour: Colour,
    pub dbfs: f64,
}

#[derive(Clone, Copy, Debug)]
pub enum Colour {
    White,
    Pink,
}

/// A sound's name and level where a scene has it, and how it is made.
type Part = (fn(&Scene) -> Option<(&'static str, f64)>, fn(&Scene, usize, Random) -> Vec<f32>);

/// All that a scene can have in the room but voices.
pub const ALL: [Part; 5] = [
    (
        |scene| Some(("noise", scene.noise?.dbfs)),
        |scene, length, random| scene.noise.map_or_else(Vec::new, |noise| noise.colour.make(length, random)),
    ),
    (|scene| Some(("fan", scene.fan_dbfs?)), |_, length, random| fan(length, random)),
    (|scene| Some(("typing", scene.typing_dbfs?)), |_, length, random| typing(length, random)),
    (|scene| Some(("music", scene.music_dbfs?)), |_, length, random| music(length, random)),
    (|scene| Some(("breath", scene.breath_dbfs?)), |_, length, random| breath(length, random)),
];

impl Noise {
    /// The noise at its level.
    pub fn make(self, length: usize, random: Random) -> Vec<f32> {
        let gain = ratio(self.dbfs) as f32;
        self.colour.make(length, random).into_iter().map(|sample| gain * sample).collect()
    }
}

impl Colour {
    fn make(self, length: usize, mut random: Random) -> Vec<f32> {
        // Pink by three poles (Kellet's economy filter).
        let mut poles = [0.0_f32; 3];
        let made = (0..length).map(|_| {
            let white = random.normal();
            match self {
                Self::White => white,
                Self::Pink => {
                    poles[0] = 0.997_65 * poles[0] + 0.099_046 * white;
                    poles[1] = 0.963 * poles[1] + 0.296_516_4 * white;
                    poles[2] = 0.57 * poles[2] + 1.052_691_3 * white;
                    poles.iter().sum::<f32>() + 0.1848 * white
                }
            }
        });
        levelled(made.collect())
    }
}

/// Air below some 400 Hz, and the motor's hum.
fn fan(length: usize, mut random: Random) -> Vec<f32> {
    let hum = random.real(95.0, 130.0) as f32;
    let (mut one, mut two) = (0.0_f32, 0.0_f32);
    let air: Vec<f32> = (0..length)
        .map(|_| {
            one += 0.15 * (random.normal() - one);
            two += 0.15 * (one - two);
            two
        })
        .collect();
    let mut made = levelled(air);
    for (i, sample) in made.iter_mut().enumerate() {
        let turn = TAU * hum * i as f32 / RATE as f32;
        *sample += 0.4 * turn.sin() + 0.25 * (2.0 * turn).sin() + 0.1 * (3.0 * turn).sin();
    }
    levelled(made)
}

/// Bursts of keys, each a click as it goes down and a softer one as it comes up; the loudest peak is 1.
fn typing(length: usize, mut random: Random) -> Vec<f32> {
    let mut out = vec![0.0; length + RATE];
    let mut at = random.whole(RATE, 4 * RATE);
    while at < length {
        for _ in 0..random.whole(5, 22) {
            let loud = random.real(0.4, 1.0) as f32;
            click(&mut out, at, loud, &mut random);
            let up = at + random.whole(RATE / 16, RATE / 9);
            click(&mut out, up, 0.4 * loud, &mut random);
            at += random.whole(RATE / 10, RATE / 4);
            if at >= length {
                break;
            }
        }
        at += random.whole(2 * RATE, 8 * RATE);
    }
    out.truncate(length);
    out
}

fn click(out: &mut [f32], at: usize, loud: f32, random: &mut Random) {
    let decay = random.real(0.002, 0.006) as f32 * RATE as f32;
    let mut last = 0.0;
    for (i, sample) in out.iter_mut().skip(at).take(6 * decay as usize).enumerate() {
        let noise = random.normal() * (-(i as f32) / decay).exp();
        *sample += (0.3 * loud * (noise - 0.7 * last)).clamp(-1.0, 1.0);
        last = noise;
    }
}

/// Four chords over and over, with a bass, a kick and a hat.
fn music(length: usize, mut random: Random) -> Vec<f32> {
    const CHORDS: [[f32; 3]; 4] =
        [[261.6, 329.6, 392.0], [220.0, 261.6, 329.6], [174.6, 220.0, 261.6], [196.0, 246.9, 293.7]];
    let beat = (RATE as f64 * 60.0 / random.real(84.0, 124.0)) as usize;
    let key = 2_f32.powf(random.whole(0, 11) as f32 / 12.0 - 0.5);
    let mut made = vec![0.0_f32; length];
    for (i, sample) in made.iter_mut().enumerate() {
        let (time, since) = (i as f32 / RATE as f32, (i % beat) as f32 / RATE as f32);
        let chord = CHORDS[i / (4 * beat) % 4];
        let tone = |hz: f32| (1..=4).map(|n| (TAU * hz * key * n as f32 * time).sin() / n as f32).sum::<f32>();
        let swell = 0.6 + 0.4 * (-3.0 * since).exp();
        let chords = chord.iter().map(|hz| tone(*hz)).sum::<f32>() * swell / 3.0;
        let bass = tone(chord[0] / 4.0) * (-2.0 * since).exp();
        let kick = (TAU * 55.0 * since).sin() * (-18.0 * since).exp();
        let off = (i + beat / 2) % beat;
        let hat = random.normal() * (-90.0 * off as f32 / RATE as f32).exp();
        *sample = chords + 0.7 * bass + 1.2 * kick + 0.25 * hat;
    }
    levelled(made)
}

/// Breaths of 0.4 to 1.2 s, every few seconds: air between 300 and 3,000 Hz that swells and falls; a breath has a level of 1.
fn breath(length: usize, mut random: Random) -> Vec<f32> {
    let mut out = vec![0.0; length];
    let mut at = random.whole(RATE, 3 * RATE);
    while at < length {
        let long = random.whole(2 * RATE / 5, 6 * RATE / 5);
        let (mut low, mut high) = (0.0_f32, 0.0_f32);
        let air = (0..long).map(|i| {
            high += 0.7 * (random.normal() - high);
            low += 0.12 * (high - low);
            (high - low) * (std::f32::consts::PI * i as f32 / long as f32).sin()
        });
        let air = levelled(air.collect());
        add(&mut out[at..], &air);
        at += long + random.whole(RATE, 4 * RATE);
    }
    out
}

/// Six people who talk at once, each from another place at the far end of a large room; together they have a level of 1.
pub fn far_voices(pool: &Pool, language: Language, length: usize, random: Random) -> Vec<f32> {
    let mut out = vec![0.0; length];
    for voice in 0..6 {
        let mut random = random.split(&format!("voice {voice}"));
        let cast = pool.cast(language, &mut random);
        let said =
            cast.bystander.clips.iter().filter(|clip| matches!(clip.kind, Kind::Turn | Kind::Question)).collect();
        let mut said = Deck::new(said);
        let mut spoken = vec![0.0; length];
        let mut at = random.whole(0, 2 * RATE);
        while at < length {
            let clip = said.draw(&mut random);
            add(&mut spoken[at..], &clip.pcm);
            at += clip.pcm.len() + random.whole(RATE / 5, 2 * RATE);
        }
        add(&mut out, &convolve(&spoken, &response(700, random.split("place"))));
    }
    levelled(out)
}

/// Somebody talks at the other end of the room now and then; speech has a level of 1.
pub fn bystander(voice: &Voice, length: usize, mut random: Random) -> Vec<f32> {
    let said = voice.clips.iter().filter(|clip| matches!(clip.kind, Kind::Turn | Kind::Question)).collect();
    let mut said = Deck::new(said);
    let mut out = vec![0.0; length];
    let mut at = random.whole(3 * RATE, 10 * RATE);
    while at < length {
        let clip = said.draw(&mut random);
        add(&mut out[at..], &clip.pcm);
        at += clip.pcm.len() + random.whole(4 * RATE, 14 * RATE);
    }
    // Far from the microphone: more room than voice.
    let mut far = response(400, random.split("far"));
    far[..40].iter_mut().for_each(|tap| *tap *= 0.4);
    let mut heard = convolve(&out, &far);
    let level = speech_rms(&heard).max(1e-9) as f32;
    heard.iter_mut().for_each(|sample| *sample /= level);
    heard
}

/// A noise gate: what stays below −45 dBFS for 0.2 s is silenced until something louder comes.
pub fn gate(track: &mut [f32]) {
    const HOLD: usize = 20;
    let mut open_until = 0;
    let mut gain = 0.0_f32;
    for (step, block) in track.chunks_mut(BLOCK_SIZE).enumerate() {
        let power = block.iter().map(|sample| f64::from(sample * sample)).sum::<f64>() / BLOCK_SIZE as f64;
        if 10.0 * (power + 1e-12).log10() > -45.0 {
            open_until = step + HOLD;
        }
        let wanted = if step < open_until { 1.0 } else { 0.0 };
        // Opens within 3 ms and closes within 50.
        let pace = if wanted > gain { 1.0 / 48.0 } else { 1.0 / 800.0 };
        for sample in block {
            gain += (wanted - gain).clamp(-pace, pace);
            *sample *= gain;
        }
    }
}

/// The level of a track while somebody speaks: the RMS of its steps within 30 dB of the loudest.
pub fn speech_rms(track: &[f32]) -> f64 {
    let power = |block: &[f32]| block.iter().map(|sample| f64::from(sample * sample)).sum::<f64>() / BLOCK_SIZE as f64;
    let powers: Vec<f64> = track.chunks_exact(BLOCK_SIZE).map(power).collect();
    let loudest = powers.iter().copied().fold(0.0, f64::max);
    let loud: Vec<f64> = powers.into_iter().filter(|power| *power > loudest * 1e-3).collect();
    (loud.iter().sum::<f64>() / loud.len().max(1) as f64).sqrt()
}

/// A ratio of amplitudes.
pub fn ratio(db: f64) -> f64 {
    10_f64.powf(db / 20.0)
}

/// Lays one sound on another, as far as both reach.
pub fn add(to: &mut [f32], sound: &[f32]) {
    to.iter_mut().zip(sound).for_each(|(sample, more)| *sample += more);
}

pub fn add_at(to: &mut [f32], sound: &[f32], gain: f64) {
    to.iter_mut().zip(sound).for_each(|(sample, more)| *sample += gain as f32 * more);
}

/// The same with an RMS of 1.
fn levelled(mut sound: Vec<f32>) -> Vec<f32> {
    let power = sound.iter().map(|sample| f64::from(sample * sample)).sum::<f64>() / sound.len().max(1) as f64;
    let gain = 1.0 / power.sqrt().max(1e-9);
    sound.iter_mut().for_each(|sample| *sample *= gain as f32);
    sound
}
