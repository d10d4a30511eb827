//! From blocks to blocks that are judged: the echo out of the microphone, and who is speaking.
//!
//! Owns the order of the two and their one alignment: the echo stage gives its blocks late, and a detector judges later
//! still. The sound check before a call and the call itself run the same front end. Leaves to [`crate::turns`] what a run
//! of speaking blocks means, and to [`crate::health`] what is wrong with the sound.

pub mod echo;
pub mod vad;

use std::collections::VecDeque;

use crate::audio::{Block, Pcm, PerTrack, SILENCE, Track};
use crate::time::{SampleTime, Samples};

use echo::{CleanBlock, EchoStage, Leak};
use vad::{Detector, SpeechGate};

/// A block whose speech both tracks' detectors have judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedBlock {
    /// Its sound after echo cancelling.
    pub clean: CleanBlock,
    /// On which tracks somebody speaks. A microphone that holds no more than the leak is no speech of mine.
    pub speech: PerTrack<bool>,
}

/// The stages between the source and the turns, for both tracks.
pub struct FrontEnd {
    detector: Detector,
    echo: EchoStage,
    gates: PerTrack<SpeechGate>,
    /// What each gate has decided of the oldest blocks in `undecided`, oldest first.
    decisions: PerTrack<VecDeque<bool>>,
    /// Clean blocks on which at least one gate has not decided yet, oldest first.
    undecided: VecDeque<CleanBlock>,
}

impl FrontEnd {
    /// A front end that has heard nothing yet.
    pub fn new(detector: &Detector) -> Self {
        Self {
            detector: detector.clone(),
            echo: EchoStage::new(),
            gates: gates(detector),
            decisions: PerTrack::default(),
            undecided: VecDeque::new(),
        }
    }

    /// Takes the next block. Gives the start of the block that came out of the echo stage, if one did; blocks that are
    /// judged by now are fetched with [`FrontEnd::pop`].
    pub fn push(&mut self, block: Block) -> Option<SampleTime> {
        let clean = self.echo.push(block)?;
        Some(self.push_clean(clean))
    }

    /// The next judged block, if one is there, in the order of the call.
    pub fn pop(&mut self) -> Option<JudgedBlock> {
        if self.decisions.me.is_empty() || self.decisions.them.is_empty() {
            return None;
        }
        let clean = self.undecided.pop_front()?;
        let mut speech = PerTrack::from_fn(|track| self.decisions[track].pop_front().unwrap_or(false));
        speech.me &= !clean.leak_only;
        Some(JudgedBlock { clean, speech })
    }

    /// Once no more blocks follow: moves the oldest block that waits in the echo stage on, as [`FrontEnd::push`] does;
    /// `None` once it is empty.
    pub fn flush_echo(&mut self) -> Option<SampleTime> {
        let clean = self.echo.finish()?;
        Some(self.push_clean(clean))
    }

    /// Once the echo stage is empty: lets the detectors, which judge late, hear silence for one block more, which is itself
    /// not judged. `false` once every block was judged.
    pub fn flush_gates(&mut self) -> bool {
        let left = !self.undecided.is_empty();
        if left {
            self.detect_speech(&SILENCE, &SILENCE);
        }
        left
    }

    /// What is known of the leak from the far end into the microphone by now.
    pub fn leak(&self) -> Leak {
        self.echo.leak()
    }

    /// How much of what was heard the microphone held little but the far end, whether it is heard there now or not.
    pub fn rejected(&self) -> Samples {
        self.echo.rejected()
    }

    /// A call begins with the next block, whose time starts from zero. What was heard so far is dropped; what is known of
    /// the leak, and what the canceller has learned of it, is kept.
    pub fn begin_call(self) -> Self {
        Self { echo: self.echo.begin_call(), ..Self::new(&self.detector) }
    }

    /// A clean block on its way to its judgement; gives its start.
    fn push_clean(&mut self, clean: CleanBlock) -> SampleTime {
        let start = clean.start;
        self.detect_speech(&clean.me, &clean.them);
        self.undecided.push_back(clean);
        start
    }

    fn detect_speech(&mut self, me: &Pcm, them: &Pcm) {
        for (track, pcm) in [(Track::Me, me), (Track::Them, them)] {
            self.gates[track].push(pcm, &mut self.decisions[track]);
        }
    }
}

/// In my room somebody further away may be heard, on their line only they are.
fn gates(detector: &Detector) -> PerTrack<SpeechGate> {
    PerTrack { me: SpeechGate::new(detector.build()).for_nearest_voice(), them: SpeechGate::new(detector.build()) }
}

#[cfg(test)]
mod tests;
