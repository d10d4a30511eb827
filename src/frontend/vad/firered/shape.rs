//! The shape of the network, for what lays its numbers out (`models/firered/layout.rs`) and for what reads them. Uses nothing.

/// What it is given of a frame: the logarithms of so many bands' energies.
pub(super) const BANDS: usize = 80;

/// The widths of the network: of its hidden layers, and of what its blocks pass on.
pub(super) const HIDDEN: usize = 256;
pub(super) const WIDTH: usize = 128;

/// What a block remembers, in frames of 10 ms, the newest included.
pub(super) const TAPS: usize = 20;

/// The blocks behind the first one.
pub(super) const BLOCKS: usize = 7;

/// The outputs of a layer that are summed side by side: their sums fit into the registers of a processor with AVX2.
pub(super) const TILE: usize = 64;

/// Numbers of single precision: the mean and the inverse deviation of each band, and the bias of the output.
pub(super) const FLOATS: usize = 2 * BANDS + 1;

/// Numbers of half precision: the layers.
pub(super) const HALVES: usize = {
    let first = HIDDEN * BANDS + HIDDEN + WIDTH * HIDDEN + WIDTH + WIDTH * TAPS;
    let block = HIDDEN * WIDTH + HIDDEN + WIDTH * HIDDEN + WIDTH * TAPS;
    let last = HIDDEN * WIDTH + HIDDEN + HIDDEN;
    first + BLOCKS * block + last
};
