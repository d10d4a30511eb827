//! Keeps the data folder from being taken away while a Keicho has it open.

use std::fs::{self, File, TryLockError};
use std::io;
use std::path::{Path, PathBuf};

use crate::private_fs;
use crate::store::StoreError;
use crate::store::data_dir::DataDir;

/// Says that a Keicho has the data folder open, or removes all that is in it: a file that is locked until the process
/// ends, however that comes about. Many may hold the lock to have the folder open, one alone to remove everything.
#[derive(Debug)]
pub(super) struct DirLock {
    path: PathBuf,
    _locked: File,
}

impl DirLock {
    /// The lock beside others that have the folder open. Waits as long as another removes everything.
    pub(super) fn acquire_shared(home: &DataDir) -> Result<Self, StoreError> {
        let path = home.lock_file();
        let failed = |cause| StoreError::DataDir { path: path.clone(), cause };
        loop {
            let file = private_fs::open_or_create(&path).map_err(failed)?;
            file.lock_shared().map_err(failed)?;
            // The process that removed everything took the file away while this one waited for it.
            if is_same_file(&file, &path).map_err(failed)? {
                return Ok(Self { path, _locked: file });
            }
        }
    }

    /// The lock for this process alone.
    ///
    /// # Errors
    /// When another has it open.
    pub(super) fn try_acquire_exclusive(home: &DataDir) -> Result<Self, StoreError> {
        let path = home.lock_file();
        let failed = |cause| StoreError::DataDir { path: path.clone(), cause };
        loop {
            let file = private_fs::open_or_create(&path).map_err(failed)?;
            match file.try_lock() {
                Ok(()) => {}
                Err(TryLockError::WouldBlock) => return Err(StoreError::DataDirInUse),
                Err(TryLockError::Error(cause)) => return Err(failed(cause)),
            }
            if is_same_file(&file, &path).map_err(failed)? {
                return Ok(Self { path, _locked: file });
            }
        }
    }

    /// Removes the file, after everything else is removed.
    pub(super) fn remove(&self) -> Result<(), StoreError> {
        fs::remove_file(&self.path).map_err(|cause| StoreError::DataDir { path: self.path.clone(), cause })
    }
}

/// Whether the file is the one that is there.
fn is_same_file(file: &File, path: &Path) -> io::Result<bool> {
    let there = match fs::metadata(path) {
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(false),
        other => other?,
    };
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt as _;
        let this = file.metadata()?;
        Ok((this.dev(), this.ino()) == (there.dev(), there.ino()))
    }
    // Elsewhere no other can be made in its place while this one is held.
    #[cfg(not(unix))]
    {
        let _ = (file, there);
        Ok(true)
    }
}
