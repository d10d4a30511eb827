//! Loops over samples and spectra, compiled for the widest vectors of the processor that they run on.
//!
//! Nothing is fused and no sum is reordered, so every processor computes the same numbers.

use fearless_simd::{Level, dispatch};

/// Runs `work` with the widest vectors that are there. What is to use them must be inlined into it: mark the closure, and
/// what it calls, `#[inline(always)]`.
#[inline(always)]
pub(crate) fn vectorized<Output>(work: impl FnOnce() -> Output) -> Output {
    dispatch!(Level::new(), _simd => work())
}
