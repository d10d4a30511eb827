//! Consecutive own turns; ended only by the other's floor span of 1.0 s or longer, or by 3.0 s of mutual silence.
//!
//! What is said inside such a span of the other's, whether it began before or after it, is no part of a monologue: who
//! talks through it begins one at its end. So what goes on of the other's span after one's own beginning counts like a
//! span of its own; less than 1.0 s of it is a smooth change.

use crate::audio::{PerTrack, Track};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;
use crate::turns::evidence::{Bound, Decision, Evidence, MonologueEvidence};
use crate::turns::floor::{Floor, FloorSpans};

/// A shorter floor span of the other does not end a monologue.
const LONG_ENOUGH: Bound = Bound::AtLeast(Samples::from_ms(1_000));

/// A monologue that is going on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Monologue {
    /// When it began.
    pub start: SampleTime,
    /// Its newest speech.
    pub end: SampleTime,
}

impl Monologue {
    /// How long it is so far.
    pub fn len(&self) -> Samples {
        self.end - self.start
    }

    /// Whether it holds no speech yet.
    pub fn is_empty(&self) -> bool {
        self.start == self.end
    }
}

/// Watches floor spans for monologues.
#[derive(Clone, Default)]
pub(super) struct Monologues {
    running: PerTrack<Option<Monologue>>,
    /// The other's span that ended the track's last monologue; if the track speaks through it, the next begins at
    /// its end.
    broken_by: PerTrack<Option<Span>>,
}

impl Monologues {
    /// Takes the events of the floor of this step; appends to `out` what is over.
    pub(super) fn update(&mut self, floor: &FloorSpans, floor_events: &[Decision], out: &mut Vec<Decision>) {
        for decision in floor_events {
            match decision.event {
                TurnEvent::Floor { holder: Floor::Free, .. } => {
                    for track in Track::BOTH {
                        self.end(track, None, out);
                    }
                }
                TurnEvent::FloorSpan { track, span } => {
                    self.extend(floor, track, span);
                    self.break_other(track, span, out);
                }
                _ => {}
            }
        }
        for track in Track::BOTH {
            if let Some(open) = floor.open_span(track) {
                self.extend(floor, track, open.span);
                self.break_other(track, open.span, out);
            }
        }
    }

    /// The track's monologue that is going on.
    pub(super) fn running(&self, track: Track) -> Option<Monologue> {
        self.running[track]
    }

    fn extend(&mut self, floor: &FloorSpans, track: Track, span: Span) {
        let start = match self.broken_by[track] {
            Some(other) if LONG_ENOUGH.is_met_by(length_after(span.start, other)) => {
                if floor.open_span(!track).is_some_and(|open| open.span.start == other.start) {
                    return;
                }
                other.end
            }
            _ => span.start,
        };
        if span.end > start {
            let running = self.running[track].get_or_insert(Monologue { start, end: span.end });
            running.end = running.end.max(span.end);
        }
    }

    /// A floor span of one ends the other's monologue, if that began before it; one that began inside it was none.
    fn break_other(&mut self, track: Track, span: Span, out: &mut Vec<Decision>) {
        if !LONG_ENOUGH.is_met_by(span.len()) {
            return;
        }
        match self.running[!track] {
            Some(other) if other.start < span.start => self.end(!track, Some(span), out),
            Some(other) if LONG_ENOUGH.is_met_by(length_after(other.start, span)) => self.running[!track] = None,
            _ => {}
        }
        self.broken_by[!track] = Some(span);
    }

    /// The track's monologue is over, by a floor span of the other or without one.
    fn end(&mut self, track: Track, ended_by: Option<Span>, out: &mut Vec<Decision>) {
        if let Some(Monologue { start, end }) = self.running[track].take() {
            let span = Span::new(start, ended_by.map_or(end, |other| other.start.min(end)));
            let evidence = Evidence::Monologue(MonologueEvidence { ended_by, bound: LONG_ENOUGH });
            out.push(Decision::new(TurnEvent::Monologue { track, span }, evidence));
        }
    }
}

/// How much of a floor span lies after a moment.
fn length_after(at: SampleTime, span: Span) -> Samples {
    span.end - span.start.max(at)
}
