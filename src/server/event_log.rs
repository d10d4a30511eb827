//! A call's events in memory. Most of them are of the floor, and small: the few that take more room lie apart, so that a call
//! of hours takes a third of what a plain list of them would.

use crate::asr::Heard;
use crate::session::Event;
use crate::time::SampleTime;
use crate::turns::TurnEvent;

/// For how many more events there is room at a time, ten minutes of a call: twice the room, as lists grow by themselves,
/// would be for hours that do not come.
const ROOM: usize = 1_024;

/// The events in their order, and when each was emitted.
#[derive(Default)]
pub(super) struct EventLog {
    entries: Vec<LogEntry>,
}

enum LogEntry {
    Turn(SampleTime, TurnEvent),
    /// An utterance, of which there are more than of all others; the largest of these has twice its size.
    Heard(Box<(SampleTime, Heard)>),
    Other(Box<(SampleTime, Event)>),
}

impl EventLog {
    /// How many there are.
    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    /// Something happened.
    pub(super) fn push(&mut self, at: SampleTime, event: Event) {
        if self.entries.len() == self.entries.capacity() {
            self.entries.reserve_exact(ROOM);
        }
        self.entries.push(match event {
            Event::Turn(turn) => LogEntry::Turn(at, turn),
            Event::Heard(heard) => LogEntry::Heard(Box::new((at, heard))),
            other => LogEntry::Other(Box::new((at, other))),
        });
    }

    /// Erases what was emitted after this moment.
    pub(super) fn erase_after(&mut self, from: SampleTime) {
        self.entries.retain(|entry| entry.at() <= from);
    }

    /// Copies of all but the first `known` of them.
    pub(super) fn after(&self, known: usize) -> impl Iterator<Item = (SampleTime, Event)> {
        self.entries.iter().skip(known).map(|entry| match entry {
            LogEntry::Turn(at, turn) => (*at, Event::Turn(turn.clone())),
            LogEntry::Heard(heard) => (heard.0, Event::Heard(heard.1.clone())),
            LogEntry::Other(other) => (**other).clone(),
        })
    }
}

impl LogEntry {
    fn at(&self) -> SampleTime {
        match self {
            Self::Turn(at, _) => *at,
            Self::Heard(heard) => heard.0,
            Self::Other(other) => other.0,
        }
    }
}
