//! How the floor goes from one to the other: offsets, patience.

use crate::audio::Track;
use crate::dynamics::sorted::Sorted;
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

/// Who holds the floor at a floor span, in the order of their beginnings, and since when. A span that ends inside the
/// other's gave up: the floor did not go over.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct TransferFold {
    holder: Option<(Track, Span)>,
}

impl TransferFold {
    /// Takes the next span; the transfer that it is, if it is one. If nothing was heard between two, nobody knows how the
    /// floor went over.
    pub(super) fn push(&mut self, track: Track, span: Span, gaps: &[Span]) -> Option<Transfer> {
        match &mut self.holder {
            Some((held, last)) if *held == track => last.end = last.end.max(span.end),
            Some((_, last)) if span.end <= last.end => {}
            other => {
                let (_, last) = other.replace((track, span))?;
                let offset = Offset::between(last.end, span.start);
                let between = Span::new(last.end.min(span.start), last.end.max(span.start));
                return (!touches_gap(gaps, between)).then_some(Transfer { to: track, at: span.start, offset });
            }
        }
        None
    }
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
    /// The patience of a track: its offsets after the other's floor spans, overlaps left out (Gong), of which earlier
    /// ones were sorted already. `None` under 5.
    pub(super) fn from_offsets(earlier: &Sorted<Samples>, later: &[Samples]) -> Option<Self> {
        let waits = earlier.and(later);
        if waits.len() < MIN_OFFSETS {
            return None;
        }
        Some(Self { median: waits.quantile(5)?, p90: waits.quantile(9)?, count: waits.len() })
    }
}

#[cfg(test)]
mod tests;
