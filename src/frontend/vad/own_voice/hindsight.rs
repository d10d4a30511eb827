//! What was taken for the own voice before somebody else was known to be in the room, judged again once they are.
//!
//! Until both levels are known a soft voice is given the benefit of the doubt, and the first that is heard is taken for the
//! own one. The levels of the last minutes are remembered, so that what was somebody else's can be told afterwards.

use std::collections::VecDeque;
use std::ops::Range;

use crate::audio::BLOCK_DURATION;
use crate::time::Samples;

use super::onset::RUN_PAUSE;
use super::others::{OWN_GOES_ON, PAIR_WITHIN};

/// How far back is judged again. Nobody is remembered for longer as somebody who may be in the room.
const HINDSIGHT: Samples = Samples::from_secs(120);

/// Blocks that are remembered.
const MAX_BLOCKS: usize = blocks(HINDSIGHT);

/// What was said before a nearer voice was heard may have been that voice, further away: it was somebody else's only if it is
/// no further over the level at which others are known.
const OVER_OTHERS_DB: f32 = 3.0;

/// A voice begins softly, and trails off: what is this near before a loud place, and as near after one as is no evidence of
/// somebody else, stays the own voice's, for a take-back that is wrong is worse than one that is not made.
const OWN_BEGINS: Samples = Samples::from_ms(500);

/// What separates the own voice from others, in dBFS.
#[derive(Clone, Copy, Debug)]
pub(super) struct VoiceLevels {
    /// From this level on it is the own voice.
    pub(super) loud_dbfs: f32,
    /// The others' level.
    pub(super) others_dbfs: f32,
}

/// The newest blocks of a track, up to [`HINDSIGHT`].
#[derive(Default)]
pub(super) struct PastBlocks {
    /// Oldest first.
    blocks: VecDeque<PastBlock>,
    /// Blocks before the oldest.
    forgotten: u64,
    /// How many blocks ago the newest nearer voice was found.
    since_nearer: Option<usize>,
}

/// A block's level if it was taken for the own voice: half decibels under full scale. Two minutes of them are kept, so one byte.
#[derive(Clone, Copy, PartialEq, Eq)]
struct PastBlock(u8);

impl PastBlock {
    const NOT_OWN: Self = Self(u8::MAX);

    fn own(dbfs: f32) -> Self {
        Self((-2.0 * dbfs).round().clamp(0.0, 254.0) as u8)
    }

    fn own_dbfs(self) -> Option<f32> {
        (self != Self::NOT_OWN).then(|| -0.5 * f32::from(self.0))
    }
}

impl PastBlocks {
    /// The next block, with its level if it was taken for the own voice.
    pub(super) fn push(&mut self, own_dbfs: Option<f32>) {
        self.blocks.push_back(own_dbfs.map_or(PastBlock::NOT_OWN, PastBlock::own));
        self.since_nearer = self.since_nearer.map(|blocks| blocks + 1);
        if self.blocks.len() > MAX_BLOCKS {
            self.blocks.pop_front();
            self.forgotten += 1;
        }
    }

    /// A nearer voice was found: what came before was judged by another one's level.
    pub(super) fn mark_nearer(&mut self) {
        self.since_nearer = Some(0);
    }

    /// Of the blocks that were taken for the own voice, those that were somebody else's: their numbers from the track's
    /// first block on. They are not taken for it any more.
    pub(super) fn judge_again(&mut self, levels: VoiceLevels) -> Vec<Range<u64>> {
        let own = self.own_blocks(levels);
        let mut others: Vec<Range<u64>> = Vec::new();
        for (place, block) in self.blocks.iter_mut().enumerate() {
            if own[place] || block.own_dbfs().is_none() {
                continue;
            }
            *block = PastBlock::NOT_OWN;
            let number = self.forgotten + place as u64;
            match others.last_mut() {
                Some(last) if last.end == number => last.end += 1,
                _ => others.push(number..number + 1),
            }
        }
        others
    }

    /// Which blocks are the own voice's, or lie near enough to it in the same run.
    fn own_blocks(&self, levels: VoiceLevels) -> Vec<bool> {
        let before_nearer = self.since_nearer.map_or(0, |since| self.blocks.len().saturating_sub(since));
        let loud_before_nearer = levels.loud_dbfs.min(levels.others_dbfs + OVER_OTHERS_DB);
        let mut own = vec![false; self.blocks.len()];
        for run in self.runs() {
            let is_loud = |place: usize| {
                let loud_dbfs = if place < before_nearer { loud_before_nearer } else { levels.loud_dbfs };
                self.blocks[place].own_dbfs().is_some_and(|dbfs| dbfs >= loud_dbfs)
            };
            let loud: Vec<usize> = run.clone().filter(|place| is_loud(*place)).collect();
            let pairs = loud.windows(2).filter(|pair| pair[1] - pair[0] < blocks(PAIR_WITHIN));
            for second in pairs.map(|pair| pair[1]) {
                let near = second.saturating_sub(blocks(OWN_BEGINS)).max(run.start)
                    ..(second + blocks(OWN_GOES_ON)).min(run.end);
                own[near].fill(true);
            }
        }
        own
    }

    /// The runs of what was taken for the own voice: places of blocks.
    fn runs(&self) -> Vec<Range<usize>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for place in (0..self.blocks.len()).filter(|place| self.blocks[*place].own_dbfs().is_some()) {
            match runs.last_mut() {
                Some(run) if place - run.end < blocks(RUN_PAUSE) => run.end = place + 1,
                _ => runs.push(place..place + 1),
            }
        }
        runs
    }
}

/// A length of time in whole blocks.
const fn blocks(length: Samples) -> usize {
    (length.count() / BLOCK_DURATION.count()) as usize
}

#[cfg(test)]
mod tests;
