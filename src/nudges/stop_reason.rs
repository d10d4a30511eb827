//! What makes figures unsure or unwanted, and which nudges stop for it (rule 9).

use serde::Serialize;

use crate::nudges::NudgeKind;

/// Why nudges are stopped, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum StopReason {
    /// The call is paused: nothing is heard.
    Paused,
    /// Off the record: nothing is kept, a nudge with its figures least of all.
    OffRecord,
    /// I'm muted in the call: what I say is not said to them.
    Muted,
    /// Sound is being lost, or is not what it should be: no figure is sure.
    Lost,
    /// Nothing comes from the far end, though the call goes on.
    FarEnd,
    /// The far end is in the microphone, too loud for the canceller: what I say while they speak is not sure.
    Echo,
}

impl StopReason {
    /// All reasons, the gravest first.
    pub const ALL: [Self; 6] = [Self::Paused, Self::OffRecord, Self::Muted, Self::Lost, Self::FarEnd, Self::Echo];

    /// The name on the wire.
    pub fn name(self) -> &'static str {
        match self {
            Self::Paused => "paused",
            Self::OffRecord => "off_record",
            Self::Muted => "muted",
            Self::Lost => "lost",
            Self::FarEnd => "far_end",
            Self::Echo => "echo",
        }
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
pub struct StopReasons([bool; StopReason::ALL.len()]);

impl StopReasons {
    /// From now on it is so, or no longer.
    pub fn set(&mut self, why: StopReason, so: bool) {
        self.0[why as usize] = so;
    }

    /// Whether this is one.
    pub fn contains(&self, why: StopReason) -> bool {
        self.0[why as usize]
    }

    /// All of both.
    pub fn union(self, other: Self) -> Self {
        StopReason::ALL.into_iter().filter(|why| self.contains(*why) || other.contains(*why)).collect()
    }

    /// The gravest.
    pub fn gravest(&self) -> Option<StopReason> {
        StopReason::ALL.into_iter().find(|why| self.contains(*why))
    }

    /// Whether one of them stops this kind.
    pub fn stops(&self, kind: NudgeKind) -> bool {
        StopReason::ALL.into_iter().any(|why| self.contains(why) && why.stops(kind))
    }
}

impl FromIterator<StopReason> for StopReasons {
    fn from_iter<I: IntoIterator<Item = StopReason>>(reasons: I) -> Self {
        let mut stops = Self::default();
        reasons.into_iter().for_each(|why| stops.set(why, true));
        stops
    }
}
