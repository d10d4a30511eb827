//! Which language a call is in: how each utterance sounds goes in, a language comes out.
//!
//! Both sides are one sequence of utterances, in which the language changes seldom: a hidden Markov model of two states
//! (Rabiner 1989). Its forward pass says what an utterance is in when it comes; with its backward pass, what followed
//! says it better. A greeting in another language stays in it if it sounds clearly so, and a word that could be either
//! goes with its neighbours. Short utterances say little each by itself, and much if they are heard at a stretch: so the
//! call's opening is heard as a whole, too.

use crate::language::Language;
use crate::time::Samples;

/// How much more an utterance sounds like Japanese than like English: the natural logarithm of the odds that a
/// recogniser gives.
#[derive(Clone, Copy, Debug, PartialEq, PartialOrd)]
pub struct LanguageOdds(pub f64);

/// What the language of a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallLanguage {
    /// The user says so.
    Named(Language),
    /// It is found from how the call sounds.
    Found(LanguagePrior),
}

/// What there is to go by before anybody speaks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LanguagePrior {
    /// The language of the user's own pages.
    pub interface: Option<Language>,
    /// What most of the user's last call was in.
    pub last_call: Option<Language>,
}

/// What the language of the pages says of a first call (ours): who reads Japanese pages mostly talks Japanese, while
/// pages in English are often those of a computer that nobody set otherwise.
const INTERFACE_ODDS: fn(Language) -> f64 = |language| match language {
    Language::Ja => 2.0,
    Language::En => -0.5,
};

/// Calls are mostly in the language of the one before (ours) …
const LAST_CALL_ODDS: f64 = 1.5;

/// … and a little more so if the pages are as well.
const INTERFACE_AGREES: f64 = 0.5;

/// Of so many utterances one is in another language than the one before it (ours).
const UTTERANCES_PER_CHANGE: f64 = 50.0;

/// Where Whisper is undecided: it takes what it hardly understands for English. Of 201 Japanese and 136 English utterances
/// of several voices, real and synthetic, those of 0.3 s or less had medians of −1.2 and −2.9, those of 1.5 s or more of
/// 7 and −7. In dialogues Japanese goes down to −5 and English up to −2.6.
const NEUTRAL_ODDS: f64 = -2.5;

/// One second of speech says this much at the most: a word that is misheard can sound like anything.
const MAX_EVIDENCE_PER_SECOND: f64 = 1.5;

/// One utterance says this much at the most.
const MAX_EVIDENCE: f64 = 6.0;

/// Where Whisper is undecided on some seconds of speech at a stretch: of 3 s and more of 7 Japanese and 6 English calls, real
/// and synthetic, the least Japanese stretch had 2.3, the least English one −5.4.
const NEUTRAL_OPENING_ODDS: f64 = -1.5;

/// What was decoded in one language is in another if the odds for that are this clear: 7 to 1 …
const CLEAR: f64 = 2.0;

/// … or 2 to 1, if the utterance by itself says hardly anything.
const CLEAR_BESIDE_NOTHING: f64 = 0.7;

/// Less evidence is hardly anything.
const HARDLY_ANYTHING: f64 = 1.0;

/// The language of a call and of each of its utterances, as far as is known.
pub(super) struct LanguageTracker {
    prior: f64,
    utterances: Vec<SoundingUtterance>,
}

/// An utterance as it sounds; all in natural-log odds for Japanese.
struct SoundingUtterance {
    evidence: f64,
    /// By the call up to here, heard at a stretch.
    opening: f64,
    /// By this utterance and all before it.
    forward: f64,
}

impl LanguageTracker {
    pub(super) fn new(prior: LanguagePrior) -> Self {
        let prior = match prior.last_call {
            Some(last) => {
                let odds = LAST_CALL_ODDS + if prior.interface == Some(last) { INTERFACE_AGREES } else { 0.0 };
                last.pick(odds, -odds)
            }
            None => prior.interface.map_or(0.0, INTERFACE_ODDS),
        };
        Self { prior, utterances: Vec::new() }
    }

    /// What the next utterance is likely to be in.
    pub(super) fn expected(&self) -> Language {
        likelier(self.next_odds())
    }

    /// Takes how the next utterance sounds, of which this much is speech. Gives the language that it is in.
    pub(super) fn push(&mut self, odds: LanguageOdds, speech: Samples) -> Language {
        let seconds = speech.as_ms() as f64 / 1000.0;
        let most = (MAX_EVIDENCE_PER_SECOND * seconds).min(MAX_EVIDENCE);
        let evidence = evidence_of(odds, NEUTRAL_ODDS, most);
        let forward = self.next_odds() + evidence;
        self.utterances.push(SoundingUtterance { evidence, opening: 0.0, forward });
        likelier(forward)
    }

    /// Takes how all that was said so far sounds at a stretch: it tells what language the call is in by now.
    pub(super) fn push_opening(&mut self, odds: LanguageOdds) {
        let evidence = evidence_of(odds, NEUTRAL_OPENING_ODDS, MAX_EVIDENCE);
        match self.utterances.last_mut() {
            Some(last) => {
                last.opening += evidence;
                last.forward += evidence;
            }
            None => self.prior += evidence,
        }
    }

    /// The language of each utterance by all that is known now, in the order in which they came; `None` where that is
    /// not clear.
    pub(super) fn hindsight(&self) -> Vec<Option<Language>> {
        let mut later = 0.0;
        let mut languages: Vec<Option<Language>> = Vec::with_capacity(self.utterances.len());
        for utterance in self.utterances.iter().rev() {
            let odds = utterance.forward + later;
            let clear = if utterance.evidence.abs() < HARDLY_ANYTHING { CLEAR_BESIDE_NOTHING } else { CLEAR };
            languages.push((odds.abs() >= clear).then(|| likelier(odds)));
            later = across_change(later + utterance.evidence + utterance.opening);
        }
        languages.reverse();
        languages
    }

    fn next_odds(&self) -> f64 {
        self.utterances.last().map_or(self.prior, |last| across_change(last.forward))
    }
}

fn likelier(odds: f64) -> Language {
    if odds > 0.0 { Language::Ja } else { Language::En }
}

/// What a recogniser's odds say; one that gives no number says nothing.
fn evidence_of(odds: LanguageOdds, neutral: f64, most: f64) -> f64 {
    if odds.0.is_nan() { 0.0 } else { (odds.0 - neutral).clamp(-most, most) }
}

/// What odds for one utterance say of the one beside it, which may be in another language.
fn across_change(odds: f64) -> f64 {
    let (changes, odds) = (1.0 / UTTERANCES_PER_CHANGE, odds.exp());
    (((1.0 - changes) * odds + changes) / (changes * odds + 1.0 - changes)).ln()
}

#[cfg(test)]
mod tests;
