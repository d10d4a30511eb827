//! The data folder: what it holds, and where that is.

use std::fs;
use std::path::{Path, PathBuf};

use crate::private_fs;
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

    /// The data folder at this path. Makes nothing.
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into() }
    }

    /// The folder's path.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Where the folder of a live call of this name belongs. Makes nothing.
    pub fn call_folder(&self, id: &str) -> PathBuf {
        self.calls().join(id)
    }

    /// The folder that holds the folders of calls.
    pub(super) fn calls(&self) -> PathBuf {
        self.path.join("calls")
    }

    /// The folder with a file for each call that goes on, locked by the call's process.
    pub(super) fn call_locks_folder(&self) -> PathBuf {
        self.path.join("running")
    }

    /// A file that is locked by every process that has the folder open.
    pub(super) fn lock_file(&self) -> PathBuf {
        self.path.join(LOCK_FILE)
    }

    /// The path of the page of all calls, whether or not one was written.
    pub(super) fn history_page(&self) -> PathBuf {
        self.path.join(HISTORY_PAGE)
    }

    /// Writes the page of all calls, and gives its path. The page goes when anything is forgotten, which could stand in
    /// it.
    ///
    /// # Errors
    /// When it cannot be written.
    pub fn write_history(&self, page: &str) -> Result<PathBuf, StoreError> {
        self.create()?;
        let path = self.history_page();
        match private_fs::write_atomically(&path, page.as_bytes()) {
            Ok(()) => Ok(path),
            Err(cause) => Err(StoreError::File { path, cause }),
        }
    }

    pub(super) fn database(&self) -> PathBuf {
        self.path.join("keicho.db")
    }

    /// Makes the folder. If it is there and holds nothing but Keicho's files, it is closed to other users.
    pub(super) fn create(&self) -> Result<(), StoreError> {
        let failed = |cause| StoreError::DataDir { path: self.path.clone(), cause };
        private_fs::create_folder(&self.path).map_err(failed)?;
        if !private_fs::is_open_to_others(&self.path).map_err(failed)? {
            return Ok(());
        }
        for entry in fs::read_dir(&self.path).map_err(failed)? {
            let name = entry.map_err(failed)?.file_name();
            if !name.to_str().is_some_and(is_known_name) {
                return Err(StoreError::DataDirNotPrivate { path: self.path.clone() });
            }
        }
        private_fs::restrict_folder(&self.path).map_err(failed)
    }
}

/// Whether Keicho puts something of this name into its data folder, or was about to when it was killed.
fn is_known_name(name: &str) -> bool {
    KNOWN_NAMES.contains(&name.strip_suffix(".part").unwrap_or(name))
}
