//! Folders and files that only their owner can read, whatever the umask.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use crate::store::StoreError;

const HISTORY_PAGE: &str = "history.html";

const LOCK_FILE: &str = "opened";

/// All that Keicho puts into its data folder.
const KNOWN_NAMES: [&str; 8] =
    ["keicho.db", "keicho.db-wal", "keicho.db-shm", "calls", "running", "models", HISTORY_PAGE, LOCK_FILE];

/// The folder for all that Keicho keeps of live calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DataDir {
    path: PathBuf,
}

impl DataDir {
    /// The user's own: `KEICHO_DATA`, or else the platform's place for a user's data. Makes nothing.
    ///
    /// # Errors
    /// When there is no such place.
    pub fn locate() -> Result<Self, StoreError> {
        match std::env::var_os("KEICHO_DATA").filter(|folder| !folder.is_empty()) {
            // The journal remembers where a call's exports are, and another start may have another working folder.
            Some(folder) => {
                let path = PathBuf::from(folder);
                std::path::absolute(&path).map(Self::new).map_err(|cause| StoreError::DataDir { path, cause })
            }
            None => {
                let dirs = directories::ProjectDirs::from("", "", "keicho").ok_or(StoreError::NoDataDir)?;
                Ok(Self::new(dirs.data_dir()))
            }
        }
    }

    /// A folder of one's own. Makes nothing.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the folder of a live call of this name belongs. Makes nothing.
    pub fn call_folder(&self, id: &str) -> PathBuf {
        self.calls().join(id)
    }

    /// The folders of calls.
    pub(super) fn calls(&self) -> PathBuf {
        self.path.join("calls")
    }

    /// A file for each call that goes on, locked by its process.
    pub(super) fn call_locks_folder(&self) -> PathBuf {
        self.path.join("running")
    }

    /// A file that is locked by every process that has the folder open.
    pub(super) fn lock_file(&self) -> PathBuf {
        self.path.join(LOCK_FILE)
    }

    /// The page of all calls, where one was written.
    pub(super) fn history_page(&self) -> PathBuf {
        self.path.join(HISTORY_PAGE)
    }

    /// Writes the page of all calls. It goes when anything is forgotten: what was could stand in it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_history(&self, page: &str) -> Result<PathBuf, StoreError> {
        self.create()?;
        write_atomically(&self.path, HISTORY_PAGE, page.as_bytes())
    }

    pub(super) fn database(&self) -> PathBuf {
        self.path.join("keicho.db")
    }

    /// Makes the folder; one that is there is closed to others, where nothing but Keicho's files are in it.
    pub(super) fn create(&self) -> Result<(), StoreError> {
        let failed = |cause| StoreError::DataDir { path: self.path.clone(), cause };
        create_folder(&self.path).map_err(|error| match error {
            StoreError::Folder { path, cause } => StoreError::DataDir { path, cause },
            other => other,
        })?;
        if !is_open_to_others(&self.path).map_err(failed)? {
            return Ok(());
        }
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            if !name.to_str().is_some_and(is_known_name) {
                return Err(StoreError::DataDirNotPrivate { path: self.path.clone() });
            }
        }
        set_mode(&self.path, 0o700).map_err(failed)
    }
}

/// Whether Keicho puts something of this name into its data folder, or was about to when it was killed.
fn is_known_name(name: &str) -> bool {
    KNOWN_NAMES.contains(&name.strip_suffix(".part").unwrap_or(name))
}

/// Makes a folder and those above it, or takes the one that is there.
pub(super) fn create_folder(path: &Path) -> Result<(), StoreError> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path).map_err(|cause| StoreError::Folder { path: path.to_owned(), cause })
}

/// Writes a file whole, or leaves the one that was there.
pub(super) fn write_atomically(folder: &Path, name: &str, content: &[u8]) -> Result<PathBuf, StoreError> {
    let path = folder.join(name);
    let unfinished = folder.join(format!("{name}.part"));
    let written = create_file(&unfinished)
        .and_then(|mut file| file.write_all(content).and_then(|()| file.sync_all()))
        .and_then(|()| fs::rename(&unfinished, &path));
    written.map(|()| path.clone()).map_err(|cause| StoreError::File { path, cause })
}

/// A new, empty file.
pub(super) fn create_file(path: &Path) -> io::Result<File> {
    options().write(true).create(true).truncate(true).open(path)
}

/// The file that is there, or else a new, empty one; closed to others.
pub(super) fn open_or_create(path: &Path) -> io::Result<File> {
    let file = options().read(true).write(true).create(true).truncate(false).open(path)?;
    if is_open_to_others(path)? {
        set_mode(path, 0o600)?;
    }
    Ok(file)
}

fn options() -> OpenOptions {
    #[cfg_attr(not(unix), expect(unused_mut, reason = "the mode is a thing of Unix"))]
    let mut options = OpenOptions::new();
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

/// Whether others than the owner can get at it.
#[cfg(unix)]
fn is_open_to_others(path: &Path) -> io::Result<bool> {
    use std::os::unix::fs::PermissionsExt;
    Ok(fs::metadata(path)?.permissions().mode() & 0o077 != 0)
}

#[cfg(unix)]
fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(mode))
}

/// A user's own folders are closed to others by the system.
#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> io::Result<bool> {
    Ok(false)
}

#[cfg(not(unix))]
fn set_mode(_: &Path, _: u32) -> io::Result<()> {
    Ok(())
}
