//! The network's weights, which lie in the program's file as the sums read them.

use std::array;
use std::sync::LazyLock;

use super::shape::{BANDS, BLOCKS, FLOATS, HALVES, HIDDEN, TAPS, TILE, WIDTH};

const HIDDEN_TILES: usize = HIDDEN / TILE;
const WIDTH_TILES: usize = WIDTH / TILE;

/// Whole lines of a processor's cache.
#[repr(align(64))]
struct CacheAligned<const BYTES: usize>([u8; BYTES]);

/// What `models/firered/layout.rs` makes of the file that `models/firered/make.py` writes.
static NUMBERS: CacheAligned<{ 4 * (HALVES + FLOATS) }> =
    CacheAligned(*include_bytes!(concat!(env!("OUT_DIR"), "/firered.f32")));

/// The program's weights.
pub(super) static WEIGHTS: LazyLock<DfsmnWeights> = LazyLock::new(DfsmnWeights::read);

/// The network's weights, as floats.
pub(super) struct DfsmnWeights {
    pub(super) means: &'static [f32; BANDS],
    pub(super) inverse_deviations: &'static [f32; BANDS],
    pub(super) input: HiddenLayer,
    pub(super) first: ProjectionLayer,
    pub(super) first_bias: &'static [f32; WIDTH],
    pub(super) first_filter: FirFilter,
    pub(super) blocks: [DfsmnBlock; BLOCKS],
    pub(super) output: HiddenLayer,
    pub(super) output_weights: &'static [f32; HIDDEN],
    pub(super) output_bias: f32,
}

/// A hidden layer, what it is projected to, and what is remembered of that.
pub(super) struct DfsmnBlock {
    pub(super) hidden: HiddenLayer,
    pub(super) projection: ProjectionLayer,
    pub(super) filter: FirFilter,
}

/// A layer of rectified sums, for each tile of its outputs the weights of each input.
pub(super) struct HiddenLayer {
    pub(super) tiles: [&'static [[f32; TILE]]; HIDDEN_TILES],
    pub(super) bias: &'static [f32; HIDDEN],
}

/// A layer behind a hidden one, for each tile of its outputs the weights of each input. Few of its inputs are not zero.
pub(super) struct ProjectionLayer {
    pub(super) tiles: [&'static [[f32; TILE]]; WIDTH_TILES],
}

/// What each channel of the last frames counts, the oldest first.
pub(super) struct FirFilter(pub(super) &'static [[f32; WIDTH]; TAPS]);

impl DfsmnWeights {
    fn read() -> Self {
        let mut numbers = WeightReader(bytemuck::cast_slice(&NUMBERS.0));
        let weights = Self {
            input: numbers.hidden(BANDS),
            first: numbers.projection(),
            first_bias: numbers.array(),
            first_filter: numbers.filter(),
            blocks: array::from_fn(|_| numbers.block()),
            output: numbers.hidden(WIDTH),
            output_weights: numbers.array(),
            means: numbers.array(),
            inverse_deviations: numbers.array(),
            output_bias: numbers.array::<1>()[0],
        };
        debug_assert!(numbers.0.is_empty(), "every number is used");
        weights
    }
}

/// The numbers that are left, in order.
struct WeightReader(&'static [f32]);

impl WeightReader {
    fn take(&mut self, count: usize) -> &'static [f32] {
        let (taken, rest) = self.0.split_at(count);
        self.0 = rest;
        taken
    }

    fn array<const COUNT: usize>(&mut self) -> &'static [f32; COUNT] {
        &self.take(COUNT).as_chunks().0[0]
    }

    fn tile(&mut self, inputs: usize) -> &'static [[f32; TILE]] {
        self.take(inputs * TILE).as_chunks().0
    }

    fn hidden(&mut self, inputs: usize) -> HiddenLayer {
        HiddenLayer { tiles: array::from_fn(|_| self.tile(inputs)), bias: self.array() }
    }

    fn projection(&mut self) -> ProjectionLayer {
        ProjectionLayer { tiles: array::from_fn(|_| self.tile(HIDDEN)) }
    }

    fn filter(&mut self) -> FirFilter {
        FirFilter(&self.take(TAPS * WIDTH).as_chunks().0.as_chunks().0[0])
    }

    fn block(&mut self) -> DfsmnBlock {
        DfsmnBlock { hidden: self.hidden(WIDTH), projection: self.projection(), filter: self.filter() }
    }
}

#[cfg(test)]
mod tests;
