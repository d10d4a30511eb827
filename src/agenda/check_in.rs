//! How the other person is, as they themselves say it: kept as given, never judged, compared or averaged.

use serde::{Deserialize, Serialize};

/// The lowest and the highest number there is to choose.
pub const SCORES: std::ops::RangeInclusive<u8> = 1..=5;

/// The words of a check-in have at most this many characters.
pub const MAX_WORDS_CHARS: usize = 200;

/// A check-in as it was answered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "(u8, String)", into = "(u8, String)")]
pub struct CheckIn {
    score: u8,
    words: String,
}

/// Read from the pair of its number and its words, and held to the same rules.
impl TryFrom<(u8, String)> for CheckIn {
    type Error = &'static str;

    fn try_from((score, words): (u8, String)) -> Result<Self, Self::Error> {
        Self::new(score, &words).ok_or("a check-in out of its range")
    }
}

impl From<CheckIn> for (u8, String) {
    fn from(given: CheckIn) -> Self {
        (given.score, given.words)
    }
}

impl CheckIn {
    /// What the other person said: a number from 1 to 5, and their own words, if any. `None` if it is something else.
    pub fn new(score: u8, words: &str) -> Option<Self> {
        let words = words.trim();
        let fits = SCORES.contains(&score) && words.chars().count() <= MAX_WORDS_CHARS;
        fits.then(|| Self { score, words: words.to_owned() })
    }

    /// Their number, 1 to 5.
    pub fn score(&self) -> u8 {
        self.score
    }

    /// Their words; empty if they gave none.
    pub fn words(&self) -> &str {
        &self.words
    }
}
