//! The manager's room: what of the far end the microphone hears.

use realfft::RealFftPlanner;

use super::super::doubles::random::Random;
use super::sounds::{add, ratio, speech_rms};

const RATE: usize = 16_000;

/// A change of the room takes so long.
const CHANGE: usize = RATE / 20;

/// How the far end is played, over the whole call.
#[derive(Clone, Debug)]
pub struct Room {
    /// From which part of the call (0 to 1) on, what leaks. The first begins at 0.
    parts: Vec<(f64, Option<Leak>)>,
}

/// A loudspeaker that the microphone hears.
#[derive(Clone, Copy, Debug)]
pub struct Leak {
    /// Its level against the far end's.
    pub db: f64,
    /// How long after the far end's track it is heard; below zero where that track lies late.
    pub delay_ms: i64,
    /// How long the room takes to fall by 60 dB.
    pub rt60_ms: u64,
    /// Whether the loudspeaker is driven too far, so that what leaks is no longer linear.
    pub clipped: bool,
    /// Another number is another room.
    pub room: u64,
}

impl Room {
    /// Nothing leaks.
    pub fn headset() -> Self {
        Self { parts: vec![(0.0, None)] }
    }

    /// The same leak all the time.
    pub fn speakers(leak: Leak) -> Self {
        Self { parts: vec![(0.0, Some(leak))] }
    }

    /// Each from its part of the call on, the first from 0.
    pub fn changing(parts: &[(f64, Option<Leak>)]) -> Self {
        Self { parts: parts.to_vec() }
    }
}

impl Leak {
    /// A leak at this level, 45 ms late, in a room of 300 ms.
    pub fn new(db: f64) -> Self {
        Self { db, delay_ms: 45, rt60_ms: 300, clipped: false, room: 0 }
    }
}

/// What leaks of the far end, as long as it.
pub fn leak(room: &Room, them: &[f32], random: Random) -> Vec<f32> {
    let mut out = vec![0.0; them.len()];
    for (i, (from, leak)) in room.parts.iter().enumerate() {
        let Some(leak) = leak else { continue };
        let to = room.parts.get(i + 1).map_or(2.0, |next| next.0);
        let mut heard = leak.hear(them, &random.split(&format!("room {}", leak.room)));
        for (at, sample) in heard.iter_mut().enumerate() {
            let edge = |part: f64| (at as f64 - part * them.len() as f64) / CHANGE as f64;
            let after = if *from > 0.0 { edge(*from).clamp(0.0, 1.0) } else { 1.0 };
            *sample *= (after * (1.0 - edge(to).clamp(0.0, 1.0))) as f32;
        }
        add(&mut out, &heard);
    }
    out
}

impl Leak {
    fn hear(&self, them: &[f32], random: &Random) -> Vec<f32> {
        let level = speech_rms(them);
        let limit = 1.5 * level as f32;
        let played: Vec<f32> = match self.clipped {
            true => them.iter().map(|sample| limit * (sample / limit).tanh()).collect(),
            false => them.to_vec(),
        };
        let mut heard = convolve(&played, &response(self.rt60_ms, random.clone()));
        let gain = level * ratio(self.db) / speech_rms(&heard).max(1e-9);
        amplify_by(&mut heard, gain as f32);
        let late = self.delay_ms.unsigned_abs() as usize * RATE / 1000;
        let mut out = vec![0.0; them.len()];
        match self.delay_ms < 0 {
            false => out[late..].copy_from_slice(&heard[..them.len() - late]),
            true => out[..them.len() - late].copy_from_slice(&heard[late..them.len()]),
        }
        out
    }
}

/// A room's impulse response: the direct sound, then decaying noise, without the lows that a small loudspeaker lacks and
/// the highs that a room swallows.
pub fn response(rt60_ms: u64, mut random: Random) -> Vec<f32> {
    let length = rt60_ms as usize * RATE / 1000;
    let mut taps: Vec<f32> =
        (0..length).map(|i| 0.08 * random.normal() * 10_f32.powf(-3.0 * i as f32 / length as f32)).collect();
    taps[0] = 1.0;
    let (mut low, mut lower) = (0.0, 0.0);
    for tap in &mut taps {
        low += 0.72 * (*tap - low);
        lower += 0.08 * (low - lower);
        *tap = low - lower;
    }
    taps
}

/// A linear convolution, cut to the length of the sound.
pub fn convolve(sound: &[f32], response: &[f32]) -> Vec<f32> {
    const SIZE: usize = 1 << 15;
    let fresh = SIZE - response.len();
    let mut planner = RealFftPlanner::<f32>::new();
    let (forward, back) = (planner.plan_fft_forward(SIZE), planner.plan_fft_inverse(SIZE));
    let spectrum = |piece: &[f32]| {
        let mut time = vec![0.0; SIZE];
        time[..piece.len()].copy_from_slice(piece);
        let mut out = forward.make_output_vec();
        forward.process(&mut time, &mut out).unwrap();
        out
    };
    let filter = spectrum(response);
    let mut out = vec![0.0; sound.len() + SIZE];
    for (i, piece) in sound.chunks(fresh).enumerate() {
        let mut bins = spectrum(piece);
        bins.iter_mut().zip(&filter).for_each(|(bin, tap)| *bin *= *tap);
        let mut time = back.make_output_vec();
        back.process(&mut bins, &mut time).unwrap();
        add(&mut out[i * fresh..], &time.iter().map(|sample| sample / SIZE as f32).collect::<Vec<_>>());
    }
    out.truncate(sound.len());
    out
}

pub fn amplify(track: &mut [f32], db: f64) {
    amplify_by(track, ratio(db) as f32);
}

fn amplify_by(track: &mut [f32], gain: f32) {
    track.iter_mut().for_each(|sample| *sample *= gain);
}
