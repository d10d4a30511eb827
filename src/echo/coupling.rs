//! Does the far end reach the microphone, how loudly, and which blocks hold more than it?
//!
//! Owns the verdict, by which a headset is left alone, and the measured coupling, by which near speech that is clearly
//! louder than any leak passes as it was: a canceller takes much of it away. Two witnesses: the likeness of both tracks
//! says whether there is a leak at all, what the canceller removes says whether it is worth removing.

use std::collections::VecDeque;

use crate::audio::{BLOCK, Pcm, STEP, level_dbfs};
use crate::echo::Leak;
use crate::echo::delay::Likeness;
use crate::time::Samples;

/// The far end is playing something worth hearing.
const FAR_ACTIVE_DBFS: f32 = -50.0;

/// Blocks for which the far end may still be heard after it fell silent: the longest lag, and the room.
const FAR_HOLD: usize = 60;

/// What a room keeps from one block to the next: it swallows 60 dB in 0.6 s. Rooms that swallow faster lose little by
/// it.
const RINGS: f64 = 0.8;

/// The leak is expected so many blocks before its lag: the strongest reflection need not be the first.
const LAG_SLACK: isize = 2;

/// A microphone block this far over its noise holds somebody: the manager or the leak.
const HEARD_DB: f32 = 6.0;

/// A block of which so much is removed held little but the leak. Near speech loses 1 to 3 dB.
const REMOVED_DB: f32 = 6.0;

/// Far-active blocks that are remembered: 20 s of them.
const MEMORY: usize = 2_000;

/// Far-active blocks before a leak is called inaudible: 3 s, in which the canceller converges.
const ENOUGH: usize = 300;

/// Inaudible: less of the far end's active time is leak that stands out.
const AUDIBLE: f32 = 0.02;

/// A likeness so strong is a leak; one a little weaker is, once it stayed at its lag. Below the last there is none.
const SURE: f32 = 8.0;
const LIKELY: f32 = 6.5;
const UNLIKELY: f32 = 5.5;

/// Comparisons before a weak likeness counts for anything: two are alike by chance now and then.
const COMPARED: usize = 4;

/// Lags that are the same leak: reflections of one room, 20 ms.
const SAME_LAG: i32 = 320;

/// The coupling before it is measured: a leak at −3 dB, less what the room's ringing adds to its cause.
const LOUDEST_DB: f32 = -12.0;

/// The coupling is the median of what leaking blocks show, followed so many dB a block, faster over the first second;
/// until the canceller has settled, of all that is heard while the far end plays. Near speech is among it; a median does
/// not mind.
const FOLLOWS_DB: f32 = 0.15;
const FOLLOWS_AT_FIRST_DB: f32 = 0.6;
const AT_FIRST: usize = 100;

/// A block so far over the expected leak holds near speech: of far-only blocks, under 0.5 % do (measured on leaks of
/// −10 and −25 dB).
const NEAR_DB: f32 = 8.5;

/// A block no further over it surely holds nothing else.
const LEAK_DB: f32 = 3.0;

/// A canceller has settled while it removes half of what stands out of the noise (in dB), over half a second of leak.
const SETTLED: f32 = 0.5;
const SETTLES: f32 = 0.02;

/// A leak has ended when, of so many far-active blocks, fewer leak, and near speech that hides it fills no more.
const LATELY: usize = 200;
const LEAKING: usize = 20;
const HIDDEN: usize = 60;

/// How fast the leak's level forgets: half of it within some 7 s of leak.
const FORGETS: f64 = 0.999;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Verdict {
    /// Too little was heard: cancel while the far end plays, which harms a headset little.
    #[default]
    Unknown,
    Coupled,
    Uncoupled,
}

/// What the microphone held while the far end was active.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Held {
    Noise,
    Leak,
    /// Somebody whom the canceller lets pass, or who is louder than any leak.
    Near,
}

/// What a block of the microphone is to those after it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Hear {
    /// As it was.
    Raw,
    /// As the canceller leaves it.
    Cancelled,
    /// No louder than the leak, which the canceller does not remove yet: nobody speaks, whatever is left.
    Leak,
}

/// Learns whether there is a leak, and how loud it is.
pub(super) struct Coupling {
    verdict: Verdict,
    likeness: Option<Likeness>,
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
    removes: f32,
    /// What the microphone held in each of the last far-active blocks.
    recent: VecDeque<Held>,
    leaking: usize,
    /// Power of the leak and of the far end over the blocks without near speech.
    leak_power: f64,
    far_power: f64,
    rejected: Samples,
}

impl Coupling {
    pub(super) fn new() -> Self {
        Self {
            verdict: Verdict::default(),
            likeness: None,
            lag: 0,
            noise_dbfs: None,
            far_dbfs: VecDeque::with_capacity(2 * FAR_HOLD),
            ringing: 0.0,
            coupling_db: LOUDEST_DB,
            measured: 0,
            removes: 0.0,
            recent: VecDeque::with_capacity(MEMORY + 1),
            leaking: 0,
            leak_power: 0.0,
            far_power: 0.0,
            rejected: Samples::ZERO,
        }
    }

    /// Hears how alike both tracks are.
    pub(super) fn compare(&mut self, likeness: Likeness) {
        let before = self.likeness.replace(likeness);
        let Likeness { lag, strength, averaged } = likeness;
        let stays = before.is_some_and(|before| before.strength >= LIKELY && (before.lag - lag).abs() <= SAME_LAG);
        if strength >= SURE || averaged >= COMPARED && strength >= LIKELY && stays {
            if self.verdict != Verdict::Coupled {
                self.removes = 0.0;
            }
            self.verdict = Verdict::Coupled;
            self.lag = lag;
        } else if averaged >= COMPARED && strength < UNLIKELY && !self.may_last() {
            self.verdict = Verdict::Uncoupled;
        }
    }

