//! Why something could not be kept or read. Each message says what to do.

use std::io;
use std::path::PathBuf;

use rusqlite::ErrorCode;

/// Why something could not be kept or read. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum StoreError {
    /// The folder could not be made.
    #[error("cannot make the folder {path}: {cause}. Choose another with --out", path = .path.display())]
    Folder {
        /// The folder.
        path: PathBuf,
        /// The system's own error.
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
        /// The system's own error.
        cause: io::Error,
    },
    /// The system has no folder for a user's data.
    #[error("there is no home folder to keep calls in. Set HOME")]
    NoDataDir,
    /// The data folder could not be made or looked into.
    #[error("cannot use the data folder {path}: {cause}. Check its permissions, or name another with KEICHO_DATA", path = .path.display())]
    DataDir {
        /// The folder.
        path: PathBuf,
        /// The system's own error.
        cause: io::Error,
    },
    /// The data folder holds other things, and others can read it.
    #[error(
        "others can read the folder {path}, and it holds more than Keicho's files. Name a folder of its own with \
         KEICHO_DATA",
        path = .path.display()
    )]
    DataDirNotPrivate {
        /// The folder.
        path: PathBuf,
    },
    /// A newer Keicho has written the file. It is left as it is.
    #[error(
        "{path} was written by a newer Keicho (version {found} of the file, this one knows {known}). Use that one; \
         nothing was changed",
        path = .path.display()
    )]
    Newer {
        /// The file.
        path: PathBuf,
        /// The file's version.
        found: u32,
        /// The newest version that is known here.
        known: u32,
    },
    /// The file is not what Keicho wrote. It is left as it is.
    #[error(
        "{path} is damaged ({cause}). Put a copy from before in its place, or move it away to begin anew; nothing was \
         changed",
        path = .path.display()
    )]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        cause: String,
    },
    /// The file could not be read or written.
    #[error("cannot use {path}: {cause}. {}", advice(.cause), path = .path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// SQLite's own error.
        cause: rusqlite::Error,
    },
    /// A field of the call's record cannot be saved.
    #[error("a call cannot begin with {what}. This is a fault of Keicho's")]
    InvalidStart {
        /// Which one, with its value.
        what: String,
    },
    /// The thread that saves could not be started, or failed.
    #[error("the thread that saves the call failed: {cause}. Look at the messages above and try again")]
    Thread {
        /// What is known of it.
        cause: String,
    },
    /// Events could not be saved by the end of the call.
    #[error("{held} events of this call could not be saved: {cause}")]
    Unsaved {
        /// How many events.
        held: usize,
        /// Why the last try failed.
        cause: Box<StoreError>,
    },
    /// A call of this name is there already: two began in the same second. Begin it under another name.
    #[error("a call {id} is there already. Begin again")]
    CallExists {
        /// The name.
        id: String,
    },
    /// There is no call yet.
    #[error("no calls yet. Start one with `keicho live`")]
    NoCalls,
    /// There is no such call.
    #[error("there is no call {id}. `keicho history` lists them")]
    NoCall {
        /// What was asked for.
        id: String,
    },
    /// There is nobody of that name.
    #[error("there is no {name} here. `keicho history` lists who is")]
    NoPerson {
        /// What was asked for.
        name: String,
    },
    /// Somebody of that name is there already.
    #[error("there is a {name} already. Give the calls to them one by one")]
    NameTaken {
        /// The name.
        name: String,
    },
    /// The call goes on: it cannot be forgotten or finished from elsewhere.
    #[error("the call {id} is still running. End it first")]
    CallRunning {
        /// The call.
        id: String,
    },
    /// Another process has the data folder open, so not everything can be forgotten.
    #[error("another Keicho is open; close it, then run this again")]
    DataDirInUse,
    /// A reader of the file kept what was deleted in its log.
    #[error("another Keicho is reading {path}. Close it and try again", path = .path.display())]
    LogInUse {
        /// The file.
        path: PathBuf,
    },
}

/// What a person can do about it.
fn advice(cause: &rusqlite::Error) -> &'static str {
    match cause.sqlite_error_code() {
        Some(ErrorCode::DiskFull) => "Free some space",
        Some(ErrorCode::ReadOnly | ErrorCode::CannotOpen | ErrorCode::PermissionDenied) => {
            "Check the permissions of the file and its folder"
        }
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => "Another Keicho is writing; try again",
        _ => "Check the disk and its free space",
    }
}
