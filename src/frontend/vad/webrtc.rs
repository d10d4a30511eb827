//! WebRTC's detector (libfvad) in its strictest mode, on 10 ms frames.

use webrtc_vad::{SampleRate, Vad as Fvad, VadMode};

use crate::audio::{BLOCK_DURATION, Pcm};
use crate::frontend::vad::{Vad, VadFrame};
use crate::time::{SampleTime, Samples, Span};

pub(super) struct Webrtc {
    detector: Fvad,
    heard: SampleTime,
}

impl Webrtc {
    pub(super) fn new() -> Self {
        Self {
            detector: Fvad::new_with_rate_and_mode(SampleRate::Rate16kHz, VadMode::VeryAggressive),
            heard: SampleTime::ZERO,
        }
    }
}

impl Vad for Webrtc {
    fn push(&mut self, pcm: &Pcm) -> Option<VadFrame> {
        // It refuses frames of other lengths only, and a block is one of its lengths.
        let speech = self.detector.is_voice_segment(pcm).unwrap_or(false);
        let start = self.heard;
        self.heard += BLOCK_DURATION;
        Some(VadFrame { span: Span::new(start, self.heard), speech })
    }

    fn latency(&self) -> Samples {
        BLOCK_DURATION
    }
}
