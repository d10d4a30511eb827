//! A linear echo canceller: a partitioned-block frequency-domain adaptive Kalman filter.
//!
//! Owns the estimate of the path from a reference into a track, and nothing of what is done with it. The filter learns
//! fast from what the reference explains and slowly while somebody else speaks, since the Kalman gain weighs the spread of
//! its own estimate against the power of what it cannot explain (Enzner & Vary 2006; Kuech, Mabande & Enzner 2014).

use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::audio::{BLOCK_SIZE, vectorized};

/// Samples of a transform: a block and the one before (overlap-save).
const FRAME: usize = 2 * BLOCK_SIZE;

/// Frequencies of a half spectrum, 50 Hz apart.
pub(super) const BINS: usize = FRAME / 2 + 1;

/// The same, in whole vectors.
const PADDED: usize = BINS.next_multiple_of(16);

/// Blocks of the path that are estimated: 200 ms from the first that can hold anything.
pub(super) const PARTITIONS: usize = 20;

/// What of the path stays as it is from one block to the next.
const STAYS: f32 = 0.999;

/// How much of the power that was not explained is remembered from one block to the next.
const REMEMBERED: f32 = 0.4;

/// How the spread of the first estimate falls with each partition: 1 dB.
const SPREAD_FALLS: f32 = 0.794;

/// The spread of the first estimate's first partition: a leak as loud as its reference.
const SPREAD: f32 = 0.1;

/// A block of samples from −1 to 1.
pub(super) type Wave = [f32; BLOCK_SIZE];

/// What the filter made of one block.
pub(super) struct Filtered {
    /// The track without what the reference explains.
    pub(super) residual: Wave,
    /// What the reference explains.
    pub(super) echo: Wave,
}

/// A half spectrum, its real and its imaginary parts each in a row, as vectors take them. What lies behind the last bin is
/// zero.
#[derive(Clone)]
struct Spectrum {
    re: [f32; PADDED],
    im: [f32; PADDED],
}

/// The path from a reference into a track.
#[derive(Clone)]
pub(super) struct Filter {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    before: Wave,
    /// Spectra of the reference, in a ring: the newest one is at `newest`, older ones follow.
    reference: Box<[Spectrum; PARTITIONS]>,
    newest: usize,
    weights: Box<[Spectrum; PARTITIONS]>,
    spread: Box<[[f32; PADDED]; PARTITIONS]>,
    unexplained: [f32; PADDED],
    started: bool,
    /// The partition whose weights are next cut to the length of a block.
    next: usize,
    /// What the transforms work on; between blocks it means nothing.
    bins: Vec<Complex32>,
    scratch: Vec<Complex32>,
}

impl Spectrum {
    const ZERO: Self = Self { re: [0.0; PADDED], im: [0.0; PADDED] };

    /// Of these bins.
    fn of(bins: &[Complex32]) -> Self {
        let mut spectrum = Self::ZERO;
        for ((re, im), bin) in spectrum.re.iter_mut().zip(&mut spectrum.im).zip(bins) {
            (*re, *im) = (bin.re, bin.im);
        }
        spectrum
    }

    /// Writes its bins down.
    fn write(&self, bins: &mut [Complex32]) {
        for ((bin, re), im) in bins.iter_mut().zip(&self.re).zip(&self.im) {
            *bin = Complex32::new(*re, *im);
        }
    }
}

