//! Names before a colon, as Zoom writes them; and colons that stand after no name.

use std::collections::HashMap;

use super::markup::VoiceSpan;

/// A name is no longer than this.
const LONGEST: usize = 60;

/// A name has no more words than this: `Dr. Maria de la Cruz (Berlin)`.
const MOST_WORDS: usize = 7;

/// Words of names that are written small.
const PARTICLES: [&str; 20] = [
    "al", "bin", "da", "das", "de", "del", "della", "den", "der", "di", "do", "dos", "du", "el", "la", "le", "ten",
    "van", "von", "zu",
];

/// What may stand before a colon in a file, with how often it does.
pub(super) struct SpeakerPrefixes {
    counts: HashMap<String, usize>,
}

impl SpeakerPrefixes {
    /// Looks at all cues of a file.
    pub(super) fn count<'a>(texts: impl Iterator<Item = &'a str>) -> Self {
        let mut counts = HashMap::new();
        for (name, _) in texts.flat_map(str::lines).filter_map(split_prefix) {
            *counts.entry(name.to_owned()).or_default() += 1;
        }
        Self { counts }
    }

    /// A cue's voices: each line that begins with a name begins a voice.
    pub(super) fn split_voices(&self, text: &str) -> Vec<VoiceSpan> {
        let mut voices = vec![VoiceSpan::default()];
        for line in text.lines() {
            let named = split_prefix(line).filter(|(name, _)| self.is_name(name));
            let speech = named.map_or(line, |(_, speech)| speech);
            if let Some((name, _)) = named {
                voices.push(VoiceSpan { name: Some(name.to_owned()), text: String::new() });
            }
            if let Some(voice) = voices.last_mut() {
                voice.text.push_str(speech);
                voice.text.push('\n');
            }
        }
        voices
    }

    /// Names are written large; where one is not, it comes back. “one thing: …” does neither.
    fn is_name(&self, prefix: &str) -> bool {
        let small = |word: &str| word.chars().find(|c| c.is_alphabetic()).is_some_and(char::is_lowercase);
        let large = prefix.split_whitespace().all(|word| !small(word) || PARTICLES.contains(&word));
        large || self.counts.get(prefix).is_some_and(|count| *count > 1)
    }
}

/// What stands before a line's first colon and after it, if the first may be a name.
fn split_prefix(line: &str) -> Option<(&str, &str)> {
    let (name, speech) = line.split_once([':', '：'])?;
    let wide = line[name.len()..].starts_with('：');
    let name = name.trim();
    // 10:30 and https://… have no space after the colon.
    let parted = wide || speech.is_empty() || speech.starts_with(char::is_whitespace);
    let fits = name.chars().count() <= LONGEST && name.split_whitespace().count() <= MOST_WORDS;
    let letters = name.chars().any(char::is_alphanumeric);
    let sentence = name.contains(['?', '!', ';', '"', '。', '、', '？', '！', '…', '「', '」']);
    (parted && fits && letters && !sentence).then_some((name, speech))
}
