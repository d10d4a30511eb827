//! What the two set out to talk about, ticked by hand, and the check-in.
//!
//! Owns the items and their states. Whether an item's words came up only offers a tick; nobody's hand is moved for them.
//! Words that are heard are compared and dropped.

mod check_in;

pub use check_in::{CheckIn, LONGEST_WORDS, SCORES};

/// So many items at the most: an hour holds no more.
pub const MOST_ITEMS: usize = 20;

/// An item is at most so many characters long.
pub const LONGEST_ITEM: usize = 200;

/// An item's number in its call, from 1.
pub type ItemId = u32;

/// One thing to talk about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its number; stays the same for the whole call.
    pub id: ItemId,
    /// The manager's own words.
    pub text: String,
    /// How it stands.
    pub state: ItemState,
    /// Whether its words came up: is it to be ticked?
    pub offered: bool,
}

/// How an item stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ItemState {
    /// Still to be talked about.
    #[default]
    Open,
    /// Talked about.
    Done,
    /// Not for this call.
    Dropped,
}

impl ItemState {
    /// All states.
    pub const ALL: [Self; 3] = [Self::Open, Self::Done, Self::Dropped];

    /// The name on the wire and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Dropped => "dropped",
        }
    }
}

/// Why the agenda stays as it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum AgendaError {
    /// There is no item of this number.
    #[error("the agenda has no such item")]
    NoSuchItem,
    /// The text is empty, or too long.
    #[error("an item has 1 to 200 characters")]
    Text,
    /// There are as many items as there may be.
    #[error("the agenda has 20 items already")]
    Full,
}
