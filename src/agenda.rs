//! What the two set out to talk about, ticked by hand, what is written down meanwhile, and the check-in.
//!
//! Owns the items, the notes and their states. A tick is only offered, when talk has moved on from an item, once and not for long;
//! nobody's hand is moved for them. Words that are heard are compared and dropped.

mod check_in;
mod english;
mod japanese;
mod kept_notes;
mod notes;
mod stuck;
mod topic;
mod topic_word;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr, VariantArray};

use crate::language;
use crate::time::{SampleTime, Samples};

pub use check_in::{CheckIn, MAX_WORDS_CHARS, SCORES};
pub use kept_notes::{KeptNote, NoteEdit, Written};
pub use notes::{Action, MAX_CARRIED_ACTIONS, MAX_NOTES, Note, NoteId, Notes, OpenAction};
pub use stuck::StuckDetector;

use topic::Topic;

/// So many items at the most: an hour holds no more.
pub const MAX_ITEMS: usize = 20;

/// An item has at most this many characters.
pub const MAX_ITEM_CHARS: usize = 200;

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
    /// Whether talk has moved on from it: is it to be ticked?
    pub offered: bool,
}

/// How an item stands.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr, VariantArray,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
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
    /// The name on the wire and in files.
    pub fn name(self) -> &'static str {
        self.into()
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
    /// There is no action item of this number.
    #[error("there is no such action item")]
    NoSuchAction,
    /// There is no note of this number.
    #[error("there is no such note")]
    NoSuchNote,
    /// A note's text is empty, or too long.
    #[error("a note has 1 to 200 characters")]
    NoteText,
    /// There are as many notes as there may be.
    #[error("the call has 50 notes already")]
    NotesFull,
}

/// The items of a call, in the order in which they were added.
#[derive(Clone, Debug, Default)]
pub struct Agenda {
    entries: Vec<TrackedItem>,
}

/// An item, and what is known of its words.
#[derive(Clone, Debug)]
struct TrackedItem {
    item: Item,
    topic: Topic,
    progress: TopicProgress,
}

/// How far talk has come with an item.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum TopicProgress {
    /// Its words have not come up.
    NotYet,
    /// It is talked about, and was mentioned last in a text that ended then.
    TalkedAbout { last: SampleTime },
    /// A tick is offered; since when is known once the call's time has gone on.
    Offered { since: Option<SampleTime> },
    /// A tick was offered, and is not offered again.
    WasOffered,
}

/// Talk has moved on from an item if nothing of it was mentioned for this long …
const MOVED_ON: Samples = Samples::from_secs(60);

/// … or for this long, if another item has come up (both ours: a topic lasts for minutes, and its words recur).
const MOVED_ON_TO_ANOTHER: Samples = Samples::from_secs(10);

/// An offer goes away after this long (ours): whoever has not looked by then is talking.
const OFFER_STAYS: Samples = Samples::from_secs(30);

