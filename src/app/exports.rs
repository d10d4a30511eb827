//! A summary's files, the same for a call that has just ended, one that is read again, and a replay.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use anyhow::Context;

use crate::app::user_language;
use crate::language::Language;
use crate::report::summary::Summary;
use crate::report::summary::prior_calls::{MAX_PRIOR_CALLS, PriorCall, PriorCalls};
use crate::store::{CallFolder, PastCall, Store};

/// Writes a summary's files; gives the page.
pub(crate) fn write(summary: &Summary, before: &PriorCalls, folder: &CallFolder) -> anyhow::Result<PathBuf> {
    let language = user_language();
    folder.write("summary.json", summary.json()?.as_bytes())?;
    folder.write("summary.md", summary.markdown(language).as_bytes())?;
    folder.write("turns.csv", summary.turns_csv().as_bytes())?;
    match summary.transcript_vtt() {
        Some(words) => folder.write("transcript.vtt", words.as_bytes()).map(drop)?,
        // Words that an earlier run of the same call kept are not kept any longer.
        None => ensure_removed(&folder.path().join("transcript.vtt"))?,
    }
    page(summary, before, folder)
}

/// Writes the page alone.
pub(crate) fn page(summary: &Summary, before: &PriorCalls, folder: &CallFolder) -> anyhow::Result<PathBuf> {
    Ok(folder.write("summary.html", summary.page_with_prior_calls(user_language(), before).as_bytes())?)
}

/// Writes the shared mirror, for both who held the call; it is a file, and nothing is sent.
pub(crate) fn mirror(summary: &Summary, folder: &CallFolder, language: Language) -> anyhow::Result<PathBuf> {
    Ok(folder.write("mirror.html", summary.mirror(language).as_bytes())?)
}

/// The user's own last calls before this one, whoever they were with.
pub(crate) fn prior_calls(store: &Store, id: &str) -> anyhow::Result<PriorCalls> {
    let mut calls: Vec<PriorCall> = store.calls_before(id, MAX_PRIOR_CALLS)?.iter().filter_map(prior_call).collect();
    calls.reverse();
    Ok(PriorCalls { calls })
}

fn prior_call(call: &PastCall) -> Option<PriorCall> {
    let figures = call.figures.as_ref()?;
    Some(PriorCall {
        started_at: call.start.started_at.clone(),
        share: figures.share,
        longest_ms: figures.longest_turn_ms,
        wait_ms: figures.wait_ms,
        listening_per_min: figures.backchannels_per_min,
    })
}

/// Sees to it that there is no such file.
fn ensure_removed(path: &Path) -> anyhow::Result<()> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != ErrorKind::NotFound => {
            Err(error).with_context(|| format!("cannot remove {}, which holds words that are not kept", path.display()))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests;
