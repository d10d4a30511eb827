//! What a call leaves: its files, written before anybody is asked anything.

use std::path::{Path, PathBuf};

use crate::app::{exports, user_language};
use crate::records::CallRecord;
use crate::report::summary::{Perception, PriorCalls, Summary};
use crate::session::{Event, Sink};
use crate::store::{self, CallFolder, EventsFile};
use crate::time::SampleTime;

/// Where a call's events are kept while it goes on.
pub(super) enum JournalTarget {
    /// In the one journal of live calls.
    Store(store::Journal),
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

/// A call that is over, in its files.
pub(super) struct CallResults {
    pub(super) folder: CallFolder,
    pub(super) summary: Summary,
    before: PriorCalls,
    page: PathBuf,
}

impl CallResults {
    /// Writes the summary of a call's events, beside the user's own calls before it.
    pub(super) fn write(
        folder: CallFolder,
        record: &CallRecord,
        events: &[(SampleTime, Event)],
        before: PriorCalls,
    ) -> anyhow::Result<Self> {
        let page = folder.path().join("summary.html");
        let written = Self { folder, summary: Summary::from_journal(record, events, user_language()), before, page };
        written.save()?;
        Ok(written)
    }

    /// Writes the summary again, with what the user took their share to be, beside the calls before it that are still
    /// remembered.
    pub(super) fn set_perceived(&mut self, share: Option<f64>, before: PriorCalls) -> anyhow::Result<()> {
        self.summary.perception = share.map(|share| Perception { share });
        self.before = before;
        self.save()
    }

    /// The page.
    pub(super) fn page(&self) -> &Path {
        &self.page
    }

    /// Writes the shared mirror, and gives it.
    pub(super) fn mirror(&self) -> anyhow::Result<PathBuf> {
        exports::mirror(&self.summary, &self.folder, user_language())
    }

    fn save(&self) -> anyhow::Result<()> {
        exports::write(&self.summary, &self.before, &self.folder).map(drop)
    }
}
