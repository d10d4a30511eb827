//! Does the far end reach the microphone, how loudly, and which blocks hold more than it?
//!
//! Owns the verdict, by which a headset is left alone, and the measured coupling, by which near speech that is clearly
//! louder than any leak passes as it was: a canceller takes much of it away. Two witnesses: the likeness of both tracks
//! says whether there is a leak at all, what the canceller removes says whether it is worth removing.

use std::collections::VecDeque;

use crate::audio::{BLOCK_DURATION, BLOCK_SIZE, Pcm, level_dbfs};
use crate::frontend::echo::Leak;
use crate::frontend::echo::delay::LagEstimate;
use crate::time::Samples;

/// The far end is playing something worth hearing.
const FAR_ACTIVE_DBFS: f32 = -50.0;

/// Blocks for which the far end may still be heard after it fell silent: the longest lag, and the room.
const FAR_HOLD: usize = 60;

/// What a room keeps from one block to the next: it swallows 60 dB in 0.6 s. Rooms that swallow faster lose little by
/// it.
const REVERB_DECAY: f64 = 0.8;

/// The leak is expected so many blocks before its lag: the strongest reflection need not be the first.
const LAG_SLACK: isize = 2;

/// A microphone block this far over its noise holds somebody: the manager or the leak.
const AUDIBLE_OVER_NOISE_DB: f32 = 6.0;

/// A block of which so much is removed held little but the leak. Near speech loses 1 to 3 dB.
const REMOVED_DB: f32 = 6.0;

/// Far-active blocks that are remembered: 20 s of them.
const RECENT_BLOCKS: usize = 2_000;

/// Far-active blocks before a leak is called inaudible: 3 s, in which the canceller converges.
const MIN_BLOCKS: usize = 300;

/// Inaudible: less of the far end's active time is leak that stands out.
const AUDIBLE_SHARE: f32 = 0.02;

/// A likeness so strong is a leak; one a little weaker is, once it stayed at its lag. Below the last there is none.
const SURE: f32 = 8.0;
const LIKELY: f32 = 6.5;
const UNLIKELY: f32 = 5.5;

/// Comparisons before a weak likeness counts for anything: two are alike by chance now and then.
const MIN_COMPARISONS: usize = 4;

/// Lags that are the same leak: reflections of one room, 20 ms.
const SAME_LAG: i32 = 320;

/// The coupling before it is measured: a leak at −3 dB, less what the room's ringing adds to its cause.
const LOUDEST_DB: f32 = -12.0;

/// The coupling is the median of what leaking blocks show, followed so many dB a block, faster over the first second;
/// until the canceller has settled, of all that is heard while the far end plays. Near speech is among it; a median does
/// not mind.
const STEP_DB: f32 = 0.15;
const FIRST_STEP_DB: f32 = 0.6;
const FIRST_BLOCKS: usize = 100;

/// A block so far over the expected leak holds near speech: of far-only blocks, under 0.5 % do (measured on leaks of
/// −10 and −25 dB).
const NEAR_DB: f32 = 8.5;

/// A block no further over it surely holds nothing else.
const LEAK_DB: f32 = 3.0;

/// A canceller has settled while it removes half of what stands out of the noise (in dB), over half a second of leak.
const SETTLED: f32 = 0.5;
const SETTLING_RATE: f32 = 0.02;

/// A leak has ended when, of so many far-active blocks, fewer leak, and near speech that hides it fills no more.
const LATELY_BLOCKS: usize = 200;
const LASTING_LEAK_BLOCKS: usize = 20;
const HIDING_NEAR_BLOCKS: usize = 60;

/// How fast the leak's level forgets: half of it within some 7 s of leak.
const LEAK_DECAY: f64 = 0.999;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum CouplingVerdict {
    /// Too little was heard: cancel while the far end plays, which harms a headset little.
    #[default]
    Unknown,
    Coupled,
    Uncoupled,
}

/// What the microphone held while the far end was active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum MicContent {
    Noise,
    Leak,
    /// Somebody whom the canceller lets pass, or who is louder than any leak.
    Near,
}

/// What a block of the microphone is to those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MicSignal {
    /// As it was.
    Raw,
    /// As the canceller leaves it.
    Cancelled,
    /// No louder than the leak, which the canceller does not remove yet: nobody speaks, whatever is left.
    LeakOnly,
}

