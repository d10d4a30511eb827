//! Before a call: who it is with, what it is for and what it is to come to, and whether both sides are heard.
//!
//! Of what is heard here nothing is kept except two levels, the state of the echo check and what the front end has
//! learned. This room owns the choices and their limits, and the hints for a call. It leaves to the application when a
//! call begins, and to the store what is known of people.

mod hints;
mod sound_check;

use crate::agenda::{MAX_ITEM_CHARS, MAX_ITEMS};
use crate::language::Language;
use crate::nudges::Mode;
use crate::people::Card;
use crate::time::Samples;

pub use hints::{HintInput, PreparationHint, hint_from_meeting, meeting_sentence, preparation_hints};
pub use sound_check::{EchoCheck, SoundCheck, SoundCheckStatus, SoundCheckUpdate, TrackLevel, run_sound_check};

/// A name has at most this many characters.
pub const LONGEST_NAME: usize = 80;

/// The user's own target lies between these, as a share of the talk from 0 to 1: nobody listens or talks all the time.
pub const TARGETS: std::ops::RangeInclusive<f64> = 0.1..=0.9;

/// The longest ice-breaker.
pub const LONGEST_ICEBREAKER: Samples = Samples::from_secs(30 * 60);

/// The longest meeting whose length can be given.
pub const LONGEST_MEETING: Samples = Samples::from_secs(4 * 60 * 60);

/// What is chosen for a call before it begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// The other person's name, if it was given.
    pub with: Option<String>,
    /// What the call is for.
    pub mode: Mode,
    /// The manager's own target share, 0 to 1, in place of the mode's.
    pub own_target: Option<f64>,
    /// How long small talk is welcome; zero for no ice-breaker.
    pub icebreaker: Samples,
    /// The items of the agenda.
    pub agenda: Vec<String>,
    /// How long the meeting is to be, if that was given: the page then shows what is left of it.
    pub meeting: Option<Samples>,
    /// The language that is spoken; found from how the call sounds if it is `None`.
    pub language: Option<Language>,
}

impl Choices {
    /// Takes over what was chosen anew; the rest stays.
    pub fn apply(&mut self, change: ChoicesUpdate) {
        if let Some(with) = change.with {
            self.with = with;
        }
        if let Some(mode) = change.mode {
            self.mode = mode;
        }
        if let Some(target) = change.target {
            self.own_target = target;
        }
        if let Some(icebreaker) = change.icebreaker {
            self.icebreaker = icebreaker;
        }
        if let Some(agenda) = change.agenda {
            self.agenda = agenda;
        }
        if let Some(meeting) = change.meeting {
            self.meeting = meeting;
        }
        if let Some(language) = change.language {
            self.language = language;
        }
    }
}

/// The choices that change; `None` leaves a choice as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChoicesUpdate {
    /// Whom the call is with, or that no name is given.
    pub with: Option<Option<String>>,
    /// What the call is for.
    pub mode: Option<Mode>,
    /// The user's own target, or that the mode's holds.
    pub target: Option<Option<f64>>,
    /// How long small talk is welcome.
    pub icebreaker: Option<Samples>,
    /// The items of the agenda, all of them.
    pub agenda: Option<Vec<String>>,
    /// How long the meeting is to be, or that this is not said.
    pub meeting: Option<Option<Samples>>,
    /// The language that is spoken, or that it is to be found.
    pub language: Option<Option<Language>>,
}

impl ChoicesUpdate {
    /// Whether every choice is within its limits.
    pub fn is_valid(&self) -> bool {
        let with = self.with.iter().flatten().all(|name| is_name(name));
        let target = self.target.iter().flatten().all(|target| TARGETS.contains(target));
        let icebreaker = self.icebreaker.is_none_or(|length| length <= LONGEST_ICEBREAKER);
        let agenda = self.agenda.as_deref().unwrap_or_default();
        let items = agenda.len() <= MAX_ITEMS && agenda.iter().all(|item| is_item(item));
        let meeting = self.meeting.flatten().is_none_or(|length| length > Samples::ZERO && length <= LONGEST_MEETING);
        with && target && icebreaker && items && meeting
    }

    /// Whether it changes nothing but what can be changed in a call that goes on: its purpose, its target, its length.
    pub fn fits_during_call(&self) -> bool {
        let Self { with, mode: _, target: _, icebreaker, agenda, meeting: _, language } = self;
        with.is_none() && icebreaker.is_none() && agenda.is_none() && language.is_none()
    }
}

/// Whether a name can be a person's: one line of at most [`LONGEST_NAME`] characters that is not empty.
pub fn is_name(name: &str) -> bool {
    is_line(name, LONGEST_NAME)
}

fn is_item(item: &str) -> bool {
    is_line(item, MAX_ITEM_CHARS)
}

/// Whether the text is one line of at most `longest` characters, and is not empty.
fn is_line(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control)
}

/// Something that is asked for before the call.
#[derive(Clone, Debug, PartialEq)]
pub enum StartRequest {
    /// Change the choices.
    Prepare(ChoicesUpdate),
    /// Save the card of the person whom the call is with.
    Card(Card),
    /// Show the demo beside it.
    Demo,
    /// Begin the call.
    Begin,
}

#[cfg(test)]
mod tests;
