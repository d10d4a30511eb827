//! FireRedVAD's streaming network over frames of 10 ms. Its weights are inside the program.

mod fbank;
mod network;
mod shape;
mod weights;

use std::collections::VecDeque;

use crate::audio::{BLOCK_DURATION, BLOCK_SIZE, Pcm, level_dbfs};
use crate::frontend::vad::{Vad, VadFrame};
use crate::time::{SampleTime, Samples, Span};

use fbank::{Fbank, WINDOW};
use network::{DfsmnNetwork, DfsmnState};

/// The silence before the first sample, with which a window ends where a block does.
const LEAD: usize = WINDOW % BLOCK_SIZE;

/// The network's memory trails: its score fits the labels of calls best for the block that ended where its window began,
/// give or take the lead (F1 of speech 0.981 on average, 0.979 a block later).
const LOOK_BACK: Samples = BLOCK_DURATION;

/// The logarithm of the odds from which on a frame is speech: a probability of one half, as its makers recommend.
const THRESHOLD: f32 = 0.0;

pub(super) struct FireRed {
    fbank: Fbank,
    state: DfsmnState,
    boost: QuietBoost,
    /// The samples of the next windows.
    sound: VecDeque<i16>,
    next: SampleTime,
}

impl FireRed {
    pub(super) fn new() -> Self {
        Self {
            fbank: Fbank::new(),
            state: DfsmnState::new(),
            boost: QuietBoost::default(),
            sound: std::iter::repeat_n(0, LEAD).collect(),
            next: SampleTime::ZERO,
        }
    }
}

impl Vad for FireRed {
    fn push(&mut self, pcm: &Pcm) -> Option<VadFrame> {
        self.boost.update(level_dbfs(pcm));
        self.sound.extend(pcm);
        let window = self.sound.make_contiguous().first_chunk::<WINDOW>()?;
        let energies = self.fbank.log_energies(window, self.boost.power());
        let [logit] = DfsmnNetwork::shared().logits([(&mut self.state, &energies)]);
        self.sound.drain(..BLOCK_SIZE);
        let start = self.next;
        self.next += BLOCK_DURATION;
        Some(VadFrame {
            span: Span::new(start.saturating_sub(LOOK_BACK), self.next.saturating_sub(LOOK_BACK)),
            speech: logit >= THRESHOLD,
        })
    }

    fn latency(&self) -> Samples {
        LOOK_BACK + BLOCK_DURATION
    }

    fn hears_every_voice(&self) -> bool {
        true
    }
}

/// Makes a line louder for the network that is too quiet for it.
struct QuietBoost {
    peak_dbfs: f32,
    noise_dbfs: f32,
}

/// The network hears voices of this level as well as louder ones, and 20 dB softer hardly any.
const QUIET_DBFS: f32 = -43.0;

/// Noise is never made louder than this.
const MAX_NOISE_DBFS: f32 = -65.0;

/// How fast the peak follows the blocks, in dB a block: up at once, down so slowly that it outlasts a pause.
const PEAK_RISE_DB: f32 = 1.0;
const PEAK_FALL_DB: f32 = 0.02;

/// How fast the noise follows them: up so slowly that no word moves it, down by a part of the way.
const NOISE_RISE_DB: f32 = 0.02;
const NOISE_FALL: f32 = 0.1;

impl Default for QuietBoost {
    fn default() -> Self {
        Self { peak_dbfs: QUIET_DBFS, noise_dbfs: MAX_NOISE_DBFS }
    }
}

impl QuietBoost {
    fn update(&mut self, dbfs: f32) {
        self.peak_dbfs = (self.peak_dbfs - PEAK_FALL_DB).max(dbfs.min(self.peak_dbfs + PEAK_RISE_DB));
        self.noise_dbfs = if dbfs < self.noise_dbfs {
            self.noise_dbfs + (dbfs - self.noise_dbfs) * NOISE_FALL
        } else {
            dbfs.min(self.noise_dbfs + NOISE_RISE_DB)
        };
    }

    /// How many times the power is taken.
    fn power(&self) -> f32 {
        let db = (QUIET_DBFS - self.peak_dbfs).min(MAX_NOISE_DBFS - self.noise_dbfs).max(0.0);
        10.0_f32.powf(db / 10.0)
    }
}

#[cfg(test)]
mod tests;
