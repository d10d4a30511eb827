//! Speech runs of one track: gaps bridged first, then what is too short dropped.

use crate::audio::BLOCK_DURATION;
use crate::time::{SampleTime, Samples, Span};

/// A shorter hole is breathing or a stop consonant, not a pause (minimum silence in Heldner & Edlund 2010).
pub(super) const BRIDGE: Samples = Samples::from_ms(200);

/// A shorter run is a click or a cough's edge.
const MIN_RUN: Samples = Samples::from_ms(120);

/// What became certain of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunEvent {
    /// It is long enough; it began then.
    Started(SampleTime),
    /// Nothing followed within the bridge.
    Ended(Span),
}

#[derive(Clone, Copy, Debug, Default)]
enum RunState {
    #[default]
    Quiet,
    /// Speech, too short so far.
    Unconfirmed(Span),
    Speaking(Span),
}

/// The runs of one track.
#[derive(Clone, Default)]
pub(super) struct Runs {
    state: RunState,
}

impl Runs {
    /// Takes the next 10 ms.
    pub(super) fn step(&mut self, start: SampleTime, speech: bool) -> Option<RunEvent> {
        let end = start + BLOCK_DURATION;
        let (state, event) = match (self.state, speech) {
            (RunState::Quiet, false) => (RunState::Quiet, None),
            (RunState::Quiet, true) => (RunState::Unconfirmed(Span::new(start, end)), None),
            (RunState::Unconfirmed(span), true) => match Span::new(span.start, end) {
                span if span.len() >= MIN_RUN => (RunState::Speaking(span), Some(RunEvent::Started(span.start))),
                span => (RunState::Unconfirmed(span), None),
            },
            (RunState::Unconfirmed(span), false) if end - span.end >= BRIDGE => (RunState::Quiet, None),
            (RunState::Speaking(span), true) => (RunState::Speaking(Span::new(span.start, end)), None),
            (RunState::Speaking(span), false) if end - span.end >= BRIDGE => {
                (RunState::Quiet, Some(RunEvent::Ended(span)))
            }
            (unchanged, false) => (unchanged, None),
        };
        self.state = state;
        event
    }

    /// Whether a run is going on.
    pub(super) fn speaking(&self) -> bool {
        matches!(self.state, RunState::Speaking(_))
    }

    /// Whether there is speech, be it long enough or not, or was within the bridge.
    pub(super) fn voiced(&self) -> bool {
        !matches!(self.state, RunState::Quiet)
    }

    /// The run that is going on, up to its newest speech.
    pub(super) fn open_run(&self) -> Option<Span> {
        match self.state {
            RunState::Speaking(span) => Some(span),
            RunState::Quiet | RunState::Unconfirmed(_) => None,
        }
    }

    /// The moment up to which every run's beginning is known.
    pub(super) fn known_until(&self, now: SampleTime) -> SampleTime {
        match self.state {
            RunState::Unconfirmed(span) => span.start,
            RunState::Quiet | RunState::Speaking(_) => now,
        }
    }
}
