//! A microphone that holds noise only while the far end talks: muted elsewhere, or the wrong one.
//!
//! Who joins a call greets, and who listens says a word, laughs or nods aloud now and then. A microphone in which nothing
//! of that was ever heard, minutes after the far end began to talk, does not have the manager's voice. One that has had it
//! once works: who then only listens is not called muted. An input that is muted by its own switch is seldom digitally
//! silent: it gives its converter's noise.

use crate::audio::BLOCK_DURATION;
use crate::health::HealthInput;
use crate::time::{SampleTime, Samples};

/// Since the far end was first heard, this much of the call has passed …
const UNHEARD_FOR: Samples = Samples::from_secs(180);

/// … in which it talked for this much, so that there was something to answer. No more is asked: if they say little and I
/// nothing, it is I who talks unheard.
const THEY_TALKED: Samples = Samples::from_secs(30);

/// My speech that tells a voice, at a stretch: a shorter one is a click.
const SPOKE: Samples = Samples::from_ms(200);

/// Waits for my first word.
#[derive(Clone, Default)]
pub(super) struct NoVoiceDetector {
    heard: bool,
    /// My speech that goes on.
    run: Samples,
    /// Since when the far end has been heard.
    from: Option<SampleTime>,
    they_talked: Samples,
    passed: Samples,
}

impl NoVoiceDetector {
    /// Hears the next block.
    pub(super) fn push(&mut self, watched: &HealthInput<'_>) {
        if self.heard || watched.lost.me || watched.lost.them {
            return;
        }
        self.run = if watched.speech.me { self.run + BLOCK_DURATION } else { Samples::ZERO };
        self.heard = self.run >= SPOKE;
        if watched.speech.them {
            self.they_talked += BLOCK_DURATION;
            self.from.get_or_insert(watched.start);
        }
        if self.from.is_some() {
            self.passed += BLOCK_DURATION;
        }
    }

    /// Since when nothing of mine has been heard, once that is known.
    pub(super) fn since(&self) -> Option<SampleTime> {
        self.from.filter(|_| !self.heard && self.passed > UNHEARD_FOR && self.they_talked >= THEY_TALKED)
    }
}

#[cfg(test)]
mod tests;
