//! The default detector: `earshot`, a small recurrent network over 16 ms frames.

use ::earshot::{DefaultPredictor, Detector};

use crate::audio::Pcm;
use crate::time::{SampleTime, Samples, Span};
use crate::vad::{Frame, Vad};

/// Samples the network takes at once.
const FRAME: usize = 256;

/// A pause begins only when the score falls well under where speech began: scores dip inside words.
const BEGINS: f32 = 0.5;
const ENDS: f32 = 0.35;

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
    fn push(&mut self, pcm: &Pcm) -> Option<Frame> {
        self.frame.extend_from_slice(pcm);
        if self.frame.len() < FRAME {
            return None;
        }
        let score = self.network.predict_i16(&self.frame[..FRAME]);
        self.frame.drain(..FRAME);
        self.speech = score >= if self.speech { ENDS } else { BEGINS };
        let start = self.heard;
        self.heard += Samples::new(FRAME as u64);
        Some(Frame { span: Span::new(start.back(LOOK_BACK), self.heard.back(LOOK_BACK)), speech: self.speech })
    }

    fn latency(&self) -> Samples {
        LOOK_BACK + Samples::new(2 * FRAME as u64)
    }
}
