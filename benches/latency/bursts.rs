//! What is played: bursts of real voice with the call's own background between them. And finding them again.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use keicho::audio::{BLOCK_SIZE, level_dbfs};
use keicho::source::Source as _;
use keicho::source::file::FileSource;

use crate::support::tone::wav;

const SAMPLE: &[u8] = include_bytes!("../../tests/sample_call/call.flac");

/// Blocks of a burst: 300 ms.
const BURST: usize = 30;

/// Every block of a burst is voice, not the gap between two words.
const VOICE_DBFS: f32 = -35.0;

/// A background has nothing louder than this.
const QUIET_DBFS: f32 = -65.0;

/// Samples from one burst's beginning to the next one's: the floor is free again by then. No multiple of a block, so
/// that the bursts fall on every place of one.
pub const EVERY: usize = 69_337;

/// Samples of background before the first burst: the player has found its pace.
const LEAD: usize = 32_000;

/// A sample this loud is voice: between the background's loudest and a burst's.
const LOUD: u16 = 600;

/// Quiet samples after which loud ones are another burst; far more than any hole in one, far less than between two.
const APART: usize = 16_000;

/// Writes the recording that is to be played into the microphone.
pub fn record(dir: &Path, bursts: usize) -> PathBuf {
    let me = microphone();
    let blocks: Vec<f32> = me.as_chunks::<BLOCK_SIZE>().0.iter().map(level_dbfs).collect();
    let voice = stretches(&blocks, BURST, |level| level > VOICE_DBFS);
    let quiet = stretches(&blocks, 4 * BURST, |level| level < QUIET_DBFS);
    let background = &me[quiet[0] * BLOCK_SIZE..][..4 * BURST * BLOCK_SIZE];
    let mut sound: Vec<i16> = background.iter().copied().cycle().take(LEAD + (bursts + 1) * EVERY).collect();
    for burst in 0..bursts {
        let at = LEAD + burst * EVERY;
        let from = voice[burst * voice.len() / bursts.min(voice.len()) % voice.len()] * BLOCK_SIZE;
        // From a loud sample on, so that a burst's first sample is the first that can be heard.
        let loud = me[from..].iter().position(|sample| sample.unsigned_abs() > 2 * LOUD).unwrap();
        sound[at..at + BURST * BLOCK_SIZE].copy_from_slice(&me[from + loud..][..BURST * BLOCK_SIZE]);
    }
    wav(dir, "bursts", 16_000, &sound)
}

/// The sample call's microphone.
fn microphone() -> Vec<i16> {
    let mut call = FileSource::two_channels(Path::new("call.flac"), Box::new(Cursor::new(SAMPLE))).unwrap();
    std::iter::from_fn(|| call.next().unwrap()).flat_map(|block| block.pcm.me).collect()
}

/// Where so many blocks in a row are all of a kind; no two stretches overlap.
fn stretches(levels: &[f32], blocks: usize, is_so: impl Fn(f32) -> bool) -> Vec<usize> {
    let mut found = Vec::new();
    let mut run = 0;
    for (i, level) in levels.iter().enumerate() {
        run = if is_so(*level) { run + 1 } else { 0 };
        if run == blocks {
            found.push(i + 1 - blocks);
            run = 0;
        }
    }
    found
}

/// Finds the bursts in a track that is heard piece by piece.
#[derive(Default)]
pub struct Onsets {
    heard: usize,
    loud: Option<usize>,
}

impl Onsets {
    /// Hears the next samples; gives the place of a burst's first sample, counted from the track's beginning.
    pub fn hear(&mut self, pcm: &[i16]) -> Option<usize> {
        let mut onset = None;
        for i in (0..pcm.len()).filter(|i| pcm[*i].unsigned_abs() > LOUD) {
            let place = self.heard + i;
            if self.loud.is_none_or(|last| place - last > APART) {
                onset = Some(place);
            }
            self.loud = Some(place);
        }
        self.heard += pcm.len();
        onset
    }

    /// Samples that were heard.
    pub fn heard(&self) -> usize {
        self.heard
    }
}
