//! Sums over a call's journal.

use crate::audio::{PerTrack, Track};
use crate::dynamics;
use crate::echo::Leak;
use crate::session::Event;
use crate::time::{SampleTime, Samples, Span};
use crate::turns::TurnEvent;

/// What the events of a call add up to.
pub(super) struct Figures {
    pub(super) duration: SampleTime,
    /// Every speech run, in order.
    pub(super) runs: PerTrack<Vec<Span>>,
    /// Talk time, backchannels left out.
    pub(super) talk: PerTrack<Samples>,
    pub(super) lost: PerTrack<Samples>,
    pub(super) leak: Leak,
}

impl Figures {
    pub(super) fn of(journal: &[(SampleTime, Event)]) -> Self {
        let mut figures = Self {
            duration: SampleTime::ZERO,
            runs: PerTrack::default(),
            talk: PerTrack::default(),
            lost: PerTrack::default(),
            leak: Leak::default(),
        };
        let mut ledger = dynamics::Dynamics::default();
        for (at, event) in journal {
            match event {
                Event::Turn(turn) => {
                    ledger.hear(turn);
                    if let TurnEvent::Run { track, span } = turn {
                        figures.runs[*track].push(*span);
                    }
                }
                Event::Lost { track, span } => figures.lost[*track] += span.len(),
                Event::Ended { leak } => (figures.duration, figures.leak) = (*at, *leak),
                Event::Nudge(_) | Event::NudgeWithdrawn(_) | Event::Heard(_) | Event::Leak(_) | Event::Notice(_) => {}
            }
        }
        figures.talk = PerTrack::from_fn(|track| ledger.settled_talk(track));
        figures
    }

    /// My share of both talk times.
    pub(super) fn share(&self) -> Option<f64> {
        dynamics::share(self.talk)
    }

    /// All speech of each track.
    pub(super) fn speech_time(&self) -> PerTrack<Samples> {
        PerTrack::from_fn(|track: Track| self.runs[track].iter().map(|run| run.len()).sum())
    }

    /// How long both spoke.
    pub(super) fn overlap(&self) -> Samples {
        let mut sum = Samples::ZERO;
        let mut theirs = self.runs.them.iter().peekable();
        for mine in &self.runs.me {
            while let Some(run) = theirs.peek() {
                sum += mine.overlap(**run).len();
                if run.end > mine.end {
                    break;
                }
                theirs.next();
            }
        }
        sum
    }

    /// How long neither spoke.
    pub(super) fn silence(&self) -> Samples {
        let speech = self.speech_time();
        let spoken = (speech.me + speech.them).saturating_sub(self.overlap());
        (self.duration - SampleTime::ZERO).saturating_sub(spoken)
    }
}
