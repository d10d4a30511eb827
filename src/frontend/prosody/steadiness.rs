//! Is the last 0.4 s steady?

use crate::audio::BLOCK_DURATION;
use crate::frontend::prosody::voice::{MIN_PERIODICITY, POINTS, VoiceFrame};
use crate::time::Samples;

/// Frames that are judged together: a little less than the shortest filled pause, whose edges are never quite steady.
const FRAMES: usize = 38;

/// A frame whose pitch is so many semitones off the median is a slip of the tracker.
const SLIP: f32 = 2.5;

/// What is so much softer than the loudest frame is no part of the same nucleus: a vowel's end, or the dip between two.
const FAINT_DB: f32 = 10.0;

/// How much a stretch may move and still be steady.
struct SteadinessLimits {
    /// The interquartile range of the pitch, in semitones (metrics.md).
    f0_spread: f32,
    /// RMS distance of the envelopes from their mean, in dB. Under it 39 minutes of synthetic calls and 2 of read
    /// speech hold no vowel, and nearly nine in ten stretched ones stay.
    change: f32,
    /// RMS distance between the mean envelopes of two thirds, in dB: a diphthong goes one way.
    drift: f32,
    /// Frames that are unvoiced or no speech, slips of the pitch, or faint.
    odd: usize,
}

/// What begins a filled pause.
const STRONG_LIMITS: SteadinessLimits = SteadinessLimits { f0_spread: 1.2, change: 2.7, drift: 4.5, odd: 2 };

/// What lets it go on.
const WEAK_LIMITS: SteadinessLimits = SteadinessLimits { f0_spread: 1.4, change: 3.2, drift: 6.0, odd: 3 };

/// A voice always moves a little. What is steadier is a machine: a tone, a hum, an electric piano.
const MIN_F0_SPREAD: f32 = 0.07;

/// Whether a stretch is steady.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Steadiness {
    /// It moves, or is no voice.
    None,
    /// Enough to go on with what was sure before.
    Weak,
    /// A held vowel.
    Strong,
}

/// How much a stretch moves.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct SteadinessMeasures {
    /// Median pitch in Hz.
    pub(super) f0_hz: f32,
    /// Interquartile range of the pitch in semitones.
    pub(super) f0_spread: f32,
    /// RMS distance of the envelopes from their mean, in dB.
    pub(super) change: f32,
    drift: f32,
    odd: usize,
}

/// The last frames of a track.
pub(super) struct SteadinessWindow {
    /// A ring; `next` is the oldest.
    frames: [VoiceFrame; FRAMES],
    voiced: [bool; FRAMES],
    next: usize,
}

impl Default for SteadinessWindow {
    fn default() -> Self {
        Self { frames: [VoiceFrame::SILENT; FRAMES], voiced: [false; FRAMES], next: 0 }
    }
}

impl SteadinessWindow {
    /// How long it is.
    pub(super) const LENGTH: Samples = Samples::new(FRAMES as u64 * BLOCK_DURATION.count());

    /// Takes the next frame, and whether it is speech.
    pub(super) fn push(&mut self, frame: VoiceFrame, speech: bool) {
        self.frames[self.next] = frame;
        self.voiced[self.next] = speech && frame.periodicity > MIN_PERIODICITY;
        self.next = (self.next + 1) % FRAMES;
    }

    /// How steady it is; without a voice the figures are zero.
    pub(super) fn assess(&self) -> (Steadiness, SteadinessMeasures) {
        let unvoiced = self.voiced.iter().filter(|voiced| !**voiced).count();
        if unvoiced > WEAK_LIMITS.odd {
            return (Steadiness::None, SteadinessMeasures::default());
        }
        let figures = self.measure(unvoiced);
        let steadiness = match figures {
            _ if figures.f0_spread < MIN_F0_SPREAD => Steadiness::None,
            _ if STRONG_LIMITS.allow(&figures) => Steadiness::Strong,
            _ if WEAK_LIMITS.allow(&figures) => Steadiness::Weak,
            _ => Steadiness::None,
        };
        (steadiness, figures)
    }

    fn measure(&self, unvoiced: usize) -> SteadinessMeasures {
        let pitches = self.frames.map(|frame| 12.0 * frame.f0_hz.max(1.0).log2());
        let mut sorted = pitches;
        sorted.sort_by(f32::total_cmp);
        let median = sorted[FRAMES / 2];
        let slips = pitches.iter().filter(|pitch| (**pitch - median).abs() > SLIP).count();
        let loudest = self.frames.iter().map(|frame| frame.level_dbfs).fold(f32::MIN, f32::max);
        let faint = self.frames.iter().filter(|frame| frame.level_dbfs < loudest - FAINT_DB).count();
        SteadinessMeasures {
            f0_hz: (median / 12.0).exp2(),
            f0_spread: sorted[FRAMES * 3 / 4] - sorted[FRAMES / 4],
            change: self.change(),
            drift: self.drift(),
            odd: unvoiced.max(slips).max(faint),
        }
    }

    /// Frames from the oldest to the newest.
    fn in_order(&self) -> impl Iterator<Item = &VoiceFrame> {
        self.frames[self.next..].iter().chain(&self.frames[..self.next])
    }

    fn change(&self) -> f32 {
        let mean = mean(self.frames.iter());
        let squares: f32 = self.frames.iter().map(|frame| distance(&frame.envelope, &mean).powi(2)).sum();
        (squares / FRAMES as f32).sqrt()
    }

    fn drift(&self) -> f32 {
        let third = FRAMES / 3;
        let first = mean(self.in_order().take(third));
        let middle = mean(self.in_order().skip(third).take(FRAMES - 2 * third));
        let last = mean(self.in_order().skip(FRAMES - third));
        distance(&first, &middle).max(distance(&middle, &last)).max(distance(&first, &last))
    }
}

impl SteadinessLimits {
    fn allow(&self, figures: &SteadinessMeasures) -> bool {
        figures.f0_spread <= self.f0_spread
            && figures.change <= self.change
            && figures.drift <= self.drift
            && figures.odd <= self.odd
    }
}

type Envelope = [f32; POINTS];

fn mean<'a>(frames: impl Iterator<Item = &'a VoiceFrame>) -> Envelope {
    let (mut sum, mut count) = ([0.0; POINTS], 0.0);
    for frame in frames {
        sum.iter_mut().zip(&frame.envelope).for_each(|(sum, point)| *sum += point);
        count += 1.0;
    }
    sum.map(|point| point / count)
}

/// RMS distance of two envelopes in dB.
fn distance(a: &Envelope, b: &Envelope) -> f32 {
    let squares: f32 = a.iter().zip(b).map(|(a, b)| (a - b).powi(2)).sum();
    (squares / POINTS as f32).sqrt()
}
