//! The shape of a whole conversation: who led it, and whether that changed.

use serde::Serialize;
use strum::IntoStaticStr;

use crate::audio::{PerTrack, Track};
use crate::time::{SampleTime, Samples, Span};

/// A window …
const WINDOW: Samples = Samples::from_secs(150);

/// … and from one to the next (talk-time sharing in ConvoKit, arXiv 2506.20474).
const WINDOW_HOP: Samples = Samples::from_secs(30);

/// A window is one side's if that side has more than this share of its talk (ConvoKit, arXiv 2506.20474).
const LEAD_SHARE: f64 = 0.60;

/// A call of fewer windows has no shape.
const MIN_WINDOWS: usize = 5;

/// How the talk was shared over a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, IntoStaticStr)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Shape {
    /// One side leads in three of four windows or more.
    Dominating,
    /// Each side leads in more than a quarter of the windows.
    Alternating,
    /// Neither leads in six of ten windows or more.
    BackAndForth,
    /// None of these.
    Mixed,
}

impl Shape {
    /// The shape of a call up to `end`, from all talk of each track, backchannels left out. Windows in which nobody
    /// talks count for none; `None` under 5 windows.
    pub fn from_talk(talk: PerTrack<&[Span]>, end: SampleTime) -> Option<Self> {
        let starts = (0..).map(|window| SampleTime::ZERO + Samples::new(window * WINDOW_HOP.count()));
        let windows = starts.map(|start| Span::new(start, start + WINDOW)).take_while(|window| window.end <= end);
        let leads: Vec<Option<Track>> = windows.filter_map(|window| leader_in(talk, window)).collect();
        let part = |leader| leads.iter().filter(|lead| **lead == leader).count() as f64 / leads.len() as f64;
        let (me, them, balanced) = (part(Some(Track::Me)), part(Some(Track::Them)), part(None));
        match leads.len() {
            few if few < MIN_WINDOWS => None,
            _ if me.max(them) >= 0.75 => Some(Self::Dominating),
            _ if me.min(them) > 0.25 => Some(Self::Alternating),
            _ if balanced >= 0.60 => Some(Self::BackAndForth),
            _ => Some(Self::Mixed),
        }
    }

    /// How many windows a call of this length has.
    pub fn window_count(end: SampleTime) -> u64 {
        let length = (end - SampleTime::ZERO).count();
        length.checked_sub(WINDOW.count()).map_or(0, |rest| rest / WINDOW_HOP.count() + 1)
    }
}

/// Who leads in the window, if one does; nothing if nobody talks.
fn leader_in(talk: PerTrack<&[Span]>, window: Span) -> Option<Option<Track>> {
    let inside = |runs: &[Span]| {
        let first = runs.partition_point(|run| run.end <= window.start);
        let runs = runs[first..].iter().take_while(|run| run.start < window.end);
        runs.map(|run| run.intersection(window).len()).sum::<Samples>()
    };
    let talk = talk.map(inside);
    let me = talk.me.fraction_of(talk.me + talk.them)?;
    Some(match me {
        me if me > LEAD_SHARE => Some(Track::Me),
        me if me < 1.0 - LEAD_SHARE => Some(Track::Them),
        _ => None,
    })
}

#[cfg(test)]
mod tests;
