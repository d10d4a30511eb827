//! Both speaking at once for a second or longer (被り): tiring to listen to, whoever began.

use crate::audio::PerTrack;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;

/// A shorter overlap is part of any lively talk (MiiTel).
const MIN_LONG_OVERLAP: Samples = Samples::from_ms(1_000);

/// Watches for both tracks' runs going on at once.
#[derive(Clone, Default)]
pub(super) struct LongOverlaps {
    running: PerTrack<Option<SampleTime>>,
}

impl LongOverlaps {
    /// Hears runs in the order of their beginnings.
    pub(super) fn observe(&mut self, event: &TurnEvent, out: &mut Vec<TurnEvent>) {
        match *event {
            TurnEvent::RunStarted { track, at } => self.running[track] = Some(at),
            TurnEvent::Run { track, span } => {
                self.running[track] = None;
                let both = self.running[!track].map(|other| Span::new(other.max(span.start), span.end));
                out.extend(
                    both.filter(|both| both.len() >= MIN_LONG_OVERLAP).map(|span| TurnEvent::LongOverlap { span }),
                );
            }
            _ => {}
        }
    }
}
