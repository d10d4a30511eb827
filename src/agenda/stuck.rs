//! Long mutual silences one after another, while there is still something to talk about: an offer to look at it together.
//!
//! Told where a silence ends, never while it lasts: people think in silence. Who is silent, and why, is not judged.

use std::collections::VecDeque;

use crate::time::{SampleTime, Samples};
use crate::turns::TurnEvent;

/// So many mutual silences (3 s each, by [`crate::turns::SILENCE`]) in a row. One is thinking, two are two thoughts
/// (ours).
const SILENCES: usize = 3;

/// … within so long: spread over more, they are the pace of these two (ours).
const WITHIN: Samples = Samples::from_secs(120);

/// A row ends where both together spoke for so long between two silences: an answer that long goes somewhere. And what
/// was offered is over once they spoke for so long since (ours).
const TALK: Samples = Samples::from_secs(10);

/// It is offered once in so long.
const APART: Samples = Samples::from_secs(600);

/// Watches for a conversation that is stuck.
#[derive(Clone, Debug, Default)]
pub struct Stuck {
    /// The row of silences: when each began.
    row: VecDeque<SampleTime>,
    /// Speech of both since the newest.
    talk: Samples,
    offered: Option<SampleTime>,
    on: bool,
}

impl Stuck {
    /// Hears what became certain; whether it has just become an offer. `open`: something is still to be talked about.
    pub fn hear(&mut self, event: &TurnEvent, open: bool) -> bool {
        match *event {
            TurnEvent::Run { span, .. } => {
                self.talk += span.len();
                self.on &= self.talk < TALK;
                false
            }
            TurnEvent::Silence { span, .. } => {
                if self.talk >= TALK {
                    self.row.clear();
                }
                self.talk = Samples::ZERO;
                self.row.push_back(span.start);
                while self.row.front().is_some_and(|first| span.end - *first > WITHIN) {
                    self.row.pop_front();
                }
                let again = self.offered.is_none_or(|before| span.end - before >= APART);
                let stuck = self.row.len() >= SILENCES && open && again;
                if stuck {
                    (self.on, self.offered) = (true, Some(span.end));
                    self.row.clear();
                }
                stuck
            }
            _ => false,
        }
    }

    /// Whether the offer stands.
    pub fn is_on(&self) -> bool {
        self.on
    }

    /// The offer was answered, or there is nothing left to offer.
    pub fn settle(&mut self) {
        self.on = false;
    }
}
