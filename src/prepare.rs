//! Before a call: who it is with, what it is for and what it is to come to, and whether both sides are heard.
//!
//! Of what is heard here nothing is kept but two levels and the state of the echo check. Owns the choices and their
//! limits, and the hints for a call. Leaves to the command line when a call begins and to the store what is known of
//! people.

mod hints;
mod sound_check;

use crate::agenda::{MAX_ITEM_CHARS, MAX_ITEMS};
use crate::nudges::Mode;
use crate::people::Card;
use crate::time::Samples;

pub use hints::{HintInput, PreparationHint, preparation_hints};
pub use sound_check::{EchoCheck, SoundCheck, SoundCheckStatus, SoundCheckUpdate, TrackLevel, run_sound_check};

/// A name is at most so many characters long.
pub const LONGEST_NAME: usize = 80;

/// An own target lies between these, as a share of the talk: nobody listens or talks all the time.
pub const TARGETS: std::ops::RangeInclusive<f64> = 0.1..=0.9;

/// The longest ice-breaker.
pub const LONGEST_ICEBREAKER: Samples = Samples::from_secs(30 * 60);

/// What is chosen for a call before it begins.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Choices {
    /// The other person's name.
    pub with: Option<String>,
    /// What the call is for.
    pub mode: Mode,
    /// The manager's own target share, in place of the mode's.
    pub own_target: Option<f64>,
    /// How long small talk is welcome; zero for no ice-breaker.
    pub icebreaker: Samples,
    /// What is to be talked about.
    pub agenda: Vec<String>,
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
    }
}

/// What of the choices is chosen anew; `None` leaves a choice as it is.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct ChoicesUpdate {
    /// With whom, or with nobody that is named.
    pub with: Option<Option<String>>,
    /// What for.
    pub mode: Option<Mode>,
    /// An own target, or the mode's.
    pub target: Option<Option<f64>>,
    /// How long small talk is welcome.
    pub icebreaker: Option<Samples>,
    /// What is to be talked about, all of it.
    pub agenda: Option<Vec<String>>,
}

impl ChoicesUpdate {
    /// Whether every choice is within its limits.
    pub fn is_valid(&self) -> bool {
        let with = self.with.iter().flatten().all(|name| is_name(name));
        let target = self.target.iter().flatten().all(|target| TARGETS.contains(target));
        let icebreaker = self.icebreaker.is_none_or(|length| length <= LONGEST_ICEBREAKER);
        let agenda = self.agenda.as_deref().unwrap_or_default();
        let items = agenda.len() <= MAX_ITEMS && agenda.iter().all(|item| is_item(item));
        with && target && icebreaker && items
    }
}

/// Whether a name can be a person's: on one line, and neither empty nor endless.
pub fn is_name(name: &str) -> bool {
    is_line(name, LONGEST_NAME)
}

fn is_item(item: &str) -> bool {
    is_line(item, MAX_ITEM_CHARS)
}

/// Whether the text stands on one line of at most so many characters, and is not empty.
fn is_line(text: &str, longest: usize) -> bool {
    !text.trim().is_empty() && text.chars().count() <= longest && !text.chars().any(char::is_control)
}

/// Something that is asked for before the call.
#[derive(Clone, Debug, PartialEq)]
pub enum StartRequest {
    /// Choose anew.
    Prepare(ChoicesUpdate),
    /// The card of the person whom the call is with.
    Card(Card),
    /// Begin the call.
    Begin,
}

#[cfg(test)]
mod tests;
