//! A nudge with the figures that fired it.

use serde::{Deserialize, Serialize};

use crate::audio::Track;
use crate::nudges::NudgeKind;
use crate::time::{SampleTime, Samples};

/// A nudge with the figures that fired it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Nudge {
    /// What it is about, and why it fired.
    pub why: NudgeReason,
    /// When it appeared.
    pub at: SampleTime,
}

impl Nudge {
    /// What it is about.
    pub fn kind(&self) -> NudgeKind {
        self.why.kind()
    }
}

/// The figures that fired a nudge.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NudgeReason {
    /// Both windows were over the target for long enough.
    Share {
        /// My share of the talk in the last minutes, 0 to 1.
        recent: f64,
        /// My share of the talk in the call so far, 0 to 1.
        call: f64,
        /// The target, 0 to 1.
        target: f64,
    },
    /// My monologue reached a tier.
    Monologue {
        /// The length of a monologue at which the nudge appears.
        tier: Samples,
        /// How long the monologue was when the nudge appeared.
        length: Samples,
    },
    /// I interrupted them, and they gave way.
    CutIn(CutIn),
    /// They talked without a sound of mine.
    Listening {
        /// How much they talked.
        talk: Samples,
    },
    /// I broke silences after my own questions.
    Regrab(Regrabs),
    /// My questions in a row that were closed or chased progress.
    ClosedRun {
        /// How many they are.
        count: u32,
    },
    /// I speak faster than I usually do.
    Pace {
        /// My pace as a part of my own usual one: 1.2 is a fifth faster.
        relative: f64,
    },
    /// Filled pauses in my newest speech.
    Fillers(Fillers),
    /// Trouble with the sound.
    Audio(ActionableTrouble),
}

impl NudgeReason {
    /// What the nudge is about.
    pub fn kind(&self) -> NudgeKind {
        match self {
            Self::Share { .. } => NudgeKind::Share,
            Self::Monologue { .. } => NudgeKind::Monologue,
            Self::CutIn(_) => NudgeKind::CutIn,
            Self::Listening { .. } => NudgeKind::Listening,
            Self::Regrab(_) => NudgeKind::Regrab,
            Self::ClosedRun { .. } => NudgeKind::ClosedRun,
            Self::Pace { .. } => NudgeKind::Pace,
            Self::Fillers(_) => NudgeKind::Fillers,
            Self::Audio(_) => NudgeKind::Audio,
        }
    }
}

/// A successful interruption by me.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CutIn {
    /// When I began.
    pub at: SampleTime,
    /// How long both spoke, until they gave way.
    pub overlap: Samples,
}

/// Silences after my own questions that I broke too soon.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Regrabs {
    /// How many there were in the call.
    pub count: u32,
    /// How long I waited the last time.
    pub wait: Samples,
}

/// Filled pauses in my newest speech.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fillers {
    /// How many there were …
    pub count: u32,
    /// … in how much of my talk.
    pub talk: Samples,
}

/// Trouble with the sound that is worth a nudge: something can be done about it in the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ActionableTrouble {
    /// The far end's speech has holes.
    Choppy,
    /// The far end is in the microphone, too loud for the canceller.
    Echo,
    /// A track is louder than it can be written down.
    Clipping(Track),
    /// A device is gone: a track's sound is lost.
    Lost(Track),
    /// A track is digitally silent though the call goes on.
    Dead(Track),
    /// Both tracks hold the same sound.
    Same,
}
