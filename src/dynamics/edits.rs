//! What a change did to the facts of a call, so that it can be undone without a copy of the whole call.

use std::sync::Arc;

use super::Dynamics;
use crate::asr::Heard;
use crate::audio::Track;
use crate::time::{SampleTime, Span};
use crate::turns::TurnEvent;

/// One thing that was done to one list of facts.
#[derive(Clone, Debug)]
pub(super) enum Edit {
    EventAdded { place: usize },
    EventRemoved { place: usize, event: TurnEvent },
    RunAdded { track: Track, place: usize },
    RunRemoved { track: Track, place: usize, run: Span },
    HeardAdded { place: usize },
    HeardRemoved { place: usize, heard: Arc<Heard> },
    GapAdded,
    GapGrown { end_before: SampleTime },
}

/// What one change did, in the order in which it did it.
#[derive(Clone, Debug, Default)]
pub struct Edits(Vec<Edit>);

impl Dynamics {
    /// Makes a change, and gives what undoes it: see [`Dynamics::undo`].
    pub fn with_edits(&mut self, change: impl FnOnce(&mut Self)) -> Edits {
        self.edits = Some(Edits::default());
        change(self);
        self.edits.take().unwrap_or_default()
    }

    /// Brings the facts back to how they stood before these changes, of which the last is given first and nothing came after
    /// it. What is derived of them is derived anew.
    pub fn undo<'a>(&mut self, changes: impl IntoIterator<Item = &'a Edits>) {
        for edit in changes.into_iter().flat_map(|change| change.0.iter().rev()) {
            self.undo_edit(edit.clone());
        }
        self.utterances.recount();
        self.derive_all();
    }

    fn undo_edit(&mut self, edit: Edit) {
        match edit {
            Edit::EventAdded { place } => drop(self.turn_events.remove(place)),
            Edit::EventRemoved { place, event } => self.turn_events.insert(place, event),
            Edit::RunAdded { track, place } => drop(self.runs[track].remove(place)),
            Edit::RunRemoved { track, place, run } => self.runs[track].insert(place, run),
            Edit::HeardAdded { place } => self.utterances.take_out(place),
            Edit::HeardRemoved { place, heard } => self.utterances.put_back(place, heard),
            Edit::GapAdded => drop(self.gaps.pop()),
            Edit::GapGrown { end_before } => {
                if let Some(gap) = self.gaps.last_mut() {
                    gap.end = end_before;
                }
            }
        }
    }

    pub(super) fn note(&mut self, edit: Edit) {
        if let Some(edits) = &mut self.edits {
            edits.0.push(edit);
        }
    }
}

/// Removes what matches from a list, the last first; gives what was removed, and from which place.
pub(super) fn remove_where<T>(list: &mut Vec<T>, matches: impl Fn(&T) -> bool) -> Vec<(usize, T)> {
    let places = (0..list.len()).rev().filter(|place| list.get(*place).is_some_and(&matches)).collect::<Vec<_>>();
    places.into_iter().map(|place| (place, list.remove(place))).collect()
}
