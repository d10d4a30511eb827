//! Events as the journal keeps them: whole, to the last sample and bit, and read back as they were.
//!
//! The form is what serde derives on the types of an event: a change to one of these types, or to the name of a field
//! or variant, changes what databases hold. Fields and variants are added freely, a new field with `#[serde(default)]`;
//! what changes its name or its meaning needs a migration in the store. The tests hold every kind of event to its form.

use serde::{Deserialize, Serialize};
use serde_json::Error;

use crate::session::{Event, RecoveryPoint};

/// An event as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EncodedEvent {
    /// All of it, as JSON, except the words that were said.
    pub figures: String,
    /// The words that were said, as JSON of their own, so that they can be left out or dropped; `None` if there are
    /// none.
    pub words: Option<String>,
}

/// The words of an utterance, and of each of its fillers.
#[derive(Default, Serialize, Deserialize)]
struct JournalText {
    text: String,
    fillers: Vec<String>,
}

/// An event in the form of the journal.
///
/// # Errors
/// The serialiser's own; no event of a live call causes one.
pub fn encode_event(event: Event) -> Result<EncodedEvent, Error> {
    let words = recognized_text(&event).map(|words| serde_json::to_string(&words)).transpose()?;
    let bare = match event {
        Event::Heard(heard) => Event::Heard(heard.without_words()),
        other => other,
    };
    Ok(EncodedEvent { figures: serde_json::to_string(&bare)?, words })
}

/// An event that was kept, without its words if they are not given.
///
/// # Errors
/// When it is not in the form of the journal.
pub fn decode_event(figures: &str, words: Option<&str>) -> Result<Event, Error> {
    let mut event = serde_json::from_str(figures)?;
    if let (Event::Heard(heard), Some(words)) = (&mut event, words)
        && let Ok(Some(transcription)) = &mut heard.transcription
    {
        let words: JournalText = serde_json::from_str(words)?;
        transcription.text = words.text;
        for (filler, text) in transcription.reading.fillers.iter_mut().zip(words.fillers) {
            filler.text = text;
        }
    }
    Ok(event)
}

/// What goes on in a call, in the form of the journal: it holds times alone.
///
/// # Errors
/// The serialiser's own; no live call causes one.
pub fn encode_recovery_point(point: &RecoveryPoint) -> Result<String, Error> {
    serde_json::to_string(point)
}

/// What went on in a call when this was kept.
///
/// # Errors
/// When it is not in the form of the journal.
pub fn decode_recovery_point(kept: &str) -> Result<RecoveryPoint, Error> {
    serde_json::from_str(kept)
}

/// The words that were said in an event; `None` if there are none.
fn recognized_text(event: &Event) -> Option<JournalText> {
    let Event::Heard(heard) = event else { return None };
    let transcription = heard.understood()?;
    let fillers: Vec<_> = transcription.reading.fillers.iter().map(|filler| filler.text.clone()).collect();
    let silent = transcription.text.is_empty() && fillers.iter().all(String::is_empty);
    (!silent).then(|| JournalText { text: transcription.text.clone(), fillers })
}

#[cfg(test)]
pub(super) mod tests;
