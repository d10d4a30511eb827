//! Notes after the call: what was written down in it, and how that is changed afterwards.

use strum::{EnumString, IntoStaticStr};

use crate::agenda::{Action, AgendaError, MAX_ITEM_CHARS, MAX_NOTES, NoteId};

/// A note of a call that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeptNote {
    /// Its number; stays the same whatever else is changed.
    pub id: NoteId,
    /// The manager's own words.
    pub text: String,
    /// Who is to do it and how that stands, if it is something to do.
    pub action: Option<Action>,
    /// When it was written.
    pub written: Written,
    /// In milliseconds of the call; 0 unless it was written in it.
    pub at_ms: u64,
}

/// When a note was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, EnumString, IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Written {
    /// In an earlier call, which left it open.
    Earlier,
    /// In the call.
    InCall,
    /// After it.
    After,
}

impl Written {
    /// The name in files.
    pub fn name(self) -> &'static str {
        self.into()
    }
}

/// A change of the notes of a call that is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoteEdit {
    /// Another one.
    Add {
        /// Its text.
        text: String,
        /// Who is to do it and how that stands, if it is something to do.
        action: Option<Action>,
    },
    /// The note of this number reads so.
    Change {
        /// Which one.
        id: NoteId,
        /// Its text.
        text: String,
        /// Who is to do it and how that stands, if it is something to do.
        action: Option<Action>,
    },
    /// The note of this number goes.
    Remove {
        /// Which one.
        id: NoteId,
    },
}

impl NoteEdit {
    /// Carries the change out, and gives the note as it was and as it is.
    ///
    /// # Errors
    /// When there is no note of that number or there are as many as there may be, or the text is empty or too long.
    pub fn apply(self, notes: &mut Vec<KeptNote>) -> Result<(Option<KeptNote>, Option<KeptNote>), AgendaError> {
        match self {
            Self::Add { text, action } => {
                if notes.iter().filter(|note| note.written != Written::Earlier).count() >= MAX_NOTES {
                    return Err(AgendaError::NotesFull);
                }
                let id = notes.iter().map(|note| note.id).max().unwrap_or_default() + 1;
                let note = KeptNote { id, text: text_of(&text)?, action, written: Written::After, at_ms: 0 };
                notes.push(note.clone());
                Ok((None, Some(note)))
            }
            Self::Change { id, text, action } => {
                let text = text_of(&text)?;
                let note = notes.iter_mut().find(|note| note.id == id).ok_or(AgendaError::NoSuchNote)?;
                let before = note.clone();
                (note.text, note.action) = (text, action);
                Ok((Some(before), Some(note.clone())))
            }
            Self::Remove { id } => {
                let place = notes.iter().position(|note| note.id == id).ok_or(AgendaError::NoSuchNote)?;
                Ok((Some(notes.remove(place)), None))
            }
        }
    }
}

fn text_of(given: &str) -> Result<String, AgendaError> {
    let text = given.trim();
    let fits = !text.is_empty() && text.chars().count() <= MAX_ITEM_CHARS && !text.chars().any(char::is_control);
    if fits { Ok(text.to_owned()) } else { Err(AgendaError::NoteText) }
}

#[cfg(test)]
mod tests;
