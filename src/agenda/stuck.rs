//! Long mutual silences one after another, while there is still something to talk about: an offer to look at it
//! together.
//!
//! Told where a silence ends, never while it lasts: people think in silence. Who is silent, and why, is not judged.

use std::collections::VecDeque;

use crate::time::{SampleTime, Samples};
use crate::turns::TurnEvent;

/// So many mutual silences (3 s each, by [`crate::turns::MIN_SILENCE`]) in a row. One is thinking, two are two thoughts
/// (ours).
const MIN_SILENCES: usize = 3;

/// … within this time: spread over more, they are the pace of these two (ours).
const WITHIN: Samples = Samples::from_secs(120);

/// A row ends if both together spoke for this long between two silences: an answer that long goes somewhere. And an
/// offer is over once they have spoken for this long since (ours).
const TALK_TO_RESET: Samples = Samples::from_secs(10);

/// It is offered at most once in this time.
const OFFER_SPACING: Samples = Samples::from_secs(600);

/// Watches for a conversation that is stuck.
#[derive(Clone, Debug, Default)]
pub struct StuckDetector {
    /// The row of silences: when each began.
    silences: VecDeque<SampleTime>,
    /// Speech of both since the newest.
    talk: Samples,
    offered_at: Option<SampleTime>,
    is_offered: bool,
}

impl StuckDetector {
    /// Takes an event that became certain; whether it has just become an offer. `open`: something is still to be talked
    /// about.
    pub fn observe(&mut self, event: &TurnEvent, open: bool) -> bool {
        match *event {
            TurnEvent::Run { span, .. } => {
                self.talk += span.len();
                self.is_offered &= self.talk < TALK_TO_RESET;
                false
            }
            TurnEvent::Silence { span, .. } => {
                if self.talk >= TALK_TO_RESET {
                    self.silences.clear();
                }
                self.talk = Samples::ZERO;
                self.silences.push_back(span.start);
                while self.silences.front().is_some_and(|first| span.end - *first > WITHIN) {
                    self.silences.pop_front();
                }
                let again = self.offered_at.is_none_or(|before| span.end - before >= OFFER_SPACING);
                let stuck = self.silences.len() >= MIN_SILENCES && open && again;
                if stuck {
                    (self.is_offered, self.offered_at) = (true, Some(span.end));
                    self.silences.clear();
                }
                stuck
            }
            _ => false,
        }
    }

    /// Whether the offer stands.
    pub fn is_offered(&self) -> bool {
        self.is_offered
    }

    /// The offer was answered, or there is nothing left to offer.
    pub fn clear_offer(&mut self) {
        self.is_offered = false;
    }
}
