//! One way on which a track's sound gets into the other: is it there, and what does the track hold besides it?
//!
//! Owns the verdict, for which nothing is taken off before it is sure, and what happens once it is: the canceller is
//! trained on what was heard by then, so that it has settled when it is first used.

mod canceller;
mod relearning;

use std::collections::VecDeque;

use crate::audio::{BLOCK_SIZE, Pcm, SILENCE};
use crate::frontend::echo::delay::{DelayEstimator, LagEstimate, Lags};
use crate::frontend::echo::filter::{Filter, Wave};
use crate::frontend::voice_band::VoiceBands;

use canceller::{Cancelled, Canceller, Played};
use relearning::{Relearned, Relearning};

pub(super) use canceller::Cleaned;

/// The reference is playing something worth hearing.
const ACTIVE_DBFS: f32 = -50.0;

/// A block that is further than this over its track's noise holds a voice: its own or the copy of the other's.
const HEARD_DB: f32 = 6.0;

/// How the noise follows a quieter block, and by how many dB a block it rises at the most: a long talk is no noise.
const NOISE_FALLS: f32 = 0.1;
const NOISE_RISES_DB: f32 = 0.002;

/// What is kept of both tracks, in blocks: 6 s, on which a canceller is trained.
const HISTORY: usize = 600;

/// Comparisons lie this many apart if they share no sound.
const APART: u32 = 9;

/// Comparisons after which a lag that was seen once is forgotten: 20 s of the reference's speech.
const REMEMBERED: u32 = 80;

/// A likeness that may be a copy, one that confirms it at a lag that is known, and one that speaks against it.
const LIKELY: f32 = 7.5;
const CONFIRMS: f32 = 6.5;
const UNLIKELY: f32 = 5.5;

/// A single likeness that is worth a trial by itself: held vowels of two voices at once reach 26.
const STRONG: f32 = 9.0;

/// Comparisons before a weak likeness says that there is no copy.
const COMPARED: usize = 4;

/// Lags that are the same copy: reflections of one room, 20 ms.
const SAME_LAG: i32 = 320;

/// The first arrival is looked for from 20 ms before the strongest.
const LEAD: i32 = 2 * BLOCK_SIZE as i32;

/// Comparisons without a likeness after which a copy has ended: 4 s of the reference's speech.
const ENDED: u32 = 16;

/// Far-active blocks that are remembered, 20 s of them, and before a copy is called inaudible.
const MEMORY: usize = 2_000;
const ENOUGH: usize = 300;

/// Inaudible: less of the reference's active time is a copy that stands out.
const AUDIBLE: f32 = 0.02;

/// A trial: its explained part, in dB on average, and how many blocks it rests on.
const EXPLAINS_DB: f32 = 0.4;
const EXPLAINS_FAST_DB: f32 = 1.0;
const TRIED: usize = 30;

/// The blocks on which it is made: the last 3 s.
const TRIED_ON: usize = 300;

/// A canceller is trained on as many blocks as a trial takes, unless it explains more by this of half or a quarter of them:
/// then the copy has begun meanwhile, and one that has learned that there is none learns slowly that there is one.
const BEGAN_MEANWHILE_DB: f32 = 2.0;

/// Blocks whose correlation at a lag is above this, of at most 1, hold one sound.
const ALIKE: f32 = 0.6;

/// There is no copy if the reference was active for this many blocks, and the track stayed under it by this, in dB.
const PLAYED: u32 = 60;
const SILENT_DB: f32 = -36.0;

/// This many blocks that the canceller explains, between two comparisons, confirm the copy.
const CONFIRMED: u32 = 5;

/// Whether a copy is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Verdict {
    /// Too little was heard.
    #[default]
    Unknown,
    Coupled,
    Uncoupled,
}

/// A copy that may be the original is no louder than this against its reference, in dB.
const LOUDEST_DB: f32 = -2.0;

/// What one trial of a lag says.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Trial {
    pub(super) explained_db: f32,
    pub(super) blocks: usize,
}

/// A likeness that may be a copy.
#[derive(Clone, Copy, Debug)]
struct Hit {
    comparison: u32,
    lag: i32,
}

