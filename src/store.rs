//! Where a call is kept: a folder of its own that only its owner can read.
//!
//! `events.jsonl` grows while the call runs; the summary joins it at the end.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read as _, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::session::{Event, Sink};
use crate::time::SampleTime;
use crate::wire;

/// Why something could not be kept. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder could not be made.
    #[error("cannot make the folder {path}: {cause}. Choose another with --out", path = .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// A file could not be written.
    #[error(
        "cannot write {path}: {cause}. Free some space or choose another folder with --out",
        path = .path.display()
    )]
    File {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The system has no folder for a user's data.
    #[error("there is no home folder to keep calls in. Set HOME")]
    NoHome,
}

/// The folder of one call.
#[derive(Clone, Debug)]
pub struct CallFolder {
    path: PathBuf,
}

impl CallFolder {
    /// Makes the folder, or takes the one that is there.
    ///
    /// # Errors
    /// When it cannot be made.
    pub fn at(path: &Path) -> Result<Self, StoreError> {
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(|cause| StoreError::Folder { path: path.to_owned(), cause })?;
        Ok(Self { path: path.to_owned() })
    }

    /// Where the folder of a live call belongs: in the platform's place for a user's data. Makes nothing.
    ///
    /// # Errors
    /// When there is no such place.
    pub fn of_call(id: &str) -> Result<PathBuf, StoreError> {
        let dirs = directories::ProjectDirs::from("", "", "keicho").ok_or(StoreError::NoHome)?;
        Ok(dirs.data_dir().join("calls").join(id))
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes a file whole, or leaves the one that was there.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write(&self, name: &str, content: &[u8]) -> Result<PathBuf, StoreError> {
        let path = self.path.join(name);
        let unfinished = self.path.join(format!("{name}.part"));
        let written = create(&unfinished)
            .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
            .and_then(|()| fs::rename(&unfinished, &path));
        written.map(|()| path.clone()).map_err(|cause| StoreError::File { path, cause })
    }

    /// Begins the call's `events.jsonl`.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn journal(&self) -> Result<JournalFile, StoreError> {
        let path = self.path.join("events.jsonl");
        match create(&path) {
            Ok(file) => Ok(JournalFile { path, file, ends: Vec::new(), failed: None }),
            Err(cause) => Err(StoreError::File { path, cause }),
        }
    }
}

/// A new, empty file that only its owner can read.
fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// The call's events, a line each, written as they happen: a call that is cut off keeps what it had.
pub struct JournalFile {
    path: PathBuf,
    file: File,
    /// When each line was told, and where in the file it ends.
    ends: Vec<(SampleTime, u64)>,
    failed: Option<io::Error>,
}

impl JournalFile {
    /// Where the last line ends.
    fn end(&self) -> u64 {
        self.ends.last().map_or(0, |(_, end)| *end)
    }

    /// Forgets what stands in the file from there on.
    fn cut(&mut self, from: u64) -> io::Result<()> {
        let length = self.file.metadata()?.len();
        self.file.seek(SeekFrom::Start(from))?;
        io::copy(&mut io::repeat(0).take(length.saturating_sub(from)), &mut self.file)?;
        // On the disk too, before the file forgets the place.
        self.file.sync_all()?;
        self.file.set_len(from)?;
        self.file.seek(SeekFrom::Start(from))?;
        self.file.sync_all()
    }

    /// What fails is told once, and again at the end.
    fn note(&mut self, done: io::Result<()>) {
        if let Err(cause) = done {
            tracing::warn!(path = %self.path.display(), %cause, "events are no longer saved; the call goes on");
            self.failed.get_or_insert(cause);
        }
    }

    /// Ends it.
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

impl Sink for JournalFile {
    fn emit(&mut self, at: SampleTime, event: Event) {
        if self.failed.is_some() {
            return;
        }
        let line = wire::line(self.ends.len() as u64 + 1, at, &event) + "\n";
        self.ends.push((at, self.end() + line.len() as u64));
        let written = self.file.write_all(line.as_bytes());
        self.note(written);
    }

    /// Leaves no byte of it in the file; on a file system that writes in place, none on the disk either.
    fn erase(&mut self, from: SampleTime) {
        self.ends.retain(|(at, _)| *at <= from);
        let cut = self.cut(self.end());
        self.note(cut);
    }
}

#[cfg(test)]
mod tests;
