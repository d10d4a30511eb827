use std::path::PathBuf;

use crate::language::Language;
use crate::nudges::Mode;
use crate::records::TrialArm;

/// What is known of a call when it begins.
#[derive(Clone, Debug, PartialEq)]
pub struct CallRecord {
    /// A name that no other call has: of a live call, its beginning to the second.
    pub id: String,
    /// When it began, as RFC 3339 with the local offset; `None` for a recording.
    pub started_at: Option<String>,
    /// Where it comes from.
    pub origin: Origin,
    /// What it is for.
    pub mode: Mode,
    /// The share of the talk that it aims at, 0 to 1: the mode's, or the user's own.
    pub target: f64,
    /// What it is in the trial of nudges, if there is one.
    pub trial: Option<TrialArm>,
    /// The language that is spoken, if the user named it.
    pub language: Option<Language>,
    /// The other person's name, if it was given.
    pub with: Option<String>,
    /// Whether words are kept. Otherwise no word is written, whoever hands it in.
    pub keep_words: bool,
    /// The folder of its exports, whether it exists yet or not. A live call's folder goes when the call is forgotten.
    pub folder: PathBuf,
}

/// Where a call comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// It is held now, and comes from devices.
    Live,
    /// It comes from a recording.
    Replay,
    /// It comes from a transcript, which has no sound.
    Transcript,
    /// It comes from a transcript that states when lines begin and not when they end: the ends are guessed.
    TranscriptStarts,
    /// It is a call of the demo.
    Demo,
}

impl Origin {
    /// The name on the wire. A transcript has the name of a recording, because it is replayed in the same way.
    pub fn name(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Replay | Self::Transcript | Self::TranscriptStarts => "replay",
            Self::Demo => "demo",
        }
    }

    /// Whether there is sound to measure.
    pub fn has_sound(self) -> bool {
        !matches!(self, Self::Transcript | Self::TranscriptStarts)
    }

    /// Whether it is known when somebody stops to speak: without it there are no overlaps, silences, waits or pace.
    pub fn has_ends(self) -> bool {
        self != Self::TranscriptStarts
    }
}
