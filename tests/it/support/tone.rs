//! Tones and noise: made into files, and found again in blocks.

use std::f64::consts::TAU;
use std::path::{Path, PathBuf};

use super::doubles::random::Random;
use super::doubles::wav::{self, Depth};

/// Writes a mono WAV of 16 bit, and gives its path.
pub fn wav(dir: &Path, name: &str, rate: u32, samples: &[i16]) -> PathBuf {
    let path = dir.join(format!("{name}.wav"));
    let samples = samples.iter().map(|sample| f64::from(*sample) / 32_768.0).collect();
    std::fs::write(&path, wav::wav(rate, Depth::I16, &[samples])).unwrap();
    path
}

/// A steady tone at a quarter of full scale.
pub fn tone(hz: f64, rate: u32, secs: u32) -> Vec<i16> {
    (0..rate * secs).map(|i| (8_192.0 * (TAU * hz * f64::from(i) / f64::from(rate)).sin()) as i16).collect()
}

/// Steady noise of a level, the same every time.
pub fn noise(dbfs: f64, rate: u32, secs: u32) -> Vec<i16> {
    let mut random = Random::new(1);
    // Evenly spread noise has a third of its greatest power.
    let loudest = 3.0_f64.sqrt() * 32_768.0 * 10.0_f64.powf(dbfs / 20.0);
    (0..rate * secs).map(|_| (loudest * random.noise()) as i16).collect()
}

/// How much of a tone is in samples of 16 kHz: its amplitude, in parts of full scale.
pub fn strength(samples: &[i16], hz: f64) -> f64 {
    let turn = TAU * hz / 16_000.0;
    let (re, im) = samples.iter().enumerate().fold((0.0, 0.0), |(re, im), (i, &sample)| {
        let (sin, cos) = (turn * i as f64).sin_cos();
        (re + f64::from(sample) * cos, im + f64::from(sample) * sin)
    });
    2.0 * f64::hypot(re, im) / samples.len().max(1) as f64 / 32_768.0
}
