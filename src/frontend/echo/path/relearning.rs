//! Has the copy's path changed, or does somebody speak?
//!
//! Both leave something that the canceller does not explain. A rival filter that is not sure of its estimate tells: it
//! soon explains a path that has changed, and what somebody says at the microphone it never does. Until that is known
//! the blocks in question wait.

use std::collections::VecDeque;

use crate::frontend::echo::filter::{Filter, Wave};
use crate::frontend::echo::path::canceller::{Cancelled, Canceller};
use crate::frontend::voice_band::VoiceBands;

/// What the rival is judged on: its last blocks in which the reference was playing.
const JUDGED_ON: usize = 15;

/// The path has changed if the rival leaves less than the canceller by this, in dB on average.
const CHANGED_DB: f32 = 3.0;

/// One block speaks for or against the rival by this at the most.
const MOST_DB: f32 = 12.0;

/// Somebody speaks if the rival is not better than this after so many blocks …
const SPEECH_AFTER: usize = 40;
const SPEECH_DB: f32 = 0.5;

/// … and in any case after this many: 1 s.
const MAX_ASKED: usize = 100;

/// Whether the path has changed, as far as that is asked.
#[derive(Default)]
pub(super) enum Relearning {
    /// The canceller explains what is heard of the reference.
    #[default]
    Settled,
    /// It does not, and it is not known yet why.
    Asked(Box<Rival>),
    /// It does not, since somebody speaks.
    Speech,
}

/// A canceller that a changed path calls for.
pub(super) struct Relearned {
    /// The canceller as it was before, with the filter that explains more.
    pub(super) canceller: Canceller,
    /// The first block that it may explain.
    pub(super) from: usize,
}

/// A filter that learns anew from the first block that the canceller did not explain.
pub(super) struct Rival {
    from: usize,
    before: Canceller,
    filter: Filter,
    band: VoiceBands<1>,
    blocks: usize,
    /// By how much it left less than the canceller in each of its last blocks, in dB.
    better_db: VecDeque<f32>,
}

impl Relearning {
    /// The first block of which it is not known yet whether the canceller explains it as well as can be.
    pub(super) fn asked_from(&self) -> Option<usize> {
        match self {
            Self::Asked(rival) => Some(rival.from),
            Self::Settled | Self::Speech => None,
        }
    }

    /// Takes in what the canceller made of a block, and what it heard; what to go on with from that block on if the path is
    /// known to have changed.
    pub(super) fn push(
        &mut self,
        block: usize,
        [near, reference]: [&Wave; 2],
        cancelled: &Cancelled,
        canceller: &Canceller,
    ) -> Option<Relearned> {
        let stands_out = cancelled.stands_out;
        match self {
            Self::Settled if stands_out => *self = Self::Asked(Box::new(Rival::new(block, canceller))),
            Self::Speech if !stands_out => *self = Self::Settled,
            Self::Settled | Self::Speech => {}
            Self::Asked(rival) => {
                rival.push(near, reference, cancelled);
                let better_db = rival.better_db();
                if better_db.is_some_and(|better| better >= CHANGED_DB) {
                    let Self::Asked(rival) = std::mem::take(self) else { return None };
                    let Rival { from, before, filter, .. } = *rival;
                    return Some(Relearned { canceller: before.with_filter(filter), from });
                }
                let worse = better_db.is_some_and(|better| better < SPEECH_DB) && rival.blocks >= SPEECH_AFTER;
                if !stands_out {
                    *self = Self::Settled;
                } else if worse || rival.blocks >= MAX_ASKED {
                    *self = Self::Speech;
                }
            }
        }
        None
    }
}

impl Rival {
    fn new(from: usize, canceller: &Canceller) -> Self {
        Self {
            from,
            before: canceller.clone(),
            filter: canceller.filter.clone().unsure(),
            band: VoiceBands::default(),
            blocks: 0,
            better_db: VecDeque::with_capacity(JUDGED_ON + 1),
        }
    }

    fn push(&mut self, near: &Wave, reference: &Wave, cancelled: &Cancelled) {
        let [left_dbfs] = self.band.levels_dbfs([&self.filter.push(near, reference).residual]);
        self.blocks += 1;
        if cancelled.played.as_ref().is_some_and(|played| played.audible) {
            self.better_db.push_back((cancelled.left_dbfs - left_dbfs).clamp(-MOST_DB, MOST_DB));
            if self.better_db.len() > JUDGED_ON {
                self.better_db.pop_front();
            }
        }
    }

    /// By how much it leaves less than the canceller, in dB on average, once that is known.
    fn better_db(&self) -> Option<f32> {
        (self.better_db.len() == JUDGED_ON).then(|| self.better_db.iter().sum::<f32>() / JUDGED_ON as f32)
    }
}