impl Filter {
    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        let forward = planner.plan_fft_forward(FRAME);
        let inverse = planner.plan_fft_inverse(FRAME);
        Self {
            before: [0.0; BLOCK_SIZE],
            reference: Box::new([Spectrum::ZERO; PARTITIONS]),
            newest: 0,
            weights: Box::new([Spectrum::ZERO; PARTITIONS]),
            spread: Box::new(std::array::from_fn(|partition| [first_spread(partition); PADDED])),
            unexplained: [0.0; PADDED],
            started: false,
            next: 0,
            bins: forward.make_output_vec(),
            scratch: vec![Complex32::default(); forward.get_scratch_len().max(inverse.get_scratch_len())],
            forward,
            inverse,
        }
    }

    /// The same estimate, of which nothing is sure: it learns as fast as a new one.
    pub(super) fn unsure(mut self) -> Self {
        for (partition, spread) in self.spread.iter_mut().enumerate() {
            spread.iter_mut().for_each(|spread| *spread = spread.max(first_spread(partition)));
        }
        self
    }

    /// Hears the next block of the track and of its reference.
    pub(super) fn push(&mut self, near: &Wave, reference: &Wave) -> Filtered {
        let mut time = [0.0; FRAME];
        time[..BLOCK_SIZE].copy_from_slice(&self.before);
        time[BLOCK_SIZE..].copy_from_slice(reference);
        self.before = *reference;
        self.newest = (self.newest + PARTITIONS - 1) % PARTITIONS;
        self.reference[self.newest] = self.spectrum(&mut time);

        let explained = vectorized(
            #[inline(always)]
            || self.explain(),
        );
        let explained = self.sound(&explained);
        let mut echo = [0.0; BLOCK_SIZE];
        echo.copy_from_slice(&explained[BLOCK_SIZE..]);
        let residual: Wave = std::array::from_fn(|i| near[i] - echo[i]);
        self.learn(&residual);
        Filtered { residual, echo }
    }

    /// The spectrum of a frame, which is used up.
    fn spectrum(&mut self, time: &mut [f32; FRAME]) -> Spectrum {
        // Refused for other lengths only, as is the way back.
        let _ = self.forward.process_with_scratch(time, &mut self.bins, &mut self.scratch);
        Spectrum::of(&self.bins)
    }

    /// The frame of a spectrum.
    fn sound(&mut self, spectrum: &Spectrum) -> [f32; FRAME] {
        spectrum.write(&mut self.bins);
        self.bins[0].im = 0.0;
        self.bins[BINS - 1].im = 0.0;
        let mut time = [0.0; FRAME];
        let _ = self.inverse.process_with_scratch(&mut self.bins, &mut time, &mut self.scratch);
        time.map(|sample| sample / FRAME as f32)
    }

    /// What the reference explains of the newest frame.
    #[inline(always)]
    fn explain(&self) -> Spectrum {
        let mut sum = Spectrum::ZERO;
        for (partition, weights) in self.weights.iter().enumerate() {
            let reference = &self.reference[(self.newest + partition) % PARTITIONS];
            for i in 0..PADDED {
                sum.re[i] += weights.re[i] * reference.re[i] - weights.im[i] * reference.im[i];
                sum.im[i] += weights.re[i] * reference.im[i] + weights.im[i] * reference.re[i];
            }
        }
        sum
    }

    fn learn(&mut self, residual: &Wave) {
        let mut time = [0.0; FRAME];
        time[BLOCK_SIZE..].copy_from_slice(residual);
        let error = self.spectrum(&mut time);
        let keep = if self.started { REMEMBERED } else { 0.0 };
        self.started = true;
        vectorized(
            #[inline(always)]
            || self.update(&error, keep),
        );
        for _ in 0..2 {
            let mut taps = self.sound(&self.weights[self.next].clone());
            taps[BLOCK_SIZE..].fill(0.0);
            self.weights[self.next] = self.spectrum(&mut taps);
            self.next = (self.next + 1) % PARTITIONS;
        }
    }

    /// Moves the weights by what of the error the reference can explain. `keep` is the part of the power that was not
    /// explained before which is remembered.
    #[inline(always)]
    #[allow(clippy::needless_range_loop, reason = "many rows go side by side")]
    fn update(&mut self, error: &Spectrum, keep: f32) {
        let mut expected = [0.0; PADDED];
        for i in 0..PADDED {
            let power = error.re[i] * error.re[i] + error.im[i] * error.im[i];
            self.unexplained[i] = self.unexplained[i] * keep + power * (1.0 - keep);
            expected[i] = 2.0 * self.unexplained[i] + 1e-7;
        }
        for (partition, spread) in self.spread.iter().enumerate() {
            let reference = &self.reference[(self.newest + partition) % PARTITIONS];
            for i in 0..PADDED {
                let power = reference.re[i] * reference.re[i] + reference.im[i] * reference.im[i];
                expected[i] += spread[i] * power;
            }
        }
        for (partition, (weights, spread)) in self.weights.iter_mut().zip(self.spread.iter_mut()).enumerate() {
            let reference = &self.reference[(self.newest + partition) % PARTITIONS];
            for i in 0..PADDED {
                let (re, im) = (reference.re[i], -reference.im[i]);
                let gain = spread[i] / expected[i];
                weights.re[i] += (re * error.re[i] - im * error.im[i]) * gain;
                weights.im[i] += (re * error.im[i] + im * error.re[i]) * gain;
                let explained = (0.5 * gain * (re * re + im * im)).min(1.0);
                let weight = weights.re[i] * weights.re[i] + weights.im[i] * weights.im[i];
                spread[i] = STAYS * STAYS * (1.0 - explained) * spread[i] + (1.0 - STAYS * STAYS) * weight;
            }
        }
    }
}

/// The spread of the first estimate of a partition's weights.
fn first_spread(partition: usize) -> f32 {
    SPREAD * SPREAD_FALLS.powi(partition as i32)
}
