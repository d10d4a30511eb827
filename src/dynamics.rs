//! How the conversation goes, as figures: talk time and share, overlap, counts.
//!
//! Every figure is derived from settled events and the runs that are going on, so a verdict that changes shows
//! everywhere. Knows no clock and no text.

pub mod words;

use std::collections::VecDeque;

use crate::audio::{PerTrack, Track};
use crate::time::{SampleTime, Samples, Span};
use crate::turns::{TurnEvent, Turns};

/// The window of the recent talk share.
pub const RECENT: Samples = Samples::from_secs(300);

/// A shorter monologue is not worth telling: the first tier of the nudges.
pub const LONG_MONOLOGUE: Samples = Samples::from_secs(60);

/// A speech run that is over.
#[derive(Clone, Copy, Debug)]
struct Run {
    span: Span,
    backchannel: bool,
}

/// The ledger of a call.
#[derive(Default)]
pub struct Dynamics {
    runs: PerTrack<VecDeque<Run>>,
    /// Talk time of runs that are no longer in `runs`.
    before: PerTrack<Samples>,
    backchannels: PerTrack<u32>,
    interruptions: PerTrack<u32>,
    silences: u32,
}

impl Dynamics {
    /// Hears what became certain.
    pub fn hear(&mut self, event: &TurnEvent) {
        match *event {
            TurnEvent::Run { track, span } => {
                self.runs[track].push_back(Run { span, backchannel: false });
                self.forget(span.end);
            }
            TurnEvent::Backchannel { by, span } => {
                self.backchannels[by] += 1;
                let inside = self.runs[by].iter_mut().filter(|run| !run.span.overlap(span).is_empty());
                inside.for_each(|run| run.backchannel = true);
            }
            TurnEvent::Interruption { by, .. } => self.interruptions[by] += 1,
            TurnEvent::Silence { .. } => self.silences += 1,
            _ => {}
        }
    }

    /// Talk time of a track: its runs, backchannels left out, and the run that is going on.
    pub fn talk(&self, track: Track, turns: &Turns) -> Samples {
        self.settled_talk(track) + turns.open_run(track).map_or(Samples::ZERO, Span::len)
    }

    /// Talk time of a track's finished runs, backchannels left out.
    pub fn settled_talk(&self, track: Track) -> Samples {
        let talk = self.runs[track].iter().filter(|run| !run.backchannel).map(|run| run.span.len());
        self.before[track] + talk.sum()
    }

    /// My share of the talk of the call so far, 0 to 1; `None` before anybody spoke.
    pub fn share(&self, turns: &Turns) -> Option<f64> {
        share(PerTrack::from_fn(|track| self.talk(track, turns)))
    }

    /// My share of the talk of the last [`RECENT`], 0 to 1; `None` where nobody spoke in it.
    pub fn recent_share(&self, turns: &Turns, now: SampleTime) -> Option<f64> {
        let window = Span::new(now.back(RECENT), now);
        share(PerTrack::from_fn(|track| {
            let runs = self.runs[track].iter().filter(|run| !run.backchannel).map(|run| run.span);
            runs.chain(turns.open_run(track)).map(|run| run.overlap(window).len()).sum()
        }))
    }

    /// Backchannels given by each track.
    pub fn backchannels(&self) -> PerTrack<u32> {
        self.backchannels
    }

    /// Interruptions by each track.
    pub fn interruptions(&self) -> PerTrack<u32> {
        self.interruptions
    }

    /// Mutual silences.
    pub fn silences(&self) -> u32 {
        self.silences
    }

    /// Moves runs that have left the recent window, with room for late verdicts, into the sum.
    fn forget(&mut self, now: SampleTime) {
        let keep_from = now.back(RECENT + RECENT);
        for track in Track::BOTH {
            while let Some(run) = self.runs[track].front()
                && run.span.end < keep_from
            {
                if !run.backchannel {
                    self.before[track] += run.span.len();
                }
                self.runs[track].pop_front();
            }
        }
    }
}

/// My part of both talk times, 0 to 1. Overlap counts for both, silence for none.
pub fn share(talk: PerTrack<Samples>) -> Option<f64> {
    talk.me.ratio_of(talk.me + talk.them)
}

#[cfg(test)]
mod tests;
