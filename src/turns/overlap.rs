//! A floor span that begins inside the other's: an interruption and its outcome, or a smooth terminal overlap.

use serde::{Deserialize, Serialize};
use strum::IntoStaticStr;

use crate::audio::Track;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;
use crate::turns::floor::{Floor, FloorSpans};

/// An onset sooner after the other's own is a simultaneous start.
pub const MIN_ONSET_DELAY: Samples = Samples::from_ms(500);

/// Both coexist so long at the least.
pub const MIN_OVERLAP: Samples = Samples::from_ms(200);

/// The other goes on longer than this after the onset, else it was about to end (Schegloff 2000).
pub const MAX_TERMINAL_OVERLAP: Samples = Samples::from_ms(500);

/// The interrupter goes on so long after the other gave way, or it is no success.
pub const MIN_OUTLAST: Samples = Samples::from_ms(500);

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
    /// The interrupter's span; its end is known once `mine_over`.
    interrupter: Span,
    interrupter_ended: bool,
    /// The interrupted one's.
    interrupted: Span,
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
        self.pending.last().map(|onset| (onset.by, onset.interrupter))
    }

    /// Hears what became of the floor in this step; appends what is settled.
    pub(super) fn update(&mut self, floor: &FloorSpans, floor_events: &[TurnEvent], out: &mut Vec<TurnEvent>) {
        for event in floor_events {
            if let TurnEvent::Floor { holder: Floor::Held(track), at } = *event {
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
                out.push(event);
                false
            }
        });
    }
}

/// The onset, where the track's span began at `at` well inside the other's.
fn detect_overlap(floor: &FloorSpans, by: Track, at: SampleTime) -> Option<PendingOverlap> {
    let mine = floor.open_span(by)?.span;
    let theirs = floor.open_span(!by)?.span;
    let inside = mine.start == at && at >= theirs.start + MIN_ONSET_DELAY && at < theirs.end;
    inside.then_some(PendingOverlap {
        by,
        interrupter: mine,
        interrupter_ended: false,
        interrupted: theirs,
        interrupted_ended: false,
    })
}

enum OverlapVerdict {
    /// It depends on what comes.
    Pending,
    /// Too short to be anything.
    TooShort,
    Settled(TurnEvent),
}

impl PendingOverlap {
    fn update(&mut self, floor: &FloorSpans, floor_events: &[TurnEvent]) {
        for event in floor_events {
            if let TurnEvent::FloorSpan { track, span } = *event {
                if track == self.by && span.start == self.interrupter.start {
                    (self.interrupter, self.interrupter_ended) = (span, true);
                } else if track != self.by && span.start == self.interrupted.start {
                    (self.interrupted, self.interrupted_ended) = (span, true);
                }
            }
        }
        let open =
            |track, begun: SampleTime| floor.open_span(track).map(|open| open.span).filter(|span| span.start == begun);
        if !self.interrupter_ended {
            self.interrupter = open(self.by, self.interrupter.start).unwrap_or(self.interrupter);
        }
        if !self.interrupted_ended {
            self.interrupted = open(!self.by, self.interrupted.start).unwrap_or(self.interrupted);
        }
    }

    fn verdict(&self) -> OverlapVerdict {
        let at = self.interrupter.start;
        if self.interrupted_ended {
            if self.interrupted.end - at <= MAX_TERMINAL_OVERLAP {
                return self.require_min_overlap(TurnEvent::TerminalOverlap {
                    by: self.by,
                    at,
                    overlap: self.overlap(),
                });
            }
            if self.interrupter.end >= self.interrupted.end + MIN_OUTLAST {
                return self.require_min_overlap(self.interruption(Outcome::Successful));
            }
        }
        // A span that ended while the other's newest speech is later is the first to end.
        if self.interrupter_ended
            && (self.interrupted_ended || self.interrupted.end >= self.interrupter.end)
            && self.interrupted.end - at > MAX_TERMINAL_OVERLAP
        {
            return self.require_min_overlap(self.interruption(Outcome::Failed));
        }
        OverlapVerdict::Pending
    }

    fn require_min_overlap(&self, event: TurnEvent) -> OverlapVerdict {
        if self.overlap() >= MIN_OVERLAP { OverlapVerdict::Settled(event) } else { OverlapVerdict::TooShort }
    }

    fn interruption(&self, outcome: Outcome) -> TurnEvent {
        TurnEvent::Interruption { by: self.by, at: self.interrupter.start, overlap: self.overlap(), outcome }
    }

    fn overlap(&self) -> Samples {
        self.interrupter.intersection(self.interrupted).len()
    }
}
