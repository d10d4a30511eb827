//! The people with whom calls are held: who they are, how they say they like to talk, what is still to be talked about
//! and how they said they were. The store saves these; the start page, the hints and the history show them.

mod card;

use crate::agenda::{CheckIn, OpenAction};

pub use card::{Card, LONGEST_NOTE, Preference, StatedCard};

/// Somebody with whom calls are held.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Their name.
    pub name: String,
    /// When the last call began, as RFC 3339 with the offset of its place; `None` if there was no call.
    pub last_at: Option<String>,
    /// How many midnights there were since the last call, in the user's time zone; `None` if there was no call.
    pub days: Option<u32>,
    /// How many calls there were.
    pub calls: u32,
    /// The agenda items that are still open, the oldest first.
    pub open_items: Vec<String>,
    /// The action items that are still open, the oldest first.
    pub open_actions: Vec<OpenAction>,
    /// How they like to talk, if they stated it.
    pub card: Option<StatedCard>,
}

/// An item of the agenda that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenItem {
    /// The manager's words.
    pub text: String,
    /// The name of the last call on whose agenda it was.
    pub call: String,
}

/// A check-in as it was given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PastCheckIn {
    /// The name of the call in which it was given.
    pub call: String,
    /// When that call began, as RFC 3339.
    pub started_at: String,
    /// What was said of how they were.
    pub check_in: CheckIn,
}
