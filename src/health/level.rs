//! How loud a track's speech is, and how far it stands out of its noise.

use std::collections::VecDeque;

use crate::audio::{BLOCK_DURATION, Track, level_dbfs};
use crate::health::{HealthInput, SoundMeasures};
use crate::time::{SampleTime, Samples};

/// Speech below this is too quiet to be judged: the detectors then miss the ends of words, and 16 bits are few. Speech
/// of a call is at −35 to −18 dBFS.
const QUIET_DBFS: f32 = -50.0;

/// Speech so little above the noise is partly lost in it: here the ears miss a quarter of the speech in white noise,
/// which moves a talk share of a half by six points (measured on the labelled calls).
const NOISY_DB: f32 = 15.0;

/// Better by this, in dB, and the trouble is over: a level at the edge does not flicker.
const RECOVERY_DB: f32 = 3.0;

/// Speech, and noise, before anything is said of them.
const MIN_SPEECH_BLOCKS: usize = blocks(Samples::from_secs(10));
const MIN_NOISE_BLOCKS: usize = blocks(Samples::from_secs(5));

/// What of each is looked at: its last 30 s.
const WINDOW: usize = blocks(Samples::from_secs(30));

/// Speech whose level is good enough for a first guess: half a second.
const GUESS: usize = 50;

/// What follows speech for this long still holds its end and its echo in the room.
const TAIL: Samples = Samples::from_ms(200);

const fn blocks(length: Samples) -> usize {
    (length.count() / BLOCK_DURATION.count()) as usize
}

/// Watches one track.
#[derive(Clone, Default)]
pub(super) struct LevelMonitor {
    speech: LevelWindow,
    noise: LevelWindow,
    all_speech: Histogram,
    all_noise: Histogram,
    spoken: Samples,
    last_speech: Option<SampleTime>,
    quiet_since: Option<SampleTime>,
    noisy_since: Option<SampleTime>,
}

impl LevelMonitor {
    /// Takes the track's part of the next block.
    pub(super) fn push(&mut self, watched: &HealthInput<'_>, track: Track) {
        let now = watched.start + BLOCK_DURATION;
        if watched.speech.me || watched.speech.them {
            self.last_speech = Some(now);
        }
        if watched.lost[track] {
            return;
        }
        if watched.speech[track] {
            self.spoken += BLOCK_DURATION;
            // The leak of the other's voice says nothing of how loud this one is.
            let leaked = track == Track::Me && watched.leaking && watched.speech.them;
            let level = level_dbfs(watched.pcm[track]);
            if !leaked && level > FLOOR_DBFS {
                self.speech.push(level);
                self.all_speech.add(level);
                self.update(now);
            }
        } else if self.last_speech.is_none_or(|end| now - end > TAIL) {
            let level = level_dbfs(watched.pcm[track]);
            self.noise.push(level);
            self.all_noise.add(level);
            self.update(now);
        }
    }

    /// The median level of the last 30 s of speech, after half a second of it.
    pub(super) fn recent_dbfs(&self) -> Option<f32> {
        self.speech.median(GUESS)
    }

    /// Since when the speech has been too quiet, if it is.
    pub(super) fn quiet_since(&self) -> Option<SampleTime> {
        self.quiet_since
    }

    /// Since when the noise has been too loud, if it is.
    pub(super) fn noisy_since(&self) -> Option<SampleTime> {
        self.noisy_since
    }

    /// The figures of the whole call; what is clipped is not known here.
    pub(super) fn measures(&self) -> SoundMeasures {
        SoundMeasures {
            level_dbfs: self.all_speech.median(),
            noise_dbfs: self.all_noise.median(),
            speech: self.spoken,
            clipped: None,
        }
    }

    fn update(&mut self, now: SampleTime) {
        let Some(level) = self.speech.median(MIN_SPEECH_BLOCKS) else { return };
        update_since(&mut self.quiet_since, now, level - QUIET_DBFS);
        if let Some(noise) = self.noise.median(MIN_NOISE_BLOCKS) {
            update_since(&mut self.noisy_since, now, level - noise - NOISY_DB);
        }
    }
}

/// A trouble begins below nothing to spare, and ends once there is enough.
fn update_since(since: &mut Option<SampleTime>, now: SampleTime, to_spare_db: f32) {
    if to_spare_db < 0.0 {
        since.get_or_insert(now);
    } else if to_spare_db >= RECOVERY_DB {
        *since = None;
    }
}

/// The level of digital silence, as [`level_dbfs`] has it.
const FLOOR_DBFS: f32 = -96.0;

/// Bins of half a decibel from digital silence to full scale.
const BINS: usize = 193;

/// Levels, counted.
#[derive(Clone)]
struct Histogram {
    counts: [u32; BINS],
    total: u32,
}

impl Default for Histogram {
    fn default() -> Self {
        Self { counts: [0; BINS], total: 0 }
    }
}

impl Histogram {
    fn bin(level: f32) -> u8 {
        ((level - FLOOR_DBFS) * 2.0).round().clamp(0.0, (BINS - 1) as f32) as u8
    }

    fn add(&mut self, level: f32) {
        self.counts[usize::from(Self::bin(level))] += 1;
        self.total += 1;
    }

    fn median(&self) -> Option<f32> {
        let mut below = 0;
        let middle = self.counts.iter().position(|count| {
            below += count;
            2 * below >= self.total
        });
        middle.filter(|_| self.total > 0).map(|bin| FLOOR_DBFS + bin as f32 / 2.0)
    }
}

/// The last [`WINDOW`] levels.
#[derive(Clone, Default)]
struct LevelWindow {
    levels: VecDeque<u8>,
    histogram: Histogram,
}

impl LevelWindow {
    fn push(&mut self, level: f32) {
        self.levels.push_back(Histogram::bin(level));
        self.histogram.add(level);
        if self.levels.len() > WINDOW
            && let Some(oldest) = self.levels.pop_front()
        {
            self.histogram.counts[usize::from(oldest)] -= 1;
            self.histogram.total -= 1;
        }
    }

    /// The median, once this many levels are known.
    fn median(&self, enough: usize) -> Option<f32> {
        self.histogram.median().filter(|_| self.levels.len() >= enough)
    }
}