    /// Hears the far end's next block, which the microphone's need not have reached.
    pub(super) fn play(&mut self, far: &Pcm) {
        self.far_dbfs.push_front(level_dbfs(far));
        self.far_dbfs.truncate(2 * FAR_HOLD);
    }

    /// Hears one block of the microphone, before and after cancelling, `behind` blocks older than the far end's newest.
    pub(super) fn learn(&mut self, raw: &Pcm, cancelled: &Pcm, behind: usize) -> Hear {
        let (raw, cancelled) = (level_dbfs(raw), level_dbfs(cancelled));
        let noise = self.learn_noise(raw);
        let ringing = self.ring(behind);
        if !self.playing(behind, ringing) {
            return if self.verdict == Verdict::Coupled { Hear::Cancelled } else { Hear::Raw };
        }
        let heard = raw > noise + HEARD_DB;
        let removed = heard && raw - cancelled > REMOVED_DB;
        let louder = raw > ringing + self.coupling_db + NEAR_DB;
        if heard && self.verdict == Verdict::Coupled {
            if removed || !self.settled() {
                self.follow(raw - ringing);
            }
            if raw - ringing < self.coupling_db + LEAK_DB {
                self.removes += ((raw - cancelled) / (raw - noise) - self.removes) * SETTLES;
            }
        }
        let held = match heard {
            true if removed && !louder => Held::Leak,
            true => Held::Near,
            false => Held::Noise,
        };
        self.remember(held);
        if held != Held::Near {
            self.leak_power = self.leak_power * FORGETS + (power(raw) - power(noise)).max(0.0);
            self.far_power = self.far_power * FORGETS + power(self.far_at(behind as isize));
        }
        if held == Held::Leak {
            self.rejected += STEP;
        }
        match self.verdict {
            _ if self.bypass() || louder => Hear::Raw,
            Verdict::Coupled if !self.settled() => Hear::Leak,
            _ => Hear::Cancelled,
        }
    }

    /// The canceller begins anew: what it removed so far says nothing.
    pub(super) fn restart(&mut self) {
        self.recent.clear();
        self.leaking = 0;
        self.removes = 0.0;
    }

    /// The lag of the leak, in samples, where there is one.
    pub(super) fn lag(&self) -> Option<i32> {
        (self.verdict == Verdict::Coupled).then_some(self.lag)
    }

    pub(super) fn leak(&self) -> Leak {
        let detected = self.verdict == Verdict::Coupled && !self.inaudible();
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
    fn bypass(&self) -> bool {
        self.verdict == Verdict::Uncoupled || self.inaudible()
    }

    /// Whether a leak that is there hardly ever stands out of the noise: a headset's faint crosstalk.
    fn inaudible(&self) -> bool {
        self.recent.len() >= ENOUGH && (self.leaking as f32) < AUDIBLE * self.recent.len() as f32
    }

    /// Whether the far end may be heard; where its lag is not known, at any that a leak can have.
    fn playing(&self, behind: usize, ringing: f32) -> bool {
        match self.lag() {
            Some(_) => ringing > FAR_ACTIVE_DBFS,
            None => self.far_dbfs.iter().take(behind + FAR_HOLD).any(|far| *far > FAR_ACTIVE_DBFS),
        }
    }

    /// Whether the canceller removes the leak by now.
    fn settled(&self) -> bool {
        self.removes >= SETTLED
    }

    /// Whether a leak that was there may go on, though both tracks are not alike: near speech hides it.
    fn may_last(&self) -> bool {
        let lately = |what: Held| self.recent.iter().rev().take(LATELY).filter(|held| **held == what).count();
        self.verdict == Verdict::Coupled && (lately(Held::Leak) >= LEAKING || lately(Held::Near) > HIDDEN)
    }

    /// The level of the far end as it rings in a room, in dB, where the microphone is `behind` its newest block.
    fn ring(&mut self, behind: usize) -> f32 {
        let lag = self.lag().map_or(0, |lag| lag as isize / BLOCK as isize - LAG_SLACK);
        self.ringing = self.ringing * RINGS + power(self.far_at(behind as isize + lag));
        decibels(self.ringing)
    }

    fn far_at(&self, behind: isize) -> f32 {
        self.far_dbfs.get(behind.max(0) as usize).copied().unwrap_or(f32::MIN)
    }

    /// The microphone's noise: down quickly, up slowly, so that the leak itself does not become it.
    fn learn_noise(&mut self, raw: f32) -> f32 {
        let noise = self.noise_dbfs.get_or_insert(raw);
        *noise += (raw - *noise) * if raw < *noise { 0.1 } else { 0.0005 };
        *noise
    }

    fn follow(&mut self, shown_db: f32) {
        self.measured = self.measured.saturating_add(1);
        let step = if self.measured > AT_FIRST { FOLLOWS_DB } else { FOLLOWS_AT_FIRST_DB };
        self.coupling_db += if shown_db > self.coupling_db { step } else { -step };
        self.coupling_db = self.coupling_db.min(LOUDEST_DB);
    }

    fn remember(&mut self, held: Held) {
        self.recent.push_back(held);
        self.leaking += usize::from(held == Held::Leak);
        if self.recent.len() > MEMORY {
            self.leaking -= usize::from(self.recent.pop_front() == Some(Held::Leak));
        }
    }
}

fn power(dbfs: f32) -> f64 {
    10.0_f64.powf(f64::from(dbfs) / 10.0)
}

fn decibels(power: f64) -> f32 {
    10.0 * power.max(1e-12).log10() as f32
}
