//! What the rules look at.

use crate::nudges::{ActionableTrouble, CutIn, Fillers, Regrabs, StopReason, StopReasons};
use crate::time::{SampleTime, Samples, Span};

/// What the rules look at, every 10 ms.
#[derive(Clone, Debug, Default)]
pub struct NudgeInput {
    /// Now.
    pub now: SampleTime,
    /// My share of the talk in the last minutes, 0 to 1, without the ice-breaker's; `None` without
    /// talk.
    pub recent_share: Option<f64>,
    /// My share of the talk in the call so far, 0 to 1, without the ice-breaker's; `None` without talk.
    pub call_share: Option<f64>,
    /// My monologue that is going on, if most of the talk in it is mine.
    pub monologue: Option<Span>,
    /// How long both have been silent since I spoke last; `None` while anybody speaks. It goes on for a tenth of a
    /// second into a word, until that is long enough to be one.
    pub my_pause: Option<Samples>,
    /// How long both have been silent since they spoke last.
    pub their_pause: Option<Samples>,
    /// Whether my last words before the pause were a question; `None` as long as no text says so or not.
    pub asked_question: Option<bool>,
    /// Whether the other side's floor span has just become certain, and I held the floor before it.
    pub handed_over: bool,
    /// Whether I am heard right now, be it long enough for a word or not.
    pub i_speak: bool,
    /// Whether the other side is heard right now.
    pub they_speak: bool,
    /// How much they have talked since I was last heard.
    pub their_talk: Samples,
    /// The newest successful interruption by me that stands.
    pub cut_in: Option<CutIn>,
    /// How I spoke; looked up only if I have just handed over the floor.
    pub habits: SpokenHabits,
    /// The trouble with the sound that stands.
    pub sound_troubles: Vec<ActionableTrouble>,
    /// What makes figures unsure.
    pub stop_reasons: StopReasons,
}

impl NudgeInput {
    /// Whether this is a silence after my speech, unless a text says that it follows no question (rule 6). While sound
    /// is lost, no silence is known.
    pub(super) fn in_protected_silence(&self) -> bool {
        self.my_pause.is_some() && self.asked_question != Some(false) && !self.stop_reasons.contains(StopReason::Lost)
    }

    /// Whether they begin to speak and I have just handed over the floor to them (rule 5).
    pub(super) fn just_handed_over(&self) -> bool {
        self.handed_over && !self.i_speak
    }
}

/// How I have spoken so far, by the texts. All of it is absent without them.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct SpokenHabits {
    /// Silences after my questions that I broke too soon, if any.
    pub regrabs: Option<Regrabs>,
    /// My newest questions in a row that were closed or chased progress: how many, and when the last one was.
    pub closed_run: Option<(u32, SampleTime)>,
    /// My pace as a part of my own usual one: 1 is as usual, 1.2 is a fifth faster.
    pub pace: Option<f64>,
    /// Filled pauses in my newest speech.
    pub fillers: Option<Fillers>,
}
