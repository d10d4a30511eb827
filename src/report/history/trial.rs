//! The manager's own trial of nudges: how far the share was over the target in calls with nudges, beside quiet ones.
//!
//! The difference is Hodges and Lehmann's: the median of all differences between a nudged and a quiet call. Its interval is
//! the one that Mann and Whitney's test gives, exact for any distribution of the shares and also for few calls (Hollander
//! and Wolfe, Nonparametric Statistical Methods, chapter 4). It says nothing of what else changed from call to call; that
//! the two kinds take turns keeps a trend over the calls out of it.

use crate::records::TrialArm;
use crate::report::history::trends::HistoryFigure;
use crate::store::PastCall;

/// With fewer calls nothing is said.
pub(super) const TRIAL_CALLS: usize = 10;

/// No more than these are compared, the newest: habits of years ago say little of today.
const MAX_COMPARED: usize = 100;

/// The chance on each side that the true difference lies outside the interval: 95 % lie inside.
const TAIL: f64 = 0.025;

/// How a trial stands.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum TrialProgress {
    /// So many calls were measured, too few or too few of one kind to compare.
    Going { calls: usize },
    /// The two kinds can be compared.
    Compared(TrialComparison),
}

/// Calls with nudges beside quiet ones.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct TrialComparison {
    pub(super) nudged: usize,
    pub(super) quiet: usize,
    /// By how much the share, against its target, was greater with nudges than without, from -1 to 1.
    pub(super) difference: f64,
    /// Where the true difference lies in 95 of 100 such trials, both ends included.
    pub(super) interval: (f64, f64),
}

impl TrialComparison {
    /// Whether the interval leaves out that nudges change nothing.
    pub(super) fn is_told_apart(&self) -> bool {
        self.interval.0 > 0.0 || self.interval.1 < 0.0
    }
}

/// How the trial stands after these calls, the newest first; `None` if no call was in one. A call whose share was not
/// measured, or is in doubt, is left out.
pub(super) fn trial_progress(calls: &[&PastCall]) -> Option<TrialProgress> {
    let in_trial = || calls.iter().filter_map(|call| Some((call.record.trial?, *call)));
    in_trial().next()?;
    let over_target = |call: &PastCall| Some(HistoryFigure::Share.value_in(call)? - call.record.target);
    let measured = in_trial().filter(|(_, call)| !HistoryFigure::Share.is_unsure_in(call));
    let measured = measured.filter_map(|(arm, call)| Some((arm, over_target(call)?)));
    let (nudged, quiet): (Vec<_>, Vec<_>) = measured.take(MAX_COMPARED).partition(|(arm, _)| *arm == TrialArm::Nudged);
    let calls = nudged.len() + quiet.len();
    let [nudged, quiet] = [nudged, quiet].map(|arm| arm.into_iter().map(|(_, over)| over).collect::<Vec<f64>>());
    let compared = if calls < TRIAL_CALLS { None } else { compare(&nudged, &quiet) };
    Some(compared.map_or(TrialProgress::Going { calls }, TrialProgress::Compared))
}

/// `None` if there are too few of either for an interval.
fn compare(nudged: &[f64], quiet: &[f64]) -> Option<TrialComparison> {
    let mut differences: Vec<f64> = nudged.iter().flat_map(|a| quiet.iter().map(move |b| a - b)).collect();
    differences.sort_by(f64::total_cmp);
    let left_out = left_out_on_each_side(nudged.len(), quiet.len())?;
    let last = differences.len() - 1;
    Some(TrialComparison {
        nudged: nudged.len(),
        quiet: quiet.len(),
        difference: (differences[last / 2] + differences[differences.len() / 2]) / 2.0,
        interval: (differences[left_out], differences[last - left_out]),
    })
}

/// How many of the smallest, and as many of the greatest, differences lie outside the interval; `None` if all of them are
/// too few for one.
fn left_out_on_each_side(nudged: usize, quiet: usize) -> Option<usize> {
    let orders = orders_by_statistic(nudged, quiet);
    let all: f64 = orders.iter().sum();
    let mut lower = 0.0;
    let within = |orders: &&f64| {
        lower += **orders;
        lower <= TAIL * all
    };
    orders.iter().take_while(within).count().checked_sub(1)
}

/// In how many orders of so many nudged and quiet calls the statistic of Mann and Whitney is 0, 1, 2, …: how many pairs
/// have the nudged call first.
fn orders_by_statistic(nudged: usize, quiet: usize) -> Vec<f64> {
    // The Gaussian binomial: the product of (1 - q^(quiet + i)) / (1 - q^i) for i from 1 to `nudged`.
    let mut orders = vec![0.0; nudged * quiet + 1];
    orders[0] = 1.0;
    for i in 1..=nudged {
        for at in (quiet + i..orders.len()).rev() {
            orders[at] -= orders[at - quiet - i];
        }
        for at in i..orders.len() {
            orders[at] += orders[at - i];
        }
    }
    orders
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_orders_are_those_of_the_tables() {
        assert_eq!(orders_by_statistic(2, 2), [1.0, 1.0, 2.0, 1.0, 1.0]);
        let five = orders_by_statistic(5, 5);
        assert_eq!(five[..6], [1.0, 1.0, 2.0, 3.0, 5.0, 7.0], "partitions into at most five parts of at most five");
        assert_eq!(five.iter().sum::<f64>(), 252.0, "ten over five");
        let fifty: f64 = orders_by_statistic(50, 50).iter().sum();
        assert!((fifty / 1.008_913_445_455_642e29 - 1.0).abs() < 1e-9, "{fifty}: a hundred over fifty");
    }

    #[test]
    fn the_interval_leaves_out_what_the_test_s_tables_say() {
        // Critical values of the two-sided test at 0.05.
        assert_eq!(
            [(4, 4), (5, 5), (8, 8), (10, 10), (7, 3)].map(|(a, b)| left_out_on_each_side(a, b)),
            [Some(0), Some(2), Some(13), Some(23), Some(1)]
        );
        assert_eq!([(3, 3), (9, 1), (0, 10)].map(|(a, b)| left_out_on_each_side(a, b)), [None; 3]);
    }

    #[test]
    fn ten_calls_are_compared_by_the_median_of_all_their_differences() {
        let shared = |by: f64| [0.10, 0.12, 0.14, 0.16, 0.18].map(|over| over + by);
        let found = compare(&shared(-0.2), &shared(0.0)).unwrap();
        assert!((found.difference + 0.2).abs() < 1e-9 && found.is_told_apart(), "{found:?}");
        let same = compare(&shared(0.0), &shared(0.0)).unwrap();
        assert!(same.difference.abs() < 1e-9 && !same.is_told_apart(), "{same:?}");
        assert!((same.interval.0 + 0.06).abs() < 1e-9 && (same.interval.1 - 0.06).abs() < 1e-9, "{same:?}");
    }
}
