//! What each track hears of the other is not speech of its own.
//!
//! Owns the far end that leaks into the microphone, and my own voice that comes back on the far end's line: whether they
//! are there, and what the tracks hold besides them. Everything after it hears [`CleanBlock`] blocks. Nothing is taken off
//! before a copy is known; a block that may be one waits for the verdict, and one that the canceller explains worse than
//! before until it is known whether somebody speaks.

mod delay;
mod filter;
mod offset;
mod path;
mod suppressor;

use std::collections::VecDeque;

use serde::{Deserialize, Serialize};

use crate::audio::{BLOCK_DURATION, Block, Pcm, PerTrack, SILENCE, Track};
use crate::frontend::voice_band::VoiceBands;
use crate::time::{SampleTime, Samples, Span};

use delay::Lags;
use offset::DcOffset;
use path::EchoPath;

/// 10 ms after echo cancelling.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CleanBlock {
    /// When its first sample was; a multiple of [`BLOCK_DURATION`].
    pub start: SampleTime,
    /// Each track as it was, without a constant offset.
    pub raw: PerTrack<Pcm>,
    /// Each track without the other: the microphone without the far end, the far end without my own voice. The same as
    /// `raw` if there is nothing to take off.
    pub pcm: PerTrack<Pcm>,
    /// Whether a track holds nothing but what it has of the other, which is no speech.
    pub echo_only: PerTrack<bool>,
    /// Whether a track holds something of the other, and nothing that clearly stands out of it.
    pub in_doubt: PerTrack<bool>,
    /// Whether what a track has of the other is loud enough to move the level of its own sound.
    pub moved: PerTrack<bool>,
    /// Whether a track's sound is filling for audio that was lost.
    pub lost: PerTrack<bool>,
}

impl CleanBlock {
    /// A block of which both tracks are lost.
    pub fn without_data(start: SampleTime) -> Self {
        let silence = PerTrack { me: SILENCE, them: SILENCE };
        let [echo_only, in_doubt, moved] = [PerTrack::default(); 3];
        Self { start, raw: silence, pcm: silence, echo_only, in_doubt, moved, lost: PerTrack { me: true, them: true } }
    }

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
    /// How long after the far end the leak is heard, in milliseconds; negative if the far end's own track is late.
    pub delay_ms: Option<i32>,
    /// How much of the call the microphone held little but the far end.
    pub rejected: Samples,
    /// How often the stage that knows it failed and was built anew; what was in it was lost.
    pub rebuilt: u32,
}

/// Blocks that wait at the most, 2.5 s of them, for the verdict on what they may hold of the other track.
const HOLD: usize = 250;

/// The echo stage: a block in; out come, in order, the blocks that are known by now.
pub struct EchoStage {
    /// From the far end into the microphone, and from the microphone onto the far end's line.
    paths: PerTrack<EchoPath>,
    offsets: PerTrack<DcOffset>,
    /// Both tracks' bands of voices.
    bands: VoiceBands<2>,
    /// Blocks that were not given out yet, oldest first, and the oldest one's number.
    waiting: VecDeque<Block>,
    oldest: usize,
    /// Of the oldest blocks that wait, how many were heard before the call and are not given out.
    before_call: usize,
    /// Whether both tracks are known to hold one sound: then neither has a copy of the other.
    same_sound: bool,
    rejected: Samples,
}

impl EchoStage {
    /// A stage that has heard nothing yet.
    pub fn new() -> Self {
        Self {
            paths: PerTrack { me: EchoPath::new(Lags::LEAK), them: EchoPath::new(Lags::RETURN) },
            offsets: PerTrack::default(),
            bands: VoiceBands::default(),
            waiting: VecDeque::with_capacity(HOLD + 1),
            oldest: 0,
            before_call: 0,
            same_sound: false,
            rejected: Samples::ZERO,
        }
    }

    /// Hears the next block; gives those that are known now.
    pub fn push(&mut self, mut block: Block) -> Vec<CleanBlock> {
        for track in Track::BOTH {
            self.offsets[track].take_off(&mut block.pcm[track]);
        }
        self.observe(&block.pcm);
        self.waiting.push_back(block);
        let mut clean = Vec::new();
        while self.waiting.len() > self.ahead() && !self.holds() {
            clean.extend(self.give());
        }
        clean
    }

