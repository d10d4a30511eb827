//! WebRTC's AEC3 in pure Rust, and the guard that survives its panics.

use std::panic::{AssertUnwindSafe, catch_unwind};

use ::sonora::config::EchoCanceller;
use ::sonora::{AudioProcessing, Config, StreamConfig};

use crate::audio::{Pcm, SILENCE};
use crate::frontend::echo::Canceller;
use crate::time::{SAMPLE_RATE, Samples};

/// Measured by cross-correlation of white noise in and out; `tests::the_three_signals_lie_at_one_time` holds it.
const DELAY: Samples = Samples::new(128);

/// AEC3 at the call's rate.
pub(super) struct Aec3 {
    processing: AudioProcessing,
    dither: Dither,
}

impl Aec3 {
    pub(super) fn new() -> Self {
        let stream = StreamConfig::new(SAMPLE_RATE, 1);
        let config = Config { echo_canceller: Some(EchoCanceller::default()), ..Config::default() };
        Self {
            processing: AudioProcessing::builder().config(config).capture_config(stream).render_config(stream).build(),
            dither: Dither(1),
        }
    }
}

impl Canceller for Aec3 {
    fn cancel(&mut self, near: &Pcm, far: &Pcm) -> Pcm {
        let reference = far.map(|sample| sample.saturating_add(self.dither.next()));
        let (mut played, mut out) = (SILENCE, SILENCE);
        let rendered = self.processing.process_render_i16(&reference, &mut played);
        match rendered.and_then(|()| self.processing.process_capture_i16(near, &mut out)) {
            Ok(()) => out,
            // Refused for its format only, and the format is fixed above.
            Err(_) => *near,
        }
    }

    fn delay(&self) -> Samples {
        DELAY
    }
}

/// One step of 16-bit noise: a digitally silent reference makes the canceller five times slower.
struct Dither(u32);

impl Dither {
    fn next(&mut self) -> i16 {
        // Numerical Recipes' linear congruential generator: any fixed sequence does, and replays must be equal.
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        if self.0 >> 31 == 0 { 1 } else { -1 }
    }
}

/// A canceller that is built anew when it panics; the block at which it did passes uncancelled.
pub(super) struct RebuildingCanceller<C, F> {
    build: F,
    canceller: C,
    rebuilt: u32,
}

impl<C: Canceller, F: Fn() -> C> RebuildingCanceller<C, F> {
    pub(super) fn new(build: F) -> Self {
        Self { canceller: build(), build, rebuilt: 0 }
    }
}

impl<C: Canceller, F: Fn() -> C> Canceller for RebuildingCanceller<C, F> {
    fn cancel(&mut self, near: &Pcm, far: &Pcm) -> Pcm {
        // The canceller is thrown away on a panic, so no half-changed state of it is seen.
        match catch_unwind(AssertUnwindSafe(|| self.canceller.cancel(near, far))) {
            Ok(out) => out,
            Err(_) => {
                self.canceller = (self.build)();
                self.rebuilt += 1;
                tracing::warn!(rebuilt = self.rebuilt, "the echo canceller failed and was built anew");
                *near
            }
        }
    }

    fn delay(&self) -> Samples {
        self.canceller.delay()
    }

    fn rebuilt(&self) -> u32 {
        self.rebuilt
    }
}
