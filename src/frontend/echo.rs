//! The far end that leaks into the microphone is not the manager talking.
//!
//! Owns cancelling, its delay, whether there is anything to cancel, and which speech is too loud to be the far end's.
//! Everything after it hears [`CleanBlock`] blocks in which the three signals lie at one corrected time.

mod coupling;
mod delay;
mod sonora;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::audio::{BLOCK_DURATION, BLOCK_SIZE, Block, Pcm, PerTrack, SILENCE};
use crate::time::{SampleTime, Samples, Span};

use coupling::{Coupling, MicSignal};
use delay::DelayEstimator;

/// 10 ms after echo cancelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanBlock {
    /// When its first sample was; a multiple of [`BLOCK_DURATION`].
    pub start: SampleTime,
    /// The microphone as it was.
    pub raw: Pcm,
    /// The microphone without the far end; the same as `raw` where nothing leaks.
    pub me: Pcm,
    /// The far end.
    pub them: Pcm,
    /// Whether `me` is no louder than the leak, and may hold what the canceller left of it: it is no speech.
    pub leak_only: bool,
    /// Whether a track's sound is filling for audio that was lost.
    pub lost: PerTrack<bool>,
}

impl CleanBlock {
    /// The stretch of the call that the block holds.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.start + BLOCK_DURATION)
    }
}

/// What is known of the leak from the far end into the microphone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Leak {
    /// Whether the far end is heard in the microphone.
    pub detected: bool,
    /// How loud it is there relative to the far end itself, in dB; `None` before any was heard.
    pub level_db: Option<f32>,
    /// How long after the far end the leak is heard, in milliseconds; negative where the far end's own track is late.
    pub delay_ms: Option<i32>,
    /// How much of the call the microphone held little but the far end.
    pub rejected: Samples,
    /// How often the canceller failed and was built anew.
    pub rebuilt: u32,
}

/// Removes a known far end from a microphone, block by block.
pub trait Canceller {
    /// The microphone without the far end. The output lies [`Canceller::delay`] behind the input.
    fn cancel(&mut self, near: &Pcm, far: &Pcm) -> Pcm;

    /// How far the output lies behind the input; at most a block.
    fn delay(&self) -> Samples;

    /// How often it failed and was built anew.
    fn rebuilt(&self) -> u32 {
        0
    }
}

/// A leak that comes earlier than this after its reference, in samples (8 ms), finds a canceller that has not heard it
/// yet. The first reflections count: the strongest is not the first.
const TOO_EARLY: i32 = 128;

/// For how many blocks the microphone then waits for its reference: as long as a leak's lead that can be measured.
const HOLD: usize = 15;

/// The echo stage: a block in, a clean block of one block earlier out; 15 blocks later still once a leak was heard
/// before its own reference.
pub struct EchoStage {
    canceller: Box<dyn Canceller>,
    delay: DelayEstimator,
    coupling: Coupling,
    /// Blocks that wait for the rest of their cancelled sound, oldest first.
    waiting: VecDeque<Block>,
    /// The microphone's last blocks, and for how many of them it waits.
    near: VecDeque<Pcm>,
    hold: usize,
    /// Cancelled sound that belongs to `waiting` and what follows.
    cancelled: VecDeque<i16>,
    /// Cancelled samples that are still to be dropped: the canceller's own delay, and what was given out before.
    skip: usize,
}

impl EchoStage {
    /// A stage with the built-in canceller (WebRTC's AEC3).
    pub fn new() -> Self {
        Self::with_canceller(Box::new(sonora::RebuildingCanceller::new(sonora::Aec3::new)))
    }

    /// A stage with a canceller of one's own.
    pub fn with_canceller(canceller: Box<dyn Canceller>) -> Self {
        let skip = canceller.delay().count() as usize;
        Self {
            canceller,
            delay: DelayEstimator::new(),
            coupling: Coupling::new(),
            waiting: VecDeque::with_capacity(HOLD + 2),
            near: VecDeque::with_capacity(HOLD + 1),
            hold: 0,
            cancelled: VecDeque::with_capacity(2 * BLOCK_SIZE),
            skip,
        }
    }

    /// Hears the next block; gives the oldest that is whole.
    pub fn push(&mut self, block: Block) -> Option<CleanBlock> {
        self.cancel(&block.pcm);
        self.coupling.push_far(&block.pcm.them);
        if let Some(likeness) = self.delay.push(&block.pcm.me, &block.pcm.them) {
            self.coupling.push_lag_estimate(likeness);
        }
        self.waiting.push_back(block);
        let clean = self.pop_clean();
        if self.hold == 0 && self.coupling.lag().is_some_and(|lag| lag < TOO_EARLY) {
            self.delay_microphone();
        }
        clean
    }

    /// The next of the last blocks, once no more follow; `None` after the last.
    pub fn finish(&mut self) -> Option<CleanBlock> {
        while !self.waiting.is_empty() {
            self.cancel(&PerTrack { me: SILENCE, them: SILENCE });
            if let Some(clean) = self.pop_clean() {
                return Some(clean);
            }
        }
        None
    }

    /// What is known of the leak by now.
    pub fn leak(&self) -> Leak {
        Leak { rebuilt: self.canceller.rebuilt(), ..self.coupling.leak() }
    }

    /// How much of the call the microphone held little but the far end, whether it is heard there now or not.
    pub fn rejected(&self) -> Samples {
        self.coupling.rejected()
    }

    /// The same stage for a call that begins with the next block, whose time starts from zero: blocks that wait are
    /// dropped, and what was learned of the leak is kept.
    pub(super) fn begin_call(mut self) -> Self {
        // The cancelled sound of the dropped blocks that has not come yet is dropped when it does.
        self.skip += (self.waiting.len() * BLOCK_SIZE).saturating_sub(self.cancelled.len());
        self.waiting.clear();
        self.cancelled.clear();
        self
    }

    fn cancel(&mut self, pcm: &PerTrack<Pcm>) {
        self.near.push_front(pcm.me);
        self.near.truncate(HOLD + 1);
        let held = self.near.get(self.hold).unwrap_or(&SILENCE);
        let out = self.canceller.cancel(held, &pcm.them);
        let drop = self.skip.min(BLOCK_SIZE);
        self.skip -= drop;
        self.cancelled.extend(&out[drop..]);
    }

    /// From the next block on the canceller hears the microphone late. Blocks that were given out already are
    /// cancelled again and dropped, from which it learns.
    fn delay_microphone(&mut self) {
        self.hold = HOLD;
        self.cancelled.clear();
        self.skip = self.canceller.delay().count() as usize + (HOLD - self.waiting.len()) * BLOCK_SIZE;
        self.coupling.restart();
    }

    /// The oldest block, if all its cancelled sound is there.
    fn pop_clean(&mut self) -> Option<CleanBlock> {
        if self.cancelled.len() < BLOCK_SIZE {
            return None;
        }
        let block = self.waiting.pop_front()?;
        let mut me = SILENCE;
        me.iter_mut().zip(self.cancelled.drain(..BLOCK_SIZE)).for_each(|(sample, cancelled)| *sample = cancelled);
        let hear = self.coupling.push_near(&block.pcm.me, &me, self.waiting.len());
        if hear == MicSignal::Raw {
            me = block.pcm.me;
        }
        let Block { start, pcm, lost, speech: _ } = block;
        Some(CleanBlock { start, raw: pcm.me, me, them: pcm.them, leak_only: hear == MicSignal::LeakOnly, lost })
    }
}

impl Default for EchoStage {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
