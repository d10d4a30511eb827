//! The default detector: `earshot`, a small recurrent network over 16 ms frames.

use ::earshot::{DefaultPredictor, Detector};

use crate::audio::Pcm;
use crate::frontend::vad::{Vad, VadFrame};
use crate::time::{SampleTime, Samples, Span};

/// Samples the network takes at once.
const FRAME: usize = 256;

/// A pause begins only when the score falls well under where speech began: scores dip inside words.
const ON_THRESHOLD: f32 = 0.5;
const OFF_THRESHOLD: f32 = 0.35;

/// The network hears a window of 48 ms that ends with the newest frame, and its memory trails: its score fits the labels
/// of calls best this far back (0.98 against 0.97 at the window's end).
const LOOK_BACK: Samples = Samples::new(512);

pub(super) struct Earshot {
    network: Box<Detector<DefaultPredictor>>,
    frame: Vec<i16>,
    heard: SampleTime,
    speech: bool,
}

impl Earshot {
    pub(super) fn new() -> Self {
        Self {
            network: Box::new(Detector::default()),
            frame: Vec::with_capacity(2 * FRAME),
            heard: SampleTime::ZERO,
            speech: false,
        }
    }
}

impl Vad for Earshot {
    fn push(&mut self, pcm: &Pcm) -> Option<VadFrame> {
        self.frame.extend_from_slice(pcm);
        if self.frame.len() < FRAME {
            return None;
        }
        let score = self.network.predict_i16(&self.frame[..FRAME]);
        self.frame.drain(..FRAME);
        self.speech = score >= if self.speech { OFF_THRESHOLD } else { ON_THRESHOLD };
        let start = self.heard;
        self.heard += Samples::new(FRAME as u64);
        Some(VadFrame {
            span: Span::new(start.saturating_sub(LOOK_BACK), self.heard.saturating_sub(LOOK_BACK)),
            speech: self.speech,
        })
    }

    fn latency(&self) -> Samples {
        LOOK_BACK + Samples::new(2 * FRAME as u64)
    }
}
