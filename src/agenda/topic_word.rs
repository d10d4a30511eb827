//! A content word of an agenda item, and when its letters were last said.

use crate::time::SampleTime;

/// What an English word, or one in kana, weighs; a kanji weighs 1, and a Japanese word is mostly two of them.
pub(super) const WORD_WEIGHT: f64 = 2.0;

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

    /// How much the word counts among those of its item.
    pub(super) fn weight(&self) -> f64 {
        match self.form {
            WordForm::Kanji => self.letters.len() as f64,
            WordForm::Latin | WordForm::Kana => WORD_WEIGHT,
        }
    }

    /// Takes the letters and the English stems of a text that was said up to `at`; whether a piece of the word is in it.
    pub(super) fn observe(&mut self, letters: &[char], stems: &[Vec<char>], at: SampleTime) -> bool {
        let piece = self.form.piece_len(self.letters.len());
        let mut mentioned = false;
        for start in 0..=self.letters.len() - piece {
            let part = &self.letters[start..start + piece];
            let found = match self.form {
                WordForm::Latin => stems.iter().any(|stem| stem == part),
                WordForm::Kanji | WordForm::Kana => letters.windows(piece).any(|letters| letters == part),
            };
            if found {
                mentioned = true;
                // Text may come late, after later text.
                self.last_heard[start..start + piece].iter_mut().for_each(|heard| *heard = (*heard).max(Some(at)));
            }
        }
        mentioned
    }

    /// How much of its weight was said at `since` or later.
    pub(super) fn weight_said_since(&self, since: SampleTime) -> f64 {
        let recent = self.last_heard.iter().filter(|heard| heard.is_some_and(|at| at >= since)).count();
        self.weight() * recent as f64 / self.letters.len() as f64
    }

    /// Nothing of it was said.
    pub(super) fn reset(&mut self) {
        self.last_heard.fill(None);
    }
}
