//! How much of something there was in the last minute.

use crate::time::{SampleTime, Samples};

/// Seconds that are remembered.
const SECONDS: usize = 60;

/// A sum over the last 60 s, second by second: the second that is going on and the 59 before it.
#[derive(Clone)]
pub(super) struct LastMinute {
    second: u64,
    counts: [u64; SECONDS],
    sum: u64,
}

impl Default for LastMinute {
    fn default() -> Self {
        Self { second: 0, counts: [0; SECONDS], sum: 0 }
    }
}

impl LastMinute {
    /// Time goes on to `now`, and `count` is added there.
    pub(super) fn add(&mut self, now: SampleTime, count: u64) {
        let second = now.as_ms() / 1000;
        for passed in (self.second..second).take(SECONDS) {
            let oldest = &mut self.counts[(passed as usize + 1) % SECONDS];
            self.sum -= std::mem::take(oldest);
        }
        self.second = second;
        self.counts[second as usize % SECONDS] += count;
        self.sum += count;
    }

    /// Time goes on to `now`, and `length` is added there.
    pub(super) fn add_length(&mut self, now: SampleTime, length: Samples) {
        self.add(now, length.count());
    }

    /// The sum of counts.
    pub(super) fn count(&self) -> u64 {
        self.sum
    }

    /// The sum of lengths.
    pub(super) fn length(&self) -> Samples {
        Samples::new(self.sum)
    }
}
