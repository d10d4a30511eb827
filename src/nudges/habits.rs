//! How I asked and spoke: silences that I broke too soon (re-grabs), closed questions in a row, pace, and filled pauses
//! (rule 7).
//!
//! All of these are about what I may do the next time, so their moment is that of the talk share: I have just handed
//! over the floor, and the other begins (rule 5).

use crate::nudges::{NudgeInput, NudgeReason, Policy};

#[derive(Clone, Default)]
pub(super) struct HabitRules {
    /// How many re-grabs there were when they were last shown.
    regrabs: u32,
    /// How many closed questions the run held when it was last shown.
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
