//! Tones and noise: made into files, and found again in blocks.

use std::f64::consts::TAU;
use std::path::{Path, PathBuf};

/// Writes a mono WAV of 16 bit, and gives its path.
pub fn wav(dir: &Path, name: &str, rate: u32, samples: &[i16]) -> PathBuf {
    let path = dir.join(format!("{name}.wav"));
    let bytes = 2 * samples.len() as u32;
    let mut file = Vec::new();
    file.extend(b"RIFF");
    file.extend((36 + bytes).to_le_bytes());
    file.extend(b"WAVEfmt ");
    file.extend(16_u32.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(1_u16.to_le_bytes());
    file.extend(rate.to_le_bytes());
    file.extend((2 * rate).to_le_bytes());
    file.extend(2_u16.to_le_bytes());
    file.extend(16_u16.to_le_bytes());
    file.extend(b"data");
    file.extend(bytes.to_le_bytes());
    file.extend(samples.iter().flat_map(|sample| sample.to_le_bytes()));
    std::fs::write(&path, file).unwrap();
    path
}

/// A steady tone at a quarter of full scale.
pub fn tone(hz: f64, rate: u32, secs: u32) -> Vec<i16> {
    (0..rate * secs).map(|i| (8_192.0 * (TAU * hz * f64::from(i) / f64::from(rate)).sin()) as i16).collect()
}

/// Steady noise of a level, the same every time.
pub fn noise(dbfs: f64, rate: u32, secs: u32) -> Vec<i16> {
    let mut state = 1_u32;
    // Evenly spread noise has a third of its greatest power.
    let loudest = 3.0_f64.sqrt() * 32_768.0 * 10.0_f64.powf(dbfs / 20.0);
    let mut next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (loudest * (f64::from(state >> 8) / f64::from(1 << 23) - 1.0)) as i16
    };
    (0..rate * secs).map(|_| next()).collect()
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
