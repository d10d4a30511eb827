//! The word lists of both languages. They are data: `en.toml` and `ja.toml` say where each comes from.

use std::sync::LazyLock;

use serde::Deserialize;

use crate::language::{Language, text};

/// The lists of a language. A file that does not parse is a failing test; here it would be empty lists.
pub(super) fn lexicon(language: Language) -> &'static Lexicon {
    static EN: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(EN_TOML).unwrap_or_default());
    static JA: LazyLock<Lexicon> = LazyLock::new(|| Lexicon::parse(JA_TOML).unwrap_or_default());
    language.pick(&*JA, &*EN)
}

pub(super) const EN_TOML: &str = include_str!("en.toml");
pub(super) const JA_TOML: &str = include_str!("ja.toml");

/// The lists of one language, in the form in which they are compared.
#[derive(Debug, Default)]
pub(super) struct Lexicon {
    pub(super) prompt: String,
    pub(super) listening_prompt: String,
    pub(super) fillers: FillerWords,
    pub(super) backchannels: Phrases,
    /// Fillers where one speaks, signs of listening where the other does.
    pub(super) hums: Phrases,
    pub(super) reduplicated: Phrases,
    pub(super) questions: QuestionWords,
    /// As [`crate::language::text::letters_only`] leaves them.
    pub(super) hallucinations: Phrases,
}

impl Lexicon {
    pub(super) fn parse(toml: &str) -> Result<Self, toml::de::Error> {
        let file: LexiconFile = toml::from_str(toml)?;
        Ok(Self {
            prompt: file.prompt.text,
            listening_prompt: file.prompt.listening,
            fillers: file.fillers,
            backchannels: file.backchannels.words.map(text::comparison_form),
            hums: file.backchannels.hums.map(text::comparison_form),
            reduplicated: file.reduplicated.words,
            questions: file.questions,
            hallucinations: file
                .phantoms
                .words
                .map(|phrase| text::letters_only(&String::from_iter(phrase)).chars().collect()),
        })
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LexiconFile {
    prompt: Prompt,
    fillers: FillerWords,
    backchannels: BackchannelWords,
    reduplicated: PhraseList,
    questions: QuestionWords,
    phantoms: PhraseList,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Prompt {
    #[serde(rename = "source")]
    _source: String,
    text: String,
    /// Before an utterance that is short enough to be a sign of listening.
    listening: String,
}

/// What a listener says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct BackchannelWords {
    #[serde(rename = "source")]
    _source: String,
    words: Phrases,
    hums: Phrases,
}

/// A list that needs no more than its source.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PhraseList {
    #[serde(rename = "source")]
    _source: String,
    words: Phrases,
}

/// Filled pauses by where they count.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FillerWords {
    #[serde(rename = "source")]
    _source: String,
    /// Wherever they stand.
    pub(super) anywhere: Phrases,
    /// At the beginning of a clause.
    pub(super) opening: Phrases,
    /// With nothing else in their clause.
    pub(super) alone: Phrases,
    /// As the first word of more, alone in its clause: before it there was a pause.
    #[serde(default)]
    pub(super) beginning: Phrases,
    /// As the first word of more, if the sound has a pause behind it.
    #[serde(default)]
    pub(super) cut_off: Phrases,
    /// Beside a pause, at the beginning of a clause.
    pub(super) unsure_opening: Phrases,
    /// Beside a pause, with nothing else in their clause.
    pub(super) unsure_alone: Phrases,
    /// Words that begin like a filler and are none.
    pub(super) none: Phrases,
}

