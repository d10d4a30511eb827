//! Pitch and spectral envelope of one track, every 10 ms.
//!
//! The pitch is the highest peak of the autocorrelation, divided by that of the window (Boersma 1993); the spectrum is
//! pressed first, so that a strong formant is not taken for the pitch (Tolonen & Karjalainen 2000). The envelope is the
//! power spectrum averaged over one harmonic's width around each point, so that it does not move with the pitch (Morise
//! 2015, CheapTrick).
//!
//! The libraries that track a pitch bring whole array and statistics stacks with them or judge single buffers of a fixed
//! length; a transform there and back is all that it takes.

use std::f32::consts::TAU;
use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::audio::{BLOCK_SIZE, Pcm};
use crate::time::SAMPLE_RATE;

/// Samples of a window: 40 ms, more than two periods of the lowest voice.
const WINDOW: usize = 4 * BLOCK_SIZE;

/// Room for the window and the longest lag, so that the transform's autocorrelation does not wrap around.
const FFT: usize = 1024;

/// The range of voices.
const LOWEST_HZ: f32 = 60.0;
const HIGHEST_HZ: f32 = 500.0;

const RATE: f32 = SAMPLE_RATE as f32;
const SHORTEST_LAG: usize = (RATE / HIGHEST_HZ) as usize;
const LONGEST_LAG: usize = (RATE / LOWEST_HZ) as usize;
const BIN_HZ: f32 = RATE / FFT as f32;

/// The pitch is taken from below this: what lies above is breath more often than voice.
const PITCH_BELOW_HZ: f32 = 1_500.0;

/// What a peak of an octave's longer lag must bring: without it half the pitch, which fits as well, wins by noise.
const OCTAVE_COST: f32 = 0.04;

/// A sound whose first harmonic holds so much of its power is a whistle or a machine: any voice has overtones.
const PURE: f32 = 0.998;

/// A voice is at least so periodic (Boersma 1993 takes 0.45 for any voicing; a held vowel has 0.9 and more).
pub(super) const MIN_PERIODICITY: f32 = 0.5;

/// Points of an envelope.
pub(super) const POINTS: usize = 20;

/// Where the points lie, evenly in mel: from the first formant to the third.
const ENVELOPE_HZ: (f32, f32) = (250.0, 4_000.0);

/// The harmonics of an unvoiced frame are not known: this width serves.
const UNVOICED_WIDTH_HZ: f32 = 200.0;

/// How far under the envelope's peak its floor lies: what is weaker is noise that only flickers.
const ENVELOPE_RANGE: f32 = 1e-4;

/// One window's pitch and timbre. Its middle is [`VoiceAnalyzer::LAG`] blocks before the newest sample.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct VoiceFrame {
    /// The pitch of the best guess in Hz; zero where there is no sound.
    pub(super) f0_hz: f32,
    /// How periodic it is: 1 for a perfect period, near 0 for noise.
    pub(super) periodicity: f32,
    /// The window's level in dB relative to full scale.
    pub(super) level_dbfs: f32,
    /// The spectral envelope in dB, its mean taken off.
    pub(super) envelope: [f32; POINTS],
}

impl VoiceFrame {
    /// A frame without sound.
    pub(super) const SILENT: Self = Self { f0_hz: 0.0, periodicity: 0.0, level_dbfs: -96.0, envelope: [0.0; POINTS] };
}

/// Measures one track.
pub(super) struct VoiceAnalyzer {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    /// The last 40 ms.
    recent: [f32; WINDOW],
    window: [f32; WINDOW],
    /// One over the window's own autocorrelation at each lag.
    correction: Vec<f32>,
    time: Vec<f32>,
    spectrum: Vec<Complex32>,
    scratch: Vec<Complex32>,
    /// Power of the bins before each bin, summed.
    summed: Vec<f32>,
    points_hz: [f32; POINTS],
}

