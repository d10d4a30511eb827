//! Who speaks, and who of them is me.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;

use crate::source::transcript::{Speaker, TranscriptError};
use crate::time::Samples;

use super::raw::{one_line, quoted};

/// Who speaks if a transcript names nobody.
const UNKNOWN: &str = "unknown";

/// Longer names are cut: they are none.
const LONGEST: usize = 100;

/// So many names a message lists at the most.
pub(super) const LISTED: usize = 12;

/// Everybody who has been named so far.
#[derive(Default)]
pub(super) struct SpeakerIndex {
    /// As they were first written.
    names: Vec<String>,
    /// The place of each name as it is compared.
    places: HashMap<String, usize>,
}

impl SpeakerIndex {
    /// The place of a speaker among all, in the order of their first words. Names that differ in case and width alone
    /// are one.
    pub(super) fn position_of(&mut self, name: Option<&str>) -> usize {
        let name = one_line(name.unwrap_or_default());
        let name: String = if name.is_empty() { UNKNOWN.to_owned() } else { name.chars().take(LONGEST).collect() };
        *self.places.entry(normalize(&name)).or_insert_with(|| {
            self.names.push(name);
            self.names.len() - 1
        })
    }

    /// All names in their order.
    pub(super) fn into_names(self) -> Vec<String> {
        self.names
    }
}

/// The speaker who is meant by a name or its beginning.
pub(super) fn find_speaker(speakers: &[Speaker], name: Option<&str>) -> Result<usize, TranscriptError> {
    let Some(name) = name else { return Err(TranscriptError::MeNotGiven { speakers: list_speakers(speakers) }) };
    let wanted = normalize(name);
    let known: Vec<String> = speakers.iter().map(|speaker| normalize(&speaker.name)).collect();
    if let Some(at) = known.iter().position(|known| *known == wanted) {
        return Ok(at);
    }
    let begin: Vec<usize> = (0..known.len()).filter(|at| known[*at].starts_with(&wanted)).collect();
    match &begin[..] {
        [only] => Ok(*only),
        [_, _, ..] if !wanted.is_empty() => {
            let names: Vec<&str> = begin.iter().map(|at| speakers[*at].name.as_str()).collect();
            Err(TranscriptError::AmbiguousSpeaker { name: one_line(name), speakers: names.join(" or ") })
        }
        _ => Err(TranscriptError::UnknownSpeaker { name: quoted(name), speakers: list_speakers(speakers) }),
    }
}

/// Everybody with the share of their talk: `Aoki Ken (62% of the talk), 田中 (38%)`.
fn list_speakers(speakers: &[Speaker]) -> String {
    let all: Samples = speakers.iter().map(|speaker| speaker.talk).sum();
    let share = |speaker: &Speaker| (speaker.talk.fraction_of(all).unwrap_or_default() * 100.0).round();
    let mut names: Vec<String> =
        speakers.iter().take(LISTED).map(|speaker| format!("{} ({}%)", speaker.name, share(speaker))).collect();
    if let Some(first) = names.first_mut() {
        *first = first.replace("%)", "% of the talk)");
    }
    let more = speakers.len().saturating_sub(LISTED);
    names.join(", ") + &if more > 0 { format!(" and {more} more") } else { String::new() }
}

/// A name as it is compared: whatever its case, its width and its spaces.
fn normalize(name: &str) -> String {
    one_line(&name.nfkc().collect::<String>()).to_lowercase()
}
