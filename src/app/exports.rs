//! A summary's files, the same for a call that has just ended, one that is read again, and a replay.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use crate::app::AppError;
use crate::language::Language;
use crate::report::summary::prior_calls::{MAX_PRIOR_CALLS, PriorCall};
use crate::report::summary::{MeantFor, PriorCalls, Summary};
use crate::store::{CallFolder, PastCall, Store};

/// The shared summary's file.
const MIRROR: &str = "mirror.html";

/// A call that is over: its summary, and what else its files are made of.
#[derive(Clone, Debug)]
pub struct SummarizedCall {
    /// The call's summary.
    pub summary: Summary,
    /// The manager's own calls before it, which its page shows beside it.
    pub prior_calls: PriorCalls,
    /// The folder of its files, whether it exists yet or not.
    pub folder: PathBuf,
}

impl SummarizedCall {
    /// Writes the summary's files into the folder, which is made if it is not there: `summary.json`, `summary.md`,
    /// `turns.csv`, `transcript.vtt` if words are kept, and `summary.html`; `mirror.html` if there is one already. The words of the page and of the Markdown
    /// are in `language`. Gives the page's path.
    ///
    /// # Errors
    /// When a file cannot be written, or words that are not kept any longer cannot be removed.
    pub fn write_files(&self, language: Language) -> Result<PathBuf, AppError> {
        let folder = CallFolder::create(&self.folder)?;
        folder.write("summary.json", self.summary.json()?.as_bytes())?;
        folder.write("summary.md", self.summary.markdown(language).as_bytes())?;
        folder.write("turns.csv", self.summary.turns_csv().as_bytes())?;
        match self.summary.transcript_vtt() {
            Some(words) => folder.write("transcript.vtt", words.as_bytes()).map(drop)?,
            // Words that an earlier run of the same call kept are not kept any longer.
            None => ensure_removed(&self.folder.join("transcript.vtt"))?,
        }
        // Shared or not, it has the name of the other person, who may be another one by now.
        if self.folder.join(MIRROR).exists() {
            self.write_mirror(language)?;
        }
        self.write_page(language)
    }

    /// Writes `summary.html` alone, and gives its path.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_page(&self, language: Language) -> Result<PathBuf, AppError> {
        Ok(CallFolder::create(&self.folder)?.write("summary.html", self.page(language).as_bytes())?)
    }

    /// Writes the shared mirror, for both who held the call, and gives its path. It is a file; nothing is sent.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_mirror(&self, language: Language) -> Result<PathBuf, AppError> {
        Ok(CallFolder::create(&self.folder)?.write(MIRROR, self.summary.mirror(language).as_bytes())?)
    }

    /// `summary.html` as it is written: one file that needs nothing from outside.
    pub fn page(&self, language: Language) -> String {
        self.summary.page_with_prior_calls(language, &self.prior_calls)
    }
}

/// The manager's own last calls before the call of this name, whoever they were with, the oldest first; and what was meant
/// for it and for the next one.
pub(super) fn prior_calls(store: &Store, id: &str) -> Result<PriorCalls, AppError> {
    let mut calls: Vec<PriorCall> =
        store.calls_before(id, MAX_PRIOR_CALLS)?.into_iter().filter_map(prior_call).collect();
    calls.reverse();
    let meant = store
        .intention_for(id)?
        .and_then(|(intention, chosen_after)| Some(MeantFor { intention, chosen_after: chosen_after.figures? }));
    Ok(PriorCalls { calls, meant, next: store.intention_after(id)? })
}

/// A past call as later pages show it; `None` if it did not come to an end, or says too little.
fn prior_call(call: PastCall) -> Option<PriorCall> {
    call.counts().then_some(())?;
    Some(PriorCall { record: call.record, figures: call.figures? })
}

/// Sees to it that there is no such file.
fn ensure_removed(path: &Path) -> Result<(), AppError> {
    match std::fs::remove_file(path) {
        Err(cause) if cause.kind() != ErrorKind::NotFound => {
            Err(AppError::WordsNotRemoved { path: path.to_owned(), cause })
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
