//! What the rules of the nudges look at, from the figures of the call.

use crate::audio::Track;
use crate::health::Trouble;
use crate::nudges::Moment;
use crate::session::Session;
use crate::time::{SampleTime, Span};

impl Session {
    /// The moment whose newest block is judged up to `judged`.
    pub(super) fn moment(&self, handed_over: bool, judged: SampleTime) -> Moment {
        let turns = self.conversation.now();
        let silent_since = turns.silent_since();
        let mine = turns.last_speaker() == Some(Track::Me);
        let monologue = turns.monologue(Track::Me);
        Moment {
            now: self.now,
            recent_share: self.dynamics.recent_share(turns, self.now),
            call_share: self.dynamics.share(turns),
            monologue: monologue.map(|monologue| Span::new(monologue.start, monologue.end)),
            my_pause: silent_since.filter(|_| mine).map(|since| judged - since),
            asked: silent_since
                .filter(|_| mine)
                .and_then(|since| self.dynamics.words().follow_a_question(Track::Me, since))
                == Some(true),
            handed_over,
            unsure: self.lost.me.losing() || self.lost.them.losing() || self.health.standing().any(misleads),
        }
    }
}

/// Whether no figure can be relied on while this is so.
fn misleads(trouble: Trouble) -> bool {
    matches!(trouble, Trouble::SameSound | Trouble::Dead(_))
}
