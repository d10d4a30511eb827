//! FireRedVAD's streaming network: a DFSMN (deep feed-forward sequential memory network; Zhang, Lei, Yan & Dai 2018)
//! without look-ahead, 565,000 multiply-adds a frame.
//!
//! Every sum is taken in one fixed order, whatever the processor's vectors and however many streams share a pass: a lane
//! of a vector is one output, its inputs are added one after the other, and nothing is fused.

use std::array;
use std::sync::LazyLock;

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, f32x16};

use super::shape::{BANDS, BLOCKS, HIDDEN, TAPS, TILE, WIDTH};
use super::weights::{DfsmnWeights, FirFilter, HiddenLayer, ProjectionLayer, WEIGHTS};

/// How many inputs go by between two looks at how many are left; the numbers of inputs are multiples of it.
const UNROLLED: usize = 4;

/// Lanes of the vectors that the code is written in; processors without such long ones take several.
const LANES: usize = 16;
const VECTORS: usize = TILE / LANES;

static NETWORK: LazyLock<DfsmnNetwork> = LazyLock::new(|| DfsmnNetwork { weights: &WEIGHTS, level: Level::new() });

/// The network, on the vectors of a processor.
pub(super) struct DfsmnNetwork {
    weights: &'static DfsmnWeights,
    level: Level,
}

/// What the network remembers of one stream of frames.
pub(super) struct DfsmnState {
    memories: [FrameMemory; BLOCKS + 1],
    /// What the layers pass on; between frames it means nothing.
    passed: [f32; WIDTH],
    active: Vec<(usize, f32)>,
}

/// The frames that a filter sees, in a ring: the oldest one is at `oldest`.
struct FrameMemory {
    frames: Box<[[f32; WIDTH]; TAPS]>,
    oldest: usize,
}

impl DfsmnState {
    /// Of a stream that begins.
    pub(super) fn new() -> Self {
        let memory = |_| FrameMemory { frames: Box::new([[0.0; WIDTH]; TAPS]), oldest: 0 };
        Self { memories: array::from_fn(memory), passed: [0.0; WIDTH], active: Vec::with_capacity(HIDDEN) }
    }
}

impl DfsmnNetwork {
    /// The program's network.
    pub(super) fn shared() -> &'static Self {
        &NETWORK
    }

    /// How surely the next frame of each stream is speech, as the logarithm of its odds: 0 is a probability of one
    /// half. All streams share a pass over the weights; none of them depends on another.
    pub(super) fn logits<const STREAMS: usize>(
        &self,
        streams: [(&mut DfsmnState, &[f32; BANDS]); STREAMS],
    ) -> [f32; STREAMS] {
        dispatch!(self.level, simd => self.logits_on(simd, streams))
    }

    #[inline(always)]
    fn logits_on<S: Simd, const STREAMS: usize>(
        &self,
        simd: S,
        mut streams: [(&mut DfsmnState, &[f32; BANDS]); STREAMS],
    ) -> [f32; STREAMS] {
        let weights = self.weights;
        for (state, features) in &mut streams {
            let mut input = **features;
            for ((input, mean), inverse) in input.iter_mut().zip(weights.means).zip(weights.inverse_deviations) {
                *input = (*input - mean) * inverse;
            }
            weights.input.sum(simd, &input, &mut state.active);
            let mut first = *weights.first_bias;
            weights.first.add(simd, &state.active, &mut first);
            for sum in &mut first {
                *sum = sum.max(0.0);
            }
            state.passed = first;
            state.memories[0].add(simd, &weights.first_filter, &first, &mut state.passed);
        }
        for (i, block) in weights.blocks.iter().enumerate() {
            for (state, _) in &mut streams {
                block.hidden.sum(simd, &state.passed, &mut state.active);
                let mut projected = [0.0; WIDTH];
                block.projection.add(simd, &state.active, &mut projected);
                for (passed, projected) in state.passed.iter_mut().zip(projected) {
                    *passed += projected;
                }
                state.memories[i + 1].add(simd, &block.filter, &projected, &mut state.passed);
            }
        }
        let mut logits = [weights.output_bias; STREAMS];
        for ((state, _), logit) in streams.iter_mut().zip(&mut logits) {
            weights.output.sum(simd, &state.passed, &mut state.active);
            for &(input, value) in &state.active {
                *logit += weights.output_weights[input] * value;
            }
        }
        logits
    }
}

