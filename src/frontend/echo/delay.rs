//! When does the far end reach the microphone? Cross-correlation with phase transform (Knapp & Carter 1976, GCC-PHAT).
//!
//! Owns the lag of the leak and how surely there is one. It needs no canceller, so it knows within a second of far-end
//! speech, sees a leak that comes before its own reference, and finds nothing on a headset.

use std::collections::VecDeque;
use std::sync::Arc;

use realfft::num_complex::Complex32;
use realfft::{ComplexToReal, RealFftPlanner, RealToComplex};

use crate::audio::{BLOCK_SIZE, Pcm};

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
    near: VecDeque<f32>,
    far: VecDeque<f32>,
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
            history.extend(pcm.iter().map(|sample| f32::from(*sample) / 32_768.0));
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
        self.near.iter().filter(|sample| **sample == 0.0).count() > self.lags.near() / GATED
    }

    fn far_speaks(&mut self) -> bool {
        let power = self.far.range(self.lags.before..self.lags.before + FAR).map(|sample| sample * sample).sum::<f32>()
            / FAR as f32;
        let level = 10.0 * power.max(1e-10).log10();
        self.loudest_dbfs = (self.loudest_dbfs - FORGETS_DB).max(level);
        level > ACTIVE_DBFS.max(self.loudest_dbfs - ACTIVE_BELOW_DB)
    }

    fn compare(&mut self, except: Option<i32>) -> Option<LagEstimate> {
        let mut near: Vec<f32> = self.near.iter().copied().collect();
        let mut far = vec![0.0; self.lags.near()];
        for (i, (into, sample)) in
            far.iter_mut().zip(self.far.range(self.lags.before..self.lags.before + FAR)).enumerate()
        {
            let hann = 0.5 - 0.5 * (std::f32::consts::TAU * i as f32 / FAR as f32).cos();
            *into = sample * hann;
        }
        let (mut spectrum, mut reference) = (self.forward.make_output_vec(), self.forward.make_output_vec());
        // Both refuse other lengths only, and the buffers are of their making.
        self.forward.process(&mut near, &mut spectrum).ok()?;
        self.forward.process(&mut far, &mut reference).ok()?;
        let strongest = reference.iter().map(|bin| bin.norm_sqr()).fold(0.0, f32::max);
        for (bin, reference) in spectrum.iter_mut().zip(&reference) {
            let cross = *bin * reference.conj();
            let weak = reference.norm_sqr() < strongest * WEAK * WEAK || cross.norm_sqr() == 0.0;
            *bin = if weak { Complex32::default() } else { cross / cross.norm() };
        }
        self.spectra.push_back(spectrum);
        if self.spectra.len() > AVERAGED {
            self.spectra.pop_front();
        }
        let mut sum = self.inverse.make_input_vec();
        for spectrum in &self.spectra {
            sum.iter_mut().zip(spectrum).for_each(|(sum, bin)| *sum += bin);
        }
        // A real signal has no phase at either end; the sum has none but for rounding.
        for end in [0, self.lags.near() / 2] {
            sum[end].im = 0.0;
        }
        let mut correlation = self.inverse.make_output_vec();
        self.inverse.process(&mut sum, &mut correlation).ok()?;
        if let Some(except) = except {
            let at = except + self.lags.before as i32;
            let place = |lag: i32| lag.clamp(0, self.lags.count() as i32) as usize;
            correlation[place(at - EXCEPT)..place(at + EXCEPT)].fill(0.0);
        }
        Some(peak(&mut correlation[..self.lags.count()], self.spectra.len(), self.lags))
    }
}

/// The strongest lag against the median of all.
fn peak(correlation: &mut [f32], averaged: usize, lags: Lags) -> LagEstimate {
    correlation.iter_mut().for_each(|value| *value = value.abs());
    let (at, strongest) =
        correlation.iter().copied().enumerate().fold((0, 0.0), |best, each| if each.1 > best.1 { each } else { best });
    let middle = correlation.len() / 2;
    let (_, median, _) = correlation.select_nth_unstable_by(middle, f32::total_cmp);
    // A normal distribution's median lies at 0.6745 standard deviations.
    let deviation = *median / 0.6745;
    let strength = if deviation > 0.0 { strongest / deviation } else { 0.0 };
    LagEstimate { lag: at as i32 - lags.before as i32, strength, averaged }
}
