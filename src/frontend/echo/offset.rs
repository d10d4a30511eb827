//! A constant offset of a track, which is no sound.

use crate::audio::{BLOCK_SIZE, Pcm};

/// How fast it is followed: within a second.
const FOLLOWS: f32 = 0.01;

/// An offset that is taken off, and one that no longer is, in units of 16 bits.
const MATTERS: f32 = 16.0;
const FORGOTTEN: f32 = 8.0;

/// Blocks before anything is known: a tenth of a second.
const KNOWN: u32 = 10;

/// An offset is further from zero than this many times what the means of blocks differ by: those of loud noise come to
/// something by chance.
const STANDS_OUT: f32 = 2.0;

/// Learns the offset, and takes it off if there is one: a track without any stays as it is, to the bit.
#[derive(Clone, Debug, Default)]
pub(super) struct DcOffset {
    blocks: u32,
    mean: f32,
    /// How far the means of blocks lie from it on average: a voice's own lows.
    moves: f32,
    taken: bool,
}

impl DcOffset {
    pub(super) fn take_off(&mut self, pcm: &mut Pcm) {
        // Digital silence comes from no microphone, and stays what it is.
        if pcm.iter().all(|sample| *sample == 0) {
            return;
        }
        let mean = pcm.iter().map(|sample| f32::from(*sample)).sum::<f32>() / BLOCK_SIZE as f32;
        self.blocks = self.blocks.saturating_add(1);
        let follows = FOLLOWS.max(1.0 / self.blocks as f32);
        self.mean += (mean - self.mean) * follows;
        self.moves += ((mean - self.mean).abs() - self.moves) * follows;
        self.taken = match self.taken {
            true => self.mean.abs() >= FORGOTTEN,
            false => self.blocks >= KNOWN && self.mean.abs() >= MATTERS && self.mean.abs() > STANDS_OUT * self.moves,
        };
        if self.taken {
            let offset = self.mean.round() as i16;
            pcm.iter_mut().for_each(|sample| *sample = sample.saturating_sub(offset));
        }
    }
}
