//! Does the far end reach the microphone at all? On a headset it does not, and cancelling could only harm.

use std::collections::VecDeque;

use crate::audio::{Pcm, STEP};
use crate::echo::Leak;
use crate::time::Samples;
use crate::vad::level_dbfs;

/// The far end is playing something worth hearing.
const FAR_ACTIVE_DBFS: f32 = -50.0;

/// The far end still rings in the room for so long after it fell silent (RT60 of a small room).
const FAR_HOLD: usize = 30;

/// A microphone block this far over its noise holds somebody: the manager or the leak.
const HEARD_DB: f32 = 6.0;

/// A block of which so much is removed held little but the leak. Near speech loses 1 to 3 dB.
const REMOVED_DB: f32 = 6.0;

/// Far-active blocks that are remembered: 20 s of them.
const MEMORY: usize = 2_000;

/// Far-active blocks before any verdict: 3 s, in which the canceller converges.
const ENOUGH: usize = 300;

/// Coupled: so much of the far end's active time is mostly leak, and so much of what the microphone hears meanwhile.
/// The second tells a leak from the manager's own speech, of which an unsettled canceller also takes some.
const COUPLED: (f32, f32) = (0.10, 0.4);

/// Leaking blocks before the far end is called coupled: 2 s. In a call's first seconds an unsettled canceller takes up to
/// 1.4 s of double talk on a headset (measured).
const SURE: usize = 200;

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

/// Learns from what the canceller removes whether there is a leak, and how loud it is.
#[derive(Default)]
pub(super) struct Coupling {
    verdict: Verdict,
    noise_dbfs: Option<f32>,
    far_hold: usize,
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
        self.far_hold = if far > FAR_ACTIVE_DBFS { FAR_HOLD } else { self.far_hold.saturating_sub(1) };
        let noise = self.learn_noise(raw);
        if self.far_hold == 0 {
            return;
        }
        let held = match raw > noise + HEARD_DB {
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
        self.verdict = match self.verdict {
            _ if self.leaking >= SURE && of_active >= COUPLED.0 && of_heard >= COUPLED.1 => Verdict::Coupled,
            _ if of_active <= UNCOUPLED.0 || of_heard <= UNCOUPLED.1 => Verdict::Uncoupled,
            unchanged => unchanged,
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

fn power(dbfs: f32) -> f64 {
    10.0_f64.powf(f64::from(dbfs) / 10.0)
}
