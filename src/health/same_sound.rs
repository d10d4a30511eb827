//! Do both tracks hold the same sound? A loopback that records the microphone, a duplex headset, a mono mix.
//!
//! A leak is not the same sound: the microphone also holds its room's noise, its reverberation and its owner. So each
//! second is cut into short frames that count alike, whether loud or quiet, and nearly all of them must be explained,
//! either track by the other, by one delay and one gain.

use std::collections::VecDeque;

use crate::audio::{BLOCK_DURATION, PerTrack, Track, vectorized};
use crate::health::HealthInput;
use crate::time::{SAMPLE_RATE, SampleTime};

/// What is compared at once. Clocks that differ by 200 ppm are apart by three samples at its end.
const WINDOW: usize = SAMPLE_RATE as usize;

/// The delays that are looked for, either way: a loopback's, and a Bluetooth headset's.
const MAX_DELAY: usize = SAMPLE_RATE as usize / 5;

/// Speech of either track without which a window says nothing; hum is alike on all tracks.
const MIN_SPEECH_BLOCKS: u32 = 30;

/// Windows that make a verdict: 10 s.
const WINDOWS: usize = 10;

/// The sound is the same if this share of the frames is alike. Copies reach nearly all; of a leak without any room,
/// which a silent listener's microphone hears with its noise, 0.7 to 0.8 are.
const SAME_SHARE: f64 = 0.9;
const DIFFERENT_SHARE: f64 = 0.5;

/// A delay is first looked for at 2 kHz, where a voice has most of its energy.
const COARSE: usize = 8;

/// Windows whose coarse correlation is less are not alike at any finer delay.
const MIN_COARSE_CORRELATION: f32 = 0.5;

/// One frame: 20 ms.
const FRAME: usize = SAMPLE_RATE as usize / 50;

/// A frame is alike if the tracks correlate at least this well …
const MIN_CORRELATION: f32 = 0.9;

/// … and its gain is the window's within 3 dB.
const GAIN: f32 = 2.0;

/// A frame is judged if the quieter copy would have a mean square above this: 4 units, over its rounding.
const MIN_POWER: f32 = 16.0;

/// Watches both tracks.
#[derive(Clone, Default)]
pub(super) struct SameSoundDetector {
    /// The newest sound; at most a window and the reach on either side of it.
    sound: PerTrack<Vec<i16>>,
    speech: u32,
    /// Frames that are alike, and those that were judged, of the last windows.
    verdicts: VecDeque<(u32, u32)>,
    since: Option<SampleTime>,
}

impl SameSoundDetector {
    /// Takes the next block.
    pub(super) fn push(&mut self, watched: &HealthInput<'_>) {
        if watched.lost.me || watched.lost.them {
            self.forget_sound();
            return;
        }
        for track in Track::BOTH {
            self.sound[track].extend(watched.pcm[track]);
        }
        self.speech += u32::from(watched.speech.me || watched.speech.them);
        if self.sound.me.len() >= WINDOW + 2 * MAX_DELAY {
            if self.speech >= MIN_SPEECH_BLOCKS {
                self.update(watched.start + BLOCK_DURATION);
            }
            self.speech = 0;
            Track::BOTH.iter().for_each(|track| drop(self.sound[*track].drain(..WINDOW)));
        }
    }

    /// What comes next does not follow what was heard: no window may hold both.
    pub(super) fn forget_sound(&mut self) {
        (self.sound, self.speech) = (PerTrack::default(), 0);
    }

    /// Since when both tracks have been known to hold the same sound, if they do.
    pub(super) fn since(&self) -> Option<SampleTime> {
        self.since
    }

    /// Whether it is not known yet that the tracks hold different sounds.
    pub(super) fn may_be(&self) -> bool {
        self.alike_share().is_none_or(|share| share >= SAME_SHARE)
    }

