//! Filled pauses by sound: a vowel that is held while its speaker thinks.
//!
//! A held vowel is a voiced stretch in which neither the pitch nor the timbre moves, with one nucleus (Goto, Itou &
//! Hayamizu 1999). That needs no text, and is the same in any language. The pitch and the spectrum of one track are
//! measured every 10 ms; as long as the last 0.4 s are steady, a filled pause goes on.
//!
//! Owns the measuring and the verdict. Leaves to [`crate::frontend::vad`] what is speech, to the dynamics what counts beside the
//! fillers that the text names.

mod steadiness;
mod voice;

use std::mem;

use serde::{Deserialize, Serialize};

use crate::audio::{BLOCK_DURATION, BLOCK_SIZE, Pcm};
use crate::time::{SampleTime, Samples, Span};

use steadiness::{Steadiness, SteadinessMeasures, SteadinessWindow};
use voice::VoiceAnalyzer;

/// A steady voiced stretch shorter than this is an ordinary long vowel (metrics.md).
pub const MIN_FILLED_PAUSE: Samples = Samples::from_ms(400);

/// A click or a breath inside a held vowel unsettles the windows around it: so many may fail.
const BRIDGE: usize = 10;

/// A held vowel, and the figures that decided: those of its steadiest 0.4 s.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
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
pub struct FilledPauseDetector {
    voice: VoiceAnalyzer,
    recent: SteadinessWindow,
    /// Whether the last block was speech: the next frame's middle lies at its start.
    speech: bool,
    now: SampleTime,
    held: HeldVowel,
    /// Where the last filled pause ended: none begins before.
    last_end: SampleTime,
}

/// What is being held.
#[derive(Clone, Copy, Debug, PartialEq)]
enum HeldVowel {
    Nothing,
    /// Steady since `span` began; the last `failed` windows were not.
    Steady {
        span: Span,
        best: SteadinessMeasures,
        sure: bool,
        failed: usize,
    },
}

impl FilledPauseDetector {
    /// Nothing heard yet.
    pub fn new() -> Self {
        Self {
            voice: VoiceAnalyzer::new(),
            recent: SteadinessWindow::default(),
            speech: false,
            now: SampleTime::ZERO,
            held: HeldVowel::Nothing,
            last_end: SampleTime::ZERO,
        }
    }

    /// Hears the next 10 ms of the track, and whether the detector calls it speech. Blocks follow each other from the
    /// call's start. A filled pause is told 130 ms after its end.
    pub fn push(&mut self, pcm: &Pcm, speech: bool) -> Option<FilledPause> {
        let frame = self.voice.push(pcm);
        self.now += BLOCK_DURATION;
        let voiced = mem::replace(&mut self.speech, speech);
        self.recent.push(frame, voiced);
        let (steadiness, figures) = self.recent.assess();
        let end = self.now.saturating_sub(Samples::new((VoiceAnalyzer::LAG * BLOCK_SIZE) as u64));
        match (&mut self.held, steadiness) {
            (HeldVowel::Nothing, Steadiness::None) => None,
            (HeldVowel::Nothing, _) => {
                let span = Span::new(end.saturating_sub(SteadinessWindow::LENGTH).max(self.last_end), end);
                self.held =
                    HeldVowel::Steady { span, best: figures, sure: steadiness == Steadiness::Strong, failed: 0 };
                None
            }
            (HeldVowel::Steady { failed, .. }, Steadiness::None) => {
                *failed += 1;
                if *failed > BRIDGE { self.finish() } else { None }
            }
            (HeldVowel::Steady { span, best, sure, failed }, _) => {
                span.end = end;
                *failed = 0;
                *sure |= steadiness == Steadiness::Strong;
                if figures.change < best.change {
                    *best = figures;
                }
                None
            }
        }
    }

    /// What was still held when the track ended.
    pub fn finish(&mut self) -> Option<FilledPause> {
        let HeldVowel::Steady { span, best, sure, .. } = mem::replace(&mut self.held, HeldVowel::Nothing) else {
            return None;
        };
        if !sure || span.len() < MIN_FILLED_PAUSE {
            return None;
        }
        self.last_end = span.end;
        Some(FilledPause { span, f0_hz: best.f0_hz, f0_spread: best.f0_spread, change: best.change })
    }
}

impl Default for FilledPauseDetector {
    fn default() -> Self {
        Self::new()
    }
}

#[cfg(test)]
mod tests;
