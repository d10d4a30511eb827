//! What a call leaves: its files, written before anybody is asked anything.

use std::path::{Path, PathBuf};

use crate::cli::{exports, own_language};
use crate::session::{Event, Sink};
use crate::store::{self, CallFolder, JournalFile};
use crate::summary::{Before, CallInfo, Perception, Summary};
use crate::time::SampleTime;

/// Where a call's events are kept while it goes on.
pub(super) enum Keeping {
    /// In the one journal of live calls.
    Book(store::Journal),
    /// In the `events.jsonl` of a recorded call.
    File(JournalFile),
}

impl Keeping {
    pub(super) fn sink(&mut self) -> &mut dyn Sink {
        match self {
            Self::Book(journal) => journal,
            Self::File(file) => file,
        }
    }
}

/// A call that is over, in its files.
pub(super) struct Results {
    pub(super) folder: CallFolder,
    pub(super) summary: Summary,
    before: Before,
    page: PathBuf,
}

impl Results {
    /// Writes the summary of a call's events, beside the user's own calls before it.
    pub(super) fn write(
        folder: CallFolder,
        info: &CallInfo,
        events: &[(SampleTime, Event)],
        before: Before,
    ) -> anyhow::Result<Self> {
        let page = folder.path().join("summary.html");
        let written = Self { folder, summary: Summary::of(info, events, own_language()), before, page };
        written.save()?;
        Ok(written)
    }

    /// Writes the summary again, with what the user took their share to be, beside the calls before it that are still
    /// remembered.
    pub(super) fn perceived(&mut self, share: Option<f64>, before: Before) -> anyhow::Result<()> {
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
        exports::mirror(&self.summary, &self.folder, own_language())
    }

    fn save(&self) -> anyhow::Result<()> {
        exports::write(&self.summary, &self.before, &self.folder).map(drop)
    }
}
