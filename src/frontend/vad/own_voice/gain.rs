//! Whether a track's gain is steady. Through a steady one the noise of all pauses is the same, but for those in which
//! something else is still heard: a room's echo, a breath. Through a gain that pumps few pauses are as quiet as the quietest.

use std::collections::VecDeque;

use crate::audio::BLOCK_DURATION;
use crate::time::Samples;

/// The noise of a pause is known once it is this long; one that goes on is another each time it has lasted for the other.
const PAUSE: Samples = Samples::from_ms(200);
const ANOTHER: Samples = Samples::from_ms(500);

/// It is the quietest mean of this many blocks: echoes and breaths are shorter than the pause.
const MEAN_OF: usize = 5;

/// A pause that begins so soon after the own voice, or ends so shortly before it, tells of the gain at which that is heard:
/// one that is high for the voice alone would be steady in all other pauses.
const AFTER_VOICE: Samples = Samples::from_ms(500);
const BEFORE_VOICE: Samples = Samples::from_ms(400);

/// Without a pause for this long the gain may have changed.
const HEARD_LATELY: Samples = Samples::from_secs(10);

/// So many pauses are looked at, and so many are to be known at the least: of all, and of those beside the own voice.
const PAUSES: usize = 24;
const MIN_PAUSES: usize = 6;
const PAUSES_BESIDE_VOICE: usize = 12;
const MIN_BESIDE_VOICE: usize = 4;

/// The gain is steady if this part of the pauses are no louder than the quietest by that, and so are of those beside the own
/// voice. Through a gain that goes up and down a third of them are, through a steady one nearly all, and half where
/// loudspeakers leak and pauses are short.
const AS_QUIET: f32 = 0.45;
const AS_QUIET_DB: f32 = 2.0;

/// What a block holds.
pub(super) enum Sound {
    /// Nobody's speech, at this level in dBFS.
    Pause(f32),
    /// The own voice, as loud as ever.
    Voice,
    /// Anything else, or nothing that tells.
    Other,
}

/// The noise in the pauses of a track.
#[derive(Default)]
pub(super) struct PauseNoise {
    pause: Samples,
    after_voice: bool,
    /// The levels of the pause's newest blocks, and their quietest mean so far, in dBFS.
    levels: VecDeque<f32>,
    quietest_dbfs: Option<f32>,
    since_voice: Option<Samples>,
    /// How long ago the newest of the pauses ended, and whether it is beside the own voice.
    since_pause: Samples,
    newest_is_beside_voice: bool,
    /// The noise of the last pauses in dBFS, the oldest first, and of the last of those beside the own voice.
    pauses: VecDeque<f32>,
    pauses_beside_voice: VecDeque<f32>,
}

impl PauseNoise {
    /// Takes in what the next block holds.
    pub(super) fn push(&mut self, sound: Sound) {
        self.since_pause += BLOCK_DURATION;
        if let Some(since) = &mut self.since_voice {
            *since += BLOCK_DURATION;
        }
        match sound {
            Sound::Pause(dbfs) => self.push_pause(dbfs),
            Sound::Voice => {
                self.end_pause();
                self.since_voice = Some(Samples::ZERO);
                if self.since_pause < BEFORE_VOICE && !self.newest_is_beside_voice {
                    self.push_beside_voice();
                }
            }
            Sound::Other => self.end_pause(),
        }
    }

    fn push_pause(&mut self, dbfs: f32) {
        if self.pause == Samples::ZERO {
            self.after_voice = self.since_voice.is_some_and(|since| since < AFTER_VOICE);
        }
        self.pause += BLOCK_DURATION;
        self.levels.push_back(dbfs);
        if self.levels.len() > MEAN_OF {
            self.levels.pop_front();
        }
        if self.levels.len() == MEAN_OF {
            let mean = self.levels.iter().sum::<f32>() / MEAN_OF as f32;
            self.quietest_dbfs = Some(self.quietest_dbfs.map_or(mean, |quietest| quietest.min(mean)));
        }
        if self.pause >= ANOTHER {
            self.end_pause();
        }
    }

    fn end_pause(&mut self) {
        let noise = self.quietest_dbfs.take().filter(|_| self.pause >= PAUSE);
        self.pause = Samples::ZERO;
        self.levels.clear();
        if let Some(noise_dbfs) = noise {
            self.since_pause = Samples::ZERO;
            self.newest_is_beside_voice = false;
            self.pauses.push_back(noise_dbfs);
            self.pauses.drain(..self.pauses.len().saturating_sub(PAUSES));
            if self.after_voice {
                self.push_beside_voice();
            }
        }
    }

    /// The newest pause is beside the own voice.
    fn push_beside_voice(&mut self) {
        self.newest_is_beside_voice = true;
        self.pauses_beside_voice.extend(self.pauses.back());
        self.pauses_beside_voice.drain(..self.pauses_beside_voice.len().saturating_sub(PAUSES_BESIDE_VOICE));
    }

    /// Whether they tell that the gain is steady.
    pub(super) fn are_steady(&self) -> bool {
        let quietest = self.pauses.iter().copied().fold(f32::INFINITY, f32::min);
        let most_are_as_quiet = |pauses: &VecDeque<f32>| {
            let as_quiet = pauses.iter().filter(|noise| **noise < quietest + AS_QUIET_DB).count();
            as_quiet as f32 > AS_QUIET * pauses.len() as f32
        };
        self.since_pause < HEARD_LATELY
            && self.pauses.len() >= MIN_PAUSES
            && self.pauses_beside_voice.len() >= MIN_BESIDE_VOICE
            && most_are_as_quiet(&self.pauses)
            && most_are_as_quiet(&self.pauses_beside_voice)
    }
}

#[cfg(test)]
mod tests;
