//! FireRedVAD's streaming network: a DFSMN (deep feed-forward sequential memory network; Zhang, Lei, Yan & Dai 2018)
//! without look-ahead, 565,000 multiply-adds a frame.
//!
//! Every sum is taken in one fixed order, whatever the processor's vectors and however many streams share a pass: a lane
//! of a vector is one output, its inputs are added one after the other, and nothing is fused.

use std::array;
use std::sync::LazyLock;

use fearless_simd::prelude::*;
use fearless_simd::{Level, Simd, dispatch, f32x16};
use half::f16;

use super::fbank::BANDS;

/// The widths of the network: of its hidden layers, and of what its blocks pass on.
const HIDDEN: usize = 256;
const WIDTH: usize = 128;

/// What a block remembers, in frames of 10 ms, the newest included.
const TAPS: usize = 20;

/// The blocks behind the first one.
const BLOCKS: usize = 7;

/// The outputs of a layer that are summed side by side: their sums fit into the registers of a processor with AVX2.
const TILE: usize = 64;
const HIDDEN_TILES: usize = HIDDEN / TILE;
const WIDTH_TILES: usize = WIDTH / TILE;

/// How many inputs go by between two looks at how many are left; the numbers of inputs are multiples of it.
const UNROLLED: usize = 4;

/// Lanes of the vectors that the code is written in; processors without such long ones take several.
const LANES: usize = 16;
const VECTORS: usize = TILE / LANES;

/// The numbers, as `models/firered/make.py` writes them: floats first, then halves.
const NUMBERS: &[u8] = include_bytes!("../../../../models/firered/stream_vad.bin");

const FLOATS: usize = 2 * BANDS + 1;
const HALVES: usize = {
    let first = HIDDEN * BANDS + HIDDEN + WIDTH * HIDDEN + WIDTH + WIDTH * TAPS;
    let block = HIDDEN * WIDTH + HIDDEN + WIDTH * HIDDEN + WIDTH * TAPS;
    let last = HIDDEN * WIDTH + HIDDEN + HIDDEN;
    first + BLOCKS * block + last
};
const _: () = assert!(NUMBERS.len() == 4 * FLOATS + 2 * HALVES, "the file holds this network");

static NETWORK: LazyLock<DfsmnNetwork> = LazyLock::new(DfsmnNetwork::decode);

/// The network's weights, as floats.
pub(super) struct DfsmnNetwork {
    means: [f32; BANDS],
    inverse_deviations: [f32; BANDS],
    input: HiddenLayer,
    first: ProjectionLayer,
    first_bias: [f32; WIDTH],
    first_filter: FirFilter,
    blocks: Vec<DfsmnBlock>,
    output: HiddenLayer,
    output_weights: [f32; HIDDEN],
    output_bias: f32,
    level: Level,
}

struct DfsmnBlock {
    hidden: HiddenLayer,
    projection: ProjectionLayer,
    filter: FirFilter,
}

/// A layer of rectified sums, for each tile of its outputs the weights of each input.
struct HiddenLayer {
    tiles: [Vec<[f32; TILE]>; HIDDEN_TILES],
    bias: [f32; HIDDEN],
}

/// A layer behind a hidden one, for each tile of its outputs the weights of each input. Few of its inputs are not zero.
struct ProjectionLayer {
    tiles: [Vec<[f32; TILE]>; WIDTH_TILES],
}

/// What each channel of the last frames counts, the oldest first.
struct FirFilter(Box<[[f32; WIDTH]; TAPS]>);

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
    /// The program's network, decoded when it is first asked for.
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
        for (state, features) in &mut streams {
            let mut input = **features;
            for ((input, mean), inverse) in input.iter_mut().zip(&self.means).zip(&self.inverse_deviations) {
                *input = (*input - mean) * inverse;
            }
            self.input.sum(simd, &input, &mut state.active);
            let mut first = self.first_bias;
            self.first.add(simd, &state.active, &mut first);
            for sum in &mut first {
                *sum = sum.max(0.0);
            }
            state.passed = first;
            state.memories[0].add(simd, &self.first_filter, &first, &mut state.passed);
        }
        for (i, block) in self.blocks.iter().enumerate() {
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
        let mut logits = [self.output_bias; STREAMS];
        for ((state, _), logit) in streams.iter_mut().zip(&mut logits) {
            self.output.sum(simd, &state.passed, &mut state.active);
            for &(input, value) in &state.active {
                *logit += self.output_weights[input] * value;
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

/// The file's numbers, in order.
struct WeightReader {
    floats: &'static [[u8; 4]],
    halves: &'static [[u8; 2]],
}

impl WeightReader {
    fn float(&mut self) -> f32 {
        let (first, rest) = self.floats.split_first().unwrap_or((&[0; 4], &[]));
        self.floats = rest;
        f32::from_le_bytes(*first)
    }

    fn half(&mut self) -> f32 {
        let (first, rest) = self.halves.split_first().unwrap_or((&[0; 2], &[]));
        self.halves = rest;
        f16::from_le_bytes(*first).to_f32()
    }

    /// A matrix that lies there by rows, one an output, as tiles of columns.
    fn tiles<const TILES: usize>(&mut self, inputs: usize) -> [Vec<[f32; TILE]>; TILES] {
        array::from_fn(|_| {
            let mut columns = vec![[0.0; TILE]; inputs];
            for output in 0..TILE {
                columns.iter_mut().for_each(|column| column[output] = self.half());
            }
            columns
        })
    }

    fn hidden(&mut self, inputs: usize) -> HiddenLayer {
        HiddenLayer { tiles: self.tiles(inputs), bias: array::from_fn(|_| self.half()) }
    }

    fn projection(&mut self) -> ProjectionLayer {
        ProjectionLayer { tiles: self.tiles(HIDDEN) }
    }

    /// A filter that lies there channel by channel.
    fn filter(&mut self) -> FirFilter {
        let mut taps = Box::new([[0.0; WIDTH]; TAPS]);
        for channel in 0..WIDTH {
            taps.iter_mut().for_each(|tap| tap[channel] = self.half());
        }
        FirFilter(taps)
    }
}

impl DfsmnNetwork {
    fn decode() -> Self {
        let (floats, halves) = NUMBERS.split_at(4 * FLOATS);
        let mut numbers = WeightReader { floats: floats.as_chunks().0, halves: halves.as_chunks().0 };
        Self {
            means: array::from_fn(|_| numbers.float()),
            inverse_deviations: array::from_fn(|_| numbers.float()),
            output_bias: numbers.float(),
            input: numbers.hidden(BANDS),
            first: numbers.projection(),
            first_bias: array::from_fn(|_| numbers.half()),
            first_filter: numbers.filter(),
            blocks: (0..BLOCKS)
                .map(|_| DfsmnBlock {
                    hidden: numbers.hidden(WIDTH),
                    projection: numbers.projection(),
                    filter: numbers.filter(),
                })
                .collect(),
            output: numbers.hidden(WIDTH),
            output_weights: array::from_fn(|_| numbers.half()),
            level: Level::new(),
        }
    }

    /// The same network with the vectors of another processor.
    #[cfg(test)]
    fn on(self, level: Level) -> Self {
        Self { level, ..self }
    }
}

#[cfg(test)]
mod tests;
