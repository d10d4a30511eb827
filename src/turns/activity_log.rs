//! Who spoke in each 10 ms of the newest seconds. A call is remembered as it stood every few seconds, with this in it: steps that are
//! alike are kept as one run, so that a thousand of them are some tens.

use std::collections::VecDeque;

use crate::audio::{BLOCK_DURATION, PerTrack};
use crate::time::{SampleTime, Samples};
use crate::turns::SpeechActivity;

/// Steps, the oldest first; each follows the one before.
#[derive(Clone, Default)]
pub(super) struct ActivityLog {
    /// When the oldest began.
    start: SampleTime,
    runs: VecDeque<ActivityRun>,
}

/// Steps in a row that are alike.
#[derive(Clone, Copy)]
struct ActivityRun {
    /// At least one.
    steps: u32,
    speech: PerTrack<bool>,
    lost: PerTrack<bool>,
}

impl ActivityLog {
    pub(super) fn push(&mut self, step: &SpeechActivity) {
        if self.runs.is_empty() {
            self.start = step.start;
        }
        let alike = |run: &&mut ActivityRun| (run.speech, run.lost) == (step.speech, step.lost);
        match self.runs.back_mut().filter(alike) {
            Some(run) => run.steps += 1,
            None => self.runs.push_back(ActivityRun { steps: 1, speech: step.speech, lost: step.lost }),
        }
    }

    /// Takes the oldest step out if it began before this moment.
    pub(super) fn pop_before(&mut self, from: SampleTime) -> Option<SpeechActivity> {
        let run = self.runs.front_mut().filter(|_| self.start < from)?;
        let step = SpeechActivity { start: self.start, speech: run.speech, lost: run.lost };
        run.steps -= 1;
        if run.steps == 0 {
            self.runs.pop_front();
        }
        self.start += BLOCK_DURATION;
        Some(step)
    }

    pub(super) fn steps(&self) -> impl Iterator<Item = SpeechActivity> {
        let all = self.runs.iter().flat_map(|run| (0..run.steps).map(|_| *run));
        all.enumerate().map(|(at, run)| {
            let start = self.start + Samples::new(at as u64 * BLOCK_DURATION.count());
            SpeechActivity { start, speech: run.speech, lost: run.lost }
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::doubles::random::Random;

    #[test]
    fn what_was_put_in_comes_out_from_any_moment_on() {
        let mut random = Random::new(7);
        let (mut log, mut all) = (ActivityLog::default(), VecDeque::new());
        let mut step =
            SpeechActivity { start: SampleTime::from_ms(230), speech: PerTrack::default(), lost: PerTrack::default() };
        for _ in 0..2_000 {
            if random.below(10) == 0 {
                step.speech.me = !step.speech.me;
            }
            if random.below(30) == 0 {
                step.lost.them = !step.lost.them;
            }
            log.push(&step);
            all.push_back(step);
            step.start += BLOCK_DURATION;
            while let Some(oldest) = log.pop_before(step.start.saturating_sub(Samples::from_secs(4))) {
                assert_eq!(Some(oldest), all.pop_front());
            }
            assert!(all.front().is_none_or(|oldest| step.start - oldest.start <= Samples::from_secs(4)));
        }
        assert_eq!(log.steps().collect::<VecDeque<_>>(), all);
        assert!(log.runs.len() < all.len() / 2);
        while log.pop_before(step.start).is_some() {}
        assert_eq!(log.steps().count(), 0);
    }
}