impl Agenda {
    /// An agenda that was written before the call.
    ///
    /// # Errors
    /// When it has too many items, or one that is empty or too long.
    pub fn new<'a>(texts: impl IntoIterator<Item = &'a str>) -> Result<Self, AgendaError> {
        let mut agenda = Self::default();
        for text in texts {
            agenda.add(text)?;
        }
        Ok(agenda)
    }

    /// All items.
    pub fn items(&self) -> impl Iterator<Item = &Item> {
        self.entries.iter().map(|entry| &entry.item)
    }

    /// Whether something is still to be talked about.
    pub fn has_open(&self) -> bool {
        self.items().any(|item| item.state == ItemState::Open)
    }

    /// Another item; its words count from here on.
    ///
    /// # Errors
    /// When the agenda is full, or the text empty or too long.
    pub fn add(&mut self, text: &str) -> Result<&Item, AgendaError> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > MAX_ITEM_CHARS {
            return Err(AgendaError::Text);
        }
        if self.entries.len() >= MAX_ITEMS {
            return Err(AgendaError::Full);
        }
        let item = Item {
            id: self.entries.len() as ItemId + 1,
            text: text.to_owned(),
            state: ItemState::Open,
            offered: false,
        };
        let entry = TrackedItem {
            item,
            topic: Topic::from_letters(&comparable_letters(text)),
            progress: TopicProgress::NotYet,
        };
        self.entries.push(entry);
        Ok(&self.entries[self.entries.len() - 1].item)
    }

    /// An item stands otherwise from here on; `None` if it stood so already.
    ///
    /// # Errors
    /// When there is none of this number.
    pub fn set(&mut self, id: ItemId, state: ItemState) -> Result<Option<&Item>, AgendaError> {
        let TrackedItem { item, topic, progress } = self.entry(id)?;
        if item.state == state {
            return Ok(None);
        }
        (item.state, item.offered) = (state, false);
        // What is opened again is to come up again.
        topic.reset();
        if *progress != TopicProgress::WasOffered {
            *progress = TopicProgress::NotYet;
        }
        Ok(Some(item))
    }

    /// The tick that is offered is not wanted: it is not offered again.
    ///
    /// # Errors
    /// When there is no item of this number.
    pub fn decline_tick(&mut self, id: ItemId) -> Result<(), AgendaError> {
        let entry = self.entry(id)?;
        (entry.item.offered, entry.progress) = (false, TopicProgress::WasOffered);
        Ok(())
    }

    /// Hears what either said up to `end`. An open item of which enough was said is talked about; once talk has moved on
    /// from it, it is offered to be ticked. The text itself is not kept.
    pub fn observe_text(&mut self, text: &str, end: SampleTime) {
        if self.entries.is_empty() {
            return;
        }
        let letters = comparable_letters(text);
        let mut begun = None;
        for TrackedItem { item, topic, progress } in self.entries.iter_mut().filter(|entry| entry.is_open()) {
            let mentioned = topic.observe(&letters, end);
            match progress {
                TopicProgress::NotYet if topic.came_up(end) => {
                    *progress = TopicProgress::TalkedAbout { last: end };
                    begun = Some(item.id);
                }
                // Text may come late, after later text.
                TopicProgress::TalkedAbout { last } if mentioned => *last = end.max(*last),
                // It is talked about again: there is nothing to tick yet, and it was asked once.
                TopicProgress::Offered { .. } if mentioned => {
                    (item.offered, *progress) = (false, TopicProgress::WasOffered);
                }
                _ => {}
            }
        }
        for TrackedItem { item, progress, .. } in self.entries.iter_mut().filter(|entry| entry.is_open()) {
            let enough = if begun.is_some_and(|begun| begun != item.id) { MOVED_ON_TO_ANOTHER } else { MOVED_ON };
            if matches!(progress, TopicProgress::TalkedAbout { last } if end - *last >= enough) {
                (item.offered, *progress) = (true, TopicProgress::Offered { since: None });
            }
        }
    }

    /// The call has come to `now`: an offer that nobody took goes away.
    pub fn advance(&mut self, now: SampleTime) {
        for TrackedItem { item, progress, .. } in &mut self.entries {
            let TopicProgress::Offered { since } = progress else { continue };
            if now - *since.get_or_insert(now) >= OFFER_STAYS {
                (item.offered, *progress) = (false, TopicProgress::WasOffered);
            }
        }
    }

    fn entry(&mut self, id: ItemId) -> Result<&mut TrackedItem, AgendaError> {
        self.entries.iter_mut().find(|entry| entry.item.id == id).ok_or(AgendaError::NoSuchItem)
    }
}

impl TrackedItem {
    fn is_open(&self) -> bool {
        self.item.state == ItemState::Open
    }
}

/// A text in the letters in which it is compared.
fn comparable_letters(text: &str) -> Vec<char> {
    language::normalize(text).to_lowercase().chars().collect()
}

#[cfg(test)]
mod tests;
