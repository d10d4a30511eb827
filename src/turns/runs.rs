//! Speech runs of one track: gaps bridged first, then what is too short dropped.

use crate::audio::STEP;
use crate::time::{SampleTime, Samples, Span};

/// A shorter hole is breathing or a stop consonant, not a pause (minimum silence in Heldner & Edlund 2010).
const BRIDGE: Samples = Samples::from_ms(200);

/// A shorter run is a click or a cough's edge.
const SHORTEST: Samples = Samples::from_ms(120);

/// What became certain of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum RunEvent {
    /// It is long enough; it began then.
    Started(SampleTime),
    /// Nothing followed within the bridge.
    Ended(Span),
}

#[derive(Clone, Copy, Debug, Default)]
enum State {
    #[default]
    Quiet,
    /// Speech, too short so far.
    Maybe(Span),
    Speaking(Span),
}

/// The runs of one track.
#[derive(Clone, Default)]
pub(super) struct Runs {
    state: State,
}

impl Runs {
    /// Hears the next 10 ms.
    pub(super) fn step(&mut self, start: SampleTime, speech: bool) -> Option<RunEvent> {
        let end = start + STEP;
        let (state, event) = match (self.state, speech) {
            (State::Quiet, false) => (State::Quiet, None),
            (State::Quiet, true) => (State::Maybe(Span::new(start, end)), None),
            (State::Maybe(span), true) => match Span::new(span.start, end) {
                span if span.len() >= SHORTEST => (State::Speaking(span), Some(RunEvent::Started(span.start))),
                span => (State::Maybe(span), None),
            },
            (State::Maybe(span), false) if end - span.end >= BRIDGE => (State::Quiet, None),
            (State::Speaking(span), true) => (State::Speaking(Span::new(span.start, end)), None),
            (State::Speaking(span), false) if end - span.end >= BRIDGE => (State::Quiet, Some(RunEvent::Ended(span))),
            (unchanged, false) => (unchanged, None),
        };
        self.state = state;
        event
    }

    /// Whether a run is going on.
    pub(super) fn speaking(&self) -> bool {
        matches!(self.state, State::Speaking(_))
    }

    /// Whether there is speech, be it long enough or not, or was within the bridge.
    pub(super) fn voiced(&self) -> bool {
        !matches!(self.state, State::Quiet)
    }

    /// The run that is going on, up to its newest speech.
    pub(super) fn open(&self) -> Option<Span> {
        match self.state {
            State::Speaking(span) => Some(span),
            State::Quiet | State::Maybe(_) => None,
        }
    }

    /// The moment up to which every run's beginning is known.
    pub(super) fn known_until(&self, now: SampleTime) -> SampleTime {
        match self.state {
            State::Maybe(span) => span.start,
            State::Quiet | State::Speaking(_) => now,
        }
    }
}
