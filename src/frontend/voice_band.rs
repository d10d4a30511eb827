//! What of a sound lies where voices do and a loudspeaker plays: hum, rumble and most of a fan lie below.
//!
//! Whether a copy of the other track is there, and how loud it is, is judged on this part alone, and the soft end of a word is
//! heard in it above a fan. What is given out keeps the rest.

use std::f32::consts::{PI, SQRT_2};
use std::sync::LazyLock;

use crate::audio::BLOCK_SIZE;

/// What lies below is left out: the third harmonic of the mains is 24 dB down.
const LOWEST_HZ: f32 = 300.0;

const RATE_HZ: f32 = 16_000.0;

/// A high-pass of the fourth order for sounds side by side: two Butterworth sections of the second.
#[derive(Clone, Debug)]
pub(super) struct VoiceBands<const SOUNDS: usize> {
    sections: [Section<SOUNDS>; 2],
}

/// What a section in its transposed direct form remembers of each sound.
#[derive(Clone, Copy, Debug)]
struct Section<const SOUNDS: usize> {
    first: [f32; SOUNDS],
    second: [f32; SOUNDS],
}

impl<const SOUNDS: usize> Default for VoiceBands<SOUNDS> {
    fn default() -> Self {
        Self { sections: [Section { first: [0.0; SOUNDS], second: [0.0; SOUNDS] }; 2] }
    }
}

impl<const SOUNDS: usize> VoiceBands<SOUNDS> {
    /// The level of each sound's next block without what lies below, in dBFS; not under −100.
    pub(super) fn levels_dbfs(&mut self, waves: [&[f32; BLOCK_SIZE]; SOUNDS]) -> [f32; SOUNDS] {
        let coefficients = &*COEFFICIENTS;
        let mut sums = [0.0; SOUNDS];
        for i in 0..BLOCK_SIZE {
            let mut samples = waves.map(|wave| wave[i]);
            for section in &mut self.sections {
                section.pass(coefficients, &mut samples);
            }
            for (sum, sample) in sums.iter_mut().zip(samples) {
                *sum += sample * sample;
            }
        }
        self.sections.iter_mut().for_each(Section::forget_the_smallest);
        sums.map(|sum: f32| 10.0 * (sum / BLOCK_SIZE as f32).max(1e-10).log10())
    }
}

impl<const SOUNDS: usize> Section<SOUNDS> {
    #[inline(always)]
    fn pass(&mut self, &Coefficients { norm, a1, a2 }: &Coefficients, samples: &mut [f32; SOUNDS]) {
        for (sound, sample) in samples.iter_mut().enumerate() {
            let input = *sample * norm;
            let output = input + self.first[sound];
            self.first[sound] = self.second[sound] - 2.0 * input - a1 * output;
            self.second[sound] = input - a2 * output;
            *sample = output;
        }
    }

    /// Numbers so small that a processor is slow with them are silence.
    fn forget_the_smallest(&mut self) {
        for memory in self.first.iter_mut().chain(&mut self.second) {
            if memory.abs() < 1e-20 {
                *memory = 0.0;
            }
        }
    }
}

/// A section's coefficients.
struct Coefficients {
    norm: f32,
    a1: f32,
    a2: f32,
}

static COEFFICIENTS: LazyLock<Coefficients> = LazyLock::new(|| {
    let k = (PI * LOWEST_HZ / RATE_HZ).tan();
    let norm = 1.0 / (1.0 + SQRT_2 * k + k * k);
    Coefficients { norm, a1: 2.0 * (k * k - 1.0) * norm, a2: (1.0 - SQRT_2 * k + k * k) * norm }
});
