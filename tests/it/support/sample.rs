//! The bundled sample call, and other recordings of the tests.

use std::path::{Path, PathBuf};

use keicho::audio::Pcm;
use keicho::source::Source as _;
use keicho::source::file::FileSource;
use serde_json::Value;

/// The call: two channels of two minutes.
pub const CALL: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/sample_call/call.flac");

/// The call, about to be heard.
pub fn source() -> FileSource {
    FileSource::open(Path::new(CALL), None).unwrap()
}

/// What is true of it.
pub fn labels() -> Value {
    serde_json::from_str(include_str!("../../sample_call/labels.json")).unwrap()
}

/// One side's sentences for the recogniser, in `tests/words`: `ja_me`, `ja_them`, `en_me` or `en_them`.
pub fn clip(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/words").join(format!("{name}.flac"))
}

/// The blocks of a recording with one channel.
pub fn mono(path: &Path) -> Vec<Pcm> {
    let mut source = FileSource::open(path, Some(path)).unwrap();
    std::iter::from_fn(|| source.next().unwrap()).map(|block| block.pcm.me).collect()
}
