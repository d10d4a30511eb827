//! Why there is no model, and what to do.

use std::io;
use std::path::PathBuf;

/// Why a model cannot be had or used. Each message says what to do.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ModelError {
    /// A model of the list is not in the folder. Fetch it.
    #[error("the model {name} is not here yet. Fetch it with `keicho models fetch {name}`")]
    Missing {
        /// Its name.
        name: String,
        /// Where it would be.
        path: PathBuf,
    },
    /// No model of the list and no file goes by that name.
    #[error("no model is called \"{word}\". Give one of {known}, or the path of a ggml file of Whisper", known = .known.join(", "))]
    Unknown {
        /// What was asked for.
        word: String,
        /// The names of the list.
        known: Vec<String>,
    },
    /// A model of the list is there for another purpose. Name one that recognises words.
    #[error(
        "the model {name} tells speech from noise and recognises no words; `--vad {name}` listens with it. Give one of {known}",
        known = .known.join(", ")
    )]
    NoRecogniser {
        /// Its name.
        name: String,
        /// The names of those that do.
        known: Vec<String>,
    },
    /// A model of the list is not the published one: cut off, damaged or changed. Fetch it again.
    #[error(
        "the model {name} at {path} is not the published one ({cause}). Fetch it again with `keicho models fetch {name}`",
        path = .path.display()
    )]
    Wrong {
        /// Its name.
        name: String,
        /// Where it is.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// A file that was named is no model, or a damaged one.
    #[error(
        "{path} cannot be used as a model: {cause}. Give a ggml file of Whisper, or the name of a model that `keicho models list` shows",
        path = .path.display()
    )]
    NoModel {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        cause: String,
    },
    /// A file that is there cannot be read.
    #[error("cannot read {path}: {cause}. Check whether it is yours to read", path = .path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The folder of models cannot be written to.
    #[error(
        "cannot write {path}: {cause}. Free some space, or set KEICHO_MODELS to another folder",
        path = .path.display()
    )]
    Unwritable {
        /// The file or folder.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// None of a model's sources gave it.
    #[error(
        "the model {name} could not be fetched: {reasons}. Run `make model MODELS={name}` in a checkout of Keicho, or put the file {url} at {path} yourself and run `keicho models verify {name}`",
        reasons = .reasons.join("; "), path = .path.display()
    )]
    Unreachable {
        /// Its name.
        name: String,
        /// Each source, and why it failed.
        reasons: Vec<String>,
        /// The address of its file.
        url: String,
        /// Where it would be.
        path: PathBuf,
    },
    /// The list of models inside the program cannot be read.
    #[error("the list of models is not sound ({cause}). Install keicho again")]
    Manifest {
        /// What is wrong with it.
        cause: String,
    },
    /// The system has no folder for a user's data.
    #[error("there is no home folder to keep models in. Set HOME, or KEICHO_MODELS to a folder")]
    NoHome,
}
