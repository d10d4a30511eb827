//! What a call leaves: its files, written before anybody is asked anything.

use std::path::{Path, PathBuf};

use crate::cli::own_language;
use crate::session::Event;
use crate::store::CallFolder;
use crate::summary::{CallInfo, Perception, Summary};
use crate::time::SampleTime;

/// A call that is over, in its files.
pub(super) struct Results {
    folder: CallFolder,
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

    fn save(&self) -> anyhow::Result<()> {
        let language = own_language();
        self.folder.write("summary.json", self.summary.json()?.as_bytes())?;
        self.folder.write("summary.md", self.summary.markdown(language).as_bytes())?;
        self.folder.write("summary.html", self.summary.page(language).as_bytes())?;
        Ok(())
    }
}
