//! A front end whose failure does not end the call: it is built anew, and what was in it is lost, and said to be.

use std::collections::VecDeque;
use std::panic::{AssertUnwindSafe, catch_unwind};

use crate::audio::{BLOCK_DURATION, Block, PerTrack, Track};
use crate::frontend::echo::{CleanBlock, Leak};
use crate::frontend::vad::Detector;
use crate::frontend::{FrontEnd, JudgedBlock};
use crate::time::{SampleTime, Span};

/// A [`FrontEnd`] that survives its own panics. Every block that is pushed comes out once, in order: one that was in the
/// front end when that failed comes out lost, and without sound.
pub struct GuardedFrontEnd {
    front_end: FrontEnd,
    /// The detector of the next one.
    detector: Detector,
    /// The blocks that have not come out yet, oldest first: when each began, and whether it was lost already.
    in_flight: VecDeque<(SampleTime, PerTrack<bool>)>,
    /// Blocks that came out lost, oldest first.
    lost_blocks: VecDeque<JudgedBlock>,
    /// What has been lost and not been asked for.
    losses: PerTrack<Vec<Span>>,
    /// How often it was built anew.
    rebuilt: u32,
}

impl GuardedFrontEnd {
    /// Guards a front end; if that fails, the next one has this detector.
    pub fn new(front_end: FrontEnd, detector: Detector) -> Self {
        Self {
            front_end,
            detector,
            in_flight: VecDeque::new(),
            lost_blocks: VecDeque::new(),
            losses: PerTrack::default(),
            rebuilt: 0,
        }
    }

    /// Takes the next block: see [`FrontEnd::push`].
    pub fn push(&mut self, block: Block) {
        self.in_flight.push_back((block.start, block.lost));
        self.attempt(|front_end| front_end.push(block));
    }

    /// The next judged block: see [`FrontEnd::pop`].
    pub fn pop(&mut self) -> Option<JudgedBlock> {
        if let Some(lost) = self.lost_blocks.pop_front() {
            return Some(lost);
        }
        let judged = self.attempt(FrontEnd::pop).flatten();
        if judged.is_some() {
            self.in_flight.pop_front();
        }
        judged
    }

    /// Once no more blocks follow: see [`FrontEnd::flush_echo`].
    pub fn flush_echo(&mut self) {
        self.attempt(FrontEnd::flush_echo);
    }

    /// Once the echo stage is empty: see [`FrontEnd::flush_gates`].
    pub fn flush_gates(&mut self) -> bool {
        // Where it fails, what is left comes out lost.
        self.attempt(FrontEnd::flush_gates).unwrap_or(true)
    }

    /// What of a track was lost because the front end failed, since this was last asked. What was lost before it came here
    /// is not among it.
    pub fn take_losses(&mut self, track: Track) -> Vec<Span> {
        std::mem::take(&mut self.losses[track])
    }

    /// The front end as it is now.
    pub fn into_inner(self) -> FrontEnd {
        self.front_end
    }

    /// What is known of the leak: see [`FrontEnd::leak`].
    pub fn leak(&self) -> Leak {
        Leak { rebuilt: self.rebuilt, ..self.front_end.leak() }
    }

    /// What is known of my own voice on the far end's line: see [`FrontEnd::returning`].
    pub fn returning(&self) -> Leak {
        self.front_end.returning()
    }

    /// Whether somebody else is known to speak near the manager.
    pub fn in_company(&self) -> bool {
        self.front_end.in_company()
    }

    /// What was not my speech after all: see [`FrontEnd::take_past_others`].
    pub fn take_past_others(&mut self) -> Vec<Span> {
        self.front_end.take_past_others()
    }

    /// Whether both tracks hold one sound: see [`FrontEnd::set_same_sound`].
    pub fn set_same_sound(&mut self, same_sound: bool) {
        self.front_end.set_same_sound(same_sound);
    }

    /// Does something with the front end; `None` if that fails. Then a new one is there, and all blocks are lost that were in
    /// the old one.
    fn attempt<T>(&mut self, work: impl FnOnce(&mut FrontEnd) -> T) -> Option<T> {
        // What a panic leaves half done is thrown away below.
        match catch_unwind(AssertUnwindSafe(|| work(&mut self.front_end))) {
            Ok(done) => Some(done),
            Err(_) => {
                tracing::error!("the stage that cleans and judges the sound failed and is built anew");
                self.rebuild();
                None
            }
        }
    }

    fn rebuild(&mut self) {
        self.front_end = FrontEnd::new(&self.detector);
        self.rebuilt += 1;
        for (start, was_lost) in std::mem::take(&mut self.in_flight) {
            let span = Span::new(start, start + BLOCK_DURATION);
            for track in Track::BOTH.into_iter().filter(|track| !was_lost[*track]) {
                match self.losses[track].last_mut() {
                    Some(last) if last.end == span.start => last.end = span.end,
                    _ => self.losses[track].push(span),
                }
            }
            self.lost_blocks
                .push_back(JudgedBlock { clean: CleanBlock::without_data(start), speech: PerTrack::default() });
        }
    }
}

#[cfg(test)]
mod tests;
