//! Whether words that can have been said are to be relied on.
//!
//! A recogniser always has some words for a sound. What it was unsure of itself, and a word or two for a second or more of
//! speech, is shown as it is and counted nowhere: somebody spoke, and what they said is not known.

use crate::asr::{MeanLogProb, Utterance};
use crate::language::{Language, TextAnalysis};

/// Less sure words are doubtful (ours). Of 133 utterances of synthetic and read voices, of a second or more, whose words
/// were right, the least sure had -0.40. Of meetings in English those under -0.55 were garbled; of Japanese dialogues right
/// ones go down to -0.78, and those under -0.9 were garbled.
const MIN_MEAN_LOG_PROB: fn(Language) -> MeanLogProb = |language| match language {
    Language::Ja => MeanLogProb(-0.9),
    Language::En => MeanLogProb(-0.55),
};

/// Hardly anybody speaks slower within an utterance, in letters and digits a second of speech: half of what is usual
/// (ours).
const MIN_CHARS_PER_SECOND: fn(Language) -> f64 = |language| match language {
    Language::Ja => 3.0,
    Language::En => 7.0,
};

/// Whether the words are not to be relied on.
pub(super) fn is_doubtful(
    reading: &TextAnalysis,
    words: &str,
    language: Language,
    mean_log_prob: Option<MeanLogProb>,
    utterance: &Utterance,
) -> bool {
    // Of signs of listening a recogniser is never sure, and it is right: ええ has -1.2 (as above).
    let unsure = mean_log_prob.is_some_and(|mean_log_prob| mean_log_prob < MIN_MEAN_LOG_PROB(language));
    // うーん, and "well, um", are drawn as long as people like.
    let too_slow = reading.fillers.is_empty() && !fills(words, language, utterance);
    !reading.backchannel && (unsure || too_slow)
}

/// Whether there is enough of the words for the utterance's speech; a short one may be one drawn word.
pub(super) fn fills(words: &str, language: Language, utterance: &Utterance) -> bool {
    let letters = words.chars().filter(|c| c.is_alphanumeric()).count();
    let speech = utterance.runs.iter().map(|run| run.len().as_ms()).sum::<u64>() as f64 / 1000.0;
    utterance.is_short() || letters as f64 >= MIN_CHARS_PER_SECOND(language) * speech
}

#[cfg(test)]
mod tests;
