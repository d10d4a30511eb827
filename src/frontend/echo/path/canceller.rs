//! A copy out of a track, block by block: what a filter explains, then what an echo leaves of itself in bands.
//!
//! Owns whether a block holds anything besides the copy. Leaves to [`super`] whether there is a copy at all.

use crate::audio::Pcm;
use crate::frontend::echo::filter::{Filter, Wave};
use crate::frontend::echo::path::{ACTIVE_DBFS, HEARD_DB, power};
use crate::frontend::echo::suppressor::Suppressor;
use crate::frontend::voice_band::VoiceBands;

/// The reference's noise is nothing worth hearing: what lies further than this under the loudest that it has played, and by
/// how much that level falls with each block.
const ACTIVE_BELOW_DB: f32 = 25.0;
const FORGETS_DB: f32 = 0.002;

/// The residual's distance from an echo that says that somebody speaks, and that nobody does any more, in dB.
const NEAR_BEGINS_DB: f32 = 0.8;
const NEAR_ENDS_DB: f32 = 0.4;

/// Blocks after somebody's speech that are not yet taken for echo alone: 120 ms.
const NEAR_HOLDS: u32 = 12;

/// Bands in which an echo is heard before a block can be nothing else.
const BANDS: usize = 3;

/// Over an echo it is in doubt whether somebody speaks until the residual stands out by this much: what a canceller leaves
/// of a driven loudspeaker does so for single blocks (measured: up to 4.3 dB), a voice at the microphone for many.
const CLEAR_DB: f32 = 3.5;

/// A copy this far under a track moves its level by less than half a decibel.
const MOVES_DB: f32 = 10.0;

/// A block holds a copy if the canceller takes this off it, in dB.
const EXPLAINED_DB: f32 = 3.0;

/// What a block of the track is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::frontend::echo) struct Cleaned {
    /// The block without the copy.
    pub(in crate::frontend::echo) pcm: Pcm,
    /// Whether it holds nothing but the copy, and what was left of it.
    pub(in crate::frontend::echo) echo_only: bool,
    /// Whether it holds the copy, and nothing that clearly stands out of what an echo leaves.
    pub(in crate::frontend::echo) in_doubt: bool,
    /// Whether the copy is loud enough in it to move the level of whatever else it holds.
    pub(in crate::frontend::echo) moved: bool,
}

/// What the canceller made of the newest block, and what is clean now: the block before it.
pub(super) struct Cancelled {
    pub(super) cleaned: Cleaned,
    /// What is known of the copy, if the reference was playing.
    pub(super) played: Option<Played>,
    /// Whether the copy is heard, and something stands out of it.
    pub(super) stands_out: bool,
    /// The level of what the filter did not explain, in the voices' band, in dBFS.
    pub(super) left_dbfs: f32,
}

/// A block in which the reference was playing.
pub(super) struct Played {
    /// Whether its copy stood out of the track's noise.
    pub(super) audible: bool,
    /// Whether the filter explained much of the track.
    pub(super) explained: bool,
    /// The power of the copy, and of the reference.
    pub(super) copied: f64,
    pub(super) power: f64,
}

/// Takes a copy off a track.
#[derive(Clone)]
pub(super) struct Canceller {
    pub(super) filter: Filter,
    suppressor: Suppressor,
    /// The bands of voices of the track, of its reference, of what is left of the track and of the copy.
    bands: VoiceBands<4>,
    near_holds: u32,
    /// How loud the reference has been.
    reference_dbfs: f32,
}

impl Canceller {
    pub(super) fn new() -> Self {
        Self {
            filter: Filter::new(),
            suppressor: Suppressor::new(),
            bands: VoiceBands::default(),
            near_holds: 0,
            reference_dbfs: ACTIVE_DBFS,
        }
    }

    /// The same with another filter, whose errors are not known yet.
    pub(super) fn with_filter(self, filter: Filter) -> Self {
        Self { filter, suppressor: self.suppressor.for_another_filter(), near_holds: 0, ..self }
    }

    /// Hears the next block of the track and what of the reference is heard in it. `before` is the track's block before.
    pub(super) fn push(&mut self, near: &Wave, reference: &Wave, before: &Pcm, noise_dbfs: f32) -> Cancelled {
        let filtered = self.filter.push(near, reference);
        let suppressed = self.suppressor.push(near, &filtered.residual, &filtered.echo);
        let [raw, played, left, copy] = self.bands.levels_dbfs([near, reference, &filtered.residual, &filtered.echo]);
        self.reference_dbfs = (self.reference_dbfs - FORGETS_DB).max(played);
        let active = played > ACTIVE_DBFS.max(self.reference_dbfs - ACTIVE_BELOW_DB);
        let audible = copy > noise_dbfs + HEARD_DB;
        let played = active.then(|| Played {
            audible,
            explained: audible && raw - left > EXPLAINED_DB,
            copied: power(&filtered.echo),
            power: power(reference),
        });
        self.near_holds = match suppressed.near_db {
            near if near > NEAR_BEGINS_DB => NEAR_HOLDS,
            near if near > NEAR_ENDS_DB && self.near_holds > 0 => NEAR_HOLDS,
            _ => self.near_holds.saturating_sub(1),
        };
        let pcm = match suppressed.touched {
            true => suppressed.wave.map(|sample| (sample * 32_768.0).round().clamp(-32_768.0, 32_767.0) as i16),
            false => *before,
        };
        let echo = suppressed.bands >= BANDS;
        let cleaned = Cleaned {
            pcm,
            echo_only: echo && self.near_holds == 0,
            in_doubt: echo && suppressed.near_db < CLEAR_DB,
            moved: copy > raw - MOVES_DB,
        };
        Cancelled { cleaned, played, stands_out: echo && self.near_holds > 0, left_dbfs: left }
    }
}
