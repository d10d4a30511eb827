//! Log-mel filter bank energies as Kaldi computes them (its `fbank` features, without dither).

use std::array;
use std::f64::consts::PI;
use std::sync::Arc;

use realfft::num_complex::Complex;
use realfft::{RealFftPlanner, RealToComplex};

use super::shape::BANDS;
use crate::audio::vectorized;

/// Samples of a window: 25 ms at 16 kHz …
pub(super) const WINDOW: usize = 400;

/// … and of its transform.
const TRANSFORM: usize = 512;

/// The highest bin, at half the rate, lies on the upper edge of the highest band.
const BINS: usize = TRANSFORM / 2;

const RATE_HZ: f64 = 16_000.0;

/// The lower edge of the lowest band; the upper one of the highest is at half the rate.
const LOWEST_HZ: f64 = 20.0;

/// How much of a sample's predecessor is taken off it.
const PRE_EMPHASIS: f32 = 0.97;

/// No energy is taken for less: that of silence has no logarithm.
const FLOOR: f32 = f32::EPSILON;

/// The filter bank, with what it needs to compute.
pub(super) struct Fbank {
    taper: [f32; WINDOW],
    bands: Vec<MelBand>,
    fft: Arc<dyn RealToComplex<f32>>,
    sound: Vec<f32>,
    spectrum: Vec<Complex<f32>>,
    power: [f32; BINS],
    scratch: Vec<Complex<f32>>,
}

/// A band's triangle: what each bin from the first one on counts.
struct MelBand {
    first: usize,
    weights: Vec<f32>,
}

impl Fbank {
    pub(super) fn new() -> Self {
        let fft = RealFftPlanner::new().plan_fft_forward(TRANSFORM);
        Self {
            taper: array::from_fn(|i| povey(i) as f32),
            bands: (0..BANDS).map(triangle).collect(),
            sound: fft.make_input_vec(),
            spectrum: fft.make_output_vec(),
            power: [0.0; BINS],
            scratch: fft.make_scratch_vec(),
            fft,
        }
    }

    /// The natural logarithm of each band's energy in a window of 16-bit samples whose power is taken this many times, the
    /// lowest band first.
    pub(super) fn log_energies(&mut self, window: &[i16; WINDOW], gain: f32) -> [f32; BANDS] {
        vectorized(
            #[inline(always)]
            || self.fill(window),
        );
        // It fails for buffers of another length only, and these are its own.
        let done = self.fft.process_with_scratch(&mut self.sound, &mut self.spectrum, &mut self.scratch);
        debug_assert!(done.is_ok(), "{done:?}");
        for (power, bin) in self.power.iter_mut().zip(&self.spectrum) {
            *power = bin.norm_sqr();
        }
        array::from_fn(|band| {
            let MelBand { first, weights } = &self.bands[band];
            let energy: f32 = self.power[*first..].iter().zip(weights).map(|(power, weight)| power * weight).sum();
            (energy * gain).max(FLOOR).ln()
        })
    }

    /// Writes a window down as it is transformed.
    #[inline(always)]
    fn fill(&mut self, window: &[i16; WINDOW]) {
        let sum: i32 = window.iter().map(|sample| i32::from(*sample)).sum();
        let mean = sum as f32 / WINDOW as f32;
        let mut levels = [0.0; WINDOW];
        for (level, sample) in levels.iter_mut().zip(window) {
            *level = f32::from(*sample) - mean;
        }
        // The first sample's predecessor is itself.
        self.sound[0] = (levels[0] - PRE_EMPHASIS * levels[0]) * self.taper[0];
        let sound = self.sound[1..WINDOW].iter_mut();
        for (((sound, level), before), taper) in sound.zip(&levels[1..]).zip(&levels).zip(&self.taper[1..]) {
            *sound = (level - PRE_EMPHASIS * before) * taper;
        }
        self.sound[WINDOW..].fill(0.0);
    }
}

/// Kaldi's own window function, which it calls after Daniel Povey.
fn povey(sample: usize) -> f64 {
    (0.5 - 0.5 * (2.0 * PI * sample as f64 / (WINDOW - 1) as f64).cos()).powf(0.85)
}

fn mel(hz: f64) -> f64 {
    1127.0 * (hz / 700.0).ln_1p()
}

/// The triangle of a band: its edges are the middles of its neighbours, and its sides straight lines over mel.
fn triangle(band: usize) -> MelBand {
    let (lowest, highest) = (mel(LOWEST_HZ), mel(RATE_HZ / 2.0));
    let step = (highest - lowest) / (BANDS + 1) as f64;
    let lower = lowest + band as f64 * step;
    let weight = |bin: usize| {
        let at = (mel(bin as f64 * RATE_HZ / TRANSFORM as f64) - lower) / step;
        (1.0 - (at - 1.0).abs()).max(0.0) as f32
    };
    let first = (0..BINS).find(|bin| weight(*bin) > 0.0).unwrap_or(0);
    MelBand { first, weights: (first..BINS).map(weight).take_while(|weight| *weight > 0.0).collect() }
}
