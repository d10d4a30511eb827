//! Whether I am muted in the call, and who says so.

use serde::Serialize;
use strum::IntoStaticStr;

/// Who says that I am muted. Either is enough, and neither takes back what the other says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Mute {
    /// I do.
    pub(super) by_hand: bool,
    /// The sound server does.
    pub(super) by_server: bool,
}

/// Why I count as muted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum MuteReason {
    /// I said so, and only I take it back.
    Hand,
    /// The sound server says so of the microphone, or of what the call's application records from it.
    SoundServer,
}

impl Mute {
    pub(super) fn is_muted(self) -> bool {
        self.by_hand || self.by_server
    }

    /// What I said myself goes first.
    pub(super) fn reason(self) -> Option<MuteReason> {
        match self {
            Self { by_hand: true, .. } => Some(MuteReason::Hand),
            Self { by_server: true, .. } => Some(MuteReason::SoundServer),
            _ => None,
        }
    }
}
