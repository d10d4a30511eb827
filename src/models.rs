//! The weights of the recogniser and of a detector: which there are, where they lie, how they come here, and whether they
//! are sound.
//!
//! A [`ModelDir`] is the folder they lie in. What it finds for the recogniser is a [`ModelFile`], and a check of all its
//! bytes makes [`Weights`] of it, the only thing that the recogniser takes. A detector's bytes are given out once they
//! were compared with their digest; [`crate::frontend::vad`] knows what they mean. Fetching is done by [`Curl`]: this program has no
//! HTTP and no TLS of its own. `models/fetch_from_wheels.py` makes the same files without it, on a machine that reaches
//! package registries alone.

mod bytes;
mod curl;
mod error;
mod fetch;
mod ggml;
mod layout;
mod manifest;
mod recommend;
mod untrained;
mod weights;

use std::ffi::OsString;
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::time::Duration;

pub use curl::Curl;
pub use error::ModelError;
pub use fetch::{FetchProgress, Fetched};
pub use manifest::{Model, ModelKind, Network, Sha256, Url};
pub use recommend::{MEASURED_SPEECH, Recommendation, TimedModel};
pub use weights::{ModelFile, Weights};

use weights::{check_published, read};

/// The recogniser's model that is taken if none is named.
pub const DEFAULT: &str = "base";

/// The detector whose network is a file.
pub const SILERO: &str = "silero";

/// The folder where models lie, and the list of those that may.
#[derive(Clone, Debug)]
pub struct ModelDir {
    folder: PathBuf,
    models: Vec<Model>,
}

impl ModelDir {
    /// The user's own: `KEICHO_MODELS`, or else the platform's place for a user's data. Makes nothing.
    ///
    /// # Errors
    /// When there is no such place.
    pub fn from_env() -> Result<Self, ModelError> {
        match std::env::var_os("KEICHO_MODELS").filter(|folder| !folder.is_empty()) {
            Some(folder) => Self::new(folder),
            None => {
                let dirs = directories::ProjectDirs::from("", "", "keicho").ok_or(ModelError::NoHome)?;
                Self::new(dirs.data_dir().join("models"))
            }
        }
    }

    /// A folder of one's own. Makes nothing.
    ///
    /// # Errors
    /// When the program's list of models is not sound.
    pub fn new(folder: impl Into<PathBuf>) -> Result<Self, ModelError> {
        Self::with_manifest(folder, manifest::TEXT)
    }

    fn with_manifest(folder: impl Into<PathBuf>, list: &str) -> Result<Self, ModelError> {
        let models = manifest::parse(list).map_err(|cause| ModelError::Manifest { cause })?;
        Ok(Self { folder: folder.into(), models })
    }

    /// Where it is.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// The models that it may hold.
    pub fn models(&self) -> &[Model] {
        &self.models
    }

    /// Where a model lies, or would.
    pub fn path_of(&self, model: &Model) -> PathBuf {
        self.folder.join(&model.file)
    }

    /// Whether a model is here; whether it is sound, [`ModelFile::check`] tells.
    pub fn contains(&self, model: &Model) -> bool {
        self.path_of(model).is_file()
    }

    /// Finds a model of the recogniser by its name in the list, or any ggml file by its path.
    ///
    /// # Errors
    /// When it is not here, nothing goes by that name, or what does recognises no words.
    pub fn locate(&self, word: &str) -> Result<ModelFile, ModelError> {
        if let Some(model) = self.model(word) {
            let path = self.path_of(model);
            let ModelKind::Recogniser { .. } = model.kind else {
                return Err(ModelError::NoRecogniser { name: model.name.clone(), known: self.names(is_recogniser) });
            };
            if !self.contains(model) {
                return Err(ModelError::Missing { name: model.name.clone(), path });
            }
            return Ok(ModelFile { path, model: Some(model.clone()) });
        }
        let path = PathBuf::from(word);
        match path.metadata() {
            Ok(found) if found.is_file() => Ok(ModelFile { path, model: None }),
            Ok(_) => Err(ModelError::NoModel { path, cause: "it is no file".to_owned() }),
            Err(cause) if word.contains(['/', MAIN_SEPARATOR]) => Err(ModelError::Unreadable { path, cause }),
            Err(_) => Err(self.unknown(word, is_recogniser)),
        }
    }

