//! Filled pauses by sound: a vowel that is held while its speaker thinks.
//!
//! A held vowel is a voiced stretch in which neither the pitch nor the timbre moves, with one nucleus (Goto, Itou &
//! Hayamizu 1999). That needs no text, and is the same in any language. The pitch and the spectrum of one track are
//! measured every 10 ms; as long as the last 0.4 s are steady, a filled pause goes on.
//!
//! Owns the measuring and the verdict. Leaves to [`crate::vad`] what is speech, to the dynamics what counts beside the
//! fillers that the text names.

mod stretch;
mod voice;

use std::mem;

use crate::audio::{BLOCK, Pcm, STEP};
use crate::time::{SampleTime, Samples, Span};

use stretch::{Figures, Steadiness, Stretch};
use voice::Voice;

/// A steady voiced stretch shorter than this is an ordinary long vowel (metrics.md).
pub const SHORTEST: Samples = Samples::from_ms(400);

/// A click or a breath inside a held vowel unsettles the windows around it: so many may fail.
const BRIDGE: usize = 10;

/// A held vowel, and the figures that decided: those of its steadiest 0.4 s.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FilledPause {
    /// From where to where the vowel is held.
    pub span: Span,
    /// The median pitch in Hz.
    pub f0_hz: f32,
    /// How far the pitch moves: the interquartile range in semitones.
    pub f0_spread: f32,
    /// How far the timbre moves: the RMS distance of the spectral envelopes from their mean, in dB.
    pub change: f32,
}

/// Finds the filled pauses of one track by sound.
pub struct FilledPauses {
    voice: Voice,
    recent: Stretch,
    /// Whether the last block was speech: the next frame's middle lies at its start.
    speech: bool,
    now: SampleTime,
    held: Held,
    /// Where the last filled pause ended: none begins before.
    told: SampleTime,
}

/// What is being held.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Held {
    Nothing,
    /// Steady since `span` began; the last `failed` windows were not.
    Steady {
        span: Span,
        best: Figures,
        sure: bool,
        failed: usize,
    },
}

impl FilledPauses {
    /// Nothing heard yet.
    pub fn new() -> Self {
        Self {
            voice: Voice::new(),
            recent: Stretch::default(),
            speech: false,
            now: SampleTime::ZERO,
            held: Held::Nothing,
            told: SampleTime::ZERO,
        }
    }

    /// Hears the next 10 ms of the track, and whether the detector calls it speech. Blocks follow each other from the
    /// call's start. A filled pause is told 130 ms after its end.
    pub fn hear(&mut self, pcm: &Pcm, speech: bool) -> Option<FilledPause> {
        let frame = self.voice.hear(pcm);
        self.now += STEP;
        let voiced = mem::replace(&mut self.speech, speech);
        self.recent.push(frame, voiced);
        let (steadiness, figures) = self.recent.judge();
        let end = self.now.back(Samples::new((Voice::LAG * BLOCK) as u64));
        match (&mut self.held, steadiness) {
            (Held::Nothing, Steadiness::None) => None,
            (Held::Nothing, _) => {
                let span = Span::new(end.back(Stretch::LENGTH).max(self.told), end);
                self.held = Held::Steady { span, best: figures, sure: steadiness == Steadiness::Sure, failed: 0 };
                None
            }
            (Held::Steady { failed, .. }, Steadiness::None) => {
                *failed += 1;
                if *failed > BRIDGE { self.finish() } else { None }
            }
            (Held::Steady { span, best, sure, failed }, _) => {
                span.end = end;
                *failed = 0;
                *sure |= steadiness == Steadiness::Sure;
                if figures.change < best.change {
                    *best = figures;
                }
                None
            }
        }
    }

    /// What was still held when the track ended.
    pub fn finish(&mut self) -> Option<FilledPause> {
        let Held::Steady { span, best, sure, .. } = mem::replace(&mut self.held, Held::Nothing) else { return None };
        if !sure || span.len() < SHORTEST {
            return None;
        }
        self.told = span.end;
        Some(FilledPause { span, f0_hz: best.f0_hz, f0_spread: best.f0_spread, change: best.change })
    }
}

impl Default for FilledPauses {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
