//! A microphone that holds noise only while the far end talks: muted elsewhere, or the wrong one.
//!
//! Nobody listens for so long without a word, a laugh or a sign of listening, so a long silence of mine in a call that runs
//! is told. It is digital only sometimes: an input that is muted by its own switch still gives the noise of its converter.

use crate::audio::BLOCK_DURATION;
use crate::health::HealthInput;
use crate::time::{SampleTime, Samples};

/// Since so long I have said nothing …
const SILENT_FOR: Samples = Samples::from_secs(180);

/// … in which the far end talked for so long.
const THEY_TALKED: Samples = Samples::from_secs(30);

/// My speech that ends it, at a stretch: a shorter one is a click.
const SPOKE: Samples = Samples::from_ms(200);

/// Watches my side while the far end talks.
#[derive(Clone, Default)]
pub(super) struct NoVoiceDetector {
    /// Since when nothing of mine was heard; `None` before the far end spoke.
    from: Option<SampleTime>,
    they_talked: Samples,
    run: Samples,
    since: Option<SampleTime>,
}

impl NoVoiceDetector {
    /// Hears the next block.
    pub(super) fn push(&mut self, watched: &HealthInput<'_>) {
        if watched.lost.me || watched.lost.them {
            return;
        }
        self.run = if watched.speech.me { self.run + BLOCK_DURATION } else { Samples::ZERO };
        if self.run >= SPOKE {
            *self = Self { run: self.run, ..Self::default() };
            return;
        }
        if watched.speech.them {
            self.they_talked += BLOCK_DURATION;
            self.from.get_or_insert(watched.start);
        }
        let now = watched.start + BLOCK_DURATION;
        let long = |from: &SampleTime| now - *from >= SILENT_FOR && self.they_talked >= THEY_TALKED;
        self.since = self.since.or(self.from.filter(long));
    }

    /// Since when nothing of mine has been heard, if that is told.
    pub(super) fn since(&self) -> Option<SampleTime> {
        self.since
    }
}
