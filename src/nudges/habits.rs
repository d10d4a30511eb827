//! How I asked and spoke: re-grabbed silences, closed questions in a row, pace, filled pauses (rule 7).
//!
//! All of these speak of what I may do the next time, so their moment is the one of the talk share: I have just handed
//! over, and they begin.

use crate::nudges::{NudgeInput, NudgeReason, Policy};

#[derive(Clone, Default)]
pub(super) struct HabitRules {
    /// Re-grabs that were told.
    regrabs: u32,
    /// How long the closed run was that was told.
    closed_run: u32,
}

impl HabitRules {
    pub(super) fn observe(&mut self, moment: &NudgeInput) {
        if moment.handed_over {
            // A text that came late may have changed both.
            self.regrabs = self.regrabs.min(moment.habits.regrabs.map_or(0, |regrabs| regrabs.count));
            let run = moment.habits.closed_run.map_or(0, |(count, _)| count);
            if run < self.closed_run {
                self.closed_run = 0;
            }
        }
    }

    /// The reasons to show something, if this is the moment.
    pub(super) fn due(&self, policy: &Policy, moment: &NudgeInput) -> [Option<NudgeReason>; 4] {
        if !moment.just_handed_over() {
            return [None; 4];
        }
        let spoken = &moment.habits;
        let regrabs = spoken.regrabs.filter(|regrabs| regrabs.count - self.regrabs >= policy.regrabs);
        let run = spoken.closed_run.filter(|(count, last)| {
            *count >= self.closed_run + policy.closed_run && moment.now - *last <= policy.closed_run_within
        });
        let pace = spoken.pace.filter(|relative| *relative >= 1.0 + policy.pace_over);
        let fillers = spoken.fillers.filter(|fillers| fillers.count >= policy.fillers);
        [
            run.map(|(count, _)| NudgeReason::ClosedRun { count }),
            regrabs.map(NudgeReason::Regrab),
            pace.map(|relative| NudgeReason::Pace { relative }),
            fillers.map(NudgeReason::Fillers),
        ]
    }

    pub(super) fn mark_shown(&mut self, why: &NudgeReason) {
        match why {
            NudgeReason::Regrab(regrabs) => self.regrabs = regrabs.count,
            NudgeReason::ClosedRun { count } => self.closed_run = *count,
            _ => {}
        }
    }
}
