//! The system's monotonic clock, counted in samples.

use crate::time::{SAMPLE_RATE, Samples};

/// A moment on the system's monotonic clock: samples of 16 kHz since the clock was started. Another count than a
/// [`SampleTime`](crate::time::SampleTime): that one is the microphone's.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Tick(pub(super) i64);

impl Tick {
    /// How long after `earlier` this is; zero if it is not after it.
    pub(super) fn since(self, earlier: Self) -> Samples {
        Samples::new(self.0.saturating_sub(earlier.0).max(0).unsigned_abs())
    }
}

/// The clock itself. On Linux it runs through suspend: a call that slept for an hour is an hour longer, and lost it.
pub(super) struct Clock {
    #[cfg(target_os = "linux")]
    start: std::time::Duration,
    #[cfg(not(target_os = "linux"))]
    start: std::time::Instant,
}

impl Clock {
    pub(super) fn start() -> Self {
        Self { start: read() }
    }

    pub(super) fn now(&self) -> Tick {
        #[cfg(target_os = "linux")]
        let elapsed = read().saturating_sub(self.start);
        #[cfg(not(target_os = "linux"))]
        let elapsed = read().saturating_duration_since(self.start);
        let count = elapsed.as_nanos() * u128::from(SAMPLE_RATE) / 1_000_000_000;
        Tick(i64::try_from(count).unwrap_or(i64::MAX))
    }
}

#[cfg(target_os = "linux")]
fn read() -> std::time::Duration {
    let time = rustix::time::clock_gettime(rustix::time::ClockId::Boottime);
    let secs = u64::try_from(time.tv_sec).unwrap_or_default();
    std::time::Duration::new(secs, u32::try_from(time.tv_nsec).unwrap_or_default())
}

#[cfg(not(target_os = "linux"))]
#[expect(clippy::disallowed_methods, reason = "the one clock of a live call; the mixer is given what it says")]
fn read() -> std::time::Instant {
    std::time::Instant::now()
}

#[cfg(test)]
mod tests;
