//! What of a sound lies where voices do and a loudspeaker plays: hum, rumble and most of a fan lie below.
//!
//! Whether a copy of the other track is there, and how loud it is, is judged on this part alone, and the soft end of a word is
//! heard in it above a fan. What is given out keeps the rest.

use std::f32::consts::{PI, SQRT_2};

use crate::audio::BLOCK_SIZE;

/// What lies below is left out: the third harmonic of the mains is 24 dB down.
const LOWEST_HZ: f32 = 300.0;

const RATE_HZ: f32 = 16_000.0;

/// A high-pass of the fourth order: two Butterworth sections of the second.
#[derive(Clone, Debug, Default)]
pub(super) struct VoiceBand {
    sections: [Section; 2],
}

/// What a section in its transposed direct form remembers.
#[derive(Clone, Copy, Debug, Default)]
struct Section {
    first: f32,
    second: f32,
}

impl VoiceBand {
    /// The next block, without what lies below.
    fn pass(&mut self, wave: &[f32; BLOCK_SIZE]) -> [f32; BLOCK_SIZE] {
        let mut out = *wave;
        for section in &mut self.sections {
            section.pass(&mut out);
        }
        out
    }

    /// The level of the next block without what lies below, in dBFS; not under −100.
    pub(super) fn level_dbfs(&mut self, wave: &[f32; BLOCK_SIZE]) -> f32 {
        let power = self.pass(wave).iter().map(|sample| sample * sample).sum::<f32>() / BLOCK_SIZE as f32;
        10.0 * power.max(1e-10).log10()
    }
}

impl Section {
    fn pass(&mut self, wave: &mut [f32; BLOCK_SIZE]) {
        let k = (PI * LOWEST_HZ / RATE_HZ).tan();
        let norm = 1.0 / (1.0 + SQRT_2 * k + k * k);
        let (a1, a2) = (2.0 * (k * k - 1.0) * norm, (1.0 - SQRT_2 * k + k * k) * norm);
        for sample in wave {
            let input = *sample * norm;
            let output = input + self.first;
            self.first = self.second - 2.0 * input - a1 * output;
            self.second = input - a2 * output;
            *sample = output;
        }
        // Numbers so small that a processor is slow with them are silence.
        for memory in [&mut self.first, &mut self.second] {
            if memory.abs() < 1e-20 {
                *memory = 0.0;
            }
        }
    }
}