/// What makes a sentence a question, and of which kind.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct QuestionWords {
    #[serde(rename = "source")]
    _source: String,
    /// Phrases to oneself: no question even where it is marked as one.
    pub(super) to_oneself: Phrases,
    /// Japanese: endings that ask without a mark; English: how sentences that ask begin.
    pub(super) asking: Phrases,
    /// Endings (Japanese) or beginnings (English) that look so, and do not ask.
    pub(super) not_asking: Phrases,
    /// Requests to be told.
    pub(super) requests: Phrases,
    /// Question words …
    pub(super) wh: Phrases,
    /// … and what only looks like one.
    pub(super) not_wh: Phrases,
    /// English: whom and what the verb of a question may be followed by.
    #[serde(default)]
    pub(super) subjects: Phrases,
    /// What asks for more than yes, no or a datum.
    pub(super) open: Phrases,
    /// What would be open by its words, and is not.
    pub(super) closed: Phrases,
    /// What asks for status, deadline or blame.
    pub(super) progress: Phrases,
    /// Suggestions and offers in the form of a question: never progress talk.
    pub(super) suggestions: Phrases,
}

/// Phrases, the longest first, each in the letters that it is compared in.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(from = "Vec<String>")]
pub(super) struct Phrases(Vec<Vec<char>>);

impl From<Vec<String>> for Phrases {
    fn from(words: Vec<String>) -> Self {
        let mut phrases: Vec<Vec<char>> =
            words.iter().map(|word| text::normalize(word).to_lowercase().chars().collect()).collect();
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        Self(phrases)
    }
}

impl Phrases {
    /// The same phrases in another form.
    pub(super) fn map(&self, form: impl Fn(&[char]) -> Vec<char>) -> Self {
        let mut phrases: Vec<_> = self.0.iter().map(|phrase| form(phrase)).collect();
        phrases.sort_by_key(|phrase| std::cmp::Reverse(phrase.len()));
        Self(phrases)
    }

    /// How long the longest phrase is that the text begins with.
    pub(super) fn longest_prefix(&self, text: &[char]) -> Option<usize> {
        self.0.iter().find(|phrase| text.starts_with(phrase)).map(Vec::len)
    }

    /// How long the longest phrase is that the text begins with, as whole words.
    pub(super) fn longest_word_prefix(&self, text: &[char]) -> Option<usize> {
        let whole = |phrase: &&Vec<char>| text.starts_with(phrase) && text.get(phrase.len()).is_none_or(|c| *c == ' ');
        self.0.iter().find(whole).map(Vec::len)
    }

    /// Whether the text has one of them in it, as whole words.
    pub(super) fn occurs_as_words_in(&self, text: &[char]) -> bool {
        (0..text.len()).any(|at| (at == 0 || text[at - 1] == ' ') && self.longest_word_prefix(&text[at..]).is_some())
    }

    /// Whether the text is one of them.
    pub(super) fn contains(&self, text: &[char]) -> bool {
        self.0.iter().any(|phrase| phrase == text)
    }

    /// How long the longest phrase is that the text ends with.
    pub(super) fn longest_suffix(&self, text: &[char]) -> Option<usize> {
        self.0.iter().find(|phrase| text.ends_with(phrase)).map(Vec::len)
    }

    /// Whether the text has one of them in it.
    pub(super) fn occurs_in(&self, text: &[char]) -> bool {
        (0..text.len()).any(|at| self.longest_prefix(&text[at..]).is_some())
    }

    /// The text without them.
    pub(super) fn remove_from(&self, text: &[char]) -> Vec<char> {
        let mut out = Vec::with_capacity(text.len());
        let mut at = 0;
        while at < text.len() {
            match self.longest_prefix(&text[at..]) {
                // What stood before and after is not to become one word.
                Some(len) if len > 0 => {
                    out.push(' ');
                    at += len;
                }
                _ => {
                    out.push(text[at]);
                    at += 1;
                }
            }
        }
        out
    }

    /// Whether the text is these and nothing else, one after the other.
    pub(super) fn covers(&self, text: &[char]) -> bool {
        let mut reached = vec![false; text.len() + 1];
        reached[0] = true;
        for at in 0..text.len() {
            if reached[at] {
                for phrase in self.0.iter().filter(|phrase| !phrase.is_empty() && text[at..].starts_with(phrase)) {
                    reached[at + phrase.len()] = true;
                }
            }
        }
        !text.is_empty() && reached[text.len()]
    }
}