impl HiddenLayer {
    /// Gives the sums that are over zero, with their places.
    #[inline(always)]
    fn sum<S: Simd, const INPUTS: usize>(&self, simd: S, inputs: &[f32; INPUTS], active: &mut Vec<(usize, f32)>) {
        active.clear();
        let zero = f32x16::splat(simd, 0.0);
        for (tile, weights) in self.tiles.iter().enumerate() {
            let bias = self.bias.as_chunks::<TILE>().0[tile];
            let mut sums = load(simd, &bias);
            for (weights, inputs) in weights.as_chunks::<UNROLLED>().0.iter().zip(inputs.as_chunks::<UNROLLED>().0) {
                for (weights, input) in weights.iter().zip(inputs) {
                    multiply_add(simd, &mut sums, weights, *input);
                }
            }
            for (i, sum) in sums.into_iter().enumerate() {
                let mut over = sum.simd_gt(zero).to_bitmask();
                let values = sum.to_array();
                while over != 0 {
                    let lane = over.trailing_zeros() as usize;
                    active.push((tile * TILE + i * LANES + lane, values[lane]));
                    over &= over - 1;
                }
            }
        }
    }
}

impl ProjectionLayer {
    /// Adds to the outputs what the active inputs count in them.
    #[inline(always)]
    fn add<S: Simd>(&self, simd: S, active: &[(usize, f32)], outputs: &mut [f32; WIDTH]) {
        for (weights, outputs) in self.tiles.iter().zip(outputs.as_chunks_mut::<TILE>().0) {
            let mut sums = load(simd, outputs);
            for &(input, value) in active {
                multiply_add(simd, &mut sums, &weights[input], value);
            }
            store(&sums, outputs);
        }
    }
}

impl FrameMemory {
    /// Takes the newest frame in, and adds what the filter makes of all to the outputs.
    #[inline(always)]
    fn add<S: Simd>(&mut self, simd: S, filter: &FirFilter, frame: &[f32; WIDTH], outputs: &mut [f32; WIDTH]) {
        self.frames[self.oldest] = *frame;
        self.oldest = (self.oldest + 1) % TAPS;
        let (newer, older) = self.frames.split_at(self.oldest);
        let (for_older, for_newer) = filter.0.split_at(older.len());
        for (tile, outputs) in outputs.as_chunks_mut::<TILE>().0.iter_mut().enumerate() {
            let mut sums = load(simd, outputs);
            for (frames, weights) in [(older, for_older), (newer, for_newer)] {
                for (frame, weights) in frames.iter().zip(weights) {
                    let frame = &frame.as_chunks::<TILE>().0[tile];
                    let weights = load(simd, &weights.as_chunks::<TILE>().0[tile]);
                    for ((sum, weights), frame) in sums.iter_mut().zip(weights).zip(frame.as_chunks().0) {
                        *sum += f32x16::load_array_ref(simd, frame) * weights;
                    }
                }
            }
            store(&sums, outputs);
        }
    }
}

#[inline(always)]
fn load<S: Simd>(simd: S, values: &[f32; TILE]) -> [f32x16<S>; VECTORS] {
    let mut vectors = [f32x16::splat(simd, 0.0); VECTORS];
    for (vector, values) in vectors.iter_mut().zip(values.as_chunks().0) {
        *vector = f32x16::load_array_ref(simd, values);
    }
    vectors
}

#[inline(always)]
fn store<S: Simd>(vectors: &[f32x16<S>; VECTORS], values: &mut [f32; TILE]) {
    for (vector, values) in vectors.iter().zip(values.as_chunks_mut().0) {
        *values = vector.to_array();
    }
}

#[inline(always)]
fn multiply_add<S: Simd>(simd: S, sums: &mut [f32x16<S>; VECTORS], weights: &[f32; TILE], value: f32) {
    let value = f32x16::splat(simd, value);
    for (sum, weights) in sums.iter_mut().zip(weights.as_chunks().0) {
        *sum += f32x16::load_array_ref(simd, weights) * value;
    }
}

impl DfsmnNetwork {
    /// The same network with the vectors of another processor.
    #[cfg(test)]
    fn on(level: Level) -> Self {
        Self { weights: &WEIGHTS, level }
    }
}

#[cfg(test)]
mod tests;
