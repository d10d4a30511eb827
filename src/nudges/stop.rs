//! What makes figures unsure or unwanted, and which nudges stop for it (rule 9).

use crate::nudges::Kind;

/// Why nudges are stopped, the gravest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stopped {
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

impl Stopped {
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
    pub fn stops(self, kind: Kind) -> bool {
        match self {
            Self::Paused | Self::OffRecord => true,
            Self::Muted | Self::Lost => kind != Kind::Audio,
            // What I say, how fast and what I ask needs no far end.
            Self::FarEnd => {
                matches!(kind, Kind::Share | Kind::Monologue | Kind::CutIn | Kind::Listening | Kind::Regrab)
            }
            // A monologue ends by their own track, which an echo leaves as it is.
            Self::Echo => {
                matches!(kind, Kind::Share | Kind::CutIn | Kind::Listening | Kind::Regrab | Kind::Fillers)
            }
        }
    }
}

/// Several of these at once.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Stops([bool; Stopped::ALL.len()]);

impl Stops {
    /// From now on it is so, or no longer.
    pub fn set(&mut self, why: Stopped, so: bool) {
        self.0[why as usize] = so;
    }

    /// Whether this is one.
    pub fn has(&self, why: Stopped) -> bool {
        self.0[why as usize]
    }

    /// All of both.
    pub fn and(self, other: Self) -> Self {
        Stopped::ALL.into_iter().filter(|why| self.has(*why) || other.has(*why)).collect()
    }

    /// The gravest.
    pub fn gravest(&self) -> Option<Stopped> {
        Stopped::ALL.into_iter().find(|why| self.has(*why))
    }

    /// Whether one of them stops this kind.
    pub fn stop(&self, kind: Kind) -> bool {
        Stopped::ALL.into_iter().any(|why| self.has(why) && why.stops(kind))
    }
}

impl FromIterator<Stopped> for Stops {
    fn from_iter<I: IntoIterator<Item = Stopped>>(reasons: I) -> Self {
        let mut stops = Self::default();
        reasons.into_iter().for_each(|why| stops.set(why, true));
        stops
    }
}
