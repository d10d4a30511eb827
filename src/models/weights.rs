//! A file that was found, and the weights that it turned out to hold.

use std::fmt;
use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use super::bytes::Damage;
use super::error::ModelError;
use super::ggml;
use super::manifest::{Model, ModelKind, Network, Sha256};
use super::untrained;

/// A file that should hold a model. Nothing of it was read yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelFile {
    pub(super) path: PathBuf,
    /// What the list says of it, if it is of the list.
    pub(super) model: Option<Model>,
}

impl ModelFile {
    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What it is called: by the list, or else by its path.
    pub fn name(&self) -> String {
        self.model.as_ref().map_or_else(|| self.path.display().to_string(), |model| model.name.clone())
    }

    /// Reads the file, once, and looks through all of it: its digest, if the list has one, and its structure.
    ///
    /// # Errors
    /// When it cannot be read, is not the published file, or is no sound model.
    pub fn check(self) -> Result<Weights, ModelError> {
        let bytes = read(&self.path)?;
        let listed = self.model.as_ref().map_or(Ok(()), |model| check_digest(model, &bytes));
        match listed.and_then(|()| ggml::check(&bytes)) {
            Ok(sizes) => Ok(Weights {
                name: self.name(),
                multilingual: sizes.vocabulary > ENGLISH_ALONE,
                languages: self.model.and_then(|model| match model.kind {
                    ModelKind::Recogniser { languages, .. } => Some(languages),
                    ModelKind::Detector => None,
                }),
                bytes,
            }),
            Err(damage) => Err(self.refused(&damage)),
        }
    }

    fn refused(self, damage: &Damage) -> ModelError {
        let cause = damage.to_string();
        match self.model {
            Some(Model { name, .. }) => ModelError::Wrong { name, path: self.path, cause },
            None => ModelError::NoModel { path: self.path, cause },
        }
    }
}

/// No model is larger, in bytes: the largest of Whisper's has 3.1 GB. What is would fill the memory.
const LARGEST: u64 = 4_000_000_000;

/// The bytes of a file.
pub(super) fn read(path: &Path) -> Result<Vec<u8>, ModelError> {
    let unreadable = |cause| ModelError::Unreadable { path: path.to_owned(), cause };
    let found = fs::metadata(path).map_err(unreadable)?;
    // A pipe would be waited for, for ever if nobody writes into it.
    if !found.is_file() {
        return Err(unreadable(io::Error::new(ErrorKind::InvalidInput, "it is no file")));
    }
    if found.len() > LARGEST {
        return Err(unreadable(io::Error::new(ErrorKind::FileTooLarge, "it is larger than any model")));
    }
    fs::read(path).map_err(unreadable)
}

/// Holds bytes against what the list says of a model, before any of them is given to a parser, and then looks through
/// the structure of those that the recogniser's library would read unchecked.
pub(super) fn check_published(model: &Model, bytes: &[u8]) -> Result<(), Damage> {
    check_digest(model, bytes)?;
    match model.kind {
        ModelKind::Recogniser { .. } => ggml::check(bytes).map(|_| ()),
        ModelKind::Detector => Ok(()),
    }
}

fn check_digest(model: &Model, bytes: &[u8]) -> Result<(), Damage> {
    if u64::try_from(bytes.len()) != Ok(model.bytes) {
        return Err(Damage::new(format!("it has {} bytes of {}", bytes.len(), model.bytes)));
    }
    let digest = Sha256::of(bytes);
    if digest != model.sha256 {
        return Err(Damage::new(format!("its SHA-256 is {digest}")));
    }
    Ok(())
}

/// The vocabulary of models that know English alone; multilingual ones have more tokens.
const ENGLISH_ALONE: usize = 51_864;

/// The bytes of a model that was looked through: the only way to the recogniser. No
/// copy is made of them.
pub struct Weights {
    name: String,
    bytes: Vec<u8>,
    multilingual: bool,
    /// `None` of a file that the list does not know.
    languages: Option<Vec<String>>,
}

impl Weights {
    /// A network of this shape that has learned nothing: as fast as one that has, for measuring a machine without a model.
    pub(super) fn untrained(network: Network) -> Self {
        let bytes = untrained::file(network);
        Self { name: "an empty network".to_owned(), bytes, multilingual: true, languages: None }
    }

    /// What the model is called, for people.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The whole ggml file.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// The whole ggml file, without a copy.
    pub fn into_bytes(self) -> Vec<u8> {
        self.bytes
    }

    /// Whether it has a choice of languages, and must be told which one is spoken or find out.
    pub fn is_multilingual(&self) -> bool {
        self.multilingual
    }

    /// Whether it may be asked for a language, such as `ja`. Of a multilingual model that the list does not know it is
    /// taken that it may.
    pub fn knows(&self, language: &str) -> bool {
        match &self.languages {
            Some(languages) => languages.iter().any(|known| known == language),
            None => self.multilingual || language == "en",
        }
    }
}

impl fmt::Debug for Weights {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Weights").field("name", &self.name).field("bytes", &self.bytes.len()).finish_non_exhaustive()
    }
}
