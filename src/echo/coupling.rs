//! Does the far end reach the microphone at all? On a headset it does not, and cancelling could only harm.
//!
//! Two witnesses must agree. What the canceller removes: much, and most of what the microphone hears while the far end
//! plays. And the far end's onsets: a microphone that was quiet before and hears something just after. The first alone
//! is fooled by an unsettled canceller, which takes near speech away too.

use std::collections::VecDeque;

use crate::audio::{Pcm, STEP, level_dbfs};
use crate::echo::Leak;
use crate::time::Samples;

/// The far end is playing something worth hearing.
const FAR_ACTIVE_DBFS: f32 = -50.0;

/// The far end still rings in the room for so many blocks after it fell silent (RT60 of a small room).
const FAR_HOLD: usize = 30;

/// A microphone block this far over its noise holds somebody: the manager or the leak.
const HEARD_DB: f32 = 6.0;

/// A block of which so much is removed held little but the leak. Near speech loses 1 to 3 dB.
const REMOVED_DB: f32 = 6.0;

/// Far-active blocks that are remembered: 20 s of them.
const MEMORY: usize = 2_000;

/// Far-active blocks before any verdict: 3 s, in which the canceller converges.
const ENOUGH: usize = 300;

/// Leaking blocks before the far end is called coupled: 2 s.
const SURE: usize = 200;

/// Coupled: so much of the far end's active time is mostly leak, and so much of what the microphone hears meanwhile.
const COUPLED: (f32, f32) = (0.10, 0.4);

/// Uncoupled: under either of these. Between the two pairs the verdict stays.
const UNCOUPLED: (f32, f32) = (0.02, 0.2);

/// How fast the leak's level forgets: half of it within some 7 s of leak.
const FORGETS: f64 = 0.999;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Verdict {
    /// Too little was heard: cancel, which harms a headset little.
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
    /// Somebody whom the canceller lets pass.
    Near,
}

/// Learns whether there is a leak, and how loud it is.
#[derive(Default)]
pub(super) struct Coupling {
    verdict: Verdict,
    noise_dbfs: Option<f32>,
    far_hold: usize,
    onsets: Onsets,
    /// What the microphone held in each of the last far-active blocks.
    recent: VecDeque<Held>,
    leaking: usize,
    heard: usize,
    /// Power of the leak and of the far end over the blocks without near speech.
    leak_power: f64,
    far_power: f64,
    rejected: Samples,
}

impl Coupling {
    /// Hears one block: the microphone before and after cancelling, and the far end.
    pub(super) fn learn(&mut self, raw: &Pcm, cancelled: &Pcm, far: &Pcm) {
        let (raw, cancelled, far) = (level_dbfs(raw), level_dbfs(cancelled), level_dbfs(far));
        let active = far > FAR_ACTIVE_DBFS;
        let noise = self.learn_noise(raw);
        let heard = raw > noise + HEARD_DB;
        self.onsets.learn(active, self.far_hold > 0, heard);
        self.far_hold = if active { FAR_HOLD } else { self.far_hold.saturating_sub(1) };
        if self.far_hold == 0 {
            return;
        }
        let held = match heard {
            true if raw - cancelled > REMOVED_DB => Held::Leak,
            true => Held::Near,
            false => Held::Noise,
        };
        self.remember(held);
        if held != Held::Near {
            self.leak_power = self.leak_power * FORGETS + (power(raw) - power(noise)).max(0.0);
            self.far_power = self.far_power * FORGETS + power(far);
        }
        if held == Held::Leak {
            self.rejected += STEP;
        }
    }

    /// Whether the microphone is to be left as it is.
    pub(super) fn bypass(&self) -> bool {
        self.verdict == Verdict::Uncoupled
    }

    pub(super) fn leak(&self) -> Leak {
        let detected = self.verdict == Verdict::Coupled;
        Leak {
            detected,
            level_db: detected.then(|| 10.0 * (self.leak_power / self.far_power).log10() as f32),
            rejected: if detected { self.rejected } else { Samples::ZERO },
            rebuilt: 0,
        }
    }

    /// The microphone's noise: down quickly, up slowly, so that the leak itself does not become it.
    fn learn_noise(&mut self, raw: f32) -> f32 {
        let noise = self.noise_dbfs.get_or_insert(raw);
        *noise += (raw - *noise) * if raw < *noise { 0.1 } else { 0.0005 };
        *noise
    }

    fn remember(&mut self, held: Held) {
        self.recent.push_back(held);
        self.count(held, 1);
        if self.recent.len() > MEMORY
            && let Some(oldest) = self.recent.pop_front()
        {
            self.count(oldest, -1);
        }
        if self.recent.len() < ENOUGH {
            return;
        }
        let of_active = self.leaking as f32 / self.recent.len() as f32;
        let of_heard = self.leaking as f32 / self.heard.max(1) as f32;
        let removed = self.leaking >= SURE && of_active >= COUPLED.0 && of_heard >= COUPLED.1;
        let left = of_active <= UNCOUPLED.0 || of_heard <= UNCOUPLED.1;
        self.verdict = match self.onsets.verdict() {
            Verdict::Coupled if removed => Verdict::Coupled,
            Verdict::Uncoupled => Verdict::Uncoupled,
            _ if left => Verdict::Uncoupled,
            _ => self.verdict,
        };
    }

    fn count(&mut self, held: Held, by: isize) {
        if held == Held::Leak {
            self.leaking = self.leaking.saturating_add_signed(by);
        }
        if held != Held::Noise {
            self.heard = self.heard.saturating_add_signed(by);
        }
    }
}

/// Blocks before a far onset in which the microphone must have been quiet.
const QUIET_BEFORE: usize = 10;

/// Blocks after a far onset in which a leak is heard: its delay, up to 250 ms, and its rise.
const HEARD_WITHIN: usize = 40;

/// Blocks of these that must be heard: more than a click.
const HEARD_FOR: usize = 8;

/// Onsets that are remembered, and how many make a verdict.
const ONSETS: usize = 6;
const ENOUGH_ONSETS: usize = 3;

/// What the far end's onsets bring to a quiet microphone.
#[derive(Default)]
struct Onsets {
    quiet: usize,
    /// Blocks since the onset that is watched, and how many of them were heard.
    watched: Option<(usize, usize)>,
    /// Whether each of the last onsets was heard.
    votes: VecDeque<bool>,
}

impl Onsets {
    fn learn(&mut self, far_active: bool, far_was_active: bool, heard: bool) {
        if let Some((since, count)) = &mut self.watched {
            *since += 1;
            *count += usize::from(heard);
            if *since == HEARD_WITHIN {
                self.votes.push_back(*count >= HEARD_FOR);
                if self.votes.len() > ONSETS {
                    self.votes.pop_front();
                }
                self.watched = None;
            }
        } else if far_active && !far_was_active && self.quiet >= QUIET_BEFORE {
            self.watched = Some((0, 0));
        }
        self.quiet = if heard { 0 } else { self.quiet + 1 };
    }

    fn verdict(&self) -> Verdict {
        let yes = self.votes.iter().filter(|vote| **vote).count();
        match self.votes.len() {
            votes if votes < ENOUGH_ONSETS => Verdict::Unknown,
            votes if 2 * yes >= votes => Verdict::Coupled,
            votes if 4 * yes < votes => Verdict::Uncoupled,
            _ => Verdict::Unknown,
        }
    }
}

fn power(dbfs: f32) -> f64 {
    10.0_f64.powf(f64::from(dbfs) / 10.0)
}