/// Learns whether there is a leak, and how loud it is.
pub(super) struct Coupling {
    verdict: CouplingVerdict,
    lag_estimate: Option<LagEstimate>,
    /// The leak's lag, in samples, when it was last sure.
    lag: i32,
    noise_dbfs: Option<f32>,
    /// Levels of the far end's last blocks, the newest first.
    far_dbfs: VecDeque<f32>,
    /// Power of the far end as it rings in a room, at the leak's lag.
    ringing: f64,
    /// How loud the leak is relative to `ringing`.
    coupling_db: f32,
    /// In how many blocks that was measured.
    measured: usize,
    /// The part of the leak, in dB over the noise, that the canceller removes.
    removed_share: f32,
    /// What the microphone held in each of the last far-active blocks.
    recent: VecDeque<MicContent>,
    leak_blocks: usize,
    /// Power of the leak and of the far end over the blocks without near speech.
    leak_power: f64,
    far_power: f64,
    rejected: Samples,
}

impl Coupling {
    pub(super) fn new() -> Self {
        Self {
            verdict: CouplingVerdict::default(),
            lag_estimate: None,
            lag: 0,
            noise_dbfs: None,
            far_dbfs: VecDeque::with_capacity(2 * FAR_HOLD),
            ringing: 0.0,
            coupling_db: LOUDEST_DB,
            measured: 0,
            removed_share: 0.0,
            recent: VecDeque::with_capacity(RECENT_BLOCKS + 1),
            leak_blocks: 0,
            leak_power: 0.0,
            far_power: 0.0,
            rejected: Samples::ZERO,
        }
    }

    /// Hears how alike both tracks are.
    pub(super) fn push_lag_estimate(&mut self, likeness: LagEstimate) {
        let before = self.lag_estimate.replace(likeness);
        let LagEstimate { lag, strength, averaged } = likeness;
        let stays = before.is_some_and(|before| before.strength >= LIKELY && (before.lag - lag).abs() <= SAME_LAG);
        if strength >= SURE || averaged >= MIN_COMPARISONS && strength >= LIKELY && stays {
            if self.verdict != CouplingVerdict::Coupled {
                self.removed_share = 0.0;
            }
            self.verdict = CouplingVerdict::Coupled;
            self.lag = lag;
        } else if averaged >= MIN_COMPARISONS && strength < UNLIKELY && !self.leak_may_last() {
            self.verdict = CouplingVerdict::Uncoupled;
        }
    }

    /// Hears the far end's next block, which the microphone's need not have reached.
    pub(super) fn push_far(&mut self, far: &Pcm) {
        self.far_dbfs.push_front(level_dbfs(far));
        self.far_dbfs.truncate(2 * FAR_HOLD);
    }

    /// Hears one block of the microphone, before and after cancelling, `behind` blocks older than the far end's newest.
    pub(super) fn push_near(&mut self, raw: &Pcm, cancelled: &Pcm, behind: usize) -> MicSignal {
        let (raw, cancelled) = (level_dbfs(raw), level_dbfs(cancelled));
        let noise = self.update_noise(raw);
        let ringing = self.update_ringing(behind);
        if !self.far_may_be_heard(behind, ringing) {
            return if self.verdict == CouplingVerdict::Coupled { MicSignal::Cancelled } else { MicSignal::Raw };
        }
        let heard = raw > noise + AUDIBLE_OVER_NOISE_DB;
        let removed = heard && raw - cancelled > REMOVED_DB;
        let louder = raw > ringing + self.coupling_db + NEAR_DB;
        if heard && self.verdict == CouplingVerdict::Coupled {
            if removed || !self.settled() {
                self.update_coupling(raw - ringing);
            }
            if raw - ringing < self.coupling_db + LEAK_DB {
                self.removed_share += ((raw - cancelled) / (raw - noise) - self.removed_share) * SETTLING_RATE;
            }
        }
        let held = match heard {
            true if removed && !louder => MicContent::Leak,
            true => MicContent::Near,
            false => MicContent::Noise,
        };
        self.push_recent(held);
        if held != MicContent::Near {
            self.leak_power = self.leak_power * LEAK_DECAY + (power(raw) - power(noise)).max(0.0);
            self.far_power = self.far_power * LEAK_DECAY + power(self.far_at(behind as isize));
        }
        if held == MicContent::Leak {
            self.rejected += BLOCK_DURATION;
        }
        match self.verdict {
            _ if self.should_bypass() || louder => MicSignal::Raw,
            CouplingVerdict::Coupled if !self.settled() => MicSignal::LeakOnly,
            _ => MicSignal::Cancelled,
        }
    }

