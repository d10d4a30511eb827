//! Whether an item's words came up: which of its letters were said, and when last. Nothing else that was said stays
//! here.

use crate::agenda::{english, japanese};
use crate::time::{SampleTime, Samples};

/// Words that belong together are said within so long: some three turns of a 1on1 (ours).
const TOPIC_WINDOW: Samples = Samples::from_secs(30);

/// What an English word, or one in kana, weighs; a kanji weighs 1, and a Japanese word is mostly two of them.
const WORD_WEIGHT: f64 = 2.0;

/// Half of an item's words have to come up, and at least two of them, for one alone comes up by chance.
const MIN_SHARE: f64 = 0.5;
const MIN_WEIGHT: f64 = 2.0 * WORD_WEIGHT;

/// What an item is about: its content words.
#[derive(Clone, Debug)]
pub(super) struct Topic {
    words: Vec<TopicWord>,
}

/// A content word of an item.
#[derive(Clone, Debug)]
pub(super) struct TopicWord {
    form: WordForm,
    letters: Vec<char>,
    /// When each letter was last said as part of a piece of the word.
    last_heard: Vec<Option<SampleTime>>,
}

/// How a word is written, and so how it is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum WordForm {
    /// By its stem, as a whole word.
    Latin,
    /// By pieces of two letters: 評価面談 is also 面談.
    Kanji,
    /// By pieces of three: two kana are in everything.
    Kana,
}

impl WordForm {
    fn piece_len(self, length: usize) -> usize {
        match self {
            Self::Latin => length,
            Self::Kanji => length.min(2),
            Self::Kana => length.min(3),
        }
    }
}

impl TopicWord {
    pub(super) fn new(form: WordForm, letters: Vec<char>) -> Self {
        Self { form, last_heard: vec![None; letters.len()], letters }
    }

    fn weight(&self) -> f64 {
        match self.form {
            WordForm::Kanji => self.letters.len() as f64,
            WordForm::Latin | WordForm::Kana => WORD_WEIGHT,
        }
    }

    fn observe(&mut self, letters: &[char], stems: &[Vec<char>], at: SampleTime) {
        let piece = self.form.piece_len(self.letters.len());
        for start in 0..=self.letters.len() - piece {
            let part = &self.letters[start..start + piece];
            let found = match self.form {
                WordForm::Latin => stems.iter().any(|stem| stem == part),
                WordForm::Kanji | WordForm::Kana => letters.windows(piece).any(|letters| letters == part),
            };
            if found {
                // Text may come late, after later text.
                self.last_heard[start..start + piece].iter_mut().for_each(|heard| *heard = (*heard).max(Some(at)));
            }
        }
    }

    /// How much of its weight was said since.
    fn weight_said_since(&self, since: SampleTime) -> f64 {
        let recent = self.last_heard.iter().filter(|heard| heard.is_some_and(|at| at >= since)).count();
        self.weight() * recent as f64 / self.letters.len() as f64
    }
}

impl Topic {
    /// What an item of these letters is about. One without a content word never comes up.
    pub(super) fn from_letters(text: &[char]) -> Self {
        let mut words = japanese::content_words(text);
        words.extend(english::stems(text).into_iter().map(|stem| TopicWord::new(WordForm::Latin, stem)));
        Self { words }
    }

    /// Takes what was said up to `at`.
    pub(super) fn observe(&mut self, letters: &[char], at: SampleTime) {
        let stems = english::stems(letters);
        self.words.iter_mut().for_each(|word| word.observe(letters, &stems, at));
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
        self.words.iter_mut().for_each(|word| word.last_heard.fill(None));
    }
}
