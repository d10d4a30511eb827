//! What the verdicts that stand come to, as the summary writes it.

use crate::audio::Track;
use crate::dynamics::transfer;
use crate::dynamics::{Dynamics, words};
use crate::summary::{Backchannel, Interruption, Overlap, Patience, Silence, Stretch, TerminalOverlap, Transfer, said};
use crate::time::Span;
use crate::turns::TurnEvent;
use crate::wire;

pub(super) fn turns(dynamics: &Dynamics) -> Vec<Stretch> {
    of(dynamics, |event| match *event {
        TurnEvent::Turn { track, span } => Some(stretch(track, span)),
        _ => None,
    })
}

pub(super) fn monologues(dynamics: &Dynamics) -> Vec<Stretch> {
    of(dynamics, |event| match *event {
        TurnEvent::Monologue { track, span } => Some(stretch(track, span)),
        _ => None,
    })
}

pub(super) fn interruptions(dynamics: &Dynamics) -> Vec<Interruption> {
    of(dynamics, |event| match *event {
        TurnEvent::Interruption { by, at, overlap, outcome } => Some(Interruption {
            by: wire::track(by),
            at_ms: at.as_ms(),
            overlap_ms: overlap.as_ms(),
            outcome: wire::outcome_name(outcome),
        }),
        _ => None,
    })
}

pub(super) fn terminal_overlaps(dynamics: &Dynamics) -> Vec<TerminalOverlap> {
    of(dynamics, |event| match *event {
        TurnEvent::TerminalOverlap { by, at, overlap } => {
            Some(TerminalOverlap { by: wire::track(by), at_ms: at.as_ms(), overlap_ms: overlap.as_ms() })
        }
        _ => None,
    })
}

pub(super) fn long_overlaps(dynamics: &Dynamics) -> Vec<Overlap> {
    of(dynamics, |event| match *event {
        TurnEvent::LongOverlap { span } => Some(Overlap { start_ms: span.start.as_ms(), end_ms: span.end.as_ms() }),
        _ => None,
    })
}

pub(super) fn backchannels(dynamics: &Dynamics) -> Vec<Backchannel> {
    of(dynamics, |event| match *event {
        TurnEvent::Backchannel { by, span } => Some(Backchannel {
            by: wire::track(by),
            start_ms: span.start.as_ms(),
            end_ms: span.end.as_ms(),
            text: said::words_in(dynamics.words().heard(), by, span),
        }),
        _ => None,
    })
}

pub(super) fn silences(dynamics: &Dynamics) -> Vec<Silence> {
    of(dynamics, |event| match *event {
        TurnEvent::Silence { span, after, broken_by } => Some(Silence {
            start_ms: span.start.as_ms(),
            end_ms: span.end.as_ms(),
            after: wire::track(after),
            after_question: words::follows_a_question(dynamics.words().heard(), after, span.start),
            broken_by: wire::track(broken_by),
        }),
        _ => None,
    })
}

/// How the floor came to me; the other way holds the network's round trip.
pub(super) fn transfers(dynamics: &Dynamics) -> Vec<Transfer> {
    let mine = dynamics.transfers().iter().filter(|transfer| transfer.to == Track::Me);
    let transfer = |one: &transfer::Transfer| Transfer {
        to: wire::track(one.to),
        at_ms: one.at.as_ms(),
        offset_ms: one.offset.as_ms(),
    };
    mine.map(transfer).collect()
}

pub(super) fn patience(of: transfer::Patience) -> Patience {
    Patience { median: of.median.as_ms(), p90: of.p90.as_ms(), count: of.count }
}

fn of<T>(dynamics: &Dynamics, pick: impl Fn(&TurnEvent) -> Option<T>) -> Vec<T> {
    dynamics.settled().iter().filter_map(pick).collect()
}

pub(super) fn stretch(track: Track, span: Span) -> Stretch {
    Stretch { track: wire::track(track), start_ms: span.start.as_ms(), end_ms: span.end.as_ms() }
}
