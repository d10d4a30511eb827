//! Names before a colon, as Zoom writes them; and colons that stand after no name.

use std::collections::HashMap;

use super::markup::VoiceSpan;
use crate::source::transcript::names::{is_capitalized, may_be_name};

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
        is_capitalized(prefix) || self.counts.get(prefix).is_some_and(|count| *count > 1)
    }
}

/// What stands before a line's first colon and after it, if the first may be a name.
pub(in crate::source::transcript) fn split_prefix(line: &str) -> Option<(&str, &str)> {
    let (name, speech) = line.split_once([':', '：'])?;
    let wide = line[name.len()..].starts_with('：');
    let name = name.trim();
    // 10:30 and https://… have no space after the colon.
    let parted = wide || speech.is_empty() || speech.starts_with(char::is_whitespace);
    (parted && may_be_name(name)).then_some((name, speech))
}
