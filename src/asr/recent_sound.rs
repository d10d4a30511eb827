//! The sound of what was decoded last, for decoding it again in another language.

use std::collections::VecDeque;

use crate::asr::{CallLanguage, Utterance};
use crate::audio::Track;
use crate::time::{Samples, Span};

/// So much is kept: 4 MB. A call's language is known by then.
const MOST: Samples = Samples::from_secs(120);

/// The newest utterances that were decoded, in memory alone.
pub(super) struct RecentSound {
    utterances: VecDeque<Utterance>,
    most: Samples,
}

impl RecentSound {
    /// What a call of this language needs: nothing if the user says which it is.
    pub(super) fn new(language: CallLanguage) -> Self {
        let most = match language {
            CallLanguage::Named(_) => Samples::ZERO,
            CallLanguage::Found(_) => MOST,
        };
        Self { utterances: VecDeque::new(), most }
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
