//! The folder of one call, and a recorded call's `events.jsonl`, which grows while it is replayed.

use std::fs::File;
use std::io::{self, Read as _, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::private_fs;
use crate::session::{Event, Sink};
use crate::store::StoreError;
use crate::time::SampleTime;
use crate::wire;

/// The folder of one call.
#[derive(Clone, Debug)]
pub struct CallFolder {
    path: PathBuf,
}

impl CallFolder {
    /// The names of the files that may be written there.
    pub(super) const FILE_NAMES: [&str; 7] =
        ["events.jsonl", "summary.json", "summary.md", "summary.html", "mirror.html", "turns.csv", "transcript.vtt"];

    /// Makes the folder, or takes the one that is there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn create(path: &Path) -> Result<Self, StoreError> {
        match private_fs::create_folder(path) {
            Ok(()) => Ok(Self { path: path.to_owned() }),
            Err(cause) => Err(StoreError::Folder { path: path.to_owned(), cause }),
        }
    }

    /// The folder's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file whole, or leaves the one that was there. Gives its path.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<PathBuf, StoreError> {
        let path = self.path.join(name);
        match private_fs::write_atomically(&path, content) {
            Ok(()) => Ok(path),
            Err(cause) => Err(StoreError::File { path, cause }),
        }
    }

    /// Writes the whole `events.jsonl` of a call, with the moments at which its events were emitted.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_events(&self, events: &[(SampleTime, Event)]) -> Result<PathBuf, StoreError> {
        let line =
            |(number, (at, event)): (u64, &(SampleTime, Event))| wire::encode_event_line(number, *at, event) + "\n";
        self.write("events.jsonl", (1..).zip(events).map(line).collect::<String>().as_bytes())
    }

    /// Begins the call's `events.jsonl`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn create_events_file(&self) -> Result<EventsFile, StoreError> {
        let path = self.path.join("events.jsonl");
        match private_fs::create_empty(&path) {
            Ok(file) => Ok(EventsFile { path, file, line_ends: Vec::new(), failed: None }),
            Err(cause) => Err(StoreError::File { path, cause }),
        }
    }
}

/// The call's events, a line each, written as they happen: a call that is cut off keeps what it had.
pub struct EventsFile {
    path: PathBuf,
    file: File,
    /// When the event of each line was emitted, and the byte of the file at which the line ends.
    line_ends: Vec<(SampleTime, u64)>,
    failed: Option<io::Error>,
}

impl EventsFile {
    /// Where the last line ends.
    fn end(&self) -> u64 {
        self.line_ends.last().map_or(0, |(_, end)| *end)
    }

    /// A failure is logged once, and returned at the end.
    fn record_failure(&mut self, done: io::Result<()>) {
        if let Err(cause) = done {
            tracing::warn!(path = %self.path.display(), %cause, "events are no longer saved; the call goes on");
            self.failed.get_or_insert(cause);
        }
    }

    /// Ends the file, and gives its path.
    ///
    /// # Errors
    /// When a line could not be written; the call went on without.
    pub fn finish(self) -> Result<PathBuf, StoreError> {
        match self.failed.map_or_else(|| self.file.sync_all(), Err) {
            Ok(()) => Ok(self.path),
            Err(cause) => Err(StoreError::File { path: self.path, cause }),
        }
    }
}

impl Sink for EventsFile {
    fn emit(&mut self, at: SampleTime, event: Event) {
        if self.failed.is_some() {
            return;
        }
        let line = wire::encode_event_line(self.line_ends.len() as u64 + 1, at, &event) + "\n";
        self.line_ends.push((at, self.end() + line.len() as u64));
        let written = self.file.write_all(line.as_bytes());
        self.record_failure(written);
    }

    /// Leaves no byte of what is erased in the file, nor on the disk if the file system writes in place.
    fn erase(&mut self, from: SampleTime) {
        self.line_ends.retain(|(at, _)| *at <= from);
        let cut = erase_from(&mut self.file, self.line_ends.last().map_or(0, |(_, end)| *end));
        self.record_failure(cut);
    }
}

/// What erasing needs of a file.
trait ErasableFile: Write + Seek {
    fn length(&self) -> io::Result<u64>;
    fn sync(&self) -> io::Result<()>;
    fn truncate(&self, to: u64) -> io::Result<()>;
}

impl ErasableFile for File {
    fn length(&self) -> io::Result<u64> {
        Ok(self.metadata()?.len())
    }

    fn sync(&self) -> io::Result<()> {
        self.sync_all()
    }

    fn truncate(&self, to: u64) -> io::Result<()> {
        self.set_len(to)
    }
}

/// Erases a file from the byte `from` on. If that cannot be overwritten, it is cut off all the same.
fn erase_from(file: &mut impl ErasableFile, from: u64) -> io::Result<()> {
    let overwritten = overwrite(file, from);
    file.truncate(from)?;
    file.seek(SeekFrom::Start(from))?;
    file.sync()?;
    overwritten
}

/// Overwrites a file on the disk from the byte `from` on, before the file gives up the place.
fn overwrite(file: &mut impl ErasableFile, from: u64) -> io::Result<()> {
    let length = file.length()?;
    file.seek(SeekFrom::Start(from))?;
    io::copy(&mut io::repeat(0).take(length.saturating_sub(from)), file)?;
    file.sync()
}

#[cfg(test)]
mod tests;
