use std::collections::BTreeMap;

use serde::Serialize;
use strum::IntoStaticStr;

use crate::health::confidence::{Confidence, FigureGroup};
use crate::records::Origin;

/// The manager's own side of a call, for the history and for hints. Names ending in `_ms` are milliseconds, rates are
/// per minute. `None` is what could not be measured, as in the summary. [`dynamics`](crate::dynamics) and
/// [`turns`](crate::turns) say where the definitions come from.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Figures {
    /// How long the call was.
    pub duration_ms: u64,
    /// My talk time.
    pub talk_ms: u64,
    /// The other side's talk time.
    pub their_talk_ms: u64,
    /// My share of both talk times, 0 to 1; `None` if a side was not heard.
    pub share: Option<f64>,
    /// The length of my longest turn.
    pub longest_turn_ms: Option<u64>,
    /// How many monologues I held.
    pub monologues: u32,
    /// My patience: the median of the gaps after which I took the floor from them; `None` for fewer than five.
    pub patience_ms: Option<u64>,
    /// How many of my interruptions took the floor …
    pub interruptions: u32,
    /// … and how many did not.
    pub interruptions_failed: u32,
    /// My backchannels per minute of their talk.
    pub backchannels_per_min: Option<f64>,
    /// How many silences came after my own speech.
    pub silences: u32,
    /// My filled pauses per minute of my talk; `None` without text.
    pub filled_pauses_per_min: Option<f64>,
    /// How many open questions I asked; `None` without text, as all that follow from questions.
    pub open_questions: Option<u32>,
    /// How many of my questions ask for a yes, a no or a datum.
    pub closed_questions: Option<u32>,
    /// How many of my questions chase progress.
    pub progress_questions: Option<u32>,
    /// How many silences after my own questions I broke within 3 s (Rowe 1986).
    pub regrabs: Option<u32>,
    /// The median time from my question until anybody spoke (Rowe 1986).
    pub wait_ms: Option<u64>,
    /// Changes of the floor's holder per minute of the call.
    pub switches_per_min: Option<f64>,
    /// How many nudges were shown.
    pub nudges: u32,
    /// How far doubtful figures may be relied on; the groups that are not here are sure.
    pub doubts: BTreeMap<FigureGroup, Confidence>,
}

/// Why a call says nothing of how somebody listens, and is in no history unless its user keeps it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum TooLittle {
    /// No voice was heard.
    NothingHeard,
    /// The manager's own voice was not heard.
    MeUnheard,
    /// The other side's voice was not heard.
    ThemUnheard,
    /// A call that was held took less than a minute.
    Short,
}

/// Less talk of a side in milliseconds is a cough or a click: that side was not heard (ours).
const HEARD_MS: u64 = 1_000;

/// A shorter call in milliseconds is a test of the sound (ours).
const SHORT_MS: u64 = 60_000;

impl Figures {
    /// Why they say nothing of how the manager listens; `None` if they do, or if nothing is known of the call. A recording
    /// is as long as somebody wanted it: it is never short.
    pub fn too_little(&self, origin: Origin) -> Option<TooLittle> {
        if self.duration_ms == 0 {
            return None;
        }
        let short = origin == Origin::Live && self.duration_ms < SHORT_MS;
        self.unheard().or(short.then_some(TooLittle::Short))
    }

    /// Which side was not heard: a share of such talk would be of a breath or a click, and there is none.
    fn unheard(&self) -> Option<TooLittle> {
        match (self.talk_ms < HEARD_MS, self.their_talk_ms < HEARD_MS) {
            // A share without talk is of an older release, which did not save the other side's.
            (true, true) if self.share.is_some() && self.talk_ms + self.their_talk_ms == 0 => None,
            (true, true) => Some(TooLittle::NothingHeard),
            (true, false) => Some(TooLittle::MeUnheard),
            (false, true) => Some(TooLittle::ThemUnheard),
            (false, false) => None,
        }
    }

    /// How unsure a figure that belongs to these groups is at the worst; `None` if it is sure.
    pub fn confidence(&self, groups: &[FigureGroup]) -> Option<Confidence> {
        groups.iter().filter_map(|group| self.doubts.get(group)).min().copied()
    }

    /// Whether the share is approximate.
    pub fn is_share_unsure(&self) -> bool {
        self.confidence(&[FigureGroup::Talk]).is_some()
    }

    /// The same without a share if a side was not heard.
    pub fn with_known_share(self) -> Self {
        Self { share: self.share.filter(|_| self.unheard().is_none()), ..self }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_says_nothing_if_a_side_was_not_heard_or_if_it_took_seconds() {
        let call =
            |duration_ms, talk_ms, their_talk_ms| Figures { duration_ms, talk_ms, their_talk_ms, ..Figures::default() };
        let live = |figures: Figures| figures.too_little(Origin::Live);
        assert_eq!(live(call(6_000, 0, 0)), Some(TooLittle::NothingHeard));
        let a_word = Figures { share: Some(1.0), ..call(1_000, 600, 0) };
        assert_eq!(live(a_word), Some(TooLittle::NothingHeard));
        assert_eq!(live(call(600_000, 90_000, 400)), Some(TooLittle::ThemUnheard));
        assert_eq!(live(call(600_000, 0, 90_000)), Some(TooLittle::MeUnheard));
        assert_eq!(live(call(47_000, 20_000, 20_000)), Some(TooLittle::Short));
        assert_eq!(call(47_000, 20_000, 20_000).too_little(Origin::Replay), None);
        assert_eq!(live(call(61_000, 20_000, 20_000)), None);
        assert_eq!(live(Figures::default()), None, "nothing is known");
        let share = |talk_ms, their_talk_ms| {
            Figures { share: Some(0.5), ..call(47_000, talk_ms, their_talk_ms) }.with_known_share().share
        };
        assert_eq!([share(200, 0), share(90_000, 400), share(0, 90_000)], [None; 3]);
        assert_eq!(share(20_000, 20_000), Some(0.5), "a short call has been measured");
    }
}
