//! Whether an item's words came up: which of its letters were said, and when last. Nothing else that was said stays
//! here.

use crate::agenda::topic_word::{TopicWord, WORD_WEIGHT, WordForm};
use crate::agenda::{english, japanese};
use crate::time::{SampleTime, Samples};

/// Words that belong together are said within this time: some three turns of a 1on1 (ours).
const TOPIC_WINDOW: Samples = Samples::from_secs(30);

/// Half of an item's words have to come up, and at least two of them, for one alone comes up by chance.
const MIN_SHARE: f64 = 0.5;
const MIN_WEIGHT: f64 = 2.0 * WORD_WEIGHT;

/// What an item is about: its content words.
#[derive(Clone, Debug)]
pub(super) struct Topic {
    words: Vec<TopicWord>,
}

impl Topic {
    /// What an item of these letters is about. One without a content word never comes up.
    pub(super) fn from_letters(text: &[char]) -> Self {
        let mut words = japanese::content_words(text);
        words.extend(english::stems(text).into_iter().map(|stem| TopicWord::new(WordForm::Latin, stem)));
        Self { words }
    }

    /// Takes what was said up to `at`; whether anything of it was mentioned.
    pub(super) fn observe(&mut self, letters: &[char], at: SampleTime) -> bool {
        let stems = english::stems(letters);
        let mut mentioned = false;
        for word in &mut self.words {
            mentioned |= word.observe(letters, &stems, at);
        }
        mentioned
    }

    /// Whether enough of it was said lately, `now` being the end of the newest text.
    pub(super) fn came_up(&self, now: SampleTime) -> bool {
        let total: f64 = self.words.iter().map(TopicWord::weight).sum();
        let recent: f64 = self.words.iter().map(|word| word.weight_said_since(now.saturating_sub(TOPIC_WINDOW))).sum();
        let enough = (total * MIN_SHARE).max(total.min(MIN_WEIGHT));
        // A third of a third is not exact.
        total > 0.0 && recent + 1e-9 >= enough
    }

    /// Nothing of it was said.
    pub(super) fn reset(&mut self) {
        self.words.iter_mut().for_each(TopicWord::reset);
    }
}
