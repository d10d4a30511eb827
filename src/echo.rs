//! The far end that leaks into the microphone is not the manager talking.
//!
//! Owns cancelling, its delay, and whether there is anything to cancel. Everything after it hears [`Clean`] blocks in
//! which the three signals lie at one corrected time.

mod coupling;
mod sonora;

use std::collections::VecDeque;

use crate::audio::{BLOCK, Block, Pcm, PerTrack, SILENCE, STEP};
use crate::time::{SampleTime, Samples, Span};

use coupling::Coupling;

/// 10 ms after echo cancelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Clean {
    /// When its first sample was; a multiple of [`STEP`].
    pub start: SampleTime,
    /// The microphone as it was.
    pub raw: Pcm,
    /// The microphone without the far end; the same as `raw` where nothing leaks.
    pub me: Pcm,
    /// The far end.
    pub them: Pcm,
    /// Whether a track's sound is filling for audio that was lost.
    pub lost: PerTrack<bool>,
}

impl Clean {
    /// The stretch of the call that the block holds.
    pub fn span(&self) -> Span {
        Span::new(self.start, self.start + STEP)
    }
}

/// What is known of the leak from the far end into the microphone.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Leak {
    /// Whether the far end is heard in the microphone.
    pub detected: bool,
    /// How loud it is there relative to the far end itself, in dB; `None` before any was heard.
    pub level_db: Option<f32>,
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

/// The echo stage: a block in, a clean block of one block earlier out.
pub struct Echo {
    canceller: Box<dyn Canceller>,
    coupling: Coupling,
    /// The block that waits for the rest of its cancelled sound.
    waiting: Option<Block>,
    /// Cancelled sound that belongs to `waiting` and what follows.
    cancelled: VecDeque<i16>,
    /// Samples of the canceller's own delay that are still to be dropped.
    skip: usize,
}

impl Echo {
    /// A stage with the built-in canceller (WebRTC's AEC3).
    pub fn new() -> Self {
        Self::with(Box::new(sonora::Rebuilding::new(sonora::Aec3::new)))
    }

    /// A stage with a canceller of one's own.
    pub fn with(canceller: Box<dyn Canceller>) -> Self {
        let skip = canceller.delay().count() as usize;
        Self {
            canceller,
            coupling: Coupling::default(),
            waiting: None,
            cancelled: VecDeque::with_capacity(2 * BLOCK),
            skip,
        }
    }

    /// Hears the next block; gives the one before it.
    pub fn push(&mut self, block: Block) -> Option<Clean> {
        let out = self.canceller.cancel(&block.pcm.me, &block.pcm.them);
        let drop = self.skip.min(BLOCK);
        self.skip -= drop;
        self.cancelled.extend(&out[drop..]);
        let whole = self.waiting.replace(block)?;
        Some(self.clean(whole))
    }

    /// The last block, once no more follows.
    pub fn finish(&mut self) -> Option<Clean> {
        let last = self.waiting.as_ref()?;
        let pcm = PerTrack { me: SILENCE, them: SILENCE };
        let after = Block { start: last.start + STEP, pcm, lost: PerTrack::default(), speech: None };
        let clean = self.push(after);
        self.waiting = None;
        clean
    }

    /// What is known of the leak by now.
    pub fn leak(&self) -> Leak {
        Leak { rebuilt: self.canceller.rebuilt(), ..self.coupling.leak() }
    }

    fn clean(&mut self, block: Block) -> Clean {
        let mut me = SILENCE;
        me.iter_mut().for_each(|sample| *sample = self.cancelled.pop_front().unwrap_or(0));
        self.coupling.learn(&block.pcm.me, &me, &block.pcm.them);
        if self.coupling.bypass() {
            me = block.pcm.me;
        }
        Clean { start: block.start, raw: block.pcm.me, me, them: block.pcm.them, lost: block.lost }
    }
}

impl Default for Echo {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
