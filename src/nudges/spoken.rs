//! How I asked and spoke: re-grabbed silences, closed questions in a row, pace, filled pauses (rule 7).
//!
//! All of these speak of what I may do the next time, so their moment is the one of the talk share: I have just handed
//! over, and they begin.

use crate::nudges::{Moment, Policy, Why};

#[derive(Clone, Default)]
pub(super) struct SpokenRules {
    /// Re-grabs that were told.
    regrabs: u32,
    /// How long the closed run was that was told.
    closed_run: u32,
}

impl SpokenRules {
    pub(super) fn learn(&mut self, moment: &Moment) {
        if moment.handed_over {
            // A text that came late may have changed both.
            self.regrabs = self.regrabs.min(moment.spoken.regrabs.map_or(0, |regrabs| regrabs.count));
            let run = moment.spoken.closed_run.map_or(0, |(count, _)| count);
            if run < self.closed_run {
                self.closed_run = 0;
            }
        }
    }

    /// The reasons to show something, if this is the moment.
    pub(super) fn due(&self, policy: &Policy, moment: &Moment) -> [Option<Why>; 4] {
        if !moment.is_theirs_now() {
            return [None; 4];
        }
        let spoken = &moment.spoken;
        let regrabs = spoken.regrabs.filter(|regrabs| regrabs.count - self.regrabs >= policy.regrabs);
        let run = spoken.closed_run.filter(|(count, last)| {
            *count >= self.closed_run + policy.closed_run && moment.now - *last <= policy.closed_run_within
        });
        let pace = spoken.pace.filter(|relative| *relative >= 1.0 + policy.pace_over);
        let fillers = spoken.fillers.filter(|fillers| fillers.count >= policy.fillers);
        [
            run.map(|(count, _)| Why::ClosedRun { count }),
            regrabs.map(Why::Regrab),
            pace.map(|relative| Why::Pace { relative }),
            fillers.map(Why::Fillers),
        ]
    }

    pub(super) fn show(&mut self, why: &Why) {
        match why {
            Why::Regrab(regrabs) => self.regrabs = regrabs.count,
            Why::ClosedRun { count } => self.closed_run = *count,
            _ => {}
        }
    }
}
