//! What a recogniser's words have to pass before they count: Whisper loops, and says things that nobody said.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::asr::{Text, Utterance};
use crate::language::{self, Language};

/// Text that compresses better is a loop (Whisper's own threshold).
const LOOPS: f64 = 2.4;

/// Shorter texts compress by chance.
const LOOPS_FROM: usize = 40;

/// Nobody speaks faster, in characters a second: fast Japanese is 10 mora/s, fast English 18 letters/s.
const FASTEST: fn(Language) -> f64 = |language| match language {
    Language::Ja => 16.0,
    Language::En => 32.0,
};

/// The words, or nothing where they cannot be what was said.
pub(super) fn pass(text: Text, utterance: &Utterance) -> Option<String> {
    let (words, language) = (text.words.trim(), text.language);
    let invented = language::is_phantom(words, language) || loops(words) || too_fast(words, language, utterance);
    (!invented).then(|| words.to_owned())
}

fn too_fast(words: &str, language: Language, utterance: &Utterance) -> bool {
    let letters = words.chars().filter(|c| c.is_alphanumeric()).count() as f64;
    let seconds = utterance.span.len().as_ms() as f64 / 1000.0;
    letters > FASTEST(language) * seconds
}

fn loops(words: &str) -> bool {
    if words.len() < LOOPS_FROM {
        return false;
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let packed = packed.write_all(words.as_bytes()).and_then(|()| packed.finish()).unwrap_or_default();
    words.len() as f64 > LOOPS * packed.len() as f64
}
