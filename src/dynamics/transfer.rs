//! How the floor goes from one to the other: offsets, patience.

use crate::audio::Track;
use crate::dynamics::touches_gap;
use crate::time::{Offset, SampleTime, Samples, Span};

/// Fewer offsets say nothing of somebody's patience (Gong).
const MIN_OFFSETS: usize = 5;

/// The floor went to the other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Transfer {
    /// Who has it now.
    pub to: Track,
    /// Since when.
    pub at: SampleTime,
    /// From the end of the other's floor span to here (the floor-transfer offset, Stivers 2009): negative is an
    /// overlap.
    pub offset: Offset,
}

/// All transfers between floor spans, which are in the order of their beginnings. A span that ends inside the other's
/// gave up: the floor did not go over. If nothing was heard between two, nobody knows how it went over.
pub fn find_transfers(spans: impl IntoIterator<Item = (Track, Span)>, gaps: &[Span]) -> Vec<Transfer> {
    let mut found = Vec::new();
    let mut holder: Option<(Track, Span)> = None;
    for (track, span) in spans {
        match &mut holder {
            Some((held, last)) if *held == track => last.end = last.end.max(span.end),
            Some((_, last)) if span.end <= last.end => {}
            other => {
                if let Some((_, last)) = other.replace((track, span)) {
                    let offset = Offset::between(last.end, span.start);
                    let between = Span::new(last.end.min(span.start), last.end.max(span.start));
                    let heard = !touches_gap(gaps, between);
                    found.extend(heard.then_some(Transfer { to: track, at: span.start, offset }));
                }
            }
        }
    }
    found
}

/// How long somebody lets the other finish before taking the floor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Patience {
    /// Half of the offsets are no longer.
    pub median: Samples,
    /// Nine of ten are no longer.
    pub p90: Samples,
    /// How many there are.
    pub count: usize,
}

impl Patience {
    /// The patience of `track`: its offsets after the other's floor spans, overlaps left out (Gong). `None` under 5.
    pub fn from_transfers(track: Track, transfers: &[Transfer]) -> Option<Self> {
        let own = transfers.iter().filter(|transfer| transfer.to == track);
        let mut waits: Vec<Samples> = own.filter_map(|transfer| transfer.offset.non_negative()).collect();
        waits.sort_unstable();
        let enough = waits.len() >= MIN_OFFSETS;
        enough.then(|| Self { median: quantile(&waits, 5), p90: quantile(&waits, 9), count: waits.len() })
    }
}

/// A quantile of sorted lengths: `tenths` tenths of them are no longer (nearest rank); zero if there are none.
pub(super) fn quantile(sorted: &[Samples], tenths: usize) -> Samples {
    let rank = (sorted.len() * tenths).div_ceil(10).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
