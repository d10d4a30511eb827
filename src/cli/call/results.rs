//! What a call leaves: its files, written before anybody is asked anything.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::cli::own_language;
use crate::session::{Event, Sink};
use crate::store::{self, CallFolder, JournalFile};
use crate::summary::{CallInfo, Perception, Summary};
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
    page: PathBuf,
}

impl Results {
    /// Writes the summary of a call's events.
    pub(super) fn write(folder: CallFolder, info: &CallInfo, events: &[(SampleTime, Event)]) -> anyhow::Result<Self> {
        let page = folder.path().join("summary.html");
        let written = Self { folder, summary: Summary::of(info, events, own_language()), page };
        written.save()?;
        Ok(written)
    }

    /// Writes the summary again, with what the user took their share to be.
    pub(super) fn perceived(&mut self, share: Option<f64>) -> anyhow::Result<()> {
        self.summary.perception = share.map(|share| Perception { share });
        self.save()
    }

    /// The page.
    pub(super) fn page(&self) -> &Path {
        &self.page
    }

    /// Writes the shared mirror, for both who held the call; it is a file, and nothing is sent.
    pub(super) fn mirror(&self) -> anyhow::Result<PathBuf> {
        Ok(self.folder.write("mirror.html", self.summary.mirror(own_language()).as_bytes())?)
    }

    fn save(&self) -> anyhow::Result<()> {
        let language = own_language();
        self.folder.write("summary.json", self.summary.json()?.as_bytes())?;
        self.folder.write("summary.md", self.summary.markdown(language).as_bytes())?;
        self.folder.write("summary.html", self.summary.page(language).as_bytes())?;
        self.folder.write("turns.csv", self.summary.turns_csv().as_bytes())?;
        match self.summary.transcript_vtt() {
            Some(words) => self.folder.write("transcript.vtt", words.as_bytes()).map(drop)?,
            // Words that an earlier run of the same call kept are not kept any longer.
            None => gone(&self.folder.path().join("transcript.vtt"))?,
        }
        Ok(())
    }
}

/// Sees to it that there is no such file.
fn gone(path: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}, which holds words that are not kept", path.display()))
        }
        _ => Ok(()),
    }
}
