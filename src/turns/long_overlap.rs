//! Both speaking at once for a second or longer (被り): tiring to listen to, whoever began.

use crate::audio::PerTrack;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;
use crate::turns::evidence::{Bound, BoundCheck, Decision, Evidence};

/// A shorter overlap is part of any lively talk (MiiTel).
const MIN_LONG_OVERLAP: Samples = Samples::from_ms(1_000);

/// Watches for both tracks' runs going on at once.
#[derive(Clone, Default)]
pub(super) struct LongOverlaps {
    running: PerTrack<Option<SampleTime>>,
}

impl LongOverlaps {
    /// Takes the speech runs of both tracks in the order of their beginnings.
    pub(super) fn observe(&mut self, event: &TurnEvent, out: &mut Vec<Decision>) {
        match *event {
            TurnEvent::RunStarted { track, at } => self.running[track] = Some(at),
            TurnEvent::Run { track, span } => {
                self.running[track] = None;
                let Some(other) = self.running[!track] else { return };
                let both = Span::new(other.max(span.start), span.end);
                let length = BoundCheck::new(both.len(), Bound::AtLeast(MIN_LONG_OVERLAP));
                let long_overlap = Decision::new(TurnEvent::LongOverlap { span: both }, Evidence::Length(length));
                out.extend(length.is_met().then_some(long_overlap));
            }
            _ => {}
        }
    }
}
