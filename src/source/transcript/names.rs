//! What may be a name, in files that do not mark one.

/// A name is no longer than this.
const LONGEST: usize = 60;

/// A name has no more words than this: `Dr. Maria de la Cruz (Berlin)`.
const MOST_WORDS: usize = 7;

/// Words of names that are written small.
const PARTICLES: [&str; 20] = [
    "al", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "ten",
    "van", "von", "zu",
];

/// Whether a text has the length and the signs of a name.
pub(super) fn may_be_name(text: &str) -> bool {
    let fits = text.chars().count() <= LONGEST && text.split_whitespace().count() <= MOST_WORDS;
    let letters = text.chars().any(char::is_alphanumeric);
    let sentence = text.contains(['?', '!', ';', '"', '。', '、', '？', '！', '…', '「', '」']);
    fits && letters && !sentence
}

/// Whether each of its words is written large, as those of names are, or has no such letters.
pub(super) fn is_capitalized(text: &str) -> bool {
    let small = |word: &str| word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase);
    text.split_whitespace().all(|word| !small(word) || PARTICLES.contains(&word))
}
