//! Bringing a model here. Nothing stands at its final place before all of it was checked.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use super::curl::{Curl, CurlError};
use super::error::ModelError;
use super::manifest::{Model, Url};
use super::weights::check_published;
use super::with_suffix;
use crate::private_fs;

/// What a fetch does, as it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FetchProgress<'a> {
    /// Another fetch of the same model is waited for.
    Waiting,
    /// A source is tried.
    Trying(&'a Url),
    /// It did not give the model.
    Failed {
        /// The source.
        source: &'a Url,
        /// Why, in a few words.
        reason: &'a str,
    },
}

/// How a fetch ended well.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fetched {
    /// The model was here and right.
    Already(PathBuf),
    /// It is now.
    New(PathBuf),
}

/// Brings a model to its place.
pub(super) fn fetch(
    model: &Model,
    place: &Path,
    curl: &Curl,
    report: &mut dyn FnMut(FetchProgress<'_>),
) -> Result<Fetched, ModelError> {
    if is_right(model, place) {
        return Ok(Fetched::Already(place.to_owned()));
    }
    let fetch = Fetch::new(model, place, curl)?;
    let lock = fetch.lock(report)?;
    // Whoever was waited for may have brought it.
    if is_right(model, place) {
        return Ok(Fetched::Already(place.to_owned()));
    }
    let mut reasons = Vec::new();
    for source in &model.sources {
        report(FetchProgress::Trying(source));
        match fetch.fetch_from(source) {
            Ok(()) => {
                drop(lock);
                return Ok(Fetched::New(place.to_owned()));
            }
            Err(FetchError::Folder(error)) => return Err(error),
            Err(FetchError::Source(reason)) => {
                report(FetchProgress::Failed { source, reason: &reason });
                reasons.push(format!("{}: {reason}", source.host()));
            }
        }
    }
    let url = model.sources.first().map(|url| url.as_str().to_owned()).unwrap_or_default();
    Err(ModelError::Unreachable { name: model.name.clone(), reasons, url, path: place.to_owned() })
}

fn is_right(model: &Model, place: &Path) -> bool {
    fs::read(place).is_ok_and(|bytes| check_published(model, &bytes).is_ok())
}

/// Why a source did not give the model.
enum FetchError {
    /// Another may.
    Source(String),
    /// No other would help.
    Folder(ModelError),
}

impl From<ModelError> for FetchError {
    fn from(error: ModelError) -> Self {
        Self::Folder(error)
    }
}

/// The files of a fetch, all beside the place.
struct Fetch<'a> {
    model: &'a Model,
    curl: &'a Curl,
    place: &'a Path,
    /// What came of the file itself so far.
    part: PathBuf,
    /// Held while this fetch runs; left empty, since to remove it would let two in.
    lock: PathBuf,
}

impl<'a> Fetch<'a> {
    fn new(model: &'a Model, place: &'a Path, curl: &'a Curl) -> Result<Self, ModelError> {
        if let Some(folder) = place.parent() {
            private_fs::create_folder(folder).map_err(|cause| unwritable(folder, cause))?;
        }
        Ok(Self { model, curl, place, part: with_suffix(place, ".part"), lock: with_suffix(place, ".lock") })
    }

    /// One fetch of a model at a time: two would write into one file.
    fn lock(&self, report: &mut dyn FnMut(FetchProgress<'_>)) -> Result<File, ModelError> {
        let file = private_fs::open_or_create(&self.lock).map_err(|cause| unwritable(&self.lock, cause))?;
        let locked = match file.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => {
                report(FetchProgress::Waiting);
                file.lock()
            }
            // Some network folders know no locks; one fetch alone needs none.
            Err(TryLockError::Error(cause)) if cause.kind() == io::ErrorKind::Unsupported => Ok(()),
            Err(TryLockError::Error(cause)) => Err(cause),
        };
        locked.map(|()| file).map_err(|cause| unwritable(&self.lock, cause))
    }

    fn fetch_from(&self, source: &Url) -> Result<(), FetchError> {
        // Made here, so that it is its owner's alone from the first byte.
        let so_far = private_fs::open_or_create(&self.part).and_then(|file| file.metadata());
        let so_far = so_far.map_err(|cause| unwritable(&self.part, cause))?.len();
        if so_far < self.model.bytes {
            self.download(source)?;
        }
        let bytes = fs::read(&self.part).map_err(|cause| unwritable(&self.part, cause))?;
        if let Err(damage) = check_published(self.model, &bytes) {
            remove(&self.part);
            return Err(FetchError::Source(format!("what came is not the published file ({damage}) and was deleted")));
        }
        self.install()
    }

    fn download(&self, source: &Url) -> Result<(), FetchError> {
        let mut downloaded = self.curl.download(source, &self.part, self.model.bytes);
        if downloaded == Err(CurlError::CannotResume) {
            private_fs::create_empty(&self.part).map_err(|cause| unwritable(&self.part, cause))?;
            downloaded = self.curl.download(source, &self.part, self.model.bytes);
        }
        downloaded.map_err(|failed| {
            if self.part.metadata().is_ok_and(|part| part.len() == 0) {
                remove(&self.part);
            }
            FetchError::Source(match failed {
                CurlError::CannotResume => "the file cannot be downloaded from its beginning".to_owned(),
                CurlError::Failed(reason) => reason,
            })
        })
    }

    /// Moves the checked file to its place, at once and whole.
    fn install(&self) -> Result<(), FetchError> {
        let put = private_fs::open_or_create(&self.part)
            .and_then(|file| file.sync_all())
            .and_then(|()| fs::rename(&self.part, self.place));
        put.map_err(|cause| unwritable(self.place, cause))?;
        // The name, too, is on the disk then. If folders cannot be synchronised, the system does it in time.
        #[cfg(unix)]
        if let Some(folder) = self.place.parent().and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }
}

/// Removes a file that may not be there.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

fn unwritable(path: &Path, cause: io::Error) -> ModelError {
    ModelError::Unwritable { path: path.to_owned(), cause }
}
