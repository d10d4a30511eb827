//! From blocks to blocks that are judged: the echo out of the microphone, and who is speaking.
//!
//! Owns the order of the two and their one alignment: the echo stage gives its blocks late, and a detector judges later
//! still. The sound check before a call and the call itself run the same front end. Leaves to [`crate::turns`] what a run
//! of speaking blocks means, and to [`crate::health`] what is wrong with the sound.

pub mod echo;
#[cfg(test)]
mod failing;
mod guarded;
pub mod vad;
mod voice_band;

use std::collections::VecDeque;

use crate::audio::{BLOCK_DURATION, Block, Pcm, PerTrack, SILENCE, Track, level_dbfs};
use crate::time::{SampleTime, Samples, Span};

use echo::{CleanBlock, EchoStage, Leak};
pub use guarded::GuardedFrontEnd;
use vad::{Crosstalk, Detector, SpeechGate};

/// What a canceller leaves of a room's echo after the far end has fallen silent is as soft as somebody else.
const COPY_LINGERS: Samples = Samples::from_ms(300);

/// A block whose speech both tracks' detectors have judged.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JudgedBlock {
    /// Its sound after echo cancelling.
    pub clean: CleanBlock,
    /// On which tracks somebody speaks. What a track has of the other is no speech of its own.
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
    /// How long the microphone has held no copy of the far end.
    since_copy: Samples,
    /// When the first block began.
    begun_at: Option<SampleTime>,
    /// What of the microphone was somebody else's, though it was given out as my speech.
    past_others: Vec<Span>,
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
            since_copy: Samples::ZERO,
            begun_at: None,
            past_others: Vec::new(),
        }
    }

    /// Takes the next block. Blocks that are judged by now are fetched with [`FrontEnd::pop`].
    pub fn push(&mut self, block: Block) {
        self.echo.push(block).into_iter().for_each(|clean| self.push_clean(clean));
    }

    /// The next judged block, if one is there, in the order of the call.
    pub fn pop(&mut self) -> Option<JudgedBlock> {
        if self.decisions.me.is_empty() || self.decisions.them.is_empty() {
            return None;
        }
        let clean = self.undecided.pop_front()?;
        let speech =
            PerTrack::from_fn(|track| self.decisions[track].pop_front().unwrap_or(false) && !clean.echo_only[track]);
        Some(JudgedBlock { clean, speech })
    }

    /// Once no more blocks follow: moves the blocks that wait in the echo stage on, as [`FrontEnd::push`] does.
    pub fn flush_echo(&mut self) {
        self.echo.finish().into_iter().for_each(|clean| self.push_clean(clean));
    }

    /// Once the echo stage is empty: lets the detectors, which judge late, hear silence for one block more, which is itself
    /// not judged. `false` once every block was judged.
    pub fn flush_gates(&mut self) -> bool {
        let left = !self.undecided.is_empty();
        if left {
            let silence = level_dbfs(&SILENCE);
            let voice_dbfs = PerTrack { me: Some(silence), them: Some(silence) };
            self.detect_speech(&PerTrack { me: SILENCE, them: SILENCE }, voice_dbfs);
            self.withdraw_others();
        }
        left
    }

    /// What is known of the leak from the far end into the microphone by now.
    pub fn leak(&self) -> Leak {
        self.echo.leak()
    }

    /// From now on both tracks are taken to hold one sound, or two: of one, neither is a copy of the other.
    pub fn set_same_sound(&mut self, same_sound: bool) {
        self.echo.set_same_sound(same_sound);
    }

    /// What is known of my own voice on the far end's line by now.
    pub fn returning(&self) -> Leak {
        self.echo.returning()
    }

    /// Whether somebody else is known to speak near the manager.
    pub fn in_company(&self) -> bool {
        self.gates.me.in_company()
    }

    /// What was given out as my speech before somebody else was known to speak near me, and was theirs: each stretch once.
    pub fn take_past_others(&mut self) -> Vec<Span> {
        std::mem::take(&mut self.past_others)
    }

    /// A call begins with the next block, whose time starts from zero. What was heard so far is dropped; what is known of
    /// the leak, and what the canceller has learned of it, is kept.
    pub fn begin_call(self) -> Self {
        Self { echo: self.echo.begin_call(), ..Self::new(&self.detector) }
    }

    fn push_clean(&mut self, clean: CleanBlock) {
        self.begun_at.get_or_insert(clean.start);
        // What is left of a leak, and a voice of which some went with it, are as soft as somebody else. The microphone's own
        // level still tells voices apart where it holds no copy.
        self.since_copy = if clean.moved.me { Samples::ZERO } else { self.since_copy + BLOCK_DURATION };
        let untouched = |track| clean.pcm[track] == clean.raw[track];
        let mut tells = PerTrack::from_fn(untouched);
        if self.echo.leak().detected {
            tells.me = self.since_copy >= COPY_LINGERS;
        }
        let voice_dbfs = PerTrack::from_fn(|track| tells[track].then(|| level_dbfs(&clean.raw[track])));
        for track in Track::BOTH {
            self.gates[track].set_crosstalk(match (clean.echo_only[track], clean.in_doubt[track]) {
                (true, _) => Crosstalk::Only,
                (false, true) => Crosstalk::InDoubt,
                (false, false) => Crosstalk::NoMatter,
            });
        }
        self.detect_speech(&clean.pcm, voice_dbfs);
        self.undecided.push_back(clean);
        self.withdraw_others();
    }

    /// What is known by now to be somebody else's is no speech of mine.
    fn withdraw_others(&mut self) {
        let Some(begun_at) = self.begun_at else { return };
        let at = |moment: SampleTime| begun_at + (moment - SampleTime::ZERO);
        for span in self.gates.me.take_past_others() {
            let span = Span::new(at(span.start), at(span.end));
            for (clean, speech) in self.undecided.iter().zip(&mut self.decisions.me) {
                *speech &= !span.contains(clean.start);
            }
            let next = self.undecided.front().map_or(span.end, |clean| clean.start);
            let given_out = Span::new(span.start, span.end.min(next));
            self.past_others.extend((!given_out.is_empty()).then_some(given_out));
        }
    }

    fn detect_speech(&mut self, pcm: &PerTrack<Pcm>, voice_dbfs: PerTrack<Option<f32>>) {
        for track in Track::BOTH {
            self.gates[track].push(&pcm[track], voice_dbfs[track], &mut self.decisions[track]);
        }
    }
}

/// In my room somebody further away may be heard, on their line only they are.
fn gates(detector: &Detector) -> PerTrack<SpeechGate> {
    PerTrack { me: SpeechGate::new(detector.build()).for_nearest_voice(), them: SpeechGate::new(detector.build()) }
}

#[cfg(test)]
mod tests;
