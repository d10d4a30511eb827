//! Where a call's events are kept while it goes on.

use crate::session::Sink;
use crate::store::{EventsFile, Journal};

/// Where a call's events are kept while it goes on.
pub(super) enum JournalTarget {
    /// In the one journal of live calls.
    Store(Journal),
    /// In the `events.jsonl` of a recorded call.
    File(EventsFile),
}

impl JournalTarget {
    pub(super) fn sink(&mut self) -> &mut dyn Sink {
        match self {
            Self::Store(journal) => journal,
            Self::File(file) => file,
        }
    }
}
