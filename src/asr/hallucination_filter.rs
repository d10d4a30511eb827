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

/// Hardly anybody speaks slower within an utterance, in characters a second of speech: half of what is usual (ours).
const MIN_CHARS_PER_SECOND: fn(Language) -> f64 = |language| match language {
    Language::Ja => 3.0,
    Language::En => 7.0,
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
    if !invented {
        return Ok(Some(words.to_owned()));
    }
    // A recogniser repeats an utterance's one phrase over the quiet that follows: it was said, but not so often.
    let said = looped_phrase(words).filter(|phrase| fills(phrase, language, utterance));
    said.map(|phrase| Some(phrase.to_owned())).ok_or(Missed::Failed)
}

/// Whether the words by themselves can be all that was said in the utterance.
fn fills(words: &str, language: Language, utterance: &Utterance) -> bool {
    let least = MIN_CHARS_PER_SECOND(language) * seconds(speech(utterance));
    let is_enough = utterance.is_short() || letters(words).len() as f64 >= least;
    is_enough && !is_too_fast(words, language, utterance)
}

/// The phrase that a text consists of, again and again; `None` if there is anything else in it. The last saying may be
/// cut off.
fn looped_phrase(words: &str) -> Option<&str> {
    let sentences = repeated_piece(words, &['。', '.', '?', '？', '!', '！']);
    sentences
        .or_else(|| repeated_piece(words, &['、', ',', ' ']))
        .map(|phrase| phrase.trim_end_matches(['、', ',', ' ']))
}

/// The first piece up to one of these marks, if every other has its letters.
fn repeated_piece<'a>(words: &'a str, marks: &[char]) -> Option<&'a str> {
    let mut pieces = words.split_inclusive(marks).map(str::trim).filter(|piece| !letters(piece).is_empty());
    let first = pieces.next()?;
    let mut others = pieces.map(letters).peekable();
    others.peek()?;
    let once = letters(first);
    let mut is_last = false;
    let alike = others.all(|other| !std::mem::replace(&mut is_last, other != once) && once.starts_with(&other));
    alike.then_some(first)
}

/// Its letters and digits in lower case.
fn letters(words: &str) -> Vec<char> {
    words.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
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
    let letters = letters(words);
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