/// The way from a reference into a track.
pub(super) struct EchoPath {
    lags: Lags,
    delay: DelayEstimator,
    verdict: Verdict,
    comparisons: u32,
    hits: VecDeque<Hit>,
    /// The copy's lag in samples, and the comparison that last confirmed it.
    lag: i32,
    confirmed: u32,
    canceller: Canceller,
    /// Whether the copy's path has changed, as far as that is asked.
    relearning: Relearning,
    /// The number of the next block that the canceller hears, and what is clean of the blocks before the one before it.
    next: usize,
    cleaned: VecDeque<Cleaned>,
    /// Both tracks as they were, the oldest block first, and the number of that block.
    near: VecDeque<Pcm>,
    reference: VecDeque<Pcm>,
    oldest: usize,
    noise_dbfs: Option<f32>,
    /// The level of each block of the track that is kept.
    levels: VecDeque<f32>,
    reference_levels: VecDeque<f32>,
    /// What was seen while nothing was known.
    played: u32,
    loudest: [f32; 2],
    far_loudest: VecDeque<f32>,
    /// Whether the copy stood out in each of the last blocks in which the reference was active.
    recent: VecDeque<bool>,
    audible: usize,
    /// Blocks since the last comparison that the canceller explains.
    explained: u32,
    /// Blocks since then in which the reference was itself a copy.
    excused: u32,
    /// Power of the copy and of the reference.
    copied: f64,
    played_power: f64,
}

impl EchoPath {
    pub(super) fn new(lags: Lags) -> Self {
        Self {
            lags,
            delay: DelayEstimator::new(lags),
            verdict: Verdict::default(),
            comparisons: 0,
            hits: VecDeque::new(),
            lag: 0,
            confirmed: 0,
            canceller: Canceller::new(),
            relearning: Relearning::default(),
            next: 0,
            cleaned: VecDeque::new(),
            near: VecDeque::with_capacity(HISTORY + 1),
            reference: VecDeque::with_capacity(HISTORY + 1),
            oldest: 0,
            noise_dbfs: None,
            levels: VecDeque::with_capacity(HISTORY + 1),
            reference_levels: VecDeque::with_capacity(HISTORY + 1),
            played: 0,
            loudest: [-96.0; 2],
            far_loudest: VecDeque::new(),
            recent: VecDeque::with_capacity(MEMORY + 1),
            audible: 0,
            explained: 0,
            excused: 0,
            copied: 0.0,
            played_power: 0.0,
        }
    }

    /// Hears the newest block of both tracks, each with its level in the band of voices, in dBFS. Blocks from `next` on have
    /// not been cleaned yet.
    ///
    /// `other` is the lag of the way back, if that is known: at its opposite this one sees it.
    pub(super) fn push(
        &mut self,
        (near, level): (&Pcm, f32),
        (reference, reference_level): (&Pcm, f32),
        next: usize,
        other: Option<i32>,
    ) {
        self.near.push_back(*near);
        self.reference.push_back(*reference);
        self.levels.push_back(level);
        self.reference_levels.push_back(reference_level);
        while self.near.len() > HISTORY {
            self.near.pop_front();
            self.reference.pop_front();
            self.levels.pop_front();
            self.reference_levels.pop_front();
            self.oldest += 1;
        }
        self.cancel_known(other.is_some());
        let noise = self.noise_dbfs.get_or_insert(level);
        *noise += ((level - *noise) * NOISE_FALLS).min(NOISE_RISES_DB);
        if self.verdict == Verdict::Unknown {
            self.look_for_silence(level, reference_level);
        }
        if let Some(likeness) = self.delay.push(near, reference, other.map(|lag| -lag)) {
            self.compare(likeness, next);
        }
    }

    /// The track's block without the copy; `None` if there is none to take off.
    pub(super) fn clean(&mut self, block: usize) -> Option<Cleaned> {
        if self.verdict != Verdict::Coupled {
            return None;
        }
        let mut cleaned = None;
        while self.next - self.cleaned.len() <= block + 1 {
            cleaned = Some(self.cleaned.pop_front()?);
        }
        // Also a copy that nobody hears is followed: it may become louder.
        cleaned.filter(|_| !self.is_inaudible())
    }

