//! Why settings cannot be used, each in one sentence.

use std::io;
use std::path::PathBuf;

use crate::config::ENV;

/// Why settings cannot be used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ConfigError {
    /// The system has no folder for a user's settings.
    #[error("there is no home folder to look for settings in. Set HOME, or name a file in {ENV}")]
    NoHome,
    /// The file that is named is not there.
    #[error("{path} is not there, though {ENV} names it. Run `keicho config edit` to make it", path = .path.display())]
    Missing {
        /// The file.
        path: PathBuf,
    },
    /// The file cannot be read.
    #[error("cannot read {path}: {cause}. Make it readable, or name another file in {ENV}", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        cause: io::Error,
    },
    /// The file cannot be written.
    #[error("cannot write {path}: {cause}. Make its folder writable, or name another file in {ENV}", path = .path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// The system's own error.
        cause: io::Error,
    },
    /// The file is no TOML.
    #[error("{path}, line {line}: {what}", path = .path.display())]
    Syntax {
        /// The file.
        path: PathBuf,
        /// The line of the file, from 1.
        line: usize,
        /// The parser's own sentence.
        what: String,
    },
    /// There is no such setting.
    #[error("{path}: {given} is no setting; {known}", path = .path.display())]
    Unknown {
        /// The file.
        path: PathBuf,
        /// The key and its value, as given.
        given: String,
        /// The names that are known there.
        known: String,
    },
    /// A setting has a value that is not allowed.
    #[error("{path}: {key} is {given}, but may be {allowed}", path = .path.display())]
    Value {
        /// The file.
        path: PathBuf,
        /// The section and the key.
        key: String,
        /// The value.
        given: String,
        /// The values that are allowed.
        allowed: String,
    },
}
