//! The people with whom calls are held: who they are, how they say they like to talk, what is still to be talked about and
//! how they said they were. The store saves these; the start page, the hints and the history show them.

mod card;

use crate::agenda::CheckIn;

pub use card::{Card, LONGEST_NOTE, Preference, StatedCard};

/// Somebody calls are held with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// When the last call began: RFC 3339 with the offset of its place.
    pub last_at: Option<String>,
    /// Midnights since the last call, where and when one is now.
    pub days: Option<u32>,
    /// How many calls there were.
    pub calls: u32,
    /// What is still to be talked about, the oldest first.
    pub open_items: Vec<String>,
    /// How they like to talk, where they stated it.
    pub card: Option<StatedCard>,
}

/// An item of the agenda that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItem {
    /// The manager's words.
    pub text: String,
    /// The last call on whose agenda it was.
    pub call: String,
}

/// A check-in as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCheckIn {
    /// The call in which it was given.
    pub call: String,
    /// When that began: RFC 3339.
    pub started_at: String,
    /// What was said.
    pub check_in: CheckIn,
}
