//! What a recogniser's words have to pass before they count: Whisper loops, and says things that nobody said.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::ZlibEncoder;

use crate::asr::{Missed, RawTranscription, Utterance, doubt};
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

/// Nobody says the same again and again faster, in morae or syllables a second of speech: adults repeat "pa" some 6.4
/// times a second as fast as they can (Fletcher 1972), and a syllable of Japanese has up to two morae.
const MAX_REPEATED_UNITS_PER_SECOND: fn(Language) -> f64 = |language| match language {
    Language::Ja => 12.0,
    Language::En => 8.0,
};

/// People say short phrases three times running, "I don't know" or ありがとうございます, but nothing of so many characters
/// (ours).
const MIN_SENTENCE: fn(Language) -> usize = |language| match language {
    Language::Ja => 11,
    Language::En => 20,
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
    let phrase = repeated_phrase(words);
    let repeats_too_fast = phrase.is_some() && units_are_too_fast(words, language, utterance);
    let invented = repeats_too_fast
        || compresses(words)
        || has_loop(words, language, utterance)
        || is_too_fast(words, language, utterance);
    if !invented {
        return Ok(Some(words.to_owned()));
    }
    // A recogniser repeats an utterance's one phrase over the quiet that follows: it was said, but not so often.
    let said =
        phrase.filter(|phrase| doubt::fills(phrase, language, utterance) && !is_too_fast(phrase, language, utterance));
    said.map(|phrase| Some(phrase.to_owned())).ok_or(Missed::Failed)
}

/// The phrase that a text consists of, again and again; `None` if there is anything else in it. The last saying may be
/// cut off.
fn repeated_phrase(words: &str) -> Option<&str> {
    let sentences = repeated_pieces(words, &['。', '.', '?', '？', '!', '！']);
    sentences
        .or_else(|| repeated_pieces(words, &['、', ',', ' ']))
        .map(|phrase| phrase.trim_end_matches(['、', ',', ' ']))
}

/// The fewest first pieces up to one of these marks that all others repeat in their order.
fn repeated_pieces<'a>(words: &'a str, marks: &[char]) -> Option<&'a str> {
    let mut end = 0;
    let pieces = words.split_inclusive(marks).map(|piece| {
        end += piece.len();
        (letters(piece), end)
    });
    let pieces: Vec<(Vec<char>, usize)> = pieces.filter(|(letters, _)| !letters.is_empty()).collect();
    let last = pieces.len().checked_sub(1)?;
    let repeats =
        |period: &usize| {
            pieces.iter().zip(&pieces[*period..]).enumerate().all(|(at, ((before, _), (piece, _)))| {
                before == piece || at + period == last && before.starts_with(piece)
            })
        };
    let period = (1..=pieces.len() / 2).find(repeats)?;
    words.get(..pieces[period - 1].1).map(str::trim)
}

/// Whether nobody can say the same again and again with so many morae or syllables in the time.
fn units_are_too_fast(words: &str, language: Language, utterance: &Utterance) -> bool {
    let most = MAX_REPEATED_UNITS_PER_SECOND(language) * seconds(speech(utterance));
    units(words, language).is_some_and(|units| f64::from(units) > most)
}

/// How many morae or syllables a text has; `None` if a character has no known reading.
fn units(words: &str, language: Language) -> Option<u32> {
    let reading = language::analyze(words, language);
    language.pick(reading.morae, reading.syllables)
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

/// Whether some phrase stands [`LOOP_COUNT`] times running that nobody says so often: any sentence, and a short phrase
/// if there is no time for it. The sound's length is the judge of short ones, because people do say はいはいはい.
fn has_loop(words: &str, language: Language, utterance: &Utterance) -> bool {
    let most = MAX_REPEATED_PER_SECOND(language) * seconds(speech(utterance));
    let shortest = if letters(words).len() as f64 > most { 2 } else { MIN_SENTENCE(language) };
    repeats_phrase(&parts_of_phrases(words, language), shortest)
}

/// What phrases are made of: letters where there are no spaces, else words. "There were errors" repeats no "er".
fn parts_of_phrases(words: &str, language: Language) -> Vec<Vec<char>> {
    let letters_alone = || letters(words).into_iter().map(|letter| vec![letter]).collect();
    let whole_words = || words.split(|c: char| !c.is_alphanumeric()).map(letters).filter(|word| !word.is_empty());
    match language {
        Language::Ja => letters_alone(),
        Language::En => whole_words().collect(),
    }
}

/// Whether some phrase of at least so many letters stands [`LOOP_COUNT`] times running. One letter again and again
/// (はああああ) is no phrase.
fn repeats_phrase(parts: &[Vec<char>], shortest: usize) -> bool {
    (1..=parts.len() / LOOP_COUNT).any(|period| {
        parts.windows(period * LOOP_COUNT).any(|repeated| {
            let phrase = &repeated[..period];
            let letters: usize = phrase.iter().map(Vec::len).sum();
            let one_letter = phrase.iter().all(|part| part.len() == 1 && *part == phrase[0]);
            letters >= shortest && !one_letter && repeated.chunks(period).all(|again| again == phrase)
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
