//! What a recogniser's words have to pass before they count: Whisper loops, and says things that nobody said.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::asr::{RawTranscription, Utterance};
use crate::language::{self, Language};

/// Text that compresses better is a loop (Whisper's own threshold).
const LOOP_COMPRESSION: f64 = 2.4;

/// Shorter texts compress by chance.
const MIN_LOOP_BYTES: usize = 40;

/// Nobody speaks faster, in characters a second: fast Japanese is 10 mora/s, fast English 18 letters/s.
const MAX_CHARS_PER_SECOND: fn(Language) -> f64 = |language| match language {
    Language::Ja => 16.0,
    Language::En => 32.0,
};

/// The words; `None` if they cannot be what was said.
pub(super) fn filter(text: RawTranscription, utterance: &Utterance) -> Option<String> {
    let (words, language) = (text.words.trim(), text.language);
    let invented =
        language::is_hallucination(words, language) || is_loop(words) || is_too_fast(words, language, utterance);
    (!invented).then(|| words.to_owned())
}

fn is_too_fast(words: &str, language: Language, utterance: &Utterance) -> bool {
    let letters = words.chars().filter(|c| c.is_alphanumeric()).count() as f64;
    let seconds = utterance.span.len().as_ms() as f64 / 1000.0;
    letters > MAX_CHARS_PER_SECOND(language) * seconds
}

fn is_loop(words: &str) -> bool {
    if words.len() < MIN_LOOP_BYTES {
        return false;
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let packed = packed.write_all(words.as_bytes()).and_then(|()| packed.finish()).unwrap_or_default();
    words.len() as f64 > LOOP_COMPRESSION * packed.len() as f64
}
