//! A linear echo canceller: a partitioned-block frequency-domain adaptive Kalman filter.
//!
//! Owns the estimate of the path from a reference into a track, and nothing of what is done with it. The filter learns
//! fast from what the reference explains and slowly while somebody else speaks, since the Kalman gain weighs the spread of
//! its own estimate against the power of what it cannot explain (Enzner & Vary 2006; Kuech, Mabande & Enzner 2014).

use std::collections::VecDeque;
use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::audio::BLOCK_SIZE;

/// Samples of a transform: a block and the one before (overlap-save).
const FRAME: usize = 2 * BLOCK_SIZE;

/// Frequencies of a half spectrum, 50 Hz apart.
pub(super) const BINS: usize = FRAME / 2 + 1;

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

/// The path from a reference into a track.
#[derive(Clone)]
pub(super) struct Filter {
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    before: Wave,
    /// Spectra of the reference, the newest first.
    reference: VecDeque<Vec<Complex32>>,
    weights: Vec<Vec<Complex32>>,
    spread: Vec<Vec<f32>>,
    unexplained: Vec<f32>,
    started: bool,
    /// The partition whose weights are next cut to the length of a block.
    next: usize,
}

impl Filter {
    pub(super) fn new() -> Self {
        let mut planner = RealFftPlanner::new();
        Self {
            forward: planner.plan_fft_forward(FRAME),
            inverse: planner.plan_fft_inverse(FRAME),
            before: [0.0; BLOCK_SIZE],
            reference: VecDeque::from(vec![vec![Complex32::default(); BINS]; PARTITIONS]),
            weights: vec![vec![Complex32::default(); BINS]; PARTITIONS],
            spread: (0..PARTITIONS).map(|p| vec![first_spread(p); BINS]).collect(),
            unexplained: vec![0.0; BINS],
            started: false,
            next: 0,
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
        let mut newest = self.reference.pop_back().unwrap_or_else(|| vec![Complex32::default(); BINS]);
        let _ = self.forward.process(&mut time, &mut newest);
        self.reference.push_front(newest);

        let mut sum = vec![Complex32::default(); BINS];
        for (weights, reference) in self.weights.iter().zip(&self.reference) {
            for ((sum, weight), bin) in sum.iter_mut().zip(weights).zip(reference) {
                *sum += weight * bin;
            }
        }
        let explained = self.back(&mut sum);
        let mut echo = [0.0; BLOCK_SIZE];
        echo.copy_from_slice(&explained[BLOCK_SIZE..]);
        let residual: Wave = std::array::from_fn(|i| near[i] - echo[i]);
        self.learn(&residual);
        Filtered { residual, echo }
    }

    fn back(&self, spectrum: &mut [Complex32]) -> [f32; FRAME] {
        let mut time = [0.0; FRAME];
        spectrum[0].im = 0.0;
        spectrum[BINS - 1].im = 0.0;
        let _ = self.inverse.process(spectrum, &mut time);
        time.map(|sample| sample / FRAME as f32)
    }

    fn learn(&mut self, residual: &Wave) {
        let mut time = [0.0; FRAME];
        time[BLOCK_SIZE..].copy_from_slice(residual);
        let mut error = vec![Complex32::default(); BINS];
        let _ = self.forward.process(&mut time, &mut error);
        let keep = if self.started { REMEMBERED } else { 0.0 };
        self.started = true;
        for (power, bin) in self.unexplained.iter_mut().zip(&error) {
            *power = *power * keep + bin.norm_sqr() * (1.0 - keep);
        }
        let mut expected: Vec<f32> = self.unexplained.iter().map(|power| 2.0 * power + 1e-7).collect();
        for (spread, reference) in self.spread.iter().zip(&self.reference) {
            for ((expected, spread), bin) in expected.iter_mut().zip(spread).zip(reference) {
                *expected += spread * bin.norm_sqr();
            }
        }
        for ((weights, spread), reference) in self.weights.iter_mut().zip(&mut self.spread).zip(&self.reference) {
            for (i, bin) in reference.iter().enumerate() {
                let gain = spread[i] / expected[i];
                weights[i] += bin.conj() * error[i] * gain;
                let explained = (0.5 * gain * bin.norm_sqr()).min(1.0);
                spread[i] =
                    STAYS * STAYS * (1.0 - explained) * spread[i] + (1.0 - STAYS * STAYS) * weights[i].norm_sqr();
            }
        }
        for _ in 0..2 {
            let mut weights = std::mem::take(&mut self.weights[self.next]);
            let mut taps = self.back(&mut weights);
            taps[BLOCK_SIZE..].fill(0.0);
            let _ = self.forward.process(&mut taps, &mut weights);
            self.weights[self.next] = weights;
            self.next = (self.next + 1) % PARTITIONS;
        }
    }
}

/// The spread of the first estimate of a partition's weights.
fn first_spread(partition: usize) -> f32 {
    SPREAD * SPREAD_FALLS.powi(partition as i32)
}