    /// The canceller begins anew: what it removed so far says nothing.
    pub(super) fn restart(&mut self) {
        self.recent.clear();
        self.leak_blocks = 0;
        self.removed_share = 0.0;
    }

    /// The lag of the leak, in samples, where there is one.
    pub(super) fn lag(&self) -> Option<i32> {
        (self.verdict == CouplingVerdict::Coupled).then_some(self.lag)
    }

    pub(super) fn leak(&self) -> Leak {
        let detected = self.verdict == CouplingVerdict::Coupled && !self.inaudible();
        Leak {
            detected,
            level_db: (detected && self.far_power > 0.0).then(|| decibels(self.leak_power) - decibels(self.far_power)),
            delay_ms: self.lag().filter(|_| detected).map(|lag| lag / 16),
            rejected: if detected { self.rejected } else { Samples::ZERO },
            rebuilt: 0,
        }
    }

    /// How much of the call held little but the leak.
    pub(super) fn rejected(&self) -> Samples {
        self.rejected
    }

    /// Whether the microphone is to be left as it is.
    fn should_bypass(&self) -> bool {
        self.verdict == CouplingVerdict::Uncoupled || self.inaudible()
    }

    /// Whether a leak that is there hardly ever stands out of the noise: a headset's faint crosstalk.
    fn inaudible(&self) -> bool {
        self.recent.len() >= MIN_BLOCKS && (self.leak_blocks as f32) < AUDIBLE_SHARE * self.recent.len() as f32
    }

    /// Whether the far end may be heard; where its lag is not known, at any that a leak can have.
    fn far_may_be_heard(&self, behind: usize, ringing: f32) -> bool {
        match self.lag() {
            Some(_) => ringing > FAR_ACTIVE_DBFS,
            None => self.far_dbfs.iter().take(behind + FAR_HOLD).any(|far| *far > FAR_ACTIVE_DBFS),
        }
    }

    /// Whether the canceller removes the leak by now.
    fn settled(&self) -> bool {
        self.removed_share >= SETTLED
    }

    /// Whether a leak that was there may go on, though both tracks are not alike: near speech hides it.
    fn leak_may_last(&self) -> bool {
        let lately =
            |what: MicContent| self.recent.iter().rev().take(LATELY_BLOCKS).filter(|held| **held == what).count();
        self.verdict == CouplingVerdict::Coupled
            && (lately(MicContent::Leak) >= LASTING_LEAK_BLOCKS || lately(MicContent::Near) > HIDING_NEAR_BLOCKS)
    }

    /// The level of the far end as it rings in a room, in dB, where the microphone is `behind` its newest block.
    fn update_ringing(&mut self, behind: usize) -> f32 {
        let lag = self.lag().map_or(0, |lag| lag as isize / BLOCK_SIZE as isize - LAG_SLACK);
        self.ringing = self.ringing * REVERB_DECAY + power(self.far_at(behind as isize + lag));
        decibels(self.ringing)
    }

    fn far_at(&self, behind: isize) -> f32 {
        self.far_dbfs.get(behind.max(0) as usize).copied().unwrap_or(f32::MIN)
    }

    /// The microphone's noise: down quickly, up slowly, so that the leak itself does not become it.
    fn update_noise(&mut self, raw: f32) -> f32 {
        let noise = self.noise_dbfs.get_or_insert(raw);
        *noise += (raw - *noise) * if raw < *noise { 0.1 } else { 0.0005 };
        *noise
    }

    fn update_coupling(&mut self, shown_db: f32) {
        self.measured = self.measured.saturating_add(1);
        let step = if self.measured > FIRST_BLOCKS { STEP_DB } else { FIRST_STEP_DB };
        self.coupling_db += if shown_db > self.coupling_db { step } else { -step };
        self.coupling_db = self.coupling_db.min(LOUDEST_DB);
    }

    fn push_recent(&mut self, held: MicContent) {
        self.recent.push_back(held);
        self.leak_blocks += usize::from(held == MicContent::Leak);
        if self.recent.len() > RECENT_BLOCKS {
            self.leak_blocks -= usize::from(self.recent.pop_front() == Some(MicContent::Leak));
        }
    }
}

fn power(dbfs: f32) -> f64 {
    10.0_f64.powf(f64::from(dbfs) / 10.0)
}

fn decibels(power: f64) -> f32 {
    10.0 * power.max(1e-12).log10() as f32
}
