//! A run of speech begins once a voice is heard in it. Until then its blocks are held back, and a short run without a
//! voice is no speech: that is a knock, a click or a breath.

use std::collections::VecDeque;

use crate::audio::BLOCK_DURATION;
use crate::time::Samples;

/// A run holds a voice once this much of it is periodic: knocks on a desk reach 30 ms, the shortest backchannels of
/// labelled calls hold 40 ms.
const MIN_VOICED: Samples = Samples::from_ms(40);

/// How periodic a block of a voice is at the least.
const MIN_PERIODICITY: f32 = 0.7;

/// This much speech is no knock, voice or not: somebody may whisper.
const MAX_KNOCK: Samples = Samples::from_ms(400);

/// A run ends with a pause that is not bridged: the minimum silence in Heldner & Edlund 2010.
const RUN_PAUSE: Samples = Samples::from_ms(200);

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
    /// Speech in which too little voice was heard so far.
    Held { speech: Samples, voiced: Samples, pause: Samples },
    /// A run that holds a voice.
    Begun { pause: Samples },
}

impl OnsetGate {
    /// Takes in the next block, and asks how periodic it is if that matters; appends what is decided now.
    pub(super) fn push(&mut self, speech: bool, periodicity: impl FnOnce() -> f32, decisions: &mut VecDeque<bool>) {
        self.held.push_back(speech);
        self.state = match (self.state, speech) {
            (OnsetState::Quiet, false) => OnsetState::Quiet,
            (OnsetState::Quiet, true) => OnsetState::hold(Samples::ZERO, Samples::ZERO, periodicity()),
            (OnsetState::Held { speech, voiced, .. }, true) => OnsetState::hold(speech, voiced, periodicity()),
            (OnsetState::Held { speech, voiced, pause }, false) if pause + BLOCK_DURATION < RUN_PAUSE => {
                OnsetState::Held { speech, voiced, pause: pause + BLOCK_DURATION }
            }
            (OnsetState::Held { .. }, false) => {
                self.held.iter_mut().for_each(|speech| *speech = false);
                OnsetState::Quiet
            }
            (OnsetState::Begun { .. }, true) => OnsetState::Begun { pause: Samples::ZERO },
            (OnsetState::Begun { pause }, false) if pause + BLOCK_DURATION < RUN_PAUSE => {
                OnsetState::Begun { pause: pause + BLOCK_DURATION }
            }
            (OnsetState::Begun { .. }, false) => OnsetState::Quiet,
        };
        let held = Samples::new(self.held.len() as u64 * BLOCK_DURATION.count());
        if held >= MAX_HELD {
            self.state = OnsetState::Begun { pause: Samples::ZERO };
        }
        if !matches!(self.state, OnsetState::Held { .. }) {
            decisions.extend(self.held.drain(..));
        }
    }

    /// Blocks that are held back.
    pub(super) fn held(&self) -> usize {
        self.held.len()
    }
}

impl OnsetState {
    /// After one more block of speech, which is this periodic.
    fn hold(speech: Samples, voiced: Samples, periodicity: f32) -> Self {
        let speech = speech + BLOCK_DURATION;
        let voiced = if periodicity >= MIN_PERIODICITY { voiced + BLOCK_DURATION } else { voiced };
        if voiced >= MIN_VOICED || speech >= MAX_KNOCK {
            Self::Begun { pause: Samples::ZERO }
        } else {
            Self::Held { speech, voiced, pause: Samples::ZERO }
        }
    }
}
