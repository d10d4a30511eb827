//! What makes figures unsure or unwanted, and which nudges stop for it (rule 9).

use serde::Serialize;
use strum::{EnumCount, IntoStaticStr, VariantArray};

use crate::nudges::NudgeKind;

/// Why nudges are stopped, the gravest first.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, EnumCount, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum StopReason {
    /// The call is paused: nothing is heard.
    Paused,
    /// Off the record: nothing is kept, a nudge with its figures least of all.
    OffRecord,
    /// I am muted in the call: what I say does not reach them.
    Muted,
    /// Sound is being lost, or is not what it should be: no figure is sure.
    Lost,
    /// Nothing comes from the far end, though the call goes on.
    FarEnd,
    /// The far end is in the microphone, too loud for the canceller: my speech while they speak is unsure.
    Echo,
}

impl StopReason {
    /// The name on the wire.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// Whether it stops this kind.
    pub fn stops(self, kind: NudgeKind) -> bool {
        match self {
            Self::Paused | Self::OffRecord => true,
            Self::Muted | Self::Lost => kind != NudgeKind::Audio,
            // What I say, how fast and what I ask needs no far end.
            Self::FarEnd => {
                matches!(
                    kind,
                    NudgeKind::Share
                        | NudgeKind::Monologue
                        | NudgeKind::CutIn
                        | NudgeKind::Listening
                        | NudgeKind::Regrab
                )
            }
            // A monologue ends by their own track, which an echo leaves as it is.
            Self::Echo => {
                matches!(
                    kind,
                    NudgeKind::Share | NudgeKind::CutIn | NudgeKind::Listening | NudgeKind::Regrab | NudgeKind::Fillers
                )
            }
        }
    }
}

/// Several of these at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct StopReasons([bool; StopReason::COUNT]);

impl StopReasons {
    /// From now on this reason holds, or no longer does.
    pub fn set(&mut self, why: StopReason, so: bool) {
        self.0[why as usize] = so;
    }

    /// Whether this reason is among them.
    pub fn contains(&self, why: StopReason) -> bool {
        self.0[why as usize]
    }

    /// The reasons of both.
    pub fn union(self, other: Self) -> Self {
        StopReason::VARIANTS.iter().copied().filter(|why| self.contains(*why) || other.contains(*why)).collect()
    }

    /// The gravest of them; `None` if there is none.
    pub fn gravest(&self) -> Option<StopReason> {
        StopReason::VARIANTS.iter().copied().find(|why| self.contains(*why))
    }

    /// Whether one of them stops this kind.
    pub fn stops(&self, kind: NudgeKind) -> bool {
        StopReason::VARIANTS.iter().copied().any(|why| self.contains(why) && why.stops(kind))
    }
}

impl FromIterator<StopReason> for StopReasons {
    fn from_iter<I: IntoIterator<Item = StopReason>>(reasons: I) -> Self {
        let mut stops = Self::default();
        reasons.into_iter().for_each(|why| stops.set(why, true));
        stops
    }
}
