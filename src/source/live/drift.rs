//! The far end, stretched by parts per million to the microphone's clock.

use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{Adjustable as _, Async, FixedAsync, Resampler as _, SincInterpolationParameters, WindowFunction};

use super::rate_converter::ConversionError;
use crate::audio::BLOCK_SIZE;
use crate::time::SAMPLE_RATE;

/// The rates hardly differ, so a short filter does; it delays by 2 ms.
const SINC: usize = 64;

/// The most that the far end is stretched by. Sound cards differ by 0.02 % at most; the rest of it corrects a
/// position, 1 ms in half a second, and is a thirtieth of a semitone.
const MAX_STRETCH: f64 = 0.002;

/// Seconds in which an offset is corrected. Long against the windows in which it is measured.
const RESPONSE: f64 = 10.0;

/// Stretches, and steers by how much.
pub(super) struct Drift {
    resampler: Async<f32>,
    /// Samples taken in advance of those given out, once it runs.
    buffered: usize,
    /// The part of the correction that stays: what the clocks differ by.
    difference: f64,
}

impl Drift {
    pub(super) fn new() -> Result<Self, ConversionError> {
        let sinc = SincInterpolationParameters::new(SINC, WindowFunction::BlackmanHarris2);
        let resampler = Async::new_sinc(1.0, 1.0 + 2.0 * MAX_STRETCH, &sinc, BLOCK_SIZE, 1, FixedAsync::Output)?;
        Ok(Self { resampler, buffered: 0, difference: 0.0 })
    }

    /// Samples needed for the next block.
    pub(super) fn needed(&self) -> usize {
        self.resampler.input_frames_next()
    }

    /// By how many samples what goes in comes out later.
    pub(super) fn delay(&self) -> usize {
        self.resampler.output_delay() + self.buffered
    }

    /// The far end's sound is `late` samples later in the call than the microphone's of the same moment (earlier
    /// where negative). Asked once a second.
    pub(super) fn steer(&mut self, late: i64) -> Result<(), ConversionError> {
        // Second order, critically damped: a steady difference of the clocks leaves no offset.
        let offset = late as f64 / f64::from(SAMPLE_RATE);
        self.difference = (self.difference + offset / (4.0 * RESPONSE * RESPONSE)).clamp(-MAX_STRETCH, MAX_STRETCH);
        let faster = (self.difference + offset / RESPONSE).clamp(-MAX_STRETCH, MAX_STRETCH);
        // The ratio is samples out to samples in.
        self.resampler.set_resample_ratio_relative(1.0 / (1.0 + faster), true)?;
        Ok(())
    }

    /// Turns [`Drift::needed`] samples into a block.
    pub(super) fn stretch(&mut self, samples: &[f32]) -> Result<[f32; BLOCK_SIZE], ConversionError> {
        let mut block = [0.0; BLOCK_SIZE];
        let input = InterleavedSlice::new(samples, 1, samples.len())?;
        let mut output = InterleavedSlice::new_mut(&mut block, 1, BLOCK_SIZE)?;
        let (taken, _) = self.resampler.process_into_buffer(&input, &mut output, None)?;
        if self.buffered == 0 {
            self.buffered = taken.saturating_sub(BLOCK_SIZE);
        }
        Ok(block)
    }
}
