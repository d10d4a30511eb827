//! A front end that fails on purpose.

use crate::audio::{BLOCK_DURATION, Pcm};
use crate::frontend::FrontEnd;
use crate::frontend::vad::{Detector, SpeechGate, Vad, VadFrame};
use crate::time::{SampleTime, Samples};

impl FrontEnd {
    /// A front end whose detector of the microphone panics at the block that begins then.
    pub(crate) fn failing_at(detector: &Detector, fails_at: SampleTime) -> Self {
        let mut front_end = Self::new(detector);
        let vad = FailingVad { vad: detector.build(), heard: SampleTime::ZERO, fails_at };
        front_end.gates.me = SpeechGate::new(Box::new(vad)).for_nearest_voice();
        front_end
    }
}

struct FailingVad {
    vad: Box<dyn Vad>,
    heard: SampleTime,
    fails_at: SampleTime,
}

impl Vad for FailingVad {
    fn push(&mut self, pcm: &Pcm) -> Option<VadFrame> {
        assert!(self.heard != self.fails_at, "a front end that fails on purpose");
        self.heard += BLOCK_DURATION;
        self.vad.push(pcm)
    }

    fn latency(&self) -> Samples {
        self.vad.latency()
    }

    fn hears_every_voice(&self) -> bool {
        self.vad.hears_every_voice()
    }
}
