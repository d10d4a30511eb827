//! What is written down in a call: lines of text, and what either is to do.

use serde::{Deserialize, Serialize};

use crate::agenda::{AgendaError, ItemState, MAX_ITEM_CHARS};
use crate::audio::Track;
use crate::time::SampleTime;

/// A call has at most this many notes: a page of them.
pub const MAX_NOTES: usize = 50;

/// At most this many action items of earlier calls come back: the rest would hide them.
pub const MAX_CARRIED_ACTIONS: usize = 20;

/// A note's number in its call, from 1.
pub type NoteId = u32;

/// A line that the manager wrote down.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    /// Its number; stays the same for the whole call.
    pub id: NoteId,
    /// When it was written; the beginning of the call if it was carried over.
    pub at: SampleTime,
    /// The manager's own words.
    pub text: String,
    /// Who is to do it and how that stands, if it is something to do.
    pub action: Option<Action>,
    /// Whether an earlier call left it open.
    pub carried: bool,
}

/// Something to do after the call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Action {
    /// Who does it.
    pub owner: Track,
    /// How it stands.
    pub state: ItemState,
}

/// An action item that is open when a call begins.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenAction {
    /// The manager's own words.
    pub text: String,
    /// Who does it.
    pub owner: Track,
}

/// The notes of a call, in the order in which they were written; what was carried over comes first.
#[derive(Clone, Debug, Default)]
pub struct Notes {
    notes: Vec<Note>,
    carried: usize,
}

impl Notes {
    /// The notes of a call that begins, with what earlier calls left open.
    pub fn new(open: impl IntoIterator<Item = OpenAction>) -> Self {
        let carry = |(OpenAction { text, owner }, id)| Note {
            id,
            at: SampleTime::ZERO,
            text,
            action: Some(Action { owner, state: ItemState::Open }),
            carried: true,
        };
        let notes: Vec<Note> = open.into_iter().take(MAX_CARRIED_ACTIONS).zip(1..).map(carry).collect();
        Self { carried: notes.len(), notes }
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &Note> {
        self.notes.iter()
    }

    /// Another note, written at `at`; something to do if it has an owner.
    ///
    /// # Errors
    /// When there are as many as there may be, or the text is empty or too long.
    pub fn add(&mut self, text: &str, owner: Option<Track>, at: SampleTime) -> Result<&Note, AgendaError> {
        let text = text.trim();
        if text.is_empty() || text.chars().count() > MAX_ITEM_CHARS {
            return Err(AgendaError::NoteText);
        }
        if self.notes.len() - self.carried >= MAX_NOTES {
            return Err(AgendaError::NotesFull);
        }
        let action = owner.map(|owner| Action { owner, state: ItemState::Open });
        let id = self.notes.len() as NoteId + 1;
        self.notes.push(Note { id, at, text: text.to_owned(), action, carried: false });
        Ok(&self.notes[self.notes.len() - 1])
    }

    /// An action item stands otherwise from here on; `None` if it stood so already.
    ///
    /// # Errors
    /// When there is none of this number.
    pub fn set(&mut self, id: NoteId, state: ItemState) -> Result<Option<&Note>, AgendaError> {
        let note = self.notes.iter_mut().find(|note| note.id == id).ok_or(AgendaError::NoSuchAction)?;
        let action = note.action.as_mut().ok_or(AgendaError::NoSuchAction)?;
        let before = std::mem::replace(&mut action.state, state);
        Ok((before != state).then_some(&*note))
    }
}
