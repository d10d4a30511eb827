//! A run of speech begins once a voice is heard in it. Until then its blocks are held back, and a short run without a
//! voice is no speech: that is a knock, a click or a breath. Where the other track leaks in, a run begins only once
//! something stands clearly out of the leak: what a canceller leaves of a voice is as periodic as one.

use std::collections::VecDeque;
use std::ops::Range;

use crate::audio::BLOCK_DURATION;
use crate::time::Samples;

/// A run holds a voice once this much of it is periodic: knocks on a desk reach 30 ms, the shortest backchannels of
/// labelled calls hold 40 ms.
const MIN_VOICED: Samples = Samples::from_ms(40);

/// How periodic a block of a voice is at the least.
const MIN_PERIODICITY: f32 = 0.7;

/// This much speech is no knock, voice or not: somebody may whisper.
const MAX_KNOCK: Samples = Samples::from_ms(400);

/// A run is nothing that leaks in once this much of it stands clearly out of that.
const MIN_CLEAR: Samples = Samples::from_ms(40);

/// A run ends with a pause that is not bridged: the minimum silence in Heldner & Edlund 2010.
pub(super) const RUN_PAUSE: Samples = Samples::from_ms(200);

/// How long a block is held back at the most.
pub(super) const MAX_HELD: Samples = Samples::from_ms(600);

/// The beginnings of a track's runs.
#[derive(Default)]
pub(super) struct OnsetGate {
    state: OnsetState,
    held: VecDeque<bool>,
}

#[derive(Clone, Copy, Default)]
enum OnsetState {
    #[default]
    Quiet,
    /// Speech of which too little is known so far.
    Held(HeldSpeech, Samples),
    /// A run that holds a voice.
    Begun { pause: Samples },
}

/// What was heard of a run that has not begun.
#[derive(Clone, Copy, Default)]
struct HeldSpeech {
    speech: Samples,
    voiced: Samples,
    clear: Samples,
}

impl OnsetGate {
    /// Takes in the next block, and asks how periodic it is if that matters; appends what is decided now. `clear` says
    /// whether the block's sound stands clearly out of what leaks in from the other track.
    pub(super) fn push(
        &mut self,
        speech: bool,
        clear: bool,
        periodicity: impl FnOnce() -> f32,
        decisions: &mut VecDeque<bool>,
    ) {
        self.held.push_back(speech);
        self.state = match (self.state, speech) {
            (OnsetState::Quiet, false) => OnsetState::Quiet,
            (OnsetState::Quiet, true) => HeldSpeech::default().and(clear, periodicity()),
            (OnsetState::Held(held, _), true) => held.and(clear, periodicity()),
            (OnsetState::Held(held, pause), false) if pause + BLOCK_DURATION < RUN_PAUSE => {
                OnsetState::Held(held, pause + BLOCK_DURATION)
            }
            (OnsetState::Held(..), false) => {
                self.held.iter_mut().for_each(|speech| *speech = false);
                OnsetState::Quiet
            }
            (OnsetState::Begun { .. }, true) => OnsetState::Begun { pause: Samples::ZERO },
            (OnsetState::Begun { pause }, false) if pause + BLOCK_DURATION < RUN_PAUSE => {
                OnsetState::Begun { pause: pause + BLOCK_DURATION }
            }
            (OnsetState::Begun { .. }, false) => OnsetState::Quiet,
        };
        let length = Samples::new(self.held.len() as u64 * BLOCK_DURATION.count());
        if let OnsetState::Held(held, _) = self.state
            && length >= MAX_HELD
        {
            if held.clear >= MIN_CLEAR {
                self.state = OnsetState::Begun { pause: Samples::ZERO };
            } else {
                self.held.pop_front();
                decisions.push_back(false);
            }
        }
        if !matches!(self.state, OnsetState::Held(..)) {
            decisions.extend(self.held.drain(..));
        }
    }

    /// Of the blocks that are held back, these are no speech; the oldest has the number 0.
    pub(super) fn silence(&mut self, blocks: Range<usize>) {
        let end = blocks.end.min(self.held.len());
        self.held.range_mut(blocks.start.min(end)..end).for_each(|speech| *speech = false);
    }

    /// Blocks that are held back.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }
}

impl HeldSpeech {
    /// After one more block of speech, which is clear or not, and this periodic.
    fn and(self, clear: bool, periodicity: f32) -> OnsetState {
        let more = |sum: Samples, is: bool| if is { sum + BLOCK_DURATION } else { sum };
        let speech = self.speech + BLOCK_DURATION;
        let (voiced, clear) = (more(self.voiced, periodicity >= MIN_PERIODICITY), more(self.clear, clear));
        if clear >= MIN_CLEAR && (voiced >= MIN_VOICED || speech >= MAX_KNOCK) {
            OnsetState::Begun { pause: Samples::ZERO }
        } else {
            OnsetState::Held(Self { speech, voiced, clear }, Samples::ZERO)
        }
    }
}

#[cfg(test)]
mod tests;
