//! When does the far end reach the microphone? Cross-correlation with phase transform (Knapp & Carter 1976, GCC-PHAT).
//!
//! Owns the lag of the leak and how surely there is one. It needs no canceller, so it knows within a second of far-end
//! speech, sees a leak that comes before its own reference, and finds nothing on a headset.

use std::collections::VecDeque;
use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::audio::{BLOCK_SIZE, Pcm, vectorized};

/// Samples of the reference that are looked for at once: half a second.
const FAR: usize = 8_192;

/// Lags that are looked at, in samples after the reference: which of them, by what is looked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Lags {
    /// How far before its reference the copy may lie.
    before: usize,
    /// How far after it.
    after: usize,
}

impl Lags {
    /// The far end in the microphone: 150 ms before its reference, what a late loopback is seen to have, to 360 ms after.
    pub(super) const LEAK: Self = Self { before: 2_400, after: 5_792 };

    /// My own voice on the far end's line, which a network has carried there and back: to 750 ms after.
    pub(super) const RETURN: Self = Self { before: 0, after: 12_288 };

    /// A copy that lies no later than this may be the other way round.
    pub(super) const EARLIEST: i32 = 2_400 + 320;

    /// Whether what is looked for is my own voice.
    pub(super) const fn is_return(self) -> bool {
        self.after == Self::RETURN.after
    }

    const fn count(self) -> usize {
        self.before + self.after
    }

    /// Samples of the track that are compared at once.
    const fn near(self) -> usize {
        self.count() + FAR
    }
}

/// Blocks between comparisons.
const HOP: usize = 25;

/// Comparisons that are averaged: two seconds of far-end speech, after which a leak that ended is forgotten.
const AVERAGED: usize = 8;

/// The far end is compared while it is this loud, and not this much quieter than it has been: its noise says nothing.
const ACTIVE_DBFS: f32 = -55.0;
const ACTIVE_BELOW_DB: f32 = 25.0;

/// How fast the loudest far end is forgotten, a comparison: 20 dB in a minute and a half.
const FORGETS_DB: f32 = 0.05;

/// Frequencies this far under the far end's strongest hold its noise.
const WEAK: f32 = 0.003;

/// If more than one sample in this many is digitally silent, too little of the track is left to compare.
const GATED: usize = 4;

/// What lies within 20 ms of a lag belongs to it; in samples.
const EXCEPT: i32 = 320;

/// What one comparison says.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct LagEstimate {
    /// How many samples after the far end the leak is heard; negative where it comes first.
    pub(super) lag: i32,
    /// The correlation's peak over its noise (the standard deviation by the median). Chance reaches 7 at the most,
    /// with few comparisons; a leak at −25 dB is seldom under that.
    pub(super) strength: f32,
    /// How many comparisons it rests on.
    pub(super) averaged: usize,
}

/// Looks for the far end in the microphone, four times a second.
pub(super) struct DelayEstimator {
    lags: Lags,
    forward: Arc<dyn RealToComplex<f32>>,
    inverse: Arc<dyn ComplexToReal<f32>>,
    near: VecDeque<i16>,
    far: VecDeque<i16>,
    /// What the far end's stretch is tapered by.
    taper: Vec<f32>,
    /// Blocks until the next comparison.
    wait: usize,
    loudest_dbfs: f32,
    /// Whitened cross spectra of the last comparisons.
    spectra: VecDeque<Vec<Complex32>>,
}

impl DelayEstimator {
    pub(super) fn new(lags: Lags) -> Self {
        let mut planner = RealFftPlanner::new();
        let near = lags.near();
        Self {
            lags,
            forward: planner.plan_fft_forward(near),
            inverse: planner.plan_fft_inverse(near),
            near: VecDeque::with_capacity(near + BLOCK_SIZE),
            far: VecDeque::with_capacity(near + BLOCK_SIZE),
            taper: (0..FAR).map(|i| 0.5 - 0.5 * (std::f32::consts::TAU * i as f32 / FAR as f32).cos()).collect(),
            wait: HOP,
            loudest_dbfs: ACTIVE_DBFS,
            spectra: VecDeque::with_capacity(AVERAGED + 1),
        }
    }

    /// Hears the next block of both; a likeness if a comparison was due and the far end was speaking.
    ///
    /// Lags near `except` are not looked at: another copy lies there.
    pub(super) fn push(&mut self, near: &Pcm, far: &Pcm, except: Option<i32>) -> Option<LagEstimate> {
        for (history, pcm) in [(&mut self.near, near), (&mut self.far, far)] {
            history.extend(pcm);
            history.drain(..history.len().saturating_sub(self.lags.near()));
        }
        self.wait -= 1;
        if self.wait > 0 {
            return None;
        }
        self.wait = HOP;
        if self.near.len() < self.lags.near() || !self.far_speaks() || self.gated() {
            return None;
        }
        self.compare(except)
    }

