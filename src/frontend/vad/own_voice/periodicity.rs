//! How periodic a sound is: a voice is, a knock or a breath is not.

use std::array;
use std::f32::consts::TAU;
use std::ops::RangeInclusive;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

/// Samples that are compared with each other: 40 ms hold at least two periods of the lowest voice.
pub(super) const WINDOW: usize = 640;

/// A transform in which no lag of a voice wraps around.
const TRANSFORM: usize = 1024;

/// The periods of voices, in samples of 16 kHz: 400 to 70 Hz.
const PERIODS: RangeInclusive<usize> = 40..=228;

/// Finds how periodic a sound is, by its normalised autocorrelation (Boersma 1993).
pub(super) struct Periodicity {
    taper: [f32; WINDOW],
    /// The taper's own autocorrelation at each lag, relative to that at lag 0.
    taper_likeness: Vec<f32>,
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    sound: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
}

impl Periodicity {
    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(TRANSFORM), planner.plan_fft_inverse(TRANSFORM));
        let taper: [f32; WINDOW] = array::from_fn(|i| 0.5 - 0.5 * (TAU * i as f32 / (WINDOW - 1) as f32).cos());
        let likeness = |lag: usize| taper.iter().zip(&taper[lag..]).map(|(a, b)| a * b).sum::<f32>();
        let taper_likeness = (0..=*PERIODS.end()).map(|lag| likeness(lag) / likeness(0)).collect();
        let (sound, spectrum) = (forward.make_input_vec(), forward.make_output_vec());
        Self { taper, taper_likeness, forward, inverse, sound, spectrum }
    }

    /// How alike the sound is to itself one period later, for the period of a voice that fits best: 1 for a vowel, about
    /// 0.3 for noise.
    pub(super) fn of(&mut self, window: &[i16; WINDOW]) -> f32 {
        let mean = window.iter().map(|sample| f32::from(*sample)).sum::<f32>() / WINDOW as f32;
        for ((sound, sample), taper) in self.sound.iter_mut().zip(window).zip(&self.taper) {
            *sound = (f32::from(*sample) - mean) * taper;
        }
        self.sound[WINDOW..].fill(0.0);
        // They fail for buffers of other lengths only, and these are their own.
        let transformed = self.forward.process(&mut self.sound, &mut self.spectrum);
        debug_assert!(transformed.is_ok(), "{transformed:?}");
        for bin in &mut self.spectrum {
            *bin = Complex::new(bin.norm_sqr(), 0.0);
        }
        let transformed = self.inverse.process(&mut self.spectrum, &mut self.sound);
        debug_assert!(transformed.is_ok(), "{transformed:?}");
        let power = self.sound[0].max(f32::EPSILON);
        let likeness = |lag: usize| self.sound[lag] / power / self.taper_likeness[lag];
        PERIODS.map(likeness).fold(0.0, f32::max)
    }
}
