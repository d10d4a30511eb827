//! Mutual silences between the call's first and last speech.

use crate::audio::Track;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;
use crate::turns::evidence::{Bound, BoundCheck, Decision, Evidence};

/// A shorter one is a gap or a pause (MiiTel: 3 s).
pub const MIN_SILENCE: Samples = Samples::from_ms(3_000);

/// Watches for silences.
#[derive(Clone, Default)]
pub(super) struct Silences {
    /// The run that ended last; of two that ended at once, the one that began later.
    last_run: Option<(Track, Span)>,
    open_runs: u8,
    /// A track was lost since the last speech: who knows what was said.
    lost: bool,
}

impl Silences {
    /// Takes the speech runs of both tracks in the order of their beginnings.
    pub(super) fn observe(&mut self, event: &TurnEvent, out: &mut Vec<Decision>) {
        match *event {
            TurnEvent::RunStarted { track, at } => {
                if let Some((after, last)) = self.last_run
                    && self.open_runs == 0
                    && !self.lost
                {
                    let length = BoundCheck::new(at - last.end, Bound::AtLeast(MIN_SILENCE));
                    let silence = TurnEvent::Silence { span: Span::new(last.end, at), after, broken_by: track };
                    out.extend(length.is_met().then(|| Decision::new(silence, Evidence::Length(length))));
                }
                self.open_runs += 1;
                self.lost = false;
            }
            TurnEvent::Run { track, span } => {
                self.open_runs = self.open_runs.saturating_sub(1);
                if self.last_run.is_none_or(|(_, last)| (last.end, last.start) <= (span.end, span.start)) {
                    self.last_run = Some((track, span));
                }
            }
            _ => {}
        }
    }

    /// Sound of a track was lost: a silence that is going on is none.
    pub(super) fn mark_lost(&mut self) {
        self.lost = true;
    }

    /// Who spoke last, and until when.
    pub(super) fn last_speech(&self) -> Option<(Track, SampleTime)> {
        self.last_run.map(|(track, run)| (track, run.end))
    }
}
