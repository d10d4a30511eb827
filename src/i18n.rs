//! A text that is there in both languages of the pages: the one description of it in the house.

use serde::Serialize;

use crate::language::Language;

/// A text in both languages: `&'static str` if it stands in the program, `String` if something is put into it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Bilingual<Text = &'static str> {
    /// Japanese.
    pub ja: Text,
    /// English.
    pub en: Text,
}

impl<Text> Bilingual<Text> {
    /// The text in that language.
    pub fn pick(self, language: Language) -> Text {
        language.pick(self.ja, self.en)
    }
}

impl Bilingual<String> {
    /// A text that something was put into, or that stands beside such texts.
    pub fn owned(ja: impl Into<String>, en: impl Into<String>) -> Self {
        Self { ja: ja.into(), en: en.into() }
    }
}
