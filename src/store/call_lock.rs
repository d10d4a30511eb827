//! The lock that says whether a call's process is still there.

use std::fs::{self, File, TryLockError};
use std::path::{Path, PathBuf};

use crate::private_fs;
use crate::store::StoreError;
use crate::store::data_dir::DataDir;

/// Says that a process is running a call: a file that is locked until the process ends, however that comes about.
#[derive(Debug)]
pub(super) struct CallLock {
    _locked: File,
}

impl CallLock {
    fn path(home: &DataDir, call: i64) -> PathBuf {
        home.call_locks_folder().join(call.to_string())
    }

    /// The lock of a call that begins.
    ///
    /// # Errors
    /// When another process holds it, or the file cannot be made.
    pub(super) fn acquire(home: &DataDir, call: i64) -> Result<Self, StoreError> {
        match Self::try_acquire_at(&Self::path(home, call))? {
            Some(running) => Ok(running),
            None => Err(StoreError::CallRunning { id: call.to_string() }),
        }
    }

    /// `None` if another process holds the lock.
    fn try_acquire_at(path: &Path) -> Result<Option<Self>, StoreError> {
        let failed = |cause| StoreError::DataDir { path: path.to_owned(), cause };
        let file = private_fs::open_or_create(path).map_err(failed)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _locked: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(cause)) => Err(failed(cause)),
        }
    }

    /// The lock of a call whose process is gone; `None` if it is not gone.
    pub(super) fn try_acquire(home: &DataDir, call: i64) -> Result<Option<Self>, StoreError> {
        let folder = home.call_locks_folder();
        private_fs::create_folder(&folder).map_err(|cause| StoreError::Folder { path: folder, cause })?;
        Self::try_acquire_at(&Self::path(home, call))
    }

    /// Whether a process is running the call.
    pub(super) fn is_held(home: &DataDir, call: i64) -> Result<bool, StoreError> {
        let path = Self::path(home, call);
        let there = path.try_exists().map_err(|cause| StoreError::DataDir { path: path.clone(), cause })?;
        Ok(there && Self::try_acquire_at(&path)?.is_none())
    }

    /// Removes the file: the call is over.
    pub(super) fn remove(home: &DataDir, call: i64) -> Result<(), StoreError> {
        let path = Self::path(home, call);
        match fs::remove_file(&path) {
            Err(cause) if cause.kind() != std::io::ErrorKind::NotFound => Err(StoreError::DataDir { path, cause }),
            _ => Ok(()),
        }
    }
}
