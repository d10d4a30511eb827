//! The sound of what was decoded last: for decoding it again in another language, and for finding what language the call is in.

use std::collections::VecDeque;

use crate::asr::{CallLanguage, Utterance};
use crate::audio::Track;
use crate::time::{Samples, Span};

/// So much is kept: 4 MB. A call's language is known by then.
const MOST: Samples = Samples::from_secs(120);

/// The opening of a call is heard at a stretch once there is so much of it, and again when it has doubled …
const FIRST_OPENING: Samples = Samples::from_secs(3);

/// … up to this: longer ones cost more, and say no more.
const LAST_OPENING: Samples = Samples::from_secs(12);

/// The level to which each utterance of an opening is brought (root mean square, of full scale): both sides are to count.
const OPENING_LEVEL: f64 = 0.05;

/// The newest utterances that were decoded, in memory alone.
pub(super) struct RecentSound {
    utterances: VecDeque<Utterance>,
    most: Samples,
    /// How much there is of the opening when it is heard next, if it is.
    next_opening: Option<Samples>,
}

impl RecentSound {
    /// What a call of this language needs: nothing if the user says which it is.
    pub(super) fn new(language: CallLanguage) -> Self {
        let (most, next_opening) = match language {
            CallLanguage::Named(_) => (Samples::ZERO, None),
            CallLanguage::Found(_) => (MOST, Some(FIRST_OPENING)),
        };
        Self { utterances: VecDeque::new(), most, next_opening }
    }

    /// Keeps an utterance, unless its sound is gone; the oldest give way.
    pub(super) fn push(&mut self, utterance: Utterance) {
        if utterance.pcm.is_empty() {
            return;
        }
        self.utterances.push_back(utterance);
        while self.utterances.iter().map(|kept| kept.span.len()).sum::<Samples>() > self.most {
            self.utterances.pop_front();
        }
    }

    /// What was said so far, the newest included, at a stretch and with both sides at one level, if there is enough of it
    /// for the call's language to be found by it anew; else nothing.
    pub(super) fn take_opening(&mut self, newest: &Utterance) -> Vec<i16> {
        let Some(due) = self.next_opening else { return Vec::new() };
        let spoken = || self.utterances.iter().chain([newest]).map(|utterance| utterance.pcm.as_slice());
        let length: Samples = spoken().map(|pcm| Samples::new(pcm.len() as u64)).sum();
        if length < due {
            return Vec::new();
        }
        let opening = spoken().flat_map(at_opening_level).take(LAST_OPENING.count() as usize).collect();
        self.next_opening = (length < LAST_OPENING).then(|| length + length);
        opening
    }

    /// Takes the utterance of this stretch, if it is still kept.
    pub(super) fn take(&mut self, track: Track, span: Span) -> Option<Utterance> {
        let place = self.utterances.iter().position(|kept| kept.track == track && kept.span == span)?;
        self.utterances.remove(place)
    }

    /// Forgets all that touches this stretch.
    pub(super) fn discard(&mut self, span: Span) {
        self.utterances.retain(|kept| kept.span.intersection(span).is_empty());
    }
}

/// Speech, louder or softer.
fn at_opening_level(pcm: &[i16]) -> impl Iterator<Item = i16> + '_ {
    let power = pcm.iter().map(|sample| f64::from(*sample).powi(2)).sum::<f64>() / pcm.len().max(1) as f64;
    let gain = OPENING_LEVEL * 32_768.0 / power.sqrt().max(1.0);
    pcm.iter().map(move |sample| (f64::from(*sample) * gain) as i16)
}

#[cfg(test)]
mod tests;
