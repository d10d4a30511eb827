//! How a call stands at a moment: what the overlay shows.

use crate::asr::Standing;
use crate::audio::PerTrack;
use crate::dynamics::shape::Shape;
use crate::dynamics::transfer::Patience;
use crate::dynamics::{Counts, Tally};
use crate::echo::Leak;
use crate::health::Trouble;
use crate::nudges::Nudge;
use crate::time::{SampleTime, Samples};
use crate::turns::{Floor, Onset};

/// How a call stands: what the overlay shows.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// The end of the newest block.
    pub now: SampleTime,
    /// Whether the call is over.
    pub ended: bool,
    /// Who is heard right now, be it long enough for a run or not.
    pub speaking: PerTrack<bool>,
    /// Who holds the floor.
    pub floor: Floor,
    /// How long both have been silent.
    pub silence: Samples,
    /// Whether the silence is a good wait after my own speech.
    pub waiting: bool,
    /// My share of the talk of the call, 0 to 1.
    pub call_share: Option<f64>,
    /// My share of the talk of the last 5 minutes.
    pub recent_share: Option<f64>,
    /// Talk time of each track.
    pub talk: PerTrack<Samples>,
    /// How long my monologue is so far.
    pub monologue: Samples,
    /// Who began inside the other's floor span, while nobody knows what that is: provisional.
    pub onset: Option<Onset>,
    /// How often what happened.
    pub counts: Counts,
    /// How often what was said how.
    pub tally: Tally,
    /// How long I let them finish.
    pub patience: Option<Patience>,
    /// The shape of the call so far.
    pub shape: Option<Shape>,
    /// The nudge that is shown.
    pub nudge: Option<Nudge>,
    /// Whether each track is being lost now.
    pub losing: PerTrack<bool>,
    /// How much of each track was lost.
    pub lost: PerTrack<Samples>,
    /// The leak from the far end into the microphone.
    pub leak: Leak,
    /// What is wrong with the sound, in the order of its beginning.
    pub troubles: Vec<Trouble>,
    /// The recogniser.
    pub text: TextState,
}

/// How the recogniser keeps up.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TextState {
    /// How it stands.
    pub standing: Standing,
    /// How much sound waits for it.
    pub waiting: Samples,
    /// Recognised speech as a part of all that was handed to it, 0 to 1; `None` before any came back.
    pub coverage: Option<f64>,
}
