//! What the verdicts that stand come to, as the summary writes it.

use crate::audio::Track;
use crate::dynamics::Dynamics;
use crate::dynamics::transfer;
use crate::report::summary::{
    BackchannelEntry, InterruptionEntry, OverlapEntry, PatienceSummary, SilenceEntry, TerminalOverlapEntry, TrackSpan,
    TransferEntry, speech,
};
use crate::time::Span;
use crate::turns::TurnEvent;

pub(super) fn turns(dynamics: &Dynamics) -> Vec<TrackSpan> {
    filter_settled(dynamics, |event| match *event {
        TurnEvent::Turn { track, span } => Some(track_span(track, span)),
        _ => None,
    })
}

pub(super) fn monologues(dynamics: &Dynamics) -> Vec<TrackSpan> {
    filter_settled(dynamics, |event| match *event {
        TurnEvent::Monologue { track, span } => Some(track_span(track, span)),
        _ => None,
    })
}

pub(super) fn interruptions(dynamics: &Dynamics) -> Vec<InterruptionEntry> {
    filter_settled(dynamics, |event| match *event {
        TurnEvent::Interruption { by, at, overlap, outcome } => {
            Some(InterruptionEntry { by, at_ms: at.as_ms(), overlap_ms: overlap.as_ms(), outcome })
        }
        _ => None,
    })
}

pub(super) fn terminal_overlaps(dynamics: &Dynamics) -> Vec<TerminalOverlapEntry> {
    filter_settled(dynamics, |event| match *event {
        TurnEvent::TerminalOverlap { by, at, overlap } => {
            Some(TerminalOverlapEntry { by, at_ms: at.as_ms(), overlap_ms: overlap.as_ms() })
        }
        _ => None,
    })
}

pub(super) fn long_overlaps(dynamics: &Dynamics) -> Vec<OverlapEntry> {
    filter_settled(dynamics, |event| match *event {
        TurnEvent::LongOverlap { span } => {
            Some(OverlapEntry { start_ms: span.start.as_ms(), end_ms: span.end.as_ms() })
        }
        _ => None,
    })
}

pub(super) fn backchannels(dynamics: &Dynamics) -> Vec<BackchannelEntry> {
    filter_settled(dynamics, |event| match *event {
        TurnEvent::Backchannel { by, span } => Some(BackchannelEntry {
            by,
            start_ms: span.start.as_ms(),
            end_ms: span.end.as_ms(),
            text: speech::text_in(dynamics.utterances().heard(), by, span),
        }),
        _ => None,
    })
}

pub(super) fn silences(dynamics: &Dynamics) -> Vec<SilenceEntry> {
    filter_settled(dynamics, |event| match *event {
        TurnEvent::Silence { span, after, broken_by } => Some(SilenceEntry {
            start_ms: span.start.as_ms(),
            end_ms: span.end.as_ms(),
            after,
            after_question: dynamics.utterances().follows_question(after, span.start),
            broken_by,
        }),
        _ => None,
    })
}

/// How the floor came to me; the other way holds the network's round trip.
pub(super) fn transfers(dynamics: &Dynamics) -> Vec<TransferEntry> {
    let mine = dynamics.transfers().iter().filter(|transfer| transfer.to == Track::Me);
    let transfer =
        |one: &transfer::Transfer| TransferEntry { to: one.to, at_ms: one.at.as_ms(), offset_ms: one.offset.as_ms() };
    mine.map(transfer).collect()
}

pub(super) fn patience(of: transfer::Patience) -> PatienceSummary {
    PatienceSummary { median: of.median.as_ms(), p90: of.p90.as_ms(), count: of.count }
}

fn filter_settled<T>(dynamics: &Dynamics, pick: impl Fn(&TurnEvent) -> Option<T>) -> Vec<T> {
    dynamics.turn_events().iter().filter_map(pick).collect()
}

pub(super) fn track_span(track: Track, span: Span) -> TrackSpan {
    TrackSpan { track, start_ms: span.start.as_ms(), end_ms: span.end.as_ms() }
}
