//! What a recogniser's words have to pass before they count: Whisper loops, and says things that nobody said.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::asr::{Missed, RawTranscription, Utterance};
use crate::language::{self, Language};
use crate::time::Samples;

/// Text that compresses better is a loop (Whisper's own threshold).
const LOOP_COMPRESSION: f64 = 2.4;

/// Shorter texts compress by chance.
const MIN_LOOP_BYTES: usize = 40;

/// A phrase that stands this often running may be a loop.
const LOOP_COUNT: usize = 3;

/// Nobody repeats a phrase faster, in characters a second of speech: はいはいはい and "no, no, no" stay well below.
const MAX_REPEATED_PER_SECOND: fn(Language) -> f64 = |language| match language {
    Language::Ja => 12.0,
    Language::En => 20.0,
};

/// Nobody speaks faster, in characters a second: fast Japanese is 10 mora/s, fast English 18 letters/s.
const MAX_CHARS_PER_SECOND: fn(Language) -> f64 = |language| match language {
    Language::Ja => 16.0,
    Language::En => 32.0,
};

/// Shorter speech may be a cough or a knock, which has no words; longer speech without words was not understood.
const MAX_WORDLESS_SPEECH: Samples = Samples::from_ms(1_000);

/// The words; none if nothing needs to have been said.
///
/// # Errors
/// When something was said, and these words cannot be it.
pub(super) fn filter(text: RawTranscription, utterance: &Utterance) -> Result<Option<String>, Missed> {
    let (words, language) = (text.words.trim(), text.language);
    if language::is_hallucination(words, language) {
        let wordless = speech(utterance) < MAX_WORDLESS_SPEECH;
        return if wordless { Ok(None) } else { Err(Missed::Failed) };
    }
    let invented =
        compresses(words) || repeats_too_fast(words, language, utterance) || is_too_fast(words, language, utterance);
    if invented { Err(Missed::Failed) } else { Ok(Some(words.to_owned())) }
}

fn speech(utterance: &Utterance) -> Samples {
    utterance.runs.iter().map(|run| run.len()).sum()
}

fn seconds(length: Samples) -> f64 {
    length.as_ms() as f64 / 1000.0
}

fn is_too_fast(words: &str, language: Language, utterance: &Utterance) -> bool {
    let letters = words.chars().filter(|c| c.is_alphanumeric()).count() as f64;
    letters > MAX_CHARS_PER_SECOND(language) * seconds(utterance.span.len())
}

/// Whether a phrase stands several times running, and more often than it can be said in the time: the sound's length
/// is the judge, because people do say はいはいはい.
fn repeats_too_fast(words: &str, language: Language, utterance: &Utterance) -> bool {
    let letters: Vec<char> = words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
    let most = MAX_REPEATED_PER_SECOND(language) * seconds(speech(utterance));
    letters.len() as f64 > most && has_loop(&letters)
}

/// Whether some phrase stands [`LOOP_COUNT`] times running. One letter again and again (はああああ) is no phrase.
fn has_loop(letters: &[char]) -> bool {
    (2..=letters.len() / LOOP_COUNT).any(|period| {
        letters.windows(period * LOOP_COUNT).any(|repeated| {
            let phrase = &repeated[..period];
            let one_letter = phrase.iter().all(|letter| *letter == phrase[0]);
            !one_letter && repeated.chunks(period).all(|again| again == phrase)
        })
    })
}

fn compresses(words: &str) -> bool {
    if words.len() < MIN_LOOP_BYTES {
        return false;
    }
    let mut packed = ZlibEncoder::new(Vec::new(), Compression::default());
    // Writing to memory cannot fail.
    let packed = packed.write_all(words.as_bytes()).and_then(|()| packed.finish()).unwrap_or_default();
    words.len() as f64 > LOOP_COMPRESSION * packed.len() as f64
}
