//! `--vad`: which detector tells speech from noise, by name.

use clap::ValueEnum;

use crate::frontend::vad::{Detector, SileroModel};
use crate::models::{ModelDir, SILERO};

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum DetectorName {
    /// FireRedVAD's network, inside the program: hears through noise and takes hardly any for speech
    Firered,
    /// A smaller network, inside the program: hears through typing
    Earshot,
    /// WebRTC's: the cheapest; typing and music pass for speech
    Webrtc,
    /// A larger network, in a file that `keicho models fetch silero` brings
    Silero,
}

impl DetectorName {
    /// The detector, loaded if it needs a file.
    pub(super) fn detector(self) -> anyhow::Result<Detector> {
        Ok(match self {
            Self::Firered => Detector::FireRed,
            Self::Earshot => Detector::Earshot,
            Self::Webrtc => Detector::Webrtc,
            Self::Silero => Detector::Silero(SileroModel::load(ModelDir::from_env()?.detector(SILERO)?)?),
        })
    }
}