    /// Whether the canceller may soon explain a block better than now.
    pub(super) fn may_explain_more_of(&self, block: usize) -> bool {
        self.verdict == Verdict::Coupled && self.relearning.asked_from().is_some_and(|from| block + 1 >= from)
    }

    /// The reference has just held nothing but a copy itself: what it does not explain then says nothing.
    pub(super) fn excuse(&mut self) {
        self.excused += 1;
    }

    /// Whether a copy is there and worth telling.
    pub(super) fn is_heard(&self) -> bool {
        self.verdict == Verdict::Coupled && !self.is_inaudible() && self.audible > 0
    }

    /// The copy's lag in samples, if there is one.
    pub(super) fn lag(&self) -> Option<i32> {
        (self.verdict == Verdict::Coupled).then_some(self.lag)
    }

    /// How loud the copy is against its reference, in dB.
    pub(super) fn level_db(&self) -> Option<f32> {
        (self.played_power > 0.0 && self.copied > 0.0)
            .then(|| (10.0 * (self.copied / self.played_power).log10()) as f32)
    }

    /// The number of blocks that a block waits for its reference.
    pub(super) fn ahead(&self) -> usize {
        match self.verdict {
            Verdict::Coupled => (-self.lead()).max(0) as usize / BLOCK_SIZE + usize::from(self.lead() < 0),
            Verdict::Unknown | Verdict::Uncoupled => 0,
        }
    }

    /// Whether a block of this level may be a copy that is not known yet.
    pub(super) fn may_hold_copy(&self, block: usize) -> bool {
        let Some(at) = block.checked_sub(self.oldest).filter(|at| *at < self.near.len()) else { return false };
        let noise = self.noise_dbfs.unwrap_or(-96.0);
        let from = at.saturating_sub(60);
        self.verdict == Verdict::Unknown
            && self.levels[at] > noise + HEARD_DB
            && self.reference_levels.range(from..=at).any(|level| *level > ACTIVE_DBFS)
    }

    fn lead(&self) -> i32 {
        lead(self.lag)
    }

    fn is_inaudible(&self) -> bool {
        self.recent.len() >= ENOUGH && (self.audible as f32) < AUDIBLE * self.recent.len() as f32
    }

    /// A reference that is loud while the track is silent has no way into it.
    fn look_for_silence(&mut self, level: f32, reference: f32) {
        // The copy may come half a second after its reference.
        self.far_loudest.push_back(reference);
        let heard_by_now = if self.far_loudest.len() > 50 { self.far_loudest.pop_front() } else { None };
        if let Some(reference) = heard_by_now.filter(|reference| *reference > ACTIVE_DBFS) {
            self.played += 1;
            self.loudest[1] = self.loudest[1].max(reference);
        }
        self.loudest[0] = self.loudest[0].max(level);
        if self.played >= PLAYED && self.loudest[0] - self.loudest[1] < SILENT_DB {
            self.verdict = Verdict::Uncoupled;
        }
    }

    fn compare(&mut self, likeness: LagEstimate, next: usize) {
        self.comparisons += 1;
        let LagEstimate { lag, strength, averaged } = likeness;
        let known = self.verdict == Verdict::Coupled;
        let explained = std::mem::take(&mut self.explained) >= CONFIRMED;
        if std::mem::take(&mut self.excused) >= CONFIRMED {
            self.confirmed += 1;
        }
        let alike = strength >= CONFIRMS && (lag - self.lag).abs() <= SAME_LAG;
        if known && (explained || alike) {
            self.confirmed = self.comparisons;
            return;
        }
        let now = self.comparisons;
        self.hits.retain(|hit| now - hit.comparison <= REMEMBERED);
        let again = self.hits.iter().any(|hit| now - hit.comparison >= APART && (hit.lag - lag).abs() <= SAME_LAG);
        if strength >= LIKELY {
            self.hits.push_back(Hit { comparison: now, lag });
        }
        let needed = match (strength >= LIKELY && again, strength >= STRONG) {
            (true, _) => Some(EXPLAINS_DB),
            (false, true) => Some(EXPLAINS_FAST_DB),
            (false, false) => None,
        };
        if let Some(needed) = needed {
            let trial = self.try_out(lag, TRIED_ON);
            if trial.blocks >= TRIED && trial.explained_db >= needed && self.is_the_copy(lag) {
                self.couple(lag, next);
                return;
            }
        }
        let ended = known && now - self.confirmed >= ENDED;
        if averaged >= COMPARED && strength < UNLIKELY && (!known || ended) {
            self.verdict = Verdict::Uncoupled;
        }
    }

