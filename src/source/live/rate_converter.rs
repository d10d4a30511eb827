//! From a device's rate to the call's, where no server does it.

use rubato::audioadapter_buffers::SizeError;
use rubato::audioadapter_buffers::direct::InterleavedSlice;
use rubato::{
    Async, FixedAsync, ResampleError, Resampler as _, ResamplerConstructionError, SincInterpolationParameters,
    WindowFunction,
};

use crate::time::{SAMPLE_RATE, Samples};

/// Long enough to pass speech up to 7 kHz and to keep what is above 8 kHz out; delays by less than 3 ms.
const SINC: usize = 256;

/// Pieces a second: 10 ms are converted at once.
const PIECES: u32 = 100;

/// Why samples could not be converted: a device with an absurd rate.
#[derive(Debug, thiserror::Error)]
pub(super) enum ConversionError {
    #[error("its sound cannot be converted: {0}")]
    Rate(#[from] ResamplerConstructionError),
    #[error("its sound cannot be converted: {0}")]
    Size(#[from] SizeError),
    #[error("its sound cannot be converted: {0}")]
    Sound(#[from] ResampleError),
}

/// Turns samples of a device's rate into samples of 16 kHz, on the device's own clock.
pub(super) struct RateConverter {
    from: u32,
    /// `None` if the rate is the call's already.
    resampler: Option<Async<f32>>,
    waiting: Vec<f32>,
    piece: Vec<f32>,
}

impl RateConverter {
    pub(super) fn from_hz(rate: u32) -> Result<Self, ConversionError> {
        let resampler = if rate == SAMPLE_RATE {
            None
        } else {
            let ratio = f64::from(SAMPLE_RATE) / f64::from(rate);
            let sinc = SincInterpolationParameters::new(SINC, WindowFunction::BlackmanHarris2);
            let piece = (rate / PIECES).max(1) as usize;
            Some(Async::new_sinc(ratio, 1.0, &sinc, piece, 1, FixedAsync::Input)?)
        };
        let piece = resampler.as_ref().map_or(0, |r| r.output_frames_max());
        Ok(Self { from: rate, resampler, waiting: Vec::new(), piece: vec![0.0; piece] })
    }

    /// How long that many of the device's samples last.
    pub(super) fn length_of(&self, count: u64) -> Samples {
        Samples::new(count * u64::from(SAMPLE_RATE) / u64::from(self.from.max(1)))
    }

    /// Appends to `out` what the samples become. Less than a piece waits for the next ones.
    pub(super) fn convert(&mut self, samples: &[f32], out: &mut Vec<f32>) -> Result<(), ConversionError> {
        let Some(resampler) = &mut self.resampler else {
            out.extend_from_slice(samples);
            return Ok(());
        };
        self.waiting.extend_from_slice(samples);
        let mut done = 0;
        while self.waiting.len() - done >= resampler.input_frames_next() {
            let waiting = &self.waiting[done..];
            let frames = self.piece.len();
            let input = InterleavedSlice::new(waiting, 1, waiting.len())?;
            let mut output = InterleavedSlice::new_mut(&mut self.piece, 1, frames)?;
            let (used, made) = resampler.process_into_buffer(&input, &mut output, None)?;
            out.extend_from_slice(&self.piece[..made]);
            done += used;
        }
        self.waiting.drain(..done);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use std::f32::consts::TAU;

    use super::*;

    fn tone(hz: f32, rate: u32, secs: u32) -> Vec<f32> {
        (0..rate * secs).map(|i| (TAU * hz * i as f32 / rate as f32).sin()).collect()
    }

    fn converted(rate: u32, samples: &[f32], piece: usize) -> Vec<f32> {
        let mut converter = RateConverter::from_hz(rate).unwrap();
        let mut out = Vec::new();
        for piece in samples.chunks(piece) {
            converter.convert(piece, &mut out).unwrap();
        }
        out
    }

    fn rms(samples: &[f32]) -> f32 {
        (samples.iter().map(|s| s * s).sum::<f32>() / samples.len() as f32).sqrt()
    }

    #[test]
    fn speech_passes_and_what_cannot_be_held_does_not_fold_into_it() {
        for rate in [44_100, 48_000, 96_000] {
            let heard = converted(rate, &tone(3_000.0, rate, 1), 441);
            assert!((rms(&heard[800..]) - 0.707).abs() < 0.01, "{rate}");
            let folded = converted(rate, &tone(11_000.0, rate, 1), 441);
            assert!(rms(&folded[800..]) < 0.001, "{rate}");
        }
    }

    #[test]
    fn no_sample_too_many_or_too_few_and_pieces_do_not_matter() {
        for rate in [8_000, 16_000, 44_100, 48_000] {
            let samples = tone(440.0, rate, 10);
            let heard = converted(rate, &samples, 777);
            assert!((heard.len() as i64 - 160_000).abs() < 320, "{rate}: {}", heard.len());
            assert_eq!(heard, converted(rate, &samples, 3));
        }
    }
}
