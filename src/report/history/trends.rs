//! A figure over the calls: what it was last, what is usual, and how it moves.

use crate::health::confidence::{Confidence, FigureGroup};
use crate::records::TooLittle;
use crate::report::median::median_by;
use crate::store::{PastCall, Perceived};

/// The last value is compared with the median of at most this many calls before it.
pub(super) const BASELINE_CALLS: usize = 5;

/// A figure of the manager's own side of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum HistoryFigure {
    /// The share of the talk, 0 to 1.
    Share,
    /// How long the other could finish before the manager spoke: the median in milliseconds.
    Patience,
    /// How many interruptions took the floor.
    CutIns,
    /// The longest turn, in milliseconds.
    Longest,
}

impl HistoryFigure {
    /// All that there are.
    pub(super) const ALL: [Self; 4] = [Self::Share, Self::Patience, Self::CutIns, Self::Longest];

    /// Its value in a call; `None` if it was not measured.
    pub(super) fn value_in(self, call: &PastCall) -> Option<f64> {
        let figures = call.figures.as_ref()?;
        // A share of talk of which one side was not heard is none, also if the call is kept.
        if !matches!(figures.too_little(call.record.origin), None | Some(TooLittle::Short)) {
            return None;
        }
        match self {
            Self::Share => figures.share,
            Self::Patience => figures.patience_ms.map(|ms| ms as f64),
            // If nobody was heard, zero would say that nobody was interrupted.
            Self::CutIns => figures.share.map(|_| f64::from(figures.interruptions)),
            Self::Longest => figures.longest_turn_ms.map(|ms| ms as f64),
        }
    }

    /// Its group, whose doubts it shares.
    fn group(self) -> FigureGroup {
        match self {
            Self::Share | Self::Longest => FigureGroup::Talk,
            Self::Patience => FigureGroup::Transfers,
            Self::CutIns => FigureGroup::Interruptions,
        }
    }

    /// Whether it is likely enough to be right in a call to conclude anything from it.
    fn is_reliable_in(self, call: &PastCall) -> bool {
        let confidence = call.figures.as_ref().and_then(|figures| figures.confidence(&[self.group()]));
        confidence != Some(Confidence::Low)
    }

    /// Whether it is in doubt in a call.
    pub(super) fn is_unsure_in(self, call: &PastCall) -> bool {
        call.figures.as_ref().is_some_and(|figures| figures.confidence(&[self.group()]).is_some())
    }
}

/// What the figure was in the last call, beside what it was in those before it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Comparison {
    pub(super) last: f64,
    pub(super) unsure: bool,
    /// A call after it has no such figure.
    pub(super) newer_unmeasured: bool,
    /// The median of the calls before it, and how many those are, [`BASELINE_CALLS`] at most.
    pub(super) baseline: Option<(f64, usize)>,
    /// Whether one of these is unsure.
    pub(super) baseline_unsure: bool,
}

/// The last call that has the figure, beside the ones before it; `calls` has the newest first.
pub(super) fn compare_last(calls: &[&PastCall], figure: HistoryFigure) -> Option<Comparison> {
    let ended = || calls.iter().filter(|call| call.figures.is_some());
    let mut measured = ended().filter_map(|call| Some((call, figure.value_in(call)?)));
    let (call, last) = measured.next()?;
    let earlier: Vec<(&&PastCall, f64)> = measured.take(BASELINE_CALLS).collect();
    Some(Comparison {
        last,
        unsure: figure.is_unsure_in(call),
        newer_unmeasured: ended().next() != Some(call),
        baseline: median_by(earlier.iter().map(|(_, value)| *value), f64::total_cmp)
            .map(|usual| (usual, earlier.len())),
        baseline_unsure: earlier.iter().any(|(call, _)| figure.is_unsure_in(call)),
    })
}

/// The share on its way to the target: the last call's target, and shares of the calls that had it, the oldest first. Up to
/// three calls stand for themselves; of more there are the medians of their first, second and last third. A call whose share may be
/// wrong altogether is left out.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Progress {
    pub(super) target: f64,
    pub(super) shares: Vec<f64>,
    /// Whether a call behind each of these is unsure.
    pub(super) unsure: Vec<bool>,
    /// How many calls had that target.
    pub(super) calls: usize,
}

/// More steps than these would be a list.
const STEPS: usize = 3;

/// How the share moved against the target; `None` for fewer than two calls with the target of the last one. `calls` has the
/// newest first.
pub(super) fn progress(calls: &[&PastCall]) -> Option<Progress> {
    let figure = HistoryFigure::Share;
    let measured = || {
        let reliable = calls.iter().filter(|call| figure.is_reliable_in(call));
        reliable.filter_map(|call| Some((call.record.target, figure.value_in(call)?, figure.is_unsure_in(call))))
    };
    let (target, ..) = measured().next()?;
    let alike = measured().filter(|(other, ..)| (other - target).abs() < 0.005);
    let mut shares: Vec<(f64, bool)> = alike.map(|(_, share, unsure)| (share, unsure)).collect();
    shares.reverse();
    let steps = STEPS.min(shares.len());
    let step = |place: usize| &shares[place * shares.len() / steps..(place + 1) * shares.len() / steps];
    let medians =
        (0..steps).filter_map(|place| median_by(step(place).iter().map(|(share, _)| *share), f64::total_cmp)).collect();
    let unsure = (0..steps).map(|place| step(place).iter().any(|(_, unsure)| *unsure)).collect();
    let found = Progress { target, shares: medians, unsure, calls: shares.len() };
    (steps >= 2).then_some(found)
}

/// What the manager took their share to be, 0 to 1; `None` if they did not say.
pub(super) fn perceived_share(call: &PastCall) -> Option<f64> {
    match call.perceived {
        Perceived::Share(share) => Some(share),
        Perceived::NotAsked | Perceived::Skipped => None,
    }
}

/// By how much the share was greater than the manager took it to be (from -1 to 1), in the median of the last calls in
/// which they said it, how many calls those are, [`BASELINE_CALLS`] at most, and whether a share among them is unsure. One that may
/// be wrong altogether is left out.
pub(super) fn perception_gap(calls: &[&PastCall]) -> Option<(f64, usize, bool)> {
    let figure = HistoryFigure::Share;
    let reliable = calls.iter().filter(|call| figure.is_reliable_in(call));
    let both = |call: &&PastCall| Some((figure.value_in(call)? - perceived_share(call)?, figure.is_unsure_in(call)));
    let gaps: Vec<(f64, bool)> = reliable.filter_map(both).take(BASELINE_CALLS).collect();
    let gap = median_by(gaps.iter().map(|(gap, _)| *gap), f64::total_cmp)?;
    Some((gap, gaps.len(), gaps.iter().any(|(_, unsure)| *unsure)))
}

/// How many calls each point of the line is the median of: more if there are many, or the line would be as
/// restless as the marks.
pub(super) fn median_window(measured: usize) -> usize {
    match measured {
        0..=99 => BASELINE_CALLS,
        100..=399 => 20,
        _ => 50,
    }
}

/// The running median of `window` values, at the place of the newest of them. `values` are places and values, the
/// oldest first.
pub(super) fn running_median(values: &[(f64, f64)], window: usize) -> Vec<(f64, f64)> {
    let usual = |window: &[(f64, f64)]| {
        let (at, _) = window.last()?;
        Some((*at, median_by(window.iter().map(|(_, value)| *value), f64::total_cmp)?))
    };
    values.windows(window).filter_map(usual).collect()
}
