//! A floor span that begins inside the other's: an interruption and its outcome, or a smooth terminal overlap.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::audio::Track;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;
use crate::turns::evidence::{Decision, Evidence, OverlapEvidence};
use crate::turns::floor::{Floor, FloorSpans};

/// An onset that follows the beginning of the other's floor span sooner is a simultaneous start (ours).
pub(super) const MIN_ONSET_DELAY: Samples = Samples::from_ms(500);

/// Both floor spans coexist for this long at the least (LiveKit, revenue.io; ours).
pub(super) const MIN_OVERLAP: Samples = Samples::from_ms(200);

/// The other goes on longer than this after the onset, else it was about to end (Schegloff 2000).
pub const MAX_TERMINAL_OVERLAP: Samples = Samples::from_ms(500);

/// The interrupter goes on for this long after the other gave way, or the interruption failed (ours).
pub(super) const MIN_OUTLAST: Samples = Samples::from_ms(500);

/// How an interruption ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Outcome {
    /// The interrupted one's floor span ended first, and the interrupter went on for 0.5 s or longer.
    Successful,
    /// The interrupter ended first, or hardly outlasted the other.
    Failed,
}

/// A floor span that began inside the other's, until both ends are known well enough.
#[derive(Clone, Copy, Debug)]
struct PendingOverlap {
    by: Track,
    /// Both spans; each grows until it has ended.
    spans: OverlapEvidence,
    interrupter_ended: bool,
    interrupted_ended: bool,
}

/// Watches floor spans for overlapping onsets.
#[derive(Clone, Default)]
pub(super) struct Overlaps {
    pending: Vec<PendingOverlap>,
}

impl Overlaps {
    /// The newest onset whose outcome is open.
    pub(super) fn newest_pending(&self) -> Option<(Track, Span)> {
        self.pending.last().map(|onset| (onset.by, onset.spans.interrupter))
    }

    /// Takes the events of the floor of this step; appends to `out` what is settled.
    pub(super) fn update(&mut self, floor: &FloorSpans, floor_events: &[Decision], out: &mut Vec<Decision>) {
        for decision in floor_events {
            if let TurnEvent::Floor { holder: Floor::Held(track), at } = decision.event {
                self.pending.extend(detect_overlap(floor, track, at));
            }
        }
        for onset in &mut self.pending {
            onset.update(floor, floor_events);
        }
        self.pending.retain(|onset| match onset.verdict() {
            OverlapVerdict::Pending => true,
            OverlapVerdict::TooShort => false,
            OverlapVerdict::Settled(event) => {
                out.push(Decision::new(event, Evidence::Overlap(onset.spans)));
                false
            }
        });
    }
}

/// The overlap, if the track's floor span began at `at` well inside the other's; `None` otherwise.
fn detect_overlap(floor: &FloorSpans, by: Track, at: SampleTime) -> Option<PendingOverlap> {
    let (interrupter, interrupted) = (floor.open_span(by)?.span, floor.open_span(!by)?.span);
    let spans = OverlapEvidence { interrupter, interrupted };
    let inside = interrupter.start == at && spans.onset_delay().is_met() && at < interrupted.end;
    inside.then_some(PendingOverlap { by, spans, interrupter_ended: false, interrupted_ended: false })
}

enum OverlapVerdict {
    /// It depends on what comes.
    Pending,
    /// Too short to be anything.
    TooShort,
    Settled(TurnEvent),
}

impl PendingOverlap {
    fn update(&mut self, floor: &FloorSpans, floor_events: &[Decision]) {
        for decision in floor_events {
            if let TurnEvent::FloorSpan { track, span } = decision.event {
                if track == self.by && span.start == self.spans.interrupter.start {
                    (self.spans.interrupter, self.interrupter_ended) = (span, true);
                } else if track != self.by && span.start == self.spans.interrupted.start {
                    (self.spans.interrupted, self.interrupted_ended) = (span, true);
                }
            }
        }
        let open =
            |track, begun: SampleTime| floor.open_span(track).map(|open| open.span).filter(|span| span.start == begun);
        if !self.interrupter_ended {
            self.spans.interrupter = open(self.by, self.spans.interrupter.start).unwrap_or(self.spans.interrupter);
        }
        if !self.interrupted_ended {
            self.spans.interrupted = open(!self.by, self.spans.interrupted.start).unwrap_or(self.spans.interrupted);
        }
    }

    fn verdict(&self) -> OverlapVerdict {
        let went_on = self.spans.interrupted_went_on().is_met();
        if self.interrupted_ended {
            if !went_on {
                let (by, at, overlap) = (self.by, self.spans.onset(), self.spans.coexistence().length);
                return self.require_min_overlap(TurnEvent::TerminalOverlap { by, at, overlap });
            }
            if self.spans.outlasted().is_met() {
                return self.require_min_overlap(self.interruption(Outcome::Successful));
            }
        }
        // A span that ended while the other's newest speech is later is the first to end.
        let interrupter_ended_first = self.interrupter_ended
            && (self.interrupted_ended || self.spans.interrupted.end >= self.spans.interrupter.end);
        if interrupter_ended_first && went_on {
            return self.require_min_overlap(self.interruption(Outcome::Failed));
        }
        OverlapVerdict::Pending
    }

    fn require_min_overlap(&self, event: TurnEvent) -> OverlapVerdict {
        if self.spans.coexistence().is_met() { OverlapVerdict::Settled(event) } else { OverlapVerdict::TooShort }
    }

    fn interruption(&self, outcome: Outcome) -> TurnEvent {
        let (at, overlap) = (self.spans.onset(), self.spans.coexistence().length);
        TurnEvent::Interruption { by: self.by, at, overlap, outcome }
    }
}