    /// A copy that comes before its reference may be the other way round: then it is the louder one.
    fn is_the_copy(&self, lag: i32) -> bool {
        let either = match self.lags.is_return() {
            true => lag <= Lags::EARLIEST,
            false => lag < 0,
        };
        !either || self.level_where_alike(lag).is_none_or(|level| level < LOUDEST_DB)
    }

    fn couple(&mut self, lag: i32, next: usize) {
        self.verdict = Verdict::Coupled;
        self.lag = lag;
        self.confirmed = self.comparisons;
        self.hits.clear();
        self.recent.clear();
        self.audible = 0;
        let mut last = TRIED_ON;
        while self.explains_more_of(lag, last / 2, last) && last > TRIED_ON / 4 {
            last /= 2;
        }
        let end = self.oldest + self.near.len();
        let begin = self.oldest.max(end.saturating_sub(last));
        self.canceller = Canceller::new();
        for block in begin..end {
            let (near, reference) = self.aligned(block, self.lead());
            self.canceller.filter.push(&near, &reference);
        }
        for block in (begin..end).chain(begin..next) {
            self.step(block);
        }
        self.relearning = Relearning::default();
        self.cleaned.clear();
        self.next = next;
        self.cancel_known(false);
    }

    /// The canceller hears all blocks whose reference is there. If the reference holds a copy of the track itself, a filter
    /// that learns anew would explain the track's own voice by it: then the path is taken to stay as it is.
    fn cancel_known(&mut self, is_mutual: bool) {
        let end = self.oldest + self.near.len();
        while self.verdict == Verdict::Coupled && self.next + self.ahead() < end {
            let block = self.next;
            let cancelled = self.step(block);
            self.cleaned.push_back(cancelled.cleaned);
            self.next += 1;
            if self.lags.is_return() || is_mutual {
                self.relearning = Relearning::default();
                continue;
            }
            let (near, reference) = self.aligned(block, self.lead());
            let relearned = self.relearning.push(block, [&near, &reference], &cancelled, &self.canceller);
            if let Some(Relearned { canceller, from }) = relearned {
                self.relearn(canceller, from);
            }
        }
    }

    /// The blocks from this one on are cancelled anew, as soon as the canceller has learned from them.
    fn relearn(&mut self, canceller: Canceller, from: usize) {
        self.canceller = canceller;
        for block in from..self.next {
            self.step(block);
        }
        for block in from..self.next {
            let cleaned = self.step(block).cleaned;
            let at = (block + self.cleaned.len()).checked_sub(self.next);
            if let Some(place) = at.and_then(|at| self.cleaned.get_mut(at)) {
                *place = cleaned;
            }
        }
    }

    /// One block through the canceller; what comes out clean is the block before.
    fn step(&mut self, block: usize) -> Cancelled {
        let (near, reference) = self.aligned(block, self.lead());
        let before = self.block(block.wrapping_sub(1));
        let cancelled = self.canceller.push(&near, &reference, &before, self.noise_dbfs.unwrap_or(-96.0));
        if let Some(Played { audible, explained, copied, power }) = cancelled.played {
            self.explained += u32::from(explained);
            self.recent.push_back(audible);
            self.audible += usize::from(audible);
            if self.recent.len() > MEMORY {
                self.audible -= usize::from(self.recent.pop_front() == Some(true));
            }
            self.copied = self.copied * 0.999 + copied;
            self.played_power = self.played_power * 0.999 + power;
        }
        cancelled
    }

