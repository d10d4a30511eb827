//! When a track's sound arrives: the line that relates its samples to the monotonic clock.
//!
//! Sound arrives in pieces, and late when the computer is busy, but never early. So the highest of "position less
//! clock" over a while is what the device does, and everything below it is delay on the way.

use super::clock::Tick;

/// The line of one track.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Arrivals {
    /// The highest offset in the window that runs.
    running: Option<i64>,
    /// The highest in the two windows before it, the latest first. One alone may hold nothing that was in time, on a computer
    /// that is very busy.
    before: [Option<i64>; 2],
}

impl Arrivals {
    /// A piece has arrived: `newest` is the position after its last sample.
    pub(super) fn observe(&mut self, newest: i64, at: Tick) {
        let offset = newest - at.0;
        self.running = Some(self.running.map_or(offset, |highest| highest.max(offset)));
    }

    /// Position less clock, of sound that is not late; `None` before the first.
    pub(super) fn offset(&self) -> Option<i64> {
        self.before.into_iter().fold(self.running, Option::max)
    }

    /// How many samples less than expected have arrived by now, where `newest` is the position after the last one.
    pub(super) fn lateness(&self, newest: i64, now: Tick) -> i64 {
        self.offset().map_or(0, |offset| offset + now.0 - newest)
    }

    /// Ends the window that runs, and gives the highest offset in it and the one before it.
    pub(super) fn close_window(&mut self) -> Option<i64> {
        // A window without an arrival says nothing: the line stays.
        let closed = self.running.take()?;
        self.before = [Some(closed), self.before[0]];
        self.before[0].max(self.before[1])
    }

    /// All positions have moved by this many samples.
    pub(super) fn shift(&mut self, samples: i64) {
        for offset in self.before.iter_mut().chain([&mut self.running]).flatten() {
            *offset += samples;
        }
    }
}