    /// The same stage for a call that begins with the next block, whose time starts from zero: blocks that wait are not
    /// given out any more, and what was learned of both ways is kept.
    pub(super) fn begin_call(mut self) -> Self {
        self.before_call = self.waiting.len();
        self.rejected = Samples::ZERO;
        self
    }

    /// Whether both tracks hold one sound, as far as is known from now on.
    pub(super) fn set_same_sound(&mut self, same_sound: bool) {
        self.same_sound = same_sound;
    }

    /// What is left, once no more follows.
    pub fn finish(&mut self) -> Vec<CleanBlock> {
        for _ in 0..self.ahead() {
            self.observe(&PerTrack { me: SILENCE, them: SILENCE });
        }
        let mut clean = Vec::new();
        while !self.waiting.is_empty() {
            clean.extend(self.give());
        }
        clean
    }

    /// What is known of the leak by now.
    pub fn leak(&self) -> Leak {
        let leak = self.known_of(Track::Me);
        Leak { rejected: if leak.detected { self.rejected } else { Samples::ZERO }, ..leak }
    }

    /// What is known of my own voice on the far end's line.
    pub fn returning(&self) -> Leak {
        self.known_of(Track::Them)
    }

    /// What is known of the copy that a track holds of the other.
    fn known_of(&self, track: Track) -> Leak {
        let path = &self.paths[track];
        let detected = path.is_heard();
        Leak {
            detected,
            level_db: path.level_db().filter(|_| detected),
            delay_ms: path.lag().filter(|_| detected).map(|lag| lag / 16),
            ..Leak::default()
        }
    }

    fn observe(&mut self, pcm: &PerTrack<Pcm>) {
        let lags = PerTrack::from_fn(|track| self.paths[track].lag());
        let waves = PerTrack::from_fn(|track| pcm[track].map(path::wave));
        let [me, them] = self.bands.levels_dbfs([&waves.me, &waves.them]);
        let heard = PerTrack { me: (&pcm.me, me), them: (&pcm.them, them) };
        self.paths.me.push(heard.me, heard.them, self.oldest + 1, lags.them);
        self.paths.them.push(heard.them, heard.me, self.oldest + 1, lags.me);
    }

    /// The number of blocks after it that a block needs: its own second half and its reference.
    fn ahead(&self) -> usize {
        1 + self.paths.me.ahead()
    }

    /// Whether the oldest block may be a leak of which it is not known yet whether it is one, or whether it is only that.
    fn holds(&self) -> bool {
        self.waiting.len() < HOLD
            && self.before_call == 0
            && (self.paths.me.may_hold_copy(self.oldest) || self.paths.me.may_explain_more_of(self.oldest))
    }

    /// The oldest block that waits, cleaned; `None` if it was heard before the call, or none waits.
    fn give(&mut self) -> Option<CleanBlock> {
        let Block { start, pcm, lost, speech: _ } = self.waiting.pop_front()?;
        let mut clean = CleanBlock {
            start,
            raw: pcm,
            pcm,
            echo_only: PerTrack::default(),
            in_doubt: PerTrack::default(),
            moved: PerTrack::default(),
            lost,
        };
        for track in Track::BOTH {
            let cleaned = self.paths[track].clean(self.oldest);
            if let Some(cleaned) = cleaned.filter(|_| !self.same_sound) {
                clean.pcm[track] = cleaned.pcm;
                clean.echo_only[track] = cleaned.echo_only;
                clean.in_doubt[track] = cleaned.in_doubt;
                clean.moved[track] = cleaned.moved;
            }
        }
        for track in Track::BOTH {
            if clean.echo_only[!track] {
                self.paths[track].excuse();
            }
        }
        self.oldest += 1;
        if self.before_call > 0 {
            self.before_call -= 1;
            return None;
        }
        if clean.echo_only.me {
            self.rejected += BLOCK_DURATION;
        }
        Some(clean)
    }
}

impl Default for EchoStage {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
