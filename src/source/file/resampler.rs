//! A file's own rate to the call's, aligned to the sample and independent of how the input was cut.

use rubato::audioadapter_buffers::direct::SequentialSliceOfVecs;
use rubato::{Fft, FixedSync, Indexing, ResampleError, Resampler as _, ResamplerConstructionError};

use crate::time::SAMPLE_RATE;

/// Input frames that go through the filter at once: fixed, so that the output does not depend on the reader's chunks.
const CHUNK: usize = 1024;

/// Turns planes of any rate into planes of the call's rate.
pub(super) enum Resampler {
    /// The rates are the same: nothing is touched.
    Same,
    /// By the frequency domain.
    Fft {
        /// The filter.
        filter: Box<Fft<f32>>,
        /// Input frames that wait for a full chunk, a plane a channel.
        waiting: Vec<Vec<f32>>,
        /// Output frames of the filter's own delay that are still to be dropped.
        skip: usize,
        /// Frames in, for the exact length out.
        taken: u64,
        /// Frames out.
        given: u64,
        /// The file's rate.
        rate: u32,
    },
}

impl Resampler {
    /// A resampler from `rate`, in samples per second, for `channels` channels.
    ///
    /// # Errors
    /// When the rate cannot be converted.
    pub(super) fn new(rate: u32, channels: usize) -> Result<Self, ResamplerConstructionError> {
        if rate == SAMPLE_RATE {
            return Ok(Self::Same);
        }
        let filter = Fft::new(rate as usize, SAMPLE_RATE as usize, CHUNK, channels, FixedSync::Input)?;
        let skip = filter.output_delay();
        Ok(Self::Fft { filter: Box::new(filter), waiting: vec![Vec::new(); channels], skip, taken: 0, given: 0, rate })
    }

    /// Moves all of `input` through, appending what comes out to `output`. `last`: no more input follows.
    ///
    /// # Errors
    /// When the filter refuses, which is a fault of the program.
    pub(super) fn process(
        &mut self,
        input: &mut [Vec<f32>],
        output: &mut [Vec<f32>],
        last: bool,
    ) -> Result<(), ResampleError> {
        match self {
            Self::Same => {
                output.iter_mut().zip(input).for_each(|(out, plane)| out.append(plane));
                Ok(())
            }
            Self::Fft { filter, waiting, skip, taken, given, rate } => {
                *taken += input.first().map_or(0, Vec::len) as u64;
                waiting.iter_mut().zip(input).for_each(|(wait, plane)| wait.append(plane));
                let wanted = (*taken * u64::from(SAMPLE_RATE)).div_ceil(u64::from(*rate));
                loop {
                    let chunk = filter.input_frames_next();
                    let ready = waiting.first().map_or(0, Vec::len);
                    if ready < chunk && !(last && *given < wanted) {
                        return Ok(());
                    }
                    let partial = Indexing { partial_len: (ready < chunk).then_some(ready), ..Indexing::new() };
                    let channels = waiting.len();
                    let view = SequentialSliceOfVecs::new(waiting.as_slice(), channels, ready)
                        .map_err(|_| ResampleError::InsufficientInputBufferSize { expected: chunk, actual: ready })?;
                    let out = filter.process(&view, Some(&partial))?.take_data();
                    let frames = out.len() / channels;
                    let drop = (*skip).min(frames);
                    *skip -= drop;
                    let room = if last { (wanted - *given) as usize } else { frames };
                    let keep = (frames - drop).min(room);
                    for (plane, output) in output.iter_mut().enumerate() {
                        output.extend(out.iter().skip(drop * channels + plane).step_by(channels).take(keep));
                    }
                    *given += keep as u64;
                    waiting.iter_mut().for_each(|wait| drop_front(wait, chunk));
                }
            }
        }
    }
}

fn drop_front(plane: &mut Vec<f32>, count: usize) {
    plane.drain(..count.min(plane.len()));
}
