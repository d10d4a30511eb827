//! From the text of one recognised utterance to how it was said: fillers, questions, signs of listening, how much.
//!
//! Knows no audio, no clock and no track. A text is the recogniser's: punctuation is there but unreliable, widths and
//! spaces vary. Japanese is never cut or counted by white space. What counts as what stands in `language/en.toml` and
//! `language/ja.toml`, each list with its source. What a pause would decide is left to the caller ([`Filler::sure`]).

mod english;
mod japanese;
mod lexicon;
mod morae;
mod readings;
mod text;

use serde::{Deserialize, Serialize};
use strum::{EnumString, IntoStaticStr};

use lexicon::lexicon;

/// A language of calls, pages and summaries.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, EnumString, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case", parse_err_ty = String, parse_err_fn = unknown_language)]
pub enum Language {
    /// English.
    #[default]
    En,
    /// Japanese.
    Ja,
}

impl Language {
    /// The ISO 639-1 code.
    pub fn code(self) -> &'static str {
        self.into()
    }

    /// The language of a POSIX locale such as `ja_JP.UTF-8`.
    pub fn from_locale(locale: &str) -> Self {
        if locale.starts_with("ja") { Self::Ja } else { Self::En }
    }

    /// The one of two that is this language's.
    pub fn pick<T>(self, ja: T, en: T) -> T {
        match self {
            Self::Ja => ja,
            Self::En => en,
        }
    }
}

/// Why a code is no language's.
fn unknown_language(_: &str) -> String {
    "the languages are ja and en".to_owned()
}

/// A text in one width and with one lengthening mark, without white space beside Japanese characters.
pub fn normalize(text: &str) -> String {
    text::normalize(text)
}

/// How one utterance was said, as far as its text tells.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TextAnalysis {
    /// English: words without the sure fillers, contractions as one. `None` in Japanese, which has no spaces to count.
    pub words: Option<u32>,
    /// English: syllables of these words, estimated from the spelling.
    pub syllables: Option<u32>,
    /// Japanese: morae without the sure fillers and without lengthening beyond the dictionary (すごーい). Letters are
    /// estimated as they are read in Japanese. `None` if a character has no known reading.
    pub morae: Option<u32>,
    /// Filled pauses in the order of the text.
    pub fillers: Vec<Filler>,
    /// Words said twice running.
    pub repetitions: Vec<Repetition>,
    /// Questions in the order of the text.
    pub questions: Vec<Question>,
    /// Whether the text is nothing but words of listening, sure fillers among them aside.
    pub backchannel: bool,
}

/// A filled pause that the text names.
///
/// Places are shares of the utterance from 0 to 1, by morae in Japanese and by letters in English: a guide to where in
/// the audio to look, not a time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Filler {
    /// Where it begins.
    pub start: f64,
    /// Where it ends.
    pub end: f64,
    /// The word, its width and lengthening made uniform; empty if words are not kept.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub text: String,
    /// Whether the word is always one. Others (その, well) count only beside a pause of 200 ms or more, which the audio
    /// tells.
    pub sure: bool,
}

/// The same words twice running, optionally with a filler between (Shriberg 1994).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repetition {
    /// Where the first saying begins, as in [`Filler`].
    pub start: f64,
    /// Where the last one ends.
    pub end: f64,
}

/// A question.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Question {
    /// Where it ends, as in [`Filler`]: 1 ends the utterance.
    pub end: f64,
    /// What it asks for.
    pub kind: QuestionKind,
}

/// What a question asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum QuestionKind {
    /// More than a yes, a no or a datum: how, what, tell me.
    Open,
    /// A yes, a no, or a datum.
    Closed,
    /// Status, deadline or blame (詰め): when will, why didn't.
    Progress,
}

/// Reads a recognised utterance. The first Japanese text loads the dictionary, which takes some milliseconds.
pub fn analyze(text: &str, language: Language) -> TextAnalysis {
    match language {
        Language::En => english::analyze(text),
        Language::Ja => japanese::analyze(text),
    }
}

/// The first word of a recognised utterance, of which the sound says that a pause follows it at once, counts as a filler if it
/// only holds the floor then ("And … let me think"), and as no other word. `end` is where it ends, as in [`Filler`].
pub fn count_cut_off_word(reading: &mut TextAnalysis, text: &str, language: Language, end: f64) {
    let Some(word) = language.pick(None, english::cut_off_word(text)) else { return };
    reading.fillers.insert(0, Filler { start: 0.0, end, text: word, sure: true });
    reading.words = reading.words.map(|words| words.saturating_sub(1));
    reading.syllables = reading.syllables.map(|syllables| syllables.saturating_sub(1));
    reading.repetitions.retain(|repetition| repetition.start > 0.0);
}

/// Whether the recogniser made this up from silence or noise: one of its well-known phrases, once or again and
/// again, a description in brackets (`[Music]`), or nothing but marks.
///
/// Phrases that people also say in earnest ("Thank you.", ありがとうございました) are not among them.
pub fn is_hallucination(text: &str, language: Language) -> bool {
    let words: Vec<char> = text::letters_only(&text::without_descriptions(text)).chars().collect();
    words.is_empty() || lexicon(language).hallucinations.covers(&words)
}

/// Whether a written text only describes what was heard, `[laughter]` or `（笑）`, and holds no word.
pub fn is_description(text: &str) -> bool {
    text::letters_only(&text::without_descriptions(text)).is_empty() && !text::letters_only(text).is_empty()
}

/// What the recogniser is told to have heard before: with fillers in it, it keeps more of those that follow.
pub fn recognizer_prompt(language: Language) -> &'static str {
    &lexicon(language).prompt
}

/// The same before an utterance that is short enough to be a sign of listening: after such words it takes fewer of them
/// for others.
pub fn listening_prompt(language: Language) -> &'static str {
    &lexicon(language).listening_prompt
}

#[cfg(test)]
mod tests;
