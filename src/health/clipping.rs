//! A track that is louder than it can be written down.

use std::collections::VecDeque;

use crate::audio::{BLOCK_DURATION, Pcm};
use crate::time::{SampleTime, Samples};

/// Full scale, with room for a resampler's rounding; limiters stop further below it.
const FULL: u16 = 32_700;

/// Samples at full scale that make a block clipped. A peak that was normalised to full scale has one or two. They need
/// not be in a row: a resampler makes waves of a flat top, of which some samples stay below.
const MIN_CLIPPED_SAMPLES: usize = 3;

/// The speech that is looked at: blocks of the last 10 s of it.
const WINDOW: u32 = 1_000;

/// Clipping begins if this many blocks of the window are clipped, 2 %: a laugh or a knock on the table is less. Until
/// the window is full, as many are needed as if it were.
const BEGIN_BLOCKS: u32 = WINDOW / 50;

/// It ends after this long without a clipped block …
const CLEAN_FOR: Samples = Samples::from_secs(20);

/// … in which the track spoke for this long: who says nothing has not turned anything down.
const CLEAN_SPEECH: u32 = 500;

/// Watches one track.
#[derive(Clone, Default)]
pub(super) struct ClippingDetector {
    clipped: Samples,
    speech: u32,
    /// Which speech blocks of the window were clipped, by their number.
    hits: VecDeque<u32>,
    last: SampleTime,
    clean_speech: u32,
    since: Option<SampleTime>,
}

impl ClippingDetector {
    /// Takes the next block that was not lost.
    pub(super) fn push(&mut self, start: SampleTime, pcm: &Pcm, speech: bool) {
        let now = start + BLOCK_DURATION;
        let clipped = pcm.iter().filter(|sample| sample.unsigned_abs() >= FULL).count() >= MIN_CLIPPED_SAMPLES;
        if clipped {
            self.clipped += BLOCK_DURATION;
        }
        if !speech {
            self.end_if_clean(now);
            return;
        }
        self.speech += 1;
        if clipped {
            self.hits.push_back(self.speech);
            (self.last, self.clean_speech) = (now, 0);
        } else {
            self.clean_speech += 1;
        }
        let oldest = self.speech.saturating_sub(WINDOW);
        while self.hits.front().is_some_and(|hit| *hit <= oldest) {
            self.hits.pop_front();
        }
        if self.hits.len() >= BEGIN_BLOCKS as usize {
            self.since.get_or_insert(now);
        }
        self.end_if_clean(now);
    }

    /// Since when there has been clipping, if there is.
    pub(super) fn since(&self) -> Option<SampleTime> {
        self.since
    }

    /// Blocks with clipped samples.
    pub(super) fn clipped(&self) -> Samples {
        self.clipped
    }

    fn end_if_clean(&mut self, now: SampleTime) {
        if self.since.is_some() && now - self.last >= CLEAN_FOR && self.clean_speech >= CLEAN_SPEECH {
            self.since = None;
            self.hits.clear();
        }
    }
}