    /// The bytes of a detector's file, read once and compared with the digest of the list.
    ///
    /// # Errors
    /// When it is not here, cannot be read, is not the published file, or no detector goes by that name.
    pub fn detector(&self, name: &str) -> Result<Vec<u8>, ModelError> {
        let model = self.model(name).filter(|model| !is_recogniser(model));
        let model = model.ok_or_else(|| self.unknown(name, |model| !is_recogniser(model)))?;
        let (name, path) = (model.name.clone(), self.path_of(model));
        if !self.contains(model) {
            return Err(ModelError::Missing { name, path });
        }
        let bytes = read(&path)?;
        match check_published(model, &bytes) {
            Ok(()) => Ok(bytes),
            Err(damage) => Err(ModelError::Wrong { name, path, cause: damage.to_string() }),
        }
    }

    /// Brings a model of the list here, unless it is here and right: from the first of its sources that gives it.
    /// `report` is called with what is tried. What was interrupted goes on where it stopped.
    ///
    /// # Errors
    /// When nothing goes by that name, no source gave it, or the folder cannot be written to.
    pub fn fetch(
        &self,
        name: &str,
        curl: &Curl,
        report: &mut dyn FnMut(FetchProgress<'_>),
    ) -> Result<Fetched, ModelError> {
        let model = self.model(name).ok_or_else(|| self.unknown(name, |_| true))?;
        fetch::fetch(model, &self.path_of(model), curl, report)
    }

    /// A network like that of [`DEFAULT`] which has learned nothing, for measuring a machine that has no model yet.
    ///
    /// # Errors
    /// When the list does not say what it is like.
    pub fn untrained(&self) -> Result<Weights, ModelError> {
        let kind = self.model(DEFAULT).map(|model| &model.kind);
        match kind {
            Some(ModelKind::Recogniser { network: Some(network), .. }) => Ok(Weights::untrained(*network)),
            _ => Err(ModelError::Manifest { cause: format!("it does not say what {DEFAULT} is like") }),
        }
    }

    /// The best recogniser for a machine that took so long for [`MEASURED_SPEECH`] with [`ModelDir::untrained`].
    pub fn recommend(&self, measured: Duration) -> Recommendation<'_> {
        recommend::recommend(&self.models, DEFAULT, measured)
    }

    /// How much of a model of the list has come so far, in whole percents.
    pub fn percent_fetched(&self, name: &str) -> u8 {
        let Some(model) = self.model(name) else { return 0 };
        let part = with_suffix(&self.path_of(model), ".part");
        let bytes = part.metadata().map_or(0, |part| part.len());
        u8::try_from(100 * bytes / model.bytes.max(1)).unwrap_or(100).min(100)
    }

    /// What the list says of a name.
    pub fn model(&self, name: &str) -> Option<&Model> {
        self.models.iter().find(|model| model.name == name)
    }

    fn unknown(&self, word: &str, fits: impl Fn(&Model) -> bool) -> ModelError {
        ModelError::Unknown { word: word.to_owned(), known: self.names(fits) }
    }

    fn names(&self, fits: impl Fn(&Model) -> bool) -> Vec<String> {
        self.models.iter().filter(|model| fits(model)).map(|model| model.name.clone()).collect()
    }
}

fn is_recogniser(model: &Model) -> bool {
    matches!(model.kind, ModelKind::Recogniser { .. })
}

/// A path with something after its end.
fn with_suffix(path: &Path, ending: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(ending);
    name.into()
}

#[cfg(test)]
mod tests;
