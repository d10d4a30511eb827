//! What somebody says of how they like to talk. Nobody else fills it in, and nothing that is heard changes it.

use serde::Serialize;
use strum::{EnumString, IntoStaticStr, VariantArray};

/// A note on a card has at most this many characters.
pub const LONGEST_NOTE: usize = 1_000;

/// How somebody likes to talk, as they say it themselves; in the order in which the page shows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, EnumString, IntoStaticStr, VariantArray)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Preference {
    /// The conclusion first.
    ConclusionFirst,
    /// The details first.
    DetailsFirst,
    /// Time to think before an answer.
    TimeToThink,
    /// A quick pace.
    QuickPace,
    /// With the camera on.
    CameraOn,
    /// With the camera off.
    CameraOff,
    /// Something to read before.
    WrittenBefore,
    /// Something to read afterwards.
    WrittenAfter,
    /// Feedback said directly.
    DirectFeedback,
    /// Feedback said gently.
    GentleFeedback,
    /// Small talk first.
    SmallTalkFirst,
    /// Straight to the topic.
    StraightToTopic,
}

impl Preference {
    /// The name on the wire and in files.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The point of that name.
    pub fn from_name(name: &str) -> Option<Self> {
        name.parse().ok()
    }
}

/// What somebody wrote of how they like to talk.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Card {
    /// The points that they chose.
    pub points: Vec<Preference>,
    /// Their own words; may be empty.
    pub note: String,
}

/// A card, and when it was stated.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct StatedCard {
    /// What they wrote.
    pub card: Card,
    /// The date on which they stated it, such as 2026-11-01.
    pub stated_on: String,
}

impl Card {
    /// Whether the card is within its limits: no point stands twice, and the note can be shown and is not too long.
    pub fn is_valid(&self) -> bool {
        let twice = self.points.iter().enumerate().any(|(i, point)| self.points[..i].contains(point));
        let shown = self.note.chars().all(|c| c == '\n' || !c.is_control());
        !twice && shown && self.note.chars().count() <= LONGEST_NOTE
    }
}
