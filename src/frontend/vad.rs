//! Is somebody speaking? Each track has one gate; the detector behind it is a choice.
//!
//! Owns the decision for each block. Leaves to [`crate::turns`] what a run of speaking blocks means.

mod earshot;
mod firered;
mod loudness;
mod own_voice;
mod silero;
mod webrtc;

use std::collections::VecDeque;

use crate::audio::{BLOCK_DURATION, BLOCK_SIZE, Pcm, level_dbfs};
use crate::time::{SampleTime, Samples, Span};

pub use silero::SileroModel;

use loudness::LoudnessGate;
use own_voice::OwnVoiceGate;

/// A stretch of one track that a detector has judged. Frames follow each other without a gap; detectors differ in
/// their length.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VadFrame {
    /// Where the judged sound lies: the detector's own latency is already taken off.
    pub span: Span,
    /// Whether it is speech.
    pub speech: bool,
}

/// A voice-activity detector for one track, fed block by block from the call's start.
pub trait Vad {
    /// Hears the next 10 ms; a frame if one has become whole.
    fn push(&mut self, pcm: &Pcm) -> Option<VadFrame>;

    /// How long after its own end a block is judged, at the most.
    fn latency(&self) -> Samples;

    /// Whether it hears soft and far voices too, so that they are to be told from the track's own one by more than a
    /// gate on loudness.
    fn hears_every_voice(&self) -> bool {
        false
    }
}

/// What a block holds of the other track, as far as it matters to whether somebody speaks in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Crosstalk {
    /// None, or something else stands clearly out of it.
    #[default]
    NoMatter,
    /// Some, and there may be something besides it.
    InDoubt,
    /// Nothing else.
    Only,
}

/// The detectors there are to choose from.
#[derive(Clone, Debug, Default)]
pub enum Detector {
    /// A network inside the program (FireRedVAD, a DFSMN): hears through noise, and soft voices as well.
    #[default]
    FireRed,
    /// A smaller one; robust to typing.
    Earshot,
    /// WebRTC's Gaussian mixtures, mode 3: the cheapest, but typing and music pass for speech.
    Webrtc,
    /// A larger network, which hears through music and fans as well; its weights are a file of their own.
    Silero(SileroModel),
}

impl Detector {
    /// A detector that has heard nothing yet.
    pub fn build(&self) -> Box<dyn Vad> {
        match self {
            Self::Earshot => Box::new(earshot::Earshot::new()),
            Self::FireRed => Box::new(firered::FireRed::new()),
            Self::Webrtc => Box::new(webrtc::Webrtc::new()),
            Self::Silero(network) => Box::new(silero::SileroVad::new(network.clone())),
        }
    }
}

/// Why a detector cannot be used.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum VadError {
    /// The bytes are not those of the network. Fetch its file again, or choose another detector.
    #[error("the detector's network cannot be run: {cause}. Choose another detector with --vad")]
    InvalidModel {
        /// What is wrong with them.
        cause: String,
    },
}

/// One track's detector, brought back to the blocks: a judgement for each block, in order, some blocks late.
///
/// A block is speech if the detector says so and it stands out of the track's noise: a network's score trails
/// behind the end of a word by more than the pauses that are to be heard. And if it is not far softer than the
/// track's voice.
pub struct SpeechGate {
    vad: Box<dyn Vad>,
    gate: Gate,
    crosstalk: Crosstalk,
    heard: SampleTime,
    decided: SampleTime,
    levels: VecDeque<f32>,
}

/// What of a detector's speech counts.
enum Gate {
    Loudness(LoudnessGate),
    OwnVoice(Box<OwnVoiceGate>),
}

impl SpeechGate {
    /// A gate that has heard nothing yet.
    pub fn new(vad: Box<dyn Vad>) -> Self {
        let gate = match vad.hears_every_voice() {
            true => Gate::OwnVoice(Box::new(OwnVoiceGate::new())),
            false => Gate::Loudness(LoudnessGate::default()),
        };
        let (heard, decided) = (SampleTime::ZERO, SampleTime::ZERO);
        Self { vad, gate, crosstalk: Crosstalk::default(), heard, decided, levels: VecDeque::new() }
    }

    /// The same gate for a track on which only the nearest voice counts: once somebody further away was heard often,
    /// what is much softer than the track's own voice is no speech.
    pub fn for_nearest_voice(self) -> Self {
        let gate = match self.gate {
            Gate::Loudness(_) => Gate::Loudness(LoudnessGate::for_nearest_voice()),
            Gate::OwnVoice(_) => Gate::OwnVoice(Box::new(OwnVoiceGate::for_nearest_voice())),
        };
        Self { gate, ..self }
    }

    /// What the blocks that are pushed from now on hold of the other track. Detectors that hear near voices only do not
    /// ask.
    pub fn set_crosstalk(&mut self, crosstalk: Crosstalk) {
        self.crosstalk = crosstalk;
    }

    /// Hears the next block, and appends a judgement for every block that is known now. `voice_dbfs` is the level, in dB
    /// of full scale, that tells one voice from another; `None` if a copy of the other track was in the block, which
    /// makes a voice louder, or was taken off it, and some of the voice with it.
    pub fn push(&mut self, pcm: &Pcm, voice_dbfs: Option<f32>, decisions: &mut VecDeque<bool>) {
        self.levels.push_back(level_dbfs(pcm));
        if let Gate::OwnVoice(gate) = &mut self.gate {
            gate.push_sound(pcm, voice_dbfs, self.crosstalk);
        }
        self.heard += BLOCK_DURATION;
        let Some(frame) = self.vad.push(pcm) else { return };
        let middle = Samples::new(BLOCK_SIZE as u64 / 2);
        while self.decided + middle < frame.span.end {
            let Some(level) = self.levels.pop_front() else { break };
            let speech = frame.span.start <= self.decided + middle && frame.speech;
            match &mut self.gate {
                Gate::Loudness(gate) => decisions.push_back(gate.decide(speech, level)),
                Gate::OwnVoice(gate) => gate.decide(speech, decisions),
            }
            self.decided += BLOCK_DURATION;
        }
    }

    /// Whether somebody else is known to speak near the nearest voice. Detectors that hear near voices only do not know.
    pub fn in_company(&self) -> bool {
        matches!(&self.gate, Gate::OwnVoice(gate) if gate.in_company())
    }

    /// What was judged to be the nearest voice's before somebody else was known to speak near it, and was theirs: each stretch
    /// once, its time counted from the gate's first block.
    pub fn take_past_others(&mut self) -> Vec<Span> {
        let Gate::OwnVoice(gate) = &mut self.gate else { return Vec::new() };
        let at = |block: u64| SampleTime::new(block * BLOCK_DURATION.count());
        gate.take_past_others().into_iter().map(|blocks| Span::new(at(blocks.start), at(blocks.end))).collect()
    }

    /// Blocks that were heard and not yet judged.
    pub fn pending(&self) -> usize {
        let held = if let Gate::OwnVoice(gate) = &self.gate { gate.held() } else { 0 };
        self.levels.len() + held
    }

    /// How long after its own end a block is judged, at the most.
    pub fn latency(&self) -> Samples {
        let held = if let Gate::OwnVoice(gate) = &self.gate { gate.latency() } else { Samples::ZERO };
        self.vad.latency() + held
    }
}

#[cfg(test)]
mod tests;