impl VoiceAnalyzer {
    /// Blocks from the middle of a window to its end.
    pub(super) const LAG: usize = WINDOW / BLOCK_SIZE / 2;

    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let (forward, inverse) = (planner.plan_fft_forward(FFT), planner.plan_fft_inverse(FFT));
        let mut window = [0.0; WINDOW];
        let turn = TAU / WINDOW as f32;
        window.iter_mut().enumerate().for_each(|(i, weight)| *weight = 0.5 - 0.5 * (turn * (i as f32 + 0.5)).cos());
        let overlap = |lag: usize| window.iter().zip(&window[lag..]).map(|(a, b)| a * b).sum::<f32>();
        let correction = (0..=LONGEST_LAG + 1).map(|lag| overlap(0) / overlap(lag)).collect();
        let scratch = forward.get_scratch_len().max(inverse.get_scratch_len());
        Self {
            recent: [0.0; WINDOW],
            window,
            correction,
            time: vec![0.0; FFT],
            spectrum: vec![Complex32::ZERO; FFT / 2 + 1],
            scratch: vec![Complex32::ZERO; scratch],
            summed: vec![0.0; FFT / 2 + 2],
            points_hz: points_hz(),
            forward,
            inverse,
        }
    }

    /// Hears the next 10 ms.
    pub(super) fn push(&mut self, pcm: &Pcm) -> VoiceFrame {
        self.recent.copy_within(BLOCK_SIZE.., 0);
        let fresh = &mut self.recent[WINDOW - BLOCK_SIZE..];
        fresh.iter_mut().zip(pcm).for_each(|(slot, sample)| *slot = f32::from(*sample) / 32_768.0);
        let mean = self.recent.iter().sum::<f32>() / WINDOW as f32;
        self.time.fill(0.0);
        for ((slot, sample), weight) in self.time.iter_mut().zip(&self.recent).zip(&self.window) {
            *slot = (sample - mean) * weight;
        }
        // The lengths are the plan's own, the only thing that it can complain of.
        let transformed = self.forward.process_with_scratch(&mut self.time, &mut self.spectrum, &mut self.scratch);
        debug_assert!(transformed.is_ok());
        let mut sum = 0.0;
        for (before, bin) in self.summed.iter_mut().zip(&mut self.spectrum) {
            *before = sum;
            let power = bin.norm_sqr();
            let root = power.sqrt();
            // To the power of 3/4.
            let pressed = root * root.sqrt();
            sum += power;
            *bin = Complex32::new(pressed, 0.0);
        }
        self.summed[FFT / 2 + 1] = sum;
        let level_dbfs = level(sum);
        let (f0_hz, mut periodicity) = self.pitch();
        if self.power_around(f0_hz, f0_hz) > PURE * sum {
            periodicity = 0.0;
        }
        let width = if periodicity > MIN_PERIODICITY { f0_hz } else { UNVOICED_WIDTH_HZ };
        VoiceFrame { f0_hz, periodicity, level_dbfs, envelope: self.envelope(width) }
    }

    /// The pitch and how sure it is; leaves the spectrum changed.
    fn pitch(&mut self) -> (f32, f32) {
        let edge = (PITCH_BELOW_HZ / BIN_HZ) as usize;
        self.spectrum[edge..].fill(Complex32::ZERO);
        let transformed = self.inverse.process_with_scratch(&mut self.spectrum, &mut self.time, &mut self.scratch);
        debug_assert!(transformed.is_ok());
        let energy = self.time[0];
        if energy <= f32::EPSILON {
            return (0.0, 0.0);
        }
        let height = |lag: usize| self.time[lag] / energy * self.correction[lag];
        let mut best = (0.0, 0.0, f32::MIN);
        for lag in SHORTEST_LAG..=LONGEST_LAG {
            let (before, here, after) = (height(lag - 1), height(lag), height(lag + 1));
            if here < before || here <= after || here <= 0.0 {
                continue;
            }
            let (shift, peak) = vertex(before, here, after);
            let lag = lag as f32 + shift;
            let worth = peak - OCTAVE_COST * lag.log2();
            if worth > best.2 {
                best = (RATE / lag, peak.min(1.0), worth);
            }
        }
        (best.0, best.1)
    }

    fn envelope(&self, width_hz: f32) -> [f32; POINTS] {
        let mut envelope = self.points_hz.map(|hz| self.power_around(hz, width_hz));
        let floor = envelope.iter().copied().fold(1e-12, f32::max) * ENVELOPE_RANGE;
        envelope.iter_mut().for_each(|power| *power = 10.0 * (*power + floor).log10());
        let mean = envelope.iter().sum::<f32>() / POINTS as f32;
        envelope.map(|point| point - mean)
    }

    /// Power in a band with this middle and width.
    fn power_around(&self, hz: f32, width_hz: f32) -> f32 {
        let half = width_hz / 2.0;
        self.summed_before((hz + half) / BIN_HZ) - self.summed_before((hz - half) / BIN_HZ)
    }

    /// Power below a fractional bin's place.
    fn summed_before(&self, bin: f32) -> f32 {
        let bin = (bin + 0.5).clamp(0.0, (FFT / 2) as f32);
        let (whole, part) = (bin as usize, bin.fract());
        self.summed[whole] + (self.summed[whole + 1] - self.summed[whole]) * part
    }
}

/// The level of a windowed spectrum in dB relative to full scale, from half its bins' power.
fn level(power: f32) -> f32 {
    let mean = 2.0 * power / FFT as f32 / (0.375 * WINDOW as f32);
    (10.0 * mean.log10()).max(-96.0)
}

/// Where a parabola through three points has its peak, relative to the middle one, and how high that is.
fn vertex(before: f32, here: f32, after: f32) -> (f32, f32) {
    let bend = before - 2.0 * here + after;
    if bend >= 0.0 {
        return (0.0, here);
    }
    let shift = 0.5 * (before - after) / bend;
    (shift, here - 0.25 * (before - after) * shift)
}

fn points_hz() -> [f32; POINTS] {
    let mel = |hz: f32| (1.0 + hz / 700.0).ln();
    let (low, high) = (mel(ENVELOPE_HZ.0), mel(ENVELOPE_HZ.1));
    let mut points = [0.0; POINTS];
    for (i, point) in points.iter_mut().enumerate() {
        *point = 700.0 * ((low + (high - low) * i as f32 / (POINTS - 1) as f32).exp() - 1.0);
    }
    points
}