    fn block(&self, block: usize) -> Pcm {
        block.checked_sub(self.oldest).and_then(|at| self.near.get(at)).copied().unwrap_or(SILENCE)
    }

    /// Whether a canceller at this lag explains clearly more of the last `fewer` blocks than of the last `more`.
    fn explains_more_of(&self, lag: i32, fewer: usize, more: usize) -> bool {
        let [fewer, more] = [fewer, more].map(|last| self.try_out(lag, last));
        fewer.blocks >= TRIED && fewer.explained_db > more.explained_db + BEGAN_MEANWHILE_DB
    }

    /// What a canceller at this lag explains of the last blocks.
    fn try_out(&self, lag: i32, last: usize) -> Trial {
        let mut filter = Filter::new();
        let (mut sum, mut blocks) = (0.0, 0);
        let noise = self.noise_dbfs.unwrap_or(-96.0);
        let mut bands = VoiceBands::<4>::default();
        let from = self.oldest + self.near.len().saturating_sub(last);
        for block in from..self.oldest + self.near.len() {
            let (near, reference) = self.aligned(block, lead(lag));
            let filtered = filter.push(&near, &reference);
            let [raw, played, left, copy] = bands.levels_dbfs([&near, &reference, &filtered.residual, &filtered.echo]);
            if played > ACTIVE_DBFS && copy > noise + HEARD_DB && raw > noise + HEARD_DB {
                sum += (raw - left).clamp(-3.0, 10.0);
                blocks += 1;
            }
        }
        let explained_db = if blocks > 0 { sum / blocks as f32 } else { 0.0 };
        Trial { explained_db, blocks }
    }

    /// How loud the track is against the reference, in dB: the median of the blocks in which both are alike at this lag.
    fn level_where_alike(&self, lag: i32) -> Option<f32> {
        let from = self.oldest + self.near.len().saturating_sub(TRIED_ON);
        let mut levels: Vec<f32> = (from..self.oldest + self.near.len())
            .filter_map(|block| {
                let (near, reference) = self.aligned(block, lag);
                let product = |a: &Wave, b: &Wave| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>();
                let (mine, theirs) = (product(&near, &near), product(&reference, &reference));
                let alike = product(&near, &reference).abs() > ALIKE * (mine * theirs).sqrt();
                (alike && level(&reference) > ACTIVE_DBFS).then(|| 10.0 * (mine / theirs.max(1e-12)).max(1e-12).log10())
            })
            .collect();
        levels.sort_unstable_by(f32::total_cmp);
        levels.get(levels.len() / 2).copied()
    }

    /// A block of the track, and what of the reference is first heard in it.
    fn aligned(&self, block: usize, lead: i32) -> (Wave, Wave) {
        let near = self.block(block).map(wave);
        let first = (block as i64 - self.oldest as i64) * BLOCK_SIZE as i64 - i64::from(lead);
        let (number, offset) = (first.div_euclid(BLOCK_SIZE as i64), first.rem_euclid(BLOCK_SIZE as i64) as usize);
        let whole =
            |number| usize::try_from(number).ok().and_then(|at: usize| self.reference.get(at)).unwrap_or(&SILENCE);
        let mut reference = SILENCE;
        reference[..BLOCK_SIZE - offset].copy_from_slice(&whole(number)[offset..]);
        reference[BLOCK_SIZE - offset..].copy_from_slice(&whole(number + 1)[..offset]);
        (near, reference.map(wave))
    }
}

/// How long after the reference its copy may begin, in samples, if the strongest arrival lies at `lag`.
fn lead(lag: i32) -> i32 {
    if lag < 0 { lag - LEAD / 2 } else { (lag - LEAD).max(0) }
}

pub(super) fn wave(sample: i16) -> f32 {
    f32::from(sample) / 32_768.0
}

fn power(wave: &Wave) -> f64 {
    wave.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / BLOCK_SIZE as f64
}

fn level(wave: &Wave) -> f32 {
    10.0 * (power(wave) as f32).max(1e-10).log10()
}