    /// Whether the microphone's own gate leaves too little of it: a few words between digital silence are like anything
    /// at some lag.
    fn gated(&self) -> bool {
        self.near.iter().filter(|sample| **sample == 0).count() > self.lags.near() / GATED
    }

    fn far_speaks(&mut self) -> bool {
        let squares = self.far.range(self.lags.before..self.lags.before + FAR).map(|sample| i64::from(*sample).pow(2));
        let power = squares.sum::<i64>() as f32 / FAR as f32 / 32_768.0_f32.powi(2);
        let level = 10.0 * power.max(1e-10).log10();
        self.loudest_dbfs = (self.loudest_dbfs - FORGETS_DB).max(level);
        level > ACTIVE_DBFS.max(self.loudest_dbfs - ACTIVE_BELOW_DB)
    }

    fn compare(&mut self, except: Option<i32>) -> Option<LagEstimate> {
        let mut near: Vec<f32> = self.near.iter().map(|sample| f32::from(*sample) / 32_768.0).collect();
        let mut far = vec![0.0; self.lags.near()];
        let stretch = self.far.range(self.lags.before..self.lags.before + FAR);
        for ((into, sample), taper) in far.iter_mut().zip(stretch).zip(&self.taper) {
            *into = f32::from(*sample) / 32_768.0 * taper;
        }
        let mut spectrum = match self.spectra.len() < AVERAGED {
            true => self.forward.make_output_vec(),
            false => self.spectra.pop_front()?,
        };
        let mut reference = self.forward.make_output_vec();
        let scratch = self.forward.get_scratch_len().max(self.inverse.get_scratch_len());
        let mut scratch = vec![Complex32::default(); scratch];
        // All refuse other lengths only, and the buffers are of their making.
        self.forward.process_with_scratch(&mut near, &mut spectrum, &mut scratch).ok()?;
        self.forward.process_with_scratch(&mut far, &mut reference, &mut scratch).ok()?;
        vectorized(
            #[inline(always)]
            || whiten(&mut spectrum, &reference),
        );
        self.spectra.push_back(spectrum);
        let (mut sum, mut correlation) = (reference, near);
        sum.fill(Complex32::default());
        vectorized(
            #[inline(always)]
            || {
                for spectrum in &self.spectra {
                    sum.iter_mut().zip(spectrum).for_each(|(sum, bin)| *sum += bin);
                }
            },
        );
        // A real signal has no phase at either end; the sum has none but for rounding.
        for end in [0, self.lags.near() / 2] {
            sum[end].im = 0.0;
        }
        self.inverse.process_with_scratch(&mut sum, &mut correlation, &mut scratch).ok()?;
        if let Some(except) = except {
            let at = except + self.lags.before as i32;
            let place = |lag: i32| lag.clamp(0, self.lags.count() as i32) as usize;
            correlation[place(at - EXCEPT)..place(at + EXCEPT)].fill(0.0);
        }
        Some(peak(&correlation[..self.lags.count()], self.spectra.len(), self.lags))
    }
}

/// Makes the cross spectrum with the reference out of a spectrum, with nothing left of it but its phase.
#[inline(always)]
fn whiten(spectrum: &mut [Complex32], reference: &[Complex32]) {
    let mut strongest = [0.0_f32; 16];
    for bins in reference.chunks(strongest.len()) {
        strongest.iter_mut().zip(bins).for_each(|(strongest, bin)| *strongest = strongest.max(bin.norm_sqr()));
    }
    let weakest = strongest.into_iter().fold(0.0, f32::max) * WEAK * WEAK;
    for (bin, reference) in spectrum.iter_mut().zip(reference) {
        let cross = *bin * reference.conj();
        let power = cross.norm_sqr();
        let weak = reference.norm_sqr() < weakest || power == 0.0;
        *bin = if weak { Complex32::default() } else { cross / power.sqrt() };
    }
}

/// The strongest lag against the median of all.
fn peak(correlation: &[f32], averaged: usize, lags: Lags) -> LagEstimate {
    // What is not negative has the order of its bits, and whole numbers are sorted faster.
    let mut values: Vec<u32> = correlation.iter().map(|value| value.abs().to_bits()).collect();
    let strongest = values.iter().copied().max().unwrap_or(0);
    let at = values.iter().position(|value| *value == strongest).unwrap_or(0);
    let middle = values.len() / 2;
    let (_, median, _) = values.select_nth_unstable(middle);
    // A normal distribution's median lies at 0.6745 standard deviations.
    let deviation = f32::from_bits(*median) / 0.6745;
    let strength = if deviation > 0.0 { f32::from_bits(strongest) / deviation } else { 0.0 };
    LagEstimate { lag: at as i32 - lags.before as i32, strength, averaged }
}