    /// The part of the frames that are alike, of the last windows.
    fn alike_share(&self) -> Option<f64> {
        let (alike, judged) = self.verdicts.iter().fold((0, 0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
        (judged > 0).then(|| f64::from(alike) / f64::from(judged))
    }

    fn update(&mut self, now: SampleTime) {
        let waves: PerTrack<Vec<f32>> =
            PerTrack::from_fn(|track| self.sound[track].iter().map(|sample| f32::from(*sample)).collect());
        let verdict = compare(&waves.me[MAX_DELAY..MAX_DELAY + WINDOW], &waves.them);
        if verdict.1 == 0 {
            return;
        }
        self.verdicts.push_back(verdict);
        if self.verdicts.len() > WINDOWS {
            self.verdicts.pop_front();
        }
        let share = self.alike_share().unwrap_or(0.0);
        if share < DIFFERENT_SHARE {
            self.since = None;
        } else if share >= SAME_SHARE && self.verdicts.len() == WINDOWS {
            self.since.get_or_insert(now);
        }
    }
}

/// How many frames of `mine` are explained by one stretch of `theirs`, and how many were judged.
fn compare(mine: &[f32], theirs: &[f32]) -> (u32, u32) {
    let theirs = &theirs[best_delay(mine, theirs)..][..mine.len()];
    let (mine_power, their_power) = (dot(mine, mine), dot(theirs, theirs));
    let gain = their_power / mine_power;
    if !gain.is_normal() {
        // At least one is digitally silent: all is judged that the other holds.
        let judged = mine.chunks_exact(FRAME).zip(theirs.chunks_exact(FRAME));
        let judged = judged.filter(|(mine, theirs)| power(mine).max(power(theirs)) > MIN_POWER);
        return (0, judged.count() as u32);
    }
    let sign = dot(mine, theirs).signum();
    let (mut alike, mut judged) = (0, 0);
    for (mine, theirs) in mine.chunks_exact(FRAME).zip(theirs.chunks_exact(FRAME)) {
        let (a, b) = (power(mine), power(theirs));
        if a.max(b / gain) * gain.min(1.0) <= MIN_POWER {
            continue;
        }
        judged += 1;
        let correlation = sign * dot(mine, theirs) / FRAME as f32 / (a * b).sqrt();
        let off = b / gain / a;
        alike += u32::from(correlation >= MIN_CORRELATION && (1.0 / GAIN..=GAIN).contains(&off));
    }
    (alike, judged)
}

/// Where in `theirs` what resembles `mine` best begins.
fn best_delay(mine: &[f32], theirs: &[f32]) -> usize {
    let (coarse_mine, coarse_theirs) = (coarse(mine), coarse(theirs));
    let last = theirs.len() - mine.len();
    let (delay, likeness) = vectorized(
        #[inline(always)]
        || best(&coarse_mine, &coarse_theirs, 0..=last / COARSE),
    );
    if likeness < MIN_COARSE_CORRELATION {
        return delay * COARSE;
    }
    let middle = delay * COARSE;
    best(mine, theirs, middle.saturating_sub(COARSE)..=(middle + COARSE).min(last)).0
}

/// The delay of the highest correlation, either sign, and how high it is.
#[inline(always)]
fn best(mine: &[f32], theirs: &[f32], delays: std::ops::RangeInclusive<usize>) -> (usize, f32) {
    let mine_power = dot(mine, mine);
    let energy = |stretch: &[f32]| stretch.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>();
    let mut their_power = energy(&theirs[*delays.start()..][..mine.len()]);
    let mut found = (*delays.start(), 0.0);
    for delay in delays {
        let both = (f64::from(mine_power) * their_power).sqrt() as f32;
        let likeness = if both > 0.0 { dot(mine, &theirs[delay..][..mine.len()]).abs() / both } else { 0.0 };
        if likeness > found.1 {
            found = (delay, likeness);
        }
        let next = theirs.get(delay + mine.len()).map_or(0.0, |next| f64::from(*next).powi(2));
        their_power = (their_power + next - f64::from(theirs[delay]).powi(2)).max(0.0);
    }
    found
}

/// The sums of [`COARSE`] samples each.
fn coarse(samples: &[f32]) -> Vec<f32> {
    samples.chunks_exact(COARSE).map(|piece| piece.iter().sum()).collect()
}

fn power(samples: &[f32]) -> f32 {
    dot(samples, samples) / samples.len() as f32
}

/// The inner product, in lanes that a processor takes at once.
#[inline(always)]
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut lanes = [0.0_f32; 8];
    for (a, b) in a.chunks_exact(8).zip(b.chunks_exact(8)) {
        for ((lane, a), b) in lanes.iter_mut().zip(a).zip(b) {
            *lane += a * b;
        }
    }
    lanes.iter().sum()
}
